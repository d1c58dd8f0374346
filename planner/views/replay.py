"""Recorded visits against their windows: a grid with a line for each visit, and JSON."""

from planner.notice import NOTICE
from planner.time.distance import CalendarDistance
from planner.timeline.replay import NOT_COUNTED, Replay, VisitCount, WindowCount
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_SIDES = ("inside", "before", "after")
_BY_DISTANCE = "Counted in days after it"
_BY_NUMBER = "Targets read as day numbers"
_HOW = (
    "Counted in days after it: the windows as the protocol file has them, so a target of 2w is 14"
    " days after its reference, which is Day 0 then. Targets read as day numbers: VISITDY where the"
    " data have it, with the baseline as Day 1 and no day 0, so Day 14 is 13 days after."
)


def replay_grid(replay: Replay) -> Grid:
    """Targets, windows and counts under both conventions, and what was not counted."""
    heads = (
        ("", "", *(_BY_DISTANCE,) * 5, *(_BY_NUMBER,) * 5),
        ("Visit", "From", *("Target", "Window", *(word.title() for word in _SIDES)) * 2),
    )
    lines = [Line(_cells(count)) for count in replay.visits]
    lines.append(
        Line(
            (
                "All",
                "",
                *("", "", *_numbers(replay.by_distance)),
                *("", "", *_numbers(replay.by_day_number)),
            )
        )
    )
    total = replay.by_distance.total
    subjects = f"{replay.subjects:,} {'subject' if replay.subjects == 1 else 'subjects'}"
    title = f"{total:,} {'visit' if total == 1 else 'visits'} of {subjects} in {replay.protocol}"
    notes = []
    if replay.not_counted:
        parts = [
            f"{many:,} {NOT_COUNTED[why][many != 1]}" for why, many in replay.not_counted.items()
        ]
        notes.append(f"Not counted: {'; '.join(parts)}.")
    return Grid(title, heads, tuple(lines), (*notes, _HOW, NOTICE))


def _cells(count: VisitCount) -> tuple[str, ...]:
    return (
        count.label,
        count.reference,
        *(_target(count, 0), _window(count, 0), *_numbers(count.by_distance)),
        *(_target(count, count.shift), _window(count, count.shift), *_numbers(count.by_day_number)),
    )


def _numbers(count: WindowCount) -> tuple[str, ...]:
    return tuple(str(number) for number in count)


def _target(count: VisitCount, shift: int) -> str:
    return "" if count.target is None else _days(count.target, shift)


def _window(count: VisitCount, shift: int) -> str:
    ends = (count.window.earliest, count.window.latest)
    return "..".join(_days(end, shift) for end in ends if isinstance(end, CalendarDistance))


def _days(distance: CalendarDistance, shift: int) -> str:
    """A distance in days, so that both conventions can be compared; months stay months."""
    if distance.is_fixed:
        return f"{distance.days + shift}d"
    return str(distance) if not shift else f"{distance}{shift:+d}d"


def replay_json(replay: Replay) -> str:
    """All counts; `by_distance` and `by_day_number` as in the grid, windows in days."""
    data = {
        "protocol": replay.protocol,
        "subjects": replay.subjects,
        "by_distance": _count(replay.by_distance),
        "by_day_number": _count(replay.by_day_number),
        "not_counted": dict(replay.not_counted),
        "visits": [
            {
                "id": count.visit,
                "title": count.title,
                "label": count.label,
                "reference": count.reference,
                "by_distance": {
                    "target": _target(count, 0) or None,
                    "window": _window(count, 0),
                    **_count(count.by_distance),
                },
                "by_day_number": {
                    "target": _target(count, count.shift) or None,
                    "window": _window(count, count.shift),
                    **_count(count.by_day_number),
                },
            }
            for count in replay.visits
        ],
    }
    return render_document(data, ascii_only=False)


def _count(count: WindowCount) -> dict[str, int]:
    return {"visits": count.total, **count._asdict()}
