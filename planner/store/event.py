"""An event of the store: who changed what of a participant, when and why, and the hash of it."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from planner.config.model import PERSON
from planner.errors import PlannerError
from planner.protocol.field_types import quoted
from planner.timeline.record_changes import RecordChange

KINDS = ("enrolled", "recorded", "booked", "withdrawn", "transferred", "imported", "changed",
         "redacted")  # fmt: skip
"""What an event can be of; all but the last change the record."""


class StoredEvent(NamedTuple):
    """One row of the table of events.

    Attributes:
        seq: its place in the store, counted from 1 without a gap.
        stream: the participant's code.
        version: its place in the participant's own history, counted from 1 without a gap.
        kind: one of `KINDS`.
        body: JSON of what changed, as `body_of` writes it; free texts are commitments in it.
        who: the code of the person who changed it.
        at: when, in UTC.
        reason: commitment of the reason; ``None`` where none was given.
        prev: hash of the event before; of the first the store's own identity.
        hash: of all of the above.
    """

    seq: int
    stream: str
    version: int
    kind: str
    body: str
    who: str
    at: str
    reason: str | None
    prev: str
    hash: str

    @property
    def changes(self) -> tuple[RecordChange, ...]:
        """What changed, old and new values; free texts as commitments.

        Raises:
            PlannerError: the event was changed, and cannot be read.
        """
        return tuple(self._listed("changes"))

    @property
    def cleared(self) -> tuple[str, ...]:
        """The commitments of the texts that a redaction cleared.

        Raises:
            PlannerError: the event was changed, and cannot be read.
        """
        return tuple(self._listed("cleared"))

    def _listed(self, key: str) -> list[Any]:
        try:
            values = json.loads(self.body).get(key, [])
            return [RecordChange(*value) if key == "changes" else value for value in values]
        except (ValueError, TypeError, AttributeError):
            raise PlannerError(
                f"event {self.seq} of {self.stream} was changed, and cannot be read"
            ) from None


def body_of(changes: Sequence[RecordChange] = (), cleared: Sequence[str] = ()) -> str:
    """The body of an event: changes of a record, or the texts that are cleared."""
    body: dict[str, Any] = {"changes": [list(change) for change in changes]}
    return canonical({"cleared": list(cleared)} if cleared else body)


def canonical(data: object) -> str:
    """JSON of which each value has one form: what is hashed."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(values: Iterable[object]) -> str:
    """The SHA-256 of an event's values, from its place to the hash of the one before."""
    return hashlib.sha256(canonical(list(values)).encode()).hexdigest()


def utc_now() -> str:
    """The time as events hold it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def check_who(who: str) -> str:
    """The code of the person who changes something.

    Raises:
        PlannerError: it is no code.
    """
    if not re.fullmatch(PERSON, who):
        raise PlannerError(
            f"{quoted(who)} is not a code of a person: letters, digits, `.`, `_` and `-`, at"
            f" most 40"
        )
    return who
