from collections.abc import Iterable, Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.identifiers import visits
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.model import Epoch
from planner.protocol.references import cycle_times, own_times
from planner.protocol.visit import Visit, grid_of


@check(
    "error",
    "an id that is used twice",
    what="Two visits, epochs, arms, tracks, reminders, constraints, rules between participants or"
    " items of one run sheet have the same id. Two visits may share one if no arm has both. The"
    " occurrences of a"
    " visit that repeats are numbered: `dosing` in a cycle takes the ids `dosing-1`, `dosing-2` and"
    " so on.",
    why="Timings, calendars and amendments find a visit by its id; of two visits with one id,"
    " one would be lost.",
    bad="""\
tracks:
  - {id: diary, from: dosing, times: 7}
  - {id: diary, from: integration, times: 7}
""",
    good="""\
tracks:
  - {id: diary-1, from: dosing, times: 7}
  - {id: diary-2, from: integration, times: 7}
""",
    misleads=True,
)
def duplicate_id(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    named = {
        "epochs": "epoch", "arms": "arm", "tracks": "track", "reminders": "reminder",
        "constraints": "constraint",
        "between_participants": "rule between participants",
    }  # fmt: skip
    for key, what in named.items():
        entries = enumerate(getattr(protocol, key))
        ids = [(entry.id, (key, n)) for n, entry in entries if entry.id]
        yield from _twice(what, ids)
    for path, _, visit in visits(subject):
        if visit.run_sheet is not None:
            sheet = (*path, "run_sheet", "items")
            items = [(item.id, (*sheet, n)) for n, item in enumerate(visit.run_sheet.items)]
            yield from _twice(f"in the run sheet of `{visit.id}`, item", items)
    yield from _visits_twice(subject)


def _twice(what: str, ids: Iterable[tuple[str, Path]]) -> Iterator[Flag]:
    first: dict[str, Path] = {}
    for written_id, path in ids:
        if written_id in first:
            yield _duplicate(what, written_id, path, first[written_id])
        first.setdefault(written_id, path)


def _duplicate(what: str, written_id: str, path: Path, first: Path) -> Flag:
    related = (Related(f"the first `{written_id}`", (*first, "id")),)
    message = f"{what} `{written_id}` is used twice"
    return Flag((*path, "id"), message, related=related, about=[written_id])


def _visits_twice(subject: Subject) -> Iterator[Flag]:
    seen: dict[str, list[tuple[Path, set[str | None]]]] = {}
    repeated: dict[str, tuple[Path, int]] = {}
    for path, epoch, visit in visits(subject):
        arms = _arms(subject, epoch, visit)
        for first, others in seen.get(visit.id, ()):
            if arms & others:
                yield _duplicate("visit", visit.id, path, first)
                break
        seen.setdefault(visit.id, []).append((path, arms))
        if epoch.cycle is not None:
            times = max((cycle_times(epoch, arm) for arm in arms), default=0)
            repeated[visit.id] = (path, times)
        elif grid_of(visit) is not None:
            repeated[visit.id] = (path, own_times(visit))
    for path, epoch, visit in visits(subject):
        stem, _, number = visit.id.rpartition("-")
        is_lone = epoch.cycle is None and grid_of(visit) is None
        if is_lone and stem in repeated and number.isdigit() and number[0] != "0":
            first, times = repeated[stem]
            if int(number) <= times:
                message = f"visit `{visit.id}` has the id of cycle {number} of `{stem}`"
                related = (Related(f"`{stem}` repeats {times} times", (*first, "id")),)
                yield Flag((*path, "id"), message, related=related, about=[visit.id])


def _arms(subject: Subject, epoch: Epoch, visit: Visit) -> set[str | None]:
    return {
        arm
        for arm in subject.arms
        if (not epoch.arms or arm in epoch.arms) and (not visit.arms or arm in visit.arms)
    }
