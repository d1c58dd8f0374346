"""Standard streams that may be closed, full or read only in part, and signals that end a run.

Closed are those of services and of programs without a console; only in part reads `head`.
"""

import errno
import io
import os
import signal
import sys
from types import FrameType
from typing import Any, TextIO

from planner.errors import PlannerError, os_reason

_ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has no SIGHUP
)


def guard_streams() -> None:
    """Makes standard output and standard error say what is wrong with them in the project's way.

    Output that nobody reads any more ends the run with exit code 0, output that cannot be written
    with a `PlannerError`. What cannot be said on standard error is not said.
    """
    # A closed one's number is taken: else the next file to be opened had it, and was written to.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    sys.stdout = _guarded(sys.stdout, _Output(1))
    sys.stderr = _guarded(sys.stderr, _Messages(2))


def end_on_signals() -> None:
    """Ends the run on SIGINT, SIGTERM and SIGHUP as on an error: what it has begun is tidied up.

    Exit codes are 128 and the signal's number, as of a shell: 130, 143 and 129. A signal that
    whoever started the run wants ignored (`nohup`) stays so.
    """
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def ignore_signals() -> None:
    """Lets none of these signals end the run any more: it is about to end by itself."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _guarded(stream: TextIO | None, raw: io.FileIO) -> TextIO:
    if stream is not None and stream.isatty():
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding="utf-8" if stream is None else stream.encoding,
        errors="backslashreplace",
        line_buffering=isinstance(raw, _Messages),
    )


class _Output(io.FileIO):
    """Standard output; after it has refused something, the rest is dropped."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)
        self._has_refused = False

    def write(self, data: Any, /) -> int:
        if self._has_refused:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self._has_refused = True
            if isinstance(error, BrokenPipeError):
                raise SystemExit(0) from None
            reason = os_reason(error)
            if error.errno == errno.EBADF:
                reason = "is closed"
            raise PlannerError(f"standard output: {reason}") from None


class _Messages(io.FileIO):
    """Standard error; what it refuses is dropped, since there is nowhere else to say it."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "wb", closefd=False)

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes
