"""The pieces that a timing is said in: amounts, numbered days, tolerances, intervals, relations."""

from fractions import Fraction
from typing import Literal, NamedTuple

from planner.protocol.timing_text.lexicon import Bound
from planner.protocol.timing_text.timing import Counted, NumberSpan
from planner.protocol.timing_text.units import Unit

AnyUnit = Unit | Literal["cycle"]
Joined = Literal["and", "or"]
Joiner = Literal["", ",", "/", "and", "or", "then"]


class Quantity(NamedTuple):
    """A number and its unit, if it has one; cycles can be counted as well."""

    value: Fraction
    unit: AnyUnit | None

    def in_unit(self, unit: AnyUnit | None) -> "Quantity":
        """The same, with this unit where it has none of its own."""
        return self if self.unit is not None else self._replace(unit=unit)


class Reach(NamedTuple):
    """How far around something: from ``low`` (negative: before it) to ``high``."""

    low: Quantity
    high: Quantity
    signs: int = 2
    """How many of the ends had a sign: without one, a range may be no tolerance at all."""


class Amounts(NamedTuple):
    """Amounts of time from the first to the last, several in a list; bare numbers have no unit."""

    ranges: tuple[tuple[Quantity, Quantity], ...]
    joined: Joined = "and"
    bound: Bound | None = None
    reach: Reach | None = None
    signed: bool = False
    onwards: bool = False


class At(NamedTuple):
    """Numbered days, weeks, cycles, visits."""

    of: Counted
    spans: tuple[NumberSpan, ...]
    joined: Joined = "and"
    bare: bool = False
    """Whether only the context tells what is numbered."""


class Every(NamedTuple):
    """A repetition: every so many of a unit, so many times in it."""

    minimum: Fraction
    maximum: Fraction
    unit: AnyUnit
    times: int | None = None


class Relation(NamedTuple):
    """Before or after a reference; a ``moment`` such as `predose` is a time even alone."""

    direction: Literal["after", "before", "of"]
    reference: str | None
    moment: bool = True
    plus: bool = False
    """Written as a sum (`EOT + 30 d`), whose first part may be a case, not the reference."""


class CycleLength(NamedTuple):
    """How long a cycle is."""

    amounts: Amounts


class Lasting(NamedTuple):
    """For how long something goes on."""

    amounts: Amounts


class Until(NamedTuple):
    """Until what something goes on."""

    text: str


class RepeatCount(NamedTuple):
    """How often in all."""

    number: int


class Start(NamedTuple):
    """From which numbered day, week or cycle on."""

    at: At
    text: str


class CountedFrom(NamedTuple):
    """From what the numbers beside a text are counted."""

    reference: str


class First(NamedTuple):
    """`first day of next period`: a day or week counted from the start of what is named."""

    ordinal: int
    unit: Literal["d", "w"]
    reference: str
    text: str


class Name(NamedTuple):
    """Words that are no time."""

    text: str


Piece = (
    Amounts | At | Reach | Every | Relation | CycleLength | Lasting | Until | RepeatCount | Start
    | CountedFrom | First | Name
)  # fmt: skip


class Segment(NamedTuple):
    """Pieces that together say one time, and how they are joined to the segment before."""

    joiner: Joiner
    pieces: tuple[Piece, ...]
    doubt: str | None = None
    """A word that may change what the pieces say."""
