"""A list of visits, one a row: its days and windows as timings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from planner.errors import argument
from planner.formats.visit_tables.columns import Columns
from planner.formats.visit_tables.day_numbers import Counting, read_day_cells
from planner.formats.visit_tables.sheet import Sheet, SheetCell, SheetRow
from planner.formats.visit_tables.study import TableStudy, TableVisit
from planner.protocol.field_types import quoted
from planner.protocol.timing_text.context import Context, named_context
from planner.protocol.timing_text.read_timing import read_timing
from planner.protocol.timing_text.timing import TextTiming, Unparsed
from planner.time.distance import CalendarDistance, Tolerance, Window

_NUMBER = re.compile(r"([+±-]?)(\d{1,4})(?:\.0+)?\s*(d|days?|w|wks?|weeks?)?", re.IGNORECASE)
_BLANK = ("", "-", "–", "—", "n/a", "na", "none")
Span = Tolerance | Window


class RowTiming(NamedTuple):
    """What a row tells of time: from where the table counts, and what of it was not understood."""

    target: CalendarDistance | None
    window: Span | None
    in_weeks: bool = False


def read_visit_list(sheet: Sheet, columns: Columns, counting: Counting) -> TableStudy:
    """The visits of a list.

    Args:
        sheet: the table.
        columns: what its columns mean.
        counting: how its numbers are to be read.

    Raises:
        DocumentError: something has two readings with different dates, and none was asked for.
    """
    study = TableStudy(sheet)
    top = columns.headings[0].row
    rows = [row for row in sheet.rows if row[0].row > top]
    study.say("reading", _guess(columns, rows), columns.headings[0])
    for heading in columns.unknown:
        study.say("left-out", f"column {quoted(heading.text)}: it has no meaning here", heading)
    for row in sheet.rows:
        if row[0].row < top:
            texts = ", ".join(quoted(cell.text) for cell in row if cell.text)
            study.say("left-out", f"above the headings: {texts}", row[0])
    reader = _ListReader(study, columns, counting, rows)
    study.visits = list(reader.visits())
    study.day_zero = reader.day_zero
    return study


def _guess(columns: Columns, rows: list[SheetRow]) -> str:
    """What each column was read as, with its first values."""
    parts = []
    for meaning, heading in columns.by_meaning.items():
        values = [cell.text for row in rows if (cell := columns.get(row, meaning))][:3]
        sample = f" ({', '.join(values)[:60]}{', ...' if len(rows) > 3 else ''})" if values else ""
        parts.append(f"{meaning} = {quoted(heading.text)}{sample}")
    return f"columns: {'; '.join(parts)}"


class _ListReader:
    """Reads the rows of one list."""

    def __init__(
        self, study: TableStudy, columns: Columns, counting: Counting, rows: list[SheetRow]
    ) -> None:
        self.study = study
        self.sheet = study.sheet
        self.columns = columns
        self.counting = counting
        self.rows = rows
        self.unit = {meaning: _unit(cell.text) for meaning, cell in columns.by_meaning.items()}
        day_cells = {
            cell: self.day_context(cell)
            for row in rows
            if (cell := columns.get(row, "day")) and cell.text.casefold() not in _BLANK
        }
        self.readings, self.day_zero = read_day_cells(self.sheet, day_cells, counting)
        self.around_target = True
        if "earliest" in columns.by_meaning or "latest" in columns.by_meaning:
            self.around_target = self.windows_are_around_targets()

    def day_context(self, _cell: SheetCell) -> Context:
        heading = self.columns.by_meaning["day"].text
        kind = {7: "week", 30: "month"}.get(self.unit["day"], "study_day")
        return named_context(kind.replace("_", " "))._replace(property_name=heading)

    def visits(self) -> Iterator[TableVisit]:
        for row in self.rows:
            name = self.columns.get(row, "name")
            day = self.columns.get(row, "day") or self.columns.get(row, "offset")
            cells = [cell for cell in row if cell.text]
            if name is None and day is None:
                texts = ", ".join(quoted(cell.text) for cell in cells)
                self.study.say("left-out", f"neither a visit nor a day: {texts}", *cells)
                continue
            title = name.text if name is not None else f"Day {day.text}" if day else ""
            at = name or day
            assert at is not None, "one of the two is there"
            timed = self.timed(row, at)
            meanings = ("day", "offset", "minus", "plus", "earliest", "latest", "window")
            times = [cell for meaning in meanings if (cell := self.columns.get(row, meaning))]
            done = self.columns.get(row, "activities")
            epoch = self.columns.get(row, "epoch")
            yield TableVisit(
                title,
                at,
                timed.target,
                timed.window,
                timed.in_weeks,
                tuple(times),
                tuple(split_activities(done.text)) if done else (),
                None if epoch is None else epoch.text,
            )

    def timed(self, row: SheetRow, at: SheetCell) -> RowTiming:
        """Where a row's visit lies from where the table counts."""
        timed = self.target(row, at)
        if timed.target is None:
            return timed
        window = self.window(row, timed.target)
        if window is not None and timed.window is not None and window != timed.window:
            cells = [cell for cell in row if cell.text]
            self.study.say("mistake", f"{at.text}: two windows, neither is used", *cells)
            return timed._replace(window=None)
        window = window or timed.window
        if window is not None and not _holds(window, timed.target):
            cells = [cell for cell in row if cell.text]
            self.study.say(
                "mistake",
                f"{at.text}: the day is outside its own window, which is left out",
                *cells,
            )
            window = None
        return timed._replace(window=window)

    def target(self, row: SheetRow, at: SheetCell) -> RowTiming:
        day = self.columns.get(row, "day")
        offset = self.columns.get(row, "offset")
        nothing = RowTiming(None, None)
        cell = day or offset
        if cell is None or cell.text.casefold() in _BLANK:
            self.study.untimed(at, "no day: written as an unscheduled visit, which has no date")
            return nothing
        number = _NUMBER.fullmatch(_plain_signs(cell.text))
        if day is None and number and number[1] != "±":
            unit = 7 if (number[3] or "").lower().startswith("w") else self.unit["offset"]
            value = int(number[2]) * (-1 if number[1] == "-" else 1)
            if unit == 30:
                return RowTiming(CalendarDistance(value, 0), None, True)
            days = value * (7 if number[3] and unit == 7 else 1 if number[3] else unit)
            return RowTiming(CalendarDistance(0, days), None, unit == 7)
        reading = (
            self.readings[day]
            if day is not None
            else read_timing(cell.text, Context("study_day", "offset"))
        )
        if isinstance(reading, Unparsed):
            self.study.untimed(cell, f"{quoted(cell.text)}: {reading.message}")
            return nothing
        timed = self.study.distance(cell, reading)
        return nothing if timed is None else RowTiming(*timed, reading.in_weeks)

    def window(self, row: SheetRow, target: CalendarDistance) -> Span | None:
        """The window that other cells of a row tell; ``None`` where they tell none."""
        text = self.columns.get(row, "window")
        if text is not None and text.text.casefold() not in _BLANK:
            return self.window_text(text)
        for first, last in (("minus", "plus"), ("earliest", "latest")):
            if first not in self.columns.by_meaning and last not in self.columns.by_meaning:
                continue
            ends = [self.columns.get(row, meaning) for meaning in (first, last)]
            full = [
                cell for cell in ends if cell is not None and cell.text.casefold() not in _BLANK
            ]
            if not full:
                return None
            if len(full) == 1:
                self.study.say(
                    "mistake",
                    f"only one end of the window ({full[0].text}): the other can be 0 days or no"
                    " limit; the window is left out",
                    full[0],
                )
                return None
            values = [self.days(cell, at) for cell, at in zip(full, (first, last), strict=True)]
            if values[0] is None or values[1] is None:
                return None
            return self.span(full, values[0], values[1], target)
        return None

    def window_text(self, cell: SheetCell) -> Span | None:
        heading = self.columns.by_meaning["window"].text
        context = named_context("visit window (days)")._replace(property_name=f"{heading} (days)")
        if self.unit["window"] == 7:
            context = named_context("visit window (weeks)")
        reading = read_timing(cell.text, context)
        if isinstance(reading, TextTiming) and reading.kind == "window" and reading.window:
            return reading.window
        if isinstance(reading, Unparsed):
            more = f": {' or '.join(reading.readings)}" if reading.readings else ""
            self.study.say(
                "mistake", f"{quoted(cell.text)}: {reading.message}{more}; left out", cell
            )
        else:
            self.study.say("mistake", f"{quoted(cell.text)} is no window; left out", cell)
        return None

    def days(self, cell: SheetCell, meaning: str) -> int | None:
        """The number of days of one end of a window."""
        number = _NUMBER.fullmatch(_plain_signs(cell.text))
        if number is None or number[1] == "±":
            self.study.say(
                "mistake", f"{quoted(cell.text)} is no number of days; the window is left out", cell
            )
            return None
        unit = self.unit[meaning]
        if unit == 30:
            self.study.say("mistake", f"{cell.text} months around a day: left out", cell)
            return None
        if number[3]:
            unit = 7 if number[3].lower().startswith("w") else 1
        return int(number[2]) * unit * (-1 if number[1] == "-" else 1)

    def span(
        self, cells: list[SheetCell], first: int, last: int, target: CalendarDistance
    ) -> Span | None:
        """A window by its two numbers, as the columns mean them."""
        if "minus" in self.columns.by_meaning or "plus" in self.columns.by_meaning:
            if first < 0 and not self.counting.signed_minus:
                raise self.sheet.refusal(
                    f"{first} days before the visit's day: a minus sign in a column of days before",
                    cells[0],
                    hint=f"if {first} opens the window {-first} days before, say so with"
                    f" {argument('signed_minus', True)}",
                )
            if last < 0:
                self.study.say(
                    "mistake",
                    f"{last} days after the visit's day; the window is left out",
                    cells[1],
                )
                return None
            if self.counting.signed_minus:
                return Window(
                    target + CalendarDistance(0, first), target + CalendarDistance(0, last)
                )
            return Tolerance(CalendarDistance(0, first), CalendarDistance(0, last))
        if self.around_target:
            return Window(target + CalendarDistance(0, first), target + CalendarDistance(0, last))
        return Window(self.numbered(first), self.numbered(last))

    def numbered(self, number: int) -> CalendarDistance:
        """The distance of a number in a column of window ends, which count as days do."""
        if "day" in self.columns.by_meaning and self.day_zero is False and number > 0:
            return CalendarDistance(0, number - 1)
        return CalendarDistance(0, number)

    def windows_are_around_targets(self) -> bool:
        """Whether the ends of windows are counted from the visit's day, as asked or as the only
        reading in which every day is in its window.
        """
        if self.counting.window_ends is not None:
            return self.counting.window_ends == "around-target"
        fits = {}
        cell = self.columns.by_meaning.get("earliest") or self.columns.by_meaning["latest"]
        for around in (True, False):
            self.around_target = around
            trial = _ListReader.__new__(_ListReader)
            trial.__dict__ |= self.__dict__ | {"study": TableStudy(self.sheet)}
            windows = []
            for row in self.rows:
                target = trial.target(row, row[0]).target
                window = None if target is None else trial.window(row, target)
                if target is not None and window is not None:
                    windows.append(_holds(window, target))
            fits[around] = all(windows)
        if fits[True] == fits[False]:
            raise self.sheet.refusal(
                f"{quoted(cell.text)} can count from the visit's own day or as the table's days do",
                cell,
                hint=f"say which with {argument('window_ends', 'around-target')} or"
                f" {argument('window_ends', 'from-baseline')}",
            )
        way = "from the visit's own day" if fits[True] else "as the table's days do"
        self.study.say(
            "reading",
            f"windows count {way}: in no other reading is each day inside its window",
            cell,
        )
        return fits[True]


def _holds(window: Span, target: CalendarDistance) -> bool:
    """Whether a target is inside its window."""
    if isinstance(window, Tolerance):
        return True
    (least, most), first, last = target.day_span, window.earliest, window.latest
    return (not isinstance(first, CalendarDistance) or first.day_span[0] <= least) and (
        not isinstance(last, CalendarDistance) or most <= last.day_span[1]
    )


def _unit(heading: str) -> int:
    """How many days the unit that a heading names has; 30 stands for calendar months."""
    words = set(re.findall("[a-z]+", heading.casefold()))
    if words & {"month", "months"}:
        return 30
    return 7 if words & {"week", "weeks", "wk", "wks"} else 1


def _plain_signs(text: str) -> str:
    return text.replace("−", "-").replace("–", "-").replace("‑", "-").replace(" ", "")


def split_activities(text: str) -> list[str]:
    """The activities of one cell: between semicolons or bars, else between commas; not in brackets.

    Args:
        text: the cell.
    """
    sign = next((sign for sign in ";|" if sign in text), ",")
    parts = re.split(rf"{re.escape(sign)}(?![^(]*\))", text)
    return [part.strip() for part in parts if part.strip()]
