"""Messages between calendars: what each METHOD requires and excludes (RFC 5546 section 3)."""

from collections.abc import Sequence
from typing import NamedTuple

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings


class _Form(NamedTuple):
    clause: str
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    alarms: bool = True


_EVENT = "RFC 5546 3.2"
_FORMS: dict[tuple[str, str], _Form] = {
    ("VEVENT", "PUBLISH"): _Form(
        f"{_EVENT}.1", ("ORGANIZER", "SUMMARY"), ("ATTENDEE", "REQUEST-STATUS")
    ),
    ("VEVENT", "REQUEST"): _Form(
        f"{_EVENT}.2", ("ORGANIZER", "ATTENDEE", "SUMMARY"), ("REQUEST-STATUS",)
    ),
    ("VEVENT", "REPLY"): _Form(f"{_EVENT}.3", ("ORGANIZER", "ATTENDEE"), alarms=False),
    ("VEVENT", "ADD"): _Form(
        f"{_EVENT}.4", ("ORGANIZER", "SEQUENCE", "SUMMARY"), ("RECURRENCE-ID", "REQUEST-STATUS")
    ),
    ("VEVENT", "CANCEL"): _Form(
        f"{_EVENT}.5", ("ORGANIZER", "SEQUENCE"), ("REQUEST-STATUS",), alarms=False
    ),
    ("VEVENT", "REFRESH"): _Form(
        f"{_EVENT}.6", ("ORGANIZER", "ATTENDEE"),
        ("DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "SEQUENCE", "STATUS"), alarms=False,
    ),
    ("VEVENT", "COUNTER"): _Form(f"{_EVENT}.7", ("ORGANIZER", "SEQUENCE", "SUMMARY")),
    ("VEVENT", "DECLINECOUNTER"): _Form(
        f"{_EVENT}.8", ("ORGANIZER", "SEQUENCE"), alarms=False
    ),
    ("VFREEBUSY", "PUBLISH"): _Form(
        "RFC 5546 3.3.1", ("ORGANIZER", "DTSTART", "DTEND"), ("ATTENDEE", "REQUEST-STATUS")
    ),
    ("VFREEBUSY", "REQUEST"): _Form(
        "RFC 5546 3.3.2", ("ORGANIZER", "ATTENDEE", "DTSTART", "DTEND"), ("FREEBUSY",)
    ),
    ("VFREEBUSY", "REPLY"): _Form(
        "RFC 5546 3.3.3", ("ORGANIZER", "ATTENDEE", "DTSTART", "DTEND")
    ),
    ("VTODO", "PUBLISH"): _Form("RFC 5546 3.4.1", ("ORGANIZER", "SUMMARY"), ("ATTENDEE",)),
    ("VTODO", "REQUEST"): _Form("RFC 5546 3.4.2", ("ORGANIZER", "ATTENDEE", "SUMMARY")),
    ("VTODO", "REPLY"): _Form("RFC 5546 3.4.3", ("ORGANIZER", "ATTENDEE"), alarms=False),
    ("VTODO", "CANCEL"): _Form("RFC 5546 3.4.5", ("ORGANIZER", "SEQUENCE"), alarms=False),
    ("VJOURNAL", "PUBLISH"): _Form(
        "RFC 5546 3.5.1", ("ORGANIZER", "DESCRIPTION", "DTSTART"), ("ATTENDEE",)
    ),
    ("VJOURNAL", "ADD"): _Form("RFC 5546 3.5.2", ("ORGANIZER", "SEQUENCE")),
    ("VJOURNAL", "CANCEL"): _Form("RFC 5546 3.5.3", ("ORGANIZER", "SEQUENCE")),
}  # fmt: skip
_METHODS = {
    "VFREEBUSY": frozenset({"PUBLISH", "REQUEST", "REPLY"}),
    "VJOURNAL": frozenset({"PUBLISH", "ADD", "CANCEL"}),
}
_ONE_UID = frozenset({"REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"})


def check_message(component: Component, method: str, findings: CalendarFindings) -> None:
    """Tells what of a component its calendar's METHOD (in capitals) does not allow."""
    allowed = _METHODS.get(component.name)
    if allowed is not None and method not in allowed:
        message = f"METHOD:{method} is not defined for a {component.name}"
        findings.tell_at("method-forbids", component, message)
        return
    form = _FORMS.get((component.name, method))
    if form is None:
        return
    for name in form.required:
        if component.first(name) is None and name not in component.malformed:
            message = f"METHOD:{method} requires {name} in a {component.name}"
            findings.tell_at("method-requires", component, message, form.clause)
    for name in form.forbidden:
        prop = component.first(name)
        if prop is not None:
            message = f"METHOD:{method} excludes {name} from a {component.name}"
            findings.tell_at("method-forbids", prop, message, form.clause, offset=0)
    if not form.alarms:
        for alarm in component.components:
            if alarm.name == "VALARM":
                message = f"METHOD:{method} excludes alarms"
                findings.tell_at("method-forbids", alarm, message, form.clause)
    _check_status(component, method, form.clause, findings)
    attendees = component.all("ATTENDEE")
    if method == "REPLY" and len(attendees) > 1 and component.name != "VFREEBUSY":
        message = "METHOD:REPLY is of one ATTENDEE"
        findings.tell_at("method-forbids", attendees[1], message, form.clause, offset=0)


def _check_status(
    component: Component, method: str, clause: str, findings: CalendarFindings
) -> None:
    status = component.first("STATUS")
    if status is None:
        return
    cancelled = status.value.upper() == "CANCELLED"
    if method == "CANCEL" and not cancelled:
        message = f"METHOD:CANCEL with STATUS:{status.value[:40]}"
        findings.tell_at("method-status", status, message, clause)
    elif method in ("REQUEST", "ADD") and cancelled and component.name == "VEVENT":
        message = f"METHOD:{method} with STATUS:CANCELLED; what is off is sent with CANCEL"
        findings.tell_at("method-status", status, message, clause)


def check_one_uid(
    components: Sequence[tuple[str, str, int]], method: str, findings: CalendarFindings
) -> None:
    """Tells of a message about several things; `components` are (name, UID, line) each."""
    if method not in _ONE_UID:
        return
    about = [component for component in components if component[1]]
    for name, uid, line in about[1:]:
        if uid != about[0][1]:
            message = (
                f"METHOD:{method} is about one UID; the {name} here has another one than that of"
                f" line {about[0][2]}"
            )
            findings.tell("method-one-uid", line, 1, message)
            return
