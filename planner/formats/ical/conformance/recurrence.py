"""Recurrence rules (RFC 5545 3.3.10, RFC 7529), and what they must have in common with DTSTART."""

import re
from calendar import monthrange
from typing import NamedTuple

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.instants import instant_of
from planner.formats.ical.conformance.scalars import DateTimeValue, parse_moment
from planner.formats.ical.content_lines import Property

FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}")
_MONTH = re.compile(r"([0-9]{1,2})L?")
# Part by part: the least and the greatest number, and whether they may be counted from the end.
_RANGES = {
    "BYSECOND": (0, 60, False), "BYMINUTE": (0, 59, False), "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True), "BYYEARDAY": (1, 366, True), "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
}  # fmt: skip
_PARTS = frozenset(_RANGES) | {
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "BYMONTH", "WKST", "RSCALE", "SKIP",
}  # fmt: skip


class RecurrenceRule(NamedTuple):
    """A recurrence rule as far as it could be read: its parts, with their offsets in the text."""

    parts: dict[str, str]
    offsets: dict[str, int]
    frequency: str

    def numbers(self, name: str) -> list[int]:
        """The numbers of a part such as BYMONTH that is known to be right."""
        text = self.parts.get(name, "")
        return [int(item.rstrip("Ll")) for item in text.split(",")] if text else []

    def days(self) -> list[tuple[int, int]]:
        """BYDAY as pairs: the ordinal (0 for none) and the weekday (0 for Monday)."""
        matches = [_DAY.fullmatch(item) for item in self.parts.get("BYDAY", "").split(",")]
        return [(int(match[1] or 0), WEEKDAYS.index(match[2])) for match in matches if match]


def read_rule(prop: Property) -> tuple[RecurrenceRule, list[tuple[str, str, int]]]:
    """A rule and what is wrong with it: a rule of the check, a message and an offset each."""
    problems: list[tuple[str, str, int]] = []
    parts: dict[str, str] = {}
    offsets: dict[str, int] = {}
    offset = prop.offset
    for number, item in enumerate(prop.value.split(";")):
        name, equals, value = item.partition("=")
        word = name.upper()
        if not equals or not value or not name:
            problems.append(("rule-syntax", f"`{item[:40]}` is not as FREQ=DAILY", offset))
        elif word not in _PARTS:
            problems.append(("rule-part", f"a rule has no part {name[:40]}", offset))
        elif word in parts:
            problems.append(("rule-syntax", f"{word} stands twice", offset))
        else:
            # RFC 7529's RSCALE stands before it in each of its examples.
            if word == "FREQ" and number > ("RSCALE" in parts):
                problems.append(("rule-syntax", "FREQ is the first part of a rule", offset))
            parts[word], offsets[word] = value.upper(), offset
            message = _wrong(word, value.upper())
            if message:
                problems.append(("rule-part", message, offset))
        offset += len(item) + 1
    if "FREQ" not in parts:
        problems.append(("rule-syntax", "a rule needs FREQ", prop.offset))
    return RecurrenceRule(parts, offsets, parts.get("FREQ", "")), problems


_MAX_AMOUNT = 10**9
"""More than there are days in all calendars: what is more than that is as good as endless."""


def amount(text: str) -> int:
    """A number of times or of periods, of however many digits; `_MAX_AMOUNT` for larger ones."""
    digits = text.lstrip("0")
    return _MAX_AMOUNT if len(digits) > 9 else int(digits or "0")


def _wrong(name: str, value: str) -> str:
    """What is wrong with the value of a part; empty if nothing is."""
    items = value.split(",")
    if name == "FREQ":
        return "" if value in FREQUENCIES else f"FREQ is one of {', '.join(FREQUENCIES)}"
    if name in ("COUNT", "INTERVAL"):
        good = re.fullmatch("[0-9]+", value) and amount(value) > 0
        return "" if good else f"{name} is a number from 1 on, not `{value[:40]}`"
    if name == "UNTIL":
        return "" if parse_moment(value, None) else f"UNTIL: `{value[:40]}` is not a date or time"
    if name == "WKST":
        return "" if value in WEEKDAYS else f"WKST is a weekday such as MO, not `{value[:40]}`"
    if name == "BYMONTH":
        months = [_MONTH.fullmatch(item) for item in items]
        # The Hebrew and other calendars have a thirteenth month (RFC 7529 4.1).
        good = all(match and 1 <= int(match[1]) <= 13 for match in months)
        return "" if good else f"BYMONTH: `{value[:40]}` are no months"
    if name == "BYDAY":
        days = [_DAY.fullmatch(item) for item in items]
        good = all(match and (match[1] is None or 1 <= abs(int(match[1])) <= 53) for match in days)
        return "" if good else f"BYDAY: `{value[:40]}` are no weekdays such as MO or -1FR"
    if name in _RANGES:
        low, high, signed = _RANGES[name]
        for item in items:
            if not _NUMBER.fullmatch(item) or not (
                low <= (abs(int(item)) if signed else int(item)) <= high
            ):
                return f"{name}: `{item[:40]}` is not within {low} to {high}"
    if name == "SKIP" and value not in ("OMIT", "BACKWARD", "FORWARD"):
        return f"SKIP is OMIT, BACKWARD or FORWARD, not `{value[:40]}`"
    return ""


