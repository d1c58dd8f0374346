"""A screening that was not passed stays in the record and in every history; it is planned again."""

from typing import Any

import pytest
from timeline.courses import day, planned, protocol, record

import planner
from planner.errors import PlannerError
from planner.protocol.yaml_reading import compose_yaml
from planner.timeline.last_change import newest_date
from planner.timeline.record import Record
from planner.timeline.record_writing import record_yaml

VISITS: list[dict[str, Any]] = [
    {"id": "screening", "kind": "screening", "before": {"visit": "v0", "within": "7d..14d"}},
    {"id": "v0"},
    {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
]
FAILED = {
    "visit": "screening", "status": "failed", "start": f"{day(-40)}", "reason": "blood pressure",
}  # fmt: skip


def test_after_a_failed_screening_it_is_planned_again_and_the_failed_one_is_shown() -> None:
    file = record(FAILED, start=f"{day(0)}")
    timeline, by_id = planned(protocol(VISITS), file, today=day(-20))
    assert by_id["screening"].status == "planned"
    assert day(-14) <= by_id["screening"].start.date() <= day(-7)
    (failed,) = timeline.unscheduled
    assert (failed.id, failed.status, failed.reason) == ("screening", "failed", "blood pressure")
    for output_format in ("table", "json", "csv", "html"):
        text = planner.render(timeline, output_format)
        assert f"{day(-40)}" in text, output_format
        assert "failed" in text, output_format
    assert "failed screening" in (timeline._repr_svg_() or "")


def test_once_it_is_passed_both_are_in_the_history_in_any_order_of_lines() -> None:
    passed = f"screening occurred {day(-10)}"
    for lines in ((FAILED, passed), (passed, FAILED)):
        timeline, by_id = planned(protocol(VISITS), record(*lines, start=f"{day(0)}"))
        assert (by_id["screening"].status, by_id["screening"].start.date()) == (
            "occurred", day(-10),
        )  # fmt: skip
        assert [extra.start.date() for extra in timeline.unscheduled] == [day(-40)]


def test_nothing_is_held_against_a_failed_screening_and_several_stay() -> None:
    again = {**FAILED, "start": f"{day(-30)}T10:00"}
    file = record(FAILED, again, f"screening occurred {day(-10)}", f"v0 occurred {day(0)}")
    assert list(planner.deviations(protocol(VISITS), file.record).deviations) == []
    timeline, _ = planned(protocol(VISITS), file)
    assert [extra.start.date() for extra in timeline.unscheduled] == [day(-40), day(-30)]
    found = planner.due([record(FAILED, start=f"{day(0)}").record], day(-14), day(0),
                        protocols=[protocol(VISITS)])  # fmt: skip
    assert found.visits[0].visit == "screening"


def test_what_is_tried_with_a_visit_that_failed_before_is_tried_with_the_next_one() -> None:
    change = planner.whatif(
        protocol(VISITS), record(FAILED, start=f"{day(0)}").record,
        move={"screening": f"{day(-8)}"}, today=day(-20),
    )  # fmt: skip
    assert change.after.visit("screening").start.date() == day(-8)
    assert len(change.after.unscheduled) == 1
    passed = record(f"screening occurred {day(-10)}", FAILED, start=f"{day(0)}").record
    with pytest.raises(PlannerError, match="`screening` is recorded as occurred"):
        planner.whatif(protocol(VISITS), passed, move={"screening": f"{day(-8)}"})
    with pytest.raises(PlannerError, match="`screening` is recorded here and on line"):
        planned(protocol(VISITS), record(f"screening occurred {day(-9)}", FAILED,
                                         f"screening occurred {day(-8)}"))  # fmt: skip


def test_only_a_screening_with_a_date_fails() -> None:
    with pytest.raises(PlannerError, match=r"`v1` is no screening; only a screening"):
        planned(protocol(VISITS), record({**FAILED, "visit": "v1"}, start=f"{day(0)}"))
    with pytest.raises(ValueError, match="has a `start:`"):
        record("screening failed")


def test_a_record_with_a_failed_screening_is_written_and_read_again() -> None:
    failed = record(FAILED).record
    data, _, _ = compose_yaml("r.yaml", record_yaml(failed))
    assert Record.model_validate(data) == failed
    assert newest_date(failed) == day(-40)
