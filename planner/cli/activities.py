"""`planner soa` and `planner runsheet`: the tables that a protocol document has."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    ArmOption,
    OutputOption,
    ProtocolArgument,
    SiteOption,
    read_date,
    read_site,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_grid

if TYPE_CHECKING:
    from datetime import date

    from planner.site.calendar import SiteCalendar


def soa(
    protocol: ProtocolArgument,
    arm: ArmOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Shows the schedule of activities: what is done at which visit, and when that is."""
    from planner.views.schedule_of_activities import schedule_of_activities

    chosen = table_format(output_format, output)
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    write_grid(schedule_of_activities(file.protocol, arm), chosen, output)


def runsheet(
    protocol: ProtocolArgument,
    visit: Annotated[
        str,
        typer.Argument(
            help="Id of a visit, or of one of its occurrences (`dosing-2`).", metavar="VISIT"
        ),
    ],
    arm: ArmOption = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start", help="Time of day it starts; the visit's own if absent.", metavar="HH:MM"
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
    """Shows the minute-by-minute plan of one visit, such as a dosing session."""
    from planner.views.run_sheet import run_sheet_grid

    chosen = table_format(output_format, output)
    minute = None if start is None else _read_time(start)
    date_of, calendar = _read_day(day, site)
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    grid = run_sheet_grid(file.protocol, visit, arm, start=minute, day=date_of, site=calendar)
    write_grid(grid, chosen, output)


def _read_time(text: str) -> int:
    from planner.errors import PlannerError
    from planner.time.date import UnitError, parse_time

    try:
        return parse_time(text)
    except UnitError as error:
        raise PlannerError(f"--start: {error}") from None


def _read_day(day: str | None, site: str | None) -> "tuple[date | None, SiteCalendar | None]":
    from planner.errors import PlannerError

    if day is None and site is None:
        return None, None
    if day is None:
        raise PlannerError("--site says nothing without a date; give --date DATE")
    if site is None:
        raise PlannerError("--date needs the clocks of a place; give --site FILE")
    return read_date(day, "--date"), read_site(site)
