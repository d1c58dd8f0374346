"""Participants placed on the days that others leave, against trying every date."""

import pickle
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site

import planner
from planner.network.arc_consistency import Among, LimitGraph
from planner.protocol.expand import expand
from planner.site.calendar import SiteCalendar
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.day_set import DaySet
from planner.timeline.participant_state import PlannerCache
from planner.timeline.placer import Placer

SPAN = range(-12, 21)


class Rule(NamedTuple):
    """That a visit lies so many days from another one; ``target`` is what it wants."""

    visit: int
    reference: int
    first: int
    last: int
    target: int


class Small(NamedTuple):
    """A small course at a site, with the days that others leave and the slack that is wished."""

    rules: list[Rule]
    dosing: list[bool]
    calendar: SiteCalendar
    allowed: dict[int, set[int]]
    slack: int

    def placer(self) -> Placer:
        visits: list[dict[str, Any]] = [{"id": "v0"}]
        for rule in self.rules:
            timing = {
                "visit": f"v{rule.reference}",
                "within": f"{rule.first}d..{rule.last}d",
                "target": f"{rule.target}d",
            }
            kind = {"kind": "dosing"} if self.dosing[rule.visit] else {}
            visits.append({"id": f"v{rule.visit}", "after": timing, **kind})
        written = protocol(visits)
        courses = PlannerCache(written, self.calendar)
        return Placer(CoursePlanner(expand(written), self.calendar), courses, None)

    def days(self) -> dict[str, DaySet]:
        return {f"v{at}": DaySet(map(day, days)) for at, days in self.allowed.items()}

    def can_start(self) -> bool:
        """Whether the anchor visit can be on the start."""
        return self.calendar.is_open(START) and 0 in self.allowed.get(0, SPAN)

    def by_trying(self, settled: dict[int, int], today: int) -> tuple[int, ...] | None:
        """The best dates in days from the start; ``None`` where none keep the rules."""
        choices = [
            [settled[at]]
            if at in settled
            else [
                number
                for number in SPAN
                if number >= today
                and self.calendar.is_open(day(number))
                and number in self.allowed.get(at, SPAN)
            ]
            for at in range(len(self.rules) + 1)
        ]
        best: tuple[int, int, tuple[int, ...]] | None = None
        for dates in product(*choices):
            if not all(
                rule.first <= dates[rule.visit] - dates[rule.reference] <= rule.last
                or {rule.visit, rule.reference} <= settled.keys()
                for rule in self.rules
            ):
                continue
            off = missing = 0
            for visit, reference, first, last, target in self.rules:
                apart = dates[visit] - dates[reference]
                off += abs(apart - target)
                if visit > reference and self.dosing[visit]:
                    missing += max(0, self.slack - (last - apart))
                if visit < reference and self.dosing[reference]:
                    missing += max(0, self.slack - (apart - first))
            if best is None or (off, missing, dates) < best:
                best = off, missing, dates
        return None if best is None else best[2]


@st.composite
def small_courses(draw: st.DrawFn) -> Small:
    count = draw(st.integers(1, 3))
    rules = []
    for visit in range(1, count + 1):
        reference = draw(st.integers(0, visit - 1))
        first = draw(st.integers(-2, 3))
        last = first + draw(st.integers(0, 4))
        if visit == 1 and count > 1 and draw(st.booleans()):
            reference, first, last = 2, -last, -first  # counted from the visit after it
        rules.append(Rule(visit, reference, first, last, draw(st.integers(first, last))))
    if count > 1 and rules[0].reference == 2 and rules[1].reference == 1:
        rules[1] = rules[1]._replace(reference=0)
    closed = draw(st.sets(st.integers(0, 6), max_size=2))
    names = draw(st.sets(st.integers(0, count), max_size=3))
    allowed = {at: draw(st.sets(st.integers(-6, 12), max_size=14)) for at in names}
    dosing = [False, *draw(st.lists(st.booleans(), min_size=count, max_size=count))]
    return Small(rules, dosing, site(closed), allowed, draw(st.integers(0, 4)))


def numbers(placed: planner.PlacedCourse | None) -> tuple[int, ...] | None:
    """The dates of visits, in days from the start and the order of the course."""
    if placed is None:
        return None
    return tuple((placed.starts[name].date() - START).days for name in sorted(placed.starts))


@given(small_courses())
@settings(max_examples=200, deadline=None)
def test_the_best_plan_on_the_days_that_others_leave(small: Small) -> None:
    placer = small.placer()
    best = small.by_trying({0: 0}, SPAN[0]) if small.can_start() else None
    assert numbers(placer.place(START, small.days(), slack=small.slack)) == best
    assert placer.fits(START, small.days()) == (best is not None)


