"""Findings for people: the place, the message, the line with a caret, and what would help."""

import os
from collections.abc import Iterator
from functools import partial

from planner.brevity import MAX_REASONS
from planner.checks.report import FileReport, Located
from planner.notice import NOTICE
from planner.protocol.library import library_folder
from planner.text import char_width, counted, visible
from planner.views.terminal import paint, wrap

_COLORS = {"error": "1;31", "warning": "1;33", "note": "1;36", "path": "1", "dim": "2", "ok": "32"}
_TAB = "    "
_INDENT = "    "
_MAX_EXCERPT_WIDTH = 240
"""Columns that a source line gets where the screen sets no limit, as in a pipe."""
_wrap = partial(wrap, whole_words=True)
"""A place or an origin is copied whole."""
_FURTHEST = 8
"""How many letters are looked at for a column of the screen; combining ones take none."""


def render_text(
    reports: list[FileReport], *, color: bool = False, width: int = 100, verbose: bool = True
) -> str:
    """All findings of all files with their lines, a summary line per file, and the notice.

    Nothing is cut but source lines, around their caret. Control characters of files and names are
    made visible.

    Args:
        reports: a file each.
        color: with ANSI colours.
        width: columns.
        verbose: where false, notes have no source line and no help, and the remarks on protocols
            of the library, which are known and accepted, are only counted.
    """
    blocks: list[str] = []
    for report in reports:
        hides_remarks = not verbose and _is_of_library(report) and not report.count("error")
        for finding in () if hides_remarks else report.findings:
            lines = _finding(report, finding, color, width, verbose)
            is_short = not verbose and finding.severity == "note"
            blocks.append(_one_note(report, finding, color) if is_short else "\n".join(lines))
        summary = _summary(report, color)
        if hides_remarks and report.findings:
            summary = _known_remarks(report, color)
        blocks.append(summary)
    # Findings are set apart by blank lines, summaries of clean files stand below each other.
    text = ""
    for at, block in enumerate(blocks):
        gap = "\n\n" if at and ("\n" in block or "\n" in blocks[at - 1]) else "\n"
        text += (gap if at else "") + block
    return f"{text}\n{_paint(NOTICE, 'dim', color)}\n"


def _is_of_library(report: FileReport) -> bool:
    folder = "" if report.file is None else os.path.dirname(report.file.path)
    return bool(folder) and os.path.abspath(folder) == os.path.abspath(library_folder())


def _known_remarks(report: FileReport, color: bool) -> str:
    """The summary of a protocol of the library, whose remarks are only counted."""
    proof = _summary(report._replace(findings=()), color)
    number = counted(len(report.findings), "known remark")
    return f"{proof}; {number} on the published schedule (--verbose shows them)"


def _one_note(report: FileReport, finding: Located, color: bool) -> str:
    """A note on one line, however long: its place and what it says."""
    place = _place(report, finding)
    head = _paint(f"note[{finding.rule}]", "note", color)
    return f"{_paint(visible(place), 'path', color)} {head} {visible(finding.message)}"


def _place(report: FileReport, finding: Located) -> str:
    """The path, with line and column where the file has been read so far."""
    is_read = report.lines or finding.line > 1
    return f"{report.path}:{finding.line}:{finding.column}:" if is_read else f"{report.path}:"


