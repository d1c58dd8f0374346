"""Why nothing fits: the fewest rules, closed days, fixed dates and overlaps that leave no date."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import minimal_subset
from planner.schedule.build import RuleSource
from planner.timeline.apart import NeverApart
from planner.timeline.availability import AWAY
from planner.timeline.candidates import FOR_EVERYBODY, VisitPattern
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.minutes import Pair
from planner.timeline.reasons import TODAY, Reason, Reasons

MAX_DATES_NAMED = 12


class ClosedDates(NamedTuple):
    """The dates that the other reasons leave to a visit, and what takes each of them.

    ``reasons`` names the first dates, at most a dozen; ``first`` to ``last`` are all of them. They
    are ``None`` where nothing else bounds the visit; then ``reasons`` has the first date that each
    of them takes. Where no date is taken, ``hours`` are the opening hours of the first: too short
    for all that lies on them. ``between`` are the last
    possible day before and the first one after them, if none of them is left.
    """

    visit: str
    first: date | None
    last: date | None
    reasons: tuple[tuple[date, str], ...]
    hours: str = ""
    between: tuple[date, date] | None = None


class NoFit(NamedTuple):
    """Reasons that together leave no plan, though without any one of them there would be one.

    ``apart`` are pairs of visits at which the participant cannot be at the same time.
    """

    anchor: date
    rules: tuple[RuleSource, ...]
    closed: tuple[ClosedDates, ...]
    fixed: tuple[tuple[str, date], ...]
    apart: tuple[tuple[str, str], ...] = ()


def explain(planner: CoursePlanner, anchor: date) -> NoFit:
    """A minimal set of reasons why no plan starts on ``anchor`` (expects that there is none)."""
    reasons, suspects = _suspects(planner, anchor)
    guilty = minimal_subset(suspects, reasons.hold_together)
    closed = [
        _closed_dates(
            reasons, reason.closures_of, [other for other in guilty if other != reason], anchor
        )
        for reason in guilty
        if reason.closures_of >= 0
    ]
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
            (planner.names[reason.apart[0]], planner.names[reason.apart[1]])
            for reason in guilty
            if reason.apart
        ),
    )


def _suspects(planner: CoursePlanner, anchor: date) -> tuple[Reasons, list[Reason]]:
    """Reasons that are enough: those on the trail along which the dates run out, else all.

    Of the rules no more are asked than it takes, the first written ones first.
    """
    everywhere = range(len(planner.names))
    timings = [
        number
        for number, statement in enumerate(planner.schedule.statements)
        if statement.kind == "timing"
    ]
    whole = Reasons(planner, anchor, everywhere)
    if whole.hold_together(_reasons(planner, everywhere, timings)):
        problem = planner.problem(anchor)
        best = None if problem is None else planner.search(problem, [], []).best()
        pairs = sorted(best.pairs) if isinstance(best, NeverApart) else ()
        return whole, _reasons(planner, everywhere, timings, pairs)
    count = bisect_left(
        range(len(timings)),
        True,
        key=lambda count: not whole.hold_together(_reasons(planner, everywhere, timings[:count])),
    )
    everything = _reasons(planner, everywhere, timings[:count])
    reach = whole.trail(everything)
    visits = {reach.variable, planner.origin_at}
    for number in reach.rules:
        visits.update(planner.index[name] for name in planner.concerned[number])
    on_trail = sorted(visits)
    few = _reasons(planner, on_trail, sorted(reach.rules))
    reasons = Reasons(planner, anchor, on_trail)
    return (whole, everything) if reasons.hold_together(few) else (reasons, few)


def _reasons(
    planner: CoursePlanner, visits: Iterable[int], rules: Iterable[int], pairs: Iterable[Pair] = ()
) -> list[Reason]:
    return [
        *(Reason(apart=pair) for pair in pairs),
        *(Reason(fixed=name) for name in planner.fixed),
        *(Reason(closures_of=at) for at in visits),
        *(Reason(rule=number) for number in rules),
    ]


def _closed_dates(reasons: Reasons, at: int, others: Sequence[Reason], anchor: date) -> ClosedDates:
    """What one visit's closed days take away when all other reasons hold."""
    pattern = reasons.planner.patterns[at]
    name = pattern.occurrence.id
    days = reasons.days_left(at, others)
    if not days:
        begin = anchor.toordinal()
        first_dates: dict[str, date] = {}
        for day, why in _taken(pattern, range(begin, begin + reasons.planner.horizon)):
            first_dates.setdefault(why, day)
        named = [(day, why) for why, day in first_dates.items()]
        return ClosedDates(name, None, None, tuple(named[:MAX_DATES_NAMED]))
    taken = tuple(_taken(pattern, range(days[0], days[-1] + 1)))
    return ClosedDates(
        name,
        date.fromordinal(days[0]),
        date.fromordinal(days[-1]),
        taken[:MAX_DATES_NAMED],
        "" if taken else pattern.opening_hours(days[0]),
        _neighbours(pattern, days[0], days[-1]) if len(taken) == days[-1] - days[0] + 1 else None,
    )


def _neighbours(pattern: VisitPattern, first: int, last: int) -> tuple[date, date] | None:
    """The nearest possible days before and after some that are not, if they are within a year."""
    before = next((day for day in range(first - 1, first - 366, -1) if not pattern.why_not(day)), 0)
    after = next((day for day in range(last + 1, last + 366) if not pattern.why_not(day)), 0)
    return (date.fromordinal(before), date.fromordinal(after)) if before and after else None


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


def in_words(no_fit: NoFit) -> tuple[str, ...]:
    """The shortest sentence that says what is in the way, if there is one, then the reasons."""
    return tuple(dict.fromkeys(filter(None, (headline(no_fit), *sentences(no_fit)))))


def headline(no_fit: NoFit) -> str:
    """What is in the way in one short sentence: a stretch without an open day; maybe empty.

    Of several stretches it is the longest one: the others are in the way because that one is.
    """
    for closed in no_fit.closed:
        if closed.first is None or (len(no_fit.closed) == 1 and closed.first == closed.last):
            return _closed_sentence(closed)
    stretches = [(closed.between, closed.visit) for closed in no_fit.closed if closed.between]
    if not stretches:
        return ""
    (before, after), visit = max(stretches, key=lambda stretch: stretch[0][1] - stretch[0][0])
    begin = _date(before)
    if before.year == after.year:
        begin = f"{before:%a} {before.day}" + (f" {before:%b}" * (before.month != after.month))
    is_away = any(why == AWAY for closed in no_fit.closed for _, why in closed.reasons)
    day = "day on which the participant is not away" if is_away else "open day"
    return f"no {day} for `{visit}` between {begin} and {_date(after)}"


def _closed_sentence(closed: ClosedDates) -> str:
    if closed.first is None or closed.last is None:
        reasons = "; ".join(why for _, why in closed.reasons)
        return f"`{closed.visit}` fits on no date: {reasons}"
    if len({why for _, why in closed.reasons}) == 1 and closed.reasons[0][1].endswith(
        FOR_EVERYBODY
    ):
        return (
            f"`{closed.visit}` {closed.reasons[0][1]}, and could only be from"
            f" {_date(closed.first)} to {_date(closed.last)}"
        )
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
