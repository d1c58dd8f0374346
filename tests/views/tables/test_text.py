"""A grid on a terminal: in blocks that fit, aligned whatever the letters, and harmless."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.text import display_width
from planner.views.tables.grid import Grid, Line
from planner.views.tables.text import render_table

VISITS = tuple(f"Visit{number}" for number in range(1, 13))
EPOCHS = ("Screening", *["Treatment"] * 8, *["Follow-up"] * 3)
WIDE = Grid(
    "A study: schedule of activities",
    (("", *EPOCHS), ("Visit", *VISITS)),
    (
        Line(("Safety",), "group"),
        Line(("Blood pressure", *("X",) * 12)),
        Line(("Scales",), "group"),
        Line(("CAPS-5", "X", *("",) * 10, "X¹")),
    ),
    ("¹ By phone.", "Research only."),
)


def test_a_table_that_fits_stands_in_one_block() -> None:
    text = render_table(WIDE, width=200, color=False)
    assert text.count("Blood pressure") == 1
    assert text.endswith("¹ By phone.\n\nResearch only.\n")


def test_a_wide_table_is_split_between_groups_and_repeats_its_labels() -> None:
    lines = render_table(WIDE, width=88, color=False).split("\n")
    heads = [line.split() for line in lines if "Visit " in line]
    assert [head[1:] for head in heads] == [["Visit1"], [*VISITS[1:9]], [*VISITS[9:]]]
    assert sum(line.startswith("Blood pressure") for line in lines) == len(heads)


def test_a_group_wider_than_the_terminal_goes_on_in_the_next_block_and_says_so() -> None:
    text = render_table(WIDE, width=60, color=False)
    assert "Treatment (continued)" in " ".join(text.split())


def test_a_block_leaves_out_lines_that_say_nothing_in_it_and_their_heading() -> None:
    blocks = render_table(WIDE, width=60, color=False).split("\n\n")
    middle = next(block for block in blocks if "Visit4" in block)
    assert "Blood pressure" in middle
    assert "CAPS-5" not in middle
    assert "Scales" not in middle


def test_a_line_that_says_nothing_anywhere_keeps_its_place() -> None:
    table = Grid("A table", (("", "A"),), (Line(("Not done", "")),), ())
    assert "Not done" in render_table(table, width=60, color=False)


def test_wide_and_combining_letters_keep_the_columns_aligned() -> None:
    lines = (Line(("日本語", "here")), Line(("e\u0301tude", "here")), Line(("plain", "here")))
    table = Grid("A table", (("Label", "Place of the thing"),), lines, ())
    rows = [
        line for line in render_table(table, width=60, color=False).split("\n") if "here" in line
    ]
    assert len({display_width(row[: row.index("here")]) for row in rows}) == 1


def test_control_characters_are_shown_and_not_obeyed() -> None:
    table = Grid("A\x1b[31m table", (("\x07", "B\nC"),), (Line(("\u202e", "x\r\ny")),), ("\x00",))
    text = render_table(table, width=60, color=False)
    assert "\x1b" not in text
    for shown in ("\\x1b[31m", "\\x07", "B C", "\\u202e", "x y", "\\x00"):
        assert shown in text


def test_colours_only_where_asked() -> None:
    assert "\x1b[" in render_table(WIDE, width=100, color=True)
    assert "\x1b[" not in render_table(WIDE, width=100, color=False)


def test_a_tolerance_is_not_torn_from_its_target() -> None:
    table = Grid("A table", (("Study day", "Visit"), ("", "29 ± 7")), (Line(("a", "X")),), ())
    assert "29 ± 7" in render_table(table, width=40, color=False)


def test_an_empty_grid_is_its_title_and_its_notes() -> None:
    text = render_table(Grid("A table", (), (), ("Note.",)), width=60, color=False)
    assert text == "A table\n\nNote.\n"


words = st.lists(st.text("abcdefg±X¹日", min_size=1, max_size=9), max_size=5).map(" ".join)


@example(  # columns in which nothing stands
    40,
    2,
    (
        [("One",) * 7, ("One", "", *("One",) * 5)],
        [("", "", "", "", "", "", "X XX日日 XXXXX")],
    ),
)
@settings(deadline=None)
@given(
    st.integers(40, 120),
    st.integers(0, 2),
    st.integers(1, 9).flatmap(
        lambda number: st.tuples(
            st.lists(
                st.tuples(*[st.sampled_from(["One", "Two", ""])] * number), min_size=1, max_size=2
            ),
            st.lists(st.tuples(*[words] * number), max_size=5),
        )
    ),
)
def test_no_line_is_longer_than_the_terminal(
    width: int, labels: int, rows: tuple[list[tuple[str, ...]], list[tuple[str, ...]]]
) -> None:
    heads, lines = rows
    table = Grid("A table", tuple(heads), tuple(map(Line, lines)), ("Note.",), labels)
    for line in render_table(table, width=width, color=False).split("\n"):
        assert display_width(line) <= width


@settings(deadline=None)
@given(st.integers(40, 160), st.integers(1, 14), st.integers(1, 6))
def test_every_cell_is_shown_exactly_once(width: int, across: int, down: int) -> None:
    lines = tuple(
        Line((f"l{row}", *(f"c{row}x{column}" for column in range(across)))) for row in range(down)
    )
    heads = (("", *(f"e{column // 3}" for column in range(across))), ("", *["v"] * across))
    text = render_table(Grid("T", heads, lines, ()), width=width, color=False).split()
    for row in range(down):
        for column in range(across):
            assert text.count(f"c{row}x{column}") == 1
