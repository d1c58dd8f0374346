"""Draws the README's pictures from what the program prints: ``python examples/make_pictures.py``.

A test fails when a picture no longer matches; run this then, and look at what changed.
"""

import os
import re
import subprocess
import sys
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
COLUMNS = 112


def printed(arguments: str) -> str:
    """What the command prints on a colour terminal of 112 columns."""
    environment = {
        **os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "PYTHONPATH": str(ROOT),
        "PYTHONTZPATH": "",
    }  # fmt: skip
    environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [sys.executable, "-c", "from planner.cli import main; main()", *arguments.split()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.stderr:
        raise SystemExit(done.stderr)
    # Versions of data packages differ from machine to machine and are no part of a picture.
    return re.sub(r"(tzdata|holidays) \d[\w.]*", r"\1", done.stdout)


def picture(name: str) -> str:
    """One picture as SVG, without fonts from elsewhere."""
    arguments = PICTURES[name]
    console = Console(
        record=True, file=StringIO(), width=COLUMNS, force_terminal=True, legacy_windows=False
    )
    console.print(Text(f"$ planner {arguments}", style="bold"))
    console.print(Text.from_ansi(printed(arguments)))
    svg = console.export_svg(title="planner", unique_id=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.split("\n"))


def main() -> None:
    """Writes all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        (FOLDER / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
