"""Why nothing fits: the fewest rules, closed days, fixed dates and overlaps that leave no date."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import minimal_subset, trail
from planner.schedule.build import RuleSource
from planner.timeline.apart import NeverApart
from planner.timeline.candidates import VisitPattern
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.minutes import Pair
from planner.timeline.placement_problem import PlacementProblem

MAX_DATES_NAMED = 12
TODAY = "(today)"
"""Stands among the fixed dates for: what has not taken place cannot lie before this date."""


class ClosedDates(NamedTuple):
    """The dates that the other reasons leave to a visit, and what takes each of them.

    ``reasons`` names the first dates, at most a dozen; ``first`` to ``last`` are all of them. They
    are ``None`` where nothing else bounds the visit; then ``reasons`` has the first date that each
    of them takes. Where no date is taken, ``hours`` are the opening hours of the first: too short
    for all that lies on them.
    """

    visit: str
    first: date | None
    last: date | None
    reasons: tuple[tuple[date, str], ...]
    hours: str = ""


class NoFit(NamedTuple):
    """Reasons that together leave no plan, though without any one of them there would be one.

    ``apart`` are pairs of visits at which the participant cannot be at the same time.
    """

    anchor: date
    rules: tuple[RuleSource, ...]
    closed: tuple[ClosedDates, ...]
    fixed: tuple[tuple[str, date], ...]
    apart: tuple[tuple[str, str], ...] = ()


class _Reason(NamedTuple):
    """Something that could be otherwise: a rule, what takes days from a visit, a fixed date, or
    that two visits cannot overlap."""

    rule: int = -1
    closures_of: int = -1
    fixed: str = ""
    apart: Pair | None = None


def explain(planner: CoursePlanner, anchor: date) -> NoFit:
    """A minimal set of reasons why no plan starts on ``anchor`` (expects that there is none)."""
    timings = [
        n for n, statement in enumerate(planner.schedule.statements) if statement.kind == "timing"
    ]
    others = frozenset(range(len(planner.schedule.statements))) - frozenset(timings)

    def problem(reasons: "list[_Reason]") -> PlacementProblem | None:
        closures = {reason.closures_of for reason in reasons}
        problem = planner.problem(
            anchor,
            only=others | {reason.rule for reason in reasons if reason.rule >= 0},
            open_visits=frozenset(range(len(planner.patterns))) - closures,
            fixed=frozenset(reason.fixed for reason in reasons if reason.fixed),
        )
        pairs = frozenset(reason.apart for reason in reasons if reason.apart is not None)
        return (
            None if problem is None else problem._replace(here=problem.here._replace(pairs=pairs))
        )

    def holds_together(reasons: "list[_Reason]") -> bool:
        placement_problem = problem(reasons)
        if placement_problem is None:
            return False
        best = planner.search(placement_problem, [], []).best()
        return not isinstance(best, NeverApart) or not best.proven

    guilty = minimal_subset(_suspects(planner, anchor, timings, holds_together), holds_together)
    closed = []
    for reason in guilty:
        if reason.closures_of >= 0:
            rest = problem([one for one in guilty if one != reason])
            closed.append(_closed_dates(planner, reason.closures_of, rest, anchor))
    names = [visit.id for visit in planner.course.visits]
    return NoFit(
        anchor,
        tuple(planner.schedule.statements[reason.rule] for reason in guilty if reason.rule >= 0),
        tuple(closed),
        tuple(
            (reason.fixed, date.fromordinal(planner.fixed[reason.fixed]))
            for reason in guilty
            if reason.fixed
        ),
        tuple(
            (names[reason.apart[0]], names[reason.apart[1]]) for reason in guilty if reason.apart
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
    pairs: Iterable[Pair] = ()
    problem = planner.problem(anchor)
    if problem is not None:
        if problem.extremes() is None:
            reach = trail(problem.low, problem.high, problem.limits)
            rules = [number for number in timings if number in reach.rules]
            visits = {reach.variable}
            for number in rules:
                rule = planner.schedule.statements[number].rule
                assert rule is not None, "a timing is a rule"
                visits |= {planner.index[rule.reference.visit], planner.index[rule.point.visit]}
            few = _reasons(planner, sorted(visits), rules)
            if not holds_together(few):
                return few
        else:
            best = planner.search(problem, [], []).best()
            pairs = sorted(best.pairs) if isinstance(best, NeverApart) else ()
    return _reasons(planner, everywhere, timings, pairs)


def _reasons(
    planner: CoursePlanner, visits: Iterable[int], rules: Iterable[int], pairs: Iterable[Pair] = ()
) -> "list[_Reason]":
    return [
        *(_Reason(apart=pair) for pair in pairs),
        *(_Reason(fixed=name) for name in planner.fixed),
        *(_Reason(closures_of=at) for at in visits),
        *(_Reason(rule=number) for number in rules),
    ]


def _closed_dates(
    planner: CoursePlanner, at: int, rest: PlacementProblem | None, anchor: date
) -> ClosedDates:
    """What one visit's closed days take away when all other reasons hold."""
    pattern = planner.patterns[at]
    name = pattern.occurrence.id
    days: Sequence[int] = ()
    if rest is not None and at not in rest.here.void:
        reach = rest.extremes()
        if reach is not None:
            days = rest.candidates[at].days[reach[0][at] : reach[1][at] + 1]
    if not days:
        begin = anchor.toordinal()
        first_dates: dict[str, date] = {}
        for day, why in _taken(pattern, range(begin, begin + planner.horizon)):
            first_dates.setdefault(why, day)
        reasons = [(day, why) for why, day in first_dates.items()]
        return ClosedDates(name, None, None, tuple(reasons[:MAX_DATES_NAMED]))
    taken = tuple(_taken(pattern, range(days[0], days[-1] + 1)))
    return ClosedDates(
        name,
        date.fromordinal(days[0]),
        date.fromordinal(days[-1]),
        taken[:MAX_DATES_NAMED],
        "" if taken else pattern.opening_hours(days[0]),
    )


