"""What the label of a timing or the title of a visit says as a distance or as a window.

Labels are written by tools and people beside ISO 8601 durations: `Week 12`, `2 Weeks`,
`-2..4 days`, `Week 8 Home`. Only a label whose numbers are all understood says anything. A title
is a name that may hold a time beside other numbers: `Day 15, dose 5`, `6-month follow-up`.
"""

from fractions import Fraction
from typing import NamedTuple

from planner.protocol.timing_text.tokens import TextError, Token, normalised, tokens_of
from planner.protocol.timing_text.units import NAMES, Unit, UnitName, amount, unit_of
from planner.time.distance import Distance, Tolerance, Window

_SEPARATORS = ("..", "...", "-", "to")
_BEFORE = ("before", "pre", "prior", "predose")


class LabelDistances(NamedTuple):
    """What a label says.

    ``distances`` are the readings of its target, the likelier one first: `2 Weeks` has one, `Day
    14` has two (14 d where there is a Day 0, 13 d after a Day 1), and a label of a window alone has
    none. What lies before its reference is negative. ``window`` is as written: from where to where,
    or so far around the target. ``numbered`` is the unit of a label that numbers it (`Week 12`).
    """

    distances: tuple[Distance, ...]
    window: Window | Tolerance | None = None
    numbered: UnitName | None = None


class TitleTime(NamedTuple):
    """A time in a title: its distances as in a label, its words (but for `D15`) in lower case.

    ``unit`` is its unit, and ``following`` the word behind it, if any.
    """

    distances: tuple[Distance, ...]
    is_numbered: bool
    text: str
    unit: UnitName
    following: str


def title_times(text: str) -> tuple[TitleTime, ...]:
    """The times that a visit's title names, such as ``Day 15`` in ``Visit 4 (Day 15)``.

    Args:
        text: the title; tolerances and numbers of anything but time are passed over.

    Returns:
        Empty where it names a range as well, which could be counted anyhow.
    """
    try:
        plain = normalised(text)
        tokens = tokens_of(plain)
    except TextError:
        return ()
    times = []
    at = 0
    while at < len(tokens):
        tolerance = _tolerance(tokens, at)
        if tolerance is not None:
            at = tolerance[1]
            continue
        read = _numbered(tokens, at, in_title=True)
        if _window(tokens, at) is not None or (read and _is_range(tokens, read[1])):
            return ()
        is_dash = at > 0 and tokens[at].text == "-" and _stands_apart(tokens, at)
        if read is None and not is_dash and _numbered(tokens, at + 1, in_title=True) is None:
            read = _single(tokens, at)  # the 1 of `Visit 1 Day 8` counts no days
        if read is None:
            at += 1
            continue
        label_distances, end = read
        is_numbered = label_distances.numbered is not None
        if not _is_part(tokens, at, end, is_numbered=is_numbered):
            unit = _unit(tokens, at if is_numbered else end - 1)
            assert unit is not None, "a time has a unit"
            words = plain[tokens[at].start : tokens[end - 1].end].lstrip("+ ")
            if not is_numbered or len(tokens[at].text) > 1:
                words = words.lower()
            behind = end + (end < len(tokens) and tokens[end].text == "-")
            next_one = tokens[behind] if behind < len(tokens) else None
            following = "" if next_one is None or next_one.kind == "sign" else next_one.word
            times.append(
                TitleTime(label_distances.distances, is_numbered, words, NAMES[unit], following)
            )
        at = end
    return tuple(times)


