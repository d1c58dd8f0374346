"""Several trials as plain rows: about when each visit lies, from the first dosing session on."""

from collections.abc import Iterable
from typing import NamedTuple

from planner.network.windows import earliest, is_consistent, latest
from planner.notice import NOTICE
from planner.protocol.course import Course, Occurrence, Point
from planner.protocol.model import Protocol
from planner.schedule.build import build_schedule
from planner.schedule.slack import DayWindow, without_order
from planner.schedule.study_days import lying_days
from planner.schedule.visit_numbers import label_of
from planner.time.distance import MINUTES_A_DAY
from planner.views.charts.course import HIDDEN, NO_WINDOW, shown_course, undated_notes
from planner.views.charts.visit_signs import visit_group


class Contact(NamedTuple):
    """A visit of a lane: its day, counted from the first dosing session (0), and its room."""

    title: str
    group: str
    day: int
    slack: DayWindow


class CourseLane(NamedTuple):
    """One trial: what it is called, its visits by time, and the remarks at its right."""

    id: str
    title: str
    about: str
    contacts: tuple[Contact, ...]
    remarks: tuple[str, ...]


class CompareTable(NamedTuple):
    """Trials side by side, in the order given."""

    title: str
    lanes: tuple[CourseLane, ...]
    notes: tuple[str, ...]


def compare_table(protocols: Iterable[Protocol], *, with_untied: bool = False) -> CompareTable:
    """The courses of several trials, of each the first arm; ``with_untied`` as in `shown_course`.

    Raises:
        PlannerError: as `planner.views.charts.course.shown_course`.
    """
    lanes = []
    hiding: list[str] = []
    without: list[str] = []
    several: list[str] = []
    undated: list[str] = []
    for protocol in protocols:
        course, hides = shown_course(protocol, None, with_untied=with_untied)
        undated += [
            f"{protocol.id}: {undated_note}" for undated_note in undated_notes(course, Occurrence)
        ]
        hiding += [protocol.id] if hides else []
        without += [] if any(visit.kind == "dosing" for visit in course.visits) else [protocol.id]
        if not protocol.is_blinded and len(protocol.arms) > 1:
            several.append(f"{protocol.id} ({course.arm})")
        lanes.append(_lane(protocol, course))
    placed = (
        "Visits are drawn on their targets, and at the near end of windows without one;"
        " months count the fewest days they can have."
    )
    notes = [placed, *undated]
    if several:
        notes.append(f"Of several open arms the first is drawn: {', '.join(several)}.")
    if without:
        notes.append(f"Without a dosing session, aligned at the anchor: {', '.join(without)}.")
    if hiding:
        notes.append(f"Blinded: {HIDDEN}: {', '.join(hiding)}.")
    title = f"The courses of {len(lanes)} trials, aligned at the first dosing session"
    return CompareTable(title, tuple(lanes), (*notes, NOTICE))


def _lane(protocol: Protocol, course: Course) -> CourseLane:
    dosing = [visit for visit in course.visits if visit.kind == "dosing"]
    start = dosing[0].id if dosing else course.anchor
    assert start is not None, "a course without flaws has an anchor"
    lies = lying_days(course)
    rooms = _rooms(course, start)
    zero = lies.get(start, 0)
    contacts = [
        Contact(
            label_of(visit, protocol),
            visit_group(visit),
            lies[visit.id] - zero,
            rooms[visit.id],
        )
        for visit in course.visits
        if visit.id in lies
    ]
    contacts.sort(key=lambda contact: contact.day)
    named = [", ".join(protocol.substance), protocol.condition or ""]
    number = len(dosing)
    sessions = "no dosing session" if not number else f"{number} dosing session"
    facts = (f"{sessions}{'s' if number > 1 else ''}", f"{len(course.visits)} visits")
    about = "; ".join(part for part in named if part)
    return CourseLane(protocol.id, protocol.title, about, tuple(contacts), facts)


def _rooms(course: Course, start: str) -> dict[str, DayWindow]:
    """What stated windows leave of each dosing session, counted from the first one."""
    rooms = {visit.id: NO_WINDOW for visit in course.visits}
    schedule = without_order(build_schedule(course))
    if not is_consistent(schedule.network):
        return rooms
    node = schedule.nodes[Point(start)]
    low, high = earliest(schedule.network, node), latest(schedule.network, node)
    for visit in course.visits:
        at = schedule.nodes[Point(visit.id)]
        rooms[visit.id] = DayWindow(_day(low[at]), _day(high[at]))
    return rooms


def _day(minutes: int | None) -> int | None:
    return None if minutes is None else minutes // MINUTES_A_DAY
