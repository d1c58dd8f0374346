"""A table as data: which header cells span columns, and which columns hold marks only."""

from hypothesis import given
from hypothesis import strategies as st

from planner.views.tables.grid import Grid, Line, centred, headings, padded, width_of


def grid(*heads: tuple[str, ...], labels: int = 1) -> Grid:
    return Grid("A table", heads, (), (), labels)


def spans(table: Grid) -> list[list[tuple[str, int]]]:
    return [[(one.text, one.span) for one in row] for row in headings(table)]


def test_equal_neighbours_of_an_upper_header_row_are_one_heading() -> None:
    table = grid(("", "Preparation", "Preparation", "Dosing"), ("Visit", "P1", "P2", "D1"))
    assert spans(table)[0] == [("", 1), ("Preparation", 2), ("Dosing", 1)]


def test_equal_neighbours_of_the_last_header_row_stay_apart() -> None:
    assert spans(grid(("Visit", "1d", "1d"))) == [[("Visit", 1), ("1d", 1), ("1d", 1)]]


def test_a_heading_ends_where_the_one_above_it_ends() -> None:
    table = grid(("", "A", "B"), ("", "same", "same"), ("", "1", "2"))
    assert spans(table)[1] == [("", 1), ("same", 1), ("same", 1)]


def test_a_heading_never_crosses_from_the_labels_into_the_columns() -> None:
    table = grid(("", "", "", ""), ("a", "b", "c", "d"), labels=2)
    assert spans(table)[0] == [("", 2), ("", 2)]


def test_short_rows_are_filled_up_with_empty_cells() -> None:
    table = Grid("A table", (("a",),), (Line(("1", "2", "3")), Line(("group",), "group")), ())
    assert width_of(table) == 3
    assert [one.text for one in headings(table)[0]] == ["a", "", ""]
    assert padded(("1",), 3) == ("1", "", "")


def test_only_columns_of_marks_are_drawn_in_the_middle() -> None:
    lines = (Line(("CAPS-5", "X", "at noon")), Line(("SDS", "X¹")))
    assert centred(Grid("A table", (), lines, ())) == (False, True, False)


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=5, max_size=5), min_size=1, max_size=4))
def test_headings_cover_each_column_once_and_nest(rows: list[list[str]]) -> None:
    table = grid(*map(tuple, rows))
    edges: set[int] = set()
    for cells, row in zip(rows, headings(table), strict=True):
        covered = [column for one in row for column in range(one.start, one.start + one.span)]
        assert covered == list(range(5))
        assert all(cells[column] == one.text for one in row
                   for column in range(one.start, one.start + one.span))  # fmt: skip
        assert edges <= {one.start for one in row}
        edges = {one.start for one in row}
