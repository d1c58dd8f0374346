"""Exported studies have the shape of USDM's classes, no more and no less."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from formats.usdm import usdm_classes, usdm_study_classes
from formats.usdm.random_protocols import protocols
from formats.usdm.studies import FILES, exported, named
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError
from shared import SAMPLES

from planner.formats.usdm import study_data
from planner.protocol.model import Protocol

SCHEMA = os.environ.get("PLANNER_USDM_API")
OF_SAMPLES = {
    "scheduleTimelines": usdm_classes.ScheduleTimeline,
    "encounters": usdm_classes.Encounter,
    "epochs": usdm_classes.StudyEpoch,
    "arms": usdm_classes.StudyArm,
    "studyCells": usdm_classes.StudyCell,
    "elements": usdm_classes.StudyElement,
    "activities": usdm_classes.Activity,
    "indications": usdm_study_classes.Indication,
    "objectives": usdm_study_classes.Objective,
}


@pytest.mark.parametrize("name", FILES)
def test_an_exported_study_has_the_classes_of_usdm(name: str) -> None:
    usdm_study_classes.Wrapper.model_validate(json.loads(exported(name)))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_any_protocol_has_the_classes_of_usdm(one: Protocol) -> None:
    study = study_data(one)
    usdm_study_classes.Wrapper.model_validate(study)
    assert_linked(study)


@pytest.mark.parametrize("name", FILES)
def test_every_id_is_there_once_and_every_reference_leads_to_one(name: str) -> None:
    assert_linked(json.loads(exported(name)))


def assert_linked(study: dict[str, Any]) -> None:
    ids: list[str] = []
    references: set[str] = set()
    names: list[tuple[str, str]] = []
    stack: list[Any] = [study["study"]["versions"]]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack += part
        if not isinstance(part, dict):
            continue
        ids.append(part["id"])
        if "name" in part:
            names.append((part["instanceType"], part["name"]))
        for key, value in part.items():
            if key.endswith("Id") and value is not None:
                references.add(value)
            elif key.endswith("Ids"):
                references.update(value)
            else:
                stack.append(value)
    assert len(set(ids)) == len(ids)
    assert references <= set(ids)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("place", "value"),
    [("value", "-P2D"), ("value", "2 weeks"), ("windowLower", "3"), ("type", None), ("extra", 1)],
)
def test_the_models_notice_what_is_no_timing(place: str, value: object) -> None:
    study = json.loads(exported("mapp1"))
    timeline = study["study"]["versions"][0]["studyDesigns"][0]["scheduleTimelines"][0]
    timeline["timings"][0][place] = value
    with pytest.raises(ValidationError):
        usdm_study_classes.Wrapper.model_validate(study)


@pytest.mark.skipif(
    not (SAMPLES / "usdm").is_dir(),
    reason=f"the USDM samples are not in {SAMPLES}; set PLANNER_SHARED",
)
@pytest.mark.parametrize("sample", ["CDISC_Pilot_Study.json", "EliLilly_NCT03421379_Diabetes.json"])
def test_the_models_are_true_of_published_examples(sample: str) -> None:
    study = json.loads((SAMPLES / "usdm" / sample).read_text(encoding="utf-8"))
    design = study["study"]["versions"][0]["studyDesigns"][0]
    for key, model in OF_SAMPLES.items():
        for part in design[key]:
            model.model_validate(part)
    for title in study["study"]["versions"][0]["titles"]:
        usdm_study_classes.StudyTitle.model_validate(title)
    for condition in study["study"]["versions"][0]["conditions"]:
        usdm_classes.Condition.model_validate(condition)


@pytest.mark.skipif(SCHEMA is None, reason="$PLANNER_USDM_API names no published API schema")
def test_exported_studies_are_valid_by_the_published_schema() -> None:
    import jsonschema

    assert SCHEMA is not None
    api = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
    schema = {"$ref": "#/components/schemas/Wrapper-Input", "components": api["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    for name in FILES:
        validator.validate(json.loads(exported(name)))
    broken = json.loads(exported("mapp1"))
    del named(broken, "Timing", "dosing-2")["value"]
    assert not validator.is_valid(broken)
