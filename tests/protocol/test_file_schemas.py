"""Schemas and starter files of all kinds: what an editor accepts is what the planner reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from planner.api.library import FILE_KINDS, new_file, schema
from planner.errors import PlannerError
from planner.protocol.library import library_ids
from planner.protocol.reading import document_of
from planner.timeline.record_reading import read_record

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
SITE: dict[str, Any] = {
    "format": 1, "id": "s", "title": "S", "timezone": "UTC", "hours": {"monday": "08:00-16:00"},
}  # fmt: skip


def errors(kind: str, data: object) -> list[str]:
    return [error.json_path for error in Draft202012Validator(schema(kind)).iter_errors(data)]


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_each_is_a_schema_of_its_dialect_that_describes_all(kind: str) -> None:
    found = schema(kind)
    Draft202012Validator.check_schema(found)
    assert found["title"]
    assert found["description"]
    parts = [found.get("items", found), *found.get("$defs", {}).values()]
    for part in parts:
        assert part["additionalProperties"] is False
        assert all(one.get("description") for one in part["properties"].values())


def plain(text: str, name: str = "x.yaml") -> Any:
    """The data as an editor sees it: numbers are numbers."""

    def numbers(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: numbers(part) for key, part in value.items()}
        if isinstance(value, list):
            return [numbers(part) for part in value]
        return int(value) if isinstance(value, str) and value.isdecimal() else value

    return numbers(document_of(name, text).data)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("site-*.yaml")), ids=lambda path: path.name)
def test_the_sites_among_the_examples_are_accepted(path: Path) -> None:
    assert errors("site", plain(path.read_text("utf-8"))) == []


def test_a_record_may_say_its_format(tmp_path: Path) -> None:
    path = tmp_path / "P0001.yaml"
    path.write_text("format: 1\nparticipant: P0001\n")
    assert read_record(str(path)).record.format == 1
    path.write_text("format: 2\nparticipant: P0001\n")
    with pytest.raises(PlannerError, match="this planner reads format 1; a newer planner"):
        read_record(str(path))


def test_a_record_among_the_examples_is_accepted() -> None:
    assert errors("record", plain((EXAMPLES / "records/P0002.yaml").read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("kind", "data", "right"),
    [
        ("site", SITE, True),
        ("site", {**SITE, "hours": {"monday": "8-16"}}, False),
        ("site", {**SITE, "hours": {"monday": ["08:00-12:00", "13:00-24:00"]}}, True),
        ("site", {**SITE, "hours": {"monday": "08:00-12:00, 13:00..16:00"}}, True),
        ("site", {**SITE, "hours": {"monday": "closed", "friday": "09:00-10:00"}}, True),
        ("site", {**SITE, "opening_hours": {}}, False),
        ("site", {**SITE, "closures": [{"from": "24.12.2027"}]}, False),
        ("site", {**SITE, "phone": "call us"}, False),
        ("record", {"participant": "P0001"}, True),
        ("record", {"participant": "Jane"}, False),
        ("record", {"participant": "P1", "visits": [{"visit": "a", "status": "planed"}]}, False),
        ("record", {"participant": "P1", "visits": [
            {"visit": "a", "status": "occurred", "start": "2027-01-11T09:00+01:00"}]}, True),
        ("record", {"participant": "P1", "visits": [
            {"visit": "a", "status": "occurred", "start": "11.01.2027"}]}, False),
        ("cohort", [{"code": "P0001", "start": "2027-01-11"}], True),
        ("cohort", [{"code": "P0001"}], False),
        ("cohort", [{"code": "P0001", "start": "tomorrow"}], False),
        ("config", {}, True),
        ("config", {"protocols": ["a.yaml"], "language": "en-US", "files": {"key": "k"}}, True),
        ("config", {"language": "English"}, False),
        ("config", {"level": "all"}, False),
        ("config", {"files": {"calender": "k"}}, False),
    ],
)  # fmt: skip
def test_a_schema_refuses_what_is_wrong(kind: str, data: object, right: bool) -> None:
    assert (errors(kind, data) == []) is right


@pytest.mark.parametrize(("kind", "name"), [("site", "my-clinic"), ("record", "P0001")])
def test_a_starter_is_accepted_by_its_schema(kind: str, name: str) -> None:
    assert errors(kind, plain(new_file(kind, name))) == []


def test_the_starter_of_defaults_is_accepted_with_every_line_of_it_in_force() -> None:
    text = new_file("config")
    assert errors("config", document_of("planner.toml", text).data) == []
    lines = [line.removeprefix("# ") if " = " in line else line for line in text.split("\n")]
    data = document_of("planner.toml", "\n".join(lines)).data
    assert isinstance(data, dict)
    assert errors("config", data) == []
    assert {"protocols", "site", "records", "language", "level", "files"} <= data.keys()


@pytest.mark.parametrize(
    ("arguments", "path", "what"),
    [
        (("new", "my-clinic", "--site"), "my-clinic.yaml", "a site file"),
        (("new", "2", "--site"), "2.yaml", "a site file"),
        (("new", "P0001", "--record"), "P0001.yaml", "a participant's record"),
        (("new", "--config"), "planner.toml", "a study's defaults"),
    ],
)
def test_new_files_validate(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], path: str, what: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert planner(*arguments).code == 0
    checked = planner("validate", path)
    assert checked.code == 0
    assert f"{path}: {what}" in checked.out
    Path(path).write_text("mine")
    assert planner(*arguments).code == 2
    assert Path(path).read_text() == "mine"


def test_an_id_for_a_file_of_defaults_is_refused(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = planner("new", "my-study", "--config")
    assert refused.code == 2
    assert "`my-study`: a file of defaults has no ID; name it with -o" in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("original", library_ids())
def test_a_copy_of_a_published_protocol_validates_under_its_own_id(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, original: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert planner("new", "my-study", "--from", original).code == 0
    text = Path("my-study.yaml").read_text("utf-8")
    for line in ("id: my-study", f"title: A draft after {original}", "status: draft"):
        assert text.count(f"\n{line}\n") == 1
    assert "\nregistry: " not in text
    assert '\nidentity: "' in text
    checked = planner("validate", "my-study.yaml", "--format", "json")
    assert checked.code == 0, checked.out
    assert json.loads(checked.out)["files"][0]["ok"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new",), "missing argument ID"),
        (("new", "--site"), "missing argument ID"),
        (("new", "a", "--site", "--record"), "give one of them alone"),
        (("new", "a", "--from", "map1"), "did you mean `mapp1`?"),
        (("new", "Jane", "--record"), "has no digit"),
        (("new", "My Clinic", "--site"), "write `my-clinic`"),
        (("schema", "--kind", "sites"), "did you mean `site`?"),
    ],
)
def test_what_cannot_be_begun_is_said(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    result = planner(*arguments)
    assert result.code == 2
    assert said in result.err
    assert list(tmp_path.iterdir()) == []