@given(small_courses(), st.integers(-4, 0), st.data())
@settings(max_examples=100, deadline=None)
def test_the_rest_of_a_course_on_the_days_that_others_leave(
    small: Small, took_place: int, data: st.DataObject
) -> None:
    """What has happened stays, whoever has the day now; by tables and by a search."""
    placer = small.placer()
    settled = {0: took_place}
    if data.draw(st.booleans()):
        settled[1] = data.draw(st.integers(-4, 0))
    entries = [f"v{at} occurred {day(number)}" for at, number in settled.items()]
    best = small.by_trying(settled, 0)
    asked = record(*entries), day(0), small.days()
    assert numbers(placer.place_rest(*asked, slack=small.slack)) == best
    if not small.slack:
        again = placer.place_rest(*asked, slack=1)  # never by tables
        assert (again is None) == (best is None)


@given(small_courses(), st.lists(st.tuples(st.integers(0, 3), st.integers(-6, 12)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_days_that_are_taken_or_come_back_count_from_the_next_placement_on(
    small: Small, changes: list[tuple[int, int]]
) -> None:
    placer, days = small.placer(), small.days()
    for at, number in changes:
        name = f"v{at}"
        if name in days:
            if day(number) in days[name]:
                days[name].discard(day(number))
            else:
                days[name].add(day(number))
        fresh = small.placer().place(START, days, slack=small.slack)
        assert placer.place(START, days, slack=small.slack) == fresh


@given(
    st.lists(st.integers(0, 30), unique=True).map(sorted),
    st.lists(st.integers(0, 30), unique=True).map(sorted),
)
def test_among_leads_to_the_first_that_is_allowed(
    values: Sequence[int], allowed: Sequence[int]
) -> None:
    among = Among(values, allowed)
    for at in range(len(values)):
        later = [k for k in range(at, len(values)) if values[k] in allowed]
        assert among[at] == (later[0] if later else len(values))
    graph = LimitGraph(1, ())
    graph.add(0, 0, among)
    low, high = [0], [len(values) - 1]
    fits = graph.narrow(low, high)
    assert fits == bool(set(values) & set(allowed))
    if fits:
        both = sorted(set(values) & set(allowed))
        assert [values[low[0]], values[high[0]]] == [both[0], both[-1]]


@given(st.lists(st.dates(date(2027, 1, 1), date(2027, 1, 20))))
def test_a_set_of_days_is_a_set(changes: list[date]) -> None:
    days, expected = DaySet(), set[date]()
    for change in changes:
        assert (change in days) == (change in expected)
        if change in expected:
            days.discard(change)
            expected.discard(change)
        else:
            days.add(change)
            expected.add(change)
        assert list(days) == sorted(expected)
        assert len(days) == len(expected)
        assert days == DaySet(expected)
    assert bisect_left(days.ordinals, 0) == 0


def test_a_visit_tells_what_it_takes_of_a_site() -> None:
    placer = planner.placer("mapp1")
    dosing = next(visit for visit in placer.visits if visit.visit == "dosing-1")
    assert dosing == planner.VisitDemand(
        "dosing-1", "dosing", "clinic", None, None, (("therapist", 2),), nights=1, minutes=480
    )
    assert next(visit for visit in placer.visits if visit.visit == "screening").minutes is None


def test_two_participants_do_not_have_one_room_on_a_day() -> None:
    placer = planner.placer("mapp1", site="examples/site-berlin.yaml")
    free = DaySet(date(2027, 1, 1) + timedelta(days=number) for number in range(60))
    nights: list[date] = []
    while placed := placer.place(date(2027, 1, 11), {"dosing-1": free}):
        nights.append(placed.starts["dosing-1"].date())
        free.discard(nights[-1])
    assert len(nights) == len(set(nights)) > 2
    assert not placer.fits(date(2027, 1, 11), {"dosing-1": free})


def test_an_unknown_visit_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(planner.PlannerError, match="did you mean `dosing-1`"):
        planner.placer("mapp1").place(date(2027, 1, 11), {"dosing1": DaySet()})


def test_a_placer_goes_on_as_before_on_the_other_side() -> None:
    placer = planner.placer("mapp1", site="examples/site-berlin.yaml")
    free = DaySet([date(2027, 1, 26)])
    placed = placer.place(date(2027, 1, 11), {"dosing-1": free}, slack=3)
    moved, days = pickle.loads(pickle.dumps((placer, free)))
    assert days == free
    assert moved.visits == placer.visits
    assert moved.place(date(2027, 1, 11), {"dosing-1": days}, slack=3) == placed
