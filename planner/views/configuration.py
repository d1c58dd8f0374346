"""Which defaults hold for a study, and why."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.config.reading import ConfigFile
from planner.protocol.document import Path
from planner.views.json_document import render_document

_KEYS: dict[Path, tuple[str | None, str]] = {
    ("protocols",): (None, "PROTOCOL"),
    ("site",): (None, "--site; without one every day is open, in UTC"),
    ("records",): (None, "--records of due, deviations, amend and export"),
    ("language",): ("en", "--language of handout"),
    ("level",): ("coded", "--level of export"),
    ("role",): (None, "--role of store; all is shown without one"),
    ("who",): (None, "--who of store; the login name without one"),
    ("files", "calendar"): (None, "-o of export"),
    ("files", "key"): (None, "--key-file of export"),
    ("files", "report"): (None, "-o of report"),
}
"""Every key: what holds where no file says anything, and the option or argument that overrides."""


class Holding(NamedTuple):
    """A key with the value that holds, the line of the file that says so, and what overrides it."""

    key: str
    value: str | list[str] | None
    line: int | None
    overridden_by: str


def holdings(file: ConfigFile | None) -> Iterator[Holding]:
    """Every key with the value that holds.

    Args:
        file: the study's defaults; ``None`` where there are none.
    """
    for path, (default, overridden_by) in _KEYS.items():
        value: object = None if file is None else file.config
        for step in path:
            value = getattr(value, str(step), None)
        line = None if file is None or not value else file.line(path)
        stated = list(value) if isinstance(value, tuple) else value
        known = stated if isinstance(stated, (str, list)) and stated else default
        yield Holding(".".join(map(str, path)), known, line, overridden_by)


def render_text(file: ConfigFile | None, why: str) -> str:
    """A line per key: the value that holds, where it is from, and what overrides it.

    Args:
        file: the study's defaults; ``None`` where there are none.
        why: who names the file, or why there is none.
    """
    rows = [("Setting", "Value", "From", "Overridden by")]
    for holding in holdings(file):
        value = holding.value
        text = ", ".join(value) if isinstance(value, list) else value or "none"
        place = "default" if holding.line is None or file is None else f"{file.path}:{holding.line}"
        rows.append((holding.key, text, place, holding.overridden_by))
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    heading = f"No file of defaults: {why}" if file is None else f"{file.path}: {why}"
    return "\n".join([heading, "", *lines]) + "\n"


def render_json(file: ConfigFile | None, why: str) -> str:
    """The same for machines: every key with its value, its line and what overrides it."""
    return render_document(
        {
            "file": None if file is None else file.path,
            "why": why,
            "settings": [holding._asdict() for holding in holdings(file)],
        }
    )
