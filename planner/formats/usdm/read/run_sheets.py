"""Sub-timelines as run sheets: what happens inside a visit, each line at its right offset.

The zero of a sub-timeline is the moment of the visit it belongs to. An end of a line is its start
where no duration is given, as none ever is: `End to Start` with 0 minutes is the same minute.
"""

from typing import NamedTuple

from planner.formats.usdm.distances import as_clock
from planner.formats.usdm.model import Instance, ScheduleTimeline, StudyActivity, StudyTiming
from planner.formats.usdm.read.activities import DesignActivities
from planner.formats.usdm.read.chain import ChainVisit, walk
from planner.formats.usdm.read.import_log import ImportLog, Names, name_of, short_line, slug
from planner.formats.usdm.read.timings import (
    InstanceSpacing,
    Timed,
    spacing,
    timed,
    timing_ends,
    timing_name,
    timing_note,
    window_text,
)
from planner.formats.usdm.read.visits import visit_note
from planner.protocol.field_types import quoted
from planner.time.distance import ClockDistance, UnitError

MAX_ITEMS = 500
"""Lines of one run sheet; a file that asks for more is told so."""
MAX_LINES = 20_000
"""Lines of all run sheets of a protocol together."""
MAX_DEPTH = 4
"""How deep sub-timelines stand in each other."""

Item = dict[str, object]


class Placing(NamedTuple):
    """Where a line stands: so many minutes from another one, or from the sheet's zero."""

    reference: str | None
    target: int
    entry: Item


class RunSheets:
    """Makes run sheets; visits with the same sub-timelines share one."""

    def __init__(
        self,
        account: ImportLog,
        timelines: dict[str, ScheduleTimeline],
        activities: DesignActivities,
        events: frozenset[str],
    ) -> None:
        self.account = account
        self.timelines = timelines
        self.activities = activities
        self.events = events
        self.made: dict[tuple[str, ...], tuple[object | None, int]] = {}
        self.lines = 0
        self.walked: dict[str, tuple[list[ChainVisit], Timed]] = {}
        self.used: set[str] = set()

    def run_sheet_of(self, instance: Instance) -> object | None:
        """The run sheet of a visit; ``None`` if nothing of it has a sub-timeline."""
        wanted = tuple(timeline.id for timeline in self._timelines(instance))
        if not wanted:
            return None
        if wanted not in self.made:
            sheet = _Sheet(self, len(wanted) > 1)
            self.made[wanted] = sheet.make(wanted), len(sheet.items)
        sheet_made, length = self.made[wanted]
        if self.lines + length > MAX_LINES:
            first = self.timelines[wanted[0]]
            self.account.left_out(
                f"the run sheets of all visits hold more than {MAX_LINES:,} lines; those of"
                f" {quoted(first.name or first.id)} are left out at some of its visits",
                first.path,
            )
            return None
        self.lines += length
        return sheet_made

    def _timelines(self, instance: Instance) -> list[ScheduleTimeline]:
        timelines: dict[str, ScheduleTimeline] = {}
        if instance.timeline_id is not None:
            timeline = self._timeline(instance.timeline_id, instance)
            if timeline is not None:
                timelines[timeline.id] = timeline
        for activity in self.activities.activities_of(instance):
            if activity.timeline_id is not None and activity.timeline_id not in self.events:
                timeline = self._timeline(activity.timeline_id, activity)
                if timeline is not None:
                    timelines.setdefault(timeline.id, timeline)
        return list(timelines.values())

    def _timeline(self, identity: str, owner: Instance | StudyActivity) -> ScheduleTimeline | None:
        timeline = self.timelines.get(identity)
        where = (*owner.path, "timelineId")
        if timeline is None:
            self.account.mistake(
                f"{quoted(owner.name or owner.id)} names the timeline {quoted(identity)}, which the"
                " design does not have",
                where,
            )
        elif timeline.is_main:
            self.account.mistake(
                f"{quoted(owner.name or owner.id)} has a main timeline as its sub-timeline,"
                f" {quoted(timeline.name or timeline.id)}; it is left out",
                where,
            )
            return None
        else:
            self.used.add(identity)
        return timeline

    def walk(self, timeline: ScheduleTimeline) -> tuple[list[ChainVisit], Timed] | None:
        """The way through a sub-timeline and its timings; ``None`` if it is empty."""
        if timeline.id not in self.walked:
            stops = walk(self.account, timeline, visits=False)
            if not stops:
                self.account.left_out(
                    f"timeline {quoted(timeline.name or timeline.id)} has no instance",
                    timeline.path,
                )
                return None
            self.walked[timeline.id] = stops, timed(self.account, timeline, stops)
        return self.walked[timeline.id]


