"""`planner config`: which defaults hold for the study, and why."""

from typing import Annotated

import typer

from planner.cli.options import OutputOption
from planner.cli.output_formats import read_format
from planner.cli.study_defaults import ConfigOption, chosen_config


def config(
    named: ConfigOption = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format", help="text or json; by the output's suffix if absent.", metavar="FORMAT"
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Show the study's defaults, and the file, line or option that sets each.

    The defaults stand in the file `planner.toml`, in the working folder or above it, or in the file
    that --config or the environment variable PLANNER_CONFIG names; an empty name stands for none.
    An option or argument of a command always comes first.
    """
    from planner.api.configuration import render_config
    from planner.cli.output import write_text

    chosen = read_format(output_format, output, ("text", "json"))
    file, why = chosen_config(named)
    write_text(render_config(file, why, chosen), output)
