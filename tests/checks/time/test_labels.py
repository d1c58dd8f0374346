"""Labels that name a time are held against the timing, however the time is written in them."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.checks.run import examine
from planner.formats.checks import all_checks
from planner.protocol.file import file_of_protocol
from planner.protocol.model import Protocol

CHECK = all_checks()["title-and-timing"]
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
WORDS = ("Safety call", "Follow-up", "Phone call", "Assessment", "End of study", "Visit", "MADRS")
NUMBERED = ("{word} {L}{n}", "{L}{n}: {word}", "{L}{n} {word}", "{word} ({L}{n})", "{word}, {L}{n}",
            "{word}: {Unit} {n}", "{Unit} {n}: {word}", "{word} – {Unit} {n}", "{Unit}: {n}",
            "{word}, {unit} {n}")  # fmt: skip
"""Forms that number a day, a week, a month or a year, with a letter or with the word."""
LASTING = ("{word}: {n} {unit}s", "{word} – {n} {unit}s", "{n}-{unit} follow-up", "{n} {unit}s")
"""Forms that say how long after something it is."""


def findings(target: str, *, title: str | None = None, name: str = "v1") -> list[str]:
    timing = {"visit": "v0", "target": target, "within": "±1d"}
    visit = {"id": name, "after": timing, **({} if title is None else {"title": title})}
    protocol = Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "Small", "version": "1", "status": "draft",
            "design": "open-label", "anchor": "v0",
            "epochs": [{"id": "treatment", "visits": [{"id": "v0"}, visit]}],
        }
    )  # fmt: skip
    return [finding.message for finding in examine(file_of_protocol(protocol), [CHECK])]


@st.composite
def labels(draw: st.DrawFn) -> tuple[str, str, int]:
    """A label, and the unit and the number of the time in it."""
    form = draw(st.sampled_from((*NUMBERED, *LASTING)))
    unit = draw(st.sampled_from(list(DAYS)))
    number = draw(st.integers(2, 3 if unit == "year" else 24))
    label = form.format(
        word=draw(st.sampled_from(WORDS)), L=unit[0].upper(), n=number, unit=unit,
        Unit=unit.capitalize(),
    )  # fmt: skip
    return label, unit, number


def right(unit: str, number: int, *, is_numbered: bool) -> str:
    return (
        f"{number - is_numbered}d"
        if unit == "day"
        else f"{number}{'mo' if unit == 'month' else unit[0]}"
    )


@given(labels(), st.integers(1, 60))
def test_a_label_at_another_time_is_found_and_at_its_own_is_not(
    named: tuple[str, str, int], off: int
) -> None:
    label, unit, number = named
    is_numbered = not re.search(f"{number}[- ]{unit}", label)
    assert findings(right(unit, number, is_numbered=is_numbered), title=label) == []
    # Month 6 is 181 to 184 days; so far off is no reading of it.
    wrong = number * DAYS[unit] + number // 2 + 8 + off
    (message,) = findings(f"{wrong}d", title=label)
    assert "the title of `v1` says" in message


@given(labels())
def test_an_id_in_place_of_a_title_is_held_against_the_timing_as_well(
    named: tuple[str, str, int],
) -> None:
    label, unit, number = named
    assume(unit in ("day", "week") or unit in label.lower())  # a small m or y names no time
    name = re.sub("[^a-z0-9]+", "-", label.lower()).strip("-")
    (message,) = findings(f"{number * DAYS[unit] + number // 2 + 30}d", name=name)
    assert f"the id of `{name}` says" in message


@pytest.mark.parametrize(
    "title",
    ["Vitamin D3", "Visit 17", "B12", "C2D1", "Cycle 2 Day 8", "Day 8 of the cycle", "V3",
     "Period 2, Day -1", "Part A, Week 4", "D8/D30", "Session 3 of 4", "T24h"],
)  # fmt: skip
def test_what_names_no_day_of_the_study_is_left_alone(title: str) -> None:
    assert findings("15d", title=title) == []


def test_two_names_of_one_time_are_one_claim() -> None:
    assert findings("42d", title="V04: Week 6 (Day 43)") == []
    assert len(findings("1w", title="V04: Week 6 (Day 43)")) == 1
