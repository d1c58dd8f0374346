"""Which checks there are, which of them to run, and how they are run over one protocol."""

from collections.abc import Iterable, Iterator

from planner.checks import unused_ignore
from planner.checks.finding import Finding
from planner.checks.framework import FAMILIES, Check, registered
from planner.checks.subject import Subject
from planner.errors import PlannerError, did_you_mean
from planner.protocol.file import ProtocolFile


def all_checks(more: Iterable[Check] = ()) -> dict[str, Check]:
    """Every check of a protocol by id, family by family, with ``more`` from a catalogue of others.

    Raises:
        ValueError: two checks have one id.
    """
    from planner.checks import (  # noqa: F401 - importing registers their checks
        blinding,
        blinding_design,
        evidence,
        evidence_disagreement,
        evidence_sources,
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

    checks = registered()
    for one in more:
        if one.id in checks:
            raise ValueError(f"two checks have the id {one.id}")
        checks[one.id] = one
    checks[unused_ignore.ID] = unused_ignore.knowing((*checks, unused_ignore.ID))
    order = {family: at for at, family in enumerate(FAMILIES)}
    return dict(sorted(checks.items(), key=lambda item: order[item[1].family]))


def choose(checks: dict[str, Check], select: Iterable[str], ignore: Iterable[str]) -> list[Check]:
    """Of all the checks there are those to run; names are ids or families.

    Raises:
        PlannerError: a name is neither; names the nearest one.
    """
    chosen = set(checks)
    selected = set(_named(checks, select))
    if selected:
        chosen = selected
    chosen -= set(_named(checks, ignore))
    # What the file accepts in vain is known only once all other checks have run.
    kept = (one for one in checks.values() if one.id in chosen)
    return sorted(kept, key=lambda one: one.id == unused_ignore.ID)


def _named(checks: dict[str, Check], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name in FAMILIES:
            yield from (one.id for one in checks.values() if one.family == name)
        elif name in checks:
            yield name
        else:
            hint = did_you_mean(name, [*FAMILIES, *checks]) or "`planner rules` lists them"
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
