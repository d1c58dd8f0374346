"""`planner handout` and `planner report`: whole pages, for a participant and for a designer."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from planner.cli.options import (
    ActualsOption,
    ArmOption,
    AtOption,
    OutputOption,
    ProtocolArgument,
    SiteOption,
    TodayOption,
    WithOption,
    WithoutOption,
    read_date,
    read_planner,
    read_site,
)
from planner.cli.output_formats import read_format
from planner.cli.planning import OptionalStartOption
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.protocol.file import ProtocolFile
    from planner.site.calendar import SiteCalendar
    from planner.timeline.course_planner import CoursePlanner
    from planner.timeline.model import Timeline
    from planner.timeline.possible_days import PossibleDays
    from planner.views.pages.report import DatedPlan

_FORMATS = ("html", "pdf")


def handout(
    protocol: ProtocolArgument,
    site: Annotated[
        str,
        typer.Option(
            "--site", help="A site file; its title, address and phone are shown.", metavar="FILE"
        ),
    ],
    start: OptionalStartOption = None,
    at: AtOption = None,
    arm: ArmOption = None,
    participant: Annotated[
        str | None,
        typer.Option(
            "--participant", help="Code of the participant; a record names its own.", metavar="CODE"
        ),
    ] = None,
    with_visits: WithOption = None,
    without_visits: WithoutOption = None,
    actuals: ActualsOption = None,
    today: TodayOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    language: Annotated[
        str, typer.Option("--language", help="en, de, es or fr.", metavar="LANGUAGE")
    ] = "en",
    output: OutputOption = None,
) -> None:
    """Writes a participant's sheet: dates, times, place, what to arrange, in plain words.

    HTML, or PDF by the suffix of the output. It tells nothing of drug, arm or diagnosis. With a
    record of what has happened so far it is about the visits to come.
    """
    from planner.cli.output import tell
    from planner.timeline.plan import plan_timeline
    from planner.views.pages.handout import render_handout, unrecorded
    from planner.views.pages.site_address import place_of
    from planner.views.pages.translations import words

    chosen = read_format(None, output, _FORMATS)
    texts = words(language)
    if actuals is None and (start is None or participant is None):
        missing = "--start" if start is None else "--participant"
        raise PlannerError(f"{missing}: whose visits, from when? Or name a record with --actuals")
    if actuals is None and today is not None:
        raise PlannerError("--today: only says something beside a record; name one with --actuals")
    if actuals is not None and (at or participant is not None):
        option = "--at" if at else "--participant"
        raise PlannerError(f"{option}: the record of --actuals says that")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    place = read_site(site)
    first = None if start is None else read_date(start, "--start")
    if actuals is not None:
        planned = _from_record(
            file, actuals, place, arm, first, today, with_visits, without_visits, anyway=anyway
        )
    else:
        assert first is not None, "refused above"
        planner = read_planner(file, place, arm, with_visits, without_visits, at, anyway=anyway)
        timeline = plan_timeline(planner, first, participant or "")
        planned = _Planned(timeline, planner, first)
    _refuse_unbooked(planned.timeline)
    for visit in unrecorded(planned.timeline):
        tell(f"left out, because its day has passed and nothing is recorded of it: {visit.id}")
    for text, word in place_of(place.site, file.protocol).withheld:
        tell(f"left out, because `{word}` tells what the study is about: {text}")
    course = planned.planner.course
    _write(render_handout(planned.timeline, course, place, planned.days(), texts), chosen, output)
    if planned.timeline.forced:
        raise typer.Exit(1)


def _refuse_unbooked(timeline: "Timeline") -> None:
    """A plan that breaks windows is for its coordinator to look at first, and to book."""
    from planner.cli.output import complain

    settled = ("booked", "occurred", "missed", "cancelled")
    outside = [
        visit.id for visit in timeline.visits if visit.deviation and visit.status not in settled
    ]
    if timeline.forced and outside:
        named = ", ".join(f"`{one}`" for one in outside)
        reasons = "".join(f"\n  - {line}" for line in timeline.forced)
        complain(
            f"no sheet is written: no plan keeps all windows, and nobody has booked {named}."
            f" What forces it:{reasons}"
        )
        raise typer.Exit(1)


class _Planned(NamedTuple):
    """A timeline with the planner that made it, and the date that this counts from."""

    timeline: "Timeline"
    planner: "CoursePlanner"
    start: "date"

    def days(self) -> "Mapping[str, PossibleDays]":
        """The days on which each visit can be; none where the plan breaks a window."""
        from planner.timeline.possible_days import possible_days

        plan = self.planner.plan(self.start)
        return {} if plan is None else possible_days(self.planner, plan)


def _from_record(
    file: "ProtocolFile",
    actuals: str,
    place: "SiteCalendar",
    arm: str | None,
    start: "date | None",
    today: str | None,
    with_visits: list[str] | None,
    without_visits: list[str] | None,
    *,
    anyway: bool,
) -> _Planned:
    """The plan for what a record leaves."""
    from planner.cli.records import read_record
    from planner.timeline.participant_state import PlannerCache, plan_standing, standing

    courses = PlannerCache(
        file.protocol,
        place,
        with_visits=with_visits or None,
        without_visits=without_visits or (),
        with_untied=anyway,
    )
    record = read_record(actuals)
    day = None if today is None else read_date(today, "--today")
    where = standing(courses, record, arm=arm, start=start, today=day)
    return _Planned(plan_standing(where, record), where.planner, where.start)


def _write(page: str, chosen: str, output: str | None) -> None:
    from planner.cli.output import write_text

    if chosen == "html":
        write_text(page, output)
        return
    from planner.files import replacing
    from planner.views.pages.pdf import write_pdf

    assert output is not None, "stdout has no suffix"
    with replacing(output) as file:
        write_pdf(page, file)


def report(
    protocol: ProtocolArgument,
    arm: ArmOption = None,
    start: OptionalStartOption = None,
    site: SiteOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output: OutputOption = None,
) -> None:
    """Writes a protocol's report: chart, activities, run sheets, findings, burden, evidence.

    One page in HTML that needs nothing else, or PDF by the suffix of the output; arms that differ
    stand one after the other. With --start it shows a plan on dates, too.
    """
    from planner.checks.report import report_loaded
    from planner.cli.progress import progress
    from planner.formats.checks import choose
    from planner.views.pages.report import render_report

    chosen = read_format(None, output, _FORMATS)
    if start is None and site is not None:
        raise PlannerError("--site says nothing without a date; give --start DATE")
    first = None if start is None else read_date(start, "--start")
    # The report of a draft shows what is wrong with it; only dates are refused with that.
    file = load_sound(protocol, anyway=anyway or first is None, unblinded=unblinded)
    report = report_loaded(file, file.path, choose((), ()))
    dated = None if first is None else _dated(file, arm, first, site, anyway=anyway)
    page = render_report(report, arm, dated, lambda parts: progress(parts, None, "parts"))
    _write(page, chosen, output)
    if dated is not None and dated.timeline is None:
        from planner.cli.output import complain

        complain(dated.reason)
        raise typer.Exit(1)


def _dated(
    file: "ProtocolFile", arm: str | None, start: "date", site: str | None, *, anyway: bool
) -> "DatedPlan":
    """A plan for the report, or why there is none."""
    from planner.errors import AnswerNo
    from planner.timeline.plan import plan_timeline
    from planner.views.pages.report import DatedPlan

    place = read_site(site)
    try:
        planner = read_planner(file, place, arm, None, None, None, anyway=anyway)
        return DatedPlan(place, plan_timeline(planner, start), "")
    except AnswerNo as error:
        return DatedPlan(place, None, str(error))
