"""What the public functions give back: visits by id, plain data, rows, places, quiet reprs."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import pytest
from small_protocol import HEAD

import planner
from planner.protocol.fields import Mode, VisitKind
from planner.timeline.model import COLUMNS, DatedItem, VisitStatus
from planner.views.timeline_data import render_csv, render_json

EXAMPLES = Path(__file__).parents[2] / "examples"
WAITING = """\
epochs:
  - id: treatment
    visits:
      - {id: start}
      - {id: event, unscheduled: true, after: {visit: start, within: 0d..}}
      - {id: check, after: {visit: event, target: 1w, within: ±1d}}
"""


@pytest.fixture(scope="module")
def plan() -> planner.Timeline:
    return planner.plan("mapp1", "2027-01-11", site=EXAMPLES / "site-everyday.yaml")


@pytest.fixture(scope="module")
def under_way() -> planner.Timeline:
    """A plan with an unscheduled visit, and visits that have no date."""
    record = planner.Record.model_validate(
        {
            "participant": "P0007",
            "start": "2027-01-11",
            "visits": [
                {"visit": "baseline", "status": "occurred", "start": "2027-01-11T09:00"},
                {"visit": "extra", "status": "unscheduled", "start": "2027-01-13T10:00",
                 "reason": "headache"},
            ],
        }
    )  # fmt: skip
    return planner.plan("mapp1", actuals=record, today="2027-01-15")


def test_a_visit_is_found_by_its_id(plan: planner.Timeline) -> None:
    visit = plan.visit("dosing-1")
    assert (visit.id, visit.kind, visit.start.date()) == (
        "dosing-1", "dosing", next(one for one in plan.visits if one.id == "dosing-1").start.date(),
    )  # fmt: skip


def test_an_unknown_visit_is_refused_with_the_nearest(plan: planner.Timeline) -> None:
    with pytest.raises(planner.PlannerError, match="no visit `dosing1`; did you mean `dosing-1`"):
        plan.visit("dosing1")


def test_a_visit_without_a_date_is_refused_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(HEAD + WAITING, encoding="utf-8")
    timeline = planner.plan(path, "2027-01-11")
    with pytest.raises(planner.PlannerError, match=r"^`check` has no date: .*`event`"):
        timeline.visit("check")
    row = timeline.to_records()[-1]
    assert (row["visit"], row["status"], row["start"]) == ("check", "waiting", None)


def test_words_of_visits_are_those_that_their_types_list(
    plan: planner.Timeline, under_way: planner.Timeline
) -> None:
    for visit in (*plan.visits, *under_way.visits):
        assert visit.kind in get_args(VisitKind)
        assert visit.mode in get_args(Mode)
        assert visit.status in get_args(VisitStatus)
    assert {one.status for one in under_way.visits} >= {"occurred", "planned"}


def test_plain_data_are_what_json_says(plan: planner.Timeline) -> None:
    assert json.loads(json.dumps(plan.to_dict())) == json.loads(render_json(plan))


def test_rows_have_the_same_keys_and_a_value_of_one_type_in_each_column(
    plan: planner.Timeline, under_way: planner.Timeline
) -> None:
    for timeline in (plan, under_way):
        rows = timeline.to_records()
        assert [row["visit"] for row in rows] == [
            *(one.id for one in timeline.listed()),
            *(one.id for one in timeline.unscheduled),
        ]
        for row in rows:
            assert tuple(row) == ("participant", "visit", *COLUMNS)
        for name in COLUMNS:
            kinds = {type(row[name]) for row in rows if row[name] is not None}
            assert len(kinds) <= 1, f"{name}: {kinds}"
            assert kinds <= {str, int, bool, date, datetime}


def test_a_row_tells_what_the_visit_does(under_way: planner.Timeline) -> None:
    rows = {row["visit"]: row for row in under_way.to_records()}
    visit = under_way.visit("dosing-1")
    row = rows["dosing-1"]
    assert (row["participant"], row["start"], row["window_latest"], row["optional"]) == (
        "P0007", visit.start, visit.window.latest, False,
    )  # fmt: skip
    assert (rows["extra"]["status"], rows["extra"]["remarks"], rows["extra"]["kind"]) == (
        "unscheduled", "headache", None,
    )  # fmt: skip
    assert len(render_csv(under_way).splitlines()) == len(rows) + 1


def test_a_finding_says_where_it_stands() -> None:
    file = planner.load(EXAMPLES / "collision.yaml")
    for finding in planner.check(file):
        assert (finding.line, finding.column) == finding.position(file)
        assert finding.line > 0


def test_no_repr_of_a_blinded_study_shows_the_arm() -> None:
    file = planner.load("mapp1")
    assert file.protocol.is_blinded
    arm = file.protocol.arms[0].id
    record = planner.Record(participant="P0007", arm=arm, start=date(2027, 1, 11))
    timeline = planner.plan(file, actuals=record)
    assert timeline.arm == arm
    changed = planner.whatif(file, record, miss=["dosing-1"])
    for shown in (record, timeline, changed, *timeline.visits):
        assert f"arm='{arm}'" not in repr(shown)
    assert repr(timeline) == (
        "<Timeline of P0007 in mapp1 at always-open: 20 visits, baseline on 2027-01-11>"
    )


def test_what_is_on_a_run_sheet_is_dated(plan: planner.Timeline) -> None:
    items = plan.visit("dosing-1").run_sheet
    assert items
    assert all(isinstance(one, DatedItem) for one in items)
