"""Who is to be enrolled: whether the planned date of the anchor visit works, or which ones do."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planner.errors import PlannerError
from planner.time.date import parse_date
from planner.timeline.participant import new_code
from planner.timeline.sheet_reading import SheetRow, read_sheet

COLUMNS = ("participant", "protocol", "start", "arm", "cohort")
"""The columns of a list of people to be enrolled; all but the participant and the start may go."""


class NewParticipant(NamedTuple):
    """Somebody to be enrolled: code, protocol, date of the anchor visit, arm and cohort.

    ``place`` is the file and the row that says so, empty where no file does.
    """

    code: str
    protocol: str | None
    start: date
    arm: str | None = None
    cohort: str | None = None
    place: str = ""


class Enrolment(NamedTuple):
    """What there is to know before somebody is enrolled.

    Attributes:
        participant: the code.
        protocol: its id.
        version: of the protocol, which holds for the participant.
        arm: ``None`` where nobody may know it, or nobody says it.
        start: planned date of the anchor visit.
        fits: whether all visits can be planned from there, each inside its window.
        reasons: why not.
        near: the nearest dates from which they can.
    """

    participant: str
    protocol: str
    version: str
    arm: str | None
    start: date
    fits: bool
    reasons: tuple[str, ...]
    near: tuple[date, ...]


class Enrolments(NamedTuple):
    """All who are to be enrolled; ``written`` is where their records are, once they are."""

    people: tuple[Enrolment, ...]
    written: str | None = None

    @property
    def kept(self) -> bool:
        """Whether every start works."""
        return all(person.fits for person in self.people)


def read_new_participants(path: str) -> list[NewParticipant]:
    """The people of a list in CSV or a workbook.

    Raises:
        PlannerError: it cannot be read; a code could name somebody, or stands twice; a date is
            none.
    """
    seen: dict[str, str] = {}
    people = []
    for row in read_sheet(path, COLUMNS, ("participant", "start"), ("start",)):
        people.append(_person(row))
        known = people[-1].code.casefold()
        if known in seen:
            raise PlannerError(
                f"{row.where('participant')}: `{people[-1].code}` again, first in {seen[known]}"
            )
        seen[known] = row.where("participant")
    if not people:
        raise PlannerError(f"{path}: names nobody")
    return people


def _person(row: SheetRow) -> NewParticipant:
    for name in ("participant", "start"):
        if name not in row.cells:
            raise PlannerError(f"{row.where(name)}: gives no {name}")
    try:
        code = new_code(row.cells["participant"])
    except PlannerError as error:
        raise PlannerError(f"{row.where('participant')}: {error}") from None
    start = row.cells["start"]
    if len(start) > 10:
        raise PlannerError(f"{row.where('start')}: {start}: a date without a time is wanted")
    return NewParticipant(
        code,
        row.cells.get("protocol"),
        parse_date(start),
        row.cells.get("arm"),
        row.cells.get("cohort"),
        f"{row.place}: row {row.number}",
    )


def nearest(days: Sequence[date], start: date, most: int = 4) -> tuple[date, ...]:
    """The dates nearest to another one, in their order."""
    return tuple(sorted(sorted(days, key=lambda day: (abs((day - start).days), day))[:most]))


def check_new(code: str, known: Sequence[str]) -> str:
    """A code for a participant who has no record yet.

    Args:
        code: as given.
        known: the codes there are.

    Raises:
        PlannerError: it could name somebody, or is one of those but for capital letters.
    """
    code = new_code(code)
    for other in known:
        if other.casefold() == code.casefold():
            same = "" if other == code else f" as {other}"
            raise PlannerError(f"{code}: is enrolled already{same}")
    return code
