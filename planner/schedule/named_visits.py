"""Which visit a user means, by its id, its number or its title, wherever a visit is named."""

import re
from collections.abc import Iterable

from planner.errors import PlannerError, did_you_mean
from planner.protocol.field_types import quoted
from planner.protocol.fields import is_id
from planner.protocol.model import Protocol
from planner.schedule.visit_numbers import VisitIndex, visit_code, visit_index

_NUMBER = re.compile(r"[Vv]0*([1-9][0-9]{0,5})")
_LABEL = re.compile(r"([Vv][0-9]+) +(.+)")
_MAX_NAMED = 5
"""So many visits are named in a message."""


def visit_named(name: str, protocol: Protocol, where: str = "") -> str:
    """The id of the visit, or of one occurrence of it, that a name means.

    Args:
        name: the id of a visit or of an occurrence; a number such as ``V07``, in small letters,
            too, unless ids of the protocol read like numbers; a title, with the number of its
            cycle or without; or a number and its title.
        protocol: whose visits are meant, in any arm.
        where: what begins the message of an error, such as an option or a line of a file.

    Returns:
        The id. What could be an id, and is none of this protocol, comes back as it is: those who
        ask know which visits there are, and refuse it.

    Raises:
        PlannerError: several visits are meant, which it names; or none, and the nearest is named.
    """
    index = visit_index(protocol)
    if name in index.numbers:
        return name
    written = {visit.id for epoch in protocol.epochs for visit in epoch.visits}
    if name in written:
        return name
    before = f"{where}: " if where else ""
    number = _NUMBER.fullmatch(name)
    if number is not None and name.islower() and any(map(_NUMBER.fullmatch, written)):
        return name  # where ids read like numbers it is one of these, misspelt
    if number is not None:
        return _numbered(name, int(number[1]), index, written, before)
    titled = index.titles.get(name, frozenset())
    label = _LABEL.fullmatch(name)
    if not titled and label is not None:
        # A number with its own title, as views have it.
        code = label[1].upper()
        same = index.titles.get(label[2], frozenset())
        titled = frozenset(each for each in same if visit_code(index.numbers[each]) == code)
    visits = {index.visits[each] for each in titled}
    if len(titled) == 1 or len(visits) == 1:
        return next(iter(titled if len(titled) == 1 else visits))
    if titled:
        raise PlannerError(
            f"{before}{quoted(name)} is the title of several visits; write {_either(titled, index)}"
        )
    if is_id(name):
        return name
    known = [*index.titles, *index.numbers, *sorted(written)]
    by_small = {each.casefold(): each for each in reversed(known)}
    hint = did_you_mean(name.casefold(), by_small, spelled=by_small, before="; ")
    raise PlannerError(f"{before}{quoted(name)} is not a visit of `{protocol.id}`{hint}")


def visits_named(names: Iterable[str], protocol: Protocol, where: str = "") -> tuple[str, ...]:
    """The ids that several names mean, as `visit_named` gives them, each once."""
    return tuple(dict.fromkeys(visit_named(name, protocol, where) for name in names))


def _numbered(name: str, number: int, index: VisitIndex, written: set[str], before: str) -> str:
    """The occurrence of a number, unless an id or title that reads alike is another visit's."""
    by_number = {own: each for each, own in index.numbers.items()}
    occurrence = by_number.get(number)
    titled = _titled_alike(number, index)
    if occurrence is None and len(titled) == 1:
        return next(iter(titled))
    if occurrence is None:
        raise PlannerError(
            f"{before}there is no visit {visit_code(number)}: the numbers are V01 to"
            f" {visit_code(len(by_number))}"
        )
    alike = name.lower()
    if alike in index.numbers or alike in written:
        own = index.visits.get(alike, alike)
        if own != index.visits[occurrence]:
            raise PlannerError(
                f"{before}`{name}` is the number of `{occurrence}`, and reads like the id"
                f" `{alike}`; write one of these ids"
            )
    others = titled - {index.visits[occurrence]}
    if others:
        raise PlannerError(
            f"{before}`{name}` is the number of `{occurrence}`, and reads like the title of"
            f" `{min(others)}`; write one of these ids"
        )
    return occurrence


def _titled_alike(number: int, index: VisitIndex) -> set[str]:
    """The visits with a title that reads like a number, as many protocols call theirs."""
    return {
        index.visits[each]
        for title, names in index.titles.items()
        if (digits := _NUMBER.fullmatch(title)) and int(digits[1]) == number
        for each in names
    }


def _either(names: Iterable[str], index: VisitIndex) -> str:
    """Occurrences as what to choose from: ``V07 (`visit-1`) or V09 (`visit-2`)``."""
    in_order = sorted(names, key=index.numbers.__getitem__)
    each = [f"{visit_code(index.numbers[name])} (`{name}`)" for name in in_order[:_MAX_NAMED]]
    more = len(in_order) - _MAX_NAMED
    if more > 0:
        return f"{', '.join(each)} or one of {more:,} more"
    return f"{', '.join(each[:-1])} or {each[-1]}"
