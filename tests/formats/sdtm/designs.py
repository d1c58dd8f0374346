"""Small protocols and reading back datasets, for the tests of trial design."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from example_protocol import example_file

from planner.formats.sdtm.trial_design import TrialDesign, trial_design
from planner.formats.sdtm.writing import Dataset, dataset_json, transport_file
from planner.protocol.model import Protocol

STAMP = datetime(2027, 1, 11, 9, 30, tzinfo=UTC)
FRAME = """\
anchor: baseline
epochs:
  - id: treatment
    visits:
{visits}
"""
ARMS = "arms: [{id: active, title: Active}, {id: placebo, title: Placebo}]\n"


def protocol(fragment: str) -> Protocol:
    """The example protocol with other top-level keys."""
    return example_file(fragment).protocol


def of_visits(*visits: str, more: str = "") -> Protocol:
    """One epoch of visits, anchored at `baseline`."""
    lines = "\n".join(f"      - {{{visit}}}" for visit in visits)
    return protocol(FRAME.format(visits=lines) + more)


def rows(design: TrialDesign | Protocol, name: str) -> list[dict[str, Any]]:
    """The rows of one dataset by the names of its variables."""
    if isinstance(design, Protocol):
        design = trial_design(design)
    dataset = next(one for one in design.datasets if one.name == name)
    names = [column.name for column in dataset.columns]
    return [dict(zip(names, row, strict=True)) for row in dataset.rows]


def tv(design: Protocol) -> dict[str, dict[str, Any]]:
    """TV of a protocol whose arms do not differ, by VISIT."""
    return {row["VISIT"]: row for row in rows(design, "TV")}


def as_json(dataset: Dataset) -> dict[str, Any]:
    """The Dataset-JSON of a dataset, read by nothing of the planner."""
    found: dict[str, Any] = json.loads(dataset_json(dataset, "STUDY", "oid", STAMP))
    return found


def written_xpt(dataset: Dataset, folder: Path) -> Path:
    """The dataset as an XPT file."""
    path = folder / f"{dataset.name.lower()}.xpt"
    path.write_bytes(transport_file(dataset, STAMP))
    return path
