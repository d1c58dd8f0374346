"""Files examined through the public functions: as `planner validate` does, one call each."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import Planner

import planner
from planner.api.checks import render_file_reports
from planner.checks.framework import PROFILES, Check
from planner.formats.checks import all_checks

COLLISION = Path(__file__).parents[2] / "examples" / "collision.yaml"


def test_a_file_is_examined_as_by_the_command(planner: Planner) -> None:
    from planner import check_file

    reports = [check_file(COLLISION), check_file("mapp1")]
    said = planner("validate", str(COLLISION), "mapp1", "--format", "json").out
    assert json.loads(render_file_reports(reports, "json")) == json.loads(said)
    assert [one.fatal for one in reports] == [False, False]


@pytest.mark.parametrize("output_format", ["text", "sarif", "github"])
def test_reports_are_drawn_as_by_the_command(planner: Planner, output_format: str) -> None:
    from planner import check_file

    said = planner("validate", str(COLLISION), "--format", output_format).out
    drawn = render_file_reports([check_file(COLLISION)], output_format, width=200)
    assert drawn.rstrip("\n") == said.rstrip("\n")


def test_a_file_that_cannot_be_read_is_a_report_and_no_error(tmp_path: Path) -> None:
    report = planner.check_file(tmp_path / "missing.yaml")
    assert report.fatal
    (problem,) = report.findings
    assert (problem.rule, problem.severity) == ("format", "error")


def test_some_checks_are_run_and_their_number_is_known_before() -> None:
    numbers: list[int] = []

    def counted(checks: Sequence[Check]) -> Sequence[Check]:
        numbers.append(len(checks))
        return checks

    every = planner.check_file(COLLISION, around=counted)
    none = planner.check_file(COLLISION, select=["staff"], around=counted)
    assert every.findings
    assert not none.findings
    unasked = [check for check in all_checks().values() if check.family not in PROFILES]
    assert numbers[0] == len(unasked) > numbers[1] == len(planner.list_checks("staff"))


def test_checks_are_listed_family_by_family() -> None:
    assert [check.id for check in planner.list_checks()] == list(all_checks())
    assert {check.family for check in planner.list_checks("scope")} == {"scope"}
    assert planner.find_check("unknown-id").page.why


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(planner.PlannerError, match=r"no family `stuff`; did you mean `staff`\?"):
        planner.list_checks("stuff")
    with pytest.raises(planner.PlannerError, match=r"no check `infeasable`; did you mean"):
        planner.find_check("infeasable")
    with pytest.raises(planner.PlannerError, match="one of text, json, sarif, github"):
        render_file_reports([], 5)  # type: ignore[arg-type]
