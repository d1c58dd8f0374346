"""How long each dosing session can still be put off inside its windows, as a cost of plans.

A session that has to be put off, on the day itself, is inside its windows only if they leave days
after its date. What counts from the session moves along with it, so only windows between it and
visits that are listed before it say how long that can be.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.network.placement import TargetCost
from planner.protocol.course import Course, TimingConstraint
from planner.time.distance import CalendarDistance
from planner.timeline.candidates import Candidates
from planner.timeline.limits import positions_of, shifted
from planner.timeline.minutes import Bound
from planner.timeline.shortfalls import Shortfalls


class SlackRule(NamedTuple):
    """A window that says how long a dosing session can be put off.

    Attributes:
        rule: between the session and a visit that is listed before it.
        end: the end of its window that does: the latest distance of the session from the other
            visit, or the earliest one of the other visit from the session.
        is_latest: which of the two.
    """

    rule: TimingConstraint
    end: CalendarDistance
    is_latest: bool


def slack_rules(course: Course, bounds: Iterable[Bound]) -> tuple[SlackRule, ...]:
    """The windows in calendar days that bound dosing sessions from visits listed before them.

    Args:
        course: whose sessions are visits of the kind `dosing`.
        bounds: its rules between two visits, with what each allows.
    """
    place = {visit.id: at for at, visit in enumerate(course.visits)}
    sessions = {visit.id for visit in course.visits if visit.kind == "dosing"}
    rules = []
    for _, rule, window in bounds:
        reference, point = rule.reference.visit, rule.point.visit
        if place[reference] < place[point] and point in sessions:
            session_end, is_latest = window.latest, True
        elif place[point] < place[reference] and reference in sessions:
            session_end, is_latest = window.earliest, False
        else:
            continue
        if isinstance(session_end, CalendarDistance):
            rules.append(SlackRule(rule, session_end, is_latest))
    return tuple(rules)


def missing_slack(
    rules: Sequence[SlackRule],
    days: int,
    weight: int,
    candidates: Sequence[Candidates],
    index: Mapping[str, int],
) -> Shortfalls:
    """What it costs that windows leave fewer days after sessions than are wished for.

    Args:
        rules: those of `slack_rules`.
        days: so many days each of them is to leave.
        weight: of each day that is missing; it counts twice.
        candidates: of each visit.
        index: positions of the visits among these, by id.
    """
    costs = Shortfalls()
    for rule, end, is_latest in rules:
        tail, head = index[rule.reference.visit], index[rule.point.visit]
        nearer = -days if is_latest else days
        goal = [day + nearer for day in shifted(candidates[tail], rule.reference, end)]
        position = positions_of(candidates[head], rule.point, end)
        costs.add(TargetCost(head, tail, weight, position, goal), is_latest=is_latest)
    return costs
