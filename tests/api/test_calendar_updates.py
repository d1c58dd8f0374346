"""`update_calendar`: what `planner export` does, as one call that says what it did."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Planner

import planner
from planner.api.calendar_updates import CalendarOptions, Level, Rendering, UpdateWatch
from planner.errors import AnswerNo
from planner.timeline.record import RecordFile

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORDS = EXAMPLES / "records"
SITE = EXAMPLES / "site-everyday.yaml"
START = date(2027, 1, 11)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ({"start": START, "site": SITE}, ["--start", "2027-01-11", "--site", str(SITE)]),
        (
            {"participants": EXAMPLES / "cohort.csv", "stamp": "2026-12-01"},
            ["--participants", str(EXAMPLES / "cohort.csv"), "--stamp", "2026-12-01"],
        ),
        (
            {"actuals": RECORDS, "today": "2027-02-02", "verify": True},
            ["--records", str(RECORDS), "--today", "2027-02-02", "--verify"],
        ),
        (
            {"start": START, "split": "role", "options": CalendarOptions(level=Level.STAFF)},
            ["--start", "2027-01-11", "--split", "role", "--level", "staff"],
        ),
        (
            {"start": START, "options": CalendarOptions(rendering=Rendering.CALDAV)},
            ["--start", "2027-01-11", "--rendering", "caldav"],
        ),
    ],
)
def test_it_writes_and_says_what_the_command_does(
    planner: Planner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: dict[str, Any],
    options: list[str],
) -> None:
    from planner import update_calendar

    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "ours")
    result = update_calendar("mapp1", "out", **arguments)
    monkeypatch.chdir(tmp_path / "theirs")
    said = planner("export", "mapp1", "-o", "out", *options)
    assert said.code == 0, said.err
    ours = contents(tmp_path / "ours")
    assert ours == contents(tmp_path / "theirs")
    assert len(ours) == result.calendars + 1
    lines = "\n".join([*result.sentences(), *result.undated])
    assert said.err.rstrip("\n") == lines.replace("previous=OLD.ics", "--previous OLD.ics")


def test_a_second_call_updates_and_counts_what_has_changed(tmp_path: Path) -> None:
    output = tmp_path / "p.ics"
    first = planner.update_calendar("mapp1", output, START)
    assert (first.changes, first.calendars, first.unplaced) == (None, 1, {})
    assert first.events > 10
    same = planner.update_calendar("mapp1", output, START)
    assert same.changes == (0, 0, 0)
    moved = planner.update_calendar("mapp1", output, "2027-01-18")
    assert moved.changes is not None
    assert moved.changes.changed == moved.events
    fewer = planner.update_calendar(
        "mapp1", output, "2027-01-18", options=CalendarOptions(windows=False)
    )
    assert fewer.changes is not None
    assert fewer.changes.cancelled > 0


def test_messages_are_written_beside_the_calendar(tmp_path: Path) -> None:
    result = planner.update_calendar(
        "mapp1",
        tmp_path / "p.ics",
        actuals=RECORDS / "P0001.csv",
        today="2027-02-02",
        messages=tmp_path / "messages",
        attendee="mailto:visits@study.invalid",
    )
    assert result.messages
    written = [path.suffix for path in (tmp_path / "messages").iterdir()]
    assert written.count(".ics") == written.count(".eml") == result.messages
    assert result.message_folder == str(tmp_path / "messages")
    assert result.first_revision


def test_a_record_built_in_code_is_a_participant_under_way(tmp_path: Path) -> None:
    record = planner.load_record(RECORDS / "P0001.csv")
    for name, actuals in (("a", record), ("b", RECORDS / "P0001.csv")):
        planner.update_calendar(
            "mapp1", tmp_path / name, actuals=actuals, today="2027-02-02", keep_state=False
        )
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_an_open_file_takes_one_calendar_and_nothing_is_remembered(tmp_path: Path) -> None:
    file = io.BytesIO()
    result = planner.update_calendar("mapp1", file, START)
    planner.update_calendar("mapp1", tmp_path / "p.ics", START)
    assert file.getvalue() == (tmp_path / "p.ics").read_bytes()
    assert (result.output, list(result.sentences())) == (None, [])


def test_the_stamp_is_that_of_the_options_unless_one_is_given() -> None:
    def stamps(**arguments: Any) -> set[str]:
        file = io.BytesIO()
        planner.update_calendar("mapp1", file, START, **arguments)
        lines = file.getvalue().decode().splitlines()
        return {line.partition(":")[2] for line in lines if line.startswith("DTSTAMP")}

    options = CalendarOptions(stamp=datetime(2026, 11, 21, tzinfo=UTC))
    assert planner.load("mapp1").protocol.date is None
    assert stamps() == {"20000101T000000Z"}
    assert stamps(options=options) == {"20261121T000000Z"}
    assert stamps(options=options, stamp=date(2026, 12, 1)) == {"20261201T000000Z"}


def test_whoever_watches_is_told_of_everybody_and_of_former_exports(tmp_path: Path) -> None:
    class Lines(UpdateWatch):
        def __init__(self) -> None:
            self.lines: list[str] = []

        def read(self, record: RecordFile) -> None:
            self.lines.append(f"read {Path(record.path).name} {record.record.participant}")

        def note(self, text: str) -> None:
            self.lines.append(text)

    watch, output = Lines(), tmp_path / "all.ics"
    planner.update_calendar("mapp1", output, actuals=RECORDS, today="2027-02-02", watch=watch)
    assert watch.lines[0] == "read P0001.csv P0001"
    (tmp_path / "all.ics.state").unlink()
    again = Lines()
    planner.update_calendar("mapp1", output, actuals=RECORDS, today="2027-02-02", watch=again)
    assert [line for line in again.lines if "read" not in line] == [
        f"{output}: has no state beside it; its own revisions count"
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "give start for one participant, participants for many, or actuals for records"),
        ({"start": START, "today": START}, "today: has no effect without a record"),
        (
            {"actuals": RECORDS, "participant": "P1"},
            "participant: the record of actuals gives that",
        ),
        ({"participants": "c.csv", "arm": "a"}, "leave participant and arm out"),
        ({"start": START, "split": "role", "verify": True}, "leave split and caldav out"),
        ({"start": START, "split": "rule"}, r"split: `rule` is none of .*did you mean `role`"),
        ({"start": START, "messages": "m"}, "messages and attendee need each other"),
        ({"start": START, "keep_state": False, "state": "s"}, "keep_state=False keeps no state"),
        ({"start": "soon"}, "^start: "),
        ({"start": START, "key_file": "none"}, "^none: no such file"),
        ({"start": START, "previous": "p", "split": "role"}, "^previous is one calendar"),
    ],
)
def test_what_does_not_go_together_is_refused_in_the_words_of_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(planner.PlannerError, match=message) as refused:
        planner.update_calendar("mapp1", "out", **arguments)
    assert "--" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_an_output_is_a_path_or_an_open_file() -> None:
    with pytest.raises(planner.PlannerError, match="output: a path is wanted, not int"):
        planner.update_calendar("mapp1", 5, START)  # type: ignore[arg-type]


def test_a_list_of_nobody_is_no_calendar(tmp_path: Path) -> None:
    (tmp_path / "nobody.csv").write_text("code,start\n", encoding="utf-8")
    with pytest.raises(AnswerNo, match="there are no participants"):
        planner.update_calendar("mapp1", tmp_path / "p.ics", participants=tmp_path / "nobody.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["nobody.csv"]


SWAPPED = """format: 1
id: small
title: Small
version: "1"
status: illustrative
design: open-label
anchor: v0
epochs:
  - id: all
    visits:
      - {{id: v0}}
      - {{id: call, after: {{visit: v0, within: 1d..30d, target: {call}d}}}}
      - {{id: visit, after: {{visit: v0, within: 1d..30d, target: 10d}}}}
"""


def test_visits_with_another_number_are_counted_once(tmp_path: Path) -> None:
    output, study = tmp_path / "p.ics", tmp_path / "small.yaml"
    study.write_text(SWAPPED.format(call=5))
    planner.update_calendar(study, output, START)
    uids = [line for line in output.read_bytes().split(b"\r\n") if line.startswith(b"UID:")]
    study.write_text(SWAPPED.format(call=12))
    second = planner.update_calendar(study, output, START)
    # Visit and window of each of the two that changed places; and `v0`, which relates to one.
    assert (second.changes, second.renumbered) == ((0, 5, 0), 4)
    (sentence,) = [sentence for sentence in second.sentences() if "number" in sentence]
    assert sentence == (
        "4 events changed the number of the visit in the title: visits of all arms are numbered"
        " in the order of their targets; each event is still that of the same visit"
    )
    again = [line for line in output.read_bytes().split(b"\r\n") if line.startswith(b"UID:")]
    assert sorted(again) == sorted(uids)
    third = planner.update_calendar(study, output, START)
    assert (third.changes, third.renumbered) == ((0, 0, 0), 0)
    assert not [sentence for sentence in third.sentences() if "number" in sentence]
