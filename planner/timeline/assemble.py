"""Puts a plan into the form that every output is made from: a `Timeline` of dated visits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from planner.protocol.course import (
    Course,
    Occurrence,
    Point,
    TimingConstraint,
    Waiting,
    target_conventions,
)
from planner.protocol.expand import expand
from planner.protocol.model import Protocol, Track
from planner.protocol.telling import telling_words
from planner.protocol.visit import Staffing
from planner.schedule.build import allowed_window, start_timings, states_window
from planner.schedule.run_sheet import SheetTime, sheet_times
from planner.schedule.undated import not_behind, why_undated
from planner.schedule.visit_numbers import visit_numbers
from planner.site.calendar import SiteCalendar
from planner.time.date import format_time
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window
from planner.time.local import day_of, first_instant, to_local
from planner.timeline.business_days import in_business_days
from planner.timeline.candidates import planned_minutes
from planner.timeline.course_planner import PlacedVisit, Plan
from planner.timeline.model import (
    DatedItem,
    DatedTrack,
    DatedVisit,
    DateWindow,
    Link,
    Timeline,
    WaitingTrack,
    WaitingVisit,
)
from planner.timeline.reminders import dated_reminders
from planner.timeline.visit_length import default_length

CLOSED_DAYS = "closed days are removed from a window, which itself does not move"
NOTHING_DONE: Mapping[str, date] = MappingProxyType({})
NOT_PROVEN = (
    "it is not proven that no other dates are nearer the targets: days are too full to try all"
)


def assemble(
    course: Course,
    site: SiteCalendar,
    plan: Plan,
    participant: str,
    *,
    unblinded: bool = False,
    done: Mapping[str, date] = NOTHING_DONE,
) -> Timeline:
    """The timeline of one participant from a plan.

    In a blinded study what only some arms have is kept back until ``unblinded``.

    Args:
        course: that was planned.
        site: where.
        plan: of the visits of the course, in its order.
        participant: a code.
        unblinded: shows what only some arms of a blinded study have.
        done: the dates on which reminders were done, by id.
    """
    protocol = course.protocol
    placed = dict(zip((visit.id for visit in course.visits), plan.visits, strict=True))
    anchor = course.anchor
    assert anchor is not None, "a plan has an anchor"
    timings = course.timings()
    numbers = visit_numbers(protocol)
    hidden = set[str]()
    if protocol.hides_plans and not unblinded:
        whole = expand(protocol, course.arm)
        hidden.update(visit.id for visit in whole.visits if tells_arm(visit, protocol))
    keeps_back = protocol.hides_run_sheets and not unblinded
    visits = tuple(
        _dated_visit(
            course,
            site,
            plan,
            placed,
            occurrence,
            numbers[occurrence.id],
            timings[occurrence.id],
            keeps_back,
        )
        for occurrence in course.visits
        if occurrence.id not in hidden
    )
    waiting = not_behind(course.waiting, hidden)
    return Timeline(
        protocol_id=protocol.id,
        protocol_title=protocol.title,
        protocol_version=protocol.version,
        study_id=protocol.identities[0],
        arm=course.arm,
        blinded=protocol.is_blinded,
        participant=participant,
        site_id=site.id,
        site_title=site.title,
        timezone=str(site.zone),
        anchor_visit=anchor,
        anchor_date=date.fromordinal(plan.anchor),
        day_zero=protocol.day_zero,
        visits=tuple(sorted(visits, key=lambda visit: visit.start)),
        tracks=tuple(
            track
            for written, track in _tracks(course, site, placed)
            if unblinded or not (protocol.hides_plans and written.arms)
        ),
        waiting=tuple(
            _waiting_visit(waiting.what, waiting, numbers[waiting.what.id])
            for waiting in waiting
            if isinstance(waiting.what, Occurrence)
        ),
        waiting_tracks=tuple(
            _waiting_track(waiting.what, waiting)
            for waiting in waiting
            if isinstance(waiting.what, Track)
            and (unblinded or not (protocol.hides_plans and waiting.what.arms))
        ),
        reminders=tuple(
            reminder
            for reminder in dated_reminders(course, site, placed, done=done, unblinded=unblinded)
            if reminder.visit not in hidden
        ),
        conventions=(
            *(() if plan.proven else (NOT_PROVEN,)),
            *_conventions(course, site, unblinded=unblinded),
        ),
        cost=plan.cost,
        former_ids=protocol.identities[1:],
        telling=telling_words(protocol),
        visit_length=default_length(protocol, site.site),
    )


def _waiting_visit(occurrence: Occurrence, waiting: Waiting, number: int) -> WaitingVisit:
    return WaitingVisit(
        id=occurrence.id,
        title=occurrence.title,
        kind=occurrence.kind,
        epoch=occurrence.epoch.id,
        epoch_title=occurrence.epoch.title or occurrence.epoch.id,
        cycle=occurrence.cycle,
        mode=occurrence.visit.mode,
        optional=occurrence.visit.optional,
        conditional=occurrence.visit.when,
        number=number,
        status="undated" if waiting.never or waiting.is_untied else "waiting",
        waiting_for=waiting.references,
        why=why_undated(waiting),
    )


def _waiting_track(track: Track, waiting: Waiting) -> WaitingTrack:
    return WaitingTrack(
        id=track.id,
        title=track.title or track.id,
        kind=track.kind,
        status="undated" if waiting.never or waiting.is_untied else "waiting",
        waiting_for=waiting.references,
        why=why_undated(waiting),
    )


def tells_arm(occurrence: Occurrence, protocol: Protocol) -> bool:
    """Whether a visit exists only in some arms of a blinded study: to see it is to know the arm."""
    return protocol.hides_plans and bool(occurrence.visit.arms or occurrence.epoch.arms)


def study_day(day: int, anchor: int, *, day_zero: bool) -> int:
    """The study day of a date: the anchor is Day 1 and its eve Day -1, or Day 0 if declared.

    Args:
        day: a date as an ordinal.
        anchor: the anchor's date as an ordinal.
        day_zero: whether the anchor's date is Day 0; else there is no such day.
    """
    distance = day - anchor
    return distance if day_zero or distance < 0 else distance + 1


def _dated_visit(
    course: Course,
    site: SiteCalendar,
    plan: Plan,
    placed: dict[str, PlacedVisit],
    occurrence: Occurrence,
    number: int,
    rules: Sequence[TimingConstraint],
    keeps_back: bool,
) -> DatedVisit:
    visit, placed_visit = occurrence.visit, placed[occurrence.id]
    minutes = planned_minutes(occurrence)
    known_end = visit.duration is not None or visit.overnight is not None
    return DatedVisit(
        id=occurrence.id,
        title=occurrence.title,
        kind=occurrence.kind,
        epoch=occurrence.epoch.id,
        epoch_title=occurrence.epoch.title or occurrence.epoch.id,
        cycle=occurrence.cycle,
        mode=visit.mode,
        optional=visit.optional,
        conditional=visit.when,
        target=_target(rules, placed, site.zone) if visit.date is None else visit.date,
        window=written_window(course, rules, placed, site.zone)
        if visit.date is None
        else DateWindow(visit.date, visit.date),
        effective_window=DateWindow(
            _as_date(placed_visit.first_day), _as_date(placed_visit.last_day)
        ),
        start=to_local(placed_visit.start, site.zone),
        end=to_local(placed_visit.end, site.zone) if known_end else None,
        session_end=to_local(placed_visit.start + minutes, site.zone) if visit.duration else None,
        overnight=visit.overnight is not None,
        study_day=study_day(placed_visit.day, plan.anchor, day_zero=course.protocol.day_zero),
        status="planned",
        deviation=None,
        number=number,
        room=visit.room,
        staff=staff_of(course, visit.staff),
        gates=visit.requires,
        run_sheet=tuple(_run_sheet(course, occurrence, placed_visit, site, keeps_back=keeps_back)),
        links=tuple(_links(rules)),
        window_stated=_states_window(occurrence, rules, course),
    )


def _states_window(
    occurrence: Occurrence, rules: Sequence[TimingConstraint], course: Course
) -> bool | None:
    if occurrence.visit.date is not None:
        return True
    return None if occurrence.id == course.anchor else states_window(rules, course)


def _as_date(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _reach(
    placed: dict[str, PlacedVisit], point: Point, distance: Distance, zone: ZoneInfo
) -> date:
    """The date that lies a distance from a planned point; of a clock distance, its instant's."""
    placed_visit = placed[point.visit]
    if isinstance(distance, CalendarDistance):
        return distance.after(
            date.fromordinal(placed_visit.end_day if point.end else placed_visit.day)
        )
    return day_of((placed_visit.end if point.end else placed_visit.start) + distance.minutes, zone)


