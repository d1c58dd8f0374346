"""Time zones of a calendar: their VTIMEZONEs, and whether these say what is so (RFC 5545 3.6.5)."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from planner.formats.ical.conformance.components import Component
from planner.formats.ical.conformance.findings import CalendarFindings
from planner.formats.ical.conformance.scalars import DateTimeValue, parse_moment
from planner.formats.ical.conformance.zone_names import offset_in_name, offsets_near, zone_of_alias
from planner.formats.ical.conformance.zone_offsets import ZoneOffsets
from planner.formats.ical.content_lines import Property
from planner.time.zone import known_zone

_MAX_YEARS = 30
"""Years of a zone's use in which its changes are compared; what differs, differs there."""


class Zones:
    """The zones of one calendar, met in whatever order they stand in."""

    def __init__(self, findings: CalendarFindings) -> None:
        self._findings = findings
        self._defined: dict[str, tuple[int, ZoneOffsets]] = {}
        self._uses: dict[str, dict[datetime, Property]] = {}
        self._counts: dict[str, int] = {}
        self._pairs: list[tuple[DateTimeValue, DateTimeValue, Callable[[float], None]]] = []
        self._floating: tuple[Property, int] | None = None

    def used(self, name: str, clock: datetime, where: Property) -> None:
        """Remembers a local time.

        Args:
            name: the TZID as it is written.
            clock: the local time.
            where: the property, of which the first one is told of.
        """
        self._uses.setdefault(name, {}).setdefault(clock, where)
        self._counts[name] = self._counts.get(name, 0) + 1

    def floating(self, where: Property) -> None:
        """Remembers a local time of no zone."""
        first, count = self._floating or (where, 0)
        self._floating = first, count + 1

    def check_floating(self, calendar: Component) -> None:
        """Tells of local times of no zone in a calendar that names one for all of them."""
        prop = calendar.first("X-WR-TIMEZONE")
        if prop is None or self._floating is None:
            return
        where, count = self._floating
        more = f" ({count:,} times in the file)" if count > 1 else ""
        message = (
            f"{where.name} is a local time of no zone under X-WR-TIMEZONE:{_shown(prop.value)}:"
            f" some readers take it for a time of that zone, others do not{more}"
        )
        self._findings.tell_at("floating-in-zone", where, message)

    def later(
        self, begin: DateTimeValue, end: DateTimeValue, tell_difference: Callable[[float], None]
    ) -> None:
        """Remembers a start and an end of which only VTIMEZONEs can tell which is first.

        `tell_difference` is given the seconds from one to the other, if they are known in the end.
        """
        self._pairs.append((begin, end, tell_difference))

    def define(self, component: Component) -> None:
        """Checks a VTIMEZONE and remembers it."""
        findings = self._findings
        inner = [
            component
            for component in component.components
            if component.name in ("STANDARD", "DAYLIGHT")
        ]
        name = component.text("TZID")
        if not inner:
            message = f"VTIMEZONE {_shown(name)} has neither STANDARD nor DAYLIGHT"
            findings.tell_at("zone-without-offsets", component, message)
        for observance in inner:
            _check_observance(observance, findings)
        if name in self._defined:
            first = self._defined[name][0]
            message = f"a second VTIMEZONE {_shown(name)}; the first is in line {first}"
            findings.tell_at("repeated-zone", component, message)
            return
        offsets = ZoneOffsets(component)
        if component.first("TZID") is not None:
            self._defined[name] = (component.line, offsets)
        if len(inner) > 1 and not any(component.first("RRULE") for component in inner):
            message = f"VTIMEZONE {_shown(name)} lists its changes and has no RRULE"
            findings.tell_at("zone-dates-only", component, message)
        pair = offsets.observances
        if offsets.known and len(pair) == 2 and all(observance.endless for observance in pair):
            self._check_chain(component, name, offsets)

    def _check_chain(self, component: Component, name: str, offsets: ZoneOffsets) -> None:
        observance, other = offsets.observances
        if observance.before != other.after or other.before != observance.after:
            message = (
                f"VTIMEZONE {_shown(name)}: one observance goes from {_text(observance.before)} to"
                f" {_text(observance.after)}, the other from {_text(other.before)} to"
                f" {_text(other.after)}"
            )
            self._findings.tell_at("zone-chain", component, message)

    def finish(self) -> None:
        """Compares what was used with what was defined, when the calendar has ended."""
        for name, uses in self._uses.items():
            where = next(iter(uses.values()))
            if name not in self._defined:
                self._check_undefined(name, where)
                continue
            line, offsets = self._defined[name]
            if offsets.known:
                self._compare(name, line, offsets, uses)
        self._compare_pairs()

    def _check_undefined(self, name: str, where: Property) -> None:
        # A name that begins with a solidus is of a registry; nobody says that it needs no
        # VTIMEZONE, and nobody sends one.
        if name.startswith("/"):
            return
        near = next((defined for defined in self._defined if defined.lower() == name.lower()), None)
        hint = f"; there is one for {_shown(near)}" if near else ""
        count = self._counts[name]
        more = f" ({count:,} times in the file)" if count > 1 else ""
        message = f"TZID={_shown(name)} has no VTIMEZONE{more}{hint}"
        self._findings.tell_at("zone-missing", where, message)

    def _compare(
        self, name: str, line: int, offsets: ZoneOffsets, uses: dict[datetime, Property]
    ) -> None:
        zone = known_zone(name)
        if zone is None:
            self._compare_alias(name, line, offsets, uses)
        wrong: list[tuple[datetime, Property, int, int]] = []
        early: Property | None = None
        for clock, where in uses.items():
            given = offsets.offset_at(clock)
            if given is None:
                early = early or where
                continue
            true = _offset_of(zone, clock) if zone is not None else None
            if true is not None and true != given:
                wrong.append((clock, where, given, true))
        if early is not None:
            message = f"VTIMEZONE {_shown(name)} (line {line}) begins after this time"
            self._findings.tell_at("zone-begins-late", early, message)
        if wrong:
            clock, where, given, true = wrong[0]
            more = f"; so are {len(wrong) - 1:,} other times" if len(wrong) > 1 else ""
            message = (
                f"by VTIMEZONE {_shown(name)} (line {line}) clocks are {_text(given)} from UTC at"
                f" {clock:%Y-%m-%d %H:%M}, in truth {_text(true)}{more}"
            )
            self._findings.tell_at("zone-offset", where, message)
        elif zone is not None:
            self._compare_changes(name, line, offsets, zone, uses)

    def _compare_alias(
        self, name: str, line: int, offsets: ZoneOffsets, uses: dict[datetime, Property]
    ) -> None:
        """A zone by the name that Windows or a registry gives it.

        Such zones are defined by one year's rules for all years, so that clocks may change on other
        days: told is only an offset that the zone does not have for weeks around.
        """
        zone = zone_of_alias(name)
        for clock, where in uses.items() if zone is not None else ():
            given, known = offsets.offset_at(clock), offsets_near(zone, clock)
            if given is not None and known and given not in known:
                message = (
                    f"by VTIMEZONE {_shown(name)} (line {line}) clocks are {_text(given)} from UTC"
                    f" at {clock:%Y-%m-%d %H:%M}; those of the zone are {_listed(known)}"
                )
                self._findings.tell_at("zone-offset", where, message)
                return
        stated = offset_in_name(name)
        had = {observance.after for observance in offsets.observances}
        if zone is None and stated is not None and stated not in had:
            message = f"VTIMEZONE {_shown(name)} has the offsets {_listed(had)}"
            self._findings.tell("zone-offset", line, 1, message)

    def _compare_changes(
        self, name: str, line: int, offsets: ZoneOffsets, zone: tzinfo,
        uses: dict[datetime, Property],
    ) -> None:  # fmt: skip
        """Rules for ever, held against the zone in the years that the calendar is about."""
        pair = offsets.observances
        if len(pair) < 2 or not all(observance.endless for observance in pair):
            return
        first = max(observance.start for observance in pair).year
        years = sorted({clock.year for clock in uses if clock.year > first})[:_MAX_YEARS]
        for year in years:
            onsets = offsets.onsets_in(year)
            true = _offsets_in(zone, year)
            given = {after for _, _, after in onsets}
            if true is None or not onsets:
                continue
            if not given <= true or len(true) > len(given):
                message = (
                    f"VTIMEZONE {_shown(name)} knows {_listed(given)} in {year}; the zone has"
                    f" {_listed(true)}"
                )
                self._findings.tell("zone-offset", line, 1, message)
                return
            for onset, before, after in onsets:
                if not _changes(zone, onset, before, after):
                    message = (
                        f"by VTIMEZONE {_shown(name)} clocks change on {onset:%Y-%m-%d %H:%M};"
                        " those of the zone do not"
                    )
                    self._findings.tell("zone-changes", line, 1, message)
                    return

    def _compare_pairs(self) -> None:
        for begin, end, pair in self._pairs:
            first, last = self._utc(begin), self._utc(end)
            if first is not None and last is not None:
                pair((last - first).total_seconds())

    def _utc(self, moment: DateTimeValue) -> datetime | None:
        if moment.kind == "utc":
            return moment.clock
        offset: int | None = None
        zone = known_zone(moment.zone)
        if zone is not None:
            offset = _seconds(moment.clock.replace(tzinfo=zone))
        elif moment.zone in self._defined and self._defined[moment.zone][1].known:
            offset = self._defined[moment.zone][1].offset_at(moment.clock)
        if offset is None:
            return None
        try:
            return moment.clock - timedelta(seconds=offset)
        except OverflowError:
            return None


