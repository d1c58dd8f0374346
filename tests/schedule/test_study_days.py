"""Study days: where targets put a visit, how a range is written, and that there is no day 0."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.checks.example import example_file
from planner.protocol.expand import expand
from planner.schedule.study_days import study_day_text, target_days
from planner.schedule.windows import DayWindow

FRAME = """\
anchor: baseline
epochs:
  - id: screening
    visits:
{visits}
"""


def days(*visits: str) -> dict[str, tuple[int, int]]:
    lines = "\n".join(f"      - {{{visit}}}" for visit in visits)
    return target_days(expand(example_file(FRAME.format(visits=lines)).protocol))


def test_targets_are_added_up_from_the_anchor_on() -> None:
    found = days(
        "id: baseline",
        "id: second, after: {visit: baseline, target: 2w, within: ±3d}",
        "id: third, after: {visit: second, target: 1w}",
    )
    assert found == {"baseline": (0, 0), "second": (14, 14), "third": (21, 21)}


def test_what_lies_before_the_anchor_has_negative_days() -> None:
    found = days(
        "id: screening, before: {visit: prep, target: 2w}",
        "id: prep, before: {visit: baseline, target: 3d}",
        "id: baseline",
    )
    assert found == {"baseline": (0, 0), "prep": (-3, -3), "screening": (-17, -17)}


def test_an_anchor_that_is_itself_counted_from_another_visit_stays_the_beginning() -> None:
    found = days("id: consent", "id: baseline, after: {visit: consent, target: 10d}")
    assert found == {"consent": (-10, -10), "baseline": (0, 0)}


def test_a_visits_own_target_comes_before_one_that_another_has_from_it() -> None:
    found = days(
        "id: baseline",
        "id: call, before: {visit: third, target: 1d}, after: {visit: baseline, within: 1d..30d}",
        "id: third, after: {visit: baseline, target: 3w}",
    )
    assert found["third"] == (21, 21)
    assert found["call"] == (20, 20)


def test_a_window_of_one_length_is_as_good_as_a_target() -> None:
    assert days("id: baseline", "id: next-day, after: {visit: baseline, within: 1d}")[
        "next-day"
    ] == (1, 1)


def test_months_leave_a_span_of_days() -> None:
    assert days("id: baseline", "id: later, after: {visit: baseline, target: 3mo}")["later"] == (
        89,
        92,
    )


def test_a_night_lies_between_the_start_and_the_end_of_a_stay() -> None:
    found = days(
        "id: baseline, overnight: true",
        "id: home, after: {visit: baseline.end, target: 1d}",
    )
    assert found["home"] == (2, 2)


def test_a_window_alone_determines_no_day() -> None:
    assert days("id: baseline", "id: later, after: {visit: baseline, within: 3w..5w}") == {
        "baseline": (0, 0)
    }


@pytest.mark.parametrize(
    ("target", "window", "text"),
    [
        (14, (14, 14), "15"),
        (28, (21, 35), "29 ± 7"),
        (28, (25, 42), "29 (26..43)"),
        (28, (None, None), "29"),
        (28, (1, None), "29 (≥ 2)"),
        (None, (21, 35), "22..36"),
        (None, (99, None), "≥ 100"),
        (None, (None, -1), "≤ -1"),
        (None, (None, None), ""),
        (-7, (-14, -1), "-7 (-14..-1)"),
        (-7, (-9, -5), "-7 ± 2"),
        (0, (-2, 2), "1 (-2..3)"),
    ],
)
def test_days_are_written_as_protocols_write_them(
    target: int | None, window: tuple[int | None, int | None], text: str
) -> None:
    aim = None if target is None else (target, target)
    assert study_day_text(aim, DayWindow(*window), day_zero=False) == text


def test_with_a_day_zero_the_anchor_is_day_zero() -> None:
    assert study_day_text((0, 0), DayWindow(-2, 2), day_zero=True) == "0 ± 2"
    assert study_day_text((39, 39), DayWindow(39, 39), day_zero=True) == "39"


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_no_study_day_is_zero_without_a_day_zero(first: int, last: int) -> None:
    low, high = sorted((first, last))
    text = study_day_text(None, DayWindow(low, high), day_zero=False)
    assert "0" not in text.split("..")
