"""What differs in one visit besides its timings: duration, stay, staff, activities, gates."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from planner.protocol.containment import holds_all
from planner.protocol.course import Occurrence
from planner.protocol.document import Path
from planner.protocol.fields import WEEKDAYS, Count
from planner.protocol.model import Protocol
from planner.protocol.visit import Overnight, RunSheetItem, Staffing, Visit, grid_of
from planner.time.date import format_time, format_time_range
from planner.time.distance import ClockDistance, Window

OUTSIDE = "a visit inside the old window can be out of window now"
NEW_DUTY = "a new duty for participants"


class Aspect(NamedTuple):
    """One thing that differs in a visit; ``old`` and ``new`` are its places inside the visit."""

    kind: str
    text: str
    old: Path
    new: Path
    breaks: str | None


def visit_aspects(
    old: Occurrence, new: Occurrence, before: Protocol, after: Protocol
) -> Iterator[Aspect]:
    """The differences between two versions of one visit, as they are in one arm."""
    visit, other = old.visit, new.visit
    if visit.title != other.title:
        yield _same_place("title-changed", f"title changed from {_said(visit.title)} to"
                          f" {_said(other.title)}", "title", None)  # fmt: skip
    if old.kind != new.kind:
        text = f"kind changed from {old.kind} to {new.kind}"
        yield _same_place("kind-changed", text, "kind", None)
    if visit.modes != other.modes:
        ways, others = (" or ".join(each.modes) for each in (visit, other))
        text = f"mode changed from {ways} to {others}"
        yield _same_place("mode-changed", text, "mode", "it takes place in another way")
    yield from _duration(visit, other)
    yield from _overnight(visit.overnight, other.overnight, before, after)
    yield from _whether(visit, other)
    yield from _grid(visit, other)
    yield from _gates(visit.requires, other.requires)
    yield from _times(visit, other)
    yield from _people(visit, other, before, after)
    yield from _activities(visit.activities, other.activities)
    for field, word in (
        ("endpoint", "endpoint"),
        ("weight", "weight"),
        ("room", "room"),
        ("facility", "facility"),
        ("date", "date for everybody"),
    ):
        was, now = getattr(visit, field), getattr(other, field)
        if was != now:
            text = f"{word} changed from {_said(was)} to {_said(now)}"
            breaks = OUTSIDE if field == "date" and now is not None else None
            yield _same_place(f"{field}-changed", text, field, breaks)
    if visit.order != other.order:
        breaks = OUTSIDE if other.order == "listed" else None
        text = f"order changed from {_said(visit.order)} to {_said(other.order)}"
        yield _same_place("order-changed", text, "order", breaks)
    yield from _run_sheet(visit, other)


def _same_place(kind: str, text: str, field: str, breaks: str | None) -> Aspect:
    return Aspect(kind, text, (field,), (field,), breaks)


def _said(value: object) -> str:
    return "nothing" if value is None else f"`{value}`"


def window_change(
    what: str, old: Window | None, new: Window | None
) -> tuple[str, str, str | None] | None:
    """How an allowed length of time has changed: a word for it, a text, and why it is breaking.

    ``None`` where both allow the same.
    """
    before = () if old is None else (old,)
    after = () if new is None else (new,)
    wider, narrower = holds_all(after, before), holds_all(before, after)
    if wider and narrower:
        return None
    if old is None:
        return "added", f"{what} {new} added", OUTSIDE
    if new is None:
        return "removed", f"{what} {old} removed", None
    if wider:
        return "widened", f"{what} widened from {old} to {new}", None
    if narrower:
        return "narrowed", f"{what} narrowed from {old} to {new}", OUTSIDE
    return "changed", f"{what} changed from {old} to {new}", OUTSIDE


def _duration(visit: Visit, other: Visit) -> Iterator[Aspect]:
    lengths = (
        ("duration", "duration", visit.duration, other.duration),
        ("total", "total of all meetings", visit.total, other.total),
    )
    for field, name, before, after in lengths:
        changed = window_change(
            name,
            None if before is None else before.value,
            None if after is None else after.value,
        )
        if changed is not None:
            word, text, breaks = changed
            yield _same_place(f"duration-{word}", text, field, breaks)


def _overnight(
    old: Overnight | None, new: Overnight | None, before: Protocol, after: Protocol
) -> Iterator[Aspect]:
    if old is None and new is not None:
        text = f"stay of {_nights(new)} added"
        yield _same_place("overnight-added", text, "overnight", "it ends on a later date")
    elif old is not None and new is None:
        text = f"stay of {_nights(old)} removed"
        yield _same_place("overnight-removed", text, "overnight", "it ends on an earlier date")
    elif old is not None and new is not None:
        if old.nights != new.nights:
            text = f"stay changed from {_nights(old)} to {_nights(new)}"
            yield _same_place("overnight-changed", text, "overnight", "it ends on another date")
        was = before.conventions.leave_time if old.until is None else old.until
        now = after.conventions.leave_time if new.until is None else new.until
        if was != now:
            text = f"time of leaving moved from {format_time(was)} to {format_time(now)}"
            yield _same_place("overnight-changed", text, "overnight", OUTSIDE)


def _nights(stay: Overnight) -> str:
    return f"{stay.nights} {'night' if stay.nights == 1 else 'nights'}"


def _grid(visit: Visit, other: Visit) -> Iterator[Aspect]:
    """How often a visit occurs that is on a grid of its own."""
    was, now = grid_of(visit), grid_of(other)
    if was is None or now is None:
        if was is not now:
            text = "is on a grid now" if was is None else "is on a grid no longer"
            yield _same_place("grid-changed", text, "after", "its occurrences have other ids now")
        return
    if was.occurrences != now.occurrences:
        falls_away = now.occurrences < was.occurrences
        text = f"occurs {now.occurrences} times at most, no longer {was.occurrences}"
        breaks = "later occurrences are removed" if falls_away else NEW_DUTY
        yield _same_place("grid-changed", text, "after", breaks)
    before, after = (
        f"`{grid.until}`" if isinstance(grid.until, str) else "number alone" for grid in (was, now)
    )
    if before != after:
        text = f"grid ends by {after}, no longer by {before}"
        breaks = "the number of visits is decided in another way"
        yield _same_place("grid-changed", text, "after", breaks)


def _whether(visit: Visit, other: Visit) -> Iterator[Aspect]:
    if visit.optional != other.optional:
        text = "no longer optional" if visit.optional else "optional from now on"
        breaks = "participants can no longer leave it out" if visit.optional else None
        yield _same_place("optional-changed", text, "optional", breaks)
    if visit.unscheduled != other.unscheduled:
        text = "has a planned date from now on" if visit.unscheduled else "unscheduled from now on"
        breaks = NEW_DUTY if visit.unscheduled else None
        yield _same_place("unscheduled-changed", text, "unscheduled", breaks)
    if visit.when != other.when:
        if visit.when is None:
            text = f"takes place only if `{other.when}`"
        elif other.when is None:
            text = f"takes place always, no longer only if `{visit.when}`"
        else:
            text = f"takes place if `{other.when}`, no longer if `{visit.when}`"
        yield _same_place("condition-changed", text, "when", "it applies to other participants now")


def _gates(old: Sequence[str], new: Sequence[str]) -> Iterator[Aspect]:
    for gate in new:
        if gate not in old:
            text = f"gate `{gate}` added"
            yield _same_place("gate-added", text, "requires", "it must be passed first")
    for gate in old:
        if gate not in new:
            yield _same_place("gate-removed", f"gate `{gate}` removed", "requires", None)


def _times(visit: Visit, other: Visit) -> Iterator[Aspect]:
    changed = window_change("start", _as_window(visit.at), _as_window(other.at))
    if changed is not None:
        word, _, breaks = changed
        was, now = _clock(visit.at), _clock(other.at)
        text = f"time of day changed from {was} to {now}"
        yield _same_place(f"time-{word}", text, "at", breaks)
    old_days, new_days = set(visit.weekdays or WEEKDAYS), set(other.weekdays or WEEKDAYS)
    if old_days != new_days:
        text = f"weekdays changed from {_weekdays(visit)} to {_weekdays(other)}"
        breaks = None if new_days >= old_days else OUTSIDE
        yield _same_place("weekdays-changed", text, "weekdays", breaks)


def _as_window(span: tuple[int, int] | None) -> Window | None:
    return None if span is None else Window(ClockDistance(span[0]), ClockDistance(span[1]))


def _clock(span: tuple[int, int] | None) -> str:
    return "any" if span is None else format_time_range(span)


def _weekdays(visit: Visit) -> str:
    return ", ".join(visit.weekdays) if visit.weekdays else "any"


def _people(visit: Visit, other: Visit, before: Protocol, after: Protocol) -> Iterator[Aspect]:
    if visit.participants != other.participants:
        was, now = visit.participants or Count(1, 1), other.participants or Count(1, 1)
        wider = now.minimum <= was.minimum and was.maximum <= now.maximum
        text = f"participants who share it changed from {was} to {now}"
        yield _same_place("sharing-changed", text, "participants", None if wider else OUTSIDE)
    was_there, is_there = _staff(visit.staff, before), _staff(other.staff, after)
    if was_there != is_there:
        text = f"staff changed from {_roles(was_there)} to {_roles(is_there)}"
        yield _same_place("staff-changed", text, "staff", None)


def _staff(staff: Staffing | None, protocol: Protocol) -> dict[str, int]:
    if staff is None:
        return {}
    numbers = {}
    for role, number in staff.roles.items():
        usual = protocol.roles[role].count if role in protocol.roles else 1
        numbers[role] = usual if number is None else number
    return numbers


def _roles(numbers: dict[str, int]) -> str:
    return ", ".join(f"{number} x {role}" for role, number in numbers.items()) or "nobody named"


def _activities(old: Sequence[str], new: Sequence[str]) -> Iterator[Aspect]:
    for at, name in enumerate(new):
        if name not in old:
            place: Path = ("activities", at)
            yield Aspect(
                "activity-added", f"activity `{name}` added", ("activities",), place, NEW_DUTY
            )
    for at, name in enumerate(old):
        if name not in new:
            place = ("activities", at)
            yield Aspect(
                "activity-removed", f"activity `{name}` removed", place, ("activities",), None
            )


def _run_sheet(visit: Visit, other: Visit) -> Iterator[Aspect]:
    old_sheet, new_sheet = visit.run_sheet, other.run_sheet
    was = None if old_sheet is None else old_sheet.zero
    now = None if new_sheet is None else new_sheet.zero
    if old_sheet is not None and new_sheet is not None and was != now:
        text = (
            f"zero of the run sheet moved from {was or '0min'} to {now or '0min'} after the start"
        )
        yield _same_place("run-sheet-changed", text, "run_sheet", OUTSIDE)
    old = {item.id: (at, item) for at, item in enumerate(_items(visit))}
    new = {item.id: (at, item) for at, item in enumerate(_items(other))}
    for name, (at, item) in new.items():
        place: Path = ("run_sheet", "items", at)
        if name not in old:
            breaks = None if item.optional or item.when else NEW_DUTY
            yield Aspect(
                "run-sheet-item-added",
                f"run sheet: `{name}` added ({_placing(item)})",
                ("run_sheet",),
                place,
                breaks,
            )
            continue
        was_at, before = old[name]
        for kind, text, breaks in _item_changes(before, item):
            yield Aspect(
                kind, f"run sheet: `{name}` {text}", ("run_sheet", "items", was_at), place, breaks
            )
    for name, (at, _) in old.items():
        if name not in new:
            place = ("run_sheet", "items", at)
            text = f"run sheet: `{name}` removed"
            yield Aspect("run-sheet-item-removed", text, place, ("run_sheet",), None)


def _items(visit: Visit) -> tuple[RunSheetItem, ...]:
    return () if visit.run_sheet is None else visit.run_sheet.items


def _placing(item: RunSheetItem) -> str:
    if item.at is not None:
        return f"at {item.at}"
    return f"{item.target if item.within is None else item.within} after `{item.after}`"


def _item_changes(old: RunSheetItem, new: RunSheetItem) -> Iterator[tuple[str, str, str | None]]:
    kind = "run-sheet-changed"
    if old.after != new.after:
        text = f"is placed {_placing(new)}, no longer {_placing(old)}"
        yield kind, text, OUTSIDE
    else:
        for what, was, now in (
            ("time", old.at, new.at),
            ("window", old.allowed, new.allowed),
        ):
            changed = window_change(what, was, now)
            if changed is not None:
                yield kind, changed[1], changed[2]
        if old.target != new.target:
            yield kind, f"target changed from {_said(old.target)} to {_said(new.target)}", None
    changed = window_change("duration", old.duration, new.duration)
    if changed is not None:
        yield kind, changed[1], changed[2]
    if (old.every, old.times) != (new.every, new.times):
        yield kind, f"is done {_often(new)}, no longer {_often(old)}", NEW_DUTY
    if old.optional != new.optional:
        yield (
            kind,
            "is no longer optional" if old.optional else "is optional from now on",
            NEW_DUTY if old.optional else None,
        )
    if old.when != new.when:
        text = f"condition changed from {_said(old.when)} to {_said(new.when)}"
        yield kind, text, NEW_DUTY if old.when and not new.optional else None
    if old.arms != new.arms:
        names = [", ".join(item.arms) or "all" for item in (old, new)]
        yield kind, f"arms changed from {names[0]} to {names[1]}", NEW_DUTY
    if old.activity != new.activity:
        breaks = None if new.activity is None else NEW_DUTY
        text = f"activity changed from {_said(old.activity)} to {_said(new.activity)}"
        yield kind, text, breaks
    for field in ("title", "kind"):
        old_value: Any = getattr(old, field)
        new_value: Any = getattr(new, field)
        if old_value != new_value:
            yield kind, f"{field} changed from {_said(old_value)} to {_said(new_value)}", None
    one_staff = None if old.staff is None else old.staff.roles
    other_staff = None if new.staff is None else new.staff.roles
    if one_staff != other_staff:
        yield kind, "is done by others", None


def _often(item: RunSheetItem) -> str:
    return "once" if item.every is None else f"{item.times} times every {item.every}"
