"""What a check is, and how the function of a file becomes one.

A check is one file, `planner/checks/<family>/<id, with underscores>.py`: `check` makes it of the
function that is named like the file. The function yields a `Flag` for each place it objects to;
what id, family and severity the finding has is filled in here. `for_each` runs it over the courses
of the arms, and keeps one flag where several arms share a place.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import wraps
from typing import NamedTuple, TypeVar

from planner.checks.finding import Finding, Page, Related
from planner.checks.subject import Subject
from planner.protocol.course import Occurrence
from planner.protocol.document import Path

FAMILIES = (
    "structure", "sequence", "time", "staff", "evidence", "blinding", "scope", "m11", "imported",
)  # fmt: skip
PROFILES = ("m11",)
"""Families that run only when they are asked for: what a standard wants of a document."""

Part = TypeVar("Part")


class Flag(NamedTuple):
    """What a check objects to at one place of the file.

    ``related`` are other places, ``about`` the ids by which a file can ignore the finding: of a
    visit's occurrence, its own and that of the visit as written. ``severity`` is given where it is
    not that of the check. ``once`` is what `for_each` keeps one flag of, if that is not the place.
    """

    path: Path
    message: str
    hint: str | None = None
    related: Iterable[Related | Occurrence] = ()
    about: Iterable[str | Occurrence] = ()
    severity: str | None = None
    once: Hashable = None


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


class Checks(list[Check]):
    """Checks, family by family."""


def check(
    severity: str,
    title: str,
    *,
    what: str,
    why: str,
    bad: str,
    good: str,
    misleads: bool = False,
) -> Callable[[Callable[[Subject], Iterable[Flag]]], Check]:
    """The decorated function as a check; its id and family are the names of its file and folder.

    Args:
        severity: of what it finds, where a flag does not say another.
        title: what it finds, in a few words.
        what: what it finds, in sentences.
        why: why that matters.
        bad: a YAML fragment that the check objects to, laid over the protocol of all examples.
        good: the same put right.
        misleads: as in `Check`.
    """

    def decorate(flags: Callable[[Subject], Iterable[Flag]]) -> Check:
        _, family, name = flags.__module__.rsplit(".", 2)
        check_id = name.replace("_", "-")

        def examine(subject: Subject) -> Iterator[Finding]:
            for flag in flags(subject):
                yield _finding(check_id, severity, flag)

        page = Page(what, why, bad, good)
        return Check(check_id, family, severity, title, page, examine, misleads)

    return decorate


def for_each(
    parts: Callable[[Subject], Iterable[Part]],
) -> Callable[[Callable[[Part], Iterable[Flag]]], Callable[[Subject], Iterator[Flag]]]:
    """The decorated function over each of several parts; each place is flagged once.

    Args:
        parts: what of a subject is examined one after another, as `different_courses`.
    """

    def decorate(flags: Callable[[Part], Iterable[Flag]]) -> Callable[[Subject], Iterator[Flag]]:
        @wraps(flags)
        def flags_of_all(subject: Subject) -> Iterator[Flag]:
            known: set[Hashable] = set()
            for part in parts(subject):
                for flag in flags(part):
                    key = flag.path if flag.once is None else flag.once
                    if key not in known:
                        known.add(key)
                        yield flag

        return flags_of_all

    return decorate


def _finding(check_id: str, severity: str, flag: Flag) -> Finding:
    related = tuple(
        Related(f"`{place.id}`", place.path) if isinstance(place, Occurrence) else place
        for place in flag.related
    )
    about = dict.fromkeys(
        name
        for owner in flag.about
        for name in ((owner.id, owner.visit.id) if isinstance(owner, Occurrence) else (owner,))
    )
    return Finding(
        check_id,
        flag.severity or severity,
        flag.message,
        flag.path,
        flag.hint,
        related,
        tuple(about),
    )
