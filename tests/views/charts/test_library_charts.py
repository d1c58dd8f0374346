"""The charts of every library protocol: no label is cut, covers another or leaves the picture."""

from collections.abc import Callable

import pytest

import planner
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.views.charts.chart import KINDS, Kind, chart_of, comparison_of
from planner.views.charts.palette import DARK, LIGHT
from planner.views.charts.svg import svg
from planner.views.run_sheet import NoRunSheet

Troubles = Callable[[str], list[str]]
PAGE, PHONE = 840, 390


@pytest.fixture(scope="module")
def library() -> dict[str, Protocol]:
    return {name: planner.load(name).protocol for name in library_ids()}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", library_ids())
def test_no_label_is_cut_or_covers_another(
    library: dict[str, Protocol], troubles: Troubles, name: str, kind: Kind
) -> None:
    try:
        drawing = chart_of(library[name], kind)
    except NoRunSheet:
        return
    for theme, width in ((LIGHT, PAGE), (DARK, PHONE)):
        picture = drawing(theme, width)
        assert not troubles(svg(picture)), width
        assert picture.width == width


def test_the_whole_library_side_by_side_is_readable(
    library: dict[str, Protocol], troubles: Troubles
) -> None:
    drawing = comparison_of(library.values())
    for width in (PAGE, PHONE):
        assert not troubles(svg(drawing(LIGHT, width)))


def test_ten_days_have_room_in_pictures_of_any_width(
    library: dict[str, Protocol], troubles: Troubles
) -> None:
    drawing = chart_of(library["spravato"], "network")
    for width in (320, 559, 560, 700, 1200, 2000):
        assert not troubles(svg(drawing(LIGHT, width)))
