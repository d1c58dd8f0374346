"""Which dates a calendar calls allowed: those of a visit's own timings, as in its timeline."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import day, planned, protocol, record

from planner.formats.ical import CalendarOptions
from planner.formats.ical.event import Event
from planner.formats.ical.events import events_of
from planner.timeline.model import Timeline


def window_events(timeline: Timeline) -> dict[str, Event]:
    """The window events by the visit's number, such as `V02`."""
    events = events_of(timeline, CalendarOptions())
    return {one.summary.split()[1]: one for one in events if one.details.category == "Study window"}


def descriptions(timeline: Timeline) -> dict[str, str]:
    events = events_of(timeline, CalendarOptions())
    return {
        one.summary.split()[1]: one.details.description
        for one in events
        if one.details.category == "Study visit"
    }


CHAIN: list[dict[str, Any]] = [
    {"id": "v0"},
    {"id": "v1", "duration": "1h", "after": {"visit": "v0", "within": "5d..9d"}},
    {"id": "v2", "duration": "1h", "after": {"visit": "v1", "within": "5d..9d"}},
]


@given(st.integers(1, 20), st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_a_visit_that_took_place_keeps_its_window(first: int, second: int) -> None:
    """Wherever a visit took place: its window counts from its reference, and is not cancelled."""
    file = record(
        f"v0 occurred {day(0)}", f"v1 occurred {day(first)}", f"v2 occurred {day(first + second)}"
    )
    timeline, _ = planned(protocol(CHAIN), file)
    events, texts = window_events(timeline), descriptions(timeline)
    for number, reference in (("V02", 0), ("V03", first)):
        opens, closes = day(reference + 5), day(reference + 9)
        assert f", allowed {opens} to {closes}" in texts[number]
        details = events[number].details
        assert (details.start, details.end) == (opens, closes + timedelta(days=1))
        assert details.status == "CONFIRMED"


def test_a_window_of_a_visit_to_come_is_as_written_whatever_other_rules_leave() -> None:
    # v2 has to lie 12 days after v0 at least, so that no plan has v1 before the sixth day.
    visits = [
        *CHAIN[:2],
        {**CHAIN[2], "after": [CHAIN[2]["after"], {"visit": "v0", "within": "15d"}]},
    ]
    timeline, found = planned(protocol(visits), record(f"v0 occurred {day(0)}"))
    assert found["v1"].effective_window.earliest == day(6)
    assert f", allowed {day(5)} to {day(9)}" in descriptions(timeline)["V02"]


@pytest.mark.parametrize(
    ("timing", "text"),
    [
        ({"within": "1w.."}, f", allowed from {day(7)}"),
        ({"within": "..1w"}, f", allowed until {day(7)}"),
        ({"target": "1w", "window": "not-published"}, ", window not published"),
        ({"window": "not-published"}, ", window not published"),
        ({"within": "1w"}, f", allowed {day(7)} to {day(7)}"),
    ],
)
def test_an_open_end_and_an_unpublished_window_are_no_event_and_told_apart(
    timing: dict[str, str], text: str
) -> None:
    visits = [{"id": "v0"}, {"id": "v1", "duration": "1h", "after": {"visit": "v0", **timing}}]
    timeline, found = planned(protocol(visits), record(f"v0 occurred {day(0)}"), today=day(0))
    number = (found["v1"].start.date() - date(2027, 3, 1)).days
    study_day = number if number < 0 else number + 1
    assert descriptions(timeline)["V02"] == f"Study day {study_day}{text}"
    assert window_events(timeline) == {}


def test_an_anchor_has_no_allowed_dates() -> None:
    timeline, _ = planned(protocol(CHAIN), record(f"v0 occurred {day(0)}"))
    assert "allowed" not in descriptions(timeline)["V01"]
