"""Starts, ends and lengths of a component beside each other (RFC 5545 3.6 and 3.8.2)."""

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.instants import instant_of
from planner.formats.ical.conformance.occurrences import recurrence_set
from planner.formats.ical.conformance.scalars import DateTimeValue, parse_duration, parse_moment
from planner.formats.ical.conformance.zones import Zones
from planner.formats.ical.content_lines import Property
from planner.time.zone import known_zone

_KINDS = {
    "date": "a DATE", "utc": "in UTC", "local": "the local time of a zone",
    "floating": "a local time of no zone",
}  # fmt: skip


def moment_of(component: Component, name: str) -> DateTimeValue | None:
    """The DATE or DATE-TIME of a component's property, or ``None`` if it has no good one."""
    prop = component.first(name)
    return None if prop is None else parse_moment(prop.value, prop.single("TZID"))


def check_times(component: Component, zones: Zones, findings: CalendarFindings) -> None:
    """Tells what is wrong between the times of a component; zones remember which are used."""
    start = component.first("DTSTART")
    begin = moment_of(component, "DTSTART")
    length = component.first("DURATION")
    for name in ("DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "EXDATE", "RDATE"):
        for prop in component.all(name):
            _remember(prop, zones, findings)
    for name in ("DTEND", "DUE"):
        end = component.first(name)
        if end is not None:
            if length is not None:
                message = f"{component.name} has {name} and DURATION"
                findings.tell_at("end-and-duration", length, message, offset=0)
            _check_end(component, end, start, begin, zones, findings)
    if length is not None:
        if start is None and "DTSTART" not in component.malformed:
            findings.tell_at("no-start", length, "DURATION without a DTSTART", offset=0)
        read = parse_duration(length.value)
        if read is not None and read.timed and begin is not None and begin.kind == "date":
            message = f"DURATION is {length.value}, DTSTART is a DATE: only days or weeks"
            findings.tell_at("duration-of-dates", length, message)
    _check_exceptions(component, begin, findings)
    _check_stamps(component, findings)
    _check_busy_status(component, findings)


def _remember(prop: Property, zones: Zones, findings: CalendarFindings) -> None:
    zone = prop.single("TZID")
    if not zone:
        if _is_floating(prop):
            zones.floating(prop)
        return
    for item in prop.value.split(","):
        moment = parse_moment(item.partition("/")[0], zone)
        if moment is None or moment.kind != "local":
            return  # told where the value is looked at
        zones.used(zone, moment.clock, prop)
        if prop.name in ("DTSTART", "DTEND", "DUE", "RDATE"):
            _check_clock(prop, moment, findings)


def _is_floating(prop: Property) -> bool:
    moment = parse_moment(prop.value.partition(",")[0].partition("/")[0], None)
    return moment is not None and moment.kind == "floating"


def _check_clock(prop: Property, moment: DateTimeValue, findings: CalendarFindings) -> None:
    """Whether the clocks of a known zone show a local time, and how often."""
    zone = known_zone(moment.zone)
    if zone is None:
        return
    first, second = (moment.clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return
    text = f"{moment.clock:%Y-%m-%d %H:%M:%S} in {moment.zone}"
    if before < after:
        message = f"{text} does not exist: clocks are put forward over it"
        findings.tell_at("skipped-time", prop, message)
    else:
        message = f"{text} happens twice: clocks are put back; in UTC it would be clear"
        findings.tell_at("repeated-time", prop, message)


def _check_end(
    component: Component,
    end: Property,
    start: Property | None,
    begin: DateTimeValue | None,
    zones: Zones,
    findings: CalendarFindings,
) -> None:
    clause = "RFC 5545 3.8.2.3" if end.name == "DUE" else "RFC 5545 3.8.2.2"
    until = moment_of(component, end.name)
    if start is None:
        if component.name == "VAVAILABILITY" or component.name == "AVAILABLE":
            findings.tell_at(
                "no-start", end, f"{end.name} without a DTSTART", "RFC 7953 3.1", offset=0
            )
        return
    if begin is None or until is None:
        return
    floats = (begin.kind == "floating") != (until.kind == "floating")
    if (begin.kind == "date") != (until.kind == "date") or floats:
        message = f"DTSTART is {_KINDS[begin.kind]}, {end.name} {_KINDS[until.kind]}"
        findings.tell_at("end-type", end, message, clause)
        return
    order = _compared(begin, until)
    if order is None:
        zones.later(begin, until, lambda later: _tell_order(later, begin, end, findings))
    else:
        _tell_order(order, begin, end, findings)


def _tell_order(
    order: float, begin: DateTimeValue, end: Property, findings: CalendarFindings
) -> None:
    """Tells of an end that does not lie after its start; ``order`` is end minus start, any unit."""
    if order > 0:
        return
    clause = "RFC 5545 3.8.2.3" if end.name == "DUE" else "RFC 5545 3.8.2.2"
    if order == 0 and end.name == "DUE":
        findings.tell_at("due-at-start", end, "DUE is DTSTART")
    elif order == 0 and begin.kind == "date":
        message = f"{end.name} is DTSTART; the end of whole days is the day after the last one"
        findings.tell_at("end-before-start", end, message, clause)
    else:
        where = "at" if order == 0 else "before"
        findings.tell_at("end-before-start", end, f"{end.name} is {where} DTSTART", clause)


def _compared(begin: DateTimeValue, end: DateTimeValue) -> float | None:
    """Seconds from begin to end, or ``None`` where that takes a VTIMEZONE."""
    if begin.kind == end.kind and begin.zone == end.zone and begin.kind != "local":
        return (end.clock - begin.clock).total_seconds()
    first, last = instant_of(begin), instant_of(end)
    if first is None or last is None:
        if begin.kind == end.kind and begin.zone == end.zone:
            return (end.clock - begin.clock).total_seconds()
        return None
    return (last - first).total_seconds()


def _check_exceptions(
    component: Component, begin: DateTimeValue | None, findings: CalendarFindings
) -> None:
    excluded = component.all("EXDATE")
    if excluded and not (component.first("RRULE") or component.first("RDATE")):
        message = "EXDATE in a component that does not repeat"
        findings.tell_at("exception-of-nothing", excluded[0], message, offset=0)
    if begin is None:
        return
    _check_excluded(component, findings)
    for prop in (*excluded, *component.all("RDATE")):
        for item in prop.value.split(","):
            text, slash, _ = item.partition("/")
            moment = parse_moment(text, prop.single("TZID"))
            if moment is None:
                break
            unlike = (moment.kind == "date") != (begin.kind == "date") or (
                (moment.kind == "floating") != (begin.kind == "floating")
            )
            if unlike or (slash and begin.kind == "date"):
                kind = "a PERIOD" if slash else _KINDS[moment.kind]
                message = f"DTSTART is {_KINDS[begin.kind]}, {prop.name} {kind}"
                clause = "RFC 5545 3.8.5.1" if prop.name == "EXDATE" else "RFC 5545 3.8.5.2"
                findings.tell_at("exception-type", prop, message, clause)
                break


def _check_excluded(component: Component, findings: CalendarFindings) -> None:
    """Excluded times at which the component never takes place anyway."""
    excluded = component.all("EXDATE")
    repeats = recurrence_set(component) if excluded else None
    if repeats is None or not (repeats.rules or repeats.dates):
        return
    for prop in excluded:
        for item in prop.value.split(","):
            moment = parse_moment(item, prop.single("TZID"))
            if moment is None:
                break
            if repeats.holds(moment) is False:
                clock = f"{moment.clock:%a %Y-%m-%d %H:%M}"
                message = f"EXDATE {clock} is not a time of {_source(component)}"
                findings.tell_at("exception-of-nothing", prop, message)
                break


def _source(component: Component) -> str:
    return "the rule" if component.first("RRULE") else "its RDATEs"


def _check_stamps(component: Component, findings: CalendarFindings) -> None:
    created, modified = (moment_of(component, name) for name in ("CREATED", "LAST-MODIFIED"))
    if created is None or modified is None or created.kind != "utc" or modified.kind != "utc":
        return
    prop = component.first("LAST-MODIFIED")
    if prop is not None and modified.clock < created.clock:
        findings.tell_at("modified-before", prop, "LAST-MODIFIED is before CREATED")


def _check_busy_status(component: Component, findings: CalendarFindings) -> None:
    prop = component.first("X-MICROSOFT-CDO-BUSYSTATUS")
    transparency = component.text("TRANSP").upper()
    if prop is None or transparency not in ("OPAQUE", "TRANSPARENT"):
        return
    word = prop.value.strip().upper()
    if word not in ("FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE"):
        findings.tell_at(
            "busy-status", prop, f"{prop.value[:40]} is none of Outlook's words for it"
        )
    elif (word == "FREE") != (transparency == "TRANSPARENT"):
        message = f"{prop.value[:40]} where TRANSP is {transparency}"
        findings.tell_at("busy-status", prop, message)
