"""Timelines that nothing leads to: what happens when a condition comes true, on any day.

An adverse event or an early termination has its own timeline with an entry condition. Its visits
depend on that condition and stand behind all others, with the timings that they have among
themselves.
"""

from planner.formats.usdm.model import Design, ScheduleTimeline
from planner.formats.usdm.read.activities import DesignActivities
from planner.formats.usdm.read.import_log import ImportLog
from planner.formats.usdm.read.terminology import is_event
from planner.protocol.field_types import quoted


def timelines_by_id(account: ImportLog, design: Design) -> dict[str, ScheduleTimeline]:
    """The timelines of a design; of those that share an id the first."""
    found: dict[str, ScheduleTimeline] = {}
    for one in design.timelines:
        if one.id in found:
            account.mistake(
                f"two timelines have the id {quoted(one.id)}; only the first is used", one.path
            )
        found.setdefault(one.id, one)
    return found


def event_timelines(
    account: ImportLog, design: Design, main: ScheduleTimeline, activities: DesignActivities
) -> list[ScheduleTimeline]:
    """The timelines that are entered on a condition instead of from another timeline.

    One that only activities refer to is one of them if its words speak of an event: in CDISC's
    pilot the activity `Check adverse events` refers to the timeline of adverse events.
    """
    entered = {
        one.timeline_id
        for timeline in design.timelines
        for one in timeline.instances
        if one.timeline_id is not None
    }
    referring: dict[str, str] = {}
    for activity in activities.known.values():
        if activity.timeline_id is not None:
            referring.setdefault(activity.timeline_id, activity.name or activity.id)
    found = []
    for one in design.timelines:
        if one is main or one.is_main or one.id in entered or one.id == main.id:
            continue
        if not any(not instance.is_decision for instance in one.instances):
            continue
        named = one.name or one.label or one.id
        if one.id not in referring:
            if one.entry_condition is not None:
                found.append(one)
            else:
                account.left_out(
                    f"timeline {quoted(named)} is neither referred to nor entered on a condition",
                    one.path,
                    "`--timeline` reads it as a protocol of its own",
                    visits=sum(not instance.is_decision for instance in one.instances),
                )
        elif is_event(one.entry_condition):
            account.reading(
                f"timeline {quoted(named)} is entered when {quoted(one.entry_condition)}; read as"
                f" visits on that condition, not as a run sheet of each visit with the activity"
                f" {quoted(referring[one.id])}",
                one.path,
            )
            found.append(one)
    return found
