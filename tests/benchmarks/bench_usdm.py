"""Reading and linting a real USDM study as a whole process, against the `usdm4` package's checks.

``PLANNER_USDM4_PYTHON`` names the interpreter of an environment that has `usdm4` (GPL-3, used here
and in tests only); tests/formats/usdm/usdm4.sh makes one.
"""

import os
import statistics
import sys
from pathlib import Path

from bench_startup import PLANNER, ended

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("PLANNER_SHARED", ROOT.parent / "shared")) / "samples"
STUDY = SAMPLES / "usdm" / "EliLilly_NCT03421379_Diabetes.json"
_THEIRS = """
import sys, time
from importlib.metadata import version
from usdm4 import USDM4
begun = time.process_time()
USDM4().validate(sys.argv[1])
print(version("usdm4"), time.process_time() - begun, file=sys.stderr)
"""


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit); both programs take turns."""
    if not STUDY.exists():
        print(f"the USDM samples are not in {SAMPLES}; set PLANNER_SHARED", file=sys.stderr)
        return []
    theirs = os.environ.get("PLANNER_USDM4_PYTHON")
    if not theirs:
        print("`usdm4` is not compared: PLANNER_USDM4_PYTHON names no Python", file=sys.stderr)
    own, whole, inside, version = [], [], [], ""
    for turn in range(2 if quick else 8):
        spent, _ = _seconds([*PLANNER, "validate", str(STUDY)])
        other, said = _seconds([theirs, "-c", _THEIRS, str(STUDY)]) if theirs else (0.0, "- 0")
        if turn:  # the first turn warms the disk
            own.append(spent)
            whole.append(other)
            inside.append(float(said.split()[-1]))
            version = said.split()[-2] if theirs else ""
    megabytes = STUDY.stat().st_size / 1e6
    figure = f"{statistics.median(own):.2f} s CPU"
    if theirs:
        figure += (
            f"; `usdm4` {version} takes {_ratio(whole, own):.1f} x as long as a whole process,"
            f" its validation alone {_ratio(inside, own):.1f} x"
        )
    return [(f"USDM study of {megabytes:.2f} MB read and linted, whole process", figure, "2 s")]


def _ratio(theirs: list[float], own: list[float]) -> float:
    return statistics.median(other / mine for other, mine in zip(theirs, own, strict=True))


def _seconds(command: list[str]) -> tuple[float, str]:
    """CPU time of a command, whatever it finds, and what it said on stderr."""
    done = ended(command)
    return done.seconds, done.stderr


if __name__ == "__main__":
    for row in run():
        print(*row, sep="  ")