def _taken(pattern: VisitPattern, days: Iterable[int]) -> Iterator[tuple[date, str]]:
    """The days on which a visit cannot take place, each with the reason."""
    for day in days:
        why = pattern.why_not(day)
        if why:
            yield date.fromordinal(day), why


def sentences(no_fit: NoFit) -> list[str]:
    """The reasons in words, one each, without places in the file."""
    lines = [
        f"today is {_date(day)}" if name == TODAY else f"`{name}` is fixed on {_date(day)}"
        for name, day in no_fit.fixed
    ]
    lines += [f"{rule.text} (`{rule.name}`)" for rule in no_fit.rules]
    lines += [
        f"the participant cannot be at `{first}` and `{other}` at the same time"
        for first, other in no_fit.apart
    ]
    return [*lines, *map(_closed_sentence, no_fit.closed)]


def _closed_sentence(closed: ClosedDates) -> str:
    if closed.first is None or closed.last is None:
        reasons = "; ".join(why for _, why in closed.reasons)
        return f"`{closed.visit}` fits on no date: {reasons}"
    dates = "; ".join(f"{_date(day)}: {why}" for day, why in closed.reasons)
    dates = dates or f"within the opening hours {closed.hours}"
    count = (closed.last - closed.first).days + 1
    if count == 1 and closed.reasons:
        return f"`{closed.visit}` could only be on {dates}"
    if count == 1:
        return f"`{closed.visit}` could only be on {_date(closed.first)}, {dates}"
    more = count - len(closed.reasons)
    rest = f"; and {more} more" if more > 0 and len(closed.reasons) >= MAX_DATES_NAMED else ""
    return (
        f"`{closed.visit}` could only be from {_date(closed.first)} to {_date(closed.last)},"
        f" {'but ' if closed.reasons else ''}{dates}{rest}"
    )


def _date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
