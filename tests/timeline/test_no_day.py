"""Windows that two written rules leave no day of, and visits during a stay: told once, in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import day, planned, protocol, record
from timeline.test_deviations import judged
from timeline.test_due import due

from planner.formats.ical.privacy import allowed_text
from planner.timeline.model import Timeline
from planner.views.charts.dated_course import dated_course
from planner.views.pages.report_parts import plan_grid
from planner.views.timeline_data import render_csv, timeline_grid
from planner.views.timeline_table import render_table

CLASH = protocol(
    [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "7d..14d"}},
        {
            "id": "v2",
            "after": [
                {"visit": "v0", "within": "20d..30d", "target": "25d"},
                {"visit": "v1", "within": "10d..20d"},
            ],
        },
    ]
)
LATE = record(f"v0 occurred {day(0)}", f"v1 occurred {day(28)}")
WORDS = f"no day: `v2.after.1` ends {day(30)}, `v2.after.2` begins {day(38)}"


def clash() -> Timeline:
    timeline, _ = planned(CLASH, LATE, today=day(30))
    assert isinstance(timeline, Timeline)
    return timeline


def test_two_rules_that_leave_no_day_are_told_in_every_view() -> None:
    timeline = clash()
    visit = timeline.visit("v2")
    assert (visit.window.earliest, visit.window.latest, visit.window.no_day) == (None, None, WORDS)
    upside_down = f"{day(38)}..{day(30)}"
    pages = [
        render_table(timeline, width=140, color=False),
        render_csv(timeline),
        f"{timeline_grid(timeline)}",
        f"{timeline.to_dict()}",
        f"{dated_course(timeline)}",
        f"{plan_grid(timeline)}",
        allowed_text(visit, ""),
    ]
    for page in pages:
        assert WORDS in page
        assert upside_down not in page
        assert upside_down.replace("2027-", "") not in page


def test_overdue_and_missed_visits_that_no_day_is_left_of_say_so() -> None:
    (overdue,) = [one for one in judged(CLASH, LATE, today=day(33)).deviations if one.visit == "v2"]
    assert (overdue.kind, overdue.days, f"{overdue.window}") == ("overdue", 3, WORDS)
    missed = record(
        *(f"{line.visit} occurred {line.start}" for line in LATE.record.visits), "v2 missed"
    )
    (found,) = [one for one in judged(CLASH, missed).deviations if one.visit == "v2"]
    assert (found.kind, f"{found.window}") == ("missed", WORDS)


def test_who_is_due_is_told_of_no_day() -> None:
    (visit,) = due(CLASH, LATE, 30, 44)
    assert (visit.visit, visit.status, f"{visit.window}") == ("v2", "broken", WORDS)


STAY = protocol(
    [
        {"id": "v0", "at": "09:00", "overnight": 14},
        {
            "id": "group",
            "at": "14:00",
            "duration": "1h",
            "during": "v0",
            "after": {"visit": "v0", "every": "1w", "within": "±2d", "until": 2},
        },
        {"id": "ecg", "duration": "1h", "during": "v0",
         "after": {"visit": "v0", "target": "1w", "window": "not-published"}},
        {"id": "walk", "duration": "1h", "during": "v0"},
    ]
)  # fmt: skip


def test_that_visits_are_outside_their_stay_is_told_once_for_each() -> None:
    short = {"visit": "v0", "status": "occurred", "start": day(0), "end": f"{day(4)}T12:00"}
    timeline, visits = planned(STAY, record(short), today=day(7))
    for name in ("group-1", "group-2"):
        assert visits[name].deviation.count("takes place during v0") == 1
    assert visits["group-1"].window.no_day
    assert len(timeline.visits) == 5


@pytest.mark.parametrize(("name", "is_stated"), [("ecg", False), ("walk", True)])
def test_a_stay_is_the_window_only_of_visits_that_nothing_else_dates(
    name: str, is_stated: bool
) -> None:
    _, visits = planned(STAY, record(f"v0 occurred {day(0)}"))
    visit = visits[name]
    assert visit.window_stated is is_stated
    assert (visit.window.earliest is None) is not is_stated


@given(st.tuples(*[st.integers(5, 30), st.integers(0, 12)] * 2), st.integers(-20, 40))
@settings(max_examples=60, deadline=None)
def test_a_window_is_the_days_that_all_rules_allow(
    rules: tuple[int, int, int, int], late: int
) -> None:
    """Against many days, tried one by one."""
    first, length, second, longer = rules
    after = [
        {"visit": "v0", "within": f"{first}d..{first + length}d"},
        {"visit": "v1", "within": f"{second}d..{second + longer}d"},
    ]
    early = {"id": "v1", "after": {"visit": "v0", "within": "-90d..90d"}}
    small = protocol([{"id": "v0"}, early, {"id": "v2", "after": after}])
    days = [
        day(number)
        for number in range(-50, 200)
        if first <= number <= first + length and second <= number - late <= second + longer
    ]
    file = record(f"v0 occurred {day(0)}", f"v1 occurred {day(late)}", f"v2 occurred {day(60)}")
    _, visits = planned(small, file)
    window = visits["v2"].window
    if days:
        assert (window.earliest, window.latest, window.no_day) == (days[0], days[-1], None)
    else:
        assert (window.earliest, window.latest) == (None, None)
        assert window.no_day is not None
