"""A site's week for people and machines: clashes, rooms and roles by day, and visits by day."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from planner.notice import NOTICE
from planner.text import counted
from planner.timeline.week import DAYS, WeekClash, WeekVisit
from planner.views.deviations import left_out_notes, left_out_words
from planner.views.json_document import render_document
from planner.views.tables.document import TableDocument, TableSection
from planner.views.tables.grid import Grid, Line

_COLUMNS = (
    "list", "participant", "protocol", "visit", "label", "mode", "start", "end", "status", "room",
    "staff", "provisional", "moved_from", "kind", "name", "needed", "there", "visits", "reason",
)  # fmt: skip


class WeekDay(NamedTuple):
    """A date of the week with the site's opening hours, or why it is closed."""

    day: date
    hours: str
    closed: str | None


class WeekPlan(NamedTuple):
    """Seven days of a site.

    Attributes:
        site: its title.
        days: seven, in order.
        visits: by their start.
        clashes: by their start.
        available: how many there are, by ``room`` or ``role`` and name.
        appointments: booked in these days, and cannot be kept: whose, and from when to when.
        hidden: protocols with visits that only some arms have, which stand nowhere in here.
        records: how many were read; ``left_out`` those that could not be, with why.
    """

    site: str
    days: tuple[WeekDay, ...]
    visits: tuple[WeekVisit, ...]
    clashes: tuple[WeekClash, ...]
    available: dict[tuple[str, str], int]
    appointments: tuple[tuple[str, str, str, datetime, datetime], ...] = ()
    hidden: tuple[str, ...] = ()
    records: int = 0
    left_out: Sequence[tuple[str, str]] = ()


def week_title(week: WeekPlan) -> str:
    """What a week is of, and how many clashes there are."""
    people = len({(visit.protocol, visit.participant) for visit in week.visits})
    return (
        f"Week from {week.days[0].day:%a %Y-%m-%d} to {week.days[-1].day:%a %Y-%m-%d},"
        f" {week.site}: {counted(len(week.visits), 'visit')} of {counted(people, 'participant')},"
        f" {_clashes(len(week.clashes))} ({counted(week.records, 'record')}"
        f"{left_out_words(week.left_out)})"
    )


def _clashes(number: int) -> str:
    return f"{number or 'no'} clash{'' if number == 1 else 'es'}"


def week_grids(week: WeekPlan) -> list[Grid]:
    """The week as three tables: clashes, rooms and roles by day, visits by day.

    The first has the title of the week, the last the notes.
    """
    return [
        _clash_grid(week)._replace(title=week_title(week)),
        _load_grid(week),
        _visit_grid(week)._replace(notes=_notes(week)),
    ]


def week_document(week: WeekPlan) -> TableDocument:
    """The same as a document of one page, with a heading of each table."""
    grids = (_clash_grid(week), _load_grid(week), _visit_grid(week))
    chapters = (TableSection(grid.title, 2, grid._replace(title="")) for grid in grids)
    title = week_title(week)
    return TableDocument(title, (TableSection(title, 1), *chapters), _notes(week))


def _clash_grid(week: WeekPlan) -> Grid:
    several = _several(week)
    lines = [
        Line(
            (
                f"{clash.start:%a %m-%d %H:%M}{_until(clash.start, clash.end)}",
                clash_words(clash),
                ", ".join(
                    f"{_who(visit, several)} {visit.label}{_note(visit)}" for visit in clash.visits
                ),
            ),
            urgency="late",
        )
        for clash in week.clashes
    ]
    heads = (("When", "Clash", "Visits"),) if lines else ()
    return Grid(_clashes(len(lines)).capitalize(), heads, tuple(lines), ())


def clash_words(clash: WeekClash) -> str:
    """What does not suffice: ``rater: 2 at a time, 1 at the site``."""
    if clash.kind == "closed":
        return f"the site is closed: {clash.name}"
    if clash.kind == "role" and clash.there == 1:
        return f"{clash.name}: one person, {clash.needed} needed at a time"
    return f"{clash.name}: {clash.needed} needed at a time, {clash.there} at the site"


