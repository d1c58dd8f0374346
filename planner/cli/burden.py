"""`planner burden`: what a course costs in time."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption, ProtocolArgument
from planner.cli.output_formats import read_format
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound

_FORMATS = ("table", "markdown", "csv", "json")


def burden(
    protocol: ProtocolArgument,
    arm: Annotated[
        str | None, typer.Option("--arm", help="Only this arm; all by default.", metavar="ARM")
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown, csv or json; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Sums up what a course costs in time: hours, trips, nights and calls, least and most."""
    from planner.cli.output import tell, wants_color, width, write_text
    from planner.schedule.burden import burdens
    from planner.views import burden as view

    chosen = read_format(output_format, output, _FORMATS)
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    found = burdens(file.protocol, arm)
    if chosen == "json":
        write_text(view.render_json(file.protocol, found), output)
        return
    if chosen == "csv":
        from planner.views.tables.csv import render_csv

        grid = view.burden_table(found)
        write_text(render_csv(grid), output)
        # A table for machines has no place for them, so people read them beside it.
        tell("\n".join(grid.notes))
        return
    grid = view.burden_grid(file.protocol, found)
    if chosen == "markdown":
        from planner.views.tables.markdown import render_markdown

        write_text(render_markdown(grid), output)
        return
    from planner.views.tables.text import render_table

    color = output is None and wants_color()
    write_text(render_table(grid, width=width(), color=color), output)
