"""`planner store`: participants' records in a database in which every change stays."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import OutputOption, read_choice
from planner.cli.recording import NowOption, ProtocolsOption
from planner.cli.roles import RoleOption, role_for
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.cli.trail import ReasonOption, WhoOption, who_changes
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.types import Store

store = typer.Typer(
    name="store",
    help="Keep participants' records in a database where every change stays, with who made it, when"
    " and why.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StoreArgument = Annotated[
    str,
    typer.Argument(
        help="A file of SQLite, or PostgreSQL as postgresql://HOST/DATABASE.", metavar="STORE"
    ),
]
ProtocolOption = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        help="With a role: the records' protocol, which says whether the arm is open and which"
        " visits are a rater's.",
        metavar="PROTOCOL",
    ),
]


@store.command()
def init(place: StoreArgument) -> None:
    """Write a new and empty store."""
    from planner.api.stores import make_store
    from planner.cli.output import tell

    role_for("init")
    with make_store(place) as made:
        tell(f"{made.name}: a new store; `planner store import` takes records into it")


@store.command(name="import")
def import_records(
    place: StoreArgument,
    records: Annotated[
        list[str],
        typer.Argument(help="Records in YAML or CSV, or folders of them.", metavar="RECORDS..."),
    ],
    who: WhoOption = None,
    reason: ReasonOption = None,
    protocol: ProtocolsOption = None,
    today: NowOption = None,
) -> None:
    """Import records of files into a store: all of them, or none.

    One sheet of everybody's visits (.xlsx, or .csv with a column participant) is read as well, and
    STORE can be a folder of records then.
    """
    from planner.api.sheets import is_visits_sheet, read_sheet_into
    from planner.api.stores import store_records
    from planner.cli.output import tell
    from planner.cli.recording import place_and_day, protocols_of
    from planner.text import counted

    role_for("import")
    if len(records) == 1 and is_visits_sheet(records[0]):
        _, day = place_and_day(None, today)
        known = protocols_of(protocol, anyway=False, unblinded=True)
        taken, same = read_sheet_into(
            place, records[0], who=who_changes(who), today=day, reason=reason, protocols=known
        )
        rest = f", {same} say what is recorded already" if same else ""
        tell(f"{records[0]}: {counted(taken, 'record')} taken in{rest}")
        return
    with _opened(place) as opened:
        taken, same = store_records(opened, records, who=who_changes(who), reason=reason)
        rest = f", {same} say what is stored already" if same else ""
        tell(f"{opened.name}: {counted(taken, 'record')} taken in{rest}")


@store.command(name="export")
def export_records(
    place: StoreArgument,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", help="The folder for the records, or a sheet.", metavar="FOLDER"
        ),
    ],
    output_format: Annotated[
        str,
        typer.Option("--format", help="yaml, or csv, which has visits alone.", metavar="FORMAT"),
    ] = "yaml",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace records that have other content.")
    ] = False,
    role: RoleOption = None,
    protocol: ProtocolOption = None,
) -> None:
    """Write the records of a store as files, one for each participant: all of them, or none.

    The end of the chain is told on stderr, but not to a rater: kept elsewhere, it later shows
    whether events were cut off. With a sheet for the output (.xlsx, or .csv) everybody's visits are
    its rows, and STORE can be a folder of records.
    """
    from planner.api.records import RECORD_FORMATS
    from planner.api.sheets import is_sheet, write_sheet
    from planner.api.stores import seal_store, write_stored_records
    from planner.cli.output import tell
    from planner.text import counted

    chosen = read_choice(output_format, RECORD_FORMATS, "--format")
    shown_to = role_for("export", role)
    if is_sheet(output):
        if shown_to == "rater":
            raise PlannerError(f"-o: {output}: one sheet is not for a rater; name a folder")
        for line in write_sheet(place, output, replace=replace):
            tell(line)
        tell(f"wrote {output}")
        return
    with _opened(place) as opened:
        count = write_stored_records(
            opened, output, chosen, replace=replace, role=shown_to, protocol=protocol
        )
        end = "" if shown_to == "rater" else f"; seal {seal_store(opened)}"
        tell(f"{output}: {counted(count, 'record')}{end}")


@store.command()
def history(
    place: StoreArgument,
    participant: Annotated[
        str | None,
        typer.Option("--participant", help="Only this participant.", metavar="CODE"),
    ] = None,
    visit: Annotated[
        str | None, typer.Option("--visit", help="Only this visit, by its id.", metavar="VISIT")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Only what this person changed.", metavar="CODE")
    ] = None,
    role: RoleOption = None,
    protocol: ProtocolOption = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show what was changed, when, by whom and why, with the old and the new value."""
    from planner.api import stores

    chosen = table_format(output_format, output)
    shown_to = role_for("history", role)
    with _opened(place) as opened:
        grid = stores.history(
            opened, participant, visit=visit, who=by, role=shown_to, protocol=protocol
        )
        write_answer(grid, chosen, output)


