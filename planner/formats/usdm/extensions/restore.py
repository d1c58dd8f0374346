"""Puts back what the project's own exporter kept in extension attributes, where it still fits.

Where somebody changed one visit of a cycle in another program, no cycle says what the study says
any more. The cycle is written out then, and what was kept of each of its visits is put back.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from pydantic import ValidationError

from planner.errors import PlannerError
from planner.formats.usdm.extensions.attributes import read_changes
from planner.formats.usdm.extensions.patch import (
    CYCLE_GROUP,
    FieldChange,
    PatchResult,
    apply_residue,
    can_be_split,
    native_before,
    protocol_document,
    residue,
    standard_form,
)
from planner.formats.usdm.model import Extension
from planner.formats.usdm.read.import_log import ImportLog
from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import Origin
from planner.protocol.model import Protocol
from planner.protocol.visit import Timing
from planner.time.distance import Window


class Restored(NamedTuple):
    """The document with what was put back, and where its parts were read."""

    document: dict[str, object]
    origins: Mapping[Path, Origin]


def restored(
    account: ImportLog, native: dict[str, object], attributes: tuple[Extension, ...]
) -> Restored:
    """The native reading with the attributes of ours put back; what no longer fits is told.

    Where somebody changed a field of the study in another program, the field counts and the
    attribute is out of date. Attributes that make no valid protocol together are not used at all.
    """
    origins = account.origins(native)
    read = read_changes(attributes)
    for attribute in read.unreadable:
        account.mistake(
            f"the attribute {quoted(attribute.url)} cannot be read; it is left out", attribute.path
        )
    if not read.changes:
        return Restored(native, origins)
    standard = standard_form(native)
    try:
        applied = merged(standard, [change for change, _ in read.changes])
        Protocol.model_validate(applied.document, by_alias=True, by_name=False)
    except (ValidationError, TypeError, ValueError, LookupError, AttributeError, RecursionError):
        account.mistake(
            f"the {len(read.changes)} attributes of this planner make no valid protocol; what the"
            " study itself says is read, and they are left out",
            read.changes[0][1].path,
        )
        return Restored(native, origins)
    places = {id(change): attribute for change, attribute in read.changes}
    for stale in applied.stale:
        outdated = places.get(id(stale.change))
        if outdated is not None:
            account.reading(
                f"the attribute about {_about(stale.change)} is out of date, as what it stands"
                " beside was changed since; the study itself is read, not the attribute",
                outdated.path,
            )
    paired_origins: dict[Path, Origin] = {}
    _pair(applied.document, native, (), (), origins, paired_origins)
    return Restored(applied.document, paired_origins)


def _about(change: FieldChange) -> str:
    return f"`{'.'.join(change.path)}`" if len("".join(change.path)) < 100 else "a part of it"


def _pair(
    part: object,
    native: object,
    path: Path,
    there: Path,
    origins: Mapping[Path, Origin],
    paired_origins: dict[Path, Origin],
) -> None:
    """Gives each part the origin of the one like it in the native reading, found by id."""
    if there in origins:
        paired_origins[path] = origins[there]
    if isinstance(part, dict) and isinstance(native, dict):
        for key, value in part.items():
            if key in native:
                inner = native[key]
                lone = isinstance(value, list) and not isinstance(inner, list)
                # A lone timing is a list of one in standard form.
                step: Path = (*there, key)
                if lone and value:
                    _pair(value[0], inner, (*path, key, 0), step, origins, paired_origins)
                else:
                    _pair(value, inner, (*path, key), step, origins, paired_origins)
    elif isinstance(part, dict) and isinstance(native, list):
        # A run sheet without `zero` was the list of its items.
        _pair(part.get("items"), native, (*path, "items"), there, origins, paired_origins)
    elif isinstance(part, list) and isinstance(native, list):
        places = {
            native_part["id"]: at
            for at, native_part in enumerate(native)
            if isinstance(native_part, dict) and isinstance(native_part.get("id"), str)
        }
        for at, inner_part in enumerate(part):
            name = inner_part.get("id") if isinstance(inner_part, dict) else None
            # What repeats stands in the study once for each time.
            like = places.get(name, places.get(f"{name}-1")) if isinstance(name, str) else at
            if like is not None and like < len(native):
                _pair(
                    inner_part, native[like], (*path, at), (*there, like), origins, paired_origins
                )


def merged(native: Mapping[str, Any], changes: Sequence[FieldChange]) -> PatchResult:
    """The native reading with the changes put back, as `apply_residue` does; cycles that do not
    fit any more are written out.

    Of these the changes told as stale are those whose own field was changed, and the cycle's.
    """
    applied = apply_residue(native, changes)
    broken = {
        rejected_change.change.group
        for rejected_change in applied.stale
        if _is_of_cycle(rejected_change.change)
    }
    if not broken or not can_be_split(native):
        return applied
    before = native_before(native, applied)
    whole = apply_residue(before, changes)
    if whole.stale:
        return applied
    try:
        flat = unrolled(Protocol.model_validate(whole.document, by_alias=True, by_name=False))
        patch_result = apply_residue(native, residue(before, flat))
        Protocol.model_validate(patch_result.document, by_alias=True, by_name=False)
    except (ValidationError, PlannerError):
        return applied
    rejected_changes = [
        rejected_change
        for rejected_change in applied.stale
        if rejected_change.reason == "changed"
        or (rejected_change.change.group in broken and rejected_change.change.path[-1] == "cycle")
    ]
    return PatchResult(patch_result.document, tuple(rejected_changes))


def _is_of_cycle(change: FieldChange) -> bool:
    return change.group is not None and change.group.startswith(CYCLE_GROUP)


Part = dict[str, Any]

_FORWARD = ("after", "first", "next")


class _Course(NamedTuple):
    arm: str | None
    course: Course
    rules: dict[tuple[str, Path], TimingConstraint]
    """Rules by the visit that they are of (empty for constraints) and their place in the file."""


def unrolled(protocol: Protocol) -> Part:
    """The document of a protocol with the same visits and rules in every arm, and no cycles.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    data = protocol_document(protocol)
    arms: list[str | None] = [arm.id for arm in protocol.arms] or [None]
    courses = [_indexed(arm, expand(protocol, arm)) for arm in arms]
    for at, epoch in enumerate(data["epochs"]):
        occurrences: dict[str, Occurrence] = {}
        for _, course, _ in courses:
            for visit in course.visits:
                if visit.path[1] == at:
                    occurrences.setdefault(visit.id, visit)
        ordered = sorted(occurrences.values(), key=lambda visit: visit.place)
        written = epoch["visits"]
        epoch["visits"] = [
            _visit(written, visit, courses, has_arms=bool(protocol.arms)) for visit in ordered
        ]
    for epoch in data["epochs"]:
        epoch.pop("cycle", None)
    return _around(data, courses)


