"""What a VTIMEZONE makes of a local time: the offset of the observance that began last.

Only yearly rules are understood, which is what time zones are written with. Of anything else it is
said that nobody knows.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.recurrence import RecurrenceRule, amount, read_rule
from planner.formats.ical.conformance.scalars import parse_moment, parse_offset

_KNOWN_PARTS = frozenset({
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYDAY", "BYMONTHDAY", "WKST",
})  # fmt: skip
_MAX_ONSETS = 400
_MAX_EMPTY_YEARS = 40


class YearlyOnsets(NamedTuple):
    """Onsets in a year; ``times`` is COUNT, ``until`` is local by the clocks before."""

    rule: RecurrenceRule
    interval: int
    times: int | None
    until: datetime | None


class ObservanceOnsets(NamedTuple):
    """A STANDARD or DAYLIGHT: onsets by the clocks before it, and offsets in seconds."""

    start: datetime
    before: int
    after: int
    rules: tuple[YearlyOnsets, ...]
    dates: tuple[datetime, ...]

    @property
    def endless(self) -> bool:
        """Whether it repeats every year from its start on, without an end."""
        return any(
            rule.times is None and rule.until is None and rule.interval == 1 for rule in self.rules
        )


def read_observance(component: Component) -> ObservanceOnsets | None:
    """A STANDARD or DAYLIGHT as data, or ``None`` if anything in it is broken or not understood."""
    start = parse_moment(component.text("DTSTART"), None)
    before, after = (parse_offset(component.text(name)) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    if start is None or start.kind != "floating" or before is None or after is None:
        return None
    rules = []
    for prop in component.all("RRULE"):
        rule, problems = read_rule(prop)
        parts = rule.parts
        if problems or rule.frequency != "YEARLY" or not set(parts) <= _KNOWN_PARTS:
            return None
        until = parse_moment(parts["UNTIL"], None) if "UNTIL" in parts else None
        end = None
        if until is not None:
            shift = timedelta(seconds=before if until.kind == "utc" else 0)
            try:
                end = until.clock + shift
            except OverflowError:
                return None
        times = amount(parts["COUNT"]) if "COUNT" in parts else None
        rules.append(YearlyOnsets(rule, amount(parts.get("INTERVAL", "1")), times, end))
    dates = []
    for prop in component.all("RDATE"):
        for item in prop.value.split(","):
            moment = parse_moment(re.split("/", item)[0], None)
            if moment is None or moment.kind == "utc":
                return None
            dates.append(moment.clock)
    return ObservanceOnsets(
        start.clock, before, after, tuple(rules[:10]), tuple(sorted(set(dates)))
    )


class ZoneOffsets:
    """The offsets of a VTIMEZONE; ``known`` is false if it has something that is not understood."""

    def __init__(self, component: Component) -> None:
        read = [
            read_observance(component)
            for component in component.components
            if component.name in ("STANDARD", "DAYLIGHT")
        ]
        self.observances = tuple(observance for observance in read if observance is not None)
        self.known = bool(read) and len(self.observances) == len(read) and len(read) <= 400
        self._years: dict[tuple[int, int, int], tuple[datetime, ...]] = {}

    def offset_at(self, clock: datetime) -> int | None:
        """Seconds east of UTC at a local time; ``None`` before the first onset."""
        last: tuple[datetime, int] | None = None
        for number, observance in enumerate(self.observances):
            onset = self._onset_before(number, observance, clock)
            if onset is not None and (last is None or onset > last[0]):
                last = (onset, observance.after)
        return None if last is None else last[1]

    def onsets_in(self, year: int) -> list[tuple[datetime, int, int]]:
        """All onsets of a year that change something: when by the clocks before, from, to."""
        changes = []
        for number, observance in enumerate(self.observances):
            onsets = {observance.start, *observance.dates} | {
                onset
                for at in range(len(observance.rules))
                for onset in self._of_rule(number, observance, at, year)
            }
            changes += [
                (onset, observance.before, observance.after)
                for onset in onsets
                if onset.year == year and observance.before != observance.after
            ]
        return sorted(changes)

    def _onset_before(
        self, number: int, observance: ObservanceOnsets, clock: datetime
    ) -> datetime | None:
        if clock < observance.start:
            return None
        best = observance.start
        for date in reversed(observance.dates):
            if date <= clock:
                best = max(best, date)
                break
        for at, rule in enumerate(observance.rules):
            top = clock if rule.until is None else min(clock, rule.until)
            year = top.year - (top.year - observance.start.year) % rule.interval
            if rule.times is not None:
                year = min(year, observance.start.year + _MAX_ONSETS)
            for _ in range(_MAX_EMPTY_YEARS):
                if year < observance.start.year:
                    break
                onsets = [
                    onset for onset in self._of_rule(number, observance, at, year) if onset <= top
                ]
                if onsets:
                    best = max(best, onsets[-1])
                    break
                year -= rule.interval
        return best

    def _of_rule(
        self, number: int, observance: ObservanceOnsets, at: int, year: int
    ) -> tuple[datetime, ...]:
        """The onsets by a rule in a year, in order."""
        key = (number, at, year)
        if key not in self._years:
            rule = observance.rules[at]
            if rule.times is not None:
                every = _counted(observance.start, rule)
                moments = tuple(onset for onset in every if onset.year == year)
            elif year < observance.start.year or (year - observance.start.year) % rule.interval:
                moments = ()
            else:
                moments = tuple(_in_year(observance.start, rule.rule, year))
            if rule.until is not None:
                moments = tuple(onset for onset in moments if onset <= rule.until)
            self._years[key] = moments
        return self._years[key]


def _counted(start: datetime, rule: YearlyOnsets) -> list[datetime]:
    """The onsets of a rule with a COUNT, of which DTSTART is the first."""
    most = min(rule.times or 0, _MAX_ONSETS)
    moments = [start]
    year = start.year
    for _ in range(_MAX_ONSETS):
        if len(moments) >= most or year > 9999:
            break
        moments += [onset for onset in _in_year(start, rule.rule, year) if onset > start]
        year += rule.interval
    return moments[:most]


def _in_year(start: datetime, rule: RecurrenceRule, year: int) -> Iterator[datetime]:
    """The onsets of a year, in order; none before the first one."""
    months = rule.numbers("BYMONTH")
    days = rule.days()
    monthdays = rule.numbers("BYMONTHDAY")
    if not months and not (days or monthdays):
        months, monthdays = [start.month], [start.day]
    elif not months and days and not monthdays:
        yield from _by_weekday_of_year(start, days, year)
        return
    for month in sorted(set(months)) or range(1, 13):
        length = monthrange(year, month)[1]
        wanted = {day if day > 0 else length + 1 + day for day in monthdays}
        if not days and not monthdays:
            wanted = {start.day}
        for day in range(1, length + 1):
            if wanted and day not in wanted:
                continue
            onset = start.replace(year=year, month=month, day=day)
            if days and not _is_weekday(onset, length, days):
                continue
            if onset >= start:
                yield onset


def _is_weekday(onset: datetime, length: int, days: list[tuple[int, int]]) -> bool:
    places = ((onset.day - 1) // 7 + 1, -((length - onset.day) // 7 + 1), 0)
    return any(weekday == onset.weekday() and ordinal in places for ordinal, weekday in days)


def _by_weekday_of_year(
    start: datetime, days: list[tuple[int, int]], year: int
) -> Iterator[datetime]:
    """Weekdays counted through the whole year, as BYDAY without BYMONTH counts them."""
    first = start.replace(year=year, month=1, day=1)
    length = 366 if monthrange(year, 2)[1] == 29 else 365
    for number in range(length):
        onset = first + timedelta(days=number)
        places = (number // 7 + 1, -((length - 1 - number) // 7 + 1), 0)
        if onset >= start and any(
            weekday == onset.weekday() and ordinal in places for ordinal, weekday in days
        ):
            yield onset
