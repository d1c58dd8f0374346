"""What visits want: their targets, and without one the near end of their window."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from timeline.courses import START, day, planned, protocol, record, site
from timeline.random_courses import courses, wants

from planner.network.windows import is_consistent
from planner.protocol.course import Point
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.aims import aims_of, near_end
from planner.schedule.build import IMPLIED, build_schedule
from planner.schedule.study_days import lying_days
from planner.site.calendar import SiteCalendar
from planner.time.distance import Window, parse_window
from planner.timeline.course_planner import CoursePlanner


def days(visits: list[dict[str, Any]], at: SiteCalendar | None = None, **more: Any) -> list[int]:
    """On which days after the start visits lie, in listed order."""
    plan = CoursePlanner(expand(protocol(visits, **more)), at or site()).plan(START)
    assert plan is not None
    return [one.day - START.toordinal() for one in plan.visits]


@pytest.mark.parametrize(
    ("window", "near"),
    [
        ("3d..14d", "3d"),
        ("6w..", "6w"),
        ("-4w..-1w", "-1w"),
        ("..-1d", "-1d"),
        ("..14d", "0d"),
        ("0d..1mo", "0d"),
        ("-3d..5d", "0d"),
        ("-2d..", "0d"),
        ("1mo..2mo", "1mo"),
        ("20h..28h", "20h"),
        ("-2h..1h", "0min"),
    ],
)
def test_the_near_end_is_the_one_nearest_the_reference_or_the_reference_itself(
    window: str, near: str
) -> None:
    allowed = parse_window(window)
    assert isinstance(allowed, Window)
    assert str(near_end(allowed)) == near


NO_WEDNESDAYS = [date(2027, 3, 3), date(2027, 3, 10), date(2027, 3, 17), date(2027, 3, 24)]
INFUSIONS = [
    {"id": "v0"},
    {"id": "second", "weekdays": ["monday"], "after": {"visit": "v0", "within": "7d.."}},
    {"id": "check", "after": {"visit": "second", "within": "2d..3d", "target": "2d"}},
]


def test_an_open_window_does_not_wait_for_a_later_visits_target() -> None:
    """A month of closed Wednesdays costs the check one day, not the infusion a month."""
    closed = site(closures=NO_WEDNESDAYS)
    assert days(INFUSIONS, closed) == [0, 7, 10]
    _, visits = planned(protocol(INFUSIONS), record("v0 occurred 2027-03-01"), at=closed)
    assert visits["second"].start.date() == day(7)
    assert visits["check"].start.date() == day(10)


def test_days_off_a_near_end_are_not_days_off_a_target() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "3d..9d"}}]
    plan = CoursePlanner(expand(protocol(visits)), site(closures=[day(3), day(4)])).plan(START)
    assert plan is not None
    assert plan.visits[1].day == day(5).toordinal()
    assert plan.cost == 0


def test_a_weightier_visit_waits_where_that_costs_less() -> None:
    """A day of a dosing session's near end costs as much as a day of its target would."""
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "3d..9d"}},
        {"id": "v2", "after": {"visit": "v1", "within": "2d..4d", "target": "2d"}, "weight": 3},
    ]
    closed = site(closures=[day(5)])
    assert days(visits, closed) == [0, 4, 6]
    heavy = [visits[0], visits[1] | {"weight": 3}, visits[2]]
    assert days(heavy, closed) == [0, 3, 6]


def test_what_lies_before_its_reference_wants_to_be_as_late_as_it_may() -> None:
    visits = [
        {"id": "screening", "before": {"visit": "v0", "within": "1d..28d"}},
        {"id": "v0"},
    ]
    assert days(visits) == [-1, 0]
    assert days(visits, site(closed=[5, 6])) == [-3, 0]


def test_charts_without_dates_draw_a_visit_where_a_plan_puts_it() -> None:
    """Whichever reference comes first, the timing that is written first says which end is near."""
    visits = [
        {"id": "screening", "before": {"visit": "v0", "target": "50d", "within": "40d..60d"}},
        {
            "id": "prep",
            "after": [
                {"visit": "v0", "within": "-4w..-1w"},
                {"visit": "screening", "within": "1d.."},
            ],
        },
        {"id": "v0"},
    ]
    lies = lying_days(expand(protocol(visits)))
    assert days(visits) == [lies[one["id"]] for one in visits] == [-50, -7, 0]


