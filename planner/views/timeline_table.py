"""A timeline as a table for a terminal: grouped by epoch, as wide as the terminal allows."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from planner.brevity import brief
from planner.notice import NOTICE
from planner.text import counted, display_width, one_line
from planner.timeline.model import DatedVisit, ListedVisit, Timeline, WaitingVisit
from planner.views.contact_mode import untitled_mode
from planner.views.site_words import at_site
from planner.views.terminal import (
    GAP,
    Alignment,
    RowCell,
    Style,
    Styled,
    draw_paragraph,
    draw_row,
    wrap_styled,
)
from planner.views.window_bar import LINES, PLAIN, Letters, bar_lengths, legend, window_bar

SPACIOUS, WIDE, MEDIUM, NARROW = 132, 96, 72, 56
"""From this many columns on windows are written with years, at all, times with their ends, and
dates with their weekdays.
"""
_BAR = "Window bar"
_MAX_BAR = 40
"""Letters of the longest bar at most."""
_LEAST_VISIT = 12
"""Columns in which titles are still read with ease."""
_ALIGN: dict[str, Alignment] = {
    "Day": "right", "Off": "right", "Slack": "right"
}  # fmt: skip
_STATUS_STYLES = {
    "occurred": Style.GREEN, "booked": Style.BOLD, "due": Style.MAGENTA, "overdue": Style.ALARM,
    "missed": Style.RED, "cancelled": Style.DIM,
}  # fmt: skip


def render_table(timeline: Timeline, *, width: int, color: bool, plain: bool = False) -> str:
    """The timeline as text.

    Args:
        timeline: of one participant.
        width: columns of the terminal, 40 at least; narrow ones get fewer columns of the table.
        color: with ANSI colours.
        plain: drawn with ASCII alone (but for the texts of the file).
    """
    letters = PLAIN if plain else LINES
    draw = partial(draw_paragraph, width=width, color=color)
    lines = [line for pieces in _header(timeline) for line in draw(pieces)]
    table, step, names = _table(timeline, width, letters, color)
    lines += table
    for track in timeline.tracks:
        every = "daily" if track.every_days == 1 else f"every {track.every_days} days"
        text = f"{track.title}: {every}, {track.count} times from {_long(track.start.date())}"
        lines += draw([Styled(text)])
    for remark in _beside(timeline):
        lines += draw([remark])
    bars = "" if step is None else legend(letters, step)
    for line in _footer(timeline, width, bars, has_slack="Slack" in names):
        lines += draw([Styled(line, Style.DIM)])
    return "\n".join(lines) + "\n"


def _header(timeline: Timeline) -> list[list[Styled]]:
    study = f" ({timeline.protocol_id}, version {timeline.protocol_version})"
    place = timeline.participant + at_site(timeline.site_id, timeline.site_title, timeline.timezone)
    # An arm's name on a screen at the site would break the blind.
    if timeline.arm is not None and not timeline.blinded:
        place += f", arm {timeline.arm}"
    return [[Styled(timeline.protocol_title, Style.BOLD), Styled(study)], [Styled(place)]]


def _table(
    timeline: Timeline, width: int, letters: Letters, color: bool
) -> tuple[list[str], int | None, list[str]]:
    """A line per visit under its epoch; which columns there are depends on the room.

    Also returned: how many days a letter of a bar is, ``None`` where there is no room for bars;
    and the names of the columns.
    """
    has_status = _has_status(timeline)
    columns = {
        "Day": width >= NARROW or not has_status,
        "Date": True,
        "Time": True,
        "Visit": True,
        _BAR: width >= (MEDIUM if has_status else NARROW),
        "Status": has_status,
        "Off": width >= MEDIUM,
        "Window": width >= WIDE,
        "Slack": width >= WIDE,
    }
    names = [name for name, is_shown in columns.items() if is_shown]
    rows = [
        (visit, _row(visit, width, is_anchor=visit.id == timeline.anchor_visit))
        for visit in timeline.listed()
    ]
    sizes = {
        name: max(len(name), *(display_width(_text(cells.get(name, []))) for _, cells in rows))
        for name in names
    }
    others = sum(size for name, size in sizes.items() if name not in ("Visit", _BAR))
    room = width - others - GAP * (len(names) - 1)
    for name in ("Slack", "Window"):  # long windows would leave visits no room for their titles
        if name in names and room - len(_BAR) < min(sizes["Visit"], _LEAST_VISIT):
            names.remove(name)
            room += GAP + sizes.pop(name)
    step = None
    if _BAR in sizes:
        longest = min(max(len(_BAR), room - sizes["Visit"]), _MAX_BAR)
        lengths, step = bar_lengths(timeline.visits, longest)
        for visit, cells in rows:
            if isinstance(visit, DatedVisit):
                bar = window_bar(visit, lengths[visit.id], letters)
                is_anchor = visit.id == timeline.anchor_visit
                cells[_BAR] = [Styled(bar, _bar_style(visit, is_anchor=is_anchor))]
        sizes[_BAR] = max([len(_BAR), *lengths.values()])
        room -= sizes[_BAR]
    sizes["Visit"] = min(sizes["Visit"], room)
    return list(_lines(rows, sizes, width, letters, color)), step, names


def _lines(
    rows: list[tuple[DatedVisit | WaitingVisit, dict[str, list[Styled]]]],
    sizes: dict[str, int],
    width: int,
    letters: Letters,
    color: bool,
) -> Iterator[str]:
    """The header, and the rows below their epochs."""

    def drawn(cells: dict[str, list[Styled]]) -> Iterator[str]:
        row = [
            RowCell(wrap_styled(cells.get(name, []), size), size, _ALIGN.get(name, "left"))
            for name, size in sizes.items()
        ]
        return draw_row(row, color=color)

    yield from drawn({name: [Styled(name, Style.BOLD)] for name in sizes})
    yield letters.allowed * (sum(sizes.values()) + GAP * (len(sizes) - 1))
    epoch = None
    for visit, cells in rows:
        if visit.epoch != epoch:
            epoch, epoch_title = visit.epoch, visit.epoch_title
            heading = Styled(f"{epoch_title[:1].upper()}{epoch_title[1:]}", Style.GROUP)
            yield from draw_paragraph([heading], width, color=color)
        yield from drawn(cells)


def _text(pieces: list[Styled]) -> str:
    return one_line("".join(piece.text for piece in pieces))


def _has_status(timeline: Timeline) -> bool:
    return any(visit.status != "planned" for visit in timeline.visits)


def _row(
    visit: DatedVisit | WaitingVisit, width: int, *, is_anchor: bool
) -> dict[str, list[Styled]]:
    """What stands in the columns, by their names."""
    if isinstance(visit, WaitingVisit):
        title = _with_remarks(visit.label, _kind_of_visit(visit))
        return {"Date": [Styled("no date")], "Visit": title, "Status": [Styled(visit.status)]}
    off = days_off_target(visit)
    slack = _slack(visit, is_anchor=is_anchor)
    mark = "!" if visit.deviation else ""
    window = "anchor" if is_anchor else _window(visit, short=width < SPACIOUS)
    status_style = Style.ALARM if mark else _STATUS_STYLES.get(visit.status, "")
    day = visit.start.date()
    return {
        "Day": [Styled(str(visit.study_day))],
        "Date": [Styled(day.isoformat() if width < NARROW else _long(day))],
        "Time": [Styled(_time(visit, width))],
        "Visit": _title(visit),
        "Status": [Styled(visit.status + mark, status_style)],
        "Off": [Styled("" if not off else f"{off:+d}d", Style.MAGENTA)],
        "Window": [Styled(window)],
        "Slack": [Styled("" if slack is None else f"{slack}d", _tight_style(visit, slack))],
    }


def _time(visit: DatedVisit, width: int) -> str:
    """The time of day; none of an event, which has a date alone."""
    if visit.kind == "event":
        return ""
    return f"{visit.start:%H:%M}" if width < MEDIUM else _times(visit.start, visit.end)


def _bar_style(visit: DatedVisit, *, is_anchor: bool) -> str:
    if visit.deviation:
        return Style.ALARM
    return _tight_style(visit, _slack(visit, is_anchor=is_anchor))


def _tight_style(visit: DatedVisit, slack: int | None) -> str:
    """How a visit with a single possible date looks, as long as it lies ahead."""
    is_ahead = visit.status in ("planned", "due", "booked")
    return Style.MAGENTA if slack == 1 and is_ahead else Style.NONE


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


def _title(visit: DatedVisit) -> list[Styled]:
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
    return _with_remarks(visit.label, [*_kind_of_visit(visit), *remarks])


def _with_remarks(title: str, remarks: list[str]) -> list[Styled]:
    return [Styled(title), *([Styled(f" ({', '.join(remarks)})", Style.DIM)] if remarks else [])]


def off_target_words(timeline: Timeline) -> str:
    """How far all visits together are from their targets: `9 days away from target dates`."""
    days = sum(abs(days_off_target(visit) or 0) for visit in timeline.visits)
    weighted = "" if days == timeline.cost else ", weighted"
    return f"{counted(timeline.cost, 'day')} away from target dates{weighted}"


def days_off_target(visit: DatedVisit) -> int | None:
    """Days between the target and the planned date; ``None`` without a target."""
    if visit.target is None:
        return None
    return (visit.start.date() - visit.target).days


def _slack(visit: DatedVisit, *, is_anchor: bool) -> int | None:
    """Days from the earliest to the latest date that any plan from this anchor can use.

    ``None`` where there are no such two dates, for the anchor, and for what is over.
    """
    window = visit.effective_window
    if is_anchor or visit.window_stated is False:
        return None
    if visit.status in ("occurred", "missed", "cancelled"):
        return None
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
    if visit.window.no_day is not None:
        return "no day"
    if first is None and last is None:
        return "not published" if visit.window_stated is False else "none"
    near = all(end is None or abs((end - visit.start.date()).days) < 180 for end in (first, last))
    form = "%m-%d" if short and near else "%Y-%m-%d"
    begin, end = ("" if day is None else format(day, form) for day in (first, last))
    return begin if first == last else f"{begin}..{end}"


def _beside(timeline: Timeline) -> list[Styled]:
    """What stands beside the plan: what has no date, moved bookings, what is outside, and why."""
    lines = []
    for extra in timeline.unscheduled:
        reason = f": {extra.reason}" if extra.reason else ""
        when = f"{_long(extra.start.date())} {_times(extra.start, extra.end)}"
        lines.append(Styled(f"{extra.what}: {when} (day {extra.study_day}) {extra.id}{reason}"))
    lines += [Styled(f"{visit.label}: {visit.why}") for visit in timeline.waiting]
    lines += [
        Styled(
            f"reminder: {reminder.title}: by {_long(reminder.day)}, {reminder.rule}"
            + ("" if reminder.done is None else f"; done on {_long(reminder.done)}")
        )
        for reminder in timeline.reminders
    ]
    lines += [
        Styled(f"{waiting_track.title}: {waiting_track.why}")
        for waiting_track in timeline.waiting_tracks
    ]
    for visit in timeline.visits:
        if visit.booked is not None:
            booked = f"{_long(visit.booked.date())} {visit.booked:%H:%M}"
            text = f"{visit.label}: booked for {booked}, which no longer fits"
            lines.append(Styled(text, Style.MAGENTA))
    lines += [
        Styled(f"! {visit.label}: {visit.window.no_day}", Style.RED)
        for visit in timeline.visits
        if visit.window.no_day is not None
    ]
    lines += [
        Styled(f"{visit.label}: {'; '.join(visit.of_participant)}")
        for visit in timeline.visits
        if visit.of_participant
    ]
    lines += [
        Styled(f"! {visit.label}: {visit.deviation}", Style.RED)
        for visit in timeline.visits
        if visit.deviation is not None
    ]
    if timeline.forced:
        head = "No plan keeps all windows; this one has the smallest total deviation. Reasons:"
        lines.append(Styled(head, Style.ALARM))
        lines += [Styled(f"  - {reason}") for reason in brief(timeline.forced)]
    return [Styled(""), *lines] if lines else []


def _footer(timeline: Timeline, width: int, bars: str, *, has_slack: bool) -> list[str]:
    cost = f"Total {off_target_words(timeline)}" if timeline.cost else "Every visit is on target"
    notes = [bars] if bars else []
    if width >= MEDIUM:
        notes.append("off: days after (+) or before (-) the target")
    if has_slack:
        notes.append(
            "slack: days from a visit's earliest to its latest date, both included, if the"
            " others move too"
        )
    kept = timeline.conventions
    if timeline.today is not None:
        kept = (
            *kept,
            f"today: {timeline.today}; a visit is due while its window is open, overdue after it",
        )
    conventions = "; ".join(kept)
    return ["", "; ".join([cost, *notes]) + ".", f"Conventions: {conventions}.", NOTICE]
