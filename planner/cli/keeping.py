"""A calendar and the state that remembers it, put in place so that a crash loses neither.

Both are written beside their places first. Then the state goes to ``STATE.next``, the calendar to
its place, and ``STATE.next`` to ``STATE``. After a crash the next export finds out how far it came:
``STATE.next`` holds the digest of its calendar, and if that is the calendar that is there, or none
is, it is the state; if not, the calendar was not replaced, and ``STATE`` is. Of a folder the files
have no digest in common: there ``STATE.next`` is always the state. Then the files that had not been
replaced are written with the numbers that they were to have, and none falls; at the worst one is
left out. Messages are put in place before all that, and a repeated export writes the same ones.
"""

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import PlannerError
from planner.files import Prepared, PreparedFolder, sync_folder

if TYPE_CHECKING:
    from planner.formats.ical.state import State

NEXT = ".next"


def put_together(
    state: Prepared | None,
    output: Prepared | PreparedFolder,
    messages: PreparedFolder | None = None,
) -> None:
    """Puts an export in place, in the order that this module's docstring argues for.

    Raises:
        PlannerError: something is refused; what is there then fits together, or is found to by the
            next export.
    """
    if messages is not None:
        messages.put()
    if state is None:
        output.put()
        return
    following = state.place + NEXT
    state.put(following)
    try:
        output.put()
    except PlannerError:
        if isinstance(output, Prepared):
            with contextlib.suppress(OSError):
                os.unlink(following)
        raise
    try:
        os.replace(following, state.place)
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise PlannerError(
            f"{state.path}: {reason}; the calendar was written, and the next export finds its"
            f" state in {following}"
        ) from None
    sync_folder(os.path.dirname(state.place))


def open_state(path: str, output: str, of: str, stack: contextlib.ExitStack) -> "State | None":
    """The state that the calendar or folder at `output` is in; ``None`` before the first export.

    Args:
        path: of the state file.
        output: what it is the state of.
        of: which kind of output that is: one of `planner.formats.ical.state.SUBJECTS`.
        stack: keeps the file open.

    Raises:
        PlannerError: the file cannot be read, is no state, or is that of something else.
    """
    following = _read(os.path.realpath(path) + NEXT, of, stack)
    calendar = _digest(output) if of == "calendar" else "-"
    if following is not None and calendar in (following.calendar, None):
        return following
    state = _read(path, of, stack)
    if calendar is not None and (state is None or state.calendar != calendar):
        from planner.cli.output import tell

        if state is not None:
            tell(f"{output}: was not written together with {path}; revisions are counted on")
        elif of == "calendar":
            tell(
                f"{output}: has no state beside it, so revisions are counted from 0;"
                f" --previous {output} goes on from what it says"
            )
    return state


def _read(path: str, of: str, stack: contextlib.ExitStack) -> "State | None":
    if not os.path.lexists(path):
        return None
    from planner.formats.ical.state import State

    file = stack.enter_context(open_plain(path))
    state = State(path, file)
    if state.of != of:
        kinds = {"calendar": "one calendar", "objects": "--rendering caldav"}
        raise PlannerError(
            f"{path}: is the state of {kinds.get(state.of, f'--split {state.of}')}; name another"
            " file with --state, or leave it out with --no-state"
        )
    return state


def open_plain(path: str) -> BinaryIO:
    """Opens an ordinary file for reading.

    Raises:
        PlannerError: there is none, or it cannot be read.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        raise PlannerError(f"{path}: is no ordinary file")
    try:
        return open(path, "rb")
    except OSError as error:
        raise PlannerError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


def _digest(path: str) -> str | None:
    """The SHA-256 of a file; ``None`` where there is none."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