def _target(
    rules: Sequence[TimingConstraint], placed: dict[str, PlacedVisit], zone: ZoneInfo
) -> date | None:
    for rule in rules:
        if rule.target is not None and not rule.point.end:
            return _reach(placed, rule.reference, rule.target, zone)
    return None


def written_window(
    course: Course,
    rules: Sequence[TimingConstraint],
    placed: dict[str, PlacedVisit],
    zone: ZoneInfo,
) -> DateWindow:
    """What the visit's own timings allow together, counted from where their references lie.

    Where two of them leave no day, the window has no ends and says why.

    Args:
        course: that the rules are of.
        rules: the visit's own; those about its end are passed over.
        placed: where the visits lie, by occurrence id.
        zone: of the site, in which clock distances become dates.
    """
    begins: list[tuple[date, str]] = []
    ends: list[tuple[date, str]] = []
    for rule in start_timings(rules, course):
        window = allowed_window(rule, course)
        if window is None:
            continue
        for end, days in ((window.earliest, begins), (window.latest, ends)):
            if end is not None:
                days.append((_reach(placed, rule.reference, end, zone), rule.name))
    earliest, opens = max(begins, key=lambda day: day[0], default=(None, ""))
    latest, closes = min(ends, key=lambda day: day[0], default=(None, ""))
    if earliest is not None and latest is not None and latest < earliest:
        no_day = f"no day: `{closes}` ends {latest}, `{opens}` begins {earliest}"
        return DateWindow(None, None, no_day)
    return DateWindow(earliest, latest)


