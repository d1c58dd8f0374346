"""What a course costs in time, as a grid (a column per epoch), as a long table, and as JSON."""

from collections.abc import Callable

from planner.notice import NOTICE
from planner.protocol.model import Protocol
from planner.schedule.burden import Burden, CourseBurden, Range, RoleTime
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.total_hours import total_text

_COUNTS = (
    ("visits", "Visits"),
    ("trips", "Trips to the site"),
    ("nights", "Nights on site"),
    ("calls", "Calls (phone, video)"),
    ("home", "Visits at home"),
)
_MAX_NAME_LENGTH = 24
"""Roles and tracks with longer titles are called by their id."""
_HOW = (
    (
        "Least: shortest durations and no visit that need not take place; most: longest durations"
        " and every visit. A figure without a range is both."
    ),
    (
        "A visit in the clinic is a trip, unless the rules always put it on the date of another"
        " one, or into its stay, and that one takes place whenever it does. Visits that only may"
        " fall on one date are two trips."
    ),
    (
        "Nights are counted apart: the hours of a visit with a stay are those of its session, for"
        " the participant and for staff. Hours of staff are the number of people times the length"
        " of the visit; hours each are those of one person who is there whenever the role is."
    ),
)


def burden_grid(protocol: Protocol, burdens: list[CourseBurden]) -> Grid:
    """The figures of each group of arms, with a column for the course and for each epoch.

    Args:
        protocol: whose figures they are.
        burdens: those of `planner.schedule.burden.burdens`, one at least.
    """
    epochs = _epochs(burdens)
    heads = ("", "Course", *epochs.values())
    lines: list[Line] = []
    for burden in burdens:
        if len(burdens) > 1 or burden.arms:
            name = "Arm" if len(burden.arms) == 1 else "Arms"
            lines.append(Line((f"{name} {_listed(burden.arms)}",), "group"))
        lines += _lines(protocol, burden, list(epochs))
    notes = [note for burden in burdens for note in _notes(burden, alone=len(burdens) == 1)]
    title = f"Participant and staff burden of {protocol.id}"
    return Grid(title, (heads,), tuple(lines), (*notes, *_HOW, NOTICE))


def _epochs(burdens: list[CourseBurden]) -> dict[str, str]:
    """Titles by id of the epochs that any of the arms has, in the order they are met."""
    epochs: dict[str, str] = {}
    for burden in burdens:
        epochs.update((key, title) for key, title, _ in burden.epochs if key not in epochs)
    return epochs


def _lines(protocol: Protocol, burden: CourseBurden, epochs: list[str]) -> list[Line]:
    parts = {key: part for key, _, part in burden.epochs}
    columns: list[Burden | None] = [burden.total, *(parts.get(key) for key in epochs)]

    def line(title: str, cell: Callable[[Burden], str]) -> Line:
        return Line((title, *("" if part is None else cell(part) for part in columns)))

    lines = [
        line(title, lambda part, name=name: _number(getattr(part, name)))  # type: ignore[misc]
        for name, title in _COUNTS
        if name in ("visits", "trips") or getattr(burden.total, name).most
    ]
    lines.append(line("Participant, hours in visits", lambda part: _time(part.minutes, part)))
    if burden.total.unstated.most:
        lines.append(line("Visits without stated duration", lambda part: _number(part.unstated)))
    for role in burden.total.roles:
        lines += _role_lines(protocol, role, line)
    for track in burden.tracks:
        length = "" if track.minutes is None else f", {_hours(track.minutes)} h"
        name = track.title if len(track.title) <= _MAX_NAME_LENGTH else track.id
        times = f"{_number(track.entries)} times{length}"
        if track.on_target is not None:
            times = f"{track.on_target} times on target"
        lines.append(Line((name, times)))
    return lines


def _role_lines(
    protocol: Protocol, role: RoleTime, line: Callable[[str, Callable[[Burden], str]], Line]
) -> list[Line]:
    declared = protocol.roles.get(role.role)
    name = role.role
    if (
        declared is not None
        and declared.title is not None
        and len(declared.title) <= _MAX_NAME_LENGTH
    ):
        name = declared.title

    def role_time(part: Burden) -> RoleTime | None:
        return next((role_time for role_time in part.roles if role_time.role == role.role), None)

    def cell(part: Burden, measure: Callable[[RoleTime], str]) -> str:
        own = role_time(part)
        return "" if own is None else measure(own)

    people = role.people.most or 0
    fewest = "" if role.people.least == people else f"{role.people.least} to "
    lines = [line(f"{name}, visits", lambda part: cell(part, lambda role: _number(role.visits)))]
    each = f"{name}, hours each" if people > 1 else f"{name}, hours"
    lines.append(line(each, lambda part: cell(part, lambda role: _time(role.each, role))))
    if people > 1:
        together = f"{name}, hours of all {fewest}{people}"
        lines.append(
            line(together, lambda part: cell(part, lambda role: _time(role.together, role)))
        )
    if role.unstated.most:
        unstated = f"{name}, visits without stated duration"
        lines.append(line(unstated, lambda part: cell(part, lambda role: _number(role.unstated))))
    return lines


def _time(minutes: Range, of: Burden | RoleTime) -> str:
    """Hours, or `unstated` where no visit has a stated length."""
    if not minutes.most and of.unstated.most:
        return "unstated"
    return _hours(minutes) if minutes.most else ""


def _hours(amount: Range) -> str:
    least = _decimal(amount.least)
    if amount.most is None:
        return f"{least} or more"
    return least if amount.most == amount.least else f"{least}..{_decimal(amount.most)}"


