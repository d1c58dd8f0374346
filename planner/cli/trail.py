"""Who changes records, and why: what stands in the trail of a store."""

from typing import Annotated

import typer

WhoOption = Annotated[
    str | None,
    typer.Option(
        "--who",
        help="Your code, for the trail; that of planner.toml or your login name if absent.",
        metavar="CODE",
    ),
]
ReasonOption = Annotated[
    str | None,
    typer.Option(
        "--reason", help="Why; needed where a booked or past visit changes.", metavar="TEXT"
    ),
]


def who_changes(given: str | None) -> str:
    """The code that stands in the trail.

    Raises:
        PlannerError: by the study's defaults one's role only reads; or no code is given, and this
            machine tells no login name.
    """
    from getpass import getuser

    from planner.cli.study_defaults import chosen_config
    from planner.errors import PlannerError

    file = chosen_config(None).file
    if file is not None and file.config.role in ("rater", "monitor"):
        raise PlannerError(f"{file.path}: the role {file.config.role} changes no records")
    if given is not None:
        return given
    if file is not None and file.config.who is not None:
        return file.config.who
    try:
        return getuser()
    except (OSError, KeyError):
        raise PlannerError("--who: this machine tells no login name; give your code") from None
