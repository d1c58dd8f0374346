"""Distances in business days: against counting one date after another, and in plans."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, planned, protocol, record, site

from planner.errors import PlannerError
from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.site.calendar import SiteCalendar
from planner.site.model import Site, always_open
from planner.time.distance import UnitError, parse_distance, parse_window
from planner.timeline.deviations import judge
from planner.timeline.participant_state import PlannerCache
from planner.timeline.plan import Contradiction, NothingFits, course_planner, plan_timeline

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = st.sets(st.integers(0, 6), max_size=5)


def german_site(closed: set[int]) -> SiteCalendar:
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1,
                "id": "berlin",
                "title": "Berlin",
                "timezone": "Europe/Berlin",
                "hours": {
                    name: "08:00-18:00" for at, name in enumerate(WEEKDAYS) if at not in closed
                },
                "holidays": {"country": "DE", "region": "BE"},
            }
        )
    )


def counted_one_by_one(at: SiteCalendar, begin: date, number: int) -> date:
    """The date so many business days after another one, each date on the way looked at."""
    step = timedelta(1 if number > 0 else -1)
    left = abs(number)
    while left:
        begin += step
        closed = at.why_closed(begin)
        left -= closed is None or closed == "closure"
    return begin


@settings(max_examples=60, deadline=None)
@given(CLOSED, st.dates(date(2024, 12, 1), date(2027, 2, 1)), st.integers(-300, 300))
def test_business_days_are_those_that_one_counts_and_lie_in_their_span(
    closed: set[int], begin: date, number: int
) -> None:
    at = german_site(closed)
    distance = parse_distance(f"{number}bd").counted_at(at.business_days)
    assert distance.after(begin) == counted_one_by_one(at, begin, number)
    least, most = distance.day_span
    assert least <= (distance.after(begin) - begin).days <= most
    if closed == {5, 6}:
        least, most = parse_distance(f"{number}bd").day_span
        assert least <= (distance.after(begin) - begin).days <= most


@settings(max_examples=40, deadline=None)
@given(
    CLOSED,
    st.dates(date(2026, 12, 1), date(2027, 6, 1)),
    st.integers(-4, 6),
    st.integers(0, 3),
    st.integers(-2, 4),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_a_plan_is_the_best_of_all_dates_that_keep_business_days(
    closed: set[int], start: date, low: int, room: int, low_2: int, room_2: int, aim: int
) -> None:
    at = german_site(closed)
    small = protocol(
        [
            {"id": "v0"},
            {"id": "v1", "after": {"visit": "v0", "within": f"{low}bd..{low + room}bd"}},
            {
                "id": "v2",
                "after": [
                    {
                        "visit": "v1",
                        "within": f"{low_2}bd..{low_2 + room_2}bd",
                        "target": f"{low_2 + min(aim, room_2)}bd",
                    },
                    {"visit": "v0", "within": "-9d..9d"},
                ],
            },
        ],
        conventions={"weights": {}},
    )
    near = low if low > 0 else min(low + room, 0)
    best = None
    if at.is_open(start):
        for first, second in product(range(-25, 26), repeat=2):
            one, two = start + timedelta(first), start + timedelta(second)
            if not (at.is_open(one) and at.is_open(two) and abs(second) <= 9):
                continue
            if not counted_one_by_one(at, start, low) <= one:
                continue
            if not one <= counted_one_by_one(at, start, low + room):
                continue
            if not counted_one_by_one(at, one, low_2) <= two:
                continue
            if not two <= counted_one_by_one(at, one, low_2 + room_2):
                continue
            target = counted_one_by_one(at, one, low_2 + min(aim, room_2))
            off = abs((one - counted_one_by_one(at, start, near)).days) + abs((two - target).days)
            best = min(best or (off, one, two), (off, one, two))
    if best is None:
        with pytest.raises((NothingFits, Contradiction)):
            plan_timeline(course_planner(small, at), start)
        return
    planner = course_planner(small, at)
    visits = {visit.id: visit.start.date() for visit in plan_timeline(planner, start).visits}
    target = counted_one_by_one(at, visits["v1"], low_2 + min(aim, room_2))
    wanted = counted_one_by_one(at, start, near)
    assert abs((visits["v1"] - wanted).days) + abs((visits["v2"] - target).days) == best[0]


def test_without_a_site_a_window_is_every_number_of_days_that_it_can_be() -> None:
    small = protocol(
        [
            {"id": "v0"},
            {"id": "v1", "after": {"visit": "v0", "target": "5bd"}},
            {"id": "v2", "after": {"visit": "v0", "within": "5bd..10bd"}},
        ]
    )
    for closed in ((), (5, 6), (1, 5, 6)):
        exact = plan_timeline(course_planner(small, site(closed)), START)
        loose = plan_timeline(course_planner(small, SiteCalendar(always_open())), START)
        for one, other in zip(exact.visits, loose.visits, strict=True):
            if one.id == "v0":
                continue
            assert other.window.earliest <= one.window.earliest
            if closed != (1, 5, 6):  # a week of four days is no usual one
                assert one.window.latest <= other.window.latest
    assert loose.visit("v1").start.date() == day(7)
    assert any("no site says" in words for words in loose.conventions)


def test_what_took_place_is_judged_by_the_business_days_of_the_site() -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "5bd..6bd"}}])
    at = german_site({5, 6})
    # 26 March 2027 is Good Friday and the 29th Easter Monday: 5 business days end on 1 April.
    for taken, days in (("2027-03-31", 1), ("2027-04-01", 0), ("2027-04-02", 0), ("2027-04-05", 3)):
        file = record("v0 occurred 2027-03-23", f"v1 occurred {taken}")
        cache = PlannerCache(small, at)
        source = ProtocolFile("small.yaml", small, Document("small.yaml", {}, Mark(1, 1, None), []))
        found = judge(source, cache, file).deviations
        assert [deviation.days for deviation in found] == ([days] if days else []), taken
    _, visits = planned(small, record("v0 occurred 2027-03-23"), at=at)
    assert visits["v1"].window.earliest == date(2027, 4, 1)
    assert visits["v1"].window.latest == date(2027, 4, 2)


@pytest.mark.parametrize("text", ["5bd2d", "1w5bd", "2bd1h"])
def test_business_days_are_mixed_with_nothing(text: str) -> None:
    with pytest.raises(UnitError, match="mixes"):
        parse_distance(text)


def test_business_days_are_written_as_they_are_read() -> None:
    for text in ("5bd", "-5bd", "5bd..10bd", "±2bd", "5bd..", "-3bd/+1bd"):
        value = parse_window(text)
        assert str(value) == text
        assert parse_window(str(value)) == value


def test_a_site_without_weekdays_cannot_count_them() -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "target": "1bd"}}])
    closed = Site.model_validate(
        {
            "format": 1,
            "id": "pop-up",
            "title": "Pop-up",
            "timezone": "Europe/Berlin",
            "hours": {},
            "openings": [{"date": "2027-03-01", "hours": "08:00-18:00"}],
        }
    )
    with pytest.raises(PlannerError, match="no weekday"):
        course_planner(small, SiteCalendar(closed))
