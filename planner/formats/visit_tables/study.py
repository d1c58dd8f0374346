"""The visits that a table has, as a document of our format that points into its cells."""

import os
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from planner.errors import argument, did_you_mean
from planner.formats.naming import Ids, truncated_line
from planner.formats.visit_tables.sheet import Sheet, SheetCell
from planner.protocol.document import Path
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import (
    NOTHING_LOST,
    Imported,
    Kind,
    Lost,
    Origin,
    Remark,
    imported_document,
)
from planner.protocol.timing_text.timing import TextTiming, in_days
from planner.time.distance import (
    CalendarDistance,
    Distance,
    Tolerance,
    UnitError,
    Window,
    turned,
    within_limit,
)

SOURCE_KEY = "table"
MAX_VISITS = 1000
_ZERO = CalendarDistance(0, 0)
_PLACED = (
    "study day", "week", "month", "year", "distance", "window",
)  # fmt: skip


_NO_PLACE = {
    "day of cycle": "the table does not tell when the cycle begins",
    "interval": "an interval, of which the table does not tell when it begins and ends",
}


class TableVisit(NamedTuple):
    """A visit of a table: from where the table counts, what is done, and its cells.

    One without ``target`` and ``window`` has no planned date. ``window`` is relative to the target
    (`Tolerance`) or counted from where the table counts.
    """

    title: str
    cell: SheetCell
    target: CalendarDistance | None = None
    window: Tolerance | Window | None = None
    in_weeks: bool = False
    times: tuple[SheetCell, ...] = ()
    activities: tuple[str, ...] = ()
    epoch: str | None = None


@dataclass
class TableStudy:
    """The visits of a sheet in its order, and what is to be known of how they were read."""

    sheet: Sheet
    visits: list[TableVisit] = field(default_factory=list)
    day_zero: bool | None = None
    remarks: dict[Remark, None] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)

    def say(self, kind: Kind, message: str, *cells: SheetCell, lost: Lost = NOTHING_LOST) -> None:
        """Adds a remark about cells of one row, once."""
        remark = Remark(kind, truncated_line(message), self.sheet.origin(*cells), None, lost)
        self.remarks.setdefault(remark)

    def untimed(self, cell: SheetCell, message: str) -> None:
        """Adds a remark about a visit that has no planned date."""
        self.say("mistake", message, cell, lost=Lost(unplanned=1))

    def distance(
        self, cell: SheetCell, reading: TextTiming
    ) -> tuple[CalendarDistance | None, Tolerance | Window | None] | None:
        """Target and window that a text tells from where the table counts; ``None`` with a remark
        where it tells neither, or counts from something else.
        """
        target, window = reading.target, reading.window
        why = None
        if reading.kind not in _PLACED:
            why = _NO_PLACE.get(reading.kind, f"{reading.kind}, which is no place in the schedule")
        elif reading.reference is not None:
            why = f"counts from `{reading.reference}`"
        elif reading.kind == "distance" and reading.direction == "before":
            self.say(
                "reading",
                f"{quoted(cell.text)}: before the visit that days count from, which it does not"
                " name",
                cell,
            )
            target = None if target is None else -target
            if isinstance(window, Window):
                window = turned(window)
            elif window is not None and window.before != window.after:
                why = "a window before an unnamed visit with unequal sides"
        elif reading.kind == "distance":
            why = "counts from something that it does not name"
        elif not isinstance(target, CalendarDistance | None) or (target is None and window is None):
            why = "not a place in days"
        if why is None and isinstance(target, CalendarDistance | None):
            return target, window
        self.untimed(cell, f"{quoted(cell.text)}: {why}")
        return None

    def imported(self, anchor_name: str | None) -> Imported:
        """The document, with the visit that days are counted from.

        Args:
            anchor_name: its name, where the table has none on its first day.

        Raises:
            DocumentError: there is no such visit, or none at all.
        """
        if not self.visits:
            raise self.sheet.refusal("the table has no visits")
        if len(self.visits) > MAX_VISITS:
            raise self.sheet.refusal(f"the table has more than {MAX_VISITS:,} visits")
        return _Writing(self, anchor_name).imported()


