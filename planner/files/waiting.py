"""Names and locks of what waits beside the files that it is for, so that no two runs meet there."""

import contextlib
import os
import shutil
import stat
import sys
import time

if sys.platform != "win32":
    import fcntl

UNFINISHED, PUT, UNDO = ".tmp", ".put", ".undo"
_PREFIX = ".planner-"
_begun: set[str] = set()
"""Names that this run has given to what waits, from before there is a file until it has ended."""
_MAX_RUN_SECONDS, _MAX_PUT_SECONDS = 24 * 60 * 60, 60
"""Seconds after which nobody works on a file, or puts a set in place, if there are no locks."""
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def new_name(folder: str) -> str:
    """A name for what is to wait in a folder."""
    name = os.path.join(folder, f"{_PREFIX}{os.urandom(6).hex()}{UNFINISHED}")
    _begun.add(name)
    return name


def remove_unfinished() -> None:
    """Removes what this run has begun, and has neither put in place nor removed: its last step.

    A signal may end a run between any two steps: also after a file was made, and before whoever
    asked for it knows of it.
    """
    for name in _begun:
        with contextlib.suppress(OSError):
            if os.path.isdir(name):
                shutil.rmtree(name)
            else:
                os.unlink(name)


def created(path: str) -> int:
    """A new file that only its owner may read, opened."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)


def claimed(path: str) -> int | None:
    """A new file, opened and locked; `None` if another run removed it before that."""
    handle = created(path)
    try:
        takes(handle, wait=True)
        if os.path.lexists(path):
            return handle
    except BaseException:
        os.close(handle)
        os.unlink(path)
        raise
    os.close(handle)
    return None


def takes(handle: int, *, wait: bool = False) -> bool:
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
    return time.time() - os.fstat(handle).st_mtime > (
        _MAX_PUT_SECONDS if wait else _MAX_RUN_SECONDS
    )


def is_left_over(name: str) -> bool:
    """Whether a name in a folder is that of a file or a set that waits, of this run or another."""
    return name.startswith(_PREFIX) and name.endswith((UNFINISHED, PUT, UNDO))


def is_own(path: str) -> bool:
    """Whether what waits is this user's own."""
    return sys.platform == "win32" or os.lstat(path).st_uid == os.geteuid()


def is_trusted(path: str) -> bool:
    """Whether what waits is this user's own, or in a folder that not everybody may write into.

    Raises:
        FileNotFoundError: it has just ended, or got another name.
    """
    return is_own(path) or not os.stat(os.path.dirname(path)).st_mode & stat.S_IWOTH


def reopened(path: str) -> int:
    """A file that another run may work on, opened.

    Raises:
        OSError: there is none, or it is a symbolic link.
    """
    return os.open(path, os.O_RDWR | _NO_LINK)
