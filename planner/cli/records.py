"""Records as commands read them: a code that could name somebody is warned of."""

from collections.abc import Iterator, Sequence

from planner.cli.output import tell
from planner.timeline import record_reading
from planner.timeline.participant import telling
from planner.timeline.record import RecordFile


def read_record(path: str) -> RecordFile:
    """See `planner.timeline.record_reading.read_record`."""
    return _warned(record_reading.read_record(path))


def read_records(paths: Sequence[str]) -> Iterator[RecordFile]:
    """See `planner.timeline.record_reading.read_records`."""
    return map(_warned, record_reading.read_records(list(paths)))


def _warned(file: RecordFile) -> RecordFile:
    code = file.record.participant
    reason = telling(code)
    if reason is not None:
        tell(
            f"warning: {file.path}: participant `{code}`: {reason}; give participants codes such"
            " as `P0001`"
        )
    return file
