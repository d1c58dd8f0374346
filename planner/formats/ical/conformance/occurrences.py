"""Whether a time is one of those at which a component repeats (RFC 5545 3.3.10, 3.8.5).

A time is looked up in the day, week, month or year that it lies in: no rule is expanded, however
often it says that it repeats. Of rules that are not understood nothing is said.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.instants import instant_of
from planner.formats.ical.conformance.recurrence import RecurrenceRule, amount, read_rule
from planner.formats.ical.conformance.scalars import DateTimeValue, parse_moment
from planner.time.zone import known_zone

_UNDERSTOOD = frozenset({
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST",
})  # fmt: skip
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MAX_LOOKED_AT = 3_000
"""Days that are looked at to count the occurrences of one rule; beyond them nobody can tell."""


class RecurrenceSet(NamedTuple):
    """When a component repeats: its start, its rules, and the dates beside them.

    ``dates`` are by the clock of the start, ``unclear`` if one of them has no clock in common.
    """

    begin: DateTimeValue
    rules: tuple[RecurrenceRule, ...]
    dates: frozenset[datetime]
    unclear: bool

    def holds(self, moment: DateTimeValue) -> bool | None:
        """Whether it takes place at a time, by whatever clock; ``None`` where nobody can tell."""
        clock = _by_clock_of(self.begin, moment)
        if clock is None:
            return None
        if clock == self.begin.clock or clock in self.dates:
            return True
        answers = [_occurs(rule, self.begin, clock) for rule in self.rules]
        if True in answers:
            return True
        if self.unclear or None in answers or _is_odd_hour(self.begin, clock):
            return None
        return False


def recurrence_set(component: Component) -> RecurrenceSet | None:
    """When a component repeats; ``None`` where it says so in a way that is not understood."""
    start = component.first("DTSTART")
    begin = None if start is None else parse_moment(start.value, start.single("TZID"))
    if begin is None or component.malformed or component.first("EXRULE") is not None:
        return None
    rules = []
    for prop in component.all("RRULE"):
        rule, problems = read_rule(prop)
        if problems:
            return None
        rules.append(rule)
    dates: set[datetime] = set()
    unclear = False
    for prop in component.all("RDATE"):
        for item in prop.value.split(","):
            moment = parse_moment(item.partition("/")[0], prop.single("TZID"))
            if moment is None:
                return None
            clock = _by_clock_of(begin, moment)
            unclear = unclear or clock is None
            dates.update(() if clock is None else (clock,))
    return RecurrenceSet(begin, tuple(rules), frozenset(dates), unclear)


def _by_clock_of(begin: DateTimeValue, moment: DateTimeValue) -> datetime | None:
    """What the clock of a start shows at a moment; ``None`` if the two have no clock in common."""
    if (moment.kind, moment.zone) == (begin.kind, begin.zone):
        return moment.clock
    zone = known_zone(begin.zone) if begin.kind == "local" else None
    instant = instant_of(moment)
    if instant is None or (zone is None and begin.kind != "utc"):
        return None
    try:
        return (instant if zone is None else instant.astimezone(zone)).replace(tzinfo=None)
    except OverflowError:
        return None


def _is_odd_hour(begin: DateTimeValue, clock: datetime) -> bool:
    """Whether on that date clocks skip or repeat the hour at which a component begins."""
    zone = known_zone(begin.zone) if begin.kind == "local" else None
    if zone is None:
        return begin.kind == "local"
    moment = datetime.combine(clock.date(), begin.clock.time(), zone)
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def _occurs(rule: RecurrenceRule, begin: DateTimeValue, clock: datetime) -> bool | None:
    """Whether a rule has a time, by the clock of its start; ``None`` where nobody can tell."""
    start = begin.clock
    if not _is_understood(rule):
        return None
    if clock < start or clock.time() != start.time():
        return False
    if not _is_aligned(rule, start.date(), clock.date()):
        return False
    if clock.date() not in _days(rule, start.date(), clock.date()):
        return False
    if "UNTIL" in rule.parts:
        return _is_until(rule, begin, clock)
    if "COUNT" in rule.parts:
        return _is_counted(rule, start.date(), clock.date())
    return True


def _is_understood(rule: RecurrenceRule) -> bool:
    if rule.frequency not in _FREQUENCIES or not set(rule.parts) <= _UNDERSTOOD:
        return False
    ordinals = any(ordinal for ordinal, _ in rule.days())
    # Whether ordinals beside days of the month are counted in it is read in two ways.
    return not (ordinals and "BYMONTHDAY" in rule.parts)


def _is_until(rule: RecurrenceRule, begin: DateTimeValue, clock: datetime) -> bool | None:
    until = parse_moment(rule.parts["UNTIL"], None)
    if until is None:
        return None
    if until.kind == begin.kind or (until.kind == "floating" and begin.kind == "local"):
        return clock <= until.clock
    last = _by_clock_of(begin, until)
    return None if last is None else clock <= last


def _is_counted(rule: RecurrenceRule, start: date, day: date) -> bool | None:
    """Whether an occurrence comes before a rule has been followed as often as COUNT says."""
    count = amount(rule.parts["COUNT"])
    if (day - start).days < count:  # there is one a day at most
        return True
    if start not in _days(rule, start, start):
        return None  # whether the start counts is read in two ways
    if _is_once(rule, start):
        return _periods(rule, start, day) // _interval(rule) < count
    seen = looked_at = 0
    period = start
    while looked_at < _MAX_LOOKED_AT:
        days = _days(rule, start, period)
        looked_at += max(1, len(_candidates(rule, start, period)))
        if day in days:
            return seen + sum(1 for counted in days if start <= counted <= day) <= count
        seen += sum(1 for day in days if day >= start)
        if seen >= count:
            return False
        following = _next_period(rule, period)
        if following is None:
            return None
        period = following
    return None


def _is_once(rule: RecurrenceRule, start: date) -> bool:
    """Whether a rule has exactly one occurrence in each of its days, weeks, months or years."""
    parts = set(rule.parts) - {"FREQ", "INTERVAL", "COUNT", "WKST"}
    days, monthdays, months = rule.days(), rule.numbers("BYMONTHDAY"), rule.numbers("BYMONTH")
    if rule.frequency == "DAILY":
        return not parts
    if rule.frequency == "WEEKLY":
        return parts <= {"BYDAY"} and len(set(days)) <= 1
    if len(months) > (0 if rule.frequency == "MONTHLY" else 1):
        return False
    parts.discard("BYMONTH")
    if not parts:
        return start.day <= 28
    if parts == {"BYDAY"}:
        return len(days) == 1 and 1 <= abs(days[0][0]) <= 4
    in_month = rule.frequency == "MONTHLY" or bool(months)
    return parts == {"BYMONTHDAY"} and in_month and len(monthdays) == 1 and abs(monthdays[0]) <= 28


def _interval(rule: RecurrenceRule) -> int:
    return amount(rule.parts.get("INTERVAL", "1"))


def _next_period(rule: RecurrenceRule, day: date) -> date | None:
    """A day of the next day, week, month or year that a rule looks at."""
    interval = _interval(rule)
    try:
        if rule.frequency == "DAILY":
            return day + timedelta(days=interval)
        if rule.frequency == "WEEKLY":
            return day + timedelta(weeks=interval)
        months = interval * (12 if rule.frequency == "YEARLY" else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return date(year, month + 1, 1)
    except (OverflowError, ValueError):
        return None


def _is_aligned(rule: RecurrenceRule, start: date, day: date) -> bool:
    """Whether a day lies in one of every INTERVAL days, weeks, months or years."""
    return _periods(rule, start, day) % _interval(rule) == 0


def _periods(rule: RecurrenceRule, start: date, day: date) -> int:
    """How many days, weeks, months or years a day lies after the start."""
    if rule.frequency == "DAILY":
        return (day - start).days
    if rule.frequency == "WEEKLY":
        return (_week(rule, day) - _week(rule, start)) // 7
    if rule.frequency == "MONTHLY":
        return (day.year - start.year) * 12 + day.month - start.month
    return day.year - start.year


def _week(rule: RecurrenceRule, day: date) -> int:
    """The ordinal of the first day of the week that a day lies in."""
    first = _WEEKDAYS.index(rule.parts.get("WKST", "MO"))
    return day.toordinal() - (day.weekday() - first) % 7


def _days(rule: RecurrenceRule, start: date, day: date) -> list[date]:
    """The days on which a rule has an occurrence in the day, week, month or year of a day."""
    chosen = [day for day in _candidates(rule, start, day) if _fits(rule, start, day)]
    positions = rule.numbers("BYSETPOS")
    if positions:
        places = {at - 1 if at > 0 else len(chosen) + at for at in positions}
        chosen = [day for at, day in enumerate(chosen) if at in places]
    return chosen


def _candidates(rule: RecurrenceRule, start: date, day: date) -> list[date]:
    """The days of the day, week, month or year of a day that have to be looked at."""
    if rule.frequency == "DAILY":
        return [day]
    if rule.frequency == "WEEKLY":
        first = _week(rule, day)
        return [
            date.fromordinal(number) for number in range(first, first + 7) if 1 <= number <= _LAST
        ]
    if rule.frequency == "MONTHLY":
        return _month(day.year, day.month)
    months = sorted(set(rule.numbers("BYMONTH")))
    if not months:
        by_day = {"BYDAY", "BYMONTHDAY"} & rule.parts.keys()
        months = list(range(1, 13)) if by_day else [start.month]
    return [candidate for month in months for candidate in _month(day.year, month)]


_LAST = date.max.toordinal()


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _fits(rule: RecurrenceRule, start: date, day: date) -> bool:
    """Whether the parts of a rule, and what it takes from its start, let it have a day."""
    months, monthdays, days = (
        rule.numbers("BYMONTH"), rule.numbers("BYMONTHDAY"), rule.days(),
    )  # fmt: skip
    if months and day.month not in months:
        return False
    length = monthrange(day.year, day.month)[1]
    if monthdays and day.day not in monthdays and day.day - length - 1 not in monthdays:
        return False
    if days:
        return any(_is_weekday(rule, ordinal, day, length) for ordinal, weekday in days
                   if weekday == day.weekday())  # fmt: skip
    if monthdays or rule.frequency == "DAILY":
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and (
        rule.frequency == "MONTHLY" or bool(months) or day.month == start.month
    )


def _is_weekday(rule: RecurrenceRule, ordinal: int, day: date, length: int) -> bool:
    """Whether a day is its weekday's first, second ... or last of the month or of the year."""
    if not ordinal:
        return True
    place = day.day
    if rule.frequency == "YEARLY" and "BYMONTH" not in rule.parts:
        place = day.timetuple().tm_yday
        length = date(day.year, 12, 31).timetuple().tm_yday
    return ordinal in ((place - 1) // 7 + 1, -((length - place) // 7 + 1))
