"""Runs all benchmarks and prints two tables, in Markdown, as README.md beside it has them.

``python tests/benchmarks/run.py [--quick]``. Figures are ratios or carry their limit, because
machines differ; nothing here fails on a slow machine.
"""

import platform
import sys
from importlib.metadata import version

import bench_actuals
import bench_calendar
import bench_calendar_state
import bench_growth
import bench_library
import bench_network
import bench_placement_core
import bench_plan
import bench_sdtm
import bench_startup
import bench_store
import bench_usdm

BENCHMARKS = (
    bench_startup,
    bench_library,
    bench_network,
    bench_placement_core,
    bench_plan,
    bench_actuals,
    bench_calendar,
    bench_calendar_state,
    bench_sdtm,
    bench_store,
    bench_usdm,
)


def main() -> None:
    """Prints the table."""
    quick = "--quick" in sys.argv[1:]
    peers = ", ".join(f"{name} {version(name)}" for name in ("networkx", "ortools", "icalendar"))
    print(f"Python {platform.python_version()}, {platform.machine()}; {peers}\n")
    print("| what | measured | aim |\n|---|---|---|", flush=True)
    for module in BENCHMARKS:
        for what, figure, limit in module.run(quick=quick):
            print(f"| {what} | {figure} | {limit} |", flush=True)
    print()
    for line in bench_growth.table(quick=quick):
        print(line, flush=True)


if __name__ == "__main__":
    main()
