"""Timings in random spellings are read back, and no text breaks the reader or keeps it long."""

from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.labels import label_distances
from planner.protocol.timing_text.read_timing import read_timing
from planner.protocol.timing_text.timing import TextTiming, Unparsed
from planner.protocol.timing_text.tokens import MAX_TEXT_LENGTH
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Tolerance, Window

SPELLINGS = {
    "d": ("d", " d", " day", " days", " Days", "-day", " calendar days"),
    "w": ("w", " wk", " wks", " weeks", " Week", "wks", "-week"),
    "mo": (" mo", " months", " Mos", " mths"),
    "h": ("h", " h", " hr", " hrs", " hours", "H"),
    "min": ("min", " min", " mins", " minutes"),
}
DASHES = ("-", "–", "—", "−", "‑")
SPACES = ("", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}")
PLUS_MINUS = ("±", "+/-", "+/–", "± ", "+/- ")
DAYS_BY = {"d": 1, "w": 7}
CONTEXTS = (
    Context(), Context("study_day", "Study Day"), Context("week", "Week"),
    Context("window", "Visit Window (Days)"), Context("cycle", "Cycle"), Context("visit", "Visit"),
    Context(None, "Hours post-dose"), Context("study_day", "Day", "Screening", day_zero=True),
)  # fmt: skip

numbers = st.integers(1, 60)
units = st.sampled_from(sorted(SPELLINGS))


def distance(number: int, unit: str) -> Distance:
    if unit in DAYS_BY:
        return CalendarDistance(0, number * DAYS_BY[unit])
    if unit == "mo":
        return CalendarDistance(number, 0)
    return ClockDistance(number * (60 if unit == "h" else 1))


class Said(NamedTuple):
    """An amount of time and one of its spellings."""

    number: int
    unit: str
    text: str

    @property
    def distance(self) -> Distance:
        return distance(self.number, self.unit)


@st.composite
def amounts(draw: st.DrawFn, unit: str | None = None) -> Said:
    number, chosen = draw(numbers), unit or draw(units)
    return Said(number, chosen, f"{number}{draw(st.sampled_from(SPELLINGS[chosen]))}")


@given(
    amounts(),
    st.sampled_from(("after", "post", "following", "before", "prior to")),
    st.sampled_from(("last dose", "V2", "C1D1", "end of treatment", "first IMP administration")),
)
def test_a_distance_from_a_reference_is_read_back(said: Said, way: str, reference: str) -> None:
    found = read_timing(f"{said.text} {way} {reference}")
    assert isinstance(found, TextTiming)
    direction = "before" if way in ("before", "prior to") else "after"
    assert (found.target, found.reference) == (said.distance, reference)
    assert (found.direction, found.window) == (direction, None)


@given(st.data(), st.sampled_from(("d", "h", "min")), st.sampled_from(PLUS_MINUS), st.booleans())
def test_a_tolerance_is_read_back_with_the_unit_once_or_twice(
    data: st.DataObject, unit: str, sign: str, twice: bool
) -> None:
    said, reach = data.draw(amounts(unit)), data.draw(amounts(unit))
    around = f"{sign}{reach.text if twice else reach.number}"
    text = data.draw(st.sampled_from((f"{said.text} ({around})", f"{said.text} {around}")))
    found = read_timing(text)
    assert isinstance(found, TextTiming)
    assert (found.target, found.window) == (
        said.distance,
        Tolerance(reach.distance, reach.distance),
    )


@given(st.integers(-40, -1), st.integers(0, 39), st.sampled_from(DASHES), st.data())
def test_a_range_of_negative_days_is_read_back_with_any_dash(
    first: int, more: int, minus: str, data: st.DataObject
) -> None:
    last = min(first + more, -1)
    ends = [f"{minus}{-end}" for end in (first, last)]
    word = data.draw(st.sampled_from(("D", "Day ", "Days ")))
    again = data.draw(st.sampled_from(("", word)))
    text = f"{word}{ends[0]} {data.draw(st.sampled_from(('to', 'through', '..')))} {again}{ends[1]}"
    found = read_timing(text)
    assert isinstance(found, TextTiming)
    low, high = CalendarDistance(0, first), CalendarDistance(0, last)
    assert found.target == low if low == high and found.window is None else True
    assert found.window in (Window(low, high), None)


