"""`planner evidence` and `planner sources`: how sure a schedule is, and where it is written."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    PROTOCOL_HELP,
    OutputOption,
    ProtocolArgument,
    library_words,
)
from planner.cli.output_formats import read_format

if TYPE_CHECKING:
    from planner.views.tables.grid import Grid


def evidence(
    protocols: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"{PROTOCOL_HELP} The whole library without one.",
            metavar="[PROTOCOL...]",
            autocompletion=library_words,
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown, json or csv; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Tells what share of schedules is verified, derived, secondary or assumed, the least first."""
    from planner.checks.support import least_supported_first, protocol_support
    from planner.cli.output import tell, write_text
    from planner.cli.progress import progress
    from planner.formats.load import load_protocol
    from planner.protocol.library import library_ids
    from planner.views import evidence as view

    chosen = read_format(output_format, output, ("table", "markdown", "json", "csv"))
    names = protocols or library_ids()
    trials = least_supported_first(
        protocol_support(load_protocol(name)) for name in progress(names, len(names), "protocols")
    )
    if chosen == "json":
        write_text(view.render_json(trials), output)
    elif chosen == "csv":
        from planner.views.tables.csv import render_csv

        grid = view.evidence_table(trials)
        write_text(render_csv(grid), output)
        # A table for machines has no place for them, so people read them beside it.
        tell("\n".join(grid.notes))
    elif len(trials) == 1:
        _write([view.kinds_grid(trials[0]), view.weakest_grid(trials[0])], chosen, output)
    else:
        _write([view.evidence_grid(trials)], chosen, output)


def sources(
    protocol: ProtocolArgument,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown, json or bibtex; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Shows where each timing is written, how sure it is, and what each source supports."""
    from planner.checks.support import protocol_support
    from planner.cli.output import tell, write_text
    from planner.formats.load import load_protocol

    chosen = read_format(output_format, output, ("table", "markdown", "json", "bibtex"))
    file = load_protocol(protocol)
    if chosen == "bibtex":
        from planner.views.bibtex import not_citable, render_bibtex

        write_text(render_bibtex(file.protocol), output)
        left_out = not_citable(file.protocol)
        if left_out:
            tell(f"left out, because nobody can look them up: {', '.join(left_out)}")
        return
    from planner.views import sources as view

    trial = protocol_support(file)
    if chosen == "json":
        write_text(view.render_json(trial), output)
    else:
        _write([view.timings_grid(trial), view.sources_grid(trial)], chosen, output)


def _write(grids: "list[Grid]", chosen: str, output: str | None) -> None:
    from planner.cli.output import wants_color, width, write_text

    if chosen == "markdown":
        from planner.views.tables.markdown import render_markdown

        write_text("\n".join(render_markdown(grid) for grid in grids), output)
        return
    from planner.views.tables.text import render_table

    color = output is None and wants_color()
    write_text("\n".join(render_table(grid, width=width(), color=color) for grid in grids), output)
