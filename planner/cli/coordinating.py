"""`planner deviations` and `planner due`: a coordinator's questions about participants' records."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from planner.brevity import all_reasons
from planner.cli.options import (
    OutputOption,
    ProtocolArgument,
    SiteOption,
    VerboseOption,
    read_date,
)
from planner.cli.output_formats import suffix_of
from planner.cli.records import leaves_out, watch_records
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError

if TYPE_CHECKING:
    from datetime import date

DUE_DAYS = timedelta(days=13)
"""From the first to the last of the 14 days that are listed where no date is given."""

MoreRecords = Annotated[
    list[str] | None,
    typer.Argument(help="More records, such as `records/*.csv`.", metavar="RECORDS"),
]
RecordsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--records",
        help="A participant's record, or a folder of them; can be repeated.",
        metavar="RECORDS",
    ),
]

SeveralProtocolsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--protocol",
        help="The protocol of records that name none, or a file for those that name its id; can"
        " be repeated. Ids of the library need no file.",
        metavar="PROTOCOL",
    ),
]


def deviations(
    protocol: ProtocolArgument,
    more: MoreRecords = None,
    actuals: RecordsOption = None,
    site: SiteOption = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today", help="Also list visits that are overdue on this date.", metavar="DATE"
        ),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, markdown, csv, html, xlsx, docx, pdf or json; by the output's suffix if"
            " absent. dv: the SDTM dataset DV, Dataset-JSON or CSV by the suffix.",
            metavar="FORMAT",
        ),
    ] = None,
    output: OutputOption = None,
) -> None:
    """List protocol deviations: visits outside their window, missed, or out of order.

    Each with its size, the rule and its place in the protocol file, and its consequences for later
    visits. The exit code is 1 if there are any, or if a record has to be left out.
    """
    from planner.api import participants
    from planner.api.designs import deviation_dataset
    from planner.cli.clock import now
    from planner.cli.output import write_text

    chosen = table_format(output_format, output, more="dv")
    if not actuals:
        raise PlannerError("--records: name a participant's record, or a folder of them")
    day = None if today is None else read_date(today, "--today")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    report = participants.deviations(
        file,
        [*actuals, *(more or ())],
        site=site,
        today=day,
        anyway=anyway,
        watch=watch_records(day, now().date()),
    )
    if chosen == "dv":
        dataset = deviation_dataset(report, file)
        write_text(dataset.csv if suffix_of(output) == ".csv" else dataset.json, output)
    else:
        write_answer(report, chosen, output)
    if leaves_out(report.left_out, report.records) or report.deviations:
        raise typer.Exit(1)


def due(
    more: MoreRecords = None,
    actuals: RecordsOption = None,
    first: Annotated[
        str | None,
        typer.Option("--from", help="First date; --today if absent.", metavar="DATE"),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option(
            "--to", help="Last date, included; 13 days after the first if absent.", metavar="DATE"
        ),
    ] = None,
    protocol: SeveralProtocolsOption = None,
    site: SiteOption = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today",
            help="Plan no visit before this date, and count the days left from it; today's date at"
            " the site if absent.",
            metavar="DATE",
        ),
    ] = None,
    away: Annotated[
        list[str] | None,
        typer.Option(
            "--away",
            help="Also show which visits would fall out of window if the site closed on these"
            " dates; can be repeated.",
            metavar="DATE..DATE",
        ),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List the visits that are due between two dates, with the days left in each window.

    Without dates these are the next 14 days, today included. The most urgent come first. The exit
    code is 1 if a visit is overdue, if a participant's windows can no longer all be kept, if an
    absence would push a visit out of its window, or if a record has to be left out.
    """
    from planner.api import participants
    from planner.api.inputs import site_of
    from planner.cli.clock import today_at
    from planner.cli.former_spellings import warn_of

    chosen = table_format(output_format, output)
    if not actuals and not more:
        raise PlannerError("--records: name a participant's record, or a folder of them")
    if not actuals:
        warn_of("due", "RECORDS", "--records RECORDS")
    place = None if site is None else site_of(site)
    day = today_at(place) if today is None else read_date(today, "--today")
    begin = day if first is None else read_date(first, "--from")
    end = begin + DUE_DAYS if last is None else read_date(last, "--to")
    if end < begin:
        raise PlannerError(f"--to: {end} is before {'--from' if first else '--today'} {begin}")
    absences = [_read_days(text) for text in away or ()]
    with all_reasons(verbose):
        answer = participants.due(
            [*(actuals or ()), *(more or ())],
            begin,
            end,
            protocols=(
                load_sound(name, anyway=anyway, unblinded=unblinded) for name in protocol or ()
            ),
            site=place,
            today=day,
            without=absences,
            anyway=anyway,
            watch=watch_records(day),
        )
        write_answer(answer, chosen, output)
    if (
        leaves_out(answer.left_out, answer.records)
        or any(visit.status in ("overdue", "broken") for visit in answer.visits)
        or any(effect.lost for effect in answer.effects)
    ):
        raise typer.Exit(1)


def week(
    more: MoreRecords = None,
    actuals: RecordsOption = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="First of the seven days; the Monday of this week if absent.",
            metavar="DATE",
        ),
    ] = None,
    protocol: SeveralProtocolsOption = None,
    site: SiteOption = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today",
            help="Plan no visit before this date; today's date at the site if absent.",
            metavar="DATE",
        ),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the site's week over all protocols, by room, by role and by day, with its clashes.

    A clash is a time at which visits need more of a kind of room, or more people of a role, than
    the site file lists, or a visit on a closed day. No visit is assigned to a room or a person. The
    exit code is 1 if there is a clash, an appointment that cannot be kept, or a record that has to
    be left out.
    """
    from planner.api import participants
    from planner.api.inputs import site_of
    from planner.cli.clock import today_at

    chosen = table_format(output_format, output)
    if not actuals and not more:
        raise PlannerError("--records: name a participant's record, or a folder of them")
    place = None if site is None else site_of(site)
    day = today_at(place) if today is None else read_date(today, "--today")
    answer = participants.week(
        [*(actuals or ()), *(more or ())],
        participants.monday_of(day) if first is None else read_date(first, "--from"),
        protocols=(load_sound(name, anyway=anyway, unblinded=unblinded) for name in protocol or ()),
        site=place,
        today=day,
        anyway=anyway,
        watch=watch_records(day),
    )
    write_answer(answer, chosen, output)
    if leaves_out(answer.left_out, answer.records) or answer.clashes or answer.appointments:
        raise typer.Exit(1)


def _read_days(text: str) -> "tuple[date, date]":
    begin, dots, end = text.partition("..")
    first = read_date(begin, "--away")
    last = read_date(end, "--away") if dots else first
    if last < first:
        raise PlannerError(f"--away: {last} is before {first}")
    return first, last
