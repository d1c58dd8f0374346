"""Who is due, for people and machines: a grid for every renderer of tables, and JSON."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from planner.notice import NOTICE
from planner.text import counted
from planner.timeline.absence import AbsenceEffect, Days
from planner.timeline.due import DueRange, DueVisit
from planner.timeline.due_reminders import DueReminder
from planner.timeline.undated import Undated
from planner.views.deviations import left_out_notes, left_out_words, unchecked_notes
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.timeline_data import yes_or_no
from planner.views.undated import undated_notes

_COLUMNS = (
    "list", "participant", "protocol", "visit", "title", "mode", "status", "planned",
    "window_stated", "window_earliest", "window_latest", "last", "days_left", "moved_from",
    "provisional", "against", "waiting_for", "moves_to", "also_moved", "reason", "label", "between",
    "unmet",
)  # fmt: skip


class DueList(NamedTuple):
    """The whole answer: visits, most urgent first, and what an absence would do.

    ``records`` is how many records were read, ``done`` those of participants with no visit to come;
    ``undated`` are visits to come that have no date; ``left_out`` the participants (or paths) whose
    records could not be read against the protocol, each with why; ``unchecked`` what of the rules
    between participants no record could be held against; ``reminders`` are no visits.
    """

    stretch: DueRange
    records: int
    done: int
    visits: Sequence[DueVisit]
    absences: Sequence[Days]
    effects: Sequence[AbsenceEffect]
    undated: Sequence[Undated] = ()
    left_out: Sequence[tuple[str, str]] = ()
    unchecked: Sequence[str] = ()
    reminders: Sequence[DueReminder] = ()


def due_grid(answer: DueList) -> Grid:
    """The most urgent on top; below, what an absence would break and what would only move."""
    protocols = {visit.protocol for visit in answer.visits} | {
        effect.protocol for effect in answer.effects
    }
    several = len(protocols) > 1
    lines = [_due_line(visit, several, answer.stretch.today) for visit in answer.visits]
    if answer.reminders:
        lines.append(Line(("Reminders",), "group"))
        lines += [_reminder_line(reminder, several) for reminder in answer.reminders]
    if answer.absences:
        days = ", ".join(map(str, answer.absences))
        lost = [effect for effect in answer.effects if effect.lost]
        moved = [effect for effect in answer.effects if not effect.lost]
        heading = f"If the site is closed on {days}, out of window"
        lines.append(Line((f"{heading}: {counted(len(lost), 'visit')}",), "group"))
        lines += [_effect_line(effect, several) for effect in lost]
        lines.append(
            Line(
                (f"If the site is closed on {days}, moved: {counted(len(moved), 'visit')}",),
                "group",
            )
        )
        lines += [_effect_line(effect, several) for effect in moved]
    stretch = answer.stretch
    people = len({visit.participant for visit in answer.visits})
    title = (
        f"Due from {stretch.first} to {stretch.last}: {counted(len(answer.visits), 'visit')} of"
        f" {counted(people, 'participant')} ({counted(answer.records, 'record')},"
        f" {answer.done} with no visit to come{left_out_words(answer.left_out)})"
    )
    explained = (
        f"Left: days from {stretch.today} to the last date on which the visit can still be inside"
        " its window, both included, wherever the other visits move; negative: days since the"
        " window closed. Window: counted from the actual or planned date of its reference visit."
    )
    heads = ("Left", "Participant", "Visit", "Planned", "Window", "Status")
    left_out = left_out_notes(answer.left_out)
    reasons = _reasons(answer, several=several)
    unchecked = unchecked_notes(answer.unchecked)
    notes = (*reasons, *left_out, *unchecked, *undated_notes(answer.undated), explained, NOTICE)
    return Grid(title, (heads,) if lines else (), tuple(lines), notes)


def _urgency(visit: DueVisit, today: date) -> tuple[Literal["", "overdue", "late", "today"], str]:
    """How urgent a visit is, and its status in the words that say so."""
    planned = None if visit.planned is None else visit.planned.date()
    latest = visit.window.latest
    if visit.status == "overdue":
        late = "" if visit.days_left is None else f" by {counted(-visit.days_left, 'day')}"
        return "overdue", f"overdue{late}"
    if visit.status == "unrecorded":
        ago = "" if planned is None else f", {counted((today - planned).days, 'day')} ago"
        return "late", f"unrecorded{ago}"
    if planned is not None and latest is not None and planned > latest:
        return "late", f"{visit.status}, late by {counted((planned - latest).days, 'day')}"
    if planned == today:
        return "today", f"{visit.status}, today"
    if visit.days_left == 1:
        return "today", f"{visit.status}, last day today"
    return "", visit.status


def _due_line(visit: DueVisit, several: bool, today: date) -> Line:
    urgency, words = _urgency(visit, today)
    mode = "" if visit.mode == "clinic" else f" ({visit.mode})"
    status = [words]
    if visit.provisional:
        status.append("provisional")
    if visit.against:
        status.append("not required by the decision")
    if visit.waiting_for:
        status.append(f"waits for {', '.join(visit.waiting_for)}")
    if visit.moved_from is not None:
        status.append(f"booked for {_moment(visit.moved_from)}, which does not fit")
    status += visit.unmet
    if visit.between and not visit.reason:
        status.append("; ".join(visit.between))
    return Line(
        (
            "" if visit.days_left is None else f"{visit.days_left}",
            _who(visit, several),
            f"{visit.label}{mode}",
            "" if visit.planned is None else _moment(visit.planned),
            _window(visit),
            "; ".join(status),
        ),
        urgency=urgency,
    )


def _reminder_line(reminder: DueReminder, several: bool) -> Line:
    """A reminder under the visits: by when, and of which visit."""
    ago = f" by {counted(-reminder.days_left, 'day')}" if reminder.days_left < 0 else ""
    status = f"{reminder.status}{ago}{', required' if reminder.required else ''}"
    return Line(
        (
            f"{reminder.days_left}",
            _who(reminder, several),
            f"{reminder.title} (for {reminder.label})",
            f"by {reminder.day:%a %Y-%m-%d}",
            "",
            status if reminder.role is None else f"{status}; {reminder.role}",
        ),
        urgency="overdue" if ago else "today" if reminder.status == "due" else "",
    )


def _window(visit: DueVisit) -> str:
    """The window as written, without the year that the planned date has."""
    if visit.window_stated is False:
        return "not published"
    text = f"{visit.window}"
    return text if visit.planned is None else text.replace(f"{visit.planned.year}-", "")


def _reasons(answer: DueList, *, several: bool) -> Iterator[str]:
    """Why visits cannot be inside their windows, each with whose and which it is."""
    for visit in answer.visits:
        if visit.reason:
            yield f"{_who(visit, several)} {visit.label}: {visit.reason}."
    for effect in answer.effects:
        if effect.reason:
            yield f"{_who(effect, several)} {effect.label}: {effect.reason}."


def _effect_line(effect: AbsenceEffect, several: bool) -> Line:
    """A visit that an absence moves: its new date, and what it was; why it is lost stands below."""
    new = "no date" if effect.moves_to is None else f"{effect.moves_to:%a %Y-%m-%d}"
    status = ["booked" if effect.booked else "planned", f"was {effect.planned:%a %m-%d}"]
    if effect.also:
        status.append(f"moves {counted(effect.also, 'other')}")
    return Line(
        ("", _who(effect, several), effect.label, new, "", "; ".join(status)),
    )


def _who(entry: DueVisit | AbsenceEffect | DueReminder, several: bool) -> str:
    return f"{entry.participant} ({entry.protocol})" if several else entry.participant


def _moment(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M}"


def table_for_machines(answer: DueList) -> Grid:
    """The same as a plain table: ``list`` is ``due``, ``lost``, ``moved``, ``waiting`` or
    ``reminder``."""
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
                "between": "; ".join(visit.between),
                "unmet": "; ".join(visit.unmet),
            }
        )
    for effect in answer.effects:
        status = "booked" if effect.booked else "planned"
        rows.append(
            {
                **_effect(effect),
                "list": "lost" if effect.lost else "moved",
                "status": status,
                "also_moved": effect.also,
            }
        )
    rows += [
        {
            "list": "waiting",
            "participant": undated.participant,
            "protocol": undated.protocol,
            "visit": undated.visit,
            "title": undated.title,
            "label": undated.label,
            "status": "waiting",
            "waiting_for": " ".join(undated.waiting_for),
            "reason": undated.why,
        }
        for undated in answer.undated
    ]
    rows += [
        {
            "list": "reminder",
            "participant": reminder.participant,
            "protocol": reminder.protocol,
            "visit": reminder.visit,
            "title": reminder.title,
            "label": reminder.label,
            "status": reminder.status,
            "last": reminder.day,
            "days_left": reminder.days_left,
        }
        for reminder in answer.reminders
    ]
    lines = tuple(
        Line(tuple("" if row.get(key) is None else f"{row[key]}" for key in _COLUMNS))
        for row in rows
    )
    return Grid("", (_COLUMNS,), lines, (NOTICE,))


def render_json(answer: DueList) -> str:
    """Format 1; dates and times are ISO 8601."""
    data: dict[str, object] = {
        "from": answer.stretch.first.isoformat(),
        "to": answer.stretch.last.isoformat(),
        "today": answer.stretch.today.isoformat(),
        "records": answer.records,
        "nothing_to_come": answer.done,
        "left_out": [{"record": whose, "why": why} for whose, why in answer.left_out],
        "due": [_visit(visit) for visit in answer.visits],
        "waiting": [undated._asdict() for undated in answer.undated],
        "reminders": [_reminder(reminder) for reminder in answer.reminders],
        "unchecked": list(answer.unchecked),
    }
    if answer.absences:
        data["without"] = {
            "dates": [
                {"from": days.first.isoformat(), "to": days.last.isoformat()}
                for days in answer.absences
            ],
            "lost": [_effect(effect) for effect in answer.effects if effect.lost],
            "moved": [_effect(effect) for effect in answer.effects if not effect.lost],
        }
    return render_document(data)


def _visit(visit: DueVisit) -> dict[str, object]:
    return {
        **visit._asdict(),
        "planned": _iso(visit.planned),
        "window": visit.window.to_dict(),
        "last": _iso(visit.last),
        "moved_from": _iso(visit.moved_from),
        "waiting_for": list(visit.waiting_for),
        "between": list(visit.between),
        "unmet": list(visit.unmet),
    }


def _reminder(reminder: DueReminder) -> dict[str, object]:
    return {**reminder._asdict(), "day": reminder.day.isoformat()}


def _effect(effect: AbsenceEffect) -> dict[str, object]:
    return {**effect._asdict(), "planned": _iso(effect.planned), "moves_to": _iso(effect.moves_to)}


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()
