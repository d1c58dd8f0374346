"""The library as a table: what each published study scheduled, at a glance."""

import os
import re
from typing import NamedTuple, TypedDict

from planner.errors import PlannerError, argument, did_you_mean
from planner.notice import NOTICE
from planner.protocol.library import library_ids, library_path
from planner.text import display_width, one_line
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.terminal import Style, paint

_HEAD = 8192
"""What is listed stands among the first lines of a file; so many characters are looked through."""
_WIDE = 130
"""From this many columns on there is room for the condition beside the title."""


class LibraryEntry(TypedDict):
    """What the top of a library file says of a study; texts are empty where it says nothing."""

    id: str
    title: str
    status: str
    version: str
    registry: str
    substance: list[str]
    condition: str


class LibraryIndex(NamedTuple):
    """The library's protocols by substance, then by id."""

    entries: tuple[LibraryEntry, ...]


def library_index(substance: str | None = None) -> LibraryIndex:
    """What the library holds; reads only the top lines of each file.

    Args:
        substance: only studies of this one, such as `mdma`.

    Raises:
        PlannerError: the library has no study of that substance; names the nearest.
    """
    entries = sorted(map(_entry, library_ids()), key=_order)
    if substance is not None:
        entries = _of(substance.strip().lower(), entries)
    return LibraryIndex(tuple(entries))


def render_json(index: LibraryIndex) -> str:
    """The protocols as JSON, format 1, in the order of the table."""
    return render_document({"protocols": list(index.entries)})


def library_grid(index: LibraryIndex) -> Grid:
    """A line per protocol, for documents and programs."""
    heads = ("Protocol", "Substance", "Condition", "Title", "Registry", "Status", "Version")
    lines = [
        Line(
            (
                entry["id"],
                ", ".join(entry["substance"]),
                entry["condition"],
                entry["title"],
                entry["registry"],
                entry["status"],
                entry["version"],
            )
        )
        for entry in index.entries
    ]
    return Grid("Protocols of the library", (heads,), tuple(lines), (NOTICE,))


def render_table(index: LibraryIndex, *, width: int, color: bool) -> str:
    """The protocols under their substances, with registry number and title.

    Args:
        index: of all protocols or of some.
        width: columns of the terminal; titles are cut to fit.
        color: with ANSI colours.
    """
    return "\n".join([*_table(list(index.entries), width, color), "", NOTICE])


def _order(entry: LibraryEntry) -> tuple[list[str], list[tuple[int, str]]]:
    """By substance, then by id with numbers as numbers: mp-4 before mp-12."""
    parts = re.findall(r"[0-9]+|[^0-9]+", entry["id"])
    natural = [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
    return entry["substance"] or ["~"], natural


def _of(substance: str, entries: list[LibraryEntry]) -> list[LibraryEntry]:
    chosen = [entry for entry in entries if substance in entry["substance"]]
    if not chosen:
        known = sorted({name for entry in entries for name in entry["substance"]})
        hint = did_you_mean(substance, known) or f"it has {', '.join(known)}"
        raise PlannerError(
            f"{argument('substance')}: the library has no study of"
            f" `{one_line(substance)[:40]}`; {hint}"
        )
    return chosen


def _table(entries: list[LibraryEntry], width: int, color: bool) -> list[str]:
    names = max((len(entry["id"]) for entry in entries), default=2)
    numbers = max((len(_number(entry)) for entry in entries), default=0)
    conditions = max((len(entry["condition"]) for entry in entries), default=0)
    shows_condition = width >= _WIDE
    lines: list[str] = []
    group: str | None = None
    for entry in entries:
        heading = ", ".join(entry["substance"]) or "no substance stated"
        if heading != group:
            same = sum(other["substance"] == entry["substance"] for other in entries)
            lines += ["", paint(f"{heading} ({same})", Style.GROUP, color)]
            group = heading
        name = paint(f"{entry['id']:<{names}}", Style.BOLD, color)
        cells = [name, f"{_number(entry):<{numbers}}"]
        room = width - names - numbers - 6
        if shows_condition:
            cells.append(f"{one_line(entry['condition']):<{conditions}}")
            room -= conditions + 2
        cells.append(_cut(one_line(entry["title"]), max(20, room)))
        lines.append(f"  {'  '.join(cells)}".rstrip())
    return lines[1:]


def _number(entry: LibraryEntry) -> str:
    """The first registry number, and how many more there are."""
    first, *more = re.split(r",\s*", entry["registry"])
    return f"{first} +{len(more)}" if more else first


def _cut(text: str, room: int) -> str:
    if display_width(text) <= room:
        return text
    while text and display_width(text) > room - 3:
        text = text[:-1]
    return f"{text.rstrip()}..."


def _entry(protocol_id: str) -> LibraryEntry:
    path = library_path(protocol_id)
    head = ""
    if path is not None:
        with open(path, encoding="utf-8") as file:
            head = file.read(min(os.path.getsize(path), _HEAD))
    return {
        "id": protocol_id,
        "title": _value("title", head),
        "status": _value("status", head),
        "version": _value("version", head),
        "registry": _value("registry", head),
        "substance": re.findall("[a-z0-9-]+", _value("substance", head)),
        "condition": _value("condition", head),
    }


def _value(name: str, head: str) -> str:
    """What stands behind a key at the top, in one line or folded over the next ones."""
    match = re.search(rf"^{name}:[ ]*(.*?)[ ]*(?:[ ]#.*)?$((?:\n[ ]+\S.*)*)", head, re.MULTILINE)
    if match is None:
        return ""
    if match[1] in ("", ">", ">-", "|", "|-"):
        lines = (line.strip() for line in match[2].split("\n"))
        items = [line.removeprefix("- ").strip("\"' ") for line in lines if line]
        return (", " if not match[1] else " ").join(items)
    return match[1].strip("[]\"' ")
