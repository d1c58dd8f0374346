"""The parts that a claim's rule can have, and what one arm of a trial makes of each.

Every function takes the value of its part, the arm's outline, and whether the claim is a limit: a
limit needs all that the arm allows to lie inside it, anything else only that some of it does.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from planner.protocol.claims import Numbers
from planner.protocol.course import Occurrence
from planner.schedule.build import least_steps, most_steps
from planner.schedule.distances import Said, graded, said, weakest
from planner.schedule.protocol_metrics import ProtocolMetrics, Session, counted
from planner.time.distance import ClockDistance, Distance, Window

NOT_READ = ("assumed", "retracted")
"""Grades that say that no text which stands gives it."""


class Judged(NamedTuple):
    """``for``, ``against`` or ``unstated``, what the arm does or lacks, and the weakest grade."""

    outcome: Any
    text: str
    grade: str | None


def _unstated(text: str, grade: str | None = None) -> Judged:
    return Judged("unstated", text, grade)


def _judged(holds: bool, text: str, grade: str | None) -> Judged:
    return Judged("for" if holds else "against", text, grade)


def _fits(
    least: int | None, most: int | None, low: int | None, high: int | None, is_limit: bool
) -> bool:
    """Whether the span least..most lies in low..high (a limit) or has something of it."""
    if is_limit:
        opens = low is None or (least is not None and least >= low)
        return opens and (high is None or (most is not None and most <= high))
    opens = low is None or most is None or most >= low
    return opens and (high is None or least is None or least <= high)


def _borrows_sessions(metrics: ProtocolMetrics) -> bool:
    """Whether the file begins with a dosing session: how many came before belongs elsewhere."""
    visits = metrics.course.visits
    return len(metrics.dosing) == 1 and bool(visits) and visits[0].kind == "dosing"


def _number(sessions: tuple[Session, ...], what: str, numbers: Numbers, is_limit: bool) -> Judged:
    """The certain sessions that were read about are the least, all of them the most."""
    if not sessions:
        return _unstated(f"no {what} in the file")
    read = tuple(session for session in sessions if session.grade not in NOT_READ)
    least, most = counted(read)[0], len(sessions)
    number = str(most) if least == most or not read else f"{least} to {most}"
    text = f"{number} {what if most == 1 else f'{what}s'}"
    if not read:
        return _unstated(f"{text}, {sessions[0].grade}")
    holds = _fits(least, most, *numbers, is_limit)
    return _judged(holds, text, weakest(session.grade for session in read))


def dosing_sessions(value: Numbers, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How many dosing sessions there are, optional and conditional ones as the most."""
    if _borrows_sessions(metrics):
        return _unstated("begins after the dosing sessions of another trial")
    return _number(metrics.dosing, "dosing session", value, is_limit)


