"""A timeline for machines and documents: JSON (ARCHITECTURE contract), CSV and Markdown."""

import json
from datetime import date
from typing import Literal

from planner.notice import NOTICE
from planner.timeline.model import COLUMNS, DatedVisit, Timeline, WaitingVisit
from planner.views.site_words import at_site
from planner.views.tables import csv
from planner.views.tables.grid import Grid, Line


def render_json(timeline: Timeline) -> str:
    """The timeline as JSON, format 1; dates are ISO 8601, instants carry their UTC offset.

    ``window`` holds the allowed dates of a visit, counted from where the visits that it counts from
    lie in this plan; ``effective_window`` the first and the last date that it has in any plan which
    keeps all rules. Neither is a part of the other. ``window_stated`` is false where no window was
    published, and null where a visit has no timings of its own.
    """
    return json.dumps(timeline.to_dict(), indent=2)


def render_csv(timeline: Timeline) -> str:
    """One line per visit, unscheduled ones last; those without a date have empty cells for it.

    Texts that a spreadsheet would run as a formula are disarmed.
    """
    rows = timeline.to_records()
    heads = ("participant", "visit", *COLUMNS)
    lines = tuple(Line(tuple(machine_cell(name, row[name]) for name in heads)) for row in rows)
    return csv.render_csv(Grid("", (heads,), lines, ()))


def machine_cell(name: str, value: object) -> str:
    """A cell of a table for machines; what is not provisional says nothing of it."""
    if isinstance(value, bool):
        return "" if name == "provisional" and not value else yes_or_no(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def yes_or_no(value: bool | None) -> str:
    """A cell of a table for machines; empty where there is nothing to say."""
    return {True: "yes", False: "no", None: ""}[value]


def timeline_grid(timeline: Timeline) -> Grid:
    """A line per visit for documents, in the order of the dates; remarks and conventions below."""
    has_status = any(visit.status != "planned" or visit.deviation for visit in timeline.visits)
    heads = (
        "Day",
        "Date",
        "Start",
        "Visit",
        "Target",
        "Window",
        *(["Status"] if has_status else []),
    )
    lines = []
    for visit in timeline.listed():
        cells = ["", "", "", visit.label, "", ""]
        if isinstance(visit, WaitingVisit):
            cells[5] = visit.why
        else:
            cells[:3] = str(visit.study_day), f"{visit.start:%a %Y-%m-%d}", f"{visit.start:%H:%M}"
            cells[4:] = str(visit.target or ""), _window_text(visit)
        urgency, words = _urgency(visit)
        lines.append(Line((*cells, *([words] if has_status else [])), urgency=urgency))
    place = timeline.participant + at_site(timeline.site_id, timeline.site_title, timeline.timezone)
    title = f"{timeline.protocol_title}: {place}"
    anchor = f"{timeline.anchor_visit} on {timeline.anchor_date}."
    notes = (anchor, *_remarks(timeline), *timeline.conventions, NOTICE)
    return Grid(title, (heads,), tuple(lines), notes, labels=0)


def _urgency(
    visit: DatedVisit | WaitingVisit,
) -> tuple[Literal["", "overdue", "late", "today"], str]:
    """How urgent a visit is, and its status in the words that say so."""
    if isinstance(visit, DatedVisit) and visit.deviation:
        is_overdue = visit.status == "overdue"
        return "overdue" if is_overdue else "late", f"{visit.status}, out of window"
    if visit.status in ("overdue", "unrecorded"):
        return "overdue" if visit.status == "overdue" else "late", visit.status
    return "today" if visit.status == "due" else "", visit.status


def _window_text(visit: DatedVisit) -> str:
    return f"{visit.window}" or ("not published" if visit.window_stated is False else "none")


def _remarks(timeline: Timeline) -> list[str]:
    """What else there is to know of the visits: outside, moved, open, or beside the plan."""
    remarks = []
    for visit in timeline.visits:
        words = [visit.deviation] if visit.deviation else []
        if visit.booked:
            words.append(f"booked for {visit.booked:%Y-%m-%d %H:%M}, no longer fits")
        if visit.provisional:
            words.append("provisional")
        if visit.waiting_for:
            words.append(f"waits for {', '.join(visit.waiting_for)}")
        words += visit.remarks
        if words:
            remarks.append(f"{visit.label}: {'; '.join(words)}")
    for extra in timeline.unscheduled:
        reason = f": {extra.reason}" if extra.reason else ""
        remarks.append(
            f"{extra.what}: {extra.id}, {extra.start:%Y-%m-%d %H:%M} (day"
            f" {extra.study_day}){reason}"
        )
    remarks += [f"{track.title}: {track.why}" for track in timeline.waiting_tracks]
    remarks += [f"forced by: {reason}" for reason in timeline.forced]
    return remarks
