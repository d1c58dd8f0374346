"""`planner diff` and `planner amend`: what a new version changes, and for whom."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    PROTOCOL_HELP,
    OutputOption,
    SiteOption,
    TodayOption,
    library_words,
    read_date,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.types import AmendedRecords

OldArgument = Annotated[
    str,
    typer.Argument(
        help=f"The version so far. {PROTOCOL_HELP}", metavar="OLD", autocompletion=library_words
    ),
]
NewArgument = Annotated[
    str,
    typer.Argument(
        help=f"The new version. {PROTOCOL_HELP}", metavar="NEW", autocompletion=library_words
    ),
]


def diff(
    old: OldArgument,
    new: NewArgument,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """List what a new version of a protocol changes, by visit, arm and epoch.

    A change is breaking if a participant who followed the old version would be out of window by
    the new one, or has something new to do; a wider window is not.

    Exit code 0 if the schedule is the same, whatever else is worded or cited differently; 1 if it
    has changed; 2 if a file cannot be read.
    """
    from planner.api import comparisons

    chosen = table_format(output_format, output, first="text")
    difference = comparisons.diff(old, new)
    write_answer(difference, chosen, output)
    if difference.changes_schedule:
        raise typer.Exit(1)


def amend(
    old: OldArgument,
    new: NewArgument,
    actuals: Annotated[
        list[str] | None,
        typer.Option(
            "--records",
            help="A folder of participants' records, or one record; can be repeated.",
            metavar="RECORDS",
        ),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="First date on which the new version holds; --today if absent, else the date in"
            " the new file.",
            metavar="DATE",
        ),
    ] = None,
    site: SiteOption = None,
    today: TodayOption = None,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Write into each record from which date on the new version holds; without it no"
            " file is changed.",
        ),
    ] = False,
    csv_to_yaml: Annotated[
        bool,
        typer.Option(
            "--csv-to-yaml",
            help="With --write: a record in CSV, which has no place for versions, is written as"
            " YAML; the old file stays as NAME.csv.old.",
        ),
    ] = False,
) -> None:
    """Show the impact of an amendment on each enrolled participant, with a revised schedule.

    A visit is unaffected, moved, newly required, no longer required, already too late, or needs a
    decision. Records that need a decision first are not written.

    Exit code 0 if everybody can go on; 1 if it is too late for somebody, a decision is needed or a
    record cannot be read, which stops no other; 2 if a protocol cannot be read or a file cannot be
    written, and then no file is changed.
    """
    from planner.api import amendments, inputs, participants
    from planner.cli.output import tell
    from planner.cli.progress import progress
    from planner.cli.records import leaves_out, watch_records

    chosen = table_format(output_format, output)
    if not actuals:
        raise PlannerError("--records: name a folder of participants' records, or a record")
    if csv_to_yaml and not write:
        raise PlannerError("--csv-to-yaml: has no effect without --write")
    before, after = (load_sound(name, anyway=anyway, unblinded=unblinded) for name in (old, new))
    day = None if today is None else read_date(today, "--today")
    start = after.protocol.date if day is None else day
    if first is not None:
        start = read_date(first, "--from")
    if start is None:
        raise PlannerError("--from: name the first date on which the new version holds")
    place = inputs.site_of(site)
    if csv_to_yaml:
        for path, converted, aside in amendments.set_aside_converted(actuals):
            tell(f"{path}: was written to {converted} before; it is now {aside}")
    report = participants.amend(
        before,
        after,
        actuals,
        start=start,
        today=day,
        site=place,
        anyway=anyway,
        around=lambda records: progress(records, len(records), "participants"),
        watch=watch_records(day),
    )
    amended = None
    if write:
        version = after.protocol.version
        if before.protocol.version == version:
            raise PlannerError(
                f"--write: both files say version `{version}`; give the new one a `version:` of its"
                " own"
            )
        amended = amendments.amended_records(report, csv_to_yaml=csv_to_yaml)
    # Before anything is changed, so that nothing is changed of which nothing was said.
    write_answer(report, chosen, output)
    if amended is not None:
        amendments.write_amended(amended)
        tell(_written(amended))
    if leaves_out(report.left_out, len(report.people)) or any(
        person.outcome in ("needs a decision", "already too late") for person in report.people
    ):
        raise typer.Exit(1)


def _written(amended: "AmendedRecords") -> str:
    """How many records were written, and how many stay as they are, and why."""
    written, undecided, held = (len(records) for records in amended)
    many = "1 record has" if written == 1 else f"{written} records have"
    text = f"{many} now the version that holds"
    if undecided:
        text += f"; {undecided} not written: decide first"
    return f"{text}; {held} had it already" if held else text
