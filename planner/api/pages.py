"""Pictures of a schedule, and whole pages: a participant's sheet, a designer's report."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, SiteSource
    from planner.timeline.model import Timeline


def chart(
    protocol: "ProtocolSource",
    kind: Literal["course", "network", "day"] = "course",
    *,
    output_format: Literal["svg", "png", "pdf", "html"] = "svg",
    theme: Literal["light", "dark"] = "light",
    width: int | None = None,
    arm: str | None = None,
    visit: str | None = None,
    timeline: "Timeline | None" = None,
    site: "SiteSource | None" = None,
) -> bytes:
    """A picture of a schedule; PNG and PDF need the extra `charts`.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        kind: ``course`` (every visit in time), ``network`` (visits and the rules between them; of
            rules that contradict each other a minimal set stands out) or ``day`` (a run sheet).
        output_format: ``svg``, ``png``, ``pdf`` or ``html``; equal input gives equal bytes.
        theme: ``light`` or ``dark``.
        width: pixels; by default those of a page, and in HTML those of a phone, too.
        arm: an arm's id; the first one by default.
        visit: of a day: the visit; the first dosing session with a run sheet by default.
        timeline: a participant's plan, as `plan` gives it; study days without one.
        site: the timeline's site, a path or a `Site`; without one every day is open, in UTC.

    Raises:
        planner.views.run_sheet.NoRunSheet: the visit has none, or one that contradicts itself.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.api.inputs import calendar_of, instance_of, one_of, optional_text, protocol_of
    from planner.timeline.model import Timeline
    from planner.views.charts.chart import KINDS, chart_of, rendered

    one_of(kind, KINDS, "kind")
    if timeline is not None:
        instance_of(timeline, Timeline, "timeline")
    drawing = chart_of(
        protocol_of(protocol),
        kind,
        arm=optional_text(arm, "arm", "the id of an arm"),
        visit=optional_text(visit, "visit", "the id of a visit"),
        timeline=timeline,
        site=None if timeline is None else calendar_of(site),
    )
    return rendered(drawing, output_format, theme, width)[0]


def chart_comparison(
    protocols: "Iterable[ProtocolSource]",
    *,
    output_format: Literal["svg", "png", "pdf", "html"] = "svg",
    theme: Literal["light", "dark"] = "light",
    width: int | None = None,
) -> bytes:
    """A picture of several courses, aligned at the first dosing session; otherwise as `chart`."""
    from planner.api.inputs import protocol_of
    from planner.views.charts.chart import comparison_of, rendered

    drawing = comparison_of([protocol_of(protocol) for protocol in protocols])
    return rendered(drawing, output_format, theme, width)[0]


def handout(
    protocol: "ProtocolSource",
    start: "DateSource",
    participant: str,
    *,
    site: "SiteSource",
    language: str = "en",
    arm: str | None = None,
) -> str:
    """A participant's sheet in HTML: dates, times, place, what to arrange, in plain words.

    It tells nothing of drug, arm or diagnosis; `planner.views.pages.pdf.write_pdf` makes it a PDF.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        start: date of the anchor visit at the site.
        participant: a code that names nobody.
        site: path of a site file, or a `Site`; its title, address and phone are shown.
        language: ``en``, ``de``, ``es`` or ``fr``.
        arm: an arm's id; the first one by default.

    Raises:
        NothingFits: no placement exists.
        PlannerError: anything else that cannot be done with what was given; Babel is missing.
    """
    from planner.api.inputs import calendar_of, date_of, optional_text, protocol_of, text_of
    from planner.timeline.plan import course_planner, plan_timeline
    from planner.timeline.possible_days import possible_days
    from planner.views.pages.handout import render_handout
    from planner.views.pages.translations import words

    first = date_of(start, "start")
    code = text_of(participant, "participant", "a code such as `P0001`")
    calendar = calendar_of(site)
    chosen = optional_text(arm, "arm", "the id of an arm")
    planner = course_planner(protocol_of(protocol), calendar, arm=chosen)
    timeline = plan_timeline(planner, first, code)
    plan = planner.plan(first)
    days = {} if plan is None else possible_days(planner, plan)
    return render_handout(timeline, planner.course, calendar, days, words(language))


def report(protocol: "ProtocolSource", *, arm: str | None = None) -> str:
    """A protocol's report in HTML: chart, activities, run sheets, findings, burden, evidence.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        arm: only this arm's schedule; by default all that differ.

    Raises:
        PlannerError: there is no such arm, or the file's structure does not stand.
    """
    from planner.api.inputs import file_of, optional_text
    from planner.checks.report import report_loaded
    from planner.formats.checks import choose
    from planner.views.pages.report import render_report

    file = file_of(protocol)
    chosen = optional_text(arm, "arm", "the id of an arm")
    return render_report(report_loaded(file, file.path, choose((), ())), chosen)
