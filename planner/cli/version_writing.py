"""Writes the version that holds into participants' records: into all of them or into none."""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planner.cli.output import mode_of, tell
from planner.errors import PlannerError
from planner.timeline.amendment import Amended
from planner.timeline.record import RecordFile
from planner.timeline.record_versions import csv_as_yaml, read_bytes, with_version


class _Change(NamedTuple):
    """New content of a file that was ``old``; a CSV file goes aside for a new one."""

    path: str
    old: bytes | None
    new: bytes
    aside: str | None


class Changes(NamedTuple):
    """What is to be written, checked; and how many records stay as they are, and why."""

    changes: tuple[_Change, ...]
    undecided: int
    held: int

    def write(self) -> None:
        """Writes all files, and says how many.

        Raises:
            PlannerError: a folder or disk does not take one; then all are as they were.
        """
        _replace_all(self.changes)
        left = [
            f"{number} {why}"
            for number, why in (
                (self.undecided, "not written: decide first"),
                (self.held, "said so already"),
            )
            if number
        ]
        many = "1 record says" if len(self.changes) == 1 else f"{len(self.changes)} records say"
        tell(f"{many} now which version holds{''.join(f'; {text}' for text in left)}")


def prepared(
    files: Sequence[RecordFile],
    people: Sequence[Amended],
    version: str,
    start: date,
    *,
    csv_to_yaml: bool,
) -> Changes:
    """The new contents of all records that the new version can hold for; no file is changed yet.

    Raises:
        PlannerError: a record is in CSV, which has no place for it, or cannot be edited.
    """
    changes: list[_Change] = []
    undecided = held = 0
    for file, one in zip(files, people, strict=True):
        if one.holds is not None:
            held += 1
        elif one.unreadable:
            undecided += 1
        elif file.path.lower().endswith(".csv"):
            changes.append(_of_csv(file, version, start, csv_to_yaml=csv_to_yaml))
        else:
            content = read_bytes(file.path)
            changes.append(
                _Change(file.path, content, with_version(file.path, content, version, start), None)
            )
    return Changes(tuple(changes), undecided, held)


def _of_csv(file: RecordFile, version: str, start: date, *, csv_to_yaml: bool) -> _Change:
    if not csv_to_yaml:
        raise PlannerError(
            f"{file.path}: a record in CSV has no place for versions, so no file was changed; with"
            " --csv-to-yaml such records are written as YAML"
        )
    target, aside = f"{os.path.splitext(file.path)[0]}.yaml", f"{file.path}.old"
    for path in (target, aside):
        if os.path.lexists(path):
            raise PlannerError(f"{path}: is there already, so no file was changed")
    return _Change(target, None, csv_as_yaml(file, version, start), aside)


def _replace_all(changes: Sequence[_Change]) -> None:
    """All new contents are on the disk before the first file is replaced; a failure undoes it."""
    waiting: list[tuple[_Change, str]] = []
    done: list[_Change] = []
    path = ""
    try:
        for change in changes:
            path = os.path.realpath(change.path)
            handle, temporary = tempfile.mkstemp(
                dir=os.path.dirname(path), prefix=".planner-", suffix=".tmp"
            )
            waiting.append((change, temporary))
            with os.fdopen(handle, "wb") as file:
                file.write(change.new)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, mode_of(path))
        for change, temporary in waiting:
            path = os.path.realpath(change.path)
            os.replace(temporary, path)
            done.append(change)
            if change.aside is not None:
                os.rename(change.aside.removesuffix(".old"), change.aside)
    except OSError as error:
        for change in done:
            _undo(change)
        reason = (error.strerror or "cannot be written").lower()
        raise PlannerError(f"{path}: {reason}; no record was changed") from None
    finally:
        for _, temporary in waiting:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _undo(change: _Change) -> None:
    """Puts back what was there before."""
    path = os.path.realpath(change.path)
    if change.old is None:
        with contextlib.suppress(OSError):
            os.unlink(path)
        if change.aside is not None and not os.path.exists(change.aside.removesuffix(".old")):
            os.rename(change.aside, change.aside.removesuffix(".old"))
    else:
        with open(path, "wb") as file:
            file.write(change.old)
