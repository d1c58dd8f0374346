"""VTIMEZONE components of our own (RFC 5545 3.6.5), proven against ``zoneinfo``.

Readers differ in what they make of a VTIMEZONE, and the form that all read alike is a pair of
observances with yearly rules that begin in 1970, without RDATE. That pair comes from the rule at
the end of the zone's TZif data. Where the dates to be written do not follow it (Morocco's Ramadan,
a country that changed its law) each transition is an observance of its own. Some readers fail on an
observance that begins after the event at hand, so each of these has a first onset long before all
events, too, by an RRULE that has just these two.
"""

import calendar
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from planner.errors import PlannerError
from planner.formats.ical.tzif import Transition, YearlyRule, ZoneData, read_zone
from planner.time.zone import known_zone

ANCHOR_YEAR = 1970
_EARLY_YEAR = 1968  # a leap year, so that every day of a year is in it
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local times of observances carry no zone
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


class Observance(NamedTuple):
    """One STANDARD or DAYLIGHT: from ``onset`` on, by the clocks before it, ``after`` holds.

    Offsets are seconds east of UTC; ``rule`` is an RRULE, or empty for a single onset.
    """

    onset: datetime
    before: int
    after: int
    rule: str = ""


class ZoneText(NamedTuple):
    """The VTIMEZONE of a zone, proven right for the years that it was made for."""

    key: str
    observances: tuple[Observance, ...]

    def lines(self) -> list[str]:
        """Its content lines, none of them longer than a line may be."""
        lines = ["BEGIN:VTIMEZONE", f"TZID:{self.key}"]
        for observance in self.observances:
            name = "DAYLIGHT" if self._is_summer(observance) else "STANDARD"
            lines += [
                f"BEGIN:{name}",
                f"DTSTART:{observance.onset.year:04d}{observance.onset:%m%dT%H%M%S}",
                f"TZOFFSETFROM:{offset_text(observance.before)}",
                f"TZOFFSETTO:{offset_text(observance.after)}",
                *([f"RRULE:{observance.rule}"] if observance.rule else []),
                f"END:{name}",
            ]
        return [*lines, "END:VTIMEZONE"]

    @staticmethod
    def _is_summer(observance: Observance) -> bool:
        # Clocks put forward are DAYLIGHT even where the law has it the other way round (Ireland's
        # winter time is its exception): readers expect the greater offset there.
        return observance.after > observance.before


