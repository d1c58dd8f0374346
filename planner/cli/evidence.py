"""`planner evidence` and `planner sources`: how sure a schedule is, and where it is written."""

from typing import Annotated

import typer

from planner.cli.options import (
    PROTOCOL_HELP,
    OutputOption,
    ProtocolArgument,
    library_words,
)
from planner.cli.tables import TableFormatOption, table_format, write_answer


def evidence(
    protocols: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"{PROTOCOL_HELP} The whole library without one.",
            metavar="PROTOCOL",
            autocompletion=library_words,
            show_default=False,
        ),
    ] = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show how much of each schedule is verified, derived, secondary or assumed."""
    from planner.api.comparisons import library_ids
    from planner.api.protocols import evidence_of
    from planner.cli.progress import progress

    chosen = table_format(output_format, output)
    names = protocols or library_ids()
    write_answer(evidence_of(progress(names, len(names), "protocols")), chosen, output)


def sources(
    protocol: ProtocolArgument,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the source of each timing, how certain it is, and what each source supports."""
    from planner.api import protocols
    from planner.cli.output import tell

    chosen = table_format(output_format, output, more="bibtex")
    file = protocols.load(protocol)
    if chosen != "bibtex":
        write_answer(protocols.evidence(file), chosen, output)
        return
    write_answer(file, chosen, output)
    left_out = protocols.not_citable(file)
    if left_out:
        tell(f"left out, because they cannot be looked up: {', '.join(left_out)}")
