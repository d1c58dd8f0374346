"""Values of registered properties, by their types (RFC 5545 3.3 and 3.8)."""

import re
from collections.abc import Callable, Iterator

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.grammar import IN_UTC, METHODS, PROPERTIES, STATUSES
from planner.formats.ical.conformance.parameters import is_private, type_of
from planner.formats.ical.conformance.recurrence import check_rule
from planner.formats.ical.conformance.scalars import (
    DateTimeValue,
    is_uri,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_offset,
)
from planner.formats.ical.content_lines import Property
from planner.formats.ical.options import CSS3_COLORS

_SPECIAL = re.compile(r"\\(.?)|[;,]", re.DOTALL)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,30})?")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_STATUS_CODE = re.compile(r"[0-9]+(\.[0-9]+){1,2};(.*)", re.DOTALL)
_MAIL = re.compile(r"mailto:[^@\s]+@[^@\s]+", re.IGNORECASE)
_VERSION = re.compile(r"(?:[0-9.]+;)?2\.0")
# Names and identifiers: TEXT as well, but nearly everybody writes them as they are.
_LOOSE = frozenset({
    "PRODID", "TZID", "TZNAME", "UID", "RELATED-TO", "X-WR-CALNAME", "X-WR-CALDESC",
    "TZID-ALIAS-OF",
})  # fmt: skip
_RANGES = {
    "PRIORITY": (0, 9), "PERCENT-COMPLETE": (0, 100), "REPEAT": (0, 2**31 - 1),
    "SEQUENCE": (0, 2**31 - 1),
}  # fmt: skip
_REGISTERED = {
    "CLASS": "PUBLIC PRIVATE CONFIDENTIAL",
    # NONE is Apple's, in every default alarm that is switched off.
    "ACTION": "AUDIO DISPLAY EMAIL PROCEDURE NONE",
    "BUSYTYPE": "BUSY BUSY-UNAVAILABLE BUSY-TENTATIVE",
    "PROXIMITY": "ARRIVE DEPART CONNECT DISCONNECT",
}


def check_value(prop: Property, component: Component, findings: CalendarFindings) -> None:
    """Tells what is wrong with the value of a property; a vendor's own may say what they like."""
    if prop.name not in PROPERTIES:
        if prop.name in _LOOSE:
            _check_text(prop, findings, prop.offset, many=False)
        return
    kind = type_of(prop)
    _BY_TYPE[kind](prop, component, findings)
    if kind == "TEXT":
        _check_listed(prop, component, findings)


def _shown(value: str) -> str:
    return f"`{value if len(value) <= 60 else value[:59] + '…'}`"


def _check_text(prop: Property, findings: CalendarFindings, begin: int, *, many: bool) -> None:
    """Escapes and separators of TEXT, told once each."""
    text = prop.line.text
    rules: set[str] = set()
    for match in _SPECIAL.finditer(text, begin):
        sign = match.group()
        if sign[0] == "\\":
            if match[1] and match[1] in "\\;,nN":
                continue
            rule = "text-escape"
            message = (
                f"{_shown(sign)} is not an escape"
                if match[1]
                else "a backslash at the end of a text"
            )
        else:
            if sign == "," and many:
                continue
            rule = "text-separator"
            message = f"`{sign}` in a text is written `\\{sign}`"
        if rule not in rules:
            rules.add(rule)
            loose = prop.name in _LOOSE
            findings.tell_at(
                "loose-text" if loose else rule, prop, f"{prop.name}: {message}",
                offset=match.start(),
            )  # fmt: skip


def _text(prop: Property, _: Component, findings: CalendarFindings) -> None:
    begin = prop.offset
    if prop.name == "REQUEST-STATUS":
        match = _STATUS_CODE.fullmatch(prop.value)
        if match is None:
            message = f"{_shown(prop.value)} is not as `2.0;Success`"
            findings.tell_at("request-status", prop, message)
        return
    if prop.name == "VERSION":
        return
    _check_text(prop, findings, begin, many=PROPERTIES[prop.name].many)


