"""A protocol without cycles: every visit of every cycle is written out, every reference named.

So a study is read in whose cycles somebody changed a single visit: no cycle says that any more.
"""

from copy import deepcopy
from typing import Any, NamedTuple

from planner.formats.usdm.extensions.patch import protocol_document
from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.protocol.visit import Timing
from planner.time.distance import Window

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
        ordered = sorted(occurrences.values(), key=lambda visit: (visit.cycle or 0, visit.path))
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
    if path[-2] == "next" and isinstance(written_as, Timing):
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
