from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import feasible_schedules
from planner.network.windows import distance
from planner.protocol.course import Course, Occurrence, Point
from planner.schedule.build import Schedule
from planner.time.distance import MINUTES_A_DAY, ClockDistance


@check(
    "warning",
    "an integration session that may start before the participant has left",
    what="The first integration session after a dosing session with a stay overnight may start"
    " before the stay ends, because its timing counts days and no time of day keeps it later.",
    why="The participant, and often the same staff, would be in the stay and in the session"
    " at once.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        duration: 8h
        overnight: {until: "11:00"}
        at: "09:00"
        after: {visit: baseline, within: 1w}
      - {id: integration, at: "10:00", after: {visit: dosing, within: 1d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        duration: 8h
        overnight: {until: "11:00"}
        at: "09:00"
        after: {visit: baseline, within: 1w}
      - {id: integration, at: "11:30", after: {visit: dosing, within: 1d}}
""",
)
@for_each(feasible_schedules)
def integration_during_stay(schedule: Schedule) -> Iterator[Flag]:
    nodes = schedule.nodes
    for stay, session in _stays_and_sessions(schedule.course):
        leaving, start = nodes[Point(stay.id, end=True)], nodes[Point(session.id)]
        least, most = distance(schedule.network, leaving, start, coarse=False)
        if least is not None and least >= 0:
            continue
        always = most is not None and most < 0
        starts = "starts" if always else "may start"
        message = f"`{session.id}` {starts} before the stay of `{stay.id}` ends"
        if least is not None:
            message += f", by up to {_length(-least)}"
        timed = session.visit.at is not None
        hint = "move its `at:`" if timed else "give it a time of day with `at:`"
        yield Flag(
            (*session.path, "at") if timed else session.path,
            message,
            f"{hint}, or count it from `{stay.visit.id}.end` in hours",
            related=[Related(f"the stay of `{stay.id}`", (*stay.path, "overnight"))],
            about=[session, stay],
            severity="error" if always else "warning",
            once=session.path,
        )


def _stays_and_sessions(course: Course) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Each dosing session with a stay, and the first integration session listed after it."""
    stay: Occurrence | None = None
    for occurrence in course.visits:
        if occurrence.kind == "dosing":
            stay = occurrence if occurrence.visit.overnight is not None else None
        elif occurrence.kind == "integration" and stay is not None:
            if occurrence.visit.during is None:
                yield stay, occurrence
            stay = None


def _length(minutes: int) -> str:
    if minutes < MINUTES_A_DAY:
        return str(ClockDistance(minutes))
    return f"{minutes / MINUTES_A_DAY:.1f} days"
