"""The reference of the protocol file is that of today's format and library."""

from pathlib import Path

import planner
from planner.protocol.library import library_ids
from planner.protocol.schema import protocol_schema
from tests.protocols.reference import TARGET, readme


def test_the_reference_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == readme(), (
        "run python tests/protocols/reference.py and look at what changed"
    )


def test_every_key_of_the_schema_is_described() -> None:
    text = readme()
    schema = protocol_schema()
    for name, part in {"Protocol": schema, **schema["$defs"]}.items():
        _, _, rest = text.partition(f"\n### {name}\n")
        section = rest.partition("\n### ")[0]
        missing = [
            key
            for key in part["properties"]
            if f"| `{key}` |" not in section and key not in ("source", "grade", "note")
        ]
        assert not missing, f"{name}: {missing}"


def test_every_protocol_of_the_library_is_listed_with_its_chart() -> None:
    text = readme()
    for protocol_id in library_ids():
        assert f"[{protocol_id}]({protocol_id}.yaml)" in text
        assert (TARGET.parent / f"../examples/pictures/library/{protocol_id}.svg").exists()


def test_the_file_of_further_keys_is_sound() -> None:
    findings = planner.check(Path(__file__).with_name("further_keys.yaml"))
    assert not [finding for finding in findings if finding.severity == "error"]
