"""Study days: where targets put a visit, how a range is written, and that there is no day 0."""

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.schedule.slack import DayWindow
from planner.schedule.study_days import (
    TargetDay,
    lying_days,
    study_day_text,
    study_day_texts,
    target_days,
)

FRAME = """\
anchor: baseline
epochs:
  - id: screening
    visits:
{visits}
"""


def course(*visits: str) -> Course:
    lines = "\n".join(f"      - {{{visit}}}" for visit in visits)
    return expand(example_file(FRAME.format(visits=lines)).protocol)


def days(*visits: str) -> dict[str, tuple[int, int]]:
    """Where targets put visits, each on one day or on as many as a month can have."""
    found = target_days(course(*visits))
    assert all(one.day == one.first for one in found.values())
    return {name: (one.first or 0, one.last or 0) for name, one in found.items()}


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


def test_a_target_counts_from_all_of_a_window_that_has_none() -> None:
    found = target_days(
        course(
            "id: baseline",
            "id: dosing, after: {visit: baseline, within: 2w..3w}",
            "id: endpoint, after: {visit: dosing, target: 8w, window: not-published}",
            "id: later, after: {visit: endpoint, target: 1w, within: ±1d}",
        )
    )
    assert found == {
        "baseline": TargetDay(0, 0, 0),
        "endpoint": TargetDay(70, 70, 77),
        "later": TargetDay(77, 77, 84),
    }


@pytest.mark.parametrize(
    ("timing", "place"),
    [
        ("after: {visit: baseline, within: 2w..}", TargetDay(21, 21, None)),
        ("after: {visit: baseline, window: not-published}", TargetDay(8, 8, None)),
        ("after: {visit: baseline, within: -2d..5d}", TargetDay(7, 5, 12)),
        ("before: {visit: baseline, within: 1w..4w}", TargetDay(0, -21, 0)),
        ("before: {visit: baseline, within: 1w..}", TargetDay(0, None, 0)),
        (
            "after: [{visit: baseline, within: 1w..4w}, {visit: first, within: 3d..9d}]",
            TargetDay(15, 15, 21),
        ),
        (
            "after: [{visit: baseline, within: -4w..-1w}, {visit: first, within: -30d..}]",
            TargetDay(0, -18, 0),
        ),
    ],
)
def test_the_near_end_of_a_window_is_that_next_to_its_reference(
    timing: str, place: TargetDay
) -> None:
    found = target_days(
        course(
            "id: baseline",
            "id: first, after: {visit: baseline, target: 5d, within: ±1d}",
            f"id: second, {timing}",
            "id: third, after: {visit: second, target: 1w, within: ±1d}",
        )
    )
    assert found["third"] == place


def test_a_window_from_which_others_count_is_followed_back() -> None:
    found = target_days(
        course(
            "id: baseline, before: {visit: dosing, within: 1w..2w}",
            "id: dosing",
            "id: next-day, after: {visit: dosing, target: 1d, within: ±0d}",
        )
    )
    assert found == {"baseline": TargetDay(0, 0, 0), "next-day": TargetDay(8, 8, 15)}


def test_a_target_that_open_windows_leave_any_day_is_on_none() -> None:
    here = course(
        "id: baseline",
        "id: open, after: {visit: baseline, within: 1w..}",
        "id: back, after: {visit: open, within: ..1d}",
        "id: end, after: {visit: back, target: 3d, within: ±1d}",
    )
    assert lying_days(here) == {"baseline": 0, "open": 7, "back": 7, "end": 10}
    assert target_days(here) == {"baseline": TargetDay(0, 0, 0)}
    assert study_day_texts(here, {})["end"] == ""


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["target", "window", "open", "order"]),
        st.integers(1, 20),
        st.integers(0, 9),
        st.integers(0, 10),
    ),
    min_size=1,
    max_size=8,
)


@given(STEPS)
def test_every_target_lies_so_far_from_its_reference_wherever_that_lies(
    steps: list[tuple[str, int, int, int]],
) -> None:
    visits, near, least, most = ["id: v0"], [0], [0], [0.0]
    for at, (kind, days_on, more, back) in enumerate(steps, start=1):
        reference = max(0, at - 1 - back)
        timing = {
            "target": f"target: {days_on}d, window: not-published",
            "window": f"within: {days_on}d..{days_on + more}d",
            "open": f"within: {days_on}d..",
            "order": "window: not-published",
        }[kind]
        visits.append(f"id: v{at}, after: {{visit: v{reference}, {timing}}}")
        step = 1 if kind == "order" else days_on
        far = {"target": days_on, "window": days_on + more}.get(kind, float("inf"))
        near.append(near[reference] + step)
        least.append(least[reference] + step)
        most.append(most[reference] + far)
    fragment = FRAME.replace("anchor: baseline", "anchor: v0")
    lines = "\n".join(f"      - {{{visit}}}" for visit in visits)
    here = expand(example_file(fragment.format(visits=lines)).protocol)
    found = target_days(here)
    exact = {"target": True, "window": False, "open": False, "order": False}
    for at, (kind, _, more, _) in enumerate(steps, start=1):
        # A window of a single length is as good as a target.
        assert (f"v{at}" in found) == (exact[kind] or (kind == "window" and not more))
        assert lying_days(here)[f"v{at}"] == near[at]
        if f"v{at}" in found:
            last = None if most[at] == float("inf") else most[at]
            assert found[f"v{at}"] == TargetDay(near[at], least[at], last)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("target", "window", "text"),
    [
        ((70, 70, 77), (16, None), "71..78 (≥ 17)"),
        ((70, 70, 77), (70, 77), "71..78"),
        ((21, 21, None), (None, None), "≥ 22"),
        ((-7, None, -7), (None, None), "≤ -7"),
        ((5, None, None), (None, None), ""),
        ((5, None, None), (3, 9), "4..10"),
    ],
)
def test_a_target_over_a_window_is_a_range(
    target: tuple[int, int | None, int | None], window: tuple[int | None, int | None], text: str
) -> None:
    assert study_day_text(TargetDay(*target), DayWindow(*window), day_zero=False) == text


@pytest.mark.parametrize(
    ("target", "window", "text"),
    [
        (84, (None, None), "85 (window not published)"),
        (84, (None, 97), "85 (≤ 98; window not published)"),
        (None, (None, None), "window not published"),
        (None, (None, -1), "≤ -1; window not published"),
    ],
)
def test_of_an_unpublished_window_no_day_is_told_that_order_alone_leaves(
    target: int | None, window: tuple[int | None, int | None], text: str
) -> None:
    aim = None if target is None else TargetDay(target, target, target)
    assert study_day_text(aim, DayWindow(*window), day_zero=False, published=False) == text


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
    aim = None if target is None else TargetDay(target, target, target)
    assert study_day_text(aim, DayWindow(*window), day_zero=False) == text


def test_with_a_day_zero_the_anchor_is_day_zero() -> None:
    assert study_day_text(TargetDay(0, 0, 0), DayWindow(-2, 2), day_zero=True) == "0 ± 2"
    assert study_day_text(TargetDay(39, 39, 39), DayWindow(39, 39), day_zero=True) == "39"


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_no_study_day_is_zero_without_a_day_zero(first: int, last: int) -> None:
    low, high = sorted((first, last))
    text = study_day_text(None, DayWindow(low, high), day_zero=False)
    assert "0" not in text.split("..")
