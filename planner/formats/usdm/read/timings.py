"""What a timing of USDM says, as a distance from a reference with the room around it.

`relativeFrom` is the instance that is timed, `relativeTo` its reference. The window reaches from
the target less its lower part to the target plus its upper part, in time: the lower part is the
earlier end for `Before`, too. Of `relativeToFrom` the first word is the end of the reference, the
second that of the timed instance.

All timings of a timeline together tell which visit study days count from.
"""

from collections import Counter
from typing import Literal, NamedTuple

from planner.formats.usdm.distances import (
    DurationError,
    ImportedDuration,
    as_clock,
    is_zero,
    read_duration,
    validated,
)
from planner.formats.usdm.model import ScheduleTimeline, StudyTiming
from planner.formats.usdm.read.chain import ChainVisit
from planner.formats.usdm.read.import_log import ImportLog, name_of, without_markup
from planner.formats.usdm.terms import AFTER, BEFORE, ENDS, FIXED, TIMING_TYPES, Term, term_of
from planner.protocol.document import Path
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import json_path
from planner.time.distance import (
    CalendarDistance,
    ClockDistance,
    Distance,
    Tolerance,
    UnitError,
    Window,
    parse_window,
)

TimingKind = Literal["after", "before", "fixed"]
_KINDS: dict[Term, TimingKind] = {AFTER: "after", BEFORE: "before", FIXED: "fixed"}


class InstanceSpacing(NamedTuple):
    """How far a timed instance lies from its reference.

    ``target`` has no sign; ``backwards`` says that it lies before the reference. ``early`` and
    ``late`` are how far it may lie before and after its target in time, of the target's kind
    (calendar or clock); ``None`` without a window.
    """

    target: Distance
    backwards: bool
    early: Distance | None
    late: Distance | None

    def room(self) -> Tolerance | None:
        """The room around the target, read in the direction in which the distance counts."""
        if self.early is None or self.late is None:
            return None
        if self.backwards:
            return Tolerance(self.late, self.early)
        return Tolerance(self.early, self.late)

    def window(self) -> Window | None:
        """Least and greatest distance, in the direction in which it counts."""
        room = self.room()
        return None if room is None else room.around(self.target)


def timing_name(timing: StudyTiming) -> str:
    """What messages call a timing."""
    return f"timing {name_of(timing)}"


def timing_kind(timing: StudyTiming) -> TimingKind | None:
    """Whether a timing places something after or before another, or fixes an anchor."""
    term = term_of(timing.type, TIMING_TYPES)
    return None if term is None else _KINDS[term]


def timing_ends(account: ImportLog, timing: StudyTiming) -> tuple[str, str]:
    """Which end of the reference, and which end of the timed instance: `start` or `end` each."""
    code = timing.relative_to_from
    term = term_of(code, ENDS.values())
    if term is not None:
        reference, _, point = term.decode.lower().split()
        return reference, point
    account.reading(
        f"{timing_name(timing)} does not say which ends it joins; read as start to start",
        timing.path if code is None else code.path,
    )
    return "start", "start"


def spacing(
    account: ImportLog, timing: StudyTiming, kind: TimingKind | None
) -> InstanceSpacing | None:
    """What an `After` or `Before` timing says; ``None``, and a remark, if it cannot be read."""
    where: Path = (*timing.path, "value")
    value = _duration(account, timing, timing.value, where, "value")
    if value is None:
        return None
    if kind is None:
        kind = "before" if value.negative else "after"
        account.reading(
            f"{timing_name(timing)} has no type that is known; read as {kind} its reference",
            timing.path if timing.type is None else timing.type.path,
        )
    elif value.negative:
        other = "after" if kind == "before" else f"{value.length} after"
        account.reading(
            f"{timing_name(timing)}: durations have no sign; {quoted(timing.value)} with"
            f" type {kind.capitalize()} is read as {value.length} before its reference, not"
            f" {'twice turned, ' if kind == 'before' else ''}{other}",
            where,
        )
    backwards = value.negative or kind == "before"
    early, late = _window(account, timing)
    target = value.length
    if early is None or late is None:
        return _held(account, timing, InstanceSpacing(target, backwards, None, None))
    return _held(account, timing, _one_kind(account, timing, target, backwards, early, late))


