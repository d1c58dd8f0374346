"""`planner list`, `planner show`, `planner schema` and `planner new`."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import OutputOption, ProtocolArgument
from planner.cli.output_formats import read_format
from planner.cli.tables import TableFormatOption, table_format, write_answer


def list_protocols(
    substance: Annotated[
        str | None,
        typer.Option("--substance", help="Only studies of this substance.", metavar="SUBSTANCE"),
    ] = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the library: published schedules that come with the planner."""
    from planner.api.library import library_list

    chosen = table_format(output_format, output)
    write_answer(library_list(substance), chosen, output)


def show(
    protocol: ProtocolArgument,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, json or yaml (the content of the file); by the output's suffix if absent.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Show one protocol: its visits and windows, its sources, and remarks about it."""
    from planner.api.protocols import load

    chosen = read_format(output_format, output, ("table", "json", "yaml"))
    write_answer(load(protocol), "document" if chosen == "json" else chosen, output)


def schema(output: OutputOption = None) -> None:
    """Print the JSON Schema of protocol files, with which editors complete and check them."""
    import json

    from planner.api import library
    from planner.cli.output import write_text

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

    read_format(None, output, ("yaml",))
    path = f"{protocol_id}.yaml" if output is None else output
    text = library.new_protocol(protocol_id)
    if path == "-":
        write_new(text, None, replace=replace)
        return
    write_new(text, path, replace=replace)
    tell(f"wrote {path}; check it with: planner validate {path}")
