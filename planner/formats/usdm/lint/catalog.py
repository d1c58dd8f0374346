"""The checks of files of another standard; what they find is made elsewhere, when asked for.

Most examine a USDM study itself rather than what was read from it, and find nothing in files of
our own format, whose examination they must not slow down: only this table is read for those.
"""

from collections.abc import Callable, Iterable

from planner.checks.finding import Finding
from planner.checks.framework import Check
from planner.checks.subject import Subject
from planner.formats.usdm.lint.titles import TITLES

_MISLEADING = (
    "timed-from-itself", "endless-chain", "negative-duration", "no-duration", "incomplete-timing",
    "repeated-id",
)  # fmt: skip
"""With one of these a timing or an instance is not read as it was meant. What a reference to
nothing leaves out is found where it is missed: visits without a date, or that are not read."""


def _examining(check_id: str) -> Callable[[Subject], Iterable[Finding]]:
    def examine(subject: Subject) -> Iterable[Finding]:
        if subject.file.imported is None:
            return ()
        from planner.formats.usdm.lint.lint import by_check

        return subject.cached(by_check).get(check_id, ())

    return examine


CHECKS = tuple(
    Check(
        check_id,
        "imported",
        severity,
        title,
        f"planner.formats.usdm.lint.pages.{pages}",
        _examining(check_id),
        misleads=check_id in _MISLEADING,
    )
    for pages, titles in TITLES.items()
    for check_id, severity, title in titles
)
"""The catalogue; `planner.checks.run` knows nothing of it."""
