"""Records as files: what is read, and where what cannot be read stands."""

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.api.records import read_records
from planner.errors import PlannerError
from planner.protocol.document import DocumentError
from planner.time.date import UnitError
from planner.timeline.record import COLUMNS, Actual, Moment, Record, read_fact, read_moment
from planner.timeline.record_reading import read_record, record_paths

Write = Callable[[str, str], str]

ROWS = [
    ("baseline", "", "occurred", "2027-01-11", "", "", "", ""),
    ("dosing", "1", "occurred", "2027-01-27T09:00", "2027-01-28T09:00", "phone", "", "calm, slept"),
    ("dosing", "2", "not applicable", "", "", "", "", ""),
    ("integration-a", "1", "Missed", "2027-01-29", "", "", "flu", ""),
    ("extra", "", "unscheduled", "2027-02-01T12:00+01:00", "", "", "headache", ""),
]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writes(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return writes


def problems(path: str) -> list[str]:
    """The problems of a file, without its path."""
    with pytest.raises(DocumentError) as error:
        read_record(path)
    return [line.removeprefix(f"{path}:") for line in str(error.value).split("\n")]


def as_csv(rows: list[tuple[str, ...]]) -> str:
    quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return "\n".join([",".join(COLUMNS), *quoted]) + "\n"


def as_dicts(rows: list[tuple[str, ...]]) -> list[dict[str, str]]:
    return [{name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell} for row in rows]


def test_csv_yaml_and_json_say_the_same(write: Write) -> None:
    data = {"participant": "P0001", "visits": as_dicts(ROWS)}
    yaml = ["participant: P0001", "visits:"]
    yaml += [f"  - {json.dumps(visit)}" for visit in as_dicts(ROWS)]
    files = [
        read_record(write("P0001.csv", as_csv(ROWS))),
        read_record(write("P0001.yaml", "\n".join(yaml))),
        read_record(write("P0001.json", json.dumps(data, indent=1))),
    ]
    assert files[0].record == files[1].record == files[2].record
    assert [visit.status for visit in files[0].record.visits] == [
        "occurred", "occurred", "not-applicable", "missed", "unscheduled",
    ]  # fmt: skip
    assert files[0].record.visits[1].end == Moment(date(2027, 1, 28), 9 * 60)
    assert files[0].record.visits[4].start == Moment(date(2027, 2, 1), 12 * 60, 60)
    assert files[0].lines == (2, 3, 4, 5, 6)
    assert files[1].lines == (3, 4, 5, 6, 7)


def test_a_csv_needs_only_the_columns_it_uses_in_any_order(write: Write) -> None:
    text = "\ufeffStatus, VISIT\r\n\r\nplanned,baseline\r\nplanned\r\n"
    assert problems(write("P0001.csv", text)) == ["4:1: `visit` is missing"]
    file = read_record(write("P0001.csv", text.replace("\r\nplanned\r\n", "\r\n")))
    assert [(one.visit, one.status) for one in file.record.visits] == [("baseline", "planned")]
    assert file.record.participant == "P0001"


def test_every_mistake_in_a_csv_is_told_with_line_and_column(write: Write) -> None:
    text = (
        "visit,status,start,note\n"
        '"dosing, one",occured,2027-01-32,"a\nb"\n'
        "baseline,missed,11/1/2027,x,y\n"
        'x,"planned",2027-01-11T9:00\n'
        "baseline,occurred\n"
    )
    assert problems(write("P0001.csv", text)) == [
        (
            "2:15: `status` cannot be `occured`; allowed: `planned`, `booked`, `occurred`,"
            " `missed`, `cancelled`, `not-applicable`, `unscheduled`, `failed` (did you mean"
            " `occurred`?)"
        ),
        "2:23: `start`: `2027-01-32`: there is no 32 January 2027",
        "4:1: 5 cells, the first line names 4 columns",
        (
            "4:17: `start`: `11/1/2027` is not a date; write `2027-01-11` or `2027-11-01`,"
            " whichever"
            " it is"
        ),
        (
            "5:13: `start`: `2027-01-11T9:00` is not a date; write `2027-01-11`, or"
            " `2027-01-11T09:00`"
            " with the time"
        ),
        "6:1: `visits`: a visit that is `occurred` has a `start:`",
    ]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_what_a_spreadsheet_of_another_country_saves_is_read(write: Write, sign: str) -> None:
    text = (
        "\ufeffvisit;occurrence;status;start;end;reason;note\r\n"
        "baseline;;occurred;11.01.2027 9:30:00;;;\r\n"
        'dosing;1;booked;1.2.2027;2.2.2027;;"late; by phone"\r\n'
    ).replace(";", sign)
    one, other = read_record(write("P0001.csv", text)).record.visits
    assert (one.visit, str(one.start)) == ("baseline", "2027-01-11T09:30")
    assert (str(other.start), str(other.end), other.occurrence) == ("2027-02-01", "2027-02-02", 1)
    assert other.note == "late; by phone".replace(";", sign)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("1:1: no line names the columns: "
               "visit,occurrence,status,start,end,mode,reason,note")]),
        ("visit,status,visit\n", ["1:1: column `visit` stands twice",
                                  "1:14: column `visit` stands twice"]),
        ("visit,stauts\n", ["1:7: unknown column `stauts` (did you mean `status`?)"]),
        ("visit|status\n", [("1:1: the columns are separated by bars (separate the columns"
                                 " with commas; allowed: visit, occurrence, status, start, end,"
                                 " mode, reason, note)")]),
        ("visit;stauts\n", ["1:7: unknown column `stauts` (did you mean `status`?)"]),
        ("visit;status;start\nbaseline;occurred;13/14/2027\n",
            [("2:19: `start`: `13/14/2027` is not a date; write `2027-01-11`, or `2027-01-11T09:00`"
             " with the time")]),
        ("visit,start\n", ["1:1: column `status` is missing"]),
        ('visit,status\n"a,b\n', ["2:1: not CSV: unexpected end of data"]),
        ("visit,status\na\x00b,planned\n", ["2:2: control character U+0000 in the file"]),
        ("visit,status\na,planned\x1b[31m\n", ["2:10: control character U+001B in the file"]),
    ],
)  # fmt: skip
def test_a_csv_that_is_none_is_told(write: Write, text: str, expected: list[str]) -> None:
    assert problems(write("P0001.csv", text)) == expected


