"""The time axis: every point in order and in sight, labels apart, what is left out is empty."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from planner.views.charts.axis import date_ticks, make_scale, ticks, two_speeds

DAYS = st.lists(st.integers(-400, 4000).map(float), min_size=1, max_size=40)
STEPS = (1, 2, 7, 14, 28, 56, 84, 168, 336, 672, 1344, 2688)


@given(DAYS)
def test_points_keep_their_order_and_stay_inside(points: list[float]) -> None:
    scale = make_scale(points, 100, 500, least=8, margin=2)
    places = [scale.x(point) for point in sorted(points)]
    assert places == sorted(places)
    assert all(100 <= place <= 500 for place in places)


@given(DAYS)
def test_only_what_is_empty_is_left_out(points: list[float]) -> None:
    scale = make_scale(points, 100, 500, least=8, margin=2)
    for point in points:
        assert any(piece.first <= point <= piece.last for piece in scale.pieces)
    for a, b in pairwise(scale.pieces):
        assert b.left - a.right > 0
        assert not any(a.last < point < b.first for point in points)


@given(DAYS)
def test_a_day_is_equally_wide_everywhere(points: list[float]) -> None:
    scale = make_scale(points, 0, 700, least=8, margin=2)
    densities = [piece.density for piece in scale.pieces]
    assert max(densities) - min(densities) < 1e-6


def test_a_long_empty_stretch_is_left_out_and_a_short_one_is_not() -> None:
    assert make_scale([0, 10, 700, 710], 0, 500, least=8, margin=2).gaps
    assert not make_scale([0, 10, 20, 30], 0, 500, least=8, margin=2).gaps


@given(DAYS, st.integers(200, 900))
def test_labels_stand_apart_and_inside(points: list[float], width: int) -> None:
    scale = make_scale(points, 20, width - 20, least=8, margin=2)
    anchor = date(2027, 1, 11)
    bounds = (5.0, width - 5.0)
    numbers = ticks(scale, STEPS, str, 11, bounds=bounds, landmarks=[int(points[0])])
    for found in (numbers, date_ticks(scale, anchor, 11, bounds=bounds)):
        spans = [tick.span(11) for tick in found]
        assert all(a >= bounds[0] and b <= bounds[1] for a, b in spans)
        assert all(b[0] - a[1] > 5 for a, b in pairwise(sorted(spans)))


@given(DAYS)
def test_an_axis_reaches_its_last_point(points: list[float]) -> None:
    scale = make_scale(points, 100, 700, least=42, margin=2)
    last = int(max(points))
    ends = (int(min(points)), last)
    bounds = (5.0, 795.0)
    numbers = ticks(scale, STEPS, str, 11, bounds=bounds, ends=ends)
    dates = date_ticks(scale, date(2027, 1, 11), 11, bounds=bounds, ends=ends)
    for placed in (numbers, dates):
        assert placed[-1].x >= scale.x(last) - 1
        spans = [tick.span(11) for tick in placed]
        assert all(b[0] - a[1] > 5 for a, b in pairwise(spans))


def test_dates_are_mondays_or_firsts_of_months_and_name_the_year_where_it_changes() -> None:
    anchor = date(2026, 12, 1)
    days = make_scale(range(0, 60, 5), 0, 900, least=8, margin=2)
    weeks = date_ticks(days, anchor, 11, bounds=(0, 900))
    assert [tick.label for tick in weeks][:2] == ["7 Dec", "14 Dec"]
    assert [tick.below for tick in weeks if tick.below] == ["2026", "2027"]
    months = make_scale([0, 900], 0, 900, least=2000, margin=2)
    labels = [tick.label for tick in date_ticks(months, anchor, 11, bounds=(0, 900))]
    assert all(label.startswith("1 ") for label in labels)
    assert anchor + timedelta(31) == date(2027, 1, 1)


def test_where_few_points_lie_far_out_their_time_is_drawn_narrower() -> None:
    points = [float(day) for day in range(0, 60, 3)] + [400.0, 800.0]
    even = make_scale(points, 0, 600, least=10_000, margin=2)
    scale = two_speeds(even, points, 28)
    assert len(scale.pieces) == 2
    assert scale.pieces[0].density > 2 * scale.pieces[1].density
    assert scale.pieces[0].right == scale.pieces[1].left
    assert not scale.gaps
    assert two_speeds(
        make_scale([0, 50, 100], 0, 600, least=10_000, margin=2), [0, 50, 100], 28
    ) == (make_scale([0, 50, 100], 0, 600, least=10_000, margin=2))
