"""Unrolls a protocol into the course of one participant: cycles, arms, options, references."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple, get_args

from planner.errors import PlannerError, did_you_mean
from planner.protocol.course import (
    Course,
    Flaw,
    Occurrence,
    Point,
    TimingConstraint,
    VisitReminder,
)
from planner.protocol.document import Path
from planner.protocol.evidence import Stated
from planner.protocol.fields import EpochKind, ListedKind, VisitKind
from planner.protocol.listed_order import listed_order, order_of
from planner.protocol.model import Epoch, Protocol, Track
from planner.protocol.references import Resolver, cycle_times, own_times
from planner.protocol.visit import Timing, Visit, grid_of
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window, turned

MAX_VISITS = 2_500
NO_CONTACT = "none"
"""The mode of events, which no file can write."""
_EPOCH_KINDS = frozenset(get_args(EpochKind))
_KIND_OF: dict[str, VisitKind] = {
    **{kind: kind for kind in get_args(VisitKind)},
    "prep": "preparation", "int": "integration",
    "followup": "follow-up", "call": "contact", "consent": "screening",
    "lead-in": "run-in", "rand": "randomization", "randomisation": "randomization",
}  # fmt: skip
_FIELDS = ("after", "before", "first", "next")


def visit_kind(visit: Visit, epoch: Epoch) -> ListedKind:
    """The kind of a visit, such as ``dosing``.

    Args:
        visit: its own `kind` counts first, then what its id says: ``dosing-day`` is ``dosing``.
        epoch: its kind is that of the others, or ``assessment`` where no visit has such a kind.
    """
    if visit.kind:
        return visit.kind
    words = visit.id.split("-")
    for length in range(len(words), 0, -1):
        stem = "-".join(words[:length])
        if stem in _KIND_OF:
            return _KIND_OF[stem]
    return _KIND_OF.get(epoch_kind(epoch) or "", "assessment")


def epoch_kind(epoch: Epoch) -> str | None:
    """The kind of an epoch, such as ``treatment``.

    Args:
        epoch: its own `kind` counts, or else its id where that is a kind.

    Returns:
        ``None`` where neither tells.
    """
    if epoch.kind:
        return epoch.kind
    return epoch.id if epoch.id in _EPOCH_KINDS else None


def expand(
    protocol: Protocol,
    arm: str | None = None,
    *,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    left_out: Collection[str] = (),
    unscheduled: bool = True,
) -> Course:
    """The course of one arm.

    Args:
        protocol: the protocol as loaded.
        arm: an arm's id; ``None`` takes the first arm, or no arm where there are none.
        with_visits: ids of optional or conditional visits that take place; ``None`` takes all.
        without_visits: ids of optional or conditional visits left out.
        left_out: ids of any visits that do not apply to this participant.
        unscheduled: whether visits that nobody plans are in it; those named in ``with_visits`` are.

    An id may be that of a visit (all its occurrences) or of one occurrence (`dosing-3`).

    Raises:
        PlannerError: there is no such arm, a named visit is unknown or not optional, or the
            cycles make more than 2,500 visits.
    """
    chosen = _choose_arm(protocol, arm)
    choice = _Choice(
        with_visits, frozenset(without_visits), frozenset(left_out), unscheduled=unscheduled
    )
    flaws: list[Flaw] = []
    entries = list(_occurrences(protocol, chosen, choice, flaws))
    choice.refuse_unknown(protocol, entries)
    resolver = Resolver([entry.occurrence for entry in entries], protocol)
    rules: list[TimingConstraint] = []
    unknown: dict[Path, Flaw] = {}
    for entry in entries:
        rules += _rules_of(entry, chosen, resolver, unknown)
    flaws += unknown.values()
    rules += _constraints(protocol, chosen, resolver, flaws)
    _refuse_unknown_others(protocol, resolver, flaws)
    tracks = tuple(_tracks(protocol, chosen, resolver, flaws))
    reminders = tuple(_reminders(protocol, chosen, resolver, flaws))
    anchor = _anchor(protocol, resolver, flaws)
    visits = tuple(entry.occurrence for entry in entries)
    order = tuple(listed_order(protocol, visits))
    return Course(
        protocol,
        chosen,
        anchor,
        visits,
        tuple(rules),
        tracks,
        tuple(flaws),
        order,
        reminders=reminders,
    )


def _choose_arm(protocol: Protocol, arm: str | None) -> str | None:
    ids = [arm.id for arm in protocol.arms]
    if arm is None:
        return ids[0] if ids else None
    if arm not in ids:
        known = ", ".join(f"`{name}`" for name in ids) if ids else "none"
        raise PlannerError(f"`{protocol.id}` has no arm `{arm}`; its arms: {known}")
    return arm


class _Entry(NamedTuple):
    occurrence: Occurrence
    written: Visit
    order: int
    """Position of the cycle's first visit: occurrences of one cycle share it."""


