"""A timeline for machines and documents: JSON (ARCHITECTURE contract), CSV and Markdown."""

import csv
import html
import json
from collections.abc import Mapping
from datetime import date, datetime
from io import StringIO

from planner.notice import NOTICE
from planner.timeline.model import DatedVisit, DateWindow, Timeline, WaitingVisit

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


def _visit(visit: DatedVisit) -> dict[str, object]:
    under_way = {
        "booked": _iso(visit.booked),
        "provisional": visit.provisional,
        "waiting_for": list(visit.waiting_for),
        "unrecorded": visit.unrecorded,
        "against": visit.against,
    }
    return {
        "id": visit.id,
        "title": visit.title,
        "kind": visit.kind,
        "epoch": visit.epoch,
        "cycle": visit.cycle,
        "mode": visit.mode,
        "optional": visit.optional,
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
        "id": visit.id,
        "title": visit.title,
        "kind": visit.kind,
        "epoch": visit.epoch,
        "cycle": visit.cycle,
        "mode": visit.mode,
        "optional": visit.optional,
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
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("participant", *_COLUMNS))
    for visit in timeline.listed():
        if isinstance(visit, WaitingVisit):
            known = {
                "visit": visit.id, "title": visit.title, "kind": visit.kind, "epoch": visit.epoch,
                "cycle": visit.cycle, "mode": visit.mode,
                "optional": "yes" if visit.optional else "no", "status": visit.status,
                "waiting_for": " ".join(visit.waiting_for), "remarks": visit.why,
            }  # fmt: skip
            writer.writerow(_row(timeline, known))
            continue
        values = (
            timeline.participant, visit.id, visit.title, visit.kind, visit.epoch, visit.cycle,
            visit.mode, "yes" if visit.optional else "no", visit.study_day,
            visit.start.isoformat(), _iso(visit.end), _iso(visit.target),
            yes_or_no(visit.window_stated),
            _iso(visit.window.earliest), _iso(visit.window.latest),
            _iso(visit.effective_window.earliest), _iso(visit.effective_window.latest),
            visit.status, visit.deviation, _iso(visit.booked),
            "yes" if visit.provisional else "", " ".join(visit.waiting_for),
            "; ".join(_flags(visit)),
        )  # fmt: skip
        writer.writerow([_disarmed(value) for value in values])
    for extra in timeline.unscheduled:
        known = {
            "visit": extra.id, "study_day": extra.study_day, "start": extra.start.isoformat(),
            "end": _iso(extra.end), "status": "unscheduled", "remarks": extra.reason,
        }  # fmt: skip
        writer.writerow(_row(timeline, known))
    return out.getvalue()


def yes_or_no(value: bool | None) -> str:
    """A cell of a table for machines; empty where there is nothing to say."""
    return {True: "yes", False: "no", None: ""}[value]


def _row(timeline: Timeline, known: Mapping[str, object]) -> list[object]:
    """A line of the table with the cells that are known; the others are empty."""
    row = (timeline.participant, *(known.get(name) for name in _COLUMNS))
    return [_disarmed(value) for value in row]


def _flags(visit: DatedVisit) -> list[str]:
    """What else there is to say of an appointment."""
    told = ("not recorded", visit.unrecorded), ("decided against", visit.against)
    return [words for words, holds in told if holds]


def _disarmed(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value


def render_markdown(timeline: Timeline) -> str:
    """A heading, a table with a line per visit, and the conventions."""
    has_status = any(visit.status != "planned" for visit in timeline.visits)
    place = f"{_escaped(timeline.participant)} at {_escaped(timeline.site_title)}"
    lines = [
        f"## {_escaped(timeline.protocol_title)}",
        "",
        f"{place} ({timeline.timezone}); {timeline.anchor_visit} on {timeline.anchor_date}.",
        "",
        "| Day | Date | Start | Visit | Target | Window |" + (" Status |" if has_status else ""),
        "|---:|---|---|---|---|---|" + ("---|" if has_status else ""),
    ]
    for visit in timeline.listed():
        if isinstance(visit, WaitingVisit):
            cells = f"| | | | {_escaped(visit.title)} | | {visit.why} |"
        else:
            cells = (
                f"| {visit.study_day} | {visit.start:%a} {visit.start.date()} | {visit.start:%H:%M}"
                f" | {_escaped(visit.title)} | {_iso(visit.target) or ''} | {_window_text(visit)} |"
            )
        lines.append(cells + (f" {visit.status} |" if has_status else ""))
    lines += _remarks(timeline)
    lines += ["", *(f"- {_escaped(line)}" for line in timeline.conventions), "", f"*{NOTICE}*"]
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
            told.append(f"- {_escaped(visit.title)}: {_escaped('; '.join(words))}")
    for extra in timeline.unscheduled:
        reason = f": {_escaped(extra.reason)}" if extra.reason else ""
        told.append(
            f"- unscheduled: {_escaped(extra.id)}, {extra.start:%Y-%m-%d %H:%M}"
            f" (day {extra.study_day}){reason}"
        )
    told += [f"- {_escaped(one.title)}: {one.why}" for one in timeline.waiting_tracks]
    told += [f"- forced by: {_escaped(reason)}" for reason in timeline.forced]
    return ["", *told] if told else []


def _escaped(text: str) -> str:
    safe = html.escape(text, quote=False)
    for mark in ("\\", "|", "`", "*", "_", "[", "]", "#"):
        safe = safe.replace(mark, "\\" + mark)
    return safe
