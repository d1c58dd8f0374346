"""A timeline as a table for a terminal: grouped by epoch, as wide as the terminal allows."""

from datetime import date, datetime
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.notice import NOTICE
from planner.timeline.model import DatedVisit, DateWindow, ListedVisit, Timeline, WaitingVisit
from planner.views.contact_mode import untitled_mode
from planner.views.window_bar import LINES, PLAIN, Letters, legend, window_bar

SPACIOUS, WIDE, MEDIUM = 116, 96, 72
"""From this many columns on windows are written with years, at all, and times with their ends."""
_BAR = 9
_WARNING = "magenta"
"""Yellow cannot be read on a light background, nor blue on a dark one."""
_STATUS_STYLES = {
    "occurred": "green", "booked": "bold", "due": _WARNING, "overdue": "bold red",
    "missed": "red", "cancelled": "dim",
}  # fmt: skip


def render_table(timeline: Timeline, *, width: int, color: bool, plain: bool = False) -> str:
    """The timeline as text.

    ``width`` in columns, with ANSI colours only if ``color``; ``plain`` draws with ASCII alone.
    """
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, no_color=not color, highlight=False,
        color_system="standard" if color else None, legacy_windows=False, emoji=False,
    )  # fmt: skip
    letters = PLAIN if plain else LINES
    console.print(_header(timeline))
    console.print(_table(timeline, width, letters), soft_wrap=False)
    for track in timeline.tracks:
        every = "daily" if track.every_days == 1 else f"every {track.every_days} days"
        text = f"{track.title}: {every}, {track.count} times from {_long(track.start.date())}"
        console.print(Text(text))
    for remark in _beside(timeline):
        console.print(remark)
    for line in _footer(timeline, width, letters):
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


