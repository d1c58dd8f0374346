"""`planner chart`: a schedule as a picture."""

from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from planner.cli.options import (
    ActualsOption,
    ArmOption,
    SiteOption,
    TodayOption,
    library_words,
    read_choice,
    read_date,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.charts import ChartFile, ChartFormat, ChartTheme
    from planner.api.types import ProtocolFile, Site, Timeline

COMPARE = "compare"


class _Look(TypedDict):
    """How a picture is drawn."""

    output_format: "ChartFormat"
    theme: "ChartTheme"
    width: int | None
    width_mm: float | None
    title: bool
    footer: bool


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
            help="course (every visit in time; the default), schema (the phases of the trial, its"
            " arms side by side), network (visits and the rules between them) or day (the run"
            " sheet of one visit).",
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
    width_mm: Annotated[
        float | None,
        typer.Option(
            "--width-mm",
            help="Width in print, instead of --width: 85 for one column of a journal, 174 for two;"
            " PNG has 300 dpi then.",
            metavar="MM",
        ),
    ] = None,
    title: Annotated[
        bool,
        typer.Option("--title/--no-title", help="Draw the title and the lines below it."),
    ] = True,
    footer: Annotated[
        bool,
        typer.Option(
            "--footer/--no-footer",
            help="Draw the notes below the chart; without them they end its alternative text.",
        ),
    ] = True,
) -> None:
    """Draw a course, a trial schema, a network or a dosing day as SVG, PNG, PDF or HTML.

    `planner chart compare ID ID... -o FILE` draws the courses of several trials below each other,
    aligned at the first dosing session. Exit code 1 where the rules contradict each other, or no
    plan keeps all windows: then a network still shows which rules collide.
    """
    from planner.api.charts import FORMATS, THEMES, require_format
    from planner.api.rendering import write
    from planner.cli.output import complain

    colours = read_choice(theme, THEMES, "--theme")
    suffix = output.lower().rpartition(".")[2] if "." in output else ""
    output_format = next((known for known in FORMATS if known == suffix), None)
    if output_format is None:
        raise PlannerError(f"-o: `{output[-60:]}`: name a .svg, .png, .pdf or .html file")
    require_format(output_format)  # before anything is worked out
    look: _Look = {
        "output_format": output_format,
        "theme": colours,
        "width": width,
        "width_mm": width_mm,
        "title": title,
        "footer": footer,
    }
    options = {
        "--kind": kind, "--visit": visit, "--start": start, "--site": site, "--records": actuals,
        "--today": today, "--arm": arm,
    }  # fmt: skip
    if names[0] == COMPARE:
        _refuse_given(options, "has no effect when trials are compared")
        picture = _comparison(names[1:], look, anyway=anyway, unblinded=unblinded)
    else:
        _refuse_more(names)
        picture = _picture(names[0], options, look, anyway=anyway, unblinded=unblinded)
    write(picture, output)
    if picture.trouble:
        complain(picture.trouble)
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


def _comparison(names: list[str], look: _Look, *, anyway: bool, unblinded: bool) -> "ChartFile":
    from planner.api.charts import chart_comparison

    if not names:
        raise PlannerError(
            f"name the protocols to compare, as in `planner chart {COMPARE} mapp1 comp001 -o"
            f" trials.svg`; a file called `{COMPARE}` is reached as ./{COMPARE}"
        )
    files = [load_sound(name, anyway=anyway, unblinded=unblinded) for name in names]
    return chart_comparison(files, anyway=anyway, **look)


def _picture(
    name: str, options: dict[str, str | None], look: _Look, *, anyway: bool, unblinded: bool
) -> "ChartFile":
    """What the options make of one protocol."""
    from planner.api import charts
    from planner.api.inputs import site_of

    kind = read_choice(options["--kind"] or "course", charts.KINDS, "--kind")
    if options["--visit"] is not None and kind != "day":
        raise PlannerError("--visit: has no effect without --kind day")
    dates = {option: options[option] for option in ("--start", "--records", "--site", "--today")}
    if kind in ("network", "schema"):
        _refuse_given(dates, f"a {kind} has no dates")
    if dates["--start"] is None and dates["--records"] is None:
        _refuse_given(dates, "has no effect without dates; add --start DATE or --records FILE")
    if dates["--today"] is not None and dates["--records"] is None:
        raise PlannerError("--today: has no effect without a record; give one with --records")
    file = load_sound(name, anyway=anyway, unblinded=unblinded)
    place = None if options["--site"] is None else site_of(options["--site"])
    return charts.chart(
        file,
        kind,
        arm=options["--arm"],
        visit=options["--visit"],
        timeline=_timeline(file, options, place, anyway=anyway),
        site=place,
        anyway=anyway,
        **look,
    )


def _timeline(
    file: "ProtocolFile", options: dict[str, str | None], place: "Site | None", *, anyway: bool
) -> "Timeline | None":
    """The participant's plan as `planner timeline` makes it; ``None`` without any date."""
    from planner.api.plans import plan
    from planner.cli.records import read_record

    start, actuals, today = options["--start"], options["--records"], options["--today"]
    if start is None and actuals is None:
        return None
    return plan(
        file,
        None if start is None else read_date(start, "--start"),
        site=place,
        arm=options["--arm"],
        actuals=None if actuals is None else read_record(actuals),
        today=None if today is None else read_date(today, "--today"),
        anyway=anyway,
    )
