"""Run sheets as timelines of their own, to which the visits that have one lead."""

from typing import Any

from planner.formats.usdm.write.json_objects import Object, Objects, lead_on
from planner.formats.usdm.write.order import VisitOrder
from planner.formats.usdm.write.timings import PointSpacing, anchor_timing, timing
from planner.protocol.course import Occurrence, Point
from planner.protocol.document import Path
from planner.protocol.visit import RunSheet, RunSheetItem
from planner.time.distance import ClockDistance, Window

_ZERO = ClockDistance(0)


class Sheets:
    """The timelines of all run sheets, one for each visit that has one, and their items."""

    def __init__(self, make: Objects, course: VisitOrder, activities: dict[str, str]) -> None:
        self._make = make
        self._activities = activities
        self.timelines: list[Object] = []
        self._of: dict[Path, Object] = {}
        # Names are unique among all instances: an item that shares its id takes its visit's too.
        seen = [visit.occurrence.id for visit in course.visits]
        sheets: dict[Path, Occurrence] = {}
        for stop in course.visits:
            visit = stop.occurrence
            if visit.visit.run_sheet is not None and visit.visit.run_sheet.items:
                sheets.setdefault(visit.path, visit)
        seen += [
            item.id
            for visit in sheets.values()
            for item in (visit.visit.run_sheet.items if visit.visit.run_sheet else ())
        ]
        for path, visit in sheets.items():
            assert visit.visit.run_sheet is not None
            self._of[path] = self._timeline(visit, visit.visit.run_sheet, seen)
            self.timelines.append(self._of[path])

    def timeline_of(self, occurrence: Occurrence) -> str | None:
        """The id of the timeline of a visit's run sheet."""
        timeline = self._of.get(occurrence.path)
        return None if timeline is None else str(timeline["id"])

    def _timeline(self, visit: Occurrence, sheet: RunSheet, seen: list[str]) -> Object:
        make = self._make
        instances = [self._instance(visit, item, seen) for item in sheet.items]
        exit_ = make.make("ScheduleTimelineExit")
        lead_on(instances, exit_)
        return make.named(
            "ScheduleTimeline",
            f"{visit.visit.id}-run-sheet",
            f"Run sheet of {visit.visit.title or visit.visit.id}",
            "The order and times of what is done in the visit.",
            mainTimeline=False,
            entryCondition="The visit starts.",
            entryId=instances[0]["id"],
            exits=[exit_],
            timings=self._timings(sheet, instances),
            instances=instances,
        )

    def _instance(self, visit: Occurrence, item: RunSheetItem, seen: list[str]) -> Object:
        name = item.id if seen.count(item.id) == 1 else f"{visit.visit.id}/{item.id}"
        activity = None if item.activity is None else self._activities.get(item.activity)
        return self._make.named(
            "ScheduledActivityInstance",
            name,
            item.title,
            item.note,
            activityIds=[] if activity is None else [activity],
        )

    def _timings(self, sheet: RunSheet, instances: list[Object]) -> list[Object]:
        make = self._make
        ids: dict[str, Any] = {}
        names: dict[str, str] = {}
        for item, instance in zip(sheet.items, instances, strict=True):
            ids.setdefault(item.id, instance["id"])
            names.setdefault(item.id, instance["name"])
        anchor, start = _anchor(sheet)
        label = "0 minutes" if start == _ZERO else f"{start} from the start of the times"
        timings = [
            anchor_timing(make, ids[anchor.id], f"{names[anchor.id]} (anchor)", label, "PT0M")
        ]
        for item in sheet.items:
            if item is anchor or (item.after is not None and item.after not in ids):
                continue
            spacing = _spacing(item, anchor, start)
            if spacing is None or spacing.reference.visit == item.id:
                continue
            reference = names[spacing.reference.visit]
            item_timing = timing(make, spacing, ids, names[item.id], reference)
            if item_timing is not None:
                timings.append(item_timing)
        return timings


def _anchor(sheet: RunSheet) -> tuple[RunSheetItem, ClockDistance]:
    """The item all others are counted from, and its own distance from the sheet's 0min."""
    exact = [
        (item, item.at.earliest)
        for item in sheet.items
        if item.at is not None
        and item.at.earliest == item.at.latest
        and isinstance(item.at.earliest, ClockDistance)
    ]
    for item, start in exact:
        if start == _ZERO:
            return item, start
    return exact[0] if exact else (sheet.items[0], _ZERO)


def _spacing(item: RunSheetItem, anchor: RunSheetItem, start: ClockDistance) -> PointSpacing | None:
    point = Point(item.id)
    if item.after is not None:
        return PointSpacing(Point(item.after), point, item.within, item.target, False)
    if item.at is None:
        return None
    window = Window(*(_less(end, start) for end in (item.at.earliest, item.at.latest)))
    is_exact = window.earliest == window.latest
    target = window.earliest if is_exact else None
    return PointSpacing(Point(anchor.id), point, None if is_exact else window, target, False)


def _less(end: object, start: ClockDistance) -> ClockDistance | None:
    return end - start if isinstance(end, ClockDistance) else None
