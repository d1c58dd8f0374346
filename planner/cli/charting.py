"""`planner chart`: a schedule as a picture."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    ActualsOption,
    ArmOption,
    SiteOption,
    TodayOption,
    library_words,
    read_choice,
    read_date,
    read_site,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.model import Timeline
    from planner.views.charts.chart import Drawing

COMPARE = "compare"


def chart(
    names: Annotated[
        list[str],
        typer.Argument(
            help="A protocol file or the id of a library protocol; or the word compare and several"
            " of them (a file of that name is reached as ./compare).",
            metavar="PROTOCOL | compare PROTOCOL...",
            autocompletion=library_words,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", help="The picture: a .svg, .png, .pdf or .html file.", metavar="FILE"
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="course (every visit in time; the default), network (visits and the rules between"
            " them) or day (the run sheet of one visit).",
            metavar="KIND",
        ),
    ] = None,
    visit: Annotated[
        str | None,
        typer.Option(
            "--visit",
            help="Of a day: which visit; the first dosing session with a run sheet if absent.",
            metavar="VISIT",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            help="Date of the anchor visit; without one a course is in study days.",
            metavar="DATE",
        ),
    ] = None,
    site: SiteOption = None,
    actuals: ActualsOption = None,
    today: TodayOption = None,
    arm: ArmOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    theme: Annotated[
        str, typer.Option("--theme", help="light or dark.", metavar="THEME")
    ] = "light",
    width: Annotated[
        int | None,
        typer.Option(
            "--width",
            help="Pixels: 840 for a page (the default), 390 for a phone; HTML has both.",
            metavar="PIXELS",
        ),
    ] = None,
) -> None:
    """Draws a course, a network or a dosing day as SVG, PNG, PDF or HTML, without a browser.

    `planner chart compare ID ID... -o FILE` draws the courses of several trials below each other,
    aligned at the first dosing session. Exit code 1 where the rules contradict each other, or no
    plan keeps all windows: then a network still shows which rules collide.
    """
    from planner.cli.output import complain
    from planner.files import replacing
    from planner.views.charts.chart import rendered
    from planner.views.charts.palette import THEMES
    from planner.views.charts.render import FORMATS, require

    read_choice(theme, tuple(THEMES), "--theme")
    suffix = output.lower().rpartition(".")[2] if "." in output else ""
    if suffix not in FORMATS:
        raise PlannerError(f"-o: `{output[-60:]}`: name a .svg, .png, .pdf or .html file")
    require(suffix)  # before anything is worked out
    options = {
        "--kind": kind, "--visit": visit, "--start": start, "--site": site, "--actuals": actuals,
        "--today": today, "--arm": arm,
    }  # fmt: skip
    if names[0] == COMPARE:
        _refuse_given(options, "says nothing when trials are compared")
        drawing = _comparison(names[1:], anyway=anyway, unblinded=unblinded)
    else:
        _refuse_more(names)
        drawing = _drawing(names[0], options, anyway=anyway, unblinded=unblinded)
    content, trouble = rendered(drawing, suffix, theme, width)
    with replacing(output) as file:
        file.write(content)
    if trouble:
        complain(trouble)
        raise typer.Exit(1)


def _refuse_given(options: dict[str, str | None], why: str) -> None:
    given = next((name for name, value in options.items() if value is not None), None)
    if given is not None:
        raise PlannerError(f"{given}: {why}")


def _refuse_more(names: list[str]) -> None:
    if len(names) > 1:
        first, other = names[0][:60], names[1][:60]
        raise PlannerError(
            f"one protocol is drawn, and `{other}` is a second one;"
            f" `planner chart {COMPARE} {first} {other}` draws several"
        )


def _comparison(names: list[str], *, anyway: bool, unblinded: bool) -> "Drawing":
    from planner.views.charts.chart import comparison_of

    if not names:
        raise PlannerError(
            f"name the protocols to compare, as in `planner chart {COMPARE} mapp1 comp001 -o"
            f" trials.svg`; a file called `{COMPARE}` is reached as ./{COMPARE}"
        )
    files = [load_sound(name, anyway=anyway, unblinded=unblinded) for name in names]
    return comparison_of([file.protocol for file in files], with_untied=anyway)


def _drawing(
    name: str, options: dict[str, str | None], *, anyway: bool, unblinded: bool
) -> "Drawing":
    """What the options make of one protocol."""
    from planner.views.charts.chart import KINDS, chart_of

    chosen = read_choice(options["--kind"] or "course", KINDS, "--kind")
    kind = next(known for known in KINDS if known == chosen)
    if options["--visit"] is not None and kind != "day":
        raise PlannerError("--visit: only says something of a day; add --kind day")
    dates = {option: options[option] for option in ("--start", "--actuals", "--site", "--today")}
    if kind == "network":
        _refuse_given(dates, "a network has no dates")
    if dates["--start"] is None and dates["--actuals"] is None:
        _refuse_given(dates, "says nothing without dates; add --start DATE or --actuals FILE")
    if dates["--today"] is not None and dates["--actuals"] is None:
        raise PlannerError("--today: only says something beside a record; name one with --actuals")
    protocol = load_sound(name, anyway=anyway, unblinded=unblinded).protocol
    timeline, calendar = _timeline(protocol, options, anyway=anyway)
    return chart_of(
        protocol,
        kind,
        arm=options["--arm"],
        visit=options["--visit"],
        timeline=timeline,
        site=calendar,
        with_untied=anyway,
    )


def _timeline(
    protocol: "Protocol", options: dict[str, str | None], *, anyway: bool
) -> "tuple[Timeline | None, SiteCalendar | None]":
    """The participant's plan as `planner timeline` makes it; ``None`` without any date."""
    start, actuals, today = options["--start"], options["--actuals"], options["--today"]
    if start is None and actuals is None:
        return None, None
    first = None if start is None else read_date(start, "--start")
    calendar = read_site(options["--site"])
    if actuals is None:
        from planner.timeline.plan import course_planner, plan_timeline

        assert first is not None, "one of the two is there"
        planner = course_planner(protocol, calendar, arm=options["--arm"], with_untied=anyway)
        return plan_timeline(planner, first), calendar
    from planner.cli.records import read_record
    from planner.timeline.participant_state import PlannerCache, plan_participant

    timeline = plan_participant(
        PlannerCache(protocol, calendar, with_untied=anyway),
        read_record(actuals),
        arm=options["--arm"],
        start=first,
        today=None if today is None else read_date(today, "--today"),
    )
    return timeline, calendar