class _Choice:
    """Which optional and conditional visits take place, and which names were never met."""

    def __init__(
        self,
        with_visits: Collection[str] | None,
        without: Collection[str],
        left_out: Collection[str],
        *,
        unscheduled: bool,
    ) -> None:
        self.with_visits = with_visits
        self.unscheduled = unscheduled
        self.without = without
        self.left_out = left_out
        self.met: set[str] = set()

    def takes(self, visit: Visit, occurrence_id: str) -> bool:
        names = (visit.id, occurrence_id)
        if any(name in self.left_out for name in names):
            self.met.update(names)
            return False
        if not (visit.optional or visit.when or visit.unscheduled):
            return True
        self.met.update(names)
        if any(name in self.without for name in names):
            return False
        if any(name in (self.with_visits or ()) for name in names):
            return True
        return self.with_visits is None and (self.unscheduled or not visit.unscheduled)

    def refuse_unknown(self, protocol: Protocol, entries: list[_Entry]) -> None:
        present = {name for entry in entries for name in (entry.occurrence.id, entry.written.id)}
        chosen = {*(self.with_visits or ()), *self.without, *self.left_out}
        for name in sorted(chosen - self.met):
            if name in present:
                raise PlannerError(f"`{name}` is required: neither optional nor conditional")
            hint = did_you_mean(name, sorted(present | self.met), before="; ")
            raise PlannerError(f"`{protocol.id}` has no visit `{name}` in this arm{hint}")


def _occurrences(
    protocol: Protocol, arm: str | None, choice: _Choice, flaws: list[Flaw]
) -> Iterator[_Entry]:
    seen: set[str] = set()
    written: dict[str, Path] = {}
    twice: set[Path] = set()
    total = 0
    for epoch_at, epoch in enumerate(protocol.epochs):
        if epoch.arms and arm not in epoch.arms:
            continue
        times = cycle_times(epoch, arm)
        effective = [_in_epoch(_in_arm(visit, arm), epoch) for visit in epoch.visits]
        total += times * sum(own_times(visit) for visit in effective)
        if total > MAX_VISITS:
            raise PlannerError(
                f"`{protocol.id}`: the cycles of epoch `{epoch.id}` make more than"
                f" {MAX_VISITS:,} visits"
            )
        for cycle in range(1, times + 1):
            order = len(seen)
            for visit_at, number in _numbered(epoch, effective, cycle):
                visit = epoch.visits[visit_at]
                path: Path = ("epochs", epoch_at, "visits", visit_at)
                if visit.arms and arm not in visit.arms:
                    continue
                occurrence_id = visit.id if number is None else f"{visit.id}-{number}"
                if occurrence_id in seen or written.setdefault(visit.id, path) != path:
                    # The id stands twice, or `dosing-2` is also cycle 2 of `dosing`.
                    name = occurrence_id if occurrence_id in seen else visit.id
                    if path not in twice:
                        flaws.append(Flaw("duplicate-id", f"visit `{name}` is used twice", path))
                    twice.add(path)
                    continue
                if not choice.takes(visit, occurrence_id):
                    continue
                seen.add(occurrence_id)
                its_own = effective[visit_at]
                title = its_own.title or occurrence_id
                if its_own.title and times * own_times(its_own) > 1:
                    title = f"{title} ({number})"
                kind = visit_kind(visit, epoch)
                occurrence = Occurrence(occurrence_id, kind, title, its_own, epoch, number, path)
                yield _Entry(occurrence, visit, order)


def _numbered(
    epoch: Epoch, visits: Sequence[Visit], cycle: int
) -> Iterator[tuple[int, int | None]]:
    """The places of an epoch's visits, each as often as it occurs in one cycle, and its number."""
    for at, visit in enumerate(visits):
        if epoch.cycle is not None:
            yield at, cycle
        elif grid_of(visit) is None:
            yield at, None
        else:
            yield from ((at, number) for number in range(1, own_times(visit) + 1))


def _in_epoch(visit: Visit, epoch: Epoch) -> Visit:
    if not epoch.weekdays or visit.weekdays:
        return visit
    return visit.model_copy(update={"weekdays": epoch.weekdays})


