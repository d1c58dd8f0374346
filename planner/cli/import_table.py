"""`planner import table`: a table of visits as a protocol file."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import read_choice


def table(
    file: Annotated[
        str,
        typer.Argument(
            help="A .csv, .xlsx or .docx file: a visit a row, or a schedule of activities with"
            " visits in columns; - is CSV from standard input.",
            metavar="FILE",
        ),
    ],
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            help="The sheet of a workbook, or `table 2` of a document, if several can be it.",
            metavar="NAME",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--map",
            help="Which columns mean what, by heading or letter: name, day, offset, minus, plus,"
            " earliest, latest, window, activities, epoch.",
            metavar="day=NAME,...",
        ),
    ] = None,
    day_zero: Annotated[
        bool | None,
        typer.Option(
            "--day-zero/--day-one",
            help="Whether the table's days have a Day 0, or Day -1 is the day before Day 1.",
        ),
    ] = None,
    week_zero: Annotated[
        bool | None,
        typer.Option(
            "--week-zero/--week-one", help="Whether the table's weeks begin with Week 0 or Week 1."
        ),
    ] = None,
    window_ends: Annotated[
        str | None,
        typer.Option(
            "--window-ends",
            help="What the ends of windows count from: around-target (the visit's day) or"
            " from-baseline (as the table's days do).",
            metavar="READING",
        ),
    ] = None,
    signed_minus: Annotated[
        bool,
        typer.Option(
            "--signed-minus",
            help="Read -3 in a column of days before as 3 days before the visit's day.",
        ),
    ] = False,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor",
            help="The visit that days are counted from, if none is on Day 1 or Day 0.",
            metavar="VISIT",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", help="Write to this file instead of stdout.", metavar="FILE"
        ),
    ] = None,
    replace: ReplaceOption = False,
) -> None:
    """Import a table of visits as a protocol file.

    Columns are recognised by their headings and listed on stderr with their first values, as are
    the cells that were not understood. What has two readings with different dates is asked for by
    option.
    """
    from planner.api.imports import TABLE_WINDOW_ENDS, import_table
    from planner.api.rendering import render
    from planner.cli.output import tell
    from planner.cli.output_formats import read_format

    read_format(None, output, ("yaml",))
    imported = import_table(
        file,
        sheet=sheet,
        columns=_columns(columns),
        day_zero=day_zero,
        week_zero=week_zero,
        window_ends=None
        if window_ends is None
        else read_choice(window_ends, TABLE_WINDOW_ENDS, "--window-ends"),
        signed_minus=signed_minus,
        anchor=anchor,
    )
    write_new(imported.text, output, replace=replace)
    tell(render(imported, "text"))


def _columns(text: str | None) -> dict[str, str]:
    from planner.errors import PlannerError

    chosen = {}
    for part in (text or "").split(",") if text else ():
        meaning, sign, heading = part.partition("=")
        if not sign or not heading.strip():
            raise PlannerError(f"--map: `{part.strip()}` is no MEANING=HEADING")
        chosen[meaning.strip()] = heading.strip()
    return chosen
