"""Amendments written into participants' records: from which date on which version holds."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.timeline.amended_records import AmendedRecords, ConvertedRecord
    from planner.views.amendment import AmendmentReport


def amended_records(report: "AmendmentReport", *, csv_to_yaml: bool = False) -> "AmendedRecords":
    """The participants' records with the new version of an amendment in them; none is written.

    Comments, order and line ends of a record stay. Who needs a decision before the record fits the
    new version has none, nor has whose record says already that it holds.

    Args:
        report: what `amend` gave; its records are files.
        csv_to_yaml: whether a record in CSV, which has no place for versions, becomes one in YAML.

    Raises:
        PlannerError: both versions are called the same; a record was built in code, is in CSV, or
            has no place where the new version can be put by itself.
    """
    from planner.timeline import amended_records

    if report.old == report.new:
        raise PlannerError(
            f"report: both files say version `{report.new}`; give the new one a `version:` of its"
            " own"
        )
    for file in report.records:
        if file.path == file.record.participant and not file.lines:
            raise PlannerError(f"{file.path}: the record of this participant is in no file")
    return amended_records.amended_records(
        report.records, report.people, report.new, report.start, csv_to_yaml=csv_to_yaml
    )


def write_amended(records: "AmendedRecords") -> None:
    """Writes what `amended_records` gave: all records or none.

    A record in CSV that becomes one in YAML stays as `NAME.csv.old`.

    Raises:
        PlannerError: a record was changed since it was read, or a folder or disk does not take one.
    """
    from planner.api.inputs import instance_of
    from planner.timeline import amended_records

    wanted = instance_of(records, amended_records.AmendedRecords, "records")
    amended_records.write_amended(wanted.records)


def set_aside_converted(folders: Sequence[str]) -> "Iterator[ConvertedRecord]":
    """Renames records in CSV that a stopped run has written as YAML already, one by one.

    Args:
        folders: folders of records; records themselves are passed over.

    Raises:
        PlannerError: a file cannot be read or renamed.
    """
    from planner.timeline import amended_records

    return amended_records.set_aside_converted(folders)
