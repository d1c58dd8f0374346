"""What transitions without a timing say: the order of visits, and neither a distance nor a window.

A protocol file says it by how visits are listed, and `order: listed` at a visit: that it takes
place after the one listed before it. Nothing is dated by that.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.formats.odm.elements import Element
from planner.formats.odm.study import OdmStudy
from planner.formats.odm.workflow import Flow


class Untimed(NamedTuple):
    """A step of the workflow that no timing is about: from which visit it leads, in OIDs."""

    source: str
    transition: Element


class ListedOrder:
    """Which visits follow the one listed before them; to be asked in the order of the file."""

    def __init__(
        self, study: OdmStudy, flow: Flow, untimed: Mapping[str, Sequence[Untimed]]
    ) -> None:
        self._study = study
        self._flow = flow
        self._untimed = untimed
        self._listed: list[str] = []
        self._follows: dict[str, set[str]] = {}

    def add(self, oid: str) -> tuple[Element, ...]:
        """Lists the next visit.

        Returns:
            The transitions to it, where by the workflow it takes place after the visit listed
            before it, in every arm that has both; else none. What a transition says and the list
            does not is told as left out.
        """
        steps = self._untimed.get(oid, ())
        before = self._before(oid) if steps else set()
        if self._is_scheduled(oid):
            self._listed.append(oid)
        if before and all(self._flow.graph.reaches(earlier, oid) for earlier in before):
            self._follows[oid] = before
        behind = self._behind(oid)
        for source, transition in steps:
            if source not in behind:
                study = self._study
                message = (
                    f"{study.title(oid)} comes after {study.title(source)}, not directly as listed:"
                    " a protocol file says no order but that of its list"
                )
                study.say("left-out", message, transition)
        return tuple(step.transition for step in steps) if oid in self._follows else ()

    def _before(self, oid: str) -> set[str]:
        """The visit listed before one, in each arm that has it."""
        preceding: set[str] = set()
        for arm in self._arms(oid):
            before = (visit for visit in reversed(self._listed) if arm in self._arms(visit))
            preceding.update(visit for visit in [next(before, None)] if visit is not None)
        return preceding if self._is_scheduled(oid) else set()

    def _arms(self, oid: str) -> Sequence[str]:
        return self._flow.arms.get(oid) or tuple(self._study.arms) or ("",)

    def _is_scheduled(self, oid: str) -> bool:
        return self._study.events[oid].get("Type") != "Unscheduled"

    def _behind(self, oid: str) -> set[str]:
        """The visits that one takes place after, by what is listed."""
        earlier: set[str] = set()
        waiting = [oid]
        while waiting:
            more = self._follows.get(waiting.pop(), set()) - earlier
            earlier |= more
            waiting += more
        return earlier
