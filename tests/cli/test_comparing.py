"""`planner compare` and `planner claims` as commands: exit codes, formats, mistakes."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.protocol.library import claims_path, library_ids

Planner = Callable[..., Any]
NOTICE = "Research and education only"


def test_two_trials_stand_side_by_side(planner: Planner) -> None:
    result = planner("compare", "mapp1", "psilodep-1")
    assert result.code == 0, result.err
    [head] = [line for line in result.out.split("\n") if line.split() == ["mapp1", "psilodep-1"]]
    assert head
    assert "Spacing as written" in result.out
    assert NOTICE in result.out


def test_a_comparison_as_csv_has_a_line_for_each_trial(planner: Planner) -> None:
    result = planner("compare", "mapp1", "mdlsd", "--format", "csv")
    assert result.code == 0
    head, *rows = list(csv.reader(io.StringIO(result.out)))
    assert head[0] == "Trial"
    assert [row[0] for row in rows] == ["mapp1", "mdlsd"]
    assert all(len(row) == len(head) for row in rows)
    assert NOTICE in result.err


def test_the_whole_library_is_compared_when_asked_for(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "library.csv"
    result = planner("compare", "--all", "--format", "csv", "-o", str(path))
    assert result.code == 0, result.err
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [row[0] for row in rows[1:]] == library_ids()


def test_trials_of_a_substance_are_compared_after_those_named(planner: Planner) -> None:
    result = planner("compare", "mdlsd", "--substance", "mdma", "--format", "csv")
    names = [row[0] for row in csv.reader(io.StringIO(result.out))][1:]
    assert names[0] == "mdlsd"
    assert "mapp1" in names
    assert "psilodep-1" not in names


def test_a_comparison_as_markdown_is_a_table(planner: Planner) -> None:
    result = planner("compare", "mapp1", "--format", "markdown")
    assert result.code == 0
    assert "| Dosing sessions | 3 |" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare"], "name the protocols to compare"),
        (["compare", "mapp11"], "did you mean `mapp1`?"),
        (["compare", "claims"], "is a record of claims, not a protocol"),
        (["compare", "mapp1", "--format", "htlm"], "--format: `htlm` is none of"),
        (["compare", "--substance", "mdm"], "did you mean `mdma`?"),
        (["compare", "--substance", "\x1b[2J"], "the library has no trial of"),
        (["claims", "two-therapist"], "did you mean `two-therapists`?"),
        (["claims", "99"], "there is no claim `99`"),
        (["claims", "\x1b[2J"], "there is no claim"),
        (["claims", "--substance", "water"], "the library has no trial of `water`"),
        (["claims", "--format", "cvs"], "--format: `cvs` is none of"),
        (["claims", "31", "--substance", "lsd"], "no such claim is about `lsd`"),
        (["show", "claims"], "claims: is a record of claims, not a protocol"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    planner: Planner, arguments: list[str], message: str
) -> None:
    result = planner(*arguments)
    assert result.code == 2
    assert message in result.err
    assert result.err.count("\n") == 1
    assert "\x1b" not in result.err
    assert not result.out


def test_claims_are_listed_with_verdicts(planner: Planner) -> None:
    result = planner("claims")
    assert result.code == 0, result.err
    assert "39 claims of articles" in result.out
    assert "disagree" in result.out
    assert NOTICE in result.out


def test_one_claim_by_number_or_id_shows_the_trials(planner: Planner) -> None:
    by_number, by_id = planner("claims", "31"), planner(
        "claims", "four-or-five-sessions-six-weeks-apart"
    )  # fmt: skip
    assert by_number.code == by_id.code == 0
    assert by_number.out == by_id.out
    assert "NCT03537014" in by_number.out


def test_claims_for_machines_are_numbered_and_filtered(planner: Planner) -> None:
    data = json.loads(planner("claims", "--substance", "psilocybin", "--format", "json").out)
    assert [one["number"] for one in data["claims"]] == [16, 17, 18, 19, 35]
    # Which claims are shown changes no verdict: those about several substances keep all trials.
    assert {one["number"]: one["verdict"] for one in data["claims"]}[19] == "agree"


def test_claims_as_markdown_go_to_a_file_whole(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "claims.md"
    assert planner("claims", "--format", "markdown", "-o", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    assert text.count("\n| ") >= 39
    assert text.rstrip().endswith(
        f"{NOTICE}: a schedule of a study protocol, not advice to anyone.*"
    )


def test_validating_the_record_of_claims_says_what_it_is(planner: Planner) -> None:
    result = planner("validate", claims_path())
    assert result.code == 2
    assert "is a record of claims, not a protocol; `planner claims` shows it" in result.out
    assert result.out.count("error[") == 1


def test_the_list_of_the_library_has_no_claims(planner: Planner) -> None:
    listed = json.loads(planner("list", "--format", "json").out)["protocols"]
    assert "claims" not in {one["id"] for one in listed}
