"""Reads what the time zone database says of a zone: TZif transitions and the rule after them.

``zoneinfo`` keeps both to itself, so the same files are read again (RFC 9636).
"""

import calendar
import re
import struct
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from planner.errors import PlannerError
from planner.time.zone import zone_rules


class Transition(NamedTuple):
    """From ``utc`` on (seconds since 1970) clocks are ``after`` seconds east of UTC."""

    utc: int
    before: int
    after: int


class YearlyRule(NamedTuple):
    """A change of clocks every year, as a POSIX TZ string states it (RFC 9636 section 3.3).

    On the day of ``month`` that is the ``week``-th ``weekday`` (5: the last; 0 = Sunday), or on day
    ``day`` of the year, ``seconds`` after that day's local midnight (negative or beyond a day
    too), clocks go from ``before`` to ``after`` seconds east of UTC. ``day`` counts from 1 and
    never counts 29 February.
    """

    month: int
    week: int
    weekday: int
    day: int | None
    seconds: int
    before: int
    after: int

    def day_in(self, year: int) -> datetime:
        """The day itself in a year, at midnight."""
        if self.day is not None:
            leap = calendar.isleap(year) and self.day > 59
            return datetime(year, 1, 1) + timedelta(self.day - 1 + leap)  # noqa: DTZ001
        first = datetime(year, self.month, 1)  # noqa: DTZ001 - a local day has no zone
        day = 1 + (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        if day > calendar.monthrange(year, self.month)[1]:
            day -= 7
        return first + timedelta(day - 1)

    def in_year(self, year: int) -> Transition:
        """The change that belongs to a year (its instant may lie just outside)."""
        local = self.day_in(year) - datetime(1970, 1, 1) + timedelta(seconds=self.seconds)  # noqa: DTZ001
        return Transition(int(local.total_seconds()) - self.before, self.before, self.after)


class ZoneData(NamedTuple):
    """A zone: listed transitions in order, and what holds after the last one.

    ``first`` is the offset before the first transition; ``rules`` two yearly changes, or none
    where clocks no longer change after the list.
    """

    first: int
    transitions: tuple[Transition, ...]
    rules: tuple[YearlyRule, ...]

    def between(self, begin: int, end: int) -> list[Transition]:
        """All transitions with ``begin <= utc < end``, listed and by the yearly rules, in order.

        Args:
            begin: seconds from 1970-01-01 UTC, included.
            end: the same, not included.
        """
        transitions = [
            transition for transition in self.transitions if begin <= transition.utc < end
        ]
        last = self.transitions[-1].utc if self.transitions else begin - 1
        if self.rules:
            # The list need not end where the rules begin: the rules hold after its last entry.
            first_year, last_year = (
                max(1, min(9998, 1970 + seconds // 31_556_952)) for seconds in (begin, end)
            )
            transitions += [
                transition
                for year in range(first_year - 1, last_year + 2)
                for rule in self.rules
                if begin <= (transition := rule.in_year(year)).utc < end and transition.utc > last
            ]
        return sorted(transitions)

    def offset_at(self, utc: int) -> int:
        """Seconds east of UTC at an instant."""
        before = self.between(utc - 2 * 366 * 86_400, utc + 1)
        if before:
            return before[-1].after
        transitions = [transition for transition in self.transitions if transition.utc <= utc]
        return transitions[-1].after if transitions else self.first


@lru_cache(maxsize=64)
def read_zone(key: str) -> ZoneData:
    """What the database says of a zone.

    Raises:
        PlannerError: there is no such zone, or its data cannot be read.
    """
    data = zone_rules(key)
    if data is None or data[:4] != b"TZif":
        raise PlannerError(f"`{key}`: no data of this time zone is installed (pip install tzdata)")
    try:
        return _parsed(data)
    except (struct.error, ValueError, IndexError) as error:
        raise PlannerError(f"`{key}`: its time zone data cannot be read: {error}") from None


_HEADER = struct.Struct(">4sc15x6l")


def _parsed(data: bytes) -> ZoneData:
    _, version, *counts = _HEADER.unpack_from(data)
    begin, size, letter = _HEADER.size, 4, "l"
    if version >= b"2":
        # The second block repeats the first one with 64-bit times, a header of its own and a rule.
        utc_kinds, wall_kinds, leaps, times, kinds, letters = counts
        begin += times * 5 + kinds * 6 + letters + leaps * 8 + wall_kinds + utc_kinds
        _, version, *counts = _HEADER.unpack_from(data, begin)
        begin, size, letter = begin + _HEADER.size, 8, "q"
    utc_kinds, wall_kinds, leaps, times, kinds, letters = counts
    instants = struct.unpack_from(f">{times}{letter}", data, begin)
    begin += times * size
    indexes = data[begin : begin + times]
    begin += times
    offsets = [struct.unpack_from(">l", data, begin + 6 * kind)[0] for kind in range(kinds)]
    begin += kinds * 6 + letters + leaps * (size + 4) + wall_kinds + utc_kinds
    footer = data[begin:].split(b"\n")[1].decode("ascii") if size == 8 else ""
    transitions = []
    now = first = offsets[0]
    for instant, index in zip(instants, indexes, strict=True):
        if offsets[index] != now:
            transitions.append(Transition(instant, now, offsets[index]))
        now = offsets[index]
    return ZoneData(first, tuple(transitions), _rules(footer))


_NAME = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"
_TIME = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_FOOTER = re.compile(
    rf"{_NAME}(?P<std>{_TIME})"
    rf"(?:{_NAME}(?P<dst>{_TIME})?,(?P<start>[^,]+),(?P<end>[^,]+))?"
)
_RULE = re.compile(
    rf"(?:M(?P<month>\d+)\.(?P<week>\d)\.(?P<weekday>\d)|J(?P<day>\d+))(?:/(?P<time>{_TIME}))?"
)


def _rules(footer: str) -> tuple[YearlyRule, ...]:
    """The two yearly changes of a POSIX TZ string; none if it names one offset only."""
    if not footer:
        return ()
    match = _FOOTER.fullmatch(footer)
    if match is None:
        raise ValueError(f"unknown rule {footer!r}")
    if match["start"] is None:
        return ()
    standard = -_seconds(match["std"])
    summer = -_seconds(match["dst"]) if match["dst"] else standard + 3600
    return (_rule(match["start"], standard, summer), _rule(match["end"], summer, standard))


def _rule(text: str, before: int, after: int) -> YearlyRule:
    match = _RULE.fullmatch(text)
    if match is None:
        raise ValueError(f"unknown day of change {text!r}")
    day = int(match["day"]) if match["day"] else None
    month, week, weekday = (int(match[part] or 0) for part in ("month", "week", "weekday"))
    return YearlyRule(month, week, weekday, day, _seconds(match["time"] or "2"), before, after)


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = (*(int(part) for part in text.lstrip("+-").split(":")), 0, 0)[:3]
    return sign * (hours * 3600 + minutes * 60 + seconds)
