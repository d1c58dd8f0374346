"""Reading SDTM files: XPT and Dataset-JSON alike, some rows at a time, however hostile."""

import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.sdtm import dataset_json, datasets, transport

WriteRows = Callable[..., Path]
COLUMNS = "USUBJID VISITNUM VISIT SVSTDTC"
ROWS = [
    ("P001", 3, "BASELINE", "2026-01-12"),
    ("P001", 3.5, "AMBUL ECG PLACEMENT", ""),
    ("P002", -1, "WEEK 2", "2026-01"),
]


def read(path: Path, names: str = COLUMNS) -> list[tuple[object, ...]]:
    dataset = datasets.open_dataset(str(path), "SV", ("USUBJID",))
    return [cells for _, cells in datasets.rows(dataset, names.split())]


@pytest.mark.parametrize("name", ["sv.json", "sv.ndjson", "SV.XPT"])
def test_the_same_rows_come_from_every_kind_of_file(
    write_json: WriteRows, write_xpt: WriteRows, name: str
) -> None:
    if name == "SV.XPT":
        pytest.importorskip("pyreadstat")
    write = write_xpt if name == "SV.XPT" else write_json
    assert read(write(COLUMNS, *ROWS, name=name)) == ROWS


def test_an_absent_column_is_empty_and_small_letters_are_the_same_column(
    write_json: WriteRows,
) -> None:
    path = write_json("usubjid visit", ("P001", "BASELINE"))
    assert read(path, "VISIT SVUPDES USUBJID") == [("BASELINE", None, "P001")]


def test_rows_are_read_in_pieces(
    write_json: WriteRows, write_xpt: WriteRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"P{number:03d}", number, "V", "") for number in range(50)]
    monkeypatch.setattr(dataset_json, "CHUNK", 7)
    assert read(write_json(COLUMNS, *rows)) == rows
    pytest.importorskip("pyreadstat")
    for size in (7, 25, 50, 51):
        monkeypatch.setattr(transport, "CHUNK", size)
        assert read(write_xpt(COLUMNS, *rows)) == rows


def test_columns_may_stand_behind_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "sv.json"
    path.write_text('{"rows": [["P001"]], "records": 1, "columns": [{"name": "USUBJID"}]}')
    assert read(path, "USUBJID") == [("P001",)]


def test_a_missing_number_is_none(write_xpt: WriteRows) -> None:
    pytest.importorskip("pyreadstat")
    path = write_xpt("USUBJID VISITDY", ("P001", 14), ("P001", None))
    found = [datasets.number(day, "VISITDY") for _, day in read(path, "USUBJID VISITDY")]
    assert found == [14, None]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is expected"),
        ("[]", "an object with `columns` and `rows`"),
        ("{}", "no Dataset-JSON 1.1"),
        ('{"clinicalData": {}}', "version 1.0 is not read"),
        ('{"columns": [], "rows": []}', "no list of `columns`"),
        ('{"columns": [1], "rows": []}', "column 1 has no `name`"),
        ('{"columns": [{"name": "USUBJID"}]}', "it has no `rows`"),
        ('{"columns": [{"name": "USUBJID"}], "rows": 3}', "a list of rows"),
        ('{"columns": [{"name": "USUBJID"}], "rows": [3]}', "row 1: a list of values"),
        ('{"columns": [{"name": "USUBJID"}], "rows": [["a", "b"]]}', "row 1 has 2 values"),
        ('{"columns": [{"name": "USUBJID"}], "rows": [["a"]', "ends too early"),
        ('{"columns": [{"name": "USUBJID"}], "rows": [["a"],]}', "ends too early|expecting value"),
        ('{"columns": [{"name": "USUBJID"}], "rows": [[NaN]]}', "NaN is not JSON"),
        ('{"columns": [{"name": "USUBJID"}], "rows": []} {}', "nothing may follow"),
        ('{"columns": [{"name": "USUBJID"}], "rows": [], "rows": []}', "`rows` stands twice"),
        ('{"columns": [{"name": "USUBJID"}, {"name": "usubjid"}], "rows": []}', "stands twice"),
        ('{"columns": [{"name": "SUBJECT"}], "rows": []}', "column `USUBJID` is missing"),
        (
            '{"columns": [{"name": "USUBJID"}], "rows": [' + "[" * 100_000,
            "nested more than 32 levels deep",
        ),
        (f'{{"x": {"[" * 33}{"]" * 33}, "rows": []}}', "nested more than 32 levels deep"),
        (
            f'{{"columns": [{{"name": "USUBJID"}}], "rows": [{"[" * 33}{"]" * 33}]}}',
            "nested more than 32 levels deep",
        ),
        ('{"columns": [{"name": "USUBJID"}], "rows": [[' + "9" * 5_000 + "]]}", "digits"),
    ],
)
def test_what_is_no_dataset_json_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "sv.json"
    path.write_text(text)
    with pytest.raises(PlannerError, match=says) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_one_endless_value_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset_json, "MAX_ROW", 1000)
    monkeypatch.setattr(dataset_json, "CHUNK", 100)
    path = tmp_path / "sv.json"
    path.write_text('{"columns": [{"name": "USUBJID"}], "rows": [["' + "x" * 5000 + '"]]}')
    with pytest.raises(PlannerError, match="longer than 1,000 letters"):
        read(path)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_read_or_refused_and_never_fails_otherwise(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = json.dumps({"columns": [{"name": "USUBJID"}], "rows": [["P001"], ["é"]]}).encode()
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 5))
    path = tmp_path / data.draw(st.sampled_from(["sv.json", "sv.ndjson"]))
    path.write_bytes(whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + cut :])
    with contextlib.suppress(PlannerError):
        read(path)


