"""Records as commands read them: a code that could name somebody is warned of."""

from collections.abc import Iterator, Sequence

from planner.cli.output import tell
from planner.timeline import record_reading
from planner.timeline.participant import telling
from planner.timeline.record import RecordFile


def read_record(path: str) -> RecordFile:
    """See `planner.timeline.record_reading.read_record`."""
    file = record_reading.read_record(path)
    _warn(file)
    return file


def read_records(paths: Sequence[str], warned_of: set[str] | None = None) -> Iterator[RecordFile]:
    """See `planner.timeline.record_reading.read_records`.

    Args:
        paths: files and folders.
        warned_of: the files of which nothing is to be said again, for who reads them twice; those
            that are read are added.
    """
    known = set() if warned_of is None else warned_of
    for file in record_reading.read_records(list(paths)):
        if file.path not in known:
            _warn(file)
        known.add(file.path)
        yield file


def _warn(file: RecordFile) -> None:
    warn_of_code(file.path, file.record.participant)


def warn_of_code(path: str, code: str) -> None:
    """Warns of a participant's code that could name somebody."""
    reason = telling(code)
    if reason is not None:
        tell(
            f"warning: {path}: participant `{code}`: {reason}; give participants codes such"
            " as `P0001`"
        )
