"""`planner timeline` and `planner anchors`: dates for one participant, and which can begin."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from planner.brevity import all_reasons
from planner.cli.options import (
    ActualsOption,
    ArmOption,
    AtOption,
    OutputOption,
    ProtocolArgument,
    SiteOption,
    TodayOption,
    UnblindedOption,
    VerboseOption,
    WithOption,
    WithoutOption,
    read_date,
    read_fixed,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import AnswerNo, PlannerError

if TYPE_CHECKING:
    from planner.api.types import ProtocolFile

OptionalStartOption = Annotated[
    str | None,
    typer.Option("--start", help="Date of the anchor visit (ISO 8601).", metavar="DATE"),
]
OptionalParticipantOption = Annotated[
    str | None,
    typer.Option(
        "--participant", help="Code of the participant; P0001 by default.", metavar="CODE"
    ),
]


def timeline(
    protocol: ProtocolArgument,
    start: OptionalStartOption = None,
    at: AtOption = None,
    arm: ArmOption = None,
    site: SiteOption = None,
    participant: OptionalParticipantOption = None,
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    actuals: ActualsOption = None,
    today: TodayOption = None,
    unblinded: UnblindedOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Schedule one participant: a calendar date for every visit, inside all visit windows.

    With the participant's record, the remaining visits are rescheduled around what has happened,
    none before --today, which is today's date at the site if absent. If no plan keeps all windows,
    the one with the smallest total deviation is shown and marked, and the exit code is 1.
    """
    from planner.api import plans
    from planner.api.inputs import site_of
    from planner.cli.clock import today_at
    from planner.cli.records import read_record

    chosen = table_format(output_format, output)
    if actuals is None and start is None:
        raise PlannerError("--start: name the date of the anchor visit, or a record with --records")
    if actuals is None and today is not None:
        raise PlannerError("--today: has no effect without a record; give one with --records")
    if actuals is not None and (at or participant is not None):
        option = "--at" if at else "--participant"
        raise PlannerError(
            f"{option}: the record of --records gives that already; leave the option out"
        )
    first = None if start is None else read_date(start, "--start")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    with _answering_in_json(file, chosen, output), all_reasons(verbose):
        place = None if site is None else site_of(site)
        day = None if today is None else read_date(today, "--today")
        if actuals is not None and day is None:
            day = today_at(place)
        record = None if actuals is None else read_record(actuals, day)
        planned = plans.plan(
            file,
            first,
            site=place,
            participant=participant or None,
            arm=arm,
            with_visits=with_visits or None,
            without_visits=without_visits or (),
            at=read_fixed(at),
            actuals=record,
            today=day,
            unblinded=unblinded,
            anyway=anyway,
        )
        if actuals is not None and first is not None and planned.anchor_date != first:
            raise PlannerError(
                f"--start: the record dates `{planned.anchor_visit}` on {planned.anchor_date}"
            )
    with all_reasons(verbose):
        write_answer(planned, chosen, output)
    if planned.forced:
        raise typer.Exit(1)


@contextmanager
def _answering_in_json(file: "ProtocolFile", chosen: str, output: str | None) -> Iterator[None]:
    """Writes why there is no plan as JSON where JSON is asked for; the message is said as well."""
    try:
        yield
    except AnswerNo as answer:
        if chosen == "json":
            from planner.api.rendering import render_refusal
            from planner.cli.output import write_text

            write_text(render_refusal(file, answer), output)
        raise


def anchors(
    protocol: ProtocolArgument,
    first: Annotated[str, typer.Option("--from", help="First date.", metavar="DATE")],
    last: Annotated[str, typer.Option("--to", help="Last date, included.", metavar="DATE")],
    site: SiteOption = None,
    arm: ArmOption = None,
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    actuals: ActualsOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show for each date of a range whether a participant can start there, and if not, why.

    With the participant's record, what has taken place stays, and no visit is on a date on which
    the participant is away. The exit code is 1 if none of the dates is possible.
    """
    from planner.api import plans
    from planner.cli.progress import progress
    from planner.cli.records import read_record

    chosen = table_format(output_format, output, first="calendar")
    begin, end = read_date(first, "--from"), read_date(last, "--to")
    if end < begin:
        raise PlannerError(f"--to: {end} is before --from {begin}")
    total = (end - begin).days + 1
    if total > plans.MAX_ANCHOR_DAYS + 1:
        raise PlannerError("--to: the range is longer than ten years")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    with _answering_in_json(file, chosen, output):
        answer = plans.anchors(
            file,
            begin,
            end,
            site=site,
            arm=arm,
            with_visits=with_visits or None,
            without_visits=without_visits or (),
            actuals=None if actuals is None else read_record(actuals),
            anyway=anyway,
            around=lambda days: progress(days, total, "dates"),
        )
    with all_reasons(verbose):
        write_answer(answer, chosen, output)
    if not any(day.fits for day in answer.days):
        raise typer.Exit(1)
