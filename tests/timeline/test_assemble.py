"""A plan as a timeline: study days, windows as dates, nights, run sheets and tracks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.expand import expand
from planner.protocol.fields import WEEKDAYS
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.assemble import study_day
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.model import DatedVisit, DateWindow, Timeline
from planner.timeline.plan import plan_timeline


def timeline(
    visits: list[dict[str, Any]],
    start: date,
    *,
    zone: str = "Europe/Berlin",
    without: Sequence[str] = (),
    **more: Any,
) -> Timeline:
    course = expand(small(visits, **more), without_visits=without)
    return plan_timeline(CoursePlanner(course, SiteCalendar(ward(zone))), start)


def small(visits: list[dict[str, Any]], **more: Any) -> Protocol:
    return Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "Small", "version": "1",
            "status": "illustrative", "design": "open-label", "anchor": visits[0]["id"],
            "epochs": [{"id": "treatment", "visits": visits}], **more,
        }
    )  # fmt: skip


def ward(zone: str = "Europe/Berlin") -> Site:
    return Site.model_validate(
        {
            "format": 1, "id": "ward", "title": "Ward", "timezone": zone,
            "overnight": True, "hours": dict.fromkeys(WEEKDAYS, "00:00-24:00"),
        }
    )  # fmt: skip


def first(visits: list[dict[str, Any]], start: date, **more: Any) -> DatedVisit:
    return timeline(visits, start, **more).visits[0]


def clock(moment: datetime | None) -> str:
    assert moment is not None
    return moment.strftime("%d %H:%M%z")


@pytest.mark.parametrize(
    ("distance", "without_zero", "with_zero"), [(-7, -7, -7), (-1, -1, -1), (0, 1, 0), (14, 15, 14)]
)
def test_the_anchor_is_day_1_and_its_eve_day_minus_1(
    distance: int, without_zero: int, with_zero: int
) -> None:
    assert study_day(1000 + distance, 1000, day_zero=False) == without_zero
    assert study_day(1000 + distance, 1000, day_zero=True) == with_zero


def test_a_run_sheet_over_midnight_goes_on_on_the_next_date() -> None:
    sheet = [
        {"id": "arrival", "at": "0min"},
        {"id": "dose", "at": "2h"},
        {"id": "check", "after": "dose", "within": "3h..5h", "target": "4h"},
    ]
    visit = {"id": "dosing", "at": "20:00", "duration": "8h", "run_sheet": sheet}
    items = first([visit], date(2027, 6, 1)).run_sheet
    assert [clock(item.start) for item in items] == [
        "01 20:00+0200", "01 22:00+0200", "02 02:00+0200",
    ]  # fmt: skip
    assert clock(items[2].earliest) == "02 01:00+0200"
    assert clock(items[2].latest) == "02 03:00+0200"


@pytest.mark.parametrize(
    ("start", "times"),
    [
        # 23 hours: 02:00 becomes 03:00.
        (date(2027, 3, 27), ["27 22:00+0100", "28 01:00+0100", "28 05:00+0200"]),
        # 25 hours: 03:00 becomes 02:00.
        (date(2027, 10, 30), ["30 22:00+0200", "31 01:00+0200", "31 03:00+0100"]),
    ],
)
def test_a_run_sheet_counts_elapsed_time_over_a_clock_change(start: date, times: list[str]) -> None:
    sheet = [
        {"id": "dose", "at": "0min"},
        {"id": "early", "after": "dose", "within": "3h"},
        {"id": "late", "after": "dose", "within": "6h"},
    ]
    visit = {"id": "dosing", "at": "22:00", "duration": "8h", "run_sheet": sheet}
    assert [clock(item.start) for item in first([visit], start).run_sheet] == times


def test_a_session_that_ends_after_a_clock_change_lasts_as_long_as_written() -> None:
    visit = {"id": "dosing", "at": "22:00", "duration": "8h"}
    planned = first([visit], date(2027, 3, 27))
    assert clock(planned.start) == "27 22:00+0100"
    assert clock(planned.end) == "28 07:00+0200"


def test_a_repeated_measurement_is_a_line_each_time() -> None:
    sheet = [{"id": "vitals", "at": "30min", "every": "1h", "times": 3}]
    visit = {"id": "dosing", "at": "09:00", "duration": "8h", "run_sheet": sheet}
    items = first([visit], date(2027, 6, 1)).run_sheet
    assert [item.id for item in items] == ["vitals-1", "vitals-2", "vitals-3"]
    assert [f"{item.start:%H:%M}" for item in items] == ["09:30", "10:30", "11:30"]


def test_a_stay_ends_in_the_morning_and_the_session_before() -> None:
    visit = {"id": "dosing", "at": "09:00", "duration": "8h", "overnight": {"until": "08:30"}}
    planned = first([visit], date(2027, 6, 1))
    assert clock(planned.session_end) == "01 17:00+0200"
    assert clock(planned.end) == "02 08:30+0200"
    assert planned.overnight


def test_the_next_morning_comes_after_the_night() -> None:
    visits = [
        {"id": "dosing", "at": "09:00", "duration": "8h", "overnight": {"until": "09:00"}},
        {"id": "integration", "duration": "90min",
         "after": {"visit": "dosing.end", "within": "1h..4h", "target": "1h"}},
    ]  # fmt: skip
    planned = timeline(visits, date(2027, 6, 1)).visits[1]
    assert clock(planned.start) == "02 10:00+0200"


def test_a_window_is_counted_from_where_its_reference_is_planned() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "6d..8d", "target": "7d"}},
        {"id": "v2", "after": [{"visit": "v1", "within": "1w..3w", "target": "2w"},
                               {"visit": "v0", "within": "..25d"}]},
    ]  # fmt: skip
    planned = timeline(visits, date(2027, 6, 1)).visits[2]
    assert planned.target == date(2027, 6, 22)
    assert planned.window == DateWindow(date(2027, 6, 15), date(2027, 6, 26))
    # v1 on its earliest date makes the earliest; both rules make the latest.
    assert planned.effective_window == DateWindow(date(2027, 6, 14), date(2027, 6, 26))


def test_an_open_window_stays_open() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "6mo.."}}]
    planned = timeline(visits, date(2027, 8, 31)).visits[1]
    assert planned.window == DateWindow(date(2028, 2, 29), None)
    assert planned.effective_window == DateWindow(date(2028, 2, 29), None)


def test_visits_stand_in_the_order_of_time_and_are_numbered_so() -> None:
    visits = [
        {"id": "v0"},
        {"id": "late", "after": {"visit": "v0", "within": "5d"}},
        {"id": "early", "after": {"visit": "v0", "within": "2d"}},
    ]
    planned = timeline(visits, date(2027, 6, 1)).visits
    assert [(visit.id, visit.number) for visit in planned] == [("v0", 1), ("early", 2), ("late", 3)]


def test_leaving_a_visit_out_renames_none_of_the_others() -> None:
    visits = [
        {"id": "v0"},
        {"id": "maybe", "optional": True, "after": {"visit": "v0", "within": "2d"}},
        {"id": "last", "after": {"visit": "v0", "within": "5d"}},
    ]
    planned = timeline(visits, date(2027, 6, 1), without=["maybe"]).visits
    assert [(visit.id, visit.number) for visit in planned] == [("v0", 1), ("last", 3)]


@given(
    st.integers(0, 6),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.integers(0, 6)),
    st.integers(0, 9),
)
def test_an_epoch_says_the_weekdays_of_visits_that_say_none(
    start: int, of_epoch: set[int], own: set[int], first: int
) -> None:
    visits: list[dict[str, Any]] = [
        {"id": "v0", "weekdays": list(WEEKDAYS)},
        {"id": "v1", "after": {"visit": "v0", "within": f"{first}d..{first + 6}d"}},
    ]
    if own:
        visits[1]["weekdays"] = [WEEKDAYS[day] for day in sorted(own)]
    epochs = [
        {"id": "all", "weekdays": [WEEKDAYS[day] for day in sorted(of_epoch)], "visits": visits}
    ]
    begin = date(2027, 6, 7 + start)
    planned = timeline(visits, begin, epochs=epochs).visits[1].start.date()
    days = (begin + timedelta(number) for number in range(first, first + 7))
    assert planned == next(day for day in days if day.weekday() in (own or of_epoch))


def test_a_track_is_one_entry_that_repeats() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "10d"}}]
    tracks = [
        {"id": "diary", "from": "v0", "offset": "1d", "until": "v1", "at": "20:00"},
        {"id": "capsules", "from": "v0", "every": "3d", "times": 14},
    ]
    diary, capsules = timeline(visits, date(2027, 6, 1), tracks=tracks).tracks
    assert clock(diary.start) == "02 20:00+0200"
    assert (diary.every_days, diary.count) == (1, 10)
    assert (capsules.every_days, capsules.count) == (3, 14)


@pytest.mark.parametrize(
    ("design", "unblinded", "lines"),
    [
        ("single-blind", False, ["dose", "sample"]),
        ("double-blind", False, ["dose"]),
        ("double-blind", True, ["dose", "sample"]),
    ],
)
def test_a_line_of_one_arm_is_kept_from_blinded_staff(
    design: str, unblinded: bool, lines: list[str]
) -> None:
    sheet = [{"id": "dose", "at": "0min"}, {"id": "sample", "at": "1h", "arms": "active"}]
    visits = [{"id": "day", "at": "09:00", "duration": "4h", "run_sheet": sheet}]
    arms = [{"id": "active"}, {"id": "placebo"}]
    protocol = small(visits, design=design, arms=arms)
    plans = [
        plan_timeline(
            CoursePlanner(expand(protocol, arm), SiteCalendar(ward())),
            date(2027, 6, 1),
            unblinded=unblinded,
        )
        for arm in ("active", "placebo")
    ]
    found = [[item.id for item in plan.visits[0].run_sheet] for plan in plans]
    assert found == [lines, ["dose"]]


def test_a_track_at_two_times_of_day_is_two_entries_a_day() -> None:
    tracks = [{"id": "capsules", "from": "v0", "times": 14, "at": ["08:00", "20:30"]}]
    entries = timeline([{"id": "v0"}], date(2027, 6, 1), tracks=tracks).tracks
    assert [(entry.id, entry.title, clock(entry.start), entry.count) for entry in entries] == [
        ("capsules", "capsules, 08:00", "01 08:00+0200", 14),
        ("capsules-2", "capsules, 20:30", "01 20:30+0200", 14),
    ]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ([{"at": ["20:00", "08:00"]}], "the earliest first"),
        ([{"at": ["08:00", "20:00"]}, {"id": "diary-2"}], "`diary-2` is called like the entry"),
    ],
)
def test_the_entries_of_a_day_are_in_order_and_have_ids_of_their_own(
    more: list[dict[str, Any]], message: str
) -> None:
    tracks = [{"id": "diary", "from": "v0", "times": 3, **track} for track in more]
    with pytest.raises(ValueError, match=message):
        small([{"id": "v0"}], tracks=tracks)


def test_a_track_that_begins_in_a_skipped_hour_begins_after_it() -> None:
    tracks = [{"id": "diary", "from": "v0", "times": 3, "at": "02:15"}]
    track = timeline([{"id": "v0", "at": "09:00"}], date(2027, 10, 3), tracks=tracks,
                     zone="Australia/Lord_Howe").tracks[0]  # fmt: skip
    assert clock(track.start) == "03 02:30+1100"


def test_the_earlier_visit_of_a_rule_names_the_later() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "6d..8d", "target": "7d"}},
        {"id": "v2", "before": {"visit": "v1", "within": "2d"}},
    ]
    links = {
        visit.id: [(link.earlier, link.later, link.gap_days) for link in visit.links]
        for visit in timeline(visits, date(2027, 6, 1)).visits
    }
    assert links == {"v0": [], "v1": [("v0", "v1", 7)], "v2": [("v2", "v1", 2)]}


def test_two_rules_between_two_visits_make_one_relation() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": [{"visit": "v0", "within": "1w..3w"},
                               {"visit": "v0", "target": "2w", "within": "1w..4w"}]},
    ]  # fmt: skip
    (link,) = timeline(visits, date(2027, 6, 1)).visits[1].links
    assert (link.earlier, link.later, link.gap_days) == ("v0", "v1", 14)


@pytest.mark.parametrize(
    ("start", "days"),
    [
        pytest.param(date(2027, 1, 11), (9, 9), id="within one day"),
        # The clocks go forward in the night to the 28th: 56 hours before 09:00 is 00:00.
        pytest.param(date(2027, 3, 29), (27, 27), id="over a change of clocks"),
    ],
)
def test_a_window_in_hours_is_on_the_dates_of_its_instants(
    start: date, days: tuple[int, int]
) -> None:
    before = {"visit": "dosing", "within": "46h..56h", "target": "48h"}
    found = timeline([{"id": "dosing", "at": "09:00"}, {"id": "screen", "before": before}], start)
    window = next(visit.window for visit in found.visits if visit.id == "screen")
    assert window is not None
    assert (window.earliest, window.latest) == tuple(start.replace(day=day) for day in days)
