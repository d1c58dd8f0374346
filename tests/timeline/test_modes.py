"""A visit that may take place in several ways: the record says which, and all outputs follow."""

import io
from typing import Any

import pytest
from timeline.courses import day, planned, protocol, record

import planner
from planner.errors import PlannerError
from planner.formats.ical.options import Level
from planner.protocol.expand import expand
from planner.protocol.visit import Visit
from planner.protocol.yaml_reading import compose_yaml
from planner.schedule.burden import Range, burdens
from planner.timeline.history import misnamed_visits
from planner.timeline.record import Record
from planner.timeline.record_writing import record_csv, record_yaml
from planner.views.schedule_of_activities import schedule_of_activities
from planner.views.tables.text import render_table

VISITS: list[dict[str, Any]] = [
    {"id": "v0", "duration": "60min"},
    {"id": "v1", "also_by": ["phone", "home"], "duration": "30min",
     "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
    {"id": "v2", "mode": "phone", "after": {"visit": "v1", "within": "1d..3d"}},
]  # fmt: skip
BY_PHONE = {"visit": "v1", "status": "planned", "mode": "phone"}


def test_the_record_chooses_and_without_a_word_it_is_the_usual_way() -> None:
    _, usual = planned(protocol(VISITS), record())
    _, chosen = planned(protocol(VISITS), record(BY_PHONE))
    _, after_that = planned(protocol(VISITS), record())
    assert [usual["v1"].mode, chosen["v1"].mode, after_that["v1"].mode] == [
        "clinic", "phone", "clinic",
    ]  # fmt: skip
    for status in ("booked", "occurred"):
        line = {**BY_PHONE, "status": status, "start": f"{day(7)}T10:00", "mode": "home"}
        _, chosen = planned(protocol(VISITS), record(f"v0 occurred {day(0)}", line))
        assert (chosen["v1"].mode, chosen["v1"].status) == ("home", status)
        assert chosen["v2"].mode == "phone"


def test_calendars_lists_and_what_ifs_follow_the_record() -> None:
    small = protocol(VISITS)
    file = record({**BY_PHONE, "status": "booked", "start": f"{day(7)}T10:00"},
                  start=f"{day(0)}")  # fmt: skip
    timeline, _ = planned(small, file)
    out = io.BytesIO()
    planner.export(timeline, out, planner.CalendarOptions(level=Level.STAFF))
    assert out.getvalue().decode().replace("\r\n ", "").count("Mode: phone") == 2
    found = planner.due([file.record], day(7), day(7), protocols=[small])
    assert [visit.mode for visit in found.visits if visit.visit == "v1"] == ["phone"]
    change = planner.whatif(small, file.record, move={"v1": f"{day(8)}"}, today=day(-5))
    assert change.after.visit("v1").mode == "phone"


def test_a_withdrawn_participant_keeps_the_way_of_each_visit() -> None:
    line = {**BY_PHONE, "status": "occurred", "start": f"{day(7)}"}
    for mode in ("phone", "home"):
        _, chosen = planned(
            protocol(VISITS),
            record(f"v0 occurred {day(0)}", {**line, "mode": mode}, withdrawn=f"{day(8)}"),
        )
        assert chosen["v1"].mode == mode


def test_the_burden_is_the_least_and_the_most_of_all_ways() -> None:
    (burden,) = burdens(protocol(VISITS))
    assert burden.total.trips == Range(1, 2)
    assert burden.total.calls == Range(1, 2)
    assert burden.total.home == Range(0, 1)
    assert burden.total.visits == Range(3, 3)


def test_a_trip_is_shared_only_with_a_visit_that_is_surely_a_trip() -> None:
    same_day = {"visit": "v0", "within": "0d"}
    visits = [{"id": "v0", "also_by": "phone"}, {"id": "v1", "after": same_day}]
    (burden,) = burdens(protocol(visits))
    assert burden.total.trips == Range(1, 1)
    assert burden.shared is not None
    assert [each.visit for each in burden.shared] == ["v0"]
    visits = [{"id": "v0"}, {"id": "v1", "also_by": "phone", "after": same_day}]
    (burden,) = burdens(protocol(visits))
    assert burden.total.trips == Range(1, 1)
    visits = [{"id": "v0", "also_by": "phone"}, {"id": "v1", "also_by": "phone", "after": same_day}]
    (burden,) = burdens(protocol(visits))
    assert burden.total.trips == Range(0, 1)


def test_what_is_no_way_of_the_visit_is_refused() -> None:
    with pytest.raises(PlannerError, match=r"`v1` takes place by `mode: clinic` or `phone` or `ho"):
        planned(protocol(VISITS), record({**BY_PHONE, "mode": "video"}))
    file = record("v0 planned", {**BY_PHONE, "mode": "video"}, "v2 planned")
    ((line, message),) = misnamed_visits(file._replace(lines=(4, 5, 6)), expand(protocol(VISITS)))
    assert (line, message.endswith("not by `video`")) == (5, True)
    with pytest.raises(ValueError, match="that is `missed` has no `mode:`"):
        record({**BY_PHONE, "status": "missed"})
    with pytest.raises(ValueError, match=r"write `mode: clinic` and, .*`also_by: \[phone\]`"):
        Visit.model_validate({"id": "v1", "mode": ["clinic", "phone"]})
    with pytest.raises(ValueError, match="`clinic` stands twice"):
        Visit.model_validate({"id": "v1", "also_by": "clinic"})


def test_show_and_the_schedule_of_activities_tell_all_ways() -> None:
    small = protocol(VISITS)
    assert "in the clinic or by phone or at home" in planner.render(small, "table")
    assert "clinic or phone or home" in render_table(
        schedule_of_activities(small), width=200, color=False
    )


def test_a_record_with_a_mode_is_written_and_read_again() -> None:
    chosen = record(BY_PHONE).record
    data, _, _ = compose_yaml("r.yaml", record_yaml(chosen))
    assert Record.model_validate(data) == chosen
    assert record_csv(chosen).split() == [
        "visit,occurrence,status,start,end,mode,reason,note", "v1,,planned,,,phone,,",
    ]  # fmt: skip
    assert "mode" not in record_csv(record("v1 planned").record)