def _duration(
    account: ImportLog, timing: StudyTiming, text: str | None, where: Path, what: str
) -> ImportedDuration | None:
    if text is None:
        account.mistake(f"{timing_name(timing)} has no {what}; it is left out", timing.path)
        return None
    try:
        duration = read_duration(text)
    except DurationError as error:
        account.mistake(
            f"{timing_name(timing)}: {what} {quoted(text)} {error}; it is left out",
            where,
            "write a duration such as `P2W` or `PT90M`",
        )
        return None
    if duration.joined:
        account.reading(
            f"{timing_name(timing)}: {what} {quoted(text)} is read as {duration.length} of elapsed"
            " time, a day being 24 hours; not as a date and a time of day",
            where,
        )
    if duration.rounded:
        account.reading(
            f"{timing_name(timing)}: {what} {quoted(text)} is rounded to {duration.length}; times"
            " are planned by the minute",
            where,
        )
    return duration


def _window(account: ImportLog, timing: StudyTiming) -> tuple[Distance | None, Distance | None]:
    """The earlier and the later part of the window, the later one perhaps with a minus sign."""
    lower, upper = timing.window_lower, timing.window_upper
    if lower is None and upper is None:
        return None, None
    ends: list[Distance] = []
    for text, other, key in (
        (lower, upper, "windowLower"),
        (upper, lower, "windowUpper"),
    ):
        where: Path = (*timing.path, key)
        if text is None:
            account.reading(
                f"{timing_name(timing)} has only one end of its window, {quoted(other)}; the other"
                " is read as none, not as open",
                timing.path,
            )
            ends.append(CalendarDistance(0, 0))
            continue
        duration = _duration(account, timing, text, where, key)
        if duration is None:
            return None, None
        length = duration.length
        if duration.negative and key == "windowLower":
            account.reading(
                f"{timing_name(timing)}: {key} {quoted(text)} has a sign, which it should not; read"
                f" as {length} before the target, not after it",
                where,
            )
        elif duration.negative:
            account.reading(
                f"{timing_name(timing)}: {key} {quoted(text)} has a sign, which it should not; read"
                f" as a window that ends {length} before the target",
                where,
            )
            length = -length
        ends.append(length)
    return ends[0], ends[1]


def _one_kind(
    account: ImportLog,
    timing: StudyTiming,
    target: Distance,
    backwards: bool,
    early: Distance,
    late: Distance,
) -> InstanceSpacing:
    """The three of one kind, days or clock; zero is of either."""
    kinds = {type(length) for length in (target, early, late) if not is_zero(length)}
    if len(kinds) <= 1:
        zero: Distance = (
            ClockDistance(0)
            if ClockDistance in kinds or (not kinds and isinstance(target, ClockDistance))
            else CalendarDistance(0, 0)
        )
        target, early, late = (
            zero if is_zero(length) else length for length in (target, early, late)
        )
        return InstanceSpacing(target, backwards, early, late)
    clocks = [as_clock(length) for length in (target, early, late)]
    goal, before, after = clocks
    if goal is None or before is None or after is None:
        account.mistake(
            f"{timing_name(timing)} mixes months with hours; its window is left out", timing.path
        )
        return InstanceSpacing(target, backwards, None, None)
    account.reading(
        f"{timing_name(timing)} has a window in hours around a value in days, or the other way"
        f" round; read as elapsed time, {goal} from its reference, not as a date",
        timing.path,
    )
    return InstanceSpacing(goal, backwards, before, after)


def _held(
    account: ImportLog, timing: StudyTiming, instance_spacing: InstanceSpacing
) -> InstanceSpacing | None:
    """The spacing if a protocol file can hold it, else without its window."""
    try:
        window_text(instance_spacing)
    except UnitError as error:
        account.mistake(f"{timing_name(timing)}: its window is left out; {error}", timing.path)
        return instance_spacing._replace(early=None, late=None)
    return instance_spacing


def window_text(instance_spacing: InstanceSpacing) -> str | None:
    """The window as a protocol file says it: `±3d` or `-1d/+7d` around the target.

    Of one that does not reach its target, or lies before the reference: `2d..28d` from there.

    Raises:
        UnitError: no protocol file can hold it.
    """
    room = instance_spacing.room()
    if room is None:
        return None
    lengths = (room.before, room.after)
    is_signed = any(str(length).startswith("-") for length in lengths)
    has_months = any(
        isinstance(length, CalendarDistance) and length.months
        for length in (instance_spacing.target, *lengths)
    )
    # Before a reference, what is earlier in time is the greater distance.
    is_plain = room.before == room.after or not instance_spacing.backwards
    if not is_signed and (is_plain or has_months):
        text = str(room)
    else:
        window = room.around(instance_spacing.target)
        for end in (window.earliest, window.latest):
            if end is not None:
                validated(end)
        text = f"{window.earliest}..{window.latest}"
    parse_window(text)
    return text


