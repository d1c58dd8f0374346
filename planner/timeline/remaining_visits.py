"""What lies ahead of one participant: planned dates, the room around them, and what cannot be kept.

Answers come from the tables of a cohort where they can, else from a search for this participant;
they are the same. Unlike a timeline it needs no anchor date: while nothing dates the anchor visit
it is planned as any other, counted from what has taken place.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from planner.protocol.course import Course
from planner.site.calendar import SiteCalendar
from planner.timeline.cohort import CohortPlanner, Rest
from planner.timeline.course_planner import AllowedDays, CoursePlanner, PlacedVisit
from planner.timeline.deviation import Outside, rules_broken
from planner.timeline.explain import NoFit, explain, headline
from planner.timeline.participant_state import RecordReading, footing_of
from planner.timeline.record import RecordFile
from planner.timeline.replanning import CommittedVisits, Replanner


class RemainingVisits(NamedTuple):
    """Where a participant's visits lie, by occurrence id.

    Attributes:
        placed: settled visits where they are, others where they are planned; their ``first_day``
            and ``last_day`` are the extremes of all plans that keep every window, ``None`` where
            that side is open. Empty where not even a plan outside the windows is known.
        stuck: visits that no date left keeps inside their windows; all others are kept.
        broken: by visit that is not settled, the rules that its planned date breaks.
        forced: why no plan keeps the windows, where it takes more than one visit to see that.
    """

    placed: dict[str, PlacedVisit]
    stuck: frozenset[str]
    broken: Mapping[str, tuple[Outside, ...]]
    forced: tuple[str, ...]


class RemainingRequest(NamedTuple):
    """What is asked of one participant.

    Attributes:
        so_far: what is settled; its ``today`` is not ``None``.
        pinned: dates (ordinals) of unsettled visits that the record has fixed: the anchor's.
        wishes: dates that visits without an appointment are to stay near.
        origin: a settled visit and its date, to count from while the anchor has no date.
        unrecorded: settled visits whose date has passed, of which nobody recorded what became.
        alone: the course is this participant's own, so that tables would serve nobody else.
    """

    so_far: CommittedVisits
    pinned: Mapping[str, int]
    wishes: Mapping[str, int]
    origin: tuple[str, date] | None
    unrecorded: frozenset[str]
    alone: bool


def question(reading: RecordReading, file: RecordFile) -> RemainingRequest:
    """What to ask of a participant whose record has been read with a date for today.

    Raises:
        PlannerError: nothing in the record has a date to count from.
    """
    assert reading.so_far.today is not None, "asked with a date for today"
    so_far, anchor, origin, start, unrecorded = footing_of(reading, file)
    name, pinned = reading.planner.course.anchor, {}
    if anchor is not None and name is not None and name not in so_far.fixed:
        pinned = {name: anchor.toordinal()}
    since = None if origin is None else (origin, start)
    alone = file.record.withdrawn is not None
    return RemainingRequest(so_far, pinned, {}, since, unrecorded, alone)


class Outlooks:
    """Looks ahead for any number of participants; tables are made once for each course.

    Args:
        today: ordinal of the date that participants are planned from.
        site: where visits take place; that of the participants' own planners when ``None``.
    """

    def __init__(self, today: int, site: SiteCalendar | None = None) -> None:
        self.today = today
        self.site = site
        self._planners: dict[CoursePlanner, CoursePlanner] = {}
        self._tables: dict[CoursePlanner, CohortPlanner | None] = {}

    def rest(
        self, planner: CoursePlanner, asked: RemainingRequest, allowed: AllowedDays | None = None
    ) -> Rest | None:
        """Between which dates visits can lie, by the tables; ``None`` if they do not say.

        Args:
            planner: the participant's own.
            asked: about the participant.
            allowed: as of `CoursePlanner.problem`.
        """
        tables = None if asked.alone else self.tables(planner)
        if tables is None:
            return None
        return tables.rest(asked.so_far, pinned=asked.pinned, allowed=allowed)

    def tables(self, planner: CoursePlanner) -> CohortPlanner | None:
        """The tables of a course; ``None`` for one that takes a search for each participant."""
        if planner not in self._tables:
            course_planner = self.planner(planner)
            serves = CohortPlanner.serves(course_planner)
            self._tables[planner] = CohortPlanner(course_planner, self.today) if serves else None
        return self._tables[planner]

    def planner(self, planner: CoursePlanner) -> CoursePlanner:
        """The same course's planner at this site."""
        if self.site is None:
            return planner
        if planner not in self._planners:
            there = CoursePlanner(planner.course, self.site)
            self._planners[planner] = there.for_participant(planner.available)
        return self._planners[planner]

    def ahead(
        self, planner: CoursePlanner, asked: RemainingRequest, rest: Rest | None
    ) -> RemainingVisits:
        """The plan of a participant.

        Exact: of all plans that keep every window the one that moves the fewest appointments and
        then lies nearest the targets; where there is none, the one with the least total deviation.

        Args:
            planner: the participant's own.
            asked: about the participant.
            rest: as `rest` told.
        """
        placed = None if rest is None else self.placed(planner, asked, rest)
        if placed is None or rest is None:
            return _searched(self.planner(planner), asked)
        names = self.planner(planner).names
        stuck = frozenset(names[at] for at in rest.stuck)
        broken = _broken(planner.course, placed, asked.so_far) if stuck else {}
        return RemainingVisits(placed, stuck, broken, ())

    def placed(
        self, planner: CoursePlanner, asked: RemainingRequest, rest: Rest
    ) -> dict[str, PlacedVisit] | None:
        """Where visits lie, by the tables; ``None`` where only a search can tell.

        Args:
            planner: the participant's own.
            asked: about the participant.
            rest: as `rest` told.
        """
        tables = self.tables(planner)
        assert tables is not None, "they told what is left"
        ways = tables.plan(rest, asked.so_far, pinned=asked.pinned, wishes=asked.wishes)
        if ways is None:
            return None
        placed = {name: settled(asked.so_far, name) for name in asked.so_far.fixed}
        for at, way in ways.items():
            column = tables.columns[at]
            placed[tables.names[at]] = PlacedVisit(
                way.start,
                way.day,
                way.end,
                way.end_day,
                None if at in rest.open_first else column.days[rest.low[at]],
                None if at in rest.open_last else column.days[rest.high[at]],
            )
        return placed


