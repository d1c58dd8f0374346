"""Rules between the participants of cohorts, held against any dates: for planning a whole site."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, SiteSource
    from planner.protocol.course import Course
    from planner.timeline.between_participants import CohortMember, OtherDate, Wait


class ParticipantVisits(NamedTuple):
    """Where one participant's visits lie or are to lie.

    Attributes:
        cohort: an id; the number at its end says which cohort is before it.
        visits: start and end by occurrence id, both with a time zone; none of those that do not
            take place.
        arm: an arm's id; ``None`` for the first one.
        firm: the occurrences that took place or are booked.
    """

    participant: str
    cohort: str
    visits: Mapping[str, tuple[datetime, datetime]]
    arm: str | None = None
    firm: frozenset[str] = frozenset()


class WaitsAndDates(NamedTuple):
    """``waits``: each visit that waits for another participant's, from when it may be, and by how
    much it is too soon. ``other_dates``: visits that are not on the date of their cohort.
    """

    waits: "list[Wait]"
    other_dates: "list[OtherDate]"


def between_participants(
    protocol: "ProtocolSource",
    participants: Iterable[ParticipantVisits],
    *,
    site: "SiteSource | None" = None,
) -> WaitsAndDates:
    """Who waits for whom by a protocol's rules between participants, and who leaves a shared date.

    Nothing is planned: a planner of many participants asks with the dates that it has so far. Who
    has no date yet waits, too.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        participants: of one or several cohorts.
        site: path of a site file, or a `Site`, whose dates count; without one those of UTC.

    Raises:
        PlannerError: the protocol or the site cannot be loaded; there is no such arm or visit; a
            participant occurs twice; a time has no time zone.
    """
    from planner.api.inputs import protocol_of
    from planner.api.prepared import prepared_calendar
    from planner.protocol.expand import expand
    from planner.timeline.between_participants import other_dates, waits

    study, zone = protocol_of(protocol), prepared_calendar(site).zone
    courses: dict[str | None, Course] = {}
    members: list[CohortMember] = []
    for person in participants:
        if any(person.participant == member.participant for member in members):
            raise PlannerError(f"participants: `{person.participant}` occurs twice")
        if person.arm not in courses:
            courses[person.arm] = expand(study, person.arm, unscheduled=False)
        members.append(_member(person, courses[person.arm], zone))
    return WaitsAndDates(waits(study, members), other_dates(study, members))


def _member(person: ParticipantVisits, course: "Course", zone: ZoneInfo) -> "CohortMember":
    from planner.time.local import day_of
    from planner.timeline.between_participants import CohortMember
    from planner.timeline.course_planner import PlacedVisit

    known = {visit.id for visit in course.visits}
    placed = {}
    for name, times in person.visits.items():
        if name not in known:
            raise PlannerError(f"participants: `{person.participant}` has no visit `{name}`")
        if any(time.utcoffset() is None for time in times):
            raise PlannerError(
                f"participants: `{name}` of `{person.participant}` has a time without a time zone"
            )
        start, end = (int(time.timestamp() // 60) for time in times)
        days = (day_of(instant, zone).toordinal() for instant in (start, end))
        placed[name] = PlacedVisit(start, next(days), end, next(days), None, None)
    awaited = frozenset(visit.id for visit in course.visits if not visit.visit.optional)
    return CohortMember(
        person.participant, person.cohort, course, placed, person.firm, awaited - placed.keys(), {}
    )
