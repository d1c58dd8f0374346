"""Makes the checks of files of another standard; what they find is made elsewhere, when asked for.

Most examine a USDM study itself rather than what was read from it, and find nothing in files of
our own format.
"""

from collections.abc import Iterable

from planner.checks.registry import Finding, Subject, check


def imported_check(
    check_id: str, severity: str, title: str, *, what: str, why: str, bad: str, good: str
) -> None:
    """Registers the check of an id whose findings `planner.checks.usdm.lint` makes.

    ``bad`` and ``good`` are laid over the study of `planner.checks.example_study`.
    """

    def examine(subject: Subject) -> Iterable[Finding]:
        if subject.file.imported is None:
            return ()
        from planner.checks.usdm.lint import by_check

        return subject.once(by_check).get(check_id, ())

    check(check_id, severity, title, what=what, why=why, bad=bad, good=good)(examine)
