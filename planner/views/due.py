"""Who is due, for people and machines: a grid for every renderer of tables, and JSON."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from planner.notice import NOTICE
from planner.timeline.absence import AbsenceEffect, Days
from planner.timeline.due import DueRange, DueVisit
from planner.timeline.undated import Undated
from planner.views.deviations import left_out_notes, left_out_words, window_text
from planner.views.tables.grid import Grid, Line
from planner.views.timeline_data import yes_or_no
from planner.views.undated import undated_notes

_COLUMNS = (
    "list", "participant", "protocol", "visit", "title", "mode", "status", "planned",
    "window_stated", "window_earliest", "window_latest", "last", "days_left", "moved_from",
    "provisional", "against", "waiting_for", "moves_to", "also_moved", "reason",
)  # fmt: skip


class DueList(NamedTuple):
    """The whole answer: visits, most urgent first, and what an absence would do.

    ``records`` is how many records were read, ``done`` those of participants with nothing to come;
    ``undated`` are visits to come that have no date; ``left_out`` the participants (or paths) whose
    records could not be read against the protocol, each with why.
    """

    stretch: DueRange
    records: int
    done: int
    visits: Sequence[DueVisit]
    absences: Sequence[Days]
    effects: Sequence[AbsenceEffect]
    undated: Sequence[Undated] = ()
    left_out: Sequence[tuple[str, str]] = ()


def due_grid(answer: DueList) -> Grid:
    """The most urgent on top; below, what an absence would break and what would only move."""
    protocols = {one.protocol for one in answer.visits} | {one.protocol for one in answer.effects}
    several = len(protocols) > 1
    lines = [_due_line(one, several) for one in answer.visits]
    if answer.absences:
        days = ", ".join(map(str, answer.absences))
        lost = [one for one in answer.effects if one.lost]
        moved = [one for one in answer.effects if not one.lost]
        heading = f"Without {days}: could not be seen inside the window any more"
        lines.append(Line((f"{heading}: {len(lost) or 'nobody'}",), "group"))
        lines += [_effect_line(one, several) for one in lost]
        lines.append(Line((f"Without {days}: would move: {len(moved) or 'nobody'}",), "group"))
        lines += [_effect_line(one, several) for one in moved]
    stretch = answer.stretch
    people = len({one.participant for one in answer.visits})
    title = (
        f"Due from {stretch.first} to {stretch.last}: {_count(len(answer.visits), 'visit')} of"
        f" {_count(people, 'participant')} ({_count(answer.records, 'record')}, {answer.done} with"
        f" nothing to come{left_out_words(answer.left_out)})"
    )
    explained = (
        f"Left: dates from {stretch.today} to the last one on which the visit can still be inside"
        " its window, whatever the others do, both included; negative: days since the window"
        " ended. Window: as written, from where what it counts from lies or is planned."
    )
    heads = ("Left", "Participant", "Visit", "Planned", "Window", "Status")
    left_out = left_out_notes(answer.left_out)
    notes = (*left_out, *undated_notes(answer.undated), explained, NOTICE)
    return Grid(title, (heads,) if lines else (), tuple(lines), notes)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _due_line(one: DueVisit, several: bool) -> Line:
    mode = "" if one.mode == "clinic" else f" ({one.mode})"
    status = [one.status]
    if one.provisional:
        status.append("provisional")
    if one.against:
        status.append("a decision does without it")
    if one.waiting_for:
        status.append(f"waits for {', '.join(one.waiting_for)}")
    if one.moved_from is not None:
        status.append(f"booked for {_moment(one.moved_from)}, which does not fit")
    if one.reason:
        status.append(one.reason)
    return Line(
        (
            "" if one.days_left is None else f"{one.days_left}",
            _who(one, several),
            f"{one.visit}{mode}",
            "" if one.planned is None else _moment(one.planned),
            "not published" if one.window_stated is False else window_text(one.window),
            "; ".join(status),
        )
    )


def _effect_line(one: AbsenceEffect, several: bool) -> Line:
    new = "nowhere" if one.moves_to is None else f"{one.moves_to:%a %Y-%m-%d}"
    status = [f"{'booked' if one.booked else 'planned'} for {one.planned:%a %Y-%m-%d}"]
    if one.also:
        status.append(f"moves {_count(one.also, 'other visit')}")
    if one.reason:
        status.append(one.reason)
    return Line(
        ("", _who(one, several), one.visit, new, "", "; ".join(status)),
    )


def _who(one: DueVisit | AbsenceEffect, several: bool) -> str:
    return f"{one.participant} ({one.protocol})" if several else one.participant


def _moment(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M}"


def table_for_machines(answer: DueList) -> Grid:
    """The same as a plain table: ``list`` is ``due``, ``lost``, ``moved`` or ``waiting``."""
    rows: list[dict[str, object]] = []
    for visit in answer.visits:
        data = _visit(visit)
        window = visit.window
        rows.append(
            {
                **data,
                "list": "due",
                "window_stated": yes_or_no(visit.window_stated),
                "window_earliest": window.earliest,
                "window_latest": window.latest,
                "provisional": "yes" if visit.provisional else "no",
                "against": "yes" if visit.against else "no",
                "waiting_for": " ".join(visit.waiting_for),
            }
        )
    for one in answer.effects:
        status = "booked" if one.booked else "planned"
        rows.append(
            {
                **_effect(one),
                "list": "lost" if one.lost else "moved",
                "status": status,
                "also_moved": one.also,
            }
        )
    rows += [
        {
            "list": "waiting",
            "participant": one.participant,
            "protocol": one.protocol,
            "visit": one.visit,
            "title": one.title,
            "status": "waiting",
            "waiting_for": " ".join(one.waiting_for),
            "reason": one.why,
        }
        for one in answer.undated
    ]
    lines = tuple(
        Line(tuple("" if row.get(key) is None else f"{row[key]}" for key in _COLUMNS))
        for row in rows
    )
    return Grid("", (_COLUMNS,), lines, (NOTICE,))


def render_json(answer: DueList) -> str:
    """Format 1; dates and times are ISO 8601."""
    data: dict[str, object] = {
        "format": 1,
        "notice": NOTICE,
        "from": answer.stretch.first.isoformat(),
        "to": answer.stretch.last.isoformat(),
        "today": answer.stretch.today.isoformat(),
        "records": answer.records,
        "nothing_to_come": answer.done,
        "left_out": [{"record": whose, "why": why} for whose, why in answer.left_out],
        "due": [_visit(one) for one in answer.visits],
        "waiting": [one._asdict() for one in answer.undated],
    }
    if answer.absences:
        data["without"] = {
            "dates": [
                {"from": days.first.isoformat(), "to": days.last.isoformat()}
                for days in answer.absences
            ],
            "lost": [_effect(one) for one in answer.effects if one.lost],
            "moved": [_effect(one) for one in answer.effects if not one.lost],
        }
    return json.dumps(data, indent=2)


def _visit(one: DueVisit) -> dict[str, object]:
    return {
        **one._asdict(),
        "planned": _iso(one.planned),
        "window": {"earliest": _iso(one.window.earliest), "latest": _iso(one.window.latest)},
        "last": _iso(one.last),
        "moved_from": _iso(one.moved_from),
        "waiting_for": list(one.waiting_for),
    }


def _effect(one: AbsenceEffect) -> dict[str, object]:
    return {**one._asdict(), "planned": _iso(one.planned), "moves_to": _iso(one.moves_to)}


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()
