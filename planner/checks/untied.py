"""Tracks that end or begin beside a visit that no rule ties them to."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.checks.rooms import about
from planner.checks.targets import target_days
from planner.network.windows import distance
from planner.protocol.course import Point
from planner.schedule.build import Schedule, least_steps
from planner.units import CalendarDistance

_TALKS = ("preparation", "integration", "contact")
"""Kinds of visits at which nothing is measured or given that a track could be meant to reach."""


def untied_tracks(schedule: Schedule) -> Iterator[Finding]:
    """Tracks whose first or last day is the target day of a visit that can move away from it."""
    course = schedule.course
    for at, track in enumerate(course.protocol.tracks):
        here = next((found for found in course.tracks if found[0].id == track.id), None)
        if here is None or here[1].end:
            continue
        start, until = here[1].visit, here[2]
        first = least_steps(track.offset) or 0
        ends = [("first", "offset", first, 1)] if first else []
        if track.times is not None:
            last = first + (least_steps(track.every) or 1) * (track.times - 1)
            ends.append(("last", "times", last, -1))
        days = target_days(course, start)
        tied = {start, until.visit if until is not None else start}
        for word, key, day, beside in ends:
            near = [
                one
                for one in course.visits
                if one.id not in tied
                and one.kind not in _TALKS
                and days.get(one.id) in (day, day - beside)
            ]
            near.sort(key=lambda one: days[one.id] != day)
            for one in near[:1]:
                if _moves(schedule, start, one.id):
                    message = (
                        f"the {word} day of `{track.id}`, {_days(day)} after `{start}`, is"
                        f" {_beside(days[one.id] - day)} of `{one.id}`, to which it is not tied:"
                        " when the visit moves, the track does not"
                    )
                    hint = f"count the track to the visit, as in `until: {one.visit.id}`"
                    if word == "first":
                        hint = f"count the track from the visit, as in `from: {one.visit.id}`"
                    related = (Related(f"`{one.id}`", one.path),)
                    names = (track.id, *about(course, one.id))
                    path = ("tracks", at, key)
                    yield Finding("track-not-tied", "note", message, path, hint, related, names)


def _moves(schedule: Schedule, start: str, visit: str) -> bool:
    nodes = schedule.nodes
    least, most = distance(schedule.network, nodes[Point(start)], nodes[Point(visit)])
    return least is None or least != most


def _days(number: int) -> str:
    return f"{CalendarDistance(0, number)}"


def _beside(later: int) -> str:
    return {
        0: "the target day",
        1: "the day before the target day",
        -1: "the day after the target day",
    }[later]
