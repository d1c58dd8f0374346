"""What a subscriber sees change between two calendars: events by UID and RECURRENCE-ID.

RFC 5546 2.1.4 and RFC 5545 3.8.7.4: a new date or a cancellation raises SEQUENCE, and no revision
has a lower one; who holds the older copy may otherwise keep it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from planner.errors import PlannerError
from planner.formats.ical.common_events import without_common_events
from planner.formats.ical.conformance.components import Component, components
from planner.formats.ical.conformance.instants import instant_of
from planner.formats.ical.conformance.scalars import (
    DateTimeValue,
    parse_date_time,
    parse_duration,
    parse_moment,
)
from planner.formats.ical.content_lines import ContentLine, Property, content_lines, parse_line
from planner.text import counted

Kind = Literal["added", "removed", "cancelled", "reinstated", "moved", "changed", "touched"]

_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "DUE"})
_REVISION = frozenset({"DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "CREATED"})
_REPEATS = ("RRULE", "RDATE", "EXDATE", "EXRULE")
_MAX_TEXT_LENGTH = 400
_NEVER = datetime(9999, 12, 31)  # noqa: DTZ001 - what has no time comes last


class Detail(NamedTuple):
    """One thing that reads otherwise: a property's name in capitals, or `time` or `alarms`."""

    what: str
    old: str
    new: str


class ChangeRemark(NamedTuple):
    """What is wrong with the way in which a change was made."""

    severity: Literal["error", "warning"]
    message: str


class EventChange(NamedTuple):
    """One event that is not as it was.

    ``instance`` is its RECURRENCE-ID, empty for the event itself. ``touched`` is one whose stamps
    or bytes alone are others: nobody sees a difference. ``when`` sorts changes by the day.
    """

    kind: Kind
    component: str
    uid: str
    instance: str
    summary: str
    details: tuple[Detail, ...]
    remarks: tuple[ChangeRemark, ...]
    when: datetime


class CalendarChanges(NamedTuple):
    """All that differs between two calendars.

    ``identical`` events have the same lines, ``rewritten`` ones the same lines in another order.
    ``calendar`` is what the calendar says of itself, the names of changed time zones included.
    """

    changes: tuple[EventChange, ...]
    identical: int
    rewritten: int
    calendar: tuple[Detail, ...]
    remarks: tuple[ChangeRemark, ...]

    @property
    def same(self) -> bool:
        """Whether a subscriber sees no difference."""
        return not self.calendar and all(change.kind == "touched" for change in self.changes)

    def count(self, kind: Kind) -> int:
        """How many events changed in this way."""
        return sum(1 for change in self.changes if change.kind == kind)


class _Entry(NamedTuple):
    """An event of one of the two files: its unfolded lines, which are a tenth of what is read."""

    name: str
    text: str
    sequence: int

    @property
    def component(self) -> Component:
        """The event as it was read."""
        opened = [Component(self.name, 1, None)]
        for number, text in enumerate(self.text.split("\n"), 2):
            if text.startswith("BEGIN:"):
                inner = Component(text[6:], number, opened[-1])
                opened[-1].components.append(inner)
                opened.append(inner)
            elif text.startswith("END:"):
                opened.pop()
            elif isinstance(line := parse_line(ContentLine(number, text)), Property):
                opened[-1].add(line)
        return opened[0]


_Key = tuple[str, str]


def compare(old: bytes, new: bytes) -> CalendarChanges:
    """What changes for who has the old calendar and gets the new one.

    Args:
        old: the former calendar's file.
        new: the later one's; what is in it alone is new.

    Raises:
        PlannerError: one of the two holds no calendar.
    """
    remarks: list[ChangeRemark] = []
    old, new, identical = without_common_events(old, new)
    before, before_calendar = _read(old, "the old file", remarks)
    after, after_calendar = _read(new, "the new file", remarks)
    changes: list[EventChange] = []
    rewritten = 0
    for key, entry in after.items():
        earlier = before.pop(key, None)
        if earlier is None:
            changes.append(_added(key, entry))
        elif earlier.text == entry.text:
            identical += 1
        elif sorted(earlier.text.split("\n")) == sorted(entry.text.split("\n")):
            rewritten += 1
        else:
            changes.append(_changed(key, earlier, entry))
    published = after_calendar.get("METHOD", "").upper() in ("", "PUBLISH")
    changes += [_removed(key, entry, published) for key, entry in before.items()]
    changes.sort(key=lambda change: (change.when, change.uid, change.instance))
    calendar = _compared_texts(before_calendar, after_calendar)
    return CalendarChanges(tuple(changes), identical, rewritten, calendar, tuple(remarks))


