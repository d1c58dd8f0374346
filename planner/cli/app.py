"""All commands by name; the functions are in the modules beside this one."""

from typing import Annotated

import typer

from planner.cli.activities import runsheet, soa
from planner.cli.burden import burden
from planner.cli.checking import explain, rules, validate
from planner.cli.comparing import claims, compare
from planner.cli.evidence import evidence, sources
from planner.cli.exporting import export
from planner.cli.ical import ical
from planner.cli.library import list_protocols, new, schema, show
from planner.cli.planning import anchors, timeline

app = typer.Typer(
    name="planner",
    help="Proves clinical-trial visit schedules feasible, dates them at a real site and exports"
    " honest calendars. Research and education, not advice.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from planner.cli.versions import versions

        typer.echo(versions())
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the versions that matter.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass


app.command()(validate)
app.command()(timeline)
app.command()(export)
app.command()(anchors)
app.command("list")(list_protocols)
app.command()(show)
app.command()(sources)
app.command()(evidence)
app.command()(burden)
app.command()(rules)
app.command()(explain)
app.command()(schema)
app.command()(new)
app.command()(compare)
app.command()(claims)
app.command()(soa)
app.command()(runsheet)
app.add_typer(ical)
