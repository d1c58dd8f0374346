"""Files of short texts: a CSV of values and headings, a study's tables, or one text a line."""

import io
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from planner.errors import PlannerError
from planner.limits import MAX_TEXTS, too_many
from planner.protocol.csv_reading import csv_rows
from planner.protocol.json_reading import compose_json
from planner.protocol.reading import read_text
from planner.protocol.timing_text.context import Context, named_context
from planner.protocol.timing_text.read_timing import read_timing
from planner.protocol.timing_text.timing import TextTiming, Unparsed

_TEXT = ("value", "text", "timing")
_COLUMN = ("column_label", "column", "composite_label")


class TextInContext(NamedTuple):
    """A text of a file in its context; ``table`` is what it shares its conventions with."""

    text: str
    context: Context
    table: tuple[str, ...] = ()


class Answer(NamedTuple):
    """A distinct text in a distinct context with what was read, and how often it stands there."""

    text: str
    context: Context
    reading: TextTiming | Unparsed
    times: int


class TextTally(NamedTuple):
    """Counts of distinct texts: how many carry a time in any context, and how many of these are
    read in each context in which they do; the others by why not.
    """

    texts: int
    carrying: int
    read: int
    not_understood: int
    ambiguous: int

    def sentence(self) -> str:
        """The counts for people."""
        texts = "distinct text" if self.texts == 1 else "distinct texts"
        carry = "carries" if self.carrying == 1 else "carry"
        share = f" ({self.read / self.carrying:.0%})" if self.carrying else ""
        return (
            f"{self.texts:,} {texts}: {self.carrying:,} {carry} a time, {self.read:,} read{share},"
            f" {self.not_understood:,} not understood, {self.ambiguous:,} with two meanings"
        )


def read_texts(path: str, context: Context) -> list[TextInContext]:
    """The texts of a file (``-`` is standard input), in their order.

    A ``.csv`` file has a column `value` (or `text`) and perhaps `property_type`, `property_name`,
    `column_label`, or `context`; a ``.json`` file is a study's tables with their `property_values`.
    Any other has a text a line. ``context`` is that of texts whose file tells none.

    Raises:
        PlannerError: it cannot be read, or has no such column.
    """
    text = read_text(path)
    texts = list(islice(_texts(path, text, context), MAX_TEXTS + 1))
    if len(texts) > MAX_TEXTS:
        raise PlannerError(f"{path}: {too_many(MAX_TEXTS, 'texts')}")
    return texts


def _texts(path: str, text: str, context: Context) -> Iterator[TextInContext]:
    if path.lower().endswith(".json"):
        return _of_json(path, text)
    first = text.split("\n", 1)[0].lower()
    if path.lower().endswith(".csv") or ("," in first and set(first.split(",")) & set(_TEXT)):
        return _of_csv(path, text, context)
    return (TextInContext(line.strip(), context) for line in text.split("\n") if line.strip())


def _of_csv(path: str, text: str, context: Context) -> Iterator[TextInContext]:
    heads: list[str] | None = None
    value = ""
    for line, cells in csv_rows(path, io.StringIO(text)):
        if heads is None:
            heads = [cell.strip().lower() for cell in cells]
            value = next((name for name in _TEXT if name in heads), "")
            if not value:
                raise PlannerError(f"{path}:{line}: no column is named `value` or `text`")
            continue
        row = dict(zip(heads, cells, strict=False))
        table = tuple(row.get(name, "") for name in ("protocol", "table", "property_name"))
        yield TextInContext(row.get(value, "").strip(), _context(row, context), table)
    if heads is None:
        raise PlannerError(f"{path}: the file is empty; its first line names a column `value`")


def _context(row: dict[str, str], context: Context) -> Context:
    kind, name = row.get("property_type", "").strip(), row.get("property_name", "").strip()
    labels = (row.get(key, "").strip() for key in _COLUMN)
    column = next(filter(None, labels), None)
    if kind or name:
        return Context(kind or None, name or None, column)
    words = row.get("context", "").strip()
    return (named_context(words) if words else context)._replace(column=column)


