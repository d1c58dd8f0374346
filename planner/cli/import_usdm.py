"""`planner import usdm`: a USDM study becomes a protocol file."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import read_choice


def usdm(
    study: Annotated[
        str, typer.Argument(help="A USDM study, versions 3 and 4, as JSON.", metavar="STUDY")
    ],
    design: Annotated[
        int | None,
        typer.Option(
            "--design", help="Which study design, from 1; the first by default.", metavar="N"
        ),
    ] = None,
    timeline: Annotated[
        str | None,
        typer.Option(
            "--timeline",
            help="Name, label or id of a timeline; the main one by default. Another one becomes a"
            " protocol of its own.",
            metavar="NAME",
        ),
    ] = None,
    targets: Annotated[
        str,
        typer.Option(
            "--targets",
            help="What a target without a window means: exact (that day only) or preferred.",
            metavar="READING",
        ),
    ] = "exact",
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            help="Write the protocol to this file instead of stdout.",
            metavar="FILE",
        ),
    ] = None,
    replace: ReplaceOption = False,
) -> None:
    """Import a USDM study as a protocol file.

    Each rule notes its place in the study. Ambiguous items, with the interpretation used, and
    unsupported items are listed on stderr and at the top of the file that is written.
    """
    from planner.api.imports import USDM_TARGETS, import_usdm
    from planner.api.rendering import render
    from planner.cli.output import tell
    from planner.cli.output_formats import read_format

    read_format(None, output, ("yaml",))
    imported = import_usdm(
        study,
        design=design,
        timeline=timeline,
        targets=read_choice(targets, USDM_TARGETS, "--targets"),
    )
    write_new(imported.text, output, replace=replace)
    tell(render(imported, "text"))
