"""CDISC's terms stand in one table, which reading, examining and writing share."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

import planner
from planner.formats.usdm import terms
from planner.formats.usdm.model import Code
from planner.formats.usdm.terms import (
    AFTER,
    BEFORE,
    CONTACTS,
    ENDS,
    EPOCHS,
    FIXED,
    TIMING_TYPES,
    Term,
    contact_mode,
    epoch_kind,
    term_of,
)


def every_term() -> list[Term]:
    found: list[Term] = []
    for value in vars(terms).values():
        parts = value.values() if isinstance(value, dict) else [value]
        found += [part for part in parts if isinstance(part, Term)]
    return found


def test_a_code_has_one_term_and_a_term_one_code() -> None:
    decodes, codes = defaultdict(set), defaultdict(set)
    for term in every_term():
        decodes[term.code].add(term.decode)
        codes[term.decode].add(term.code)
    assert len(decodes) > 40
    assert {code: both for code, both in decodes.items() if len(both) > 1} == {}
    assert {decode: both for decode, both in codes.items() if len(both) > 1} == {}


def test_no_other_module_writes_codes() -> None:
    root = Path(planner.__file__).parent
    table = Path(terms.__file__)
    elsewhere = [
        path.relative_to(root)
        for path in root.rglob("*.py")
        if path != table and re.search(r"\bC[0-9]{5,6}\b", path.read_text(encoding="utf-8"))
    ]
    # Pages show what stands in files.
    assert [path for path in elsewhere if "pages" not in path.parts] == []


@pytest.mark.parametrize(
    ("code", "decode", "term"),
    [
        ("C201356", "After", AFTER),
        ("C201356", "Before", AFTER),  # the code is followed
        (" c201357 ", "After", BEFORE),
        (None, "fixed reference", FIXED),
        ("C201399", "Fixed-Reference", FIXED),
        ("", "BEFORE the dose", BEFORE),
        ("C201399", "Thereafter", None),
        ("C201352", "After", AFTER),  # the code of another list
        (None, None, None),
    ],
)
def test_the_type_of_a_timing_goes_by_its_code_then_by_its_words(
    code: str | None, decode: str | None, term: Term | None
) -> None:
    assert term_of(Code(code, decode, ()), TIMING_TYPES) == term


@pytest.mark.parametrize(
    ("code", "decode", "ends"),
    [
        ("C201352", "", (True, True)),
        ("C201399", "End to Start", (True, False)),
        (None, "start-to-end", (False, True)),
        (None, "START TO START", (False, False)),
        (None, "Start", None),
        ("C201356", "After", None),
    ],
)
def test_the_ends_that_a_timing_joins_go_by_code_then_by_words(
    code: str | None, decode: str | None, ends: tuple[bool, bool] | None
) -> None:
    assert term_of(Code(code, decode, ()), ENDS.values()) == (ends and ENDS[ends])


def test_a_kind_of_epoch_is_read_back_from_its_code() -> None:
    read = {kind: epoch_kind(Code(term.code, None, ())) for kind, term in EPOCHS.items()}
    # Three kinds share a code with a wider one.
    shared = {"preparation": "run-in", "dosing": "treatment", "integration": "follow-up"}
    expected = {kind: kind for kind in EPOCHS} | shared
    assert read == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Preparation", "preparation"), ("Placebo lead-in", "run-in"), ("Period 0", "run-in")],
)
def test_a_run_in_that_is_called_a_preparation_is_one(name: str, kind: str) -> None:
    term = EPOCHS["run-in"]
    assert epoch_kind(Code(term.code, term.decode, ()), name, None) == kind
    assert epoch_kind(Code(None, "Run-in", ())) == "run-in"


def test_a_way_of_contact_is_read_back_from_its_code() -> None:
    read = {mode: contact_mode(Code(term.code, None, ())) for mode, term in CONTACTS.items()}
    # At home, too, it is in person; where it takes place is the setting.
    assert read == {mode: mode for mode in CONTACTS} | {"home": "clinic"}
