"""Where visits that did not take place had been planned, for the visits that count from them."""

from collections.abc import Collection, Mapping
from datetime import date

from planner.timeline.course_planner import CoursePlanner
from planner.timeline.history import RecordedTimes
from planner.timeline.replanning import CommittedVisits, Replanner


def planned_places(
    planner: CoursePlanner, so_far: CommittedVisits, names: Collection[str], start: date | None
) -> dict[str, RecordedTimes]:
    """The places of visits that are recorded as not taking place, without a date.

    Each is where the best plan had it as the facts stood without what came later: those of the
    visits that it counts from. What counts from it, and today's date, never move it.

    Args:
        planner: of the participant's course.
        so_far: what is settled and booked, without these visits.
        names: the visits, all of the course.
        start: the date of the anchor visit as it was planned; ``None`` where nobody says.

    Returns:
        By occurrence id; without those that nothing in the record dates.

    Raises:
        NotProven: no plan was found, nor that there is none.
    """
    sources = _sources(planner)
    places: dict[str, RecordedTimes] = {}
    waiting = [visit.id for visit in planner.course.visits if visit.id in names]
    while waiting:
        ready = [name for name in waiting if sources[name].isdisjoint({*waiting} - {name})]
        ready = ready or waiting[:1]  # they count from each other
        by_facts: dict[frozenset[str], list[str]] = {}
        for name in ready:
            known = sources[name] & {*so_far.fixed, *so_far.booked, *places}
            by_facts.setdefault(frozenset(known), []).append(name)
        for known, placed_by in by_facts.items():
            placed = _planned(planner, so_far, places, known, start)
            places.update((name, placed[name]) for name in placed_by if name in placed)
        waiting = [name for name in waiting if name not in ready]
    return places


def _sources(planner: CoursePlanner) -> dict[str, frozenset[str]]:
    """By visit the visits that it counts from, through others as well.

    Of two visits that count from each other, the one listed first does not count from the other.
    """
    course = planner.course
    counted: dict[str, set[str]] = {visit.id: set() for visit in course.visits}
    for name, rules in course.timings().items():
        if name in counted:
            counted[name].update(rule.reference.visit for rule in rules)

    def reached(name: str) -> set[str]:
        sources: set[str] = set()
        ahead = [name]
        while ahead:
            new = counted.get(ahead.pop(), set()) - sources
            sources |= new
            ahead += new
        return sources

    every = {name: reached(name) for name in counted}
    return {
        name: frozenset(
            other
            for other in sources - {name}
            if name not in every.get(other, ()) or planner.index[other] < planner.index[name]
        )
        for name, sources in every.items()
    }


def _planned(
    planner: CoursePlanner,
    so_far: CommittedVisits,
    places: Mapping[str, RecordedTimes],
    known: Collection[str],
    start: date | None,
) -> dict[str, RecordedTimes]:
    """Where the best plan has every visit by some facts alone; empty where nothing dates it."""
    anchor = planner.course.anchor
    assert anchor is not None, "courses without an anchor have been refused"
    settled = {**so_far.fixed, **places}
    if start is None and not {*known} & settled.keys():
        if not settled:
            return {}
        # All that is dated came later: the plan is counted back from there.
        known = {anchor} if anchor in settled else {min(settled, key=lambda n: settled[n].start)}
    fixed = {name: event for name, event in settled.items() if name in known}
    booked = {name: event for name, event in so_far.booked.items() if name in known}
    facts = CommittedVisits(fixed, booked, not_done=so_far.not_done & fixed.keys(), today=None)
    origin, day = None, start
    if anchor in fixed:
        day = date.fromordinal(fixed[anchor].day)
    elif start is None:
        origin, event = min(fixed.items(), key=lambda item: item[1].start)
        day = date.fromordinal(event.day)
    assert day is not None, "the start, the anchor or another visit has a date"
    search = Replanner(planner, facts, origin=origin)
    plan = search.plan(day) or search.least_deviation(day)
    if plan is None:
        return {}
    return {
        name: RecordedTimes(visit.start, visit.day, visit.end, visit.end_day, timed=False)
        for name, visit in zip(search.index, plan.visits, strict=True)
    }
