"""Checks of the blinding family: nothing that can be seen may tell the arm."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.checks.entries import plural
from planner.checks.registry import Finding, Related, Subject, check
from planner.dates import format_time
from planner.protocol.course import Course, Occurrence, Rule
from planner.protocol.model import BLINDED_DESIGNS
from planner.protocol.reading import Path
from planner.protocol.references import cycle_times
from planner.protocol.visit import Duration, Overnight, RunSheet, Staffing
from planner.schedule.build import describe

_SEE_EVERYTHING = frozenset(("participant", "therapist", "investigator", "site"))
_SEEN = (
    "title", "kind", "mode", "duration", "overnight", "at", "weekdays", "room", "participants",
    "staff", "activities", "run_sheet", "optional", "when",
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


def _pairs(subject: Subject) -> Iterator[tuple[Course, Course]]:
    """The first arm's course with that of each arm that differs from it."""
    if _who_sees(subject) != "nobody":
        first, *others = subject.different_arms()
        for other in others:
            yield subject.course(first), subject.course(other)


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


class _Difference(NamedTuple):
    """What tells two arms apart: a message, its place, the other place, and what it is about."""

    message: str
    path: Path
    other: Path | None
    about: tuple[str, ...]


def _findings(check_id: str, differences: Iterator[_Difference]) -> Iterator[Finding]:
    reported: set[tuple[Path, Path | None]] = set()
    for found in differences:
        place = (found.path, found.other)
        if place not in reported:
            reported.add(place)
            related = () if found.other is None else (Related("the other arm", found.other),)
            path, about = found.path, found.about
            yield Finding(check_id, "error", found.message, path, None, related, about)


@check(
    "visits-tell-arms",
    "error",
    "arms of a blinded design whose visits differ",
    what="In a blinded design one arm has visits, cycles or tracks that another has not, or a"
    " visit differs in its title, duration, overnight stay, mode, time of day, weekdays, room,"
    " staff, activities or run sheet. Where only raters are blinded, only their visits count.",
    why="Participants compare their calendars, and staff see them. Whatever differs by arm tells"
    " the arm.",
    bad="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        duration: 8h
        after: {visit: baseline, within: 1w}
        by_arm: {placebo: {duration: 4h}}
""",
    good="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, duration: 8h, after: {visit: baseline, within: 1w}}
""",
)
def _visits_tell_arms(subject: Subject) -> Iterator[Finding]:
    yield from _findings("visits-tell-arms", _visible_differences(subject))


def _visible_differences(subject: Subject) -> Iterator[_Difference]:
    for first, second in _pairs(subject):
        yield from _different_cycles(subject, first, second)
        mine, theirs = _visits(subject, first), _visits(subject, second)
        yield from _only_in(subject, mine, theirs, first, second)
        yield from _only_in(subject, theirs, mine, second, first)
        for name in (name for name in mine if name in theirs):
            yield from _different_fields(mine[name], theirs[name], first, second)
        if _who_sees(subject) == "all":
            yield from _different_tracks(first, second)


def _cycles(subject: Subject, course: Course) -> dict[str, int]:
    return {
        epoch.id: cycle_times(epoch, course.arm)
        for epoch in subject.protocol.epochs
        if epoch.cycle is not None and (not epoch.arms or course.arm in epoch.arms)
    }


def _different_cycles(subject: Subject, first: Course, second: Course) -> Iterator[_Difference]:
    mine, theirs = _cycles(subject, first), _cycles(subject, second)
    for at, epoch in enumerate(subject.protocol.epochs):
        one, other = mine.get(epoch.id), theirs.get(epoch.id)
        if one is not None and other is not None and one != other:
            message = (
                f"`{epoch.id}` repeats {one} times in `{first.arm}` and {other} times in"
                f" `{second.arm}`"
            )
            yield _Difference(message, ("epochs", at, "cycle"), None, (epoch.id,))


def _only_in(
    subject: Subject,
    mine: dict[str, Occurrence],
    theirs: dict[str, Occurrence],
    course: Course,
    other: Course,
) -> Iterator[_Difference]:
    cycles = _cycles(subject, other)
    alone: dict[Path, list[Occurrence]] = {}
    for name, visit in mine.items():
        # A cycle that repeats more often has been named as such.
        if name not in theirs and (visit.cycle or 1) <= cycles.get(
            visit.epoch.id, visit.cycle or 1
        ):
            alone.setdefault(visit.path[:2], []).append(visit)
    for visits in alone.values():
        names = [visit.id for visit in visits]
        message = f"`{course.arm}` has {plural(names)}, which `{other.arm}` has not"
        about = dict.fromkeys(name for one in visits for name in (one.id, one.visit.id))
        yield _Difference(message, visits[0].path, None, tuple(about))


def _different_fields(
    one: Occurrence, other: Occurrence, first: Course, second: Course
) -> Iterator[_Difference]:
    if one.visit is other.visit:
        return
    for field in _SEEN:
        mine, theirs = _written(one, field), _written(other, field)
        if mine == theirs:
            continue
        message = f"`{one.id}` tells the arms apart by its {field.replace('_', ' ')}"
        if field != "run_sheet":
            message += f": {mine} in `{first.arm}`, {theirs} in `{second.arm}`"
        # Where something is written for one arm alone is where it can be mended.
        places = [_place(one, first, field), _place(other, second, field)]
        places.sort(key=lambda path: "by_arm" not in path)
        yield _Difference(message, places[0], places[1], (one.id, one.visit.id))


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
        seen = ("id", "title", "at", "after", "within", "target", "duration", "every", "times")
        items = [[str(getattr(item, name)) for name in seen] for item in value.items]
        return f"{value.zero} {items}"
    if field == "at":
        first, last = map(format_time, value)
        return first if first == last else f"{first}..{last}"
    if field == "participants":
        return f"{value.least}..{value.most}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plural(value) if isinstance(value, tuple) else f"`{value}`"


