"""Reminders: dated by planned visits, told to staff alone, and no deviation unless required."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from timeline.courses import START, day, protocol, record, site

import planner
from planner.errors import PlannerError
from planner.formats.ical.events import events_of
from planner.formats.ical.options import WITHOUT_WORDS, CalendarOptions, Level
from planner.formats.ical.split import Split, parts
from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.site.model import always_open
from planner.timeline.deviations import Deviation, judge
from planner.timeline.due import DueRange, participant
from planner.timeline.due_reminders import due_reminders
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import course_planner, plan_timeline
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import Outlooks

ORDER = {"id": "order", "title": "Order the drug", "before": "v1", "by": "3d"}
SHIP = {"id": "ship", "title": "Ship the samples", "after": "v0", "by": "2d", "role": "nurse"}


def small(*reminders: dict[str, Any], **more: Any) -> Protocol:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "7d..21d"}}]
    return protocol(visits, reminders=reminders, **more)


def deviations(protocol: Protocol, file: RecordFile, today: date | None = None) -> list[Deviation]:
    source = ProtocolFile("small.yaml", protocol, Document("small.yaml", {}, Mark(1, 1, None), []))
    return list(judge(source, PlannerCache(protocol, site()), file, today=today).deviations)


def due(protocol: Protocol, file: RecordFile, first: int, last: int) -> list[tuple[str, str, int]]:
    outlooks = Outlooks(day(first).toordinal())
    one = participant(PlannerCache(protocol, site()), file, outlooks, day(first))
    assert one is not None
    stretch = DueRange(day(first), day(last), day(first))
    return [
        (one.reminder, one.status, one.days_left) for one in due_reminders(one, outlooks, stretch)
    ]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 4), st.integers(0, 12), st.booleans(), st.booleans(), st.integers(2, 15))
def test_each_occurrence_has_its_own_date_counted_day_by_day(
    times: int, by: int, before: bool, business: bool, gap: int
) -> None:
    entry = {
        "id": "order",
        "title": "Order",
        "before" if before else "after": "dose",
        "by": f"{by}bd" if business else f"{by}d",
    }
    grid = protocol([{"id": "v0"}], reminders=[entry])
    grid = Protocol.model_validate(
        {
            **grid.model_dump(mode="json", by_alias=True, exclude_unset=True),
            "epochs": [
                {"id": "all", "kind": "treatment", "visits": [{"id": "v0"}]},
                {
                    "id": "doses",
                    "cycle": {"times": times},
                    "visits": [
                        {
                            "id": "dose",
                            "first": {"visit": "v0", "within": f"{gap}d..{gap + 6}d"},
                            "next": {"visit": "previous dose", "within": f"{gap}d..{gap + 6}d"},
                        }
                    ],
                },
            ],
        }
    )
    at = site((5, 6))
    timeline = plan_timeline(course_planner(grid, at), START)
    assert len(timeline.reminders) == times
    for reminder in timeline.reminders:
        reached = timeline.visit(reminder.visit).start.date()
        left = by
        while left:
            reached += timedelta(-1 if before else 1)
            left -= not business or at.is_open(reached)
        assert reminder.day == reached


def test_what_is_not_done_is_due_until_its_visit_took_place() -> None:
    both = small(ORDER, SHIP)
    begun = record(f"v0 occurred {day(0)}", f"v1 booked {day(14)}T09:00")
    assert due(both, begun, 0, 1) == []
    assert due(both, begun, 0, 2) == [("ship", "planned", 3)]
    assert due(both, begun, 11, 11) == [("order", "due", 1)]
    assert due(both, begun, 13, 20) == [("order", "overdue", -2)]
    done = record(
        f"v0 occurred {day(0)}",
        f"v1 booked {day(14)}T09:00",
        reminders={"order": f"{day(10)}"},
    )
    assert due(both, done, 11, 20) == []
    void = record(f"v0 occurred {day(0)}", f"v1 cancelled {day(14)}")
    assert "order" not in [
        name for name, _, _ in due(small(ORDER, {**SHIP, "required": True}), void, 9, 20)
    ]


def test_a_required_reminder_is_due_when_all_visits_are_over() -> None:
    over = record(f"v0 occurred {day(0)}", f"v1 occurred {day(14)}")
    last = {"id": "ship", "title": "Ship", "after": "v1", "by": "2d", "required": True}
    assert due(small(last), over, 20, 25) == [("ship", "overdue", -4)]


def test_only_a_required_reminder_is_a_deviation() -> None:
    over = record(f"v0 occurred {day(0)}", f"v1 occurred {day(14)}")
    assert deviations(small(ORDER, SHIP), over, day(30)) == []
    required = small({**ORDER, "required": True}, {**SHIP, "required": True})
    found = deviations(required, over, day(30))
    assert [(one.visit, one.kind, one.days) for one in found] == [
        ("v1", "reminder-missed", 0),
        ("v0", "reminder-missed", 0),
    ]
    # Without today nobody knows whether the time to ship is over.
    assert [one.visit for one in deviations(required, over)] == ["v1"]
    late = record(
        f"v0 occurred {day(0)}",
        f"v1 occurred {day(14)}",
        reminders={"order": f"{day(13)}", "ship": f"{day(2)}"},
    )
    assert [(one.kind, one.days) for one in deviations(required, late)] == [("reminder-late", 2)]


def test_only_calendars_of_staff_have_notes_of_whole_days() -> None:
    timeline = plan_timeline(course_planner(small(ORDER, SHIP), site()), START)
    for level in WITHOUT_WORDS:
        found = [
            event
            for event in events_of(timeline, CalendarOptions(level=level))
            if event.details.category == "Reminder" or "Order" in event.summary
        ]
        assert len(found) == (2 if level is Level.STAFF else 0)
        for event in found:
            assert type(event.details.start) is date
            assert not event.details.opaque
    by_role = {part.key: part.timeline.reminders for part in parts(timeline, Split.ROLE)}
    assert [one.id for one in by_role["nurse"]] == ["ship"]


def test_the_participant_s_sheet_names_no_reminder() -> None:
    path = Path(__file__).parents[1] / "protocols" / "further_keys.yaml"
    plan = planner.plan(path, "2027-03-01")
    assert {one.title for one in plan.reminders} >= {"Send the samples"}
    sheet = planner.handout(path, "2027-03-01", "P0001", site=always_open())
    assert "Send the samples" not in sheet
    assert "Order the capsules" not in sheet


def test_no_reminder_tells_the_arm_in_a_blinded_study() -> None:
    arms = [{"id": "active"}, {"id": "placebo"}]
    blinded = small({**ORDER, "arms": "active"}, arms=arms, design="double-blind")
    hidden = plan_timeline(course_planner(blinded, site(), arm="active"), START)
    assert hidden.reminders == ()
    file = record(f"v0 occurred {day(0)}", arm="active")
    assert plan_participant(PlannerCache(blinded, site()), file).reminders == ()
    open_label = small({**ORDER, "arms": "active"}, arms=arms)
    shown = plan_timeline(course_planner(open_label, site(), arm="active"), START)
    assert [one.id for one in shown.reminders] == ["order"]


def test_slips_in_records_and_reminders_are_named() -> None:
    with pytest.raises(PlannerError, match="reminder `ordr` is not one of the protocol's"):
        plan_participant(
            PlannerCache(small(ORDER), site()),
            record(f"v0 occurred {day(0)}", reminders={"ordr": "2027-03-02"}),
        )
    for wrong, words in (
        ({**ORDER, "after": "v0"}, "one of the two"),
        ({**ORDER, "by": "-3d"}, "has no sign"),
        ({**ORDER, "by": "3h"}, "counts days"),
    ):
        with pytest.raises(ValidationError, match=words):
            small(wrong)
    lost = small({**ORDER, "before": "v7"})
    with pytest.raises(PlannerError, match="there is no visit `v7`"):
        course_planner(lost, site())
