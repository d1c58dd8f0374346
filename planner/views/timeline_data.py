"""A timeline for machines and documents: JSON (ARCHITECTURE contract), CSV and Markdown."""

import json
from datetime import date, datetime

from planner.notice import NOTICE
from planner.timeline.model import DatedVisit, DateWindow, ListedVisit, Timeline, WaitingVisit
from planner.views.tables import csv
from planner.views.tables.grid import Grid, Line
from planner.views.tables.markdown import escaped

_COLUMNS = (
    "visit", "title", "kind", "epoch", "cycle", "mode", "optional", "study_day", "start", "end",
    "target", "window_stated", "window_earliest", "window_latest", "effective_earliest",
    "effective_latest",
    "status", "deviation", "booked", "provisional", "waiting_for", "remarks",
)  # fmt: skip


def render_json(timeline: Timeline) -> str:
    """The timeline as JSON, format 1; dates are ISO 8601, instants carry their UTC offset.

    ``window`` holds the allowed dates of a visit, counted from where the visits that it counts from
    lie in this plan; ``effective_window`` the first and the last date that it has in any plan which
    keeps all rules. Neither is a part of the other. ``window_stated`` is false where no window was
    published, and null where a visit has no timings of its own.
    """
    return json.dumps(as_data(timeline), indent=2)


def as_data(timeline: Timeline) -> dict[str, object]:
    """The timeline as plain data, as `render_json` writes it."""
    return {
        "format": 1,
        "notice": NOTICE,
        "protocol": {"id": timeline.protocol_id, "version": timeline.protocol_version},
        "arm": None if timeline.blinded else timeline.arm,
        "participant": timeline.participant,
        "site": {"id": timeline.site_id, "timezone": timeline.timezone},
        "anchor": {"visit": timeline.anchor_visit, "date": timeline.anchor_date.isoformat()},
        "conventions": list(timeline.conventions),
        "days_off_target": timeline.cost,
        "visits": [
            _without_date(visit) if isinstance(visit, WaitingVisit) else _visit(visit)
            for visit in timeline.listed()
        ],
        "tracks": [
            {
                "id": track.id,
                "title": track.title,
                "kind": track.kind,
                "start": track.start.isoformat(),
                "end": _iso(track.end),
                "every_days": track.every_days,
                "count": track.count,
            }
            for track in timeline.tracks
        ],
        **_beside(timeline),
    }


def _beside(timeline: Timeline) -> dict[str, object]:
    """What only the plan of a participant under way has to tell; keys without a word are absent."""
    unscheduled = [
        {
            "id": extra.id,
            "start": extra.start.isoformat(),
            "end": _iso(extra.end),
            "study_day": extra.study_day,
            "reason": extra.reason,
        }
        for extra in timeline.unscheduled
    ]
    waiting = [
        {
            "id": track.id,
            "title": track.title,
            "kind": track.kind,
            "status": track.status,
            "waiting_for": list(track.waiting_for),
        }
        for track in timeline.waiting_tracks
    ]
    told = {
        "waiting_tracks": waiting,
        "today": _iso(timeline.today),
        "forced": list(timeline.forced),
        "unscheduled": unscheduled,
    }
    return {name: value for name, value in told.items() if value}


def _listed(visit: ListedVisit) -> dict[str, object]:
    return {
        "id": visit.id,
        "title": visit.title,
        "kind": visit.kind,
        "epoch": visit.epoch,
        "cycle": visit.cycle,
        "mode": visit.mode,
        "optional": visit.optional,
    }


def _visit(visit: DatedVisit) -> dict[str, object]:
    under_way = {
        "booked": _iso(visit.booked),
        "provisional": visit.provisional,
        "waiting_for": list(visit.waiting_for),
        "unrecorded": visit.unrecorded,
        "against": visit.against,
    }
    return {
        **_listed(visit),
        "target": _iso(visit.target),
        "window_stated": visit.window_stated,
        "window": _window(visit.window),
        "effective_window": _window(visit.effective_window),
        "start": visit.start.isoformat(),
        "end": _iso(visit.end),
        "study_day": visit.study_day,
        "status": visit.status,
        "deviation": visit.deviation,
        **{name: value for name, value in under_way.items() if value},
    }


def _without_date(visit: WaitingVisit) -> dict[str, object]:
    """A visit without a date, with the same keys: what has to do with dates is null."""
    no_window = {"earliest": None, "latest": None}
    return {
        **_listed(visit),
        "target": None,
        "window_stated": None,
        "window": no_window,
        "effective_window": no_window,
        "start": None,
        "end": None,
        "study_day": None,
        "status": visit.status,
        "deviation": None,
        "waiting_for": list(visit.waiting_for),
    }