@given(amounts(), st.sampled_from(("every {}", "Every {}", "q{}", "Q{}")), st.booleans())
def test_an_interval_is_read_back(said: Said, pattern: str, week: bool) -> None:
    found = read_timing(pattern.format(said.text) + (" until Week 24" if week else ""))
    assert isinstance(found, TextTiming)
    assert (found.kind, found.every) == ("interval", said.distance)
    assert found.until == ("Week 24" if week else None)


@given(st.integers(1, 30), st.integers(1, 42), st.data())
def test_a_day_of_a_cycle_is_read_back(cycle: int, day: int, data: st.DataObject) -> None:
    text = data.draw(
        st.sampled_from(
            (
                f"C{cycle}D{day}",
                f"Cycle {cycle} Day {day}",
                f"Cycle {cycle}, Day {day}",
                f"Day {day} of Cycle {cycle}",
                f"Cycle {cycle} (Day {day})",
                f"c{cycle}d{day}",
            )
        )
    )
    found = read_timing(text)
    assert isinstance(found, TextTiming)
    assert (found.kind, found.target) == ("day of cycle", CalendarDistance(0, day - 1))
    numbers = {place.of: place.spans[0].first for place in found.coordinates}
    assert numbers == {"cycle": Fraction(cycle), "day": Fraction(day)}


@given(st.integers(0, 200), st.sampled_from(("Week {}", "Wk {}", "W{}", "week{}", "Week {} visit")))
def test_a_week_is_read_back(week: int, pattern: str) -> None:
    found = read_timing(pattern.format(week))
    assert isinstance(found, TextTiming)
    assert (found.kind, found.target) == ("week", CalendarDistance(0, 7 * week))


@given(st.integers(0, 30), st.integers(0, 30), st.sampled_from(DASHES), st.sampled_from(SPACES))
def test_a_window_to_either_side_is_read_back(
    before: int, after: int, minus: str, space: str
) -> None:
    low, high = CalendarDistance(0, before), CalendarDistance(0, after)
    context = Context("window", "Visit Window (days)")
    for text in (f"{minus}{before}{space}to{space}+{after}", f"{minus}{before}/+{after}"):
        found = read_timing(text, context)
        assert isinstance(found, TextTiming)
        assert found.window == Tolerance(low, high)


WORDS = """
Day Days D W week wk M m months 1 2 28 28 .5 -1 ± +/- ( ) [ ] , ; : . / & or and to - – .. % = every
each q qd 3 w d h hrs min after before prior last dose treatment cycle cycles C1D1 visit V4 until
for within up ≤ ≥ < > then thereafter of first second n X predose post pre -dose EOT + twice bi
weekly not no unless except between x times per a the at least ~ ½ ² a b é 中 \u0301
"""
VOCABULARY = WORDS.split()


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(VOCABULARY), max_size=30).map(" ".join),
        st.lists(st.sampled_from(VOCABULARY), max_size=30).map("".join),
    ),
    st.sampled_from(CONTEXTS),
)
def test_no_text_breaks_the_reader(text: str, context: Context) -> None:
    found = read_timing(text, context)
    assert isinstance(found, TextTiming | Unparsed)
    if isinstance(found, TextTiming):
        assert found.says()
        found.written()
        assert found == read_timing(text, context)
    label_distances(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900, "Day 1 " * 160, "1," * 500, "±" * 1000, "every " * 160, "1." * 500, "n-" * 500,
        "Day 99999999", "9" * 1000, "-" * 1000, "Day 1" + " " * 2000 + "x" * 1001, "\x1b[31mDay 1",
        "Day 1\N{RIGHT-TO-LEFT OVERRIDE}", "((((((Day 1))))))", "Week 1000000", "999999 months",
    ],
)  # fmt: skip
def test_hostile_texts_are_refused(text: str) -> None:
    for context in CONTEXTS:
        found = read_timing(text, context)
        assert isinstance(found, Unparsed), found
    label_distances(text)


def test_a_text_of_a_thousand_letters_is_read_and_no_longer_one() -> None:
    text = "Day 1" + " (if applicable)" * 60
    assert len(text) < MAX_TEXT_LENGTH
    assert isinstance(read_timing(text + "x" * MAX_TEXT_LENGTH), Unparsed)
