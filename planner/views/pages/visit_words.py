"""What a participant is told of one visit, in plain words: name, time, place, what to arrange.

No text of the protocol file is in it: a visit is called by its kind, in words of the language's own
file, and what there is to arrange follows from fields.
"""

from collections import Counter
from collections.abc import Iterator

from planner.protocol.course import Course, Occurrence
from planner.time.distance import ClockDistance
from planner.timeline.model import DatedTrack, DatedVisit, ListedVisit, Timeline
from planner.views.pages.locale_format import LocaleFormat
from planner.views.pages.translations import Translations

LONG = 240
"""From so many minutes on a visit takes the day."""


class VisitWords:
    """The words of the visits of one participant.

    Args:
        timeline: the participant's plan, without the events that are not shown.
        course: what it is a plan of.
        words: of the language.
        locale_format: of dates and times.
    """

    def __init__(
        self, timeline: Timeline, course: Course, words: Translations, locale_format: LocaleFormat
    ) -> None:
        self.timeline = timeline
        self.course = course
        self.say = words.say
        self.spoken = locale_format
        self.names = self._names()
        self._tracks = {
            name: track for track in course.protocol.tracks for name, _ in track.entries
        }

    def _names(self) -> dict[str, str]:
        """What each visit is called: its kind's word, and a number where there are several."""
        visits = self.timeline.listed()
        kinds = Counter(visit.kind for visit in visits)
        seen: Counter[str] = Counter()
        names = {}
        for visit in visits:
            if visit.kind == "event":
                names[visit.id] = visit.title
                continue
            seen[visit.kind] += 1
            is_long = visit.kind == "dosing" and self._length(visit)[1] >= LONG
            name = self.say("long_day" if is_long else f"kinds.{visit.kind}")
            names[visit.id] = f"{name} {seen[visit.kind]}" if kinds[visit.kind] > 1 else name
        return names

    def _occurrence(self, visit: ListedVisit) -> Occurrence:
        every = (*self.course.visits, *self.course.undated)
        return next(occurrence for occurrence in every if occurrence.id == visit.id)

    def _length(self, visit: ListedVisit) -> tuple[int, int]:
        """Minutes at least and at most; 0 where the file does not say."""
        duration = self._occurrence(visit).visit.duration
        if duration is None:
            return 0, 0
        least, most = duration.value.earliest, duration.value.latest
        assert isinstance(least, ClockDistance), "lengths are in clock time"
        assert isinstance(most, ClockDistance), "lengths are in clock time"
        return least.minutes, most.minutes

    def time(self, visit: DatedVisit) -> str:
        """When it begins, and when it ends where its length is stated."""
        least, most = self._length(visit)
        start = self.spoken.time(visit.start)
        if not most or least != most or visit.session_end is None:
            return self.say("time", start=start)
        return self.say("time_until", start=start, end=self.spoken.time(visit.session_end))

    def where(self, visit: DatedVisit) -> str:
        """At the site, by telephone or elsewhere, and how long it takes."""
        least, most = self._length(visit)
        if not most:
            length = self.say("length_unknown")
        elif least == most:
            length = self.say("length", length=self.spoken.length(most))
        else:
            length = self.say(
                "length_between",
                least=self.spoken.length(least),
                most=self.spoken.length(most),
            )
        return f"{self.say(f'modes.{visit.mode}')}. {length}"

    def remarks(self, visit: DatedVisit) -> Iterator[str]:
        """By the participant's own clock, together with others, perhaps not needed: sentences."""
        if visit.own_start is not None:
            time = self.spoken.time(visit.own_start)
            if visit.own_start.date() != visit.start.date():
                time = f"{self.spoken.full(visit.own_start.date())}, {time}"
            yield self.say("time_elsewhere", time=time, zone=str(visit.own_start.tzinfo))
        together = self._occurrence(visit).visit.participants
        if together is not None and together.maximum > 1:
            yield self.say("group")
        if visit.optional or visit.conditional is not None or visit.provisional:
            yield self.say("unsure")

    def arrangements(self, visit: DatedVisit) -> Iterator[str]:
        """What to arrange, a sentence each."""
        written = self._occurrence(visit).visit
        if self._length(visit)[1] >= LONG:
            yield self.say("whole_day")
        if visit.overnight and visit.end is not None:
            day = self.spoken.day(visit.end.date(), visit.start.year)
            yield self.say("overnight", date=day, time=self.spoken.time(visit.end))
        if visit.mode in ("phone", "video"):
            yield self.say(f"quiet_{visit.mode}")
        for arrangement in written.arrange:
            yield self.say(arrangement.replace("-", "_"))

    def shown(self, tracks: tuple[DatedTrack, ...]) -> list[DatedTrack]:
        """The tracks that tell no arm of a study that hides which arm somebody is in."""
        hides = self.course.protocol.hides_plans
        return [track for track in tracks if not (hides and self._tracks[track.id].arms)]

    def task(self, track: DatedTrack) -> str:
        """What a track asks of the participant, with its time where there are several a day."""
        task = self.say(f"tracks.{track.kind}")
        if len(self._tracks[track.id].entries) == 1:
            return task
        return f"{task}, {self.spoken.time(track.start)}"
