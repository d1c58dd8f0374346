"""`planner import` and `planner replay`: what others wrote and recorded, read and counted."""

import os
from typing import Annotated

import typer

from planner.cli.import_odm import odm
from planner.cli.import_table import table
from planner.cli.import_timings import timings
from planner.cli.import_usdm import usdm
from planner.cli.options import OutputOption, ProtocolArgument, library_words
from planner.cli.output_formats import is_file_name, read_format
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import FilesInTheWay, PlannerError

app = typer.Typer(
    help="Import files of other standards: studies as protocol files, visits as records.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SvArgument = Annotated[
    str,
    typer.Argument(
        help="An SDTM SV dataset: .xpt (extra `sdtm`), Dataset-JSON 1.1 .json or .ndjson.",
        metavar="SV",
    ),
]
DmOption = Annotated[
    str | None,
    typer.Option(
        "--dm", help="The DM dataset, for the reference start RFSTDTC and the arm.", metavar="FILE"
    ),
]
VisitsOption = Annotated[
    str | None,
    typer.Option(
        "--visits",
        help="A CSV file with the columns sdtm,visit: which visit of the protocol a VISITNUM or a"
        " VISIT is, where the names differ.",
        metavar="FILE",
    ),
]


@app.callback()
def _group() -> None:
    pass


app.command("usdm")(usdm)
app.command("odm")(odm)
app.command("table")(table)
app.command("timings")(timings)


@app.command("sv")
def sv(
    dataset: SvArgument,
    dm: DmOption = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol",
            help="The protocol whose visits they are; ids are made from names without one.",
            metavar="PROTOCOL",
            autocompletion=library_words,
        ),
    ] = None,
    visits: VisitsOption = None,
    participant: Annotated[
        str | None,
        typer.Option("--participant", help="Only this one, by USUBJID or by code.", metavar="CODE"),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option("--format", help="yaml or csv; yaml by default.", metavar="FORMAT"),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            help="Write to this folder, a file for each participant; or one participant to this"
            " .yaml or .csv file.",
            metavar="FOLDER",
        ),
    ] = None,
    replace_records: Annotated[
        bool,
        typer.Option("--replace", help="Replace records that already exist with other content."),
    ] = False,
) -> None:
    """Import SDTM subject visits (SV) as records of participants.

    Unplanned visits are recorded as `unscheduled`; partial dates are never completed. Counts are
    printed on stderr; items without a place in a record are listed at the top of its file.
    """
    from planner.api.records import read_subjects, subject_record_text, write_subject_records
    from planner.cli.new_files import in_the_way, write_new
    from planner.cli.output import tell
    from planner.cli.progress import progress

    is_file = is_file_name(output) and not os.path.isdir(output or "")
    chosen = read_format(output_format, output if is_file else None, ("yaml", "csv"))
    subjects = read_subjects(
        dataset, protocol=protocol, dm=dm, visits=visits, participant=participant
    )
    if output is not None and not is_file:
        try:
            write_subject_records(
                subjects,
                output,
                chosen,
                replace=replace_records,
                around=lambda read: progress(read, len(subjects), "subjects"),
            )
        except FilesInTheWay as error:
            raise in_the_way(error.paths, "folder") from None
    elif len(subjects) > 1:
        raise PlannerError(
            f"{dataset}: {len(subjects):,} subjects; name a folder with -o, or one of them with"
            " --participant"
        )
    else:
        for subject in subjects.subjects():
            text = subject_record_text(subjects, subject, chosen)
            write_new(text, output, replace=replace_records)
    for sentence in subjects.tally.sentences():
        tell(sentence)


def replay(
    protocol: ProtocolArgument,
    dataset: SvArgument,
    dm: DmOption = None,
    visits: VisitsOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Count how many recorded visits of a study were inside, before and after their windows.

    Counted are all subjects with a baseline and all scheduled visits after it whose window has two
    ends, by both day conventions: days after the baseline, and the baseline as Day 1.
    """
    from planner.api.participants import replay
    from planner.api.records import read_subjects
    from planner.cli.output import tell
    from planner.cli.progress import progress

    chosen = table_format(output_format, output)
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    subjects = read_subjects(dataset, protocol=file, dm=dm, visits=visits)
    result = replay(file, subjects, around=lambda read: progress(read, len(subjects), "subjects"))
    write_answer(result, chosen, output)
    for sentence in subjects.tally.sentences():
        tell(sentence)
