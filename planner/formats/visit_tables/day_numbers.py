"""The days and weeks that a table numbers, as distances by one convention for the whole table."""

from collections.abc import Mapping
from typing import NamedTuple

from planner.errors import argument
from planner.formats.visit_tables.sheet import Sheet, SheetCell
from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.read_timing import read_timing
from planner.protocol.timing_text.timing import TextTiming, Unparsed
from planner.time.distance import CalendarDistance, Distance, Window

Reading = TextTiming | Unparsed


class Counting(NamedTuple):
    """What was asked for about numbers; ``None`` leaves it to the table where that is clear.

    ``anchor`` is the name of the visit that days are counted from; ``window_ends`` says whether the
    ends of windows are distances from the visit's own day or from where days are counted.
    """

    day_zero: bool | None = None
    week_zero: bool | None = None
    anchor: str | None = None
    window_ends: str | None = None
    signed_minus: bool = False


def read_day_cells(
    sheet: Sheet, cells: Mapping[SheetCell, Context], counting: Counting
) -> tuple[dict[SheetCell, Reading], bool | None]:
    """The reading of each cell, all by one convention, and whether the table has a Day 0.

    Args:
        sheet: the table.
        cells: those that number days, weeks or months, in the table's order, with what they
            stand in.
        counting: what was asked for.

    Raises:
        DocumentError: the numbers have two readings with different dates, and none was asked for.
    """
    first = {cell: read_timing(cell.text, context) for cell, context in cells.items()}
    days = [(cell, day) for cell, reading in first.items() for day in _numbers(reading, "day")]
    weeks = [(cell, week) for cell, reading in first.items() for week in _numbers(reading, "week")]
    day_zero = counting.day_zero if counting.day_zero is not None else _day_zero(sheet, days)
    week_zero = counting.week_zero if counting.week_zero is not None else _week_zero(sheet, weeks)
    readings: dict[SheetCell, Reading] = {}
    for cell, context in cells.items():
        known = context._replace(day_zero=day_zero, week_zero=week_zero)
        reading = read_timing(cell.text, known)
        readings[cell] = _from_week_one(reading) if week_zero is False else reading
    for cell, day in days:
        if day == 0 and day_zero is False:
            raise sheet.refusal(
                f"a Day 0, which the table does not have by {argument('day_zero', False)}",
                cell,
            )
    return readings, day_zero


def _numbers(reading: Reading, of: str) -> list[int]:
    """The days or weeks of the study that a reading numbers."""
    if isinstance(reading, Unparsed):
        return []
    kind = "study day" if of == "day" else of
    return [
        int(end)
        for part in (reading, *reading.parts)
        if part.kind == kind
        for place in part.coordinates
        if place.of == of
        for span in place.spans
        for end in span
        if end is not None
    ]


def _day_zero(sheet: Sheet, days: list[tuple[SheetCell, int]]) -> bool | None:
    """Whether there is a Day 0, where the table shows it or nothing hangs on it."""
    numbers = [day for _, day in days]
    if not numbers:
        return None
    if 0 in numbers:
        at = numbers.index(0)
        if max(numbers[:at], default=0) > 0 or min(numbers[at:]) < 0:
            raise sheet.refusal(
                "Day 0 does not stand between the days before and after it: it can be no day at"
                " all, as of unscheduled visits",
                days[at][0],
                hint=f"if it is Day 0: {argument('day_zero', True)}; else empty the cell",
            )
        return True
    if min(numbers) > 0 and 1 in numbers:
        return False  # All distances are the same with a Day 0, on which nothing takes place.
    cell = days[numbers.index(min(numbers))][0]
    last = -max((day for day in numbers if day < 0), default=-1)
    apart = f"{last} or {last + 1} days" if min(numbers) < 0 else "a day more or less"
    raise sheet.refusal(
        f"the table has no Day 0 and can have none: Day {-last} and Day 1 lie {apart} apart"
        if min(numbers) < 0
        else "the table has neither a Day 0 nor a Day 1, from one of which its days are counted",
        cell,
        hint=f"say which with {argument('day_zero', False)} (there is no Day 0) or"
        f" {argument('day_zero', True)}",
    )


def _week_zero(sheet: Sheet, weeks: list[tuple[SheetCell, int]]) -> bool | None:
    numbers = [week for _, week in weeks]
    if 0 in numbers:
        return True
    if 1 not in numbers:
        return None
    raise sheet.refusal(
        "Week 1 can be the first week or begin a week after the start: the table has no Week 0",
        weeks[numbers.index(1)][0],
        hint=f"say which with {argument('week_zero', False)} (the first week) or"
        f" {argument('week_zero', True)}",
    )


def _from_week_one(reading: Reading) -> Reading:
    """A numbered week as the distance from Week 1, with which the study begins."""
    if isinstance(reading, Unparsed) or reading.kind != "week":
        return reading
    if min(_numbers(reading, "week"), default=0) < 1:
        return reading
    week = CalendarDistance(0, 7)
    target, window = reading.target, reading.window
    if isinstance(window, Window):
        window = Window(_earlier(window.earliest, week), _earlier(window.latest, week))
    return reading._replace(target=_earlier(target, week), window=window)


def _earlier(distance: Distance | None, by: CalendarDistance) -> Distance | None:
    return distance - by if isinstance(distance, CalendarDistance) else distance
