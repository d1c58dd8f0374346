"""The courses of the arms of a blinded study beside each other: what of them tells the arm.

What lies after a visit of kind `unblinding` may differ: there the arm is known. It is found here
like every other difference and marked as ``later``; the check `arms-part-at-unblinding` names it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from planner.checks.finding import Related
from planner.checks.framework import Flag
from planner.checks.identifiers import plural
from planner.checks.subject import Subject
from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.document import Path
from planner.protocol.references import cycle_times
from planner.protocol.visit import Duration, Overnight, RunSheet, Staffing
from planner.schedule.build import describe
from planner.time.date import format_time, format_time_range

if TYPE_CHECKING:
    from planner.checks.unblinding import Unblinding


_SEE_EVERYTHING = frozenset(("participant", "therapist", "investigator", "site"))


_SEEN = (
    "title", "kind", "mode", "duration", "overnight", "at", "weekdays", "room", "facility",
    "participants", "staff", "activities", "run_sheet", "optional", "when",
)  # fmt: skip


def _who_sees(subject: Subject) -> str:
    """Who must not tell the arms apart: at ``all`` visits, at those of ``raters``, or ``nobody``.

    A blinded design that does not say who is blinded is taken to blind the participant.
    """
    parties = subject.protocol.blinded
    if not subject.protocol.is_blinded:
        return "nobody"
    if not parties or _SEE_EVERYTHING.intersection(parties):
        return "all"
    return "raters" if "rater" in parties else "nobody"


def _pairs(subject: Subject) -> Iterator["_Two"]:
    """The first arm's course with that of each arm that differs from it."""
    if _who_sees(subject) != "nobody":
        first, *others = map(subject.course, subject.different_arms())
        for other in others:
            ends = None
            if any(visit.kind == "unblinding" for visit in first.visits):
                from planner.checks.unblinding import unblinding

                ends = unblinding(subject, first), unblinding(subject, other)
            yield _Two(first, other, ends)


def _visits(subject: Subject, course: Course) -> dict[str, Occurrence]:
    """The visits at which someone is who must not tell the arms apart, by id."""
    protocol = subject.protocol
    if _who_sees(subject) == "all":
        return {visit.id: visit for visit in course.visits}
    raters = {name for name, role in protocol.roles.items() if role.blinded}
    tasks = {name for name, activity in protocol.activities.items() if activity.by in raters}
    return {
        occurrence.id: occurrence
        for occurrence in course.visits
        if tasks.intersection(occurrence.visit.activities)
        or (occurrence.visit.staff is not None and raters & occurrence.visit.staff.roles.keys())
    }


class ArmDifference(NamedTuple):
    """What tells two arms apart: a message, its place, the other place, and what it is about.

    ``later`` is the unblinding after which all of it lies, whatever dates are chosen.
    """

    message: str
    path: Path
    other: Path | None
    about: tuple[str, ...]
    later: Occurrence | None = None

    @property
    def flag(self) -> Flag:
        """The difference as a check flags it, once for each two places."""
        related = [] if self.other is None else [Related("the other arm", self.other)]
        once = (self.path, self.other)
        return Flag(self.path, self.message, related=related, about=self.about, once=once)


class _Two(NamedTuple):
    """The courses of two arms, and where the blind of each is broken."""

    first: Course
    second: Course
    ends: "tuple[Unblinding, Unblinding] | None"

    def after(self, *names: str) -> Occurrence | None:
        """The unblinding of both arms, if these visits lie after it in each arm that has them."""
        if self.ends is None:
            return None
        mine, theirs = self.ends
        if mine.visit is None or theirs.visit is None or mine.visit.id != theirs.visit.id:
            return None
        chosen = set(names)
        late = mine.precedes(self.first, chosen) and theirs.precedes(self.second, chosen)
        return mine.visit if late else None


