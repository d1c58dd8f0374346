"""What a check is, and how a function becomes one."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from planner.checks.finding import Finding, Page
from planner.checks.subject import Subject

FAMILIES = ("structure", "sequence", "time", "staff", "evidence", "blinding", "scope", "imported")


class Check(NamedTuple):
    """One check: its id, family, severity, title, page, and the function that examines.

    ``stated`` is the page, or the module whose ``PAGES`` hold it and which is read when asked for.
    ``misleads`` says that with an error of this check dates can be wrong or visits left out.
    """

    id: str
    family: str
    severity: str
    title: str
    stated: Page | str
    examine: Callable[[Subject], Iterable[Finding]]
    misleads: bool = False

    @property
    def page(self) -> Page:
        """What `planner explain` shows."""
        if isinstance(self.stated, Page):
            return self.stated
        from importlib import import_module

        pages: dict[str, Page] = import_module(self.stated).PAGES
        return pages[self.id]


_CHECKS: dict[str, Check] = {}


def check(
    check_id: str,
    severity: str,
    title: str,
    *,
    what: str,
    why: str,
    bad: str,
    good: str,
    misleads: bool = False,
) -> Callable[[Callable[[Subject], Iterable[Finding]]], Callable[[Subject], Iterable[Finding]]]:
    """Registers the decorated function as a check.

    Its family is the name of its module, up to an underscore. ``misleads`` is as in `Check`.

    Raises:
        ValueError: another check has this id.
    """

    def decorate(
        examine: Callable[[Subject], Iterable[Finding]],
    ) -> Callable[[Subject], Iterable[Finding]]:
        family = examine.__module__.rsplit(".", 1)[-1].partition("_")[0]
        page = Page(what, why, bad, good)
        if check_id in _CHECKS:
            raise ValueError(f"two checks have the id {check_id}")
        _CHECKS[check_id] = Check(check_id, family, severity, title, page, examine, misleads)
        return examine

    return decorate


def registered() -> dict[str, Check]:
    """The checks of the modules that have been imported, by id."""
    return dict(_CHECKS)
