"""One sheet for everybody: a row for each visit of each participant, in and out of records."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from planner.errors import PlannerError, argument
from planner.text import disarmed
from planner.timeline.participant import check_code, new_code
from planner.timeline.record import Actual, Record
from planner.timeline.sheet_reading import SheetRow, read_sheet

COLUMNS = ("participant", "protocol", "visit", "status", "start", "end", "reason", "note")
_DATES = ("start", "end")
_OF_VISIT = COLUMNS[2:]


class PersonRows(NamedTuple):
    """The rows of one participant, in their order."""

    participant: str
    rows: tuple[SheetRow, ...]


def rows_of(record: Record) -> Iterator[tuple[str, ...]]:
    """The rows of a participant; one without a visit where nothing is recorded yet."""
    first = (record.participant, record.protocol or "")
    if not record.visits:
        yield (*first, *("" for _ in _OF_VISIT))
    for line in record.visits:
        cells = (line.name, line.status, line.start, line.end, line.reason, line.note)
        yield (*first, *("" if cell is None else str(cell) for cell in cells))


def without_place(record: Record) -> list[str]:
    """What a record says that the sheet has no column for."""
    data = record.model_dump(
        exclude={"format", "participant", "protocol", "visits"},
        exclude_defaults=True,
        by_alias=True,
    )
    return list(data)


def read_rows(path: str) -> list[PersonRows]:
    """The rows of a sheet by participant, in the order in which they first stand in it.

    Raises:
        PlannerError: it cannot be read, or a row has no code.
    """
    people: dict[str, list[SheetRow]] = {}
    for row in read_sheet(path, COLUMNS, ("participant", "visit", "status"), _DATES):
        try:
            code = check_code(row.cells.get("participant", ""))
        except PlannerError as error:
            raise PlannerError(f"{row.where('participant')}: {error}") from None
        people.setdefault(code, []).append(row)
    return [PersonRows(code, tuple(rows)) for code, rows in people.items()]


def merged(person: PersonRows, record: Record | None, today: date) -> Record:
    """A participant's record with the rows of a sheet in it.

    A row replaces the line of the same visit, the second one of a visit its second line; other
    lines stay, and so does all that the sheet has no column for.

    Args:
        person: the rows.
        record: as it is; ``None`` for somebody new.
        today: nothing took place after it.

    Raises:
        PlannerError: names the cell: a code that could name somebody, another protocol than the
            record's, or a line that no record can have.
    """
    data: dict[str, Any] = {"participant": person.participant}
    if record is None:
        try:
            new_code(person.participant)
        except PlannerError as error:
            raise PlannerError(f"{person.rows[0].where('participant')}: {error}") from None
    known = None if record is None else record.protocol
    for row in person.rows:
        named = row.cells.get("protocol")
        if named is not None and known is not None and named != known:
            raise PlannerError(
                f"{row.where('protocol')}: {person.participant} is of `{known}`, not of `{named}`"
            )
        known = known or named
    lines = [] if record is None else list(record.visits)
    met: dict[str, int] = {}
    for row in person.rows:
        if not any(row.cells.get(name) for name in _OF_VISIT):
            continue
        line = _line(row, today)
        places = [at for at, held in enumerate(lines) if held.name == line.name]
        nth = met.get(line.name, 0)
        met[line.name] = nth + 1
        if nth < len(places):
            held = lines[places[nth]]
            own = {"visit": held.visit, "occurrence": held.occurrence}
            lines[places[nth]] = line.model_copy(
                update={name: value for name, value in own.items() if value is not None}
            )
        else:
            lines.append(line)
    if known is not None:
        data["protocol"] = known
    try:
        if record is None:
            made = Record.model_validate(data)
            return made.model_copy(update={"visits": tuple(lines)}) if lines else made
    except ValidationError as error:
        raise PlannerError(f"{person.rows[0].where('protocol')}: {_why(error)}") from None
    update: dict[str, Any] = {}
    if tuple(lines) != record.visits:
        update["visits"] = tuple(lines)
    if known != record.protocol:
        update["protocol"] = known
    return record.model_copy(update=update) if update else record


def _line(row: SheetRow, today: date) -> Actual:
    cells = {name: _armed(row.cells[name]) for name in _OF_VISIT if name in row.cells}
    for name in ("visit", "status"):
        if name not in cells:
            raise PlannerError(f"{row.where(name)}: gives no {name}")
    try:
        line = Actual.model_validate(cells)
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        name = str(place[0]) if place else "status"
        raise PlannerError(f"{row.where(name)}: {_why(error)}") from None
    if line.status in ("occurred", "unscheduled") and line.start and line.start.day > today:
        raise PlannerError(
            f"{row.where('start')}: {line.start.day} is after {argument('today')} {today}"
        )
    return line


def _armed(text: str) -> str:
    """A cell as it was before it was kept from being a formula."""
    return text[1:] if text.startswith("'") and disarmed(text[1:]) == text else text


def _why(error: ValidationError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ")


def left_out(records: Iterable[Record]) -> list[str]:
    """What the sheet leaves out of records, a sentence for each participant."""
    return [
        f"{record.participant}: the sheet has no place for {', '.join(names)}"
        for record in records
        if (names := without_place(record))
    ]
