"""Grids from a fixed day: how often, where each occurrence lies, and what is refused."""

import calendar
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from small_protocol import HEAD

from planner.formats.load import load_protocol
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.time.distance import CalendarDistance, UnitError, parse_distance
from planner.time.grid import on_grid, points_until

EXAMPLE = Path(__file__).parents[2] / "examples" / "oncology-scans.yaml"


def course(timing: str, cycle: str = "", more: str = "", arm: str | None = None) -> Course:
    text = f"""{HEAD}
decisions: {{progression: {{condition: Progression}}}}
arms: [{{id: a}}, {{id: b}}]
epochs:
  - {{id: begin, visits: [{{id: start}}]}}
  - id: imaging
    {cycle}
    visits:
      - {{id: scan, {timing}}}
      {more}
"""
    return expand(Protocol.model_validate(yaml.safe_load(text), by_alias=True, by_name=False), arm)


def scans(found: Course) -> dict[str, str]:
    return {
        rule.point.visit: f"{rule.window}, {rule.target}, from {rule.reference}"
        for rule in found.rules
        if rule.point.visit.startswith("scan")
    }


def test_each_occurrence_counts_from_the_reference_and_not_from_the_one_before() -> None:
    assert scans(course("after: {visit: start, every: 6w, within: ±7d, until: 3}")) == {
        "scan-1": "5w..7w, 6w, from start",
        "scan-2": "11w..13w, 12w, from start",
        "scan-3": "17w..19w, 18w, from start",
    }


def test_a_target_says_where_the_first_lies() -> None:
    found = course("after: {visit: start, target: 2w, every: 6w, within: -1d/+3d, until: 15w}")
    assert scans(found) == {
        "scan-1": "13d..17d, 2w, from start",
        "scan-2": "55d..59d, 8w, from start",
        "scan-3": "97d..101d, 14w, from start",
    }


def test_in_a_cycle_the_cycle_counts() -> None:
    timings = "first: {visit: start, within: 1w..4w}, next: {visit: start, every: 6w, within: ±7d}"
    assert scans(course(timings, "cycle: {times: 3}")) == {
        "scan-1": "1w..4w, None, from start",
        "scan-2": "11w..13w, 12w, from start",
        "scan-3": "17w..19w, 18w, from start",
    }


@pytest.mark.parametrize("reference", ["first scan", "scan-1"])
def test_from_the_first_occurrence_the_second_lies_one_step_away(reference: str) -> None:
    later = f"next: {{visit: {reference}, every: 3w, within: ±2d}}"
    timings = f"first: {{visit: start, within: 1w}}, {later}"
    assert scans(course(timings, "cycle: {times: 3}")) == {
        "scan-1": "1w, None, from start",
        "scan-2": "19d..23d, 3w, from scan-1",
        "scan-3": "40d..44d, 6w, from scan-1",
    }


def test_before_a_reference_a_grid_goes_back() -> None:
    assert scans(course("before: {visit: start, every: 2d, within: ±1d, until: 2}")) == {
        "scan-1": "-3d..-1d, -2d, from start",
        "scan-2": "-5d..-3d, -4d, from start",
    }


def test_a_grid_without_a_published_window_has_targets_alone() -> None:
    grid = "after: {visit: start, every: 1mo, window: not-published, until: 2}"
    assert scans(course(grid)) == {
        "scan-1": "None, 1mo, from start",
        "scan-2": "None, 2mo, from start",
    }


def test_an_arm_may_go_on_for_longer() -> None:
    grid = "{visit: start, every: 6w, within: ±7d, until: %s}"
    timing = f"after: {grid % 2}, by_arm: {{b: {{after: {grid % 4}}}}}"
    assert [len(scans(course(timing, arm=arm))) for arm in ("a", "b")] == [2, 4]


def test_other_visits_name_an_occurrence_or_the_first_or_last() -> None:
    grid = "after: {visit: start, every: 6w, within: ±7d, until: 3}"
    references = {"scan-2": "scan-2", "last scan": "scan-3", "first scan": "scan-1"}
    for written, reached in references.items():
        after = f"{{id: call, after: {{visit: {written}, within: 1d}}}}"
        found = course(grid, more=f"- {after}")
        assert not found.flaws
        assert [str(r.reference) for r in found.rules if r.point.visit == "call"] == [reached]
    (flaw,) = course(grid, more="- {id: call, after: {visit: scan, within: 1d}}").flaws
    assert flaw.message == "`scan` occurs 3 times; write `first scan`, `last scan` or `scan-1`"


