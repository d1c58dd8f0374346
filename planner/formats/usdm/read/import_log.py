"""Keeps account of a reading: ids that are given, what was read where, and what has to be told."""

import re
import unicodedata
from collections.abc import Mapping
from html import unescape
from typing import TypeVar

from planner.formats.usdm.model import StudyPart
from planner.limits import MAX_FINDINGS
from planner.protocol.amounts import bare_name, without_amounts
from planner.protocol.document import Document, Path, Problem
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import NOTHING_LOST, Kind, Lost, Origin, Remark, json_path
from planner.text import one_line

MAX_LINE_LENGTH = 300
_MAX_ID_LENGTH = 60
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_BLOCKS = re.compile(r"</?(?:p|br|li|ul|ol|div|tr|td|th|table|h[1-6])\b", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")

Entry = TypeVar("Entry", bound="dict[str, object] | dict[str, str] | list[object] | list[str]")


class ImportLog:
    """What is known of the way from a study to our document.

    Parts of the document are placed by identity while it grows (which keeps them alive); where they
    stand in it is found once, at the end, by `origins`. ``is_own``: the project's own exporter
    wrote the study.
    """

    def __init__(self, document: Document, *, is_own: bool = False) -> None:
        self.document = document
        self.is_own = is_own
        self.entries: list[Remark] = []
        self._placed: dict[int, tuple[object, Path]] = {}
        self._held: list[object] = []
        self._placed_keys: dict[tuple[int, str], Path] = {}
        self._counted: dict[Kind, int] = {}
        self._lost_beyond: dict[Kind, Lost] = {}
        """What the remarks say that are more than a person reads."""
        self._said: set[tuple[str, str, Path]] = set()

    def origin(self, path: Path) -> Origin:
        """A place in the source, as text and as line and column."""
        return Origin(json_path(path), self.document.value_position(path))

    def place(self, entry: Entry, path: Path, **keys: Path) -> Entry:
        """Notes where an entry was read, and where the values of some of its keys were."""
        self._placed[id(entry)] = (entry, path)
        return self.place_keys(entry, keys)

    def place_keys(self, entry: Entry, keys: Mapping[str, Path]) -> Entry:
        """Notes only where the values of some of its keys were read."""
        self._held.append(entry)
        for key, where in keys.items():
            self._placed_keys[id(entry), key] = where
        return entry

    def place_again(self, entry: dict[str, object], copy: dict[str, object]) -> dict[str, object]:
        """Notes of a copy what is noted of an entry; returns the copy."""
        placed = self._placed.get(id(entry))
        keys = {
            key: where
            for key in copy
            if (where := self._placed_keys.get((id(entry), key))) is not None
        }
        self.place_keys(copy, keys)
        return copy if placed is None else self.place(copy, placed[1])

    def add_source(self, entry: dict[str, object], note: str) -> None:
        """Says in an entry where it was read; our own exports carry the sources they had."""
        if not self.is_own:
            entry["source"] = "usdm"
            entry["note"] = note

    def reading(
        self,
        message: str,
        path: Path,
        hint: str | None = None,
        *,
        expected: bool = False,
        lost: Lost = NOTHING_LOST,
    ) -> None:
        """It can be read in two ways; the message names the one chosen and the other.

        ``expected``: our own exporter writes it so, and what it means stands in its attributes.
        """
        if not (expected and self.is_own):
            self._remark("reading", message, path, hint, lost)

    def left_out(
        self,
        message: str,
        path: Path,
        hint: str | None = None,
        *,
        expected: bool = False,
        visits: int = 0,
    ) -> None:
        """It has no place in a protocol file; ``expected`` as with `reading`."""
        if not (expected and self.is_own):
            self._remark("left-out", message, path, hint, Lost(visits))

    def mistake(
        self, message: str, path: Path, hint: str | None = None, *, visits: int = 0
    ) -> None:
        """It cannot be read as anything; ``visits`` are not in the document because of it."""
        self._remark("mistake", message, path, hint, Lost(visits))

    def note_problems(self, problems: tuple[Problem, ...]) -> None:
        """What is wrong with the file itself, such as a key that stands twice."""
        for problem in problems:
            origin = Origin(json_path(problem.path or ()), problem.position)
            self._tell(Remark("mistake", problem.message, origin, problem.hint))

    def _remark(
        self,
        kind: Kind,
        message: str,
        path: Path,
        hint: str | None,
        lost: Lost,
    ) -> None:
        if (kind, message, path) not in self._said:
            self._said.add((kind, message, path))
            self._tell(Remark(kind, message, self.origin(path), hint, lost))

    def _tell(self, remark: Remark) -> None:
        self._counted[remark.kind] = self._counted.get(remark.kind, 0) + 1
        if self._counted[remark.kind] <= MAX_FINDINGS:
            self.entries.append(remark)
        else:
            before = self._lost_beyond.get(remark.kind, NOTHING_LOST)
            self._lost_beyond[remark.kind] = before.plus(remark.lost)

    def remarks(self) -> tuple[Remark, ...]:
        """All remarks in the order of the source; what is more than a person reads is counted."""
        remarks = sorted(self.entries, key=lambda remark: remark.origin.position)
        for kind, lost in self._lost_beyond.items():
            last = [remark for remark in remarks if remark.kind == kind][-1]
            more = f"and {self._counted[kind] - MAX_FINDINGS:,} more of this kind"
            remarks.append(last._replace(message=more, hint=None, lost=lost))
        return tuple(remarks)

    def origins(self, data: dict[str, object]) -> dict[Path, Origin]:
        """Where the parts of the finished document were read."""
        origins: dict[Path, Origin] = {}
        stack: list[tuple[Path, object]] = [((), data)]
        while stack:
            path, part = stack.pop()
            placed = self._placed.get(id(part))
            if placed is not None:
                origins[path] = self.origin(placed[1])
            if isinstance(part, dict):
                for key, value in part.items():
                    where = self._placed_keys.get((id(part), key))
                    if where is not None:
                        origins[*path, key] = self.origin(where)
                    stack.append(((*path, key), value))
            elif isinstance(part, list):
                stack += [((*path, at), value) for at, value in enumerate(part)]
        return origins


class Names:
    """Ids of one kind, each given once."""

    def __init__(self) -> None:
        self.given: set[str] = set()
        self._next: dict[str, int] = {}

    def take(self, *texts: str | None, otherwise: str) -> str:
        """A new id from the first text that holds a letter or digit; numbered if it is taken."""
        stem = next((candidate for text in texts if text and (candidate := slug(text))), otherwise)
        if stem not in self.given:
            self.given.add(stem)
            return stem
        number = self._next.get(stem, 2)
        while True:
            name = f"{stem[: _MAX_ID_LENGTH - 7].rstrip('-')}-{number}"
            number += 1
            if name not in self.given:
                self._next[stem] = number
                self.given.add(name)
                return name


def slug(text: str) -> str:
    """An id from a text, without amounts; empty where it has neither letters nor digits."""
    bare = unicodedata.normalize("NFKD", bare_name(text)).encode("ascii", "ignore").decode()
    hyphenated = re.sub(r"[^a-z0-9]+", "-", bare.lower())
    if hyphenated != (again := bare_name(hyphenated)):  # `25_MG` is one only now
        hyphenated = re.sub(r"[^a-z0-9]+", "-", again)
    return hyphenated.strip("-")[:_MAX_ID_LENGTH].strip("-")


def without_markup(text: str | None) -> str | None:
    """A text without markup and amounts, on one line; ``None`` where it says nothing."""
    plain = full_text(text)
    return None if plain is None else without_amounts(plain)


def full_text(text: str | None) -> str | None:
    """A text without markup, on one line, its amounts kept: only for labels of arms."""
    if text is None:
        return None
    if "<" in text:
        text = _TAG.sub(lambda tag: " " if _BLOCKS.match(tag[0]) else "", text)
    if "&" in text:
        text = unescape(text)
    text = one_line(_BLANKS.sub(" ", text)).strip()
    return None if text in ("", "-") else text


def short_line(text: str | None) -> str | None:
    """A text without markup, cut where it is longer than a line of a protocol file may be."""
    return truncated(without_markup(text))


def truncated(line: str | None) -> str | None:
    """A text, cut where it is longer than a line of a protocol file may be."""
    if line is None or len(line) <= MAX_LINE_LENGTH:
        return line
    return line[: MAX_LINE_LENGTH - 1].rstrip() + "…"


def name_of(part: StudyPart) -> str:
    """What messages call a part of a study."""
    return quoted(part.called or "?")
