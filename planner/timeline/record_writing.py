"""Writes a participant's record as text that `planner.timeline.record_reading` reads again."""

import csv
import io
import json
import re
from collections.abc import Sequence

from planner.text import disarmed, one_line
from planner.timeline.record import COLUMNS, Actual, Record, as_plain

_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,9}")
_WORDS = ("true", "false", "null")


def record_yaml(record: Record, comments: Sequence[str] = ()) -> str:
    """The record as YAML, a visit on each line, below comments of a line each.

    Args:
        record: of a participant; what it does not set is left out.
        comments: texts of any length and line breaks, each of which becomes one line.
    """
    lines = [f"# {one_line(comment)}" for comment in comments]
    for name, value in as_plain(record).items():
        if name == "visits":
            continue
        if isinstance(value, dict):
            lines.append(f"{name}: {_mapping(value)}")
        elif isinstance(value, (list, tuple)):
            lines.append(f"{name}:")
            lines += [f"  - {_mapping(entry)}" for entry in value]
        else:
            lines.append(f"{name}: {_scalar(value)}")
    if record.visits:
        lines.append("visits:")
        lines += [f"  - {_mapping(_cells(actual))}" for actual in record.visits]
    return "\n".join(lines) + "\n"


def record_csv(record: Record, comments: Sequence[str] = ()) -> str:
    """The record's visits as CSV, below comments of a line each.

    Participant and all else but the visits have no place in it, and stand in no comment either.
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [f"# {one_line(comment)}"] for comment in comments
    )
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for actual in record.visits:
        writer.writerow({name: disarmed(str(value)) for name, value in _cells(actual).items()})
    return out.getvalue()


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
    text = str(value)
    if not isinstance(value, str):
        return text if _PLAIN.fullmatch(text) or isinstance(value, (int, float)) else f'"{text}"'
    if _PLAIN.fullmatch(text) and text not in _WORDS and not text.isdecimal():
        return text
    return json.dumps("\n".join(map(one_line, text.split("\n"))), ensure_ascii=False)