def _table(timeline: Timeline, width: int, letters: Letters) -> Table:
    """A line per visit under its epoch; which columns there are depends on the room."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    has_status = _has_status(timeline)
    columns = {
        "Day": True,
        "Date": True,
        "Time": True,
        "Visit": True,
        "Bar": width >= MEDIUM or not has_status,
        "Status": has_status,
        "Off": width >= MEDIUM,
        "Window": width >= WIDE,
        "Slack": width >= WIDE,
    }
    names = [name for name, is_shown in columns.items() if is_shown]
    for name in names:
        is_number = name in ("Day", "Off", "Slack")
        if name == "Visit":
            table.add_column(name, ratio=1, overflow="fold")
        else:
            table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    epoch = None
    for visit in timeline.listed():
        if visit.epoch != epoch:
            epoch, epoch_title = visit.epoch, visit.epoch_title
            row = [
                Text(f"{epoch_title[:1].upper()}{epoch_title[1:]}", style="bold")
                if name == "Visit"
                else ""
                for name in names
            ]
            table.add_row(*row)
        if isinstance(visit, WaitingVisit):
            title = _with_remarks(visit.title, _kind_of_visit(visit))
            cells = {"Date": Text("no date"), "Visit": title, "Status": Text(visit.status)}
        else:
            cells = _cells(visit, width, letters, is_anchor=visit.id == timeline.anchor_visit)
        table.add_row(*(cells.get(name, "") for name in names))
    return table


def _has_status(timeline: Timeline) -> bool:
    return any(visit.status != "planned" for visit in timeline.visits)


def _cells(visit: DatedVisit, width: int, letters: Letters, *, is_anchor: bool) -> dict[str, Text]:
    off = days_off_target(visit)
    is_over = visit.status in ("occurred", "missed", "cancelled")
    is_bounded = not is_anchor and not is_over and visit.window_stated is not False
    slack = _slack(visit.effective_window) if is_bounded else None
    is_tight = slack == 1 and visit.status in ("planned", "due", "booked")
    mark = "!" if visit.deviation else ""
    window = "anchor" if is_anchor else _window(visit, short=width < SPACIOUS)
    alarm = "bold red" if visit.deviation else _WARNING if is_tight else ""
    return {
        "Day": Text(str(visit.study_day)),
        "Date": Text(_long(visit.start.date())),
        "Time": Text(f"{visit.start:%H:%M}" if width < MEDIUM else _times(visit.start, visit.end)),
        "Visit": _title(visit),
        "Bar": Text(window_bar(visit, _BAR, letters), style=alarm),
        "Status": Text(
            visit.status + mark,
            style="bold red" if mark else _STATUS_STYLES.get(visit.status, ""),
        ),
        "Off": Text("" if not off else f"{off:+d}d", style=_WARNING if off else ""),
        "Window": Text(window),
        "Slack": Text("" if slack is None else f"{slack}d", style=_WARNING if is_tight else ""),
    }


def _kind_of_visit(visit: ListedVisit) -> list[str]:
    """What the protocol says of a visit beside its title."""
    is_overnight = isinstance(visit, DatedVisit) and visit.overnight
    mode = untitled_mode(visit.mode, visit.title)
    return [
        word
        for word, holds in (
            (mode, bool(mode)),
            ("overnight", is_overnight),
            ("optional", visit.optional),
            (f"if {visit.conditional}", visit.conditional is not None),
        )
        if holds
    ]


def _title(visit: DatedVisit) -> Text:
    remarks = [
        word
        for word, holds in (
            ("provisional", visit.provisional),
            (f"waits for {', '.join(visit.waiting_for)}", bool(visit.waiting_for)),
            ("not recorded", visit.unrecorded),
            ("decided against", visit.against),
        )
        if holds
    ]
    return _with_remarks(visit.title, [*_kind_of_visit(visit), *remarks])


def _with_remarks(title: str, remarks: list[str]) -> Text:
    text = Text(title)
    if remarks:
        text.append(f" ({', '.join(remarks)})", style="dim")
    return text


def days_off_target(visit: DatedVisit) -> int | None:
    """Days between the target and the planned date; ``None`` without a target."""
    if visit.target is None:
        return None
    return (visit.start.date() - visit.target).days


def _slack(window: DateWindow) -> int | None:
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


def _window(visit: DatedVisit, *, short: bool) -> str:
    """The window as written; ``short`` leaves out years that the visit's own date tells."""
    first, last = visit.window.earliest, visit.window.latest
    if first is None and last is None:
        return "not published" if visit.window_stated is False else "none"
    near = all(end is None or abs((end - visit.start.date()).days) < 180 for end in (first, last))
    form = "%m-%d" if short and near else "%Y-%m-%d"
    begin, end = ("" if day is None else format(day, form) for day in (first, last))
    return begin if first == last else f"{begin}..{end}"


def _beside(timeline: Timeline) -> list[Text]:
    """What stands beside the plan: what has no date, moved bookings, what is outside, and why."""
    lines = []
    for extra in timeline.unscheduled:
        reason = f": {extra.reason}" if extra.reason else ""
        when = f"{_long(extra.start.date())} {_times(extra.start, extra.end)}"
        lines.append(Text(f"unscheduled: {when} (day {extra.study_day}) {extra.id}{reason}"))
    lines += [Text(f"{visit.title}: {visit.why}") for visit in timeline.waiting]
    lines += [
        Text(f"{waiting_track.title}: {waiting_track.why}")
        for waiting_track in timeline.waiting_tracks
    ]
    for visit in timeline.visits:
        if visit.booked is not None:
            booked = f"{_long(visit.booked.date())} {visit.booked:%H:%M}"
            text = f"{visit.title}: booked for {booked}, which no longer fits"
            lines.append(Text(text, style=_WARNING))
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


def _footer(timeline: Timeline, width: int, letters: Letters) -> list[str]:
    cost = "every target met" if not timeline.cost else f"{timeline.cost} weighted days off target"
    notes = [legend(letters)] if width >= MEDIUM or not _has_status(timeline) else []
    if width >= MEDIUM:
        notes.append("off: days off target")
    if width >= WIDE:
        notes.append("slack: days from the earliest to the latest date of any plan")
    kept = timeline.conventions
    if timeline.today is not None:
        kept = (*kept, f"today: {timeline.today}; due while the window is open, overdue after it")
    conventions = "; ".join(kept)
    return ["", "; ".join([cost, *notes]) + ".", f"Conventions: {conventions}.", NOTICE]
