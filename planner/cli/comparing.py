"""`planner compare` and `planner claims`: what trials scheduled, and what articles say of it."""

from typing import Annotated

import typer

from planner.cli.options import PROTOCOL_HELP, OutputOption, library_words
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError


def compare(
    protocols: Annotated[
        list[str] | None,
        typer.Argument(help=PROTOCOL_HELP, metavar="PROTOCOL", autocompletion=library_words),
    ] = None,
    whole_library: Annotated[
        bool, typer.Option("--all", help="All protocols of the library.")
    ] = False,
    substance: Annotated[
        str | None,
        typer.Option(
            "--substance",
            help="All protocols of the library with this substance.",
            metavar="SUBSTANCE",
        ),
    ] = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Compare trials: sessions, intervals, durations, staffing, endpoints.

    Up to four trials are shown in columns, more in rows; CSV always has a row for each.
    """
    from planner.api import comparisons
    from planner.cli.sound_protocols import load_sound

    chosen = table_format(output_format, output)
    names = list(protocols or ())
    if whole_library or substance is not None:
        library = comparisons.library_ids(substance)
        names += [name for name in library if name not in names]
    if not names:
        raise PlannerError(
            "name the protocols to compare, or the whole library with --all, or --substance"
        )
    # It tells how the arms differ as the file says it, and dates nothing.
    files = [load_sound(name, anyway=True, by_arm=False) for name in names]
    write_answer(comparisons.compare(files), chosen, output)


def claims(
    claim: Annotated[
        str | None, typer.Argument(help="Id or number of one claim.", metavar="ID")
    ] = None,
    substance: Annotated[
        str | None,
        typer.Option("--substance", help="Only claims about this substance.", metavar="SUBSTANCE"),
    ] = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """List claims of popular articles about such trials, each checked against published sources."""
    from planner.api import comparisons

    written = table_format(output_format, output)
    write_answer(comparisons.claims(claim, substance=substance), written, output)
