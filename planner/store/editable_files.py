"""Participants' records in files, with what a store does: read them, and change them together."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planner.errors import PlannerError, os_reason
from planner.files import PreparedFolder, put_folders
from planner.files.locking import locked
from planner.store.store import NewEvent, StoreConflict, StoredRecord
from planner.timeline.participant import check_code
from planner.timeline.record_changes import changes_between, plain, why_reason_needed
from planner.timeline.record_editing import edited_record
from planner.timeline.record_reading import read_record, record_paths
from planner.timeline.record_versions import read_bytes
from planner.timeline.record_writing import record_yaml


class _Read(NamedTuple):
    path: str
    content: bytes
    stored: StoredRecord


class EditableFiles:
    """Records in files: of folders, or named one by one.

    A file that changes is edited where its text has to change; new participants get a file in the
    first folder. The version of a record is made of its file's content, so that a change by
    somebody else is noticed.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        """Names the files.

        Args:
            paths: folders, or files; nothing is read yet.
        """
        self._paths = list(paths)
        self.name = ", ".join(paths)

    def records(self) -> Iterator[StoredRecord]:
        """The records of all participants, in the order of their files.

        Raises:
            PlannerError: a file cannot be read, or two are of one participant.
        """
        seen: dict[str, str] = {}
        for path in self._files():
            read = _read(path)
            code = read.stored.record.participant
            if code in seen:
                raise PlannerError(f"{path}: participant `{code}` again, first in {seen[code]}")
            seen[code] = path
            yield read.stored

    def record(self, code: str) -> StoredRecord:
        """A participant's record.

        Raises:
            PlannerError: there is none, or its file cannot be read.
        """
        read = self._of(code)
        if read is None:
            raise PlannerError(f"{self.name}: holds no record of participant {code}")
        return read.stored

    def append(self, events: Sequence[NewEvent], *, who: str) -> None:  # noqa: ARG002
        """Writes changed records: all of them, or none.

        Args:
            events: at most one of each participant.
            who: of a store; files have their version control.

        Raises:
            StoreConflict: a file was changed since it was read.
            PlannerError: a reason is missing, or a file has no place for what it is to say.
        """
        folders = {os.path.dirname(os.path.abspath(path)) for path in self._files()}
        if any(event.version == 0 for event in events):
            folders.add(_made_folder(os.path.abspath(self._folder())))
        with locked(sorted(folders)):
            prepared: dict[str, PreparedFolder] = {}
            try:
                for event in events:
                    self._prepare(event, prepared)
                put_folders(prepared.values())
            finally:
                for folder in prepared.values():
                    folder.discard()

    def _prepare(self, event: NewEvent, prepared: dict[str, PreparedFolder]) -> None:
        code = check_code(event.record.participant)
        read = self._of(code)
        version = 0 if read is None else read.stored.version
        if version != event.version:
            raise StoreConflict(
                f"{code}: already exists; nothing was changed"
                if event.version == 0
                else f"{code}: its file has changed since it was read; look at it and try again."
                " Nothing was changed"
            )
        if read is None:
            path = os.path.join(self._folder(), f"{code}.yaml")
            if os.path.lexists(path):
                raise PlannerError(f"{path}: already exists; nothing was changed")
            content = record_yaml(event.record).encode()
        else:
            path = read.path
            changes = changes_between(plain(read.stored.record), plain(event.record))
            why = None if event.reason else why_reason_needed(changes)
            if why is not None:
                raise PlannerError(f"{code}: {why}, and a change of that needs a reason")
            content = edited_record(path, read.content, event.record)
        folder, name = os.path.split(path)
        if folder not in prepared:
            prepared[folder] = PreparedFolder(folder or ".")
        prepared[folder].write(name, content)

    def _files(self) -> Iterator[str]:
        for path in self._paths:
            if is_empty_folder(path):
                continue
            yield from record_paths(path)

    def _of(self, code: str) -> _Read | None:
        """The file of a participant: the one that is called so, or else the one that says so."""
        paths = list(self._files())
        likely = [path for path in paths if os.path.basename(path).rpartition(".")[0] == code]
        for path in [*likely, *paths]:
            if read_record(path).record.participant == code:
                return _read(path)
        return None

    def _folder(self) -> str:
        """Where records of new participants go.

        Raises:
            PlannerError: only files are named.
        """
        for path in self._paths:
            if os.path.isdir(path) or is_empty_folder(path):
                return path
        raise PlannerError(f"{self.name}: names no folder for records of new participants")


def is_empty_folder(path: str) -> bool:
    """Whether a path is a folder for records to come; it may be made with the first one."""
    if os.path.lexists(path):
        return os.path.isdir(path) and all(name.startswith(".") for name in os.listdir(path))
    return not os.path.splitext(path)[1]


def _made_folder(path: str) -> str:
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    return path


def _read(path: str) -> _Read:
    content = read_bytes(path)
    version = int.from_bytes(hashlib.sha256(content).digest()[:6]) or 1
    return _Read(path, content, StoredRecord(read_record(path).record, version))
