"""One call for each chart: what is drawn, from a loaded protocol to a picture."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from planner.views.charts.frame import MAX_WIDTH, MIN_WIDTH, NARROW, WIDE

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.model import Timeline
    from planner.views.charts.palette import Theme
    from planner.views.charts.picture import Picture

Kind = Literal["course", "network", "day", "schema"]
KINDS: tuple[Kind, ...] = ("course", "network", "day", "schema")
Drawing = Callable[["Theme", int], "Picture"]
"""What is left to choose once it is worked out what a chart shows: theme, and width in pixels."""


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
        return lambda theme, width: draw_network(network, theme, width)
    if kind == "schema":
        from planner.views.charts.draw_schema import draw_schema
        from planner.views.charts.schema import schema_table

        schema = schema_table(protocol, arm, with_untied=with_untied)
        return lambda theme, width: draw_schema(schema, theme, width)
    if kind == "day":
        from planner.views.charts.day import day_table
        from planner.views.charts.draw_day import draw_day

        day = day_table(protocol, visit, arm, timeline=timeline, site=site)
        return lambda theme, width: draw_day(day, theme, width)
    from planner.views.charts.draw_course import draw_course

    if timeline is None or site is None:
        from planner.views.charts.course import study_course

        course = study_course(protocol, arm, with_untied=with_untied)
    else:
        from planner.views.charts.dated_course import dated_course

        course = dated_course(timeline, protocol, site)
    return lambda theme, width: draw_course(course, theme, width)


def comparison_of(protocols: "Iterable[Protocol]", *, with_untied: bool = False) -> Drawing:
    """Works out the chart of several trials below each other; ``with_untied`` as in `chart_of`.

    Raises:
        PlannerError: one of them has references that lead nowhere, or is too long to draw.
    """
    from planner.views.charts.compare import compare_table
    from planner.views.charts.draw_compare import draw_compare

    table = compare_table(protocols, with_untied=with_untied)
    return lambda theme, width: draw_compare(table, theme, width)


def rendered(
    drawing: Drawing, output_format: str, theme: str = "light", width: int | None = None
) -> tuple[bytes, str]:
    """A chart in one of `planner.views.charts.render.FORMATS`, and its trouble (see `Picture`).

    Without a width it is drawn for a page, and in HTML for phones, too.

    Raises:
        PlannerError: no such theme, format or width; or vl-convert, which PNG and PDF need, is
            not installed.
    """
    from planner.errors import PlannerError
    from planner.views.charts.palette import THEMES
    from planner.views.charts.render import FORMATS, render

    if theme not in THEMES:
        raise PlannerError(f"`{theme[:40]}` is no theme; there are {', '.join(THEMES)}")
    if output_format not in FORMATS:
        raise PlannerError(f"`{output_format[:40]}` is none of {', '.join(FORMATS)}")
    if width is not None and not MIN_WIDTH <= width <= MAX_WIDTH:
        raise PlannerError(f"a picture is {MIN_WIDTH} to {MAX_WIDTH} pixels wide, not {width}")
    picture = drawing(THEMES[theme], width or WIDE)
    pictures = [picture]
    if output_format == "html" and not width:
        pictures.append(drawing(THEMES[theme], NARROW))
    return render(pictures, output_format), picture.trouble
