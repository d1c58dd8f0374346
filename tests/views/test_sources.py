"""What `planner sources` prints: each timing with its sources, each source with what it carries."""

import json

from example_protocol import example_file

from planner.checks.support import protocol_support
from planner.formats.load import load_protocol
from planner.views.sources import render_json, sources_grid, timings_grid

MAPP1 = protocol_support(load_protocol("mapp1"))
POOLED = """\
sources:
  pooled: {kind: trial-paper, read: abstract, doi: 10.1/x, retracted: "2024-08-10"}
  unread: {kind: review, read: not-read}
source: pooled
grade: verified
"""


def test_each_timing_says_where_it_was_read_and_how_far() -> None:
    lines = [line.cells for line in timings_grid(MAPP1).lines]
    at = lines.index(("treatment: Dosing session (dosing)",))
    assert lines[at + 1] == (
        "duration",
        "takes 8h",
        "verified",
        "registry (registry record); paper (abstract)",
    )
    assert ("before", "1w..4w before prep-1, target 2w", "assumed", "assumption (no text)") in lines


def test_the_arithmetic_of_a_derived_timing_stands_below() -> None:
    [note] = timings_grid(MAPP1).notes
    assert note.startswith("dosing.first: 18w - 8w = 10w")


def test_a_source_says_what_rests_on_it() -> None:
    rows = {line.cells[0]: line.cells for line in sources_grid(MAPP1).lines}
    assert rows["later-trial"][3] == "1 secondary: dosing.overnight"
    assert rows["committee"][3] == "1 notice"
    assert rows["paper"][1].endswith("doi:10.1038/s41591-021-01336-3")


def test_a_retracted_source_is_called_so_wherever_it_is_cited() -> None:
    found = protocol_support(example_file(POOLED))
    cells = [line.cells for line in timings_grid(found).lines if line.kind == "row"]
    assert {cell[2:] for cell in cells} == {
        ("retracted", "pooled (abstract, RETRACTED 2024-08-10)")
    }
    rows = [line.cells for line in sources_grid(found).lines]
    assert rows[0][2] == "trial paper: abstract; RETRACTED 2024-08-10"
    assert rows[1][3] == "nothing of the schedule"


def test_json_has_addresses_lines_and_counts() -> None:
    data = json.loads(render_json(MAPP1))
    sources = {one["key"]: one for one in data["sources"]}
    assert sources["registry"]["address"] == "https://clinicaltrials.gov/study/NCT03537014"
    assert sources["paper"]["address"] == "https://doi.org/10.1038/s41591-021-01336-3"
    timing = next(one for one in data["timings"] if one["name"] == "dosing.next")
    assert timing["sources"][1] == {"key": "mp16", "read": "registry-record"}
    assert "previous dosing" in MAPP1.file.document.lines[timing["line"] - 1]
    total = sum(sources["mp16"]["supports"]["counts"].values())
    assert total == len(sources["mp16"]["supports"]["statements"])