def visible_differences(subject: Subject) -> Iterator[ArmDifference]:
    """What of the visits, cycles and tracks tells two arms apart to who must not know them."""
    for two in _pairs(subject):
        first, second, _ = two
        yield from _different_cycles(subject, two)
        mine, theirs = _visits(subject, first), _visits(subject, second)
        yield from _only_in(subject, two, mine, theirs, first, second)
        yield from _only_in(subject, two, theirs, mine, second, first)
        for name in (name for name in mine if name in theirs):
            yield from _different_fields(mine[name], theirs[name], two)
        if _who_sees(subject) == "all":
            yield from _different_tracks(two)


def _cycles(subject: Subject, course: Course) -> dict[str, int]:
    return {
        epoch.id: cycle_times(epoch, course.arm)
        for epoch in subject.protocol.epochs
        if epoch.cycle is not None and (not epoch.arms or course.arm in epoch.arms)
    }


def _different_cycles(subject: Subject, two: _Two) -> Iterator[ArmDifference]:
    first, second, _ = two
    mine, theirs = _cycles(subject, first), _cycles(subject, second)
    for at, epoch in enumerate(subject.protocol.epochs):
        in_first, in_second = mine.get(epoch.id), theirs.get(epoch.id)
        if in_first is not None and in_second is not None and in_first != in_second:
            message = (
                f"`{epoch.id}` repeats {in_first} times in `{first.arm}` and {in_second} times in"
                f" `{second.arm}`"
            )
            visits = (*first.visits, *second.visits)
            repeated = [
                visit.id
                for visit in visits
                if visit.epoch is epoch and (visit.cycle or 1) > min(in_first, in_second)
            ]
            later = two.after(*repeated)
            yield ArmDifference(message, ("epochs", at, "cycle"), None, (epoch.id,), later)


def _only_in(
    subject: Subject,
    two: _Two,
    mine: dict[str, Occurrence],
    theirs: dict[str, Occurrence],
    course: Course,
    other: Course,
) -> Iterator[ArmDifference]:
    cycles = _cycles(subject, other)
    alone: dict[tuple[Path, bool], list[Occurrence]] = {}
    for name, visit in mine.items():
        # A cycle that repeats more often has been named as such.
        if name not in theirs and (visit.cycle or 1) <= cycles.get(
            visit.epoch.id, visit.cycle or 1
        ):
            alone.setdefault((visit.path[:2], two.after(name) is None), []).append(visit)
    for visits in alone.values():
        names = [visit.id for visit in visits]
        message = f"`{course.arm}` has {plural(names)}, which `{other.arm}` does not have"
        about = dict.fromkeys(name for visit in visits for name in (visit.id, visit.visit.id))
        yield ArmDifference(message, visits[0].path, None, tuple(about), two.after(names[0]))


def _different_fields(visit: Occurrence, other: Occurrence, two: _Two) -> Iterator[ArmDifference]:
    if visit.visit is other.visit:
        return
    first, second, _ = two
    for field in _SEEN:
        if field == "run_sheet" and not first.protocol.hides_run_sheets:
            continue
        mine, theirs = _written(visit, field), _written(other, field)
        if mine == theirs:
            continue
        message = f"`{visit.id}` reveals the arm by its {field.replace('_', ' ')}"
        if field != "run_sheet":
            message += f": {mine} in `{first.arm}`, {theirs} in `{second.arm}`"
        # Where something is written for one arm alone is where it can be mended.
        places = [_place(visit, first, field), _place(other, second, field)]
        places.sort(key=lambda path: "by_arm" not in path)
        names = (visit.id, visit.visit.id)
        yield ArmDifference(message, places[0], places[1], names, two.after(visit.id))


def _place(occurrence: Occurrence, course: Course, field: str) -> Path:
    arm = course.arm or ""
    difference = occurrence.visit.by_arm.get(arm)
    if difference is not None and field in difference.model_fields_set:
        return (*occurrence.path, "by_arm", arm, field)
    return (*occurrence.path, field)


