"""`planner deviations --format dv`: the SDTM dataset DV as CSV and as Dataset-JSON."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import planner as api

Planner = Callable[..., Any]
RECORDS = str(Path(__file__).parents[2] / "examples" / "records")
COMMAND = ("deviations", "mapp1", "--records", RECORDS, "--format", "dv")


def test_every_deviation_is_a_row_of_its_subject(planner: Planner, tmp_path: Path) -> None:
    report = api.deviations("mapp1", RECORDS)
    result = planner(*COMMAND, "-o", str(tmp_path / "dv.json"))
    assert result.code == 1
    data = json.loads((tmp_path / "dv.json").read_text())
    assert (data["name"], data["records"], data["datasetJSONVersion"]) == (
        "DV", len(report.deviations), "1.1.0",
    )  # fmt: skip
    names = [column["name"] for column in data["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in data["rows"]]
    assert [(row["USUBJID"], row["DVSPID"], row["DVSTDTC"]) for row in rows] == [
        (one.participant, one.visit, "" if one.actual is None else f"{one.actual:%Y-%m-%d}")
        for one in report.deviations
    ]
    assert rows[0]["DVSEQ"] == 1
    assert report.deviations[0].rule in rows[0]["DVTERM"]
    assert {row["STUDYID"] for row in rows} == {data["studyOID"]} == {"NCT03537014"}


def test_csv_has_the_same_cells(planner: Planner, tmp_path: Path) -> None:
    assert planner(*COMMAND, "-o", str(tmp_path / "dv.csv")).code == 1
    rows = list(csv.reader(io.StringIO((tmp_path / "dv.csv").read_text())))
    data = json.loads(planner(*COMMAND).out)
    assert rows[0] == [column["name"] for column in data["columns"]]
    assert rows[1:] == [[str(cell) for cell in row] for row in data["rows"]]


def test_another_suffix_or_protocol_is_refused(planner: Planner) -> None:
    refused = planner(*COMMAND, "-o", "dv.xlsx")
    assert (refused.code, "--format says dv" in refused.err) == (2, True)
    report = api.deviations("mapp1", RECORDS)
    with pytest.raises(api.PlannerError, match="is about `mapp1`"):
        api.deviation_dataset(report, "comp001")
