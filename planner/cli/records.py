"""Records as commands read them: a code that could name somebody is warned of."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from planner.api import records
from planner.cli.output import tell

if TYPE_CHECKING:
    from planner.api.types import RecordFile


def read_record(path: str) -> "RecordFile":
    """See `planner.timeline.record_reading.read_record`."""
    from planner.api.inputs import record_of

    file = record_of(path)
    warn_of_code(file.path, file.record.participant)
    return file


def read_records(paths: Sequence[str]) -> "Iterator[RecordFile]":
    """The records of files and folders, as `planner.api.records.read_records` gives them."""
    for file in records.read_records(paths):
        warn_of_code(file.path, file.record.participant)
        yield file


def warn_of_code(path: str, code: str) -> None:
    """Warns of a participant's code that could name somebody."""
    reason = records.why_telling(code)
    if reason is not None:
        tell(
            f"warning: {path}: participant `{code}`: {reason}; give participants codes such"
            " as `P0001`"
        )