@given(courses(most=5))
@settings(max_examples=200, deadline=None)
def test_every_course_is_drawn_as_its_visits_want_it(small: Protocol) -> None:
    """Whatever the number of timings, their order and their windows, if wishes keep the rules."""
    course = expand(small)
    lies = [0]
    for want in wants(small):
        lies.append(lies[want.reference] + want.days)
    here = build_schedule(course)
    for at, lie in enumerate(lies):
        for end in (Point(f"v{at}"), Point(f"v{at}", True)):
            here.network.add_bound(
                here.anchor, here.nodes[end], lie, lie, coarse=True, rule=IMPLIED
            )
    assume(is_consistent(here.network))
    assert lying_days(course) == {f"v{at}": one for at, one in enumerate(lies)}


def test_of_several_timings_the_one_that_binds_says_where_the_near_end_is() -> None:
    """Dosing b is six weeks after dosing a, but not before the day after week 6."""
    visits = [
        {"id": "v0"},
        {"id": "week-6", "after": {"visit": "v0", "within": "5w..7w", "target": "6w"}},
        {
            "id": "dosing-b",
            "weight": 3,
            "after": [
                {"visit": "v0", "within": "6w..26w"},
                {"visit": "week-6", "within": "1d.."},
            ],
        },
    ]
    assert days(visits) == [0, 42, 43]
    # Where week 6 moves, dosing b goes with it, and does not pull it off its target.
    assert days(visits, site(closures=[day(42), day(41)])) == [0, 43, 44]


def test_of_two_visits_that_it_precedes_the_earlier_one_says_how_late_it_may_be() -> None:
    visits = [
        {"id": "v0"},
        {"id": "mid", "after": {"visit": "v0", "within": "10d"}},
        {"id": "end", "after": {"visit": "v0", "within": "20d"}},
        {
            "id": "before",
            "before": [{"visit": "end", "within": "1d.."}, {"visit": "mid", "within": "2d.."}],
        },
    ]
    assert days(visits) == [0, 10, 20, 8]


def test_what_only_others_or_constraints_tie_is_drawn_near_too() -> None:
    visits = [
        {"id": "consent"},
        {"id": "screening", "after": {"visit": "consent", "within": "2d.."}},
        {"id": "v0"},
    ]
    between = [{"id": "phase", "from": "screening", "to": "v0", "within": "7d..60d"}]
    assert days(visits, constraints=between) == [-9, -7, 0]


def test_every_visit_is_tied_to_the_anchor_by_what_visits_want() -> None:
    visits = [
        {"id": "a"},
        {"id": "b", "after": [{"visit": "v0", "within": "5d.."}, {"visit": "a", "within": "1d.."}]},
        {"id": "v0"},
    ]
    aims = {
        (aim.rule.reference.visit, aim.rule.point.visit, str(aim.distance))
        for aim in aims_of(expand(protocol(visits)))
    }
    assert aims == {("v0", "b", "5d"), ("a", "b", "1d")}


def test_a_visit_of_which_nothing_but_its_order_is_said_follows_at_once() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "5d..9d"}},
        {"id": "v2", "order": "listed"},
        {"id": "v3", "after": {"visit": "v1", "target": "9d", "window": "not-published"}},
        {"id": "v4", "after": {"visit": "v3", "window": "not-published"}},
    ]
    assert days(visits) == [0, 5, 5, 14, 15]
    assert days(visits, order="listed") == [0, 5, 5, 14, 15]


def test_order_is_a_bound_and_no_wish_of_a_visit_that_another_one_wants_elsewhere() -> None:
    visits = [
        {"id": "screening", "before": {"visit": "baseline", "target": "7d", "within": "1d.."}},
        {"id": "baseline"},
        {"id": "v0", "after": {"visit": "baseline", "target": "3d", "within": "1d.."}},
    ]
    assert days(visits, order="listed") == [-10, -3, 0]


def test_listed_order_draws_a_near_end_as_any_bound_does() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "target": "9d", "within": "1d.."}},
        {"id": "v2", "after": {"visit": "v0", "within": "5d.."}},
    ]
    assert days(visits) == [0, 9, 5]
    assert days(visits, order="listed") == [0, 9, 9]


def test_the_near_end_of_hours_is_a_date_and_the_time_of_day_a_preference() -> None:
    visits = [
        {"id": "v0", "at": "17:00"},
        {"id": "v1", "after": {"visit": "v0", "within": "12h..72h"}},
    ]
    plan = CoursePlanner(expand(protocol(visits)), site()).plan(START)
    assert plan is not None
    assert plan.visits[1].start - plan.visits[0].start == 16 * 60  # 09:00 on the next date


def test_a_visit_counted_in_circles_is_no_trap() -> None:
    visits = [
        {"id": "v0"},
        {"id": "a", "after": [{"visit": "b", "within": "..4d"}, {"visit": "v0", "within": "1d.."}]},
        {"id": "b", "after": [{"visit": "a", "within": "1d.."}, {"visit": "v0", "within": "1d.."}]},
    ]
    assert days(visits) == [0, 1, 2]