BAD = """\
participant: John Smith
protokoll: mapp1
start: 2027-02-30
facts: {score: [1], Bad Name: true}
gates: {taper: soon}
visits:
  - {visit: dosing, occurrence: 0, status: planned}
  - {visit: dosing, status: occurred, start: 2027-01-11, end: 2027-01-10}
  - {visit: dosing, status: occurred, start: 2027-01-11T09:00, end: 2027-01-11T08:59}
  - {visit: dosing, status: missed, end: 2027-01-10, resaon: flu}
  - {visit: dosing, status: unscheduled, start: "2027-01-11T09:00+19:00"}
  - nothing
  - {visit: dosing, visit: baseline, status: planned}
"""


def test_every_mistake_in_a_yaml_record_is_told_at_once(write: Write) -> None:
    found = problems(write("P0001.yaml", BAD))
    assert [line.split(": ")[0] for line in found] == [
        "1:14", "2:1", "3:8", "4:16", "4:21", "5:16", "7:33", "8:5", "9:5", "10:54",
        "11:49", "12:5", "13:21",
    ]  # fmt: skip
    assert "has spaces, as names do" in found[0]
    assert "did you mean `protocol`?" in found[1]
    assert "no 30 February" in found[2]
    assert "`end:` is before `start:`" in found[7]
    assert "did you mean `reason`?" in found[9]


@pytest.mark.parametrize("name", ["Smith", "a b", "j.smith@example.org", "1970-05-01"])
def test_a_file_is_not_named_after_a_person(write: Write, name: str) -> None:
    (found,) = problems(write(f"{name}.csv", "visit,status\n"))
    assert found.startswith(f"1:1: `participant`: `{name}`: ")


