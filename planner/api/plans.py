"""Dates of one participant: the plan, with what has happened so far, and what a change would do."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, RecordSource, SiteSource
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
            raise PlannerError(f"{'at' if at else 'participant'}: the record says that")
        courses = prepared_courses(protocol_of(protocol), prepared_calendar(site), chosen, left_out)
        record = record_of(actuals, "actuals")
        return plan_participant(courses, record, arm=arm, start=first, today=now)
    if now is not None:
        raise PlannerError("today: only says something beside a record")
    if first is None:
        raise PlannerError("start: name the date of the anchor visit, or a record")
    planner = prepared_planner(
        protocol_of(protocol), prepared_calendar(site), arm, chosen, left_out, fixed
    )
    return plan_timeline(planner, first, "P0001" if code is None else code)


def whatif(
    protocol: "ProtocolSource",
    actuals: "RecordSource | None" = None,
    *,
    move: "Mapping[str, DateSource] | None" = None,
    miss: Collection[str] = (),
    cancel: Collection[str] = (),
    start: "DateSource | None" = None,
    site: "SiteSource | None" = None,
    arm: str | None = None,
    today: "DateSource | None" = None,
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
    steps = [WhatIfStep("move", name, moment) for name, moment in moments_of(move, "move")]
    steps += [WhatIfStep("miss", name) for name in names_of(miss, "miss")]
    steps += [WhatIfStep("cancel", name) for name in names_of(cancel, "cancel")]
    courses = prepared_courses(protocol_of(protocol), prepared_calendar(site))
    chosen = optional_text(arm, "arm", "the id of an arm")
    return what_if(courses, file, steps, arm=chosen, start=first, today=now)
