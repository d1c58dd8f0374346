"""Writes a participant's record as text that `planner.timeline.record_reading` reads again."""

import csv
import io
import json
import re
from collections.abc import Sequence

from planner.text import disarmed, one_line
from planner.timeline.record import COLUMNS, Actual, Moment, Record, as_plain

_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,9}")
_WORDS = ("true", "false", "null")


def record_yaml(record: Record, comments: Sequence[str] = ()) -> str:
    """The record as YAML, a visit on each line, below comments of a line each.

    Args:
        record: of a participant; what it does not set is left out.
        comments: texts of any length and line breaks, each of which becomes one line.
    """
    text = "".join(f"# {one_line(comment)}\n" for comment in comments)
    return text + "".join(key_text(record, name) for name in type(record).model_fields)


def key_text(record: Record, name: str) -> str:
    """The lines of one entry of a record as YAML; none where the record does not set it."""
    if name == "visits":
        lines = [f"  - {line_text(actual)}\n" for actual in record.visits]
        return "".join(["visits:\n", *lines]) if lines else ""
    data = as_plain(record)
    key = type(record).model_fields[name].alias or name
    if key not in data:
        return ""
    value = data[key]
    if isinstance(value, dict):
        return f"{key}: {_mapping(value)}\n"
    if isinstance(value, (list, tuple)):
        if not value:
            return f"{key}: []\n"
        return "".join([f"{key}:\n", *(f"  - {_mapping(entry)}\n" for entry in value)])
    return f"{key}: {_scalar(value)}\n"


def line_text(actual: Actual) -> str:
    """A line of a record as YAML in braces."""
    return _mapping(_cells(actual))


def record_csv(record: Record, comments: Sequence[str] = ()) -> str:
    """The record's visits as CSV, below comments of a line each.

    Participant and all else but the visits have no place in it, and stand in no comment either.
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [f"# {one_line(comment)}"] for comment in comments
    )
    modes = any(actual.mode is not None for actual in record.visits)
    columns = [name for name in COLUMNS if modes or name != "mode"]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for actual in record.visits:
        writer.writerow(csv_cells(actual))
    return out.getvalue()


def csv_row(actual: Actual, columns: Sequence[str], sign: str, end: str) -> str | None:
    """A line as the row of a CSV file; ``None`` where a value has no column there.

    Args:
        actual: the line.
        columns: those of the file, in its order.
        sign: what stands between its cells.
        end: of its lines.
    """
    cells = csv_cells(actual)
    if not cells.keys() <= set(columns):
        return None
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator=end)
    writer.writerow([cells.get(name, "") for name in columns])
    return out.getvalue()


def csv_cells(actual: Actual) -> dict[str, str]:
    """The cells of a line by column; those that say nothing are left out."""
    return {name: disarmed(str(value)) for name, value in _cells(actual).items()}


def _cells(actual: Actual) -> dict[str, object]:
    """What a line says, in the order of the columns."""
    values = ((name, getattr(actual, name)) for name in COLUMNS)
    return {name: value for name, value in values if value is not None}


def _mapping(data: dict[str, object]) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in data.items()) + "}"


def _scalar(value: object) -> str:
    """A value; whatever YAML could take for anything but text is in double quotes, as in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and not isinstance(value, Moment):
        return f"[{', '.join(map(_scalar, value))}]"
    text = str(value)
    if not isinstance(value, str):
        return text if _PLAIN.fullmatch(text) or isinstance(value, (int, float)) else f'"{text}"'
    if _PLAIN.fullmatch(text) and text not in _WORDS and not text.isdecimal():
        return text
    if not text.isprintable():
        text = "\n".join(map(one_line, text.split("\n")))
    return json.dumps(text, ensure_ascii=False)
