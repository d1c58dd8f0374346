"""The slack of rules: effective windows, and what all rules together leave of each."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.network.conflict import Conflict, conflict
from planner.network.temporal import Network
from planner.network.windows import distance, earliest, latest
from planner.protocol.course import Point, TimingConstraint
from planner.schedule.build import (
    RuleSource,
    Schedule,
    allowed_window,
    build_schedule,
    least_steps,
    most_steps,
)
from planner.time.distance import MINUTES_A_DAY, ClockDistance, Window


class DayWindow(NamedTuple):
    """Days counted from the anchor's date (which is 0), both included; ``None`` is an open end."""

    first: int | None
    last: int | None


class Slack(NamedTuple):
    """What a rule writes and what all rules together leave of it.

    In days for a calendar rule, in minutes for a clock rule (``clock``); both ends included,
    ``None`` is an open end. ``written`` is open on both sides where no window is stated.
    """

    rule: TimingConstraint
    clock: bool
    written: tuple[int | None, int | None]
    left: tuple[int | None, int | None]

    @property
    def is_tightened(self) -> bool:
        """Whether other rules take something from a side that this rule bounds."""
        return any(
            bound is not None and left != bound
            for bound, left in zip(self.written, self.left, strict=True)
        )


def effective_windows(schedule: Schedule) -> dict[str, DayWindow]:
    """The days on which each visit can take place, by occurrence id; empty without an anchor.

    Never wider than what is written. Expects a consistent network.
    """
    if schedule.anchor is None:
        return {}
    low = earliest(schedule.network, schedule.anchor)
    high = latest(schedule.network, schedule.anchor)
    windows = {}
    for occurrence in schedule.course.visits:
        node = schedule.nodes[Point(occurrence.id)]
        windows[occurrence.id] = DayWindow(_day(low[node]), _day(high[node]))
    return windows


def stated_windows(schedule: Schedule) -> dict[str, DayWindow]:
    """As `effective_windows`, with an open end where nothing but order bounds a visit.

    Order is no window: what comes after a visit, nobody says how far, may lie on any later day.
    """
    windows = effective_windows(schedule)
    rest = without_order(schedule)
    if rest is schedule:
        return windows
    bounded = effective_windows(rest)
    return {
        name: DayWindow(
            None if bounded[name].first is None else first,
            None if bounded[name].last is None else last,
        )
        for name, (first, last) in windows.items()
    }


def without_order(schedule: Schedule) -> Schedule:
    """The same network without rules that state nothing but the order of visits."""
    kept = frozenset(
        number
        for number, statement in enumerate(schedule.statements)
        if statement.rule is None or statement.rule.order is None
    )
    if len(kept) == len(schedule.statements):
        return schedule
    return build_schedule(schedule.course, only=kept)


def rule_slack(schedule: Schedule) -> list[Slack]:
    """What is left of every rule, in the order of the rules, but of those that say `during:`.

    Expects a consistent network.
    """
    slacks = []
    for rule in schedule.course.rules:
        if rule.is_during:
            continue
        window = allowed_window(rule, schedule.course) or Window(None, None)
        clock = isinstance(window.earliest or window.latest or rule.target, ClockDistance)
        reference, point = schedule.nodes[rule.reference], schedule.nodes[rule.point]
        left = distance(schedule.network, reference, point, coarse=not clock)
        written = (least_steps(window.earliest), most_steps(window.latest))
        slacks.append(Slack(rule, clock, written, left))
    return slacks


class _Ring(NamedTuple):
    """Rules that bound each other all around, each in days; how much more than its own other end
    they leave each of them."""

    rules: tuple[int, ...]
    room: int


class LimitingStatements:
    """Which statements leave no more of a rule, asked of one rule after another.

    Many rules may limit each other all around, as those of a chain of visits and one on the whole
    of it do: what has been found of one of them is true of all.

    Args:
        schedule: of a consistent network.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._numbers = {
            id(statement.rule): number for number, statement in enumerate(schedule.statements)
        }
        self._rings: dict[tuple[int, bool], _Ring] = {}

    def limit(self, slack: Slack, *, late: bool) -> Iterator[RuleSource]:
        """Statements which together leave no more of a rule at its early or its ``late`` end.

        A smallest such set, without the rule itself; empty where that end is open.

        Args:
            slack: as `rule_slack` gives it for the same schedule.
            late: the late end; else the early one.
        """
        bound, other = slack.left[late], slack.written[not late]
        if bound is None:
            return
        number = self._numbers[id(slack.rule)]
        room = None if other is None else abs(bound - other)
        ring = self._rings.get((number, late))
        if ring is not None and ring.room == room:
            rules = ring.rules
        else:
            limiting = self._conflict(slack, bound, late=late)
            rules = () if limiting is None else limiting.rules
            if limiting is not None and room is not None and self._is_ring(limiting, slack):
                around = {number, *rules} - {len(self._schedule.statements)}
                ring = _Ring(tuple(sorted(around)), room)
                for step in limiting.steps:
                    if step.rule is not None:
                        self._rings[step.rule, step.side == "least"] = ring
        statements = self._schedule.statements
        for rule in rules:
            if 0 <= rule < len(statements) and statements[rule].rule is not slack.rule:
                yield statements[rule]

    def _conflict(self, slack: Slack, bound: int, *, late: bool) -> Conflict | None:
        """Why the rule cannot be further out than it is left."""
        schedule = self._schedule
        network = Network(schedule.network.period)
        network.phases = schedule.network.phases
        network.phase_rules = schedule.network.phase_rules
        network.bounds = schedule.network.bounds[:]
        network.add_bound(
            schedule.nodes[slack.rule.reference],
            schedule.nodes[slack.rule.point],
            bound + 1 if late else None,
            None if late else bound - 1,
            coarse=not slack.clock,
            rule=len(schedule.statements),
        )
        return conflict(network)

    def _is_ring(self, limiting: Conflict, slack: Slack) -> bool:
        """Whether each rule is one step in days on a way around, so that none can be left out."""
        statements = self._schedule.statements
        return (
            not slack.clock
            and len(limiting.steps) == len(limiting.rules)
            and all(step.coarse for step in limiting.steps)
            and all(
                rule == len(statements) or (rule >= 0 and statements[rule].kind == "timing")
                for rule in limiting.rules
            )
        )


def _day(value: int | None) -> int | None:
    return None if value is None else value // MINUTES_A_DAY
