"""How fast calendars are written, beside icalendar: python tests/benchmarks/bench_calendar.py

The records are the visits of mapp1 at the example site in Berlin, of participants who begin on some
hundred dates, as a cohort's are: level `coded`, no windows, at least 14 properties each (counted by
reading them back). Planning is outside; "built and written" is everything from timelines to bytes,
UIDs included, and "written" the way from ready records. icalendar gets the same records: its
components are built and serialised, or only serialised. Sides take turns; figures are medians.
"""

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import icalendar
from memory import peak_megabytes

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from formats.ical import icalendar_reference as reference  # noqa: E402

from planner.errors import PlannerError  # noqa: E402
from planner.formats.ical import (  # noqa: E402
    CalendarOptions,
    Event,
    Events,
    calendar_properties,
    writer,
)
from planner.formats.ical.calendar import write_calendar  # noqa: E402
from planner.formats.ical.vtimezone import zone_text  # noqa: E402
from planner.formats.load import load_protocol  # noqa: E402
from planner.site import load_site  # noqa: E402
from planner.site.calendar import SiteCalendar  # noqa: E402
from planner.timeline.model import Timeline  # noqa: E402
from planner.timeline.plan import course_planner, plan_timeline  # noqa: E402

OPTIONS = CalendarOptions(windows=False, tracks=False)
SITE = ROOT / "examples" / "site-berlin.yaml"


class Counted:
    """A file that keeps nothing but the number of its bytes."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        """Takes the bytes and forgets them."""
        self.size += len(data)
        return len(data)


def plans(most: int) -> list[Timeline]:
    """The timelines of as many start dates, from 2027 on."""
    planner = course_planner(load_protocol("mapp1").protocol, SiteCalendar(load_site(str(SITE))))
    found = []
    for day in range(5 * most):
        try:
            found.append(plan_timeline(planner, date(2027, 1, 4) + timedelta(days=day)))
        except PlannerError:
            continue
        if len(found) == most:
            break
    return found


def cohort(some: list[Timeline], events: int) -> Iterator[Timeline]:
    """Participants on these plans, one after another, until they have so many events."""
    number = 0
    while events > 0:
        plan = some[number % len(some)]
        number += 1
        events -= len(plan.visits)
        yield replace(plan, participant=f"P{number:06d}")


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, aim)."""
    some = plans(20 if quick else 200)
    size = 10_000 if quick else 100_000
    people = list(cohort(some, size))
    events = [event for of in [Events(OPTIONS)] for one in people for event in of.events_of(one)]
    alone = [event._replace(details=event.details._replace()) for event in events]
    few = events[:: max(1, len(events) // 1_000)]
    properties = calendar_properties(OPTIONS)
    zones = [zone_text("Europe/Berlin", 2025, 2039)]
    ready = reference.to_icalendar(few, properties, zones)

    def written(records: list[Event]) -> None:
        out = Counted()
        for piece in writer.serialise(records, properties, zones):
            out.write(piece)

    work: dict[str, tuple[int, Callable[[], object]]] = {
        "built": (len(events), lambda: write_calendar(people, Counted(), OPTIONS)),  # type: ignore[arg-type]
        "written": (len(events), lambda: written(events)),
        "alone": (len(events), lambda: written(alone)),
        "icalendar": (len(few), lambda: reference.serialise(few, properties, zones)),
        "to_ical": (len(few), ready.to_ical),
    }
    rates: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(3 if quick else 5):
        for name, (count, action) in work.items():
            gc.collect()
            begun = time.process_time()
            action()
            rates[name].append(count / (time.process_time() - begun))

    def times(ours: str, theirs: str) -> float:
        """The median ratio of rates within the same turn."""
        return statistics.median(a / b for a, b in zip(rates[ours], rates[theirs], strict=True))

    rate = {name: statistics.median(found) for name, found in rates.items()}
    read = icalendar.Calendar.from_ical(reference.serialise(few, properties, zones)).events
    least = min(len(event) for event in read)
    lines = len(b"".join(writer.serialise(few, properties)).split(b"\r\n")) / len(few)
    small, large = (peak_memory(size // part) for part in (10, 1))

    def against(name: str) -> str:
        return (
            f"{rate[name]:,.0f}/s, {times(name, 'icalendar'):.0f} x icalendar,"
            f" {times(name, 'to_ical'):.0f} x its serialiser alone"
        )

    what = f"{len(events):,} events of {least} or more properties ({lines:.0f} lines)"
    theirs = f"{rate['icalendar']:,.0f}/s built, {rate['to_ical']:,.0f}/s serialised alone"
    return [
        (f"{what}, built from timelines and written", against("built"), "100,000/s, 20 x"),
        ("the same from ready records", against("written"), "20 x"),
        ("the same from records that share nothing", against("alone"), "20 x"),
        (f"icalendar {icalendar.__version__}, the same records", theirs, ""),
        (
            f"peak memory of a process that writes {size:,} events, against {size // 10:,}",
            f"{large:.0f} MB against {small:.0f} MB",
            "constant",
        ),
    ]


def peak_memory(events: int) -> float:
    """Megabytes that a process of its own takes at most, planning included."""
    command = [sys.executable, __file__, "--memory", str(events)]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def _memory(events: int) -> None:
    write_calendar(cohort(plans(20), events), Counted(), OPTIONS)  # type: ignore[arg-type]
    print(peak_megabytes())


if __name__ == "__main__":
    if "--memory" in sys.argv:
        _memory(int(sys.argv[-1]))
    else:
        for row in run(quick="--quick" in sys.argv):
            print(*row, sep="  ")
