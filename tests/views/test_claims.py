"""Claims on a screen and for machines: the verdict, the trials, and no word that acts."""

import json

import pytest
from example_protocol import example_file

from planner.notice import NOTICE
from planner.protocol.claims import ClaimRecord, load_claims
from planner.schedule.claims import ClaimResult, compare_claim, trials_of
from planner.views.claims import claim_grid, list_grid, render_json
from planner.views.tables.markdown import render_markdown
from planner.views.tables.text import render_table

RECORD = load_claims()
TRIAL = """\
id: trial-a
registry: NCT00000001
substance: mdma
source: paper
grade: verified
sources: {paper: {kind: trial-paper, read: abstract}}
"""
TRIALS = trials_of([example_file(TRIAL).protocol])


def result(number: int) -> ClaimResult:
    claim = RECORD.claim(str(number))
    assert claim is not None
    return compare_claim(claim, TRIALS)


def test_a_claim_shows_its_verdict_first_and_then_the_trials() -> None:
    grid = claim_grid(RECORD, result(31))
    assert grid.title == (
        "Claim 31, disagree: It takes four or five sessions, no less than six weeks apart."
    )
    assert [line.cells[0] for line in grid.lines] == ["Otherwise: 1", "trial-a"]
    assert grid.lines[1].cells == (
        "trial-a", "NCT00000001", "1 dosing session; no second session", "verified",
    )  # fmt: skip
    assert grid.notes[0] == "Id: four-or-five-sessions-six-weeks-apart"
    assert grid.notes[-1] == NOTICE


def test_a_claim_that_no_schedule_decides_shows_why() -> None:
    grid = claim_grid(RECORD, result(14))
    assert not grid.lines
    assert any(note.startswith("Why outdated: Phase 3 ended") for note in grid.notes)
    assert "Claim 14" in render_table(grid, width=80, color=False)


def test_a_retracted_claim_never_stands_without_its_retraction() -> None:
    listed = list_grid(RECORD, [result(11)])
    assert listed.lines[1].cells[-1] == "retracted"
    shown = render_markdown(claim_grid(RECORD, result(11)))
    assert "RETRACTED" in shown


def test_the_list_stands_article_by_article_with_its_counts() -> None:
    grid = list_grid(RECORD, [compare_claim(one, TRIALS) for one in RECORD.claims])
    groups = [line.cells[0] for line in grid.lines if line.kind == "group"]
    assert groups == [article.title for article in RECORD.articles.values()]
    by_number = {line.cells[0]: line.cells for line in grid.lines}
    assert len(by_number) == 39 + 2
    assert by_number["31"][2:6] == ("disagree", "0", "1", "0")
    assert by_number["14"][2:6] == ("outdated", "-", "-", "-")
    assert by_number["12"][3] == "part: 0"


def test_claims_for_machines() -> None:
    data = json.loads(render_json(RECORD, [result(31), result(14)]))
    assert (data["format"], data["notice"]) == (1, NOTICE)
    first, second = data["claims"]
    assert (first["number"], first["verdict"], first["computed"]) == (31, "disagree", "disagree")
    assert first["rule"] == {"dosing_sessions": "4..5", "dosing_interval": "6w.."}
    assert first["trials"][0]["protocol"] == "trial-a"
    assert (second["rule"], second["computed"], second["trials"]) == (None, None, [])
    assert set(data["articles"]) == set(RECORD.articles)


@pytest.mark.parametrize("width", [60, 100, 160])
def test_the_list_fits_terminals(width: int) -> None:
    grid = list_grid(RECORD, [compare_claim(one, TRIALS) for one in RECORD.claims])
    text = render_table(grid, width=width, color=False)
    assert max(map(len, text.split("\n"))) <= width


def test_a_hostile_record_acts_nowhere() -> None:
    data = {
        "format": 1,
        "title": "t",
        "articles": {"a": {"title": "<b>|x|</b>", "read": "abstract"}},
        "claims": [{"id": "c", "number": 1, "article": "a", "says": "one\x1b[2J\nline <script>",
                    "substance": "mdma", "verdict": "agree", "reason": "r"}],
    }  # fmt: skip
    record = ClaimRecord.model_validate(data)
    results = [compare_claim(record.claims[0], TRIALS)]
    for grid in (list_grid(record, results), claim_grid(record, results[0])):
        text = render_table(grid, width=80, color=False)
        assert all(letter == "\n" or letter.isprintable() for letter in text)
        assert "<script>" not in render_markdown(grid)
        assert "\x1b" not in render_markdown(grid)