def _load_grid(week: WeekPlan) -> Grid:
    """A line for each kind of room and each role that a visit needs, with who needs it when."""
    clashing = {(clash.kind, clash.name, visit) for clash in week.clashes for visit in clash.visits}
    names = sorted({(need.kind, need.name) for visit in week.visits for need in visit.needs})
    several = _several(week)
    lines: list[Line] = []
    for kind, heading in (("room", "Rooms"), ("role", "Roles")):
        inner = [name for of_kind, name in names if of_kind == kind]
        if inner:
            lines.append(Line((heading,), "group"))
        for name in inner:
            number = week.available.get((kind, name))
            cells = [name if number is None else f"{name} ({number})"]
            for day in week.days:
                entries = [
                    f"{need.start:%H:%M} {_who(visit, several)}"
                    f"{f' x{need.number}' if need.number > 1 else ''}"
                    f"{' !' if (kind, name, visit) in clashing else ''}"
                    for visit in week.visits
                    for need in visit.needs
                    if (need.kind, need.name) == (kind, name) and need.number
                    if need.start.date() == day.day
                ]
                cells.append("; ".join(entries))
            lines.append(Line(tuple(cells)))
    heads = (
        "Needed",
        *(f"{day.day:%a %m-%d}{' closed' if day.closed else ''}" for day in week.days),
    )
    return Grid("By room and by role", (heads,) if lines else (), tuple(lines), ())


def _visit_grid(week: WeekPlan) -> Grid:
    several = _several(week)
    lines: list[Line] = []
    for at, day in enumerate(week.days):
        words = f"closed ({day.closed})" if day.closed else day.hours
        lines.append(Line((f"{day.day:%a %Y-%m-%d}: {words}",), "group"))
        for visit in week.visits:
            began = visit.start.date()
            if began == day.day or (at == 0 and began < day.day):
                lines.append(_visit_line(visit, several, week.clashes, is_earlier=began < day.day))
    heads = ("Time", "Participant", "Visit", "Needs", "Status")
    return Grid("By day", (heads,), tuple(lines), ())


def _visit_line(
    visit: WeekVisit, several: bool, clashes: Sequence[WeekClash], *, is_earlier: bool
) -> Line:
    numbers = [clash for clash in clashes if visit in clash.visits]
    status = [visit.status]
    if visit.unrecorded:
        status.append("not recorded")
    if visit.provisional:
        status.append("provisional")
    if visit.moved_from is not None:
        status.append(f"booked for {visit.moved_from:%a %m-%d %H:%M}, which does not fit")
    status += [f"clash: {clash.name}" for clash in numbers]
    start = f"{visit.start:%H:%M}"
    if is_earlier:
        start = f"since {visit.start:%a %m-%d %H:%M}"
    mode = f" ({visit.mode})" if visit.mode not in ("", "clinic") else ""
    return Line(
        (
            f"{start}{'' if visit.end is None else _until(visit.start, visit.end)}",
            _who(visit, several),
            f"{visit.label}{mode}",
            ", ".join(filter(None, [visit.room, _staff(visit.staff, ", ")])),
            "; ".join(status),
        ),
        urgency="late" if numbers else "",
    )


def _until(start: datetime, end: datetime) -> str:
    """The end of a stretch, with its weekday where it is another date, and that after a week."""
    if end == start:
        return ""
    if end.date() == start.date():
        return f"-{end:%H:%M}"
    return f" to {end:%a %H:%M}" if (end - start).days < DAYS - 1 else f" to {end:%Y-%m-%d %H:%M}"


def _note(visit: WeekVisit) -> str:
    return " (provisional)" if visit.provisional else ""


def _staff(staff: Sequence[tuple[str, int]], between: str) -> str:
    return between.join(role if number == 1 else f"{role} x{number}" for role, number in staff)


def _several(week: WeekPlan) -> bool:
    return len({visit.protocol for visit in week.visits}) > 1


def _who(visit: WeekVisit, several: bool) -> str:
    return f"{visit.participant} ({visit.protocol})" if several else visit.participant


def _notes(week: WeekPlan) -> tuple[str, ...]:
    return (*_remarks(week), *left_out_notes(week.left_out), _EXPLAINED, NOTICE)


_EXPLAINED = (
    "A clash (!) is a time at which visits need more of a kind of room, or more people of a role,"
    " than the site file lists, or a visit on a closed day. Visits are assigned to no room and no"
    " person. In brackets: how many there are."
)


