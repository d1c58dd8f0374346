from datetime import UTC, date, datetime

import pytest

from planner.formats.ical.date_times import Moments
from planner.time.zone import find_zone

BERLIN = find_zone("Europe/Berlin")
MOMENTS = Moments(BERLIN, (2026, 2030), utc=False)


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-11T09:00",
        "2027-03-28T01:59",
        "2027-03-28T03:00",
        "2027-10-31T01:59",
        "2027-10-31T03:00",
    ],
)
def test_a_clear_local_time_stays_local(text: str) -> None:
    assert MOMENTS.written(local(text)).tzinfo is BERLIN


@pytest.mark.parametrize(("fold", "utc"), [(0, "00:30"), (1, "01:30")])
def test_a_repeated_local_time_is_written_in_utc(fold: int, utc: str) -> None:
    written = MOMENTS.written(local("2027-10-31T02:30", fold))
    assert written.tzinfo is UTC
    assert f"{written:%H:%M}" == utc


@pytest.mark.parametrize("text", ["2025-12-31T09:00", "2031-01-01T09:00"])
def test_a_year_that_the_vtimezone_is_not_proven_for_is_written_in_utc(text: str) -> None:
    written = MOMENTS.written(local(text))
    assert written.tzinfo is UTC
    assert written == local(text)


def test_utc_on_request_and_where_it_is_the_zone() -> None:
    assert Moments(BERLIN, (2026, 2030), utc=True).written(local("2027-01-11T09:00")).tzinfo is UTC
    zone = find_zone("Etc/UTC")
    moment = datetime(2027, 1, 11, 9, tzinfo=zone)
    assert Moments(zone, (2026, 2030), utc=False).written(moment).tzinfo is UTC


def test_what_repeats_over_a_clock_change_stays_local_even_in_utc() -> None:
    moments = Moments(BERLIN, (2026, 2030), utc=True)
    evening = local("2027-03-20T20:00")
    assert moments.written_first(evening, date(2027, 3, 27)).tzinfo is UTC
    assert moments.written_first(evening, date(2027, 3, 28)).tzinfo is BERLIN


def test_what_repeats_and_begins_in_a_repeated_hour_keeps_its_local_time() -> None:
    # RFC 5545 3.3.5: the first of the two; in UTC each later day would be an hour off.
    first = local("2027-10-31T02:30")
    assert MOMENTS.written_first(first, date(2027, 11, 10)) is first
