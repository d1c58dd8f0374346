"""Writing a grid in the format that was asked for; shared by the commands that make one."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.output_formats import read_format
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.views.tables.grid import Grid

FORMATS = ("table", "markdown", "csv", "html", "xlsx")

TableFormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table, markdown, csv, html or xlsx; by the output's suffix if absent.",
        metavar="FORMAT",
    ),
]

TableOrJsonOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table, markdown, csv, html, xlsx or json; by the output's suffix if absent.",
        metavar="FORMAT",
    ),
]


def table_format(output_format: str | None, output: str | None, *, or_json: bool = False) -> str:
    """The format asked for by name or by the suffix of the output; a table for a terminal else.

    ``or_json``: the command writes JSON, too.

    Raises:
        PlannerError: there is no such format, or a workbook has no file to go to.
    """
    chosen = read_format(output_format, output, (*FORMATS, "json") if or_json else FORMATS)
    if chosen == "xlsx" and output is None:
        raise PlannerError("a workbook is no text for a terminal; name a file with -o")
    return chosen


def write_grid(grid: "Grid", chosen: str, output: str | None) -> None:
    """Writes a grid to a file or to stdout, in a format from ``table_format``.

    CSV has no place for the notes; they are told on stderr.
    """
    from planner.cli.output import tell, wants_color, width, write_text

    if chosen == "table":
        from planner.views.tables.text import render_table

        color = output is None and wants_color()
        write_text(render_table(grid, width=width(), color=color), output)
    elif chosen == "markdown":
        from planner.views.tables.markdown import render_markdown

        write_text(render_markdown(grid), output)
    elif chosen == "html":
        from planner.views.tables.html import render_html

        write_text(render_html(grid), output)
    elif chosen == "csv":
        from planner.views.tables.csv import render_csv

        write_text(render_csv(grid), output)
        for note in grid.notes:
            tell(note)
    else:
        from planner.files import replacing
        from planner.views.tables.xlsx import write_xlsx

        assert output is not None, "table_format refuses a workbook without a file"
        with replacing(output) as file:
            write_xlsx(grid, file)
