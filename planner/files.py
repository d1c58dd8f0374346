"""A file, or files of a folder, replaced whole or not at all, whenever a run is stopped.

New contents are written beside the old ones and are on the disk before they take their places.
What waits has a name of its own in the folder that it is for:

    .planner-XXXX.tmp    a file, or a set of files, that is not complete: nothing of it counts
    .planner-XXXX.put    a complete set whose files are being put in their places
    .planner-XXXX.undo   a set that is taken back, because one of its files was refused

The run that works on one holds a lock on it. The system frees the lock when the run ends, however
it ends; so the next run that writes into the folder can tell what nobody works on any more. It
removes the first, and finishes the other two.
"""

import contextlib
import io
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from planner.errors import PlannerError

if sys.platform != "win32":
    import fcntl

_PREFIX = ".planner-"
_UNFINISHED, _PUT, _UNDO = ".tmp", ".put", ".undo"
_LONGEST_RUN, _LONGEST_PUT = 24 * 60 * 60, 60
"""Seconds after which nobody works on a file, or puts a set in place, if there are no locks."""
_BUFFER = 1 << 16
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends


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
        raise PlannerError(f"{path}: {_reason(error)}; nothing was changed") from None


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
            handle, self.name = _new_file(folder)
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
        self._is_new = not os.path.isdir(folder)
        try:
            with refusals(folder):
                os.makedirs(folder, exist_ok=True)
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
                raise PlannerError(f"{path}: is no ordinary file; nothing was changed")
            return _opened(_created(self.set.waiting(name)), path)

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
            with contextlib.suppress(OSError, PlannerError):
                file.close()

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
        self.set.end()
        self._remove_new()

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
                    f" ({_reason(other)}); the next run that writes there tries again"
                )
        if not isinstance(error, OSError):
            raise
        refused = error.filename2 or error.filename or begun[-1].folder
        raise PlannerError(f"{refused}: {_reason(error)}; {outcome}") from None
    for folder in begun:
        folder.set.end()


def finish_interrupted(folder: str) -> None:
    """Finishes in a folder what a run could not that was stopped, and removes what it left.

    Waits for a run that is putting files in their places right now.

    Raises:
        PlannerError: files are not in their places, and the file system refuses to move them.
        OSError: there is no such folder.
    """
    try:
        names = sorted(os.listdir(folder))
    except PermissionError:
        return  # it may be written to all the same
    for name in names:
        path = os.path.join(folder, name)
        if is_interrupted(name):
            try:
                FileSet.resume(path)
            except OSError as error:
                raise PlannerError(
                    f"{path}: holds files that a run could not put in their places before it was"
                    f" stopped, and now: {_reason(error)}; nothing was changed"
                ) from None
        elif name.startswith(_PREFIX) and name.endswith(_UNFINISHED):
            with contextlib.suppress(OSError):
                _sweep(path)


def is_interrupted(name: str) -> bool:
    """Whether a file name is that of a set of which some files may not be in their places."""
    return name.startswith(_PREFIX) and name.endswith((_PUT, _UNDO))


def place_of(path: str) -> str:
    """The file that a path names, after symbolic links; a device or a pipe has no other name.

    Raises:
        PlannerError: a folder has this name.
        OSError: the path leads nowhere.
    """
    if os.path.isdir(path):
        raise PlannerError(f"{path}: is a directory; name a file in it")
    return path if is_special(path) else os.path.realpath(path)


