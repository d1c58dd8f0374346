"""What differs in the study around its visits: arms, epochs, cycles, roles, tracks, conventions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from planner.protocol.between_participants import BetweenParticipants
from planner.protocol.change import Group
from planner.protocol.difference_visits import OUTSIDE
from planner.protocol.document import Path
from planner.protocol.model import Arm, Cycle, Decision, Epoch, Protocol, Role, Track
from planner.protocol.reminder import Reminder
from planner.time.date import format_time


class StudyChange(NamedTuple):
    """One difference outside the visits; places are paths in each file, ``None`` where absent."""

    kind: str
    subject: str
    id: str
    text: str
    old: Path | None
    new: Path | None
    breaks: str | None
    group: Group = "schedule"


_OTHERS = "participants may have to wait for one another, or change their dates"
_Placed = tuple[Path, Any]
_Difference = tuple[str, str | None]
"""What differs, and why it is breaking."""
_KINDS = {
    "arm": ("added", "removed"),
    "track": ("added", "removed"),
    "reminder": ("added", "removed"),
}
"""The ends of the kinds of changes where they are not `-defined` and `-dropped`."""
_IDENTITY = (
    "id", "title", "version", "date", "status", "registry", "identity", "allocation", "substance",
    "condition",
)  # fmt: skip


def study_changes(
    old: Protocol, new: Protocol, epochs: Mapping[str, str], visits: Mapping[str, str]
) -> Iterator[StudyChange]:
    """The differences outside the visits.

    Args:
        old: the old version.
        new: the new one.
        epochs: the id that each epoch of the old version has in the new one, where it has one.
        visits: new ids, by the old ones, of visits that only have another.
    """
    yield from _identity(old, new)
    yield from _conventions(old, new, visits)
    yield from _entries("arm", "arms", old, new, _arm)
    yield from _epochs(old, new, epochs)
    yield from _entries("role", "roles", old, new, _role)
    yield from _entries("activity", "activities", old, new, _fields("title", "by", "endpoint"))
    yield from _entries("gate", "gates", old, new, _fields("title"))
    yield from _entries("decision", "decisions", old, new, _decision)
    yield from _entries("track", "tracks", old, new, _track)
    yield from _entries("reminder", "reminders", old, new, _reminder)
    yield from _entries("between-participants", "between_participants", old, new, _between)


def _text(value: object) -> str:
    if value is None or value == () or value == "":
        return "nothing"
    if type(value) is tuple:  # values that are tuples themselves are written as one
        return ", ".join(str(part) for part in value)
    return f"{value}"


def _changed(words: str, was: object, now: object) -> str:
    return f"{words} changed from {_text(was)} to {_text(now)}"


def _identity(old: Protocol, new: Protocol) -> Iterator[StudyChange]:
    for field in _IDENTITY:
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            text, path = _changed(field, was, now), (field,)
            kind = f"{field}-changed"
            yield StudyChange(kind, "protocol", old.id, text, path, path, None, "identity")
    for field, words in (("design", "design"), ("blinded", "who is blinded")):
        was, now = getattr(old, field), getattr(new, field)
        if set(was) != set(now):
            text, path = _changed(words, was, now), (field,)
            yield StudyChange(f"{field}-changed", "protocol", old.id, text, path, path, None)


def _conventions(old: Protocol, new: Protocol, visits: Mapping[str, str]) -> Iterator[StudyChange]:
    def changed(field: str, text: str, breaks: str | None) -> StudyChange:
        is_own = field in ("anchor", "day_zero", "order")
        path: Path = (field,) if is_own else ("conventions", field)
        kind = f"{field.replace('_', '-')}-changed"
        return StudyChange(kind, "convention", field, text, path, path, breaks)

    word = old.anchor
    if word._replace(visit=visits.get(word.visit, word.visit)) != new.anchor:
        text = f"study days count from `{new.anchor}` instead of `{old.anchor}`"
        yield changed("anchor", text, "plans are begun by the date of another visit")
    if old.day_zero != new.day_zero:
        text = (
            "the anchor's date is Day 0 now" if new.day_zero else "the anchor's date is Day 1 now"
        )
        yield changed("day_zero", text, None)
    if old.order != new.order:
        breaks = OUTSIDE if new.order == "listed" else None
        yield changed("order", _changed("order", old.order, new.order), breaks)
    conventions, other = old.conventions, new.conventions
    if conventions.visit_time != other.visit_time:
        was, now = format_time(conventions.visit_time), format_time(other.visit_time)
        yield changed("visit_time", f"preferred time of day moved from {was} to {now}", None)
    if conventions.leave_time != other.leave_time:
        was, now = format_time(conventions.leave_time), format_time(other.leave_time)
        text = f"time of leaving after a night moved from {was} to {now}"
        yield changed("leave_time", text, OUTSIDE if _stays(new) else None)
    if conventions.visit_length != other.visit_length:
        text = _changed("visit_length", conventions.visit_length, other.visit_length)
        yield changed("visit_length", text, None)
    if conventions.target_without_window != other.target_without_window:
        was_word, now_word = conventions.target_without_window, other.target_without_window
        text = f"a target without a window is {now_word}, no longer {was_word}"
        narrows = now_word == "exact" and _bare_targets(new)
        yield changed("target_without_window", text, OUTSIDE if narrows else None)
    if conventions.weights != other.weights:
        yield changed("weights", "the weights of days off target changed", None)


def _stays(protocol: Protocol) -> bool:
    return any(
        visit.overnight is not None and visit.overnight.until is None
        for epoch in protocol.epochs
        for visit in epoch.visits
    )


def _bare_targets(protocol: Protocol) -> bool:
    for epoch in protocol.epochs:
        for visit in epoch.visits:
            holders: list[Any] = [visit, *visit.by_arm.values()]
            for holder in holders:
                for field in ("after", "before", "first", "next"):
                    timings = getattr(holder, field) or ()
                    if any(timing.allowed is None and timing.window is None for timing in timings):
                        return True
    return False


def _arm(old: Arm, new: Arm) -> Iterator[_Difference]:
    # What an arm receives is a text of the publication: it is never set against another.
    yield from _fields("title")(old, new)
    if old.label != new.label:
        yield "label is worded differently", None
    if old.periods != new.periods:
        yield "periods are labelled differently", None


def _epochs(old: Protocol, new: Protocol, epochs: Mapping[str, str]) -> Iterator[StudyChange]:
    was = {epoch.id: (at, epoch) for at, epoch in enumerate(old.epochs)}
    now = {epoch.id: (at, epoch) for at, epoch in enumerate(new.epochs)}
    for name, (at, _) in now.items():
        if name not in epochs.values():
            yield StudyChange(
                "epoch-added", "epoch", name, "epoch added", None, ("epochs", at), None
            )
    for name, (at, epoch) in was.items():
        if name not in epochs:
            yield StudyChange(
                "epoch-removed", "epoch", name, "epoch removed", ("epochs", at), None, None
            )
            continue
        new_at, after = now[epochs[name]]
        places: tuple[Path, Path] = ("epochs", at), ("epochs", new_at)
        if after.id != name:
            text = f"epoch is called `{after.id}` now, no longer `{name}`"
            yield StudyChange("epoch-renamed", "epoch", after.id, text, *places, None)
        for field in ("title", "kind", "order"):
            old_value, new_value = getattr(epoch, field), getattr(after, field)
            if old_value != new_value:
                text = _changed(field, old_value, new_value)
                breaks = OUTSIDE if field == "order" and after.order == "listed" else None
                yield StudyChange("epoch-changed", "epoch", after.id, text, *places, breaks)
        yield from _cycle(epoch, after, places)
    kept = [epochs[epoch.id] for epoch in old.epochs if epoch.id in epochs]
    order = [epoch.id for epoch in new.epochs if epoch.id in kept]
    for name, before in moved(kept, order):
        at = now[name][0]
        text = f"is listed {before} now"
        yield StudyChange("epoch-order", "epoch", name, text, None, ("epochs", at), None)


def moved(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The fewest ids whose moving makes one order the other, each with where it stands now.

    Both hold the same ids. The others are a longest common subsequence (an increasing one).
    """
    rank = {name: at for at, name in enumerate(old)}
    best: list[tuple[int, int]] = []  # length of the longest run up to here, and what precedes
    for at, name in enumerate(new):
        length, before = 1, -1
        for earlier in range(at):
            if rank[new[earlier]] < rank[name] and best[earlier][0] + 1 > length:
                length, before = best[earlier][0] + 1, earlier
        best.append((length, before))
    stay = set()
    at = max(range(len(new)), key=lambda number: best[number][0], default=-1)
    while at >= 0:
        stay.add(at)
        at = best[at][1]
    for at, name in enumerate(new):
        if at not in stay:
            yield name, f"after `{new[at - 1]}`" if at else "first"