@given(
    st.lists(
        st.tuples(st.text(max_size=8), st.none() | st.integers() | st.floats(allow_nan=False)),
        max_size=20,
    ),
    st.integers(1, 40),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_of_any_size_give_what_the_json_module_gives(
    tmp_path: Path, rows: list[tuple[str, Any]], size: int
) -> None:
    path = tmp_path / "sv.json"
    rows = [row for row in rows if row[1] not in (float("inf"), float("-inf"))]
    document = {"a": {"b": [1, "]"]}, "columns": [{"name": "USUBJID"}, {"name": "N"}], "rows": rows}
    path.write_text(json.dumps(document, indent=size % 3 or None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset_json, "CHUNK", size)
        found = read(path, "USUBJID N")
    assert found == [tuple(row) for row in json.loads(path.read_text())["rows"]]


def test_what_is_no_xpt_never_reaches_the_library(tmp_path: Path) -> None:
    path = tmp_path / "sv.xpt"
    for content, says in (
        (b"", "no SAS transport file"),
        (b"PK\x03\x04" * 40, "no SAS transport file"),
        (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 33, "cut short"),
    ):
        path.write_bytes(content)
        with pytest.raises(PlannerError, match=says):
            read(path)


def test_a_header_without_a_body_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat")
    path = tmp_path / "sv.xpt"
    path.write_bytes(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!".ljust(80))
    with pytest.raises(PlannerError, match="no XPT file that can be read"):
        read(path)


def test_without_the_extra_the_answer_is_the_line_that_installs_it(
    write_xpt: WriteRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(PlannerError, match=r'pip install "trial-session-planner\[sdtm\]"'):
        read(write_xpt(COLUMNS, *ROWS))


def test_other_suffixes_and_missing_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match=r"read from \.xpt, \.json, \.ndjson files"):
        read(tmp_path / "sv.sas7bdat")
    for name in ("sv.json", "sv.ndjson", "sv.xpt"):
        with pytest.raises(PlannerError, match="no such file"):
            read(tmp_path / name)


def test_text_is_on_one_line_without_control_characters_and_no_number() -> None:
    assert datasets.text("  WEEK\n2\x1b[2J ", "VISIT") == "WEEK 2\\x1b[2J"
    assert datasets.text(None, "VISIT") == ""
    assert len(datasets.text("x y" * 1000, "VISIT")) <= datasets.MAX_LETTERS
    for wrong in (1, 1.5, True, ["x"], {"x": 1}):
        with pytest.raises(PlannerError, match="`VISIT` is a text"):
            datasets.text(wrong, "VISIT")


def test_a_number_is_finite() -> None:
    assert datasets.number("3.5", "VISITNUM") == 3.5
    assert datasets.number(float("nan"), "VISITNUM") is None
    for wrong in (True, "x", [1], 1e300, 10**400, "inf"):
        with pytest.raises(PlannerError, match="`VISITNUM` is a number"):
            datasets.number(wrong, "VISITNUM")
