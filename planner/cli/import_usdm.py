"""`planner import usdm`: a USDM study becomes a protocol file."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new

if TYPE_CHECKING:
    from planner.protocol.model import Protocol


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
            help="What a target without a window means: exact (that very day) or preferred.",
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
    """Reads a USDM study as a protocol file.

    Each rule names where it stands in the study. What was read in one of two ways, what could not
    be read and what has no place in a protocol file is told on stderr, a line each, and stands at
    the top of the file that is written.
    """
    from planner.cli.import_remarks import import_comment, tell_import
    from planner.cli.output_formats import read_format
    from planner.formats.usdm.read import read_study
    from planner.protocol.model import Protocol
    from planner.protocol.reading import read_document
    from planner.protocol.short_form import short_form
    from planner.protocol.validation import validate_model
    from planner.protocol.yaml_writing import protocol_yaml

    read_format(None, output, ("yaml",))
    document = read_document(study)
    imported = read_study(document, design=design, timeline=timeline, targets=targets)
    protocol = validate_model(Protocol, imported.document)
    comment = _comment(study, protocol) + import_comment(imported, protocol)
    write_new(protocol_yaml(short_form(protocol), comment), output, replace=replace)
    tell_import(study, imported, protocol)


def _comment(study: str, protocol: "Protocol") -> str:
    name = "standard input" if study == "-" else study.replace("\\", "/").rsplit("/", 1)[-1]
    # The project's own exports bring their sources with them.
    noted = " Notes name the JSON path they were read from." if "usdm" in protocol.sources else ""
    return (
        f"Made by `planner import usdm` from {name}.{noted}"
        "\nA draft for people to check: research and education, not advice."
    )