def check_rule(prop: Property, component: Component, findings: CalendarFindings) -> None:
    """Tells what is wrong with an RRULE by itself and beside the component's DTSTART."""
    rule, problems = read_rule(prop)
    for name, message, offset in problems:
        findings.tell_at(name, prop, message, offset=offset)
    combined = _combination(rule)
    if combined:
        findings.tell_at("rule-combination", prop, combined)
    if "BYMONTH" in rule.parts and "RSCALE" not in rule.parts and not problems:
        months = rule.parts["BYMONTH"].split(",")
        if any(month.endswith("L") or int(month) > 12 for month in months):
            findings.tell_at("rule-part", prop, "BYMONTH is 1 to 12 without an RSCALE")
    if component.name in ("STANDARD", "DAYLIGHT") or problems or combined:
        return
    if prop is not component.first(prop.name):
        return  # a second rule is told of elsewhere
    first = component.first("DTSTART")
    start = parse_moment(first.value, first.single("TZID")) if first else None
    if first is None:
        if "DTSTART" not in component.malformed:
            findings.tell_at("no-start", prop, f"{prop.name} without a DTSTART to count from")
    elif start is not None:
        _check_beside(prop, rule, start, component, findings)


def _combination(rule: RecurrenceRule) -> str:
    """Parts that exclude each other; empty if there are none."""
    parts, frequency = rule.parts, rule.frequency
    if "COUNT" in parts and "UNTIL" in parts:
        return "COUNT and UNTIL exclude each other"
    ordinals = any(ordinal for ordinal, _ in rule.days())
    if ordinals and frequency not in ("MONTHLY", "YEARLY"):
        return f"BYDAY has ordinals, which FREQ={frequency} does not know"
    if ordinals and frequency == "YEARLY" and "BYWEEKNO" in parts:
        return "BYDAY with ordinals excludes BYWEEKNO"
    if "BYMONTHDAY" in parts and frequency == "WEEKLY":
        return "BYMONTHDAY does not go with FREQ=WEEKLY"
    if "BYYEARDAY" in parts and frequency in ("DAILY", "WEEKLY", "MONTHLY"):
        return f"BYYEARDAY does not go with FREQ={frequency}"
    if "BYWEEKNO" in parts and frequency != "YEARLY":
        return "BYWEEKNO goes with FREQ=YEARLY only"
    others = [name for name in parts if name.startswith("BY") and name != "BYSETPOS"]
    if "BYSETPOS" in parts and not others:
        return "BYSETPOS needs another BY part"
    if "SKIP" in parts and "RSCALE" not in parts:
        return "SKIP needs RSCALE"
    return ""


def _check_beside(
    prop: Property,
    rule: RecurrenceRule,
    start: DateTimeValue,
    component: Component,
    findings: CalendarFindings,
) -> None:
    parts = rule.parts
    if start.kind == "date":
        timed = [name for name in ("BYHOUR", "BYMINUTE", "BYSECOND") if name in parts]
        if timed or rule.frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
            what = timed[0] if timed else f"FREQ={rule.frequency}"
            findings.tell_at("rule-combination", prop, f"{what} beside a DTSTART that is a DATE")
    until = parse_moment(parts.get("UNTIL", ""), None)
    if until is not None:
        offset = rule.offsets["UNTIL"]
        wanted = {"date": "a DATE", "floating": "a local time"}.get(start.kind, "in UTC, with Z")
        kind = "utc" if start.kind in ("utc", "local") else start.kind
        if until.kind != kind:
            message = f"UNTIL={parts['UNTIL']}: by this DTSTART it is {wanted}"
            findings.tell_at("rule-until", prop, message, offset=offset)
        elif _is_before(until, start):
            message = f"UNTIL={parts['UNTIL']} is before DTSTART"
            findings.tell_at("rule-ends-first", prop, message, offset=offset)
    excluded = any(
        start.clock == moment.clock
        for other in component.all("EXDATE")
        for item in other.value.split(",")
        if (moment := parse_moment(item, None)) is not None
    )
    # RFC 7953's own examples of AVAILABLE begin on another day.
    ours = "RSCALE" not in parts and component.name != "AVAILABLE"
    if ours and not excluded and not fits(rule, start):
        message = f"DTSTART ({start.clock:%a} {start.clock.date()}) is not a day of {prop.name}"
        findings.tell_at("start-outside-rule", prop, message)


def _is_before(until: DateTimeValue, start: DateTimeValue) -> bool:
    if until.kind == start.kind:
        return until.clock < start.clock
    first, last = instant_of(start), instant_of(until)
    return first is not None and last is not None and last < first


def fits(rule: RecurrenceRule, start: DateTimeValue) -> bool:
    """Whether a moment may be one of a rule's, as far as month, day and weekday go."""
    day = start.clock
    months = rule.numbers("BYMONTH")
    if months and day.month not in months:
        return False
    length = monthrange(day.year, day.month)[1]
    monthdays = rule.numbers("BYMONTHDAY")
    if monthdays and day.day not in monthdays and day.day - length - 1 not in monthdays:
        return False
    days = rule.days()
    if not days:
        return True
    monthly = rule.frequency == "MONTHLY" or (rule.frequency == "YEARLY" and bool(months))
    for ordinal, weekday in days:
        if weekday != day.weekday():
            continue
        from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        if not ordinal or not monthly or ordinal in (from_start, from_end):
            return True
    return False
