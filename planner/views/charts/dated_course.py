"""The course of a participant under way, as plain rows: the plan, and what has happened so far."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from planner.notice import NOTICE
from planner.protocol.course import NOT_PUBLISHED
from planner.protocol.expand import epoch_kind, expand
from planner.protocol.model import Protocol
from planner.schedule.slack import DayWindow
from planner.site.calendar import SiteCalendar
from planner.timeline.model import DatedVisit, DateWindow, Timeline, WaitingVisit
from planner.views.charts.course import (
    NO_WINDOW,
    Closed,
    CourseRow,
    CourseTable,
    CourseTrack,
    how_often,
    long_date,
    refuse_too_long,
    undated_row,
)
from planner.views.contact_mode import untitled_mode
from planner.views.site_words import at_site


def dated_course(
    timeline: Timeline, protocol: Protocol | None = None, site: SiteCalendar | None = None
) -> CourseTable:
    """A participant's course, as planned and as far as it has happened.

    Args:
        timeline: the plan.
        protocol: its study, for the kinds of its epochs that decide their colours.
        site: whose closed days are drawn; none are without it.

    Raises:
        PlannerError: it is too long to draw.
    """
    refuse_too_long(len(timeline.listed()), timeline.protocol_id)
    anchor = timeline.anchor_date
    kinds = {epoch.id: epoch_kind(epoch) for epoch in protocol.epochs} if protocol else {}

    def day(value: date | None) -> int | None:
        return None if value is None else (value - anchor).days

    rows = [
        undated_row(visit, visit.label, visit.epoch_title, kinds.get(visit.epoch), visit.why)
        if isinstance(visit, WaitingVisit)
        else _dated_row(visit, kinds.get(visit.epoch), day, timeline)
        for visit in timeline.listed()
    ]
    for extra in timeline.unscheduled:
        when = long_date(extra.start.date())
        facts = (("When", f"{when} {extra.start:%H:%M}"), ("Why", extra.reason or ""))
        remarks = (extra.reason,) if extra.reason else ()
        at = day(extra.start.date())
        title = f"{extra.id}: {extra.what}" if extra.status == "failed" else extra.id
        rows.append(
            CourseRow(
                title, title, "unscheduled", "Unscheduled", None, remarks, when, at, None,
                NO_WINDOW, NO_WINDOW, planned=at, status="unscheduled", facts=facts,
            )
        )  # fmt: skip
    tracks = [
        CourseTrack(
            track.title,
            how_often(track.every_days, track.count),
            (first := (track.start.date() - anchor).days),
            first + (track.count - 1) * track.every_days,
        )
        for track in timeline.tracks
    ]
    about = f"{timeline.protocol_id}, version {timeline.protocol_version}"
    # An arm's name on a picture at the site would break the blind.
    about += "" if timeline.blinded or timeline.arm is None else f", arm {timeline.arm}"
    first_visit = next(
        visit.label for visit in timeline.visits if visit.id == timeline.anchor_visit
    )
    number = 0 if timeline.day_zero else 1
    whose = (
        timeline.participant
        + at_site(timeline.site_id, timeline.site_title, timeline.timezone)
        + f"; Day {number} is {first_visit}, {long_date(anchor)}"
    )
    reach = [
        drawn_day
        for row in rows
        for drawn_day in (*row.written, *row.effective, row.target, row.planned, row.booked)
        if drawn_day is not None
    ]
    if site is not None and protocol is not None and site.site.facilities:
        rows = [*_with_facilities(rows, timeline, protocol, site, (min(reach), max(reach)))]
    return CourseTable(
        title=timeline.protocol_title,
        about=(about, whose),
        anchor=anchor,
        day_zero=timeline.day_zero,
        today=day(timeline.today),
        rows=tuple(rows),
        tracks=tuple(tracks),
        closed=tuple(closed_days(site, anchor, min(reach), max(reach))) if site else (),
        consistent=True,
        forced=bool(timeline.forced),
        notes=(*_plan_notes(timeline), _sentence(timeline.conventions), NOTICE),
    )


def _with_facilities(
    rows: Iterable[CourseRow],
    timeline: Timeline,
    protocol: Protocol,
    site: SiteCalendar,
    days: tuple[int, int],
) -> Iterable[CourseRow]:
    """The rows; those of visits in a facility have the days on which that is closed."""
    visits = {
        occurrence.id: occurrence.visit for occurrence in expand(protocol, timeline.arm).visits
    }
    for row in rows:
        visit = visits.get(row.id)
        place = site if visit is None else site.place(visit.facility, visit.room)
        closed = closed_days(place, timeline.anchor_date, *days)
        yield row if place is site else row._replace(closed=tuple(closed))


def closed_days(site: SiteCalendar, anchor: date, first: int, last: int) -> Iterable[Closed]:
    """The stretches in which the site is closed, from one day to another, both included."""
    run: Closed | None = None
    for day in range(first, last + 1):
        reason = site.why_closed(anchor + timedelta(day))
        if reason is None:
            if run is not None:
                yield run
            run = None
            continue
        weekly = reason.startswith("closed on ")
        if run is None or run.weekly != weekly:
            if run is not None:
                yield run
            run = Closed(day, day, reason, weekly)
        elif reason in run.reason.split("; "):
            run = run._replace(last=day)
        else:
            run = Closed(run.first, day, f"{run.reason}; {reason}", weekly)
    if run is not None:
        yield run


_SAID = {"occurred": "took place"}


def _dated_row(
    visit: DatedVisit,
    kind: str | None,
    day: Callable[[date | None], int | None],
    timeline: Timeline,
) -> CourseRow:
    mode = untitled_mode(visit.mode, visit.title)
    remarks = [
        word
        for word, holds in (
            (mode, bool(mode)),
            ("overnight", visit.overnight),
            ("optional", visit.optional),
            (f"if {visit.conditional}", visit.conditional is not None),
            ("provisional", visit.provisional),
            (f"waits for {', '.join(visit.waiting_for)}", bool(visit.waiting_for)),
        )
        if holds
    ]
    is_anchor = visit.id == timeline.anchor_visit
    is_stated = visit.window_stated is not False
    # Of a visit without timings of its own the listed order would be drawn as a window.
    is_bounded = is_anchor or visit.window_stated is True
    start = visit.start.date()
    clock = f"{visit.start:%H:%M}" + ("" if visit.end is None else f"-{visit.end:%H:%M}")
    facts = (
        ("When", f"{long_date(start)} {clock}"),
        ("Study day", str(visit.study_day)),
        ("Status", _SAID.get(visit.status, visit.status)),
        ("Target", "" if visit.target is None else long_date(visit.target)),
        ("Visit window", _span(visit.window) if is_stated else NOT_PUBLISHED),
        ("Effective window", _span(visit.effective_window) if is_bounded else ""),
        ("Booked", "" if visit.booked is None else long_date(visit.booked.date())),
        ("Outside", visit.deviation or ""),
    )
    return CourseRow(
        id=visit.id,
        title=visit.label,
        kind=visit.kind,
        epoch=visit.epoch_title,
        epoch_kind=kind,
        remarks=tuple(remarks),
        when=long_date(start),
        day=day(start),
        target=day(visit.target),
        written=DayWindow(0, 0) if is_anchor else _days(visit.window, day),
        effective=_days(visit.effective_window, day) if is_bounded else NO_WINDOW,
        planned=day(start),
        booked=None if visit.booked is None else day(visit.booked.date()),
        status=visit.status,
        outside=visit.deviation is not None,
        window_stated=is_stated,
        facts=facts,
    )


def _days(window: DateWindow, day: Callable[[date | None], int | None]) -> DayWindow:
    return DayWindow(day(window.earliest), day(window.latest))


def _span(window: DateWindow) -> str:
    first, last = window.earliest, window.latest
    if first is None:
        return window.no_day or "" if last is None else f"until {long_date(last)}"
    if last is None:
        return f"from {long_date(first)}"
    return long_date(first) if first == last else f"{long_date(first)} to {long_date(last)}"


def _sentence(parts: Iterable[str]) -> str:
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _plan_notes(timeline: Timeline) -> Iterable[str]:
    for waiting_track in timeline.waiting_tracks:
        yield f"{waiting_track.title}: {waiting_track.why}."
    for visit in timeline.visits:
        if visit.booked is not None:
            yield (
                f"{visit.label}: booked for {long_date(visit.booked.date())}, which no longer fits."
            )
        if visit.deviation is not None:
            yield f"{visit.label}: {visit.deviation}."
    if timeline.forced:
        yield (
            "No plan keeps all windows; this one has the smallest total deviation. Reasons: "
            + "; ".join(timeline.forced) + "."
        )  # fmt: skip
