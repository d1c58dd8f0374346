"""`planner import odm`: the schedule of an ODM v2 file as a protocol file."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import read_choice


def odm(
    file: Annotated[
        str,
        typer.Argument(
            help="An ODM v2 file, or - for standard input (extra `odm`).", metavar="FILE"
        ),
    ],
    targets: Annotated[
        str,
        typer.Option(
            "--targets",
            help="What a target without a window means: exact (that day only), preferred, or"
            " ceiling (the most there may be).",
            metavar="READING",
        ),
    ] = "exact",
    timings: Annotated[
        str,
        typer.Option(
            "--timings",
            help="relative (between visits), transition (on steps of the workflow), or both.",
            metavar="KIND",
        ),
    ] = "both",
    workflow: Annotated[
        str | None,
        typer.Option(
            "--workflow",
            help="OID of the workflow to follow; the study's own by default.",
            metavar="OID",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", help="Write to this file instead of stdout.", metavar="FILE"
        ),
    ] = None,
    replace: ReplaceOption = False,
) -> None:
    """Import the schedule of an ODM v2 file as a protocol file.

    Ambiguous items, with the interpretation used, and unsupported items are listed on stderr with
    their XPath and line, and at the top of the file that is written.
    """
    from planner.api.imports import ODM_TARGETS, ODM_TIMINGS, import_odm
    from planner.api.rendering import render
    from planner.cli.output import tell
    from planner.cli.output_formats import read_format

    read_format(None, output, ("yaml",))
    imported = import_odm(
        file,
        targets=read_choice(targets, ODM_TARGETS, "--targets"),
        timings=read_choice(timings, ODM_TIMINGS, "--timings"),
        workflow=workflow,
    )
    write_new(imported.text, output, replace=replace)
    tell(render(imported, "text"))
