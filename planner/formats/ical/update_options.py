"""Where an export goes, what it goes on from, and what it is to remember and to send."""

import os
from typing import NamedTuple

from planner.errors import PlannerError, argument
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
    messages: str | None,
    attendee: str | None,
    studies: tuple[str, ...],
    *,
    keep_state: bool,
    into_folder: bool,
    replace: bool,
    dated: bool,
) -> UpdateOptions:
    """What the options ask for.

    Raises:
        PlannerError: options that exclude each other, or one without that which it needs.
    """
    if (messages is None) != (attendee is None):
        raise PlannerError(
            f"{argument('messages')} and {argument('attendee')} need each other: a message is for"
            " somebody"
        )
    if output is None or is_special(output):
        if state is not None or previous is not None or messages is not None:
            raise PlannerError(
                f"{argument('state')}, {argument('previous')} and {argument('messages')} need"
                f" {argument('output')} with a file or folder"
            )
        return UpdateOptions(output, None, None, None, None, studies)
    if not keep_state and (state is not None or messages is not None):
        raise PlannerError(
            f"{argument('keep_state', False)} keeps no state; leave {argument('state')} and"
            f" {argument('messages')} out"
        )
    if previous is not None and into_folder:
        raise PlannerError(
            f"{argument('previous')} is one calendar; leave {argument('split')} and caldav out"
        )
    if state is None and keep_state:
        state = (output.rstrip("/" + os.sep) or output) + ".state"
    for name, path in (("state", state), ("messages", messages)):
        if path is not None and os.path.abspath(path) == os.path.abspath(output):
            raise PlannerError(f"{argument(name)}: {path} is the output itself")
    return UpdateOptions(output, state, previous, messages, attendee, studies, replace, dated)