def _in_arm(visit: Visit, arm: str | None) -> Visit:
    if visit.kind == "event":
        return visit.model_copy(update={"mode": NO_CONTACT})
    if arm is None:
        return visit
    if visit.run_sheet is not None:
        sheet = visit.run_sheet.in_arm(arm)
        if sheet is not visit.run_sheet:
            visit = visit.model_copy(update={"run_sheet": sheet})
    difference = visit.by_arm.get(arm)
    if difference is None:
        return visit
    changes: dict[str, Any] = {
        name: getattr(difference, name) for name in difference.model_fields_set
    }
    for name, value in changes.items():
        if value is None and (name in _FIELDS or name == "mode"):
            # `after:` with nothing behind it takes the timings away; there is always a mode.
            changes[name] = visit.mode if name == "mode" else ()
    return visit.model_copy(update=changes)


def _rules_of(
    entry: _Entry, arm: str | None, resolver: Resolver, unknown: dict[Path, Flaw]
) -> Iterator[TimingConstraint]:
    occurrence = entry.occurrence
    at = resolver.by_id[occurrence.id]
    for field in _FIELDS:
        if field == "first" and occurrence.cycle not in (None, 1):
            continue
        if field == "next" and occurrence.cycle in (None, 1):
            continue
        timings: tuple[Timing, ...] = getattr(occurrence.visit, field)
        for index, timing in enumerate(timings):
            if timing.arms and arm not in timing.arms:
                continue
            path = (*_field_path(entry, field, arm), index)
            reference = resolver.find(timing.visit, at)
            if isinstance(reference, str):
                at_visit = (*path, "visit")
                # One flaw in the file, however many cycles it is met in.
                if at_visit not in unknown:
                    hint = resolver.nearest(timing.visit.visit)
                    unknown[at_visit] = Flaw("unknown-visit", reference, at_visit, hint)
                continue
            if reference is None:
                continue
            number = f".{index + 1}" if len(timings) > 1 else ""
            name = f"{occurrence.id}.{field}{number}"
            yield _rule(name, reference, occurrence, timing, field == "before", path)
    yield from _during(occurrence, resolver, unknown)


def _during(
    occurrence: Occurrence, resolver: Resolver, unknown: dict[Path, Flaw]
) -> Iterator[TimingConstraint]:
    """The rules that keep a visit inside another: its start and its end, between that one's."""
    visit = occurrence.visit
    if visit.during is None:
        return
    path = (*occurrence.path, "during")
    around = resolver.find(visit.during, resolver.by_id[occurrence.id])
    if isinstance(around, Point) and around.visit == occurrence.id:
        around = f"`{occurrence.id}` is said to take place during itself"
    if isinstance(around, str):
        if path not in unknown:
            unknown[path] = Flaw(
                "unknown-visit", around, path, resolver.nearest(visit.during.visit)
            )
        return
    if around is None:
        return
    start, end = Point(around.visit), Point(around.visit, end=True)
    stated = Stated(source=visit.source, grade=visit.grade)
    at_once = ClockDistance(0)
    for reference, of_end, window in (
        (start, False, Window(at_once, None)),
        (end, False, Window(None, at_once)),
        (end, True, Window(None, at_once)),
    ):
        yield TimingConstraint(
            f"{occurrence.id}.during",
            reference,
            Point(occurrence.id, of_end),
            window,
            None,
            False,
            stated,
            path,
        )


def _field_path(entry: _Entry, field: str, arm: str | None) -> Path:
    difference = entry.written.by_arm.get(arm) if arm is not None else None
    if difference is not None and field in difference.model_fields_set:
        return (*entry.occurrence.path, "by_arm", str(arm), field)
    return (*entry.occurrence.path, field)


def _break_before(occurrence: Occurrence) -> Distance | None:
    cycle = occurrence.epoch.cycle
    if cycle is None or occurrence.cycle is None:
        return None
    for pause in cycle.breaks:
        if pause.after == occurrence.cycle - 1:
            return pause.length
    return None


def _later(distance: Distance | None, pause: Distance) -> Distance | None:
    if isinstance(distance, CalendarDistance) and isinstance(pause, CalendarDistance):
        return distance + pause
    assert distance is None, "Epoch refuses breaks between timings in clock time"
    return None


def _rule(
    name: str, reference: Point, occurrence: Occurrence, timing: Timing, backwards: bool, path: Path
) -> TimingConstraint:
    point = Point(occurrence.id, timing.of == "end")
    number = occurrence.cycle or 1
    if timing.target is None and reference.visit == f"{occurrence.visit.id}-1" and number > 1:
        number -= 1  # The first occurrence is the reference: the second lies one step from it.
    window, target = timing.placed(number)
    pause = _break_before(occurrence) if name.rsplit(".", 2)[1] == "next" else None
    if pause is not None:
        if window is not None:
            window = Window(_later(window.earliest, pause), _later(window.latest, pause))
        target = _later(target, pause)
    if backwards:
        if window is not None:
            window = turned(window)
        target = None if target is None else -target
    order = None if timing.window is None else order_of(target, backwards)
    return TimingConstraint(name, reference, point, window, target, backwards, timing, path, order)


