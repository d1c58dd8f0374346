"""`planner timeline` and `planner anchors`: dates for one participant, and which can begin."""

from typing import Annotated

import typer

from planner.cli.options import (
    ArmOption,
    AtOption,
    OutputOption,
    ParticipantOption,
    ProtocolArgument,
    SiteOption,
    StartOption,
    WithOption,
    WithoutOption,
    read_choice,
    read_date,
    read_planner,
    read_site,
)


def timeline(
    protocol: ProtocolArgument,
    start: StartOption,
    at: AtOption = None,
    arm: ArmOption = None,
    site: SiteOption = None,
    participant: ParticipantOption = "P0001",
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    output_format: Annotated[
        str, typer.Option("--format", help="table, json, csv or markdown.", metavar="FORMAT")
    ] = "table",
    output: OutputOption = None,
) -> None:
    """Dates every visit of one participant: exactly, inside all windows, on open days."""
    from planner.cli.output import complain, wants_color, width, write_text
    from planner.protocol.load import load_protocol
    from planner.timeline.plan import Contradiction, NothingFits, plan_timeline

    read_choice(output_format, ("table", "json", "csv", "markdown"), "--format")
    first = read_date(start, "--start")
    file = load_protocol(protocol)
    try:
        planner = read_planner(file, read_site(site), arm, with_visits, without_visits, at)
        planned = plan_timeline(planner, first, participant)
    except (Contradiction, NothingFits) as error:
        complain(str(error))
        raise typer.Exit(1) from None
    if output_format == "table":
        from planner.views.timeline_table import render_table

        color = output is None and wants_color()
        write_text(render_table(planned, width=width(), color=color), output)
        return
    from planner.views import timeline_data

    render = {
        "json": timeline_data.render_json,
        "csv": timeline_data.render_csv,
        "markdown": timeline_data.render_markdown,
    }[output_format]
    write_text(render(planned), output)
    if output_format == "csv":
        # A table for machines has no place for it, so people read it beside the table.
        from planner.cli.output import tell
        from planner.notice import NOTICE

        tell("; ".join(planned.conventions) + f".\n{NOTICE}")


def anchors(
    protocol: ProtocolArgument,
    first: Annotated[str, typer.Option("--from", help="First date.", metavar="DATE")],
    last: Annotated[str, typer.Option("--to", help="Last date, included.", metavar="DATE")],
    site: SiteOption = None,
    arm: ArmOption = None,
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    output_format: Annotated[
        str, typer.Option("--format", help="calendar or json.", metavar="FORMAT")
    ] = "calendar",
    output: OutputOption = None,
) -> None:
    """Tells for every date of a range whether the whole course can start there, and why not."""
    from planner.cli.output import complain, wants_color, width, write_text
    from planner.cli.progress import progress
    from planner.errors import PlannerError
    from planner.protocol.load import load_protocol
    from planner.timeline.anchors import anchor_dates
    from planner.timeline.plan import Contradiction
    from planner.views.anchor_calendar import render_calendar, render_json

    read_choice(output_format, ("calendar", "json"), "--format")
    begin, end = read_date(first, "--from"), read_date(last, "--to")
    if end < begin:
        raise PlannerError(f"--to: {end} lies before --from {begin}")
    if (end - begin).days > 3660:
        raise PlannerError("--to: the range is longer than ten years")
    file = load_protocol(protocol)
    try:
        planner = read_planner(file, read_site(site), arm, with_visits, without_visits, None)
    except Contradiction as error:
        complain(str(error))
        raise typer.Exit(1) from None
    total = (end - begin).days + 1
    days = list(progress(anchor_dates(planner, begin, end), total, "dates"))
    if output_format == "json":
        write_text(render_json(file.protocol, planner, days), output)
    else:
        color = output is None and wants_color()
        write_text(render_calendar(planner, days, width=width(), color=color), output)
    if not any(day.fits for day in days):
        raise typer.Exit(1)
