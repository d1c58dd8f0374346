"""`planner handout` and `planner report`: whole pages, for a participant and for a designer."""

from typing import Annotated

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
    read_choice,
    read_date,
    read_fixed,
)
from planner.cli.output_formats import read_format
from planner.cli.planning import OptionalStartOption
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError

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
        str,
        typer.Option(
            "--language",
            help="en, de, es or fr; with a region, its dates and times: en-US.",
            metavar="LANGUAGE",
        ),
    ] = "en",
    calendar_url: Annotated[
        str | None,
        typer.Option(
            "--calendar-url",
            help="Address of the participant's calendar, printed as a link and a code to scan.",
            metavar="URL",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Write a participant's information sheet: dates, times, place, and what to arrange.

    HTML, or PDF by the suffix of the output. Drug, arm and diagnosis are never named. With the
    participant's record, the sheet lists the visits to come.
    """
    from planner.api import pages
    from planner.api.inputs import site_of
    from planner.cli.output import tell
    from planner.cli.records import read_record

    chosen = read_format(None, output, _FORMATS)
    read_choice(language.partition("-")[0], pages.handout_languages(), "--language")
    if actuals is None and (start is None or participant is None):
        missing = [] if start is not None else ["--start DATE"]
        missing += [] if participant is not None else ["--participant CODE"]
        options = "option" if len(missing) == 1 else "options"
        raise PlannerError(
            f"missing {options} {' and '.join(missing)} (or give the participant's record with"
            " --records)"
        )
    if actuals is None and today is not None:
        raise PlannerError("--today: has no effect without a record; give one with --records")
    if actuals is not None and (at or participant is not None):
        option = "--at" if at else "--participant"
        raise PlannerError(
            f"{option}: the record of --records gives that already; leave the option out"
        )
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    place = site_of(site)
    page = pages.handout(
        file,
        None if start is None else read_date(start, "--start"),
        participant,
        site=place,
        language=language,
        calendar=calendar_url,
        arm=arm,
        with_visits=with_visits or None,
        without_visits=without_visits or (),
        at=read_fixed(at),
        actuals=None if actuals is None else read_record(actuals),
        today=None if today is None else read_date(today, "--today"),
        anyway=anyway,
    )
    for visit in page.unrecorded:
        tell(f"left out, because its date has passed and nothing is recorded: {visit}")
    for text, word in page.withheld:
        tell(f"left out, because `{word}` reveals what the study is about: {text}")
    _write(page, chosen, output)
    if page.timeline.forced:
        raise typer.Exit(1)


def _write(page: str, chosen: str, output: str | None) -> None:
    from planner.cli.output import write_text

    if output is None:
        write_text(page, None)
        return
    from planner.api.rendering import write_page

    write_page(page, output, chosen)


def report(
    protocol: ProtocolArgument,
    arm: ArmOption = None,
    start: OptionalStartOption = None,
    site: SiteOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output: OutputOption = None,
) -> None:
    """Write a report on a protocol: chart, activities, run sheets, findings, burden, evidence.

    One page in HTML that needs nothing else, or PDF by the suffix of the output; arms that differ
    stand one after the other. With --start it shows a plan on dates, too.
    """
    from planner.api import pages
    from planner.cli.output import complain
    from planner.cli.progress import progress

    chosen = read_format(None, output, _FORMATS)
    if start is None and site is not None:
        raise PlannerError("--site has no effect without a date; add --start DATE")
    first = None if start is None else read_date(start, "--start")
    # The report of a draft shows what is wrong with it; only dates are refused with that.
    file = load_sound(protocol, anyway=anyway or first is None, unblinded=unblinded)
    page = pages.report(
        file,
        arm=arm,
        start=first,
        site=site,
        anyway=anyway,
        around=lambda parts: progress(parts, None, "parts"),
    )
    _write(page, chosen, output)
    if page.no_plan:
        complain(page.no_plan)
        raise typer.Exit(1)