def preparation_sessions(value: Numbers, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How many preparation sessions there are."""
    return _number(metrics.preparation, "preparation session", value, is_limit)


def integration_sessions(value: Numbers, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How many integration sessions there are in all."""
    every = tuple(session for sessions in metrics.integration for session in sessions)
    return _number(every, "integration session", value, is_limit)


def dosing_interval(value: Window, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """The days from each dosing session to the next, as written and not assumed."""
    if _borrows_sessions(metrics):
        return _unstated("begins after the dosing sessions of another trial")
    if len(metrics.dosing) < 2:
        return _unstated("no second session" if metrics.dosing else "no dosing session in the file")
    gaps = [
        distance
        for gap in metrics.spacing
        if (distance := said(metrics.course, gap.earlier, gap.later, assumed=False)) is not None
        and distance.grade not in NOT_READ
    ]
    if not gaps:
        assumed = [gap.stated.text for gap in metrics.spacing if gap.stated is not None]
        explanation = (
            f"{_once(assumed)} apart, assumed" if assumed else "no distance between sessions"
        )
        return _unstated(explanation, "assumed" if assumed else None)
    low = None if value.earliest is None else least_steps(value.earliest)
    high = None if value.latest is None else most_steps(value.latest)
    holds = all(_fits(gap.least, gap.most, low, high, is_limit) for gap in gaps)
    text = f"{_once([gap.text for gap in gaps])} apart"
    return _judged(holds, text, weakest(gap.grade for gap in gaps))


def _once(texts: list[str]) -> str:
    return " / ".join(dict.fromkeys(texts))


def dosing_length(value: Window, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How long the dosing sessions take."""
    if not metrics.dosing:
        return _unstated("no dosing session in the file")
    known = [
        (session.length, session.length_grade)
        for session in metrics.dosing
        if session.length is not None and session.length_grade not in NOT_READ
    ]
    if not known:
        assumed = any(session.length is not None for session in metrics.dosing)
        return _unstated("length assumed" if assumed else "length not stated")
    low, high = _minutes(value)
    holds = all(_fits(*length, low, high, is_limit) for length, _ in known)
    texts = [_once([str(ClockDistance(number)) for number in length]) for length, _ in known]
    text = _once([text.replace(" / ", "..") for text in texts])
    return _judged(holds, f"{text} long", weakest(grade for _, grade in known))


def _minutes(window: Window) -> tuple[int | None, int | None]:
    low, high = window.earliest, window.latest
    return (
        low.minutes if isinstance(low, ClockDistance) else None,
        high.minutes if isinstance(high, ClockDistance) else None,
    )


def staff_at_dosing(value: Numbers, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How many of the staff are at the dosing sessions in a clinic."""
    sessions = tuple(session for session in metrics.dosing if session.mode == "clinic")
    return _people(sessions, "dosing session", value, is_limit)


def staff_at_preparation(value: Numbers, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How many of the staff are at the preparation sessions."""
    return _people(metrics.preparation, "preparation session", value, is_limit)


def _people(sessions: tuple[Session, ...], what: str, numbers: Numbers, is_limit: bool) -> Judged:
    if not sessions:
        return _unstated(f"no {what} in the file")
    known = [
        session for session in sessions if session.staff and session.staff_grade not in NOT_READ
    ]
    if not known:
        assumed = any(session.staff for session in sessions)
        return _unstated("staff assumed" if assumed else "staff not stated")
    holds = all(_fits(session.people, session.people, *numbers, is_limit) for session in known)
    roles = [
        ", ".join(f"{number} x {role}" for role, number in session.staff or ()) for session in known
    ]
    return _judged(holds, _once(roles), weakest(session.staff_grade for session in known))


def second_administration(value: Window, metrics: ProtocolMetrics, is_limit: bool) -> Judged:
    """How long after the first administration of a session the second one follows."""
    doses: list[tuple[int | None, int | None, str, str | None]] = []
    for occurrence in _of_kind(metrics, "dosing"):
        sheet = occurrence.visit.run_sheet
        items = [] if sheet is None else sheet.items
        given = {item.id for item in items if item.kind == "administration"}
        for item in items:
            if item.id in given and item.after in given and item.allowed is not None:
                grade = graded(item, occurrence.visit, occurrence.epoch, metrics.protocol)
                doses.append((*_minutes(item.allowed), str(item.within), grade))
    read = [each for each in doses if each[3] not in NOT_READ]
    if not read:
        return _unstated("the time is assumed" if doses else "no second administration in the file")
    low, high = _minutes(value)
    holds = all(_fits(least, most, low, high, is_limit) for least, most, _, _ in read)
    text = f"{_once([each[2] for each in read])} after the first"
    return _judged(holds, text, weakest(each[3] for each in read))


def phases(value: tuple[str, ...], metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether visits of these kinds follow each other: the first of each kind in this order."""
    if _borrows_sessions(metrics):
        return _unstated("begins after the dosing sessions of another trial")
    first: dict[str, int] = {}
    for at, occurrence in enumerate(metrics.course.visits):
        first.setdefault(occurrence.kind, at)
    missing = [kind for kind in value if kind not in first]
    if missing:
        return _unstated(f"no visit of kind {', '.join(missing)} in the file")
    places = [first[kind] for kind in value]
    text = ", ".join(sorted(value, key=first.__getitem__))
    grade = weakest(_grade(metrics, metrics.course.visits[at]) for at in places)
    if grade in NOT_READ:
        return _unstated(f"{text}, in part {grade}")
    return _judged(places == sorted(places), f"{text}, in this order", grade)


def follow_ups(value: tuple[Distance, ...], metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether there is a visit at each of these distances after the last dosing session."""
    after = list(_after_last(metrics).values())
    if not after:
        return _unstated("no follow-up tied to the last dosing session")
    met: list[tuple[str, str | None]] = []
    for distance in value:
        low, high = least_steps(distance), most_steps(distance)
        # A visit at that very distance; only among the others one whose window reaches it.
        hits = [each for each in after if each.target == distance]
        hits = hits or [
            each for each in after if each.least is not None and each.most is not None
            and _fits(each.least, each.most, low, high, is_limit=False)
        ]  # fmt: skip
        if not hits:
            times = _once([each.text for each in after])
            return Judged("against", f"visits at {times} only", None)
        met.append((hits[0].text, hits[0].grade))
    return Judged("for", f"visits at {_once([text for text, _ in met])}",
                  weakest(grade for _, grade in met))  # fmt: skip


def follow_up_after(value: Distance, metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether there is a visit so long after the last dosing session, or later."""
    after = _after_last(metrics)
    if not after:
        return _unstated("no follow-up tied to the last dosing session")
    last = max(after.values(), key=lambda each: each.most or each.least or 0)
    # A month can be short or long, so its greatest number of days against the least asked for.
    reach = last.most if last.most is not None else last.least
    holds = reach is not None and reach >= (least_steps(value) or 0)
    if not holds and metrics.end is not None and metrics.end.id not in after:
        return _unstated(f"the distance of {metrics.end.id} from the last session is not stated")
    return _judged(holds, f"last visit {last.text} after the last session", last.grade)


def _after_last(metrics: ProtocolMetrics) -> dict[str, Said]:
    """The visits that are tied to the last dosing session, not assumed, and how."""
    if not metrics.dosing:
        return {}
    last = metrics.dosing[-1].id
    distances = {
        occurrence.id: said(metrics.course, last, occurrence.id, assumed=False)
        for occurrence in metrics.course.visits
        if occurrence.kind != "dosing"
    }
    return {
        name: each
        for name, each in distances.items()
        if each is not None and each.grade not in NOT_READ and (each.least or each.most or 0) > 0
    }


def assessed_between(value: bool, metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether assessments lie between each dosing session and the next."""
    if not metrics.between:
        return _unstated(
            "one dosing session" if metrics.dosing else "no dosing session in the file"
        )
    read = [
        [
            grade
            for name in assessments
            if (grade := _grade(metrics, metrics.course.visit(name))) not in NOT_READ
        ]
        for assessments in metrics.between
    ]
    gaps = [grades[0] for grades in read if grades]
    if not gaps:
        return _unstated("no assessment between sessions in the file")
    text = f"assessed in {len(gaps)} of {len(read)} gaps between sessions"
    return _judged(len(gaps) == len(read), text, weakest(gaps))


def contacts(value: bool, metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether there are contacts by phone or video after the first dosing session."""
    visits = metrics.course.visits
    first = next((at for at, each in enumerate(visits) if each.kind == "dosing"), len(visits))
    calls = [each for each in visits[first:] if each.visit.mode in ("phone", "video")]
    read = [each for each in calls if _grade(metrics, each) not in NOT_READ]
    if not read:
        return _unstated("no contact by phone or video in the file")
    noun = "contact" if len(read) == 1 else "contacts"
    modes = " and ".join(sorted({each.visit.mode for each in read}))
    return Judged("for", f"{len(read)} {noun} by {modes}",
                  weakest(_grade(metrics, each) for each in read))  # fmt: skip


def gate(value: tuple[str, ...], metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether a gate has one of these words in its title."""
    for each in metrics.protocol.gates.values():
        grade = graded(each, metrics.protocol)
        if _has_word(each.title, value) and grade not in NOT_READ:
            return Judged("for", f"gate: {each.title}", grade)
    return _unstated("no such gate in the file")


def condition(value: tuple[str, ...], metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether the study's condition has one of these words."""
    text = metrics.protocol.condition
    if text is None:
        return _unstated("condition not stated")
    return _judged(_has_word(text, value), text, metrics.protocol.grade)


def measured_at_dosing(value: tuple[str, ...], metrics: ProtocolMetrics, is_limit: bool) -> Judged:  # noqa: ARG001
    """Whether an activity of one of these names takes place at dosing sessions."""
    keys = _activities(metrics, value)
    for occurrence in _of_kind(metrics, "dosing"):
        sheet = occurrence.visit.run_sheet
        done = [*occurrence.visit.activities]
        done += [] if sheet is None else [item.activity for item in sheet.items if item.activity]
        for key in done:
            if key in keys:
                return Judged("for", f"{keys[key]} at dosing sessions", _of_activity(metrics, key))
    return _unstated("none at dosing sessions in the file")


def measured_around_dosing(
    value: tuple[str, ...],
    metrics: ProtocolMetrics,
    is_limit: bool,  # noqa: ARG001
) -> Judged:
    """Whether such an activity takes place before the first dosing session and after one."""
    keys = _activities(metrics, value)
    visits = metrics.course.visits
    first = next((at for at, each in enumerate(visits) if each.kind == "dosing"), len(visits))
    before = {key for each in visits[:first] for key in each.visit.activities if key in keys}
    after = {
        key
        for each in visits[first:]
        if each.kind != "dosing"
        for key in each.visit.activities
        if key in keys
    }
    for key in sorted(before & after):
        text = f"{keys[key]} before and after dosing sessions"
        return Judged("for", text, _of_activity(metrics, key))
    if after or before:
        key = min(after or before)
        side = "after" if after else "before"
        return _unstated(f"{keys[key]} only {side} dosing sessions in the file")
    return _unstated("none in the file")


def _activities(metrics: ProtocolMetrics, words: tuple[str, ...]) -> dict[str, str]:
    """The titles by key of the activities that one of the words names."""
    return {
        key: each.title or key
        for key, each in metrics.protocol.activities.items()
        if _has_word(f"{key.replace('-', ' ')} {each.title or ''}", words)
        and graded(each, metrics.protocol) not in NOT_READ
    }


def _of_activity(metrics: ProtocolMetrics, key: str) -> str | None:
    return graded(metrics.protocol.activities[key], metrics.protocol)


def _has_word(text: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words)


def _of_kind(metrics: ProtocolMetrics, kind: str) -> list[Occurrence]:
    return [each for each in metrics.course.visits if each.kind == kind]


def _grade(metrics: ProtocolMetrics, occurrence: Occurrence) -> str | None:
    return graded(occurrence.visit, occurrence.epoch, metrics.protocol)


PARTS: dict[str, Callable[[Any, ProtocolMetrics, bool], Judged]] = {
    "dosing_sessions": dosing_sessions,
    "dosing_interval": dosing_interval,
    "dosing_length": dosing_length,
    "staff_at_dosing": staff_at_dosing,
    "second_administration": second_administration,
    "preparation_sessions": preparation_sessions,
    "staff_at_preparation": staff_at_preparation,
    "integration_sessions": integration_sessions,
    "phases": phases,
    "follow_ups": follow_ups,
    "follow_up_after": follow_up_after,
    "assessed_between": assessed_between,
    "contacts": contacts,
    "gate": gate,
    "measured_at_dosing": measured_at_dosing,
    "measured_around_dosing": measured_around_dosing,
    "condition": condition,
}