def _of_json(path: str, text: str) -> Iterator[TextInContext]:
    """The headings of the columns of a study's tables."""
    data, _, _ = compose_json(path, text)
    has_headings = False
    for column in _columns(data):
        label = column.get("composite_label")
        for heading in column["property_values"]:
            if not isinstance(heading, dict) or not isinstance(heading.get("value"), str):
                continue
            has_headings = True
            kind, name = (_words(heading.get(key)) for key in ("property_type", "property_name"))
            context = Context(kind, name, _words(label))
            yield TextInContext(heading["value"].strip(), context, (name or "",))
    if not has_headings:
        raise PlannerError(f"{path}: no part of it has `property_values`, the headings of a table")


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _columns(data: object) -> Iterator[dict[str, Any]]:
    """All objects with `property_values`, wherever they are."""
    waiting = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(part.get("property_values"), list):
                yield part
            waiting.extend(reversed(list(part.values())))
        elif isinstance(part, list):
            waiting.extend(reversed(part))


def answers(texts: list[TextInContext]) -> list[Answer]:
    """The reading of each distinct text in each distinct context, in the order of the texts.

    Args:
        texts: as `read_texts` has them; a table of which one text names a Day 0, or a Week 0,
            counts all its days, or weeks, from it.
    """
    numbers = [(text.table, *_numbered(text)) for text in texts if text.table]
    with_zero = {table for table, of, values in numbers if of == "day" and 0 in values}
    weeks = [(table, values) for table, of, values in numbers if of == "week"]
    with_week_zero = {table for table, values in weeks if 0 in values}
    from_one = {table for table, values in weeks if 1 in values} - with_week_zero
    distinct: dict[tuple[object, ...], Answer] = {}
    for text in texts:
        context = text.context
        if text.table in with_zero and context.day_zero is None:
            context = context._replace(day_zero=True)
        if text.table in with_week_zero | from_one and context.week_zero is None:
            context = context._replace(week_zero=text.table in with_week_zero)
        reading = read_timing(text.text, context)
        key = (text.text, context.property_type, context.property_name, reading)
        before = distinct.get(key)
        times = 1 if before is None else before.times + 1
        distinct[key] = Answer(text.text, before.context if before else context, reading, times)
    return list(distinct.values())


def _numbered(text: TextInContext) -> tuple[str, frozenset[Fraction]]:
    """What a text numbers, days or weeks of the study, and the numbers in it."""
    reading = read_timing(text.text, text.context)
    if isinstance(reading, Unparsed):
        return "", frozenset()
    for of, kind in (("day", "study day"), ("week", "week")):
        fractions = frozenset(
            end
            for part in (reading, *reading.parts)
            if part.kind == kind
            for place in part.coordinates
            if place.of == of
            for span in place.spans
            for end in span
            if end is not None
        )
        if fractions:
            return of, fractions
    return "", frozenset()


def tally(answers: list[Answer]) -> TextTally:
    """How many distinct texts carry a time, and how many of them are read in all their contexts.

    Args:
        answers: as `answers` has them.
    """
    by_text: dict[str, list[TextTiming | Unparsed]] = {}
    for answer in answers:
        by_text.setdefault(answer.text, []).append(answer.reading)
    carrying = read = unknown = ambiguous = 0
    for readings in by_text.values():
        timed = [
            reading
            for reading in readings
            if isinstance(reading, TextTiming) or reading.carries_time
        ]
        if not timed:
            continue
        carrying += 1
        whys = {reading.why for reading in timed if isinstance(reading, Unparsed)}
        read += not whys
        unknown += "not understood" in whys
        ambiguous += bool(whys) and "not understood" not in whys
    return TextTally(len(by_text), carrying, read, unknown, ambiguous)
