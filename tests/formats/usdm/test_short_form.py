"""The short form of a protocol says the same as the long one, as people write it."""

from typing import Any

import pytest
from formats.usdm import studies
from formats.usdm.random_protocols import protocols
from hypothesis import HealthCheck, given, settings

from planner.protocol.document import Document, Mark
from planner.protocol.model import Protocol
from planner.protocol.short_form import short_form
from planner.protocol.validation import validate_model
from planner.protocol.yaml_reading import compose_yaml
from planner.protocol.yaml_writing import protocol_yaml


def read(document: Any) -> Protocol:
    return validate_model(Protocol, Document("short.yaml", document, Mark(1, 1, None), []))


@pytest.mark.parametrize("name", studies.FILES)
def test_every_file_reads_the_same_in_short_form_and_as_its_text(name: str) -> None:
    protocol = studies.protocol(name)
    short = short_form(protocol)
    assert read(short) == protocol
    data, _, problems = compose_yaml("short.yaml", protocol_yaml(short))
    assert not problems
    assert read(data) == protocol


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_any_protocol_reads_the_same_in_short_form(protocol: Protocol) -> None:
    assert read(short_form(protocol)) == protocol


def test_visits_are_written_as_people_write_them() -> None:
    mapp1 = short_form(studies.protocol("mapp1"))
    visits = {one["id"]: one for epoch in mapp1["epochs"] for one in epoch["visits"]}
    assert visits["dosing"]["duration"] == "8h"
    assert next(iter(visits["prep-1"])) == "id"
    assert list(visits["prep-1"])[-2:] == ["source", "grade"]
    assert visits["prep-1"]["staff"]["therapist"] == 2
    assert visits["prep-1"]["before"]["visit"] == "prep-2"
