"""What is peculiar to the list of events that REDCap exports: its offsets and their traps."""

from collections.abc import Mapping
from typing import NamedTuple

from planner.errors import argument
from planner.formats.visit_tables.columns import plain_heading
from planner.formats.visit_tables.day_numbers import Counting
from planner.formats.visit_tables.sheet import Sheet, SheetCell


class RedcapEvents(NamedTuple):
    """How a list of events is to be read, and what is to be known of that."""

    columns: Mapping[str, str]
    counting: Counting
    remarks: tuple[tuple[str, SheetCell], ...]


def redcap_events(sheet: Sheet, columns: Mapping[str, str], counting: Counting) -> RedcapEvents:
    """How REDCap's list of events is read; any other table as it was asked for.

    REDCap counts ``offset_min`` in days before the day, without a sign; its API gives it negative.

    Args:
        sheet: the table.
        columns: what was asked for of its columns.
        counting: what was asked for of its numbers.

    Raises:
        DocumentError: the list has no offsets, or what looks like the numbers of its rows.
    """
    headings = {plain_heading(cell.text): cell for cell in sheet.rows[0]}
    if not {"event name", "unique event name"} <= headings.keys():
        return RedcapEvents(columns, counting, ())
    offset = headings.get("day offset")
    if offset is None:
        raise sheet.refusal(
            "REDCap's list of events without its offsets: there are no times in this file",
            sheet.rows[0][0],
            hint="download the events of a project whose scheduling module is on",
        )
    remarks = []
    days = _column(sheet, offset)
    ends = [
        _column(sheet, headings[key]) for key in ("offset min", "offset max") if key in headings
    ]
    is_bare = all(cell.text in ("", "0") for cells in ends for cell in cells)
    numbered = [str(number) for number in range(1, len(days) + 1)]
    if len(days) > 1 and is_bare and [cell.text for cell in days] == numbered:
        message = "offsets 1, 2, 3, ...: REDCap numbers events so where nobody gave them a day"
        if counting.anchor is None:
            raise sheet.refusal(
                message,
                offset,
                hint=f"if they are days, name the event of the first day with"
                f" {argument('anchor', 'VISIT')}",
            )
        remarks.append((f"{message}; they are read as days", offset))
    before = [cell for cell in ends[0] if cell.text not in ("", "0")] if ends else []
    if before and "offset min" in headings and all(cell.text[0] == "-" for cell in before):
        counting = counting._replace(signed_minus=True)
        remarks.append(("offset_min is negative: a window opens so many days before", before[0]))
    return RedcapEvents({"name": "event_name", **columns}, counting, tuple(remarks))


def _column(sheet: Sheet, heading: SheetCell) -> list[SheetCell]:
    return [row[heading.column - 1] for row in sheet.rows[1:] if len(row) >= heading.column]
