"""One sheet for everybody: records as rows of CSV or of a workbook, out and in again."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from planner.errors import FilesInTheWay, PlannerError, argument

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, StrPath


def write_sheet(
    records: "StrPath | Sequence[StrPath]", path: "StrPath", *, replace: bool = False
) -> list[str]:
    """Writes all records of a store or of folders as one sheet: a row for each visit.

    Args:
        records: a store, or folders and files of records.
        path: of the sheet: a workbook where it ends in ``.xlsx``, else CSV in UTF-8 with a BOM.
        replace: whether a file that says something else is replaced.

    Returns:
        What the sheet has no column for, a sentence for each participant.

    Raises:
        FilesInTheWay: such a file is there, and ``replace`` is false.
        PlannerError: a record cannot be read, or the sheet not be written.
    """
    from planner.api.files import says_otherwise, write_whole
    from planner.api.inputs import path_text
    from planner.api.recording import record_places
    from planner.store import opened_place
    from planner.timeline.record_sheet import left_out, rows_of

    target = path_text(path, "path")
    with opened_place(record_places(records)) as place:
        known = [stored.record for stored in place.records()]
    content = _sheet(target, [row for record in known for row in rows_of(record)])
    if not replace and says_otherwise(target, content):
        raise FilesInTheWay([target])
    write_whole(target, content)
    return left_out(known)


def new_sheet(path: "StrPath", *, replace: bool = False) -> None:
    """Writes an empty sheet for everybody's visits, which names its columns.

    Raises:
        FilesInTheWay: a file that says something else is there, and ``replace`` is false.
        PlannerError: it ends neither in ``.xlsx`` nor in ``.csv``, or cannot be written.
    """
    from planner.api.files import says_otherwise, write_whole
    from planner.api.inputs import path_text

    target = path_text(path, "path")
    content = _sheet(target, [])
    if not replace and says_otherwise(target, content):
        raise FilesInTheWay([target])
    write_whole(target, content)


def read_sheet_into(
    records: "StrPath | Sequence[StrPath]",
    path: "StrPath",
    *,
    who: str,
    today: "DateSource",
    reason: str | None = None,
    protocols: "Iterable[ProtocolSource]" = (),
) -> tuple[int, int]:
    """Takes the rows of a sheet into a store or a folder of records: all of them, or none.

    A row replaces the line of the same visit, or is one more; lines that the sheet does not name
    stay. Where the protocol is known, visits that it does not have are refused.

    Args:
        records: a store, or a folder.
        path: CSV with commas, semicolons or tabs, or a workbook.
        who: the code of the person who does it.
        today: nothing took place after it.
        reason: why; needed where a booked or past visit changes.
        protocols: those that the sheet names and the library does not have.

    Returns:
        How many records changed or are new, and how many said the same already.

    Raises:
        PlannerError: names the cell that cannot be read, or the participant whose change needs a
            reason.
    """
    from planner.api.inputs import date_of, path_text
    from planner.api.prepared import prepared_calendar
    from planner.api.record_protocols import RecordProtocols
    from planner.api.recording import record_places
    from planner.store import NewEvent, opened_place
    from planner.timeline.history import occurrence_names
    from planner.timeline.record import RecordFile
    from planner.timeline.record_sheet import merged, read_rows

    now = date_of(today, "today")
    sheet = path_text(path, "path")
    people = read_rows(sheet)
    known = RecordProtocols(protocols, prepared_calendar(None))
    events = []
    with opened_place(record_places(records)) as place:
        there = {stored.record.participant: stored for stored in place.records()}
        alike = {code.casefold(): code for code in there}
        for person in people:
            stored = there.get(person.participant)
            other = alike.setdefault(person.participant.casefold(), person.participant)
            if other != person.participant:
                raise PlannerError(
                    f"{person.rows[0].where('participant')}: `{person.participant}` and `{other}`"
                    " differ only in capital letters"
                )
            record = merged(person, None if stored is None else stored.record, now)
            if stored is not None and record == stored.record:
                continue
            if record.protocol is not None:
                file = RecordFile(f"{sheet}: {person.participant}", record, ())
                occurrence_names(file, known.courses(file, now).whole(record.arm))
            version = 0 if stored is None else stored.version
            events.append(NewEvent(record, version, "imported", reason))
        if events:
            place.append(events, who=who)
    return len(events), len(people) - len(events)


def is_sheet(path: str) -> bool:
    """Whether the name of a file is that of a sheet: ``.xlsx`` or ``.csv``."""
    from planner.timeline import sheet_reading

    return sheet_reading.is_sheet(path)


def is_visits_sheet(path: str) -> bool:
    """Whether a file is a sheet of everybody's visits, and no record of one participant.

    Raises:
        PlannerError: the file cannot be read.
    """
    from planner.protocol.reading import read_text

    if path.lower().endswith(".xlsx"):
        return True
    if not path.lower().endswith(".csv"):
        return False
    head = next((line for line in read_text(path).split("\n") if line.strip()), "")
    return "participant" in re.findall("[a-z]+", head.lower())


def _sheet(path: str, rows: Sequence[tuple[str, ...]]) -> bytes:
    from planner.timeline.record_sheet import COLUMNS
    from planner.timeline.sheet_reading import is_sheet
    from planner.views.record_sheet import csv_sheet, workbook

    if not is_sheet(path):
        raise PlannerError(f"{argument('path')}: {path}: a sheet ends in .xlsx or .csv")
    return (workbook if path.lower().endswith(".xlsx") else csv_sheet)([COLUMNS, *rows])
