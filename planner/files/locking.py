"""One run at a time where runs would read what another one is about to replace."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from planner.errors import PlannerError, os_reason

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE, _SILENCE, _STEP = 60.0, 1.0, 0.05
"""Seconds: until a run gives up, until it says that it waits, and between two attempts."""
_TAKEN = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


@contextlib.contextmanager
def locked(paths: Iterable[str], tell: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Keeps other runs from working on the same files or folders until this one is done.

    The system frees a lock when its run ends, however it ends. The lock's own file is removed; one
    that a killed run has left is of no meaning.

    Args:
        paths: of the files or folders; none of them need be there.
        tell: is told once of each that another run works on, and that this one waits.

    Raises:
        PlannerError: another run works on one of them for a minute, or no file can be made there.
    """
    with contextlib.ExitStack() as stack:
        places = {os.path.realpath(path): path for path in paths}
        for place in sorted(places):  # always in one order, or two runs could wait for each other
            stack.enter_context(_locked(place, places[place], tell))
        yield


@contextlib.contextmanager
def _locked(place: str, path: str, tell: Callable[[str], None]) -> Iterator[None]:
    folder, name = os.path.split(place)
    lock = os.path.join(folder, f".planner-{name[:50]}.lock")
    begun = time.monotonic()
    is_silent = True
    while (handle := _taken(lock, path)) is None:
        waited = time.monotonic() - begun
        if waited > _PATIENCE:
            raise PlannerError(
                f"{path}: another export is writing it; try again when that has ended. Nothing was"
                " changed"
            )
        if is_silent and waited > _SILENCE:
            tell(f"{path}: another export is writing it; waiting for that to end")
            is_silent = False
        time.sleep(_STEP)
    try:
        yield
    finally:
        # Windows removes no open file; there another run may take it before, and keeps it.
        with contextlib.suppress(OSError):
            os.unlink(lock)
        os.close(handle)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                os.unlink(lock)


def _taken(lock: str, path: str) -> int | None:
    """The open file of a lock, if this run has it now."""
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        if sys.platform == "win32" and error.errno == errno.EACCES:
            return None  # another run is just removing it
        reason = os_reason(error)
        raise PlannerError(f"{path}: {reason}; nothing was changed") from None
    try:
        if _locks(handle) and _is_there(handle, lock):
            return handle
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _locks(handle: int) -> bool:
    """Whether nobody else has the lock; also true on a file system that knows no locks."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _is_there(handle: int, lock: str) -> bool:
    """Whether the open file still has its name: another run may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(lock))
    except OSError:
        return False
