"""`planner ical`: any calendar file checked, and two of them compared."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption, read_choice
from planner.cli.output_formats import read_format
from planner.cli.tables import table_format, write_answer

ical = typer.Typer(
    name="ical",
    help="Check any calendar file (.ics), or compare two as a subscriber sees them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_FORMATS = ("text", "json", "github")


@ical.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(help="Calendar files of any program; - is stdin.", metavar="FILE..."),
    ],
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="text, json or github; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            help="What the files are for: file (anything), published (a feed: METHOD:PUBLISH) or"
            " caldav (stored objects: one UID, no METHOD).",
            metavar="WHAT",
        ),
    ] = "file",
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    output: OutputOption = None,
) -> None:
    """Check calendar files line by line against the iCalendar standards.

    Exit code 0 for no errors (warnings are no errors, unless --strict), 1 for errors, 2 for a file
    that cannot be read.
    """
    from planner.api.calendars import PROFILES, check_calendar
    from planner.api.rendering import render_reports
    from planner.cli.output import wants_color, width, write_text
    from planner.cli.progress import progress

    chosen = read_format(output_format, output, _FORMATS)
    wanted = read_choice(profile, PROFILES, "--profile")
    reports = [check_calendar(name, wanted) for name in progress(files, len(files), "files")]
    color = output is None and wants_color()
    write_text(render_reports(reports, chosen, color=color, width=width(piped=10_000)), output)
    if any(report.report.fatal for report in reports):
        raise typer.Exit(2)
    counted = ("error", "warning") if strict else ("error",)
    if any(report.report.count(severity) for report in reports for severity in counted):
        raise typer.Exit(1)


@ical.command()
def diff(
    old: Annotated[str, typer.Argument(help="The calendar as it was.", metavar="OLD")],
    new: Annotated[str, typer.Argument(help="The calendar as it is now.", metavar="NEW")],
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown, json, csv, html or xlsx; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Show which changes between two calendar files a subscriber sees.

    Events are matched by UID and RECURRENCE-ID. Exit code 0 if there is no visible difference, 1 if
    there is one, 2 if one of the files cannot be read.
    """
    from planner.api.calendars import diff_calendars

    chosen = table_format(output_format, output)
    difference = diff_calendars(old, new)
    write_answer(difference, chosen, output)
    if not difference.changes.same:
        raise typer.Exit(1)


@ical.command()
def rules() -> None:
    """List the rules for calendar files, each with the clause of its standard."""
    from planner.api.calendars import calendar_rules
    from planner.cli.output import write_text

    rules = calendar_rules()
    wide = max(len(rule.id) for rule in rules)
    lines = [
        f"{rule.id:<{wide}}  {rule.severity:<7}  {rule.clause:<17}  {rule.title}" for rule in rules
    ]
    write_text("\n".join(lines), None)
