"""`planner import usdm` from the shell's side."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import usdm_studies as u

from planner.formats.load import load_protocol

Planner = Callable[..., Any]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    made = u.study(
        u.main(
            u.visit("SCR", "Screening", epoch="Screening"),
            u.visit("DOSE"),
            u.visit("WK2", "Week 2"),
            timings=[
                u.before("SCR", "P4W", "DOSE", window=("P1W", "P1W")),
                u.fixed("DOSE", "P1D"),
                u.after("WK2", "P2W", "DOSE", window=("P3D", "P3D")),
            ],
        )
    )
    path = tmp_path / "study.json"
    path.write_text(json.dumps(made, indent=1))
    return path


def test_the_file_written_is_the_protocol_that_the_study_is_read_as(
    study: Path, tmp_path: Path, planner: Planner
) -> None:
    target = tmp_path / "protocol.yaml"
    result = planner("import", "usdm", str(study), "-o", str(target))
    assert (result.code, result.out) == (0, "")
    assert load_protocol(str(target)).protocol == load_protocol(str(study)).protocol
    assert "study.json:" in result.err
    assert "$.study.versions[0]" in result.err
    assert result.err.splitlines()[-1].startswith("3 visits, 2 rules")


TANGLED = Path(__file__).parents[2] / "examples" / "tangled-study.json"
TWO_VISITS = Path(__file__).parents[2] / "examples" / "two-visits.xml"


def comments(text: str) -> str:
    """The comments of a file, without the breaks of their lines."""
    lines = [line[1:] for line in text.split("\n") if line.startswith("#")]
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize(("kind", "source"), [("usdm", TANGLED), ("odm", TWO_VISITS)])
def test_who_gets_the_file_alone_reads_in_it_what_the_import_said(
    tmp_path: Path, planner: Planner, kind: str, source: Path
) -> None:
    target = tmp_path / "protocol.yaml"
    result = planner("import", kind, str(source), "-o", str(target))
    assert result.code == 0
    *remarks, summary = result.err.splitlines()
    said = comments(target.read_text(encoding="utf-8"))
    assert remarks
    assert " ".join(summary.split()) in said
    for remark in remarks:
        place, _, rest = remark.partition(": ")
        _, _, message = rest.partition(": ")
        message, _, origin = message.removesuffix("]").rpartition(" [")
        line = place.rsplit(":", 2)[1]
        assert f"{' '.join(message.split())} [line {line}, {origin}]" in said, remark
    assert load_protocol(str(target)).protocol == load_protocol(str(source)).protocol


def test_a_study_that_leaves_nothing_out_has_no_such_lines(
    tmp_path: Path, planner: Planner
) -> None:
    study, target = tmp_path / "mapp1.json", tmp_path / "mapp1.yaml"
    assert planner("export", "mapp1", "--format", "usdm", "-o", str(study)).code == 0
    result = planner("import", "usdm", str(study), "-o", str(target))
    assert result.code == 0
    assert len(result.err.splitlines()) == 1
    assert comments(target.read_text(encoding="utf-8")).endswith("not advice.")


def test_without_a_file_the_protocol_goes_to_stdout(study: Path, planner: Planner) -> None:
    result = planner("import", "usdm", str(study), "--targets", "preferred")
    assert result.code == 0
    assert "target_without_window: preferred" in result.out


@pytest.mark.parametrize(
    ("option", "word"),
    [
        (["--timeline", "Man"], "did you mean `Main`?"),
        (["--design", "2"], "there is no design 2"),
        (["--targets", "exakt"], "did you mean `exact`?"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(
    study: Path, planner: Planner, option: list[str], word: str
) -> None:
    result = planner("import", "usdm", str(study), *option)
    assert (result.code, result.out) == (2, "")
    assert word in result.err


def test_a_file_that_is_no_study_is_refused(tmp_path: Path, planner: Planner) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}")
    result = planner("import", "usdm", str(path))
    assert (result.code, result.out) == (2, "")
    assert "`study` is missing" in result.err
