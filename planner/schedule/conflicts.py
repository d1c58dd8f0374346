"""Why no schedule satisfies a protocol, in its own words: rules, arithmetic and what would help."""

from collections.abc import Iterable
from typing import NamedTuple

from planner.brevity import brief
from planner.network.conflict import Conflict, Relaxation, WalkStep, independent_conflicts
from planner.network.temporal import Network
from planner.network.windows import is_consistent
from planner.protocol.course import TimingConstraint
from planner.protocol.document import Path
from planner.schedule.build import RuleSource, Schedule, bounding_window, describe_order
from planner.time.date import format_time
from planner.time.distance import (
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
    Window,
    turned,
)

_REPEATS = 8
"""A contradiction inside a cycle comes back in each round; so many are looked at for one."""


class Clash(NamedTuple):
    """Statements that cannot all hold, though any all but one of them can.

    ``arithmetic`` writes out why; ``relaxations`` are the smallest changes, any one of which makes
    these statements hold together.
    """

    statements: tuple[RuleSource, ...]
    arithmetic: str
    relaxations: tuple[str, ...]


def find_clashes(schedule: Schedule, limit: int = 5) -> list[Clash]:
    """Up to ``limit`` independent contradictions among the rules; none if all can hold.

    Of those that consist of the same lines of the file, in another round of a cycle, only the
    first is told.

    Args:
        schedule: of any network, consistent or not.
        limit: 1 or more.
    """
    most = limit if limit == 1 else limit * _REPEATS
    first: dict[frozenset[tuple[str, Path]], Conflict] = {}
    for independent_conflict in independent_conflicts(schedule.network, most):
        lines = frozenset(
            (statement.kind, statement.path)
            for statement in _statements(schedule, independent_conflict)
        )
        if lines not in first or independent_conflict.rules < first[lines].rules:
            first[lines] = independent_conflict
    return [
        Clash(
            _statements(schedule, conflict),
            _arithmetic(schedule, conflict),
            tuple(_relaxations(schedule, conflict)),
        )
        for conflict in list(first.values())[:limit]
    ]


def _statements(schedule: Schedule, conflict: Conflict) -> tuple[RuleSource, ...]:
    return tuple(schedule.statements[rule] for rule in conflict.rules if rule >= 0)


# --- the arithmetic ---------------------------------------------------------------------------


def _arithmetic(schedule: Schedule, conflict: Conflict) -> str:
    """The closed walk as a sentence: what is at most, what is at least, and what is missing.

    A step that may go back by 5 weeks at most is the same as one forward by 5 weeks at most, so
    each is told in the direction in which its distance is positive.
    """
    steps = [step for step in _from_first_least(conflict.steps) if _is_written(step)]
    most = [step for step in steps if step.side != "phase" and step.amount < 0]
    least = [step for step in steps if step not in most]
    told_most = ", ".join(brief([_phrase(schedule, step) for step in most], "rule"))
    told_least = ", ".join(
        brief(list(dict.fromkeys(_phrase(schedule, step) for step in least)), "rule")
    )
    one_scale = len({step.coarse for step in steps}) == 1
    if one_scale and not any(step.side == "phase" for step in steps):
        missing = _sum(sum(step.amount for step in steps), coarse=steps[0].coarse)
        if not most:
            return f"{told_least}: {schedule.points[least[0].tail]} would be {missing} after itself"
        told_most += _total("most", -sum(step.amount for step in most), most, told_most)
        told_least += _total("least", sum(step.amount for step in least), least, told_least)
    else:
        missing = _lacking(conflict, most)
    parts = ", but ".join(part for part in (told_most, told_least) if part)
    return f"{parts}; {missing} short" if missing else parts


def _lacking(conflict: Conflict, most: list[WalkStep]) -> str:
    """What the only upper limit lacks; days and hours do not add up to anything better."""
    for relaxation in conflict.relaxations if len(most) == 1 else ():
        if (relaxation.bound, relaxation.side) == (
            most[0].bound,
            most[0].side,
        ) and relaxation.amount is not None:
            return _sum(relaxation.amount, coarse=most[0].coarse)
    return ""


def _is_written(step: WalkStep) -> bool:
    return step.rule is None or step.rule >= 0


def _from_first_least(steps: tuple[WalkStep, ...]) -> tuple[WalkStep, ...]:
    """The same walk, begun after a step back, so that steps forward are told one after another."""
    for at in range(len(steps)):
        before, step = steps[at - 1], steps[at]
        if before.side != "phase" and before.amount < 0 and step.amount >= 0:
            return (*steps[at:], *steps[:at])
    return steps


