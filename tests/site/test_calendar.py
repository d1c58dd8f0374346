import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.site.model import HolidayCalendar, Site
from planner.site.public_holidays import holidays_of_year
from planner.time.local import SkippedLocalTime, to_instant

MONDAY = date(2027, 1, 11)
SATURDAY = date(2027, 1, 16)
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_AND_NIGHT = dict.fromkeys(WEEK, "00:00-24:00")


def calendar(**changes: Any) -> SiteCalendar:
    written: dict[str, Any] = {
        "format": "1",
        "id": "ward",
        "title": "Ward (invented)",
        "timezone": "Europe/Berlin",
        "hours": dict.fromkeys(WEEK[:4], "08:00-18:00") | {"friday": "08:00-12:00, 13:00-16:00"},
        "overnight": True,
    }
    return SiteCalendar(Site.model_validate(written | changes))


def test_a_weekday_without_hours_is_closed_and_says_so() -> None:
    site = calendar()
    assert site.hours(MONDAY) == ((480, 1080),)
    assert site.is_open(MONDAY)
    assert site.why_closed(MONDAY) is None
    assert not site.is_open(SATURDAY)
    assert site.why_closed(SATURDAY) == "closed on Saturdays"


def test_a_closure_closes_both_its_ends_and_gives_its_reason() -> None:
    site = calendar(closures=[{"from": "2027-01-12", "to": "2027-01-13", "reason": "paint"}])
    closed = [MONDAY + timedelta(n) for n in range(5) if not site.is_open(MONDAY + timedelta(n))]
    assert closed == [date(2027, 1, 12), date(2027, 1, 13)]
    assert site.why_closed(closed[0]) == "closure: paint"


def test_a_closure_without_a_reason_is_still_named_as_one() -> None:
    assert calendar(closures={"from": str(MONDAY)}).why_closed(MONDAY) == "closure"


def test_an_opening_overrides_weekday_holiday_and_closure() -> None:
    christmas = date(2027, 12, 24)
    site = calendar(
        holidays={"country": "US"},  # 24 December 2027 is the observed day
        closures={"from": "2027-12-20", "to": "2028-01-02"},
        openings=[
            {"date": str(christmas), "hours": "09:00-11:00"},
            {"date": str(SATURDAY), "hours": "10:00-12:00"},
        ],
    )
    assert site.hours(christmas) == ((540, 660),)
    assert site.hours(SATURDAY) == ((600, 720),)
    assert site.why_closed(SATURDAY) is None
    assert site.why_closed(date(2027, 12, 23)) == "closure"


@pytest.mark.parametrize(
    ("place", "day", "reason"),
    [
        ({"country": "DE", "region": "BE"}, date(2027, 3, 8), "public holiday: Women's Day"),
        ({"country": "DE", "region": "BY"}, date(2027, 3, 8), None),  # not in Bavaria
        ({"country": "DE"}, date(2027, 3, 26), "public holiday: Good Friday"),
        ({"country": "US", "region": "MA"}, date(2027, 4, 19), "public holiday: Patriots' Day"),
        ({"country": "US"}, date(2027, 4, 19), None),
        ({"country": "US"}, date(2027, 7, 5), "public holiday: Independence Day (observed)"),
        ({"country": "US"}, date(2021, 12, 31), "public holiday: New Year's Day (observed)"),
        ({"country": "NO"}, date(2027, 3, 29), "public holiday: Easter Monday"),
        ([{"country": "CH"}, {"country": "FR"}], date(2027, 7, 14), "public holiday: National Day"),
    ],
)
def test_public_holidays_close_the_site_under_their_english_names(
    place: Any, day: date, reason: str | None
) -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    assert calendar(holidays=place).why_closed(day) == reason


def test_a_year_whose_holidays_nobody_knows_is_refused_rather_than_taken_as_free() -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    site = calendar(holidays={"country": "DE"})
    with pytest.raises(PlannerError, match=r"public holidays of DE in 2150: .* to 2100 only"):
        site.hours(date(2150, 1, 5))


