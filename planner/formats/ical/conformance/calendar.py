"""The check of a whole file: bytes in, findings out."""

from enum import StrEnum
from typing import NamedTuple

from planner.formats.ical.conformance.alarms import check_alarms
from planner.formats.ical.conformance.cardinality import (
    check_place_in_calendar,
    check_place_of,
    check_properties,
)
from planner.formats.ical.conformance.components import Component, components
from planner.formats.ical.conformance.findings import CalendarFinding, CalendarFindings
from planner.formats.ical.conformance.grammar import METHODS, PERIODS_OF_TIME
from planner.formats.ical.conformance.identity import ComponentsByUid
from planner.formats.ical.conformance.itip import check_message, check_one_uid
from planner.formats.ical.conformance.parameters import check_parameters
from planner.formats.ical.conformance.times import check_times
from planner.formats.ical.conformance.values import check_value
from planner.formats.ical.conformance.zones import Zones
from planner.formats.ical.content_lines import content_lines


class Profile(StrEnum):
    """What a file is for, which decides on METHOD: any file, a published feed, a stored object."""

    FILE = "file"
    PUBLISHED = "published"
    CALDAV = "caldav"


class Checked(NamedTuple):
    """What was found in a file, by place, and how many components its calendars hold."""

    findings: tuple[CalendarFinding, ...]
    calendars: int
    components: int

    def count(self, severity: str) -> int:
        """How many findings are of a severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


def check_calendar(data: bytes, profile: Profile = Profile.FILE) -> Checked:
    """Everything that is wrong with an iCalendar file.

    Any bytes will do: nothing is raised, and what cannot be read is a finding. Time grows with the
    size of the file, memory with its largest component and the number of UIDs.

    Args:
        data: the whole file.
        profile: what the file is for, which decides what is asked of it.
    """
    findings = CalendarFindings()
    check = _Check(findings, profile)
    for component, ends in components(content_lines(data, findings.tell), findings.tell):
        if ends:
            check.end(component)
        elif component.parent is None:
            what = f"a {component.name[:40]} outside of any VCALENDAR"
            findings.tell_at("outside", component, what)
            check.component(component, component)
        else:
            check.component(component, component.parent)
    if not check.calendars:
        findings.tell("no-calendar", 1, 1, "the file holds no VCALENDAR")
    return Checked(findings.sorted(), check.calendars, check.components)


class _Check:
    """The state between the components of a calendar."""

    def __init__(self, findings: CalendarFindings, profile: Profile) -> None:
        self._findings = findings
        self._profile = profile
        self.calendars = 0
        self.components = 0
        self._begin()

    def _begin(self) -> None:
        self._zones = Zones(self._findings)
        self._identities = ComponentsByUid(self._findings)

    def component(self, component: Component, calendar: Component) -> None:
        """Checks a component that stands in a calendar, with all that is in it."""
        findings = self._findings
        method = calendar.text("METHOD").upper()
        method = method if method in METHODS else ""
        self.components += 1
        check_place_in_calendar(component, findings)
        check_place_of(component, findings)
        pending = [component]
        while pending:
            inner = pending.pop()
            self._check_one(inner, method)
            pending += inner.components
        if component.name == "VTIMEZONE":
            self._zones.define(component)
        self._identities.add(component)
        if method:
            check_message(component, method, findings)

    def _check_one(self, component: Component, method: str) -> None:
        findings = self._findings
        check_properties(component, method, findings)
        for prop in component.properties:
            if prop.parameters or prop.name in _NEED_PARAMETERS:
                check_parameters(prop, component.name, findings)
            check_value(prop, component, findings)
        if component.name in PERIODS_OF_TIME:
            check_times(component, self._zones, findings)
        if component.name in ("VEVENT", "VTODO"):
            check_alarms(component, findings)

    def end(self, calendar: Component) -> None:
        """Checks what a calendar says of itself, and what only all of its components tell."""
        findings = self._findings
        self.calendars += 1
        if self.calendars == 2:
            findings.tell_at("several-calendars", calendar, "a second VCALENDAR in the file")
        held, calendar.components = calendar.components, []
        self._check_one(calendar, "")
        if not held:
            findings.tell_at("empty-calendar", calendar, "a VCALENDAR without any component")
        self._zones.finish()
        self._zones.check_floating(calendar)
        self._identities.finish()
        method = calendar.text("METHOD").upper()
        check_one_uid(self._identities.all, method, findings)
        self._check_profile(calendar, method)
        self._begin()

    def _check_profile(self, calendar: Component, method: str) -> None:
        findings = self._findings
        if self._profile is Profile.PUBLISHED and method != "PUBLISH":
            findings.tell_at("published-file", calendar, "a published file has METHOD:PUBLISH")
        if self._profile is not Profile.CALDAV:
            return
        if method:
            message = "a stored object has no METHOD"
            findings.tell_at(
                "stored-object", calendar.first("METHOD") or calendar, message, offset=0
            )
        stored = self._identities.all
        for name, uid, line in stored[1:]:
            if uid != stored[0][1] or name != stored[0][0]:
                message = "a stored object has components of one kind with one UID"
                findings.tell("stored-object", line, 1, message)
                return


_NEED_PARAMETERS = frozenset({
    "REFRESH-INTERVAL", "SOURCE", "IMAGE", "CONFERENCE", "STRUCTURED-DATA", "LINK",
})  # fmt: skip
