"""Charts inside a page: pictures in data addresses, for light and dark, wide and narrow.

An image can run no script and load nothing, and its ids cannot meet those of the page.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from planner.errors import PlannerError
from planner.views.pages.markup import Html, element, lines

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.model import Timeline
    from planner.views.charts.palette import Theme
    from planner.views.charts.picture import Picture

WIDE, PAPER, NARROW = 1100, 760, 360
"""Pixels: for large screens, for paper, where it is 18 cm wide, and for a phone."""


def schema_chart(protocol: "Protocol", arm: str | None) -> Html:
    """The schema of the trial; a sentence where it cannot be drawn.

    Args:
        protocol: of the study.
        arm: the id of an arm; all of them when ``None``.
    """
    from planner.views.charts.draw_schema import draw_schema
    from planner.views.charts.picture import Frame
    from planner.views.charts.schema import schema_table

    try:
        table = schema_table(protocol, arm)
        return _image(partial(draw_schema, table, frame=Frame(title=False)))
    except PlannerError as error:
        return element("p", f"The schema is not drawn here: {error}.")


def course_chart(protocol: "Protocol", arm: str | None) -> Html:
    """The course of an arm in study days; a sentence where it cannot be drawn.

    Args:
        protocol: as loaded.
        arm: an arm's id; the first one when ``None``.
    """
    from planner.views.charts.course import study_course
    from planner.views.charts.draw_course import draw_course

    try:
        return _image(partial(draw_course, study_course(protocol, arm)))
    except PlannerError as error:
        return element("p", f"The course is not drawn here: {error}.")


def dated_chart(timeline: "Timeline", protocol: "Protocol", site: "SiteCalendar") -> Html:
    """A participant's course on its dates; a sentence where it cannot be drawn.

    Args:
        timeline: the plan.
        protocol: its study.
        site: whose closed days are drawn.
    """
    from planner.views.charts.dated_course import dated_course
    from planner.views.charts.draw_course import draw_course

    try:
        return _image(partial(draw_course, dated_course(timeline, protocol, site)))
    except PlannerError as error:
        return element("p", f"The plan is not drawn here: {error}.")


def _image(draw: "Callable[[Theme, int], Picture]") -> Html:
    """What is drawn, for each kind of screen and for paper."""
    from planner.views.charts.palette import DARK, LIGHT
    from planner.views.charts.svg import svg

    def drawn(theme: "Theme", width: int) -> dict[str, str]:
        picture = draw(theme, width)
        data = b64encode(svg(picture).encode()).decode()
        return {
            "srcset": f"data:image/svg+xml;base64,{data}",
            "width": str(picture.width),
            "height": str(picture.height),
        }

    phone, dark = "screen and (max-width: 45rem)", "(prefers-color-scheme: dark)"
    paper = drawn(LIGHT, PAPER)
    # The last is for all that the media before it leave: paper, and programs that know no media.
    picture = element(
        "picture",
        element("source", media=f"{phone} and {dark}", **drawn(DARK, NARROW)),
        element("source", media=phone, **drawn(LIGHT, NARROW)),
        element("source", media=f"screen and {dark}", **drawn(DARK, WIDE)),
        element("source", media="screen", **drawn(LIGHT, WIDE)),
        element(
            "img",
            src=paper["srcset"],
            alt=draw(LIGHT, PAPER).description,
            width=paper["width"],
            height=paper["height"],
        ),
    )
    return element("div", lines(picture), class_="picture")
