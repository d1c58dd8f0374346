"""Visits of SDTM datasets as participants' records, through the public functions."""

from pathlib import Path

import pytest
from conftest import Planner

import planner
from planner.api.library import library_file
from planner.api.records import is_record_name, participant_of
from planner.cli.option_spelling import OptionSpelling
from planner.errors import FilesInTheWay, spelled

EXAMPLES = Path(__file__).parents[2] / "examples"
LZZT, SV, DM = (EXAMPLES / name for name in ("lzzt.yaml", "sv.json", "dm.json"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", ["yaml", "csv"])
def test_records_are_written_as_by_the_command(
    planner: Planner, tmp_path: Path, suffix: str
) -> None:
    from planner import read_subjects, write_subject_records

    subjects = read_subjects(SV, protocol=LZZT, dm=DM)
    write_subject_records(subjects, tmp_path / "ours", suffix)
    said = planner(
        "import", "sv", str(SV), "--dm", str(DM), "--protocol", str(LZZT), "--format", suffix,
        "-o", str(tmp_path / "theirs"),
    )  # fmt: skip
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs")
    assert len(contents(tmp_path / "ours")) == len(subjects) == 3
    with spelled(OptionSpelling()):
        assert "\n".join(subjects.tally.sentences()) == said.err.rstrip("\n")


def test_a_record_that_says_something_else_stays_unless_it_is_replaced(tmp_path: Path) -> None:
    subjects = planner.read_subjects(SV, protocol=LZZT, dm=DM)
    planner.write_subject_records(subjects, tmp_path)
    mine = tmp_path / "EX-01-001.yaml"
    written = contents(tmp_path)
    mine.write_text("participant: EX-01-001\n", encoding="utf-8")
    with pytest.raises(FilesInTheWay, match=r"nothing was changed$") as refused:
        planner.write_subject_records(subjects, str(tmp_path))
    assert refused.value.paths == [str(mine)]
    assert contents(tmp_path) == written | {mine.name: mine.read_bytes()}
    planner.write_subject_records(subjects, tmp_path, replace=True)
    assert contents(tmp_path) == written


def test_one_subject_is_read_by_its_code_or_its_id() -> None:
    (subject,) = planner.read_subjects(SV, participant="EX-01-002").subjects()
    assert (subject.usubjid, subject.record.participant) == ("EX-01-002", "EX-01-002")


def test_what_does_not_go_together_is_refused_by_the_names_of_arguments(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("sdtm,visit\nWEEK 2,weak-2\n", encoding="utf-8")
    with pytest.raises(planner.PlannerError, match=r"^visits: pairs names with a protocol's"):
        planner.read_subjects(SV, visits=pairs)
    with pytest.raises(planner.PlannerError, match=r"^visits: `weak-2` is not a visit.*`week-2`\?"):
        planner.read_subjects(SV, visits=pairs, protocol=LZZT)
    subjects = planner.read_subjects(SV)
    with pytest.raises(planner.PlannerError, match="output_format: `xml` is none of yaml, csv"):
        planner.write_subject_records(subjects, tmp_path / "new", "xml")
    assert not (tmp_path / "new").exists()


def test_a_file_is_whose_record_it_is(tmp_path: Path) -> None:
    record = EXAMPLES / "records" / "P0001.csv"
    assert participant_of(record) == participant_of(str(record)) == "P0001"
    assert participant_of(LZZT) is None
    assert participant_of(tmp_path / "missing.yaml") is None
    renamed = tmp_path / "P0001.txt"
    renamed.write_bytes(record.read_bytes())
    assert participant_of(renamed) is None
    assert [is_record_name(name) for name in ("a.CSV", "a.yml", "csv", "a.txt")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_the_file_of_a_library_protocol_is_where_it_is_loaded_from() -> None:
    path = library_file("mapp1")
    assert path is not None
    assert Path(path).samefile(planner.load("mapp1").path)
    assert library_file("mapp0") is None
