"""How the cost of a command grows with the protocol: CPU seconds of whole processes, and exponents.

Run `python tests/benchmarks/bench_growth.py`; it takes a few minutes. The protocols are invented
and written here. An exponent of 1 is a cost in proportion to the size, 2 one in proportion to its
square; what a process takes for a protocol of three visits is left out of it.
"""

import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench_startup import PLANNER, cpu_seconds

HEAD = """\
format: 1
id: {name}
title: Growing study (invented)
version: "1"
status: illustrative
design: open-label
anchor: baseline
source: assumption
grade: assumed
sources:
  assumption: {{kind: general-knowledge, read: not-read}}
epochs:
"""
SITE = """\
format: 1
id: {name}
title: Five days a week (invented)
timezone: UTC
hours: {{{hours}}}
closures: {closures}
"""
BASELINE = '      - {id: baseline, duration: 1h, at: "10:00"}\n'
CYCLE = """\
      - id: dosing
        duration: 2h
        first: {visit: baseline, within: 1d..7d, target: 3d}
        next: {visit: previous dosing, within: 5d..9d, target: 7d}
      - {id: check, duration: 30min, after: {visit: dosing, within: 1d..3d, target: 2d}}
      - {id: call, mode: phone, duration: 10min, after: {visit: dosing, within: 3d..5d, target: 4d}}
"""


def in_a_row(timings: Callable[[int, str], str], number: int) -> str:
    """A course of so many visits, each with timings that its place and the one before give it."""
    lines = [HEAD.format(name="row"), "  - id: all\n    visits:\n", BASELINE]
    before = "baseline"
    for at in range(1, number):
        lines.append(f"      - {{id: v{at}, duration: 30min, after: [{timings(at, before)}]}}\n")
        before = f"v{at}"
    return "".join(lines)


def chain(number: int) -> str:
    """Each visit counts from the one before."""
    return in_a_row(lambda _, one: f"{{visit: {one}, within: 1d..3d, target: 2d}}", number)


def weekly(number: int) -> str:
    """The same with windows that leave a choice of days."""
    return in_a_row(lambda _, one: f"{{visit: {one}, within: 5d..9d, target: 7d}}", number)


def two_rules(number: int) -> str:
    """Each visit counts from the one before and from the first."""

    def timings(at: int, before: str) -> str:
        near = f"{{visit: {before}, within: 1d..4d}}"
        far = f"within: {max(1, 2 * at - 7)}d..{2 * at + 7}d, target: {2 * at}d"
        return f"{near}, {{visit: baseline, {far}}}"

    return in_a_row(timings, number)


def bounded_chain(number: int) -> str:
    """Visits with a choice of days, and a rule on the whole that leaves next to none to each."""
    whole = f"from: baseline, to: v{number - 1}, within: ..{number}d"
    row = in_a_row(lambda _, one: f"{{visit: {one}, within: 1d..5d, target: 2d}}", number)
    return f"{row}constraints:\n  - {{id: whole, {whole}}}\n"


def star(number: int) -> str:
    """Each visit counts from the first."""
    return in_a_row(
        lambda at, _: (
            f"{{visit: baseline, within: {2 * at - 1}d..{2 * at + 1}d, target: {2 * at}d}}"
        ),
        number,
    )


def open_ends(number: int) -> str:
    """Each visit follows the one before, nobody says how late."""
    return in_a_row(lambda _, one: f"{{visit: {one}, within: 5d.., target: 7d}}", number)


def cycles(number: int) -> str:
    """A block of three visits, again and again; the number is that of the visits."""
    block = f"  - id: treatment\n    cycle: {{times: {number // 3}}}\n    visits:\n{CYCLE}"
    return f"{HEAD.format(name='cycles')}  - id: start\n    visits:\n{BASELINE}{block}"


