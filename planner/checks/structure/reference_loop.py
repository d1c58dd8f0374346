from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.identifiers import entries, owner, plural
from planner.checks.reference_graph import is_own_reference, reference_cycle
from planner.checks.subject import Subject, different_courses
from planner.protocol.course import Course
from planner.protocol.document import Path
from planner.protocol.visit import RunSheetItem
from planner.schedule.undated import unanchored_groups


@check(
    "error",
    "visits that count from each other in a circle",
    what="A visit that counts from itself, visits that count from each other in a circle that"
    " no timing connects to the anchor, or items of a run sheet that follow each other in a"
    " circle.",
    why="The dates of such visits cannot be computed from the anchor's date.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, before: {visit: prep-2, within: 1w}}
      - {id: prep-2, after: {visit: prep-1, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 3d..1w}}
      - {id: prep-2, after: {visit: prep-1, within: 1w}}
""",
    misleads=True,
)
def reference_loop(subject: Subject) -> Iterator[Flag]:
    yield from _loops_of_visits(subject)
    yield from _loops_of_items(subject)


@for_each(different_courses)
def _loops_of_visits(course: Course) -> Iterator[Flag]:
    for rule in course.rules:
        if is_own_reference(rule):
            visit = course.visit(rule.point.visit)
            message = f"`{rule.name}` counts `{visit.id}` from itself"
            hint = f"did you mean `previous {visit.visit.id}`?" if visit.cycle else None
            yield Flag(rule.path, message, hint, about=[visit])
    for group in unanchored_groups(course):
        loop = reference_cycle(course, group)
        if loop:
            names = [rule.point.visit for rule in loop]
            message = f"{plural(names)} count from each other, and not from the anchor"
            yield Flag(
                loop[0].path,
                f"{message} `{course.anchor}`",
                related=[Related(f"`{rule.name}`", rule.path) for rule in loop[1:]],
                about=names,
                once=frozenset(rule.path for rule in loop),
            )


def _loops_of_items(subject: Subject) -> Iterator[Flag]:
    circles: dict[Path, dict[str, list[str]]] = {}
    for path, entry in subject.cached(entries):
        if isinstance(entry, RunSheetItem) and entry.after:
            if path[:4] not in circles:
                sheet = subject.protocol.epochs[int(path[1])].visits[int(path[3])].run_sheet
                after = {item.id: item.after for item in sheet.items} if sheet else {}
                circles[path[:4]] = _circles(after)
            names = circles[path[:4]].get(entry.id)
            if names:
                message = f"run sheet items {plural(names)} count from each other"
                yield Flag(path, message, about=[entry.id, owner(subject, path)])


def _circles(after: dict[str, str | None]) -> dict[str, list[str]]:
    """The items that count from each other in a circle, each circle by its first name."""
    circles = {}
    seen: set[str] = set()
    for start in after:
        way: list[str] = []
        item: str | None = start
        while item is not None and item not in seen:
            seen.add(item)
            way.append(item)
            item = after.get(item)
        if item is not None and item in way:
            circle = way[way.index(item) :]
            at = circle.index(min(circle))
            circles[circle[at]] = circle[at:] + circle[:at]
    return circles