def _read(
    data: bytes, name: str, remarks: list[ChangeRemark]
) -> tuple[dict[_Key, _Entry], dict[str, str]]:
    """The events of a file, and what its calendar says of itself."""
    entries: dict[_Key, _Entry] = {}
    calendar: dict[str, str] = {}
    calendars = repeated = nameless = 0

    def tell(rule: str, line: int, column: int, message: str) -> None:  # noqa: ARG001
        """Whatever else is wrong with a file is for the check to say."""
        if rule == "too-many":
            raise PlannerError(f"{name}, line {line}: {message}")

    for component, ends in components(content_lines(data, tell), tell):
        if ends:
            calendars += 1
            for prop in component.properties:
                calendar.setdefault(prop.name, prop.value)
        elif component.name == "VTIMEZONE":
            calendar[f"VTIMEZONE {component.text('TZID')}"] = "\n".join(_lines_of(component))
        else:
            key = (component.text("UID"), _instance(component))
            if not key[0]:
                nameless += 1
                continue
            text = "\n".join(_lines_of(component))
            entry = _Entry(component.name, text, _sequence(component))
            known = entries.get(key)
            repeated += known is not None
            if known is None or known.sequence <= entry.sequence:
                entries[key] = entry
    if not calendars and not entries:
        raise PlannerError(f"{name} contains no calendar; `planner ical check` explains why")
    if repeated:
        message = f"{name}: {repeated:,} events have the UID of another; the latest revision counts"
        remarks.append(ChangeRemark("error", message))
    if nameless:
        remarks.append(
            ChangeRemark("error", f"{name}: {nameless:,} components without UID left out")
        )
    return entries, calendar


