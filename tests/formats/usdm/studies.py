"""Exported studies, read back; and what is done to them in other programs."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from planner.formats.load import load_protocol
from planner.formats.usdm import study_json
from planner.formats.usdm.read import read_study
from planner.protocol.document import Document
from planner.protocol.imported_document import Imported
from planner.protocol.json_reading import compose_json
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = (
    *library_ids(),
    *(
        str(EXAMPLES / f"{name}.yaml")
        for name in (
            "collision",
            "decisions",
            "lzzt",
            "mothers-and-newborns",
            "oncology-scans",
            "phase-1-single-doses",
            "phase-1-multiple-doses",
            "school-groups",
            "two-sessions",
        )
    ),
    str(Path(__file__).with_name("events.yaml")),
)
"""All protocols of the library, those of the examples, and one with unscheduled visits."""


@cache
def protocol(name: str) -> Protocol:
    return load_protocol(name).protocol


@cache
def exported(name: str) -> str:
    return study_json(protocol(name))


def imported(text: str) -> Imported:
    data, mark, problems = compose_json("study.json", text)
    assert not problems
    return read_study(Document("study.json", data, mark, text.split("\n")))


def read_back(text: str) -> Protocol:
    return validate_model(Protocol, imported(text).document)


def told(read: Imported) -> list[str]:
    """What is told about attributes of ours."""
    return [remark.message for remark in read.remarks if "attribute" in remark.message]


def design(study: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = study["study"]["versions"][0]["studyDesigns"][0]
    return found


def named(study: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """The object of a class by its name."""
    stack: list[Any] = [study]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if part.get("instanceType") == kind and part.get("name") == name:
                return part
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    raise KeyError(name)


def stripped(text: str) -> str:
    """The study without extension attributes, as a program keeps it that knows none."""
    study = json.loads(text)
    stack: list[Any] = [study]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            part.pop("extensionAttributes", None)
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return json.dumps(study)