class _Writing:
    """Writes one study."""

    def __init__(self, study: TableStudy, anchor_name: str | None) -> None:
        self.study = study
        self.sheet = study.sheet
        ids = Ids()
        self.ids = [
            ids.make(visit.title.partition("(")[0], visit.title, otherwise="visit")
            for visit in study.visits
        ]
        self.anchor = self.anchor_place(anchor_name)
        base = study.visits[self.anchor].target or _ZERO
        self.is_first_day = base == _ZERO
        self.base = base
        self.origins: dict[Path, Origin] = {(): self.sheet.origin(study.visits[0].cell)}
        self.activities: dict[str, str] = {}

    def anchor_place(self, name: str | None) -> int:
        visits = self.study.visits
        titles = [visit.title for visit in visits]
        if name is not None:
            for at, title in enumerate(titles):
                if name.casefold() in (title.casefold(), self.ids[at]):
                    return at
            hint = did_you_mean(name, titles) or f"visits: {', '.join(titles[:10])}"
            raise self.sheet.refusal(
                f"{argument('anchor')}: no visit is called {quoted(name)}", hint=hint
            )
        on_it = [at for at, visit in enumerate(visits) if visit.target == _ZERO]
        if not on_it:
            raise self.sheet.refusal(
                "no visit is on the day that days are counted from",
                hint=f"name the visit of that day with {argument('anchor', 'VISIT')}",
            )
        if len(on_it) > 1:
            others = ", ".join(quoted(titles[at]) for at in on_it[1:])
            self.study.say(
                "reading",
                f"days are counted from {quoted(titles[on_it[0]])}; {others} is on the same day",
                visits[on_it[0]].cell,
            )
        return on_it[0]

    def imported(self) -> Imported:
        study, sheet = self.study, self.sheet
        epochs = self.epochs()
        if not self.is_first_day:
            visit = study.visits[self.anchor]
            study.say(
                "reading",
                f"study days count from {quoted(visit.title)}: {in_days(self.base)} were taken from"
                " all days of the table",
                visit.cell,
            )
        data: dict[str, object] = {**self.head(), "epochs": epochs}
        document = imported_document(sheet.path, sheet.lines, data, self.origins)
        return Imported(document, self.origins, tuple(study.remarks), study, None)

    def head(self) -> dict[str, object]:
        stem = os.path.splitext(os.path.basename(self.sheet.path))[0]
        name = "standard input" if self.sheet.path == "-" else os.path.basename(self.sheet.path)
        where = name if self.sheet.title is None else f"{name}, sheet {self.sheet.title}"
        head: dict[str, object] = {
            "format": "1",
            "id": Ids().make(stem, otherwise="table"),
            "title": truncated_line(stem if stem not in ("", "-") else "Table"),
            "version": "1",
            "status": "draft",
            "design": ["single-group"],
            "anchor": self.ids[self.anchor],
        }
        if self.study.day_zero and self.is_first_day:
            head["day_zero"] = True
        if self.is_in_order():
            head["order"] = "listed"
        head |= {
            "source": SOURCE_KEY,
            "grade": "unverified",
            "note": "Imported; notes name cells of the table.",
            "sources": {
                SOURCE_KEY: {"kind": "protocol-paper", "read": "full-text", "title": where}
            },
        }
        if self.activities:
            head["activities"] = {key: {"title": title} for title, key in self.activities.items()}
        if self.study.footnotes:
            head["footnotes"] = dict(self.study.footnotes)
        return head

    def is_in_order(self) -> bool:
        """Whether the visits stand in the order of their days."""
        days = []
        for visit in self.study.visits:
            near = visit.target
            if near is None and isinstance(visit.window, Window):
                ends = (visit.window.earliest, visit.window.latest)
                near = next((end for end in ends if isinstance(end, CalendarDistance)), None)
            if near is not None:
                days.append((near.day_span, visit))
        for (first, _), (then, visit) in pairwise(days):
            if then < first:
                self.study.say(
                    "reading",
                    f"{quoted(visit.title)} stands behind a later visit: the order in which visits"
                    " are listed is no rule",
                    visit.cell,
                )
                return False
        return True

    def epochs(self) -> list[dict[str, object]]:
        """The visits in the epochs that the table names, in one where it names none."""
        ids, activity_ids = Ids(), Ids()
        epochs: list[dict[str, object]] = []
        last: str | None = None
        for at, visit in enumerate(self.study.visits):
            for title in visit.activities:
                if title not in self.activities:
                    self.activities[title] = activity_ids.make(title, otherwise="activity")
            if not epochs or (visit.epoch is not None and visit.epoch != last):
                last = visit.epoch
                epoch: dict[str, object] = {"id": ids.make(last, otherwise="visits")}
                if last is not None:
                    epoch["title"] = truncated_line(last)
                epochs.append({**epoch, "visits": []})
            visits = epochs[-1]["visits"]
            assert isinstance(visits, list), "the visits of an epoch are a list"
            self.origins["epochs", len(epochs) - 1, "visits", len(visits)] = self.sheet.origin(
                visit.cell
            )
            visits.append(self.visit(at, visit))
        return epochs

    def visit(self, at: int, visit: TableVisit) -> dict[str, object]:
        data: dict[str, object] = {"id": self.ids[at], "title": truncated_line(visit.title)}
        if at == self.anchor:
            if visit.window not in (None, Tolerance(_ZERO, _ZERO), Window(self.base, self.base)):
                self.study.say(
                    "left-out",
                    "the visit that days are counted from has no window around itself",
                    *(visit.times or (visit.cell,)),
                )
        else:
            if visit.target is None and visit.window is None:
                data["unscheduled"] = True
            else:
                data |= self.timing(visit)
        if visit.activities:
            data["activities"] = [
                self.activities[title] for title in dict.fromkeys(visit.activities)
            ]
        return data

    def timing(self, visit: TableVisit) -> dict[str, object]:
        """The rule of a visit, counted from the anchor."""
        target = None if visit.target is None else visit.target - self.base
        window = visit.window
        if isinstance(window, Window):
            ends = (window.earliest, window.latest)
            first, last = (
                end - self.base if isinstance(end, CalendarDistance) else end for end in ends
            )
            window = _around(Window(first, last), target)
        is_before = target is not None and target.day_span[1] < 0
        if target is None and isinstance(window, Window):
            is_before = isinstance(window.latest, CalendarDistance) and window.latest.days < 0
        if is_before:
            target = None if target is None else -target
            if isinstance(window, Window):
                window = turned(window)
            elif window is not None:
                window = Tolerance(window.after, window.before)
        timing: dict[str, object] = {"visit": self.ids[self.anchor]}
        try:
            if target is not None:
                within_limit(target, str(target))
                timing["target"] = str(target) if visit.in_weeks else in_days(target)
            if window is None:
                timing["window"] = "not-published"
            else:
                timing["within"] = _written(window, target if is_before else None)
        except UnitError as error:
            self.study.untimed(visit.cell, str(error))
            return {"unscheduled": True}
        if visit.times:
            timing["note"] = self.sheet.origin(*visit.times).text
        return {"before" if is_before else "after": timing}


def _around(window: Window, target: CalendarDistance | None) -> Tolerance | Window:
    """A window as so many days to either side of its target, where it is."""
    first, last = window.earliest, window.latest
    if target is None or not isinstance(first, CalendarDistance):
        return window
    if not isinstance(last, CalendarDistance):
        return window
    sides = target - first, last - target
    if all(side.is_fixed and side.days >= 0 for side in sides):
        return Tolerance(*sides)
    return window


def _written(window: Tolerance | Window, before: Distance | None) -> str:
    """A window in days, with both ends where unequal sides would be read the wrong way round.

    Args:
        window: as it counts.
        before: the target, where the visit lies before what it counts from.
    """
    if isinstance(window, Tolerance):
        if window.before == window.after:
            return f"±{in_days(window.after)}"
        if before is None:
            return f"-{in_days(window.before)}/+{in_days(window.after)}"
        window = window.around(before)
    first, last = ("" if end is None else in_days(end) for end in (window.earliest, window.latest))
    return first if first == last and first else f"{first}..{last}"
