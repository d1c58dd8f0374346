"""One file's report: what was found where, what was proven, and files that cannot be read."""

from pathlib import Path

import pytest
from example_protocol import BASE, example_file

from planner.checks.proof import prove
from planner.checks.subject import Subject
from planner.formats.checks import choose
from planner.formats.report import report_file
from planner.limits import MAX_FINDINGS

ALL = choose([], [])


def proof(fragment: str) -> str | None:
    return prove(Subject(example_file(fragment)))


def visits(*lines: str, top: str = "") -> str:
    body = "".join(f"      - {line}\n" for line in lines)
    return f"{top}epochs:\n  - id: treatment\n    visits:\n{body}"


def test_a_clean_file_says_what_was_proven(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(BASE, encoding="utf-8")
    report = report_file(str(path), ALL)
    assert report.findings == ()
    # consent 7-28 days before, prep-1 1-7 after, dosing 2-14 later, endpoint 28-42 later
    assert report.proof == "feasible; 6 visits; 5.4-13 weeks"
    assert not report.fatal
    assert report.path == str(path)


def test_every_library_protocol_is_proven_feasible() -> None:
    for name in ("mapp1", "mdlsd", "psilodep-1"):
        report = report_file(name, ALL)
        assert (report.proof or "").startswith("feasible"), name
        assert report.count("error") == 0, report.findings
        assert Path(report.path).name == f"{name}.yaml"


def test_a_check_that_finds_more_than_anybody_reads_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    many = ["{id: baseline}"]
    many += [f"{{id: v{n}, after: {{visit: baseline, target: {n}d}}}}" for n in range(1, 561)]
    path.write_text(BASE.partition("epochs:")[0] + visits(*many), encoding="utf-8")
    found = [one for one in report_file(str(path), ALL).findings if one.rule == "no-window"]
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].message == f"and {560 - MAX_FINDINGS} more such problems up to here"
    assert found[-1].severity == found[0].severity


@pytest.mark.parametrize(
    ("fragment", "line"),
    [
        (visits("{id: baseline}"), "feasible; 1 visit; 0 days"),
        (
            visits("{id: baseline}", "{id: x, after: {visit: baseline, within: 1d}}"),
            "feasible; 2 visits; 1 day",
        ),
        (
            visits("{id: baseline}", "{id: x, after: {visit: baseline, within: 3d..9d}}"),
            "feasible; 2 visits; 3-9 days",
        ),
        (
            visits("{id: baseline}", "{id: x, after: {visit: baseline, within: 15d..8w}}"),
            "feasible; 2 visits; 2.1-8 weeks",
        ),
        (
            visits("{id: baseline}", "{id: x, after: {visit: baseline, within: 6w..}}"),
            "feasible; 2 visits; 6 weeks or more",
        ),
        (
            visits(
                "{id: baseline}", "{id: x, optional: true, after: {visit: baseline, within: 3w}}"
            ),
            "feasible; 2 visits (1 optional); 3 weeks",
        ),
        (
            visits("{id: baseline}", "{id: x, before: {visit: baseline, within: 3w}}"),
            "feasible; 2 visits; 3 weeks",
        ),
        (
            "constraints:\n  - {from: dosing, to: endpoint, within: ..5w}\n",
            "feasible; 6 visits; 5.4-12 weeks; 1 window tightened",
        ),
    ],
)
def test_the_proof_counts_visits_weeks_and_tightened_windows(fragment: str, line: str) -> None:
    assert proof(fragment) == line


ARMS = """\
arms: [{id: short}, {id: long}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: x, after: {visit: baseline, within: 3w}, BY}
"""


def test_arms_that_are_alike_are_proven_together() -> None:
    assert proof(ARMS.replace(", BY", "")) == "feasible in both arms; 2 visits; 3 weeks"


def test_arms_that_differ_are_told_apart() -> None:
    by_arm = "by_arm: {long: {after: {visit: baseline, within: 4w}}}"
    assert proof(ARMS.replace("BY", by_arm)) == (
        "feasible in both arms; arm short: 2 visits; 3 weeks; arm long: 2 visits; 4 weeks"
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "constraints:\n  - {from: baseline, to: dosing, within: ..2d}\n",
        "constraints:\n  - {from: baseline, to: nowhere, within: ..2d}\n",
        "anchor: nowhere\n",
    ],
    ids=["contradiction", "unknown-visit", "no-anchor"],
)
def test_nothing_is_proven_where_rules_contradict_each_other_or_lead_nowhere(fragment: str) -> None:
    assert proof(fragment) is None


def test_findings_and_related_places_have_lines_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    rule = "  - {id: early, from: baseline, to: dosing, within: ..2d}\n"
    path.write_text(f"{BASE}constraints:\n{rule}", encoding="utf-8")
    report = report_file(str(path), choose(["infeasible"], []))
    [finding] = report.findings
    assert report.lines[finding.line - 1] + "\n" == rule
    assert finding.column == 5
    assert [report.lines[one.line - 1].strip()[:12] for one in finding.related] == [
        "- {id: prep-",
        "after: {visi",
        "- {id: early",
    ]
    assert (report.proof, report.fatal) == (None, False)


def test_every_problem_of_a_malformed_file_is_a_finding_of_the_rule_format(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(BASE.replace("status: illustrative", "status: done\nextra: 1"), "utf-8")
    report = report_file(str(path), ALL)
    assert report.fatal
    assert report.file is None
    assert {(one.rule, one.severity) for one in report.findings} == {("format", "error")}
    assert [report.lines[one.line - 1] for one in report.findings] == ["status: done", "extra: 1"]


def test_what_is_no_file_is_one_finding_that_does_not_repeat_the_name(tmp_path: Path) -> None:
    for name, message in (
        (str(tmp_path), "is a directory; name a file in it"),
        (str(tmp_path / "none.yaml"), "no such file, and no protocol of the library"),
        ("mapp-1", "no such file, and no protocol of the library; did you mean `mapp"),
    ):
        report = report_file(name, ALL)
        assert [one.message.startswith(message) for one in report.findings] == [True]
        assert (report.fatal, report.path, report.lines) == (True, name, [])


def test_cycles_without_end_are_a_finding_too(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    cycles = "".join(
        f"  - {{id: e{n}, cycle: {{times: 2000}}, visits: [{{id: v{n}}}]}}\n" for n in range(6)
    )
    path.write_text(BASE.partition("epochs:")[0] + "epochs:\n" + cycles, encoding="utf-8")
    report = report_file(str(path), choose(["infeasible"], []))
    assert report.fatal
    assert "more than 2,500 visits" in report.findings[0].message
