"""Participants under way: re-planning one, and who is due among very many."""

import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench_startup import ended

from planner.formats.load import load_protocol
from planner.site import load_site
from planner.site.calendar import SiteCalendar
from planner.time.local import to_local
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.participant_state import PlannerCache, plan_participant, standing
from planner.timeline.plan import course_planner
from planner.timeline.record_reading import read_record

ROOT = Path(__file__).parents[2]
SITE = ROOT / "examples" / "site-berlin.yaml"
EXAMPLE = Path(__file__).parent / "twenty-five-visits.yaml"
TODAY = date(2028, 3, 6)
RUN = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from memory import peak_megabytes
from planner.cli import main
try:
    main()
finally:
    print(peak_megabytes(), file=sys.stderr)
"""
Line = tuple[str, str, str, str]
"""What a record says of one visit: id, occurrence, status, start."""


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit)."""
    with tempfile.TemporaryDirectory() as folder:
        people = Path(folder)
        count = 500 if quick else 10_000
        write_cohort(people, count)
        return [_one_more_actual(people), *_due(people, count)]


def write_cohort(folder: Path, count: int) -> None:
    """Records of a cohort that began over the last twenty months, every other one in YAML.

    Most visits took place as planned, some a day late; one in eight participants has an
    appointment, one in thirty missed something, one in fifty has a visit that nobody recorded.
    """
    chance = random.Random(20_280_306)
    planner = course_planner(
        load_protocol(str(EXAMPLE)).protocol, SiteCalendar(load_site(str(SITE)))
    )
    for number in range(count):
        day = TODAY - timedelta(days=chance.randrange(-30, 600))
        while planner.plan(day) is None:
            day -= timedelta(days=1)
        lines = list(_lines(planner, day, chance))
        code = f"P{number:05d}"
        if number % 2:
            (folder / f"{code}.yaml").write_text(_yaml(code, day, lines), encoding="utf-8")
        else:
            (folder / f"{code}.csv").write_text(_csv(lines), encoding="utf-8")


def _lines(planner: CoursePlanner, anchor: date, chance: random.Random) -> "list[Line]":
    plan = planner.plan(anchor)
    assert plan is not None, "chosen so"
    lines: list[Line] = []
    late = chance.random() < 0.3
    unrecorded, missed = chance.random() < 0.02, chance.random() < 0.03
    for one, placed in zip(planner.course.visits, plan.visits, strict=True):
        start = to_local(placed.start, planner.site.zone)
        occurrence = "" if one.cycle is None else f"{one.cycle}"
        if placed.day < TODAY.toordinal():
            recent = placed.day > TODAY.toordinal() - 20
            if late and one.kind == "preparation" and chance.random() < 0.5:
                start += timedelta(days=1)
            if recent and unrecorded:
                continue
            status = "missed" if recent and missed else "occurred"
        elif chance.random() < 0.12 and placed.day < TODAY.toordinal() + 20:
            status = "booked"
        elif one.id == planner.course.anchor:
            status = "planned"
        else:
            continue
        lines.append((one.visit.id, occurrence, status, f"{start:%Y-%m-%dT%H:%M}"))
    return lines


def _csv(lines: "list[Line]") -> str:
    rows = ["visit,occurrence,status,start,end,reason,note"]
    return "\n".join([*rows, *(f"{','.join(line)},,," for line in lines)]) + "\n"


def _yaml(code: str, anchor: date, lines: "list[Line]") -> str:
    text = f"participant: {code}\nprotocol: twenty-five-visits\nstart: {anchor}\nvisits:\n"
    for visit, occurrence, status, start in lines:
        text += f"  - visit: {visit}\n"
        text += f"    occurrence: {occurrence}\n" if occurrence else ""
        text += f"    status: {status}\n    start: {start}\n"
    return text if lines else text + "  []\n"


def _one_more_actual(folder: Path) -> tuple[str, str, str]:
    """Each participant's timeline once more after the last thing that took place."""
    courses = PlannerCache(load_protocol(str(EXAMPLE)).protocol, SiteCalendar(load_site(str(SITE))))
    planning, whole = [], []
    for path in sorted(folder.iterdir())[:200]:
        file = read_record(str(path))
        if not any(line.status == "occurred" for line in file.record.visits):
            continue
        begun = time.process_time()
        where = standing(courses, file, today=TODAY)
        where.planner.plan(where.anchor)
        planning.append(time.process_time() - begun)
        begun = time.process_time()
        plan_participant(courses, file, today=TODAY)
        whole.append(time.process_time() - begun)
    figures = (
        f"median {statistics.median(planning) * 1000:.1f} ms, worst {max(planning) * 1000:.1f} ms;"
        f" with all that a timeline tells median {statistics.median(whole) * 1000:.1f} ms"
    )
    return f"re-planning one of {len(planning)} participants, 25 visits", figures, "10 ms"


def _due(folder: Path, count: int) -> list[tuple[str, str, str]]:
    rows = []
    absence = f"{TODAY + timedelta(days=7)}..{TODAY + timedelta(days=13)}"
    for what, more, aim in (
        ("", [], "10 s for 10,000"),
        (" without a week", ["--away", absence], ""),
    ):
        command = [
            sys.executable, "-c", RUN, "due", "--records", str(folder), "--protocol",
            str(EXAMPLE), "--today", f"{TODAY}", "--to", f"{TODAY + timedelta(days=13)}",
            "--site", str(SITE),
            "--format", "csv", *more,
        ]  # fmt: skip
        done = ended(command)
        memory = float(done.stderr.split()[-1])
        listed = done.stdout.count("\ndue,")
        broken = f", {done.stdout.count(chr(10) + 'lost,'):,} would be lost" if more else ""
        figures = (
            f"{done.seconds:.1f} s CPU, {listed:,} visits listed{broken},"
            f" peak memory {memory:.0f} MB"
        )
        rows.append((f"planner due{what}, {count:,} participants, two weeks", figures, aim))
    return rows


if __name__ == "__main__":
    for row in run(quick="--quick" in sys.argv):
        print(*row, sep="  ")
