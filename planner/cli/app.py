"""All commands by name; the functions are in the modules beside this one.

Describing a command to typer takes about a millisecond, importing its module less. So when the
first word names a command, the application is made of that command alone.
"""

from importlib import import_module
from inspect import getdoc
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from planner.cli.former_spellings import in_present_spelling
from planner.cli.help_pages import MAX_WIDTH, HelpPage
from planner.cli.study_defaults import config_option, defaults_of, has_defaults, say_used

PANELS = {
    "Design a schedule": {
        "new": "library:new",
        "validate": "checking:validate",
        "rules": "checking:rules",
        "explain": "checking:explain",
        "schema": "library:schema",
        "config": "config:config",
        "diff": "amending:diff",
    },
    "Run participants": {
        "timeline": "planning:timeline",
        "anchors": "planning:anchors",
        "due": "coordinating:due",
        "week": "coordinating:week",
        "whatif": "whatif:whatif",
        "enrol": "enrolling:enrol",
        "record": "recording:record",
        "withdraw": "recording:withdraw",
        "deviations": "coordinating:deviations",
        "amend": "amending:amend",
        "handout": "pages:handout",
        "remind": "reminding:remind",
        "store": "store:store",
    },
    "Calendars": {
        "export": "exporting:export",
        "ical": "ical:ical",
    },
    "Tables, charts and reports": {
        "soa": "activities:soa",
        "runsheet": "activities:runsheet",
        "burden": "burden:burden",
        "chart": "charting:chart",
        "report": "pages:report",
    },
    "Standards": {
        "import": "importing:app",
        "replay": "importing:replay",
    },
    "Published trials": {
        "list": "library:list_protocols",
        "show": "library:show",
        "sources": "evidence:sources",
        "evidence": "evidence:evidence",
        "compare": "comparing:compare",
        "claims": "comparing:claims",
    },
}
"""Every command as `planner --help` shows it: the module beside this one, and the name in it."""

COMMANDS = {
    name: (panel, place) for panel, commands in PANELS.items() for name, place in commands.items()
}


def _version(wanted: bool) -> None:
    if wanted:
        from planner.cli.versions import version_lines

        typer.echo(version_lines())
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "-V", "--version", help="Show version information.", callback=_version, is_eager=True
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "-q",
            "--quiet",
            help="Print only the answer, warnings and errors. For all commands, before or after"
            " their name.",
        ),
    ] = False,
    color: Annotated[
        str,
        typer.Option(
            "--color",
            help="auto, always or never; auto uses colours on a terminal unless NO_COLOR is set."
            " For all commands, before or after their name.",
            metavar="WHEN",
        ),
    ] = "auto",
) -> None:
    """Declares the options for all commands; `planner.cli.output` has heeded them before."""


def _summarised() -> None:
    """Stands for a command of which only the summary is shown."""


class _Group(HelpPage, TyperGroup):
    """A group of commands, such as `planner` itself and `planner ical`."""


def _path(context: Any) -> str:
    """The name of a command, with that of its group before it, such as `store export`."""
    group = context.parent
    is_inner = group is not None and group.parent is not None
    return f"{group.info_name} {context.info_name}" if is_inner else str(context.info_name)


class _Command(HelpPage, TyperCommand):
    """A command whose messages name options, and whose output replaces no input and no record.

    What the command line does not say, the study's defaults say: `planner.cli.study_defaults`.
    """

    def get_params(self, ctx: Any) -> Any:
        params = super().get_params(ctx)
        if ctx.resilient_parsing:  # words are completed
            from planner.cli.completion import complete_values

            complete_values(params)
        if has_defaults(_path(ctx)):
            return [*params[:-1], config_option(), *params[-1:]]
        return params

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        args = in_present_spelling(ctx.info_name, args)
        path = ""
        if has_defaults(_path(ctx)):
            given = self.make_parser(ctx).parse_args(args=list(args))[0]
            if not given.get("help"):
                path, ctx.default_map = defaults_of(_path(ctx), given)
        rest = super().parse_args(ctx, args)
        is_free = any(param.name == "output" and not param.required for param in self.params)
        if is_free and ctx.params["output"] == "-" and ctx.info_name != "new":
            ctx.params["output"] = None  # stdout; without -o, `new` writes a file of its own
        if ctx.default_map:
            say_used(path, ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        from planner.cli.option_spelling import OptionSpelling
        from planner.cli.overwriting import refuse_overwriting
        from planner.errors import spelled

        refuse_overwriting(ctx)
        with spelled(OptionSpelling()):
            return super().invoke(ctx)


def application(first_word: str | None = None) -> typer.Typer:
    """The application: with all commands, or with that one alone that the first word names.

    Where the first word asks for the list of commands, they have a summary and no options.
    """
    app = typer.Typer(
        name="planner",
        cls=_Group,
        help="Check that a trial's visit schedule is feasible, plan each participant's visits"
        " around your site's opening days, and export them as calendars. For research and"
        " education; not medical advice.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={
            "help_option_names": ["-h", "--help"],
            "max_content_width": MAX_WIDTH,
        },
    )
    app.callback()(_options)
    for name in [first_word] if first_word in COMMANDS else COMMANDS:
        panel, place = COMMANDS[name]
        module, _, attribute = place.partition(":")
        command = getattr(import_module(f"planner.cli.{module}"), attribute)
        is_group = isinstance(command, typer.Typer)
        if first_word in ("-h", "--help", "-V", "--version"):
            text = command.info.help if is_group else getdoc(command)
            app.command(name, cls=_Command, rich_help_panel=panel, help=text)(_summarised)
        elif is_group:
            for inner in command.registered_commands:
                inner.cls = _Command
            app.add_typer(command, name=name, cls=_Group, rich_help_panel=panel)
        else:
            app.command(name, cls=_Command, rich_help_panel=panel)(command)
    return app
