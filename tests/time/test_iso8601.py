"""ISO 8601 durations: one reading of the parts, and what each standard makes of them.

The table is the law. Where a cell differs from its neighbours the standards do: a protocol file
has whole numbers in capitals and never turns a day into 24 hours; RFC 5545 (3.3.6) has no months,
fractions and inner signs, and weeks stand alone; a study's seconds are rounded with a remark.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.ical.conformance.scalars import parse_duration as parse_ical
from planner.formats.ical.writer import duration_text
from planner.formats.odm.distances import read_duration as read_odm
from planner.formats.usdm.distances import read_duration as read_usdm
from planner.formats.usdm.lint.span import read_duration as read_linted
from planner.formats.usdm.write.timings import iso
from planner.time.distance import (
    CalendarDistance,
    ClockDistance,
    Distance,
    UnitError,
    parse_distance,
)
from planner.time.iso8601 import (
    DurationError,
    IsoDuration,
    days_duration,
    minutes_duration,
    parse_duration,
)

NO = "refused"

# text, parts as written back, protocol file, USDM, ODM, iCalendar in days and seconds
LAW = [
    ("P1D", "P1D", "1d", "1d", "1d", (1, 0)),
    ("P1DT12H", "P1DT12H", NO, "36h", "36h", (1, 43200)),
    ("P1.5D", "P1.5D", NO, "36h", "36h", NO),
    ("P1,5D", "P1.5D", NO, "36h", "36h", NO),
    ("P0.5W", "P0.5W", NO, "84h", "84h", NO),
    ("P0.5Y", "P0.5Y", NO, "6mo", "6mo", NO),
    ("PT1.5H", "PT1.5H", NO, "90min", "90min", NO),
    ("PT0.1H", "PT0.1H", NO, "6min", "6min", NO),
    ("P1.5M", "P1.5M", NO, NO, NO, NO),
    ("P1M0.5D", "P1M0.5D", NO, NO, NO, NO),
    ("P1MT2H", "P1MT2H", NO, NO, NO, NO),
    ("P1M15D", "P1M15D", "1mo15d", "1mo15d", "1mo15d", NO),
    ("P1Y6M", "P1Y6M", "1y6mo", "1y6mo", "1y6mo", NO),
    ("P1YT0H", "P1YT0H", "1y", "1y", "1y", NO),
    ("P1DT0H0M", "P1DT0H0M", "1d", "1d", "1d", (1, 0)),
    ("P0DT2H", "P0DT2H", "2h", "2h", "2h", (0, 7200)),
    ("P21Y", "P21Y", NO, NO, NO, NO),
    ("P20Y", "P20Y", "20y", "20y", "20y", NO),
    ("P7306D", "P7306D", NO, NO, NO, (7306, 0)),
    ("P2W", "P2W", "2w", "2w", "2w", (14, 0)),
    ("P2W3D", "P2W3D", "17d", "17d", "17d", NO),
    ("p2w", "P2W", NO, "2w", "2w", (14, 0)),
    ("+P3D", "P3D", "3d", "3d", "3d", (3, 0)),
    ("-P2D", "-P2D", "-2d", "-2d", "-2d", (-2, 0)),
    ("P-2D", "P-2D", "-2d", "-2d", "-2d", NO),
    ("-P-2D", "-P-2D", "2d", "2d", "2d", NO),
    ("-PT1H30M", "-PT1H30M", "-90min", "-90min", "-90min", (0, -5400)),
    ("P1Y-3M", NO, NO, NO, NO, NO),
    ("P1M-1D", NO, NO, NO, NO, NO),
    ("P1.5W2D", NO, NO, NO, NO, NO),
    ("PT120S", "PT120S", "2min", "2min", "2min", (0, 120)),
    ("PT90S", "PT90S", NO, "2min", NO, (0, 90)),
    ("PT30.5S", "PT30.5S", NO, "1min", NO, NO),
    ("P0D", "P0D", "0d", "0d", "0d", (0, 0)),
    ("-P0D", "-P0D", "0d", "0d", "0d", (0, 0)),
    ("P0M", "P0M", "0d", "0d", "0d", NO),
    ("PT0M", "PT0M", "0min", "0min", "0min", (0, 0)),
    ("P3D ", NO, "3d", "3d", "3d", NO),
    ("P 3D", NO, NO, NO, NO, NO),
    ("P+3D", NO, NO, NO, NO, NO),
    ("P1D2H", NO, NO, NO, NO, NO),
    ("P1D2W", NO, NO, NO, NO, NO),
    ("P1DT", NO, NO, NO, NO, NO),
    ("PT", NO, NO, NO, NO, NO),
    ("P", NO, NO, NO, NO, NO),
    ("", NO, NO, NO, NO, NO),
    ("3D", NO, NO, NO, NO, NO),
    ("PT3D", NO, NO, NO, NO, NO),
    ("P3", NO, NO, NO, NO, NO),
    ("P.5D", NO, NO, NO, NO, NO),
    ("P1.D", NO, NO, NO, NO, NO),
    ("P٣D", NO, NO, NO, NO, NO),
    ("P12345678901D", NO, NO, NO, NO, NO),
    ("P999999999W", "P999999999W", NO, NO, NO, NO),
]


def parts_of(text: str) -> str:
    try:
        return str(parse_duration(text))
    except DurationError:
        return NO


def own(text: str) -> str:
    try:
        return str(parse_distance(text))
    except UnitError:
        return NO


def usdm(text: str) -> str:
    try:
        found = read_usdm(text)
    except DurationError:
        return NO
    return f"{'-' if found.negative else ''}{found.length}"


def odm(text: str) -> str:
    try:
        return str(read_odm(text)[0])
    except UnitError:
        return NO


def ical(text: str) -> tuple[int, int] | str:
    found = parse_ical(text)
    if found is None:
        return NO
    sign = -1 if found.length.total_seconds() < 0 else 1
    return sign * abs(found.length).days, sign * abs(found.length).seconds


@pytest.mark.parametrize(
    ("text", "parts", "file", "study", "definition", "calendar"), LAW, ids=[row[0] for row in LAW]
)
def test_every_standard_reads_the_same_parts(
    text: str,
    parts: str,
    file: str,
    study: str,
    definition: str,
    calendar: tuple[int, int] | str,
) -> None:
    assert parts_of(text) == parts
    assert own(text) == file
    assert usdm(text) == study
    assert odm(text) == definition
    assert ical(text) == calendar


@pytest.mark.parametrize("text", [row[0] for row in LAW])
def test_a_study_is_examined_as_it_is_imported(text: str) -> None:
    examined = read_linted(text)
    assert (examined is None) == (usdm(text) == NO)
    if examined is not None:
        imported = read_usdm(text)
        assert examined.negative == imported.negative
        assert examined.in_hours == isinstance(imported.length, ClockDistance)
        if isinstance(imported.length, CalendarDistance):
            assert abs(examined.amount.months) == imported.length.months
            assert abs(examined.amount.seconds) == imported.length.days * 86_400
        else:
            assert abs(abs(examined.amount.seconds) - imported.length.minutes * 60) <= 30


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("two weeks", "is not an ISO 8601 duration"),
        ("P1DT", "is not an ISO 8601 duration"),
        ("P1.5W2D", "has a fraction before its last number"),
        ("P1Y-3M", "goes forwards and backwards at once"),
    ],
)
def test_a_refusal_says_why(text: str, reason: str) -> None:
    with pytest.raises(DurationError, match=f"^{reason}$"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("days", "text"), [(0, "P0D"), (10, "P10D"), (14, "P2W"), (-2, "-P2D"), (-7, "-P1W")]
)
def test_whole_weeks_are_written_as_weeks(days: int, text: str) -> None:
    assert str(days_duration(days)) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "PT0M"), (90, "PT1H30M"), (-120, "-PT2H"), (5, "PT5M")]
)
def test_minutes_are_written_as_hours_and_minutes(minutes: int, text: str) -> None:
    assert str(minutes_duration(minutes)) == text


WHOLE = st.none() | st.integers(0, 999_999_999).map(Decimal)
FRACTION = st.decimals(0, 999_999_999, places=9, allow_nan=False)


@st.composite
def durations(draw: st.DrawFn) -> IsoDuration:
    """Durations of any parts; the last may have a fraction, and all of them a minus sign."""
    numbers = [draw(WHOLE) for _ in range(7)]
    last = draw(st.integers(0, 6))
    numbers[last + 1 :] = [None] * (6 - last)
    numbers[last] = draw(WHOLE.filter(lambda number: number is not None) | FRACTION)
    if draw(st.booleans()):
        numbers = [number if number is None else -number for number in numbers]
    return IsoDuration(draw(st.booleans()), *numbers)


@given(durations())
def test_what_is_written_is_read_back(duration: IsoDuration) -> None:
    assert parse_duration(str(duration)) == duration
    assert parse_duration(str(duration).lower().replace(".", ",")) == duration


@given(durations())
def test_the_sums_are_exact_and_have_one_sign(duration: IsoDuration) -> None:
    totals = duration.all_months, duration.all_days, duration.all_seconds
    assert not min(totals) < 0 < max(totals)
    _, years, months, weeks, days, hours, minutes, seconds = (part or 0 for part in duration)
    sign = -1 if duration.negative else 1
    assert totals == (
        sign * (years * 12 + months),
        sign * (weeks * 7 + days),
        sign * (hours * 3600 + minutes * 60 + seconds),
    )


@given(st.text(alphabet="P-+TDWMYHS0123456789., ", max_size=14))
def test_any_text_is_read_alike_everywhere_or_refused(text: str) -> None:
    parts = parts_of(text.strip())
    readings = {own(text), usdm(text), odm(text)} - {NO}
    assert len(readings) <= (parts != NO)
    if parts_of(text) == NO:
        assert ical(text) == NO


@given(
    st.builds(CalendarDistance, st.integers(0, 200), st.integers(0, 1000))
    | st.builds(ClockDistance, st.integers(0, 10_000_000))
)
def test_what_an_export_writes_every_reader_reads_back(distance: Distance) -> None:
    text = iso(distance)
    assert text is not None
    assert own(text) == usdm(text) == odm(text) == str(distance)


@given(st.builds(timedelta, days=st.integers(0, 999_999), minutes=st.integers(0, 1439)))
def test_a_calendar_reads_the_durations_it_writes(length: timedelta) -> None:
    read = parse_ical(duration_text(length))
    assert read is not None
    assert read.length == length
    assert not read.gap
