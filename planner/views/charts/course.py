"""The course of one participant, or of none in particular, as plain rows: what its chart shows.

Days are counted from the anchor's date, which is 0. Without a start date there are study days only:
targets where the chain of targets puts them, windows as written counted from there, and what all
rules together leave. With one the rows are those of the participant's timeline.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar
from typing import Protocol as Interface

from planner.errors import PlannerError
from planner.network.windows import is_consistent
from planner.notice import NOTICE
from planner.protocol.course import NOT_PUBLISHED, Course, Occurrence, TimingConstraint
from planner.protocol.expand import epoch_kind, expand
from planner.protocol.model import Protocol, Track
from planner.schedule.build import allowed_window, build_schedule, without_window
from planner.schedule.slack import DayWindow, stated_windows
from planner.schedule.study_days import (
    TargetDay,
    lying_days,
    study_day_text,
    study_day_texts,
    target_days,
)
from planner.schedule.unblinding import after_unblinding
from planner.schedule.undated import (
    Choice,
    lasting_flaws,
    refuse_untied,
    why_undated,
    with_dates,
)
from planner.schedule.visit_numbers import label_of
from planner.time.distance import CalendarDistance
from planner.timeline.assemble import tells_arm
from planner.timeline.model import WaitingVisit
from planner.views.contact_mode import untitled_mode

MAX_ROWS = 400
"""A picture with more visits is no picture any more."""
NO_WINDOW = DayWindow(None, None)
CONTRADICTION = "the rules contradict each other; the network chart shows which"
HIDDEN = "visits of only some arms, and those after the unblinding, are not shown"


class Closed(NamedTuple):
    """Days on which a site or facility is closed, both ends included; ``weekly`` if every week."""

    first: int
    last: int
    reason: str
    weekly: bool


class CourseRow(NamedTuple):
    """One visit of the course, or an unscheduled one.

    ``day`` is about where it lies (``None`` if no rule in days ties it), ``target``, ``planned``
    and ``booked`` are days, windows have both ends included. ``when`` is the date or the study
    days in words. ``status`` is that of the timeline, ``unscheduled``, or empty without one;
    ``outside`` says that it lies outside a window, ``window_stated`` is false where nobody
    published one. ``facts`` are shown on hovering. ``closed`` are the days on which the facility of
    the visit is closed; ``None`` where it goes by those of the site.
    """

    id: str
    title: str
    kind: str
    epoch: str
    epoch_kind: str | None
    remarks: tuple[str, ...]
    when: str
    day: int | None
    target: int | None
    written: DayWindow
    effective: DayWindow
    planned: int | None = None
    booked: int | None = None
    status: str = ""
    outside: bool = False
    window_stated: bool = True
    facts: tuple[tuple[str, str], ...] = ()
    closed: tuple[Closed, ...] | None = None

    @property
    def is_planned(self) -> bool:
        """Whether the protocol has the visit, so that it belongs to an epoch."""
        return self.status != "unscheduled"


class _HasEpoch(Interface):
    @property
    def epoch(self) -> str: ...


InEpoch = TypeVar("InEpoch", bound=_HasEpoch)
"""A row that belongs to an epoch, named by its title."""


class CourseTrack(NamedTuple):
    """Something that repeats beside the visits, from its first day to its last one, included."""

    title: str
    how: str
    first: int
    last: int


class CourseTable(NamedTuple):
    """A course as its chart shows it.

    ``anchor`` is the date of day 0, ``None`` for a course in study days. ``today`` is a day.
    ``consistent`` is false where the rules contradict each other, so that nothing is left;
    ``forced`` is true where no plan keeps all windows.
    ``about`` are lines below the title, ``notes`` paragraphs at the end, the notice the last one.
    """

    title: str
    about: tuple[str, ...]
    anchor: date | None
    day_zero: bool
    today: int | None
    rows: tuple[CourseRow, ...]
    tracks: tuple[CourseTrack, ...]
    closed: tuple[Closed, ...]
    consistent: bool
    notes: tuple[str, ...]
    forced: bool = False

    def day_text(self, day: int) -> str:
        """A day as the chart's axis tells it: its date, or its study day."""
        if self.anchor is not None:
            return long_date(self.anchor + timedelta(day))
        return f"Day {study_day(day, day_zero=self.day_zero)}"


def in_order(rows: Sequence[InEpoch]) -> list[InEpoch]:
    """Rows by time; by epoch where the epochs take turns so often that headings would rule."""
    epochs = list(dict.fromkeys(row.epoch for row in rows))
    turns = 1 + sum(row.epoch != after.epoch for row, after in pairwise(rows))
    if turns <= 2 * len(epochs):
        return list(rows)
    return sorted(rows, key=lambda row: epochs.index(row.epoch))


