"""`planner burden`: what a course costs in time."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption, ProtocolArgument
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer


def burden(
    protocol: ProtocolArgument,
    arm: Annotated[
        str | None, typer.Option("--arm", help="Only this arm; all by default.", metavar="ARM")
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Sum up the burden of a schedule: hours, trips, nights and calls, least and most."""
    from planner.api import tables

    chosen = table_format(output_format, output)
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    write_answer(tables.burden(file, arm), chosen, output)
