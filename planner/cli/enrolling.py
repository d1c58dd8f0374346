"""`planner enrol`: new participants, one or a list of them."""

from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.confirming import YesOption, confirm
from planner.cli.options import OutputOption, SiteOption, read_date
from planner.cli.recording import NowOption, PlacesOption, place_and_day, places, protocols_of
from planner.cli.sound_protocols import AnywayOption, TellingOption
from planner.cli.tables import TableFormatOption, table_format, write_answer
from planner.cli.trail import WhoOption
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.types import NewParticipant


def enrol(
    participant: Annotated[
        str | None,
        typer.Argument(help="A code that names nobody, such as P0001.", metavar="CODE"),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="Planned date of the anchor visit.", metavar="DATE"),
    ] = None,
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            help="The protocol: a file, or an id of the library; repeated for a list whose column"
            " protocol names several by their ids.",
            metavar="PROTOCOL",
        ),
    ] = None,
    arm: Annotated[
        str | None,
        typer.Option("--arm", help="The arm, where it may be known.", metavar="ARM"),
    ] = None,
    cohort: Annotated[
        str | None,
        typer.Option(
            "--cohort",
            help="The group that rules between participants are about.",
            metavar="COHORT",
        ),
    ] = None,
    people: Annotated[
        str | None,
        typer.Option(
            "--list",
            help="Enrol everybody of a list in CSV or XLSX: columns participant, start, and"
            " protocol, arm, cohort.",
            metavar="FILE",
        ),
    ] = None,
    records: PlacesOption = None,
    site: SiteOption = None,
    today: NowOption = None,
    yes: YesOption = False,
    who: WhoOption = None,
    unblinded: TellingOption = False,
    anyway: AnywayOption = False,
    output_format: TableFormatOption = None,
    output: OutputOption = None,
) -> None:
    """Write the records of new participants, after showing whether their start works at the site.

    Where no plan keeps all visit windows from a start, the nearest dates that work are shown,
    nobody is enrolled, and the exit code is 1. Of a list everybody is enrolled, or nobody.
    """
    from planner.api import enrolling

    chosen = table_format(output_format, output)
    if people is None and (participant is None or start is None):
        raise PlannerError("CODE and --start: name the participant and the planned date, or --list")
    if people is not None and (participant or start or arm or cohort):
        raise PlannerError("--list: gives code, start, arm and cohort; leave these out")
    place, day = place_and_day(site, today)
    if people is None and len(protocol or ()) != 1:
        named = f" of {', '.join(protocol)}" if protocol else ""
        raise PlannerError(f"--protocol: name the participant's protocol{named}")
    someone: str | list[NewParticipant]
    if people is not None:
        someone = people
    else:
        assert participant is not None, "asked for above"
        assert start is not None, "asked for above"
        first = read_date(start, "--start")
        someone = [enrolling.new_participant(participant, first, arm=arm, cohort=cohort)]
    change = enrolling.enrol(
        places(records),
        someone,
        today=day,
        protocols=protocols_of(protocol, anyway=anyway, unblinded=unblinded),
        site=place,
        anyway=anyway,
    )
    if not change.answer.kept:
        write_answer(change.answer, chosen, output)
        raise typer.Exit(1)
    confirm(change, yes=yes, who=who, chosen=chosen, output=output)
