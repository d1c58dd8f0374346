"""Findings as people read them: the line, the caret, and nothing a terminal would obey."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.checks.report import FileReport, Located, RelatedPlace
from planner.notice import NOTICE
from planner.text import char_width, visible
from planner.views.findings import excerpt, render_text

LINE = "      - {id: x, after: {visit: baseline, within: 1w..2w, target: 3w}}"
FINDING = Located(
    "target-outside-window",
    "error",
    "`x.after`: the target 3w is outside its window 1w..2w",
    "widen the window",
    2,
    LINE.index("3w}") + 1,
    (RelatedPlace("the visit", 1, 3),),
)


def report(
    *findings: Located, lines: tuple[str, ...] = ("a: b", LINE), proof: str | None = None
) -> FileReport:
    return FileReport("study.yaml", None, list(lines), findings, proof, fatal=False)


def test_a_finding_shows_its_place_its_line_and_what_would_help() -> None:
    assert render_text([report(FINDING)], width=90).split("\n") == [
        "study.yaml:2:66: error[target-outside-window] `x.after`: the target 3w is outside its",
        "    window 1w..2w",
        "2 |       - {id: x, after: {visit: baseline, within: 1w..2w, target: 3w}}",
        "  |                                                                  ^",
        "  study.yaml:1:3: the visit",
        "  help: widen the window",
        "",
        "study.yaml: 1 error",
        NOTICE,
        "",
    ]


def test_clean_files_are_a_line_each() -> None:
    text = render_text([report(proof="feasible; 2 visits; 3 weeks")] * 2)
    assert text == f"{'study.yaml: feasible; 2 visits; 3 weeks' + chr(10)}" * 2 + NOTICE + "\n"


def test_a_summary_counts_by_severity_and_says_what_is_proven_all_the_same() -> None:
    findings = [FINDING._replace(severity=one) for one in ("note", "warning", "warning")]
    text = render_text([report(*findings, proof="feasible; 1 visit; 0 days")])
    assert "study.yaml: 2 warnings, 1 note; feasible; 1 visit; 0 days" in text.split("\n")


def test_nothing_found_and_nothing_proven_is_said() -> None:
    assert "feasibility was not checked" in render_text([report()])


def test_a_file_without_text_has_neither_line_nor_column() -> None:
    missing = Located("format", "error", "no such file", None, 1, 1, ())
    assert render_text([report(missing, lines=())]).split("\n")[:2] == [
        "study.yaml: error[format] no such file",
        "study.yaml: 1 error",
    ]


def test_colours_are_there_only_when_asked_for() -> None:
    plain, coloured = render_text([report(FINDING)]), render_text([report(FINDING)], color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[target-outside-window]\x1b[0m" in coloured
    stripped = coloured
    for code in ("1;31", "1;33", "1;36", "1", "2", "32", "0"):
        stripped = stripped.replace(f"\x1b[{code}m", "")
    assert stripped == plain


def test_control_and_direction_characters_are_made_visible_everywhere() -> None:
    evil = "\x1b[2J\u202e\x07\u2028"
    finding = FINDING._replace(
        message=f"a{evil}b", hint=evil, related=(RelatedPlace(evil, 1, 1),), line=1, column=2
    )
    text = render_text([report(finding, lines=(evil,))._replace(path=f"x{evil}.yaml")])
    assert all(letter == "\n" or letter.isprintable() for letter in text)
    assert "\\x1b[2J\\u202e\\x07\\u2028" in text


@pytest.mark.parametrize(
    ("line", "column", "under"),
    [
        ("\tkey: value", 7, "v"),
        ("título: 値 x", 9, "値"),
        ("値値: x", 5, "x"),
        ("e\u0301e: x", 6, "x"),
    ],
)
def test_the_caret_stands_under_its_letter_whatever_comes_before(
    line: str, column: int, under: str
) -> None:
    text, caret = excerpt(line, column, 80)
    assert line[column - 1] == under
    position = width = 0
    while width < caret or char_width(text[position]) == 0:
        width += char_width(text[position])
        position += 1
    assert (width, text[position]) == (caret, under)


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "a" * 300 + "X" + "b" * 300
    text, caret = excerpt(line, 301, 40)
    assert text[caret] == "X"
    assert (text[0], text[-1]) == ("…", "…")
    assert len(text) <= 40


def test_a_line_that_fits_is_not_cut() -> None:
    assert excerpt("a: b", 4, 40) == ("a: b", 3)
    assert excerpt("x" * 40, 1, 40) == ("x" * 40, 0)


def test_a_caret_may_stand_behind_the_end_of_a_line() -> None:
    assert excerpt("abc", 4, 40) == ("abc", 3)
    assert excerpt("abc", 99, 40) == ("abc", 3)
    assert excerpt("", 1, 40) == ("", 0)


@given(
    st.text(st.characters(blacklist_characters="\n"), max_size=200),
    st.integers(1, 210),
    st.integers(10, 120),
)
def test_no_excerpt_is_wider_than_asked_and_its_caret_lies_inside(
    line: str, column: int, width: int
) -> None:
    text, caret = excerpt(line, column, width)
    size = sum(char_width(letter) for letter in text)
    # One character that is spelled out, such as \\U000e0001, is at most ten columns wide.
    assert size <= max(width, 12)
    assert 0 <= caret <= size
    assert text.isprintable()


@given(st.text())
def test_visible_text_is_printable_and_leaves_printable_text_alone(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(text) == text or not text.isprintable()


def test_wide_and_combining_letters_have_the_columns_of_a_terminal() -> None:
    assert [char_width(letter) for letter in "a値é\u0301"] == [1, 2, 1, 0]
    assert unicodedata.east_asian_width("値") == "W"


def test_long_messages_are_wrapped_and_no_word_is_cut() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    text = render_text([report(FINDING._replace(message=words, hint=words))], width=60)
    assert all(len(line) <= 60 for line in text.split("\n") if "word" in line)
    assert text.split().count("word42") == 2


def test_what_would_resolve_a_conflict_is_a_list() -> None:
    text = render_text([report(FINDING._replace(hint="any one of: widen `a`; widen `b`"))])
    assert "  help: any one of\n    - widen `a`\n    - widen `b`\n" in text


def test_a_line_of_a_megabyte_is_shown_around_its_caret() -> None:
    line = "a" * 500_000 + '"value": "P1D"' + "b" * 500_000
    text, caret = excerpt(line, 500_001, 60)
    assert text[caret:].startswith('"value": "P1D"')
    assert text.startswith("…a")
    assert text.endswith("b…")
    assert len(text) <= 60
