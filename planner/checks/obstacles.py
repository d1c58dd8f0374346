"""What stands against planning, drawing or exporting a protocol: the errors of its file.

Nothing is dated, drawn or exported without a word while the file has errors, and nothing at all,
unless that is accepted, where one of them makes dates wrong, leaves visits out, or lets the arms of
a blinded study be told apart.
"""

from collections.abc import Mapping
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.checks.framework import Check
from planner.checks.run import examine
from planner.protocol.file import ProtocolFile


class Obstacles(NamedTuple):
    """The errors of a file that it does not accept by its `ignore:`.

    Attributes:
        errors: all of them.
        misleading: those of a check that ``misleads``: dates can be wrong, or visits left out.
        telling: those of the family `blinding`: what is shown by arm tells the arm.
    """

    errors: tuple[Finding, ...]
    misleading: tuple[Finding, ...]
    telling: tuple[Finding, ...]


def obstacles(file: ProtocolFile, checks: Mapping[str, Check]) -> Obstacles:
    """The errors of a protocol, and whether they stand against plans and outputs.

    Args:
        file: the protocol.
        checks: by id; those that can give an error are run.
    """
    chosen = [check for check in checks.values() if check.severity == "error"]
    errors = tuple(finding for finding in examine(file, chosen) if finding.severity == "error")
    return Obstacles(
        errors,
        tuple(error for error in errors if checks[error.check].misleads),
        tuple(error for error in errors if checks[error.check].family == "blinding"),
    )
