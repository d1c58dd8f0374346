from collections.abc import Hashable, Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.visit import RunSheetItem, Visit
from planner.time.distance import ClockDistance, Distance


@check(
    "warning",
    "a timed procedure for which no window is stated",
    what="An item of a run sheet that is due at one time other than the sheet's zero, and has no"
    " `within:`. What stands on several run sheets alike is found once.",
    why="ICH M11, section 1.3, asks for the allowable windows of procedures as well as of visits:"
    " a sample that is due at 2 h is taken at 1 h 58 or 2 h 03.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - id: baseline
        duration: 3h
        run_sheet: [{id: sample, at: 2h}]
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - id: baseline
        duration: 3h
        run_sheet: [{id: sample, at: 2h, within: ±5min}]
""",
)
def procedure_without_window(subject: Subject) -> Iterator[Flag]:
    alike: dict[Hashable, list[tuple[RunSheetItem, Visit, Path]]] = {}
    for n, epoch in enumerate(subject.protocol.epochs):
        for m, visit in enumerate(epoch.visits):
            for k, item in enumerate(visit.run_sheet.items if visit.run_sheet else ()):
                path: Path = ("epochs", n, "visits", m, "run_sheet", "items", k)
                when = (item.id, item.at, item.after, item.within, item.target, item.every)
                alike.setdefault(when, []).append((item, visit, path))
    for there in alike.values():
        item, visit, path = there[0]
        time = _due_at(item)
        if time is None or item.within is not None or item.every is not None:
            continue
        since = f" after `{item.after}`" if item.after else ""
        where = f"`{visit.id}`" if len(there) == 1 else f"{len(there)} visits"
        message = f"`{item.id}` of {where} is due at {time}{since}, without a window"
        about = [item.id, *(visit.id for _, visit, _ in there)]
        yield Flag(path, message, "such as `within: ±5min`", about=about)


def _due_at(item: RunSheetItem) -> ClockDistance | None:
    """The one time at which an item is due; ``None`` for a range, and at the sheet's zero."""
    time: Distance | None = item.target
    if item.at is not None:
        time = item.at.earliest if item.at.earliest == item.at.latest else None
    return time if isinstance(time, ClockDistance) and time.minutes else None
