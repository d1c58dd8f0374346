"""Loads a protocol for what plans, draws or exports it, with a word on what stands against that.

Errors of the file are counted on standard error. Where one of them makes dates wrong or leaves
visits out nothing is done without `--anyway`, and where the arms of a blinded study can be told
apart nothing is shown by arm without `--unblinded`: unless the file accepts the finding by its
`ignore:`. Protocols of the library have no errors (a test holds them to it) and are not examined.
"""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from planner.errors import AnswerNo

if TYPE_CHECKING:
    from planner.api.types import Finding, ProtocolFile

AnywayOption = Annotated[
    bool,
    typer.Option(
        "--anyway",
        help="Continue although errors in the file make dates wrong or leave visits out.",
    ),
]


TellingOption = Annotated[
    bool,
    typer.Option(
        "--unblinded",
        help="Continue although differences between the arms of a blinded study reveal the arm.",
    ),
]


class ProtocolRefused(AnswerNo):
    """A protocol is not planned, drawn or exported because of its errors."""


def load_sound(
    name: str, *, anyway: bool = False, unblinded: bool = False, by_arm: bool = True
) -> "ProtocolFile":
    """The protocol that a path or a library id names, unless its errors stand against its use.

    Args:
        name: as `planner.formats.load.load_protocol` takes it.
        anyway: whether errors that make dates wrong or leave visits out are accepted.
        unblinded: whether it may be shown which arm has what.
        by_arm: whether what is made of it shows the course of one arm.

    Raises:
        ProtocolRefused: names what stands against it, and the command that shows all.
        PlannerError: as `planner.formats.load.load_protocol`.
    """
    from planner.api.protocols import is_of_library, load, obstacles

    file = load(name)
    if is_of_library(name):
        return file
    against = obstacles(file)
    shows = f"planner validate {shlex.quote(name)}"
    number = len(against.errors)
    errors, which = ("1 error", "it") if number == 1 else (f"{number} errors", "them")
    if against.misleading and not anyway:
        raise ProtocolRefused(
            f"{name} has {errors}; {_misled(against.misleading, number)}:"
            f" {_named(against.misleading)}; `{shows}` shows {which}, --anyway goes on"
        )
    if against.telling and by_arm and not unblinded:
        raise ProtocolRefused(
            f"{name} has {errors}, and {'it is' if number == 1 else f'{len(against.telling)} are'}"
            f" of the family `blinding`: {_named(against.telling)}; `{shows}` shows {which}."
            " Nothing is shown by arm without --unblinded, for those who may know the arms, unless"
            " the file accepts the finding by `ignore:` with its reason"
        )
    _warn(file, name, errors if number else "", shows)
    return file


def _warn(file: "ProtocolFile", name: str, errors: str, shows: str) -> None:
    from planner.cli.output import tell

    if errors:
        which = "it" if errors.startswith("1 ") else "them"
        tell(f"warning: {name} has {errors}; {shows} shows {which}")
    imported = file.imported
    if imported is None:
        return
    visits, loops, unplanned = imported.lost
    parts = []
    if visits:
        there = sum(len(epoch.visits) for epoch in file.protocol.epochs)
        of_all = f"{visits} of the {visits + there} visits of the study"
        parts.append(f"{of_all} {'is' if visits == 1 else 'are'} not in this schedule")
    if unplanned:
        them = "1 visit is" if unplanned == 1 else f"{unplanned} visits are"
        parts.append(f"{them} in no plan before a condition comes true")
    if loops:
        parts.append("1 loop is read once" if loops == 1 else f"{loops} loops are read once each")
    if parts:
        tell(f"warning: {name}: {', '.join(parts)}; {shows} shows where")


def _misled(findings: "tuple[Finding, ...]", number: int) -> str:
    if len(findings) > 1:
        return f"{len(findings)} of them make dates wrong or leave visits out"
    return f"{'it' if number == 1 else 'one of them'} makes dates wrong or leaves visits out"


def _named(findings: "tuple[Finding, ...]") -> str:
    """The first of the findings, and how many more there are."""
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{findings[0].message}{more}"