def _window(window: DateWindow) -> dict[str, str | None]:
    return {"earliest": _iso(window.earliest), "latest": _iso(window.latest)}


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def render_csv(timeline: Timeline) -> str:
    """One line per visit, unscheduled ones last; those without a date have empty cells for it.

    Texts that a spreadsheet would run as a formula are disarmed.
    """
    rows = [
        _undated_row(visit) if isinstance(visit, WaitingVisit) else _dated_row(visit)
        for visit in timeline.listed()
    ]
    rows += [
        {
            "visit": extra.id, "study_day": extra.study_day, "start": extra.start.isoformat(),
            "end": _iso(extra.end), "status": "unscheduled", "remarks": extra.reason,
        }
        for extra in timeline.unscheduled
    ]  # fmt: skip
    lines = []
    for row in rows:
        cells = (timeline.participant, *map(row.get, _COLUMNS))
        lines.append(Line(tuple("" if cell is None else str(cell) for cell in cells)))
    return csv.render_csv(Grid("", (("participant", *_COLUMNS),), tuple(lines), ()))


def _listed_cells(visit: ListedVisit) -> dict[str, object]:
    return {**_listed(visit), "visit": visit.id, "optional": yes_or_no(visit.optional)}


def _undated_row(visit: WaitingVisit) -> dict[str, object]:
    return {
        **_listed_cells(visit),
        "status": visit.status, "waiting_for": " ".join(visit.waiting_for), "remarks": visit.why,
    }  # fmt: skip


def _dated_row(visit: DatedVisit) -> dict[str, object]:
    return {
        **_listed_cells(visit),
        "study_day": visit.study_day, "start": visit.start.isoformat(), "end": _iso(visit.end),
        "target": _iso(visit.target), "window_stated": yes_or_no(visit.window_stated),
        "window_earliest": _iso(visit.window.earliest),
        "window_latest": _iso(visit.window.latest),
        "effective_earliest": _iso(visit.effective_window.earliest),
        "effective_latest": _iso(visit.effective_window.latest),
        "status": visit.status, "deviation": visit.deviation, "booked": _iso(visit.booked),
        "provisional": "yes" if visit.provisional else "",
        "waiting_for": " ".join(visit.waiting_for), "remarks": "; ".join(_flags(visit)),
    }  # fmt: skip


def yes_or_no(value: bool | None) -> str:
    """A cell of a table for machines; empty where there is nothing to say."""
    return {True: "yes", False: "no", None: ""}[value]


def _flags(visit: DatedVisit) -> list[str]:
    """What else there is to say of an appointment."""
    told = ("not recorded", visit.unrecorded), ("decided against", visit.against)
    return [words for words, holds in told if holds]


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
            cells = f"| | | | {escaped(visit.title)} | | {escaped(visit.why)} |"
        else:
            cells = (
                f"| {visit.study_day} | {visit.start:%a} {visit.start.date()} | {visit.start:%H:%M}"
                f" | {escaped(visit.title)} | {_iso(visit.target) or ''} | {_window_text(visit)} |"
            )
        lines.append(cells + (f" {visit.status} |" if has_status else ""))
    lines += _remarks(timeline)
    lines += ["", *(f"- {escaped(line)}" for line in timeline.conventions), "", f"*{NOTICE}*"]
    return "\n".join(lines) + "\n"


def _window_text(visit: DatedVisit) -> str:
    window = f"{_iso(visit.window.earliest) or ''}..{_iso(visit.window.latest) or ''}"
    if window != "..":
        return window
    return "not published" if visit.window_stated is False else "none"


def _remarks(timeline: Timeline) -> list[str]:
    """What else there is to tell of the visits: what is outside, moved, open or beside the plan."""
    told = []
    for visit in timeline.visits:
        words = [visit.deviation] if visit.deviation else []
        if visit.booked:
            words.append(f"booked for {visit.booked:%Y-%m-%d %H:%M}, no longer fits")
        if visit.provisional:
            words.append("provisional")
        if visit.waiting_for:
            words.append(f"waits for {', '.join(visit.waiting_for)}")
        words += _flags(visit)
        if words:
            told.append(f"- {escaped(visit.title)}: {escaped('; '.join(words))}")
    for extra in timeline.unscheduled:
        reason = f": {escaped(extra.reason)}" if extra.reason else ""
        told.append(
            f"- unscheduled: {escaped(extra.id)}, {extra.start:%Y-%m-%d %H:%M}"
            f" (day {extra.study_day}){reason}"
        )
    told += [f"- {escaped(one.title)}: {escaped(one.why)}" for one in timeline.waiting_tracks]
    told += [f"- forced by: {escaped(reason)}" for reason in timeline.forced]
    return ["", *told] if told else []
