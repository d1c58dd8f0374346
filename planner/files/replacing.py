"""Replaces a file, or files of folders, whole or not at all."""

import contextlib
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from planner.errors import PlannerError, os_reason
from planner.files.sets import FileSet, finish_interrupted, sync_folder
from planner.files.waiting import claimed, created, new_name

_BUFFER = 1 << 16


@contextlib.contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when all of it is written; else the old one stays.

    Raises:
        PlannerError: as `Prepared`.
    """
    prepared = Prepared(path)
    try:
        yield prepared.file
        prepared.finish()
        prepared.put()
    finally:
        prepared.discard()


@contextlib.contextmanager
def refusals(path: str) -> Iterator[None]:
    """Turns what a file system refuses into one clear message."""
    try:
        yield
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}; nothing was changed") from None


class Prepared:
    """A file written beside the one whose place it is to take.

    A symbolic link is followed, so the file that it names is replaced; other hard links of a file
    keep the old content. A device, a pipe or a socket is no file that could be replaced: it is
    written to.

    Attributes:
        path: as the user gave it.
        place: the file that is replaced, after symbolic links.
        file: to write to.
        name: where the new content lies until it is put in place; empty for a device or pipe.
    """

    def __init__(self, path: str) -> None:
        """Begins the file.

        Raises:
            PlannerError: the folder does not take it, or a folder has this name.
        """
        self.path = path
        self.name = ""
        with refusals(path):
            self.place = place_of(path)
            if is_special(path):
                self.file = _opened(os.open(path, os.O_WRONLY), path, "not all of it was written")
                return
            folder = os.path.dirname(self.place)
            finish_interrupted(folder)
            handle = None
            while handle is None:
                name = new_name(folder)
                handle = claimed(name)
            self.name = name
            self.file = _opened(handle, path)

    def finish(self) -> None:
        """Makes sure that all of it is on the disk."""
        with refusals(self.path):
            self.file.flush()
            if self.name:
                _look_alike(self.name, self.place)
                os.fsync(self.file.fileno())
                if sys.platform == "win32":
                    self.file.close()  # it is renamed only when nobody has it open

    def put(self, place: str | None = None) -> None:
        """Puts it in its place, or in another one."""
        if not self.name:
            return
        target = self.place if place is None else place
        with refusals(self.path if place is None else place):
            os.replace(self.name, target)
            self.name = ""
            sync_folder(os.path.dirname(target))

    def discard(self) -> None:
        """Removes it, unless it was put in place."""
        with contextlib.suppress(OSError, PlannerError):
            self.file.close()
        if self.name:
            with contextlib.suppress(OSError):
                os.unlink(self.name)


class PreparedFolder:
    """Files written beside a folder's own, all of which are put into it together, or none.

    A symbolic link among them is followed, as long as it stays on the same file system.
    """

    def __init__(self, folder: str) -> None:
        """Begins the set; the folder is made if there is none.

        Raises:
            PlannerError: it cannot be made, or does not take files.
        """
        self.folder = folder
        self._being_written: set[BinaryIO] = set()
        self._is_new = not os.path.isdir(folder)
        try:
            with refusals(folder):
                os.makedirs(folder, exist_ok=True)
                sync_folder(os.path.dirname(os.path.abspath(folder)))
                finish_interrupted(folder)
                self.set = FileSet.begun(os.path.realpath(folder))
        except BaseException:
            self._remove_new()
            raise

    def open(self, name: str) -> BinaryIO:
        """A new file of the set; `done` takes it back.

        Raises:
            PlannerError: there is something else than a file of that name.
        """
        path = os.path.join(self.folder, name)
        with refusals(path):
            if is_special(place_of(path)):
                raise PlannerError(f"{path}: is not an ordinary file; nothing was changed")
            file = _opened(created(self.set.waiting(name)), path)
        self._being_written.add(file)
        return file

    def done(self, name: str, file: BinaryIO, *, like: str | None = None) -> None:
        """Makes sure that a file is on the disk.

        Args:
            name: of the file.
            file: what `open` gave.
            like: a file whose owner and permissions it gets; those of its place if absent.
        """
        path = os.path.join(self.folder, name)
        with refusals(path):
            file.flush()
            _look_alike(self.set.waiting(name), os.path.realpath(path if like is None else like))
            os.fsync(file.fileno())
            file.close()
        self._being_written.discard(file)

    def says(self, name: str, data: bytes) -> bool:
        """Whether the file that is there has this content."""
        path = os.path.join(self.folder, name)
        if os.path.isfile(path):
            with contextlib.suppress(OSError), open(path, "rb") as file:
                return file.read(len(data) + 1) == data
        return False

    def write(self, name: str, data: bytes, *, like: str | None = None) -> None:
        """A whole file at once, as `done` says; one that says the same already is left alone."""
        if self.says(name, data):
            return
        file = self.open(name)
        try:
            file.write(data)
            self.done(name, file, like=like)
        finally:
            self._give_up(file)

    def remove(self, name: str) -> None:
        """Has a file, or a link to one, go when the others are put in place."""
        with refusals(os.path.join(self.folder, name)):
            self.set.remove(name)

    def put(self) -> None:
        """Puts all files in their places.

        Raises:
            PlannerError: one is refused; then all are as they were, or the message says what is
                not.
        """
        put_folders([self])

    def discard(self) -> None:
        """Removes what was not put in place, and the folder if it is new and has remained empty."""
        for file in tuple(self._being_written):
            self._give_up(file)
        self.set.end()
        self._remove_new()

    def _give_up(self, file: BinaryIO) -> None:
        """Closes a file now: Python would tell of what it cannot write when it tidies up."""
        with contextlib.suppress(OSError, PlannerError):
            file.close()
        self._being_written.discard(file)

    def _remove_new(self) -> None:
        if self._is_new:
            with contextlib.suppress(OSError):
                os.rmdir(self.folder)


def put_folders(folders: Iterable[PreparedFolder], unchanged: str = "nothing was changed") -> None:
    """Puts the files of several folders in their places: of all folders, or of none.

    A run that is killed meanwhile leaves each folder whole, but perhaps not all of them.

    Args:
        folders: what is to be put.
        unchanged: the end of the message if one is refused and all are as they were.

    Raises:
        PlannerError: a file is refused; then all are as they were, or the message says what is
            not.
    """
    begun: list[PreparedFolder] = []
    try:
        for folder in folders:
            begun.append(folder)
            folder.set.put()
    except BaseException as error:
        outcome = unchanged
        for folder in reversed(begun):
            try:
                folder.set.undo()
            except OSError as other:
                refused = other.filename2 or other.filename or folder.folder
                outcome = (
                    f"{refused} and perhaps others were changed and cannot be put back"
                    f" ({os_reason(other)}); the next run that writes there tries again"
                )
        if not isinstance(error, OSError):
            raise
        refused = error.filename2 or error.filename or begun[-1].folder
        raise PlannerError(f"{refused}: {os_reason(error)}; {outcome}") from None
    for folder in begun:
        folder.set.end()


def place_of(path: str) -> str:
    """The file that a path names, after symbolic links; a device or a pipe has no other name.

    Raises:
        PlannerError: a folder has this name, or there is none.
        OSError: the path leads nowhere.
    """
    if not path:
        raise PlannerError("an empty name names no file")
    if os.path.isdir(path) or not os.path.basename(path):
        raise PlannerError(f"{path}: is a directory; name a file in it")
    return path if is_special(path) else os.path.realpath(path)


def is_special(path: str) -> bool:
    """Whether a path is that of a device, a pipe or a socket."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


class _NamedFile(io.FileIO):
    """A file that says its name, and what became of it, when the disk takes no more."""

    def __init__(self, handle: int, path: str, outcome: str) -> None:
        super().__init__(handle, "wb")
        self._path = path
        self._outcome = outcome

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise PlannerError(f"{self._path}: {os_reason(error)}; {self._outcome}") from None


def _opened(handle: int, path: str, outcome: str = "nothing was changed") -> BinaryIO:
    """An open file to write to, under the name by which the user knows it."""
    return io.BufferedWriter(_NamedFile(handle, path, outcome), _BUFFER)


def _look_alike(path: str, place: str) -> None:
    """Gives a new file owner and permissions of the one it replaces, or those of a new file."""
    try:
        old = os.stat(place)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    else:
        mode = old.st_mode & 0o777
        if sys.platform != "win32":
            for owner, group in ((old.st_uid, -1), (-1, old.st_gid)):
                with contextlib.suppress(OSError):
                    os.chown(path, owner, group)
    with contextlib.suppress(PermissionError):  # a file system that knows none
        os.chmod(path, mode)
