"""`planner whatif`: tries a move or a miss on paper, and tells everything that it would change."""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from planner.brevity import all_reasons
from planner.cli.options import (
    ActualsOption,
    ArmOption,
    OutputOption,
    ProtocolArgument,
    SiteOption,
    TodayOption,
    VerboseOption,
    read_date,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.cli.trail import ReasonOption, WhoOption, who_changes
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import MomentSource
    from planner.api.types import RecordFile, WhatIf


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
    output_format: TableFormatOption = None,
    output: OutputOption = None,
    verbose: VerboseOption = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Also write the change into the record.")
    ] = False,
    reason: ReasonOption = None,
    who: WhoOption = None,
) -> None:
    """Show what would change if visits were rescheduled, missed or cancelled.

    It lists visits that move, visits out of window, appointments that cannot be kept, and the rules
    that force this. No file is changed without --apply. The exit code is 1 if a window is missed.
    """
    from planner.api import plans
    from planner.cli.records import read_record

    chosen = table_format(output_format, output)
    moves = _moves(move)
    if not (moves or miss or cancel):
        raise PlannerError("--move, --miss or --cancel: give at least one change to try")
    first = None if start is None else read_date(start, "--start")
    day = None if today is None else read_date(today, "--today")
    record = None if actuals is None else read_record(actuals, day)
    if record is None and first is None:
        raise PlannerError(
            "--records: name a participant's record, or the anchor's date by --start"
        )
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    answer = plans.whatif(
        file,
        record,
        move=moves,
        miss=[name.strip() for name in miss or ()],
        cancel=[name.strip() for name in cancel or ()],
        start=first,
        site=site,
        arm=arm,
        today=day,
        reason=reason,
        anyway=anyway,
    )
    if apply:
        if record is None or actuals is None:
            raise PlannerError("--apply: needs the participant's record; name it with --records")
        answer = _applied(answer, actuals, record, reason, who)
    with all_reasons(verbose):
        write_answer(answer, chosen, output)
    if apply:
        return
    if not answer.kept:
        raise typer.Exit(1)


def _applied(
    answer: "WhatIf", place: str, record: "RecordFile", reason: str | None, who: str | None
) -> "WhatIf":
    """The answer, once the record has been changed as it says."""
    from planner.api.recording import apply_answer, write_change
    from planner.cli.roles import role_for

    role_for("whatif", group="")
    before, _, code = place.rpartition(":")
    if before and code == record.record.participant:  # of a store
        place = before
    change = apply_answer(place, record.record, answer, reason=reason)
    return cast("WhatIf", write_change(change, who=who_changes(who)))


def _moves(pairs: list[str] | None) -> "list[tuple[str, MomentSource]]":
    from planner.api.inputs import moment_of

    moves: list[tuple[str, MomentSource]] = []
    for pair in pairs or ():
        name, equals, text = pair.rpartition("=")
        if not equals:
            raise PlannerError(
                f"--move: `{pair[:60]}`: write VISIT=DATE, as in `dosing-1=2027-02-01`"
            )
        moves.append((name.strip(), moment_of(text, "--move")))
    return moves
