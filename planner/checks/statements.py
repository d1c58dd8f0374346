"""What a protocol states about its schedule, each statement in words with its support.

A statement is a visit, timing, duration, stay, staffing, line of a run sheet, arm, role, activity,
cycle, break, constraint, track, reminder, decision or gate. The protocol and its epochs state
nothing by themselves: they lend their sources and grade to what they hold. A statement that the
file repeats through an alias counts at each of its places.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from planner.checks.citations import Citation, citations, known_sources, name_of
from planner.checks.subject import Subject
from planner.protocol.course import NOT_PUBLISHED
from planner.protocol.evidence import Stated
from planner.protocol.fields import WAYS
from planner.protocol.model import (
    Activity,
    Arm,
    Break,
    Constraint,
    Cycle,
    Decision,
    Gate,
    Role,
    Track,
)
from planner.protocol.reminder import Reminder
from planner.protocol.visit import Duration, Overnight, RunSheetItem, Staffing, Timing, Visit
from planner.time.date import format_time, format_time_range

SUPPORTS = ("verified", "derived", "secondary", "unverified", "assumed", "retracted", "ungraded")
"""How a statement can be supported, the best first."""
SUPPORTED = ("verified", "derived", "secondary")
"""Supports that rest on something which was read."""
KINDS: dict[type[Stated], str] = {
    Visit: "visit",
    Timing: "timing",
    Constraint: "constraint",
    Duration: "duration",
    Overnight: "stay",
    Staffing: "staffing",
    RunSheetItem: "run-sheet line",
    Cycle: "cycle",
    Break: "break",
    Track: "track",
    Reminder: "reminder",
    Arm: "arm",
    Role: "role",
    Activity: "activity",
    Decision: "decision",
    Gate: "gate",
}
TIMINGS = (
    "timing",
    "constraint",
    "duration",
    "stay",
    "run-sheet line",
    "cycle",
    "break",
    "track",
    "reminder",
)
"""Kinds that say when something takes place, how long it takes or how often."""


class Statement(NamedTuple):
    """One statement about the schedule.

    ``name`` is what messages call it, ``text`` what it says (no amounts: of an arm its title);
    ``support`` is one of `SUPPORTS`, ``line`` where it stands in the file, counted from 1.
    """

    citation: Citation
    kind: str
    name: str
    text: str
    support: str
    line: int


def statements(subject: Subject) -> list[Statement]:
    """Every statement about the schedule, in the order of the model."""
    entries = []
    for citation in subject.cached(citations):
        kind = KINDS.get(type(citation.statement))
        if kind is not None:
            line = subject.file.position(citation.path).line
            name = _name(citation, subject)
            text = _WORDS[kind](citation)
            entries.append(Statement(citation, kind, name, text, support(subject, citation), line))
    return entries


def _name(citation: Citation, subject: Subject) -> str:
    path = citation.path
    if isinstance(citation.statement, Staffing) and "run_sheet" in path:
        sheet = subject.protocol.epochs[int(path[1])].visits[int(path[3])].run_sheet
        if sheet is not None:
            return f"{citation.owner}.run_sheet.{sheet.items[int(path[-2])].id}.staff"
    if isinstance(citation.statement, Break):
        return f"{citation.owner}.breaks"
    return name_of(citation).replace("`", "")


def support(subject: Subject, citation: Citation) -> str:
    """The support of a statement: its grade, where its sources can bear that.

    Retracted: so graded, or every source it cites is retracted. Ungraded: without a grade, or with
    one of `SUPPORTED` and without any source.

    Args:
        subject: the protocol with its sources.
        citation: the statement with its sources and grade.

    Returns:
        One of `SUPPORTS`.
    """
    sources = known_sources(subject, citation)
    if citation.grade == "retracted":
        return "retracted"
    if citation.grade is None or (citation.grade in SUPPORTED and not citation.sources):
        return "ungraded"
    if sources and citation.grade in SUPPORTED and all(source.retracted for source in sources):
        return "retracted"
    return citation.grade


def weakest_first(statements: list[Statement]) -> list[Statement]:
    """The same statements, the least supported first; those of equal support as in the file."""
    order = {name: at for at, name in enumerate(reversed(SUPPORTS))}
    return sorted(statements, key=lambda statement: (order[statement.support], statement.line))


def _visit(citation: Any) -> str:
    visit: Visit = citation.statement
    parts = [visit.title or visit.id]
    if visit.modes != ("clinic",):
        parts.append(" or ".join(WAYS[mode] for mode in visit.modes))
    if visit.at is not None:
        parts.append(f"at {format_time_range(visit.at)}")
    if visit.weekdays:
        parts.append(f"on {', '.join(visit.weekdays)}")
    if visit.optional:
        parts.append("optional")
    if visit.when:
        parts.append(f"if {visit.when}")
    return ", ".join(parts)


def _timing(citation: Any) -> str:
    timing: Timing = citation.statement
    side = "before" if "before" in citation.path else "after"
    window, target = timing.allowed, timing.target
    distance: object = target if window is None else window
    if timing.every is not None:
        around = "" if timing.within is None else f" ({timing.within})"
        distance, window = f"every {timing.every}{around}", None
    text = f"{side if distance is None else f'{distance} {side}'} {timing.visit}"
    if timing.of == "end":
        text = f"ends {text}"
    if timing.every is not None and target is not None:
        text += f", first {target}"
    elif window is not None and target is not None:
        text += f", target {target}"
    if timing.until is not None:
        text += f", until {timing.until}"
    if timing.at_most is not None:
        text += f", at most {timing.at_most} times"
    if timing.window is not None:
        text += f", {NOT_PUBLISHED}"
    return text + _for_arms(timing.arms)


def _constraint(citation: Any) -> str:
    rule: Constraint = citation.statement
    return f"{rule.end} must be {rule.within} after {rule.start}" + _for_arms(rule.arms)


def _duration(citation: Any) -> str:
    return f"takes {citation.statement.value}"


def _stay(citation: Any) -> str:
    stay: Overnight = citation.statement
    nights = "1 night" if stay.nights == 1 else f"{stay.nights} nights"
    return nights if stay.until is None else f"{nights}, until {format_time(stay.until)}"


def _staffing(citation: Any) -> str:
    staff: Staffing = citation.statement
    # A role without a number comes in its own number, which its declaration states.
    people = (role if n is None else f"{n} {role}" for role, n in staff.roles.items())
    return ", ".join(people) or "nobody"


def _item(citation: Any) -> str:
    item: RunSheetItem = citation.statement
    if item.after is None:
        place = f"at {item.at}" + ("" if item.within is None else f" within {item.within}")
    else:
        place = f"{item.allowed or item.target} after {item.after}"
    if item.target is not None and (item.at or item.within) is not None:
        place += f", target {item.target}"
    if item.times > 1:
        place += f", {item.times} times every {item.every}"
    if item.duration is not None:
        place += f", takes {item.duration}"
    if item.optional:
        place += ", optional"
    if item.when is not None:
        place += f", if {item.when}"
    place += _for_arms(item.arms)
    return f"{item.title or item.id}: {place}"


def _cycle(citation: Any) -> str:
    cycle: Cycle = citation.statement
    if cycle.until is not None:
        most = "" if cycle.at_most is None else f", at most {cycle.at_most} times"
        return f"until {cycle.until}{most}"
    if isinstance(cycle.times, int):
        return "once" if cycle.times == 1 else f"{cycle.times} times"
    return ", ".join(f"{number} times in {arm}" for arm, number in cycle.times.items())


def _break(citation: Any) -> str:
    return f"{citation.statement.length} after cycle {citation.statement.after}"


def _track(citation: Any) -> str:
    track: Track = citation.statement
    end = f"{track.times} times" if track.until is None else f"until {track.until}"
    text = f"{track.title or track.id}: every {track.every} from {track.start}, {end}"
    if len(track.at) > 1:
        text += f", at {' and '.join(map(format_time, track.at))}"
    return text + _for_arms(track.arms)


def _reminder(citation: Any) -> str:
    reminder: Reminder = citation.statement
    return f"{reminder.title}: {reminder}{_for_arms(reminder.arms)}"


def _role(citation: Any) -> str:
    role: Role = citation.statement
    parts = [f"{role.count} {role.title or citation.owner}"]
    if role.continuity == "participant":
        parts.append("the same throughout")
    if role.blinded:
        parts.append("blinded")
    if role.never_with:
        parts.append(f"never at {', '.join(role.never_with)}")
    return ", ".join(parts)


def _activity(citation: Any) -> str:
    activity: Activity = citation.statement
    parts = [activity.title or str(citation.owner)]
    if activity.endpoint is not None:
        parts.append(f"{activity.endpoint} endpoint")
    if activity.by is not None:
        parts.append(f"by {activity.by}")
    return ", ".join(parts)


def _title(citation: Any) -> str:
    return citation.statement.title or str(citation.owner)


def _for_arms(arms: tuple[str, ...]) -> str:
    return f", in {', '.join(arms)}" if arms else ""


_WORDS: dict[str, Callable[[Any], str]] = {
    "visit": _visit,
    "timing": _timing,
    "constraint": _constraint,
    "duration": _duration,
    "stay": _stay,
    "staffing": _staffing,
    "run-sheet line": _item,
    "cycle": _cycle,
    "break": _break,
    "track": _track,
    "reminder": _reminder,
    "arm": _title,
    "role": _role,
    "activity": _activity,
    "decision": _title,
    "gate": _title,
}
