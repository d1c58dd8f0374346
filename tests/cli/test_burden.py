"""`planner burden` on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]


def test_the_table_ends_with_the_notice(planner: Planner) -> None:
    done = planner("burden", "mapp1")
    assert done.code == 0
    rows = [line for line in done.out.splitlines() if line.startswith("Therapist, hours of all 2")]
    assert rows[0].split()[5] == "84"
    assert done.out.rstrip().endswith("not advice to anyone.")


def test_a_spreadsheet_gets_figures_and_people_get_the_notes(planner: Planner) -> None:
    done = planner("burden", "mapp1", "--format", "csv")
    assert done.out.startswith("arms,epoch,measure,role,unit,least,most\n")
    assert "not advice to anyone." in done.err


def test_one_arm_can_be_asked_for_and_a_wrong_one_is_refused(planner: Planner) -> None:
    done = planner("burden", "mapp1", "--arm", "placebo", "--format", "json")
    assert [course["arms"] for course in json.loads(done.out)["courses"]] == [["placebo"]]
    assert planner("burden", "mapp1", "--arm", "high").code == 2


def test_markdown_goes_whole_into_a_file(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "burden.md"
    assert planner("burden", "mapp1", "--format", "markdown", "-o", str(path)).out == ""
    assert path.read_text(encoding="utf-8").startswith("## Participant and staff burden of mapp1")


@pytest.mark.parametrize("output_format", ["table", "markdown", "csv", "json"])
@pytest.mark.parametrize(
    "ends", ["from: a, until: stop", "from: stop, until: z", "from: stop, times: 4", "from: late"]
)
def test_a_track_that_waits_for_an_unscheduled_visit_is_said_to_be_in_no_figure(
    planner: Planner, tmp_path: Path, output_format: str, ends: str
) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(
        f"""\
format: 1
id: study
title: Study
version: "1"
status: draft
design: open-label
anchor: a
epochs:
  - id: treatment
    visits:
      - {{id: a}}
      - {{id: stop, unscheduled: true}}
      - {{id: late, unscheduled: true, after: {{visit: a, within: 1d..}}}}
      - {{id: z, after: {{visit: a, within: 7d}}}}
tracks:
  - {{id: diary, every: 1d, {ends}{", times: 2" if ends == "from: late" else ""}}}
  - {{id: capsules, from: a, until: z, every: 1d}}
"""
    )
    waits_for = "late" if "late" in ends else "stop"
    done = planner("burden", str(path), "--format", output_format)
    assert done.code == 0, done.err
    if output_format == "json":
        [course] = json.loads(done.out)["courses"]
        track = {"id": "diary", "title": "diary", "why": f"waits for `{waits_for}`"}
        assert course["tracks_in_no_figure"] == [track]
        assert [track["id"] for track in course["tracks"]] == ["capsules"]
    else:
        said = (done.err if output_format == "csv" else done.out).replace("\\", "")
        assert f"In no figure: diary, which waits for `{waits_for}`." in said
        assert "capsules, which" not in said


def test_procedures_are_listed_for_the_forms_of_costs_and_of_ethics(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "procedures.csv"
    assert planner("burden", "mapp1", "--soecat", "-o", str(path)).code == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("activity,title,visit,")
    assert (
        "dosing,Dosing session,dosing-1,6,Dosing session (1),,clinic,therapist,2,480,480,1,1"
        in lines
    )
    totals = planner("burden", "mapp1", "--iras")
    assert totals.code == 0
    assert "Of these" in totals.out


@pytest.mark.parametrize("options", [("--soecat", "--iras"), ("--iras", "--arm", "mdma")])
def test_two_layouts_or_one_arm_are_refused(planner: Planner, options: tuple[str, ...]) -> None:
    assert planner("burden", "mapp1", *options).code == 2