@store.command()
def verify(
    place: StoreArgument,
    seal: Annotated[
        str | None,
        typer.Option(
            "--seal",
            help="A seal of an earlier time, or the file it is in: shows whether the last events"
            " were cut off.",
            metavar="SEAL",
        ),
    ] = None,
) -> None:
    """Check every event, text and record of a store for changes behind its back.

    The exit code is 1 if there are any.
    """
    from planner.api.stores import verify_store
    from planner.cli.output import write_text
    from planner.text import counted

    role_for("verify")
    with _opened(place) as opened:
        verification = verify_store(opened, seal)
        lines = [f"{opened.name}: {problem}" for problem in verification.problems]
        if not lines:
            lines = [f"{opened.name}: {counted(verification.events, 'event')}, all as appended"]
            lines += ["the sealed one is among them"] if seal is not None else []
        write_text("\n".join([*lines, f"seal {verification.seal}"]), None)
    if verification.problems:
        raise typer.Exit(1)


@store.command()
def seal(place: StoreArgument, output: OutputOption = None) -> None:
    """Print the end of the chain, to be kept where nobody can change it with the store."""
    from planner.api.stores import seal_store
    from planner.cli.output import write_text
    from planner.cli.output_formats import read_format

    read_format(None, output, ("text",))
    role_for("seal")
    with _opened(place) as opened:
        write_text(seal_store(opened), output)


@store.command()
def texts(
    place: StoreArgument,
    participant: Annotated[str, typer.Argument(help="The participant.", metavar="PARTICIPANT")],
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """List a participant's reasons and remarks with the numbers that `redact` takes."""
    from planner.api.stores import free_texts

    chosen = table_format(output_format, output)
    role_for("texts")
    with _opened(place) as opened:
        write_answer(free_texts(opened, participant), chosen, output)


@store.command()
def redact(
    place: StoreArgument,
    participant: Annotated[str, typer.Argument(help="The participant.", metavar="PARTICIPANT")],
    numbers: Annotated[
        list[int],
        typer.Argument(
            help="Numbers of the texts, as `planner store texts` lists them.", metavar="NUMBER..."
        ),
    ],
    reason: Annotated[
        str, typer.Option("--reason", help="Why; without repeating the text.", metavar="TEXT")
    ],
    who: WhoOption = None,
) -> None:
    """Clear free texts that should not have been entered; that it was done stays in the trail."""
    from planner.api import stores
    from planner.cli.output import tell
    from planner.text import counted

    role_for("redact")
    with _opened(place) as opened:
        redaction = stores.redact(opened, participant, numbers, who=who_changes(who), reason=reason)
        rest = f"; {redaction.held_by}" if redaction.held_by else ""
        tell(f"{opened.name}: {participant}: {counted(len(numbers), 'text')} cleared{rest}")


def _opened(place: str) -> "Store":
    from planner.api.stores import open_store

    return open_store(place)