def _written(occurrence: Occurrence, field: str) -> str:
    """What can be seen of one field, without its source, grade and note."""
    if field in ("title", "kind"):
        return f"`{getattr(occurrence, field)}`"
    value = getattr(occurrence.visit, field)
    if value is None or value == ():
        return "none"
    if isinstance(value, Duration):
        return str(value.value)
    if isinstance(value, Overnight):
        until = "" if value.until is None else f" until {format_time(value.until)}"
        return f"{value.nights} night{'s' if value.nights > 1 else ''}{until}"
    if isinstance(value, Staffing):
        return ", ".join(name if n is None else f"{n} {name}" for name, n in value.roles.items())
    if isinstance(value, RunSheet):
        seen = (
            "id",
            "title",
            "at",
            "after",
            "within",
            "target",
            "duration",
            "every",
            "times",
            "when",
        )
        items = [[str(getattr(item, name)) for name in seen] for item in value.items]
        return f"{value.zero} {items}"
    if field == "at":
        return format_time_range(value)
    if field == "participants":
        return f"{value.minimum}..{value.maximum}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plural(value) if isinstance(value, tuple) else f"`{value}`"


def _different_tracks(two: _Two) -> Iterator[ArmDifference]:
    first, second, ends = two
    mine, theirs = (
        {track.id: (track, start, until) for track, start, until in course.tracks}
        for course in (first, second)
    )
    for at, track in enumerate(first.protocol.tracks):
        in_first, in_second = mine.get(track.id), theirs.get(track.id)
        if in_first == in_second:
            continue
        path: Path = ("tracks", at)
        if in_first is None or in_second is None:
            has, lacks = (first, second) if in_second is None else (second, first)
            message = f"`{has.arm}` has the track `{track.id}`, which `{lacks.arm}` does not have"
        else:
            message = f"the track `{track.id}` differs between `{first.arm}` and `{second.arm}`"
        later = None
        if ends is not None and all(
            end.precedes_track(*points[:2])
            for end, points in zip(ends, (in_first, in_second), strict=True)
            if points is not None
        ):
            later = two.after()
        yield ArmDifference(message, path, None, (track.id,), later)


def different_timings(subject: Subject) -> Iterator[ArmDifference]:
    """What of the timings tells two arms apart to who must not know them."""
    for two in _pairs(subject):
        first, second, _ = two
        # Visits that one arm lacks are reported as such, not by their timings.
        others = _visits(subject, second)
        both = [name for name in _visits(subject, first) if name in others]
        mine, theirs = _rules(first), _rules(second)
        differ = False
        for name in both:
            in_first, in_second = mine.get(name, {}), theirs.get(name, {})
            only_mine = [rule for text, rule in in_first.items() if text not in in_second]
            only_theirs = [rule for text, rule in in_second.items() if text not in in_first]
            if not only_mine and not only_theirs:
                continue
            words = [
                f"{' and '.join(map(_short, rules)) or 'no such rule'} in `{arm}`"
                for rules, arm in ((only_mine, first.arm), (only_theirs, second.arm))
            ]
            message = f"`{name}` reveals the arm by its timing: {', '.join(words)}"
            places = [rules[0].path for rules in (only_mine, only_theirs) if rules]
            places.sort(key=lambda path: "by_arm" not in path)
            about = (name, first.visit(name).visit.id)
            later = two.after(name)
            differ = differ or later is None
            yield ArmDifference(message, places[0], places[1] if places[1:] else None, about, later)
        if two.after() is not None and not differ and not _part_before(subject):
            from planner.checks.unblinding import different_windows

            earlier = [first.visit(name) for name in both if two.after(name) is None]
            for visit, message in different_windows(subject, first, second, earlier):
                yield ArmDifference(message, visit.path, None, (visit.id, visit.visit.id))


def _part_before(subject: Subject) -> bool:
    return any(difference.later is None for difference in visible_differences(subject))


def _short(rule: TimingConstraint) -> str:
    return describe(rule).removeprefix(f"{rule.point.visit} ")


def _rules(course: Course) -> dict[str, dict[str, TimingConstraint]]:
    """The rules that place each visit, each by what it says."""
    rules: dict[str, dict[str, TimingConstraint]] = {}
    for rule in course.rules:
        rules.setdefault(rule.point.visit, {})[describe(rule)] = rule
    return rules
