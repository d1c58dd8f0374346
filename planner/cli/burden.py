"""`planner burden`: what a course costs in time."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption, ProtocolArgument, read_choice

_FORMATS = ("table", "markdown", "csv", "json")


def burden(
    protocol: ProtocolArgument,
    arm: Annotated[
        str | None, typer.Option("--arm", help="Only this arm; all by default.", metavar="ARM")
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", help="table, markdown, csv or json.", metavar="FORMAT")
    ] = "table",
    output: OutputOption = None,
) -> None:
    """Sums up what a course costs in time: hours, trips, nights and calls, least and most."""
    from planner.cli.output import tell, wants_color, width, write_text
    from planner.protocol.load import load_protocol
    from planner.schedule.burden import burdens
    from planner.views import burden as view

    read_choice(output_format, _FORMATS, "--format")
    file = load_protocol(protocol)
    found = burdens(file.protocol, arm)
    if output_format == "json":
        write_text(view.render_json(file.protocol, found), output)
        return
    if output_format == "csv":
        from planner.views.grid_csv import render_csv

        grid = view.burden_table(found)
        write_text(render_csv(grid), output)
        # A table for machines has no place for them, so people read them beside it.
        tell("\n".join(grid.notes))
        return
    grid = view.burden_grid(file.protocol, found)
    if output_format == "markdown":
        from planner.views.grid_markdown import render_markdown

        write_text(render_markdown(grid), output)
        return
    from planner.views.grid_text import render_table

    color = output is None and wants_color()
    write_text(render_table(grid, width=width(), color=color), output)