def settled(so_far: CommittedVisits, name: str) -> PlacedVisit:
    """A settled visit in the form of a planned one."""
    event = so_far.fixed[name]
    return PlacedVisit(event.start, event.day, event.end, event.end_day, event.day, event.day)


def search_for(planner: CoursePlanner, asked: RemainingRequest) -> tuple[Replanner, date]:
    """The planner of what is left of one participant's course, and the date to plan it from."""
    course, so_far = planner.course, asked.so_far
    assert course.anchor is not None, "courses without an anchor have been refused"
    if asked.origin is not None:
        name, day = asked.origin
        return Replanner(planner, so_far, origin=name), day
    if course.anchor in so_far.fixed:
        day = date.fromordinal(so_far.fixed[course.anchor].day)
    else:
        day = date.fromordinal({**asked.wishes, **asked.pinned}[course.anchor])
    return Replanner(planner, so_far), day


def _searched(planner: CoursePlanner, asked: RemainingRequest) -> RemainingVisits:
    """The same without tables."""
    course, so_far = planner.course, asked.so_far
    search, day = search_for(planner, asked)
    plan = search.plan(day)
    forced: tuple[str, ...] = ()
    if plan is None:
        forced = tuple(_reasons(explain(search, day)))
        plan = search.least_deviation(day)
        if plan is None:
            return RemainingVisits({}, frozenset(), {}, forced)
    placed = dict(zip((visit.id for visit in course.visits), plan.visits, strict=True))
    return RemainingVisits(
        placed, frozenset(), _broken(course, placed, so_far) if forced else {}, forced
    )


def _reasons(why: NoFit) -> Iterator[str]:
    """Why nothing fits, in short: the plainest sentence, then rules, overlaps and closed dates."""
    first = headline(why)
    if first:
        yield first
    for rule in why.rules:
        yield rule.text
    for first, other in why.apart:
        yield f"{first} and {other} cannot be at the same time"
    for closed in why.closed:
        named = ", ".join(dict.fromkeys(reason for _, reason in closed.reasons)) or closed.hours
        if closed.first is None:
            yield f"{closed.visit} fits on no date ({named})"
            continue
        dates = f"on {closed.first}" if closed.first == closed.last else ""
        dates = dates or f"from {closed.first} to {closed.last}"
        yield f"{closed.visit} could only be {dates} ({named})"


def _broken(
    course: Course, placed: Mapping[str, PlacedVisit], so_far: CommittedVisits
) -> dict[str, tuple[Outside, ...]]:
    """By visit to come the rules that it breaks: its own, or those that lead to a settled one."""
    breaches: dict[str, list[Outside]] = {}
    for breach in rules_broken(course, placed):
        ends = (breach.rule.point.visit, breach.rule.reference.visit)
        name = next((end for end in ends if end not in so_far.fixed), None)
        if name is not None:
            breaches.setdefault(name, []).append(breach._replace(visit=name))
    return {name: tuple(outside) for name, outside in breaches.items()}
