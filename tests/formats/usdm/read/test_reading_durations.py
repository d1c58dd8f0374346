"""ISO 8601 durations as distances of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.usdm.distances import DurationError, read_duration
from planner.time.distance import CalendarDistance, ClockDistance


@pytest.mark.parametrize("text", ["-P2D", "P-2D", "-PT0H48M"])
def test_a_minus_sign_is_told_apart_from_the_length(text: str) -> None:
    found = read_duration(text)
    assert found.negative
    assert not str(found.length).startswith("-")


def test_two_minus_signs_are_none() -> None:
    assert not read_duration("-P-2D").negative


def test_days_with_hours_are_elapsed_time_and_say_so() -> None:
    assert read_duration("P1DT12H").joined
    assert read_duration("P0.5D").joined
    assert not read_duration("P1D").joined


def test_seconds_are_rounded_and_say_so() -> None:
    found = read_duration("PT90S")
    assert found.rounded
    assert found.length == ClockDistance(2)


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
