"""Participant codes and cohorts: who is planned, told apart by codes that name nobody."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from planner.dates import parse_date
from planner.errors import PlannerError
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
    try:
        file = open(path, encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed below
    except OSError as error:
        raise PlannerError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    with file:
        yield from _rows(path, file)


def _rows(path: str, file: io.TextIOBase) -> Iterator[Participant]:
    reader = csv.reader(file, strict=True)
    columns: dict[str, int] = {}
    seen: dict[str, int] = {}
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = _header(path, reader.line_num, row)
                continue
            try:
                participant = _participant(columns, row)
            except (PlannerError, UnitError) as error:
                raise PlannerError(f"{path}:{reader.line_num}: {error}") from None
            first = seen.setdefault(participant.code, reader.line_num)
            if first != reader.line_num:
                raise PlannerError(
                    f"{path}:{reader.line_num}: code `{participant.code}` again, first on line"
                    f" {first}"
                )
            yield participant
    except (csv.Error, UnicodeDecodeError) as error:
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise PlannerError(f"{path}:{reader.line_num + 1}: not CSV: {reason}") from None
    if not columns:
        raise PlannerError(f"{path}:1: the file is empty; its first line names `code,start,arm`")


def _header(path: str, line: int, row: list[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in row]
    columns = {name: index for index, name in enumerate(names)}
    for name in names:
        if name not in ("code", "start", "arm"):
            raise PlannerError(
                f"{path}:{line}: unknown column `{name[:40]}`; allowed: code, start, arm"
            )
        if names.count(name) > 1:
            raise PlannerError(f"{path}:{line}: column `{name}` stands twice")
    for name in ("code", "start"):
        if name not in columns:
            raise PlannerError(f"{path}:{line}: column `{name}` is missing")
    return columns


def _participant(columns: dict[str, int], row: list[str]) -> Participant:
    if len(row) != len(columns):
        raise PlannerError(f"{len(row)} cells, the first line names {len(columns)} columns")
    arm = row[columns["arm"]].strip() if "arm" in columns else ""
    return Participant(
        check_code(row[columns["code"]]), arm or None, parse_date(row[columns["start"]])
    )
