"""Windows as sets of distances, against dates counted out one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.containment import holds_all, is_at_least
from planner.time.distance import CalendarDistance, Window, parse_distance, parse_window

STARTS = [date(2027, 1, 1) + timedelta(days=days) for days in range(0, 800, 7)] + [
    date(2027, 1, 31), date(2028, 1, 31), date(2028, 2, 29), date(2027, 3, 31),
]  # fmt: skip
distances = st.builds(CalendarDistance, st.integers(-3, 3), st.integers(-40, 40))
ends = st.none() | distances
windows = st.builds(Window, ends, ends)


def allowed(window: Window, start: date, day: date) -> bool:
    return (window.earliest is None or window.earliest.after(start) <= day) and (
        window.latest is None or day <= window.latest.after(start)
    )


@given(distances, distances)
def test_what_is_said_to_be_at_least_as_long_is_so_from_every_date(
    one: CalendarDistance, other: CalendarDistance
) -> None:
    if is_at_least(one, other):
        assert all(one.after(start) >= other.after(start) for start in STARTS)


@given(st.lists(windows, max_size=2), st.lists(windows, max_size=2))
def test_windows_that_are_said_to_hold_others_hold_every_one_of_their_dates(
    outer: list[Window], inner: list[Window]
) -> None:
    if not holds_all(outer, inner):
        return
    for start in STARTS[::9]:
        for days in range(-130, 131, 3):
            day = start + timedelta(days=days)
            if all(allowed(window, start, day) for window in inner):
                assert all(allowed(window, start, day) for window in outer)


@given(
    st.integers(-30, 30), st.integers(0, 30), st.integers(-30, 30), st.integers(0, 30)
)  # fmt: skip
def test_windows_in_days_hold_each_other_just_when_their_dates_do(
    first: int, length: int, other_first: int, other_length: int
) -> None:
    one = Window(CalendarDistance(0, first), CalendarDistance(0, first + length))
    other = Window(
        CalendarDistance(0, other_first), CalendarDistance(0, other_first + other_length)
    )
    days, other_days = (
        set(range(first, first + length + 1)),
        set(range(other_first, other_first + other_length + 1)),
    )
    assert holds_all([one], [other]) == (days >= other_days)


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        ("1w..1mo", "1w..4w", True),
        ("1w..4w", "1w..1mo", False),
        ("4w..", "1mo..", True),
        ("1mo..", "4w..", False),
        ("1d..", "24h..", False),  # a date and an elapsed day are two things
        ("20h..30h", "24h", True),
        ("1w..", "2w..3w", True),
    ],
)
def test_months_hours_and_open_ends(outer: str, inner: str, holds: bool) -> None:
    windows = parse_window(outer), parse_window(inner)
    assert isinstance(windows[0], Window)
    assert isinstance(windows[1], Window)
    assert holds_all([windows[0]], [windows[1]]) is holds


def test_no_window_is_no_rule() -> None:
    window = parse_window("3w..5w")
    assert isinstance(window, Window)
    assert holds_all([], [window])
    assert not holds_all([window], [])
    assert is_at_least(parse_distance("24h"), parse_distance("23h"))
