"""Options that several commands share, and reading what they were given."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, TypeVar

import typer

from planner.errors import PlannerError, did_you_mean

Word = TypeVar("Word", bound=str)


def library_words(incomplete: str) -> list[str]:
    """Library ids that begin as typed so far, for the shell's completion."""
    from planner.api.comparisons import library_ids

    return [word for word in library_ids() if word.startswith(incomplete)]


PROTOCOL_HELP = "A protocol file, or the id of a library protocol."
ProtocolArgument = Annotated[
    str, typer.Argument(help=PROTOCOL_HELP, metavar="PROTOCOL", autocompletion=library_words)
]
ArmOption = Annotated[
    str | None, typer.Option("--arm", help="The arm; the first one by default.", metavar="ARM")
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Name all reasons why windows cannot be kept.")
]
SiteOption = Annotated[
    str | None,
    typer.Option(
        "--site", help="A site file; without one every day is open, in UTC.", metavar="FILE"
    ),
]
AtOption = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        help="Fix a visit, by its id, number (`V07`) or title, on a date; can be repeated.",
        metavar="VISIT=DATE",
    ),
]
WithOption = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        help="An optional, conditional or unscheduled visit to plan; if given,"
        " only these are planned. Can be repeated.",
        metavar="VISIT",
    ),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        help="An optional or conditional visit to leave out; can be repeated.",
        metavar="VISIT",
    ),
]
ActualsOption = Annotated[
    str | None,
    typer.Option(
        "--records",
        help="The participant's record: visits that took place, were missed or are booked.",
        metavar="RECORD",
    ),
]
TodayOption = Annotated[
    str | None,
    typer.Option(
        "--today",
        help="Plan no visit before this date, and mark visits that are due or overdue on it.",
        metavar="DATE",
    ),
]
UnblindedOption = Annotated[
    bool,
    typer.Option(
        "--unblinded",
        help="Also plan visits after the unblinding of a blinded study, and continue although"
        " differences between its arms reveal the arm.",
    ),
]
OutputOption = Annotated[
    str | None,
    typer.Option("-o", "--output", help="Write to this file instead of stdout.", metavar="FILE"),
]


def read_date(text: str, option: str) -> date:
    """Reads a date given on the command line.

    Raises:
        PlannerError: names the option and what is wrong.
    """
    from planner.api.inputs import date_of

    return date_of(text, option)


def read_fixed(pairs: Iterable[str] | None) -> dict[str, date]:
    """Reads `VISIT=DATE` pairs."""
    fixed = {}
    for pair in pairs or ():
        name, equals, text = pair.rpartition("=")
        if not equals:
            raise PlannerError(
                f"--at: `{pair[:60]}`: write VISIT=DATE, as in `dosing-1=2027-02-01`"
            )
        fixed[name.strip()] = read_date(text, "--at")
    return fixed


def read_choice(value: str, allowed: tuple[Word, ...], option: str) -> Word:
    """Accepts one of a few words.

    Raises:
        PlannerError: another word; names the nearest.
    """
    for word in allowed:
        if word == value:
            return word
    hint = did_you_mean(value, allowed, before="; ")
    raise PlannerError(f"{option}: `{value[:40]}` is none of {', '.join(allowed)}{hint}")