def sync_folder(folder: str) -> None:
    """Makes sure that names in a folder are on the disk before the next ones, where that can be."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class FileSet:
    """The files of a folder that change together, in a folder of their own until they have.

    `new` holds what takes a place, `gone` an empty file for each name that goes, `old` what was
    there, and `fresh` an empty file for each name that was not. Each step can be done twice.
    """

    _LOCK, _NEW, _GONE, _OLD, _FRESH = "lock", "new", "gone", "old", "fresh"

    def __init__(self, path: str, lock: int) -> None:
        self.path = path
        self.folder = os.path.dirname(path)
        self._lock = lock

    @classmethod
    def begun(cls, folder: str) -> "FileSet":
        """A new set for the files of a folder."""
        lock = None
        while lock is None:
            path = _new_name(folder)
            os.mkdir(path, 0o700)
            try:
                lock = _claimed(os.path.join(path, cls._LOCK))
            except FileNotFoundError:
                continue  # another run took the empty folder for what one had left
            except BaseException:
                with contextlib.suppress(OSError):
                    os.rmdir(path)
                raise
        if sys.platform == "win32":
            os.close(lock)  # a folder is renamed only when nobody has a file in it open
            lock = -1
        begun = cls(path, lock)
        try:
            for part in (cls._NEW, cls._GONE, cls._OLD, cls._FRESH):
                os.mkdir(os.path.join(path, part))
        except BaseException:
            begun.end()
            raise
        return begun

    @classmethod
    def resume(cls, path: str) -> None:
        """Goes on with a set where a run was stopped."""
        try:
            lock = os.open(os.path.join(path, cls._LOCK), os.O_RDWR)
        except FileNotFoundError:
            return  # another run has just finished it
        if not _takes(lock, wait=True) or not os.path.isdir(path):
            os.close(lock)
            return
        if sys.platform == "win32":
            os.close(lock)
            lock = -1
        stopped = cls(path, lock)
        if path.endswith(_UNDO):
            stopped.undo()
        else:
            stopped._forward()
        stopped.end()

    @classmethod
    def sweep(cls, path: str) -> None:
        """Removes a set of which nothing counts, if no run works on it."""
        if not os.listdir(path):
            os.rmdir(path)
            return
        lock = os.open(os.path.join(path, cls._LOCK), os.O_RDWR)
        try:
            if _takes(lock):
                cls._remove(path)
        finally:
            os.close(lock)

    def waiting(self, name: str) -> str:
        """Where a new file of the set lies."""
        return self._part(self._NEW, name)

    def remove(self, name: str) -> None:
        """Notes that a file is to go."""
        os.close(_created(self._part(self._GONE, name)))

    def put(self) -> None:
        """Puts the files in their places; what they replace is kept until `end`.

        Raises:
            OSError: one is refused; `undo` takes back the others.
        """
        for name in self._names(self._GONE):
            _keep(os.path.join(self.folder, name), self._part(self._OLD, name))
        for name in self._names(self._NEW):
            if os.path.lexists(self._place(name)):
                _keep(self._place(name), self._part(self._OLD, name))
            else:
                os.close(_created(self._part(self._FRESH, name)))
        for part in (self._NEW, self._GONE, self._OLD, self._FRESH):
            sync_folder(self._part(part))
        os.utime(self._part(self._LOCK))
        self._become(_PUT)
        self._forward()

    def undo(self) -> None:
        """Makes all files what they were before `put`, however far it came."""
        if self.path.endswith(_UNFINISHED):
            return
        if not self.path.endswith(_UNDO):
            self._become(_UNDO)
        kept = set(self._names(self._NEW))
        for name in self._names(self._FRESH):
            if name not in kept:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._place(name))
        for name in self._names(self._OLD):
            if name not in kept:
                os.replace(self._part(self._OLD, name), self._place(name))
        sync_folder(self.folder)
        self._become(_UNFINISHED)

    def end(self) -> None:
        """Removes the set, unless it is yet to be undone; what was not put in place is given up."""
        try:
            with contextlib.suppress(OSError):
                if self.path.endswith(_PUT):
                    self._become(_UNFINISHED)
                if self.path.endswith(_UNFINISHED):
                    self._remove(self.path)
        finally:
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1

    def _forward(self) -> None:
        for name in self._names(self._NEW):
            os.replace(self.waiting(name), self._place(name))
        for name in self._names(self._GONE):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(self.folder, name))
            os.unlink(self._part(self._GONE, name))
        sync_folder(self.folder)

    def _become(self, suffix: str) -> None:
        path = os.path.splitext(self.path)[0] + suffix
        os.rename(self.path, path)
        self.path = path
        sync_folder(self.folder)

    def _names(self, part: str) -> list[str]:
        return sorted(os.listdir(self._part(part)))

    def _part(self, *names: str) -> str:
        return os.path.join(self.path, *names)

    def _place(self, name: str) -> str:
        return os.path.realpath(os.path.join(self.folder, name))

    @classmethod
    def _remove(cls, path: str) -> None:
        """Removes a set, its lock last: without it nobody would remove the rest."""
        for part in (cls._NEW, cls._GONE, cls._OLD, cls._FRESH):
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(os.path.join(path, part))
        os.unlink(os.path.join(path, cls._LOCK))
        os.rmdir(path)


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
            raise PlannerError(f"{self._path}: {_reason(error)}; {self._outcome}") from None


def _opened(handle: int, path: str, outcome: str = "nothing was changed") -> BinaryIO:
    """An open file to write to, under the name by which the user knows it."""
    return io.BufferedWriter(_NamedFile(handle, path, outcome), _BUFFER)


def _new_name(folder: str) -> str:
    return os.path.join(folder, f"{_PREFIX}{os.urandom(6).hex()}{_UNFINISHED}")


def _new_file(folder: str) -> tuple[int, str]:
    """A new file in a folder, opened and locked, and its path."""
    while True:
        path = _new_name(folder)
        handle = _claimed(path)
        if handle is not None:
            return handle, path


def _created(path: str) -> int:
    """A new file that only its owner may read, opened."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)


def _claimed(path: str) -> int | None:
    """A new file, opened and locked; `None` if another run removed it before that."""
    handle = _created(path)
    try:
        _takes(handle, wait=True)
        if os.path.lexists(path):
            return handle
    except BaseException:
        os.close(handle)
        os.unlink(path)
        raise
    os.close(handle)
    return None


def _takes(handle: int, *, wait: bool = False) -> bool:
    """Locks an open file until it is closed; whether no other run works on it.

    Args:
        handle: of the file.
        wait: until the other run has ended.
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # a file system without locks
        else:
            return True
    return time.time() - os.fstat(handle).st_mtime > (_LONGEST_PUT if wait else _LONGEST_RUN)


def _sweep(path: str) -> None:
    """Removes a file or a set of which nothing counts, if no run works on it."""
    if os.path.isdir(path) and not os.path.islink(path):
        FileSet.sweep(path)
        return
    handle = os.open(path, os.O_RDWR)
    try:
        if _takes(handle):
            os.unlink(path)
    finally:
        os.close(handle)


def is_special(path: str) -> bool:
    """Whether a path is that of a device, a pipe or a socket."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _keep(place: str, name: str) -> None:
    """Keeps what is in a place under another name, too."""
    try:
        os.link(place, name, follow_symlinks=False)
    except (OSError, NotImplementedError):
        # Another file system, or one without links.
        shutil.copy2(place, name)
        with open(name, "rb+") as file:
            os.fsync(file.fileno())


def _look_alike(path: str, place: str) -> None:
    """Gives a new file owner and permissions of the one it replaces, or those of a new file."""
    try:
        old = os.stat(place)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(path, 0o666 & ~mask)
        return
    if sys.platform != "win32":
        for owner, group in ((old.st_uid, -1), (-1, old.st_gid)):
            with contextlib.suppress(OSError):
                os.chown(path, owner, group)
    os.chmod(path, old.st_mode & 0o777)


def _reason(error: OSError) -> str:
    return (error.strerror or "cannot be written").lower()