def _check_observance(component: Component, findings: CalendarFindings) -> None:
    start = component.first("DTSTART")
    if start is not None:
        moment = parse_moment(start.value, start.single("TZID"))
        if moment is not None and moment.kind != "floating":
            message = f"DTSTART of a {component.name} is a local time without Z or TZID"
            findings.tell_at("zone-start", start, message)
    for rule in component.all("RRULE")[:10]:
        text = rule.value.upper().partition("UNTIL=")[2].partition(";")[0]
        until = parse_moment(text, None) if text else None
        if until is not None and until.kind != "utc":
            message = f"UNTIL={text} of a {component.name} is not in UTC"
            findings.tell_at("zone-until", rule, message)


def _seconds(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _offset_of(zone: tzinfo, clock: datetime) -> int | None:
    """The zone's offset at a local time that its clocks show once; otherwise ``None``."""
    first = _seconds(clock.replace(tzinfo=zone))
    return first if first == _seconds(clock.replace(tzinfo=zone, fold=1)) else None


def _offsets_in(zone: tzinfo, year: int) -> set[int] | None:
    if not 1 < year < 9999:
        return None
    first = datetime(year, 1, 1, 12, tzinfo=zone)
    return {_seconds(first + timedelta(days=days)) for days in range(0, 365, 5)}


def _changes(zone: tzinfo, onset: datetime, before: int, after: int) -> bool:
    """Whether the zone's offset goes from one to the other at that local time."""
    try:
        earlier, later = (onset + timedelta(hours=hours) for hours in (-5, 5))
    except OverflowError:
        return True
    # A minute before, the old offset holds; put forward, times in the gap count as the new one's.
    exact = (onset - timedelta(minutes=1)).replace(fold=1 if after > before else 0)
    return (
        _seconds(earlier.replace(tzinfo=zone)) == before
        and _seconds(later.replace(tzinfo=zone)) == after
        and _seconds(exact.replace(tzinfo=zone)) == before
        and _seconds(onset.replace(tzinfo=zone, fold=1)) == after
    )


def _shown(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"


def _text(seconds: int) -> str:
    from planner.formats.ical.vtimezone import offset_text

    return offset_text(seconds)


def _listed(offsets: set[int]) -> str:
    return " and ".join(_text(offset) for offset in sorted(offsets))
