"""Records as commands read them: codes that could name somebody, and records left out."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING

import typer

from planner.api import records
from planner.cli.output import complain, tell

if TYPE_CHECKING:
    from datetime import date

    from planner.api.participants import Watch
    from planner.api.types import RecordFile

_MAX_COMPLAINTS = 20


def read_record(path: str, today: "date | None" = None) -> "RecordFile":
    """See `planner.timeline.record_reading.read_record`; warns as `warn_of_record`."""
    from planner.api.inputs import record_of

    file = record_of(path)
    warn_of_record(file, today)
    return file


def warn_of_record(file: "RecordFile", today: "date | None") -> None:
    """Warns of a code that could name somebody, and of visits that took place after today."""
    path, code = file.path, file.record.participant
    for line in [] if today is None else file.after(today):
        tell(f"warning: {line}; check the date")
    reason = records.why_telling(code)
    if reason is not None:
        tell(
            f"warning: {path}: participant `{code}`: {reason}; give participants codes such"
            " as `P0001`"
        )


def watch_records(today: "date | None", clock: "date | None" = None) -> "Watch":
    """Shows how far the reading is, warns as `warn_of_record`, and says what is left out.

    Args:
        today: of all visits that took place after this date is warned; of none where ``None``.
        clock: today's date where nobody gives one: of the first visit after it is warned.
    """
    from planner.api.participants import Watch
    from planner.cli.progress import progress

    complaints = count(1)
    later = count(1)

    class OnScreen(Watch):
        def paths(self, paths: list[str]) -> Iterable[str]:
            return progress(paths, len(paths), "records")

        def read(self, record: "RecordFile") -> None:
            warn_of_record(record, today)
            after = [] if today is not None or clock is None else record.after(clock)
            if after and next(later) == 1:
                tell(f"warning: {after[0]}; check the date (--today DATE lists all such dates)")

        def left_out(self, whose: str, why: str) -> None:
            if next(complaints) <= _MAX_COMPLAINTS:
                complain(why if why.startswith(f"{whose}:") else f"{whose}: {why}")

    return OnScreen()


def leaves_out(left_out: "Sequence[tuple[str, str]]", taken: int) -> bool:
    """Says how many records could not be taken into account; whether there are any.

    Raises:
        typer.Exit: with code 2, none at all could be.
    """
    number = len(left_out)
    if not number:
        return False
    more = number - _MAX_COMPLAINTS
    rest = f" ({more} not shown)" if more > 0 else ""
    records = "1 record is" if number == 1 else f"{number} records are"
    tell(f"{records} left out above{rest}")
    if not taken:
        raise typer.Exit(2)
    return True
