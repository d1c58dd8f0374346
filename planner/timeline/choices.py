"""Which conditional visits take place for a participant, as far as recorded facts decide it."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from planner.errors import PlannerError, did_you_mean
from planner.protocol.conditions import ConditionError, Fact, holds
from planner.protocol.course import Course, Occurrence
from planner.protocol.model import Protocol
from planner.time.distance import CalendarDistance
from planner.timeline.record import RecordFile

ARM = "arm"
"""The fact that the arm itself is: known in a blinded study only after its unblinding visit."""
WITHDRAWN = "withdrawn"
"""The fact that the participant has withdrawn, which every record states or denies."""
_SLIP = 0.85
"""How much alike two names are of which one is taken for a misspelling of the other."""
_TOOK_PLACE = ("occurred", "booked")
_SETTLED = ("occurred", "missed", "cancelled", "not-applicable")
_SAYS_NOTHING = (None, "planned")


class Choices(NamedTuple):
    """What the facts decide, by occurrence id.

    ``left_out`` does not take place; ``provisional`` depends on what is not known yet: it is
    planned whichever way the decision goes. ``against`` are appointments for what does not take
    place: they stay in the plan until somebody records that they are cancelled. ``awaited`` are
    those of ``left_out`` that nobody plans but that may happen: unscheduled visits.
    """

    left_out: frozenset[str]
    provisional: frozenset[str]
    against: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()


def choose(
    file: RecordFile, names: list[str], whole: Course, wanted: Collection[str] = ()
) -> Choices:
    """The choices that a participant's record makes.

    A decision is settled by a fact of its own name, else by its expression; without either it is
    unknown. An event that a cycle, a grid or a visit waits for is true once it is recorded. Of a
    cycle or grid that is over, what has begun stays, and nothing else begins, the first included;
    begun are, before the event that ended it, also visits whose window was over, as far as what
    they count from has a date. What is recorded as over, or is booked, is never left out. An
    unscheduled visit takes place when its decision says so, when it is recorded as more than
    planned, or when it is wanted.

    Args:
        file: the record.
        names: the occurrence of each of its lines.
        whole: the course with every conditional visit.
        wanted: ids of visits, or of their occurrences, that are to take place.

    Raises:
        PlannerError: a fact does not fit the condition that asks for it; or a fact or a gate is
            spelt much like one that the protocol has, but not quite.
    """
    _refuse_misspelt(file, whole)
    statuses = {name: actual.status for name, actual in zip(names, file.record.visits, strict=True)}
    known = known_facts(file, statuses, whole)
    happened = {
        visit.id: True if statuses.get(visit.id) == "occurred" else None
        for visit in whole.visits
        if visit.kind == "event"
    }
    decided = {**happened, **decide(whole.protocol, known, file.path)}
    begun = _begun(statuses, _over_before_events(file, names, whole), whole)
    left_out, provisional, against, awaited = set(), set(), set(), set()
    for occurrence in whole.visits:
        status = statuses.get(occurrence.id)
        if status in _SETTLED:
            continue
        answer = _takes_place(occurrence, decided, begun)
        if occurrence.visit.unscheduled and status in _SAYS_NOTHING and answer is not False:
            is_wanted = occurrence.id in wanted or occurrence.visit.id in wanted
            has_happened = occurrence.visit.when is not None and answer is True
            answer = is_wanted or has_happened
            awaited |= set() if answer else {occurrence.id}
        if answer is False and status == "booked":
            against.add(occurrence.id)
        elif answer is False:
            left_out.add(occurrence.id)
        elif answer is None:
            provisional.add(occurrence.id)
    return Choices(
        frozenset(left_out), frozenset(provisional), frozenset(against), frozenset(awaited)
    )


def _refuse_misspelt(file: RecordFile, whole: Course) -> None:
    """What the protocol does not know of facts, gates and reminders may be of another version.

    Slips are not.
    """
    protocol = whole.protocol
    asked = {ARM, WITHDRAWN, *protocol.decisions}
    reminders = {reminder.id for reminder in whole.reminders}
    for decision in protocol.decisions.values():
        asked.update(() if decision.expression is None else decision.expression.facts)
    record = file.record
    for kind, written, known in (
        ("fact", record.facts, asked),
        ("gate", record.gates, protocol.gates.keys()),
        ("reminder", record.reminders, reminders),
    ):
        for name in written:
            if name in known:
                continue
            question = did_you_mean(name, sorted(known), likeness=_SLIP)
            if question:
                raise PlannerError(
                    f"{file.path}: {kind} `{name}` is not one of the protocol's; {question}"
                )


def known_facts(file: RecordFile, statuses: Mapping[str, str], whole: Course) -> dict[str, Fact]:
    """The recorded facts, with the arm where it may be known and whether there was a withdrawal."""
    facts: dict[str, Fact] = dict(file.record.facts)
    facts.pop(ARM, None)
    facts[WITHDRAWN] = file.record.withdrawn is not None
    if file.record.arm is not None and is_unblinded(statuses, whole):
        facts[ARM] = file.record.arm
    return facts


def is_unblinded(statuses: Mapping[str, str], whole: Course) -> bool:
    """Whether plans may tell the participant's arm: they need hide nothing, or not any more."""
    if not whole.protocol.hides_plans:
        return True
    unblinding = [visit.id for visit in whole.visits if visit.kind == "unblinding"]
    return any(statuses.get(name) == "occurred" for name in unblinding)


