"""What is left of a course against brute force: what has happened stays, the rest is the best."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site
from timeline.random_courses import Case, cases, stand, wants

from planner.time.distance import CalendarDistance
from planner.time.local import to_instant
from planner.timeline.standing import ParticipantState


class Facts(NamedTuple):
    """What a case says of each visit, read a second time and simply."""

    anchor: date
    fixed: dict[str, date]
    booked: dict[str, date]


def facts(case: Case, where: ParticipantState) -> Facts:
    """The places of visits missed without a date are tested in test_planned_places."""
    anchor = START
    fixed, booked, void = {}, {}, set()
    for line in case.file.record.visits:
        if line.start is not None and line.visit == "v0":
            anchor = line.start.day
        if line.status in ("missed", "cancelled"):
            void.add(line.visit)
            if line.start is None:
                fixed[line.visit] = date.fromordinal(where.planner.so_far.fixed[line.visit].day)
        if line.start is None or line.status == "planned":
            continue
        has_passed = case.today is not None and line.start.day < case.today
        if line.status == "booked" and not has_passed:
            booked[line.visit] = line.start.day
        else:
            fixed[line.visit] = line.start.day
    if "v0" not in fixed and "v0" not in void and case.today is not None and anchor < case.today:
        fixed["v0"] = anchor
    return Facts(anchor, fixed, booked)


def choices(case: Case, told: Facts, first: int, last: int, *, forced: bool) -> list[list[date]]:
    """The days that each visit could have."""
    found = []
    for visit in case.small.epochs[0].visits:
        if visit.id in told.fixed:
            found.append([told.fixed[visit.id]])
            continue
        days = [START + timedelta(days=number) for number in range(first, last + 1)]
        days = [one for one in days if case.calendar.is_open(one)]
        days = [one for one in days if case.today is None or one >= case.today]
        if visit.id == "v0":
            days = [one for one in days if one == told.anchor] or [told.anchor] * forced
        found.append(days)
    return found


class Bound(NamedTuple):
    """A rule between two visits, by position: the days allowed."""

    reference: int
    point: int
    least: int | None
    most: int | None
    binds: bool


def bounds(case: Case, told: Facts) -> list[Bound]:
    found = []
    for at, visit in enumerate(case.small.epochs[0].visits):
        for timing in visit.after:
            reference = int(timing.visit.visit[1:])
            window = timing.allowed
            ends = [None if one is None else one.days for one in (window.earliest, window.latest)]
            settled = visit.id in told.fixed and f"v{reference}" in told.fixed
            found.append(Bound(reference, at, ends[0], ends[1], not settled))
    return found


def outside(bound: Bound, dates: list[date]) -> int:
    apart = (dates[bound.point] - dates[bound.reference]).days
    short = 0 if bound.least is None else max(0, bound.least - apart)
    far = 0 if bound.most is None else max(0, apart - bound.most)
    return short + far


Price = tuple[int, int, int]


def brute_force(
    case: Case, where: ParticipantState, first: int, last: int, *, forced: bool
) -> tuple[Price, list[date]] | None:
    """Tries every date of every visit: days outside, bookings moved, days off wishes, dates.

    Partial plans that cost more already than the best one known are not followed.
    """
    told = facts(case, where)
    rules = bounds(case, told)
    wanted = wants(case.small)
    options = choices(case, told, first, last, forced=forced)
    best: list[tuple[Price, list[date]]] = []

    def price(dates: list[date]) -> Price:
        at = len(dates) - 1
        here = [rule for rule in rules if max(rule.reference, rule.point) == at]
        days = sum(outside(rule, dates) for rule in here if rule.binds)
        off = sum(
            want.weight * abs((dates[at] - dates[want.reference]).days - want.days)
            for want in wanted
            if want.point == at
        )
        name = f"v{at}"
        return days, int(name in told.booked and told.booked[name] != dates[at]), off

    def follow(dates: list[date], so_far: Price) -> None:
        if best and so_far > best[0][0]:
            return
        if len(dates) == len(options):
            if not best or (so_far, dates) < best[0]:
                best[:] = [(so_far, dates)]
            return
        for one in options[len(dates)]:
            more = [*dates, one]
            days, moved, off = price(more)
            if forced or not days:
                follow(more, (so_far[0] + days, so_far[1] + moved, so_far[2] + off))

    follow([], (0, 0, 0))
    return best[0] if best else None


def days_off_target(case: Case, dates: list[date]) -> int:
    return sum(
        want.weight * abs((dates[want.point] - dates[want.reference]).days - want.days)
        for want in wants(case.small)
        if want.is_target
    )


def dates_of(plan: Any) -> list[date]:
    return [date.fromordinal(visit.day) for visit in plan.visits]


@pytest.mark.slow
@given(cases())
@settings(max_examples=100, deadline=None)
def test_the_rest_is_planned_as_brute_force_does(case: Case) -> None:
    """A plan exists or not; fewest bookings moved, then least off wishes, then the earliest."""
    where = stand(case)
    found = where.planner.plan(where.anchor)
    expected = brute_force(case, where, -14, 30, forced=False)
    assert (found is None) == (expected is None)
    assert where.planner.fits(where.anchor) == (expected is not None)
    if found is not None:
        assert expected is not None
        assert dates_of(found) == expected[1]
        assert found.cost == days_off_target(case, expected[1])


@pytest.mark.slow
@given(cases())
@settings(max_examples=100, deadline=None)
def test_the_least_deviation_is_the_least_of_all(case: Case) -> None:
    """Fewest days outside windows, then fewest bookings moved, then least off wishes."""
    where = stand(case)
    assume(where.planner.plan(where.anchor) is None)
    found = where.planner.least_deviation(where.anchor)
    expected = brute_force(case, where, -14, 30, forced=True)
    assert found is not None
    assert expected is not None
    assert dates_of(found) == expected[1]
    assert found.cost == days_off_target(case, expected[1])


@st.composite
def clock_cases(draw: st.DrawFn) -> Case:
    """Two or three visits tied by hours, some recorded at odd minutes or at the wrong time."""
    visits: list[dict[str, Any]] = [{"id": "v0", "at": "09:00..11:00"}]
    for number in range(1, draw(st.integers(2, 3))):
        low = draw(st.integers(44, 52)) * 30
        length = draw(st.sampled_from([0, 0, 30, 60]))
        within = draw(st.sampled_from([f"{low}min..{low + length}min", "1d..1d", f"{low}min.."]))
        reference = f"v{draw(st.integers(0, number - 1))}"
        visits.append(
            {
                "id": f"v{number}",
                "after": {"visit": reference, "within": within},
                "at": draw(st.sampled_from(["08:30..10:30", "09:00", "10:00..12:00"])),
            }
        )
    lines = []
    for visit in visits[: draw(st.integers(0, 2))]:
        word = draw(st.sampled_from(["occurred", "occurred", "booked"]))
        time = draw(st.sampled_from(["08:10", "09:00", "09:20", "10:50", "12:00"]))
        start = f"{day(draw(st.integers(0, 2)) if visit['id'] != 'v0' else 0)}T{time}"
        lines.append({"visit": visit["id"], "status": word, "start": start})
    today = draw(st.none() | st.integers(0, 3))
    zone = draw(st.sampled_from(["UTC", "Asia/Kathmandu"]))
    return Case(
        protocol(visits),
        site(zone=zone),
        record(*lines),
        None if today is None else day(today),
    )


def every_ten_minutes(case: Case, where: ParticipantState) -> Iterator[list[tuple[date, int]]]:
    """Every start of every visit, as its date and the minutes since the start of all."""
    zone = where.planner.site.zone
    midnight = to_instant(START, 0, zone)
    so_far = where.planner.so_far
    for visit in case.small.epochs[0].visits:
        event = so_far.fixed.get(visit.id)
        booked = so_far.booked.get(visit.id)
        if event is not None:
            yield [(date.fromordinal(event.day), event.start - midnight)]
            continue
        assert visit.at is not None
        ways = {
            (day(number), number * 1440 + minute)
            for number in range(8)
            for minute in range(visit.at[0], visit.at[1] + 1, 10)
            if case.today is None or day(number) >= case.today
        }
        if booked is not None:
            ways.add((date.fromordinal(booked.day), booked.start - midnight))
        if visit.id == "v0":
            ways = {way for way in ways if way[0] == where.anchor}
        yield sorted(ways)


@pytest.mark.slow
@given(clock_cases())
@settings(max_examples=40, deadline=None)
def test_hours_are_counted_from_the_minute_at_which_something_took_place(case: Case) -> None:
    where = stand(case)
    options = list(every_ten_minutes(case, where))
    fixed = where.planner.so_far.fixed

    def short(visit: int, ways: list[tuple[date, int]]) -> int:
        """Minutes outside; a day outside counts as a day."""
        total = 0
        for timing in case.small.epochs[0].visits[visit].after:
            reference = int(timing.visit.visit[1:])
            if {f"v{visit}", f"v{reference}"} <= fixed.keys():
                continue
            first, last = timing.allowed.earliest, timing.allowed.latest
            if isinstance(first, CalendarDistance):
                apart = (ways[visit][0] - ways[reference][0]).days
                total += 1440 * (max(0, first.days - apart) + max(0, apart - last.days))
            else:
                apart = ways[visit][1] - ways[reference][1]
                total += max(0, first.minutes - apart)
                total += 0 if last is None else max(0, apart - last.minutes)
        return total

    assume(all(options))
    least, kept = 10**9, []
    for chosen in product(*options):
        ways = list(chosen)
        outside_by = sum(short(at, ways) for at in range(len(ways)))
        if len({way[0] for way in ways}) == len(ways):
            least = min(least, outside_by)
        if not outside_by:
            kept.append(ways)
    plan = where.planner.plan(where.anchor)
    assert (plan is not None) == any(is_apart(ways, kept, where) for ways in kept)
    plan = plan or where.planner.least_deviation(where.anchor)
    assert plan is not None
    midnight = to_instant(START, 0, where.planner.site.zone)
    ways = [(date.fromordinal(one.day), one.start - midnight) for one in plan.visits]
    if len({way[0] for way in ways}) == len(ways):
        assert sum(short(at, ways) for at in range(len(ways))) == least
    for one, other in combinations(range(len(ways)), 2):
        assert ways[one][1] != ways[other][1] or {one, other} <= staying(ways, where)


def staying(ways: list[tuple[date, int]], where: ParticipantState) -> set[int]:
    """The visits that have their places already."""
    midnight = to_instant(START, 0, where.planner.site.zone)
    events = {**where.planner.so_far.booked, **where.planner.so_far.fixed}
    return {
        at
        for at, way in enumerate(ways)
        if f"v{at}" in events and events[f"v{at}"].start - midnight == way[1]
    }


def is_apart(
    ways: list[tuple[date, int]], kept: list[list[tuple[date, int]]], where: ParticipantState
) -> bool:
    """Whether visits of one date start one after another, as listed where that is possible.

    ``kept`` are all ways that keep every window.
    """
    there = [other for other in kept if all(a[0] == b[0] for a, b in zip(other, ways, strict=True))]
    for one, other in combinations(range(len(ways)), 2):
        still = {one, other} & staying(ways, where)
        if ways[one][0] != ways[other][0] or len(still) == 2:
            continue
        if still and ways[one][1] != ways[other][1]:
            continue
        as_listed = any(some[one][1] < some[other][1] for some in there)
        first, second = (one, other) if as_listed else (other, one)
        if ways[first][1] >= ways[second][1]:
            return False
    return True
