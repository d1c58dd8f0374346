"""A participant's sheet: dates, times, place and what to arrange, in plain words and large print.

It lies on kitchen tables, so it tells nothing of drug, arm or diagnosis: no text of the protocol
file stands on it. Visits are called by their kind, in words of the language's own file; what there
is to arrange follows from fields (a stay, a length, the way of contact, ``arrange``).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files

from planner.protocol.course import Course
from planner.protocol.telling import telling_words
from planner.schedule.unblinding import arms_part
from planner.site.calendar import SiteCalendar
from planner.timeline.model import DatedTrack, DatedVisit, Timeline
from planner.timeline.possible_days import PossibleDays
from planner.views.pages.calendar_link import address_code, address_link, checked_address
from planner.views.pages.locale_format import LocaleFormat
from planner.views.pages.markup import Html, element, joined, lines, page, spaced
from planner.views.pages.site_address import SiteAddress, place_of
from planner.views.pages.translations import Translations
from planner.views.pages.visit_words import VisitWords

_FEW = 3
"""So many possible days are named one by one."""
_LETTER_PAPER = frozenset(
    ("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE")
)
"""Countries whose paper is Letter, by the Unicode locale data; all others have A4."""
_OVER = ("missed", "cancelled")


def render_handout(
    timeline: Timeline,
    course: Course,
    site: SiteCalendar,
    days: Mapping[str, PossibleDays],
    words: Translations,
    calendar: str | None = None,
) -> str:
    """The sheet as a page that needs nothing else; equal input gives equal text.

    Visits that took place stand in short below, missed and cancelled ones nowhere. What only some
    arms of a blinded study have is not in the timeline; that there may be more is then said.

    Args:
        timeline: the participant's plan.
        course: what it is a plan of.
        site: where visits take place.
        days: by visit, the days that `planner.timeline.possible_days` found; none for a plan that
            keeps not every window.
        words: of the language; with a region (`en-US`) dates and times have its form, else that of
            the site's country. The paper is that of the site's country, else of the region.
        calendar: address of the participant's calendar, shown as a link and a code; none when
            ``None``.

    Raises:
        PlannerError: Babel is not installed; or the address of the calendar cannot be shown.
    """
    place = place_of(site.site, course.protocol)
    locale_format = LocaleFormat(
        words.texts["locale"], words.texts["first_of_month"], words.region or place.country
    )
    if calendar is not None:
        calendar = checked_address(calendar, telling_words(course.protocol))
    sheet = _Sheet(timeline, course, site, days, words, locale_format, place, calendar)
    style = files(__package__).joinpath("handout.css").read_text(encoding="utf-8")
    return page(
        words.say("title"),
        sheet.body(),
        language=words.code,
        style=style + _paper(timeline.participant, place.country or words.region),
    )


def unrecorded(timeline: Timeline) -> tuple[DatedVisit, ...]:
    """Visits whose date has passed and of which nobody has recorded anything: on no sheet."""
    today = timeline.today
    return tuple(
        visit
        for visit in timeline.visits
        if today is not None
        and visit.start.date() < today
        and visit.status not in ("occurred", *_OVER)
    )


def _paper(code: str, country: str | None) -> str:
    """The paper of the country; and whose sheet it is, should its pages part."""
    size = "letter" if country in _LETTER_PAPER else "A4"
    name = code if re.fullmatch("[A-Za-z0-9._-]+", code) else ""
    corner = f'@bottom-left {{ content: "{name}"; font: 16pt Arial, sans-serif; }}'
    return f"@media print {{ @page {{ size: {size}; {corner} }} }}\n"


class _Sheet:
    """One sheet while it is written."""

    def __init__(
        self,
        timeline: Timeline,
        course: Course,
        site: SiteCalendar,
        days: Mapping[str, PossibleDays],
        words: Translations,
        locale_format: LocaleFormat,
        place: SiteAddress,
        calendar: str | None,
    ) -> None:
        self.timeline = timeline.without_events(
            [visit.id for visit in course.visits if visit.visit.show]
        )
        self.course = course
        self.site = site
        self.days = days
        self.say = words.say
        self.spoken = locale_format
        self.place = place
        self.calendar = calendar
        self.visits = VisitWords(self.timeline, course, words, locale_format)

    def body(self) -> Html:
        """All of the page."""
        visits = self.timeline.visits
        gone = {visit.id for visit in unrecorded(self.timeline)}
        ahead = [
            visit
            for visit in visits
            if visit.status not in ("occurred", *_OVER) and visit.id not in gone
        ]
        parts = [
            element("h1", self.say("title")),
            *self._top([visit for visit in visits if visit.status not in _OVER]),
            element("ol", *(self._visit(visit) for visit in ahead), class_="visits")
            if ahead
            else None,
            *self._not_dated(),
            self._more_later(),
            *self._between(),
            self._call(),
            *self._calendar(),
            *self._done([visit for visit in visits if visit.status == "occurred"]),
            element("footer", *self._foot()),
        ]
        return element("main", lines(*(part for part in parts if part is not None)))

    def _top(self, visits: list[DatedVisit]) -> Iterator[Html]:
        yield element("p", self.say("participant", code=self.timeline.participant), class_="code")
        if visits:
            first, last = visits[0].start.date(), visits[-1].start.date()
            text = self.say("period", first=self.spoken.full(first), last=self.spoken.full(last))
            yield element("p", text)
        facts = []
        if self.place.title is not None:
            facts += [element("dt", self.say("site")), element("dd", self.place.title)]
        if self.place.address:
            broken = joined(*_with_breaks(self.place.address))
            facts += [element("dt", self.say("address")), element("dd", broken)]
        if self.place.phone is not None:
            facts += [element("dt", self.say("telephone")), element("dd", self._phone())]
        if facts:
            yield element("dl", *facts, class_="facts")

    def _phone(self) -> Html:
        phone = self.place.phone or ""
        number = re.sub(r"[^0-9+]", "", re.split("[a-z]", phone)[0])
        return element("a", phone, href=f"tel:{number}")

    def _visit(self, visit: DatedVisit) -> Html:
        arrange = [element("li", text) for text in self.visits.arrangements(visit)]
        weekday, _, day = _capital(self.spoken.full(visit.start.date())).partition(" ")
        heading = element("h2", spaced(element("span", weekday), element("span", day)))
        if visit.kind == "event":
            name = element("p", self.visits.names[visit.id], class_="name")
            parts = element("div", heading, class_="when"), element("div", name, class_="what")
            return element("li", *parts)
        when = lines(heading, element("p", _capital(self.visits.time(visit))))
        what = [
            element("p", self.visits.names[visit.id], class_="name"),
            element("p", self.visits.where(visit)),
            *(element("p", text) for text in self.visits.remarks(visit)),
            *([element("ul", *arrange, class_="arrange")] if arrange else []),
            *(element("p", text, class_="days") for text in self._possible(visit)),
        ]
        return element(
            "li", element("div", when, class_="when"), element("div", lines(*what), class_="what")
        )

    def _possible(self, visit: DatedVisit) -> Iterator[str]:
        """On which days of its window it can be.

        Nothing for the day that all others are counted from, nor where no window was published.
        """
        possible_days = self.days.get(visit.id)
        if (
            possible_days is None
            or visit.id == self.timeline.anchor_visit
            or visit.window_stated is False
        ):
            return
        possible_days = possible_days.within(visit.window)
        if not possible_days.days:
            return
        year = visit.start.year
        ends = [
            self.spoken.day(day, year) for day in (possible_days.days[0], possible_days.days[-1])
        ]
        if possible_days.goes_back and possible_days.goes_on:
            return
        if possible_days.goes_on:
            yield self.say("window_after", first=ends[0])
        elif possible_days.goes_back:
            yield self.say("window_before", last=ends[1])
        elif len(possible_days.days) == 1:
            yield self.say("window_only")
        elif len(possible_days.days) <= _FEW:
            every = [self.spoken.day(day, year) for day in possible_days.days]
            yield self.say("window_list", days="; ".join(every[:-1]), last=every[-1])
        else:
            missing = set(_every_day(possible_days.days[0], possible_days.days[-1])) - set(
                possible_days.days
            )
            key = "window_any" if not missing else "window_open"
            if any(self.site.is_open(day) for day in missing):
                key = "window_some"
            yield self.say(key, first=ends[0], last=ends[1])

    def _not_dated(self) -> Iterator[Html]:
        """The visits that may come, but have no date yet."""
        waiting = [visit for visit in self.timeline.waiting if visit.status == "waiting"]
        if waiting:
            texts = (self.say("not_dated", name=self.visits.names[visit.id]) for visit in waiting)
            yield element("section", *(element("p", text) for text in texts))

    def _more_later(self) -> Html | None:
        """Said of every arm alike, so that it tells none of them apart."""
        protocol = self.course.protocol
        if not protocol.hides_plans or not arms_part(protocol):
            return None
        visits = [(epoch, visit) for epoch in protocol.epochs for visit in epoch.visits]
        if any(epoch.arms or visit.arms or visit.kind == "unblinding" for epoch, visit in visits):
            return element("section", element("p", self.say("more_later")))
        return None

    def _between(self) -> Iterator[Html]:
        items = [
            element("li", f"{self.visits.task(track)}: {self._rhythm(track)}")
            for track in self.visits.shown(self.timeline.tracks)
        ]
        if items:
            yield _section(self.say("between"), element("ul", *items, class_="plain"))

    def _rhythm(self, track: DatedTrack) -> str:
        start = track.start.date()
        end = start + timedelta(days=track.every_days * (track.count - 1))
        first = self.spoken.day(start, end.year)
        if track.count == 1:
            return self.say("once", first=self.spoken.full(start))
        last = self.spoken.full(end)
        if track.every_days in (1, 7):
            key = "every_day" if track.every_days == 1 else "every_week"
            return self.say(key, first=first, last=last)
        return self.say("every_few_days", number=str(track.every_days), first=first, last=last)

    def _call(self) -> Html:
        parts = [element("p", self.say("cannot_come_text"))]
        if self.place.phone is not None:
            named = spaced(f"{self.say('telephone')}:", self._phone())
            parts.append(element("p", named, class_="name"))
        return _section(self.say("cannot_come"), *parts)

    def _calendar(self) -> Iterator[Html]:
        """Where the participant's calendar is, if it is anywhere."""
        if self.calendar is not None:
            yield _section(
                self.say("calendar"),
                element("p", self.say("calendar_text")),
                element("p", address_code(self.calendar, self.say("calendar_code"))),
                element("p", address_link(self.calendar)),
            )

    def _done(self, visits: list[DatedVisit]) -> Iterator[Html]:
        if visits:
            items = (
                element(
                    "li",
                    f"{_capital(self.spoken.full(visit.start.date()))}:"
                    f" {self.visits.names[visit.id]}",
                )
                for visit in visits
            )
            yield _section(self.say("done"), element("ul", *items, class_="plain"))

    def _foot(self) -> Iterator[Html]:
        yield element("p", self.say("local_time"))
        yield element("p", self.say("notice"))


def _section(title: str, *children: Html) -> Html:
    return element("section", lines(element("h2", title), *children))


def _capital(text: str) -> str:
    """With a capital first letter, as a heading has it where weekdays are written small."""
    return text[:1].upper() + text[1:]


def _every_day(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _with_breaks(texts: tuple[str, ...]) -> Iterator[str | Html]:
    for number, text in enumerate(texts):
        if number:
            yield element("br")
        yield text
