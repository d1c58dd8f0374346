"""Distances, windows, times of day and dates: how they are written, and what they mean."""

import copy
import pickle
from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from planner.time.date import (
    FIRST_YEAR,
    LAST_YEAR,
    format_time,
    month_length,
    parse_date,
    parse_time,
    parse_time_range,
)
from planner.time.distance import (
    CalendarDistance,
    ClockDistance,
    Distance,
    Tolerance,
    UnitError,
    Window,
    parse_distance,
    parse_window,
)

signs = st.sampled_from((-1, 1))
calendar = st.builds(
    lambda sign, months, days: CalendarDistance(sign * months, sign * days),
    signs,
    st.integers(0, 120),
    st.integers(0, 3000),
)
clock = st.builds(ClockDistance, st.integers(-40_000, 40_000))
distances: st.SearchStrategy[Distance] = st.one_of(calendar, clock)
dates = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def _least(distance: Distance) -> int:
    return distance.minutes if isinstance(distance, ClockDistance) else distance.day_span[0]


def _greatest(distance: Distance) -> int:
    return distance.minutes if isinstance(distance, ClockDistance) else distance.day_span[1]


WRITTEN = [  # what stands in a file, what it means
    ("3w", CalendarDistance(0, 21)),
    ("10d", CalendarDistance(0, 10)),
    ("6mo", CalendarDistance(6, 0)),
    ("1y2mo", CalendarDistance(14, 0)),
    ("1mo3d", CalendarDistance(1, 3)),
    ("2w3d", CalendarDistance(0, 17)),
    ("-2d", CalendarDistance(0, -2)),
    ("+2d", CalendarDistance(0, 2)),
    ("0d", CalendarDistance(0, 0)),
    ("-0d", CalendarDistance(0, 0)),
    (" 3w ", CalendarDistance(0, 21)),
    ("90min", ClockDistance(90)),
    ("8h", ClockDistance(480)),
    ("1h30min", ClockDistance(90)),
    ("-60min", ClockDistance(-60)),
    ("24h", ClockDistance(1440)),
    ("P3W", CalendarDistance(0, 21)),
    ("-P2D", CalendarDistance(0, -2)),
    ("P1Y2M3W4D", CalendarDistance(14, 25)),
    ("P0D", CalendarDistance(0, 0)),
    ("PT90M", ClockDistance(90)),
    ("PT1H30M", ClockDistance(90)),
    ("20y", CalendarDistance(240, 0)),
    ("7305d", CalendarDistance(0, 7305)),
]