def long_date(day: date) -> str:
    """A date with its weekday: `Wed 27 Jan 2027`."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def study_day(day: int, *, day_zero: bool) -> int:
    """The number of a study day; without a day 0 the anchor's is 1 and the day before it -1."""
    return day if day_zero or day < 0 else day + 1


def shown_visits(protocol: Protocol, arm: str | None) -> tuple[Course, frozenset[str]]:
    """The course as far as it may be shown, and the visits that are kept back.

    In a blinded study those are what only some arms have and what lies behind the unblinding.

    Raises:
        PlannerError: there is no such arm, or references lead nowhere.
    """
    course = expand(protocol, arm, unscheduled=False)
    flaws = lasting_flaws(course, expand(protocol, arm))
    if flaws:
        raise PlannerError(f"`{protocol.id}`: {flaws[0].message}; `planner validate` shows where")
    hidden = after_unblinding(course) | {
        visit.id for visit in course.visits if tells_arm(visit, protocol)
    }
    if hidden:
        course = expand(protocol, arm, left_out=hidden, unscheduled=False)
    return course, frozenset(hidden)


def shown_course(
    protocol: Protocol, arm: str | None, *, with_untied: bool = False
) -> tuple[Course, bool]:
    """The course with what has a date apart, as far as it may be shown; and if that is not all.

    ``with_untied`` lists visits that nothing ties to the anchor instead of refusing them.

    Raises:
        PlannerError: as `shown_visits`, or it is too long to draw.
        planner.schedule.undated.Untied: nothing ties a visit to the anchor.
    """
    hidden = shown_visits(protocol, arm)[1]
    course = with_dates(protocol, arm, Choice(), hidden=hidden)
    if not with_untied:
        refuse_untied(course)
    refuse_too_long(len(course.visits) + len(course.waiting), protocol.id)
    return course, bool(hidden)


def refuse_too_long(rows: int, name: str) -> None:
    """Refuses what no picture can hold."""
    if rows > MAX_ROWS:
        raise PlannerError(
            f"`{name}` has {rows:,} visits, and a chart shows {MAX_ROWS} at most;"
            " `planner timeline` lists them all"
        )


def study_course(
    protocol: Protocol, arm: str | None = None, *, with_untied: bool = False
) -> CourseTable:
    """The course in study days, of nobody in particular; ``with_untied`` as in `shown_course`.

    Raises:
        PlannerError: as `shown_course`, or the anchor is missing.
    """
    course, hides = shown_course(protocol, arm, with_untied=with_untied)
    assert course.anchor is not None, "a course without flaws has an anchor"
    schedule = build_schedule(course)
    consistent = is_consistent(schedule.network)
    effective = stated_windows(schedule) if consistent else {}
    targets = target_days(course)
    days = study_day_texts(course, effective)
    unstated = without_window(course)
    lies = lying_days(course)
    timings = course.timings()
    rows = []
    for visit in course.visits:
        room = effective.get(visit.id, NO_WINDOW)
        target = targets.get(visit.id)
        is_anchor = visit.id == course.anchor
        window = DayWindow(0, 0) if is_anchor else _written(course, timings[visit.id], lies)
        when = days[visit.id]
        rows.append(
            CourseRow(
                id=visit.id,
                title=label_of(visit, protocol),
                kind=visit.kind,
                epoch=visit.epoch.title or visit.epoch.id,
                epoch_kind=epoch_kind(visit.epoch),
                remarks=_remarks(visit),
                when=when if when == NOT_PUBLISHED else f"Day {when}" if when else "no day",
                day=_inside(lies.get(visit.id), room),
                target=None if target is None else target.day,
                written=window,
                effective=room,
                window_stated=visit.id not in unstated,
                facts=_study_facts(
                    protocol, target, None if visit.id in unstated else window, room
                ),
            )
        )
    for waiting in course.waiting:
        if isinstance(waiting.what, Occurrence):
            epoch = waiting.what.epoch
            why, kind = why_undated(waiting), epoch_kind(epoch)
            label = label_of(waiting.what, protocol)
            rows.append(undated_row(waiting.what, label, epoch.title or epoch.id, kind, why))
    order = {row.id: at for at, row in enumerate(rows)}
    rows.sort(key=lambda row: (row.day is None, row.day or 0, order[row.id]))
    zero = "Day 0" if protocol.day_zero else "Day 1, the day before it Day -1"
    anchor = label_of(course.visit(course.anchor), protocol)
    notes = [f"Study days: {anchor} is {zero}. Windows include both ends."]
    if not consistent:
        notes.insert(
            0, "The rules contradict each other and leave no dates: see the network chart."
        )
    if hides:
        notes.append(f"Blinded: {HIDDEN}.")
    notes += undated_notes(course, Track)
    return CourseTable(
        title=protocol.title,
        about=(about_protocol(protocol, None if protocol.is_blinded else course.arm),),
        anchor=None,
        day_zero=protocol.day_zero,
        today=None,
        rows=tuple(rows),
        tracks=tuple(_study_tracks(course, lies)),
        closed=(),
        consistent=consistent,
        notes=(*notes, NOTICE),
    )


