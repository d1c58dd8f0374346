"""A timeline for machines and documents: JSON (ARCHITECTURE contract), CSV and Markdown."""

import json
from datetime import date

from planner.notice import NOTICE
from planner.timeline.model import COLUMNS, DatedVisit, Timeline, WaitingVisit
from planner.views.tables import csv
from planner.views.tables.grid import Grid, Line
from planner.views.tables.markdown import escaped


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
    lines = tuple(Line(tuple(_cell(name, row[name]) for name in heads)) for row in rows)
    return csv.render_csv(Grid("", (heads,), lines, ()))


def _cell(name: str, value: object) -> str:
    """A cell of a table for machines; what is not provisional says nothing of it."""
    if isinstance(value, bool):
        return "" if name == "provisional" and not value else yes_or_no(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def yes_or_no(value: bool | None) -> str:
    """A cell of a table for machines; empty where there is nothing to say."""
    return {True: "yes", False: "no", None: ""}[value]


def render_markdown(timeline: Timeline) -> str:
    """A heading, a table with a line per visit, and the conventions."""
    has_status = any(visit.status != "planned" for visit in timeline.visits)
    place = f"{escaped(timeline.participant)} at {escaped(timeline.site_title)}"
    lines = [
        f"## {escaped(timeline.protocol_title)}",
        "",
        f"{place} ({timeline.timezone}); {timeline.anchor_visit} on {timeline.anchor_date}.",
        "",
        "| Day | Date | Start | Visit | Target | Window |" + (" Status |" if has_status else ""),
        "|---:|---|---|---|---|---|" + ("---|" if has_status else ""),
    ]
    for visit in timeline.listed():
        if isinstance(visit, WaitingVisit):
            cells = f"| | | | {escaped(visit.label)} | | {escaped(visit.why)} |"
        else:
            cells = (
                f"| {visit.study_day} | {visit.start:%a} {visit.start.date()} | {visit.start:%H:%M}"
                f" | {escaped(visit.label)} | {visit.target or ''} | {_window_text(visit)} |"
            )
        lines.append(cells + (f" {visit.status} |" if has_status else ""))
    lines += _remarks(timeline)
    lines += ["", *(f"- {escaped(line)}" for line in timeline.conventions), "", f"*{NOTICE}*"]
    return "\n".join(lines) + "\n"


def _window_text(visit: DatedVisit) -> str:
    window = f"{visit.window.earliest or ''}..{visit.window.latest or ''}"
    if window != "..":
        return window
    return "not published" if visit.window_stated is False else "none"


def _remarks(timeline: Timeline) -> list[str]:
    """What else there is to tell of the visits: what is outside, moved, open or beside the plan."""
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
            remarks.append(f"- {escaped(visit.label)}: {escaped('; '.join(words))}")
    for extra in timeline.unscheduled:
        reason = f": {escaped(extra.reason)}" if extra.reason else ""
        remarks.append(
            f"- unscheduled: {escaped(extra.id)}, {extra.start:%Y-%m-%d %H:%M}"
            f" (day {extra.study_day}){reason}"
        )
    remarks += [
        f"- {escaped(waiting_track.title)}: {escaped(waiting_track.why)}"
        for waiting_track in timeline.waiting_tracks
    ]
    remarks += [f"- forced by: {escaped(reason)}" for reason in timeline.forced]
    return ["", *remarks] if remarks else []
