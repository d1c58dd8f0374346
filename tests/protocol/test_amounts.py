"""One law of amounts, for the check, for studies of other standards and for calendars."""

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.checks.run import examine
from planner.formats.checks import all_checks
from planner.formats.ical.privacy import neutral
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


UNITS = [
    *("mg", "µg", "ml", "mL", "µL", "cc", "mcg", "IU", "grams", "milliliters", "litres"),
    *("Milligramm", "Mikrogramm", "Gramm", "Mikroliter", "IE"),
    *("milligrammes", "microgrammes", "gramme", "microlitres", "UI"),
    *("miligramos", "microgramos", "gramos", "mililitros", "milligrammi"),
    *("мг", "мкг", "мл", "ЕД", "миллиграмма", "毫克", "微克", "毫升", "ミリグラム", "밀리그램"),
    *("㎎", "㎍", "㎖"),
]


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_known_in_each_language_and_spelling(unit: str) -> None:
    for joined in ("", " ", "\u00a0", "\u202f", "-", "\u2011", "_"):
        assert without_amounts(f"Infusion 25{joined}{unit} (V2)") == f"Infusion {LEFT_OUT} (V2)"


@given(
    st.text(max_size=20),
    st.integers(0, 9999),
    st.sampled_from(["", " ", "\u00a0", "\u2007", "-", "\u2010", "\u2011", "_"]),
    st.sampled_from(UNITS),
    st.text(max_size=20),
)
def test_nothing_that_is_an_amount_is_left(
    before: str, number: int, space: str, unit: str, after: str
) -> None:
    text = f"{before} {number}{space}{unit} {after}"
    for left in (without_amounts(text), bare_name(text)):
        assert not has_amount(left.replace(LEFT_OUT, " "))


@pytest.mark.parametrize(
    "amount",
    ["200 millilitres", "0.5 µl", "25 mg", "25mg", "12,5 μg", "3 IU", "2 grams", "60 mg/dL"],
)
def test_the_check_and_the_calendar_have_the_same_amounts(amount: str) -> None:
    title = f"Infusion {amount}"
    visit = f'{{id: x, title: "{title}", after: {{visit: baseline, within: 1d}}}}'
    study = example_file(
        f"epochs:\n  - id: a\n    visits:\n      - id: baseline\n      - {visit}\n"
    )
    found = examine(study, [all_checks()["amount-outside-label"]])
    shown = neutral(title, frozenset(), "")
    assert shown == (f"Infusion {LEFT_OUT}" if found else title)
    assert bool(found) == has_amount(title) == (amount != "60 mg/dL")
