"""Every check there is: of protocols, and of studies of other standards that are read as such."""

from collections.abc import Iterable

from planner.checks import run
from planner.checks.framework import Check
from planner.formats.usdm.lint import catalog


def all_checks() -> dict[str, Check]:
    """Every check by id, family by family."""
    return run.all_checks(catalog.CHECKS)


def families() -> dict[str, str]:
    """The family of each check by its id, family by family; no check is imported for it."""
    return run.families(catalog.CHECKS)


def load_checks(names: Iterable[str]) -> dict[str, Check]:
    """Some checks by their ids, as `families` has them."""
    return run.load_checks(names, catalog.CHECKS)


def choose(select: Iterable[str], ignore: Iterable[str]) -> list[Check]:
    """The checks to run; names are ids or families, all but profiles where ``select`` is empty.

    Raises:
        PlannerError: a name is neither; names the nearest one.
    """
    return run.choose(select, ignore, catalog.CHECKS)