def test_a_folder_is_read_file_by_file_and_no_participant_twice(
    write: Write, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(PlannerError, match="holds no record"):
        record_paths(str(empty))
    write("P0002.csv", "visit,status\n")
    write("P0001.yaml", "participant: P0001\n")
    write("notes.txt", "no record")
    write(".hidden.yaml", "no record")
    assert [one.record.participant for one in read_records([str(tmp_path)])] == ["P0001", "P0002"]
    write("other.yml", "participant: P0002\n")
    with pytest.raises(PlannerError, match=r"other\.yml: participant `P0002` again, first in"):
        list(read_records((str(tmp_path),)))
    with pytest.raises(PlannerError, match="no such file"):
        list(read_records([str(tmp_path / "none.csv")]))


def test_a_record_of_thousands_of_lines_is_read(write: Write) -> None:
    rows = "".join(f"extra-{n},unscheduled,2027-01-11\n" for n in range(20_000))
    file = read_record(write("P0001.csv", "visit,status,start\n" + rows))
    assert len(file.record.visits) == 20_000
    assert file.line(19_999) == 20_001
    big = "visit,status\n" + "a" * (2 * 1024 * 1024)
    assert problems(write("P0002.csv", big)) == ["1:1: the file is over 2 MiB"]
    wide = "visit,status\n" + "a" * 200_000 + ",planned\n"
    (found,) = problems(write("P0003.csv", wide))
    assert found.startswith("2:1: a cell is longer than 100,000 letters")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-11", Moment(date(2027, 1, 11))),
        (" 2027-01-11T09:05 ", Moment(date(2027, 1, 11), 545)),
        ("2027-01-11 09:05:59", Moment(date(2027, 1, 11), 545)),
        ("2027-01-11T09:05:59.125Z", Moment(date(2027, 1, 11), 545, 0)),
        ("2027-01-11T09:05+05:45", Moment(date(2027, 1, 11), 545, 345)),
        ("2027-01-11T00:00-0930", Moment(date(2027, 1, 11), 0, -570)),
    ],
)
def test_a_moment_is_a_date_with_or_without_a_time(text: str, moment: Moment) -> None:
    assert read_moment(text) == moment
    assert read_moment(str(moment)) == moment
    assert read_moment(moment) is moment


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2027", "2027-01", "2027-1-11", "2027-02-29", "2027-13-01", "1776-07-04",
        "2027-01-11T9:00", "2027-01-11T24:00", "2027-01-11T09:60", "2027-01-11T09",
        "2027-01-11T09:00+1", "2027-01-11T09:00+01:60", "2027-01-11T09:00+24:00",
        "2027-01-11+01:00", "٢٠٢٧-01-11", "2027-01-11T09:00\n2027-01-12", "--01-11",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        read_moment(text)


@given(st.text(max_size=30) | st.dates().map(str) | st.datetimes().map(str))
def test_no_text_breaks_the_reading_of_a_moment(text: str) -> None:
    try:
        moment = read_moment(text)
    except UnitError:
        return
    assert read_moment(str(moment)) == moment


@pytest.mark.parametrize(
    ("value", "fact"),
    [
        ("true", True), ("false", False), (True, True), ("17", 17), ("-3", -3), ("2.50", 2.5),
        ("yes", "yes"), ("True", "True"), ("1e5", "1e5"), ("nan", "nan"), ("1.0.0", "1.0.0"),
        (" partial ", "partial"), (3, 3), ("1" * 16, "1" * 16),
    ],
)  # fmt: skip
def test_a_fact_is_a_truth_a_number_or_a_word(value: object, fact: object) -> None:
    assert read_fact(value) == fact
    assert type(read_fact(value)) is type(fact)


@pytest.mark.parametrize("value", ["", " ", None, [], {}, "a" * 81, "a\x1b", float("nan"), 1e999])
def test_what_is_no_fact_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="fact"):
        read_fact(value)


def test_a_time_may_be_missing_at_either_end_of_one_day() -> None:
    for start, end in (("2027-01-11T12:00", "2027-01-11"), ("2027-01-11", "2027-01-11T08:00")):
        data = {"visit": "a", "status": "occurred", "start": start, "end": end}
        assert Actual.model_validate(data).end is not None


def test_ends_in_two_offsets_are_left_to_who_knows_the_site() -> None:
    data = {
        "visit": "a",
        "status": "occurred",
        "start": "2027-01-11T12:00+02:00",
        "end": "2027-01-11T11:30+01:00",
    }
    assert Actual.model_validate(data).end is not None


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("P0001.csv", "P0001.yaml", "P0001.json"):
            path = Path(folder) / name
            path.write_bytes(content if name.endswith("yaml") else b"visit,status\n" + content)
            with suppress(PlannerError):
                assert isinstance(read_record(str(path)).record, Record)
