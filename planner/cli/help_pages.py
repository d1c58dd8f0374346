"""Help pages: whole sentences at any width, commands in panels, examples at the end."""

import inspect
from typing import Any

MAX_WIDTH = 120
"""Columns that a page uses at most; lines that are longer are hard to read."""


class HelpPage:
    """The page of a command or of a group; to be mixed into the classes of typer."""

    help: str | None

    def get_short_help_str(self, _limit: int = 0) -> str:
        """The first paragraph of the help, never cut to a limit."""
        return " ".join(inspect.cleandoc(self.help or "").partition("\n\n")[0].split())

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words behind the command's name in the line `Usage:`."""
        arguments = [
            _argument(param) if param.required else f"[{_argument(param)}]"
            for param in ctx.command.params
            if param.param_type_name == "argument" and not param.hidden
        ]
        return ["[OPTIONS]", *arguments, *(["COMMAND ..."] if _commands(ctx) else [])]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Writes arguments, options and, panel by panel, the commands of a group."""
        arguments, options = [], []
        for param in ctx.command.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None:
                continue
            if param.param_type_name == "argument":
                arguments.append((_argument(param), record[1]))
            else:
                options.append(record)
        panels: dict[str, list[tuple[str, str]]] = {"Arguments": arguments, "Options": options}
        commands = _commands(ctx)
        longest = max(map(len, commands), default=0)
        for name, command in commands.items():
            row = (name.ljust(longest), command.get_short_help_str())
            panels.setdefault(command.rich_help_panel or "Commands", []).append(row)
        for heading, rows in panels.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Writes the examples, each on one line so that it can be copied."""
        from planner.cli.examples import examples_of

        path = " ".join(ctx.command_path.split()[1:])
        with formatter.section("Examples" if path else "Three commands to begin with"):
            for example in examples_of(path):
                formatter.write(f"  {example}\n")


def _argument(param: Any) -> str:
    """An argument by its word, with dots where it may be several."""
    word = str(param.metavar or param.name.upper())
    return word if param.nargs == 1 or word.endswith("...") else f"{word}..."


def _commands(ctx: Any) -> dict[str, Any]:
    """The commands of a group by name; of a command none."""
    return getattr(ctx.command, "commands", {})
