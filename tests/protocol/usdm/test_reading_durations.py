"""ISO 8601 durations as distances of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.usdm.durations import DurationError, read_duration
from planner.units import CalendarDistance, ClockDistance


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P2W", "2w"),
        ("P14D", "2w"),
        ("P0D", "0d"),
        ("PT0M", "0min"),
        ("PT90M", "90min"),
        ("PT1H30M", "90min"),
        ("P1M", "1mo"),
        ("P1Y6M", "1y6mo"),
        ("P1M10D", "1mo10d"),
        ("P1DT12H", "36h"),
        ("P0.5D", "12h"),
        ("P1,5W", "252h"),
        ("P0.5Y", "6mo"),
        ("PT120S", "2min"),
        ("p2w", "2w"),
        ("+P2D", "2d"),
    ],
)
def test_a_duration_is_a_distance(text: str, length: str) -> None:
    assert str(read_duration(text).length) == length


@pytest.mark.parametrize("text", ["-P2D", "P-2D", "-PT0H48M"])
def test_a_minus_sign_is_told_apart_from_the_length(text: str) -> None:
    found = read_duration(text)
    assert found.negative
    assert not str(found.length).startswith("-")


def test_two_minus_signs_are_none() -> None:
    assert not read_duration("-P-2D").negative


def test_days_with_hours_are_elapsed_time_and_say_so() -> None:
    assert read_duration("P1DT12H").joined
    assert not read_duration("P1D").joined


def test_seconds_are_rounded_and_say_so() -> None:
    found = read_duration("PT90S")
    assert found.rounded
    assert found.length == ClockDistance(2)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "two weeks", "2W", "P1", "P1X", "P1M-1D", "P1MT1H", "P1.5M", "P٣D",
     "P21Y", "P7306D", "PT999999999H", "P9999999999D", "P1D2W"],
)  # fmt: skip
def test_what_is_no_duration_of_ours_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        read_duration(text)


@given(st.integers(0, 200), st.integers(0, 800), st.booleans())
def test_what_our_own_distances_say_in_iso_reads_back(
    months: int, days: int, is_negative: bool
) -> None:
    sign = "-" if is_negative else ""
    found = read_duration(f"{sign}P{months}M{days}D")
    assert found.length == CalendarDistance(months, days)
    assert found.negative == (is_negative and bool(months or days))


@given(st.text(alphabet="P-+TDWMYHS0123456789.,", max_size=14))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        found = read_duration(text)
    except DurationError:
        return
    assert not str(found.length).startswith("-")
