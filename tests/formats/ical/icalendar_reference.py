"""The same calendar through the icalendar library: slower, and by other people.

It keeps the fast writer honest: for the same records both give the same content lines, in another
order perhaps. Known defects of icalendar 7.3 are gone round where they would break a line.
"""

from collections.abc import Iterable
from datetime import timedelta

import icalendar

from planner.formats.ical.event import CalendarProperties, Event, busy_status, transparency
from planner.formats.ical.text import clean
from planner.formats.ical.vtimezone import ZoneText
from planner.formats.ical.writer import duration_text


class _Text(icalendar.vText):
    r"""Text whose ``\N`` stays what it is; icalendar 7.3 writes it as a line break."""

    def to_ical(self) -> bytes:
        # Split at each backslash, no piece has one that could be taken for half of an escape.
        pieces = (icalendar.vText(piece).to_ical() for piece in str(self).split("\\"))
        return b"\\\\".join(pieces)


def _text(text: str) -> _Text:
    return _Text(clean(text))


def _parameter(text: str) -> str:
    return clean(text)


def to_icalendar(
    events: Iterable[Event], properties: CalendarProperties, zones: Iterable[ZoneText] = ()
) -> icalendar.Calendar:
    """The calendar as icalendar's object, zones and events included."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _text(properties.prodid))
    calendar.add("calscale", "GREGORIAN")
    if properties.method is not None:
        calendar.add("method", properties.method)
    for names, text in (
        (("name", "x-wr-calname"), properties.name),
        (("description", "x-wr-caldesc"), properties.description),
    ):
        for name in names:
            if text:
                calendar.add(name, _text(text))
    if properties.color:
        calendar.add("color", properties.color)
    if properties.refresh is not None:
        often = icalendar.vDuration(properties.refresh)
        often.params["VALUE"] = "DURATION"
        calendar.add("refresh-interval", often)
        calendar.add("x-published-ttl", icalendar.vText(duration_text(properties.refresh)))
    for zone in zones:
        calendar.add_component(_timezone(zone))
    for event in events:
        calendar.add_component(_event(event, properties))
    return calendar


def serialise(
    events: Iterable[Event], properties: CalendarProperties, zones: Iterable[ZoneText] = ()
) -> bytes:
    """The calendar's bytes, as icalendar writes them."""
    data: bytes = to_icalendar(events, properties, zones).to_ical()
    return data


def _timezone(zone: ZoneText) -> icalendar.Timezone:
    component = icalendar.Timezone()
    component.add("tzid", zone.key)
    for one in zone.observances:
        kind = icalendar.TimezoneDaylight if one.after > one.before else icalendar.TimezoneStandard
        observance = kind()
        observance.add("dtstart", one.onset)
        observance.add("tzoffsetfrom", timedelta(seconds=one.before))
        observance.add("tzoffsetto", timedelta(seconds=one.after))
        if one.rule:
            observance.add("rrule", icalendar.vRecur.from_ical(one.rule))
        component.add_component(observance)
    return component


def _event(event: Event, properties: CalendarProperties) -> icalendar.Event:
    component, details = icalendar.Event(), event.details
    component.add("uid", _text(event.uid))
    component.add("dtstamp", details.stamp)
    component.add("last-modified", details.stamp)
    component.add("dtstart", details.start)
    if details.end is not None:
        component.add("dtend", details.end)
    component.add("summary", _text(event.summary))
    component.add("status", details.status)
    component.add("transp", transparency(details.opaque))
    component.add("x-microsoft-cdo-busystatus", busy_status(details.opaque))
    component.add("class", details.classification)
    # As one text: icalendar's list of categories has an escaping of its own, with the same defect.
    component.add("categories", _text(details.category), encode=False)
    component.add("sequence", details.sequence)
    if properties.organizer:
        organizer = icalendar.vCalAddress(properties.organizer)
        if properties.organizer_name:
            organizer.params["CN"] = _parameter(properties.organizer_name)
        component.add("organizer", organizer)
    if properties.attendee:
        attendee = icalendar.vCalAddress(properties.attendee)
        if properties.method == "REQUEST":
            attendee.params["PARTSTAT"] = "NEEDS-ACTION"
            attendee.params["RSVP"] = "TRUE"
        component.add("attendee", attendee)
    if details.description:
        component.add("description", _text(details.description))
    if details.location:
        component.add("location", _text(details.location))
    if details.recurrence is not None:
        every, count = details.recurrence.every_days, details.recurrence.count
        rule = {"freq": "daily", "count": count}
        component.add("rrule", rule if every == 1 else rule | {"interval": every})
    for relation in event.relations:
        related = _text(relation.uid)
        related.params["RELTYPE"] = relation.reltype
        if relation.gap:
            related.params["GAP"] = relation.gap
        component.add("related-to", related)
    for alarm in event.alarms:
        reminder = icalendar.Alarm()
        reminder.add("uid", _text(alarm.uid))
        reminder.add("action", "DISPLAY")
        reminder.add("trigger", timedelta(minutes=-alarm.minutes_before))
        reminder.add("description", _text(alarm.text))
        component.add_component(reminder)
    return component