def _sum(amount: int, *, coarse: bool) -> str:
    """A sum of distances: in days, so that what is missing is seen to be their difference."""
    return f"{amount}d" if coarse else str(ClockDistance(amount))


def _total(word: str, amount: int, steps: list[WalkStep], whole: str) -> str:
    total = _sum(amount, coarse=steps[0].coarse)
    if len(steps) > 1:
        return f": together at {word} {total}"
    return "" if total in whole else f" ({total})"


def _phrase(schedule: Schedule, step: WalkStep) -> str:
    points = schedule.points
    statement = None if step.rule is None else schedule.statements[step.rule]
    if step.side == "phase":
        return statement.text if statement else f"{points[step.head]} waits for its time of day"
    if statement is not None and statement.rule is None:
        return statement.text
    if statement is not None and statement.rule is not None and statement.rule.order is not None:
        days = f" ({_amount(abs(step.amount), coarse=step.coarse)})" if step.amount else ""
        return f"{describe_order(statement.rule)}{days}"
    amount = _written_amount(schedule, statement, step)
    if step.amount < 0:
        return f"{points[step.head]} -> {points[step.tail]} at most {amount}"
    return f"{points[step.tail]} -> {points[step.head]} at least {amount}"


def _written_amount(schedule: Schedule, statement: RuleSource | None, step: WalkStep) -> str:
    amount = str(_amount(abs(step.amount), coarse=step.coarse))
    rule = None if statement is None else statement.rule
    window = None if rule is None else bounding_window(rule, schedule.course)
    if window is not None:
        written = window.earliest if step.side == "least" else window.latest
        if isinstance(written, CalendarDistance) and not written.is_fixed:
            distance = -written if written.day_span[1] < 0 else written
            return f"{distance} ({abs(step.amount)}d)"
    return amount


def _amount(amount: int, *, coarse: bool) -> Distance:
    return CalendarDistance(0, amount) if coarse else ClockDistance(amount)


# --- what would help --------------------------------------------------------------------------


def _relaxations(schedule: Schedule, conflict: Conflict) -> list[str]:
    """The changes in words, the smallest first, each at one place of the file.

    Changes that turn an order round ("not after, but before") are told only if there are no others.
    """
    groups: dict[tuple[object, ...], list[Relaxation]] = {}
    for relaxation in conflict.relaxations:
        if relaxation.rule >= 0:
            statement = schedule.statements[relaxation.rule]
            key = (statement.kind, statement.path, relaxation.side, relaxation.bound is None)
            groups.setdefault(key, []).append(relaxation)
    keeping: list[tuple[int, str]] = []
    turning: list[tuple[int, str]] = []
    for group in groups.values():
        amount = group[0].amount if len(group) == 1 else _joint(schedule, conflict, group)
        text = None if amount is None else _relaxation(schedule, group, amount)
        if text is not None and amount is not None:
            chosen = turning if _turns(schedule, group[0], amount) else keeping
            number = group[0].bound
            coarse = number is not None and schedule.network.bounds[number].coarse
            chosen.append((amount * MINUTES_A_DAY if coarse else amount, text))
    return [text for _, text in sorted(keeping or turning, key=lambda pair: pair[0])]


def _turns(schedule: Schedule, relaxation: Relaxation, amount: int) -> bool:
    """Whether a limit gives way so far that what lay after the reference may lie before it."""
    rule = schedule.statements[relaxation.rule].rule
    if relaxation.bound is None:
        return False
    if rule is not None and rule.order is not None:
        return True
    bound = schedule.network.bounds[relaxation.bound]
    if relaxation.side == "least":
        return bound.least is not None and 0 <= bound.least < amount
    return bound.most is not None and -amount < bound.most <= 0


def _joint(schedule: Schedule, conflict: Conflict, group: list[Relaxation]) -> int | None:
    """How much one line must give that is several of the rules, once in each round of a cycle."""
    network, _, bounds = schedule.network.restricted(conflict.rules)
    changed = [
        at for at, bound in enumerate(bounds) if bound in {relaxation.bound for relaxation in group}
    ]
    enough = max(
        (relaxation.amount for relaxation in group if relaxation.amount is not None), default=None
    )
    if enough is None or not changed:
        return enough
    too_little = 0
    while enough - too_little > 1:
        middle = (enough + too_little) // 2
        if _holds(network, changed, group[0].side == "least", middle):
            enough = middle
        else:
            too_little = middle
    return enough


