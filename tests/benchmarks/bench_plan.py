"""Planning one participant, and exporting very many: time, and memory that does not grow."""

import csv
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench_startup import ended

from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.site import load_site
from planner.site.calendar import SiteCalendar
from planner.timeline.course_planner import CoursePlanner

ROOT = Path(__file__).parents[2]
SITE = ROOT / "examples" / "site-berlin.yaml"
EXPORT = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from memory import peak_megabytes
from planner.cli import main
try:
    main()
finally:
    print(peak_megabytes())
"""
EXAMPLE = Path(__file__).parent / "twenty-five-visits.yaml"


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit)."""
    return [*_one_participant(), *_cohort(2_000 if quick else 100_000)]


def _one_participant() -> list[tuple[str, str, str]]:
    rows = []
    site = SiteCalendar(load_site(str(SITE)))
    for name in (str(EXAMPLE), "mapp1"):
        course = expand(load_protocol(name).protocol)
        planner = CoursePlanner(course, site)
        for year in (2026, 2027, 2028):
            site.is_open(date(year, 7, 1))  # the holidays of a year are read once
        spent, costs = [], []
        for day in range(0, 365, 3):
            anchor = date(2027, 1, 4) + timedelta(days=day)
            if not site.is_open(anchor):
                continue
            begun = time.process_time()
            plan = planner.plan(anchor)
            spent.append(time.process_time() - begun)
            if plan is not None:
                costs.append(plan.cost)
        on_target = sum(cost == 0 for cost in costs)
        title = f"placement, {len(course.visits)} visits, five-day site, {len(spent)} start dates"
        figures = (
            f"median {statistics.median(spent) * 1000:.2f} ms, worst {max(spent) * 1000:.1f} ms,"
            f" {len(costs)} fit, {on_target} all on target"
        )
        rows.append((title, figures, "5 ms"))
    return rows


def _cohort(participants: int) -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        people = Path(folder) / "people.csv"
        with people.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("code", "start"))
            first = date(2027, 1, 4)
            for number in range(participants):
                day = first + timedelta(days=number % 1095)
                writer.writerow((f"P{number:06d}", day.isoformat()))
        out = Path(folder) / "all.ics"
        command = [
            sys.executable, "-c", EXPORT, "export", str(EXAMPLE),
            "--participants", str(people), "--site", str(ROOT / "examples" / "site-everyday.yaml"),
            "--no-windows", "-o", str(out),
        ]  # fmt: skip
        done = ended(command)
        memory = float(done.stdout)
        megabytes = out.stat().st_size / 1e6
        events = sum(line == b"BEGIN:VEVENT\r\n" for line in out.open("rb"))
    figure = f"{done.seconds:.1f} s CPU, {events:,} events, {megabytes:,.0f} MB"
    return [
        (
            f"{participants:,} participants over three years to one .ics",
            f"{figure}, peak memory {memory:.0f} MB",
            "60 s and 300 MB for 100,000",
        )
    ]


if __name__ == "__main__":
    for row in run():
        print(*row, sep="  ")
