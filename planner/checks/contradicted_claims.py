"""Claims about schedules that registered trials contradict: on record, and never a rule.

Frozen here until claims have files of their own. Each says what kind of rule it would make, so
that a rule which rests on it is recognised by its numbers.
"""

from typing import Literal, NamedTuple


class ContradictedClaim(NamedTuple):
    """A claim of a text for the public, and what registered trials did instead.

    ``least`` and ``most`` are days between two dosing sessions, or a number of dosing sessions,
    both included; ``trials`` is the span of the same quantity in the registered trials.
    """

    id: str
    substance: str
    kind: Literal["dosing-interval", "dosing-count"]
    least: int | None
    most: int | None
    claim: str
    trials: tuple[int, int]
    instead: str
    registered: tuple[str, ...]


_TRIALS = ("NCT03537014", "NCT04077437", "NCT03282123")

CONTRADICTED_CLAIMS = (
    ContradictedClaim(
        "sessions-six-weeks-apart",
        "mdma",
        "dosing-interval",
        42,
        None,
        "that sessions lie no less than six weeks apart",
        (21, 35),
        "registered trials with MDMA place them 3 to 5 weeks apart",
        _TRIALS,
    ),
    ContradictedClaim(
        "four-or-five-sessions",
        "mdma",
        "dosing-count",
        4,
        5,
        "that it takes four or five sessions",
        (2, 3),
        "registered trials with MDMA have 2 or 3 sessions",
        _TRIALS,
    ),
    ContradictedClaim(
        "three-to-seven-sessions",
        "mdma",
        "dosing-count",
        3,
        7,
        "that fewer than three sessions are too few and more than seven of little use",
        (2, 3),
        "registered trials with MDMA have 2 or 3 sessions",
        _TRIALS,
    ),
)
"""Numbers 31 (the first two) and 32 of the claims that were compared with registered trials."""