def _holds(network: Network, changed: Iterable[int], least: bool, by: int) -> bool:
    """Whether the network holds when bounds give way on one side."""
    variant = Network(network.period)
    variant.phases, variant.phase_rules = network.phases, network.phase_rules
    variant.bounds = network.bounds[:]
    for at in changed:
        bound = variant.bounds[at]
        if least and bound.least is not None:
            variant.bounds[at] = bound._replace(least=bound.least - by)
        elif not least and bound.most is not None:
            variant.bounds[at] = bound._replace(most=bound.most + by)
    return is_consistent(variant)


def _relaxation(schedule: Schedule, group: list[Relaxation], amount: int) -> str | None:
    relaxation = group[0]
    statement = schedule.statements[relaxation.rule]
    name = statement.name
    if len(group) > 1 and relaxation.bound is not None:
        bound = schedule.network.bounds[relaxation.bound]
        occurrence = schedule.course.visit(schedule.points[bound.head].visit)
        name = f"{occurrence.visit.id}{name.removeprefix(occurrence.id)}"
    if relaxation.bound is None:
        return _moved(schedule, statement, relaxation, amount)
    coarse = schedule.network.bounds[relaxation.bound].coarse
    by: Distance = CalendarDistance(0, amount) if coarse else ClockDistance(amount)
    if statement.kind == "duration":
        change = "shorten" if relaxation.side == "least" else "lengthen"
        kept = schedule.network.bounds[relaxation.bound].least or 0
        if relaxation.side == "least" and amount > kept:
            return None
        return f"{change} `{name}` by {by}"
    visit = name.rpartition(".")[0]
    if statement.kind == "overnight":
        return f"let `{visit}` leave {by} {'earlier' if relaxation.side == 'least' else 'later'}"
    assert statement.rule is not None
    if statement.rule.order is not None:
        return _out_of_order(statement.rule)
    return _widened(schedule, statement.rule, name, relaxation.side == "least", by)


def _moved(
    schedule: Schedule, statement: RuleSource, relaxation: Relaxation, amount: int
) -> str | None:
    """A time of day that opens earlier or closes later, on the same day."""
    assert relaxation.node is not None
    first, last = schedule.network.phases[relaxation.node]
    visit = statement.name.rpartition(".")[0]
    verb = "leave" if statement.kind == "overnight" else "start"
    if relaxation.side == "opens":
        return f"let `{visit}` {verb} at {format_time(max(0, first - amount))} already"
    return f"let `{visit}` {verb} as late as {format_time(min(MINUTES_A_DAY - 1, last + amount))}"


def _out_of_order(rule: TimingConstraint) -> str:
    """What resolves a conflict with a rule of order: the visit comes in another one."""
    if rule.is_listed_order:
        return f"let `{rule.point.visit}` come out of the listed order (`order: any`)"
    side = "before" if rule.order is not None and rule.order.earliest is not None else "after"
    return f"let `{rule.point}` come {side} `{rule.reference}`"


def _widened(
    schedule: Schedule, rule: TimingConstraint, name: str, lower: bool, by: Distance
) -> str:
    """A window that gives way at one end; ``lower`` is the end nearer to the past."""
    window = bounding_window(rule, schedule.course)
    assert window is not None, "only what bounds can clash"
    earliest, latest = window.earliest, window.latest
    if lower:
        earliest = _plus(earliest, -by)
    else:
        latest = _plus(latest, by)
    wider = Window(earliest, latest)
    if rule.backwards:
        wider = turned(wider)
    if any(isinstance(end, CalendarDistance) and not end.is_fixed for end in (earliest, latest)):
        # Months, business days and days in one distance are hard to read: the side says enough.
        side = "earliest" if lower != rule.backwards else "latest"
        return f"widen `{name}` by {by} at its {side}"
    if rule.window is None:
        return f"give `{name}` the window {wider}"
    return f"widen `{name}` by {by} to {wider}"


def _plus(distance: Distance | None, more: Distance) -> Distance | None:
    if isinstance(distance, CalendarDistance) and isinstance(more, CalendarDistance):
        return distance + more
    if isinstance(distance, ClockDistance) and isinstance(more, ClockDistance):
        return distance + more
    return distance
