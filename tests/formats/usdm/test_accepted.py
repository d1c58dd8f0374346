"""What the rules of `usdm4` (PyPI, GPL-3) say of exported studies; it runs in its own Python.

`tests/formats/usdm/usdm4.sh FOLDER` makes that environment; $PLANNER_USDM4_PYTHON names its
interpreter. The project never imports it.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from formats.usdm.studies import FILES, exported, named

INTERPRETER = os.environ.get("PLANNER_USDM4_PYTHON")
pytestmark = pytest.mark.skipif(
    not INTERPRETER, reason="$PLANNER_USDM4_PYTHON names no Python that has usdm4"
)
TIMELINE_RULES = frozenset(
    f"DDF{number:05}"
    for number in (
        *range(6, 10), 11, 12, 19, *range(21, 24), *range(25, 28), 31, *range(36, 39), 44, 46, 51,
        *range(60, 63), *range(68, 73), 80, 87, 88, 99, 102, *range(104, 109), 127, 150, 153, 244,
    )
)  # fmt: skip
EXPECTED = {
    # Warnings about what a protocol file does not know, and which are not made to pass:
    "DDF00101": "a study without dosing visits has no procedure that gives anything",
    "DDF00174": "a study may have two numbers of one registry",
    "DDF00213": "what arms compare is in their labels, so several arms share one intervention",
}
GROUPS = 4
"""The program takes seconds for a file, so several of it judge side by side."""
PROGRAM = """
import json, sys
from usdm4 import USDM4
usdm = USDM4()
for path in sys.argv[1:]:
    found = usdm.validate(path)
    rows = [[row["rule_id"], str(row["message"] or row["exception"])] for row in found.to_dict()]
    print(json.dumps([path, found.passed(), rows]))
"""


def judged(*paths: Path) -> dict[str, tuple[bool, dict[str, str]]]:
    """For each file whether all rules pass, and those that do not, with a message each."""
    assert INTERPRETER is not None
    done = subprocess.run(
        [INTERPRETER, "-c", PROGRAM, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return {Path(path).stem: (passed, dict(rows)) for path, passed, rows in lines}


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_protocol_is_accepted(tmp_path: Path, group: int) -> None:
    files = FILES[group::GROUPS]
    paths = []
    for number, name in enumerate(files):
        paths.append(tmp_path / f"{number}-{Path(name).stem}.json")
        paths[-1].write_text(exported(name), encoding="utf-8")
    results = judged(*paths)
    assert len(results) == len(files)
    against = {name: rows for name, (_, rows) in results.items() if set(rows) & TIMELINE_RULES}
    assert against == {}
    others = {name: rows for name, (_, rows) in results.items() if set(rows) - set(EXPECTED)}
    assert others == {}
    assert any(passed for passed, _ in results.values())


def test_the_rules_are_really_asked(tmp_path: Path) -> None:
    study = json.loads(exported("mplong"))
    timing = named(study, "Timing", "long-term-follow-up")
    timing["windowLower"] = "P1D"
    timing["value"] = "2 weeks"
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(study), encoding="utf-8")
    passed, rows = judged(path)["broken"]
    assert not passed
    assert {"DDF00006", "DDF00060"} <= set(rows)
