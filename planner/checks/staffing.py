"""Who is present at a visit and what is done there, its run sheet included."""

from collections.abc import Iterator

from planner.protocol.document import Path
from planner.protocol.visit import Staffing, Visit


def staffings(visit: Visit, path: Path) -> Iterator[tuple[Staffing, Path]]:
    """Who is present at a visit and at the items of its run sheet, each with its place."""
    if visit.staff is not None:
        yield visit.staff, (*path, "staff")
    if visit.run_sheet is not None:
        for n, item in enumerate(visit.run_sheet.items):
            if item.staff is not None:
                yield item.staff, (*path, "run_sheet", "items", n, "staff")


def activities_of(visit: Visit, path: Path) -> Iterator[tuple[str, Path]]:
    """What is done at a visit and at the items of its run sheet, each with its place."""
    for n, activity in enumerate(visit.activities):
        yield activity, (*path, "activities", n)
    if visit.run_sheet is not None:
        for n, item in enumerate(visit.run_sheet.items):
            if item.activity is not None:
                yield item.activity, (*path, "run_sheet", "items", n, "activity")
