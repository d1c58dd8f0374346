"""Studies of other standards work wherever a protocol file does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shared import SAMPLES

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
TANGLED = str(ROOT / "examples" / "tangled-study.json")
TWO_VISITS = str(ROOT / "examples" / "two-visits.xml")
PUBLISHED = [
    pytest.param(name, marks=[] if (SAMPLES / "usdm").is_dir() else pytest.mark.skip(
        reason=f"the USDM samples are not in {SAMPLES}; set PLANNER_SHARED"))
    for name in ("CDISC_Pilot_Study", "EliLilly_NCT03421379_Diabetes")
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_study_is_linted_planned_and_charted(
    planner: Planner, tmp_path: Path, name: str
) -> None:
    study = str(SAMPLES / "usdm" / f"{name}.json")
    linted = planner("validate", study)
    assert linted.code == 0
    assert "shifting-anchor" in linted.out
    assert "feasible in" in linted.out
    planned = planner("timeline", study, "--start", "2027-01-11")
    assert planned.code == 0
    assert "Every visit is on target" in planned.out
    picture, calendar = tmp_path / "course.svg", tmp_path / "p0001.ics"
    assert planner("chart", study, "--start", "2027-01-11", "-o", str(picture)).code == 0
    assert "<svg" in picture.read_text(encoding="utf-8")
    done = planner("export", study, "--start", "2027-01-11", "-o", str(calendar), "--verify")
    assert done.code == 0
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_every_finding_of_a_study_has_its_json_path_and_line(planner: Planner) -> None:
    done = planner("validate", TANGLED, "--format", "json")
    assert done.code == 1
    lines = Path(TANGLED).read_text(encoding="utf-8").split("\n")
    findings = json.loads(done.out)["files"][0]["findings"]
    assert {"contradictory-timings", "order-inverted", "window-swallows", "shifting-anchor"} <= {
        one["rule"] for one in findings
    }
    for finding in findings:
        assert finding["origin"].startswith("$.study")
        assert lines[finding["line"] - 1][finding["column"] - 1 :].strip()


def test_a_json_path_leads_to_what_stands_on_the_line(planner: Planner) -> None:
    study = json.loads(Path(TANGLED).read_text(encoding="utf-8"))
    done = planner("validate", TANGLED, "--format", "json", "--select", "shifting-anchor")
    (finding,) = json.loads(done.out)["files"][0]["findings"]
    assert finding["origin"] == (
        "$.study.versions[0].studyDesigns[0].scheduleTimelines[0].timings[1].value"
    )
    timings = study["study"]["versions"][0]["studyDesigns"][0]["scheduleTimelines"][0]["timings"]
    line = Path(TANGLED).read_text(encoding="utf-8").split("\n")[finding["line"] - 1]
    assert json.dumps(timings[1]["value"]) in line[finding["column"] - 1 :]


def test_machines_get_the_path_too(planner: Planner) -> None:
    path = "scheduleTimelines[0].timings[1].value"
    sarif = json.loads(planner("validate", TANGLED, "--format", "sarif").out)
    places = [one["locations"][0] for one in sarif["runs"][0]["results"]]
    names = [one["logicalLocations"][0]["fullyQualifiedName"] for one in places]
    assert any(name.endswith(path) for name in names)
    assert path in planner("validate", TANGLED, "--format", "github").out


def test_a_file_of_our_own_has_no_such_path(planner: Planner) -> None:
    done = planner("validate", "psilodep-1", "--format", "json")
    findings = json.loads(done.out)["files"][0]["findings"]
    assert findings
    assert not any("origin" in one for one in findings)


def test_odm_is_planned_and_its_findings_name_their_element(planner: Planner) -> None:
    done = planner("validate", TWO_VISITS)
    assert done.code == 0
    assert "RelativeTimingConstraint[@OID='TIM.FOLLOW-UP']" in done.out
    assert planner("timeline", TWO_VISITS, "--start", "2027-01-11").code == 0


def test_a_study_and_what_is_imported_from_it_have_the_same_plan(
    planner: Planner, tmp_path: Path
) -> None:
    study, again = str(tmp_path / "study.json"), str(tmp_path / "again.yaml")
    assert planner("export", "mapp1", "--format", "usdm", "-o", study).code == 0
    assert planner("import", "usdm", study, "-o", again).code == 0
    assert planner("diff", "mapp1", again).code == 0
    plans = [
        planner("timeline", name, "--start", "2027-01-11", "--format", "csv").out
        for name in ("mapp1", study, again)
    ]
    assert plans[0] == plans[1] == plans[2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"resourceType": "PlanDefinition", "status": "draft"}, "a FHIR resource"),
        ({"datasetJSONVersion": "1.1.0", "rows": []}, "an SDTM dataset"),
    ],
)
def test_a_file_of_a_standard_that_is_no_protocol_is_named(
    planner: Planner, tmp_path: Path, data: dict[str, Any], said: str
) -> None:
    path = tmp_path / "other.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    done = planner("validate", str(path))
    assert done.code == 2
    assert said in done.out
    assert done.out.count("error[") == 1
