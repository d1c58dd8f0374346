"""Which properties and components stand where, and how often (RFC 5545 3.6)."""

from planner.errors import did_you_mean
from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.grammar import COMPONENTS, PROPERTIES
from planner.formats.ical.conformance.parameters import is_private
from planner.formats.ical.content_lines import Property

# Methods whose components need no DTSTART (RFC 5546 3.2).
_WITHOUT_START = frozenset({"REPLY", "CANCEL", "REFRESH", "DECLINECOUNTER"})
# Registered names outside of what this check knows, or in nearly every file by one vendor.
_TOLERATED = frozenset({"DALARM", "AALARM", "MALARM", "PALARM", "TZ", "DAYLIGHT"})


def check_properties(component: Component, method: str, findings: CalendarFindings) -> None:
    """Tells what is missing, too often there, or out of place; ``method`` is the calendar's."""
    kind = COMPONENTS.get(component.name)
    if kind is None:
        return
    counts = component.names()
    required = kind.required
    if component.name == "VEVENT" and method not in _WITHOUT_START:
        required = required | {"DTSTART"}
    for name in sorted(required):
        if name not in counts and name not in component.malformed:
            what = f"{component.name} without {name}"
            findings.tell_at("missing-property", component, what, kind.clause)
    for name, count in counts.items():
        if count > 1 and name in (kind.required | kind.once):
            first, again = component.all(name)[:2]
            message = f"{component.name} has {count} {name}; the first is in line"
            findings.tell_at(
                "repeated-property", again, f"{message} {first.line.number}", kind.clause, offset=0
            )
        if name == "RRULE" and count > 1:
            message = f"{component.name} has {count} RRULE"
            findings.tell_at("repeated-rule", component.all(name)[1], message, offset=0)
        if name not in kind.allowed:
            _check_place(component.all(name)[0], component, findings)
    for late in component.late[:1]:
        message = f"{late.name[:40]} stands behind a component of this {component.name}"
        findings.tell_at("property-order", late, message, offset=0)


def _check_place(prop: Property, component: Component, findings: CalendarFindings) -> None:
    name = prop.name
    if name in PROPERTIES:
        message = f"{name} is not a property of a {component.name}"
        rule = "zone-property" if component.name == "VTIMEZONE" else "property-not-allowed"
        findings.tell_at(rule, prop, message, PROPERTIES[name].clause, offset=0)
    elif name in _TOLERATED:
        findings.tell_at("deprecated", prop, f"{name} is of vCalendar 1.0", offset=0)
    elif not is_private(name):
        hint = did_you_mean(name, PROPERTIES, before="; ")
        message = f"{name[:60]} is not registered and does not begin with X-{hint}"
        findings.tell_at("unknown-property", prop, message, offset=0)


def check_place_of(component: Component, findings: CalendarFindings) -> None:
    """Tells of components inside that do not belong there; unregistered ones may be anywhere."""
    pending = [component]
    while pending:
        parent = pending.pop()
        for inner in parent.components:
            kind = COMPONENTS.get(inner.name)
            if kind is not None and parent.name not in kind.parents and parent.name in COMPONENTS:
                message = f"a {inner.name} does not stand in a {parent.name}"
                findings.tell_at("misplaced-component", inner, message, kind.clause)
            pending.append(inner)


def check_place_in_calendar(component: Component, findings: CalendarFindings) -> None:
    """Tells of a component that stands right in a VCALENDAR and does not belong there."""
    kind = COMPONENTS.get(component.name)
    if kind is None and not is_private(component.name):
        hint = did_you_mean(component.name, COMPONENTS, before="; ")
        message = f"{component.name[:40]} is not registered and does not begin with X-{hint}"
        findings.tell_at("unknown-component", component, message)
    if kind is not None and "VCALENDAR" not in kind.parents:
        message = f"a {component.name} does not stand in a VCALENDAR"
        findings.tell_at("misplaced-component", component, message, kind.clause)
