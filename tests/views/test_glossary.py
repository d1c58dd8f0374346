"""The glossary: every word that the program says of visits is in it, as the standards call it."""

import json
from typing import get_args

import pytest

import planner
from planner.formats.sdtm.trial_design_elements import _EPOCHS
from planner.formats.usdm.terms import EPOCHS
from planner.protocol.fields import EpochKind, Grade, ListedKind
from planner.timeline.model import VisitStatus, WaitingStatus
from planner.timeline.record import Status
from planner.views.glossary import KINDS, STANDARDS, STATUSES, glossary, glossary_grid

ANSWER = glossary()


def test_every_kind_of_visit_and_epoch_is_explained_and_no_other_word() -> None:
    kinds = [term.name for term in KINDS]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == {*get_args(ListedKind), *get_args(EpochKind)}


def test_every_status_is_explained_and_no_other_word() -> None:
    listed = {"unrecorded", "broken"}  # by `planner due` alone
    known = {*get_args(VisitStatus), *get_args(WaitingStatus), *get_args(Status), *listed}
    statuses = [term.name for term in STATUSES]
    assert len(statuses) == len(set(statuses))
    assert set(statuses) == known


def test_every_grade_is_named() -> None:
    (grade,) = (term for terms in ANSWER.parts.values() for term in terms if term.name == "grade")
    assert all(f"`{word}`" in grade.meaning for word in get_args(Grade))


def test_kinds_of_epochs_have_the_names_that_are_exported() -> None:
    for term in KINDS:
        if term.name in get_args(EpochKind):
            assert term.usdm.startswith(EPOCHS[term.name].decode), term.name
            assert term.sdtm.startswith(_EPOCHS[term.name]), term.name


def test_every_term_is_explained_in_one_sentence_or_two() -> None:
    for terms in ANSWER.parts.values():
        for term in terms:
            assert term.meaning.endswith("."), term.name
            assert all(name == name.strip() for name in term), term.name


@pytest.mark.parametrize("width", [80, 200])
def test_a_terminal_shows_all_of_it_in_one_table(width: int) -> None:
    lines = planner.render(ANSWER, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert sum("name in the standards" in line for line in lines) == 1
    text = "\n".join(lines)
    for terms in ANSWER.parts.values():
        assert all(f"\n{term.name} " in text for term in terms)


def test_programs_read_terms_with_their_part_and_their_names() -> None:
    terms = json.loads(planner.render(ANSWER, "json"))["terms"]
    window = next(term for term in terms if term["term"] == "visit window")
    assert window["part"] == "Schedule"
    assert window["standards"]["REDCap"] == "offset_min, offset_max"
    assert "SDTM" not in next(term for term in terms if term["term"] == "slack")["standards"]
    grid = glossary_grid(ANSWER, for_machines=True)
    assert grid.heads == (("Part", "Term", "Meaning", *STANDARDS),)
    assert len(grid.lines) == len(terms)
