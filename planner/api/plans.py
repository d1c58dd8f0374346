"""Dates of one participant: the plan, with what has happened so far, and what a change would do."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import (
        DateSource,
        MomentSource,
        ProtocolSource,
        RecordSource,
        SiteSource,
    )
    from planner.timeline.anchors import AnchorDate
    from planner.timeline.course_planner import CoursePlanner
    from planner.timeline.model import Timeline
    from planner.timeline.whatif import WhatIf


def plan(
    protocol: "ProtocolSource",
    start: "DateSource | None" = None,
    *,
    site: "SiteSource | None" = None,
    participant: str | None = None,
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    at: "Mapping[str, DateSource] | None" = None,
    actuals: "RecordSource | None" = None,
    today: "DateSource | None" = None,
    unblinded: bool = False,
    anyway: bool = False,
) -> "Timeline":
    """The dated plan of one participant whose anchor visit takes place on ``start``.

    With ``actuals`` it is the plan of a participant under way: what has happened stays, what is
    booked moves only if it must, and the rest counts from the actual dates. Where no plan keeps all
    windows it is the one with the fewest days outside, and ``Timeline.forced`` says why::

        planner.plan("mapp1", actuals="P0001.csv", today="2027-02-03")

    Plans one after another share what is prepared for the same protocol, site and options, if the
    protocol is given as the same object, or as an id of the library.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        start: date of the anchor visit at the site, as `datetime.date` or ISO text; with a record
            that dates it, not needed.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        participant: a code that names nobody, `P0001` by default; a record has its own.
        arm: an arm's id; the record's own or the first one by default.
        with_visits: ids of the optional visits that take place; all of them, but no unscheduled
            ones, when ``None``.
        without_visits: ids of optional and conditional visits left out.
        at: dates that visits (by occurrence id) are fixed on; not with a record.
        actuals: path of a participant's record, or the `Record` itself.
        today: the first date on which what has not happened can take place, and the date by which
            visits are due or overdue; only with a record.
        unblinded: plans beyond the unblinding of a blinded study, too, and shows what only some of
            its arms have; of a record this follows from what took place.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.

    Raises:
        NothingFits: no placement exists; says which rules and closures.
        Contradiction: the protocol's rules contradict each other.
        planner.schedule.undated.Untied: nothing ties a visit to the anchor.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.api.inputs import (
        dates_of,
        names_of,
        optional_date,
        optional_text,
        protocol_of,
        record_of,
    )
    from planner.api.prepared import prepared_calendar, prepared_courses, prepared_planner
    from planner.timeline.participant_state import plan_participant
    from planner.timeline.plan import plan_timeline

    first, now = optional_date(start, "start"), optional_date(today, "today")
    chosen = None if with_visits is None else names_of(with_visits, "with_visits")
    left_out = names_of(without_visits, "without_visits")
    fixed = dates_of(at, "at")
    code = optional_text(participant, "participant", "a code such as `P0001`")
    arm = optional_text(arm, "arm", "the id of an arm")
    if actuals is not None:
        if at or code is not None:
            raise PlannerError(
                f"{'at' if at else 'participant'}: the record gives that already; leave it out"
            )
        courses = prepared_courses(
            protocol_of(protocol), prepared_calendar(site), chosen, left_out, anyway=anyway
        )
        record = record_of(actuals, "actuals")
        return plan_participant(courses, record, arm=arm, start=first, today=now)
    if now is not None:
        raise PlannerError("today: has no effect without a record")
    if first is None:
        raise PlannerError("start: name the date of the anchor visit, or a record")
    planner = prepared_planner(
        protocol_of(protocol),
        prepared_calendar(site),
        arm,
        chosen,
        left_out,
        fixed,
        unblinded=unblinded,
        anyway=anyway,
    )
    return plan_timeline(planner, first, "P0001" if code is None else code, unblinded=unblinded)


