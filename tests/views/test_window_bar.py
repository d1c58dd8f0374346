"""A bar says where in its window a visit lies, without colours and in any encoding."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.load import load_protocol
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.model import DatedVisit, DateWindow
from planner.timeline.plan import course_planner, plan_timeline
from planner.views.timeline_table import render_table
from planner.views.window_bar import LINES, PLAIN, bar_lengths, window_bar

TIMELINE = plan_timeline(
    course_planner(load_protocol("mapp1").protocol, SiteCalendar(always_open())), date(2027, 1, 11)
)
OPEN = DateWindow(None, None)


def visit(
    first: int | None, last: int | None, target: int | None = None, left: DateWindow = OPEN
) -> DatedVisit:
    """A visit on day 0 whose window and target lie so many days from it."""
    one = TIMELINE.visits[0]
    day = one.start.date()

    def on(days: int | None) -> date | None:
        return None if days is None else day + timedelta(days)

    return replace(
        one, window=DateWindow(on(first), on(last)), effective_window=left, target=on(target)
    )


@pytest.mark.parametrize(
    ("first", "last", "target", "bar"),
    [
        (-4, 4, None, "────●────"),
        (0, 8, None, "●────────"),
        (-8, 0, None, "────────●"),
        (-4, 4, 2, "────●─◇──"),
        (0, 0, None, "    ●    "),
        (None, None, None, "    ●    "),
        (0, None, None, "●───────▸"),
        (None, 0, None, "◂───────●"),
        (1, 8, None, "◂●───────"),
        (-8, -1, None, "───────●▸"),
    ],
)
def test_a_bar_runs_from_the_first_date_to_the_last_one(
    first: int | None, last: int | None, target: int | None, bar: str
) -> None:
    assert window_bar(visit(first, last, target), 9, LINES) == bar


def test_what_other_rules_leave_of_a_window_is_drawn_heavier() -> None:
    one = visit(-4, 4)
    day = one.start.date()
    left = DateWindow(day - timedelta(1), day + timedelta(2))
    assert window_bar(replace(one, effective_window=left), 9, LINES) == "───━●━━──"


def test_plain_letters_are_ascii() -> None:
    assert window_bar(visit(-4, 4, 2), 9, PLAIN) == "----o-+--"
    assert render_table(TIMELINE, width=80, color=False, plain=True).isascii()


@given(
    st.lists(
        st.tuples(st.none() | st.integers(-90, 90), st.none() | st.integers(0, 400)), min_size=1
    ),
    st.integers(3, 40),
)
def test_the_bars_of_a_timeline_share_one_scale(
    windows: list[tuple[int | None, int | None]], width: int
) -> None:
    visits = [
        replace(visit(first, None if length is None else (first or 0) + length), id=f"v{number}")
        for number, (first, length) in enumerate(windows)
    ]
    lengths, step = bar_lengths(visits, width)
    assert step >= 1
    for one in visits:
        bar = window_bar(one, lengths[one.id], LINES)
        assert len(bar) == lengths[one.id] <= width
        assert bar.count("●") == 1
        inside = len(bar.strip("◂▸"))
        first, last, day = one.window.earliest, one.window.latest, one.start.date()
        if first is not None and last is not None and first <= day <= last:
            assert inside == -(-((last - first).days + 1) // step)


def test_a_longer_window_has_a_longer_bar_and_its_heading_says_what_it_is() -> None:
    text = render_table(TIMELINE, width=170, color=False)
    assert "Window bar" in text
    assert "all on one scale: a character is 1 day;" in " ".join(text.split())
    lines = [line for line in text.split("\n") if "session (1)" in line]
    bars = [max(re.findall("[─━●◇]+", line), key=len) for line in lines]
    assert [len(bar) for bar in bars] == [15, 1, 8, 9]


@given(
    st.none() | st.integers(-900, 900),
    st.none() | st.integers(0, 900),
    st.none() | st.integers(-900, 900),
    st.integers(3, 30),
)
def test_a_bar_has_its_length_and_one_date(
    first: int | None, length: int | None, target: int | None, width: int
) -> None:
    last = None if length is None else (first or 0) + length
    bar = window_bar(visit(first, last, target), width, LINES)
    assert len(bar) == width
    assert bar.count("●") == 1


@pytest.mark.parametrize("width", [40, 60, 72, 80, 96, 100, 116, 200])
def test_no_line_of_a_timeline_is_longer_than_the_terminal(width: int) -> None:
    lines = render_table(TIMELINE, width=width, color=False).split("\n")
    assert max(map(len, lines)) <= width


def test_a_narrow_terminal_leaves_room_for_titles() -> None:
    late = replace(TIMELINE.visits[0], status="overdue")
    timeline = replace(TIMELINE, visits=(late, *TIMELINE.visits[1:]))
    for narrow in (TIMELINE, timeline):
        lines = render_table(narrow, width=40, color=False).split("\n")
        assert any("V01" in line and "10:00" in line for line in lines)
        assert max(map(len, lines)) <= 40
