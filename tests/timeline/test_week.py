"""Clashes of a week: more than there is, for how long, and of which visits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.timeline.week import Need, WeekVisit, find_clashes, monday_of

MONDAY = date(2027, 2, 1)
MIDNIGHT = datetime(2027, 2, 1, tzinfo=UTC)


def visit(
    code: str, begin: int, end: int, *, people: int = 1, room: str | None = None
) -> WeekVisit:
    """A visit from one hour of the week to another, with raters and perhaps a room."""
    start, over = MIDNIGHT + timedelta(hours=begin), MIDNIGHT + timedelta(hours=end)
    needs = [Need("role", "rater", people, start, over)]
    needs += [] if room is None else [Need("room", room, 1, start, over)]
    return WeekVisit(
        code, "p", "v", "V01", "clinic", start, over, "planned", room, (), tuple(needs)
    )


def test_one_person_cannot_be_at_two_visits() -> None:
    both = [visit("P1", 9, 11), visit("P2", 10, 12)]
    (clash,) = find_clashes(both, {("role", "rater"): 1}, MONDAY)
    assert (clash.kind, clash.name, clash.needed, clash.there) == ("role", "rater", 2, 1)
    assert (clash.start.hour, clash.end.hour) == (10, 11)
    assert clash.visits == tuple(both)
    assert not find_clashes(both, {("role", "rater"): 2}, MONDAY)


def test_visits_that_touch_do_not_clash_and_what_has_no_number_clashes_with_nothing() -> None:
    after = [visit("P1", 9, 10), visit("P2", 10, 11)]
    assert not find_clashes(after, {("role", "rater"): 1}, MONDAY)
    assert not find_clashes([visit("P1", 9, 11), visit("P2", 9, 11)], {}, MONDAY)


def test_a_role_with_nobody_and_a_room_over_its_capacity_clash() -> None:
    alone = visit("P1", 9, 10, people=2, room="ward")
    others = [visit("P2", 9, 12, room="ward"), visit("P3", 11, 13, room="ward")]
    clashes = find_clashes([alone, *others], {("role", "rater"): 0, ("room", "ward"): 1}, MONDAY)
    assert [(clash.name, clash.needed, clash.start.hour, clash.end.hour) for clash in clashes] == [
        ("rater", 3, 9, 13),
        ("ward", 2, 9, 10),
        ("ward", 2, 11, 12),
    ]


def test_a_visit_on_a_closed_day_clashes_unless_it_took_place() -> None:
    closed = visit("P1", 9, 10)._replace(closed="closure: training")
    (clash,) = find_clashes([closed], {}, MONDAY)
    assert (clash.kind, clash.name) == ("closed", "closure: training")
    assert not find_clashes([closed._replace(status="occurred")], {}, MONDAY)


def test_only_clashes_of_the_week_are_told() -> None:
    later = [visit("P1", 7 * 24, 7 * 24 + 2), visit("P2", 7 * 24, 7 * 24 + 2)]
    assert not find_clashes(later, {("role", "rater"): 1}, MONDAY)
    across = [visit("P1", 7 * 24 - 1, 7 * 24 + 2), visit("P2", 7 * 24 - 2, 7 * 24 + 2)]
    assert len(find_clashes(across, {("role", "rater"): 1}, MONDAY)) == 1


@given(
    st.lists(st.tuples(st.integers(0, 160), st.integers(1, 8), st.integers(0, 3)), max_size=12),
    st.integers(0, 4),
)
def test_an_hour_is_in_a_clash_exactly_if_more_are_needed_than_there_are(
    stretches: list[tuple[int, int, int]], there: int
) -> None:
    visits = [
        visit(f"P{at}", begin, begin + hours, people=number)
        for at, (begin, hours, number) in enumerate(stretches)
    ]
    clashes = find_clashes(visits, {("role", "rater"): there}, MONDAY)
    for hour in range(7 * 24):
        moment = MIDNIGHT + timedelta(hours=hour)
        needed = sum(number for begin, hours, number in stretches if begin <= hour < begin + hours)
        inside = [clash for clash in clashes if clash.start <= moment < clash.end]
        assert len(inside) == (needed > there)
        assert all(clash.needed >= needed for clash in inside)


@pytest.mark.parametrize("day", [date(2027, 2, 1), date(2027, 2, 7)])
def test_a_week_begins_on_monday(day: date) -> None:
    assert monday_of(day) == MONDAY
