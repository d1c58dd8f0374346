"""`planner soa` and `planner runsheet`: the tables that a protocol document has."""

from typing import Annotated

import typer

from planner.cli.options import (
    ArmOption,
    OutputOption,
    ProtocolArgument,
    SiteOption,
    read_date,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError

_TABLES_ALONE = ("csv", "xlsx", "json")
"""Formats of one table, which no document of several has."""


def soa(
    protocol: ProtocolArgument,
    arm: ArmOption = None,
    spirit: Annotated[
        bool,
        typer.Option(
            "--spirit",
            help="All arms in the layout of the figure of SPIRIT 2025, item 18: study periods and"
            " time points above enrolment, interventions and assessments; as a picture, too (svg).",
        ),
    ] = False,
    m11: Annotated[
        bool,
        typer.Option(
            "--m11",
            help="A document with the headings of ICH M11, sections 1.2 and 1.3: trial schema,"
            " activities of each arm, run sheets as serial tables; not in csv, xlsx or json.",
        ),
    ] = False,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the schedule of activities: which assessments are done at which visit, and when."""
    from planner.api import tables

    chosen = table_format(output_format, output, more="svg" if spirit else "")
    if spirit and m11:
        raise PlannerError("--spirit and --m11 are two layouts; give one of them")
    if (spirit or m11) and arm is not None:
        raise PlannerError(f"{'--spirit' if spirit else '--m11'} shows all arms; leave out --arm")
    if m11 and chosen in _TABLES_ALONE:
        raise PlannerError(f"--m11 is a document of several tables, which {chosen} does not hold")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    if spirit:
        write_answer(tables.spirit_figure(file), chosen, output)
    elif m11:
        write_answer(tables.m11_summary(file), chosen, output)
    else:
        write_answer(tables.activities(file, arm), chosen, output)


def runsheet(
    protocol: ProtocolArgument,
    visit: Annotated[
        str,
        typer.Argument(
            help="A visit by its id (`dosing`, or `dosing-2`), its number (`V12`) or its title.",
            metavar="VISIT",
        ),
    ],
    arm: ArmOption = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            help="Time of day at which it starts, such as 09:30; the visit's own if absent.",
            metavar="HH:MM",
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", help="The day's own clock times; needs --site.", metavar="DATE"),
    ] = None,
    site: SiteOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the minute-by-minute plan of one visit, such as a dosing session."""
    from planner.api import inputs, tables

    chosen = table_format(output_format, output)
    minute = None if at is None else inputs.minute_of(at, "--at")
    if day is None and site is not None:
        raise PlannerError("--site has no effect without a date; add --date DATE")
    if day is not None and site is None:
        raise PlannerError("--date needs a site's clock; add --site FILE")
    on = None if day is None else read_date(day, "--date")
    place = None if site is None else inputs.site_of(site)
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    grid = tables.run_sheet(file, visit, arm=arm, start=minute, day=on, site=place)
    write_answer(grid, chosen, output)