def _check_listed(prop: Property, component: Component, findings: CalendarFindings) -> None:
    """Texts that only have certain values; their case does not matter (RFC 5545 section 2)."""
    word = prop.value.upper()
    clause = PROPERTIES[prop.name].clause
    name = prop.name
    if name == "STATUS":
        allowed = STATUSES.get(component.name)
        if allowed is not None and word not in allowed:
            statuses = ", ".join(sorted(allowed))
            message = f"STATUS of a {component.name} is one of {statuses}, not {_shown(prop.value)}"
            findings.tell_at("enumerated", prop, message, clause)
    elif name == "TRANSP":
        if word not in ("OPAQUE", "TRANSPARENT"):
            message = f"TRANSP is OPAQUE or TRANSPARENT, not {_shown(prop.value)}"
            findings.tell_at("enumerated", prop, message, clause)
    elif name in _REGISTERED:
        if word not in _REGISTERED[name].split() and not is_private(word):
            message = f"{name}: {_shown(prop.value)} is not registered and does not begin with X-"
            findings.tell_at("unregistered-value", prop, message, clause)
        elif word == "PROCEDURE":
            findings.tell_at("deprecated", prop, "ACTION:PROCEDURE went with RFC 2445")
    elif name == "COLOR":
        if word.lower() not in CSS3_COLORS:
            findings.tell_at("color", prop, f"{_shown(prop.value)} is not a CSS3 colour name")
    elif name == "VERSION":
        if not _VERSION.fullmatch(prop.value):
            findings.tell_at("version", prop, f"VERSION is {_shown(prop.value)}; iCalendar is 2.0")
    elif name == "CALSCALE":
        if word != "GREGORIAN":
            findings.tell_at(
                "calendar-scale", prop, f"CALSCALE is GREGORIAN, not {_shown(prop.value)}"
            )
    elif name == "METHOD":
        if word not in METHODS:
            findings.tell_at(
                "unknown-method", prop, f"{_shown(prop.value)} is none of iTIP's methods"
            )
    elif name == "UID" and not prop.value.strip():
        findings.tell_at("uid-empty", prop, "UID is empty")


def _integer(prop: Property, _: Component, findings: CalendarFindings) -> None:
    if not _INTEGER.fullmatch(prop.value):
        findings.tell_at(
            "integer", prop, f"{prop.name}: {_shown(prop.value)} is not a whole number"
        )
        return
    low, high = _RANGES.get(prop.name, (-(2**31), 2**31 - 1))
    # No longer than a number in range can be, or reading it would take its time.
    if len(prop.value) > 40 or not low <= int(prop.value) <= high:
        message = f"{prop.name} is {low} to {high}, not {_shown(prop.value)}"
        findings.tell_at("number-range", prop, message, PROPERTIES[prop.name].clause)


def _geo(prop: Property, _: Component, findings: CalendarFindings) -> None:
    parts = prop.value.split(";")
    good = len(parts) == 2 and all(_FLOAT.fullmatch(part) for part in parts)
    if not good:
        message = f"GEO is latitude;longitude as `52.52;13.4`, not {_shown(prop.value)}"
        findings.tell_at("geo", prop, message)
    elif abs(float(parts[0])) > 90 or abs(float(parts[1])) > 180:
        findings.tell_at("geo", prop, f"{_shown(prop.value)} is nowhere on Earth")


def _duration(prop: Property, _: Component, findings: CalendarFindings) -> None:
    read = parse_duration(prop.value)
    if read is None:
        looks_like_time = parse_date_time(prop.value) is not None
        hint = "; an instant needs VALUE=DATE-TIME" if looks_like_time else ""
        rule = "alarm-trigger" if prop.name == "TRIGGER" and looks_like_time else "duration"
        findings.tell_at(rule, prop, f"{prop.name}: {_shown(prop.value)} is not a duration{hint}")
        return
    if read.gap:
        findings.tell_at("duration-gap", prop, f"{_shown(prop.value)} leaves out its minutes")
    if prop.name in ("DURATION", "REFRESH-INTERVAL") and read.length.total_seconds() <= 0:
        findings.tell_at("duration-not-positive", prop, f"{prop.name} is {_shown(prop.value)}")


def items(prop: Property) -> Iterator[tuple[int, str]]:
    """The items of a list with commas, each with its offset in the property's text."""
    offset = prop.offset
    for item in prop.value.split(","):
        yield offset, item
        offset += len(item) + 1


def _moments(prop: Property, component: Component, findings: CalendarFindings) -> None:
    kind = type_of(prop)
    values = items(prop) if PROPERTIES[prop.name].many else iter([(prop.offset, prop.value)])
    for offset, text in values:
        moment = check_moment(prop, text, kind, findings, offset)
        if moment is not None and not _written_right(prop, component, moment, findings, offset):
            return


def check_moment(
    prop: Property, text: str, kind: str, findings: CalendarFindings, offset: int
) -> DateTimeValue | None:
    """The DATE or DATE-TIME that a text is; tells what is wrong with it.

    Args:
        prop: whose TZID holds for a local time.
        text: one item of its value.
        kind: DATE or DATE-TIME.
        findings: where to tell.
        offset: where the text begins, in characters of the property's unfolded text.
    """
    zone = prop.single("TZID") or ""
    if kind == "DATE":
        day = parse_date(text)
        if day is None:
            findings.tell_at(
                "date", prop, f"{prop.name}: {_shown(text)} is not a date", offset=offset
            )
            return None
        return DateTimeValue("date", day)
    read = parse_date_time(text)
    if read is not None:
        if read[1]:
            return DateTimeValue("utc", read[0])
        return DateTimeValue("local", read[0], zone) if zone else DateTimeValue("floating", read[0])
    day = parse_date(text)
    if day is not None and prop.parameter("VALUE") is None:
        message = f"{prop.name}: {_shown(text)} is a date, but VALUE=DATE is missing"
        findings.tell_at("date-without-value", prop, message, offset=offset)
        return DateTimeValue("date", day)
    message = f"{prop.name}: {_shown(text)} is not a date and time such as 20270131T090000Z"
    findings.tell_at("date-time", prop, message, offset=offset)
    return None