def test_a_site_with_holidays_names_the_extra_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    site = calendar(holidays={"country": "DE"})
    with pytest.raises(PlannerError, match=r"pip install \"trial-session-planner\[holidays\]\""):
        site.hours(MONDAY)


def test_of_all_countries_only_that_of_the_site_is_read() -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    program = (
        "import sys; from planner.site.model import HolidayCalendar;"
        "from planner.site.public_holidays import holidays_of_year;"
        "assert len(holidays_of_year(HolidayCalendar(country='DE', region='BE'), 2027)) == 10;"
        "sys.exit('holidays.countries' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("country", ["DE", "US", "CH", "GF", "JP"])
def test_a_country_that_is_read_alone_has_the_same_holidays(country: str) -> None:
    library = pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    days = holidays_of_year(HolidayCalendar(country=country), 2027)
    assert days.keys() == library.country_holidays(country, years=2027, expand=False).keys()


def test_a_site_without_holidays_never_imports_the_library() -> None:
    program = (
        "import sys; from datetime import date; from planner.site.calendar import SiteCalendar;"
        "from planner.site.model import Site;"
        "site = SiteCalendar(Site.model_validate({'format': 1, 'id': 'a', 'title': 'a',"
        " 'timezone': 'UTC', 'hours': {'monday': '08:00-09:00'}}));"
        "site.hours(date(2027, 1, 11)); site.conventions(); assert 'holidays' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_visit_starts_early_enough_to_end_inside_the_opening_hours() -> None:
    site = calendar()
    assert site.starts(MONDAY, 90, False) == ((480, 990),)  # 08:00 to 16:30
    assert site.starts(MONDAY, 600, False) == ((480, 480),)  # exactly the opening hours
    assert site.starts(MONDAY, 601, False) == ()
    assert site.starts(SATURDAY, 30, False) == ()


def test_a_visit_does_not_span_the_midday_break() -> None:
    friday = date(2027, 1, 15)
    assert calendar().starts(friday, 60, False) == ((480, 660), (780, 900))
    assert calendar().starts(friday, 200, False) == ((480, 520),)
    assert calendar().starts(friday, 300, False) == ()


@pytest.mark.parametrize("minutes", [None, 0])
def test_a_visit_of_unknown_length_needs_its_start_before_closing_time(minutes: int | None) -> None:
    assert calendar().starts(MONDAY, minutes, False) == ((480, 1079),)


def test_an_overnight_visit_needs_its_start_inside_the_opening_hours_but_not_its_end() -> None:
    assert calendar().starts(MONDAY, 900, True) == ((480, 1079),)
    assert calendar().starts(SATURDAY, 900, True) == ()


def test_nobody_stays_overnight_where_nobody_can() -> None:
    site = calendar(overnight=False)
    assert site.starts(MONDAY, 480, True) == ()
    assert site.starts(MONDAY, 480, False) == ((480, 600),)


def test_a_ward_that_stays_open_past_midnight_holds_visits_across_it() -> None:
    site = calendar(
        hours={"monday": "20:00-24:00", "tuesday": "00:00-02:00, 09:00-24:00"},
        closures={"from": "2027-01-19"},
    )
    assert site.starts(MONDAY, 120, False) == ((1200, 1439),)
    assert site.starts(MONDAY, 300, False) == ((1200, 1260),)  # until 02:00
    assert site.starts(MONDAY, 361, False) == ()
    assert site.starts(MONDAY + timedelta(7), 120, False) == ((1200, 1320),)  # Tuesday is closed
    assert site.starts(MONDAY + timedelta(1), 60, False) == ((0, 60), (540, 1380))


def test_a_visit_of_days_fits_into_a_ward_that_never_closes() -> None:
    assert calendar(hours=DAY_AND_NIGHT).starts(MONDAY, 3 * 1440, False) == ((0, 1439),)


def test_the_hour_that_the_clock_skips_is_no_start() -> None:
    site = calendar(hours=DAY_AND_NIGHT)
    assert site.starts(date(2027, 3, 28), 30, False) == ((0, 119), (180, 1439))


def test_elapsed_time_decides_whether_a_visit_fits_on_the_night_of_a_clock_change() -> None:
    site = calendar(hours={"sunday": "01:00-04:00"})
    assert site.starts(date(2027, 3, 21), 180, False) == ((60, 60),)
    assert site.starts(date(2027, 3, 28), 180, False) == ()  # 01:00 to 04:00 is two hours
    assert site.starts(date(2027, 10, 31), 240, False) == ((60, 60),)  # and here four


def test_a_clock_change_at_night_leaves_the_day_as_it_is() -> None:
    site = calendar(hours={"sunday": "08:00-18:00"})
    assert site.starts(date(2027, 3, 28), 60, False) == site.starts(date(2027, 3, 21), 60, False)


HALF_HOURS = st.lists(st.integers(0, 48), min_size=2, max_size=4, unique=True).map(sorted)


@given(
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/Havana"]),
    day=st.sampled_from(
        [date(2027, *on) for on in ((3, 14), (3, 28), (4, 4), (6, 1), (10, 3), (10, 31), (11, 7))]
    ),
    before=st.integers(0, 1),
    ends=HALF_HOURS,
    next_closes=st.integers(0, 8),
    minutes=st.integers(1, 1800),
)
@example("America/Havana", date(2027, 3, 14), 1, [0, 48], 8, 120)  # midnight itself is skipped
@example("America/Havana", date(2027, 3, 14), 0, [0, 3], 0, 30)
@settings(max_examples=60, deadline=None)
def test_starts_are_those_whose_every_minute_is_open(
    zone: str, day: date, before: int, ends: list[int], next_closes: int, minutes: int
) -> None:
    day -= timedelta(before)
    today = [f"{_clock(a)}-{_clock(b)}" for a, b in zip(ends[::2], ends[1::2], strict=False)]
    openings = [{"date": str(day), "hours": today}]
    if next_closes:
        hours = f"00:00-{_clock(next_closes)}"
        openings.append({"date": str(day + timedelta(1)), "hours": hours})
    site = calendar(timezone=zone, hours={}, openings=openings)

    def instant_of(on: date, minute: int) -> int:
        try:
            return to_instant(on, minute, site.zone)
        except SkippedLocalTime as skipped:
            local = skipped.gap_end
            return to_instant(local.date(), local.hour * 60 + local.minute, site.zone)

    # The site is open from the first time clocks show the opening minute to the first time they
    # show the closing one.
    is_open = {
        instant
        for on in (day, day + timedelta(1))
        for opens, closes in site.hours(on)
        for instant in range(instant_of(on, opens), instant_of(on, closes))
    }
    first = to_instant(day, 12 * 60, site.zone) - 1500
    open_for = [0] * 5001  # for how many minutes on end the site is open from here
    for index in range(4999, -1, -1):
        open_for[index] = open_for[index + 1] + 1 if first + index in is_open else 0
    expected = set()
    for minute in range(1440):
        try:
            instant = to_instant(day, minute, site.zone)
        except SkippedLocalTime:
            continue
        if open_for[instant - first] >= minutes:
            expected.add(minute)
    found = {m for a, b in site.starts(day, minutes, False) for m in range(a, b + 1)}
    assert found == expected


def test_without_a_site_every_minute_of_every_day_is_open() -> None:
    site = SiteCalendar(always_open())
    assert site.zone.key == "UTC"
    assert site.starts(SATURDAY, 480, False) == site.starts(SATURDAY, 480, True) == ((0, 1439),)


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02d}:{half_hours % 2 * 30:02d}"


def test_the_minutes_in_use_are_those_at_which_some_date_opens_or_closes() -> None:
    site = calendar(openings=[{"date": str(SATURDAY), "hours": "10:15-12:00"}])
    assert site.minutes_in_use() == {480, 1080, 720, 780, 960, 615}


def test_the_conventions_name_the_releases_that_the_answers_rest_on() -> None:
    holidays = pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    zone, days = calendar(holidays={"country": "DE", "region": "BE"}).conventions()
    assert zone.startswith("time zone: Europe/Berlin by tzdata 20")
    assert days == f"public holidays: DE-BE by holidays {holidays.__version__}"
    assert calendar().conventions()[1] == "public holidays: none"
