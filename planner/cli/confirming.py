"""Writing what a command has shown, once that is confirmed on the terminal or by `--yes`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.tables import write_answer
from planner.cli.trail import who_changes

if TYPE_CHECKING:
    from planner.api.types import ProposedChange

YesOption = Annotated[bool, typer.Option("--yes", help="Write the change without asking.")]


def confirm(
    change: "ProposedChange", *, yes: bool, who: str | None, chosen: str, output: str | None
) -> None:
    """Shows what a change does, and writes it into the records when it is confirmed.

    Args:
        change: what is proposed.
        yes: whether it is confirmed; else somebody at a terminal is asked.
        who: the code for the trail; the login name when ``None``.
        chosen: the format of the answer.
        output: where the answer goes; stdout when ``None``.

    Raises:
        typer.Exit: with code 1, nothing has been written.
        PlannerError: whoever gives the command only reads, by the role in the study's defaults.
    """
    from planner.api.recording import write_change
    from planner.cli.output import tell
    from planner.cli.roles import role_for

    role_for("record", group="")
    if yes:
        write_answer(write_change(change, who=who_changes(who)), chosen, output)
        return
    write_answer(change.answer, chosen, output)
    if not sys.stdin.isatty():
        tell("nothing has been written; add --yes to write this change")
        raise typer.Exit(1)
    if not typer.confirm("Write this change?", err=True):
        raise typer.Exit(1)
    tell(f"written to {write_change(change, who=who_changes(who)).written}")
