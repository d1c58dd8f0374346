"""`planner evidence` and `planner sources` on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]


def test_without_a_name_the_whole_library_is_told_least_supported_first(planner: Planner) -> None:
    from planner.protocol.library import library_ids

    done = planner("evidence", "--format", "json")
    found = json.loads(done.out)["protocols"]
    assert sorted(one["id"] for one in found) == library_ids()
    shares = [one["supported"] / one["statements"] for one in found]
    assert shares == sorted(shares)


@pytest.mark.parametrize("arguments", [["evidence", "mapp1"], ["sources", "mapp1"]])
@pytest.mark.parametrize("style", ["table", "markdown"])
def test_what_people_read_ends_with_the_notice(
    planner: Planner, arguments: list[str], style: str
) -> None:
    done = planner(*arguments, "--format", style)
    assert done.code == 0
    assert done.out.rstrip().rstrip("*").endswith("not advice to anyone.")


def test_a_spreadsheet_gets_counts_and_people_get_the_notes(planner: Planner) -> None:
    done = planner("evidence", "mapp1", "mdlsd", "--format", "csv")
    assert done.out.startswith("protocol,statements,supported,verified,derived,")
    assert done.out.count("\n") == 3
    assert "Least supported first" in done.err


def test_bibtex_goes_into_a_file_and_says_what_it_leaves_out(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "mapp1.bib"
    done = planner("sources", "mapp1", "--format", "bibtex", "-o", str(path))
    assert (done.code, done.out) == (0, "")
    assert "general-knowledge, assumption" in done.err
    assert "@article{mapp1-paper," in path.read_text(encoding="utf-8")


def test_a_wrong_format_or_name_is_refused_with_the_nearest(planner: Planner) -> None:
    assert "did you mean `bibtex`" in planner("sources", "mapp1", "--format", "bibtx").err
    wrong = planner("evidence", "map1")
    assert wrong.code == 2
    assert "did you mean `mapp1`" in wrong.err
