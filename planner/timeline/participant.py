"""Participant codes and cohorts: who is planned, told apart by codes that name nobody."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from planner.errors import PlannerError
from planner.limits import MAX_PARTICIPANTS, too_many
from planner.protocol.csv_reading import Row, column_names, csv_rows
from planner.protocol.reading import read_lines
from planner.time.date import iso_form, parse_date
from planner.time.distance import UnitError


class Participant(NamedTuple):
    """One line of a cohort: a code, the arm (``None``: the protocol's first) and the anchor."""

    code: str
    arm: str | None
    start: date

    def __repr__(self) -> str:
        """Without the arm, which not everybody may know."""
        return f"Participant({self.code!r}, start={self.start!r})"


_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]{0,30}[A-Z0-9])?", re.IGNORECASE)


def check_code(text: str) -> str:
    """The code itself, if it can stand for a participant without naming one.

    Raises:
        PlannerError: it is a name, a date of birth, an e-mail address or a phone number (DOMAIN
            section 4), or it is no code at all.
    """
    code = text.strip()
    if "@" in code:
        raise _refused(code, "looks like an e-mail address")
    if re.search(r"\s", code):
        raise _refused(code, "has spaces, as names do")
    if _is_dated(code):
        raise _refused(code, "looks like a date of birth")
    if _is_phone(code):
        raise _refused(code, "looks like a phone number")
    if not any(letter.isdigit() for letter in code):
        raise _refused(code, "has no digit: it could be a name or initials")
    if not _CODE.fullmatch(code):
        raise _refused(code, "is not a code (letters, digits, `-`, `_`, `.`; at most 32)")
    return code


def new_code(text: str) -> str:
    """A code that is given to a participant now: one that `check_code` takes and tells nothing.

    Raises:
        PlannerError: it is no code, or `telling` says what it could tell.
    """
    code = check_code(text)
    reason = telling(code)
    if reason is not None:
        raise _refused(code, reason)
    return code


def _refused(code: str, reason: str) -> PlannerError:
    printable = "".join(letter if letter.isprintable() else "?" for letter in code[:40])
    return PlannerError(
        f"`{printable}`: {reason}; participants are codes such as `P0001` or `DE-03-017`"
    )


_SEPARATED = re.compile(r"(?P<first>[0-9]{1,4})(?P<sign>[-./])([0-9]{1,2})(?P=sign)([0-9]{1,4})")


def _is_dated(code: str) -> bool:
    """Whether it is a date of these two centuries, year first, or with signs between its parts."""
    if re.fullmatch("[0-9]{8}", code):
        return _is_day(code[:4], code[4:6], code[6:])
    match = _SEPARATED.fullmatch(code)
    if match is None:
        return False
    first, middle, last = match["first"], match[3], match[4]
    if len(first) == 4:
        return len(middle) == len(last) == 2 and _is_day(first, middle, last)
    if len(first) > 2 or len(last) not in (2, 4):
        return False
    year = last if len(last) == 4 else f"20{last}"
    return _is_day(year, middle, first) or _is_day(year, first, middle)


def _is_day(year: str, month: str, day: str, first: int = 1900, last: int = 2099) -> bool:
    return first <= int(year) <= last and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _is_phone(code: str) -> bool:
    """Whether digits alone are as many, and grouped, as those of a phone number."""
    digits = re.sub(r"[-+./()]", "", code)
    if not digits.isdigit():
        return False
    groups = re.split(r"[-./()]+", code)
    return (
        code.startswith("+")
        or ("/" in code and len(digits) >= 7)
        or (len(groups) == 1 and len(digits) >= 9)
        or (len(digits) >= 9 and max(map(len, groups)) >= 6)
        or (len(digits) >= 11 and code.startswith("0"))
        or re.fullmatch(r"0[1-9](?:[-.][0-9]{2}){4}", code) is not None  # as in France
        or re.fullmatch(r"[2-9][0-9]{2}[-.][2-9][0-9]{2}[-.][0-9]{4}", code) is not None  # USA
    )


