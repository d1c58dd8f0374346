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
    timelines: dict[str, ScheduleTimeline] = {}
    for timeline in design.timelines:
        if timeline.id in timelines:
            account.mistake(
                f"two timelines have the id {quoted(timeline.id)}; only the first is used",
                timeline.path,
            )
        timelines.setdefault(timeline.id, timeline)
    return timelines


def event_timelines(
    account: ImportLog, design: Design, main: ScheduleTimeline, activities: DesignActivities
) -> list[ScheduleTimeline]:
    """The timelines that are entered on a condition instead of from another timeline.

    One that only activities refer to is one of them if its words speak of an event: in CDISC's
    pilot the activity `Check adverse events` refers to the timeline of adverse events.
    """
    entered = {
        instance.timeline_id
        for timeline in design.timelines
        for instance in timeline.instances
        if instance.timeline_id is not None
    }
    referring: dict[str, str] = {}
    for activity in activities.known.values():
        if activity.timeline_id is not None:
            referring.setdefault(activity.timeline_id, activity.name or activity.id)
    timelines = []
    for timeline in design.timelines:
        if timeline is main or timeline.is_main or timeline.id in entered or timeline.id == main.id:
            continue
        if not any(not instance.is_decision for instance in timeline.instances):
            continue
        named = timeline.name or timeline.label or timeline.id
        if timeline.id not in referring:
            if timeline.entry_condition is not None:
                timelines.append(timeline)
            else:
                account.left_out(
                    f"timeline {quoted(named)} is neither referred to nor entered on a condition",
                    timeline.path,
                    "`--timeline` reads it as a protocol of its own",
                    visits=sum(not instance.is_decision for instance in timeline.instances),
                )
        elif is_event(timeline.entry_condition):
            account.reading(
                f"timeline {quoted(named)} is entered when {quoted(timeline.entry_condition)}; read"
                f" as visits on that condition, not as a run sheet of each visit with the activity"
                f" {quoted(referring[timeline.id])}",
                timeline.path,
            )
            timelines.append(timeline)
    return timelines
