"""`planner compare` and `planner claims`: what trials scheduled, and what articles say of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import PROTOCOL_HELP, OutputOption, library_words
from planner.cli.output_formats import read_format
from planner.errors import PlannerError, did_you_mean

if TYPE_CHECKING:
    from planner.views.tables.grid import Grid


def compare(
    protocols: Annotated[
        list[str] | None,
        typer.Argument(help=PROTOCOL_HELP, metavar="PROTOCOL", autocompletion=library_words),
    ] = None,
    whole_library: Annotated[
        bool, typer.Option("--all", help="Every protocol of the library.")
    ] = False,
    substance: Annotated[
        str | None,
        typer.Option(
            "--substance",
            help="Every protocol of the library with this substance.",
            metavar="SUBSTANCE",
        ),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown or csv; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Sets trials side by side: sessions, spacing, lengths, staff, endpoints, all from the files.

    Up to four trials stand in columns, more in lines; CSV always has a line for each.
    """
    from planner.cli.sound_protocols import load_sound
    from planner.schedule.protocol_metrics import outlines
    from planner.views.comparison import comparison_grid

    chosen = read_format(output_format, output, ("table", "markdown", "csv"))
    names = list(protocols or ())
    if whole_library or substance is not None:
        names += [name for name in _library(substance) if name not in names]
    if not names:
        raise PlannerError(
            "name the protocols to compare, or the whole library with --all, or --substance"
        )
    # It tells how the arms differ as the file says it, and dates nothing.
    files = [load_sound(name, anyway=True, by_arm=False).protocol for name in names]
    trials = [outlines(protocol) for protocol in files]
    grid = comparison_grid(trials, as_lines=True if chosen == "csv" else None)
    _write_grid(grid, chosen, output)


def _library(substance: str | None) -> list[str]:
    """The ids of the library's protocols, or of those with a substance."""
    from planner.protocol.library import library_ids
    from planner.protocol.library_trials import library_ids_with, read_substance

    if substance is None:
        return library_ids()
    return sorted(library_ids_with(read_substance(substance, "--substance")))


def _write_grid(grid: "Grid", chosen: str, output: str | None) -> None:
    from planner.cli.output import tell, wants_color, width, write_text

    if chosen == "table":
        from planner.views.tables.text import render_table

        color = output is None and wants_color()
        write_text(render_table(grid, width=width(), color=color), output)
    elif chosen == "markdown":
        from planner.views.tables.markdown import render_markdown

        write_text(render_markdown(grid), output)
    else:
        from planner.views.tables.csv import render_csv

        write_text(render_csv(grid), output)
        tell("\n".join(grid.notes))  # a table for machines has no place for them


def claims(
    claim: Annotated[
        str | None, typer.Argument(help="Id or number of one claim.", metavar="ID")
    ] = None,
    substance: Annotated[
        str | None,
        typer.Option("--substance", help="Only claims about this one.", metavar="SUBSTANCE"),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown or json; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Shows what popular articles claim of such trials, and what the trials' own files say."""
    from planner.cli.output import write_text
    from planner.protocol.claims import load_claims
    from planner.protocol.library_trials import (
        library_ids_with,
        library_trials,
        read_substance,
    )
    from planner.schedule.claims import compare_claim, trials_of
    from planner.views.claims import claim_grid, list_grid, render_json

    written = read_format(output_format, output, ("table", "markdown", "json"))
    record = load_claims()
    chosen = record.claims
    if claim is not None:
        found = record.claim(claim)
        if found is None:
            raise PlannerError(_no_claim(claim, [one.id for one in chosen]))
        chosen = (found,)
    if substance is not None:
        named = library_ids_with(read_substance(substance, "--substance"))
        chosen = tuple(
            one for one in chosen if substance in one.substance or named & set(one.protocols)
        )
        if not chosen:
            raise PlannerError(f"--substance: no such claim is about `{substance}`")
    trials = library_trials() if any(one.rule for one in chosen) else []
    outlined = trials_of(trials)
    results = [compare_claim(one, outlined) for one in chosen]
    if written == "json":
        write_text(render_json(record, results), output)
        return
    grid = list_grid(record, results) if claim is None else claim_grid(record, results[0])
    _write_grid(grid, written, output)


def _no_claim(name: str, known: list[str]) -> str:
    hint = did_you_mean(name.lower(), known) or "`planner claims` lists them with their numbers"
    return f"there is no claim `{name[:60]}`; {hint}"
