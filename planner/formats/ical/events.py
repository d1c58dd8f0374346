"""A timeline as events: its visits, their windows, run sheets and tracks.

What each event may say is decided in `privacy`. The timeline's arm is never read here, so arms with
the same visits have the same events, UIDs included.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from planner.errors import PlannerError
from planner.formats.ical.categories import cancelled_title, category_at
from planner.formats.ical.date_times import Moments
from planner.formats.ical.event import Alarm, Details, Event, EventRelation, Recurrence
from planner.formats.ical.identity import Identities, event_name
from planner.formats.ical.options import CalendarOptions, Level
from planner.formats.ical.privacy import (
    allowed_dates,
    allowed_text,
    item_lines,
    neutral,
    neutral_id,
    neutral_title,
    staff_lines,
)
from planner.schedule.visit_numbers import visit_code
from planner.time.iso8601 import IsoDuration, minutes_duration
from planner.time.zone import find_zone
from planner.timeline.dated_reminder import DatedReminder
from planner.timeline.model import (
    DatedItem,
    DatedTrack,
    DatedVisit,
    Link,
    Timeline,
    UnscheduledVisit,
)

_STATUS = {
    "planned": "TENTATIVE",
    "due": "TENTATIVE",
    "overdue": "TENTATIVE",
    "booked": "CONFIRMED",
    "occurred": "CONFIRMED",
    "missed": "CANCELLED",
    "cancelled": "CANCELLED",
}
_TO_COME = ("planned", "due", "overdue", "booked")
_MOMENT = timedelta(minutes=15)
"""The length that is assumed, and said to be, of an item of a run sheet or of a task without one;
an event of no length is shown by some readers and not by others."""
_YEARS_BEFORE, _YEARS_AFTER = 2, 12
_MAX_OUTLINES = 65_536


class _EventTemplate(NamedTuple):
    """An event without what differs between two participants on the same plan.

    ``label`` follows the participant's code, ``relations`` name other outlines by their number.
    """

    name: bytes
    label: str
    details: Details
    relations: tuple[tuple[str, int, str | None], ...] = ()
    alarms: tuple[tuple[bytes, int], ...] = ()


class Events:
    """Makes the events of timelines, one participant after another.

    What two participants on the same plan have in common (the same tuple of visits, as a plan that
    is computed once for many gives) is worked out once.
    """

    def __init__(self, options: CalendarOptions) -> None:
        if options.level is Level.PARTICIPANT and options.words is None:
            raise PlannerError(
                "a calendar of level participant says what the protocol and the site know: write it"
                " with update_calendar"
            )
        self.options = options
        self._identities: dict[str, Identities] = {}
        self._moments: dict[tuple[str, tuple[int, int]], Moments] = {}
        self._outlines: dict[
            tuple[int, int, int, int, str, date | None],
            tuple[Timeline, tuple[_EventTemplate, ...], list[bytes]],
        ] = {}
        self._outline_count = 0
        self.years: dict[str, tuple[int, int]] = {}

    def covered_years(self, timeline: Timeline) -> tuple[int, int]:
        """The years that the VTIMEZONE of this timeline's zone has to cover, both included.

        They are settled by the first timeline in a zone, with room for cohorts that go on; what
        lies outside is written in UTC.
        """
        years = self.years.get(timeline.timezone)
        if years is None:
            dates = [visit.start.year for visit in timeline.visits] or [timeline.anchor_date.year]
            years = self.years[timeline.timezone] = (
                min(dates) - _YEARS_BEFORE,
                max(min(dates) + _YEARS_AFTER, max(dates) + 1),
            )
        return years

    def events_of(self, timeline: Timeline) -> list[Event]:
        """The events of one timeline: its visits in order, each with its window and run sheet."""
        options = self.options
        outlines, names = self._outlined(timeline)
        identities = self.identities(timeline.study_id)
        code = timeline.participant
        uids = identities.of_all(code, names)
        prefix = "" if options.level in (Level.BUSY, Level.PARTICIPANT) else f"{code} "
        events = []
        for uid, outline in zip(uids, outlines, strict=True):
            _, label, details, related, reminders = outline
            summary = prefix + label
            relations = (
                tuple([EventRelation(kind, uids[number], gap) for kind, number, gap in related])
                if related
                else ()
            )
            alarms = (
                tuple(
                    [
                        Alarm(identities.of_all(code, [name])[0], minutes, summary)
                        for name, minutes in reminders
                    ]
                )
                if reminders
                else ()
            )
            events.append(Event(uid, summary, details, relations, alarms))
        return events

    def identities(self, study: str) -> Identities:
        """What gives the events of a study their UIDs."""
        identities = self._identities.get(study)
        if identities is None:
            identities = self._identities[study] = Identities(study, self.options.key)
        return identities

    def _outlined(self, timeline: Timeline) -> tuple[tuple[_EventTemplate, ...], list[bytes]]:
        key = (
            id(timeline.visits),
            id(timeline.tracks),
            id(timeline.unscheduled),
            id(timeline.reminders),
            timeline.timezone,
            timeline.changed,
        )
        known = self._outlines.get(key)
        if known is None:
            outlines = tuple(_Plan(timeline, self.options, self._moments_of(timeline)).outlines())
            self._outline_count += len(outlines)
            if self._outline_count > _MAX_OUTLINES:
                self._outlines.clear()
                self._outline_count = len(outlines)
            # The timeline is kept with them: an id is only good while its object lives.
            known = (timeline, outlines, [outline.name for outline in outlines])
            self._outlines[key] = known
        return known[1], known[2]

    def _moments_of(self, timeline: Timeline) -> Moments:
        years = self.covered_years(timeline)
        key = (timeline.timezone, years)
        if key not in self._moments:
            zone = find_zone(timeline.timezone)
            self._moments[key] = Moments(zone, years, utc=self.options.utc)
        return self._moments[key]


class _Plan:
    """Outlines of one timeline's events."""

    def __init__(self, timeline: Timeline, options: CalendarOptions, moments: Moments) -> None:
        self.timeline = timeline = timeline.without_events()
        self.options = options
        self.moments = moments
        self.stamp = stamp_of(timeline, options)
        self.telling = timeline.telling
        words = options.words if options.level is Level.PARTICIPANT else None
        self.words = words
        self.plan_words = None if words is None else words.words_of(timeline)
        self.starts = sorted(visit.start.astimezone(UTC) for visit in timeline.visits)
        self.number_of = {visit.id: -1 for visit in timeline.visits}
        self.found: list[_EventTemplate] = []

    def outlines(self) -> list[_EventTemplate]:
        options, timeline = self.options, self.timeline
        if len(self.number_of) != len(timeline.visits):
            raise ValueError("two visits of a timeline have the same id")
        links: dict[str, list[Link]] = {}
        for visit in timeline.visits:
            for link in visit.links:
                links.setdefault(link.earlier, []).append(link)
        for visit in timeline.visits:
            self.number_of[visit.id] = len(self.found)
            self.found.append(self._visit(visit))
            window = self._window(visit) if options.windows and self.words is None else None
            if window is not None:
                self.found.append(window)
            if options.run_sheet:
                self.found.extend(self._item(visit, item) for item in visit.run_sheet)
        if options.relations:
            for visit in timeline.visits:
                number = self.number_of[visit.id]
                related = self._relations(visit, links.get(visit.id, ()))
                self.found[number] = self.found[number]._replace(relations=related)
        times: dict[str, int] = {}
        for extra in timeline.unscheduled:
            times[extra.id] = times.get(extra.id, 0) + 1
            self.found.append(self._unscheduled(extra, times[extra.id]))
        if options.level is Level.STAFF:
            self.found.extend(map(self._reminder, timeline.reminders))
        if options.tracks:
            words = self.plan_words
            tracks = timeline.tracks if words is None else words.shown(timeline.tracks)
            for count, track in enumerate(tracks, start=1):
                self.found.append(self._track(count, track))
        return self.found

    def _visit(self, visit: DatedVisit) -> _EventTemplate:
        words = self.plan_words
        start, end, length = self._times(visit.start, visit.end)
        if self.options.level is Level.BUSY:
            description = length.capitalize()
        elif words is not None:
            description = words.description(visit)
        elif self.options.level is Level.STAFF:
            description = staff_lines(visit, self.telling, length)
        else:
            description = allowed_text(visit, length)
        is_timed = isinstance(start, datetime)
        # A reminder of an event of the whole day counts from midnight.
        midnight = datetime.combine(visit.start.date(), time(), visit.start.tzinfo)
        passed = visit.start.astimezone(UTC) - midnight.astimezone(UTC)
        begun = 0 if is_timed else passed // timedelta(minutes=1)
        label = self._label(
            "Study visit",
            visit_code(visit.number),
            neutral_title(visit, self.telling) if words is None else words.title(visit),
        )
        return _EventTemplate(
            event_name(visit.id, visit.cycle, "visit"),
            self._title(label if is_timed else self._at(label, visit.start), visit),
            self._details(
                start=start,
                end=end,
                status=_STATUS[visit.status],
                # A proposal keeps no time free and a cancelled visit gives it back.
                opaque=is_timed and visit.status in ("booked", "occurred"),
                category=self._category("Study visit"),
                description=description,
                location=self._location(visit),
            ),
            alarms=tuple(
                (event_name(visit.id, visit.cycle, f"alarm {minutes}"), minutes - begun)
                for minutes in self.options.alarms
                if visit.status in _TO_COME
            ),
        )

    def _window(self, visit: DatedVisit) -> _EventTemplate | None:
        """The allowed dates, unless they are unknown or only the very date of the visit."""
        dates = allowed_dates(visit)
        if dates is None or dates[0] == dates[1] == visit.start.date():
            return None
        return _EventTemplate(
            event_name(visit.id, visit.cycle, "window"),
            self._title(
                self._label(
                    "Study visit window",
                    f"{visit_code(visit.number)} window",
                    neutral_title(visit, self.telling),
                ),
                visit,
            ),
            self._details(
                start=dates[0],
                end=dates[1] + timedelta(days=1),
                status=_STATUS[visit.status],
                opaque=False,
                category="Study window",
            ),
            relations=(("PARENT", self.number_of[visit.id], None),),
        )

    def _item(self, visit: DatedVisit, item: DatedItem) -> _EventTemplate:
        end, length = self._end(item.start, item.end, _MOMENT)
        return _EventTemplate(
            event_name(visit.id, visit.cycle, f"item {item.id}"),
            self._title(
                self._label(
                    "",
                    f"{visit_code(visit.number)} run sheet",
                    neutral(item.title, self.telling, "Item"),
                ),
                visit,
            ),
            self._details(
                start=self.moments.written(item.start),
                end=end,
                status=_STATUS[visit.status],
                opaque=False,  # the visit itself already takes up the time
                category="Run sheet",
                description=item_lines(item, self.telling, length),
                location=self._location(visit),
            ),
            relations=(("PARENT", self.number_of[visit.id], None),),
        )

    def _unscheduled(self, extra: UnscheduledVisit, count: int) -> _EventTemplate:
        """A visit that nobody had planned: that it took place, and never why.

        Its id and its reason are a coordinator's own words, which may name a diagnosis; its UID
        comes from the id, and of several with the same id from their order.
        """
        start, end, length = self._times(extra.start, extra.end)
        is_timed = isinstance(start, datetime)
        label = self._label(
            "Study visit", "unscheduled", "visit" if self.words is None else self.words.visit
        )
        says_day = self.options.level in (Level.CODED, Level.STAFF)
        words = [f"Study day {extra.study_day}"] if says_day else []
        if length and self.words is None:
            words.append(length if words else length.capitalize())
        return _EventTemplate(
            event_name(extra.id, None if count == 1 else count, "unscheduled"),
            label if is_timed else self._at(label, extra.start),
            self._details(
                start=start,
                end=end,
                status="CONFIRMED",
                opaque=is_timed,
                category=self._category("Study visit"),
                description="; ".join(words),
            ),
        )

    def _reminder(self, reminder: DatedReminder) -> _EventTemplate:
        """A note for the whole of the last day on which it is in time; for staff alone."""
        title = neutral(reminder.title, self.telling, "Reminder")
        return _EventTemplate(
            event_name(reminder.id, None, "reminder"),
            f"by today: {title}",
            self._details(
                start=reminder.day,
                end=reminder.day + timedelta(days=1),
                status="TENTATIVE" if reminder.done is None else "CONFIRMED",
                opaque=False,
                category="Reminder",
                description="" if reminder.done is None else f"Done on {reminder.done}",
            ),
        )

    def _track(self, count: int, track: DatedTrack) -> _EventTemplate:
        recurrence = Recurrence(track.every_days, track.count) if track.count > 1 else None
        last = track.start.date() + timedelta(days=track.every_days * (track.count - 1))
        end, length = self._end(track.start, track.end, _MOMENT)
        if recurrence is None:
            start = self.moments.written(track.start)
        else:
            start = self.moments.written_first(track.start, last)
            end = end.astimezone(start.tzinfo)
        return _EventTemplate(
            event_name(track.id, None, "track"),
            self._label(
                "Study task",
                f"T{count}",
                neutral(track.title, self.telling, track.kind.capitalize())
                if self.plan_words is None
                else self.plan_words.task(track),
            ),
            self._details(
                start=start,
                end=end,
                status="TENTATIVE",
                opaque=False,
                category=self._category("Study task"),
                description=length.capitalize() if self.words is None else "",
                recurrence=recurrence,
            ),
        )

    def _relations(
        self, visit: DatedVisit, links: Iterable[Link]
    ) -> tuple[tuple[str, int, str | None], ...]:
        """The visit's temporal relations: RFC 9253 has them in the earlier one, naming the later.

        A visit that is not part of the timeline (a split, an optional visit) is not named.
        """
        relations = []
        for link in links:
            number = self.number_of.get(link.later)
            if number is None or link.later == visit.id:
                continue
            kind = ("FINISHTO" if link.from_end else "STARTTO") + (
                "FINISH" if link.to_end else "START"
            )
            relations.append((kind, number, gap_text(link)))
        return tuple(dict.fromkeys(relations))

    def _details(
        self,
        *,
        start: date,
        end: date | None,
        status: str,
        opaque: bool,
        category: str,
        description: str = "",
        location: str = "",
        recurrence: Recurrence | None = None,
    ) -> Details:
        # CLASS is a hint; the more an event says, the stronger the hint.
        secrecy = "CONFIDENTIAL" if self.options.level is Level.STAFF else "PRIVATE"
        return Details(
            self.stamp,
            start,
            end,
            status,
            opaque,
            secrecy,
            category,
            description,
            location,
            recurrence,
        )

    def _times(self, start: datetime, end: datetime | None) -> tuple[date, date, str]:
        """DTSTART and DTEND of a visit, and what is to be said of its length.

        A visit of which nobody says how long it takes has the length that the protocol or the site
        gives such visits, but ends where another one starts; else it is an event of the whole day.
        """
        usual = self.timeline.visit_length
        if usual is None and (end is None or end <= start):
            return start.date(), start.date() + timedelta(days=1), "length not stated"
        instant = start.astimezone(UTC)
        later = self.starts[bisect_right(self.starts, instant) :]
        assumed = timedelta(minutes=usual or 0)
        if later:
            assumed = max(_MOMENT, min(assumed, later[0] - instant))
        written, length = self._end(start, end, assumed)
        return self.moments.written(start), written, length

    def _end(
        self, start: datetime, end: datetime | None, assumed: timedelta
    ) -> tuple[datetime, str]:
        """DTEND, which must lie after DTSTART (RFC 5545 3.8.2.2), and what is assumed for it.

        Args:
            start: of the event.
            end: of the event; ``None`` where no length is stated.
            assumed: the length that it then has.
        """
        if end is not None and end > start:
            return self.moments.written(end), ""
        end = (start.astimezone(UTC) + assumed).astimezone(start.tzinfo)
        minutes = assumed // timedelta(minutes=1)
        words = "1 hour" if minutes == 60 else f"{minutes} minutes"
        return self.moments.written(end), f"length not stated, {words} assumed"

    def _label(self, busy: str, code: str, title: str) -> str:
        if self.options.level is Level.BUSY:
            return busy
        if self.options.level is Level.CODED:
            return code
        return title if self.options.level is Level.PARTICIPANT else f"{code} {title}"

    def _title(self, label: str, visit: DatedVisit) -> str:
        """The label of an event of a visit, which says where that does not take place."""
        if _STATUS[visit.status] != "CANCELLED":
            return label
        return cancelled_title(label, self.options)

    def _at(self, label: str, start: datetime) -> str:
        return (
            f"{label} at {start:%H:%M}"
            if self.words is None
            else self.words.timed_title(label, start)
        )

    def _category(self, category: str) -> str:
        return category_at(self.options.level, category)

    def _location(self, visit: DatedVisit) -> str:
        """Where a visit takes place, as far as the level tells it."""
        if self.plan_words is not None:
            return self.plan_words.place(visit) or self.options.address
        if self.options.level is not Level.STAFF:
            return ""
        room = [] if visit.room is None else [neutral_id(visit.room, self.telling, "room")]
        address = self.options.address
        return ", ".join(room + ([address] if address and visit.mode == "clinic" else []))


def stamp_of(timeline: Timeline, options: CalendarOptions) -> datetime:
    """When the events of a timeline last changed, as far as its record or the options tell.

    Args:
        timeline: whose record may have a date of its last change, which counts from midnight UTC.
        options: their stamp is the earliest that the answer can be.
    """
    if timeline.changed is None:
        return options.stamp
    return max(options.stamp, datetime.combine(timeline.changed, time(), UTC))


def gap_text(link: Link) -> str | None:
    """The distance of a timing as a DURATION: days are calendar days, minutes elapsed time."""
    if link.gap_days is not None:
        return str(IsoDuration(link.gap_days < 0, days=abs(link.gap_days)))
    return None if link.gap_minutes is None else str(minutes_duration(link.gap_minutes))


def events_of(timeline: Timeline, options: CalendarOptions) -> list[Event]:
    """The events of one timeline, as `write_calendar` writes them."""
    return Events(options).events_of(timeline)
