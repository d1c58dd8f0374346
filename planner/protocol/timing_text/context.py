"""Where a text stands in a schedule of activities, which tells what its bare numbers are."""

import re
from typing import Literal, NamedTuple

from planner.protocol.timing_text.lexicon import SCREENING, word_set
from planner.protocol.timing_text.units import NAMES, UNITS, Unit

Meaning = Literal["number", "distance", "window", "cycle", "period", "name", "unknown"]
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"\(([dwhy])\)")
_FROM = re.compile(
    r"\b(from|after|since|following|post|relative to|before|prior to|pre)[\s-]+(.+)", re.IGNORECASE
)
_WINDOW = word_set("window windows deviation tolerance allowance allowable range variation")
_NAMES = frozenset(("visit", "epoch", "modality", "other", "name"))
_UNIT_OF_TYPE = {name: unit for unit, name in NAMES.items()} | {"study_day": UNITS["day"]}
_NAMED = word_set("visit epoch phase name modality")


class Context(NamedTuple):
    """Where a text stands.

    ``property_type`` is one of study_day, week, month, hour, window, cycle, period, visit, epoch
    (any other says nothing), ``property_name`` the heading of its row as printed, such as `Visit
    Window (Days)`, ``column`` all headings of its column. ``day_zero`` tells whether the study's
    days have a Day 0, ``week_zero`` whether its weeks have a Week 0; ``None`` leaves it to the
    text.
    """

    property_type: str | None = None
    property_name: str | None = None
    column: str | None = None
    day_zero: bool | None = None
    week_zero: bool | None = None

    @property
    def words(self) -> frozenset[str]:
        """The words of the heading, in lower case."""
        return frozenset(word.lower() for word in _WORD.findall(self.property_name or ""))

    @property
    def unit(self) -> Unit | None:
        """The unit that bare numbers have; ``None`` where heading and type name none or several."""
        units = {UNITS[word] for word in self.words if word in UNITS and len(word) > 1}
        units |= {UNITS[letter] for letter in _LETTER.findall((self.property_name or "").lower())}
        by_type = _UNIT_OF_TYPE.get(self.property_type or "")
        if by_type is not None and (by_type != "h" or not units):
            units.add(by_type)
        return units.pop() if len(units) == 1 else None

    @property
    def meaning(self) -> Meaning:
        """What a bare number is: a numbered day or week, a distance, a window, a name, ..."""
        kind = self.property_type or ""
        if kind == "window" or (not kind and self.words & _WINDOW):
            return "window"
        if kind in ("cycle", "period"):
            return "cycle" if kind == "cycle" or "cycle" in self.words else "period"
        if kind in _NAMES or (not kind and self.unit is None and self.words & _NAMED):
            return "name"
        if not kind and self.unit is None and self.words & {"cycle", "cycles"}:
            return "cycle"
        if self.unit is None:
            return "unknown"
        if self.unit in ("h", "min"):
            return "distance"
        return "number"

    @property
    def tells_length(self) -> bool:
        """Whether the heading asks for the length of a cycle, as `Cycle Length (days)` does."""
        return "length" in self.words and bool(self.words & {"cycle", "cycles"})

    @property
    def both_ways(self) -> bool:
        """Whether the heading says that a bare number is a window to either side."""
        name = self.property_name or ""
        tolerance_words = {"deviation", "tolerance", "variation", "allowance"} & self.words
        return bool(tolerance_words) or any(sign in name for sign in ("±", "+/-", "+/–", "+/−"))

    @property
    def reference(self) -> tuple[str, Literal["after", "before"] | None] | None:
        """What the heading counts from, and in which direction; neither way for `relative to`."""
        match = _FROM.search((self.property_name or "").replace("(", " ").replace(")", " "))
        if match is None:
            return None
        way = match[1].lower()
        side: Literal["after", "before"] | None = "after"
        if way == "relative to":
            side = None
        elif way in ("before", "prior to", "pre"):
            side = "before"
        return " ".join(match[2].split()), side

    @property
    def in_cycle(self) -> bool:
        """Whether days are days of a cycle here."""
        column = self.column or ""
        return "cycle" in self.words or bool(re.search(r"\bcycles? *\d|\bC\d+\b", column, re.I))

    @property
    def screens(self) -> bool:
        """Whether the column's headings say that all in it lies before the first day."""
        words = {word.lower() for word in _WORD.findall(self.column or self.property_name or "")}
        return bool(words & SCREENING)


def named_context(words: str) -> Context:
    """The context that a few words tell.

    Args:
        words: a heading, such as ``study day``, ``visit window (days)`` or ``week``.
    """
    kind = words.strip().lower().replace(" ", "_")
    known = ("study_day", "week", "month", "window", "cycle", "period", "visit", "epoch")
    return Context(kind if kind in known else None, words)
