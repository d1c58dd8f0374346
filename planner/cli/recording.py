"""`planner record` and `planner withdraw`: what became of a visit, or of a participant."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.confirming import YesOption, confirm
from planner.cli.options import OutputOption, SiteOption, read_date
from planner.cli.sound_protocols import AnywayOption, TellingOption, load_sound
from planner.cli.tables import TableFormatOption, table_format
from planner.cli.trail import ReasonOption, WhoOption
from planner.errors import PlannerError

if TYPE_CHECKING:
    from datetime import date

    from planner.api.types import ProtocolFile, Site

CodeArgument = Annotated[str, typer.Argument(help="The participant's code.", metavar="CODE")]
VisitArgument = Annotated[
    str, typer.Argument(help="The visit, by its id, number (`V07`) or title.", metavar="VISIT")
]
PlacesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--records",
        help="The records: a folder, files, or a store; can be repeated.",
        metavar="RECORDS",
    ),
]
ProtocolsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--protocol",
        help="A file of a protocol that records name and the library does not have; can be"
        " repeated.",
        metavar="PROTOCOL",
    ),
]
NowOption = Annotated[
    str | None,
    typer.Option("--today", help="Today's date; that at the site if absent.", metavar="DATE"),
]


def record(
    participant: CodeArgument,
    visit: VisitArgument,
    status: Annotated[
        str,
        typer.Argument(help="occurred, missed, cancelled or booked.", metavar="STATUS"),
    ],
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            help="When it took place, is booked or was due; the appointment's date if absent.",
            metavar="DATE[THH:MM]",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="When it was over.", metavar="DATE[THH:MM]")
    ] = None,
    reason: ReasonOption = None,
    note: Annotated[
        str | None, typer.Option("--note", help="A remark in the record.", metavar="TEXT")
    ] = None,
    records: PlacesOption = None,
    protocol: ProtocolsOption = None,
    site: SiteOption = None,
    today: NowOption = None,
    yes: YesOption = False,
    who: WhoOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Write into a record what became of a visit, after showing what that changes in the plan.

    It shows as `planner whatif` does which visits move and which windows are missed, and asks
    before it writes. Where nobody can be asked it writes with --yes only; without it nothing is
    written, and the exit code is 1.
    """
    from planner.api import recording

    chosen = table_format(output_format, output)
    place, day = place_and_day(site, today)
    change = recording.record_visit(
        places(records),
        participant,
        visit,
        status,
        today=day,
        on=on,
        until=until,
        reason=reason,
        note=note,
        protocols=protocols_of(protocol, anyway=anyway, unblinded=unblinded),
        site=place,
        anyway=anyway,
    )
    confirm(change, yes=yes, who=who, chosen=chosen, output=output)


def withdraw(
    participant: CodeArgument,
    on: Annotated[
        str, typer.Option("--on", help="The date of the withdrawal.", metavar="DATE[THH:MM]")
    ],
    reason: Annotated[
        str, typer.Option("--reason", help="Why; a store keeps it in its trail.", metavar="TEXT")
    ],
    records: PlacesOption = None,
    protocol: ProtocolsOption = None,
    site: SiteOption = None,
    today: NowOption = None,
    yes: YesOption = False,
    who: WhoOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Write the withdrawal of a participant, after showing which visits that calls off.

    Visits of early termination that the protocol has are dated from it. The change is confirmed as
    that of `planner record`.
    """
    from planner.api import recording

    chosen = table_format(output_format, output)
    place, day = place_and_day(site, today)
    change = recording.withdraw(
        places(records),
        participant,
        on=read_date(on, "--on"),
        reason=reason,
        today=day,
        protocols=protocols_of(protocol, anyway=anyway, unblinded=unblinded),
        site=place,
        anyway=anyway,
    )
    confirm(change, yes=yes, who=who, chosen=chosen, output=output)


def place_and_day(site: str | None, today: str | None) -> "tuple[Site | None, date]":
    """The site, and today's date there where none is given."""
    from planner.api.inputs import site_of
    from planner.cli.clock import today_at

    place = None if site is None else site_of(site)
    return place, today_at(place) if today is None else read_date(today, "--today")


def places(records: list[str] | None) -> list[str]:
    """Where the records are.

    Raises:
        PlannerError: nothing says so.
    """
    if not records:
        raise PlannerError(
            "--records: name the folder or the store of the records, or write it into planner.toml"
        )
    return records


def protocols_of(names: list[str] | None, *, anyway: bool, unblinded: bool) -> "list[ProtocolFile]":
    """The protocols that are named, each as `load_sound` gives it."""
    return [load_sound(name, anyway=anyway, unblinded=unblinded) for name in names or ()]
