"""`planner validate`, `planner rules` and `planner explain`."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import PROTOCOL_HELP, OutputOption, library_words
from planner.cli.output_formats import read_format

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
    checked as well, and the answer says what each file is.

    Exit code 0 if there are no errors (warnings and notes are none), 1 if there are, 2 if a file
    cannot be read.
    """
    from planner.api.checks import check_file, files_to_check, render_file_reports
    from planner.cli.output import wants_color, width, write_text
    from planner.cli.progress import progress

    chosen = read_format(output_format, output, _FORMATS)

    def examined(name: str) -> "FileReport":
        return check_file(
            name,
            select=_split(select),
            ignore=_split(ignore),
            around=lambda checks: progress(checks, len(checks), f"checks of {name}"),
        )

    reports = [examined(name) for name in files_to_check(protocols)]
    color = output is None and wants_color()
    text = render_file_reports(
        reports, chosen, color=color, width=width(piped=10_000), verbose=verbose
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
) -> None:
    """List all checks of protocol files by family, each with its severity."""
    from planner.api.checks import list_checks
    from planner.cli.output import write_text

    checks = list_checks(family)
    longest = max(len(check.id) for check in checks)
    lines = []
    heading = ""
    for check in checks:
        if check.family != heading:
            heading = check.family
            lines.append(f"{heading}:")
        lines.append(f"  {check.id:<{longest}}  {check.severity:<7}  {check.title}")
    lines.append("\n`planner explain RULE` shows a check's page.")
    write_text("\n".join(lines), None)


def explain(
    rule: Annotated[str, typer.Argument(help="Id of a check.", metavar="RULE")],
) -> None:
    """Explain a check, with one example that fails and one that passes."""
    from planner.api.checks import find_check
    from planner.cli.output import write_text

    check = find_check(rule)
    page = check.page
    bad, good = (_indent(text) for text in (page.bad, page.good))
    text = ""
    if check.family == "imported":
        text = "The examples are what changes in a small USDM study, part by part and id by id.\n\n"
    follows = ""
    if check.misleads:
        follows = "Dates can be wrong or visits left out: nothing is planned, drawn or exported"
        follows += " without --anyway.\n\n"
    elif check.family == "blinding" and check.severity == "error":
        follows = "Nothing is planned, drawn or exported by arm without --unblinded.\n\n"
    write_text(
        f"{check.id}: {check.title}\n{check.severity}, family {check.family}\n\n{page.what}\n\n"
        f"Why: {page.why}\n\n{follows}{text}Fails:\n\n{bad}\n\nPasses:\n\n{good}\n",
        None,
    )


def _indent(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").split("\n"))
