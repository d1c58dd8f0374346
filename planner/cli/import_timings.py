"""`planner import timings`: short texts of schedules of activities as timings, or why not."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption
from planner.cli.tables import TableFormatOption, table_format, write_answer


def timings(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="CSV files with a column `value` or `text` and perhaps property_type,"
            " property_name, column_label or context; JSON tables with property_values; other"
            " files with a text a line; - for standard input.",
            metavar="FILE",
        ),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option("--text", help="Read this text; may be repeated.", metavar="TEXT"),
    ] = None,
    context: Annotated[
        str | None,
        typer.Option(
            "--context",
            help="Where the texts come from, if their file does not show it: study day, week,"
            " visit window"
            " (days), cycle, hours post-dose, ...",
            metavar="WORDS",
        ),
    ] = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Import short texts such as `15±3` and `q3w` as timings.

    An ambiguous text is not imported; both readings are listed. The exit code is 1 if a text that
    contains a time was not imported.
    """
    from planner.api.timing_texts import read_timings
    from planner.cli.output import tell
    from planner.errors import PlannerError

    if not files and not text:
        raise PlannerError("name a file, - for standard input, or a text with --text")
    chosen = table_format(output_format, output)
    texts = read_timings(text or [], files or [], context)
    write_answer(texts, chosen, output)
    if chosen != "csv":
        tell(texts.counts.sentence())
    if texts.counts.read < texts.counts.carrying:
        raise typer.Exit(1)
