"""Why no schedule satisfies a protocol, in its own words: rules, arithmetic and what would help."""

from typing import NamedTuple

from planner.network.conflict import Conflict, Relaxation, Step, independent_conflicts
from planner.schedule.build import Schedule, Statement
from planner.units import MINUTES_A_DAY, CalendarDistance, ClockDistance, Distance, format_time


class Clash(NamedTuple):
    """Statements that cannot all hold, though any all but one of them can.

    ``arithmetic`` writes out why; ``relaxations`` are the smallest changes, any one of which makes
    these statements hold together.
    """

    statements: tuple[Statement, ...]
    arithmetic: str
    relaxations: tuple[str, ...]


def find_clashes(schedule: Schedule, limit: int = 5) -> list[Clash]:
    """Up to ``limit`` independent contradictions among the rules; none if all can hold."""
    return [_clash(schedule, found) for found in independent_conflicts(schedule.network, limit)]


def _clash(schedule: Schedule, conflict: Conflict) -> Clash:
    statements = tuple(schedule.statements[rule] for rule in conflict.rules if rule >= 0)
    relaxations = dict.fromkeys(
        text for one in conflict.relaxations if (text := _relaxation(schedule, one)) is not None
    )
    return Clash(statements, _arithmetic(schedule, conflict), tuple(relaxations))


def _arithmetic(schedule: Schedule, conflict: Conflict) -> str:
    """The closed walk as a sentence: what is at most, what is at least, and what is missing."""
    most = [_phrase(schedule, step) for step in conflict.steps if step.side == "most"]
    least = [_phrase(schedule, step) for step in conflict.steps if step.side == "least"]
    waits = [_phrase(schedule, step) for step in conflict.steps if step.side == "phase"]
    parts = [", ".join(most), ", ".join([*least, *waits])]
    sentence = ", but ".join(part for part in parts if part)
    whole_days = all(step.coarse for step in conflict.steps if step.side != "phase") and not waits
    if whole_days:
        at_least = sum(step.amount for step in conflict.steps if step.side == "least")
        if len(least) > 1:
            sentence += f": together at least {at_least}d"
        return f"{sentence}; {_days(conflict.shortfall // MINUTES_A_DAY)} short"
    if conflict.shortfall % MINUTES_A_DAY == 0:
        return f"{sentence}; {_days(conflict.shortfall // MINUTES_A_DAY)} short"
    return f"{sentence}; {ClockDistance(conflict.shortfall)} short"


def _phrase(schedule: Schedule, step: Step) -> str:
    points = schedule.points
    if step.side == "phase":
        rule = None if step.rule is None or step.rule < 0 else schedule.statements[step.rule]
        return rule.text if rule else f"{points[step.head]} waits for its time of day"
    if step.side == "least":
        return f"{points[step.tail]} -> {points[step.head]} at least {_amount(step)}"
    return f"{points[step.head]} -> {points[step.tail]} at most {_amount(step)}"


def _amount(step: Step) -> Distance:
    amount = step.amount if step.side == "least" else -step.amount
    return CalendarDistance(0, amount) if step.coarse else ClockDistance(amount)


def _days(number: int) -> str:
    return f"{number}d"


def _relaxation(schedule: Schedule, relaxation: Relaxation) -> str | None:
    if relaxation.amount is None or relaxation.rule < 0:
        return None
    statement = schedule.statements[relaxation.rule]
    if relaxation.bound is None or relaxation.side in ("opens", "closes"):
        node = relaxation.node
        assert node is not None
        first, last = schedule.network.phases[node]
        if relaxation.side == "opens":
            moved = f"from {format_time(max(0, first - relaxation.amount))}"
        else:
            moved = f"until {format_time(min(MINUTES_A_DAY - 1, last + relaxation.amount))}"
        return f"allow `{statement.name}` {moved}"
    bound = schedule.network.bounds[relaxation.bound]
    by: Distance
    if bound.coarse:
        by = CalendarDistance(0, relaxation.amount)
    else:
        by = ClockDistance(relaxation.amount)
    if statement.kind == "duration":
        change = "shorten" if relaxation.side == "least" else "lengthen"
        return f"{change} `{statement.name}` by {by}"
    if statement.kind == "overnight":
        return f"change `{statement.name}` by {by}"
    # A rule written with `before` has its sides turned round.
    backwards = statement.rule is not None and statement.rule.backwards
    lower = (relaxation.side == "least") != backwards
    end = "earliest" if lower else "latest"
    return f"widen `{statement.name}` by {by} at its {end}"
