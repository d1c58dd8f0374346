"""Dates of a site that participants take from each other, such as those on which a room is free."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import date


class DaySet:
    """A set of dates from which some are taken, and to which some come back, between placements.

    Whoever plans within it sees each change at once; nothing has to be prepared again.

    Attributes:
        ordinals: of the dates, ascending; not to be changed from outside.
    """

    __slots__ = ("ordinals",)

    def __init__(self, dates: Iterable[date] = ()) -> None:
        self.ordinals = sorted({day.toordinal() for day in dates})

    def add(self, day: date) -> None:
        """Puts a date in, if it is not there."""
        if day not in self:
            insort(self.ordinals, day.toordinal())

    def discard(self, day: date) -> None:
        """Takes a date out, if it is there."""
        if day in self:
            del self.ordinals[bisect_left(self.ordinals, day.toordinal())]

    def __contains__(self, day: date) -> bool:
        at = bisect_left(self.ordinals, day.toordinal())
        return at < len(self.ordinals) and self.ordinals[at] == day.toordinal()

    def __iter__(self) -> Iterator[date]:
        return map(date.fromordinal, self.ordinals)

    def __len__(self) -> int:
        return len(self.ordinals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DaySet) and self.ordinals == other.ordinals

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        if not self.ordinals:
            return "DaySet()"
        first, last = (date.fromordinal(self.ordinals[at]) for at in (0, -1))
        return f"<DaySet of {len(self)} from {first} to {last}>"