def _remarks(week: WeekPlan) -> Iterator[str]:
    """What no table has a place for, a sentence each."""
    for participant, protocol, label, booked, planned in week.appointments:
        yield (
            f"{participant} ({protocol}) {label}: booked for {booked:%a %Y-%m-%d %H:%M}, which does"
            f" not fit; planned for {planned:%a %Y-%m-%d %H:%M}."
        )
    needed = {(need.kind, need.name) for visit in week.visits for need in visit.needs}
    unknown = sorted(name for kind, name in needed if (kind, name) not in week.available)
    if unknown:
        yield f"Not compared, because the site file gives no number: {', '.join(unknown)}."
    open_ended = sum(visit.end is None and visit.status != "unscheduled" for visit in week.visits)
    if open_ended:
        yield (
            f"Length not stated: {counted(open_ended, 'visit')}, compared with others by the site's"
            " `visit_length`, or at their start alone."
        )
    for protocol in week.hidden:
        yield (
            f"{protocol}: visits that only some arms have are neither shown nor counted, since they"
            " reveal the arm."
        )


def table_for_machines(week: WeekPlan) -> Grid:
    """A row each for visits, clashes, closed days and appointments that cannot be kept."""
    rows: list[dict[str, object]] = []
    for visit in week.visits:
        data = _visit(visit)
        rows.append(
            {
                **data,
                "list": "visit",
                "staff": _staff(visit.staff, " "),
                "provisional": "yes" if visit.provisional else "no",
            }
        )
    rows += [
        {
            **_clash(clash),
            "list": "clash",
            "visits": " ".join(f"{visit.participant}:{visit.visit}" for visit in clash.visits),
        }
        for clash in week.clashes
    ]
    rows += [
        {"list": "closed", "start": day.day.isoformat(), "reason": day.closed}
        for day in week.days
        if day.closed
    ]
    rows += [{"list": "appointment", **appointment} for appointment in _appointments(week)]
    lines = tuple(
        Line(tuple("" if row.get(key) is None else f"{row[key]}" for key in _COLUMNS))
        for row in rows
    )
    return Grid("", (_COLUMNS,), lines, (*_remarks(week), NOTICE))


def render_json(week: WeekPlan) -> str:
    """Format 1; dates and times are ISO 8601."""
    return render_document(
        {
            "from": week.days[0].day.isoformat(),
            "to": week.days[-1].day.isoformat(),
            "site": week.site,
            "records": week.records,
            "left_out": [{"record": whose, "why": why} for whose, why in week.left_out],
            "days": [
                {"date": day.day.isoformat(), "hours": day.hours, "closed": day.closed}
                for day in week.days
            ],
            "available": [
                {"kind": kind, "name": name, "number": number}
                for (kind, name), number in sorted(week.available.items())
            ],
            "visits": [
                {**_visit(visit), "staff": dict(visit.staff), "provisional": visit.provisional}
                for visit in week.visits
            ],
            "clashes": [
                {
                    **_clash(clash),
                    "visits": [
                        {
                            "participant": visit.participant,
                            "protocol": visit.protocol,
                            "visit": visit.visit,
                        }
                        for visit in clash.visits
                    ],
                }
                for clash in week.clashes
            ],
            "appointments": list(_appointments(week)),
            "remarks": list(_remarks(week)),
        }
    )


def _visit(visit: WeekVisit) -> dict[str, object]:
    return {
        "participant": visit.participant,
        "protocol": visit.protocol,
        "visit": visit.visit,
        "label": visit.label,
        "mode": visit.mode,
        "start": visit.start.isoformat(),
        "end": None if visit.end is None else visit.end.isoformat(),
        "status": visit.status,
        "room": visit.room,
        "moved_from": None if visit.moved_from is None else visit.moved_from.isoformat(),
    }


def _clash(clash: WeekClash) -> dict[str, object]:
    return {
        "kind": clash.kind,
        "name": clash.name,
        "needed": clash.needed,
        "there": clash.there,
        "start": clash.start.isoformat(),
        "end": clash.end.isoformat(),
    }


def _appointments(week: WeekPlan) -> Iterator[dict[str, object]]:
    """Those of the week that cannot be kept: ``start`` is where the plan has them now."""
    for participant, protocol, label, booked, planned in week.appointments:
        yield {
            "participant": participant,
            "protocol": protocol,
            "label": label,
            "start": planned.isoformat(),
            "moved_from": booked.isoformat(),
        }