def _different_tracks(first: Course, second: Course) -> Iterator[_Difference]:
    mine, theirs = (
        {track.id: (track, start, until) for track, start, until in course.tracks}
        for course in (first, second)
    )
    for at, track in enumerate(first.protocol.tracks):
        one, other = mine.get(track.id), theirs.get(track.id)
        if one == other:
            continue
        path: Path = ("tracks", at)
        if one is None or other is None:
            has, lacks = (first, second) if other is None else (second, first)
            message = f"`{has.arm}` has the track `{track.id}`, which `{lacks.arm}` has not"
        else:
            message = f"the track `{track.id}` differs between `{first.arm}` and `{second.arm}`"
        yield _Difference(message, path, None, (track.id,))


@check(
    "windows-tell-arms",
    "error",
    "arms of a blinded design whose timings differ",
    what="In a blinded design a visit has other timings or constraints in one arm than in another:"
    " another window, another target or another reference. Where only raters are blinded, only the"
    " visits at which they are count.",
    why="A date that only one arm allows tells the arm, as would a window written in a calendar.",
    bad="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 1w..3w}
        by_arm: {placebo: {after: {visit: baseline, within: 1w..2w}}}
""",
    good="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..3w}}
""",
)
def _windows_tell_arms(subject: Subject) -> Iterator[Finding]:
    yield from _findings("windows-tell-arms", _different_rules(subject))


def _different_rules(subject: Subject) -> Iterator[_Difference]:
    for first, second in _pairs(subject):
        # Visits that one arm lacks are reported as such, not by their timings.
        others = _visits(subject, second)
        both = [name for name in _visits(subject, first) if name in others]
        mine, theirs = _rules(first), _rules(second)
        for name in both:
            one, other = mine.get(name, {}), theirs.get(name, {})
            only_mine = [rule for text, rule in one.items() if text not in other]
            only_theirs = [rule for text, rule in other.items() if text not in one]
            if not only_mine and not only_theirs:
                continue
            words = [
                f"{' and '.join(map(_short, rules)) or 'no such rule'} in `{arm}`"
                for rules, arm in ((only_mine, first.arm), (only_theirs, second.arm))
            ]
            message = f"`{name}` tells the arms apart by its timing: {', '.join(words)}"
            places = [rules[0].path for rules in (only_mine, only_theirs) if rules]
            places.sort(key=lambda path: "by_arm" not in path)
            about = (name, first.visit(name).visit.id)
            yield _Difference(message, places[0], places[1] if places[1:] else None, about)


def _short(rule: Rule) -> str:
    return describe(rule).removeprefix(f"{rule.point.visit} ")


def _rules(course: Course) -> dict[str, dict[str, Rule]]:
    """The rules that place each visit, each by what it says."""
    found: dict[str, dict[str, Rule]] = {}
    for rule in course.rules:
        found.setdefault(rule.point.visit, {})[describe(rule)] = rule
    return found


@check(
    "blinded-parties",
    "note",
    "a blinded design that does not say who is blinded",
    what="The design is blinded, and `blinded:` names nobody.",
    why="Outputs hide what would unblind; for whom they must do so is then a guess: the planner"
    " takes the participant.",
    bad="design: double-blind\n",
    good="design: double-blind\nblinded: [participant, rater]\n",
)
def _blinded_parties(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    words = [word for word in protocol.design if word in BLINDED_DESIGNS]
    if words and not protocol.blinded:
        message = f"the design is `{words[0]}`, and `blinded:` does not say who"
        hint = "add `blinded:`, as in `blinded: [participant, rater]`"
        yield Finding("blinded-parties", "note", message, ("design",), hint, (), (words[0],))


_OPPOSITES = (
    ("open-label", BLINDED_DESIGNS),
    ("single-group", ("parallel", "crossover", "wait-list")),
)


@check(
    "contradictory-design",
    "error",
    "a design that contradicts itself",
    what="`design:` names two that exclude each other (open label and blinded, a single group and"
    " parallel groups), an open-label design blinds the participant, or a single group has"
    " several arms.",
    why="What may be shown to whom follows from the design, so it must be one.",
    bad="design: [open-label, double-blind]\nblinded: participant\n",
    good="design: open-label\n",
)
def _contradictory_design(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    design = protocol.design
    found: list[tuple[str, Path]] = []
    for word, others in _OPPOSITES:
        clash = [other for other in others if other in design]
        if word in design and clash:
            found.append((f"the design cannot be both `{word}` and `{clash[0]}`", ("design",)))
    blind = [word for word in design if word in BLINDED_DESIGNS]
    if len(blind) > 1:
        message = f"the design cannot be both `{blind[0]}` and `{blind[1]}`"
        found.append((message, ("design",)))
    if "open-label" in design and not blind and "participant" in protocol.blinded:
        message = "an open-label design does not blind the `participant`"
        found.append((message, ("blinded",)))
    if "single-group" in design and len(protocol.arms) > 1:
        found.append((f"a single group has {len(protocol.arms)} arms", ("arms",)))
    for message, path in found:
        yield Finding("contradictory-design", "error", message, path, about=design)
