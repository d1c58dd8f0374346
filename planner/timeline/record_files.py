"""The records of many participants: one that cannot be read stops no other."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from planner.errors import PlannerError
from planner.limits import MAX_FILE
from planner.timeline.record import RecordFile
from planner.timeline.record_reading import read_record

_PARTICIPANT = re.compile(
    rb"^participant:[ \t]+([\"']?)([A-Za-z0-9._-]+)\1[ \t]*(?:#[^\r\n]*)?\r?$", re.MULTILINE
)

Report = Callable[[str, str], None]
"""Is told of whom there is no answer, and why."""


class RecordFiles:
    """Records one at a time, each participant once.

    A file that cannot be read is left out. So are all records of a participant who has several,
    since nobody can tell which one counts.

    Attributes:
        left_out: why, by the participant's code, or by path where that cannot be told; complete
            once all records have been asked for.
        hides_participant: whether a file that cannot be read may be of anybody.
    """

    def __init__(
        self,
        sources: Sequence[str | RecordFile],
        *,
        around: Callable[[list[str]], Iterable[str]] = iter,
        on_read: Callable[[RecordFile], None] | None = None,
        on_left_out: Report | None = None,
    ) -> None:
        """Reads no file.

        Args:
            sources: paths of records, and records themselves.
            around: is given the paths while they are read, such as a bar of progress.
            on_read: is told of each file that has been read.
            on_left_out: is told of each entry of ``left_out`` as soon as it is known.
        """
        self.left_out: dict[str, str] = {}
        self.hides_participant = False
        self._sources = list({_key(source): source for source in sources}.values())
        self._around = around
        self._on_read = on_read
        self._on_left_out = on_left_out

    def __iter__(self) -> Iterator[RecordFile]:
        """The records; can be asked for again.

        Raises:
            PlannerError: a participant is met twice whose files do not show it at a glance.
        """
        codes = [_code_at_a_glance(source) for source in self._sources]
        places: dict[str, list[str]] = {}
        for source, code in zip(self._sources, codes, strict=True):
            if code is not None:
                places.setdefault(code, []).append(_path(source))
        seen: dict[str, str] = {}
        sources = iter(zip(self._sources, codes, strict=True))
        for path in self._around([_path(source) for source in self._sources]):
            source, code = next(sources)
            if code is not None and len(places[code]) > 1:
                paths = ", ".join(places[code])
                self.leave_out(
                    code, f"{len(places[code])} records are of this participant: {paths}"
                )
                continue
            try:
                record = self._read(source)
            except PlannerError as error:
                self.hides_participant |= not path.lower().endswith(".csv")
                self.leave_out(code or path, _with_path(path, str(error)))
                continue
            code = record.record.participant
            first = seen.setdefault(code, path)
            if first != path:
                raise PlannerError(f"{path}: participant `{code}` again, first in {first}")
            yield record

    def leave_out(self, whose: str, why: str) -> None:
        """Takes note of a record without an answer, once, and tells of it."""
        if whose not in self.left_out:
            self.left_out[whose] = why
            if self._on_left_out is not None:
                self._on_left_out(whose, why)

    def leave_out_record(self, record: RecordFile, error: PlannerError) -> None:
        """Takes note of a record that was read and has no answer."""
        self.leave_out(record.record.participant, _with_path(record.path, str(error)))

    def _read(self, source: str | RecordFile) -> RecordFile:
        if not isinstance(source, str):
            return source
        record = read_record(source)
        if self._on_read is not None:
            self._on_read(record)
        return record


def _key(source: str | RecordFile) -> object:
    """What is equal for a file that is named twice."""
    return os.path.abspath(source) if isinstance(source, str) else id(source.record)


def _path(source: str | RecordFile) -> str:
    return source if isinstance(source, str) else source.path


def _code_at_a_glance(source: str | RecordFile) -> str | None:
    """The code of a record's participant, perhaps of one that cannot be read; ``None``: no idea.

    A table is of the participant whom its file is named by. Of YAML only a line of its own is
    looked for; what is written otherwise is read as a whole.
    """
    if not isinstance(source, str):
        return source.record.participant
    if source.lower().endswith(".csv"):
        return os.path.splitext(os.path.basename(source))[0]
    if not os.path.isfile(source):
        return None  # a pipe can be read once
    try:
        with open(source, "rb") as file:
            lines = _PARTICIPANT.findall(file.read(MAX_FILE))
        if len(lines) == 1:
            code: bytes = lines[0][1]
            return code.decode()
        return read_record(source).record.participant
    except (OSError, ValueError, PlannerError):
        return None


def _with_path(path: str, why: str) -> str:
    """The reason, with the file that it is about."""
    return why if path in why else f"{path}: {why}"