def _stands_apart(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a sign has spaces on both sides, as a dash between words."""
    follows = at + 1 < len(tokens) and tokens[at].end < tokens[at + 1].start
    return follows and tokens[at - 1].end < tokens[at].start


def _is_range(tokens: tuple[Token, ...], end: int) -> bool:
    """Whether another number follows, as in `Week 1-4` or `Day -28 to -1`, not in `Day 7 -1/+2`."""
    number, _ = _signed(tokens, end + 1)
    if number is None or tokens[end].text not in (*_SEPARATORS, "/"):
        return False
    starts_apart = tokens[end].start > tokens[end - 1].end
    return not (starts_apart and tokens[end].end == tokens[end + 1].start)


def _is_part(tokens: tuple[Token, ...], at: int, end: int, *, is_numbered: bool) -> bool:
    """Whether what looks like a time is part of a longer name: `q28 days`, `Day 8a`."""
    before = tokens[at - 1] if at else None
    if before is not None and before.end == tokens[at].start:
        is_joined = before.text in (".", "-") and not is_numbered
        if before.kind != "sign" or is_joined:
            return True
    if not is_numbered:
        return False
    sign, touches = tokens[at + 1], end < len(tokens) and tokens[end].start == tokens[end - 1].end
    # `Day -7` and `D-7`, but not `Week-12` and `the day + 30`.
    is_joined = sign.start == tokens[at].end and len(tokens[at].text) > 1
    if sign.kind == "sign" and (is_joined or sign.end < tokens[at + 2].start):
        return True
    return touches and (tokens[end].kind != "sign" or tokens[end].text in (".", "%"))


def label_distances(text: str) -> LabelDistances | None:
    """The distance or the window that a timing's label states.

    Args:
        text: the label.

    Returns:
        ``None`` where it states neither, has a number without its unit, or numbers left over:
        such a label can be compared with nothing.
    """
    try:
        tokens = tokens_of(normalised(text))
    except TextError:
        return None
    label_distances: list[LabelDistances] = []
    before = False
    at = 0
    while at < len(tokens):
        read = _numbered(tokens, at) or _tolerance(tokens, at) or _window(tokens, at)
        read = read or _single(tokens, at)
        if read is not None:
            label_distances.append(read[0])
            at = read[1]
        elif tokens[at].kind == "number":
            return None
        else:
            before = before or (bool(label_distances) and tokens[at].word in _BEFORE)
            at += 1
    return _together(label_distances, before)


_Found = tuple[LabelDistances, int] | None


def _numbered(tokens: tuple[Token, ...], at: int, *, in_title: bool = False) -> _Found:
    """`Week 12`, `D-1`: a unit with the number behind it, which is no number of units itself.

    In a title the number before it may number something else, and the unit is one: `V3 Day 8`.
    """
    unit = _unit(tokens, at)
    if unit is None:
        return None
    if tokens[at].word.endswith("s") if in_title else (at and tokens[at - 1].kind == "number"):
        return None
    number, end = _signed(tokens, at + 1)
    if number is None or (_unit(tokens, end) is not None and not in_title):
        return None
    unit_distance = amount(number, unit)
    if unit_distance is None:
        return None
    distances = [unit_distance.distance]
    if unit == "d" and number > 0:
        first = amount(number - 1, unit)
        distances += [first.distance] if first is not None else []
    return LabelDistances(tuple(distances), None, NAMES[unit]), end


def _tolerance(tokens: tuple[Token, ...], at: int) -> _Found:
    if tokens[at].text != "±":
        return None
    number, end = _signed(tokens, at + 1)
    unit = _unit(tokens, end)
    if number is None or number < 0 or unit is None:
        return None
    unit_distance = amount(number, unit)
    if unit_distance is None:
        return None
    return LabelDistances((), Tolerance(unit_distance.distance, unit_distance.distance)), end + 1


def _window(tokens: tuple[Token, ...], at: int) -> _Found:
    first, end = _signed(tokens, at)
    if first is None:
        return None
    first_unit = _unit(tokens, end)
    end += first_unit is not None
    if end >= len(tokens) or tokens[end].text not in _SEPARATORS:
        return None
    last, end = _signed(tokens, end + 1)
    unit = _unit(tokens, end)
    if last is None or unit is None:
        return None
    earliest, latest = amount(first, first_unit or unit), amount(last, unit)
    if earliest is None or latest is None:
        return None
    if type(earliest.distance) is not type(latest.distance):
        return None
    return LabelDistances((), Window(earliest.distance, latest.distance)), end + 1


def _single(tokens: tuple[Token, ...], at: int) -> _Found:
    """`2 weeks`, `12-week`: a number of units."""
    number, end = _signed(tokens, at)
    end += number is not None and end < len(tokens) and tokens[end].text == "-"
    unit = _unit(tokens, end)
    if number is None or unit is None:
        return None
    unit_distance = amount(number, unit)
    return None if unit_distance is None else (LabelDistances((unit_distance.distance,)), end + 1)


def _together(parts: list[LabelDistances], before: bool) -> LabelDistances | None:
    """One statement of the target and one of the window, or nothing that could be compared."""
    targets = [part for part in parts if part.distances]
    windows = [part.window for part in parts if part.window is not None]
    if not parts or len(targets) > 1 or len(windows) > 1:
        return None
    window = windows[0] if windows else None
    if not targets:
        return None if before else LabelDistances((), window)
    target = targets[0]
    if before and target.numbered is None:
        negative = tuple(
            distance if str(distance).startswith("-") else -distance
            for distance in target.distances
        )
        target = target._replace(distances=negative)
    return target._replace(window=window)


def _unit(tokens: tuple[Token, ...], at: int) -> Unit | None:
    if at >= len(tokens) or tokens[at].kind != "word":
        return None
    return unit_of(tokens[at].text)


def _signed(tokens: tuple[Token, ...], at: int) -> tuple[Fraction | None, int]:
    """The number at a place, with a sign before it, and the place behind; ``None`` if none is."""
    sign = 1
    if at < len(tokens) and tokens[at].text in ("-", "+"):
        sign = -1 if tokens[at].text == "-" else 1
        at += 1
    value = tokens[at].value if at < len(tokens) else None
    return (None, at) if value is None else (sign * value, at + 1)
