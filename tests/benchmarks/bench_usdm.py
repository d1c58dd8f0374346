"""Reading and linting a real USDM study as a whole process, against the `usdm4` package's checks.

``PLANNER_USDM4_PYTHON`` names the interpreter of an environment that has `usdm4` (GPL-3, used here
and in tests only); tests/formats/usdm/usdm4.sh makes one.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench_startup import ENVIRONMENT, PLANNER

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("PLANNER_SHARED", ROOT.parent / "shared")) / "samples"
STUDY = SAMPLES / "usdm" / "EliLilly_NCT03421379_Diabetes.json"
_THEIRS = """
import sys, time
from usdm4 import USDM4
begun = time.perf_counter()
USDM4().validate(sys.argv[1])
print(time.perf_counter() - begun, file=sys.stderr)
"""


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit); both programs take turns."""
    if not STUDY.exists():
        print(f"the USDM samples are not in {SAMPLES}; set PLANNER_SHARED", file=sys.stderr)
        return []
    theirs = os.environ.get("PLANNER_USDM4_PYTHON")
    if not theirs:
        print("`usdm4` is not compared: PLANNER_USDM4_PYTHON names no Python", file=sys.stderr)
    own, whole, inside = [], [], []
    for turn in range(2 if quick else 8):
        spent, _ = _seconds([*PLANNER, "validate", str(STUDY)])
        other, said = _seconds([theirs, "-c", _THEIRS, str(STUDY)]) if theirs else (0.0, "0")
        if turn:  # the first turn warms the disk
            own.append(spent)
            whole.append(other)
            inside.append(float(said.split()[-1]))
    megabytes = STUDY.stat().st_size / 1e6
    figure = f"{statistics.median(own):.2f} s"
    if theirs:
        figure += (
            f"; `usdm4` takes {_ratio(whole, own):.1f} x as long as a whole process,"
            f" its validation alone {_ratio(inside, own):.1f} x"
        )
    return [(f"USDM study of {megabytes:.2f} MB read and linted, whole process", figure, "2 s")]


def _ratio(theirs: list[float], own: list[float]) -> float:
    return statistics.median(other / mine for other, mine in zip(theirs, own, strict=True))


def _seconds(command: list[str]) -> tuple[float, str]:
    """Wall time of a command, whatever it finds, and what it said on stderr."""
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=ENVIRONMENT)
    spent = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[-1]}: {done.stderr}")
    return spent, done.stderr


if __name__ == "__main__":
    for row in run():
        print(*row, sep="  ")