def _cycle(old: Epoch, new: Epoch, places: tuple[Path, Path]) -> Iterator[StudyChange]:
    paths: tuple[Path, Path] = (*places[0], "cycle"), (*places[1], "cycle")
    cycle, other = old.cycle, new.cycle
    if cycle is None and other is not None:
        text = "visits repeat now: each id has the number of its cycle"
        yield StudyChange(
            "cycle-added", "epoch", new.id, text, *paths, "its visits have other ids now"
        )
    elif cycle is not None and other is None:
        text = "visits no longer repeat: ids have no number of a cycle"
        yield StudyChange(
            "cycle-removed", "epoch", new.id, text, *paths, "its visits have other ids now"
        )
    elif cycle is not None and other is not None:
        yield from _rounds(cycle, other, new.id, paths)


def _rounds(
    cycle: Cycle, other: Cycle, name: str, paths: tuple[Path, Path]
) -> Iterator[StudyChange]:
    if cycle.until != other.until:
        text = f"cycle ends by {_ending(other)}, no longer by {_ending(cycle)}"
        yield StudyChange(
            "cycle-ends",
            "epoch",
            name,
            text,
            *paths,
            "the number of visits is decided in another way",
        )
    was = {pause.after: pause.length for pause in cycle.breaks}
    now = {pause.after: pause.length for pause in other.breaks}
    for after in sorted({*was, *now}):
        if was.get(after) == now.get(after):
            continue
        if after not in was:
            text = f"break of {now[after]} after cycle {after} added"
        elif after not in now:
            text = f"break of {was[after]} after cycle {after} removed"
        else:
            text = f"break after cycle {after} changed from {was[after]} to {now[after]}"
        # The visits after it, whose windows it moves, are told too.
        yield StudyChange("break-changed", "epoch", name, text, *paths, OUTSIDE)