def _constraints(
    protocol: Protocol, arm: str | None, resolver: Resolver, flaws: list[Flaw]
) -> Iterator[TimingConstraint]:
    for index, constraint in enumerate(protocol.constraints):
        if constraint.arms and arm not in constraint.arms:
            continue
        path: Path = ("constraints", index)
        points: list[Point] = []
        for field, reference in (("from", constraint.start), ("to", constraint.end)):
            point = resolver.find(reference, None)
            if isinstance(point, str):
                hint = resolver.nearest(reference.visit)
                flaws.append(Flaw("unknown-visit", point, (*path, field), hint))
            elif point is not None:
                points.append(point)
        if len(points) == 2:
            name = f"constraints.{constraint.id or index + 1}"
            window = constraint.within
            assert isinstance(window, Window), "Constraint refuses tolerances"
            yield TimingConstraint(
                name, points[0], points[1], window, None, False, constraint, path
            )


def _refuse_unknown_others(protocol: Protocol, resolver: Resolver, flaws: list[Flaw]) -> None:
    """Rules between participants bind nobody's own course; they only name its visits."""
    for index, rule in enumerate(protocol.between_participants):
        for field, reference in (("visit", rule.visit), ("of", rule.of)):
            if reference is not None and reference.visit not in resolver.written:
                point = resolver.find(reference, None)
                if isinstance(point, str):
                    path: Path = ("between_participants", index, field)
                    flaws.append(
                        Flaw("unknown-visit", point, path, resolver.nearest(reference.visit))
                    )


def _tracks(
    protocol: Protocol, arm: str | None, resolver: Resolver, flaws: list[Flaw]
) -> Iterator[tuple[Track, Point, Point | None]]:
    for index, track in enumerate(protocol.tracks):
        if track.arms and arm not in track.arms:
            continue
        start = resolver.find(track.start, None)
        until = resolver.find(track.until, None) if track.until else None
        for field, reference, point in (
            ("from", track.start, start),
            ("until", track.until, until),
        ):
            if isinstance(point, str) and reference is not None:
                hint = resolver.nearest(reference.visit)
                flaws.append(Flaw("unknown-visit", point, ("tracks", index, field), hint))
        if not isinstance(start, Point) or isinstance(until, str):
            continue
        if track.until is not None and until is None:
            message = (
                f"track `{track.id}` ends with `{track.until}`, which does not take place here"
            )
            hint = "name another visit, give `times:`, or say with `arms:` who has the track"
            flaws.append(Flaw("unknown-visit", message, ("tracks", index, "until"), hint))
            continue
        yield track, start, until


def _reminders(
    protocol: Protocol, arm: str | None, resolver: Resolver, flaws: list[Flaw]
) -> Iterator[VisitReminder]:
    """The reminders of an arm, one for each visit that they count from and that it has."""
    for index, reminder in enumerate(protocol.reminders):
        if reminder.arms and arm not in reminder.arms:
            continue
        reference, title = reminder.visit, reminder.title
        every = resolver.by_visit.get(reference.visit, [])
        if reference.which is None and reference.visit not in resolver.by_id and len(every) > 1:
            for at in every:
                visit = resolver.occurrences[at]
                point = Point(visit.id, reference.point == "end")
                name, numbered = f"{reminder.id}-{visit.cycle}", f"{title} ({visit.cycle})"
                yield VisitReminder(name, numbered, reminder, point)
            continue
        place = resolver.find(reference, None)
        if isinstance(place, Point):
            yield VisitReminder(reminder.id, title, reminder, place)
        elif place is not None:
            field = "after" if reminder.before is None else "before"
            hint = resolver.nearest(reference.visit)
            flaws.append(Flaw("unknown-visit", place, ("reminders", index, field), hint))


def _anchor(protocol: Protocol, resolver: Resolver, flaws: list[Flaw]) -> str | None:
    point = resolver.find(protocol.anchor, None)
    if isinstance(point, Point) and point.end:
        message = f"`{protocol.anchor}` is the end of a visit; study days count from its start"
        hint = f"write `{protocol.anchor._replace(point='start')}`"
        flaws.append(Flaw("unknown-visit", message, ("anchor",), hint))
    if isinstance(point, Point):
        return point.visit
    message = point or f"the anchor `{protocol.anchor}` does not take place in this arm"
    flaws.append(
        Flaw("unknown-visit", message, ("anchor",), resolver.nearest(protocol.anchor.visit))
    )
    return None
