"""Records in a store: appending, verifying, and who is due against the same records in files."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench_actuals import EXAMPLE, RUN, SITE, TODAY, write_cohort
from bench_startup import ended

from planner.api.stores import store_records
from planner.store import NewEvent, Store, make_store, verify
from planner.timeline.record import Record

PARTICIPANTS = 10_000


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit)."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        return [
            _rates(place / "rates.db", 2_000 if quick else 20_000),
            *_due(place, 500 if quick else PARTICIPANTS),
            _verified(place / "large.db", 20_000 if quick else 1_000_000),
        ]


def _events(first: int, count: int) -> Iterator[NewEvent]:
    """Changes of participants in turn: a visit is booked, and booked again for another day."""
    participants = max(count // 100, 1)
    for number in range(first, first + count):
        version, person = divmod(number, participants)
        line = {
            "visit": "dosing",
            "status": "booked",
            "start": f"2027-{1 + version % 12:02}-{1 + version % 28:02}T09:00",
            "note": f"call {version}",
        }
        record = Record.model_validate({"participant": f"P{person:05}", "visits": [line]})
        yield NewEvent(record, version, "booked", "asked for")


def _rates(path: Path, count: int) -> tuple[str, str, str]:
    """How many events a second are appended together, verified and appended one by one."""
    with make_store(str(path)) as store:
        events = [
            NewEvent(Record.model_validate({"participant": f"P{number:05}"}), 0, "enrolled")
            for number in range(count)
        ]
        begun = time.perf_counter()
        store.append(events, who="anna")
        together = count / (time.perf_counter() - begun)
        begun = time.perf_counter()
        assert verify(store).problems == ()
        verified = count / (time.perf_counter() - begun)
        begun = time.perf_counter()
        for number in range(200):
            one = Record.model_validate({"participant": f"Q{number:05}"})
            store.append([NewEvent(one, 0, "enrolled")], who="anna")
        single = 200 / (time.perf_counter() - begun)
    figures = (
        f"{together:,.0f} : {verified:,.0f} : {single:,.0f} a second,"
        f" {together / single:.0f} : {verified / single:.0f} : 1"
    )
    what = "events appended in one transaction : verified : one durable commit each, SQLite"
    return what, figures, ""


def _due(place: Path, count: int) -> list[tuple[str, str, str]]:
    files, stored = place / "records", place / "study.db"
    files.mkdir()
    write_cohort(files, count)
    with make_store(str(stored)) as store:
        store_records(store, files, who="anna")
    seconds = {}
    for records in (files, stored):
        done = ended(
            [
                sys.executable, "-c", RUN, "due", "--records", str(records), "--protocol",
                str(EXAMPLE), "--today", f"{TODAY}", "--to", "2028-03-19", "--site", str(SITE),
                "--format", "csv",
            ]
        )  # fmt: skip
        seconds[records] = done.seconds, done.stdout
    assert seconds[files][1] == seconds[stored][1], "both list the same"
    ratio = seconds[stored][0] / seconds[files][0]
    figures = f"{seconds[stored][0]:.1f} s CPU, {ratio:.2f} x files"
    return [(f"planner due, {count:,} participants in a store", figures, "no slower than files")]


def _verified(path: Path, count: int) -> tuple[str, str, str]:
    """`planner store verify` of very many events, and the memory that it takes."""
    peaks = {}
    for size in (count // 10, count):
        part = path.with_name(f"{size}-{path.name}")
        with make_store(str(part)) as store:
            fill(store, size)
        done = ended([sys.executable, "-c", RUN, "store", "verify", str(part)])
        peaks[size] = float(done.stderr.split()[-1])
        assert done.stdout.splitlines()[0].endswith(f"{size:,} events, all as appended")
    figures = (
        f"{done.seconds:.0f} s CPU, peak memory {peaks[count]:.0f} MB against"
        f" {peaks[count // 10]:.0f} MB for a tenth"
    )
    return f"planner store verify, {count:,} events", figures, "60 s, constant memory"


def fill(store: Store, count: int) -> None:
    """Appends so many events, a hundred of each participant."""
    participants = count // 100
    events = _events(0, count)
    for _ in range(100):
        store.append([next(events) for _ in range(participants)], who="anna")


if __name__ == "__main__":
    for row in run(quick="--quick" in sys.argv):
        print(*row, sep="  ")
