"""`planner burden` on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    assert path.read_text(encoding="utf-8").startswith("## What a course of mapp1 costs in time")
