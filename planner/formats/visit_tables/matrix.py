"""A schedule of activities as a matrix: visits in columns, activities in rows, marks where done."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from planner.formats.visit_tables.columns import KNOWN_HEADINGS, plain_heading
from planner.formats.visit_tables.day_numbers import Counting, Reading, read_day_cells
from planner.formats.visit_tables.sheet import Sheet, SheetCell, SheetRow
from planner.formats.visit_tables.study import TableStudy, TableVisit
from planner.protocol.field_types import quoted
from planner.protocol.timing_text.context import Context, named_context
from planner.protocol.timing_text.read_timing import read_timing
from planner.protocol.timing_text.timing import TextTiming, Unparsed
from planner.time.distance import Tolerance, Window

_MARK = re.compile(r"(?:[xX✓✔●•☒✗]|yes)(?:[\s,*†‡§¹²³⁰-⁹]|\(.*\)|\b[a-z]\b)*")
_OTHER_VISIT = re.compile(r"\b(?:after|before) V\d+")
_MAX_TOP_ROWS = 20


class MatrixRows(NamedTuple):
    """The rows above the first mark, and the rows from it on."""

    top: tuple[SheetRow, ...]
    body: tuple[SheetRow, ...]


def matrix_rows(sheet: Sheet) -> MatrixRows | None:
    """The parts of a matrix; ``None`` where a sheet has no marks below a row of headings."""
    for at, row in enumerate(sheet.rows[: _MAX_TOP_ROWS + 1]):
        if row[0].text and any(_MARK.fullmatch(cell.text) for cell in row[1:]):
            top = tuple(row for row in sheet.rows[:at] if len(row) > 1)
            return MatrixRows(top, sheet.rows[at:]) if top else None
    return None


def read_matrix(sheet: Sheet, rows: MatrixRows, counting: Counting) -> TableStudy:
    """The visits of a matrix.

    A row of headings that begins with a word for days, windows or epochs is read as such; the
    other ones are names of visits, whose own words tell their time where no row does.

    Args:
        sheet: the table.
        rows: its parts.
        counting: how its numbers are to be read.

    Raises:
        DocumentError: something has two readings with different dates, and none was asked for.
    """
    study = TableStudy(sheet)
    reader = _MatrixReader(study, rows, counting)
    study.visits = list(reader.visits())
    study.day_zero = reader.day_zero
    return study


class _MatrixReader:
    """Reads the columns of one matrix."""

    def __init__(self, study: TableStudy, rows: MatrixRows, counting: Counting) -> None:
        self.study = study
        self.rows = rows
        self.names: list[SheetRow] = []
        self.by_meaning: dict[str, SheetRow] = {}
        for row in rows.top:
            meaning = KNOWN_HEADINGS.get(plain_heading(row[0].text))
            for cell in row if meaning == "window" else ():
                if _OTHER_VISIT.search(cell.text):
                    raise study.sheet.refusal(
                        f"{quoted(cell.text)} counts from another visit: only windows around the"
                        " days of a table are read",
                        cell,
                        hint="import the file that the table was made from, if there is one",
                    )
            if meaning in ("day", "window", "epoch") and meaning not in self.by_meaning:
                self.by_meaning[meaning] = row
            else:
                self.names.append(row)
        days = self.by_meaning.get("day")
        cells: dict[SheetCell, Context] = {}
        if days is not None:
            context = named_context(plain_heading(days[0].text))
            cells = {cell: context for cell in days[1:] if cell.text}
        else:
            for row in self.names:
                cells |= {cell: Context() for cell in row[1:] if cell.text}
        self.readings, self.day_zero = read_day_cells(study.sheet, cells, counting)
        self.done = self.activities()
        parts = [f"{len(self.done)} visits in columns", f"{self.number} activities in rows"]
        parts += [f"{key} = {quoted(row[0].text)}" for key, row in self.by_meaning.items()]
        study.say("reading", f"a matrix: {', '.join(parts)}", rows.top[0][0])

    def activities(self) -> Mapping[int, list[str]]:
        """The activities of each column that has a heading."""
        columns = {
            cell.column for row in self.names or self.rows.top for cell in row[1:] if cell.text
        }
        done: dict[int, list[str]] = {column: [] for column in sorted(columns)}
        other: dict[str, list[SheetCell]] = {}
        self.number = 0
        for row in self.rows.body:
            title, cells = row[0], [cell for cell in row[1:] if cell.text]
            if not title.text or not cells:
                text = ", ".join(quoted(cell.text) for cell in row if cell.text)
                self.study.say("left-out", f"neither an activity nor its visits: {text}", row[0])
                continue
            self.number += 1
            for cell in cells:
                if cell.column not in done:
                    self.study.say(
                        "mistake", f"{quoted(cell.text)}: its column has no heading", cell
                    )
                elif _MARK.fullmatch(cell.text):
                    done[cell.column].append(title.text)
                    if "(" in cell.text:
                        self.study.say(
                            "reading", f"{quoted(cell.text)}: read as done at the visit", cell
                        )
                else:
                    other.setdefault(cell.text, []).append(cell)
        for text, alike in other.items():
            names = ", ".join(cell.name for cell in alike[:8])
            more = f" and {len(alike) - 8} more" if len(alike) > 8 else ""
            self.study.say(
                "left-out", f"{quoted(text)} is no mark of what is done: {names}{more}", alike[0]
            )
        return done

    def visits(self) -> Iterator[TableVisit]:
        for column, done in self.done.items():
            names = [cell for row in self.names if (cell := _at(row, column))]
            day = _at(self.by_meaning.get("day"), column)
            first = names[0] if names else day
            assert first is not None, "a column has a heading"
            title = " / ".join(dict.fromkeys(cell.text for cell in names)) or f"Day {first.text}"
            window_cell = _at(self.by_meaning.get("window"), column)
            epoch = _at(self.by_meaning.get("epoch"), column)
            visit = TableVisit(title, first, activities=tuple(done))
            if epoch is not None:
                visit = visit._replace(epoch=epoch.text)
            times = [day] if day is not None else names
            yield self.timed(visit, times, window_cell)

    def timed(
        self, visit: TableVisit, cells: list[SheetCell], window_cell: SheetCell | None
    ) -> TableVisit:
        """A visit with the time that the first of its headings with one tells."""
        for cell in cells:
            reading = self.readings[cell]
            if isinstance(reading, Unparsed) and not reading.carries_time:
                continue
            if isinstance(reading, Unparsed):
                self.study.untimed(cell, f"{quoted(cell.text)}: {reading.message}")
                return visit
            place = self.study.distance(cell, self.in_first_cycle(cell, reading))
            if place is None:
                return visit
            target, window = place
            if window_cell is not None:
                window = self.window(window_cell, window)
            return visit._replace(
                target=target, window=window, in_weeks=reading.in_weeks, times=(cell,)
            )
        self.study.untimed(visit.cell, f"{quoted(visit.title)}: no day, so it has no planned date")
        return visit

    def in_first_cycle(self, cell: SheetCell, reading: TextTiming) -> TextTiming:
        """A day of Cycle 1 as the day of the study that it is if both begin together."""
        cycles = [place for place in reading.coordinates if place.of == "cycle"]
        if reading.kind != "day of cycle" or [str(place) for place in cycles] != ["cycle 1"]:
            return reading
        self.study.say(
            "reading",
            f"{quoted(cell.text)}: days of Cycle 1 count as days of the study do, from Day 1",
            cell,
        )
        return reading._replace(kind="study day")

    def window(self, cell: SheetCell, own: Tolerance | Window | None) -> Tolerance | Window | None:
        """The window of a row of windows, where the visit's own text tells no other one."""
        reading: Reading = read_timing(cell.text, named_context("visit window (days)"))
        if isinstance(reading, TextTiming) and reading.kind == "window" and own is None:
            return reading.window
        if isinstance(reading, Unparsed) and not reading.carries_time:
            return own
        why = reading.message if isinstance(reading, Unparsed) else "not a window around the day"
        self.study.say("mistake", f"{quoted(cell.text)}: {why}; left out", cell)
        return own


def _at(row: SheetRow | None, column: int) -> SheetCell | None:
    if row is None or column > len(row) or not row[column - 1].text:
        return None
    return row[column - 1]