def staff_of(course: Course, staffing: Staffing | None) -> tuple[tuple[str, int], ...]:
    """How many of each role are present; the role's own number where none is written.

    Args:
        course: whose protocol declares roles.
        staffing: of a visit, or of an item of its run sheet.
    """
    if staffing is None:
        return ()
    roles = course.protocol.roles
    return tuple(
        (role, number if number is not None else roles[role].count if role in roles else 1)
        for role, number in staffing.roles.items()
    )


def _run_sheet(
    course: Course,
    occurrence: Occurrence,
    placed: PlacedVisit,
    site: SiteCalendar,
    *,
    keeps_back: bool,
) -> Iterator[DatedItem]:
    """The lines of a run sheet; ``keeps_back`` leaves out those that only some arms have."""

    def local(minutes: int | None) -> datetime | None:
        return None if minutes is None else to_local(placed.start + minutes, site.zone)

    def dated(time: SheetTime) -> DatedItem:
        item = time.item
        start = to_local(placed.start + time.planned, site.zone)
        length = item.duration.latest if item.duration is not None else None
        end = None
        if isinstance(length, ClockDistance):
            end = to_local(placed.start + time.planned + length.minutes, site.zone)
        return DatedItem(
            id=time.id,
            title=item.title or item.id,
            start=start,
            end=end,
            earliest=local(time.earliest),
            latest=local(time.latest),
            optional=item.optional,
            staff=staff_of(course, item.staff),
            conditional=item.when is not None,
        )

    for time in sheet_times(occurrence.visit):
        if not (keeps_back and time.item.arms):
            yield dated(time)


