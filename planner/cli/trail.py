"""Who changes records, and why: what stands in the trail of a store."""

from typing import Annotated

import typer

WhoOption = Annotated[
    str | None,
    typer.Option(
        "--who", help="Your code, for the trail; your login name if absent.", metavar="CODE"
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
        PlannerError: none is given, and this machine tells no login name.
    """
    from getpass import getuser

    if given is not None:
        return given
    try:
        return getuser()
    except (OSError, KeyError):
        from planner.errors import PlannerError

        raise PlannerError("--who: this machine tells no login name; give your code") from None
