from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.time.local import (
    SkippedLocalTime,
    changes_clock,
    day_of,
    is_repeated,
    is_skipped,
    to_instant,
    to_local,
)

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KOLKATA = ZoneInfo("Asia/Kolkata")
APIA = ZoneInfo("Pacific/Apia")
ZONES = (BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, APIA, ZoneInfo("America/Havana"), ZoneInfo("UTC"))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def clock(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


@pytest.mark.parametrize(
    ("day", "minute", "zone", "utc"),
    [
        (date(2027, 1, 11), clock(9), BERLIN, "2027-01-11T08:00Z"),  # winter
        (date(2027, 7, 11), clock(9), BERLIN, "2027-07-11T07:00Z"),  # summer
        (date(2027, 1, 11), clock(22), NEW_YORK, "2027-01-12T03:00Z"),  # the next UTC date
        (date(2027, 1, 11), clock(9), KOLKATA, "2027-01-11T03:30Z"),  # half an hour
        (date(2027, 1, 11), clock(9), LORD_HOWE, "2027-01-10T22:00Z"),  # summer there
        (date(2027, 7, 11), clock(9), LORD_HOWE, "2027-07-10T22:30Z"),
        (date(2027, 1, 11), clock(24), BERLIN, "2027-01-11T23:00Z"),  # 24:00
        (date(2027, 1, 11), clock(33), BERLIN, "2027-01-12T08:00Z"),  # next morning
        (date(1969, 12, 31), clock(23), KOLKATA, "1969-12-31T17:30Z"),  # before 1970
        (date(2150, 7, 11), clock(9), BERLIN, "2150-07-11T07:00Z"),  # after the last table
    ],
)
def test_a_local_time_is_the_instant_its_zone_says(
    day: date, minute: int, zone: ZoneInfo, utc: str
) -> None:
    instant = to_instant(day, minute, zone)
    assert EPOCH + timedelta(minutes=instant) == datetime.fromisoformat(utc)
    assert day_of(instant, zone) == day + timedelta(minute // 1440)


@pytest.mark.parametrize(
    ("day", "minute", "zone", "gap"),
    [
        (date(2027, 3, 28), clock(2), BERLIN, "from 02:00 to 03:00"),
        (date(2027, 3, 28), clock(2, 59), BERLIN, "from 02:00 to 03:00"),
        (date(2027, 3, 14), clock(2, 30), NEW_YORK, "from 02:00 to 03:00"),
        (date(2027, 10, 3), clock(2, 15), LORD_HOWE, "from 02:00 to 02:30"),
        (date(2011, 12, 30), clock(9), APIA, "from 2011-12-30 00:00 to 2011-12-31 00:00"),
    ],
)
def test_a_time_that_the_clock_skips_is_refused_by_name(
    day: date, minute: int, zone: ZoneInfo, gap: str
) -> None:
    with pytest.raises(SkippedLocalTime, match=gap) as caught:
        to_instant(day, minute, zone)
    assert zone.key in str(caught.value)
    assert str(day) in str(caught.value)
    assert is_skipped(day, minute, zone)


def test_the_minutes_around_a_gap_exist_and_are_one_minute_apart() -> None:
    day = date(2027, 3, 28)
    assert to_instant(day, clock(3), BERLIN) - to_instant(day, clock(1, 59), BERLIN) == 1
    assert not is_skipped(day, clock(1, 59), BERLIN)
    assert not is_skipped(day, clock(3), BERLIN)


def test_a_repeated_time_means_its_first_occurrence() -> None:
    day = date(2027, 10, 31)
    instant = to_instant(day, clock(2, 30), BERLIN)
    assert is_repeated(day, clock(2, 30), BERLIN)
    assert to_local(instant, BERLIN).fold == 0
    second = to_local(instant + 60, BERLIN)
    assert (second.hour, second.minute, second.fold) == (2, 30, 1)
    assert not is_repeated(day, clock(3), BERLIN)
    assert not is_repeated(day, clock(1, 59), BERLIN)


def test_half_an_hour_repeats_on_lord_howe() -> None:
    day = date(2027, 4, 4)
    repeated = [m for m in range(1440) if is_repeated(day, m, LORD_HOWE)]
    assert repeated == list(range(clock(1, 30), clock(2)))


def test_a_night_over_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    def night(day: date) -> int:
        return to_instant(day + timedelta(1), clock(9), BERLIN) - to_instant(day, clock(9), BERLIN)

    assert night(date(2027, 3, 27)) == clock(23)
    assert night(date(2027, 10, 30)) == clock(25)
    assert night(date(2027, 6, 1)) == clock(24)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_clocks_change_on_exactly_the_dates_that_are_not_24_hours_long(zone: ZoneInfo) -> None:
    for number in range(366):
        day = date(2026, 12, 31) + timedelta(number)
        start, end = (
            datetime.combine(d, datetime.min.time(), zone).astimezone(UTC)
            for d in (day, day + timedelta(1))
        )
        assert changes_clock(day, zone) == (end - start != timedelta(1))


def test_an_offset_of_odd_seconds_is_refused_rather_than_rounded() -> None:
    with pytest.raises(PlannerError, match="Monrovia were then not whole minutes"):
        to_instant(date(1950, 1, 1), 0, ZoneInfo("Africa/Monrovia"))


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(1971, 1, 1), date(2199, 12, 31)),
    minute=st.integers(0, 1439),
)
@settings(max_examples=300)
def test_instants_agree_with_datetime_arithmetic(zone: ZoneInfo, day: date, minute: int) -> None:
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    back = local.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        with pytest.raises(SkippedLocalTime):
            to_instant(day, minute, zone)
        return
    instant = to_instant(day, minute, zone)
    assert EPOCH + timedelta(minutes=instant) == local.astimezone(UTC)
    assert to_local(instant, zone).replace(tzinfo=None) == local.replace(tzinfo=None)


# Every second example lies within a day of a clock change.
CHANGES = st.sampled_from(
    [
        *(
            (zone, date(2027, month, day))
            for zone in (BERLIN,)
            for month, day in ((3, 28), (10, 31))
        ),
        *((NEW_YORK, date(2027, month, day)) for month, day in ((3, 14), (11, 7))),
        *((LORD_HOWE, date(2027, month, day)) for month, day in ((4, 4), (10, 3))),
        *((ZoneInfo("America/Havana"), date(2025, month, day)) for month, day in ((3, 9), (11, 2))),
        (APIA, date(2011, 12, 30)),
    ]
)


@given(change=CHANGES, offset=st.integers(-2000, 3000))
@settings(max_examples=300)
def test_what_clocks_show_at_an_instant_leads_back_to_it(
    change: tuple[ZoneInfo, date], offset: int
) -> None:
    zone, day = change
    instant = (day.toordinal() - EPOCH.toordinal()) * 1440 + offset
    local = to_local(instant, zone)
    found = to_instant(local.date(), local.hour * 60 + local.minute, zone)
    if local.fold:
        assert is_repeated(local.date(), local.hour * 60 + local.minute, zone)
        assert found < instant
    else:
        assert found == instant