def _ending(cycle: Cycle) -> str:
    return "number alone" if cycle.until is None else f"`{cycle.until}`"


def _placed(field: str, entries: Mapping[str, Any] | Sequence[Any]) -> dict[str, _Placed]:
    """The things of a dictionary or a list by id, each with its place in the file."""
    if isinstance(entries, Mapping):
        return {name: ((field, name), entry) for name, entry in entries.items()}
    return {entry.id: ((field, at), entry) for at, entry in enumerate(entries)}


def _entries(
    subject: str,
    field: str,
    old: Protocol,
    new: Protocol,
    compare: Callable[[Any, Any], Iterator[_Difference]],
) -> Iterator[StudyChange]:
    """The differences between the things with ids that two versions have in one field."""
    was, now = (_placed(field, getattr(protocol, field)) for protocol in (old, new))
    added, removed = _KINDS.get(subject, ("defined", "dropped"))
    for name, (path, entry) in now.items():
        if name not in was:
            text, breaks = _added(subject, entry)
            yield StudyChange(f"{subject}-{added}", subject, name, text, None, path, breaks)
            continue
        old_path, before = was[name]
        for text, breaks in compare(before, entry):
            yield StudyChange(f"{subject}-changed", subject, name, text, old_path, path, breaks)
    for name, (path, entry) in was.items():
        if name not in now:
            text, breaks = _removed(subject, entry)
            yield StudyChange(f"{subject}-{removed}", subject, name, text, path, None, breaks)


def _added(subject: str, entry: Any) -> _Difference:
    if isinstance(entry, Reminder):
        breaks = "it has to be done in addition" if entry.required else None
        return f"reminder added: {entry.title}, {entry}", breaks
    if isinstance(entry, Track):
        return f"{entry.kind} added from `{entry.start}` on", "a new duty for participants"
    if isinstance(entry, BetweenParticipants):
        return f"{entry}", _OTHERS
    return f"{subject} added", None


def _removed(subject: str, entry: Any) -> _Difference:
    if isinstance(entry, Track):
        return f"{entry.kind} removed", None
    if isinstance(entry, BetweenParticipants):
        return f"no longer: {entry}", None
    allocated = "participants allocated to it have no schedule"
    return f"{subject} removed", allocated if subject == "arm" else None


def _fields(*names: str) -> Callable[[Any, Any], Iterator[_Difference]]:
    def compare(old: Any, new: Any) -> Iterator[_Difference]:
        for name in names:
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                yield _changed(name, was, now), None

    return compare


def _role(old: Role, new: Role) -> Iterator[_Difference]:
    yield from _fields("title", "count", "continuity")(old, new)
    if old.blinded != new.blinded:
        yield "blinded from now on" if new.blinded else "no longer blinded", None
    if set(old.never_with) != set(new.never_with):
        yield _changed("visits it is kept from", old.never_with, new.never_with), None


def _decision(old: Decision, new: Decision) -> Iterator[_Difference]:
    yield from _fields("title")(old, new)
    for name, words in (("condition", "condition"), ("expression", "condition on facts")):
        was, now = getattr(old, name), getattr(new, name)
        if str(was) != str(now):
            yield _changed(words, was, now), "the decision can have another result"


def _reminder(old: Reminder, new: Reminder) -> Iterator[_Difference]:
    yield from _fields("title", "role")(old, new)
    breaks = "what was in time no longer is" if new.required else None
    if str(old) != str(new):
        yield _changed("date", old, new), breaks
    if old.required != new.required:
        yield "required from now on" if new.required else "no longer required", breaks
    if set(old.arms) != set(new.arms):
        yield _changed("arms", old.arms or "all", new.arms or "all"), None


def _track(old: Track, new: Track) -> Iterator[_Difference]:
    yield from _fields("title", "kind")(old, new)
    words = {
        "start": "first day's visit", "offset": "first day", "every": "step", "times": "number",
        "until": "last day's visit", "duration": "duration",
    }  # fmt: skip
    for field, word in words.items():
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            yield _changed(word, was, now), OUTSIDE
    if old.at != new.at:
        was_at, now_at = (", ".join(map(format_time, at)) or "any" for at in (old.at, new.at))
        yield f"time of day changed from {was_at} to {now_at}", OUTSIDE
    if set(old.arms) != set(new.arms):
        text = _changed("arms", old.arms or "all", new.arms or "all")
        narrower = not new.arms or (old.arms and set(new.arms) - set(old.arms))
        yield text, "other arms have it, too" if narrower else None


def _between(old: BetweenParticipants, new: BetweenParticipants) -> Iterator[_Difference]:
    if str(old) != str(new):
        yield f"{new}; until now: {old}", _OTHERS