def undated_row(
    visit: Occurrence | WaitingVisit, label: str, epoch: str, kind: str | None, why: str
) -> CourseRow:
    """The row of a visit without a date: in words alone."""
    facts = (("Status", why),)
    return CourseRow(
        visit.id, label, visit.kind, epoch, kind, (why,), "no date", None, None, NO_WINDOW,
        NO_WINDOW, facts=facts,
    )  # fmt: skip


def undated_notes(course: Course, *kinds: type) -> list[str]:
    """What has no date, a sentence each: the visits, the tracks, or both."""
    return [
        f"{_named(waiting.what, course.protocol)}: {why_undated(waiting)}."
        for waiting in course.waiting
        if isinstance(waiting.what, kinds)
    ]


def _named(what: Occurrence | Track, protocol: Protocol) -> str:
    return label_of(what, protocol) if isinstance(what, Occurrence) else what.title or what.id


def about_protocol(protocol: Protocol, arm: str | None) -> str:
    """The line below the title: id, version, and the arm where it may be told."""
    arm_text = "" if arm is None else f", arm {arm}"
    return f"{protocol.id}, version {protocol.version}{arm_text}"


def _written(course: Course, rules: list[TimingConstraint], lies: dict[str, int]) -> DayWindow:
    """What a visit's own timings allow together, counted from about where their references lie."""
    first: int | None = None
    last: int | None = None
    for rule in rules:
        window = allowed_window(rule, course)
        start = lies.get(rule.reference.visit)
        if window is None or rule.point.end or start is None:
            continue
        stay = course.visit(rule.reference.visit).visit.overnight if rule.reference.end else None
        start += 0 if stay is None else stay.nights
        if isinstance(window.earliest, CalendarDistance):
            day = start + window.earliest.day_span[0]
            first = day if first is None else max(first, day)
        if isinstance(window.latest, CalendarDistance):
            day = start + window.latest.day_span[1]
            last = day if last is None else min(last, day)
    if first is not None and last is not None and first > last:
        return NO_WINDOW
    return DayWindow(first, last)


def _inside(day: int | None, room: DayWindow) -> int | None:
    """About where a visit lies, moved to where the rules leave it room."""
    if day is None:
        return room.first if room.first is not None else room.last
    if room.first is not None:
        day = max(day, room.first)
    return day if room.last is None else min(day, room.last)


def _study_facts(
    protocol: Protocol, target: TargetDay | None, window: DayWindow | None, room: DayWindow
) -> tuple[tuple[str, str], ...]:
    def text(window: DayWindow | None, aim: TargetDay | None = None) -> str:
        return study_day_text(aim, window, day_zero=protocol.day_zero)

    return (
        ("Target", text(None, target)),
        ("Visit window", NOT_PUBLISHED if window is None else text(window)),
        ("Effective window", text(room)),
    )


def _study_tracks(course: Course, lies: dict[str, int]) -> Iterable[CourseTrack]:
    for track, start, until in course.tracks:
        begin = lies.get(start.visit)
        end = None if until is None else lies.get(until.visit)
        assert isinstance(track.every, CalendarDistance)
        assert isinstance(track.offset, CalendarDistance)
        if begin is None or (until is not None and end is None):
            continue
        first = begin + track.offset.days
        count = track.times
        if count is None:
            count = max(1, ((end or 0) - first) // track.every.days + 1)
        how = how_often(track.every.days, count)
        last = first + (count - 1) * track.every.days
        yield CourseTrack(track.title or track.id, how, first, last)


def how_often(every: int, count: int) -> str:
    """A track in words: how often it is done, and how many times."""
    step = "daily" if every == 1 else "weekly" if every == 7 else f"every {every} days"
    return f"{step}, {count} times"


def _remarks(occurrence: Occurrence) -> tuple[str, ...]:
    visit = occurrence.visit
    mode = untitled_mode(visit.mode, occurrence.title)
    remarks = (
        (mode, bool(mode)),
        ("overnight", visit.overnight is not None),
        ("optional", visit.optional),
        (f"if {visit.when}", visit.when is not None),
    )
    return tuple(word for word, holds in remarks if holds)
