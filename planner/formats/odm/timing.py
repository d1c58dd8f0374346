"""ODM's timing constraints as rules between two visits, and what no protocol file can say."""

from collections.abc import Mapping
from typing import NamedTuple

from planner.errors import argument
from planner.formats.odm.distances import Allowed, Targets, allowed, in_days, read_duration, written
from planner.formats.odm.elements import Element
from planner.formats.odm.study import OdmStudy, events_of
from planner.formats.odm.workflow import Flow, Untimed
from planner.protocol.imported_document import Kind, Origin
from planner.time.distance import MINUTES_A_DAY, ClockDistance, Distance, UnitError, Window

TIMINGS = ("both", "relative", "transition")
_TYPES = {
    "StartToStart": ("start", "start"),
    "StartToFinish": ("start", "end"),
    "FinishToStart": ("end", "start"),
    "FinishToFinish": ("end", "end"),
}


class RelativeTiming(NamedTuple):
    """How far an end of one visit lies from an end of another, in OIDs."""

    visit: str
    of: str
    reference: str
    point: str
    allowed: Allowed
    elements: tuple[Element, ...]


class VisitLength(NamedTuple):
    """How long a visit takes, as a text of ours."""

    text: str
    element: Element


class Timings(NamedTuple):
    """All rules by the visit they place, lengths of visits, and dates that a visit is bound to.

    ``untimed`` are the steps to a visit that no timing is about.
    """

    rules: dict[str, list[RelativeTiming]]
    lengths: dict[str, VisitLength]
    dates: dict[str, list[tuple[str, Element]]]
    counted_from: dict[str, int]
    untimed: dict[str, list[Untimed]]


def timings_of(study: OdmStudy, flow: Flow, targets: Targets, timings: str) -> Timings:
    """The rules that the constraints of a study make, as far as a protocol file can hold them."""
    return _Reader(study, flow, targets, timings).read()