def _links(rules: Sequence[TimingConstraint]) -> "list[Link]":
    """The timings as relations between events, each in its earlier visit (RFC 9253).

    Of several timings between the same two points the one with the target speaks.
    """
    links: dict[frozenset[Point], Link] = {}
    for rule in sorted(rules, key=lambda rule: rule.target is None):
        window = rule.window or Window(rule.target, rule.target)
        distance = rule.target or window.earliest or window.latest
        if distance is None:
            continue
        backwards = str(distance).startswith("-")
        earlier, later = rule.reference, rule.point
        if backwards:
            earlier, later, distance = later, earlier, -distance
        days = minutes = None
        if isinstance(distance, ClockDistance):
            minutes = distance.minutes
        elif distance.is_fixed:
            days = distance.days
        link = Link(earlier.visit, later.visit, earlier.end, later.end, days, minutes)
        links.setdefault(frozenset((earlier, later)), link)
    return list(links.values())


def _tracks(
    course: Course, site: SiteCalendar, placed: dict[str, PlacedVisit]
) -> "list[tuple[Track, DatedTrack]]":
    tracks: list[tuple[Track, DatedTrack]] = []
    for track, start, until in course.tracks:
        assert isinstance(track.every, CalendarDistance)
        assert isinstance(track.offset, CalendarDistance)
        begin = placed[start.visit]
        first_day = (begin.end_day if start.end else begin.day) + track.offset.days
        if track.times is not None:
            count = track.times
        else:
            assert until is not None
            end = placed[until.visit]
            last_day = end.end_day if until.end else end.day
            count = (last_day - first_day) // track.every.days + 1
        if count < 1:
            continue
        length = track.duration.latest if track.duration is not None else None
        for name, minute in track.entries:
            title = track.title or track.id
            if minute is not None and len(track.entries) > 1:
                title += f", {format_time(minute)}"
            if minute is None:
                minute = course.protocol.conventions.visit_time
            instant = first_instant(date.fromordinal(first_day), minute, site.zone)
            end_time = None
            if isinstance(length, ClockDistance):
                end_time = to_local(instant + length.minutes, site.zone)
            dated = DatedTrack(
                id=name,
                title=title,
                kind=track.kind,
                start=to_local(instant, site.zone),
                end=end_time,
                every_days=track.every.days,
                count=count,
            )
            tracks.append((track, dated))
    return tracks


def _business_days(course: Course, site: SiteCalendar) -> Iterator[str]:
    counting = any(reminder.reminder.distance.business_days for reminder in course.reminders)
    if not counting and not any(map(in_business_days, course.rules)):
        return
    if site.is_named:
        yield "business days: the open weekdays of the site that are no public holidays"
    else:
        yield (
            "business days: no site says which they are, so a window allows every number of days"
            " that they can be, and a target counts Mondays to Fridays"
        )


def _conventions(course: Course, site: SiteCalendar, *, unblinded: bool) -> tuple[str, ...]:
    protocol = course.protocol
    anchor = course.anchor
    if protocol.day_zero:
        days = f"study days: {anchor} is Day 0"
    else:
        days = f"study days: {anchor} is Day 1, the day before it Day -1, there is no Day 0"
    parts = any(visit.arms or epoch.arms for epoch in protocol.epochs for visit in epoch.visits)
    length = default_length(protocol, site.site)
    kept_back: tuple[str, ...] = ()
    if parts and protocol.hides_plans and not unblinded:
        kept_back = ("visits of only some arms are not shown before unblinding",)
    return (
        days,
        "windows include both ends; " + CLOSED_DAYS,
        *target_conventions(course),
        *_business_days(course, site),
        *kept_back,
        *(() if length is None else (f"visits without stated duration: {length} minutes assumed",)),
        *site.conventions(),
    )
