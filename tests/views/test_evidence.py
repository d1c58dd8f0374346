"""What `planner evidence` prints: shares that add up to what they say, and the weakest by line."""

import json

import pytest
from example_protocol import example_file

from planner.checks.support import protocol_support
from planner.formats.load import load_protocol
from planner.views.evidence import (
    evidence_grid,
    evidence_table,
    kinds_grid,
    percent,
    render_json,
    weakest_grid,
)


@pytest.mark.parametrize(
    ("number", "total", "text"),
    [
        (0, 10, ""),
        (10, 10, "100 %"),
        (1, 1000, "<1 %"),
        (999, 1000, ">99 %"),
        (1, 3, "33 %"),
        (0, 0, ""),
    ],
)
def test_only_all_are_a_hundred_percent_and_only_none_are_none(
    number: int, total: int, text: str
) -> None:
    assert percent(number, total) == text


def test_a_support_that_no_statement_has_needs_no_column() -> None:
    grid = evidence_grid([protocol_support(example_file())])
    assert grid.heads == (("Protocol", "Statements", "Supported", "assumed"),)
    assert [line.cells for line in grid.lines] == [("example", "19", "", "100 %")]


def test_several_protocols_have_a_line_for_all() -> None:
    found = [protocol_support(load_protocol(name)) for name in ("mapp1", "mdlsd")]
    lines = evidence_grid(found).lines
    assert [line.cells[0] for line in lines] == ["mapp1", "mdlsd", "all"]
    assert int(lines[2].cells[1]) == int(lines[0].cells[1]) + int(lines[1].cells[1])


def test_kinds_of_statements_add_up() -> None:
    one = protocol_support(load_protocol("mapp1"))
    *kinds, total = kinds_grid(one).lines
    assert sum(int(line.cells[1]) for line in kinds) == int(total.cells[1]) == one.support.total


def test_the_weakest_are_told_with_their_lines() -> None:
    grid = weakest_grid(protocol_support(load_protocol("mapp1")))
    groups = [line.cells[0] for line in grid.lines if line.kind == "group"]
    assert [group.partition(":")[0] for group in groups] == ["assumed", "unverified"]
    lines = load_protocol("mapp1").document.lines
    [night] = [line.cells for line in grid.lines if line.cells[1:2] == ("roles.night-attendant",)]
    assert "Night attendant" in lines[int(night[0]) - 1]


def test_a_protocol_without_weak_statements_says_so() -> None:
    sources = "sources: {paper: {kind: trial-paper, read: abstract}}\nsource: paper\n"
    found = protocol_support(example_file(f"{sources}grade: verified\n"))
    assert weakest_grid(found).lines[0].cells[1].startswith("none: every statement is verified")


def test_tables_for_machines_have_counts_and_json_of_one_protocol_every_statement() -> None:
    one = protocol_support(load_protocol("mdlsd"))
    [line] = evidence_table([one]).lines
    counts = [int(cell) for cell in line.cells[1:]]
    assert counts[0] == sum(counts[2:])
    data = json.loads(render_json([one]))
    assert len(data["statements"]) == data["protocols"][0]["statements"] == counts[0]
    assert sum(data["protocols"][0]["shares"].values()) == pytest.approx(1, abs=0.001)
    assert "statements" not in json.loads(render_json([one, one]))
