"""Writing an answer in the format that was asked for; shared by the commands that make one."""

from typing import Annotated

import typer

from planner.cli.output_formats import read_format
from planner.errors import PlannerError

FORMATS = ("table", "markdown", "csv", "html", "xlsx", "docx", "pdf", "json")
"""The formats of every table."""
_FILES = {"xlsx": "a workbook", "docx": "a document", "pdf": "a page"}
"""Formats that are no text, in words."""

TableFormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table, markdown, csv, html, xlsx, docx, pdf or json; by the output's suffix if"
        " absent.",
        metavar="FORMAT",
    ),
]


def table_format(
    output_format: str | None, output: str | None, *, first: str = "table", more: str = ""
) -> str:
    """The format asked for by name or by the suffix of the output; the first for a terminal else.

    Args:
        output_format: the value of `--format`, if it is given.
        output: the value of `-o`, if it is given.
        first: what a terminal gets, where that is called otherwise than ``table``.
        more: one further format that the command writes.

    Raises:
        PlannerError: there is no such format, the suffix is that of another one, or what is no text
            has no file to go to.
    """
    allowed = dict.fromkeys((first, *FORMATS, *filter(None, [more])))
    chosen = read_format(output_format, output, tuple(allowed))
    if chosen in _FILES and output is None:
        raise PlannerError(f"{_FILES[chosen]} is not text for a terminal; name a file with -o")
    return "table" if chosen == first else chosen


def write_answer(answer: object, chosen: str, output: str | None) -> None:
    """Writes what a function of `planner.api` gave back to a file or to stdout, in a format.

    CSV has no place for the notes of a table; they are told on stderr.
    """
    from planner.api.rendering import notes_beside, render, write
    from planner.cli.output import draws_lines, tell, wants_color, width, write_text

    if chosen in _FILES:
        assert output is not None, "table_format refuses what is not text without a file"
        write(answer, output, chosen)
        return
    terminal = output is None
    look = {"color": terminal and wants_color(), "plain": terminal and not draws_lines()}
    write_text(render(answer, chosen, width=width(), **look), output)
    if chosen == "csv":
        for note in notes_beside(answer):
            tell(note)
