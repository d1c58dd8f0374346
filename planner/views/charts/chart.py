"""One call for each chart: what is drawn, from a loaded protocol to a picture."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal
from typing import Protocol as Interface

from planner.views.charts.frame import MAX_WIDTH, MIN_WIDTH, NARROW, WIDE
from planner.views.charts.picture import WHOLE, Frame

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.model import Timeline
    from planner.views.charts.palette import Theme
    from planner.views.charts.picture import Picture

Kind = Literal["course", "network", "day", "schema"]
KINDS: tuple[Kind, ...] = ("course", "network", "day", "schema")


class Drawing(Interface):
    """What is left to choose once it is worked out what a chart shows."""

    def __call__(self, theme: "Theme", width: int, frame: Frame = WHOLE) -> "Picture":
        """The picture, so many pixels wide, with what stands around it."""
        ...


PIXELS_A_MM = 96 / 25.4
"""Of a picture whose width is given in millimetres: letters of 12 pixels are 9 points high."""


def chart_of(
    protocol: "Protocol",
    kind: Kind = "course",
    *,
    arm: str | None = None,
    visit: str | None = None,
    timeline: "Timeline | None" = None,
    site: "SiteCalendar | None" = None,
    with_untied: bool = False,
) -> Drawing:
    """Works out the chart of one protocol.

    Args:
        protocol: as loaded.
        kind: the course, the network of its rules, the run sheet of one visit, or the schema of
            the trial with its arms side by side.
        arm: an arm's id; the first one when ``None``, and in a schema all of them.
        visit: of a day: the visit; the first dosing session with a run sheet when ``None``.
        timeline: a participant's plan; study days when ``None``. Networks and schemas have
            no dates.
        site: the site of the timeline.
        with_untied: visits that nothing ties to the anchor are listed in words, not refused.

    Raises:
        planner.views.run_sheet.NoRunSheet: the visit has none, or one that contradicts itself.
        PlannerError: there is no such arm or visit, or there is too much to draw.
    """
    if kind == "network":
        from planner.views.charts.draw_network import draw_network
        from planner.views.charts.network import network_table

        network = network_table(protocol, arm, with_untied=with_untied)
        return lambda theme, width, frame=WHOLE: draw_network(network, theme, width, frame)
    if kind == "schema":
        from planner.views.charts.draw_schema import draw_schema
        from planner.views.charts.schema import schema_table

        schema = schema_table(protocol, arm, with_untied=with_untied)
        return lambda theme, width, frame=WHOLE: draw_schema(schema, theme, width, frame)
    if kind == "day":
        from planner.views.charts.day import day_table
        from planner.views.charts.draw_day import draw_day

        day = day_table(protocol, visit, arm, timeline=timeline, site=site)
        return lambda theme, width, frame=WHOLE: draw_day(day, theme, width, frame)
    from planner.views.charts.draw_course import draw_course

    if timeline is None or site is None:
        from planner.views.charts.course import study_course

        course = study_course(protocol, arm, with_untied=with_untied)
    else:
        from planner.views.charts.dated_course import dated_course

        course = dated_course(timeline, protocol, site)
    return lambda theme, width, frame=WHOLE: draw_course(course, theme, width, frame)


def comparison_of(protocols: "Iterable[Protocol]", *, with_untied: bool = False) -> Drawing:
    """Works out the chart of several trials below each other; ``with_untied`` as in `chart_of`.

    Raises:
        PlannerError: one of them has references that lead nowhere, or is too long to draw.
    """
    from planner.views.charts.compare import compare_table
    from planner.views.charts.draw_compare import draw_compare

    table = compare_table(protocols, with_untied=with_untied)
    return lambda theme, width, frame=WHOLE: draw_compare(table, theme, width, frame)


def rendered(
    drawing: Drawing,
    output_format: str,
    theme: str = "light",
    width: int | None = None,
    *,
    width_mm: float | None = None,
    frame: Frame = WHOLE,
) -> tuple[bytes, str]:
    """A chart in one of `planner.views.charts.render.FORMATS`, and its trouble (see `Picture`).

    Without a width it is drawn for a page, and in HTML for phones, too.

    Args:
        drawing: what is drawn.
        output_format: one of the formats.
        theme: `light` or `dark`.
        width: in pixels.
        width_mm: instead of ``width``: how wide it is printed, in millimetres.
        frame: what stands around the chart; all of it by default.

    Raises:
        PlannerError: no such theme, format or width; or vl-convert, which PNG and PDF need, is
            not installed.
    """
    from planner.errors import PlannerError
    from planner.views.charts.palette import THEMES
    from planner.views.charts.render import FORMATS, render

    if theme not in THEMES:
        raise PlannerError(f"`{theme[:40]}` is not a theme; there are {', '.join(THEMES)}")
    if output_format not in FORMATS:
        raise PlannerError(f"`{output_format[:40]}` is none of {', '.join(FORMATS)}")
    if width_mm is not None:
        if width is not None:
            raise PlannerError("a width is given in pixels or in millimetres, not in both")
        least, most = (round(pixels / PIXELS_A_MM) for pixels in (MIN_WIDTH, MAX_WIDTH))
        if not least <= width_mm <= most:
            raise PlannerError(f"a picture is {least} to {most} mm wide, not {width_mm:g}")
        width = round(width_mm * PIXELS_A_MM)
    elif width is not None and not MIN_WIDTH <= width <= MAX_WIDTH:
        raise PlannerError(f"a picture is {MIN_WIDTH} to {MAX_WIDTH} pixels wide, not {width}")
    picture = drawing(THEMES[theme], width or WIDE, frame)._replace(width_mm=width_mm)
    pictures = [picture]
    if output_format == "html" and not width:
        pictures.append(drawing(THEMES[theme], NARROW, frame))
    return render(pictures, output_format), picture.trouble
