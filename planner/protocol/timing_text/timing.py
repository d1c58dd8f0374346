"""What a short text says of time, in the planner's own words."""

import re
from fractions import Fraction
from typing import Literal, NamedTuple

from planner.protocol.timing_text.units import written_number
from planner.time.distance import CalendarDistance, Distance, Tolerance, Window

Counted = Literal["day", "week", "month", "year", "hour", "minute", "cycle", "period", "visit"]
Kind = Literal[
    "study day", "day of cycle", "day of period", "day of week", "week", "month", "year",
    "window", "distance", "order", "duration", "interval", "cycle", "period", "cycle length",
    "number of cycles", "counted from", "either", "each", "series",
]  # fmt: skip
Why = Literal["no time in it", "not understood", "ambiguous"]


class NumberSpan(NamedTuple):
    """Numbers from the first to the last, both included; ``None`` is an open end."""

    first: Fraction | None
    last: Fraction | None

    def __str__(self) -> str:
        if self.first is None and self.last is None:
            return "each"
        if self.first == self.last and self.first is not None:
            return written_number(self.first)
        ends = ("" if end is None else written_number(end) for end in self)
        return "..".join(ends)


class Coordinate(NamedTuple):
    """Numbered days, weeks, cycles or visits, as a schedule's header counts them."""

    of: Counted
    spans: tuple[NumberSpan, ...]

    def __str__(self) -> str:
        return f"{self.of} {', '.join(map(str, self.spans))}"