def decide(protocol: Protocol, facts: Mapping[str, Fact], path: str) -> dict[str, bool | None]:
    """How the decisions turn out; ``None`` of one that is not known yet.

    An expression may name other decisions; those that ask for each other in a circle are not known.

    Args:
        protocol: whose decisions they are.
        facts: as recorded, by name.
        path: of the record, for messages.

    Raises:
        PlannerError: a fact does not fit the condition that asks for it.
    """
    decided: dict[str, bool | None] = {}

    def ask(name: str) -> bool | None:
        if name not in decided:
            decided[name] = None  # while its own condition is asked
            decided[name] = _decide(protocol, name, facts, path, ask)
        return decided[name]

    for name in protocol.decisions:
        ask(name)
    return decided


def _decide(
    protocol: Protocol,
    name: str,
    facts: Mapping[str, Fact],
    path: str,
    ask: Callable[[str], bool | None],
) -> bool | None:
    own = facts.get(name)
    if isinstance(own, bool):
        return own
    if own is not None:
        raise PlannerError(
            f"{path}: fact `{name}` decides `{name}`: `true` or `false` is expected, found `{own}`"
        )
    expression = protocol.decisions[name].expression
    if expression is None:
        return None
    others = {
        fact: answer
        for fact in expression.facts
        if fact in protocol.decisions and fact not in facts and (answer := ask(fact)) is not None
    }
    try:
        return holds(expression, {**facts, **others})
    except ConditionError as error:
        raise PlannerError(f"{path}: decision `{name}` ({expression}): {error}") from None


def _takes_place(
    occurrence: Occurrence, decided: Mapping[str, bool | None], begun: Mapping[str, int]
) -> bool | None:
    """Whether a visit that has not taken place will; ``None`` while that is not known."""
    answers: list[bool | None] = []
    if occurrence.visit.when is not None:
        answers.append(decided.get(occurrence.visit.when))
    if occurrence.ends_by is not None and occurrence.cycle is not None:
        is_over = decided.get(occurrence.ends_by)
        # What has begun is gone through; the first begins unless it is over, and whether another
        # one does is open until that is known.
        has_begun = occurrence.cycle <= begun[occurrence.id]
        begins = None if is_over is None and occurrence.cycle > 1 else not is_over
        answers.append(has_begun or begins)
    if False in answers:
        return False
    return None if None in answers else True


def _begun(statuses: Mapping[str, str], over: Mapping[str, bool], whole: Course) -> dict[str, int]:
    """By visit of a cycle or grid that has an end to wait for: the number of the last one begun.

    That of the anchor visit counts as begun, since without it there is no course.

    Args:
        statuses: recorded, by occurrence id.
        over: whether a visit's window or appointment was before the event that ended it.
        whole: the course.
    """
    repeated = [visit for visit in whole.visits if visit.ends_by is not None]
    begun = [
        visit
        for visit in repeated
        if visit.id == whole.anchor
        or over.get(visit.id, statuses.get(visit.id) in _TOOK_PLACE)
        or statuses.get(visit.id) == "occurred"
    ]
    return {
        visit.id: max((other.cycle or 0 for other in begun if visit.repeats_with(other)), default=0)
        for visit in repeated
    }


def _over_before_events(file: RecordFile, names: list[str], whole: Course) -> dict[str, bool]:
    """By visit of a cycle or grid that an event ended: whether its window or appointment was
    before it, as far as it is booked or counts from what has a date.
    """
    begun_on = [
        (name, actual.status, actual.start.day)
        for name, actual in zip(names, file.record.visits, strict=True)
        if actual.start is not None
    ]
    dates = {name: day for name, status, day in begun_on if status == "occurred"}
    events = {visit.id for visit in whole.visits if visit.kind == "event"} & dates.keys()
    ended = {visit.id: dates[visit.ends_by] for visit in whole.visits if visit.ends_by in events}
    over = {
        name: day < ended[name]
        for name, status, day in begun_on
        if status == "booked" and name in ended
    }
    if whole.anchor is not None and file.record.start is not None:
        dates.setdefault(whole.anchor, file.record.start)
    for rule in whole.rules:
        event = ended.get(rule.point.visit)
        begun = None if rule.reference.end else dates.get(rule.reference.visit)
        last = rule.target if rule.window is None else rule.window.latest
        if event is not None and begun and isinstance(last, CalendarDistance):
            is_over = last.after(begun) < event
            over[rule.point.visit] = over.get(rule.point.visit, False) or is_over
    return over
