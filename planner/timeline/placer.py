"""Places one participant after another of a course on the days that the others leave."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from planner.errors import PlannerError, did_you_mean
from planner.protocol.course import Course, Occurrence
from planner.time.distance import ClockDistance
from planner.time.local import to_local
from planner.timeline.assemble import staff_of
from planner.timeline.candidates import planned_minutes
from planner.timeline.course_planner import AllowedDays, CoursePlanner, PlacedVisit
from planner.timeline.day_set import DaySet
from planner.timeline.participant_state import PlannerCache, reading
from planner.timeline.record import Record, RecordFile
from planner.timeline.remaining_visits import (
    Outlooks,
    RemainingRequest,
    question,
    search_for,
)


class VisitDemand(NamedTuple):
    """What a visit takes of a site.

    Attributes:
        visit: the id of the occurrence.
        kind: such as `dosing`.
        mode: such as `clinic` or `phone`.
        room: the kind of room; ``None`` where none is named.
        facility: the facility; ``None`` where none is named.
        roles: each role with how many of it are present.
        nights: of a stay after it.
        minutes: the longest written duration; ``None`` where none is written.
    """

    visit: str
    kind: str
    mode: str
    room: str | None
    facility: str | None
    roles: tuple[tuple[str, int], ...]
    nights: int
    minutes: int | None


class PlacedCourse(NamedTuple):
    """Where a participant's visits lie, by occurrence id: local times at the site."""

    starts: dict[str, datetime]
    ends: dict[str, datetime]


class Placer:
    """Places participants of one protocol, arm and site, each on the days that the others leave.

    What is worked out for one participant serves all others: the open days of each visit, and for
    those under way the tables of all who have the same visits left.

    Attributes:
        visits: what each visit of the course takes of the site, in the order of the protocol.
    """

    def __init__(self, planner: CoursePlanner, courses: PlannerCache, arm: str | None) -> None:
        """Takes a course.

        Args:
            planner: of participants of whom nothing is recorded.
            courses: of the same protocol and site, for participants under way.
            arm: of all of them; that of the record, or the first one, when ``None``.
        """
        self.visits = tuple(_demand(planner.course, visit) for visit in planner.course.visits)
        self._planner = planner
        self._courses = courses
        self._arm = arm
        self._known = {visit.id for visit in courses.whole(planner.course.arm).visits}
        self._outlooks: dict[date, Outlooks] = {}

    def place(
        self, start: date, allowed: Mapping[str, DaySet] | None = None, *, slack: int = 0
    ) -> PlacedCourse | None:
        """The best plan whose anchor visit takes place on a date; ``None`` if nothing fits.

        Nearest the targets; of plans that are equally near, the one that leaves the most days
        after dosing sessions, then the earliest.

        Args:
            start: the date of the anchor visit.
            allowed: by occurrence id the dates on which a visit may start; visits that are missing
                may on every day on which the site is open to them.
            slack: so many days the windows of each dosing session are to leave after its date, in
                case it has to be put off.

        Raises:
            PlannerError: a visit is unknown, or no plan was found, nor that there is none.
        """
        plan = self._planner.plan_within(start, self._days(allowed, self._planner), slack=slack)
        if plan is None:
            return None
        return self._placed(dict(zip(self._planner.names, plan.visits, strict=True)))

    def fits(self, start: date, allowed: Mapping[str, DaySet] | None = None) -> bool:
        """Whether there is a plan; quicker than finding the best one. Arguments as of `place`."""
        return self._planner.fits(start, self._days(allowed, self._planner))

    def place_rest(
        self,
        record: Record | RecordFile,
        today: date,
        allowed: Mapping[str, DaySet] | None = None,
        *,
        slack: int = 0,
    ) -> PlacedCourse | None:
        """The best plan of a participant under way; ``None`` if none keeps all windows.

        Fewest appointments moved, then as `place`. What has happened stays where it is.

        Args:
            record: of the participant.
            today: nothing is planned before this date.
            allowed: as of `place`; says nothing of visits that have happened.
            slack: as of `place`.

        Raises:
            PlannerError: as `place`; or the record does not fit, or dates nothing.
        """
        file = RecordFile(record.participant, record, ()) if isinstance(record, Record) else record
        read = reading(self._courses, file, arm=self._arm, today=today)
        asked, planner = question(read, file), read.planner
        settled = {*asked.so_far.fixed, *asked.pinned}
        days = {
            name: days for name, days in self._days(allowed, planner).items() if name not in settled
        }
        placed = None if slack else self._by_tables(planner, asked, today, days)
        if placed is None:
            search, day = search_for(planner, asked)
            plan = search.plan_within(day, days, slack=slack)
            if plan is None:
                return None
            placed = dict(zip(planner.names, plan.visits, strict=True))
        return self._placed(placed)

    def _by_tables(
        self, planner: CoursePlanner, asked: RemainingRequest, today: date, days: AllowedDays
    ) -> dict[str, PlacedVisit] | None:
        """A plan by what participants share; ``None`` where only a search can tell."""
        outlooks = self._outlooks.setdefault(today, Outlooks(today.toordinal()))
        rest = outlooks.rest(planner, asked, days)
        if rest is None or rest.stuck:
            return None
        return outlooks.placed(planner, asked, rest)

    def _days(
        self, allowed: Mapping[str, DaySet] | None, planner: CoursePlanner
    ) -> dict[str, list[int]]:
        """The days of the visits that are in a participant's course."""
        for name in allowed or ():
            if name not in self._known:
                hint = did_you_mean(name, sorted(self._known), before="; ")
                raise PlannerError(f"allowed: there is no visit `{name}` in this course{hint}")
        return {
            name: days.ordinals for name, days in (allowed or {}).items() if name in planner.index
        }

    def _placed(self, visits: Mapping[str, PlacedVisit]) -> PlacedCourse:
        zone = self._planner.site.zone
        return PlacedCourse(
            {name: to_local(visit.start, zone) for name, visit in visits.items()},
            {name: to_local(visit.end, zone) for name, visit in visits.items()},
        )


def _demand(course: Course, occurrence: Occurrence) -> VisitDemand:
    visit = occurrence.visit
    duration = visit.duration
    is_stated = duration is not None and isinstance(duration.value.latest, ClockDistance)
    return VisitDemand(
        occurrence.id,
        occurrence.kind,
        visit.mode,
        visit.room,
        visit.facility,
        staff_of(course, visit.staff),
        0 if visit.overnight is None else visit.overnight.nights,
        planned_minutes(occurrence) if is_stated else None,
    )
