"""Which visit of a protocol an SDTM visit is: by its name, or as a file of pairs says."""

import io
import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from planner.errors import PlannerError, argument, did_you_mean
from planner.protocol.csv_reading import Row, column_names, csv_rows
from planner.protocol.expand import expand
from planner.protocol.field_types import quoted
from planner.protocol.model import Protocol
from planner.protocol.reading import read_text
from planner.schedule.named_visits import visit_named


class VisitNames(NamedTuple):
    """What visits are called in a dataset, and the occurrence of the protocol that each is.

    ``by_name`` has names as `plain_name` writes them, ``by_number`` VISITNUMs, which come first.
    ``anchor`` is the visit that days count from.
    """

    by_name: Mapping[str, str]
    by_number: Mapping[float, str]
    anchor: str
    visits: frozenset[str]

    def find(self, number: float | None, name: str) -> str | None:
        """The occurrence of a VISITNUM and a VISIT; ``None`` where the protocol has none."""
        if number is not None and number in self.by_number:
            return self.by_number[number]
        return self.by_name.get(plain_name(name)) if name else None


def plain_name(name: str) -> str:
    """A name without what capitals, blanks and punctuation add: ``WEEK 10 (T)`` is `week-10-t`."""
    return "-".join(re.findall(r"[^\W_]+", name.casefold()))


def as_id(name: str) -> str:
    """A name as an id of the file format, at most 60 letters; empty where nothing is left."""
    return "-".join(re.findall("[a-z0-9]+", name.casefold()))[:60].strip("-")


def visit_names(protocol: Protocol, given: Mapping[str, str] | None = None) -> VisitNames:
    """The names of a protocol's visits in all arms: ids, and titles that only one visit has.

    Args:
        protocol: the protocol.
        given: pairs as `read_visit_map` gives them; these hold first.

    Raises:
        PlannerError: the protocol has no anchor, or a pair names no visit of it.
    """
    ids: set[str] = set()
    titles: dict[str, set[str]] = {}
    anchor = None
    arms: list[str | None] = [arm.id for arm in protocol.arms]
    for arm in arms or [None]:
        course = expand(protocol, arm)
        anchor = anchor or course.anchor
        for occurrence in course.visits:
            ids.add(occurrence.id)
            titles.setdefault(plain_name(occurrence.title), set()).add(occurrence.id)
    if anchor is None:
        raise PlannerError(f"`{protocol.id}` has no anchor, from which visits could be counted")
    by_name = {title: next(iter(of)) for title, of in titles.items() if len(of) == 1}
    by_name |= {name: name for name in ids}
    by_number: dict[float, str] = {}
    for theirs, named in (given or {}).items():
        visit = visit_named(named, protocol, argument("visits"))
        if visit not in ids:
            hint = did_you_mean(visit, sorted(ids), before="; ")
            raise PlannerError(
                f"{argument('visits')}: {quoted(visit)} is not a visit of `{protocol.id}`{hint}"
            )
        number = _number(theirs)
        if number is None:
            by_name[plain_name(theirs)] = visit
        else:
            by_number[number] = visit
    return VisitNames(by_name, by_number, anchor, frozenset(ids))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_visit_map(path: str) -> dict[str, str]:
    """Reads a CSV file of pairs with the columns ``sdtm`` (a VISITNUM or a VISIT) and ``visit``.

    Raises:
        PlannerError: it cannot be read, with the line.
    """
    pairs: dict[str, str] = {}
    columns: list[str] | None = None
    for line, row in csv_rows(path, io.StringIO(read_text(path)), _MAP_COLUMNS):
        if columns is None:
            columns = column_names(path, Row(line, row), _MAP_COLUMNS, _MAP_COLUMNS)
            continue
        cells = [cell.strip() for cell in row]
        if len(cells) != 2 or not all(cells):
            raise PlannerError(f"{path}:{line}: two cells are expected")
        theirs, visit = cells if columns[0] == "sdtm" else cells[::-1]
        if theirs in pairs:
            raise PlannerError(f"{path}:{line}: {quoted(theirs)} stands twice")
        pairs[theirs] = visit
    if columns is None:
        raise PlannerError(f"{path}:1: the file is empty; its columns are `sdtm,visit`")
    return pairs


_MAP_COLUMNS = ("sdtm", "visit")
