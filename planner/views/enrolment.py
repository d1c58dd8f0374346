"""Who is to be enrolled, for people and programs: a line for each, with the dates that work."""

from planner.notice import NOTICE
from planner.text import counted
from planner.timeline.enrolment import Enrolment, Enrolments
from planner.views.tables.grid import Grid, Line

_HEADS = ("Participant", "Protocol", "Version", "Arm", "Start", "Works", "Other dates", "Why not")


def enrolment_grid(answer: Enrolments) -> Grid:
    """A line for each person; below, whether their records are written."""
    lines = tuple(Line(_cells(person)) for person in answer.people)
    number = counted(len(answer.people), "participant")
    if answer.written is None:
        notes = [f"{number} to be enrolled. Nothing has been written."]
    else:
        notes = [f"{number} enrolled: written to {answer.written}."]
    return Grid("Enrolment", (_HEADS,), lines, (*notes, NOTICE))


def _cells(person: Enrolment) -> tuple[str, ...]:
    return (
        person.participant,
        person.protocol,
        person.version,
        person.arm or "",
        person.start.isoformat(),
        "yes" if person.fits else "no",
        ", ".join(map(str, person.near)),
        "; ".join(person.reasons),
    )