def timing_note(timing: StudyTiming) -> str:
    """Where a timing was read, for people."""
    name = without_markup(timing.called) or "Timing"
    return f"{name} at {json_path(timing.path)}"


class Timed(NamedTuple):
    """The timings of a timeline by the instance that they time, and which instance is its zero.

    ``fixed`` are the instances with a fixed reference, ``anchor`` the one among them that the
    timings mostly count from.
    """

    rules: dict[str, list[tuple[StudyTiming, TimingKind | None]]]
    fixed: tuple[str, ...]
    anchor: str


def timed(
    account: ImportLog,
    timeline: ScheduleTimeline,
    stops: list[ChainVisit],
) -> Timed:
    """Sorts the timings of a timeline; those that time nothing in it are told.

    Args:
        account: takes the remarks.
        timeline: with at least one stop.
        stops: the visits met on the way through it.
    """
    held = {instance.id for instance in timeline.instances}
    reached = {stop.instance.id for stop in stops}
    rules: dict[str, list[tuple[StudyTiming, TimingKind | None]]] = {}
    fixed: dict[str, StudyTiming] = {}
    counted: Counter[str] = Counter()
    for timing in timeline.timings:
        kind = timing_kind(timing)
        if kind is None and timing.from_id is not None and timing.from_id == timing.to_id:
            kind = "fixed"
        where = (*timing.path, "relativeFromScheduledInstanceId")
        if timing.from_id is None or timing.from_id not in held:
            named = "none" if timing.from_id is None else quoted(timing.from_id)
            account.left_out(
                f"{timing_name(timing)} times an instance that its timeline does not hold, {named};"
                " it is left out",
                timing.path if timing.from_id is None else where,
            )
        elif timing.from_id not in reached:
            account.left_out(
                f"{timing_name(timing)} times an instance that is not a visit here (a decision, or"
                " one that is not reached); it is left out",
                where,
            )
        elif kind == "fixed":
            if timing.from_id in fixed:
                account.mistake(
                    f"{timing_name(timing)} fixes an instance that is fixed already; it is left"
                    " out",
                    timing.path,
                )
            fixed.setdefault(timing.from_id, timing)
        else:
            rules.setdefault(timing.from_id, []).append((timing, kind))
            if timing.to_id is not None and timing.to_id in reached:
                counted[timing.to_id] += 1
    for timing in fixed.values():
        _tell_value(account, timing)
    anchor = _anchor(account, timeline, stops, tuple(fixed), counted)
    return Timed(rules, tuple(fixed), anchor)


def _tell_value(account: ImportLog, timing: StudyTiming) -> None:
    if timing.value is not None:
        where = (*timing.path, "value")
        try:
            value = read_duration(timing.value)
        except DurationError as error:
            account.mistake(
                f"{timing_name(timing)}: value {quoted(timing.value)} {error}; the anchor is read"
                " as fixed without it",
                where,
            )
        else:
            if not is_zero(value.length):
                account.reading(
                    f"{timing_name(timing)}: the value {quoted(timing.value)} of a fixed reference"
                    " is read as the name of its day, and moves nothing; not as moving it and all"
                    " that counts from it",
                    where,
                )
    if timing.to_id is not None and timing.to_id != timing.from_id:
        account.reading(
            f"{timing_name(timing)} is a fixed reference with another instance as its reference;"
            " read as fixing the instance that it times, the other one is not used",
            (*timing.path, "relativeToScheduledInstanceId"),
        )


def _anchor(
    account: ImportLog,
    timeline: ScheduleTimeline,
    stops: list[ChainVisit],
    fixed: tuple[str, ...],
    counted: Counter[str],
) -> str:
    by_id = {stop.instance.id: stop.instance for stop in stops}
    if fixed:
        # Ties go to the one listed first.
        anchor = max(fixed, key=lambda instance_id: counted[instance_id])
        if len(fixed) > 1:
            others = ", ".join(
                name_of(by_id[instance_id]) for instance_id in fixed if instance_id != anchor
            )
            account.reading(
                f"{len(fixed)} instances are fixed references; study days are read as counting from"
                f" {name_of(by_id[anchor])}, not from {others}",
                timeline.path,
            )
        return anchor
    most = max(by_id, key=lambda instance_id: counted[instance_id])
    if len(by_id) > 1 or timeline.timings:
        account.reading(
            f"no timing is a fixed reference; study days are read as counting from"
            f" {name_of(by_id[most])}, "
            + ("which most timings count from" if counted[most] else "which comes first"),
            timeline.path,
        )
    return most
