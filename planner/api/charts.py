"""Pictures of schedules: of one, or of several below each other."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from planner.api.inputs import ProtocolSource, SiteSource
    from planner.timeline.model import Timeline
    from planner.views.charts.chart import Drawing

ChartKind = Literal["course", "network", "day", "schema"]
ChartFormat = Literal["svg", "png", "pdf", "html"]
ChartTheme = Literal["light", "dark"]
KINDS: tuple[ChartKind, ...] = ("course", "network", "day", "schema")
FORMATS: tuple[ChartFormat, ...] = ("svg", "png", "pdf", "html")
THEMES: tuple[ChartTheme, ...] = ("light", "dark")


class ChartFile(bytes):
    """A picture as the content of a file, and what it shows to be wrong.

    Attributes:
        trouble: that rules contradict each other, or that no plan keeps all windows, in a sentence;
            empty where nothing is wrong.
    """

    trouble: str


def chart(
    protocol: "ProtocolSource",
    kind: ChartKind = "course",
    *,
    output_format: ChartFormat = "svg",
    theme: ChartTheme = "light",
    width: int | None = None,
    width_mm: float | None = None,
    title: bool = True,
    footer: bool = True,
    arm: str | None = None,
    visit: str | None = None,
    timeline: "Timeline | None" = None,
    site: "SiteSource | None" = None,
    anyway: bool = False,
) -> ChartFile:
    """A picture of a schedule; PNG and PDF need the extra `charts`.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        kind: ``course`` (every visit in time), ``network`` (visits and the rules between them; of
            rules that contradict each other a minimal set stands out), ``day`` (a run sheet) or
            ``schema`` (the phases of the trial in a row, its arms side by side).
        output_format: ``svg``, ``png``, ``pdf`` or ``html``; equal input gives equal bytes.
        theme: ``light`` or ``dark``.
        width: pixels; by default those of a page, and in HTML those of a phone, too.
        width_mm: instead of ``width``: how wide it is printed; PNG has 300 pixels an inch then.
        title: whether the title and the lines below it stand in the picture.
        footer: whether the notes stand below it; else they end its description.
        arm: an arm's id; the first one by default, and in a schema all of them.
        visit: of a day: the visit; the first dosing session with a run sheet by default.
        timeline: a participant's plan, as `plan` gives it; study days without one.
        site: the timeline's site, a path or a `Site`; without one every day is open, in UTC.
        anyway: whether visits that nothing ties to the anchor are listed in words, not refused.

    Raises:
        planner.views.run_sheet.NoRunSheet: the visit has none, or one that contradicts itself.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.api.inputs import calendar_of, instance_of, one_of, optional_text, protocol_of
    from planner.timeline.model import Timeline
    from planner.views.charts.chart import chart_of

    one_of(kind, KINDS, "kind")
    require_format(output_format)
    if timeline is not None:
        instance_of(timeline, Timeline, "timeline")
    drawing = chart_of(
        protocol_of(protocol),
        kind,
        arm=optional_text(arm, "arm", "the id of an arm"),
        visit=optional_text(visit, "visit", "the id of a visit"),
        timeline=timeline,
        site=None if timeline is None else calendar_of(site),
        with_untied=anyway,
    )
    return _drawn(
        drawing, output_format, theme, width, width_mm=width_mm, title=title, footer=footer
    )


def chart_comparison(
    protocols: "Iterable[ProtocolSource]",
    *,
    output_format: ChartFormat = "svg",
    theme: ChartTheme = "light",
    width: int | None = None,
    width_mm: float | None = None,
    title: bool = True,
    footer: bool = True,
    anyway: bool = False,
) -> ChartFile:
    """A picture of several courses, aligned at the first dosing session; otherwise as `chart`.

    Raises:
        PlannerError: as `chart`.
    """
    from planner.api.inputs import protocol_of
    from planner.views.charts.chart import comparison_of

    require_format(output_format)
    drawing = comparison_of([protocol_of(protocol) for protocol in protocols], with_untied=anyway)
    return _drawn(
        drawing, output_format, theme, width, width_mm=width_mm, title=title, footer=footer
    )


def require_format(output_format: str) -> None:
    """Refuses a format of pictures that cannot be drawn, before anything is worked out.

    Raises:
        PlannerError: there is no such format, or what draws it is not installed.
    """
    from planner.api.inputs import one_of
    from planner.views.charts.render import require

    require(one_of(output_format, FORMATS, "output_format"))


def _drawn(
    drawing: "Drawing",
    output_format: ChartFormat,
    theme: ChartTheme,
    width: int | None,
    *,
    width_mm: float | None,
    title: bool,
    footer: bool,
) -> ChartFile:
    from planner.views.charts.chart import rendered
    from planner.views.charts.picture import Frame

    content, trouble = rendered(
        drawing, output_format, theme, width, width_mm=width_mm, frame=Frame(title, footer)
    )
    picture = ChartFile(content)
    picture.trouble = trouble
    return picture
