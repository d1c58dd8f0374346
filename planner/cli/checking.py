"""`planner validate`, `planner rules` and `planner explain`."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import PROTOCOL_HELP, OutputOption, library_words
from planner.cli.output_formats import read_format
from planner.errors import PlannerError, did_you_mean

if TYPE_CHECKING:
    from planner.protocol.document import Document

_FORMATS = ("text", "json", "sarif", "github")
_LISTED = "`planner rules` lists them"


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
    output: OutputOption = None,
) -> None:
    """Reads and checks protocol files, and proves that they can be carried out."""
    from planner.cli.output import wants_color, width, write_text
    from planner.cli.progress import progress
    from planner.formats.checks import choose
    from planner.formats.report import report_file

    chosen = read_format(output_format, output, _FORMATS)
    checks = choose(_split(select), _split(ignore))
    reports = [
        report_file(name, progress(checks, len(checks), f"checks of {name}"), _read_site)
        for name in protocols
    ]
    if chosen == "text":
        from planner.views.findings import render_text

        color = output is None and wants_color()
        write_text(render_text(reports, color=color, width=width(piped=10_000)), output)
    else:
        from planner.views import findings_export

        render = {
            "json": findings_export.render_json,
            "sarif": findings_export.render_sarif,
            "github": findings_export.render_github,
        }[chosen]
        write_text(render(reports), output)
    if any(report.fatal for report in reports):
        raise typer.Exit(2)
    if any(finding.severity == "error" for report in reports for finding in report.findings):
        raise typer.Exit(1)


def _read_site(document: "Document") -> object:
    from planner.site.load import site_of

    return site_of(document)


def _split(names: list[str] | None) -> list[str]:
    """Names given one by one or with commas between them."""
    return [part.strip() for name in names or () for part in name.split(",") if part.strip()]


def rules(
    family: Annotated[
        str | None,
        typer.Option("--family", help="Only the checks of this family.", metavar="FAMILY"),
    ] = None,
) -> None:
    """Lists every check with its severity, family by family."""
    from planner.cli.output import write_text
    from planner.formats.checks import families, load_checks

    known = families()
    if family is not None and family not in known.values():
        hint = did_you_mean(family, set(known.values())) or _LISTED
        raise PlannerError(f"there is no family `{family[:60]}`; {hint}")
    checks = load_checks(name for name, its in known.items() if family in (None, its))
    longest = max(len(name) for name in checks)
    lines = []
    heading = ""
    for check in checks.values():
        if check.family != heading:
            heading = check.family
            lines.append(f"{heading}:")
        lines.append(f"  {check.id:<{longest}}  {check.severity:<7}  {check.title}")
    lines.append("\n`planner explain RULE` shows a check's page.")
    write_text("\n".join(lines), None)


def explain(
    rule: Annotated[str, typer.Argument(help="Id of a check.", metavar="RULE")],
) -> None:
    """Shows a check's page: what it finds, why that matters, and two examples."""
    from planner.cli.output import write_text
    from planner.formats.checks import families, load_checks

    known = families()
    if rule not in known:
        hint = did_you_mean(rule, known) or _LISTED
        raise PlannerError(f"there is no check `{rule[:60]}`; {hint}")
    check = load_checks([rule])[rule]
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
