"""Styled texts keep within their columns, with their letters in order and their styles."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner
from planner.text import display_width
from planner.views.terminal import RowCell, Style, Styled, draw_paragraph, draw_row, wrap_styled

PIECES = st.lists(
    st.builds(
        Styled, st.text("ab ± 漢\u0301"), st.sampled_from([Style.NONE, Style.BOLD, Style.RED])
    ),
    min_size=1,
    max_size=5,
)


def without_styles(text: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", text)


@given(PIECES, st.integers(4, 30), st.sampled_from(["", "  "]))
def test_lines_keep_within_the_width_and_lose_no_letter(
    pieces: list[Styled], width: int, indent: str
) -> None:
    lines = wrap_styled(pieces, width, indent)
    texts = ["".join(piece.text for piece in line) for line in lines]
    assert all(display_width(text.rstrip()) <= width for text in texts)
    letters = [(letter, piece.style) for line in lines for piece in line for letter in piece.text]
    written = [(letter, piece.style) for piece in pieces for letter in piece.text]
    assert [pair for pair in letters if pair[0] != " "] == [
        pair for pair in written if pair[0] != " "
    ]


@given(PIECES, st.integers(4, 30))
def test_colours_change_nothing_but_colours(pieces: list[Styled], width: int) -> None:
    colored = [without_styles(line) for line in draw_paragraph(pieces, width, color=True)]
    plain = list(draw_paragraph(pieces, width, color=False))
    assert [line.rstrip() for line in colored] == plain


def test_a_style_begins_anew_on_each_line() -> None:
    lines = list(draw_paragraph([Styled("see "), Styled("one two", Style.BOLD)], 8, color=True))
    assert lines == ["see \x1b[1mone\x1b[0m", "\x1b[1mtwo\x1b[0m"]


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\u202eb", "a\x07b"])
def test_what_a_terminal_would_obey_is_spelled_out(text: str) -> None:
    (line,) = draw_paragraph([Styled(text), Styled("!")], 40, color=True)
    assert line.isprintable()
    assert "\\" in line


def test_cells_stand_in_their_columns() -> None:
    def cell(text: str, width: int) -> RowCell:
        return RowCell(wrap_styled([Styled(text)], width), width)

    cells = [
        cell("漢字", 6),
        cell("12", 4)._replace(align="right"),
        cell("x", 3)._replace(align="middle"),
        cell("two lines", 5),
        cell("low", 3)._replace(at_bottom=True),
    ]
    assert list(draw_row(cells, color=False)) == ["漢字      12   x   two", " " * 19 + "lines  low"]


def test_colours_are_written_in_one_place() -> None:
    package = Path(__file__).parents[2] / "planner"
    others = [
        path
        for path in package.rglob("*.py")
        if re.search(r"x1b\[[^K]|^(?:from|import) rich", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert others == [package / "views" / "terminal.py"]


def test_a_page_in_colour_says_what_the_plain_page_says() -> None:
    check = planner.find_check("infeasible")
    drawn = planner.render(check, "table", width=60, color=True)
    assert "\x1b[" in drawn
    bare = re.sub(r"\x1b\[[0-9;]*m", "", drawn)
    assert max(map(len, bare.split("\n"))) <= 60
    assert re.sub(r"\s+", "", check.page.bad) in re.sub(r"\s+", "", bare)
    assert " ".join(check.page.what.split()) in " ".join(bare.split())
    assert "\x1b[" not in planner.render(check, "table")
