"""Why windows cannot be kept: the plainest sentence first, six reasons unless all are asked for."""

import json
from pathlib import Path

import pytest
from conftest import Planner

HEAD = """\
format: 1
id: row
title: Visits in a row
version: "1"
status: illustrative
design: [open-label, single-group]
anchor: v0
sources:
  design: {kind: general-knowledge, title: Made up as an example, read: secondary}
source: design
grade: assumed
"""
SITE = """\
format: 1
id: site
title: Site
timezone: UTC
hours: {monday: 08:00-18:00, tuesday: 08:00-18:00, wednesday: 08:00-18:00, thursday: 08:00-18:00,
  friday: 08:00-18:00, saturday: 08:00-18:00, sunday: 08:00-18:00}
closures: [{from: 2027-03-15, to: 2027-03-23, reason: moving house}]
"""
PLAINEST = "between Sun 14 and Wed 24 Mar 2027"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten visits 2 or 3 days apart at a site that is closed for nine days on end."""
    lines = [
        f"      - {{id: v{n}, after: {{visit: v{n - 1}, within: 2d..3d, target: 2d}}}}\n"
        for n in range(1, 11)
    ]
    visits = "epochs:\n  - id: all\n    visits:\n      - {id: v0}\n" + "".join(lines)
    (tmp_path / "row.yaml").write_text(HEAD + visits)
    (tmp_path / "short.yaml").write_text(
        f"{HEAD}constraints:\n  - {{id: short, from: v0, to: v10, within: ..19d}}\n{visits}"
    )
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "P0001.yaml").write_text(
        "participant: P0001\nprotocol: row\nvisits:\n"
        "  - {visit: v0, status: occurred, start: 2027-03-01T09:00}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


RECORD = ("--records", "P0001.yaml", "--site", "site.yaml", "--today", "2027-03-02")
COMMANDS = {
    "timeline": ("timeline", "row.yaml", *RECORD),
    "nothing fits": ("timeline", "row.yaml", "--start", "2027-03-01", "--site", "site.yaml"),
    "whatif": ("whatif", "row.yaml", *RECORD, "--move", "v1=2027-03-03"),
    "due": ("due", "--protocol", "row.yaml", *RECORD, "--to", "2027-03-31"),
    "anchors": (
        "anchors", "row.yaml", "--site", "site.yaml", "--from", "2027-03-01", "--to", "2027-03-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_a_stretch_without_an_open_day_comes_first_and_few_rules_behind_it(
    planner: Planner, folder: Path, name: str
) -> None:
    short = planner(*COMMANDS[name])
    assert short.code == 1, short.err
    text = " ".join((short.out + short.err).split())
    # A sentence says of each visit outside its window by how much, and then come the reasons.
    reasons = text[text.index("no open day for `v") :].partition(". P0001")[0]
    if "Reasons: " in text:
        assert reasons == text.partition("Reasons: ")[2].removeprefix("- ").partition(". P0001")[0]
    assert PLAINEST in reasons[:60]
    assert 0 < reasons.count("must be 2d..3d after") <= 6
    assert "more reason" in reasons
    whole = planner(*COMMANDS[name], "--verbose")
    text = " ".join((whole.out + whole.err).split())
    assert text.count("must be 2d..3d after") > 6
    assert "more reason" not in text


def test_machines_get_all_reasons(planner: Planner, folder: Path) -> None:
    data = json.loads(planner(*COMMANDS["anchors"], "--format", "json").out)
    reasons = data["dates"][0]["reasons"]
    assert PLAINEST in reasons[0]
    assert len([reason for reason in reasons if "must be" in reason]) > 6


def test_a_long_contradiction_names_six_rules_and_what_all_come_to(
    planner: Planner, folder: Path
) -> None:
    short = planner("validate", "short.yaml")
    assert short.code == 1
    assert "v0 -> v10 at most 19d, but v0 -> v1 at least 2d" in short.out
    assert ", and 4 more rules: together at least 20d; 1d short" in short.out
    assert short.out.count("must be 2d..3d after") == 5
    assert "and 5 more places (--verbose shows them)" in short.out
    whole = planner("validate", "short.yaml", "--verbose")
    assert whole.out.count("must be 2d..3d after") == 10
    data = json.loads(planner("validate", "short.yaml", "--format", "json").out)
    (finding,) = data["files"][0]["findings"]
    assert len(finding["related"]) == 11
