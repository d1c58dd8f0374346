"""`planner burden`: what a course costs in time."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption, ProtocolArgument
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError


def burden(
    protocol: ProtocolArgument,
    arm: Annotated[
        str | None, typer.Option("--arm", help="Only this arm; all by default.", metavar="ARM")
    ] = None,
    soecat: Annotated[
        bool,
        typer.Option(
            "--soecat",
            help="Procedures by visits with minutes and people, as the schedule of events of a"
            " SoECAT has them; a line for each in csv.",
        ),
    ] = False,
    iras: Annotated[
        bool,
        typer.Option(
            "--iras",
            help="Procedures in total with minutes, who and where, as questions A18 and A19 of the"
            " IRAS form ask.",
        ),
    ] = False,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Sum up the burden of a schedule: hours, trips, nights and calls, least and most."""
    from planner.api import tables

    chosen = table_format(output_format, output)
    if soecat and iras:
        raise PlannerError("--soecat and --iras are two tables; give one of them")
    if (soecat or iras) and arm is not None:
        raise PlannerError(f"{'--soecat' if soecat else '--iras'} has all arms; leave out --arm")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    if soecat:
        write_answer(tables.procedures(file), chosen, output)
    elif iras:
        write_answer(tables.procedure_totals(file), chosen, output)
    else:
        write_answer(tables.burden(file, arm), chosen, output)