def _indexed(arm: str | None, course: Course) -> _Course:
    rules = {
        ("" if rule.path[0] == "constraints" else rule.point.visit, rule.path): rule
        for rule in course.rules
    }
    return _Course(arm, course, rules)


def _visit(
    written: list[Part], occurrence: Occurrence, courses: list[_Course], *, has_arms: bool
) -> Part:
    index = occurrence.path[3]
    assert isinstance(index, int)
    visit: Part = deepcopy(written[index])
    visit["id"] = occurrence.id
    for field in (*_FORWARD, "before"):
        visit.pop(field, None)
    having = [
        held for held in courses if any(other.id == occurrence.id for other in held.course.visits)
    ]
    if has_arms and occurrence.cycle is not None and len(having) < len(courses):
        visit["arms"] = [held.arm for held in having]
    inside = {
        rule.reference.visit
        for held in having
        for (name, path), rule in held.rules.items()
        if name == occurrence.id and path[-1] == "during"
    }
    if len(inside) == 1:  # the name of a visit that repeats is now that of one occurrence
        visit["during"] = inside.pop()
    differences: dict[str, Part] = visit.get("by_arm", {})
    for field, fields in (("after", _FORWARD), ("before", ("before",))):
        own = [
            held
            for held in having
            if held.arm is None or not {*fields} & {*differences.get(held.arm, {})}
        ]
        timings = _timings(written, occurrence, own, fields)
        if timings:
            visit[field] = timings
        for arm, difference in differences.items():
            if {*fields} & {*difference}:
                for name in fields:
                    difference.pop(name, None)
                other = [held for held in having if held.arm == arm]
                difference[field] = _timings(written, occurrence, other, fields)
    return visit


