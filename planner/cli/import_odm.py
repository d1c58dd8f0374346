"""`planner import odm`: the schedule of an ODM v2 file as a protocol file."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new


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
            help="What a target without a window means: exact (that very day), preferred, or"
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
    """Reads the schedule of an ODM v2 file into a protocol file.

    What can be read in two ways, and what has no place in a protocol file, is told on stderr with
    its XPath and line, and stands at the top of the file that is written.
    """
    from planner.cli.import_remarks import import_comment, tell_import
    from planner.cli.output_formats import read_format
    from planner.formats.odm import read_odm
    from planner.protocol.model import Protocol
    from planner.protocol.validation import validate_model
    from planner.protocol.yaml_writing import protocol_yaml

    read_format(None, output, ("yaml",))
    imported = read_odm(file, targets=targets, timings=timings, workflow=workflow)
    data = imported.document.data
    assert isinstance(data, dict), "a document is a mapping"
    protocol = validate_model(Protocol, imported.document)
    comment = _comment(file) + import_comment(imported, protocol)
    write_new(protocol_yaml(data, comment), output, replace=replace)
    tell_import(file, imported, protocol)


def _comment(file: str) -> str:
    name = "standard input" if file == "-" else file.replace("\\", "/").rsplit("/", 1)[-1]
    return (
        f"Made by `planner import odm` from {name}. Each note names the OID and the XPath it was"
        " read from.\nA draft for people to check: research and education, not advice."
    )