def _finding(
    report: FileReport, finding: Located, color: bool, width: int, verbose: bool
) -> Iterator[str]:
    place = _place(report, finding)
    head = f"{finding.severity}[{finding.rule}]"
    lines = _wrap(f"{visible(place)} {head} {visible(finding.message)}", width, _INDENT)
    if color:
        lines[0] = lines[0].replace(visible(place), _paint(visible(place), "path", True), 1)
        lines[0] = lines[0].replace(head, _paint(head, finding.severity, True), 1)
    yield from lines
    if 0 < finding.line <= len(report.lines):
        room = min(width, _MAX_EXCERPT_WIDTH) - len(str(finding.line)) - 3
        text, caret = excerpt(report.lines[finding.line - 1], finding.column, room)
        number = str(finding.line)
        yield f"{_paint(number + ' |', 'dim', color)} {text}".rstrip()
        bar = _paint(" " * len(number) + " |", "dim", color)
        yield f"{bar} {' ' * caret}{_paint('^', finding.severity, color)}"
    if finding.origin:
        # An origin is one word, to be copied whole.
        yield f"  {_paint('at:', 'dim', color)} {visible(finding.origin)}"
    places = finding.related if verbose else finding.related[:MAX_REASONS]
    for related_place in places:
        place = f"{visible(report.path)}:{related_place.line}:{related_place.column}:"
        lines = _wrap(f"  {place} {visible(related_place.message)}", width, f"  {_INDENT}")
        lines[0] = lines[0].replace(place, _paint(place, "dim", color), 1)
        yield from lines
    more = len(finding.related) - len(places)
    if more:
        yield f"  and {counted(more, 'more place')} (--verbose shows them)"
    if finding.hint:
        head, choices, rest = visible(finding.hint).partition("any one of: ")
        if head or not choices:
            head, rest = visible(finding.hint), ""
        lines = _wrap(f"  help: {head or 'any one of'}", width, f"  {_INDENT}")
        lines[0] = lines[0].replace("help:", _paint("help:", "ok", color), 1)
        yield from lines
        for choice in rest.split("; ") if rest else ():
            yield from _wrap(f"    - {choice}", width, f"    {_INDENT}")


def _summary(report: FileReport, color: bool) -> str:
    counts = []
    for severity in ("error", "warning", "note"):
        number = report.count(severity)
        if number:
            counts.append(_paint(counted(number, severity), severity, color))
    parts = [", ".join(counts)] if counts else []
    if report.proof:
        style = "error" if report.count("error") else "ok"
        parts.append(_paint(report.proof, style, color) if style == "ok" else report.proof)
    elif not counts:
        parts.append("no findings of the selected checks; feasibility was not checked")
    return f"{_paint(visible(report.path) + ':', 'path', color)} {'; '.join(parts)}"


def _paint(text: str, style: str, color: bool) -> str:
    return paint(text, _COLORS[style], color)


def excerpt(line: str, column: int, width: int) -> tuple[str, int]:
    """A source line made harmless and cut around a column to fit, and where the caret stands.

    The caret counts columns of the screen from 0; each end that was cut off is an ellipsis. Tabs
    become four spaces.

    Args:
        line: of the source, of any length.
        column: of the finding, in characters of `line` from 1; it may lie behind the end.
        width: columns that there are; 10 at least.
    """
    width = max(width, 10)
    line = line.rstrip()
    # A file of machines may be one line of megabytes, of which a screen shows next to nothing.
    begun = max(0, min(column - 1, len(line)) - _FURTHEST * width)
    near = line[begun : column - 1 + _FURTHEST * width]
    parts = [_TAB if letter == "\t" else visible(letter) for letter in near]
    widths = [sum(map(char_width, part)) for part in parts]
    at = max(0, min(column - 1 - begun, len(parts)))
    first, last = 0, len(parts)
    if begun or begun + len(near) < len(line) or sum(widths) + (at == len(parts)) > width:
        first, last = _around(widths, at, width)
    head = "…" if first or begun else ""
    tail = "…" if begun + last < len(line) else ""
    text = head + "".join(parts[first:last]) + tail
    return text, len(head) + sum(widths[first:at])


def _around(widths: list[int], at: int, width: int) -> tuple[int, int]:
    """The stretch of characters, about a third of it before ``at``, that leaves room for dots."""
    first = at
    used = 2 + (widths[at] if at < len(widths) else 1)
    last = min(at + 1, len(widths))
    while first and used + widths[first - 1] <= width // 3:
        first -= 1
        used += widths[first]
    while last < len(widths) and used + widths[last] <= width:
        used += widths[last]
        last += 1
    while first and used + widths[first - 1] <= width:
        first -= 1
        used += widths[first]
    return first, last
