"""`planner validate`, `planner rules` and `planner explain`."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import PROTOCOL_HELP, OutputOption, library_words
from planner.cli.output_formats import read_format
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.types import FileReport

_FORMATS = ("text", "json", "sarif", "github")


def validate(
    protocols: Annotated[
        list[str],
        typer.Argument(help=PROTOCOL_HELP, metavar="PROTOCOL...", autocompletion=library_words),
    ],
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="text, json, sarif or github; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", help="Run only this check or family; can be repeated.", metavar="RULE"
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", help="Leave out this check or family.", metavar="RULE"),
    ] = None,
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            help="The protocol of records that name none, or a file for those that name its id; can"
            " be repeated.",
            metavar="PROTOCOL",
            autocompletion=library_words,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            help="Run only the checks of a profile: m11, what ICH M11 asks of the schedule of"
            " activities.",
            metavar="WHAT",
        ),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            help="Show notes with their lines and advice, and known remarks on library protocols.",
        ),
    ] = False,
    output: OutputOption = None,
) -> None:
    """Check protocol files for errors, and whether all their rules can be kept together.

    Site files, participants' records, folders of them, lists of participants and `planner.toml` are
    checked as well, and the output names the kind of each file. The visits that a record names are
    checked by the protocol that it is of.

    Exit code 0 if there are no errors (warnings and notes are none), 1 if there are, 2 if a file
    cannot be read.
    """
    from planner.api.checks import (
        check_file,
        files_to_check,
        profile_named,
        record_names,
        render_file_reports,
    )
    from planner.cli.output import wants_color, width, write_text
    from planner.cli.progress import progress

    chosen = read_format(output_format, output, _FORMATS)
    profiles = [] if profile is None else [profile_named(profile)]
    names = record_names(protocol or ())

    def examined(name: str) -> "FileReport":
        return check_file(
            name,
            select=[*_split(select), *profiles],
            ignore=_split(ignore),
            protocols=names,
            around=lambda checks: progress(checks, len(checks), f"checks of {name}"),
        )

    reports = [examined(name) for name in files_to_check(protocols)]
    color = output is None and wants_color()
    text = render_file_reports(
        reports, chosen, color=color, width=width(piped=10_000), verbose=verbose or bool(profiles)
    )
    write_text(text, output)
    if any(report.fatal for report in reports):
        raise typer.Exit(2)
    if any(finding.severity == "error" for report in reports for finding in report.findings):
        raise typer.Exit(1)


def _split(names: list[str] | None) -> list[str]:
    """Names given one by one or with commas between them."""
    return [part.strip() for name in names or () for part in name.split(",") if part.strip()]


def rules(
    family: Annotated[
        str | None,
        typer.Option("--family", help="Only the checks of this family.", metavar="FAMILY"),
    ] = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """List all checks of protocol files by family, each with its severity."""
    from planner.api.checks import list_checks

    chosen = table_format(output_format, output)
    write_answer(list_checks(family), chosen, output)


def explain(
    rule: Annotated[str | None, typer.Argument(help="Id of a check.", metavar="RULE")] = None,
    glossary: Annotated[
        bool,
        typer.Option(
            "--glossary", help="Explain the terms instead, with their names in four standards."
        ),
    ] = False,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown or json, and of the glossary csv, html, xlsx, docx or pdf; by the"
            " output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Explain a check, with one example that fails and one that passes."""
    if glossary == (rule is not None):
        raise PlannerError("name a check, which `planner rules` lists, or give --glossary alone")
    if rule is None:
        from planner.api import library

        write_answer(library.glossary(), table_format(output_format, output), output)
        return
    from planner.api.checks import find_check

    chosen = read_format(output_format, output, ("table", "markdown", "json"))
    write_answer(find_check(rule), chosen, output)
