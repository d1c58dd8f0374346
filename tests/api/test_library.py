"""A protocol file begun, and described to editors, from Python."""

from pathlib import Path

import pytest

import planner


def test_a_new_protocol_validates_and_has_an_identity_of_its_own(tmp_path: Path) -> None:
    text = planner.new_protocol("my-study")
    path = tmp_path / "my-study.yaml"
    path.write_text(text, encoding="utf-8")
    file = planner.load(path)
    assert file.protocol.id == "my-study"
    assert not [finding for finding in planner.check(file) if finding.severity == "error"]
    assert text != planner.new_protocol("my-study")


def test_an_id_that_is_none_begins_no_protocol() -> None:
    with pytest.raises(planner.PlannerError, match="My Study"):
        planner.new_protocol("My Study")
    with pytest.raises(planner.PlannerError, match="protocol_id: an id is wanted, not int"):
        planner.new_protocol(5)  # type: ignore[arg-type]


def test_the_schema_asks_for_what_a_protocol_needs() -> None:
    schema = planner.schema()
    assert {"id", "title", "epochs"} <= set(schema["properties"])
