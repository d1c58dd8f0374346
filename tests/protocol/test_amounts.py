"""One law of amounts, for the check, for studies of other standards and for calendars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.amounts import LEFT_OUT, bare_name, has_amount, without_amounts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Psilocybin 25 mg session", "Psilocybin § session"),
        ("25mg/70kg, then 12,5 µg", "§, then §"),
        ("0.3 mg/kg", "§"),
        ("75-125 mg", "§"),
        ("80 to 120 mg per day", "§"),
        ("Second half (40 milligrams)", "Second half (§)"),
        ("Infusion 200 millilitres", "Infusion §"),
        ("Infusion of 0.5 L/h", "Infusion of 0.5 L/h"),
        ("Week 12 visit", "Week 12 visit"),
        ("Session 3 going home", "Session 3 going home"),
        ("Day 15, 30 min, 2 h", "Day 15, 30 min, 2 h"),
        ("60 mg/dL", "60 mg/dL"),
        ("", ""),
    ],
)
def test_an_amount_is_taken_out_whole(text: str, shown: str) -> None:
    assert without_amounts(text) == shown.replace("§", LEFT_OUT)


@given(
    st.text(max_size=20),
    st.integers(0, 9999),
    st.sampled_from(["", " ", "\u00a0", "-"]),
    st.sampled_from(["mg", "µg", "ml", "mL", "mcg", "IU", "grams", "milliliters", "litres"]),
    st.text(max_size=20),
)
def test_nothing_that_is_an_amount_is_left(
    before: str, number: int, space: str, unit: str, after: str
) -> None:
    text = f"{before} {number}{space}{unit} {after}"
    for left in (without_amounts(text), bare_name(text)):
        assert not has_amount(left.replace(LEFT_OUT, " "))