# What a code tells that can be one: patterns, each with what it could be. They are listed so that
# everybody can see what is refused; what else is a code. `_` is taken for `-`.
_MONTHS = "JAN|FEB|MAR|MRZ|APR|MAY|MAI|JUN|JUL|AUG|SEP|OCT|OKT|NOV|DEC|DEZ"
_TELLING = (
    # MUELLER1980, Anna-2001, 1980MUELLER: a word and the year of a birth.
    (r"(?P<word>[A-Z]{4,})[-.]?(?:19[2-9][0-9]|200[0-9]|201[0-2])", "a name and a year of birth"),
    (r"(?:19[2-9][0-9]|200[0-9]|201[0-2])[-.]?(?P<word>[A-Z]{4,})", "a name and a year of birth"),
    # A.MUELLER1, SMITH.J2: an initial and a name.
    (r"[A-Z]\.[A-Z]{3,}[-.]?[0-9]*|[A-Z]{3,}\.[A-Z]\.?[0-9]+", "a name"),
    # AM1, ABC-2: two or three letters, and a single digit that tells them from others.
    (r"(?P<word>[A-Z]{2,3})[-.]?[0-9]", "initials"),
    # A.M.1: letters with dots.
    (r"(?:[A-Z]\.){2,3}[-.]?[0-9]+", "initials"),
    # AM1980: the same with the year of a birth. From 2000 on it can be a site and a number: US2001.
    (r"(?P<word>[A-Z]{2,3})[-.]?19[3-9][0-9]", "initials and a year of birth"),
    (r"19[3-9][0-9][-.]?(?P<word>[A-Z]{2,3})", "initials and a year of birth"),
    # 02FEB1980, 2-Feb-80, FEB1980.
    (rf"[0-9]{{1,2}}[-.]?(?:{_MONTHS})[A-Z]*[-.]?(?:19|20)?[0-9]{{2}}", "a date of birth"),
    (rf"(?:{_MONTHS})[A-Z]*[-.]?(?:19|20)[0-9]{{2}}", "a date of birth"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _TELLING)
_WORDS = frozenset((
    "ARM", "CASE", "CENTER", "CENTRE", "CODE", "COHORT", "CTL", "DEMO", "EX", "GROUP", "HV", "ID",
    "NO", "NR", "PART", "PARTICIPANT", "PAT", "PATIENT", "PID", "PROBAND", "PT", "RAND", "SCR",
    "SCREEN", "SID", "SITE", "STUDY", "SUB", "SUBJ", "SUBJECT", "SUJ", "TEST", "TN", "TP", "TRIAL",
    "VISIT", "VOL", "VOLUNTEER", "VP",
))  # fmt: skip
"""Words that stand before numbers of participants and name none."""
_DIGITS = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")


def telling(code: str) -> str | None:
    """What a code could tell of a person; ``None`` where nothing does.

    Eight digits on end are told where they are a day of a possible birth in any order, alone or
    beside letters: `01021980`, `P01021980`. Six are not: `101001` is site 101, participant 001.
    """
    for digits in _DIGITS.findall(code):
        orders = ((4, 2, 0), (0, 4, 6), (4, 0, 2))  # where year, month and day begin
        for year, month, day in orders:
            parts = digits[year : year + 4], digits[month : month + 2], digits[day : day + 2]
            if _is_day(*parts, 1900, 2019):
                return "could be a date of birth"
    plain = code.replace("_", "-")
    for pattern, what in _PATTERNS:
        match = pattern.fullmatch(plain)
        if match is None:
            continue
        word = match.groupdict().get("word", "").upper()
        if word in _WORDS or (what.startswith("a name and") and not set(word) & set("AEIOUY")):
            continue
        return f"could be {what}"
    return None


class UnreadLine(NamedTuple):
    """A line of a list of participants that gives nobody: its place, whose it is, and why.

    ``code`` is ``None`` where the line does not tell one.
    """

    place: str
    code: str | None
    why: str


def read_cohort(
    path: str, leave_out: Callable[[UnreadLine], None] | None = None
) -> Iterator[Participant]:
    """Reads a CSV file of participants, one at a time; columns ``code``, ``start``, and ``arm``.

    Args:
        path: of the file.
        leave_out: is told of each line that cannot be read, and of all lines of a code that stands
            on several, since nobody can tell which one counts; without it the first of them is an
            error.

    Raises:
        PlannerError: with file and line, for what cannot be left out.
    """
    several = _lines_of_repeated(path) if leave_out is not None and os.path.isfile(path) else {}
    seen: dict[str, int] = {}
    for line, columns, cells in _cohort_lines(path):
        place = f"{path}:{line}"
        code = None
        try:
            code = _code(columns, cells)
            participant = _participant(code, columns, cells)
        except (PlannerError, UnitError) as error:
            if leave_out is None:
                raise PlannerError(f"{place}: {error}") from None
            leave_out(UnreadLine(place, code, str(error)))
            continue
        if leave_out is not None and code in several:
            lines = " and ".join(map(str, several[code]))
            leave_out(UnreadLine(path, code, f"code `{code}` is on lines {lines}"))
            continue
        first = seen.setdefault(code, line)
        if first != line:
            raise PlannerError(f"{place}: code `{code}` again, first on line {first}")
        if len(seen) > MAX_PARTICIPANTS:
            raise PlannerError(f"{place}: {too_many(MAX_PARTICIPANTS, 'participants')}")
        yield participant


def _cohort_lines(path: str) -> Iterator[tuple[int, list[str], list[str]]]:
    """The number of each line below the first one, what its columns are called, and its cells."""
    columns: list[str] | None = None
    for line, cells in csv_rows(path, read_lines(path), COHORT_COLUMNS, maximum=None):
        if columns is None:
            columns = column_names(path, Row(line, cells), COHORT_COLUMNS, ("code", "start"))
        else:
            yield line, columns, cells
    if columns is None:
        raise PlannerError(f"{path}:1: the file is empty; its first line names `code,start,arm`")


def _lines_of_repeated(path: str) -> dict[str, list[int]]:
    """The lines of each code that stands on several."""
    lines: dict[str, list[int]] = {}
    for line, columns, cells in _cohort_lines(path):
        with contextlib.suppress(PlannerError):
            lines.setdefault(_code(columns, cells), []).append(line)
    return {code: where for code, where in lines.items() if len(where) > 1}


COHORT_COLUMNS = ("code", "start", "arm")
"""The columns of a list of participants."""


def _code(columns: list[str], cells: list[str]) -> str:
    if len(cells) != len(columns):
        raise PlannerError(f"{len(cells)} cells, the first line names {len(columns)} columns")
    return new_code(cells[columns.index("code")])


def _participant(code: str, columns: list[str], cells: list[str]) -> Participant:
    named = dict(zip(columns, cells, strict=True))
    arm = named.get("arm", "").strip()
    return Participant(code, arm or None, parse_date(iso_form(named["start"])))
