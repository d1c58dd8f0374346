"""The table of what rules on records ask names tests that are there, and claims nothing more."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
SECTION = (
    (TESTS / "README.md")
    .read_text(encoding="utf-8")
    .partition("## What rules on records ask of a store\n")[2]
    .partition("\n## ")[0]
)


def test_every_test_that_supports_a_clause_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", SECTION)
    assert len(named) > 10
    for file, test in named:
        assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8"), f"{file}::{test}"


def test_each_clause_says_what_remains_for_the_site() -> None:
    rows = [line.strip("|").split(" | ") for line in SECTION.split("\n") if line.startswith("| ")]
    assert {len(row) for row in rows} == {4}
    assert all(row[3].strip() for row in rows)
    for clause in ("E6 4.2.2", "4.2.4", "11.10(a)", "11.10(d)", "11.10(e)", "11.10(h)"):
        assert clause in SECTION


def test_compliance_is_not_claimed() -> None:
    assert "This is no claim of compliance" in SECTION