def _decimal(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _number(amount: Range) -> str:
    if amount.most is None:
        return f"{amount.least} or more"
    if amount.most == amount.least:
        return str(amount.least) if amount.least else ""
    return f"{amount.least}..{amount.most}"


def _notes(burden: CourseBurden, *, alone: bool) -> list[str]:
    whose = "" if alone or not burden.arms else f"{_listed(burden.arms)}: "
    notes = []

    def note(text: str, names: tuple[str, ...]) -> None:
        if names:
            notes.append(f"{whose}{text}: {', '.join(names)}.")

    count = f"{_number(burden.total.unstated)} of {_number(burden.total.visits)} visits"
    note(f"Not counted in hours, no duration stated ({count})", burden.unstated)
    totals = (
        f"{total.visit} ({total_text(total.hours, repeats=total.repeats)})"
        for total in burden.totals
    )
    note("Counted in hours once for all meetings", tuple(totals))
    note("Visits without stated staff", burden.unstaffed)
    note("Optional or conditional visits", burden.optional)
    note("On a run sheet without stated hours, not counted", burden.unmeasured)
    note("Shared by several participants; hours of staff are not divided among them", burden.groups)
    notes += [f"{whose}{text}" for text in _not_counted(burden)]
    if burden.shared is None:
        notes.append(
            f"{whose}The rules contradict each other, so that nothing is known of visits on one"
            " date: each is a trip."
        )
    elif burden.shared:
        pairs = (
            f"{shared_trip.visit} with {shared_trip.other}"
            + (f" ({shared_trip.times} times)" if shared_trip.times > 1 else "")
            for shared_trip in burden.shared
        )
        notes.append(f"{whose}One trip together: {', '.join(pairs)}.")
    return notes


def _not_counted(burden: CourseBurden) -> list[str]:
    return [f"In no figure: {track.title}, which {track.why}." for track in burden.waiting_tracks]


def _listed(arms: tuple[str, ...]) -> str:
    return ", ".join(arms)


_LONG = ("arms", "epoch", "measure", "role", "unit", "least", "most")


def burden_table(burdens: list[CourseBurden]) -> Grid:
    """A line per figure, for spreadsheets; the whole course has an empty epoch."""
    lines = []
    for burden in burdens:
        arms = " ".join(burden.arms)
        for epoch, part in [("", burden.total), *((key, part) for key, _, part in burden.epochs)]:
            for measure, role, unit, amount in _figures(part):
                ends = (str(amount.least), "" if amount.most is None else str(amount.most))
                if unit == "hours":
                    ends = (_decimal(amount.least), _decimal(amount.most or 0))
                lines.append(Line((arms, epoch, measure, role, unit, *ends)))
        for track in burden.tracks:
            most = "" if track.entries.most is None else str(track.entries.most)
            figures = ("entries", track.id, "count", str(track.entries.least), most)
            lines.append(Line((arms, "", *figures)))
    notes = dict.fromkeys(text for burden in burdens for text in _not_counted(burden))
    return Grid("Burden", (_LONG,), tuple(lines), (*notes, *_HOW, NOTICE))


def _figures(part: Burden) -> list[tuple[str, str, str, Range]]:
    """Measure, role, unit and amount of each figure."""
    figures = [(name, "", "count", getattr(part, name)) for name, _ in _COUNTS]
    figures.append(("unstated-length", "", "count", part.unstated))
    figures.append(("participant-time", "", "hours", part.minutes))
    for role in part.roles:
        figures += [
            ("staff-visits", role.role, "count", role.visits),
            ("staff-unstated-length", role.role, "count", role.unstated),
            ("staff-people", role.role, "count", role.people),
            ("staff-time-each", role.role, "hours", role.each),
            ("staff-time-together", role.role, "hours", role.together),
        ]
    return figures


def render_json(protocol: Protocol, burdens: list[CourseBurden]) -> str:
    """The figures as JSON, format 1; times in minutes, an open end is null."""
    data = {
        "protocol": {"id": protocol.id, "version": protocol.version},
        "conventions": list(_HOW),
        "courses": [
            {
                "arms": list(burden.arms),
                "total": _data(burden.total),
                "epochs": [
                    {"id": key, "title": title, **_data(part)} for key, title, part in burden.epochs
                ],
                "tracks": [
                    {
                        "id": track.id,
                        "title": track.title,
                        "entries": track.entries._asdict(),
                        "entries_on_target": track.on_target,
                        "minutes": None if track.minutes is None else track.minutes._asdict(),
                    }
                    for track in burden.tracks
                ],
                "tracks_in_no_figure": [track._asdict() for track in burden.waiting_tracks],
                "visits_of_unstated_length": list(burden.unstated),
                "hours_in_all": [
                    {
                        "visit": total.visit,
                        "hours": str(total.hours),
                        "number_of_meetings_known": total.repeats,
                    }
                    for total in burden.totals
                ],
                "visits_without_stated_staff": list(burden.unstaffed),
                "optional_visits": list(burden.optional),
                "shared_trips": None
                if burden.shared is None
                else [shared_trip._asdict() for shared_trip in burden.shared],
                "roles_without_stated_hours": list(burden.unmeasured),
                "visits_for_several_participants": list(burden.groups),
            }
            for burden in burdens
        ],
    }
    return render_document(data)


def _data(part: Burden) -> dict[str, object]:
    data: dict[str, object] = {name: getattr(part, name)._asdict() for name, _ in _COUNTS}
    data["visits_of_unstated_length"] = part.unstated._asdict()
    data["participant_minutes"] = part.minutes._asdict()
    data["roles"] = [
        {
            "id": role.role,
            "visits": role.visits._asdict(),
            "visits_of_unstated_length": role.unstated._asdict(),
            "people": role.people._asdict(),
            "minutes_each": role.each._asdict(),
            "minutes_together": role.together._asdict(),
        }
        for role in part.roles
    ]
    return data
