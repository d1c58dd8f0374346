"""Importing SDTM's visits and counting them against their windows: time, and memory."""

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench_startup import ended

ROOT = Path(__file__).parents[2]
LZZT = str(ROOT / "examples" / "lzzt.yaml")
SAMPLES = Path(os.environ.get("PLANNER_SHARED", ROOT.parent / "shared")) / "samples"
COMMAND = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from memory import peak_megabytes
from planner.cli import main
try:
    main()
finally:
    print(peak_megabytes())
"""


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, aim)."""
    rows = [_invented(2_000 if quick else 20_000)]
    sv, dm = (SAMPLES / "sdtm" / f"{name}.xpt" for name in ("sv", "dm"))
    if sv.exists():
        rows.insert(0, _pilot_study(str(sv), str(dm), 1 if quick else 5))
    else:
        print(f"the CDISC pilot study is not in {SAMPLES}; set PLANNER_SHARED", file=sys.stderr)
    return rows


def _timed(*arguments: str) -> tuple[float, float]:
    """CPU seconds that a command takes, and megabytes at most."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    done = ended(command, environment={**os.environ, "PYTHONPATH": str(ROOT)})
    return done.seconds, float(done.stdout.split()[-1])


def _pilot_study(sv: str, dm: str, times: int) -> tuple[str, str, str]:
    both, counting = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(times):
            records = os.path.join(folder, "records")
            first, _ = _timed("import", "sv", sv, "--dm", dm, "--protocol", LZZT, "-o", records)
            second, _ = _timed("replay", LZZT, sv, "--dm", dm, "--format", "csv")
            both.append(first + second)
            counting.append(second)
    return (
        "306 subjects of the CDISC pilot study (XPT) to a record each, then replayed; two commands",
        f"{statistics.median(both):.2f} s CPU, {statistics.median(counting):.2f} s in the replay",
        "2 s",
    )


def _invented(subjects: int) -> tuple[str, str, str]:
    """The same, over as many subjects as are given and a tenth of them."""
    rows = json.loads((ROOT / "examples" / "sv.json").read_text(encoding="utf-8"))
    visits = [row for row in rows["rows"] if row[2] == "EX-01-001"]
    spent, memory = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for many in (subjects // 10, subjects):
            path = os.path.join(folder, f"{many}.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(json.dumps({**rows, "rows": []})[:-2])
                for number in range(many):
                    for at, row in enumerate(visits):
                        row[2] = f"P{number:06d}"
                        file.write((", " if number or at else "") + json.dumps(row))
                file.write("]}")
            spent[many], memory[many] = _timed("replay", LZZT, path, "--format", "csv")
    few, many = sorted(spent)
    rate = (many - few) * len(visits) / (spent[many] - spent[few])
    figure = (
        f"{spent[many]:.1f} s CPU, {rate:,.0f} visits/s, peak memory {memory[many]:.0f} MB"
        f" against {memory[few]:.0f} MB for a tenth"
    )
    return f"replay of {many * len(visits):,} visits in Dataset-JSON", figure, "constant"


if __name__ == "__main__":
    for row in run(quick="--quick" in sys.argv):
        print(*row, sep="  ")