def _timings(
    written: list[Part],
    visit: Occurrence,
    courses: list[_Course],
    fields: tuple[str, ...],
) -> list[Part]:
    """The timings of an occurrence in these arms; one that differs by arm stands once for each."""
    by_place: dict[Path, dict[tuple[object, ...], list[str | None]]] = {}
    rules: dict[Path, dict[tuple[object, ...], TimingConstraint]] = {}
    for held in courses:
        for (name, path), rule in held.rules.items():
            if name == visit.id and path[-2] in fields:
                key: tuple[object, ...] = (rule.reference, rule.window, rule.target)
                by_place.setdefault(path, {}).setdefault(key, []).append(held.arm)
                rules.setdefault(path, {})[key] = rule
    timings = []
    for path, readings in by_place.items():
        for key, arms in readings.items():
            timing = _timing(written, path, rules[path][key])
            if len(readings) > 1:
                timing["arms"] = arms
            timings.append(timing)
    return timings


def _timing(written: list[Part], path: Path, rule: TimingConstraint) -> Part:
    part: Any = written
    for step in path[3:]:
        part = part[step]
    timing: Part = deepcopy(part)
    timing["visit"] = str(rule.reference)
    written_as = rule.stated
    if not isinstance(written_as, Timing):
        return timing
    if written_as.every is not None:
        for field in ("every", "until", "at_most"):
            timing.pop(field, None)
        assert rule.target is not None, "a grid has a target at each of its points"
        timing["target"] = str(-rule.target if rule.backwards else rule.target)
    elif path[-2] == "next":
        # A break before this cycle may have moved it; a tolerance moves with its target.
        if rule.target is not None and rule.target != written_as.target:
            timing["target"] = str(rule.target)
        if rule.window != written_as.allowed and isinstance(written_as.within, Window):
            timing["within"] = str(rule.window)
    return timing


def _around(data: Part, courses: list[_Course]) -> Part:
    constraints = []
    for at, constraint in enumerate(data.get("constraints", [])):
        readings: dict[tuple[str, str], list[str | None]] = {}
        for held in courses:
            rule = held.rules.get(("", ("constraints", at)))
            if rule is not None:
                ends = (str(rule.reference), str(rule.point))
                readings.setdefault(ends, []).append(held.arm)
        for (first, last), arms in readings.items():
            by_arm = {"arms": arms} if len(readings) > 1 else {}
            constraints.append({**constraint, "from": first, "to": last, **by_arm})
    if "constraints" in data:
        data["constraints"] = constraints
    for held in reversed(courses):
        for track, start, until in held.course.tracks:
            for written in data["tracks"]:
                if written["id"] == track.id:
                    written["from"] = str(start)
                    written |= {} if until is None else {"until": str(until)}
        data["anchor"] = held.course.anchor or data["anchor"]
    names = {visit.id for held in courses for visit in held.course.visits}
    firsts = {
        visit.visit.id: visit.id for held in courses for visit in reversed(held.course.visits)
    }
    for disagreement in data.get("disagreements", []):
        about = disagreement["about"]
        if about not in names:
            disagreement["about"] = firsts.get(about, about)
    return data
