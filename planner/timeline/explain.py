"""Why nothing fits: the fewest rules, closures and fixed dates that leave no date to a course."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from planner.network.placement import Infeasible, extremes, minimal_subset
from planner.schedule.build import Statement
from planner.timeline.placing import CoursePlanner, Problem, sizes_of

MOST_DATES_NAMED = 12
TODAY = "(today)"
"""Stands among the fixed dates for: what has not taken place cannot lie before this date."""


class ClosedDates(NamedTuple):
    """The dates that the other reasons leave to a visit, and why each of them is closed.

    ``reasons`` names the first dates, at most a dozen; ``first`` to ``last`` are all of them.
    """

    visit: str
    first: date
    last: date
    reasons: tuple[tuple[date, str], ...]


class NoFit(NamedTuple):
    """Reasons that together leave no plan, though without any one of them there would be one."""

    anchor: date
    rules: tuple[Statement, ...]
    closed: tuple[ClosedDates, ...]
    fixed: tuple[tuple[str, date], ...]


class _Reason(NamedTuple):
    """Something that could be otherwise: a rule, a visit's closed days, or a fixed date."""

    rule: int = -1
    closures_of: int = -1
    fixed: str = ""


def explain(planner: CoursePlanner, anchor: date) -> NoFit:
    """A minimal set of reasons why no plan starts on ``anchor`` (expects that there is none)."""
    timings = [n for n, one in enumerate(planner.schedule.statements) if one.kind == "timing"]
    others = frozenset(range(len(planner.schedule.statements))) - frozenset(timings)

    def problem(reasons: "list[_Reason]") -> Problem | None:
        closures = {reason.closures_of for reason in reasons}
        return planner.problem(
            anchor,
            only=others | {reason.rule for reason in reasons if reason.rule >= 0},
            open_visits=frozenset(range(len(planner.patterns))) - closures,
            fixed=frozenset(reason.fixed for reason in reasons if reason.fixed),
        )

    def holds_together(reasons: "list[_Reason]") -> bool:
        found = problem(reasons)
        return found is not None and not isinstance(
            extremes(sizes_of(found), found.limits), Infeasible
        )

    guilty = minimal_subset(_suspects(planner, anchor, timings, holds_together), holds_together)
    closed = []
    for reason in guilty:
        if reason.closures_of >= 0:
            rest = [other for other in guilty if other != reason]
            closed.append(_closed_dates(planner, reason.closures_of, problem(rest)))
    return NoFit(
        anchor,
        tuple(planner.schedule.statements[one.rule] for one in guilty if one.rule >= 0),
        tuple(one for one in closed if one is not None),
        tuple(
            (one.fixed, date.fromordinal(planner.fixed[one.fixed])) for one in guilty if one.fixed
        ),
    )


def _suspects(
    planner: CoursePlanner,
    anchor: date,
    timings: "list[int]",
    holds_together: "Callable[[list[_Reason]], bool]",
) -> "list[_Reason]":
    """Reasons that are enough: those on the trail along which the dates ran out, else all."""
    everywhere = range(len(planner.patterns))
    found = planner.problem(anchor)
    if found is not None:
        reach = extremes(sizes_of(found), found.limits)
        if isinstance(reach, Infeasible):
            rules = [number for number in timings if number in reach.rules]
            visits = {reach.variable}
            for number in rules:
                rule = planner.schedule.statements[number].rule
                assert rule is not None, "a timing is a rule"
                visits |= {planner.index[rule.reference.visit], planner.index[rule.point.visit]}
            few = _reasons(planner, sorted(visits), rules)
            if not holds_together(few):
                return few
    return _reasons(planner, everywhere, timings)


def _reasons(
    planner: CoursePlanner, visits: Iterable[int], rules: Iterable[int]
) -> "list[_Reason]":
    return [
        *(_Reason(fixed=name) for name in planner.fixed),
        *(_Reason(closures_of=at) for at in visits),
        *(_Reason(rule=number) for number in rules),
    ]


def _closed_dates(planner: CoursePlanner, at: int, problem: Problem | None) -> ClosedDates | None:
    """What one visit's closed days take away when all other reasons hold."""
    if problem is None:
        return None
    reach = extremes(sizes_of(problem), problem.limits)
    if isinstance(reach, Infeasible):
        return None
    low, high = reach
    days = problem.candidates[at].days
    first, last = days[low[at]], days[high[at]]
    pattern = planner.patterns[at]
    reasons = []
    for day in range(first, last + 1):
        why = pattern.why_not(day)
        if why:
            reasons.append((date.fromordinal(day), why))
    return ClosedDates(
        pattern.occurrence.id,
        date.fromordinal(first),
        date.fromordinal(last),
        tuple(reasons[:MOST_DATES_NAMED]),
    )


def sentences(no_fit: NoFit) -> list[str]:
    """The reasons in words, one each, without places in the file."""
    lines = [
        f"today is {_date(day)}" if name == TODAY else f"`{name}` is fixed on {_date(day)}"
        for name, day in no_fit.fixed
    ]
    lines += [f"{rule.text} (`{rule.name}`)" for rule in no_fit.rules]
    for closed in no_fit.closed:
        dates = "; ".join(f"{_date(day)}: {why}" for day, why in closed.reasons)
        count = (closed.last - closed.first).days + 1
        if count == 1:
            lines.append(f"`{closed.visit}` could only be on {dates}")
        else:
            more = count - len(closed.reasons)
            rest = (
                f"; and {more} more" if more > 0 and len(closed.reasons) >= MOST_DATES_NAMED else ""
            )
            lines.append(
                f"`{closed.visit}` could only be from {_date(closed.first)} to"
                f" {_date(closed.last)}, but {dates}{rest}"
            )
    return lines


def _date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
