from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural, visits
from planner.checks.proof import length_words
from planner.checks.subject import Subject
from planner.network.windows import is_consistent
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.schedule.build import build_schedule
from planner.schedule.course_length import course_length


@check(
    "note",
    "visits that depend on a decision",
    what="A decision that visits name under `when:`. The finding says how many visits depend on"
    " it, and how many there are and how long the course takes with and without them.",
    why="A plan made before the decision shows only one of two possible schedules. Rooms,"
    " staff and the participant must be ready for both.",
    bad="""\
decisions:
  second-session: {condition: No remission four weeks after the first session}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: dosing-again, when: second-session, after: {visit: dosing, within: 5w..6w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: dosing-again, after: {visit: dosing, within: 5w..6w}}
""",
)
def conditional_visits(subject: Subject) -> Iterator[Flag]:
    deciding: dict[str, Path] = {}
    for path, _, visit in visits(subject):
        if visit.when in subject.protocol.decisions and not visit.unscheduled:
            deciding.setdefault(visit.when, (*path, "when"))
    for decision, path in deciding.items():
        yield from _with_and_without(subject, decision, path)


def _with_and_without(subject: Subject, decision: str, path: Path) -> Iterator[Flag]:
    """What a decision changes, in the first arm that has visits which depend on it."""
    for arm in subject.arms:
        course = subject.course(arm)
        depending = [visit for visit in course.visits if visit.visit.when == decision]
        if not depending:
            continue
        names = tuple(visit.id for visit in depending)
        with_it = _size(subject, arm, ())
        without = _size(subject, arm, names)
        number = f"{len(names)} visit" if len(names) == 1 else f"{len(names)} visits"
        where = f" in arm `{arm}`" if len(subject.arms) > 1 else ""
        message = (
            f"`{decision}` decides{where} on {number}, {plural(names, 3)}: {with_it} with them,"
            f" {without} without"
        )
        if len(names) == 1:
            message = message.replace("with them", "with it")
        yield Flag(path, message, about=[decision, *depending])
        return


def _size(subject: Subject, arm: str | None, left_out: tuple[str, ...]) -> str:
    """How many visits the course has and how long it takes; no length where rules contradict."""
    schedule = subject.schedule(arm)
    if left_out:
        schedule = build_schedule(
            expand(subject.protocol, arm, without_visits=left_out, unscheduled=False)
        )
    number = len(schedule.course.visits)
    words = f"{number} visit" if number == 1 else f"{number} visits"
    if schedule.course.anchor is None or not is_consistent(schedule.network):
        return words
    return f"{words} in {length_words(course_length(schedule))}"
