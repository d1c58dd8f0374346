"""All commands by name; the functions are in the modules beside this one.

Describing a command to typer takes about a millisecond, importing its module less. So when the
first word names a command, the application is made of that command alone.
"""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

COMMANDS = {
    "validate": "checking:validate",
    "timeline": "planning:timeline",
    "export": "exporting:export",
    "anchors": "planning:anchors",
    "whatif": "whatif:whatif",
    "deviations": "coordinating:deviations",
    "due": "coordinating:due",
    "import": "importing:app",
    "replay": "importing:replay",
    "diff": "amending:diff",
    "amend": "amending:amend",
    "list": "library:list_protocols",
    "show": "library:show",
    "sources": "evidence:sources",
    "evidence": "evidence:evidence",
    "compare": "comparing:compare",
    "claims": "comparing:claims",
    "soa": "activities:soa",
    "runsheet": "activities:runsheet",
    "burden": "burden:burden",
    "handout": "pages:handout",
    "report": "pages:report",
    "chart": "charting:chart",
    "ical": "ical:ical",
    "rules": "checking:rules",
    "explain": "checking:explain",
    "schema": "library:schema",
    "new": "library:new",
}
"""Every command, in the order of `planner --help`: the module beside this one and what is in it."""


def _version(wanted: bool) -> None:
    if wanted:
        from planner.cli.versions import version_lines

        typer.echo(version_lines())
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the versions that matter.", callback=_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass


class _Command(TyperCommand):
    """A command whose messages name options, and whose output replaces no input and no record."""

    def invoke(self, ctx: Any) -> Any:
        from planner.cli.option_spelling import OptionSpelling
        from planner.cli.overwriting import refuse_overwriting
        from planner.errors import spelled

        refuse_overwriting(ctx)
        with spelled(OptionSpelling()):
            return super().invoke(ctx)


def application(first_word: str | None = None) -> typer.Typer:
    """The application: with all commands, or with that one alone that the first word names."""
    app = typer.Typer(
        name="planner",
        help="Proves clinical-trial visit schedules feasible, dates them at a real site and"
        " exports honest calendars. Research and education, not advice.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in [first_word] if first_word in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(f"planner.cli.{module}"), attribute)
        if isinstance(command, typer.Typer):
            for inner in command.registered_commands:
                inner.cls = _Command
            app.add_typer(command, name=name)
        else:
            app.command(name, cls=_Command)(command)
    return app
