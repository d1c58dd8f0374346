"""Which checks there are, which of them to run, and how they are run over one protocol."""

import os
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module

from planner.checks.finding import Finding, Findings
from planner.checks.framework import FAMILIES, PROFILES, Check
from planner.checks.subject import Subject
from planner.errors import PlannerError, did_you_mean
from planner.protocol.file import ProtocolFile

LAST = "unused-ignore"
"""The check that runs last, in whatever order checks are given: what a file accepts in vain is
known only once all others have run."""


def families(more: Iterable[Check] = ()) -> dict[str, str]:
    """The family of each check by its id, family by family, as the files say; none is imported.

    Args:
        more: the checks of another catalogue, which follow.

    Raises:
        ValueError: two checks have one id.
    """
    folder = os.path.dirname(__file__)
    named = [
        (name.removesuffix(".py").replace("_", "-"), family)
        for family in FAMILIES
        if os.path.isdir(os.path.join(folder, family))
        for name in sorted(os.listdir(os.path.join(folder, family)))
        if name.endswith(".py") and name != "__init__.py"
    ]
    named += [(check.id, check.family) for check in more]
    family_of: dict[str, str] = {}
    for check_id, family in named:
        if check_id in family_of:
            raise ValueError(f"two checks have the id {check_id}")
        family_of[check_id] = family
    return family_of


def load_checks(names: Iterable[str], more: Iterable[Check] = ()) -> dict[str, Check]:
    """Some checks by their ids, in the order asked for; only their files are imported.

    Args:
        names: ids as `families` has them.
        more: the checks of another catalogue, which have no file here.
    """
    return _load(tuple(names), families(more), more)


def _load(names: Collection[str], known: dict[str, str], more: Iterable[Check]) -> dict[str, Check]:
    checks = {check.id: check for check in more}
    for check_id in names:
        if check_id not in checks:
            name = check_id.replace("-", "_")
            module = import_module(f"planner.checks.{known[check_id]}.{name}")
            checks[check_id] = getattr(module, name)
    if LAST in checks:
        checks[LAST] = _knowing(checks[LAST], known)
    return {check_id: checks[check_id] for check_id in names}


def _knowing(check: Check, known: Iterable[str]) -> Check:
    """The same check of a subject that knows all ids which a file may name."""

    def examine(subject: Subject) -> Iterable[Finding]:
        subject.known = tuple(known)
        return check.examine(subject)

    return check._replace(examine=examine)


def all_checks(more: Iterable[Check] = ()) -> dict[str, Check]:
    """Every check of a protocol by its id, family by family.

    Args:
        more: the checks of another catalogue, which have no file here.

    Raises:
        ValueError: two checks have one id.
    """
    known = families(more)
    return _load(known, known, more)


def choose(select: Iterable[str], ignore: Iterable[str], more: Iterable[Check] = ()) -> list[Check]:
    """The checks to run; names are ids or families.

    Args:
        select: what to run; where it is empty all but the profiles.
        ignore: what not to run of these.
        more: the checks of another catalogue.

    Raises:
        PlannerError: a name is neither; names the nearest one.
    """
    known = families(more)
    chosen = set(_named(known, select)) or set(known) - set(_named(known, PROFILES))
    chosen -= set(_named(known, ignore))
    return list(_load([name for name in known if name in chosen], known, more).values())


def _named(known: dict[str, str], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name in FAMILIES:
            yield from (check_id for check_id, family in known.items() if family == name)
        elif name in known:
            yield name
        else:
            hint = did_you_mean(name, [*FAMILIES, *known]) or "`planner rules` lists them"
            raise PlannerError(f"there is no check and no family `{name[:60]}`; {hint}")


def examine(
    file: ProtocolFile, checks: Iterable[Check], subject: Subject | None = None
) -> Findings:
    """The findings of some checks that a protocol does not ignore, in the order of the file.

    Checks that need a course run only where the structure stands: while there are structure
    errors, later families would report their consequences.

    Args:
        file: the protocol.
        checks: as `all_checks`, `load_checks` or `choose` has them.
        subject: what checks have found out about the file; a caller who has further questions
            gives its own new one.
    """
    subject = subject or Subject(file)
    broken = False
    for check in _last_at_the_end(checks):
        if broken and check.family not in ("structure", "scope", "evidence", "imported"):
            continue
        findings = list(check.examine(subject))
        subject.found += findings
        subject.ran.add(check.id)
        if check.family == "structure" and any(each.severity == "error" for each in findings):
            broken = True
    kept = [finding for finding in subject.found if not _is_ignored(file, finding)]
    placed = [
        finding._replace(line=line, column=column)
        for finding in dict.fromkeys(kept)
        for line, column in [finding.position(file)]
    ]
    placed.sort(key=lambda finding: (finding.line, finding.column, finding.check, finding.message))
    return Findings(placed)


def _last_at_the_end(checks: Iterable[Check]) -> Iterator[Check]:
    last = []
    for check in checks:
        if check.id == LAST:
            last.append(check)
        else:
            yield check
    yield from last


def _is_ignored(file: ProtocolFile, finding: Finding) -> bool:
    return any(
        ignored.rule == finding.check and (ignored.at is None or ignored.at in finding.about)
        for ignored in file.protocol.ignore
    )