class _Sheet:
    """One run sheet while its lines are made."""

    def __init__(self, sheets: RunSheets, several: bool) -> None:
        self.sheets = sheets
        self.account = sheets.account
        self.several = several
        self.names = Names()
        self.items: list[object] = []
        self.placings: dict[str, Placing] = {}
        self.is_full = False

    def make(self, timelines: tuple[str, ...]) -> object | None:
        for identity in timelines:
            timeline = self.sheets.timelines[identity]
            prefix = slug(timeline.name or timeline.label or "")[:20] if self.several else ""
            self.add(timeline, prefix.strip("-"), None, (identity,))
        if not self.items:
            return None
        earliest = self._earliest()
        first = self.sheets.timelines[timelines[0]]
        if earliest >= 0:
            return self.account.place(self.items, first.path)
        zero = str(ClockDistance(-earliest))
        self.account.reading(
            f"timeline {quoted(first.name or first.id)} has lines up to {zero} before its zero;"
            " the visit is read as starting with the first of them, not with the zero",
            first.path,
            expected=True,
        )
        sheet: Item = {"zero": zero, "items": self.items}
        return self.account.place(sheet, first.path)

    def add(
        self, timeline: ScheduleTimeline, prefix: str, parent: str | None, inside: tuple[str, ...]
    ) -> None:
        """Adds the lines of a sub-timeline, counted from the sheet's zero or from a line."""
        walked = self.sheets.walk(timeline)
        if walked is None:
            return
        stops, times = walked
        ids: dict[str, str] = {}
        for stop in stops:
            name = stop.instance.name or stop.instance.label or "item"
            ids[stop.instance.id] = self.names.take(
                f"{prefix}-{name}" if prefix else name, otherwise="item"
            )
        last = parent
        for stop in stops:
            if len(self.items) >= MAX_ITEMS:
                self._tell_full(timeline)
                return
            last = self._item(stop, timeline, times, ids, parent, last, inside)

    def _tell_full(self, timeline: ScheduleTimeline) -> None:
        if not self.is_full:
            self.account.left_out(
                f"a run sheet with timeline {quoted(timeline.name or timeline.id)} has more than"
                f" {MAX_ITEMS} lines; the others are left out",
                timeline.path,
            )
        self.is_full = True

    def _item(
        self,
        stop: ChainVisit,
        timeline: ScheduleTimeline,
        times: Timed,
        ids: dict[str, str],
        parent: str | None,
        last: str | None,
        inside: tuple[str, ...],
    ) -> str:
        instance = stop.instance
        name = ids[instance.id]
        entry: Item = {"id": name}
        title = short_line(instance.label)
        if title is not None:
            entry["title"] = title
        placing = self._placing(instance, timeline, times, ids, parent, last)
        entry |= placing.entry
        done = self.sheets.activities.activities_of(instance)
        if stop.requirements:
            entry["optional"] = True
            self.account.left_out(
                f"{name_of(instance)} of timeline"
                f" {quoted(timeline.name or timeline.id)} depends on a decision; it is read as"
                " optional, and the condition is left out",
                instance.path,
            )
        if done:
            entry["activity"] = self.sheets.activities.keys[done[0].id]
        rules = times.rules.get(instance.id)
        note = timing_note(rules[0][0]) if rules else visit_note(instance)
        self.account.add_source(entry, note)
        self.items.append(self.account.place(entry, instance.path))
        self.placings[name] = placing
        for activity in done[1:]:
            if len(self.items) >= MAX_ITEMS:
                self._tell_full(timeline)
                break
            key = self.sheets.activities.keys[activity.id]
            also: Item = {**entry, "id": self.names.take(f"{name}-{key}", otherwise=name)}
            also["activity"] = key
            self.items.append(self.account.place(also, instance.path))
        self._nested(instance, done, name, inside)
        return name

    def _nested(
        self, instance: Instance, done: list[StudyActivity], name: str, inside: tuple[str, ...]
    ) -> None:
        wanted = [instance.timeline_id, *(activity.timeline_id for activity in done)]
        for identity in dict.fromkeys(wanted):
            if identity is None or identity in self.sheets.events:
                continue
            timeline = self.sheets.timelines.get(identity)
            if timeline is None or timeline.is_main:
                self.account.mistake(
                    f"{name_of(instance)} names the timeline {quoted(identity)}, which is no"
                    " sub-timeline of the design",
                    instance.path,
                )
            elif identity in inside or len(inside) >= MAX_DEPTH:
                why = "holds itself" if identity in inside else f"stands over {MAX_DEPTH} deep"
                self.account.left_out(
                    f"timeline {quoted(timeline.name or identity)} {why}; it is left out there",
                    instance.path,
                )
            else:
                self.sheets.used.add(identity)
                self.account.reading(
                    f"line {name_of(instance)} has the timeline"
                    f" {quoted(timeline.name or identity)}; its lines are read as part of the run"
                    " sheet, counted from that line, not as done at another visit",
                    instance.path,
                    expected=True,
                )
                self.add(timeline, name[:30].strip("-"), name, (*inside, identity))

    def _placing(
        self,
        instance: Instance,
        timeline: ScheduleTimeline,
        times: Timed,
        ids: dict[str, str],
        parent: str | None,
        last: str | None,
    ) -> Placing:
        if instance.id in times.fixed:
            return _at(parent, 0)
        for timing, kind in times.rules.get(instance.id, ()):
            reference = None if timing.to_id is None else ids.get(timing.to_id)
            if reference is None or timing.to_id == instance.id:
                self.account.left_out(
                    f"{timing_name(timing)} counts from an instance that is not a line of its"
                    " timeline; it is left out",
                    timing.path,
                )
                continue
            spaced = spacing(self.account, timing, kind)
            clock = None if spaced is None else self._clock(timing, spaced)
            if clock is None:
                continue
            self._tell_others(instance, times, timing)
            self._tell_ends(timing, timeline)
            is_zero = timing.to_id in times.fixed and parent is None
            return _placed(None if is_zero else reference, reference, clock)
        what = "before it" if last is not None else "there"
        self.account.reading(
            f"{name_of(instance)} of timeline {quoted(timeline.name or timeline.id)} has no"
            + (
                f" timing that can be read; it is read as at the same time as the line {what}"
                if last is not None
                else " timing that can be read; it is read as at the timeline's zero"
            ),
            instance.path,
        )
        return _at(last, 0)

    def _tell_others(self, instance: Instance, times: Timed, used: StudyTiming) -> None:
        for timing, _ in times.rules[instance.id]:
            if timing is not used:
                self.account.left_out(
                    f"{timing_name(timing)}: a line of a run sheet counts from one other line;"
                    f" {name_of(instance)} is read by {timing_name(used)}",
                    timing.path,
                )

    def _tell_ends(self, timing: StudyTiming, timeline: ScheduleTimeline) -> None:
        if "end" in timing_ends(self.account, timing):
            self.account.reading(
                f"timeline {quoted(timeline.name or timeline.id)} counts from ends of lines, which"
                " have no duration; their end is read as their start, not as the start of the line"
                " after them",
                timeline.path,
                expected=True,
            )

    def _clock(self, timing: StudyTiming, spaced: InstanceSpacing) -> InstanceSpacing | None:
        parts = [
            None if length is None else as_clock(length)
            for length in (spaced.target, spaced.early, spaced.late)
        ]
        target, early, late = parts
        if target is None:
            self.account.mistake(
                f"{timing_name(timing)} counts months inside a visit; it is left out", timing.path
            )
            return None
        if not isinstance(spaced.target, ClockDistance) and target.minutes:
            self.account.reading(
                f"{timing_name(timing)} counts days inside a visit; read as {target} of elapsed"
                " time, not as dates",
                timing.path,
            )
        if early is None or late is None:
            early = late = None
        return InstanceSpacing(target, spaced.backwards, early, late)

    def _earliest(self) -> int:
        """Minutes from the zero to the earliest line, by targets."""
        known: dict[str, int] = {}
        for name in self.placings:
            way: list[str] = []
            current: str | None = name
            while current is not None and current not in known and current not in way:
                way.append(current)
                current = self.placings[current].reference if current in self.placings else None
            start = known.get(current, 0) if current is not None else 0
            for line_id in reversed(way):
                start += self.placings[line_id].target
                known[line_id] = start
        return min(known.values(), default=0)


def _at(reference: str | None, minutes: int) -> Placing:
    distance = str(ClockDistance(minutes))
    if reference is None:
        return Placing(None, minutes, {"at": distance})
    return Placing(reference, minutes, {"after": reference, "target": distance})


def _placed(zero_or_line: str | None, line_id: str, instance_spacing: InstanceSpacing) -> Placing:
    """A line from the zero (`zero_or_line` is ``None``) or from another one.

    What has a window counts from a line, as only there a target can stand beside it.
    """
    assert isinstance(instance_spacing.target, ClockDistance)
    minutes = (
        -instance_spacing.target.minutes
        if instance_spacing.backwards
        else instance_spacing.target.minutes
    )
    window = instance_spacing.window()
    if window is None:
        return _at(zero_or_line, minutes)
    try:
        window_text(instance_spacing)
    except UnitError:
        return _at(zero_or_line, minutes)
    ends = [str(end) for end in (window.earliest, window.latest)]
    if instance_spacing.backwards:
        ends = [str(-end) for end in (window.latest, window.earliest) if end is not None]
    entry: Item = {
        "after": line_id,
        "within": "..".join(ends),
        "target": str(ClockDistance(minutes)),
    }
    return Placing(line_id, minutes, entry)
