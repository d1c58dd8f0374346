"""What a check is, where checks are found by id, and how they are run over one protocol."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from planner.errors import PlannerError
from planner.protocol.course import Course
from planner.protocol.document import Path, Position
from planner.protocol.expand import expand
from planner.protocol.imported import Origin
from planner.protocol.load import ProtocolFile
from planner.schedule.build import Schedule, build_schedule

FAMILIES = ("structure", "sequence", "time", "staff", "evidence", "blinding", "scope", "imported")
SEVERITIES = ("error", "warning", "note")
LAST = "unused-ignore"
"""The check that judges by what all others found."""

Made = TypeVar("Made")


class Related(NamedTuple):
    """Another place in the file that a finding is about."""

    message: str
    path: Path


class Finding(NamedTuple):
    """What one check found at one place; ``path`` points into the file.

    ``about`` are the ids the finding is about, by which a file can ignore it. ``origin`` is where
    it stands, if that is not where ``path`` leads: the second of two keys, of which the first
    counts.
    """

    check: str
    severity: str
    message: str
    path: Path
    hint: str | None = None
    related: tuple[Related, ...] = ()
    about: tuple[str, ...] = ()
    origin: Origin | None = None

    def position(self, file: ProtocolFile) -> Position:
        """Where it stands in the file."""
        return file.position(self.path) if self.origin is None else self.origin.position


class Page(NamedTuple):
    """The page of a check: what it finds, why that matters, and two examples.

    ``bad`` and ``good`` are YAML fragments laid over `planner.checks.example.BASE`, key by key, or,
    in the family `imported`, over the study of `planner.checks.example_study`.
    """

    what: str
    why: str
    bad: str
    good: str


class Subject:
    """The protocol under examination; courses and networks are made once and only when asked for.

    ``arms`` are the arms' ids, or ``(None,)`` without arms. A course of an arm has every optional
    and conditional visit. ``ran`` are the checks that have examined it, ``found`` what they found.
    """

    def __init__(self, file: ProtocolFile) -> None:
        self.file = file
        self.protocol = file.protocol
        self.ran: set[str] = set()
        self.found: list[Finding] = []
        self._made: dict[object, Any] = {}
        self.arms: tuple[str | None, ...] = tuple(arm.id for arm in file.protocol.arms) or (None,)
        self._courses: dict[str | None, Course] = {}
        self._schedules: dict[str | None, Schedule] = {}
        self._consistent: dict[str | None, bool] = {}

    def course(self, arm: str | None) -> Course:
        """The course of an arm."""
        if arm not in self._courses:
            self._courses[arm] = expand(self.protocol, arm)
        return self._courses[arm]

    def schedule(self, arm: str | None) -> Schedule:
        """The network of an arm's course."""
        if arm not in self._schedules:
            self._schedules[arm] = build_schedule(self.course(arm))
        return self._schedules[arm]

    def is_consistent(self, arm: str | None) -> bool:
        """Whether an arm's rules can all hold; questions about windows need that."""
        if arm not in self._consistent:
            from planner.network.windows import is_consistent

            self._consistent[arm] = is_consistent(self.schedule(arm).network)
        return self._consistent[arm]

    def once(self, make: "Callable[[Subject], Made]") -> Made:
        """What ``make`` makes of this subject, made once however many checks ask for it."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def different_arms(self) -> list[str | None]:
        """One arm of each group of arms whose courses are the same."""
        return self.once(_different_arms)


def _different_arms(subject: Subject) -> list[str | None]:
    seen: list[tuple[object, ...]] = []
    chosen = []
    for arm in subject.arms:
        course = subject.course(arm)
        shape = (course.visits, course.rules, course.tracks)
        if shape not in seen:
            seen.append(shape)
            chosen.append(arm)
    return chosen


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
        register(check_id, family, severity, title, page, examine, misleads=misleads)
        return examine

    return decorate


def register(
    check_id: str,
    family: str,
    severity: str,
    title: str,
    page: Page | str,
    examine: Callable[[Subject], Iterable[Finding]],
    *,
    misleads: bool = False,
) -> None:
    """Registers a check; ``page`` may be the module whose ``PAGES`` hold it.

    Raises:
        ValueError: another check has this id.
    """
    if check_id in _CHECKS:
        raise ValueError(f"two checks have the id {check_id}")
    _CHECKS[check_id] = Check(check_id, family, severity, title, page, examine, misleads)


def all_checks() -> dict[str, Check]:
    """Every check by id, family by family."""
    from planner.checks import (  # noqa: F401 - importing registers their checks
        blinding,
        blinding_design,
        evidence,
        evidence_disagreement,
        evidence_sources,
        imported,
        scope,
        sequence,
        sequence_order,
        sequence_plans,
        staff,
        staff_nights,
        structure,
        structure_conditions,
        structure_timings,
        time,
        time_anchors,
        time_cadence,
        time_clock,
        time_titles,
        time_windows,
    )

    order = {family: at for at, family in enumerate(FAMILIES)}
    return dict(sorted(_CHECKS.items(), key=lambda item: order[item[1].family]))


def choose(select: Iterable[str], ignore: Iterable[str]) -> list[Check]:
    """The checks to run; names are ids or families.

    Raises:
        PlannerError: a name is neither; names the nearest one.
    """
    checks = all_checks()
    chosen = set(checks)
    selected = set(_named(checks, select))
    if selected:
        chosen = selected
    chosen -= set(_named(checks, ignore))
    # What the file accepts in vain is known only once all other checks have run.
    return sorted((checks[name] for name in checks if name in chosen), key=lambda c: c.id == LAST)


def _named(checks: dict[str, Check], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name in FAMILIES:
            yield from (one.id for one in checks.values() if one.family == name)
        elif name in checks:
            yield name
        else:
            from planner.protocol.validation import nearest

            near = nearest(name, [*FAMILIES, *checks])
            hint = f"did you mean `{near}`?" if near else "`planner rules` lists them"
            raise PlannerError(f"there is no check and no family `{name[:60]}`; {hint}")


def examine(
    file: ProtocolFile, checks: Iterable[Check], subject: Subject | None = None
) -> list[Finding]:
    """Runs checks over a protocol; findings that the file ignores are left out.

    Sorted by place in the file. Checks that need a course run only where the structure stands:
    while there are structure errors, later families would report their consequences. A caller who
    has further questions about the same file gives its own new ``subject``.
    """
    subject = subject or Subject(file)
    broken = False
    for one in checks:
        if broken and one.family not in ("structure", "scope", "evidence", "imported"):
            continue
        found = list(one.examine(subject))
        subject.found += found
        subject.ran.add(one.id)
        if one.family == "structure" and any(each.severity == "error" for each in found):
            broken = True
    kept = [finding for finding in subject.found if not _is_ignored(file, finding)]
    return sorted(
        dict.fromkeys(kept),
        key=lambda finding: (finding.position(file), finding.check, finding.message),
    )


def _is_ignored(file: ProtocolFile, finding: Finding) -> bool:
    return any(
        ignored.rule == finding.check and (ignored.at is None or ignored.at in finding.about)
        for ignored in file.protocol.ignore
    )
