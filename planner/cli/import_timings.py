"""`planner import timings`: short texts of schedules of activities as timings, or why not."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption
from planner.cli.tables import TableOrJsonOption, table_format


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
            help="What texts stand in whose file does not tell: study day, week, visit window"
            " (days), cycle, hours post-dose, ...",
            metavar="WORDS",
        ),
    ] = None,
    output_format: TableOrJsonOption = None,
    output: OutputOption = None,
) -> None:
    """Reads short texts such as `15±3` and `q3w` into timings.

    What could be read in two ways is not read: both are named. Exit code 1 if a text that carries a
    time was not read.
    """
    from planner.cli.output import tell, write_text
    from planner.cli.tables import write_grid
    from planner.errors import PlannerError
    from planner.protocol.timing_text.context import Context, named_context
    from planner.protocol.timing_text.files import TextInContext, answers, read_texts, tally
    from planner.views.timing_texts import texts_grid, texts_json

    if not files and not text:
        raise PlannerError("name a file, - for standard input, or a text with --text")
    chosen = table_format(output_format, output, or_json=True)
    told = Context() if context is None else named_context(context)
    listed = [TextInContext(one, told) for one in text or []]
    for path in files or []:
        listed += read_texts(path, told)
    found = answers(listed)
    counts = tally(found)
    if chosen == "json":
        write_text(texts_json(found, counts), output)
    else:
        write_grid(texts_grid(found, counts), chosen, output)
    if chosen != "csv":
        tell(counts.sentence())
    if counts.read < counts.carrying:
        raise typer.Exit(1)
