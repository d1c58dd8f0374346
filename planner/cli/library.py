"""`planner list`, `planner show`, `planner schema` and `planner new`."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import OutputOption, ProtocolArgument, read_choice


def list_protocols(
    substance: Annotated[
        str | None,
        typer.Option("--substance", help="Only studies of this one.", metavar="NAME"),
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", help="table or json.", metavar="FORMAT")
    ] = "table",
) -> None:
    """Lists the library: published schedules that ship with the planner."""
    from planner.cli.output import wants_color, width, write_text
    from planner.views.library import render_list

    read_choice(output_format, ("table", "json"), "--format")
    as_json = output_format == "json"
    text = render_list(width=width(), color=wants_color(), as_json=as_json, substance=substance)
    write_text(text, None)


def show(protocol: ProtocolArgument) -> None:
    """Shows one protocol: what it schedules, its sources, and what to know about it."""
    from planner.cli.output import wants_color, width, write_text
    from planner.formats.load import load_protocol
    from planner.views.protocol import render_protocol

    file = load_protocol(protocol)
    write_text(render_protocol(file.protocol, width=width(), color=wants_color()), None)


def schema(output: OutputOption = None) -> None:
    """Prints the JSON Schema of the protocol file, for editors."""
    import json

    from planner.cli.output import write_text
    from planner.cli.output_formats import read_format
    from planner.protocol.schema import protocol_schema

    read_format(None, output, ("json",))
    write_text(json.dumps(protocol_schema(), indent=2), output)


def new(
    protocol_id: Annotated[str, typer.Argument(help="Id of the new protocol.", metavar="ID")],
    output: OutputOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Writes a commented starter file that validates, to ID.yaml unless -o says otherwise."""
    import uuid

    from planner.cli.output import tell
    from planner.cli.output_formats import read_format
    from planner.protocol.starter import starter

    read_format(None, output, ("yaml",))
    path = f"{protocol_id}.yaml" if output is None else output
    text = starter(protocol_id, str(uuid.uuid4()))
    if path == "-":
        write_new(text, None, replace=replace)
        return
    write_new(text, path, replace=replace)
    tell(f"wrote {path}; check it with: planner validate {path}")
