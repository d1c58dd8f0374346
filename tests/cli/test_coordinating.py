"""`planner deviations` and `planner due`, as a coordinator uses them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
NOTICE = "Research and education only"
HEAD = "visit,occurrence,status,start,end,reason,note\n"
LATE = (
    HEAD + "screening,,occurred,2026-12-14,,,\n"
    "baseline,,occurred,2027-01-11,,,\n"
    "dosing,1,occurred,2027-02-10T09:00,2027-02-11T09:00,=cmd()|flu,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records of three participants: two of one trial, one of another."""
    people = tmp_path / "people"
    people.mkdir()
    (people / "P0001.csv").write_text(LATE)
    (people / "P0002.yaml").write_text(
        "participant: P0002\nprotocol: mapp1\nstart: 2027-02-22\nvisits:\n"
        "  - {visit: screening, status: occurred, start: 2027-01-25}\n"
    )
    (people / "P0003.yaml").write_text(
        "participant: P0003\nprotocol: psilodep-1\nstart: 2027-02-10\nvisits: []\n"
    )
    return people


def test_deviations_give_the_rule_and_its_line_and_end_with_1(
    planner: Planner, folder: Path
) -> None:
    result = planner("deviations", "mapp1", "--records", str(folder / "P0001.csv"))
    assert result.code == 1
    assert "late by 9 days" in result.out
    assert "dosing-1 must be 1w..3w after baseline" in result.out
    assert "mapp1.yaml" in result.out
    assert result.out.rstrip().endswith("not advice to anyone.")


