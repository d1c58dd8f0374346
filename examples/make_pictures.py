"""Draws the documents' pictures from what the program makes: ``python examples/make_pictures.py``.

A test fails when a picture no longer matches; run this then, and look at what changed.
"""

import os
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "pictures"
PICTURES = {
    "timeline": "timeline mapp1 --start 2027-01-11 --site examples/site-berlin.yaml",
    "conflict": "validate examples/collision.yaml",
}
CHARTS = {
    "course": "chart mapp1 --records examples/records/P0001.csv --today 2027-02-02"
    " --site examples/site-berlin.yaml",
    "course-dark": "chart mapp1 --records examples/records/P0001.csv --today 2027-02-02"
    " --site examples/site-berlin.yaml --theme dark",
}
LIBRARY = {
    f"library/{path.stem}": f"chart {path.stem}"
    for path in sorted(ROOT.glob("protocols/*.yaml"))
    if path.stem != "claims"
}
"""The course of each protocol of the library, for its index."""
COLUMNS = 112


def run(arguments: list[str]) -> str:
    """What the command prints on a colour terminal of 112 columns."""
    environment = {
        **os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "PYTHONPATH": str(ROOT),
        "PYTHONTZPATH": "",
    }  # fmt: skip
    environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [sys.executable, "-c", "from planner.cli import main; main()", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 2 or (done.stderr and not done.stderr.startswith("wrote ")):
        raise SystemExit(done.stderr)
    return done.stdout


def without_versions(text: str) -> str:
    """Versions of data packages differ from machine to machine and are no part of a picture."""
    return re.sub(r"(tzdata|holidays) \d[\w.]*", r"\1", text)


def chart(name: str) -> str:
    """One chart as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chart.svg"
        run([*(CHARTS | LIBRARY)[name].split(), "-o", str(path)])
        return without_versions(path.read_text(encoding="utf-8"))


def screen(name: str) -> str:
    """What a command prints, as SVG, without fonts from elsewhere."""
    arguments = PICTURES[name]
    console = Console(
        record=True, file=StringIO(), width=COLUMNS, force_terminal=True, legacy_windows=False
    )
    console.print(Text(f"$ planner {arguments}", style="bold"))
    console.print(Text.from_ansi(without_versions(run(arguments.split()))))
    svg = console.export_svg(title="planner", unique_id=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.split("\n"))


def picture(name: str) -> str:
    """One of the documents' pictures as SVG."""
    return screen(name) if name in PICTURES else chart(name)


def main() -> None:
    """Writes all pictures."""
    (FOLDER / "library").mkdir(parents=True, exist_ok=True)
    for name in (*PICTURES, *CHARTS, *LIBRARY):
        (FOLDER / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
