"""The JSON Schema for editors: what it describes, accepts and refuses."""

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from planner.formats.load import load_protocol
from planner.protocol import fields
from planner.protocol.document import DocumentError
from planner.protocol.library import library_ids, library_path
from planner.protocol.schema import DIALECT, protocol_schema
from planner.protocol.starter import starter
from planner.protocol.text_patterns import CLOCK, WINDOW, whole, window

SCHEMA = protocol_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def properties(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for name, one in schema.get("properties", {}).items():
            yield f"{path}/{name}", one
        for key, value in schema.items():
            yield from properties(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from properties(value, path)


def test_the_schema_is_valid_in_the_dialect_it_names() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"]
    assert SCHEMA["description"]


def test_every_property_and_every_entry_has_a_description() -> None:
    found = list(properties(SCHEMA))
    assert len(found) > 150
    assert [path for path, one in found if not one.get("description")] == []
    assert [name for name, entry in SCHEMA["$defs"].items() if not entry.get("description")] == []


def test_every_mapping_with_named_keys_refuses_others() -> None:
    entries = [SCHEMA, *SCHEMA["$defs"].values()]
    assert [entry["title"] for entry in entries if entry["additionalProperties"] is not False] == []


def test_defaults_are_written_as_in_a_file() -> None:
    conventions = SCHEMA["$defs"]["Conventions"]["properties"]
    assert conventions["visit_time"]["default"] == "09:00"


def errors(data: object) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(data)]


def test_the_sketch_is_accepted(sketch_data: dict[str, Any]) -> None:
    assert errors(sketch_data) == []


@pytest.mark.parametrize("name", library_ids())
def test_every_protocol_of_the_library_is_accepted(name: str, plain: Callable[[str], Any]) -> None:
    path = library_path(name)
    assert path is not None
    assert errors(plain(Path(path).read_text("utf-8"))) == []


def test_the_starter_is_accepted(plain: Callable[[str], Any]) -> None:
    assert errors(plain(starter("my-study", "3c6e0b8a-9c15-4c29-8f0a-1b2c3d4e5f60"))) == []


CHANGES: list[tuple[tuple[str | int, ...], object, bool]] = [  # where, what, whether it is right
    (("unknown",), 1, False),
    (("epochs", 0, "visits", 0, "mod"), "clinic", False),
    (("epochs", 0, "visits", 0, "mode"), "phone", True),
    (("epochs", 0, "visits", 0, "mode"), "fax", False),
    (("epochs", 2, "cycle", "times"), 3, True),
    (("epochs", 2, "cycle", "times"), 0, False),
    (("epochs", 2, "cycle", "times"), 2001, False),
    (("epochs", 2, "cycle", "times"), {"a": 3, "b": 0}, True),
    (("epochs", 2, "cycle", "times"), {"An Arm": 3}, False),
    (("epochs", 2, "cycle", "times"), True, False),
    (("epochs", 2, "visits", 0, "overnight"), 2, True),
    (("epochs", 2, "visits", 0, "overnight"), {"nights": 2, "until": "10:00"}, True),
    (("epochs", 2, "visits", 0, "overnight"), 99, False),
    (("epochs", 2, "visits", 0, "optional"), True, True),
    (("epochs", 2, "visits", 0, "optional"), "no", False),
    (("epochs", 2, "visits", 0, "duration"), "6h..8h", True),
    (("epochs", 2, "visits", 0, "duration"), {"value": "8h", "source": "registry"}, True),
    (("epochs", 2, "visits", 0, "duration"), 90, False),
    (("epochs", 2, "visits", 0, "duration"), "2 hours", False),
    (("epochs", 2, "visits", 0, "duration"), "2d", False),
    (("epochs", 2, "visits", 0, "at"), "9:00", False),
    (("epochs", 2, "visits", 0, "at"), "09:00..10:30", True),
    (("epochs", 2, "visits", 0, "next", "within"), "3 weeks", False),
    (("epochs", 2, "visits", 0, "next", "within"), "3w..5", False),
    (("epochs", 2, "visits", 0, "next", "within"), ">=3w", True),
    (("epochs", 2, "visits", 0, "next", "within"), "+1w / -3d", True),
    (("epochs", 2, "visits", 0, "next", "visit"), "the one before", False),
    (("epochs", 2, "visits", 0, "staff"), "therapist", True),
    (("epochs", 2, "visits", 0, "staff"), ["therapist", "rater"], True),
    (("epochs", 2, "visits", 0, "staff"), {"therapist": 2, "rater": None}, True),
    (("epochs", 2, "visits", 0, "staff"), {"therapist": 2, "source": "registry"}, True),
    (("epochs", 2, "visits", 0, "staff"), {"roles": {"therapist": 2}}, True),
    (("epochs", 2, "visits", 0, "staff"), {"therapist": "two"}, False),
    (("epochs", 2, "visits", 0, "participants"), 2, True),
    (("epochs", 2, "visits", 0, "participants"), "4..6", True),
    (("epochs", 2, "visits", 0, "run_sheet"), [{"id": "arrival", "at": "0min"}], True),
    (("epochs", 2, "visits", 0, "run_sheet"), [{"id": "arrival", "att": "0min"}], False),
    (("epochs", 2, "visits", 0, "weekdays"), "monday", True),
    (("epochs", 2, "visits", 0, "weekdays"), ["monday", "friday"], True),
    (("epochs", 2, "visits", 0, "weekdays"), ["mon"], False),
    (("version",), 1.0, True),
    (("version",), True, False),
    (("format",), 2, False),
    (("id",), "My Study", False),
    (("sources", "Not An Id"), {"kind": "label", "read": "full-text"}, False),
    (("conventions",), {"weights": {"dosing": 3}}, True),
    (("conventions",), {"weights": {"dosng": 3}}, False),
]  # fmt: skip


WRITTEN = {
    "after/within": ["3d..14d", "6w..", "..6w", ">=6mo", "<=6mo", "3d", "±3d", "+/-3d", "+-3d",
                     "-2d/+4d", "+4d/-2d", " 1y2mo .. P3Y ", "-PT90M..PT2H", "P1Y2M3W4D"],
    "run/within": ["60min..90min", "-60min", "1h30min", "PT90M", "..PT1H30M"],
    "duration": ["90min", "6h..8h", "PT90M..PT2H", " 8h "],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WRITTEN.items() for text in texts]
)
def test_a_pattern_takes_what_the_reader_takes(name: str, text: str) -> None:
    read, pattern = {
        "after/within": (fields._read_window, whole(WINDOW)),
        "run/within": (fields._read_clock_window, whole(window(CLOCK))),
        "duration": (fields._read_duration, whole(window(CLOCK))),
    }[name]
    assert read(text)
    assert re.search(pattern, text)


@pytest.mark.parametrize(
    ("path", "value", "right"), CHANGES, ids=[f"{r[0][-1]}: {r[1]}" for r in CHANGES]
)
def test_the_schema_and_the_reader_agree(
    sketch_data: dict[str, Any],
    write: Callable[..., str],
    path: tuple[str | int, ...],
    value: object,
    right: bool,
) -> None:
    import json

    data = copy.deepcopy(sketch_data)
    here: Any = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    assert (errors(data) == []) is right
    file = write(json.dumps(data), "study.json")
    if right:
        load_protocol(file)
    else:
        with pytest.raises(DocumentError):
            load_protocol(file)