class _Reader:
    """The rules as far as they have been read."""

    def __init__(self, study: OdmStudy, flow: Flow, targets: Targets, timings: str) -> None:
        self.study = study
        self.flow = flow
        self.targets = targets
        self.timings = timings
        self.rules: dict[str, list[RelativeTiming]] = {}
        self.result = Timings(self.rules, {}, {}, {}, {})
        self.without_type: list[Element] = []

    def read(self) -> Timings:
        study = self.study
        by_kind: dict[str, list[Element]] = {}
        seen: dict[str, Element] = {}
        for constraint in study.timings:
            oid = constraint.get("OID")
            if oid is not None and oid in seen:
                message = f"a second constraint with the OID `{oid}`, first on line"
                message += f" {seen[oid].position.line}; both are read"
                study.say("mistake", message, constraint)
            elif oid is not None:
                seen[oid] = constraint
            by_kind.setdefault(constraint.name, []).append(constraint)
        relative = by_kind.get("RelativeTimingConstraint", [])
        transitions = by_kind.get("TransitionTimingConstraint", [])
        self.tell_both(relative, transitions)
        for constraint in relative:
            self.relative(constraint, counts=self.timings != "transition")
        if self.timings != "relative":
            for constraint in transitions:
                self.transition(constraint)
        for constraint in by_kind.get("DurationTimingConstraint", []):
            self.duration(constraint)
        for constraint in by_kind.get("AbsoluteTimingConstraint", []):
            self.absolute(constraint)
        self.orders()
        if self.without_type:
            number = len(self.without_type)
            which = "1 constraint has" if number == 1 else f"{number} constraints have"
            oids = ", ".join(
                element.get("OID") or element.name for element in self.without_type[:6]
            )
            message = (
                f"{which} no Type and is read as StartToStart; FinishToStart differs only"
                f" after a stay overnight or in hours ({oids}{', ...' if number > 6 else ''})"
            ).replace("constraints have no Type and is", "constraints have no Type and are")
            study.say("reading", message, self.without_type[0])
        return self.result

    def tell_both(self, relative: list[Element], transitions: list[Element]) -> None:
        if not relative or not transitions:
            return
        counts = f"{len(relative)} RelativeTimingConstraint and {len(transitions)}"
        counts += " TransitionTimingConstraint"
        if self.timings == "both":
            message = f"{counts}: both kinds hold; they can also stand for each other"
            takes = [argument("timings", kind) for kind in ("relative", "transition")]
            hint = f"`{takes[0]}` or `{takes[1]}` takes one kind"
            self.study.say("reading", message, transitions[0], hint)
            return
        left = transitions if self.timings == "relative" else relative
        message = f"{counts}: only the {self.timings} ones are read, as asked"
        self.study.say("left-out", message, left[0])

    def relative(self, constraint: Element, *, counts: bool) -> None:
        study = self.study
        ends: list[str] = []
        point, of = self.points(constraint)
        for name, end in (("PredecessorOID", point), ("SuccessorOID", of)):
            oid = constraint.get(name)
            visit = None if oid is None else self.visit_of(oid, end, constraint)
            if oid is None:
                study.say("mistake", f"the constraint has no {name}", constraint)
            if visit is None:
                return
            ends.append(visit)
        predecessor, successor = ends
        counted = self.result.counted_from
        counted[predecessor] = counted.get(predecessor, 0) + 1
        if not counts:
            return
        if predecessor == successor:
            study.say("mistake", "the constraint counts a visit from itself", constraint)
            return
        allowed = self.allowed(constraint, "TimepointRelativeTarget")
        if allowed is not None:
            self.add(RelativeTiming(successor, of, predecessor, point, allowed, (constraint,)))

    def transition(self, constraint: Element) -> None:
        study, flow = self.study, self.flow
        oid = constraint.get("TransitionOID")
        if oid is None or oid not in flow.ends:
            known = any(
                transition.get("OID") == oid for transition in flow.transitions
            ) or self.elsewhere(oid)
            what = (
                "which the workflow that is read does not reach"
                if known
                else ("which is not defined")
            )
            kind: Kind = "left-out" if known else "mistake"
            study.say(kind, f"the constraint is about `{oid or ''}`, {what}", constraint)
            return
        method = constraint.get("MethodOID")
        if method is not None:
            name = study.methods[method].get("Name") if method in study.methods else None
            what = f"`{method}` ({name})" if name else f"`{method}`"
            study.say("left-out", f"the method {what} that computes the target", constraint)
        sources, targets = flow.ends[oid]
        if not sources or not targets:
            message = f"`{oid}` has no visit at its {'start' if not sources else 'end'}"
            study.say("left-out", f"{message}: no rule between two visits", constraint)
            return
        if len(sources) * len(targets) > 1:
            message = f"`{oid}` leads through a branching: read for each visit on either side"
            study.say("reading", message, constraint)
        point, of = self.points(constraint)
        allowed = self.allowed(constraint, "TimepointTarget")
        transition = next(
            transition for transition in flow.transitions if transition.get("OID") == oid
        )
        for source in sources:
            for target in targets:
                if allowed is not None and source != target:
                    elements = (constraint, transition)
                    self.add(RelativeTiming(target, of, source, point, allowed, elements))

    def elsewhere(self, oid: str | None) -> bool:
        return oid is not None and any(
            element.get("OID") == oid
            for workflow in self.study.workflows.values()
            for element in workflow.all("Transition")
        )

    def points(self, constraint: Element) -> tuple[str, str]:
        """Which end of the reference, and which end of the visit that is placed."""
        written = constraint.get("Type")
        if written in _TYPES:
            return _TYPES[written]
        if written is None:
            self.without_type.append(constraint)
        else:
            message = (
                f"the Type `{written[:40]}` is none of {', '.join(_TYPES)}; read as StartToStart"
            )
            self.study.say("mistake", message, constraint)
        return "start", "start"

    def visit_of(self, oid: str, end: str, constraint: Element) -> str | None:
        """The visit that an OID stands for; of a group or an epoch its first or its last."""
        study = self.study
        if oid in study.events:
            return oid
        if oid in study.groups:
            inside = set(events_of(study, study.groups[oid]))
        elif oid in study.epochs:
            groups = [group for group in study.groups.values() if group.get("EpochOID") == oid]
            inside = {event for group in groups for event in events_of(study, group)}
        else:
            known = oid in study.forms or oid in study.arms or oid in study.workflows
            kind: Kind = "left-out" if known else "mistake"
            what = "which is no visit" if known else "which is not defined"
            study.say(kind, f"the constraint is about `{oid}`, {what}", constraint)
            return None
        ordered = [visit for visit in self.flow.visits if visit in inside]
        if not ordered:
            study.say("left-out", f"{study.title(oid)} has no visits to count from", constraint)
            return None
        visit = ordered[0 if end == "start" else -1]
        which = "first" if end == "start" else "last"
        message = f"the {end} of {study.title(oid)} is read as its {which} visit,"
        study.say("reading", f"{message} {study.title(visit)}", constraint)
        return visit

    def allowed(self, constraint: Element, target_name: str) -> Allowed | None:
        target = constraint.get(target_name)
        if target is None:
            self.study.say("mistake", f"the constraint has no {target_name}", constraint)
            return None
        before, after = constraint.get("TimepointPreWindow"), constraint.get("TimepointPostWindow")
        try:
            read_constraint = allowed(target, before, after, self.targets)
        except UnitError as error:
            self.study.say("mistake", f"{error}; the rule is left out", constraint)
            return None
        for note in read_constraint.notes:
            self.study.say("reading", note, constraint)
        if read_constraint.reading is not None:
            self.study.say("reading", read_constraint.reading, constraint)
        return read_constraint

    def add(self, rule: RelativeTiming) -> None:
        """A rule that says the same as another one is told with it."""
        rules = self.rules.setdefault(rule.visit, [])
        for at, known in enumerate(rules):
            if known[:5] == rule[:5]:
                rules[at] = known._replace(elements=(*known.elements, *rule.elements))
                return
        rules.append(rule)

    def orders(self) -> None:
        """Transitions without a timing still say what comes first."""
        timed = {
            frozenset((rule.visit, rule.reference))
            for rules in self.rules.values()
            for rule in rules
        }
        for transition in self.flow.transitions:
            oid = transition.get("OID") or transition.origin.text
            sources, targets = self.flow.ends.get(oid, ((), ()))
            for source in sources:
                for target in targets:
                    pair = frozenset((source, target))
                    if pair not in timed and source != target:
                        timed.add(pair)
                        steps = self.result.untimed.setdefault(target, [])
                        steps.append(Untimed(source, transition))

    def duration(self, constraint: Element) -> None:
        study = self.study
        oid = constraint.get("StructuralElementOID")
        target = constraint.get("DurationTarget")
        if oid is None or target is None:
            missing = "StructuralElementOID" if oid is None else "DurationTarget"
            study.say("mistake", f"the constraint has no {missing}", constraint)
            return
        before, after = constraint.get("DurationPreWindow"), constraint.get("DurationPostWindow")
        around = f" ({before or '-'} before, {after or '-'} after)" if before or after else ""
        if oid not in study.events:
            kind: Kind = "left-out" if study.title(oid) != f"`{oid}`" else "mistake"
            what = f"the length of {study.title(oid)}, `{target}`{around}"
            why = "only visits have one" if kind == "left-out" else "which is not defined"
            study.say(kind, f"{what}: {why}", constraint)
            return
        try:
            text = _length(target, before, after)
        except UnitError as error:
            study.say("left-out", f"the duration of {study.title(oid)}: {error}", constraint)
            return
        if oid in self.result.lengths:
            study.say("mistake", f"a second duration of {study.title(oid)}, `{target}`", constraint)
            return
        self.result.lengths[oid] = VisitLength(text, constraint)

    def absolute(self, constraint: Element) -> None:
        study = self.study
        oid = constraint.get("StudyEventOID") or constraint.get("StudyEventGroupOID")
        target = constraint.get("TimepointTarget")
        if oid is None or target is None:
            missing = "StudyEventOID" if oid is None else "TimepointTarget"
            study.say("mistake", f"the constraint has no {missing}", constraint)
            return
        visit = self.visit_of(oid, "start", constraint)
        if visit is None:
            return
        before, after = constraint.get("TimepointPreWindow"), constraint.get("TimepointPostWindow")
        reach = "".join(
            f", up to {window} {side}"
            for window, side in ((before, "earlier"), (after, "later"))
            if window is not None
        )
        date_text = f"on {target}{reach}"
        study.say(
            "left-out",
            f"{study.title(visit)} is bound to a date ({date_text}), which a protocol file does not"
            " hold; a footnote says it",
            constraint,
            "choose the start of a plan accordingly",
        )
        self.result.dates.setdefault(visit, []).append((date_text, constraint))


def _length(target: str, before: str | None, after: str | None) -> str:
    """How long a visit takes, least and most.

    Raises:
        UnitError: it is in days, negative, or over 31 days.
    """
    parts: list[int] = []
    for text in (target, before, after):
        distance: Distance = ClockDistance(0) if text is None else read_duration(text)[0]
        if not isinstance(distance, ClockDistance):
            raise UnitError(f"`{text}` counts days, and a visit takes hours and minutes")
        parts.append(distance.minutes)
    least, most = parts[0] - abs(parts[1]), parts[0] + parts[2]
    if least < 0 or parts[2] < 0 or most > 31 * MINUTES_A_DAY:
        raise UnitError(f"`{target}` with its window is negative or over 31 days")
    ends = str(ClockDistance(least)), str(ClockDistance(most))
    return ends[0] if least == most else "..".join(ends)


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
