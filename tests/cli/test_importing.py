"""`planner import sv` and `planner replay` on the invented example, and on what goes wrong."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.timeline.record_reading import read_record

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
LZZT, SV, DM = (str(EXAMPLES / name) for name in ("lzzt.yaml", "sv.json", "dm.json"))


def test_the_pilot_study_of_the_examples_has_no_errors(planner: Planner) -> None:
    result = planner("validate", LZZT)
    assert result.code == 0
    assert "feasible in all 3 arms" in result.out


@pytest.mark.parametrize("suffix", ["yaml", "csv"])
def test_records_are_imported_and_planned_on(planner: Planner, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "records"
    options = ("--dm", DM, "--protocol", LZZT, "--format", suffix, "-o", str(folder))
    result = planner("import", "sv", SV, *options)
    assert result.code == 0, result.err
    assert result.out == ""
    assert "3 subjects, 25 visits" in result.err
    assert "2 unscheduled visits" in result.err
    assert "1 visit without a whole date" in result.err
    assert "1 subject without a baseline (EX-02-001)" in result.err
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"EX-01-001.{suffix}", f"EX-01-002.{suffix}", f"EX-02-001.{suffix}"]
    again = planner("import", "sv", SV, *options)
    assert again.code == 0
    planned = planner("timeline", LZZT, "--records", str(folder / names[0]), "--format", "json")
    visits = {one["id"]: one for one in json.loads(planned.out)["visits"]}
    assert visits["week-8"]["status"] == "occurred"
    assert visits["week-8"]["deviation"] is not None


def test_one_participant_goes_to_a_terminal_or_a_file(planner: Planner, tmp_path: Path) -> None:
    one = ("import", "sv", SV, "--participant", "EX-01-001")
    shown = planner(*one)
    assert shown.out.startswith('participant: "EX-01-001"\nvisits:\n')
    path = tmp_path / "p.csv"
    assert planner(*one, "-o", str(path)).code == 0
    assert path.read_text().startswith("visit,occurrence,status,start,end,reason,note\n")


NAMES = ("USUBJID", "VISITNUM", "VISIT", "SVSTDTC", "SVUPDES")
ROWS = [
    ("01-701-1015", 1, "BASELINE", "2026-01-12", ""),
    ("01-701-1015", 1.1, "UNSCHEDULED 1.1", "2026-01", "called, =1+1"),
    ("01-701-1015", 2, "WEEK 2", "2026-01-26", ""),
    ("P0002", 1, "BASELINE", "2026-02-02", ""),
]


@pytest.mark.parametrize("suffix", ["yaml", "csv"])
def test_what_a_record_has_no_place_for_stands_at_the_top_of_its_file(
    planner: Planner, tmp_path: Path, suffix: str
) -> None:
    data = {"columns": [{"name": name} for name in NAMES], "rows": ROWS}
    dataset = tmp_path / "sv.json"
    dataset.write_text(json.dumps(data), encoding="utf-8")
    folder = tmp_path / "records"
    result = planner("import", "sv", str(dataset), "--format", suffix, "-o", str(folder))
    assert result.code == 0
    assert "1 unplanned visit that has no whole date" in result.err
    path = folder / f"S-01-701-1015.{suffix}"
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    assert "# Made by `planner import sv` from sv.json" in lines[0]
    said = "\n".join(line for line in lines if "#" in line)
    assert "USUBJID is `01-701-1015`" in said
    assert "row 2 of SV: unplanned visit `UNSCHEDULED 1.1` has no whole date" in said
    assert "written `2026-01`" in said
    assert "called, =1+1" in said
    whole = (folder / f"P0002.{suffix}").read_text(encoding="utf-8")
    assert "#" not in whole
    bare = folder / f"P0003.{suffix}"
    plain = "\n".join(line for line in lines if "#" not in line)
    bare.write_text(plain.replace("S-01-701-1015", "P0003"), encoding="utf-8")
    assert read_record(str(path)).record.visits == read_record(str(bare)).record.visits
    assert len(read_record(str(path)).record.visits) == 2


def test_a_csv_says_in_comments_what_only_a_yaml_record_has_keys_for(
    planner: Planner, tmp_path: Path
) -> None:
    options = ("--dm", DM, "--protocol", LZZT, "-o", str(tmp_path))
    assert planner("import", "sv", SV, "--format", "csv", *options).code == 0
    text = (tmp_path / "EX-01-001.csv").read_text(encoding="utf-8")
    assert "# protocol: lzzt" in text
    assert "# start: 2026-01-12" in text
    assert "# arm: " in text


def test_the_replay_counts_both_conventions(planner: Planner, tmp_path: Path) -> None:
    shown = planner("replay", LZZT, SV, "--dm", DM)
    assert shown.code == 0
    assert "13 visits of 2 subjects in lzzt" in shown.out
    assert "Not counted: 1 subject without a baseline; 2 visits of theirs" in shown.out
    path = tmp_path / "counts.json"
    assert planner("replay", LZZT, SV, "-o", str(path)).code == 0
    data = json.loads(path.read_text())
    assert data["by_distance"] == {"visits": 13, "inside": 10, "before": 1, "after": 2}
    assert data["by_day_number"] == {"visits": 13, "inside": 10, "before": 0, "after": 3}
    assert data["visits"][0]["by_day_number"]["window"] == "10d..16d"
    rows = planner("replay", LZZT, SV, "--format", "csv").out.splitlines()
    assert rows[-1] == "All,,,,10,1,2,,,10,0,3"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((SV,), "3 subjects; name a folder with -o, or one of them with --participant"),
        ((SV, "-o", "x.yaml"), "3 subjects; name a folder"),
        ((SV, "--participant", "EX-01-01"), "did you mean `EX-01-001`?"),
        ((SV, "--visits", "x.csv"), "name it with --protocol"),
        ((SV, "--format", "xml"), "`xml` is none of yaml, csv"),
        (
            (SV, "--format", "csv", "-o", "x.yaml"),
            "the name ends in .yaml, but --format says csv; name a .csv",
        ),
        (("no.json",), "no such file"),
        ((DM, "--participant", "EX-01-001"), "no SV dataset: column `SVSTDTC` is missing"),
        ((SV, "--dm", SV, "--participant", "EX-01-001"), "no DM dataset: column `RFSTDTC`"),
        ((SV, "--protocol", "nothing"), "nothing"),
    ],
)
def test_what_cannot_be_imported_is_said_and_leaves_nothing(
    planner: Planner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = planner("import", "sv", *arguments)
    assert result.code == 2
    assert says in result.err
    assert not list(tmp_path.iterdir())


def test_a_bad_row_leaves_the_folder_as_it_was(planner: Planner, tmp_path: Path) -> None:
    dataset = json.loads(Path(SV).read_text())
    dataset["rows"][-1][3] = "eleven"
    path = tmp_path / "sv.json"
    path.write_text(json.dumps(dataset))
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "EX-01-001.yaml").write_text("as it was")
    result = planner("import", "sv", str(path), "-o", str(folder))
    assert result.code == 2
    assert "row 25: `VISITNUM` is a number, found `eleven`" in result.err
    assert os.listdir(folder) == ["EX-01-001.yaml"]
    assert (folder / "EX-01-001.yaml").read_text() == "as it was"


def test_a_record_in_another_form_is_not_doubled(planner: Planner, tmp_path: Path) -> None:
    (tmp_path / "EX-01-002.csv").write_text("visit,status\n")
    result = planner("import", "sv", SV, "-o", str(tmp_path))
    assert result.code == 2
    assert "EX-01-002.csv: already exists with other content" in result.err
    assert os.listdir(tmp_path) == ["EX-01-002.csv"]
    assert planner("import", "sv", SV, "-o", str(tmp_path), "--replace").code == 0
    assert not (tmp_path / "EX-01-002.csv").exists()
    assert (tmp_path / "EX-01-002.yaml").exists()


KEPT = "participant: EX-01-001\nfacts: {remission: true}\nvisits: []\n"


def test_records_kept_by_hand_are_replaced_only_when_asked_for(
    planner: Planner, tmp_path: Path
) -> None:
    imported = ("import", "sv", SV, "--dm", DM, "-o", str(tmp_path))
    assert planner(*imported).code == 0
    first = {path.name: path.read_text() for path in tmp_path.iterdir()}
    (tmp_path / "EX-01-001.yaml").write_text(KEPT)
    (tmp_path / "EX-02-001.yaml").write_text("note")
    refused = planner(*imported)
    assert refused.code == 2
    for name in ("EX-01-001.yaml", "EX-02-001.yaml"):
        assert str(tmp_path / name) in refused.err
    assert "EX-01-002" not in refused.err  # what says the same is not in the way
    assert "nothing was changed" in refused.err
    assert "--replace" in refused.err
    assert (tmp_path / "EX-01-001.yaml").read_text() == KEPT
    assert planner(*imported, "--replace").code == 0
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == first


def test_one_record_kept_by_hand_is_replaced_only_when_asked_for(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "EX-01-001.yaml"
    path.write_text(KEPT)
    imported = ("import", "sv", SV, "--participant", "EX-01-001", "-o", str(path))
    refused = planner(*imported)
    assert refused.code == 2
    assert "already exists; nothing was changed" in refused.err
    assert path.read_text() == KEPT
    assert planner(*imported, "--replace").code == 0
    assert planner(*imported).code == 0  # and once more says the same
    assert path.read_text() != KEPT


def test_of_several_records_all_appear_or_none(planner: Planner, tmp_path: Path) -> None:
    (tmp_path / "EX-01-002.yaml").mkdir()
    for options in ((), ("--replace",)):
        result = planner("import", "sv", SV, "-o", str(tmp_path), *options)
        assert result.code == 2
        assert "EX-01-002.yaml" in result.err
        assert os.listdir(tmp_path) == ["EX-01-002.yaml"]


def test_help_of_the_group_and_of_its_command(planner: Planner) -> None:
    assert "sv" in planner("import", "--help").out
    assert "--visits" in planner("import", "sv", "--help").out
