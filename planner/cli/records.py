"""Records as commands read them: codes that could name somebody, and records left out."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING

import typer

from planner.api import records
from planner.cli.output import complain, tell

if TYPE_CHECKING:
    from planner.api.participants import Watch
    from planner.api.types import RecordFile

_MAX_COMPLAINTS = 20


def read_record(path: str) -> "RecordFile":
    """See `planner.timeline.record_reading.read_record`."""
    from planner.api.inputs import record_of

    file = record_of(path)
    warn_of_code(file.path, file.record.participant)
    return file


def warn_of_code(path: str, code: str) -> None:
    """Warns of a participant's code that could name somebody."""
    reason = records.why_telling(code)
    if reason is not None:
        tell(
            f"warning: {path}: participant `{code}`: {reason}; give participants codes such"
            " as `P0001`"
        )


def watch_records() -> "Watch":
    """Shows how far the reading is, warns of codes, and says what is wrong with some records."""
    from planner.api.participants import Watch
    from planner.cli.progress import progress

    complaints = count(1)

    class OnScreen(Watch):
        def paths(self, paths: list[str]) -> Iterable[str]:
            return progress(paths, len(paths), "records")

        def read(self, path: str, participant: str) -> None:
            warn_of_code(path, participant)

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
