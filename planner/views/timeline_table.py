"""A timeline as a table for a terminal: grouped by epoch, as wide as the terminal allows."""

from datetime import date, datetime
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.notice import NOTICE
from planner.timeline.model import DatedVisit, DateWindow, Timeline

WIDE, MEDIUM = 96, 72
"""From this many columns on there is room for all columns, or for all but the window."""


def render_table(timeline: Timeline, *, width: int, color: bool) -> str:
    """The timeline as text; ``width`` in columns, with ANSI colours only if ``color``."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, no_color=not color, highlight=False,
        color_system="standard" if color else None, legacy_windows=False, emoji=False,
    )  # fmt: skip
    console.print(_header(timeline))
    console.print(_table(timeline, width), soft_wrap=False)
    for track in timeline.tracks:
        every = "daily" if track.every_days == 1 else f"every {track.every_days} days"
        text = f"{track.title}: {every}, {track.count} times from {_long(track.start.date())}"
        console.print(Text(text))
    for remark in _beside(timeline):
        console.print(remark)
    for line in _footer(timeline, width):
        console.print(Text(line, style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).strip("\n") + "\n"


def _header(timeline: Timeline) -> Text:
    text = Text()
    text.append(timeline.protocol_title, style="bold")
    text.append(f" ({timeline.protocol_id}, version {timeline.protocol_version})\n")
    text.append(f"{timeline.participant} at {timeline.site_title}, {timeline.timezone}")
    # An arm's name on a screen at the site would break the blind.
    if timeline.arm is not None and not timeline.blinded:
        text.append(f", arm {timeline.arm}")
    return text


def _table(timeline: Timeline, width: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Day", justify="right", no_wrap=True)
    table.add_column("Date", no_wrap=True)
    table.add_column("Time", no_wrap=True)
    table.add_column("Visit", ratio=1, overflow="fold")
    has_status = any(visit.status != "planned" for visit in timeline.visits)
    if has_status:
        table.add_column("Status", no_wrap=True)
    if width >= MEDIUM:
        table.add_column("Off", justify="right", no_wrap=True)
    if width >= WIDE:
        table.add_column("Window", no_wrap=True)
        table.add_column("Room", justify="right", no_wrap=True)
    epoch = None
    for visit in timeline.visits:
        if visit.epoch != epoch:
            epoch = visit.epoch
            blank = [""] * (len(table.columns) - 4)
            table.add_row("", "", "", Text(visit.epoch_title, style="bold cyan"), *blank)
        is_anchor = visit.id == timeline.anchor_visit
        table.add_row(*_row(visit, width, is_anchor=is_anchor, has_status=has_status))
    return table


_STATUS_STYLES = {
    "occurred": "green", "booked": "bold", "due": "yellow", "overdue": "bold red",
    "missed": "red", "cancelled": "dim",
}  # fmt: skip


def _row(visit: DatedVisit, width: int, *, is_anchor: bool, has_status: bool) -> list[Text]:
    title = Text(visit.title)
    remarks = [
        word
        for word, holds in (
            (visit.mode, visit.mode != "clinic"),
            ("overnight", visit.overnight),
            ("optional", visit.optional),
            (f"if {visit.conditional}", visit.conditional is not None),
            ("provisional", visit.provisional),
            (f"waits for {', '.join(visit.waiting_for)}", bool(visit.waiting_for)),
        )
        if holds
    ]
    if remarks:
        title.append(f" ({', '.join(remarks)})", style="dim")
    cells = [
        Text(str(visit.study_day)),
        Text(_long(visit.start.date())),
        Text(_times(visit.start, visit.end)),
        title,
    ]
    if has_status:
        mark = "!" if visit.deviation else ""
        style = _STATUS_STYLES.get(visit.status, "")
        cells.append(Text(visit.status + mark, style="bold red" if mark else style))
    if width >= MEDIUM:
        off = days_off_target(visit)
        cells.append(Text("" if not off else f"{off:+d}d", style="yellow" if off else ""))
    if width >= WIDE:
        room = None if is_anchor else _room(visit.effective_window)
        cells.append(Text("anchor" if is_anchor else _window(visit.window)))
        cells.append(Text("" if room is None else f"{room}d", style="yellow" if room == 1 else ""))
    return cells


def days_off_target(visit: DatedVisit) -> int | None:
    """Days between the target and the planned date; ``None`` without a target."""
    if visit.target is None:
        return None
    return (visit.start.date() - visit.target).days


def _room(window: DateWindow) -> int | None:
    """Days from the earliest to the latest date that any plan from this anchor can use."""
    if window.earliest is None or window.latest is None:
        return None
    return (window.latest - window.earliest).days + 1


def _long(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"


def _times(start: datetime, end: datetime | None) -> str:
    if end is None:
        return f"{start:%H:%M}"
    nights = (end.date() - start.date()).days
    return f"{start:%H:%M}-{end:%H:%M}" + (f" +{nights}" if nights else "")


def _window(window: DateWindow) -> str:
    if window.earliest is None and window.latest is None:
        return "none"
    if window.earliest == window.latest and window.earliest is not None:
        return f"{window.earliest}"
    first = "" if window.earliest is None else window.earliest.isoformat()
    last = "" if window.latest is None else window.latest.isoformat()
    return f"{first}..{last}"


def _beside(timeline: Timeline) -> list[Text]:
    """What stands beside the plan: visits nobody planned, moved bookings, what is outside, why."""
    lines = []
    for extra in timeline.unscheduled:
        reason = f": {extra.reason}" if extra.reason else ""
        when = f"{_long(extra.start.date())} {_times(extra.start, extra.end)}"
        lines.append(Text(f"unscheduled: {when} (day {extra.study_day}) {extra.id}{reason}"))
    for visit in timeline.visits:
        if visit.booked is not None:
            booked = f"{_long(visit.booked.date())} {visit.booked:%H:%M}"
            text = f"{visit.title}: booked for {booked}, which no longer fits"
            lines.append(Text(text, style="yellow"))
    lines += [
        Text(f"! {visit.title}: {visit.deviation}", style="red")
        for visit in timeline.visits
        if visit.deviation is not None
    ]
    if timeline.forced:
        head = "No plan keeps all windows; this one has the fewest days outside. What forces it:"
        lines.append(Text(head, style="bold red"))
        lines += [Text(f"  - {reason}") for reason in timeline.forced]
    return [Text(""), *lines] if lines else []


def _footer(timeline: Timeline, width: int) -> list[str]:
    cost = "every target met" if not timeline.cost else f"{timeline.cost} weighted days off target"
    legend = []
    if width >= MEDIUM:
        legend.append("Off: days off target")
    if width >= WIDE:
        legend.append("Room: days from the earliest to the latest date of any plan")
    told = timeline.conventions
    if timeline.today is not None:
        told = (*told, f"today: {timeline.today}; due while the window is open, overdue after it")
    conventions = "; ".join(told)
    return ["", "; ".join([cost, *legend]) + ".", f"Conventions: {conventions}.", NOTICE]
