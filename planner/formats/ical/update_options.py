"""Where an export goes, what it goes on from, and what it is to remember and to send."""

import os
from typing import NamedTuple

from planner.errors import PlannerError
from planner.files import is_special


class UpdateOptions(NamedTuple):
    """Where an export goes, what it goes on from, and what it is to remember and to send.

    Attributes:
        output: the calendar or the folder; ``None`` is stdout.
        state: path of the state file; ``None`` where none is kept.
        previous: path of a further calendar to go on from.
        messages: folder for scheduling messages.
        attendee: whom those are for.
        studies: what calendars may know the study by.
        replace: whether events of others that the output holds may go.
        dated: whether the options say when messages are written.
    """

    output: str | None
    state: str | None
    previous: str | None
    messages: str | None
    attendee: str | None
    studies: tuple[str, ...]
    replace: bool = False
    dated: bool = False


def read_update_options(
    output: str | None,
    state: str | None,
    previous: str | None,
    itip: str | None,
    attendee: str | None,
    studies: tuple[str, ...],
    *,
    no_state: bool,
    into_folder: bool,
    replaces: bool,
    dated: bool,
) -> UpdateOptions:
    """What the options ask for.

    Raises:
        PlannerError: options that exclude each other, or one without that which it needs.
    """
    if (itip is None) != (attendee is None):
        raise PlannerError("--itip and --attendee need each other: a message is for somebody")
    if output is None or is_special(output):
        if state is not None or previous is not None or itip is not None:
            raise PlannerError("--state, --previous and --itip need -o with a file or folder")
        return UpdateOptions(output, None, None, None, None, studies)
    if no_state and (state is not None or itip is not None):
        raise PlannerError("--no-state keeps no state; leave --state and --itip out")
    if previous is not None and into_folder:
        raise PlannerError("--previous is one calendar; leave --split and caldav out")
    if state is None and not no_state:
        state = (output.rstrip("/" + os.sep) or output) + ".state"
    for option, path in (("--state", state), ("--itip", itip)):
        if path is not None and os.path.abspath(path) == os.path.abspath(output):
            raise PlannerError(f"{option}: {path} is the output itself")
    return UpdateOptions(output, state, previous, itip, attendee, studies, replaces, dated)
