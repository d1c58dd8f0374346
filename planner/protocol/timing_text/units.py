"""Words for units of time, and numbers of them as the planner's distances."""

from fractions import Fraction
from typing import Literal, NamedTuple

from planner.time.distance import (
    MAX_DAYS,
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
)

Unit = Literal["y", "mo", "w", "d", "bd", "h", "min"]
UnitName = Literal["year", "month", "week", "day", "hour", "minute"]

_WORDS: dict[Unit, str] = {
    "y": "year years yr yrs y",
    "mo": "month months mo mos mth mths mon mons",
    "w": "week weeks wk wks w",
    "d": "day days d dy dys",
    "h": "hour hours hr hrs h",
    "min": "minute minutes min mins",
}
UNITS: dict[str, Unit] = {word: unit for unit, words in _WORDS.items() for word in words.split()}
NAMES: dict[Unit, UnitName] = {
    "y": "year", "mo": "month", "w": "week", "d": "day", "bd": "day", "h": "hour", "min": "minute",
}  # fmt: skip
"""A business day is a day of the calendar; which ones are, a site says."""
_CLOSE = Fraction(3, 20)
"""How far a part of a day or minute may be from a whole one to be meant as it (-.3 weeks, 2.1 d)"""


class UnitDistance(NamedTuple):
    """A distance that a number of units is; ``rounded`` says what was rounded to get it."""

    distance: Distance
    rounded: str | None = None


def unit_of(text: str) -> Unit | None:
    """The unit that a word is, in any case; ``M`` is a month, ``m`` could be a minute as well."""
    return "mo" if text == "M" else UNITS.get(text.lower())


def amount(number: Fraction, unit: Unit) -> UnitDistance | None:
    """The number of units as a distance; ``None`` where it is no whole number of days or minutes.

    Parts of weeks that are nearly whole days, and parts of hours that are nearly whole minutes,
    are rounded and say so. Nothing over twenty years is a distance.
    """
    if unit in ("y", "mo"):
        months = number * (12 if unit == "y" else 1)
        if months.denominator != 1 or abs(months) > 240:
            return None
        return UnitDistance(CalendarDistance(int(months), 0))
    if unit == "bd":
        if number.denominator != 1 or abs(number) > MAX_DAYS * 5 // 7:
            return None
        return UnitDistance(CalendarDistance(0, 0, int(number)))
    if unit in ("w", "d"):
        exact = number * (7 if unit == "w" else 1)
        if unit == "d" and exact.denominator != 1:
            return None
        limit, small = MAX_DAYS, "d"
    else:
        exact = number * (60 if unit == "h" else 1)
        limit, small = MAX_DAYS * MINUTES_A_DAY, "min"
    whole = round(exact)
    if abs(exact - whole) > _CLOSE or abs(whole) > limit or (exact and not whole):
        return None
    rounded = None
    if whole != exact:
        rounded = (
            f"{written_number(number)}{unit} is {written_number(exact)}{small}, here {whole}{small}"
        )
    if small == "d":
        return UnitDistance(CalendarDistance(0, whole), rounded)
    return UnitDistance(ClockDistance(whole), rounded)


def written_number(number: Fraction) -> str:
    """A number in decimals, as short as it is."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.4f}".rstrip("0").rstrip(".")
