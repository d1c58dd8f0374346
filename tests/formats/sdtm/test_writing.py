"""Datasets as Dataset-JSON 1.1 and as XPT: their structure, and the cells that others read."""

import json
import math
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from formats.sdtm.designs import STAMP, as_json, written_xpt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.formats.sdtm.datasets import open_dataset
from planner.formats.sdtm.writing import Column, Dataset, dataset_json, transport_file

COLUMNS = (
    Column("CODE", "A code", key=1),
    Column("NUMBER", "A number", "float", key=2),
    Column("TEXT", "A text"),
)
SMALL = Dataset("XX", "Small", COLUMNS, (("a", 1, ""), ("bc", None, "words"), ("d", -70, "x")))
TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200)
NUMBERS = st.none() | st.integers(-(2**53), 2**53)


def test_dataset_json_says_what_its_columns_are() -> None:
    found = as_json(SMALL)
    assert found["datasetJSONVersion"] == "1.1.0"
    assert found["datasetJSONCreationDateTime"] == "2027-01-11T09:30:00Z"
    assert (found["itemGroupOID"], found["name"], found["label"]) == ("IG.XX", "XX", "Small")
    assert found["records"] == len(found["rows"]) == 3
    assert found["columns"] == [
        {"itemOID": "IT.XX.CODE", "name": "CODE", "label": "A code", "dataType": "string",
         "length": 2, "keySequence": 1},
        {"itemOID": "IT.XX.NUMBER", "name": "NUMBER", "label": "A number", "dataType": "float",
         "keySequence": 2},
        {"itemOID": "IT.XX.TEXT", "name": "TEXT", "label": "A text", "dataType": "string",
         "length": 5},
    ]  # fmt: skip
    assert found["rows"][1] == ["bc", None, "words"]


def test_the_planners_own_reader_reads_what_it_writes(tmp_path: Path) -> None:
    path = tmp_path / "xx.json"
    path.write_text(dataset_json(SMALL, "S", "o", STAMP))
    dataset = open_dataset(str(path), "XX", ("CODE",))
    assert list(dataset.rows([0, 1, 2])) == [*SMALL.rows]


def test_an_empty_dataset_is_one_too(tmp_path: Path) -> None:
    empty = SMALL._replace(rows=())
    assert as_json(empty)["rows"] == []
    pyreadstat = pytest.importorskip("pyreadstat")
    columns, _ = pyreadstat.read_xport(str(written_xpt(empty, tmp_path)), output_format="dict")
    assert [len(cells) for cells in columns.values()] == [0, 0, 0]


def test_an_xpt_file_is_described_as_it_should_be(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = written_xpt(SMALL, tmp_path)
    assert path.stat().st_size % 80 == 0
    _, meta = pyreadstat.read_xport(str(path))
    assert (meta.table_name, meta.file_label) == ("XX", "Small")
    assert meta.column_names_to_labels == {"CODE": "A code", "NUMBER": "A number", "TEXT": "A text"}
    assert meta.creation_time == datetime(2027, 1, 11, 9, 30)  # noqa: DTZ001
    assert meta.variable_storage_width == {"CODE": 2, "NUMBER": 8, "TEXT": 5}


def test_a_second_reader_sees_the_same(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_sas(str(written_xpt(SMALL, tmp_path)), format="xport", encoding="ascii")
    assert list(frame["CODE"]) == ["a", "bc", "d"]
    assert [None if math.isnan(one) else one for one in frame["NUMBER"]] == [1, None, -70]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, NUMBERS, TEXTS | st.just("")), min_size=1, max_size=9))
def test_every_cell_comes_back_from_xpt(
    tmp_path: Path, rows: list[tuple[str, int | None, str]]
) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = written_xpt(SMALL._replace(rows=tuple(rows)), tmp_path)
    columns, _ = pyreadstat.read_xport(
        str(path), output_format="dict", disable_datetime_conversion=True
    )
    back = zip(*(list(columns[one.name]) for one in COLUMNS), strict=True)
    numbers = [
        (code, None if number is None or math.isnan(number) else number, text)
        for code, number, text in back
    ]
    assert numbers == rows


@pytest.mark.parametrize("text", ["é", "x" * 41])
def test_a_label_that_an_xpt_file_cannot_hold_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match=r"ascii|longer"):
        transport_file(SMALL._replace(label=text), STAMP)


def test_the_clock_is_in_no_file() -> None:
    first = dataset_json(SMALL, "S", "o", STAMP), transport_file(SMALL, STAMP)
    time.sleep(1.05 - time.time() % 1)
    assert (dataset_json(SMALL, "S", "o", STAMP), transport_file(SMALL, STAMP)) == first
    other = datetime(2028, 1, 1, tzinfo=UTC)
    assert transport_file(SMALL, other) != first[1]
    assert json.loads(dataset_json(SMALL, "S", "o", other))["datasetJSONCreationDateTime"] == (
        "2028-01-01T00:00:00Z"
    )
