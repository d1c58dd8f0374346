"""The list of the library: what it says is what the files say, though it loads none of them."""

import json

import pytest

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.protocol.library import library_ids
from planner.views.library import _value, library_index, render_json, render_table


def listed(substance: str | None = None) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(render_json(library_index(substance)))["protocols"]
    return found


def test_the_list_says_of_each_file_what_the_file_says() -> None:
    found = {entry["id"]: entry for entry in listed()}
    assert sorted(map(str, found)) == library_ids()
    for name, entry in found.items():
        protocol = load_protocol(str(name)).protocol
        assert entry["title"] == protocol.title
        assert entry["status"] == protocol.status
        assert entry["version"] == protocol.version
        assert entry["registry"] == ", ".join(protocol.registry)
        assert entry["substance"] == list(protocol.substance)
        assert entry["condition"] == (protocol.condition or "")


@pytest.mark.parametrize("width", [60, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = render_table(library_index(), width=width, color=False).split("\n")
    assert max(map(len, lines[:-1])) <= max(width, 70)


def test_studies_stand_together_by_substance_and_their_numbers_in_order() -> None:
    found = listed()
    substances = [entry["substance"] for entry in found]
    assert substances == sorted(substances, key=str)
    names = [str(entry["id"]) for entry in found if str(entry["id"]).startswith("mp-")]
    assert names == sorted(names, key=lambda name: int(name.split("-")[1]))


def test_one_substance_can_be_asked_for() -> None:
    assert {str(entry["substance"]) for entry in listed("MDMA")} == {"['mdma']"}
    with pytest.raises(PlannerError, match="did you mean `psilocybin`"):
        listed("psilocibin")


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("title: A study\nid: x\n", "A study"),
        ('title: "A study: C# and more"   # remark\n', "A study: C# and more"),
        ("title: >-\n  A study\n  of two lines\nid: x\n", "A study of two lines"),
        ("title: [one, two]\n", "one, two"),
        ("title:\n  - one\n  - two\nid: x\n", "one, two"),
        ("subtitle: no\n", ""),
    ],
)
def test_values_are_read_as_they_are_written(head: str, value: str) -> None:
    assert _value("title", head) == value


def test_the_record_of_claims_is_no_study() -> None:
    assert "claims" not in {entry["id"] for entry in listed()}
