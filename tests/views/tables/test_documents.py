"""A grid as Markdown, CSV and HTML: whole, plain, and deaf to what hostile cells say."""

import csv
import io
from html.parser import HTMLParser

from planner.views.tables.csv import render_csv
from planner.views.tables.grid import Grid, Line
from planner.views.tables.html import render_html
from planner.views.tables.markdown import render_markdown

TABLE = Grid(
    "A study: <activities> & more",
    (("", "Preparation", "Preparation", "Dosing"), ("Study day", "-7", "-1", "29 ± 7")),
    (
        Line(("Scales",), "group"),
        Line(("CAPS-5", "X", "", "X¹")),
        Line(("=1+1", "<script>alert(1)</script>", "a|b", "*x* [y](z)")),
    ),
    ("¹ By phone.", "Research only."),
)


def test_markdown_has_the_epochs_once_and_the_other_header_rows_in_bold() -> None:
    lines = render_markdown(TABLE).split("\n")
    assert lines[0] == "## A study: &lt;activities&gt; &amp; more"
    assert lines[2] == "|  | Preparation |  | Dosing |"
    assert lines[4] == "| **Study day** | **-7** | **-1** | **29 ± 7** |"
    assert lines[5] == "| **Scales** |  |  |  |"
    assert lines[-2] == "*Research only.*"


def test_nothing_in_a_cell_acts_as_markdown_or_html() -> None:
    text = render_markdown(TABLE)
    assert "<script>" not in text
    assert "a\\|b" in text
    assert "\\*x\\* \\[y\\](z)" in text


def test_csv_reads_back_with_headings_repeated() -> None:
    rows = list(csv.reader(io.StringIO(render_csv(TABLE))))
    assert rows[0] == ["", "Preparation", "Preparation", "Dosing"]
    assert rows[1] == ["Study day", "-7", "-1", "29 ± 7"]
    assert rows[3] == ["CAPS-5", "X", "", "X¹"]
    assert {len(row) for row in rows} == {4}


class Page(HTMLParser):
    """The tags of a page with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_is_well_formed_and_says_what_each_header_cell_is_for() -> None:
    page = Page(render_html(TABLE))
    assert not page.open
    names = [tag for tag, _ in page.tags]
    assert names.count("table") == names.count("caption") == 1
    scopes = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert None not in scopes
    assert scopes.count("colgroup") == 1
    assert scopes.count("rowgroup") == 1
    spans = [attributes.get("colspan") for tag, attributes in page.tags if tag == "th"]
    assert spans.count("2") == 1


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    page = render_html(TABLE)
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert "alert(1)" in "".join(Page(page).texts)
    for tag, attributes in Page(page).tags:
        assert tag not in ("script", "link", "img", "iframe")
        assert not any(name.startswith("on") or name in ("src", "href") for name in attributes)


def wide_grid() -> Grid:
    """Thirty columns of three epochs beside the labels."""
    epochs = ("", *["One"] * 9, *["Two"] * 14, *["Three"] * 7)
    numbers = ("Visit", *(f"V{number:02d}" for number in range(30)))
    lines = [Line(("Scales",), "group"), Line(("a", *["X"] * 30))]
    return Grid("Wide", (epochs, numbers), tuple(lines), ("Note.", "Research only."))


def test_a_wide_table_stands_in_parts_that_begin_where_a_heading_begins() -> None:
    page = Page(render_html(wide_grid()))
    captions = [text for text in page.texts if text.startswith("Wide, part")]
    assert captions == [f"Wide, part {number} of 4" for number in (1, 2, 3, 4)]
    visits = [text for text in page.texts if text.startswith("V") and text[1:].isdigit()]
    assert visits == [f"V{number:02d}" for number in range(30)]
    assert page.texts.count("Visit") == 4
    names = [attributes["id"] for tag, attributes in page.tags if tag == "caption"]
    assert len(set(names)) == 4


def test_pages_are_printed_on_landscape_paper_with_the_header_rows_on_each() -> None:
    page = render_html(wide_grid())
    assert "size: A4 landscape" in page
    assert "thead { display: table-header-group; }" in page


def test_urgent_rows_have_a_colour_and_dates_do_not_break() -> None:
    window = "01-27..02-10"
    lines = (
        Line(("P0001", "Wed 2027-02-03 09:00", window, "overdue by 8 days"), urgency="overdue"),
        Line(("P0002", "2026-12-28..2027-01-05", "DE-03-017", "planned")),
    )
    page = render_html(Grid("Due", (("Who", "Planned", "Window", "Status"),), lines, ("N.",)))
    first, second = (row for row in page.splitlines() if row.startswith("<tr") and "P000" in row)
    assert first.startswith('<tr class="overdue">')
    assert second.startswith("<tr><")
    assert f'<span class="date">{window}</span>' in first
    assert '<span class="date">Wed 2027-02-03</span> 09:00' in first
    assert '<span class="date">2026-12-28..2027-01-05</span>' in second
    assert "<td>DE-03-017</td>" in second
