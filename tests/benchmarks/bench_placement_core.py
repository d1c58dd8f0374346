"""How long the exact placement of 25 visits takes, by start date and against a constraint solver.

Candidates and limits are given: what is timed is placing alone, each start date at its best of
three. Costs must agree. Run alone it also prints how large problems and cuts are.
"""

from bisect import bisect_left
from datetime import date, timedelta
from importlib.metadata import version
from statistics import median
from time import process_time
from typing import NamedTuple

from ortools.sat.python import cp_model

from planner.network import placement
from planner.network.minimum_cut import FlowNetwork
from planner.network.placement import Limit, TargetCost, place

SITES = ("every day", "five days", "five days, two weeks closed")
STARTS = [date(2027, 1, 4) + timedelta(days=7 * n + n % 5) for n in range(50)]


class Timing(NamedTuple):
    """A visit's days from its reference: first and last of its window, target, and its weight."""

    reference: int
    first: int
    target: int
    last: int
    weight: int = 1


class Row(NamedTuple):
    """Milliseconds for the starts that ended in one way; ``solver`` is the constraint solver's.

    ``candidates``, ``cut_nodes`` (of all cuts together), ``median`` and ``solver`` are medians.
    """

    site: str
    ending: str
    starts: int
    candidates: int
    cut_nodes: int
    median: float
    worst: float
    solver: float


def course() -> dict[int, Timing]:
    """Screening is visit 0; then preparation, three cycles of six visits, and two follow-ups."""
    visits = {
        1: Timing(0, 7, 14, 28),
        2: Timing(1, 4, 7, 12),
        3: Timing(2, 4, 7, 12),
        4: Timing(3, 1, 3, 7),
    }
    dosing = 4
    for cycle in range(3):
        before, dosing = dosing, len(visits) + 1
        gap = (21, 28, 35) if cycle else (1, 7, 14)
        visits[dosing] = Timing(before, *gap, weight=3)
        visits[dosing + 1] = Timing(dosing, 1, 1, 1)
        visits[dosing + 2] = Timing(dosing, 2, 3, 5)
        visits[dosing + 3] = Timing(dosing + 2, 4, 7, 10)
        visits[dosing + 4] = Timing(dosing + 3, 4, 7, 10)
        visits[dosing + 5] = Timing(dosing, 14, 18, 27, weight=2)
    visits[23] = Timing(dosing, 42, 56, 70, weight=2)
    visits[24] = Timing(dosing, 335, 365, 395, weight=2)
    return visits


def closed_days(site: str) -> set[int]:
    """Ordinals: weekends, eleven holidays a year, and for a quiet site two closed weeks more."""
    if site == "every day":
        return set()
    first = date(2026, 12, 1).toordinal()
    every = range(first, first + 900)
    closed = {day for day in every if date.fromordinal(day).weekday() >= 5}
    fixed = [(1, 1), (3, 8), (5, 1), (8, 15), (10, 3), (11, 1), (12, 24), (12, 25), (12, 26)]
    fixed += [(12, 31), (3, 26)]
    closed |= {day for day in every if date.fromordinal(day).timetuple()[1:3] in fixed}
    if site == "five days, two weeks closed":
        for year in (2027, 2028):
            for month, day in ((8, 2), (12, 27)):
                start = date(year, month, day).toordinal()
                closed |= set(range(start, start + 7))
    return closed


class Problem(NamedTuple):
    """What both solvers are given: ordinals of dates, and bounds between two visits."""

    days: list[list[int]]
    windows: list[tuple[int, int, int, int]]
    timings: dict[int, Timing]


def problem(start: date, closed: set[int]) -> Problem:
    """All open dates between how early and how late the windows alone let a visit lie."""
    timings = course()
    reach = [(start.toordinal(),) * 2]
    windows = []
    for visit, timing in timings.items():
        first, last = reach[timing.reference]
        reach.append((first + timing.first, last + timing.last))
        windows.append((timing.reference, visit, timing.first, timing.last))
    for dosing in (5, 11):  # a cycle ends before the next dosing session
        windows += [(last, dosing + 6, 1, 60) for last in (dosing + 4, dosing + 5)]
    windows.append((0, 24, 0, 530))
    days = [[start.toordinal()]]
    days += [
        [day for day in range(first, last + 1) if day not in closed] for first, last in reach[1:]
    ]
    return Problem(days, windows, timings)


