"""Participant codes and cohorts: who is planned, told apart by codes that name nobody."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from planner.dates import parse_date
from planner.errors import PlannerError
from planner.limits import MAX_PARTICIPANTS, too_many
from planner.protocol.csv_reading import Row, column_names, csv_rows
from planner.protocol.reading import read_lines
from planner.units import UnitError


class Participant(NamedTuple):
    """One line of a cohort: a code, the arm (``None``: the protocol's first) and the anchor."""

    code: str
    arm: str | None
    start: date


_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]{0,30}[A-Z0-9])?", re.IGNORECASE)


def check_code(text: str) -> str:
    """The code itself, if it can stand for a participant without naming one.

    Raises:
        PlannerError: it could be a name, initials, a date of birth, an e-mail address or a phone
            number (DOMAIN section 4), or it is no code at all.
    """
    code = text.strip()
    shown = "".join(letter if letter.isprintable() else "?" for letter in code[:40])

    def refuse(reason: str) -> PlannerError:
        return PlannerError(
            f"`{shown}`: {reason}; participants are codes such as `P0001` or `DE-03-017`"
        )

    if "@" in code:
        raise refuse("looks like an e-mail address")
    if re.search(r"\s", code):
        raise refuse("has spaces, as names do")
    digits = re.sub(r"[-+./()]", "", code)
    if digits.isdigit() and (len(digits) >= 9 or code.startswith(("+", "00"))):
        raise refuse("looks like a phone number")
    if re.fullmatch(
        r"(19|20)\d\d[-./]?\d\d[-./]?\d\d|\d{1,2}[-./]\d{1,2}[-./]((19|20)?\d\d)", code
    ):
        raise refuse("looks like a date of birth")
    if not any(letter.isdigit() for letter in code):
        raise refuse("has no digit: it could be a name or initials")
    if not _CODE.fullmatch(code):
        raise refuse("is no code (letters, digits, `-`, `_`, `.`; at most 32)")
    return code


def read_cohort(path: str) -> Iterator[Participant]:
    """Reads a CSV file of participants, one at a time; columns ``code``, ``start``, and ``arm``.

    Raises:
        PlannerError: with file and line, for the first line that cannot be read.
    """
    columns: list[str] | None = None
    seen: dict[str, int] = {}
    for line, cells in csv_rows(path, read_lines(path), most=None):
        if columns is None:
            columns = column_names(path, Row(line, cells), _COLUMNS, ("code", "start"))
            continue
        try:
            participant = _participant(columns, cells)
        except (PlannerError, UnitError) as error:
            raise PlannerError(f"{path}:{line}: {error}") from None
        first = seen.setdefault(participant.code, line)
        if first != line:
            raise PlannerError(
                f"{path}:{line}: code `{participant.code}` again, first on line {first}"
            )
        if len(seen) > MAX_PARTICIPANTS:
            raise PlannerError(f"{path}:{line}: {too_many(MAX_PARTICIPANTS, 'participants')}")
        yield participant
    if columns is None:
        raise PlannerError(f"{path}:1: the file is empty; its first line names `code,start,arm`")


_COLUMNS = ("code", "start", "arm")


def _participant(columns: list[str], cells: list[str]) -> Participant:
    if len(cells) != len(columns):
        raise PlannerError(f"{len(cells)} cells, the first line names {len(columns)} columns")
    named = dict(zip(columns, cells, strict=True))
    arm = named.get("arm", "").strip()
    return Participant(check_code(named["code"]), arm or None, parse_date(named["start"]))