def test_no_deviation_ends_with_0(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "P1.csv"
    path.write_text(HEAD + "screening,,occurred,2026-12-14,,,\n")
    result = planner("deviations", "mapp1", "--records", str(path))
    assert (result.code, "no protocol deviations in 1 record" in result.out) == (0, True)


def test_deviations_as_json(planner: Planner, folder: Path) -> None:
    result = planner(
        "deviations", "mapp1", "--records", str(folder / "P0001.csv"), "--format", "json"
    )
    data = json.loads(result.out)
    assert data["format"] == 1
    assert NOTICE in data["notice"]
    late = next(one for one in data["deviations"] if one["kind"] == "late")
    assert (late["participant"], late["visit"], late["days"]) == ("P0001", "dosing-1", 9)
    assert late["window"] == {"earliest": "2027-01-18", "latest": "2027-02-01"}
    path, _, line = late["source"].rpartition(":")
    assert "within: 1w..3w" in Path(path).read_text().split("\n")[int(line) - 1]


def test_a_reason_that_is_a_formula_is_disarmed(planner: Planner, folder: Path) -> None:
    result = planner(
        "deviations", "mapp1", "--records", str(folder / "P0001.csv"), "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert "'=cmd()|flu" in [row["reason"] for row in rows]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_markup_and_control_characters_of_records_are_harmless(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "P1.yaml"
    path.write_text(
        "participant: P1\nvisits:\n  - {visit: baseline, status: missed, start: 2027-01-11,"
        ' reason: "<script>|x"}\n'
    )
    for form in ("table", "markdown", "csv", "json"):
        result = planner("deviations", "mapp1", "--records", str(path), "--format", form)
        assert result.code == 1
        assert "\x1b" not in result.out
        if form == "markdown":
            assert "<script>" not in result.out


def test_several_records_and_what_a_shell_makes_of_a_star(planner: Planner, folder: Path) -> None:
    one, two = str(folder / "P0001.csv"), str(folder / "P0002.yaml")
    starred = planner("deviations", "mapp1", "--records", one, two)
    repeated = planner("deviations", "mapp1", "--records", one, "--records", two)
    assert starred.out == repeated.out
    assert "in 2 records" in starred.out


def test_a_record_of_another_protocol_stops_no_other(planner: Planner, folder: Path) -> None:
    result = planner("deviations", "mapp1", "--records", str(folder))
    assert result.code == 1
    assert "P0003.yaml: this record is of `psilodep-1`, not of `mapp1`" in result.err
    assert "late by 9 days" in result.out


def test_overdue_is_told_only_with_a_date_for_today(planner: Planner, folder: Path) -> None:
    arguments = ("deviations", "mapp1", "--records", str(folder / "P0001.csv"))
    assert "overdue" not in planner(*arguments).out
    assert "overdue by" in planner(*arguments, "--today", "2027-06-01").out


def test_due_reads_each_record_s_own_protocol(planner: Planner, folder: Path) -> None:
    result = planner(
        "due", "--records", str(folder), "--protocol", "mapp1", "--today", "2027-02-08",
        "--to", "2027-02-28", "--format", "json",
    )  # fmt: skip
    data = json.loads(result.out)
    assert (data["from"], data["to"], data["today"]) == ("2027-02-08", "2027-02-28", "2027-02-08")
    assert data["records"] == 3
    assert {one["protocol"] for one in data["due"]} == {"mapp1", "psilodep-1"}
    assert data["due"][0]["status"] == "overdue"
    assert NOTICE in data["notice"]


def test_a_record_that_names_no_protocol_needs_one(planner: Planner, folder: Path) -> None:
    result = planner("due", "--records", str(folder), "--from", "2027-02-08", "--to", "2027-02-28")
    assert result.code == 1
    assert "P0001.csv: names no `protocol`; add `--protocol PROTOCOL`" in result.err
    assert "P0002" in result.out


def test_a_protocol_that_is_not_in_the_library_is_given_as_a_file(
    planner: Planner, tmp_path: Path
) -> None:
    study = (ROOT / "protocols" / "mapp1.yaml").read_text().replace("id: mapp1", "id: own", 1)
    (tmp_path / "own.yaml").write_text(study)
    record = tmp_path / "P9.yaml"
    record.write_text("participant: P9\nprotocol: own\nstart: 2027-02-10\nvisits: []\n")
    dates = ("--from", "2027-02-08", "--to", "2027-02-20")
    refused = planner("due", "--records", str(record), *dates)
    assert refused.code == 2
    assert "`own` is not a protocol of the library" in refused.err
    assert (
        planner(
            "due", "--records", str(record), *dates, "--protocol", str(tmp_path / "own.yaml")
        ).code
        < 2
    )


def test_an_absence_that_breaks_something_ends_with_1(planner: Planner, folder: Path) -> None:
    arguments = (
        "due", "--records", str(folder / "P0002.yaml"), "--from", "2027-02-15",
        "--to", "2027-02-26",
        "--site", BERLIN,
    )  # fmt: skip
    result = planner(*arguments, "--away", "2027-03-01..2027-03-19")
    assert "If the site is closed on 2027-03-01..2027-03-19, out of window: " in result.out
    data = json.loads(
        planner(*arguments, "--away", "2027-03-01..2027-03-03", "--format", "json").out
    )
    assert data["without"]["dates"] == [{"from": "2027-03-01", "to": "2027-03-03"}]


def test_an_absence_stays_in_one_table_of_80_columns(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    records = Path(BERLIN).with_name("records")
    result = planner(
        "due", "--records", str(records), "--protocol", "mapp1", "--today", "2027-02-08",
        "--to", "2027-02-28",
        "--away", "2027-02-09..2027-02-26",
    )  # fmt: skip
    lines = result.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("Left  ") for line in lines) == 1
    assert "; was" in result.out


def test_due_as_csv_has_one_value_a_cell(planner: Planner, folder: Path) -> None:
    result = planner(
        "due", "--records", str(folder), "--protocol", "mapp1", "--from", "2027-02-08",
        "--to", "2027-02-28",
        "--format", "csv", "--away", "2027-02-22..2027-02-26",
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert {row["list"] for row in rows} <= {"due", "lost", "moved"}
    assert all(None not in row for row in rows)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "2027-02-28", "--to", "2027-02-08"), "--to: 2027-02-08 is before"),
        (("--from", "soon", "--to", "2027-02-08"), "--from: `soon` is not a date"),
        (
            ("--from", "2027-02-01", "--to", "2027-02-08", "--away", "2027-03-07..2027-03-01"),
            "--away: 2027-03-01 is before 2027-03-07",
        ),
        (
            ("--from", "2027-02-01", "--to", "2027-02-08", "--format", "jsn"),
            "did you mean `json`?",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(
    planner: Planner, folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = planner("due", "--records", str(folder), *arguments)
    assert result.code == 2
    assert message in result.err


def test_a_folder_without_records_is_said(planner: Planner, tmp_path: Path) -> None:
    result = planner(
        "due", "--records", str(tmp_path), "--from", "2027-02-01", "--to", "2027-02-08"
    )
    assert result.code == 2
    assert "holds no record" in result.err
    nothing = planner("deviations", "mapp1")
    assert nothing.code == 2
    assert "--records: name" in nothing.err


def test_both_write_files(planner: Planner, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.md"
    result = planner(
        "due", "--records", str(folder / "P0002.yaml"), "--from", "2027-02-15",
        "--to", "2027-02-26",
        "--format", "markdown", "-o", str(out),
    )  # fmt: skip
    assert result.out == ""
    assert out.read_text().startswith("## Due from 2027-02-15 to 2027-02-26")
    assert NOTICE in out.read_text()


def test_what_is_left_out_is_named_with_its_reason_and_not_counted(
    planner: Planner, tmp_path: Path
) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    lines = {
        "P1": "visits: [{visit: baseline, status: occurred, start: 2027-01-11}]",
        "P2": "protocol: another",
        "P3": "visits: [{visit: nowhere, status: occurred, start: 2027-01-11}]",
        "P4": "visits: []",
    }
    for code, line in lines.items():
        text = f"participant: {code}\n{line}\n"
        (folder / f"{code.lower()}.yaml").write_text(text, encoding="utf-8")
    (folder / "broken.yaml").write_text("participant: [", encoding="utf-8")
    protocol = str(ROOT / "examples" / "two-sessions.yaml")

    result = planner("deviations", protocol, "--records", str(folder))
    assert result.code == 1
    assert result.out.startswith("two-sessions: no protocol deviations in 2 records, 3 left out")
    for code, reason in (("P2", "this record is of `another`"), ("P3", "`nowhere` is not a visit")):
        assert f"error: {code}: " in result.err
        assert reason in result.err
        assert f"Left out: {code}: " in result.out
    result = planner("deviations", protocol, "--records", str(folder), "--format", "json")
    data = json.loads(result.out)
    assert data["records"] == 2
    assert [one["record"] for one in data["left_out"]][1:] == ["P2", "P3"]

    dates = ("--from", "2027-01-12", "--to", "2027-01-31")
    result = planner(
        "due", "--records", str(folder), "--protocol", protocol, *dates, "--format", "json"
    )
    assert result.code == 1
    data = json.loads(result.out)
    assert data["records"] == 1
    assert [one["record"] for one in data["left_out"]][1:] == ["P2", "P3", "P4"]
    assert "P4: " in result.err
    assert "nothing has a date yet" in result.err


def test_a_record_that_due_can_date_timeline_and_export_can_date_too(
    planner: Planner, tmp_path: Path
) -> None:
    record = tmp_path / "P1.yaml"
    record.write_text(
        "participant: P1\nvisits: [{visit: consent, status: occurred, start: 2027-01-11}]\n",
        encoding="utf-8",
    )
    protocol = str(ROOT / "examples" / "two-sessions.yaml")
    dates = ("--from", "2027-01-12", "--to", "2027-12-31")
    due = planner(
        "due", "--records", str(record), "--protocol", protocol, *dates, "--format", "json"
    )
    planned = {one["visit"]: one["planned"] for one in json.loads(due.out)["due"]}
    arguments = ("--records", str(record), "--today", "2027-01-12")
    timeline = planner("timeline", protocol, *arguments, "--format", "json")
    assert timeline.code == 0
    starts = {one["id"]: one["start"] for one in json.loads(timeline.out)["visits"]}
    assert planned
    assert planned == {name: starts[name] for name in planned}
    calendar = planner("export", protocol, *arguments, "--no-state", "--no-windows")
    assert calendar.code == 0
    assert calendar.out.count("BEGIN:VEVENT") >= len(planned)


URGENT = ("due", "--records", str(ROOT / "examples" / "records"), "--protocol", "mapp1",
          "--site", BERLIN, "--from", "2027-02-02", "--to", "2027-02-17",
          "--today", "2027-02-05")  # fmt: skip


def line_of(text: str, participant: str, visit: str) -> str:
    return next(line for line in text.split("\n") if participant in line and f"{visit} " in line)


def test_overdue_late_and_today_are_said_in_words(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    text = planner(*URGENT).out
    late = "V07 First integration session (1)"
    assert line_of(text, "P0002", late).endswith("overdue by 1 day")
    assert line_of(text, "P0002", "V06 Dosing session (1)").endswith("unrecorded, 2 days ago")
    assert line_of(text, "P0001", "V08 Second integration session (1)").endswith("booked, today")
    assert line_of(text, "P0001", "V11 Dosing session (2)").endswith("planned")
    assert f"P0002 {late}: 1 day late: integration-a-1 must be 1d after dosing-1." in text


def test_overdue_late_and_today_have_colours_on_a_terminal(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    plain = planner(*URGENT).out
    assert "\x1b[" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = planner(*URGENT).out
    assert "\x1b[1;31moverdue by 1 day\x1b[0m" in text
    assert "\x1b[31munrecorded, 2 days ago\x1b[0m" in text
    assert "\x1b[1;35mbooked, today\x1b[0m" in text
    assert "mplanned\x1b" not in text


@pytest.mark.parametrize("width", [80, 100, 200])
def test_dates_stay_on_one_line_and_the_status_beside_them(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = planner(*URGENT).out
    line = line_of(text, "P0001", "V08 Second")
    assert "Fri 2027-02-05" in line
    assert "02-03..02-10" in line
    assert "booked," in line
    assert max(map(len, text.split("\n"))) <= width


@pytest.mark.parametrize(
    "command",
    [
        ("timeline", "mapp1"),
        ("deviations", "mapp1"),
        ("due", "--protocol", "mapp1"),
        ("whatif", "mapp1", "--cancel", "dosing-2"),
        ("export", "mapp1", "--no-state", "-o", "OUT"),
    ],
)
def test_a_visit_that_took_place_after_today_is_told_with_its_line(
    planner: Planner, tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = tmp_path / "P1.csv"
    path.write_text(LATE)
    arguments = [str(tmp_path / "all.ics") if part == "OUT" else part for part in command]
    for today, warned in (("2027-01-20", True), ("2027-02-10", False)):
        result = planner(*arguments, "--records", str(path), "--today", today)
        text = " ".join(result.err.split())
        warning = f"warning: {path}:4: `dosing-1` is recorded as occurred on 2027-02-10, which is"
        assert (f"{warning} after today, 2027-01-20; check the date" in text) is warned
        assert "baseline" not in text.partition("warning")[2].partition(";")[0]


def test_deviations_without_today_tell_of_the_first_date_after_the_clocks(
    planner: Planner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("deviations", "mapp1", "--records", str(folder / "P0001.csv"))
    monkeypatch.setattr("planner.cli.clock.now", lambda: datetime(2026, 12, 15, tzinfo=UTC))
    (line,) = planner(*arguments).err.splitlines()
    assert "is recorded as occurred on 2027-01-11, which is after today, 2026-12-15" in line
    monkeypatch.setattr("planner.cli.clock.now", lambda: datetime(2028, 1, 1, tzinfo=UTC))
    assert planner(*arguments).err == ""
