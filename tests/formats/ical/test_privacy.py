import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from planner.formats.ical import CalendarOptions, Level, write_calendar
from planner.formats.ical.privacy import staff_text, without_amounts
from planner.timeline.model import Timeline

Build = Callable[..., Timeline]


def written(timeline: Timeline, **options: object) -> str:
    out = io.BytesIO()
    write_calendar([timeline], out, CalendarOptions(**options))  # type: ignore[arg-type]
    return out.getvalue().decode().replace("\r\n ", "")


@pytest.mark.parametrize("level", list(Level))
def test_no_level_shows_the_arm_the_protocol_or_the_study(timeline: Build, level: Level) -> None:
    text = written(timeline(), level=level, run_sheet=level is Level.STAFF).lower()
    for secret in ("high-dose", "mdma", "depression", "nct00000000"):
        assert secret not in text


def test_busy_says_nothing_but_that_there_is_a_visit(timeline: Build) -> None:
    lines = written(timeline(), level=Level.BUSY).split("\r\n")
    summaries = {line for line in lines if line.startswith("SUMMARY")}
    assert summaries == {"SUMMARY:Study visit", "SUMMARY:Study visit window", "SUMMARY:Study task"}
    assert "P0001" not in "".join(lines)
    # The only description is the calendar's own notice.
    assert sum(line.startswith("DESCRIPTION") for line in lines) == 1
    assert not any(line.startswith("LOCATION") for line in lines)


def test_coded_has_code_and_number_and_no_title_room_or_role(timeline: Build) -> None:
    text = written(timeline(), level=Level.CODED)
    assert "SUMMARY:P0001 V02\r\n" in text
    assert "DESCRIPTION:Study day 15\\, allowed 2027-01-23 to 2027-01-28\r\n" in text
    for word in ("Session", "therapist", "rater", "dosing", "diary", "clinic"):
        assert word not in text


def test_staff_have_title_room_and_roles(timeline: Build) -> None:
    text = written(timeline(), level=Level.STAFF)
    assert "SUMMARY:P0001 V02 Session 2\r\n" in text
    assert "LOCATION:dosing-room\r\n" in text
    assert "Staff: therapist x 2" in text
    assert "CLASS:CONFIDENTIAL\r\n" in text


@pytest.mark.parametrize("level", list(Level))
def test_arms_with_the_same_visits_have_the_same_calendar(timeline: Build, level: Level) -> None:
    one = timeline()
    for arm in ("placebo", None):
        assert written(replace(one, arm=arm), level=level) == written(one, level=level)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Psilocybin 25 mg session", "Psilocybin [amount] session"),
        ("25mg/70kg, then 12,5 µg", "[amount], then [amount]"),
        ("0.3 mg/kg", "[amount]"),
        ("75-125 mg", "[amount]"),
        ("Second half (40 milligrams)", "Second half ([amount])"),
        ("Week 12 visit", "Week 12 visit"),
        ("Session 3 going home", "Session 3 going home"),
        ("Day 15, 30 min, 2 h", "Day 15, 30 min, 2 h"),
        ("", ""),
    ],
)
def test_an_amount_in_a_title_is_never_written(text: str, shown: str) -> None:
    assert without_amounts(text) == shown


def test_roles_are_listed_with_their_numbers() -> None:
    assert staff_text((("therapist", 2), ("rater", 1), ("nurse", 0))) == "therapist x 2, rater"
