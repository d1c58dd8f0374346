"""One reminder of a plan, with its date."""

from datetime import date
from typing import NamedTuple


class DatedReminder(NamedTuple):
    """Something to be done by a date, which is no visit.

    Attributes:
        day: the last date on which it is in time.
        visit: the occurrence that it counts from.
        rule: when it is to be done, as the protocol says.
        required: whether it is a deviation not to have done it by then.
        done: when it was done by the record; ``None`` where that does not say.
    """

    id: str
    title: str
    day: date
    visit: str
    rule: str
    required: bool
    role: str | None
    done: date | None = None

    def to_dict(self) -> dict[str, object]:
        """The reminder as it stands in `Timeline.to_dict`."""
        done = None if self.done is None else self.done.isoformat()
        return {**self._asdict(), "day": self.day.isoformat(), "done": done}
