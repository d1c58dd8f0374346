"""Alarms: what each ACTION needs, and from where a TRIGGER counts (RFC 5545 3.6.6, RFC 9074)."""

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings

_NEEDS = {
    "DISPLAY": ("DESCRIPTION",),
    "EMAIL": ("DESCRIPTION", "SUMMARY", "ATTENDEE"),
    "PROCEDURE": ("ATTACH",),
}


def check_alarms(component: Component, findings: CalendarFindings) -> None:
    """Tells what is wrong with the alarms of a VEVENT or VTODO."""
    uids: dict[str, int] = {}
    for alarm in component.components:
        if alarm.name != "VALARM":
            continue
        _check_action(alarm, findings)
        _check_trigger(alarm, component, findings)
        uid = alarm.first("UID")
        if uid is not None:
            if uid.value in uids and uid.value:
                message = f"two alarms with this UID; the first is in line {uids[uid.value]}"
                findings.tell_at("uid-repeated", uid, message, "RFC 9074 4")
            uids.setdefault(uid.value, uid.line.number)
    _check_snoozes(component, set(uids), findings)


def _check_action(alarm: Component, findings: CalendarFindings) -> None:
    action = alarm.text("ACTION").upper()
    for name in _NEEDS.get(action, ()):
        if alarm.first(name) is None and name not in alarm.malformed:
            what = f"an alarm of ACTION:{action} needs {name}"
            findings.tell_at("alarm-action", alarm, what)
    sounds = alarm.all("ATTACH")
    if action == "AUDIO" and len(sounds) > 1:
        message = "an alarm of ACTION:AUDIO has one ATTACH at most"
        findings.tell_at("alarm-action", sounds[1], message, offset=0)
    pair = [name for name in ("DURATION", "REPEAT") if alarm.first(name) is not None]
    if len(pair) == 1 and not alarm.malformed & {"DURATION", "REPEAT"}:
        other = "REPEAT" if pair == ["DURATION"] else "DURATION"
        findings.tell_at("alarm-repeat", alarm, f"an alarm with {pair[0]} and no {other}")


def _check_trigger(alarm: Component, component: Component, findings: CalendarFindings) -> None:
    trigger = alarm.first("TRIGGER")
    if trigger is None:
        return
    absolute = (trigger.single("VALUE") or "").upper() == "DATE-TIME"
    related = trigger.single("RELATED")
    if absolute:
        if related is not None:
            message = "RELATED goes with a duration, not with an instant"
            findings.tell_at("alarm-trigger", trigger, message)
        return
    if related is not None and related.upper() == "END":
        ends = ("DTEND", "DURATION", "DUE")
        if not any(component.first(name) for name in ends) and not component.malformed:
            message = f"counted from the end of a {component.name} that has none"
            findings.tell_at("alarm-trigger", trigger, message)
        return
    # A reminder of a to-do that has only a DUE counts from that, say most who write one.
    known = component.malformed or any(component.first(name) for name in ("DTSTART", "DUE"))
    if component.name == "VTODO" and not known:
        message = "counted from the start of a VTODO that has none"
        findings.tell_at("alarm-trigger", trigger, message)


def _check_snoozes(component: Component, uids: set[str], findings: CalendarFindings) -> None:
    for alarm in component.components:
        for prop in alarm.all("RELATED-TO") if alarm.name == "VALARM" else ():
            if prop.value not in uids:
                message = "no alarm of this component has that UID"
                findings.tell_at("relation-to-nothing", prop, message, "RFC 9074 5")
