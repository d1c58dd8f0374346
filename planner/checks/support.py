"""What share of a protocol's statements rests on what was read, and which protocol has least."""

from collections.abc import Iterable
from typing import NamedTuple

from planner.checks.statements import SUPPORTED, SUPPORTS, Statement, statements
from planner.checks.subject import Subject
from planner.protocol.file import ProtocolFile


class Support(NamedTuple):
    """How many statements have which support; ``counts`` has each of `SUPPORTS`, the best first."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many statements there are."""
        return sum(self.counts)

    @property
    def supported(self) -> int:
        """How many are verified, derived or secondary."""
        return sum(self.count_of(name) for name in SUPPORTED)

    def count_of(self, name: str) -> int:
        """How many have this support."""
        return self.counts[SUPPORTS.index(name)]

    def share(self, number: int) -> float:
        """A number of statements as a part of all, 0.0..1.0; 0.0 where there are none."""
        return number / self.total if self.total else 0.0


class ProtocolSupport(NamedTuple):
    """A protocol's file, its statements in the order of the model, and their support."""

    file: ProtocolFile
    statements: tuple[Statement, ...]
    support: Support


def count(statements: Iterable[Statement]) -> Support:
    """The number of statements with each support.

    Args:
        statements: the statements of a protocol, or some of them.
    """
    supports = [statement.support for statement in statements]
    return Support(tuple(supports.count(name) for name in SUPPORTS))


def protocol_support(file: ProtocolFile) -> ProtocolSupport:
    """The support of all statements of a protocol.

    Args:
        file: the protocol.
    """
    every = tuple(statements(Subject(file)))
    return ProtocolSupport(file, every, count(every))


def least_supported_first(trials: Iterable[ProtocolSupport]) -> list[ProtocolSupport]:
    """By the share of statements that are verified, derived or secondary, the smallest first.

    Ties: the smaller share of verified ones first, then by id.
    """

    def order(trial: ProtocolSupport) -> tuple[float, float, str]:
        own = trial.support
        verified = own.share(own.count_of("verified"))
        return own.share(own.supported), verified, trial.file.protocol.id

    return sorted(trials, key=order)
