"""`planner record` and `planner withdraw`: the answer first, then one whole change, or none."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer")

from cli.records_places import EXAMPLES, new_place, record_in
from cli.records_places import place as place

from planner.api.recording import record_visit, write_change
from planner.store import StoreConflict, opened_place

Planner = Callable[..., Any]
TODAY = ("--today", "2027-02-04")


@pytest.fixture
def change(planner: Planner, place: str) -> Callable[..., Any]:
    """Runs a command on the place of the records."""

    def run(*arguments: str) -> Any:
        return planner(*arguments, "--records", place, "--who", "anna")

    return run


def test_a_visit_that_took_place_as_booked_is_written_when_confirmed(
    change: Callable[..., Any], place: str
) -> None:
    before = record_in(place, "P0002")
    shown = change("record", "P0002", "V06", "occurred", *TODAY)
    assert shown.code == 1
    assert "mapp1: what if V06 Dosing session (1) took place on 2027-02-03T09:00?" in shown.out
    assert "No file has been changed." in shown.out
    assert "nothing has been written; add --yes to write this change" in shown.err
    assert record_in(place, "P0002") == before
    done = change("record", "P0002", "V06", "occurred", *TODAY, "--until", "2027-02-03T18:00",
                  "--note", "went well", "--yes")  # fmt: skip
    assert done.code == 0
    assert f"Written to {place}." in done.out or "Written to postgresql://" in done.out
    line = record_in(place, "P0002").visits[-1]
    assert (line.name, line.status, str(line.start), str(line.end), line.note) == (
        "dosing-1", "occurred", "2027-02-03T09:00", "2027-02-03T18:00", "went well",
    )  # fmt: skip


def test_a_late_session_shows_what_moves_and_by_how_much_it_is_late(
    change: Callable[..., Any], place: str
) -> None:
    result = change("record", "P0002", "dosing-1", "occurred", "--on", "2027-03-20", "--today",
                    "2027-03-20", "--reason", "ill", "--format", "json", "--yes")  # fmt: skip
    answer = json.loads(result.out)
    assert result.code == 0
    assert answer["written"] is not None
    first = answer["changes"][0]
    assert (first["id"], first["after"]["status"]) == ("dosing-1", "occurred")
    assert first["after"]["deviation"]
    assert any(one["days"] > 30 for one in answer["changes"])
    assert record_in(place, "P0002").visits[-1].reason == "ill"


def test_what_is_booked_or_past_changes_with_a_reason_only(
    change: Callable[..., Any], place: str
) -> None:
    before = record_in(place, "P0002")
    for visit, status, name in (
        ("dosing-1", "missed", "dosing-1 is recorded as booked"),
        ("baseline", "missed", "baseline is recorded as occurred"),
    ):
        result = change("record", "P0002", visit, status, *TODAY, "--yes")
        assert result.code == 2
        assert f"P0002: {name}, and a change of that needs a reason; give --reason" in result.err
    assert record_in(place, "P0002") == before
    result = change("record", "P0002", "dosing-1", "missed", *TODAY, "--yes", "--reason", "ill")
    assert result.code == 0
    line = record_in(place, "P0002").visits[-1]
    assert (line.status, str(line.start), line.reason) == ("missed", "2027-02-03T09:00", "ill")
    assert len(record_in(place, "P0002").visits) == len(before.visits)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dosing-1", "occurred", "--on", "2027-02-05"), "--on: 2027-02-05 is after --today"),
        (("integration-a-1", "occurred"), "--on: `integration-a-1` has no appointment"),
        (("integration-a-1", "booked"), "--on: `integration-a-1` has no appointment"),
        (("integration-a-1", "booked", "--on", "2027-02-01"), "is before --today 2027-02-04"),
        (("integration-a-1", "missed", "--on", "2027-02-05"), "is after --today 2027-02-04"),
        (("dosing-7", "occurred"), "VISIT: `dosing-7` is not a visit of this course"),
        (("dosing-1", "done"), "STATUS: `done` is none of occurred, missed, cancelled, booked"),
        (("dosing-1", "occurred", "--on", "soon"), "--on: `soon` is not a date"),
        (
            ("dosing-1", "occurred", "--until", "2027-02-01"),
            "`dosing-1`: `end:` is before `start:`",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    planner: Planner, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    place = next(new_place("folder", tmp_path, EXAMPLES))
    before = record_in(place, "P0002")
    result = planner("record", "P0002", *arguments, "--records", place, *TODAY, "--yes")
    assert result.code == 2
    assert message in result.err
    assert record_in(place, "P0002") == before


def test_participants_and_places_that_are_not_there_are_named(
    planner: Planner, change: Callable[..., Any]
) -> None:
    result = change("record", "P0009", "dosing-1", "occurred", *TODAY)
    assert result.code == 2
    assert "P0009" in result.err
    result = planner("record", "P0002", "dosing-1", "occurred", *TODAY)
    assert result.code == 2
    assert "--records: name the folder or the store of the records" in result.err


def test_of_two_who_answer_first_and_write_then_one_is_told(place: str) -> None:
    first, second = (
        record_visit(place, "P0002", "dosing-1", "occurred", today="2027-02-04", note=note)
        for note in ("one", "two")
    )
    write_change(first, who="anna")
    with pytest.raises(StoreConflict, match="P0002"):
        write_change(second, who="ben")
    assert record_in(place, "P0002").visits[-1].note == "one"


@pytest.mark.parametrize(("says", "is_written"), [("y\n", True), ("n\n", False)])
def test_somebody_at_a_terminal_is_asked(
    change: Callable[..., Any],
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    says: str,
    is_written: bool,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(says))
    result = change("record", "P0002", "dosing-1", "occurred", *TODAY)
    assert result.code == (0 if is_written else 1)
    assert "Write this change?" in result.err
    assert ("written to " in result.err) == is_written
    assert (record_in(place, "P0002").visits[-1].status == "occurred") == is_written


def test_a_withdrawal_calls_off_what_is_to_come_and_has_a_reason(
    change: Callable[..., Any], place: str
) -> None:
    arguments = ("withdraw", "P0002", "--on", "2027-02-02", "--reason", "moved away")
    shown = change(*arguments, *TODAY)
    assert shown.code == 1
    assert "mapp1: what if withdrawn on 2027-02-02? (P0002)" in shown.out
    assert "cancelled" in shown.out
    assert record_in(place, "P0002").withdrawn is None
    assert change(*arguments, *TODAY, "--yes").code == 0
    assert str(record_in(place, "P0002").withdrawn) == "2027-02-02"
    again = change(*arguments, *TODAY, "--yes")
    assert again.code == 2
    assert "P0002: has withdrawn on 2027-02-02 already" in again.err
    late = change("withdraw", "P0001", "--on", "2027-02-05", "--reason", "x", *TODAY)
    assert "--on: 2027-02-05 is after --today 2027-02-04" in late.err


def test_the_trail_of_a_store_has_who_and_why(planner: Planner, tmp_path: Path) -> None:
    place = next(new_place("sqlite", tmp_path, EXAMPLES))
    arguments = ("--records", place, *TODAY, "--who", "ben", "--reason", "fever", "--yes")
    assert planner("record", "P0002", "dosing-1", "cancelled", *arguments).code == 0
    rows = json.loads(planner("store", "history", place, "--by", "ben", "--format", "json").out)
    (row,) = rows["lines"]
    assert row["cells"][2:5] == ["ben", "P0002", "dosing-1"]
    assert row["cells"][-1] == "fever"
    with opened_place([place]) as opened:
        assert opened.record("P0002").version == 2


def test_records_protocol_and_site_come_from_the_defaults(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLANNER_CONFIG")
    monkeypatch.chdir(tmp_path)
    next(new_place("folder", tmp_path, EXAMPLES))
    (tmp_path / "planner.toml").write_text('records = "records"\nprotocols = ["mapp1", "comp001"]')
    result = planner("record", "P0002", "dosing-1", "occurred", *TODAY, "--yes")
    assert result.code == 0
    assert result.err == "planner.toml: --records records, --protocol mapp1 comp001\n"
    assert record_in(os.path.join(tmp_path, "records"), "P0002").visits[-1].status == "occurred"


@pytest.mark.parametrize("role", ["rater", "monitor"])
def test_who_only_reads_by_the_defaults_writes_nothing(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.delenv("PLANNER_CONFIG")
    monkeypatch.chdir(tmp_path)
    place = next(new_place("sqlite", tmp_path, EXAMPLES))
    (tmp_path / "planner.toml").write_text(f'records = "study.db"\nrole = "{role}"\n')
    for arguments in (
        ("record", "P0002", "dosing-1", "occurred", "--yes"),
        ("withdraw", "P0002", "--on", "2027-02-02", "--reason", "x", "--yes"),
        ("enrol", "P0003", "--protocol", "mapp1", "--start", "2027-03-01", "--yes"),
        ("whatif", "mapp1", "--records", "study.db:P0002", "--miss", "dosing-1", "--reason", "x",
         "--apply"),
    ):  # fmt: skip
        result = planner(*arguments, *TODAY)
        assert result.code == 2
        assert f"is not for the role {role}" in result.err
    if role == "rater":
        sheet = planner("store", "export", "study.db", "-o", "sheet.csv")
        assert sheet.code == 2
        assert "one sheet is not for a rater" in sheet.err
    with opened_place([place]) as opened:
        assert {stored.version for stored in opened.records()} == {1}