def _written_right(
    prop: Property,
    component: Component,
    moment: DateTimeValue,
    findings: CalendarFindings,
    offset: int,
) -> bool:
    """Whether an instant is written by the clocks that the property demands; tells if not."""
    name = prop.name
    clause = PROPERTIES[name].clause
    zoned = prop.parameter("TZID") is not None
    if moment.kind == "date":
        if zoned:
            findings.tell_at(
                "zone-of-date", prop, f"{name} is a DATE and has a TZID", offset=offset
            )
            return False
        if name in IN_UTC:
            findings.tell_at("utc-required", prop, f"{name} is an instant in UTC", clause)
            return False
        return True
    if moment.kind == "utc":
        if zoned:
            message = f"{name} ends with Z (UTC) and has a TZID as well"
            findings.tell_at("zone-of-utc", prop, message, offset=offset)
            return False
        return True
    busy = component.name == "VFREEBUSY" and name in ("DTSTART", "DTEND")
    if name in IN_UTC or name == "TRIGGER" or busy:
        message = f"{name} is an instant in UTC, with Z at its end"
        rule = "alarm-trigger" if name == "TRIGGER" else "utc-required"
        findings.tell_at(rule, prop, message, clause, offset=offset)
        return False
    if component.name == "VAVAILABILITY" and moment.kind == "floating":
        message = f"{name} of a VAVAILABILITY is in UTC or has a TZID"
        findings.tell_at("utc-required", prop, message, "RFC 7953 3.1", offset=offset)
        return False
    return True


def _periods(prop: Property, component: Component, findings: CalendarFindings) -> None:
    for offset, text in items(prop):
        begin, slash, end = text.partition("/")
        if not slash:
            findings.tell_at("period", prop, f"{_shown(text)} is not a period", offset=offset)
            return
        start = check_moment(prop, begin, "DATE-TIME", findings, offset)
        if start is None or not _written_right(prop, component, start, findings, offset):
            return
        after = offset + len(begin) + 1
        length = parse_duration(end)
        if length is not None:
            if length.length.total_seconds() <= 0:
                findings.tell_at("period", prop, f"{_shown(text)} takes no time", offset=after)
                return
            continue
        until = check_moment(prop, end, "DATE-TIME", findings, after)
        if until is None or not _written_right(prop, component, until, findings, after):
            return
        if until.kind == start.kind and until.clock <= start.clock:
            message = f"{_shown(text)} ends before it has begun"
            findings.tell_at("period", prop, message, offset=after)
            return


def _offset(prop: Property, _: Component, findings: CalendarFindings) -> None:
    if parse_offset(prop.value) is None:
        message = f"{prop.name}: {_shown(prop.value)} is not an offset such as +0200"
        findings.tell_at("utc-offset", prop, message)


def _uri(prop: Property, _: Component, findings: CalendarFindings) -> None:
    if is_uri(prop.value):
        return
    relative = prop.value.startswith("/") and " " not in prop.value
    findings.tell_at(
        "relative-uri" if relative else "uri",
        prop,
        f"{prop.name}: {_shown(prop.value)} is not a URI",
    )


def _address(prop: Property, _: Component, findings: CalendarFindings) -> None:
    if is_uri(prop.value):
        if prop.value[:7].lower() == "mailto:" and not _MAIL.fullmatch(prop.value):
            findings.tell_at("address", prop, f"{prop.name}: {_shown(prop.value)} names no mailbox")
        return
    if prop.value.startswith("/") and " " not in prop.value:
        findings.tell_at("relative-uri", prop, f"{prop.name}: {_shown(prop.value)} has no scheme")
        return
    hint = "; write mailto: before it" if "@" in prop.value else ""
    findings.tell_at("address", prop, f"{prop.name}: {_shown(prop.value)} is not a URI{hint}")


def _binary(prop: Property, _: Component, findings: CalendarFindings) -> None:
    if (prop.single("ENCODING") or "").upper() != "BASE64":
        findings.tell_at("binary", prop, f"{prop.name} with VALUE=BINARY needs ENCODING=BASE64")
    elif not _BASE64.fullmatch(prop.value):
        findings.tell_at("binary", prop, f"the value of {prop.name} is not base64")


def _anything(prop: Property, component: Component, findings: CalendarFindings) -> None:
    """A type of which the standards say nothing that could be checked here."""


def _rule(prop: Property, component: Component, findings: CalendarFindings) -> None:
    check_rule(prop, component, findings)


_BY_TYPE: dict[str, Callable[[Property, Component, CalendarFindings], None]] = {
    "TEXT": _text, "INTEGER": _integer, "FLOAT": _geo, "DURATION": _duration,
    "DATE-TIME": _moments, "DATE": _moments, "PERIOD": _periods, "UTC-OFFSET": _offset,
    "URI": _uri, "CAL-ADDRESS": _address, "BINARY": _binary, "RECUR": _rule, "UID": _anything,
    "XML-REFERENCE": _anything,
}  # fmt: skip