def whatif(
    protocol: "ProtocolSource",
    actuals: "RecordSource | None" = None,
    *,
    move: "Mapping[str, DateSource] | list[tuple[str, MomentSource]] | None" = None,
    miss: Collection[str] = (),
    cancel: Collection[str] = (),
    start: "DateSource | None" = None,
    site: "SiteSource | None" = None,
    arm: str | None = None,
    today: "DateSource | None" = None,
    reason: str | None = None,
    anyway: bool = False,
) -> "WhatIf":
    """Everything that moving, missing or cancelling visits would change; nothing is written.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        actuals: path of a participant's record, or the `Record` itself; else give ``start``.
        move: by visit the date that it is moved to, or its date and local time: a `datetime`, or a
            text such as ``2027-03-01T09:00``.
        miss: ids of visits that are missed.
        cancel: ids of visits that are cancelled.
        start: date of the anchor visit, where no record dates it.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        arm: an arm's id; the record's own or the first one by default.
        today: the first date on which what has not happened can take place; any when ``None``.
        reason: why, for the record that the steps make.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.

    Raises:
        PlannerError: a visit is unknown or over, or what `plan` raises.
    """
    from planner.api.inputs import (
        moments_of,
        names_of,
        optional_date,
        optional_text,
        protocol_of,
        record_of,
    )
    from planner.api.prepared import prepared_calendar, prepared_courses
    from planner.timeline.whatif import WhatIfStep, empty_record, what_if

    first, now = optional_date(start, "start"), optional_date(today, "today")
    if actuals is not None:
        file = record_of(actuals, "actuals")
    elif first is not None:
        file = empty_record("P0001", first)
    else:
        raise PlannerError("start: name the date of the anchor visit, or a record")
    steps = [
        WhatIfStep("move", name, moment, reason=reason) for name, moment in moments_of(move, "move")
    ]
    steps += [WhatIfStep("miss", name, reason=reason) for name in names_of(miss, "miss")]
    steps += [WhatIfStep("cancel", name, reason=reason) for name in names_of(cancel, "cancel")]
    courses = prepared_courses(protocol_of(protocol), prepared_calendar(site), anyway=anyway)
    chosen = optional_text(arm, "arm", "the id of an arm")
    return what_if(courses, file, steps, arm=chosen, start=first, today=now)


MAX_ANCHOR_DAYS = 3660
"""So many days may a range of anchor dates be long: ten years."""


class Anchors(NamedTuple):
    """Dates of a range, each with whether a whole course can start there; and what planned it."""

    planner: "CoursePlanner"
    days: "tuple[AnchorDate, ...]"


def replan(
    protocol: "ProtocolSource",
    record: "RecordSource",
    today: "DateSource | None" = None,
    *,
    site: "SiteSource | None" = None,
    arm: str | None = None,
) -> "Timeline":
    """The plan of a participant under way, from what is recorded; `plan` says how.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        record: path of the participant's record, or the `Record` itself.
        today: the first date on which what has not happened can take place; any when ``None``.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        arm: an arm's id; the record's own or the first one by default.

    Raises:
        PlannerError: as `plan`.
    """
    return plan(protocol, actuals=record, today=today, site=site, arm=arm)


def anchors(
    protocol: "ProtocolSource",
    first: "DateSource",
    last: "DateSource",
    *,
    site: "SiteSource | None" = None,
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    actuals: "RecordSource | None" = None,
    anyway: bool = False,
    around: "Callable[[Iterable[AnchorDate]], Iterable[AnchorDate]]" = iter,
) -> Anchors:
    """For every date of a range whether the whole course can start there, and why not.

    With ``actuals`` it is asked for one participant: what has taken place stays, what is booked is
    no hindrance, and dates on which the participant is away are left out.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        first: the first date of the range.
        last: its last date, included; at most ten years later.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        arm: an arm's id; the first one by default.
        with_visits: as of `plan`.
        without_visits: as of `plan`.
        actuals: path of a participant's record, or the `Record` itself, with its own arm.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        around: is given the dates one by one while they are judged, such as a bar of progress.

    Raises:
        Contradiction: the protocol's rules contradict each other.
        PlannerError: the range is upside down or too long; the anchor visit has taken place; or as
            `plan`.
    """
    from planner.api.inputs import date_of, names_of, optional_text, protocol_of, record_of
    from planner.api.prepared import prepared_calendar, prepared_courses, prepared_planner
    from planner.timeline.anchors import anchor_dates, own_anchors

    begin, end = date_of(first, "first"), date_of(last, "last")
    if end < begin:
        raise PlannerError(f"last: {end} is before first {begin}")
    if (end - begin).days > MAX_ANCHOR_DAYS:
        raise PlannerError("last: the range is longer than ten years")
    chosen = optional_text(arm, "arm", "the id of an arm")
    with_ids = None if with_visits is None else names_of(with_visits, "with_visits")
    without_ids = names_of(without_visits, "without_visits")
    calendar = prepared_calendar(site)
    planner: CoursePlanner
    if actuals is not None:
        file = record_of(actuals, "actuals")
        courses = prepared_courses(
            protocol_of(protocol), calendar, with_ids, without_ids, anyway=anyway
        )
        planner = own_anchors(courses, file, chosen)
    else:
        planner = prepared_planner(
            protocol_of(protocol), calendar, chosen, with_ids, without_ids, unblinded=True,
            anyway=anyway,
        )  # fmt: skip
    return Anchors(planner, tuple(around(anchor_dates(planner, begin, end))))
