"""`planner list`, `planner show`, `planner schema` and `planner new`."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import OutputOption, ProtocolArgument, read_choice


def list_protocols(
    substance: Annotated[
        str | None,
        typer.Option("--substance", help="Only studies of this substance.", metavar="SUBSTANCE"),
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", help="table or json.", metavar="FORMAT")
    ] = "table",
) -> None:
    """List the library: published schedules that come with the planner."""
    from planner.api.library import library_list
    from planner.cli.output import wants_color, width, write_text

    read_choice(output_format, ("table", "json"), "--format")
    as_json = output_format == "json"
    text = library_list(substance, as_json=as_json, width=width(), color=wants_color())
    write_text(text, None)


def show(protocol: ProtocolArgument) -> None:
    """Show one protocol: its visits and windows, its sources, and remarks about it."""
    from planner.api.protocols import load
    from planner.cli.tables import write_answer

    write_answer(load(protocol), "table", None)


def schema(output: OutputOption = None) -> None:
    """Print the JSON Schema of protocol files, with which editors complete and check them."""
    import json

    from planner.api import library
    from planner.cli.output import write_text
    from planner.cli.output_formats import read_format

    read_format(None, output, ("json",))
    write_text(json.dumps(library.schema(), indent=2), output)


def new(
    protocol_id: Annotated[str, typer.Argument(help="Id of the new protocol.", metavar="ID")],
    output: OutputOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Write a commented starter protocol that validates, to ID.yaml or to the file of -o."""
    from planner.api import library
    from planner.cli.output import tell
    from planner.cli.output_formats import read_format

    read_format(None, output, ("yaml",))
    path = f"{protocol_id}.yaml" if output is None else output
    text = library.new_protocol(protocol_id)
    if path == "-":
        write_new(text, None, replace=replace)
        return
    write_new(text, path, replace=replace)
    tell(f"wrote {path}; check it with: planner validate {path}")
