"""When one participant can come, and would rather: what a record says, and plans go around."""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from planner.protocol.evidence import Entry
from planner.protocol.field_types import ONE_OR_MANY, Coerce
from planner.protocol.fields import DateText, TimesText, Weekday
from planner.protocol.text_patterns import DATE, whole
from planner.time.date import format_time_range
from planner.time.local import first_instant, to_local

AWAY = "the participant is away"
"""Why a visit cannot take place on a date that the record names under `away:`."""
_DATES = {"type": "string", "pattern": whole(rf"{DATE}(?:\.\.{DATE})?")}


def _read_dates(value: Any) -> Any:
    if not isinstance(value, str):
        return {"from": value, "to": value} if isinstance(value, date) else value
    first, dots, last = value.partition("..")
    return {"from": first, "to": last} if dots else {"from": first}


class AwayDates(Entry):
    """Dates on which a participant is away, both included."""

    first: DateText = Field(alias="from", description="First date.")
    last: DateText | None = Field(
        default=None, alias="to", description="Last date, included; the first one when absent."
    )

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "AwayDates":
        if self.last is not None and self.last < self.first:
            raise ValueError(f"`to: {self.last}` lies before `from: {self.first}`")
        return self


AwayEntry = Annotated[AwayDates, Coerce(_read_dates, _DATES)]


class Preferences(Entry):
    """What a participant would rather have; windows and appointments come before it."""

    weekdays: Annotated[tuple[Weekday, ...], ONE_OR_MANY] = Field(
        default=(), description="Weekdays at the site that suit best; all when empty."
    )
    times: TimesText | None = Field(
        default=None,
        description="Times of day that suit best, from the first to the last start, as in"
        ' `"13:00..17:00"`; of calls by the clock of `time_zone:`.',
    )


class Availability(NamedTuple):
    """The same for plans: ordinals of dates, numbers of weekdays from Monday, minutes of the day.

    ``zone`` is by which calls are wanted at a time of day; the site's own when ``None``.
    """

    away: tuple[tuple[int, int], ...] = ()
    weekdays: frozenset[int] = frozenset()
    times: tuple[int, int] | None = None
    zone: ZoneInfo | None = None

    def is_away(self, first: int, last: int) -> bool:
        """Whether any date from one ordinal to another, both included, is one without them."""
        return any(begin <= last and first <= end for begin, end in self.away)

    def own_start(self, start: int, *, is_call: bool) -> datetime | None:
        """When a call starts by the participant's own clock; ``None`` where that is the site's.

        Args:
            start: the instant.
            is_call: whether it is by telephone or video.
        """
        return to_local(start, self.zone) if is_call and self.zone is not None else None

    def wanted(self, day: int, usual: int, site: ZoneInfo, *, is_call: bool) -> int:
        """The minute of a day, by the site's clock, at which a visit is wanted.

        Args:
            day: the ordinal of a date at the site.
            usual: the minute at which the protocol prefers it.
            site: the site's zone.
            is_call: whether it is by telephone or video, for which the participant's clock counts.
        """
        first, last = self.times or (usual, usual)
        minute = min(max(usual, first), last)
        if self.zone is None or not is_call:
            return minute
        return _by_site(day, minute, self.zone, site)


ANYTIME = Availability()
"""That of a participant of whom nothing is recorded."""


@lru_cache(maxsize=1 << 12)
def _by_site(day: int, minute: int, zone: ZoneInfo, site: ZoneInfo) -> int:
    """The minute of a date at the site at which another zone's clocks show a time of day."""
    ends = []
    for other in (day, day - 1, day + 1):
        local = to_local(first_instant(date.fromordinal(other), minute, zone), site)
        if local.toordinal() == day:
            return local.hour * 60 + local.minute
        ends.append(local.toordinal())
    return 0 if ends[0] < day else 24 * 60 - 1


def unmet(
    available: Availability, start: int, first: int, last: int, site: ZoneInfo, *, is_call: bool
) -> tuple[str, ...]:
    """What of a participant's availability a visit does not keep, in words.

    Args:
        available: the participant's.
        start: the instant at which it starts.
        first: the ordinal of the date on which it starts.
        last: of that on which it ends.
        site: the site's zone.
        is_call: whether it is by telephone or video.
    """
    words = [AWAY] if available.is_away(first, last) else []
    if available.weekdays and date.fromordinal(first).weekday() not in available.weekdays:
        words.append("not on a preferred weekday")
    if available.times is not None:
        local = to_local(start, available.zone or site if is_call else site)
        begin, end = available.times
        if not begin <= local.hour * 60 + local.minute <= end:
            words.append(f"not at a preferred time ({format_time_range(available.times)})")
    return tuple(words)
