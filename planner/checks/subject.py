"""The protocol under examination: its courses and networks, each made once however many ask."""

from collections.abc import Callable
from typing import Any, TypeVar

from planner.checks.finding import Finding
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.protocol.file import ProtocolFile
from planner.schedule.build import Schedule, build_schedule

Made = TypeVar("Made")


class Subject:
    """The protocol under examination; courses and networks are made once and only when asked for.

    ``arms`` are the arms' ids, or ``(None,)`` without arms. A course of an arm has every optional
    and conditional visit. ``ran`` are the checks that have examined it, ``found`` what they found;
    ``known`` are the ids of all checks, as far as one of those asks for them.
    """

    def __init__(self, file: ProtocolFile) -> None:
        self.file = file
        self.protocol = file.protocol
        self.known: tuple[str, ...] = ()
        self.ran: set[str] = set()
        self.found: list[Finding] = []
        self._made: dict[object, Any] = {}
        self.arms: tuple[str | None, ...] = tuple(arm.id for arm in file.protocol.arms) or (None,)
        self._courses: dict[str | None, Course] = {}
        self._schedules: dict[str | None, Schedule] = {}
        self._consistent: dict[str | None, bool] = {}

    def course(self, arm: str | None) -> Course:
        """The course of an arm, expanded once.

        Args:
            arm: an arm's id; ``None`` in a protocol without arms.
        """
        if arm not in self._courses:
            self._courses[arm] = expand(self.protocol, arm)
        return self._courses[arm]

    def schedule(self, arm: str | None) -> Schedule:
        """The network of the rules of an arm's course, built once.

        Args:
            arm: an arm's id; ``None`` in a protocol without arms.
        """
        if arm not in self._schedules:
            self._schedules[arm] = build_schedule(self.course(arm))
        return self._schedules[arm]

    def is_consistent(self, arm: str | None) -> bool:
        """Whether all rules of an arm can hold together; questions about windows need that.

        Args:
            arm: an arm's id; ``None`` in a protocol without arms.
        """
        if arm not in self._consistent:
            from planner.network.windows import is_consistent

            self._consistent[arm] = is_consistent(self.schedule(arm).network)
        return self._consistent[arm]

    def cached(self, make: "Callable[[Subject], Made]") -> Made:
        """The result of a function of this subject, which is called once.

        Args:
            make: the function; its result belongs to all checks and is not changed by any.
        """
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def different_arms(self) -> list[str | None]:
        """One arm of each group of arms whose courses are the same."""
        return self.cached(_different_arms)


def different_courses(subject: Subject) -> list[Course]:
    """The courses of the arms, those that are the same once."""
    return [subject.course(arm) for arm in subject.different_arms()]


def feasible_schedules(subject: Subject) -> list[Schedule]:
    """The schedules of the different arms whose rules can all hold.

    About the others, windows and the order of visits say nothing.
    """
    arms = subject.different_arms()
    return [subject.schedule(arm) for arm in arms if subject.is_consistent(arm)]


def _different_arms(subject: Subject) -> list[str | None]:
    seen: list[tuple[object, ...]] = []
    chosen = []
    for arm in subject.arms:
        course = subject.course(arm)
        shape = (course.visits, course.rules, course.tracks)
        if shape not in seen:
            seen.append(shape)
            chosen.append(arm)
    return chosen
