"""What a role is shown of a participant's record, and of its history.

It is a selection on one's own database: who can read the file can read all of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args

from planner.errors import PlannerError
from planner.protocol.expand import visit_kind
from planner.protocol.model import Epoch, Protocol
from planner.protocol.visit import Visit
from planner.store.event import StoredEvent, body_of
from planner.store.free_text import FREE
from planner.timeline.record_changes import applied, changes_between

Role = Literal["coordinator", "rater", "unblinded", "monitor"]
ROLES: tuple[str, ...] = get_args(Role)
"""Who reads a store: an unblinded person is shown all of it."""
_RATERS_KEYS = (
    "format", "participant", "protocol", "versions", "start", "withdrawn", "away", "prefers",
    "time_zone", "visits",
)  # fmt: skip
"""What a rater is shown of a record; a key that is new is not shown until it stands here."""
_RATERS_KINDS = frozenset(
    {"screening", "run-in", "baseline", "assessment", "follow-up", "termination"}
)
"""The kinds of visits that a rater is shown; the others are therapy, or tell of it."""


class Sight(NamedTuple):
    """What is shown of records.

    Attributes:
        role: of who reads; ``None`` shows everything.
        protocol: of the records; without one it counts as blinded, and no visit as a rater's.
    """

    role: Role | None = None
    protocol: Protocol | None = None

    @property
    def hides_events(self) -> bool:
        """Whether the numbers of events, their reasons and redactions are hidden: a rater's."""
        return self.role == "rater"

    def seen(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What is shown of a plain record.

        Args:
            data: of the record, as `planner.timeline.record_changes.plain` gives it.
        """
        if self.role in (None, "unblinded"):
            return dict(data)
        if self.role != "rater":
            is_open = self.protocol is not None and not self.protocol.is_blinded
            return {key: value for key, value in data.items() if is_open or key != "arm"}
        selected = {key: data[key] for key in _RATERS_KEYS if key in data}
        visits = [self._line(line) for line in data.get("visits", ()) if self._is_shown(line)]
        selected.pop("visits", None)
        return {**selected, "visits": visits} if visits else selected

    def _is_shown(self, line: Mapping[str, Any]) -> bool:
        return self.protocol is not None and any(
            visit.id == line["visit"] and _is_a_rater_s(visit, epoch)
            for epoch in self.protocol.epochs
            for visit in epoch.visits
        )

    @staticmethod
    def _line(line: Mapping[str, Any]) -> dict[str, Any]:
        """A visit's line without what is written freely, which may tell anything."""
        return {key: value for key, value in line.items() if key not in FREE}

    def history(self, events: Iterable[StoredEvent]) -> Iterator[StoredEvent]:
        """Events with what they change in what is shown; those that change nothing are left out.

        Args:
            events: of whole histories, from each participant's first event on.

        Raises:
            PlannerError: the events contradict each other, so some of them were changed.
        """
        if self.role in (None, "unblinded"):
            yield from events
            return
        states: dict[str, dict[str, Any]] = {}
        for event in events:
            before = states.get(event.stream, {})
            try:
                states[event.stream] = after = applied(before, event.changes)
            except (ValueError, TypeError, AttributeError) as error:
                raise PlannerError(
                    f"event {event.seq} of {event.stream} contradicts those before ({error})"
                ) from None
            changes = changes_between(self.seen(before), self.seen(after))
            if event.kind == "redacted" and not self.hides_events:
                yield event
            elif changes:
                reason = None if self.hides_events else event.reason
                yield event._replace(body=body_of(changes), reason=reason)


def _is_a_rater_s(visit: Visit, epoch: Epoch) -> bool:
    """Whether everybody has the visit alike, whatever the arm, and it is of a kind to be shown."""
    cycle = epoch.cycle
    is_alike = not (visit.arms or epoch.arms or visit.by_arm or visit.when or visit.unscheduled)
    repeats_alike = cycle is None or (isinstance(cycle.times, int) and cycle.until is None)
    return is_alike and repeats_alike and visit_kind(visit, epoch) in _RATERS_KINDS
