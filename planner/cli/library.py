"""`planner list`, `planner show`, `planner schema` and `planner new`."""

from typing import Annotated

import typer

from planner.cli.new_files import ReplaceOption, write_new
from planner.cli.options import OutputOption, ProtocolArgument, library_words, read_choice
from planner.cli.output_formats import read_format
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError


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


def schema(
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="The kind of files: protocol, site, record, cohort (the rows of its CSV file) or"
            " config.",
            metavar="KIND",
        ),
    ] = "protocol",
    output: OutputOption = None,
) -> None:
    """Print the JSON Schema of a kind of files, with which editors complete and check them."""
    import json

    from planner.api import library
    from planner.cli.output import write_text

    read_format(None, output, ("json",))
    chosen = read_choice(kind, library.FILE_KINDS, "--kind")
    write_text(json.dumps(library.schema(chosen), indent=2), output)


def new(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Id of the new protocol or site, or the participant's code; none for --config.",
            metavar="ID",
        ),
    ] = None,
    site: Annotated[bool, typer.Option("--site", help="Write a site file instead.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Write a participant's record instead.")
    ] = False,
    config: Annotated[
        bool, typer.Option("--config", help="Write a planner.toml of defaults instead.")
    ] = False,
    records: Annotated[
        str | None,
        typer.Option(
            "--records",
            help="Write an empty sheet for everybody's visits instead: .xlsx or .csv.",
            metavar="FILE",
        ),
    ] = None,
    original: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Begin with a copy of this library protocol.",
            metavar="PROTOCOL",
            autocompletion=library_words,
        ),
    ] = None,
    output: OutputOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Write a commented starter file that validates: a protocol, or another file of a study.

    It is written to ID.yaml, a file of defaults to planner.toml, or to the file of -o.
    """
    from planner.api import library
    from planner.cli.output import tell

    if records is not None:
        _new_sheet(records, replace=replace, alone=not (name or site or record or config or output))
        return
    wanted = [
        kind
        for kind, is_wanted in (("site", site), ("record", record), ("config", config))
        if is_wanted
    ]
    if len(wanted) + (original is not None) > 1:
        raise PlannerError("--site, --record, --config and --from: give one of them alone")
    if name is not None and config:
        raise PlannerError(f"--config: `{name}`: a file of defaults has no ID; name it with -o")
    if name is None and not config:
        raise PlannerError(
            "missing argument ID: the id of the new protocol or site, or the code of"
            " the participant"
        )
    if not config:
        read_format(None, output, ("yaml",))
    path = output or ("planner.toml" if config else f"{name}.yaml")
    if wanted:
        text = library.new_file(wanted[0], name or "")
    elif original is not None:
        text = library.copy_protocol(original, name or "")
    else:
        text = library.new_protocol(name or "")
    if path == "-":
        write_new(text, None, replace=replace)
        return
    write_new(text, path, replace=replace)
    tell(f"wrote {path}; check it with: planner validate {path}")


def _new_sheet(path: str, *, replace: bool, alone: bool) -> None:
    from planner.api.sheets import new_sheet
    from planner.cli.new_files import in_the_way
    from planner.cli.output import tell
    from planner.errors import FilesInTheWay

    if not alone:
        raise PlannerError("--records: names the file; leave the other arguments and options out")
    try:
        new_sheet(path, replace=replace)
    except FilesInTheWay as error:
        raise in_the_way(error.paths, "file") from None
    tell(f"wrote {path}; take it into records with: planner store import RECORDS {path}")
