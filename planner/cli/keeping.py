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
import shutil
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from planner.cli.output import mode_of
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.formats.ical.state import State

NEXT = ".next"


@contextlib.contextmanager
def refusals(path: str) -> Iterator[None]:
    """Turns what a file system refuses into one clear message."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise PlannerError(f"{path}: {reason}; nothing was changed") from None


class Prepared:
    """A file written beside the one whose place it is to take."""

    def __init__(self, path: str) -> None:
        if os.path.isdir(path):
            raise PlannerError(f"{path}: is a directory; name a file in it")
        self.path = path
        with refusals(path):
            folder = os.path.dirname(os.path.abspath(path))
            handle, self._temporary = tempfile.mkstemp(
                dir=folder, prefix=".planner-", suffix=".tmp"
            )
            self.file: BinaryIO = os.fdopen(handle, "wb")

    @property
    def name(self) -> str:
        """Where it lies until then."""
        return self._temporary

    def finish(self) -> None:
        """Makes sure that all of it is on the disk."""
        with refusals(self.path):
            _settle(self.file)
            os.chmod(self._temporary, mode_of(self.path))

    def put(self, place: str | None = None) -> None:
        """Puts it in its place, or in another one."""
        target = self.path if place is None else place
        with refusals(target):
            os.replace(self._temporary, target)
            self._temporary = ""
            _settle_folder(target)

    def discard(self) -> None:
        """Removes it, unless it was put in place."""
        self.file.close()
        if self._temporary:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)


class PreparedFolder:
    """Files written beside the folder's own, all of which are put into it together."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        with refusals(folder):
            self._is_new = not os.path.isdir(folder)
            os.makedirs(folder, exist_ok=True)
            self._stage = tempfile.mkdtemp(dir=folder, prefix=".planner-", suffix=".tmp")

    def open(self, name: str) -> BinaryIO:
        """A new file of the set; `done` takes it back."""
        with refusals(os.path.join(self.folder, name)):
            return open(os.path.join(self._stage, name), "wb")

    def done(self, name: str, file: BinaryIO) -> None:
        """Makes sure that a file is on the disk."""
        path = os.path.join(self.folder, name)
        with refusals(path):
            _settle(file)
            os.chmod(os.path.join(self._stage, name), mode_of(path))

    def write(self, name: str, data: bytes) -> None:
        """A whole file at once; one that says the same already is left alone."""
        path = os.path.join(self.folder, name)
        with contextlib.suppress(OSError), open(path, "rb") as old:
            if old.read(len(data) + 1) == data:
                return
        file = self.open(name)
        with refusals(path):
            file.write(data)
        self.done(name, file)

    def put(self) -> None:
        """Puts all files in their places."""
        for name in sorted(os.listdir(self._stage)):
            place = os.path.join(self.folder, name)
            with refusals(place):
                os.replace(os.path.join(self._stage, name), place)
        _settle_folder(os.path.join(self.folder, "."))

    def discard(self) -> None:
        """Removes what was not put in place, and the folder if it is new and has remained empty."""
        shutil.rmtree(self._stage, ignore_errors=True)
        if self._is_new:
            with contextlib.suppress(OSError):
                os.rmdir(self.folder)


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
    following = state.path + NEXT
    state.put(following)
    try:
        output.put()
    except PlannerError:
        if isinstance(output, Prepared):
            with contextlib.suppress(OSError):
                os.unlink(following)
        raise
    try:
        os.replace(following, state.path)
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise PlannerError(
            f"{state.path}: {reason}; the calendar was written, and the next export finds its"
            f" state in {following}"
        ) from None
    _settle_folder(state.path)


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
    following = _read(path + NEXT, of, stack)
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


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _settle_folder(path: str) -> None:
    """Makes sure that a change of name is on the disk before the next one, where that can be."""
    with contextlib.suppress(OSError):
        handle = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
