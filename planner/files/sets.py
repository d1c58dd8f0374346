"""Sets of files that change together, and what is left of them when a run is stopped."""

import contextlib
import os
import shutil
import sys

from planner.errors import PlannerError, os_reason
from planner.files.waiting import (
    PUT,
    UNDO,
    UNFINISHED,
    claimed,
    created,
    is_left_over,
    is_own,
    is_trusted,
    new_name,
    reopened,
    takes,
)


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
        self._is_whole = True  # whether all files are new, or all are old
        self._follows = True  # whether symbolic links are followed
        if sys.platform == "win32":
            self._let_go()  # a folder is renamed only when nobody has a file in it open

    @classmethod
    def begun(cls, folder: str) -> "FileSet":
        """A new set for the files of a folder."""
        lock = None
        while lock is None:
            path = new_name(folder)
            os.mkdir(path, 0o700)
            try:
                lock = claimed(os.path.join(path, cls._LOCK))
            except FileNotFoundError:
                continue  # another run took the empty folder for what one had left
            except BaseException:
                with contextlib.suppress(OSError):
                    os.rmdir(path)
                raise
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
            lock = reopened(os.path.join(path, cls._LOCK))
        except FileNotFoundError:
            return  # another run has just finished it
        if not takes(lock, wait=True) or not os.path.isdir(path):
            os.close(lock)
            return
        stopped = cls(path, lock)
        stopped._is_whole = False
        # Else somebody could have a file put where only this user may write.
        stopped._follows = is_own(path)
        try:
            if path.endswith(UNDO):
                stopped.undo()
            else:
                stopped._forward()
        finally:
            stopped.end()

    @classmethod
    def sweep(cls, path: str) -> None:
        """Removes a set of which nothing counts, if no run works on it."""
        if not os.listdir(path):
            os.rmdir(path)
            return
        lock = reopened(os.path.join(path, cls._LOCK))
        try:
            if takes(lock):
                cls._remove(path)
        finally:
            os.close(lock)

    def waiting(self, name: str) -> str:
        """Where a new file of the set lies."""
        return self._part(self._NEW, name)

    def remove(self, name: str) -> None:
        """Notes that a file is to go."""
        os.close(created(self._part(self._GONE, name)))

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
                os.close(created(self._part(self._FRESH, name)))
        for part in (self._NEW, self._GONE, self._OLD, self._FRESH):
            sync_folder(self._part(part))
        os.utime(self._part(self._LOCK))
        self._is_whole = False
        self._become(PUT)
        self._forward()

    def undo(self) -> None:
        """Makes all files what they were before `put`, however far it came."""
        if self.path.endswith(UNFINISHED):
            self._is_whole = True
            return
        self._is_whole = False
        if not self.path.endswith(UNDO):
            self._become(UNDO)
        kept = set(self._names(self._NEW))
        for name in self._names(self._FRESH):
            if name not in kept:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._place(name))
        for name in self._names(self._OLD):
            if name not in kept:
                os.replace(self._part(self._OLD, name), self._place(name))
        sync_folder(self.folder)
        self._is_whole = True

    def end(self) -> None:
        """Gives the set up: removes it, unless the next run has to finish it."""
        try:
            with contextlib.suppress(OSError):
                if self._is_whole and not self.path.endswith(UNFINISHED):
                    self._become(UNFINISHED)
                if self.path.endswith(UNFINISHED):
                    self._remove(self.path)
        finally:
            self._let_go()

    def _let_go(self) -> None:
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
        self._is_whole = True

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
        place = os.path.join(self.folder, name)
        return os.path.realpath(place) if self._follows else place

    @classmethod
    def _remove(cls, path: str) -> None:
        """Removes a set, its lock last: without it nobody would remove the rest."""
        for part in (cls._NEW, cls._GONE, cls._OLD, cls._FRESH):
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(os.path.join(path, part))
        os.unlink(os.path.join(path, cls._LOCK))
        os.rmdir(path)


def finish_interrupted(folder: str) -> None:
    """Finishes in a folder what a run could not that was stopped, and removes what it left.

    Waits for a run that is putting files in their places right now.

    Raises:
        PlannerError: files are not in their places, and the file system refuses to move them.
        OSError: there is no such folder.
    """
    tried: set[str] = set()
    # One that is being put in place may have got another name meanwhile.
    while paths := [path for path in _left_over(folder) if path not in tried]:
        for path in paths:
            tried.add(path)
            if path.endswith(UNFINISHED):
                with contextlib.suppress(OSError):
                    _sweep(path)
                continue
            try:
                FileSet.resume(path)
            except OSError as error:
                raise PlannerError(
                    f"{path}: holds files that a run could not put in their places before it was"
                    f" stopped, and now: {os_reason(error)}; nothing was changed"
                ) from None


def _left_over(folder: str) -> list[str]:
    """The paths of what waits in a folder."""
    while True:
        try:
            names = sorted(filter(is_left_over, os.listdir(folder)))
        except PermissionError:
            return []  # it may be written to all the same
        try:
            return [path for name in names if is_trusted(path := os.path.join(folder, name))]
        except FileNotFoundError:
            continue  # one has just ended, or goes on under another name


def _sweep(path: str) -> None:
    """Removes a file or a set of which nothing counts, if no run works on it."""
    if os.path.isdir(path) and not os.path.islink(path):
        FileSet.sweep(path)
        return
    handle = reopened(path)
    try:
        if takes(handle):
            os.unlink(path)
    finally:
        os.close(handle)


def sync_folder(folder: str) -> None:
    """Makes sure that names in a folder are on the disk before the next ones, where that can be."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _keep(place: str, name: str) -> None:
    """Keeps what is in a place under another name, too."""
    try:
        os.link(place, name, follow_symlinks=False)
    except (OSError, NotImplementedError):
        # Another file system, or one without links.
        shutil.copy2(place, name)
        with open(name, "rb+") as file:
            os.fsync(file.fileno())