def offset_text(seconds: int) -> str:
    """A UTC-OFFSET (RFC 5545 3.3.14): ``+0200``, ``-033000`` only where there are seconds."""
    sign, size = ("-", -seconds) if seconds < 0 else ("+", seconds)
    hours, rest = divmod(size, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{sign}{hours:02d}{minutes:02d}" + (f"{rest:02d}" if rest else "")


@lru_cache(maxsize=256)
def zone_text(key: str, first_year: int, last_year: int) -> ZoneText:
    """The VTIMEZONE that is right for every instant of these local years, both included.

    The shortest form that is right: one STANDARD, or a pair of yearly rules from 1970, or one
    observance per transition.

    Args:
        key: a name of the IANA database, such as `Europe/Berlin`.
        first_year: 2 at least.
        last_year: 9998 at most.

    Raises:
        PlannerError: the zone is unknown, or no form agrees with ``zoneinfo``.
    """
    zone = read_zone(key)
    # A day more on both sides: a local year is no year in UTC.
    begin = int((datetime(first_year, 1, 1) - _EPOCH).total_seconds()) - 86_400  # noqa: DTZ001
    end = int((datetime(last_year + 1, 1, 1) - _EPOCH).total_seconds()) + 86_400  # noqa: DTZ001
    truth = zone.between(begin, end)
    offset = zone.offset_at(begin)
    for observances in _forms(zone, first_year, offset, truth):
        if _transitions(observances, begin, end) == truth and (
            truth or _offset_before(observances, begin) == offset
        ):
            _prove(key, begin, end, truth, offset)
            return ZoneText(key, observances)
    raise PlannerError(f"`{key}`: cannot be written as a VTIMEZONE for {first_year}-{last_year}")


def _forms(
    zone: ZoneData, first_year: int, offset: int, truth: list[Transition]
) -> Iterator[tuple[Observance, ...]]:
    """What may be right, the shortest first; the last form always is."""
    anchor = min(ANCHOR_YEAR, first_year)
    if not truth:
        yield (Observance(datetime(anchor, 1, 1), offset, offset),)  # noqa: DTZ001
    if zone.rules:
        yield _yearly(zone.rules, anchor)
    early = min(_EARLY_YEAR, (first_year - 3) // 4 * 4)
    early -= 0 if calendar.isleap(early) else 4
    # After the early onsets have passed, what held before the first of the transitions.
    yield (
        Observance(datetime(early + 1, 1, 1), offset, offset),  # noqa: DTZ001
        *(_single(transition, early) for transition in truth),
    )


def _single(transition: Transition, early: int) -> Observance:
    """A transition with one more onset on the same day of the leap year `early`."""
    onset = _EPOCH + timedelta(seconds=transition.utc + transition.before)
    rule = f"FREQ=YEARLY;INTERVAL={onset.year - early};COUNT=2"
    return Observance(onset.replace(year=early), transition.before, transition.after, rule)


def _yearly(rules: tuple[YearlyRule, ...], year: int) -> tuple[Observance, ...]:
    return tuple(sorted(observance for rule in rules for observance in _observances(rule, year)))


def _observances(rule: YearlyRule, year: int) -> Iterator[Observance]:
    """A yearly change as RRULEs with their first onset in `year` or as soon after as they have one.

    A time beyond the day (``M3.4.4/26``) makes it another day: a weekday in a range of days of the
    month. A range that crosses the month's end becomes two rules.
    """
    shift, seconds = divmod(rule.seconds, 86_400)
    if rule.day is not None:
        days = {(rule.day_in(1970) + timedelta(shift)).timetuple()[1:3]}
        weekday = ""
    else:
        weekday = _WEEKDAYS[(rule.weekday + shift) % 7]
        length = calendar.monthrange(1970, rule.month)[1]
        first = length - 6 if rule.week == 5 else 7 * rule.week - 6
        if not shift:
            week = -1 if rule.week == 5 else rule.week
            onset = rule.day_in(year) + timedelta(seconds=seconds)
            text = f"FREQ=YEARLY;BYMONTH={rule.month};BYDAY={week}{weekday}"
            yield Observance(onset, rule.before, rule.after, text)
            return
        if rule.month == 2 and rule.week == 5:
            return  # the last week of February has no fixed days; the listed form remains
        start = datetime(1970, rule.month, first)  # noqa: DTZ001
        days = {(start + timedelta(day + shift)).timetuple()[1:3] for day in range(7)}
    for month in sorted({month for month, _ in days}):
        in_month = sorted(day for its_month, day in days if its_month == month)
        by_day = f";BYDAY={weekday}" if weekday else ""
        numbers = ",".join(str(day) for day in in_month)
        text = f"FREQ=YEARLY;BYMONTH={month}{by_day};BYMONTHDAY={numbers}"
        for onset_year in range(year, year + 12):
            onset = rule.day_in(onset_year) + timedelta(shift, seconds)
            if (onset.month, onset.day) in days and onset.month == month:
                yield Observance(onset, rule.before, rule.after, text)
                break


def _transitions(
    observances: tuple[Observance, ...], begin: int, end: int
) -> list[Transition] | None:
    """What a reader makes of the observances within a stretch, in order.

    Only the rules written here are understood; they are read back from their text, so that it is
    the text that is proven. Transitions that change nothing are left out.
    """
    transitions = []
    for observance in observances:
        for onset in _onsets(observance, (_EPOCH + timedelta(seconds=end)).year + 1):
            utc = int((onset - _EPOCH).total_seconds()) - observance.before
            transitions.append(Transition(utc, observance.before, observance.after))
    transitions.sort()
    for earlier, later in pairwise(transitions):
        if begin <= later.utc < end and earlier.after != later.before:
            return None  # a change from an offset that does not hold
    return [
        transition
        for transition in transitions
        if begin <= transition.utc < end and transition.before != transition.after
    ]


def _offset_before(observances: tuple[Observance, ...], instant: int) -> int | None:
    transitions = _transitions(observances, -(1 << 40), instant + 1)
    if transitions:
        return transitions[-1].after
    return observances[0].after if observances else None


def _onsets(observance: Observance, last_year: int) -> Iterator[datetime]:
    yield observance.onset
    if not observance.rule:
        return
    parts = dict(part.split("=") for part in observance.rule.split(";"))
    if "INTERVAL" in parts:
        yield observance.onset.replace(year=observance.onset.year + int(parts["INTERVAL"]))
        return
    month = int(parts["BYMONTH"])
    by_day = parts.get("BYDAY", "")
    week, weekday = int(by_day[:-2] or 0), by_day[-2:]
    numbers = {int(day) for day in parts.get("BYMONTHDAY", "0").split(",")}
    for year in range(observance.onset.year + 1, last_year + 1):
        length = calendar.monthrange(year, month)[1]
        for day in range(1, length + 1):
            moment = observance.onset.replace(year=year, month=month, day=day)
            if weekday and _WEEKDAYS[moment.isoweekday() % 7] != weekday:
                continue
            if week and week not in ((day + 6) // 7, -((length - day) // 7 + 1)):
                continue
            if numbers != {0} and day not in numbers:
                continue
            yield moment


def _prove(key: str, begin: int, end: int, truth: list[Transition], offset: int) -> None:
    """Compares with ``zoneinfo`` around every transition and between each two."""
    zone = known_zone(key)
    stretches = [Transition(begin, offset, offset), *truth, Transition(end, 0, 0)]
    for stretch, following in pairwise(stretches):
        for utc in (stretch.utc, (stretch.utc + following.utc) // 2, following.utc - 1):
            instant = datetime.fromtimestamp(0, UTC) + timedelta(seconds=utc)
            if instant.astimezone(zone).utcoffset() != timedelta(seconds=stretch.after):
                raise PlannerError(
                    f"`{key}`: the rules of this time zone disagree with zoneinfo at"
                    f" {instant:%Y-%m-%d %H:%M} UTC"
                )
