"""The CDISC pilot study's own trial design against what is written of its protocol."""

from pathlib import Path
from typing import Any

import pytest
from formats.sdtm.designs import rows

from planner.formats.load import load_protocol
from planner.formats.sdtm.dataset_json import DatasetJson
from planner.formats.sdtm.trial_design import trial_design
from planner.formats.sdtm.writing import Dataset

LZZT = str(Path(__file__).parents[3] / "examples" / "lzzt.yaml")
SAME_NAME = {
    "AMBUL ECG PLACEMENT": "AMBULATORY ECG PLACEMENT",
    "AMBUL ECG REMOVAL": "AMBULATORY ECG REMOVAL",
    "AE FOLLOW-UP": "ADVERSE EVENT FOLLOW-UP",
    "Rash followup": "RASH FOLLOW-UP",
}
AGREE = {"SCREENING 1", "SCREENING 2", "BASELINE", "AMBUL ECG REMOVAL"}
"""Before the baseline and on it nothing is counted twice; the removal is 2 days after WEEK 4 by
their numbers and 1 by their rule, which makes up for it."""


@pytest.fixture
def theirs(samples: Path) -> list[dict[str, Any]]:
    pyreadstat = pytest.importorskip("pyreadstat")
    found, _ = pyreadstat.read_xport(str(samples / "tv.xpt"), output_format="dict")
    table = [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
    for row in table:
        if row["VISIT"].endswith(" (T)"):
            SAME_NAME[row["VISIT"]] = row["VISIT"].replace("(T)", "(TELEPHONE)")
    return table


def test_their_visits_are_ours_in_the_same_order(theirs: list[dict[str, Any]]) -> None:
    ours = [row["VISIT"] for row in rows(trial_design(load_protocol(LZZT).protocol), "TV")]
    names = [SAME_NAME.get(row["VISIT"], row["VISIT"]) for row in theirs]
    # Theirs is number 201, behind week 26; ours stands at its nominal day, that of week 24.
    at = ours.index("RETRIEVAL")
    assert (ours[at - 1], ours[at + 1]) == ("WEEK 24", "WEEK 26")
    for order in (names, ours):
        order.remove("RETRIEVAL")
    assert names == ours


def test_their_days_are_ours_less_the_documented_day_behind_the_baseline(
    theirs: list[dict[str, Any]],
) -> None:
    """Their TV calls 2 weeks after visit 3 Day 14; without a day 0 it is Day 15."""
    ours = {
        row["VISIT"]: row["VISITDY"]
        for row in rows(trial_design(load_protocol(LZZT).protocol), "TV")
    }
    apart = {
        row["VISIT"]: ours[SAME_NAME.get(row["VISIT"], row["VISIT"])] - row["VISITDY"]
        for row in theirs
        if row["VISITDY"] is not None and row["VISITDY"] == row["VISITDY"]  # not missing
    }
    assert {visit for visit, days in apart.items() if days == 0} == AGREE
    assert {days for visit, days in apart.items() if visit not in AGREE} == {1}
    assert len(apart) == 19


def test_their_variables_are_ours_in_the_same_order(samples: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    for dataset in trial_design(load_protocol(LZZT).protocol).datasets:
        path = samples / f"{dataset.name.lower()}.xpt"
        _, meta = pyreadstat.read_xport(str(path), metadataonly=True)
        assert list(meta.column_names) == [one.name for one in dataset.columns]
        given = {one.name: one.label for one in dataset.columns}
        changed = {"TAETORD"}  # SDTMIG 3.4 says `Planned Order of Element within Arm`
        for name, label in meta.column_names_to_labels.items():
            assert name in changed or label == given[name]


def test_their_dataset_json_describes_the_columns_as_ours_does(samples: Path) -> None:
    path = samples / "tv.json"
    if not path.exists():
        pytest.skip("the sample of TV as Dataset-JSON is absent")
    ours: Dataset = trial_design(load_protocol(LZZT).protocol).datasets[0]
    without = [one.name for one in ours.columns if one.name not in ("VISITDY", "ARM")]
    assert DatasetJson(str(path)).columns == without
