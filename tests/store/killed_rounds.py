"""Changes of records that are killed somewhere, round after round, and what each kill leaves.

    python tests/store/killed_rounds.py CHANGE STORE FOLDER ROUNDS

A child of this process changes records and acknowledges each change that was made; it is killed
(SIGKILL) within a few of them. What was acknowledged has to be there, once, and at most the change
that was under way beside it, whole. A kill loses no page that the system holds, so this shows
nothing of a machine that loses its power.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from planner.api.stores import store_records, write_stored_records
from planner.store import EditableFiles, NewEvent, open_store, verify
from planner.timeline.record import Record
from planner.timeline.record_reading import read_record, record_paths
from planner.timeline.record_writing import record_yaml

CODES = tuple(f"P000{number}" for number in range(1, 6))


class Told(NamedTuple):
    """A change that was made: how many events it is, and the number that its records now say."""

    events: int
    number: int


def record(code: str, number: int) -> Record:
    line = {"visit": "dosing", "status": "booked", "start": "2027-02-03", "note": f"note {number}"}
    return Record.model_validate({"participant": code, "visits": [line]})


def number_in(one: Record) -> int:
    return int((one.visits[0].note or "").removeprefix("note "))


def changed(target: "EditableFiles | object", number: int, codes: tuple[str, ...] = CODES) -> None:
    events = [
        NewEvent(record(code, number), target.record(code).version, "recorded")  # type: ignore[attr-defined]
        for code in codes
    ]
    target.append(events, who="anna")  # type: ignore[attr-defined]


def append(place: str, folder: Path, first: int) -> Iterator[Told]:
    with open_store(place) as store:
        for number in count(first):
            changed(store, number, (CODES[number % 5],))
            yield Told(1, number)


def export(place: str, folder: Path, first: int) -> Iterator[Told]:
    with open_store(place) as store:
        for number in count(first):
            changed(store, number)
            yield Told(5, 0)
            write_stored_records(store, folder, replace=True)
            yield Told(0, number)


def take_in(place: str, folder: Path, first: int) -> Iterator[Told]:
    files = EditableFiles([str(folder)])
    with open_store(place) as store:
        for number in count(first):
            changed(files, number)
            store_records(store, folder, who="anna")
            yield Told(5, number)


def redact(place: str, folder: Path, first: int) -> Iterator[Told]:
    with open_store(place) as store:
        for number in count(first):
            code = CODES[number % 5]
            changed(store, number, (code,))
            yield Told(1, 0)
            text = next(text for text in store.free_texts(code) if text.value == f"note {number}")
            store.redact(code, [text.id], who="anna", reason="entered by mistake")
            yield Told(1, number)


def edit(place: str, folder: Path, first: int) -> Iterator[Told]:
    files = EditableFiles([str(folder)])
    for number in count(first):
        changed(files, number)
        yield Told(0, number)


CHANGES: dict[str, tuple[Callable[[str, Path, int], Iterator[Told]], int]] = {
    "append": (append, 1),
    "export": (export, 5),
    "import": (take_in, 5),
    "redact": (redact, 1),
    "edit": (edit, 0),
}
"""Each change, and how many events one that is under way may add."""


def killed(
    change: str, place: str, folder: Path, first: int, after: int, seconds: float
) -> list[Told]:
    """What a child acknowledged until it was killed, some seconds after so many changes."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, b"\n")
            for told in CHANGES[change][0](place, folder, first):
                os.write(writing, b"%d %d\n" % told)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os.close(writing)
    with open(reading, encoding="ascii") as pipe:
        lines = [pipe.readline() for _ in range(1 + after)]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == -signal.SIGKILL, f"the child ended by itself with {status}"
        return [Told(*map(int, line.split())) for line in [*lines[1:], *pipe]]


def is_left(change: str, place: str, folder: Path, before: int, told: list[Told]) -> int:
    """Looks at what a kill left; gives the number of events there are."""
    last = max((one.number for one in told), default=0)
    files = {number_in(read_record(path).record) for path in record_paths(str(folder))}
    assert len(files) == 1, f"files of several changes: {files}"
    if change in ("edit", "export"):
        assert files.pop() >= last
    if change == "edit":
        return before
    with open_store(place) as store:
        # On a server what was under way may still be ended; an append waits for that.
        store.append([], who="anna")
        found = verify(store)
        assert found.problems == (), found.problems
        acknowledged = sum(one.events for one in told)
        under_way = CHANGES[change][1]
        assert found.events - before in (acknowledged, acknowledged + under_way), (
            f"{found.events - before} events, {acknowledged} acknowledged"
        )
        texts = [text for code in CODES for text in store.free_texts(code)]
        if change == "redact":
            open_ones = {text.value for text in texts if text.value}
            done = {one.number for one in told if one.number}
            assert not open_ones & {f"note {number}" for number in done}
        if change == "import":
            assert len({number_in(one.record) for one in store.records()}) == 1
        return found.events


def main(change: str, place: str, folder: Path, rounds: int) -> None:
    """Does the rounds; prints how many kills there were and how many changes they let through."""
    chosen = random.Random(change)
    folder.mkdir()
    for code in CODES:
        (folder / f"{code}.yaml").write_text(record_yaml(record(code, 0)))
    if change != "edit":
        with open_store(place) as store:
            store_records(store, folder, who="anna")
    # The first changes are this process's own: they import what a child then has, and tell how long
    # a child may live for some changes.
    for _ in range(2):
        began = time.monotonic()
        for _ in islice(CHANGES[change][0](place, folder, 1), 4):
            longest = time.monotonic() - began
    events = changes = 0
    if change != "edit":
        with open_store(place) as store:
            events = verify(store).events
    for number in range(rounds):
        first = (number + 1) * 1_000_000
        seconds = chosen.uniform(0, longest / 2)
        told = killed(change, place, folder, first, number % 3, seconds)
        events = is_left(change, place, folder, events, told)
        changes += len(told)
    print(rounds, changes)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
