import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planner.formats.ical import CalendarOptions, Level, Split, parts, write_calendar
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.privacy import staff_text
from planner.protocol.telling import telling_words, words_in
from planner.timeline.model import DatedItem, DatedTrack, Timeline

Build = Callable[..., Timeline]


def written(timeline: Timeline, **options: object) -> str:
    out = io.BytesIO()
    write_calendar([timeline], out, CalendarOptions(**options))  # type: ignore[arg-type]
    return out.getvalue().decode().replace("\r\n ", "")


@pytest.mark.parametrize("level", WITHOUT_WORDS)
def test_no_level_shows_the_arm_the_protocol_or_the_study(timeline: Build, level: Level) -> None:
    text = written(timeline(), level=level, run_sheet=level is Level.STAFF).lower()
    for secret in ("high-dose", "mdma", "depression", "nct00000000"):
        assert secret not in text


def test_busy_says_nothing_but_that_there_is_a_visit(timeline: Build) -> None:
    lines = written(timeline(), level=Level.BUSY).split("\r\n")
    summaries = {line for line in lines if line.startswith("SUMMARY")}
    assert summaries == {
        "SUMMARY:Study visit",
        "SUMMARY:Study visit at 09:00",  # one of unknown length, which is all day
        "SUMMARY:Study visit (cancelled)",
        "SUMMARY:Study visit window",
        "SUMMARY:Study visit window (cancelled)",
        "SUMMARY:Study task",
    }
    assert "P0001" not in "".join(lines)
    # Beside the calendar's own notice: what the end of an event would otherwise claim.
    descriptions = {line for line in lines if line.startswith("DESCRIPTION")}
    assert {line for line in descriptions if "Research" not in line} == {
        "DESCRIPTION:Length not stated",
        "DESCRIPTION:Length not stated\\, 15 minutes assumed",
    }
    assert not any(line.startswith("LOCATION") for line in lines)


def test_coded_has_code_and_number_and_no_title_room_or_role(timeline: Build) -> None:
    text = written(timeline(), level=Level.CODED)
    assert "SUMMARY:P0001 V02 at 09:00\r\n" in text
    assert "DESCRIPTION:Study day 15\\, allowed 2027-01-23 to 2027-01-28\r\n" in text
    for word in ("Session", "therapist", "rater", "dosing", "diary", "clinic"):
        assert word not in text


def test_staff_have_title_room_and_roles(timeline: Build) -> None:
    text = written(timeline(), level=Level.STAFF)
    assert "SUMMARY:P0001 V02 Session 2 at 09:00\r\n" in text
    assert "LOCATION:dosing-room\r\n" in text
    assert "Staff: therapist x 2" in text
    assert "CLASS:CONFIDENTIAL\r\n" in text


@pytest.mark.parametrize("level", WITHOUT_WORDS)
def test_arms_with_the_same_visits_have_the_same_calendar(timeline: Build, level: Level) -> None:
    one = timeline()
    for arm in ("placebo", None):
        assert written(replace(one, arm=arm), level=level) == written(one, level=level)


@pytest.mark.parametrize(
    ("title", "kind", "cycle", "shown"),
    [
        ("9 months after detoxification", "follow-up", None, "Follow-up"),
        ("LSD session", "dosing", 2, "Session 2"),
        ("Depressive symptoms", "assessment", None, "Assessment"),
        ("MADRS by telephone", "contact", None, "Contact"),
        ("Placebo run-in", "washout", None, "Washout"),
        ("Adalimumab, first", "dosing", None, "Session"),
        ("Arthritis check", "assessment", 3, "Assessment 3"),
        ("Alvespimycin day", "dosing", None, "Session"),
        ("Kwoxil day", "dosing", None, "Session"),
        ("Infusion 200 millilitres", "dosing", None, "Infusion [amount left out]"),
        ("First dosing session", "dosing", None, "First dosing session"),
        ("Week 12, primary endpoint", "assessment", None, "Week 12, primary endpoint"),
    ],
)
def test_staff_read_neither_substance_nor_condition_nor_amount(
    timeline: Build, visit: Callable[..., Any], title: str, kind: str, cycle: int, shown: str
) -> None:
    one = visit(date(2027, 1, 11), title=title, kind=kind, cycle=cycle)
    text = written(
        timeline(visits=(one,), tracks=(), telling=frozenset({"kwoxil", "depression"})),
        level=Level.STAFF,
    )
    assert f"SUMMARY:P0001 V01 {shown}\r\n".replace(",", "\\,") in text


def test_rooms_roles_gates_tracks_and_items_tell_nothing_either(
    timeline: Build, visit: Callable[..., Any]
) -> None:
    start = datetime(2027, 1, 11, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    item = DatedItem("a", "MDMA by mouth", start, None, None, None, False, (("mdma-nurse", 1),))
    one = visit(
        date(2027, 1, 11),
        room="lsd-room",
        staff=(("mdma-therapist", 2), ("therapist", 1), ("placebo", 1)),
        waiting_for=("detox-complete", "parent-placebo", "taper-complete"),
        deviation="1 day late: at least 2 weeks after mdma-1",
        run_sheet=(item,),
    )
    track = DatedTrack("diary", "Craving diary", "diary", start, None, 1, 1)
    person = timeline(visits=(one,), tracks=(track,), site_id="ptsd-clinic")
    text = written(person, level=Level.STAFF, run_sheet=True)
    for word in ("mdma", "lsd", "placebo", "detox", "craving"):
        assert word not in text.lower()
    for line in (
        "Staff: therapist x 3\\, staff",
        "Waiting for: a precondition\\, taper-complete",
        "Deviation: see the record",
        "SUMMARY:P0001 V01 run sheet Item",
        "SUMMARY:P0001 T1 Diary",
        "LOCATION:room",
        "Staff: nurse",
    ):
        assert line in text
    assert [part.key for part in parts(person, Split.ROLE)] == ["nurse", "staff", "therapist"]
    assert [part.key for part in parts(person, Split.ROOM)] == ["room"]
    assert [part.key for part in parts(person, Split.SITE)] == ["clinic"]


@pytest.mark.parametrize("name", ["bima", "lsd-ltd", "mdma-cbct", "jhu-smoking"])
def test_a_calendar_for_staff_has_none_of_the_words_that_tell(name: str) -> None:
    import planner

    file = planner.load(name)
    timeline = planner.plan(file, date(2027, 1, 11))
    text = written(timeline, level=Level.STAFF, run_sheet=True).partition("BEGIN:VEVENT")[2]
    lines = [line for line in text.split("\r\n") if line.startswith(("SUM", "DESC", "LOC"))]
    words = telling_words(file.protocol)
    assert words
    assert words.isdisjoint(words_in("\n".join(lines)))
    assert not re.search("detox|lsd|mdma|quit|alcohol", "\n".join(lines), re.IGNORECASE)


def test_roles_are_listed_with_their_numbers() -> None:
    assert staff_text((("therapist", 2), ("rater", 1), ("nurse", 0))) == "therapist x 2, rater"
