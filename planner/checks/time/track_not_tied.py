from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import feasible_schedules
from planner.checks.targets import target_days, target_steps
from planner.network.windows import distance
from planner.protocol.course import Point
from planner.protocol.document import Path
from planner.schedule.build import Schedule, least_steps
from planner.time.distance import CalendarDistance

_TALKS = ("preparation", "integration", "contact")
"""Kinds of visits at which nothing is measured or given that a track could be meant to reach."""


@check(
    "note",
    "a track that ends on a visit without counting from it",
    what="A track that ends by `times:`, or starts with an `offset:`, and whose first or last"
    " day falls on the target day of another visit, or on the day before or after it,"
    " although no rule connects the two: that visit can move, and the track does not.",
    why="Daily capsules for six weeks beside a visit after six weeks end on the day of that"
    " visit only where both are on target. Otherwise the participant has a day too many or"
    " too few, and no deviation is recorded.",
    bad="""\
tracks:
  - {id: diary, from: dosing, times: 36}
""",
    good="""\
tracks:
  - {id: diary, from: dosing, until: endpoint}
""",
)
@for_each(feasible_schedules)
def track_not_tied(schedule: Schedule) -> Iterator[Flag]:
    course = schedule.course
    steps = target_steps(course) if course.protocol.tracks else {}
    for at, track in enumerate(course.protocol.tracks):
        offset = least_steps(track.offset) or 0
        if not offset and not track.times:
            continue
        track_points = next((points for points in course.tracks if points[0].id == track.id), None)
        if track_points is None or track_points[1].end:
            continue
        start, until = track_points[1].visit, track_points[2]
        ends = [("first", "offset", offset, 1)] if offset else []
        if track.times is not None:
            last = offset + (least_steps(track.every) or 1) * (track.times - 1)
            ends.append(("last", "times", last, -1))
        days = target_days(steps, start)
        tied = {start, until.visit if until is not None else start}
        for word, key, day, beside in ends:
            near = [
                visit
                for visit in course.visits
                if visit.id not in tied
                and visit.kind not in _TALKS
                and days.get(visit.id) in (day, day - beside)
            ]
            near.sort(key=lambda visit: days[visit.id] != day)
            for visit in near[:1]:
                if _moves(schedule, start, visit.id):
                    message = (
                        f"the {word} day of `{track.id}`, {CalendarDistance(0, day)} after"
                        f" `{start}`, is {_beside(days[visit.id] - day)} of `{visit.id}`, which no"
                        " rule connects with it: when the visit moves, the track does not"
                    )
                    hint = f"count the track to the visit, as in `until: {visit.visit.id}`"
                    if word == "first":
                        hint = f"count the track from the visit, as in `from: {visit.visit.id}`"
                    path: Path = ("tracks", at, key)
                    yield Flag(
                        path,
                        message,
                        hint,
                        related=[visit],
                        about=[track.id, visit],
                        once=(path, visit.visit.id),
                    )


def _moves(schedule: Schedule, start: str, visit: str) -> bool:
    nodes = schedule.nodes
    least, most = distance(schedule.network, nodes[Point(start)], nodes[Point(visit)])
    return least is None or least != most


def _beside(later: int) -> str:
    return {
        0: "the target day",
        1: "the day before the target day",
        -1: "the day after the target day",
    }[later]