def for_placing(given: Problem) -> tuple[list[int], list[Limit], list[TargetCost]]:
    """The problem as sizes, limits and pulls."""
    days = given.days
    limits = []
    for rule, (tail, head, first, last) in enumerate(given.windows):
        least = [bisect_left(days[head], day + first) for day in days[tail]]
        most = [day + last for day in days[tail]]
        limits.append(Limit(tail, head, least, rule))
        limits.append(Limit(head, tail, [bisect_left(most, day) for day in days[head]], rule))
    pulls = [
        TargetCost(
            head, one.reference, one.weight, days[head], [d + one.target for d in days[one[0]]]
        )
        for head, one in given.timings.items()
    ]
    return [len(one) for one in days], limits, pulls


def by_constraint_solver(given: Problem) -> tuple[int | None, float]:
    """Its least cost and the milliseconds of solving alone, one worker, model not counted."""
    model = cp_model.CpModel()
    day = [
        model.new_int_var_from_domain(cp_model.Domain.from_values(one), "") for one in given.days
    ]
    for tail, head, first, last in given.windows:
        model.add_linear_constraint(day[head] - day[tail], first, last)
    total = []
    for head, one in given.timings.items():
        off = model.new_int_var(0, 1000, "")
        model.add_abs_equality(off, day[head] - day[one.reference] - one.target)
        total.append(one.weight * off)
    model.minimize(sum(total))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    began = process_time()
    status = solver.solve(model)
    took = 1000 * (process_time() - began)
    if status == cp_model.INFEASIBLE:
        return None, took
    if status != cp_model.OPTIMAL:
        raise RuntimeError(solver.status_name(status))
    return round(solver.objective_value), took


class CountedNetwork(FlowNetwork):
    """Remembers how large the cuts were."""

    nodes: list[int] = []  # noqa: RUF012

    def cut(self) -> list[bool]:
        """As any other network, but counted."""
        self.nodes.append(len(self.arcs))
        return super().cut()


def rows_of(site: str) -> list[Row]:
    """One row for each way in which the start dates end at a site."""
    closed = closed_days(site)
    endings: dict[str, list[tuple[int, int, float, float]]] = {}
    for start in STARTS:
        given = problem(start, closed)
        sizes, limits, pulls = for_placing(given)
        took = []
        for _ in range(3):
            began = process_time()
            found = place(sizes, limits, pulls)
            took.append(1000 * (process_time() - began))
        CountedNetwork.nodes.clear()
        placement.FlowNetwork = CountedNetwork  # type: ignore[misc]
        place(sizes, limits, pulls)
        placement.FlowNetwork = FlowNetwork  # type: ignore[misc]
        cost, solver = by_constraint_solver(given)
        if cost != (None if found is None else found.cost):
            raise RuntimeError(f"{site}, {start}: {found} but the constraint solver says {cost}")
        if found is None:
            ending = "nothing fits"
        elif CountedNetwork.nodes:
            ending = "minimum cut"
        else:
            ending = "without a cut" if found.cost else "all on target"
        nodes = sum(CountedNetwork.nodes)
        endings.setdefault(ending, []).append((sum(sizes), nodes, min(took), solver))
    rows = []
    for ending, ended in sorted(endings.items()):
        candidates, nodes, mine, other = zip(*ended, strict=True)
        rows.append(
            Row(
                site, ending, len(ended), round(median(candidates)), round(median(nodes)),
                median(mine), max(mine), median(other),
            )
        )  # fmt: skip
    return rows


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit)."""
    count = 1 + len(course())
    rows = []
    for site in SITES[1:2] if quick else SITES:
        for row in rows_of(site):
            times = row.solver / row.median
            figure = f"median {row.median:.2f} ms, worst {row.worst:.2f} ms"
            figure += f", CP-SAT (ortools {version('ortools')}) takes {times:.0f} times as long"
            rows.append((f"placing {count} visits, {site}, {row.ending}", figure, "3 ms"))
    return rows


def main() -> None:
    """Prints all rows with the sizes of the problems and of the cuts."""
    print(f"placing {1 + len(course())} visits, {len(STARTS)} start dates at each site")
    print(f"{'site':28} {'ending':14} starts candidates nodes   median    worst   CP-SAT ratio")
    for site in SITES:
        for row in rows_of(site):
            print(
                f"{row.site:28} {row.ending:14} {row.starts:6} {row.candidates:10}"
                f" {row.cut_nodes:5} {row.median:6.2f}ms {row.worst:6.2f}ms {row.solver:6.1f}ms"
                f" {row.solver / row.median:4.0f}x"
            )


if __name__ == "__main__":
    main()
