"""The words of a participant's sheet in a calendar: titles, what to arrange, in four languages."""

from collections.abc import Collection
from datetime import datetime

from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.timeline.model import DatedTrack, DatedVisit, Timeline
from planner.views.pages.locale_format import LocaleFormat
from planner.views.pages.site_address import SiteAddress
from planner.views.pages.translations import Translations
from planner.views.pages.visit_words import VisitWords


class CalendarWords:
    """What participants of a study read in their calendars; see `PlainWords` of iCalendar.

    Args:
        protocol: of the study.
        place: where visits take place.
        words: of the language; times have the form of its region, else of the site's country.

    Raises:
        PlannerError: Babel is not installed.
    """

    def __init__(self, protocol: Protocol, place: SiteAddress, words: Translations) -> None:
        self._protocol = protocol
        self._phone = place.phone
        self._words = words
        self._spoken = LocaleFormat(
            words.texts["locale"], words.texts["first_of_month"], words.region or place.country
        )
        self._courses: dict[str | None, Course] = {}
        self.name = words.say("title")
        self.notice = words.say("notice")
        self.visit = words.say("unplanned")

    def cancelled(self, title: str) -> str:
        """The title of what does not take place."""
        return self._words.say("cancelled", name=title)

    def timed_title(self, title: str, start: datetime) -> str:
        """The title of an event of the whole day, with the time at which the visit begins."""
        time = self._words.say("time", start=self._spoken.time(start))
        return f"{title}, {time}"

    def words_of(self, timeline: Timeline) -> "_WordsOfPlan":
        """The words of one plan."""
        arm = timeline.arm
        if arm not in self._courses:
            self._courses[arm] = expand(self._protocol, arm)
        visit_words = VisitWords(timeline, self._courses[arm], self._words, self._spoken)
        return _WordsOfPlan(visit_words, self._words, self._phone)


class _WordsOfPlan:
    """What participants read of the events of one plan."""

    def __init__(self, visit_words: VisitWords, words: Translations, phone: str | None) -> None:
        self._visit_words = visit_words
        self._say = words.say
        self._phone = phone

    def title(self, visit: DatedVisit) -> str:
        """What a visit is called."""
        return self._visit_words.names[visit.id]

    def description(self, visit: DatedVisit) -> str:
        """Where and how long it is, and what to arrange; the site's telephone number last."""
        words = self._visit_words
        lines = [words.where(visit), *words.remarks(visit), *words.arrangements(visit)]
        if self._phone is not None:
            lines.append(f"{self._say('telephone')}: {self._phone}")
        return "\n".join(lines)

    def place(self, visit: DatedVisit) -> str:
        """By what means a visit takes place, if not at the site; else empty."""
        if visit.mode == "clinic":
            return ""
        return self._say("telephone") if visit.mode == "phone" else self._say(f"modes.{visit.mode}")

    def shown(self, tracks: tuple[DatedTrack, ...]) -> Collection[DatedTrack]:
        """The tracks that tell no arm."""
        return self._visit_words.shown(tracks)

    def task(self, track: DatedTrack) -> str:
        """What a track asks of the participant."""
        return self._visit_words.task(track)