def run_sheet(number: int) -> str:
    """One visit with so many items, every other one counted from the one before."""
    items = [
        f"            - {{id: i{at}, after: i{at - 1}, within: 0min..1min}}\n"
        if at % 2
        else f"            - {{id: i{at}, at: {at * 470 // number}min}}\n"
        for at in range(number)
    ]
    visit = "      - id: baseline\n        kind: dosing\n        duration: 8h\n"
    sheet = '        at: "09:00"\n        run_sheet:\n          items:\n' + "".join(items)
    return f"{HEAD.format(name='sheet')}  - id: all\n    visits:\n{visit}{sheet}"


SIZES = (300, 900, 2_400)


class Row(NamedTuple):
    """A command and what it is asked of, with the words of the table."""

    what: str
    protocol: Callable[[int], str]
    command: Sequence[str]


HOURS = ", ".join(
    f'{day}: "08:00-17:00"' for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)
START = ("--start", "2027-01-11")
SPRING = ("--from", "2027-01-01", "--to", "2027-03-31")
ROWS = (
    Row("`validate`, visits in a row", chain, ("validate",)),
    Row("`validate`, two rules for each visit", two_rules, ("validate",)),
    Row("`validate`, all visits count from the first", star, ("validate",)),
    Row("`validate`, a narrow window at each visit", bounded_chain, ("validate",)),
    Row("`validate`, cycles", cycles, ("validate",)),
    Row("`validate`, items of a run sheet", run_sheet, ("validate",)),
    Row("`timeline`, visits in a row", chain, ("timeline", *START)),
    Row("`timeline`, open ends", open_ends, ("timeline", *START)),
    Row("`timeline`, cycles, five-day site", cycles, ("timeline", *START, "--site", "open.yaml")),
    Row("`timeline`, nothing fits", weekly, ("timeline", *START, "--site", "closed.yaml")),
    Row("`anchors`, 90 dates, five-day site", weekly, ("anchors", *SPRING, "--site", "open.yaml")),
    Row(
        "`handout`, five-day site",
        weekly,
        ("handout", *START, "--site", "open.yaml", "--participant", "P1"),
    ),
)


def measured(row: Row, folder: Path, *, quick: bool) -> tuple[list[float], float]:
    """Seconds by size, and the exponent of their growth."""
    spent = []
    sizes = _sizes(quick=quick)
    for size in (3, *sizes):
        (folder / "growing.yaml").write_text(row.protocol(size), encoding="utf-8")
        command = [*PLANNER, row.command[0], "growing.yaml", *row.command[1:]]
        spent.append(min(cpu_seconds(command, str(folder)) for _ in range(2)))
    start, *spent = spent
    least = 0.01  # the clock's step
    first, last = (max(least, spent[at] - start) for at in (0, -1))
    return spent, math.log(last / first) / math.log(sizes[-1] / sizes[0])


def _sizes(*, quick: bool) -> tuple[int, ...]:
    return tuple(size // 10 for size in SIZES) if quick else SIZES


def table(*, quick: bool = False) -> Iterator[str]:
    """The lines of a table in Markdown, each as soon as it is measured."""
    sizes = " | ".join(f"{size:,}" for size in _sizes(quick=quick))
    yield f"| command, protocol | {sizes} | exponent |"
    yield "|---|" + "---|" * (len(SIZES) + 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "open.yaml").write_text(SITE.format(name="open", hours=HOURS, closures="[]"))
        weeks = "[{from: 2027-03-01, to: 2027-03-21, reason: works}]"
        (folder / "closed.yaml").write_text(SITE.format(name="closed", hours=HOURS, closures=weeks))
        for row in ROWS:
            spent, exponent = measured(row, folder, quick=quick)
            seconds = " | ".join(f"{size:.2f} s" for size in spent)
            yield f"| {row.what} | {seconds} | {exponent:.1f} |"


def main() -> None:
    """Prints the table."""
    for line in table(quick="--quick" in sys.argv[1:]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