def _sequence(component: Component) -> int:
    text = component.text("SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _lines_of(component: Component) -> Iterator[str]:
    for prop in component.properties:
        yield prop.line.text
    for inner in component.components:
        yield f"BEGIN:{inner.name}"
        yield from _lines_of(inner)
        yield f"END:{inner.name}"


def _instance(component: Component) -> str:
    """RECURRENCE-ID as an instant where its zone is known, so that its spelling does not matter."""
    prop = component.first("RECURRENCE-ID")
    if prop is None:
        return ""
    moment = parse_moment(prop.value, prop.single("TZID"))
    if moment is None:
        return prop.value
    instant = instant_of(moment)
    if instant is not None:
        return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
    pattern = "%Y-%m-%d" if moment.kind == "date" else "%Y-%m-%dT%H:%M:%S"
    return f"{moment.clock:{pattern}}" + (f" {moment.zone}" if moment.zone else "")


class _Span(NamedTuple):
    """When something takes place: start and end, and what makes two of them the same."""

    start: DateTimeValue | None
    end: DateTimeValue | None

    @property
    def key(self) -> tuple[object, ...]:
        return tuple(
            None
            if moment is None
            else instant_of(moment) or (moment.kind, moment.clock, moment.zone)
            for moment in self
        )


def _span(component: Component) -> _Span:
    start = _moment(component, "DTSTART")
    end = _moment(component, "DTEND") or _moment(component, "DUE")
    length = parse_duration(component.text("DURATION"))
    if end is None and start is not None and length is not None:
        try:
            end = start._replace(clock=start.clock + length.length)
        except OverflowError:
            end = None
    return _Span(start, end)


def _moment(component: Component, name: str) -> DateTimeValue | None:
    prop = component.first(name)
    return None if prop is None else parse_moment(prop.value, prop.single("TZID"))


def span_text(component: Component) -> str:
    """When it takes place, by the clocks it is written in: ``Mon 2027-01-11 09:00-11:00 Zone``."""
    start, end = _span(component)
    if start is None:
        return "no start" if end is None else f"until {_clock_text(end)}"
    if start.kind == "date":
        last = end.clock.toordinal() - 1 if end is not None else start.clock.toordinal()
        if last <= start.clock.toordinal():
            return f"{start.clock:%a %Y-%m-%d}, all day"
        return f"{start.clock:%a %Y-%m-%d} to {datetime.fromordinal(last):%a %Y-%m-%d}, all day"
    zone = _zone_text(start)
    if end is None:
        return f"{start.clock:%a %Y-%m-%d %H:%M}{zone}"
    if end.kind != start.kind or end.zone != start.zone:
        return f"{start.clock:%a %Y-%m-%d %H:%M}{zone} to {_clock_text(end)}"
    until = f"{end.clock:%H:%M}"
    if end.clock.date() != start.clock.date():
        return f"{start.clock:%a %Y-%m-%d %H:%M} to {end.clock:%a %Y-%m-%d} {until}{zone}"
    return f"{start.clock:%a %Y-%m-%d %H:%M}-{until}{zone}"


def _clock_text(moment: DateTimeValue) -> str:
    if moment.kind == "date":
        return f"{moment.clock:%a %Y-%m-%d}"
    return f"{moment.clock:%a %Y-%m-%d %H:%M}{_zone_text(moment)}"


def _zone_text(moment: DateTimeValue) -> str:
    return {"utc": " UTC", "local": f" {moment.zone}"}.get(moment.kind, "")


def _summary(component: Component) -> str:
    return shown_text(component.text("SUMMARY")) or "(no summary)"


def shown_text(text: str) -> str:
    """A TEXT value without its escapes, on one line and of a length to be shown."""
    if len(text) > _MAX_TEXT_LENGTH:
        text = text[: _MAX_TEXT_LENGTH - 1] + "…"
    out, at = [], 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and at + 1 < len(text):
            at += 1
            letter = " " if text[at] in "nN" else text[at]
        out.append(letter)
        at += 1
    return "".join(out)


def _when(component: Component) -> datetime:
    start, end = _span(component)
    moment = start or end
    return moment.clock if moment is not None else _NEVER


def _is_cancelled(component: Component) -> bool:
    return component.text("STATUS").upper() == "CANCELLED"


def _added(key: _Key, entry: _Entry) -> EventChange:
    component = entry.component
    details = [Detail("time", "", span_text(component))]
    if component.first("STATUS") is not None:
        details.append(Detail("STATUS", "", component.text("STATUS")))
    return EventChange(
        "added", component.name, key[0], key[1], _summary(component), tuple(details), (),
        _when(component),
    )  # fmt: skip


def _removed(key: _Key, entry: _Entry, published: bool) -> EventChange:
    component = entry.component
    remarks: tuple[ChangeRemark, ...] = ()
    if not _is_cancelled(component) and published:
        message = (
            "missing now, and never CANCELLED: it disappears without notice for"
            " subscribers, and stays with those who imported the file"
        )
        remarks = (ChangeRemark("warning", message),)
    details = (Detail("time", span_text(component), ""),)
    return EventChange(
        "removed", component.name, *key, _summary(component), details, remarks, _when(component)
    )


def _changed(key: _Key, earlier: _Entry, entry: _Entry) -> EventChange:
    old, new = earlier.component, entry.component
    details: list[Detail] = []
    moved = _span(old).key != _span(new).key
    if moved:
        details.append(Detail("time", span_text(old), span_text(new)))
    names = dict.fromkeys((*old.names(), *new.names()))
    for name in names:
        if name in _TIMES or name in _REVISION or name in ("UID", "RECURRENCE-ID"):
            continue
        texts = [_texts(component, name) for component in (old, new)]
        if texts[0] != texts[1]:
            details.append(
                Detail(name, shown_text(", ".join(texts[0])), shown_text(", ".join(texts[1])))
            )
    inner = [
        sorted("\n".join(_lines_of(part)) for part in component.components)
        for component in (old, new)
    ]
    if inner[0] != inner[1]:
        words = [_counted(component) for component in (old, new)]
        details.append(Detail("alarms", *words))
    was, now = _is_cancelled(old), _is_cancelled(new)
    kind: Kind
    if now and not was:
        kind = "cancelled"
    elif was and not now:
        kind = "reinstated"
    elif moved:
        kind = "moved"
    else:
        kind = "changed" if details else "touched"
    remarks = tuple(_remarks(old, new, details, moved))
    return EventChange(kind, new.name, *key, _summary(new), tuple(details), remarks, _when(new))


def _texts(component: Component, name: str) -> list[str]:
    """The values of a property; parameters count as well, and their order does not."""
    texts = []
    for prop in component.all(name):
        parameters = ";".join(
            f"{parameter.name}={','.join(parameter.values)}"
            for parameter in sorted(prop.parameters)
            if parameter.name not in ("VALUE", "TZID")
        )
        texts.append(f"{parameters}:{prop.value}" if parameters else prop.value)
    return sorted(texts) if name != "DESCRIPTION" else texts


def _counted(component: Component) -> str:
    return counted(len(component.components), "alarm") if component.components else "none"


def _remarks(
    old: Component, new: Component, details: list[Detail], moved: bool
) -> Iterator[ChangeRemark]:
    before, after = _sequence(old), _sequence(new)
    repeats = any(detail.what in _REPEATS for detail in details)
    status = old.text("STATUS").upper() != new.text("STATUS").upper()
    if after < before:
        message = f"SEQUENCE fell from {before} to {after}: readers with the older copy keep it"
        yield ChangeRemark("error", message)
    elif after == before and (moved or repeats or status):
        what = "the time" if moved or repeats else "STATUS"
        message = f"{what} changed and SEQUENCE is still {after}: some readers keep the older copy"
        yield ChangeRemark("warning", message)
    stamps = [parse_date_time(component.text("DTSTAMP")) for component in (old, new)]
    if stamps[0] is not None and stamps[1] is not None:
        if stamps[1][0] < stamps[0][0]:
            yield ChangeRemark("warning", "DTSTAMP is older than before")
        elif stamps[1][0] == stamps[0][0] and details and after == before:
            yield ChangeRemark(
                "warning", "DTSTAMP did not change: some readers take the event for unchanged"
            )


def _compared_texts(old: dict[str, str], new: dict[str, str]) -> tuple[Detail, ...]:
    details = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before == after or name in ("LAST-MODIFIED", "DTSTAMP"):
            continue
        if name.startswith("VTIMEZONE "):
            words = ["rules" if text is not None else "" for text in (before, after)]
            if before is not None and after is not None:
                words[1] = "other rules"
            details.append(Detail(shown_text(name), *words))
        else:
            details.append(
                Detail(shown_text(name), shown_text(before or ""), shown_text(after or ""))
            )
    return tuple(details)
