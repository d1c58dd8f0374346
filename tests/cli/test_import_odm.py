"""`planner import odm`: the protocol on stdout or in a file, what is to be known on stderr."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "examples" / "two-visits.xml")


def test_the_protocol_goes_to_stdout_and_the_remarks_to_stderr(planner: Planner) -> None:
    done = planner("import", "odm", EXAMPLE)
    assert done.code == 0
    assert done.out.startswith("# Made by `planner import odm` from two-visits.xml.")
    assert "id: two-visits" in done.out
    *remarks, summary = done.err.rstrip().split("\n")
    assert all(line.startswith(f"{EXAMPLE}:") and line.endswith("]") for line in remarks)
    assert any(
        "reading: `P28D` has no window" in line
        and line.endswith("RelativeTimingConstraint[@OID='TIM.FOLLOW-UP']]")
        for line in remarks
    )
    assert summary.startswith("3 visits, 2 rules; 2 unsupported items left out;")


def test_what_it_writes_can_be_validated_from_standard_input(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = planner("import", "odm", EXAMPLE).out
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)
    done = planner("validate", "-")
    assert done.code == 0
    assert "feasible; 3 visits" in done.out


def test_a_file_is_written_whole_and_says_the_same_as_the_source(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "protocol.yaml"
    assert planner("import", "odm", EXAMPLE, "-o", str(path)).out == ""
    start = ("--start", "2027-01-11", "--format", "csv")
    rows = planner("timeline", str(path), *start).out
    assert rows == planner("timeline", EXAMPLE, *start).out
    assert "2027-02-08" in rows


def test_a_file_that_is_none_changes_nothing(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_text("kept", encoding="utf-8")
    done = planner("import", "odm", str(ROOT / "README.md"), "-o", str(path))
    assert done.code == 2
    assert "not XML" in done.err
    assert path.read_text(encoding="utf-8") == "kept"


def test_the_readings_are_chosen_by_option(planner: Planner) -> None:
    assert "within: 0d..4w" in planner("import", "odm", EXAMPLE, "--targets", "ceiling").out
    preferred = planner("import", "odm", EXAMPLE, "--targets", "preferred").out
    assert "target_without_window: preferred" in preferred
    done = planner("import", "odm", EXAMPLE, "--targets", "hard")
    assert done.code == 2
    assert "--targets: `hard` is none of exact, preferred, ceiling" in done.err
