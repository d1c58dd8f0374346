"""Calendars and the state that remembers them: what lies there, and how both are put in place.

Both are written beside their places first. The calendar is put in place before the state that
remembers it, since a calendar can be gone on from alone: after a crash between the two the state is
not of the calendar (it holds the digest of its own), and per event the larger number counts. Only
the first state is put in place before its calendar, as it may keep the key without which that could
not be gone on from. Messages come before all that, and a repeated export writes the same ones.
"""

import contextlib
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import PlannerError, argument, os_reason
from planner.files import Prepared, PreparedFolder, finish_interrupted

if TYPE_CHECKING:
    from planner.formats.ical.previous import Previous
    from planner.formats.ical.state_file import State


def put_together(
    state: Prepared | None,
    output: Prepared | PreparedFolder,
    messages: PreparedFolder | None = None,
) -> None:
    """Puts an export in place, in the order that this module's docstring argues for.

    Raises:
        PlannerError: something is refused.
    """
    if messages is not None:
        messages.put()
    if state is None:
        output.put()
    elif os.path.lexists(state.path):
        output.put()
        try:
            state.put()
        except PlannerError as error:
            reason = str(error).removesuffix("; nothing was changed")
            raise PlannerError(
                f"{reason}; the calendar was written, and the next export goes on from it"
            ) from None
    else:
        state.put()
        try:
            output.put()
        except PlannerError:
            with contextlib.suppress(OSError):
                os.unlink(state.path)
            raise


class Target:
    """What lies where an export is to go: a calendar, or the calendars of a folder.

    Attributes:
        path: as the user gave it.
        of: what kind it is: one of `planner.formats.ical.state_file.SUBJECTS`.
        others: names of the folder's calendars that were not written here.
    """

    def __init__(self, path: str, of: str) -> None:
        """Takes the digest of each calendar that is there.

        Raises:
            PlannerError: one cannot be read, or is of another kind than those that are to come.
        """
        self.path = path
        self.of = of
        self.others: set[str] = set()
        self._digests: dict[str, str] = {}
        folder = os.path.dirname(os.path.realpath(path)) if of == "calendar" else path
        if os.path.isdir(folder):
            finish_interrupted(folder)
        for name, place in self._places():
            with open_plain(place) as file:
                head = file.read(1024)
                if b"BEGIN:VCALENDAR" not in head:
                    continue  # it holds no events to go on from
                if of != "calendar" and not _is_ours(head):
                    self.others.add(name)
                    continue
                file.seek(0)
                self._digests[name] = _sha256(file)
        self._refuse_mixture()

    def _refuse_mixture(self) -> None:
        """Keeps the same events from standing in a folder twice, in files of two kinds."""
        from planner.formats.ical.split import subject_of

        if self.of == "calendar":
            return
        alien = [name for name in self._digests if subject_of(name) != self.of]
        if alien:
            more = f" and {len(alien) - 1:,} more" if len(alien) > 1 else ""
            raise PlannerError(
                f"{self.path}: holds calendars of another kind ({alien[0]}{more}), and the same"
                f" events would be there twice; name another folder with {argument('output')}, or"
                " move those away. Nothing was changed"
            )

    @property
    def is_empty(self) -> bool:
        """Whether there is no calendar of ours."""
        return not self._digests

    def holds_any(self, names: Collection[str]) -> bool:
        """Whether a calendar of ours has one of these names."""
        return not self._digests.keys().isdisjoint(names)

    def digest(self, written: Mapping[str, str] | None = None) -> str:
        """The digest of all that is there, or will be once some files have been written.

        Args:
            written: the SHA-256 of each such file by its name, which is empty of one calendar.
        """
        digests = {**self._digests, **(written or {})}
        if self.of == "calendar":
            return digests.get("", "-")
        lines = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
        return hashlib.sha256(lines.encode()).hexdigest()

    def read(self) -> "Previous":
        """What the calendars say.

        Raises:
            PlannerError: one was not written here, or was changed since.
        """
        from planner.formats.ical.previous import Previous

        return Previous(self._open(), by_participant=self.of == "participant")

    def open(self, name: str) -> BinaryIO | None:
        """The calendar of a name in the set; ``None`` where there is none of ours.

        Raises:
            PlannerError: it cannot be read.
        """
        for other, place in self._places():
            if name == other and name in self._digests:
                return open_plain(place)
        return None

    def _open(self) -> Iterator[tuple[str, str, BinaryIO]]:
        for name, place in self._places():
            if name in self._digests:
                with open_plain(place) as file:
                    yield ("" if self.of == "objects" else name), place, file

    def _places(self) -> Iterator[tuple[str, str]]:
        """The name of each calendar in its set, and its path."""
        if self.of == "calendar":
            if os.path.exists(self.path):  # a link may lead to where none is yet
                yield "", self.path
        elif os.path.isdir(self.path):
            for name in sorted(os.listdir(self.path)):
                place = os.path.join(self.path, name)
                if name.endswith(".ics") and os.path.isfile(place):
                    yield name, place


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _is_ours(head: bytes) -> bool:
    from planner.formats.ical.calendar import PRODID

    return f"PRODID:{PRODID}\r\n".encode() in head


def open_state(path: str, of: str, stack: contextlib.ExitStack) -> "State | None":
    """A state file, if there is one; `stack` keeps it open.

    Args:
        path: of the state file.
        of: what it is to be the state of: one of `planner.formats.ical.state_file.SUBJECTS`.
        stack: closes it.

    Raises:
        PlannerError: the file cannot be read, is no state, or is that of something else.
    """
    if not os.path.lexists(path):
        return None
    from planner.formats.ical.state_file import State

    file = stack.enter_context(open_plain(path))
    state = State(path, file)
    if state.of != of:
        kinds = {"calendar": "one calendar", "objects": argument("rendering", "caldav")}
        raise PlannerError(
            f"{path}: is the state of {kinds.get(state.of, argument('split', state.of))}, and the"
            " same events would be there twice; name another output with"
            f" {argument('output')}. Nothing was changed"
        )
    return state


def open_plain(path: str) -> BinaryIO:
    """Opens an ordinary file for reading.

    Raises:
        PlannerError: there is none, or it cannot be read.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        raise PlannerError(f"{path}: is not an ordinary file")
    try:
        return open(path, "rb")
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
