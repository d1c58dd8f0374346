"""Writes the version that holds into participants' records: into all of them or into none."""

import contextlib
import os
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planner.cli.output import tell
from planner.errors import PlannerError
from planner.files import PreparedFolder, put_folders, refusals, sync_folder
from planner.timeline.amendment import Amended
from planner.timeline.record import RecordFile
from planner.timeline.record_reading import read_record, record_paths
from planner.timeline.record_versions import (
    csv_as_yaml,
    read_bytes,
    says_the_same,
    with_version,
)


class _Change(NamedTuple):
    """New content of a record that was `old`; `csv` is the file that goes aside for a new one."""

    path: str
    old: bytes
    new: bytes
    csv: str | None


class VersionWrites(NamedTuple):
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
) -> VersionWrites:
    """The new contents of all records that the new version can hold for; no file is changed yet.

    Raises:
        PlannerError: a record is in CSV, which has no place for it, or cannot be edited.
    """
    changes: list[_Change] = []
    undecided = held = 0
    for file, amended in zip(files, people, strict=True):
        if amended.holds is not None:
            held += 1
        elif amended.unreadable:
            undecided += 1
        elif file.path.lower().endswith(".csv"):
            changes.append(_of_csv(file, version, start, csv_to_yaml=csv_to_yaml))
        else:
            content = read_bytes(file.path)
            changes.append(
                _Change(file.path, content, with_version(file.path, content, version, start), None)
            )
    return VersionWrites(tuple(changes), undecided, held)


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
    content = read_bytes(file.path)
    return _Change(target, content, csv_as_yaml(file, version, start), file.path)


def set_aside_converted(folders: Sequence[str]) -> None:
    """Renames CSV records that stand beside a YAML record of the same visits to `NAME.csv.old`.

    They are what an amendment has converted and could not set aside before it was stopped.

    Raises:
        PlannerError: a file cannot be read or renamed.
    """
    for folder in folders:
        there = set(record_paths(folder)) if os.path.isdir(folder) else set()
        for path in sorted(there):
            stem, suffix = os.path.splitext(path)
            converted, aside = f"{stem}.yaml", f"{path}.old"
            if suffix != ".csv" or converted not in there or os.path.lexists(aside):
                continue
            if says_the_same(read_record(path), read_record(converted)):
                with refusals(path):
                    os.rename(path, aside)
                    sync_folder(folder)
                tell(f"{path}: was written to {converted} before; it is now {aside}")


def _replace_all(changes: Sequence[_Change]) -> None:
    """Replaces all files, or none of them; the next run finishes what a killed one began."""
    with contextlib.ExitStack() as stack:
        folders: dict[str, PreparedFolder] = {}
        for change in changes:
            path = os.path.realpath(change.path)
            folder, name = os.path.split(path)
            if folder not in folders:
                folders[folder] = PreparedFolder(folder)
                stack.callback(folders[folder].discard)
            folders[folder].write(name, change.new, like=change.csv)
            if change.csv is not None:
                csv = os.path.basename(change.csv)
                folders[folder].write(f"{csv}.old", change.old, like=change.csv)
                folders[folder].remove(csv)
        for change in changes:
            read_from = change.csv or change.path
            if read_bytes(read_from) != change.old:
                raise PlannerError(f"{read_from}: was changed meanwhile, so no record was changed")
        put_folders(folders.values(), "no record was changed")
