"""Amendments written into participants' records, from Python."""

from datetime import date
from pathlib import Path

import pytest

import planner

MAPP1 = Path(__file__).parents[2] / "protocols" / "mapp1.yaml"
YAML = "participant: P0002  # code\nprotocol: mapp1\nstart: 2027-03-01\n"
CSV = "visit,status,start,end,reason\nscreening,occurred,2026-12-09T09:00,,\n"
FROM = '{version: "2", from: 2027-02-03}'


@pytest.fixture
def amended(tmp_path: Path) -> Path:
    """The second version of a protocol, with a wider window."""
    text = MAPP1.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"')
    path = tmp_path / "amended.yaml"
    path.write_text(text.replace("within: 3w..5w", "within: 3w..6w"), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "P0002.yaml").write_text(YAML, encoding="utf-8")
    (folder / "P0003.json").write_text('{"participant": "P0003", "start": "2027-03-01"}')
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_records_say_from_when_a_version_holds_once_they_are_written(
    amended: Path, folder: Path
) -> None:
    before = contents(folder)
    report = planner.amend("mapp1", amended, folder, start="2027-02-03")
    records = planner.amended_records(report)
    assert contents(folder) == before
    assert [record.participant for record in records.records] == ["P0002", "P0003"]
    new = YAML.replace("mapp1\n", f"mapp1\nversions:\n  - {FROM}\n").encode()
    yaml, _ = records.records
    assert (yaml.source, yaml.path) == (str(folder / "P0002.yaml"),) * 2
    assert (yaml.old, yaml.new) == (before["P0002.yaml"], new)
    planner.write_amended(records)
    assert contents(folder)["P0002.yaml"] == new
    for path in folder.iterdir():
        (version,) = planner.load_record(path).versions
        assert (version.version, version.start) == ("2", date(2027, 2, 3))


def test_who_says_so_already_is_not_written_again(amended: Path, folder: Path) -> None:
    (folder / "P0003.json").unlink()
    planner.write_amended(
        planner.amended_records(planner.amend("mapp1", amended, folder, start="2027-02-03"))
    )
    again = planner.amended_records(planner.amend("mapp1", amended, folder, start="2027-02-03"))
    assert again == ((), (), ("P0002",))


def test_who_has_to_decide_first_has_no_new_record(amended: Path, folder: Path) -> None:
    (folder / "P0002.yaml").write_text(YAML + 'versions: [{version: "9", from: 2027-01-01}]\n')
    report = planner.amend("mapp1", amended, folder, start="2027-02-03")
    records = planner.amended_records(report)
    assert records.undecided == ("P0002",)
    assert [record.participant for record in records.records] == ["P0003"]


def test_a_record_in_csv_becomes_one_in_yaml_only_when_asked_to(
    amended: Path, folder: Path
) -> None:
    (folder / "P0001.csv").write_text(CSV, encoding="utf-8")
    report = planner.amend("mapp1", amended, folder, start="2027-02-03")
    with pytest.raises(planner.PlannerError, match=r"P0001\.csv: .* with csv_to_yaml such records"):
        planner.amended_records(report)
    records = planner.amended_records(report, csv_to_yaml=True)
    assert records.records[0].path == str(folder / "P0001.yaml")
    planner.write_amended(records)
    assert contents(folder).keys() == {
        "P0001.csv.old", "P0001.yaml", "P0002.yaml", "P0003.json",
    }  # fmt: skip
    assert contents(folder)["P0001.csv.old"] == CSV.encode()
    assert planner.load_record(folder / "P0001.yaml").visits[0].visit == "screening"


def test_a_record_that_was_changed_meanwhile_stops_all(amended: Path, folder: Path) -> None:
    records = planner.amended_records(planner.amend("mapp1", amended, folder, start="2027-02-03"))
    (folder / "P0003.json").write_text('{"participant": "P0003", "start": "2027-04-01"}')
    before = contents(folder)
    with pytest.raises(planner.PlannerError, match=r"P0003\.json: was changed meanwhile"):
        planner.write_amended(records)
    assert contents(folder) == before


def test_a_record_that_was_built_in_code_has_no_file(
    amended: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("P0007").write_text("mine: 1\n")
    record = planner.Record(participant="P0007", start=date(2027, 3, 1))
    report = planner.amend("mapp1", amended, record, start="2027-02-03")
    with pytest.raises(planner.PlannerError, match=r"P0007: the record .* is in no file"):
        planner.amended_records(report)


def test_versions_of_one_name_cannot_be_told_apart_in_a_record(folder: Path) -> None:
    report = planner.amend("mapp1", MAPP1, folder, start="2027-02-03")
    with pytest.raises(planner.PlannerError, match="both files say version `1`"):
        planner.amended_records(report)
