"""Procedures by visits, as the forms for the costs of a study and for an ethics committee ask.

The schedule of events of the SoECAT has site-level activities in rows and visits in columns;
questions A18 and A19 of the IRAS form ask for totals. Neither form is filled in here.
"""

from collections.abc import Iterable
from typing import NamedTuple

from planner.notice import NOTICE
from planner.protocol.course import Occurrence
from planner.protocol.model import Protocol
from planner.schedule.burden import Range
from planner.schedule.procedures import Procedure
from planner.schedule.visit_numbers import visit_label
from planner.views.run_sheet import role_title
from planner.views.tables.grid import Grid, Line

_UNSTATED = "unstated"
_NOTES = (
    (
        "Minutes are those of one time. Of sessions they are the length of the visit; of activities"
        " what the run sheet says, and unstated where it says nothing. What is optional or hangs on"
        " a decision counts from 0."
    ),
    "Whether a procedure is routine care, and what it costs, the file does not say.",
)
_LONG = (
    "activity", "title", "visit", "visit_number", "visit_title", "arms", "mode", "role", "people",
    "minutes_least", "minutes_most", "times_least", "times_most",
)  # fmt: skip
_WHERE = {
    "clinic": "at the site", "phone": "by phone", "video": "by video", "home": "at home",
}  # fmt: skip


class _Row(NamedTuple):
    """What is alike at several visits: a line of the table for people."""

    title: str
    role: str
    people: int
    minutes: Range | None
    arms: tuple[str, ...]


def _row(procedure: Procedure, minutes: Range | None) -> _Row:
    return _Row(procedure.title, procedure.role, procedure.people, minutes, procedure.arms)


def procedures_grid(protocol: Protocol, procedures: list[Procedure]) -> Grid:
    """Procedures in rows, visits in columns, how often in the cells.

    Args:
        protocol: whose procedures they are.
        procedures: as `planner.schedule.procedures.procedures` gives them.
    """
    visits = _visits(procedures)
    labels = (visit_label(number, visit.title) for number, visit in visits.items())
    heads = (("Procedure", *labels),)
    rows: dict[_Row, dict[int, Range]] = {}
    for procedure in procedures:
        row = _row(procedure, procedure.minutes)
        times = rows.setdefault(row, {})
        times[procedure.number] = times.get(procedure.number, Range(0, 0)).plus(procedure.times)
    lines = tuple(
        Line((_label(row, protocol), *(_range(times.get(number)) for number in visits)))
        for row, times in rows.items()
    )
    title = f"Procedures of {protocol.id} by visit: how often at each"
    return Grid(title, heads, lines, (*_lacking(procedures), *_NOTES, NOTICE))


def procedures_table(protocol: Protocol, procedures: list[Procedure]) -> Grid:
    """A line for each procedure at each visit, for spreadsheets.

    Args:
        protocol: whose procedures they are.
        procedures: as `planner.schedule.procedures.procedures` gives them.
    """
    lines = []
    for procedure in procedures:
        visit, minutes, times = procedure.visit, procedure.minutes, procedure.times
        ends = ("", "") if minutes is None else _ends(minutes)
        who = (procedure.role, str(procedure.people) if procedure.role else "")
        where = (visit.id, str(procedure.number), visit.title, " ".join(procedure.arms))
        cells = (procedure.activity, procedure.title, *where, visit.visit.mode, *who, *ends)
        lines.append(Line((*cells, *_ends(times))))
    title = f"Procedures of {protocol.id}"
    return Grid(title, (_LONG,), tuple(lines), (*_NOTES, NOTICE))


def procedure_totals(protocol: Protocol, procedures: list[Procedure]) -> Grid:
    """Procedures with their total for one participant, their minutes, who does them and where.

    Args:
        protocol: whose procedures they are.
        procedures: as `planner.schedule.procedures.procedures` gives them.
    """
    rows: dict[_Row, list[Procedure]] = {}
    for procedure in procedures:
        rows.setdefault(_row(procedure, None), []).append(procedure)
    lines = []
    for row, alike in rows.items():
        total = Range(0, 0)
        for procedure in alike:
            total = total.plus(procedure.times)
        lengths = [each.minutes for each in alike if each.minutes is not None]
        minutes = _UNSTATED
        if lengths:
            most = max(length.most or length.least for length in lengths)
            minutes = _range(Range(min(length.least for length in lengths), most))
            minutes += " *" if len(lengths) < len(alike) else ""
        where = dict.fromkeys(_WHERE[procedure.visit.visit.mode] for procedure in alike)
        who = _who(row, protocol) or _UNSTATED
        lines.append(Line((_titled(row), _range(total), "", minutes, who, ", ".join(where))))
    heads = ("Procedure", "Total", "Of these routine", "Minutes each", "Who", "Where")
    star = ("* Unstated at some visits.",) if any("*" in line.cells[3] for line in lines) else ()
    title = f"Procedures of {protocol.id} in the course of one participant"
    return Grid(title, (heads,), tuple(lines), (*star, *_NOTES, NOTICE))


def _visits(procedures: Iterable[Procedure]) -> dict[int, Occurrence]:
    """The visits by their numbers."""
    return {procedure.number: procedure.visit for procedure in procedures}


def _titled(row: _Row) -> str:
    return f"{row.title} (only in {', '.join(row.arms)})" if row.arms else row.title


def _who(row: _Row, protocol: Protocol) -> str:
    if not row.role:
        return ""
    title = role_title(protocol, row.role)
    return title if row.people == 1 else f"{title} × {row.people}"


def _label(row: _Row, protocol: Protocol) -> str:
    minutes = _UNSTATED if row.minutes is None else f"{_range(row.minutes)} min"
    return "; ".join(filter(None, [_titled(row), _who(row, protocol), minutes]))


def _lacking(procedures: Iterable[Procedure]) -> list[str]:
    return [] if list(procedures) else ["No visit of the file has a session or an activity."]


def _range(amount: Range | None) -> str:
    if amount is None:
        return ""
    if amount.most is None:
        return f"{amount.least} or more"
    return str(amount.least) if amount.most == amount.least else f"{amount.least}..{amount.most}"


def _ends(amount: Range) -> tuple[str, str]:
    return str(amount.least), "" if amount.most is None else str(amount.most)
