"""`planner whatif`: tries a move or a miss on paper, and tells everything that it would change."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    ActualsOption,
    ArmOption,
    OutputOption,
    ProtocolArgument,
    SiteOption,
    TodayOption,
    read_date,
    read_site,
)
from planner.cli.output_formats import read_format
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.timeline.whatif import WhatIfStep


def whatif(
    protocol: ProtocolArgument,
    actuals: ActualsOption = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="Date of the anchor visit (ISO 8601).", metavar="DATE"),
    ] = None,
    move: Annotated[
        list[str] | None,
        typer.Option(
            "--move",
            help="Put a visit on a date, inside its window or not; can be repeated.",
            metavar="VISIT=DATE",
        ),
    ] = None,
    miss: Annotated[
        list[str] | None,
        typer.Option("--miss", help="Let a visit be missed; can be repeated.", metavar="VISIT"),
    ] = None,
    cancel: Annotated[
        list[str] | None,
        typer.Option("--cancel", help="Cancel a visit; can be repeated.", metavar="VISIT"),
    ] = None,
    arm: ArmOption = None,
    site: SiteOption = None,
    today: TodayOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, json or markdown; by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Tells what moving, missing or cancelling visits would change, before it is done.

    Visits that move, windows that break, appointments that cannot be kept, and what forces it. The
    exit code is 1 if not all windows are kept. Nothing is written.
    """
    from planner.cli.output import write_text
    from planner.cli.records import read_record
    from planner.cli.tables import write_grid
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.whatif import empty_record, what_if
    from planner.views import whatif as view

    chosen = read_format(output_format, output, ("table", "json", "markdown"))
    steps = _steps(move, miss, cancel)
    if not steps:
        raise PlannerError("--move, --miss or --cancel: say what to try")
    first = None if start is None else read_date(start, "--start")
    if actuals is not None:
        record = read_record(actuals)
    elif first is not None:
        record = empty_record("P0001", first)
    else:
        raise PlannerError(
            "--actuals: name a participant's record, or the anchor's date by --start"
        )
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    answer = what_if(
        PlannerCache(file.protocol, read_site(site), with_untied=anyway),
        record,
        steps,
        arm=arm,
        start=first,
        today=None if today is None else read_date(today, "--today"),
    )
    if chosen == "json":
        write_text(view.render_json(answer), output)
    else:
        write_grid(view.whatif_grid(answer), chosen, output)
    if not answer.kept:
        raise typer.Exit(1)


def _steps(
    move: list[str] | None, miss: list[str] | None, cancel: list[str] | None
) -> "list[WhatIfStep]":
    from planner.time.date import UnitError
    from planner.timeline.record import read_moment
    from planner.timeline.whatif import WhatIfStep

    steps = []
    for pair in move or ():
        name, equals, text = pair.partition("=")
        if not equals:
            raise PlannerError(
                f"--move: `{pair[:60]}`: write VISIT=DATE, as in `dosing-1=2027-02-01`"
            )
        try:
            steps.append(WhatIfStep("move", name.strip(), read_moment(text)))
        except UnitError as error:
            raise PlannerError(f"--move: {error}") from None
    steps += [WhatIfStep("miss", name.strip()) for name in miss or ()]
    steps += [WhatIfStep("cancel", name.strip()) for name in cancel or ()]
    return steps