@pytest.mark.parametrize(("text", "meaning"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_both_spellings_of_a_distance_are_read(text: str, meaning: Distance) -> None:
    assert parse_distance(text) == meaning


NO_DISTANCE = [  # what stands in a file, part of the message
    ("", "is not a distance"),
    ("3", "a number needs its unit"),
    ("d", "is not a distance"),
    ("3x", "write a number and a unit"),
    ("3 d", "is not a distance"),
    ("3m", "`min` for minutes or `mo` for months"),
    ("3 weeks", "for `weeks` write `w`"),
    ("2 Hours", "for `Hours` write `h`"),
    ("1.5h", "is not a distance"),
    ("--3d", "is not a distance"),
    ("3d4d", "names a unit twice"),
    ("1d12h", "mixes calendar days with hours"),
    ("٣d", "is not a distance"),  # digits of another script
    ("P", "not an ISO 8601 duration"),
    ("PT", "not an ISO 8601 duration"),
    ("P1.5D", "not an ISO 8601 duration"),
    ("PT30S", "not an ISO 8601 duration"),
    ("P1DT2H", "mixes calendar days with hours"),
    ("P٣D", "not an ISO 8601 duration"),
    ("7306d", "longer than 20 years"),
    ("20y1d", "longer than 20 years"),
    ("241mo", "longer than 20 years"),
    ("999999999w", "longer than 20 years"),
    ("999999999999d", "is not a distance"),
    ("999999999h", "longer than 20 years"),
]


@pytest.mark.parametrize(("text", "part"), NO_DISTANCE, ids=[row[0] for row in NO_DISTANCE])
def test_what_is_no_distance_is_refused_with_what_to_write(text: str, part: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_distance(text)
    assert part in str(caught.value)


def test_a_message_stays_short_however_long_the_text() -> None:
    for text in ("1d" * 100_000, "9" * 100_000, "x" * 100_000, "1d2h" * 50_000, "P" + "1" * 99_999):
        for parse in (parse_distance, parse_window, parse_time, parse_time_range, parse_date):
            with pytest.raises(UnitError) as caught:
                parse(text)
            assert len(str(caught.value)) < 300


@given(distances)
def test_a_distance_is_read_back_as_it_is_shown(distance: Distance) -> None:
    assert parse_distance(str(distance)) == distance


@given(distances, distances)
def test_a_window_is_read_back_as_it_is_shown(one: Distance, other: Distance) -> None:
    assume(type(one) is type(other))
    for window in (Window(one, None), Window(None, other), Window(one, one)):
        assert parse_window(str(window)) == window
    for earliest, latest in ((one, other), (other, one)):
        text = f"{earliest}..{latest}"
        if _least(earliest) <= _greatest(latest):
            assert parse_window(text) == Window(earliest, latest)
        else:
            with pytest.raises(UnitError, match="reverse order"):
                parse_window(text)


@given(distances, distances)
def test_a_tolerance_is_read_back_as_it_is_shown(before: Distance, after: Distance) -> None:
    assume(type(before) is type(after))
    before, after = (-one if str(one).startswith("-") else one for one in (before, after))
    tolerance = Tolerance(before, after)
    assert parse_window(str(tolerance)) == tolerance


def test_a_month_less_three_days_is_shown_with_both_signs() -> None:
    assert str(CalendarDistance(1, -3)) == "1mo-3d"
    assert str(CalendarDistance(-1, 3)) == "-1mo+3d"
    assert str(CalendarDistance(-13, -3)) == "-1y1mo3d"


@given(st.text(max_size=20) | st.from_regex(r"[-+±>=<.PT0-9dwmohinyMDWYH/:]{0,16}", fullmatch=True))
@settings(max_examples=300)
def test_no_text_raises_anything_but_a_unit_error(text: str) -> None:
    for parse in (parse_distance, parse_window, parse_time, parse_time_range, parse_date):
        try:
            parse(text)
        except UnitError as error:
            assert str(error)  # noqa: PT017  the message is what the user reads


@given(dates, st.integers(-240, 240), st.integers(-3000, 3000))
@example(date(2027, 1, 31), 1, 0)
@example(date(2028, 2, 29), 12, 0)
@example(date(2028, 2, 29), -48, 0)
@example(date(2100, 3, 31), -1, 0)
def test_a_distance_never_leaves_its_day_span(day: date, months: int, days: int) -> None:
    distance = CalendarDistance(months, days)
    least, greatest = distance.day_span
    assert least <= (distance.after(day) - day).days <= greatest


@pytest.mark.parametrize("months", [*range(1, 25), 36, 47, 48, 49, 120, 239, 240])
def test_the_day_span_of_months_is_what_the_calendar_has(months: int) -> None:
    """Of every month where leap years, 2000, and the centuries without a leap day are crossed."""
    for sign in (1, -1):
        distance = CalendarDistance(sign * months, 0)
        spans = set()
        for year in (
            *range(1900, 1906),
            *range(1996, 2006),
            *range(2080, 2106),
            *range(2175, 2181),
        ):
            for month in range(1, 13):
                for number in (1, 28, month_length(year, month)):
                    day = date(year, month, number)
                    spans.add((distance.after(day) - day).days)
        assert distance.day_span == (min(spans), max(spans))


def test_months_are_clamped_at_the_end_of_the_month() -> None:
    assert CalendarDistance(1, 0).after(date(2027, 1, 31)) == date(2027, 2, 28)
    assert CalendarDistance(1, 0).after(date(2028, 1, 31)) == date(2028, 2, 29)
    assert CalendarDistance(-1, 0).after(date(2027, 3, 31)) == date(2027, 2, 28)
    assert CalendarDistance(12, 0).after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert CalendarDistance(12, 0).after(date(2099, 2, 28)) == date(2100, 2, 28)


def test_days_are_added_after_the_months_are_clamped() -> None:
    assert CalendarDistance(1, 1).after(date(2027, 1, 31)) == date(2027, 3, 1)
    assert CalendarDistance(1, -1).after(date(2027, 1, 31)) == date(2027, 2, 27)


@given(dates, st.integers(-7305, 7305))
def test_days_are_days(day: date, days: int) -> None:
    assert CalendarDistance(0, days).after(day) == day + timedelta(days)


@pytest.mark.parametrize(
    ("day", "distance"),
    [
        (date(2200, 1, 1), CalendarDistance(12 * 31, 0)),
        (date(1900, 1, 1), CalendarDistance(-12 * 31, 0)),
        (date(2200, 1, 1), CalendarDistance(0, 12_000)),
        (date(1900, 1, 1), CalendarDistance(0, -12_000)),
        (date(9999, 12, 31), CalendarDistance(0, 1)),
        (date(1, 1, 1), CalendarDistance(-1, 0)),
    ],
)
def test_a_date_far_outside_1900_to_2200_is_refused(day: date, distance: CalendarDistance) -> None:
    with pytest.raises(UnitError, match="outside the years 1900-2200"):
        distance.after(day)


@given(calendar, calendar)
def test_calendar_distances_add_by_months_and_days(
    one: CalendarDistance, other: CalendarDistance
) -> None:
    total = one + other
    assert (total.months, total.days) == (one.months + other.months, one.days + other.days)
    assert total - other == one
    assert one + -one == CalendarDistance(0, 0)


def test_days_and_hours_are_different_types_that_never_mix() -> None:
    day, hours = CalendarDistance(0, 1), ClockDistance(1440)
    assert day != hours
    for mixed in (
        lambda: day + hours,  # type: ignore[operator]
        lambda: hours + day,  # type: ignore[operator]
        lambda: day - hours,  # type: ignore[operator]
        lambda: hours - day,  # type: ignore[operator]
    ):
        with pytest.raises(TypeError):
            mixed()


def test_two_distances_are_the_same_when_their_numbers_are() -> None:
    assert CalendarDistance(0, 7) == parse_distance("1w") == parse_distance("7d")
    assert CalendarDistance(12, 0) != CalendarDistance(0, 365)
    assert len({CalendarDistance(0, 7), parse_distance("P1W"), ClockDistance(7)}) == 2
    assert Window(ClockDistance(1), None) != Window(None, ClockDistance(1))
    assert Window(ClockDistance(1), ClockDistance(1)) != Tolerance(
        ClockDistance(1), ClockDistance(1)
    )
    assert CalendarDistance(0, 7) != (0, 7)


@pytest.mark.parametrize(
    "value",
    [
        CalendarDistance(1, -2),
        ClockDistance(90),
        Window(CalendarDistance(0, 3), None),
        Tolerance(ClockDistance(5), ClockDistance(10)),
    ],
)
def test_a_value_never_changes_and_survives_copying(value: Distance | Window | Tolerance) -> None:
    name = type(value).__slots__[0]
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    with pytest.raises(FrozenInstanceError):
        delattr(value, name)
    # A class with slots is made twice, of which the frozen one knows the other only (Python 3.11).
    with pytest.raises((AttributeError, TypeError)):
        value.unknown = 1
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert hash(twin) == hash(value)
    assert eval(repr(value)) == value


WINDOWS = [  # what stands in a file, what it means
    ("3d..14d", Window(CalendarDistance(0, 3), CalendarDistance(0, 14))),
    ("P3D..P2W", Window(CalendarDistance(0, 3), CalendarDistance(0, 14))),
    ("-2d..2d", Window(CalendarDistance(0, -2), CalendarDistance(0, 2))),
    ("6w..", Window(CalendarDistance(0, 42), None)),
    ("..6w", Window(None, CalendarDistance(0, 42))),
    (">=6mo", Window(CalendarDistance(6, 0), None)),
    ("<= 90min", Window(None, ClockDistance(90))),
    ("3d", Window(CalendarDistance(0, 3), CalendarDistance(0, 3))),
    ("90min..150min", Window(ClockDistance(90), ClockDistance(150))),
    ("1mo..30d", Window(CalendarDistance(1, 0), CalendarDistance(0, 30))),  # right in some months
    ("±3d", Tolerance(CalendarDistance(0, 3), CalendarDistance(0, 3))),
    ("+/-3d", Tolerance(CalendarDistance(0, 3), CalendarDistance(0, 3))),
    ("+-3d", Tolerance(CalendarDistance(0, 3), CalendarDistance(0, 3))),
    ("-2d/+4d", Tolerance(CalendarDistance(0, 2), CalendarDistance(0, 4))),
    ("+4d/-2d", Tolerance(CalendarDistance(0, 2), CalendarDistance(0, 4))),
    ("-2d / +4d", Tolerance(CalendarDistance(0, 2), CalendarDistance(0, 4))),
    ("\u22122d/+4d", Tolerance(CalendarDistance(0, 2), CalendarDistance(0, 4))),
    ("-1d/+1w", Tolerance(CalendarDistance(0, 1), CalendarDistance(0, 7))),
    ("+4d / -2d", Tolerance(CalendarDistance(0, 2), CalendarDistance(0, 4))),
]


@pytest.mark.parametrize(("text", "meaning"), WINDOWS, ids=[row[0] for row in WINDOWS])
def test_every_form_of_a_window_is_read(text: str, meaning: Window | Tolerance) -> None:
    assert parse_window(text) == meaning


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-1d/+7d", "-1d/+7d"),
        ("-7d/+1d", "-7d/+1d"),
        ("-0d/+7d", "-0d/+7d"),
        ("-7d/+14d", "-1w/+2w"),
        ("-1mo/+7d", "-1mo/+1w"),
        ("-7d/+7d", "±1w"),
    ],
)
def test_a_tolerance_is_shown_in_the_unit_that_both_sides_have(text: str, shown: str) -> None:
    assert str(parse_window(text)) == shown


NO_WINDOW = [  # what stands in a file, part of the message
    ("..", "needs at least one end"),
    ("14d..3d", "`14d..3d` has its ends in reverse order: 2w is later than 3d"),
    ("1mo..27d", "has its ends in reverse order"),  # in no month
    ("120min..90min", "has its ends in reverse order"),
    ("1d..24h", "mixes calendar days with hours"),
    ("3-14d", "write `3d..14d`"),
    ("3d-14d", "write `3d..14d`"),
    ("3d to 14d", "write `3d..14d`"),
    ("3d – 14d", "write `3d..14d`"),
    ("1mo-3d", "is not a distance"),  # how a month less three days is shown: no guess
    ("±-3d", "has no sign"),
    ("±", "is not a distance"),
    ("-2d/4d", "write `-2d/+4d`"),
    ("2d/+4d", "write `-2d/+4d`"),
    ("-1/+7d", "each side needs its sign and unit; write `-1d/+7d`"),
    ("+7/-1 ", "write `-1d/+7d`"),
    ("+1w/1", "write `-1w/+1w`"),
    ("-30/60min", "write `-30min/+60min`"),
    ("+1d/+7d", "write `-2d/+4d` for days before and after"),
    ("1/7", "write `-2d/+4d` for days before and after"),
    ("-2d/+4h", "mixes calendar days with hours"),
    ("-2d/+-4d", "has no sign"),
    ("3d..14d..20d", "is not a distance"),
    ("21y..", "longer than 20 years"),
]


@pytest.mark.parametrize(("text", "part"), NO_WINDOW, ids=[row[0] for row in NO_WINDOW])
def test_what_is_no_window_is_refused_with_what_to_write(text: str, part: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_window(text)
    assert part in str(caught.value)


def test_a_tolerance_lies_around_a_target_of_its_own_kind() -> None:
    around = Tolerance(CalendarDistance(0, 2), CalendarDistance(0, 4)).around(
        CalendarDistance(0, 7)
    )
    assert around == Window(CalendarDistance(0, 5), CalendarDistance(0, 11))
    minutes = Tolerance(ClockDistance(5), ClockDistance(5)).around(ClockDistance(60))
    assert minutes == Window(ClockDistance(55), ClockDistance(65))
    with pytest.raises(UnitError, match="days and hours do not mix"):
        Tolerance(ClockDistance(5), ClockDistance(5)).around(CalendarDistance(0, 7))
    with pytest.raises(UnitError, match="days and hours do not mix"):
        Tolerance(CalendarDistance(0, 1), CalendarDistance(0, 1)).around(ClockDistance(60))


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_time_of_day_is_read_back_as_it_is_shown(one: int, other: int) -> None:
    first, last = sorted((one, other))
    assert parse_time(format_time(one)) == one
    assert parse_time_range(f"{format_time(first)}..{format_time(last)}") == (first, last)
    assert parse_time_range(format_time(one)) == (one, one)


@pytest.mark.parametrize(
    "text", ["9:00", "24:00", "12:60", "0900", "09:00:00", "", "٠٩:٠٠", "noon"]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match="is not a time of day; write `09:00`"):
        parse_time(text)


def test_a_range_of_times_upside_down_is_refused() -> None:
    with pytest.raises(
        UnitError,
        match=r"`10:00\.\.08:00` has its ends in reverse order: 10:00 is later than"
        r" 08:00",
    ):
        parse_time_range("10:00..08:00")


@given(dates)
def test_a_date_is_read_back_as_it_is_shown(day: date) -> None:
    assert parse_date(day.isoformat()) == day


NO_DATE = [
    ("2027-02-30", "there is no 30 February 2027"),
    ("2027-02-29", "there is no 29 February 2027"),
    ("2100-02-29", "there is no 29 February 2100"),
    ("2027-04-31", "there is no 31 April 2027"),
    ("2027-01-00", "there is no 0 January 2027"),
    ("2027-13-01", "there is no month 13"),
    ("1899-12-31", "outside the years 1900-2200"),
    ("2201-01-01", "outside the years 1900-2200"),
    ("27-01-11", "is not a date; write `2027-01-11`"),
    ("11.01.2027", "is not a date"),
    ("2027-1-1", "is not a date"),
    ("٢٠٢٧-٠١-٠١", "is not a date"),
]


@pytest.mark.parametrize(("text", "part"), NO_DATE, ids=[row[0] for row in NO_DATE])
def test_an_impossible_date_is_named_as_such(text: str, part: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_date(text)
    assert part in str(caught.value)


@given(st.integers(1900, 2200), st.integers(1, 12))
def test_a_month_is_as_long_as_the_calendar_says(year: int, month: int) -> None:
    following = date(year + month // 12, month % 12 + 1, 1)
    assert month_length(year, month) == (following - date(year, month, 1)).days
