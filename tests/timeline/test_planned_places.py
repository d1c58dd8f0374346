"""Visits that did not take place, without a date: others count from where they were planned."""

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, planned, protocol, record, site
from timeline.test_deviations import judged

from planner.protocol.model import Protocol
from planner.timeline.record import RecordFile

CHAIN = [
    {"id": "v0"},
    {"id": "v1", "after": {"visit": "v0", "within": "7d..14d", "target": "13d"}},
    {"id": "v2", "after": {"visit": "v1", "within": "10d..16d", "target": "13d"}},
]


def test_what_comes_later_does_not_move_the_place_of_a_missed_visit() -> None:
    for later in ([], [f"v2 occurred {day(22)}"], [f"v2 occurred {day(60)}"]):
        timeline, visits = planned(
            protocol(CHAIN), record(f"v0 occurred {day(0)}", "v1 missed", *later)
        )
        assert visits["v1"].start.date() == day(13)
        assert (visits["v2"].target, visits["v2"].window.earliest) == (day(26), day(23))
        assert timeline.visit("v2").window.latest == day(29)


def test_neither_does_the_date_of_today() -> None:
    missed = record(f"v0 occurred {day(0)}", "v1 not-applicable")
    _, visits = planned(protocol(CHAIN), missed, today=day(40))
    assert (visits["v2"].status, visits["v2"].target) == ("overdue", day(26))


def test_the_place_counts_from_where_the_visits_before_it_really_were() -> None:
    longer = [*CHAIN, {"id": "v3", "after": {"visit": "v2", "target": "1w"}}]
    late = record(f"v0 occurred {day(0)}", f"v1 occurred {day(20)}", "v2 missed")
    _, visits = planned(protocol(longer), late)
    assert (visits["v2"].start.date(), visits["v3"].target) == (day(33), day(40))


def test_the_place_is_a_day_on_which_the_visit_could_have_been_planned() -> None:
    closed = site(closures=[day(13)])
    _, visits = planned(protocol(CHAIN), record(f"v0 occurred {day(0)}", "v1 missed"), at=closed)
    assert (visits["v1"].start.date(), visits["v2"].target) == (day(12), day(25))


def test_a_screening_that_was_missed_is_counted_back_from_the_visit_that_dates_it() -> None:
    screening = {"id": "v1", "before": {"visit": "v0", "within": "1w..3w", "target": "2w"}}
    file = record("v1 missed", f"v0 occurred {day(3)}")
    _, visits = planned(protocol([screening, {"id": "v0"}]), file, start=None)
    assert visits["v1"].start.date() == day(-11)


def test_a_start_that_is_given_beside_the_record_dates_the_place() -> None:
    file = record("v1 missed", f"v2 occurred {day(27)}")
    _, visits = planned(protocol(CHAIN), file, start=START)
    assert (visits["v1"].start.date(), visits["v2"].target) == (day(13), day(26))


class Tree(NamedTuple):
    """A protocol whose visits each count from one before, and a record of it."""

    small: Protocol
    file: RecordFile
    wanted: dict[str, tuple[int, int, int]]
    """By visit the days of its target, and of the ends of its window."""
    outside: dict[str, int]
    """By visit that took place how many days it lies outside its window, negative when early."""


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    visits: list[dict[str, object]] = [{"id": "v0"}]
    lines = [f"v0 occurred {day(0)}"]
    places, wanted, outside = [0], {}, {}
    for at in range(1, draw(st.integers(1, 6))):
        source = draw(st.integers(0, at - 1))
        target, room = draw(st.integers(20, 60)), draw(st.integers(0, 5))
        within = f"{target - room}d..{target + room}d"
        rule = {"visit": f"v{source}", "target": f"{target}d", "within": within}
        visits.append({"id": f"v{at}", "after": rule})
        aim = places[source] + target
        wanted[f"v{at}"] = (aim, aim - room, aim + room)
        status = draw(st.sampled_from(["occurred", "missed", "cancelled", "not-applicable"]))
        place = aim
        if status == "occurred":
            place = aim + draw(st.integers(-9, 9))
            far = max(0, place - aim - room) + min(0, place - aim + room)
            outside.update({f"v{at}": far} if far else {})
            lines.append(f"v{at} occurred {day(place)}")
        else:
            lines.append(f"v{at} {status}")
        places.append(place)
    order = draw(st.permutations(lines))
    return Tree(protocol(visits), record(*order), wanted, outside)


@given(trees(), st.none() | st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_places_and_deviations_are_those_of_counting_by_hand(tree: Tree, today: int | None) -> None:
    now: date | None = None if today is None else day(0) + timedelta(days=today)
    _, visits = planned(tree.small, tree.file, today=now)
    for name, (target, first, last) in tree.wanted.items():
        if name in visits:
            window = visits[name].window
            assert visits[name].target == day(target)
            assert (window.earliest, window.latest) == (day(first), day(last))
    found = judged(tree.small, tree.file, today=now).deviations
    told = {one.visit: one.days if one.kind == "late" else -one.days for one in found if one.days}
    assert told == tree.outside
