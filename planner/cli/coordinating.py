"""`planner deviations` and `planner due`: a coordinator's questions about participants' records."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.options import (
    OutputOption,
    ProtocolArgument,
    SiteOption,
    read_date,
)
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.errors import PlannerError

if TYPE_CHECKING:
    from datetime import date

    from planner.api.participants import Watch

_MAX_COMPLAINTS = 20
DUE_DAYS = timedelta(days=13)
"""From the first to the last of the 14 days that are listed where no date is given."""

MoreRecords = Annotated[
    list[str] | None,
    typer.Argument(help="More records, as a shell's `*` gives them.", metavar="RECORDS"),
]
RecordsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--records",
        help="A participant's record, or a folder of them; can be repeated.",
        metavar="RECORDS",
    ),
]


def deviations(
    protocol: ProtocolArgument,
    more: MoreRecords = None,
    actuals: RecordsOption = None,
    site: SiteOption = None,
    today: Annotated[
        str | None,
        typer.Option("--today", help="Tell what is overdue on this date, too.", metavar="DATE"),
    ] = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """List protocol deviations: visits outside their window, missed, or out of order.

    Each with its size, the rule and its place in the protocol file, and its consequences for later
    visits. The exit code is 1 if there are any.
    """
    from planner.api import participants

    chosen = table_format(output_format, output)
    if not actuals:
        raise PlannerError("--records: name a participant's record, or a folder of them")
    day = None if today is None else read_date(today, "--today")
    file = load_sound(protocol, anyway=anyway, unblinded=unblinded)
    report = participants.deviations(
        file, [*actuals, *(more or ())], site=site, today=day, anyway=anyway, watch=_watch()
    )
    write_answer(report, chosen, output)
    _end(report.left_out)
    if report.deviations:
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
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            help="The protocol of records that name none, or a file for those that name its id; can"
            " be repeated. Ids of the library need no file.",
            metavar="PROTOCOL",
        ),
    ] = None,
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
) -> None:
    """List the visits that are due between two dates, with the days left in each window.

    Without dates these are the next 14 days, today included. The most urgent come first. The exit
    code is 1 if a visit is overdue, if a participant's windows can no longer all be kept, or if an
    absence would push a visit out of its window.
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
    answer = participants.due(
        [*(actuals or ()), *(more or ())],
        begin,
        end,
        protocols=(load_sound(name, anyway=anyway, unblinded=unblinded) for name in protocol or ()),
        site=place,
        today=day,
        without=absences,
        anyway=anyway,
        watch=_watch(),
    )
    write_answer(answer, chosen, output)
    _end(answer.left_out)
    if any(visit.status in ("overdue", "broken") for visit in answer.visits) or any(
        effect.lost for effect in answer.effects
    ):
        raise typer.Exit(1)


def _read_days(text: str) -> "tuple[date, date]":
    begin, dots, end = text.partition("..")
    first = read_date(begin, "--away")
    last = read_date(end, "--away") if dots else first
    if last < first:
        raise PlannerError(f"--away: {last} is before {first}")
    return first, last


def _watch() -> "Watch":
    """Shows how far the reading is, warns of codes, and says what is wrong with some records."""
    from planner.api.participants import Watch
    from planner.cli.output import complain
    from planner.cli.progress import progress
    from planner.cli.records import warn_of_code

    complaints = count(1)

    class OnScreen(Watch):
        def paths(self, paths: list[str]) -> Iterable[str]:
            return progress(paths, len(paths), "records")

        def read(self, path: str, participant: str) -> None:
            warn_of_code(path, participant)

        def left_out(self, whose: str, why: str) -> None:
            if next(complaints) <= _MAX_COMPLAINTS:
                complain(why if why.startswith(f"{whose}:") else f"{whose}: {why}")

    return OnScreen()


def _end(left_out: "Sequence[tuple[str, str]]") -> None:
    """Ends with exit code 2 if any record could not be taken into account."""
    from planner.cli.output import tell

    number = len(left_out)
    if number:
        more = number - _MAX_COMPLAINTS
        rest = f" ({more} not shown)" if more > 0 else ""
        records = "1 record is" if number == 1 else f"{number} records are"
        tell(f"{records} left out above{rest}")
        raise typer.Exit(2)
