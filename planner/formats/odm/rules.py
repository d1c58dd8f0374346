"""Rules between visits as timings of a protocol file, of which one alone has the visit's target."""

from collections.abc import Mapping
from typing import NamedTuple

from planner.formats.odm.distances import Targets, in_days, written
from planner.formats.odm.study import OdmStudy
from planner.formats.odm.timing import RelativeTiming
from planner.protocol.imported_document import Origin
from planner.time.distance import Window


class LocatedTiming(NamedTuple):
    """A timing as plain data, and where it was read."""

    data: dict[str, object]
    origin: Origin


def write_rules(
    study: OdmStudy, rules: list[RelativeTiming], targets: Targets, ids: Mapping[str, str]
) -> list[LocatedTiming]:
    """The timings that place one visit.

    A visit has one target: that of the first rule that cannot be said without it, else that of the
    first rule. The others keep their windows.
    """
    needing = [rule for rule in rules if _needs_target(rule, targets)]
    keeper = next(iter((*needing, *rules)), None)
    made = []
    for rule in rules:
        timing = _timing(study, rule, ids, targets, keeps=rule is keeper)
        if timing is not None:
            made.append(LocatedTiming(timing, rule.elements[0].origin))
    return made


def _needs_target(rule: RelativeTiming, targets: Targets) -> bool:
    allowed = rule.allowed
    if allowed.bare:
        return targets == "preferred"
    return allowed.within is not None and written(allowed.within) is None


def _timing(
    study: OdmStudy, rule: RelativeTiming, ids: Mapping[str, str], targets: Targets, *, keeps: bool
) -> dict[str, object] | None:
    allowed = rule.allowed
    reference = ids[rule.reference] + (".end" if rule.point == "end" else "")
    made: dict[str, object] = {"visit": reference}
    if rule.of == "end":
        made["of"] = "end"
    first = rule.elements[0]
    if keeps:
        made["target"] = str(allowed.target)
        tolerance = allowed.tolerance
        plain = None if allowed.within is None else written(allowed.within)
        if tolerance is not None and (tolerance.before == tolerance.after or plain is None):
            if not (allowed.bare and targets == "exact"):
                made["within"] = str(tolerance)
        elif plain is not None:
            made["within"] = plain
    elif allowed.within is None:
        message = (
            f"the target {allowed.target} after {study.title(rule.reference)} is only preferred,"
        )
        study.say("left-out", f"{message} and {study.title(rule.visit)} has another target", first)
        return None
    else:
        window = allowed.within
        if written(window) is None:
            window = _told_in_days(study, rule, window)
        made["within"] = written(window)
    made["source"] = "odm"
    made["note"] = _note(rule, kept=keeps)
    return made


def _told_in_days(study: OdmStudy, rule: RelativeTiming, window: Window) -> Window:
    days = in_days(window)
    message = f"{window} is written as {days}, the most that months can make it,"
    message += " since a visit has one target"
    study.say("reading", message, rule.elements[0])
    return days


def _note(rule: RelativeTiming, *, kept: bool) -> str:
    parts = []
    for element in rule.elements:
        part = f"{element.get('OID') or element.name}, {element.origin.text}"
        described = element.description()
        parts.append(f"{part}: {described}" if described else part)
    if not kept and not rule.allowed.bare:
        parts.append(f"Its target is {rule.allowed.target}")
    return ". ".join(part.rstrip(".") for part in parts) + "."
