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
    from planner.api.library import library_list
    from planner.cli.output import wants_color, width, write_text

    read_choice(output_format, ("table", "json"), "--format")
    as_json = output_format == "json"
    text = library_list(substance, as_json=as_json, width=width(), color=wants_color())
    write_text(text, None)


def show(protocol: ProtocolArgument) -> None:
    """Shows one protocol: what it schedules, its sources, and what to know about it."""
    from planner.api.protocols import load
    from planner.cli.tables import write_answer

    write_answer(load(protocol), "table", None)


def schema(output: OutputOption = None) -> None:
    """Prints the JSON Schema of the protocol file, for editors."""
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
    """Writes a commented starter file that validates, to ID.yaml unless -o says otherwise."""
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
