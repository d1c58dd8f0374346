"""Scheduling messages and their e-mails: one UID each, for what has changed, to nobody by name."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import icalendar
import pytest

from planner.errors import PlannerError
from planner.formats.ical import CalendarOptions, Events, Level, write_calendar
from planner.formats.ical.itip import Message, Messages, check_address
from planner.formats.ical.mail import mail
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.revision import Memory, NoMemory, Revisions
from planner.formats.ical.state_file import State, StateWriter
from planner.timeline.model import Timeline

Build = Callable[..., Timeline]
TEAM = "mailto:visits@study.invalid"


def told(
    *timelines: Timeline, state: bytes | None = None, **chosen: Any
) -> tuple[list[Message], bytes, Messages]:
    """The messages of an export, and its state."""
    options = CalendarOptions(**chosen)
    events, out, kept = Events(options), io.BytesIO(), io.BytesIO()
    memory: Memory = NoMemory() if state is None else State("x.state", io.BytesIO(state))
    sink = StateWriter(kept, options.level, "calendar")
    messages, found = Messages(options, events, TEAM), []

    def on_change(revised: Any, timeline: Timeline | None) -> None:
        message = messages.message_about(revised, timeline)
        if message is not None:
            found.append(message)

    revisions = Revisions(options, events, memory, sink, whole=True)
    write_calendar(timelines, out, options, events=events, revisions=revisions, on_change=on_change)
    sink.close("-")
    return found, kept.getvalue(), messages


def without(timeline: Timeline, *ids: str) -> Timeline:
    return replace(timeline, visits=tuple(v for v in timeline.visits if v.id not in ids))


def test_a_message_has_one_event_its_method_and_both_addresses(
    timeline: Build, problems: Callable[[bytes], list[str]]
) -> None:
    messages, _, _ = told(timeline())
    assert len(messages) > 6
    for message in messages:
        assert problems(message.data) == []
        calendar = icalendar.Calendar.from_ical(message.data)
        (event,) = calendar.events
        assert str(calendar["METHOD"]) == message.method == "REQUEST"
        assert str(event["ATTENDEE"]) == TEAM
        assert "CN" not in event["ATTENDEE"].params
        assert str(event["ORGANIZER"]) == "mailto:no-reply@study.invalid"
        assert event["STATUS"] != "CANCELLED"


def test_only_what_changed_is_told_and_the_dropped_are_cancelled(timeline: Build) -> None:
    first, state, _ = told(timeline())
    assert {message.is_new for message in first} == {True}
    nothing, state, _ = told(timeline(), state=state)
    assert nothing == []
    messages, state, _ = told(without(timeline(), "visit-5"), state=state)
    cancelled = [one for one in messages if one.method == "CANCEL"]
    assert {one.event.summary for one in cancelled} == {
        "P0001 V05 (cancelled)",
        "P0001 V05 window (cancelled)",
    }
    (event,) = icalendar.Calendar.from_ical(cancelled[0].data).events
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "RSVP" not in event["ATTENDEE"].params
    # Its neighbour no longer names it: that is a change of words.
    assert [one.event.summary for one in messages if one.method == "REQUEST"] == ["P0001 V04"]
    assert told(without(timeline(), "visit-5"), state=state)[0] == []


def test_what_was_never_announced_is_not_called_off(timeline: Build) -> None:
    gone = tuple(replace(visit, status="missed") for visit in timeline().visits)
    messages, _, _ = told(timeline(visits=gone, tracks=()))
    assert messages == []


def read(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_an_e_mail_holds_plain_words_and_the_message(timeline: Build) -> None:
    messages, _, about = told(timeline(changed=datetime(2027, 1, 3, tzinfo=UTC).date()))
    message = messages[0]
    data = mail(message, about)
    assert data == mail(message, about)
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.isascii()
    read_back = read(data)
    assert read_back["Subject"] == "P0001 V01, Monday 11 January 2027"
    assert read_back["To"] == "visits@study.invalid"
    assert read_back["From"] == "no-reply@study.invalid"
    assert read_back["Date"].datetime == datetime(2027, 1, 3, tzinfo=UTC)
    assert read_back["Message-ID"].endswith("@study.invalid>")
    assert len({read(mail(one, about))["Message-ID"] for one in messages}) == len(messages)
    words, calendar = read_back.iter_parts()
    assert words.get_content_type() == "text/plain"
    assert "When: Monday 11 January 2027, 09:00 to 11:00 (Europe/Berlin)" in words.get_content()
    assert "It is proposed." in words.get_content()
    assert "Research and education only" in words.get_content()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar.get_payload(decode=True) == message.data


def test_a_changed_and_a_cancelled_event_say_so(timeline: Build) -> None:
    _, state, _ = told(timeline())
    later = tuple(
        replace(visit, start=visit.start + timedelta(hours=1), end=None)
        for visit in timeline().visits
    )
    messages, _, about = told(timeline(visits=later), state=state)
    subjects = [read(mail(one, about))["Subject"] for one in messages]
    assert "Changed: P0001 V01 at 10:00, Monday 11 January 2027" in subjects
    messages, _, about = told(without(timeline(), "visit-1"), state=state)
    subjects = [read(mail(one, about))["Subject"] for one in messages]
    assert "P0001 V01 (cancelled), Monday 11 January 2027" in subjects


@pytest.mark.parametrize("level", WITHOUT_WORDS)
def test_e_mails_keep_to_the_level_of_the_calendar(timeline: Build, level: Level) -> None:
    hostile = "Insight\r\nBcc: someone@else.invalid\r\n\r\n100 mg"
    visits = tuple(replace(visit, title=hostile) for visit in timeline().visits)
    messages, _, about = told(timeline(visits=visits, tracks=()), level=level)
    for message in messages:
        found = read(mail(message, about))
        assert found["Bcc"] is None
        words = found["Subject"] + "".join(
            part.get_content() if part.get_content_type() == "text/plain"
            else part.get_payload(decode=True).decode().replace("\r\n ", "")
            for part in found.iter_parts()
        )  # fmt: skip
        assert "100 mg" not in words
        assert "high-dose" not in words
        assert ("Insight" in words) == (level is Level.STAFF)
        assert ("P0001" in words) == (level is not Level.BUSY)


def test_windows_and_diaries_are_told_in_days_and_repetitions(timeline: Build) -> None:
    messages, _, about = told(timeline())
    texts = [next(read(mail(one, about)).iter_parts()).get_content() for one in messages]
    assert any("When: Saturday 9 January 2027 to Thursday 14 January 2027" in one for one in texts)
    assert any("every day, 42 times" in one for one in texts)


@pytest.mark.parametrize(
    "uri",
    ["", "visits", "visits@study.invalid", "mailto:", "mailto:a b@c.invalid", "mailto:a@b?cc=d",
     "mailto:Jane%20Doe@x.invalid", "mailto:a@b\n", "mailto:.a@b.invalid", "mailto:é@b.invalid",
     "mailto:" + "a" * 400 + "@b.invalid", "urn:uuid:0"],
)  # fmt: skip
def test_only_plain_addresses_will_do(uri: str) -> None:
    with pytest.raises(PlannerError, match="not a plain address"):
        check_address(uri, "--attendee")
