"""Records in which it stands from which date on a new version holds: all written, or none."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from planner.errors import PlannerError, argument
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


class AmendedRecord(NamedTuple):
    """A participant's record with one more version in it, to be written.

    Attributes:
        participant: the participant's code.
        source: the file that the record is in.
        old: what it holds.
        path: the file to write: the same one, or one in YAML where the record is in CSV, which has
            no place for versions; ``source`` then goes aside as `NAME.csv.old`.
        new: what that is to hold.
    """

    participant: str
    source: str
    old: bytes
    path: str
    new: bytes


class AmendedRecords(NamedTuple):
    """Records with the version that holds from a date on, of all participants of an amendment.

    Attributes:
        records: those to be written.
        undecided: the participants whose records do not fit the new version until somebody has
            decided something.
        held: the participants whose records say so already.
    """

    records: tuple[AmendedRecord, ...]
    undecided: tuple[str, ...]
    held: tuple[str, ...]


def amended_records(
    files: Sequence[RecordFile],
    people: Sequence[Amended],
    version: str,
    start: date,
    *,
    csv_to_yaml: bool,
) -> AmendedRecords:
    """The records with the new version, of all whom it can hold for; no file is changed.

    Raises:
        PlannerError: a record is in CSV, which has no place for it, or cannot be edited.
    """
    records: list[AmendedRecord] = []
    undecided: list[str] = []
    held: list[str] = []
    for file, amended in zip(files, people, strict=True):
        if amended.holds is not None:
            held.append(amended.participant)
        elif amended.unreadable:
            undecided.append(amended.participant)
        elif file.path.lower().endswith(".csv"):
            if not csv_to_yaml:
                raise PlannerError(
                    f"{file.path}: a record in CSV has no place for versions, so no file was"
                    f" changed; with {argument('csv_to_yaml')} such records are written as YAML"
                )
            records.append(_from_csv(file, version, start))
        else:
            old = read_bytes(file.path)
            new = with_version(file.path, old, version, start)
            records.append(AmendedRecord(amended.participant, file.path, old, file.path, new))
    return AmendedRecords(tuple(records), tuple(undecided), tuple(held))


def _from_csv(file: RecordFile, version: str, start: date) -> AmendedRecord:
    target, aside = f"{os.path.splitext(file.path)[0]}.yaml", f"{file.path}.old"
    for path in (target, aside):
        if os.path.lexists(path):
            raise PlannerError(f"{path}: already exists, so no file was changed")
    old, new = read_bytes(file.path), csv_as_yaml(file, version, start)
    return AmendedRecord(file.record.participant, file.path, old, target, new)


def write_amended(records: Sequence[AmendedRecord]) -> None:
    """Replaces all files, or none of them; the next run finishes what a killed one began.

    Raises:
        PlannerError: a record was changed meanwhile, or a folder or disk does not take one.
    """
    with contextlib.ExitStack() as stack:
        folders: dict[str, PreparedFolder] = {}
        for record in records:
            folder, name = os.path.split(os.path.realpath(record.path))
            if folder not in folders:
                folders[folder] = PreparedFolder(folder)
                stack.callback(folders[folder].discard)
            if record.path == record.source:
                folders[folder].write(name, record.new)
                continue
            csv = os.path.basename(record.source)
            folders[folder].write(name, record.new, like=record.source)
            folders[folder].write(f"{csv}.old", record.old, like=record.source)
            folders[folder].remove(csv)
        for record in records:
            if read_bytes(record.source) != record.old:
                raise PlannerError(
                    f"{record.source}: was changed meanwhile, so no record was changed"
                )
        put_folders(folders.values(), "no record was changed")


class ConvertedRecord(NamedTuple):
    """A record in CSV that stands in a YAML file, too, and what it is called from now on."""

    path: str
    yaml: str
    aside: str


def set_aside_converted(folders: Sequence[str]) -> Iterator[ConvertedRecord]:
    """Renames CSV records that stand beside a YAML record of the same visits to `NAME.csv.old`.

    They are what an amendment has converted and could not set aside before it was stopped. Each is
    renamed before it is yielded.

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
            if _say_the_same(path, converted):
                with refusals(path):
                    os.rename(path, aside)
                    sync_folder(folder)
                yield ConvertedRecord(path, converted, aside)


def _say_the_same(path: str, converted: str) -> bool:
    """Return whether two files are the same record; not if one of them cannot be read."""
    try:
        return says_the_same(read_record(path), read_record(converted))
    except PlannerError:
        return False