def test_a_decision_ends_the_grid_of_the_example() -> None:
    found = expand(load_protocol(str(EXAMPLE)).protocol)
    assert [visit.id for visit in found.visits if visit.ends_by == "progression"] == [
        f"scan-{number}" for number in range(1, 13)
    ]
    calls = [rule.target for rule in found.rules if rule.point.visit.startswith("survival-call")]
    assert list(map(str, calls)) == ["6mo", "9mo", "1y", "1y3mo", "1y6mo", "1y9mo", "2y"]


@pytest.mark.parametrize(
    ("timing", "cycle", "message"),
    [
        ("after: {visit: start, every: 6w, within: ±7d}", "", "add `until:` to `every:`"),
        ("after: {visit: start, within: 6w, until: 3}", "", "give its step with `every:`"),
        ("after: {visit: start, every: 6w, until: 2}", "cycle: {times: 2}", "leave out `until:`"),
        ("after: {visit: start, every: 6w, within: 5w..7w, until: 3}", "", "as in `±7d`"),
        ("after: {visit: start, every: 6w, within: ±24h, until: 3}", "", "do not mix"),
        ("after: {visit: start, every: 6w, until: 30d}", "", "the first is at 6w, beyond"),
        ("after: {visit: start, every: 1mo, until: 120d}", "", "how long the months are"),
        ("after: {visit: start, every: 0d, until: 3}", "", "leads nowhere"),
        ("after: {visit: start, every: -1w, until: 3}", "", "leads nowhere"),
        ("after: {visit: start, every: 1y, until: 21}", "", "longer than 20 years"),
        ("after: {visit: start, every: 6w, until: progression}", "", "give `at_most:`"),
        ("after: {visit: start, every: 6w, until: 3, at_most: 3}", "", "belongs to a decision"),
        (
            "after: {visit: start, every: 6w, until: '2027-05-31'}",
            "",
            "each participant's own dates",
        ),
        ("after: {visit: start, every: 6w, until: 3, arms: a}", "", "write under `by_arm:`"),
        (
            "first: {visit: start, every: 6w}, next: {visit: start, every: 6w}",
            "cycle: {times: 2}",
            "`first` of `scan` is one occurrence",
        ),
        (
            "first: {visit: start, target: 6w}, next: {visit: previous scan, every: 6w}",
            "cycle: {times: 3}",
            "`previous scan` is another one each time; write `target: 6w`",
        ),
        (
            "first: {visit: start, target: 6w}, next: {visit: start, every: 6w}",
            "cycle: {times: 3, breaks: [{after: 1, length: 1w}]}",
            "on a grid, which `breaks:` cannot move",
        ),
    ],
)
def test_what_a_grid_cannot_be_is_refused(timing: str, cycle: str, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        course(timing, cycle)
    assert message in str(error.value)


def counted(day: date, months: int, days: int) -> date:
    """Months one by one, then days; slow and simple."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last)) + timedelta(days=days)


steps = st.tuples(st.integers(0, 4), st.integers(0, 40)).filter(any)


@given(steps, steps, st.integers(1, 12), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_points_of_a_grid_are_those_that_a_calendar_counts(
    first: tuple[int, int], step: tuple[int, int], number: int, day: date
) -> None:
    point = on_grid(CalendarDistance(*first), CalendarDistance(*step), number)
    assert isinstance(point, CalendarDistance)
    months, days = first
    for _ in range(number - 1):
        months, days = months + step[0], days + step[1]
    assert point.after(day) == counted(day, months, days)


@given(steps, steps, st.tuples(st.integers(0, 30), st.integers(0, 400)), st.data())
def test_how_many_points_there_are_is_so_from_every_day(
    first: tuple[int, int], step: tuple[int, int], last: tuple[int, int], data: Any
) -> None:
    try:
        number = points_until(
            CalendarDistance(*first), CalendarDistance(*step), CalendarDistance(*last)
        )
    except UnitError:
        assume(False)
    for day in data.draw(st.lists(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=5)):
        end = counted(day, *last)
        dates = []
        months, days = first
        while counted(day, months, days) <= end:
            dates.append(counted(day, months, days))
            months, days = months + step[0], days + step[1]
        assert len(dates) == number


def test_hours_are_counted_as_elapsed_time() -> None:
    points = [on_grid(parse_distance("6h"), parse_distance("12h"), n) for n in (1, 2, 3)]
    assert list(map(str, points)) == ["6h", "18h", "30h"]
    assert points_until(points[0], parse_distance("12h"), parse_distance("29h")) == 2
