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
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.model import Timeline
    from planner.views.charts.palette import Theme
    from planner.views.charts.picture import Picture

COMPARE = "compare"
_KINDS = ("course", "network", "day")


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
    theme: Annotated[
        str, typer.Option("--theme", help="light or dark.", metavar="THEME")
    ] = "light",
    width: Annotated[
        int,
        typer.Option("--width", help="Pixels: 840 for a page, 390 for a phone.", metavar="PIXELS"),
    ] = 840,
) -> None:
    """Draws a course, a network or a dosing day as SVG, PNG, PDF or HTML, without a browser.

    `planner chart compare ID ID... -o FILE` draws the courses of several trials below each other,
    aligned at the first dosing session. Exit code 1 where the rules contradict each other, or no
    plan keeps all windows: then a network still shows which rules collide.
    """
    from planner.cli.output import complain, replacing
    from planner.views.charts.palette import THEMES
    from planner.views.charts.render import FORMATS, render, require_charts

    chosen = THEMES[read_choice(theme, tuple(THEMES), "--theme")]
    suffix = output.lower().rpartition(".")[2] if "." in output else ""
    if suffix not in FORMATS:
        raise PlannerError(f"-o: `{output[-60:]}`: name a .svg, .png, .pdf or .html file")
    _check_width(width)
    require_charts()  # before any work, and before any other complaint
    options = {"--kind": kind, "--visit": visit, "--start": start, "--site": site,
               "--actuals": actuals, "--today": today, "--arm": arm}  # fmt: skip
    is_clean = True
    if names[0] == COMPARE:
        _refuse_given(options, "says nothing when trials are compared")
        picture = _compare(names[1:], chosen, width)
    else:
        if len(names) > 1:
            raise PlannerError(
                f"one protocol is drawn, and `{names[1][:60]}` is a second one;"
                f" `planner chart {COMPARE} {names[0][:60]} {names[1][:60]} ...` draws several"
            )
        found = _draw(names[0], options, chosen, width)
        if found is None:
            raise typer.Exit(1)
        picture, trouble = found
        if trouble:
            complain(trouble)
            is_clean = False
    with replacing(output) as file:
        file.write(render(picture, suffix))
    if not is_clean:
        raise typer.Exit(1)


def _check_width(width: int) -> None:
    from planner.views.charts.frame import NARROWEST, WIDEST

    if not NARROWEST <= width <= WIDEST:
        raise PlannerError(f"--width: a picture is {NARROWEST} to {WIDEST} pixels wide")


def _refuse_given(options: dict[str, str | None], why: str) -> None:
    given = next((name for name, value in options.items() if value is not None), None)
    if given is not None:
        raise PlannerError(f"{given}: {why}")


def _compare(names: list[str], theme: "Theme", width: int) -> "Picture":
    from planner.protocol.load import load_protocol
    from planner.views.charts.compare import compare_table
    from planner.views.charts.draw_compare import draw_compare

    if not names:
        raise PlannerError(
            f"name the protocols to compare, as in `planner chart {COMPARE} mapp1 comp001 -o"
            f" trials.svg`; a file called `{COMPARE}` is reached as ./{COMPARE}"
        )
    table = compare_table([load_protocol(name).protocol for name in names])
    return draw_compare(table, theme, width)


def _draw(
    name: str, options: dict[str, str | None], theme: "Theme", width: int
) -> "tuple[Picture, str] | None":
    """The picture of one protocol and what is wrong with its plan; ``None`` without a plan."""
    from planner.cli.output import complain
    from planner.protocol.load import load_protocol
    from planner.timeline.plan import Contradiction, NothingFits
    from planner.views.run_sheet import NoRunSheet

    kind = read_choice(options["--kind"] or "course", _KINDS, "--kind")
    if options["--visit"] is not None and kind != "day":
        raise PlannerError("--visit: only says something of a day; add --kind day")
    dated = {name: options[name] for name in ("--site", "--today")}
    if kind == "network":
        _refuse_given(
            {**dated, "--start": options["--start"], "--actuals": options["--actuals"]},
            "a network has no dates",
        )
    elif options["--start"] is None and options["--actuals"] is None:
        _refuse_given(dated, "says nothing without dates; add --start DATE or --actuals FILE")
    if options["--today"] is not None and options["--actuals"] is None:
        raise PlannerError("--today: only says something beside a record; name one with --actuals")
    protocol = load_protocol(name).protocol
    try:
        return _pictured(protocol, kind, options, theme, width)
    except (Contradiction, NothingFits, NoRunSheet) as error:
        complain(str(error))
        return None


def _pictured(
    protocol: "Protocol", kind: str, options: dict[str, str | None], theme: "Theme", width: int
) -> "tuple[Picture, str]":
    arm = options["--arm"]
    if kind == "network":
        from planner.views.charts.draw_network import draw_network
        from planner.views.charts.network import network_table

        network = network_table(protocol, arm)
        return draw_network(network, theme, width), " ".join(network.conflict)
    timeline, calendar = _timeline(protocol, options)
    trouble = "no plan keeps all windows" if timeline is not None and timeline.forced else ""
    if kind == "day":
        from planner.views.charts.day import day_table
        from planner.views.charts.draw_day import draw_day

        day = day_table(protocol, options["--visit"], arm, timeline=timeline, site=calendar)
        return draw_day(day, theme, width), trouble
    from planner.views.charts.course import study_course
    from planner.views.charts.dated_course import dated_course
    from planner.views.charts.draw_course import draw_course

    if timeline is None or calendar is None:
        course = study_course(protocol, arm)
        trouble = "" if course.consistent else "the rules contradict each other; see --kind network"
    else:
        course = dated_course(timeline, protocol, calendar)
    return draw_course(course, theme, width), trouble


def _timeline(
    protocol: "Protocol", options: dict[str, str | None]
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
        planner = course_planner(protocol, calendar, arm=options["--arm"])
        return plan_timeline(planner, first), calendar
    from planner.timeline.participation import Courses, plan_participant
    from planner.timeline.record_reading import read_record

    timeline = plan_participant(
        Courses(protocol, calendar),
        read_record(actuals),
        arm=options["--arm"],
        start=first,
        today=None if today is None else read_date(today, "--today"),
    )
    return timeline, calendar
