"""Identity across a calendar: UIDs, overridden instances and relations (RFC 5545 3.8.4)."""

from typing import NamedTuple

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.occurrences import RecurrenceSet, recurrence_set
from planner.formats.ical.conformance.parameters import type_of
from planner.formats.ical.conformance.scalars import DateTimeValue, parse_moment
from planner.formats.ical.content_lines import Property

_IDENTIFIED = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"})
_TEMPORAL = frozenset({
    "FINISHTOSTART", "FINISHTOFINISH", "STARTTOSTART", "STARTTOFINISH",
})  # fmt: skip


class _Seen(NamedTuple):
    """What is remembered of a component that has a UID."""

    name: str
    uid: str
    line: int
    instance: str
    instance_kind: str
    start_kind: str
    where: Property | None


class ComponentsByUid:
    """The components of one calendar by their UIDs."""

    def __init__(self, findings: CalendarFindings) -> None:
        self._findings = findings
        self._first: dict[tuple[str, str], _Seen] = {}
        self._masters: dict[str, _Seen] = {}
        self._instances: list[_Seen] = []
        self._repeats: dict[str, RecurrenceSet | None] = {}
        self._ranges: set[str] = set()
        self._uids: set[str] = set()
        self._relations: list[Property] = []
        self.all: list[tuple[str, str, int]] = []

    def add(self, component: Component) -> None:
        """Remembers a component that stands in the calendar, and checks its relations."""
        for inner in (component, *component.components):
            self._uids.add(inner.text("UID"))
        if component.name not in _IDENTIFIED:
            return
        uid = component.text("UID")
        self.all.append((component.name, uid, component.line))
        self._check_relations(component, uid)
        if not uid:
            return
        instance = component.first("RECURRENCE-ID")
        start = _moment(component.first("DTSTART"))
        moment = _moment(instance)
        key = f"{moment.clock:%Y%m%dT%H%M%S}{moment.zone}" if moment else ""
        seen = _Seen(
            component.name, uid, component.line, key, moment.kind if moment else "",
            start.kind if start else "", instance,
        )  # fmt: skip
        first = self._first.setdefault((uid, key), seen)
        if first is not seen and first.name == seen.name:
            self._tell_repeated(component, seen, first)
        other = self._masters.get(uid)
        if other is not None and other.name != seen.name:
            message = f"this UID is of a {other.name} in line {other.line}, here of a {seen.name}"
            self._findings.tell_at("uid-of-two-kinds", component, message)
        if other is None or (instance is None and other.where is not None):
            self._masters[uid] = seen
        if instance is not None:
            self._instances.append(seen)
            if instance.parameter("RANGE") is not None:
                self._ranges.add(uid)
        elif component.first("RRULE") or component.first("RDATE") or component.malformed:
            self._repeats[uid] = recurrence_set(component)

    def _tell_repeated(self, component: Component, seen: _Seen, first: _Seen) -> None:
        what = "UID and RECURRENCE-ID" if seen.instance else "UID"
        uid = seen.uid if len(seen.uid) <= 60 else seen.uid[:59] + "…"
        message = f"a second {seen.name} with the {what} of line {first.line} ({uid})"
        where = component.first("UID")
        self._findings.tell_at("uid-repeated", where or component, message)

    def _check_relations(self, component: Component, uid: str) -> None:
        findings = self._findings
        for prop in component.all("RELATED-TO"):
            kind = (prop.single("RELTYPE") or "PARENT").upper()
            gap = prop.parameter("GAP")
            if gap is not None and kind not in _TEMPORAL:
                message = f"GAP beside RELTYPE={kind[:40]}, which is not temporal"
                findings.tell_at("gap-without-order", prop, message, offset=gap.offset)
            if type_of(prop) == "URI" or kind in ("REFID", "CONCEPT"):
                continue
            if prop.value == uid and uid:
                findings.tell_at("relation-to-self", prop, "RELATED-TO names its own component")
            elif len(self._relations) < 100_000:
                self._relations.append(prop)
        attendees = component.all("ATTENDEE")
        if attendees and component.first("ORGANIZER") is None and component.name != "VFREEBUSY":
            message = f"a {component.name} with ATTENDEE and no ORGANIZER"
            findings.tell_at("attendee-alone", attendees[0], message, offset=0)

    def finish(self) -> None:
        """Checks what only the whole calendar tells."""
        for seen in self._instances:
            master = self._masters.get(seen.uid)
            # Alone in a file, an instance is held against its own start, which it replaces.
            start = master.start_kind if master is not None else seen.start_kind
            if master is None or seen.where is None or not start or not seen.instance_kind:
                continue
            dated = (seen.instance_kind == "date") != (start == "date")
            floats = (seen.instance_kind == "floating") != (start == "floating")
            if dated or floats:
                kinds = {"date": "a DATE", "floating": "a local time of no zone"}
                message = (
                    f"RECURRENCE-ID is {kinds.get(seen.instance_kind, 'an instant')}, DTSTART of"
                    f" line {master.line} is {kinds.get(start, 'an instant')}"
                )
                self._findings.tell_at("recurrence-id-type", seen.where, message)
            else:
                self._check_instance(seen, master)
        if len({uid for _, uid, _ in self.all}) < 2:
            return  # an object of a CalDAV server: what it is related to is in others
        for prop in self._relations:
            if prop.value not in self._uids:
                message = "no component of this file has that UID"
                self._findings.tell_at("relation-to-nothing", prop, message)

    def _check_instance(self, seen: _Seen, master: _Seen) -> None:
        """Whether an instance is one of the times at which its component repeats."""
        if master.where is not None or seen.where is None or seen.uid in self._ranges:
            return  # the component itself is not here, or later times are counted from another
        moment = _moment(seen.where)
        if moment is None:
            return
        instance = f"RECURRENCE-ID {moment.clock:%a %Y-%m-%d %H:%M}"
        if seen.uid not in self._repeats:
            message = f"{instance}: the {master.name} of line {master.line} does not repeat"
        else:
            repeats = self._repeats[seen.uid]
            if repeats is None or repeats.holds(moment) is not False:
                return
            message = (
                f"{instance} is not a time at which the {master.name} of line {master.line} repeats"
            )
        self._findings.tell_at("recurrence-id-nothing", seen.where, message)


def _moment(prop: Property | None) -> DateTimeValue | None:
    return None if prop is None else parse_moment(prop.value, prop.single("TZID"))