class TextTiming(NamedTuple):
    """A text that was understood.

    ``kind`` says which of the fields count:

    - ``study day``, ``day of cycle``, ``day of period``, ``day of week``, ``week``, ``month``,
      ``year``: numbered, in ``coordinates``; ``target`` (one) or ``window`` (from one to another)
      is where they lie from the first of what is numbered, by ``convention``.
    - ``window``: how far around a planned date, which the text does not tell.
    - ``distance``: ``target`` and ``window`` from the ``reference``, counted away from it in the
      ``direction``; both are positive before it as after it. A reference that the text does not
      name is ``None``.
    - ``order``: before or after the reference, however far. ``duration``: ``lasting`` so long.
    - ``interval``: ``every`` so long (or every so many ``every_cycles``), with the ``window``
      around each, ``times`` so often in it, ``lasting`` so long or ``until`` something, so often
      ``in_all``.
    - ``cycle``, ``period``: numbered, ``lasting`` so long each where told. ``cycle length``: how
      long each is. ``number of cycles``: how many, in ``cycles``.
    - ``counted from``: from what the numbers beside it are counted.
    - ``either`` of ``parts``, ``each`` of them, or one after the other (``series``).

    ``convention`` names how numbers were turned into distances, ``notes`` are what the text says
    beside its time (names, conditions) and what was rounded.
    """

    kind: Kind
    coordinates: tuple[Coordinate, ...] = ()
    target: Distance | None = None
    window: Window | Tolerance | None = None
    reference: str | None = None
    direction: Literal["after", "before", "of"] | None = None
    every: Distance | Window | None = None
    every_cycles: int | None = None
    times: int | None = None
    lasting: Distance | Window | None = None
    until: str | None = None
    in_all: int | None = None
    cycles: NumberSpan | None = None
    parts: "tuple[TextTiming, ...]" = ()
    convention: str | None = None
    notes: tuple[str, ...] = ()
    in_weeks: bool = False
    """Whether the text counts in weeks; days are written as days otherwise (28d, not 4w)."""

    def written(self) -> str:
        """The timing as a protocol file has it, such as ``target: 14d, within: ±3d``.

        Numbered cycles, periods and visits stand before it. What a text numbers (`Day 15`) is
        written as the distance that ``convention`` gives it. Order alone is no window: a file says
        it by where a visit is listed and ``order: listed``, so ``order: after Week 12`` is only
        what to list it behind. What is named stands as an id. Of an interval that no timing of a
        file can be (twice a week, every 4 to 6 weeks, every 2 cycles) nothing is written, nor of a
        window that goes on until something (Day 1 until end of treatment).
        """
        if self.kind in ("either", "each", "series"):
            joint = {"either": " | ", "each": "; ", "series": "; then "}[self.kind]
            parts = [part.written() for part in self.parts]
            return joint.join(parts) if all(parts) else ""
        places = [
            f"{coordinate.of}: {', '.join(map(str, coordinate.spans))}"
            for coordinate in self.coordinates
        ]
        places = [place for place in places if place.split(":")[0] in ("cycle", "period", "visit")]
        return ", ".join([*places, *self._rule()])

    def _rule(self) -> list[str]:
        parts = []
        if self.kind == "interval":
            if self.every is None or isinstance(self.every, Window) or self.times is not None:
                return []
            ends = self._grid_ends()
            if len(ends) > 1 or None in ends:
                return []
            parts += [f"every: {self._shown(self.every)}", *(f"until: {end}" for end in ends)]
        elif self.window is not None and self.until is not None:
            return []
        if self.target is not None:
            parts.append(f"target: {self._shown(self.target)}")
        if self.window is not None:
            parts.append(f"within: {self._shown(self.window)}")
        if self.cycles is not None:
            parts.append(f"cycles: {self.cycles}")
        if self.kind != "interval":
            if self.lasting is not None:
                name = "length" if self.kind == "cycle length" else "for"
                parts.append(f"{name}: {self._shown(self.lasting)}")
            if self.until is not None:
                parts.append(f"until: {self.until}")
        if self.kind == "order":
            return [*parts, f"order: {self.direction} {self.reference or 'what is not named'}"]
        if self.reference is None:
            if self.direction == "before":
                return [f"before: {{{', '.join(parts)}}}"]
            return parts
        if self.kind == "counted from":
            return [f"from: {self.reference}"]
        rule = "before" if self.direction == "before" else "after"
        return [f"{rule}: {{{', '.join([f'visit: {_visit(self.reference)}', *parts])}}}"]

    def _grid_ends(self) -> list[str | None]:
        """How often or until when an interval goes on; ``None`` for what no file can say."""
        ends: list[str | None] = []
        if self.in_all is not None:
            ends.append(str(self.in_all))
        if self.lasting is not None:
            ends.append(self._last(self.lasting))
        if self.until is not None:
            ends.append(_id(self.until))
        return ends

    def _last(self, lasting: Distance | Window) -> str | None:
        if not isinstance(lasting, Window):
            return self._shown(lasting)
        first, last = lasting.earliest, lasting.latest
        return None if last is None or first not in (None, last) else self._shown(last)

    def says(self) -> str:
        """The reading in words, such as ``study day 15 (±3d)``; for people."""
        if self.kind in ("either", "each", "series"):
            joint = {"either": " or ", "each": " and ", "series": ", then "}[self.kind]
            return joint.join(part.says() for part in self.parts)
        parts = [self._numbered()] if self.coordinates else []
        parts += [self.kind] if self.kind in ("window", "duration", "cycle length") else []
        parts += [f"{self.cycles} cycles"] if self.cycles is not None else []
        if self.every is not None:
            often = f"{self.times} times " if self.times is not None else ""
            parts.append(f"{often}every {self._shown(self.every)}")
        if self.every_cycles is not None:
            parts.append(f"every {self.every_cycles} cycles")
        if self.kind == "distance" and self.target is not None:
            parts.append(self._shown(self.target))
        parts += self._around()
        parts += [f"for {self._shown(self.lasting)}"] if self.lasting is not None else []
        parts += [f"until {self.until}"] if self.until is not None else []
        parts += [f"{self.in_all} in all"] if self.in_all is not None else []
        if self.reference is not None or self.direction is not None:
            way = "counted from" if self.kind == "counted from" else self.direction or "from"
            parts.append(f"{way} {self.reference or 'what is not named'}")
        return ", ".join(parts)

    def _numbered(self) -> str:
        first = self.kind if self.kind.startswith("study") else None
        names = [f"{coordinate}" for coordinate in self.coordinates]
        if first is not None:
            names = [name.replace("day ", "study day ", 1) for name in names]
        return ", ".join(names)

    def _around(self) -> list[str]:
        if self.window is None or (self.coordinates and isinstance(self.window, Window)):
            return []
        return [self._shown(self.window)]

    def _shown(self, value: Distance | Window | Tolerance) -> str:
        """A distance or window as the text counts: tolerances in days, others in its own unit."""
        if isinstance(value, Window):
            if value.earliest is not None and value.earliest == value.latest:
                return self._shown(value.earliest)
            ends = (value.earliest, value.latest)
            return "..".join("" if end is None else self._shown(end) for end in ends)
        if isinstance(value, Tolerance):
            before, after = in_days(value.before), in_days(value.after)
            if value.before == value.after:
                return f"±{after}"
            return f"-{before}/+{after}"
        return str(value) if self.in_weeks else in_days(value)

    def all_notes(self) -> tuple[str, ...]:
        """Its notes and those of its parts, each once."""
        inner = (note for part in self.parts for note in part.all_notes())
        return tuple(dict.fromkeys((*self.notes, *inner)))

    def conventions(self) -> tuple[str, ...]:
        """Its convention and those of its parts, each once."""
        own = () if self.convention is None else (self.convention,)
        inner = (convention for part in self.parts for convention in part.conventions())
        return tuple(dict.fromkeys((*own, *inner)))


def _visit(name: str) -> str:
    """A name as a reference: `last dose` is the last occurrence of a visit."""
    which, _, rest = name.partition(" ")
    is_which = which.casefold() in ("first", "last", "previous", "next")
    return f"{which.casefold()} {_id(rest)}" if is_which and rest else _id(name)


def _id(name: str) -> str:
    """A name as an id: small letters, digits and single hyphens."""
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")[:60].strip("-") or "unnamed"


def in_days(distance: Distance) -> str:
    """A distance as a protocol file has it, with days instead of weeks (``28d``)."""
    if isinstance(distance, CalendarDistance) and distance.is_fixed:
        return f"{distance.days}d"
    return str(distance)


class Unparsed(NamedTuple):
    """A text that says no time, or whose time is not understood, or in more than one way.

    ``message`` is a sentence for people; ``readings`` are those of an ambiguous text, two or more.
    """

    why: Why
    message: str
    readings: tuple[str, ...] = ()

    @property
    def carries_time(self) -> bool:
        """Whether a person would find a time in the text."""
        return self.why != "no time in it"


class ParseRefusal(Exception):
    """Why a text is not read; carries the answer."""

    def __init__(self, message: str, *readings: str) -> None:
        super().__init__(message)
        self.answer = Unparsed("ambiguous" if readings else "not understood", message, readings)
