"""The charts of every library protocol: no label is cut, covers another or leaves the picture."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import planner
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.plan import course_planner, plan_timeline
from planner.views.charts.chart import KINDS, Kind, chart_of, comparison_of
from planner.views.charts.course import study_course, study_day
from planner.views.charts.dated_course import dated_course
from planner.views.charts.draw_course import draw_course
from planner.views.charts.marks import TARGET
from planner.views.charts.palette import DARK, LIGHT
from planner.views.charts.picture import Box, Picture, Stroke
from planner.views.charts.svg import svg
from planner.views.run_sheet import NoRunSheet

Troubles = Callable[[str], list[str]]
Labels = Callable[[str], list[Any]]
PAGE, PHONE = 840, 390


@pytest.fixture(scope="module")
def library() -> dict[str, Protocol]:
    return {name: planner.load(name).protocol for name in library_ids()}


START = date(2027, 1, 11)


def targets_drawn(picture: Picture) -> list[Stroke]:
    """The diamonds of the rows; that of the legend tells nothing on hovering."""
    diamond = f"M-{TARGET},0L0,-{TARGET}"
    return [
        item
        for _, item in picture.items
        if isinstance(item, Stroke) and item.path.startswith(diamond) and item.tip
    ]


@pytest.mark.parametrize("name", library_ids())
def test_every_target_that_a_text_names_is_drawn(library: dict[str, Protocol], name: str) -> None:
    protocol = library[name]
    site = SiteCalendar(always_open())
    plan = plan_timeline(course_planner(protocol, site), START)
    for table in (study_course(protocol), dated_course(plan, protocol, site)):
        in_text = [row.title for row in table.rows if dict(row.facts).get("Target")]
        drawn = [dict(mark.tip)["title"] for mark in targets_drawn(draw_course(table, LIGHT, PAGE))]
        assert sorted(drawn) == sorted(in_text)


@pytest.mark.parametrize("name", ["mapp1", "comp001", "mdlsd"])
def test_no_target_hides_a_window_of_a_day_or_two(library: dict[str, Protocol], name: str) -> None:
    picture = draw_course(study_course(library[name]), LIGHT, PAGE)
    boxes = {item.tip: item for _, item in picture.items if isinstance(item, Box) and item.tip}
    marks = [mark for mark in targets_drawn(picture) if mark.tip in boxes]
    assert marks
    for mark in marks:
        assert mark.y - TARGET > boxes[mark.tip].y
        assert mark.y + TARGET < boxes[mark.tip].y + boxes[mark.tip].height


def test_the_plot_takes_more_than_half_of_the_width(library: dict[str, Protocol]) -> None:
    for name in ("comp001", "mpva-2v3", "mdlsd"):
        picture = draw_course(study_course(library[name]), LIGHT, PAGE)
        xs = [mark.x for mark in targets_drawn(picture)]
        assert max(xs) - min(xs) > PAGE / 2, name


@pytest.mark.parametrize("kind", ["course", "network"])
def test_no_break_of_the_axis_crosses_a_label(
    library: dict[str, Protocol], labels: Labels, kind: Kind
) -> None:
    breaks = 0
    for name, protocol in library.items():
        for width in (PAGE, PHONE):
            picture = chart_of(protocol, kind)(LIGHT, width)
            halos = [item for at, item in picture.items if at == "halo" and isinstance(item, Box)]
            strips = [item for at, item in picture.items if at == "gap" and isinstance(item, Box)]
            breaks += len(strips)
            for label in labels(svg(picture)):
                for strip in strips:
                    is_behind = (
                        label.left < strip.x + strip.width
                        and strip.x < label.right
                        and label.top < strip.y + strip.height
                        and strip.y < label.bottom
                    )
                    assert not is_behind or any(
                        halo.x <= label.left
                        and label.right <= halo.x + halo.width
                        and halo.y <= label.top + 1
                        and label.bottom - 1 <= halo.y + halo.height
                        for halo in halos
                    ), (name, width, label.text)
    assert breaks > 10


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


@pytest.mark.parametrize("kind", ["course", "network"])
def test_every_axis_has_a_label_at_the_last_visit_or_beyond_it(
    library: dict[str, Protocol], kind: Kind
) -> None:
    for name, protocol in library.items():
        rows = study_course(protocol).rows
        last = max(row.day for row in rows if row.day is not None)
        drawn = chart_of(protocol, kind)(LIGHT, PAGE).words
        ticks = [
            item for item in drawn if item.align == "center" and item.text.lstrip("-").isdigit()
        ]
        furthest = max(ticks, key=lambda tick: tick.x)
        assert int(furthest.text) >= study_day(last, day_zero=protocol.day_zero), name
