"""Checks of the time family: visits without a window, and windows that promise too much."""

from collections.abc import Iterator

from planner.checks.finding import Finding
from planner.checks.framework import check
from planner.checks.rooms import (
    about,
    because,
    consistent_arms,
    left_of_rules,
    shown,
    shown_target,
    side,
)
from planner.checks.subject import Subject
from planner.network.temporal import Network
from planner.network.windows import distance, is_redundant
from planner.protocol.course import Course, Occurrence, Rule
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.schedule.build import Schedule, Statement, build_schedule
from planner.schedule.windows import Room, effective_windows, limiting_statements


@check(
    "no-window",
    "warning",
    "a visit without a window",
    what="A visit other than the anchor whose timings give a target and no allowed distances, and"
    " that no other rule bounds. ICH M11 asks for a window on every visit. The finding says which"
    " of two readings the file declares by `target_without_window`: `exact` (that very day) or"
    " `preferred` (any day may do). `window: not-published` says that no text states one, which is"
    " an answer in all files but those of the status `draft`; without a target, too, the visit has"
    " no more than an order.",
    why="Sites read it both ways: as a date that a weekend makes a deviation, or as a wish.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w, within: ±3d}}
""",
)
def _no_window(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        aims: dict[str, Rule] = {}
        bounded = {course.anchor}
        for rule in course.rules:
            if rule.window is not None:
                bounded |= {rule.reference.visit, rule.point.visit}
            elif rule.target is not None or rule.point.visit not in aims:
                aims[rule.point.visit] = rule
        for occurrence in course.visits:
            aim = aims.get(occurrence.id)
            if occurrence.id in bounded or occurrence.path in told or aim is None:
                continue
            if aim.order is None:
                found = _unwindowed(course, occurrence, aim)
            elif aim.target is None:
                found = _undated(course, occurrence, aim)
            elif course.protocol.status == "draft":
                found = _undecided(course, occurrence, aim)
            else:
                continue
            told.add(occurrence.path)
            yield found


def _undated(course: Course, occurrence: Occurrence, rule: Rule) -> Finding:
    message = f"nothing says when `{occurrence.id}` is, but that it lies {side(rule)}"
    hint = "give a `target:`, graded `assumed` where no text has one"
    names = about(course, occurrence.id)
    return Finding("no-window", "warning", message, rule.path, hint, about=names)


def _undecided(course: Course, occurrence: Occurrence, rule: Rule) -> Finding:
    message = (
        f"`{occurrence.id}` has no window: `not-published` says what a publication leaves out, and"
        " this protocol is a draft"
    )
    hint = "write the allowed distances, such as `within: ±3d`; ICH M11 asks for them"
    names = about(course, occurrence.id)
    return Finding("no-window", "warning", message, rule.path, hint, about=names)


def _unwindowed(course: Course, occurrence: Occurrence, aim: Rule) -> Finding:
    target = f"{shown_target(aim)} {side(aim)}"
    exact, preferred = "that very day", "a preference"
    word = course.protocol.conventions.target_without_window
    read, other = (exact, preferred) if word == "exact" else (preferred, exact)
    message = (
        f"`{occurrence.id}` has no window: its target, {target}, is read as {read}"
        f" (`target_without_window: {word}`), not as {other}"
    )
    hint = "write the allowed distances, such as `within: ±1d`; ICH M11 asks for them"
    return Finding(
        "no-window", "warning", message, aim.path, hint, about=about(course, occurrence.id)
    )


@check(
    "open-window",
    "note",
    "a visit that may be as late or as early as one likes",
    what="A visit whose timings together leave one side open: nothing says how late, or how early,"
    " it may be, counted from the anchor.",
    why="Without a last day a visit is never missed, and nobody knows when a participant is done.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 2w..}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 2w..4w}}
""",
)
def _open_window(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for arm in consistent_arms(subject):
        course = subject.course(arm)
        windows = effective_windows(subject.schedule(arm))
        for occurrence in course.visits:
            window = windows.get(occurrence.id)
            if occurrence.path in told or window is None or None not in window:
                continue
            if occurrence.visit.unscheduled:  # it becomes due whenever something happens
                continue
            rules = [
                one
                for one in course.rules
                if one.point.visit == occurrence.id and one.window is not None
            ]
            sides = [
                word
                for word, end in (("early", 0), ("late", 1))
                if window[end] is None
                # Where the reference is open itself, the finding is there.
                and all(windows[one.reference.visit][end] is not None for one in rules)
            ]
            if rules and len(sides) == 1:
                told.add(occurrence.path)
                message = f"nothing says how {sides[0]} `{occurrence.id}` may be"
                names = about(course, occurrence.id)
                yield Finding("open-window", "note", message, rules[0].path, about=names)


@check(
    "narrow-window",
    "warning",
    "a window of which other rules leave less than half",
    what="A window with two ends, of whose days all rules together leave less than half. The"
    " finding names what is left and the rules that take the rest.",
    why="The written window promises room that is not there; whoever plans by it plans visits"
    " that cannot be followed up in time.",
    bad="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..30d}
""",
    good="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..5w}
""",
)
def _narrow_window(subject: Subject) -> Iterator[Finding]:
    worst: dict[Path, tuple[float, Schedule, Room]] = {}
    for schedule, left in subject.once(left_of_rules):
        for room in left:
            share = _share(room)
            if share < 0.5 and share < worst.get(room.rule.path, (1.0,))[0]:
                worst[room.rule.path] = (share, schedule, room)
    for path, (_, schedule, room) in worst.items():
        related: list[Statement] = []
        for at, late in ((0, False), (1, True)):
            if room.left[at] != room.written[at]:
                related += limiting_statements(schedule, room, late=late)
        rule = room.rule
        unit = "minutes" if room.clock else "days"
        message = (
            f"`{rule.name}` allows {shown(room, room.written)}, but all rules together leave"
            f" {shown(room, room.left)} of it: {_size(room.left)} of {_size(room.written)} {unit}"
        )
        names = about(schedule.course, rule.point.visit)
        yield Finding("narrow-window", "warning", message, path, None, because((*related,)), names)


def _size(span: tuple[int | None, int | None]) -> int:
    first, last = span
    return 0 if first is None or last is None else last - first + 1


def _share(room: Room) -> float:
    """How much of a window with two ends is left; all of it where it is exact or open."""
    window = room.rule.window
    if window is None or window.earliest == window.latest or None in room.written:
        return 1.0
    return _size(room.left) / max(1, _size(room.written))


@check(
    "redundant-rule",
    "note",
    "a rule that changes nothing",
    what="A timing or constraint without a target whose window follows from the other rules, in"
    " every arm and with or without the optional visits.",
    why="It looks like a limit and is none. Often one of its numbers is not what was meant.",
    bad="""\
constraints:
  - {id: rest, from: dosing, to: endpoint, within: 1w..}
""",
    good="""\
constraints:
  - {id: rest, from: dosing, to: endpoint, within: 33d..}
""",
)
def _redundant_rule(subject: Subject) -> Iterator[Finding]:
    schedules = [subject.schedule(arm) for arm in consistent_arms(subject)]
    if len(schedules) < len(subject.different_arms()):
        return
    for schedule in schedules[:]:
        visits = schedule.course.visits
        if any(one.visit.optional or one.visit.when or one.visit.unscheduled for one in visits):
            least = expand(subject.protocol, schedule.course.arm, with_visits=())
            schedules.append(build_schedule(least))
    needed: set[Path] = set()
    idle: dict[Path, tuple[Course, Rule]] = {}
    for schedule in schedules:
        _sort_out(schedule, needed, idle)
    for path, (course, rule) in idle.items():
        if path not in needed:
            names = about(course, rule.reference.visit, rule.point.visit)
            occurrence = course.visit(rule.point.visit)
            # All occurrences of the line are meant, so it goes by its visit's name.
            name = occurrence.visit.id + rule.name.removeprefix(occurrence.id)
            name = rule.name if path[0] == "constraints" else name
            message = f"`{name}` changes nothing: the other rules already say as much"
            hint = "leave it out, or check its numbers"
            yield Finding("redundant-rule", "note", message, path, hint, about=names)


def _sort_out(schedule: Schedule, needed: set[Path], idle: dict[Path, tuple[Course, Rule]]) -> None:
    """Marks the lines that change something in a course, and those of which no rule does.

    Of lines that say the same, the last one changes nothing.
    """
    network = schedule.network
    lines: dict[Path, list[int]] = {}
    for number, statement in enumerate(schedule.statements):
        rule = statement.rule
        if rule is None or rule.target is not None or rule.order is not None:
            continue
        if rule.path not in needed:
            lines.setdefault(rule.path, []).append(number)
    for path, numbers in reversed(lines.items()):
        # The cheap question first: most lines are needed, and one needed rule of a line is enough.
        rest = None
        if all(is_redundant(network, number) for number in numbers):
            rest = _without(network, numbers)
        if rest is None:
            needed.add(path)
        else:
            network = rest
            rule = schedule.statements[numbers[0]].rule
            assert rule is not None
            idle.setdefault(path, (schedule.course, rule))


def _without(network: Network, numbers: list[int]) -> Network | None:
    """The network without some rules, if it implies all that they say."""
    rest, nodes, _ = network.excluding(numbers)
    if len(numbers) == 1:  # has been asked already
        return rest
    at = {node: number for number, node in enumerate(nodes)}
    for bound in network.bounds:
        if bound.rule in numbers:
            if bound.tail not in at or bound.head not in at:
                return None
            least, most = distance(rest, at[bound.tail], at[bound.head], coarse=bound.coarse)
            if bound.least is not None and (least is None or least < bound.least):
                return None
            if bound.most is not None and (most is None or most > bound.most):
                return None
    return rest
