"""What a subscriber sees change between two calendars."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.ical.changes import EventChange, compare, shown_text
from planner.views.calendar_changes import changes_grid, render_json
from planner.views.tables.markdown import render_markdown
from planner.views.tables.text import render_table

VISIT = (
    "UID:visit\nDTSTAMP:20270101T000000Z\nDTSTART;TZID=Europe/Berlin:20270111T090000\n"
    "DTEND;TZID=Europe/Berlin:20270111T100000\nSUMMARY:P0001 V01\nSTATUS:TENTATIVE\nSEQUENCE:0\n"
)
OTHER = "UID:other\nDTSTAMP:20270101T000000Z\nDTSTART;VALUE=DATE:20270301\nSUMMARY:P0001 V02\n"


def calendar(*events: str, head: str = "METHOD:PUBLISH\n") -> bytes:
    inner = "".join(f"BEGIN:VEVENT\n{event}END:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{inner}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def change(*edits: tuple[str, str], old: str = VISIT) -> EventChange:
    """The one change that edits of an event make."""
    new = old
    for before, after in edits:
        assert before in new
        new = new.replace(before, after)
    changes = compare(calendar(old, OTHER), calendar(new, OTHER))
    assert changes.identical == 1
    (only,) = changes.changes
    return only


RAISED = ("SEQUENCE:0", "SEQUENCE:1")
LATER = ("DTSTAMP:20270101", "DTSTAMP:20270102")


def test_the_same_calendar_has_no_changes() -> None:
    changes = compare(calendar(VISIT, OTHER), calendar(VISIT, OTHER))
    assert changes.same
    assert changes.identical == 2
    assert changes_grid(changes, "a", "b").heads == ()


def test_a_moved_visit_shows_both_times_by_its_own_clocks() -> None:
    moved = change(("0111T09", "0112T10"), ("0111T10", "0112T11"), RAISED, LATER)
    assert moved.kind == "moved"
    assert moved.details[0] == (
        "time",
        "Mon 2027-01-11 09:00-10:00 Europe/Berlin",
        "Tue 2027-01-12 10:00-11:00 Europe/Berlin",
    )
    assert moved.remarks == ()


def test_another_spelling_of_the_same_instant_is_no_move() -> None:
    spelled = change(
        ("DTSTART;TZID=Europe/Berlin:20270111T090000", "DTSTART:20270111T080000Z"),
        ("DTEND;TZID=Europe/Berlin:20270111T100000", "DURATION:PT1H"),
    )
    assert (spelled.kind, spelled.details) == ("touched", ())


def test_a_move_without_a_higher_sequence_is_warned_of() -> None:
    (remark,) = change(("0111T09", "0111T08"), LATER).remarks
    assert remark.severity == "warning"
    assert "SEQUENCE is still 0" in remark.message


def test_a_sequence_never_falls() -> None:
    old = VISIT.replace("SEQUENCE:0", "SEQUENCE:3")
    (remark,) = change(("SEQUENCE:3", "SEQUENCE:2"), LATER, old=old).remarks
    assert (remark.severity, remark.message[:28]) == ("error", "SEQUENCE fell from 3 to 2: r")


def test_an_older_stamp_is_warned_of() -> None:
    (remark,) = change(("DTSTAMP:2027", "DTSTAMP:2026"), ("V01", "V1")).remarks
    assert "older" in remark.message


def test_a_change_under_the_same_stamp_is_warned_of() -> None:
    (remark,) = change(("V01", "V1")).remarks
    assert "DTSTAMP did not change" in remark.message


def test_a_cancellation_is_told_from_a_disappearance() -> None:
    cancelled = change(("TENTATIVE", "CANCELLED"), RAISED, LATER)
    assert (cancelled.kind, cancelled.remarks) == ("cancelled", ())
    (gone,) = compare(calendar(VISIT, OTHER), calendar(OTHER)).changes
    assert gone.kind == "removed"
    assert "disappears" in gone.remarks[0].message
    assert "stays with those who imported" in gone.remarks[0].message


def test_what_was_cancelled_may_go_without_a_word() -> None:
    off = VISIT.replace("TENTATIVE", "CANCELLED")
    (gone,) = compare(calendar(off, OTHER), calendar(OTHER)).changes
    assert (gone.kind, gone.remarks) == ("removed", ())
    back = change(("CANCELLED", "CONFIRMED"), RAISED, LATER, old=off)
    assert back.kind == "reinstated"


def test_a_new_visit_is_added() -> None:
    (added,) = compare(calendar(OTHER), calendar(VISIT, OTHER)).changes
    assert (added.kind, added.summary) == ("added", "P0001 V01")


def test_texts_and_alarms_are_compared_by_what_they_say() -> None:
    alarm = "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n"
    changed = change(("V01", "V01\\, in room 2"), ("SEQUENCE:0\n", f"SEQUENCE:0\n{alarm}"), LATER)
    assert changed.kind == "changed"
    assert [tuple(one) for one in changed.details] == [
        ("SUMMARY", "P0001 V01", "P0001 V01, in room 2"),
        ("alarms", "none", "1 alarm"),
    ]


def test_days_are_shown_with_their_last_one() -> None:
    window = OTHER.replace("SUMMARY", "DTEND;VALUE=DATE:20270304\nSUMMARY")
    changed = change(("20270304", "20270305"), LATER, old=window.replace("UID:other", "UID:w"))
    assert changed.details[0].old == "Mon 2027-03-01 to Wed 2027-03-03, all day"
    assert changed.details[0].new == "Mon 2027-03-01 to Thu 2027-03-04, all day"


def test_instances_of_a_series_are_matched_one_by_one() -> None:
    series = VISIT + "RRULE:FREQ=DAILY;COUNT=9\n"
    one = VISIT.replace("DTSTART", "RECURRENCE-ID;TZID=Europe/Berlin:20270112T090000\nDTSTART")
    same = one.replace(";TZID=Europe/Berlin:20270112T090000", ":20270112T080000Z", 1)
    (found,) = compare(calendar(series, one), calendar(series, same)).changes
    assert found.kind == "touched"
    (found,) = compare(calendar(series), calendar(series, one)).changes
    assert (found.kind, found.instance) == ("added", "2027-01-12T08:00:00Z")


def test_lines_in_another_order_are_no_change() -> None:
    turned = "".join(f"{line}\n" for line in reversed(VISIT.strip().split("\n")))
    changes = compare(calendar(VISIT), calendar(turned))
    assert changes.same
    assert changes.rewritten == 1


def test_the_calendar_itself_may_change() -> None:
    changes = compare(calendar(VISIT), calendar(VISIT, head="METHOD:PUBLISH\nNAME:a\\, b\n"))
    assert not changes.same
    assert changes.calendar == (("NAME", "", "a, b"),)


def test_of_two_events_with_one_uid_the_later_revision_counts() -> None:
    newer = VISIT.replace("SEQUENCE:0", "SEQUENCE:1").replace("V01", "V1")
    changes = compare(calendar(newer, VISIT), calendar(newer))
    assert changes.identical == 1
    assert changes.remarks[0].severity == "error"


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(PlannerError, match="the new file contains no calendar"):
        compare(calendar(VISIT), b"hello")


def test_hostile_text_does_nothing_in_a_table() -> None:
    hostile = VISIT.replace("P0001 V01", "\x1b[31m=cmd|<b>`x`\\n# h")
    changes = compare(calendar(OTHER), calendar(hostile, OTHER))
    grid = changes_grid(changes, "a\x1b.ics", "b|.ics")
    for text in (render_table(grid, width=100, color=False), render_markdown(grid)):
        assert "\x1b" not in text
    assert "<b>" not in render_markdown(grid)
    assert json.loads(render_json(changes, "a", "b"))["changes"][0]["summary"].startswith("\x1b")


@given(st.text('\\n,;NaA"', max_size=20))
def test_a_text_reads_as_it_was_meant(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert shown_text(escaped) == text


@given(st.binary(max_size=120), st.binary(max_size=120))
def test_any_bytes_are_compared_or_refused(one: bytes, other: bytes) -> None:
    head = calendar(VISIT)[:-20]
    changes = compare(head + one, head + other)
    render_json(changes, "a", "b")
    assert changes_grid(changes, "a", "b").notes
