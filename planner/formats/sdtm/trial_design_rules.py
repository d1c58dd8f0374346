"""Timings as the sentences that TVSTRL and TVENRL have room for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planner.protocol.course import NOT_PUBLISHED, Course, Occurrence, Point, TimingConstraint
from planner.protocol.model import Constraint, Protocol
from planner.schedule.distances import ASSUMED, graded
from planner.time.distance import CalendarDistance, Distance, Window, turned

ASSUMED_MARK = " [assumed]"
"""Stands behind what the author of the file chose because no text read gives it."""


class _VisitRule(NamedTuple):
    """A rule as it is told of one visit; distances have the sign of the direction."""

    reference: Point
    of_end: bool
    before: bool
    target: Distance | None
    window: Window | None
    is_own: bool
    is_assumed: bool
    published: bool


class RuleTexts:
    """The rules of one arm's course in words; visits are called by ``names``, by occurrence id."""

    def __init__(self, course: Course, names: Mapping[str, str]) -> None:
        self.course = course
        self.names = names
        self._visits = {visit.id: visit for visit in course.visits}
        self._own: dict[str, list[_VisitRule]] = {}
        self._others: dict[str, list[_VisitRule]] = {}
        # What a visit says itself stands before what constraints say of it.
        for rule in sorted(course.rules, key=lambda rule: rule.is_constraint):
            own, other = self._told(rule)
            self._own.setdefault(rule.point.visit, []).append(own)
            self._others.setdefault(rule.reference.visit, []).append(other)

    def start(self, visit: str) -> str:
        """When a visit starts: its own timings, else what others say of it, and its conditions."""
        own = self._own.get(visit, [])
        parts = self._sentences(visit, (visit_rule for visit_rule in own if not visit_rule.of_end))
        if visit == self.course.anchor:
            parts.insert(0, "Day 0" if self.course.protocol.day_zero else "Day 1")
        parts = parts or self._sentences(visit, own)
        parts = parts or self._sentences(visit, self._others.get(visit, []))
        return "; ".join(
            [
                _capital("; ".join(parts) or "no timing is given"),
                *_conditions(self._visits[visit], self.course.protocol),
            ]
        )

    def end(self, visit: str) -> str:
        """When a visit ends, as far as that is written; else empty."""
        occurrence = self._visits[visit]
        above = (occurrence.visit, occurrence.epoch, self.course.protocol)
        duration, stay = occurrence.visit.duration, occurrence.visit.overnight
        parts = []
        if duration is not None:
            of = "the session " if stay is not None else ""
            mark = ASSUMED_MARK if graded(duration, *above) == ASSUMED else ""
            parts.append(f"{of}{window_words(duration.value)} after its start{mark}")
        if stay is not None:
            nights = "1 night" if stay.nights == 1 else f"{stay.nights} nights"
            mark = ASSUMED_MARK if graded(stay, *above) == ASSUMED else ""
            parts.append(f"leaving after {nights}{mark}")
        parts += self._sentences(
            visit, (visit_rule for visit_rule in self._own.get(visit, []) if visit_rule.of_end)
        )
        return _capital("; ".join(parts))

    def _told(self, rule: TimingConstraint) -> tuple[_VisitRule, _VisitRule]:
        """The rule as told of its own visit, and of the one it counts from."""
        target, window = rule.target, rule.window
        if isinstance(rule.stated, Constraint):
            grade = graded(rule.stated, self.course.protocol)
        else:
            holder = self._visits[rule.point.visit]
            grade = graded(rule.stated, holder.visit, holder.epoch, self.course.protocol)
        before = rule.backwards or _is_negative(target, window)
        other_target = None if target is None else -target
        other_window = None if window is None else turned(window)
        forward, backward = (target, window), (other_target, other_window)
        own = backward if before else forward
        # Seen from the other end the direction is the opposite one, and the distance the same.
        visit_rule = _VisitRule(
            rule.reference, rule.point.end, before, *own, is_own=True, is_assumed=grade == ASSUMED,
            published=rule.order is None,
        )  # fmt: skip
        other = visit_rule._replace(
            reference=rule.point, of_end=rule.reference.end, before=not before, is_own=False
        )
        return visit_rule, other

    def _sentences(self, visit: str, rules: Iterable[_VisitRule]) -> list[str]:
        """Rules from the same reference in the same direction stand together."""
        together: dict[tuple[Point, bool, bool], list[_VisitRule]] = {}
        for rule in rules:
            key = (rule.reference, rule.of_end, rule.before)
            together.setdefault(key, []).append(rule)
        return [self._sentence(visit, group) for group in together.values()]

    def _sentence(self, visit: str, rules: Sequence[_VisitRule]) -> str:
        first = rules[0]
        end = "end" if first.reference.end else "start"
        is_same = first.reference.visit == visit
        point = f"its {end}" if is_same else f"the {end} of {self.names[first.reference.visit]}"
        target = next((rule.target for rule in rules if rule.target is not None), None)
        windows = [rule.window for rule in rules if rule.window is not None]
        text = distance_words(target, windows, point, before=first.before)
        if not windows and not all(rule.published for rule in rules):
            side = "before" if first.before else "after"
            text = f"{text}, {NOT_PUBLISHED}" if text else f"{side} {point}"
        subject = "its end " if first.of_end else ""
        mark = ASSUMED_MARK if any(rule.is_assumed for rule in rules) else ""
        return f"{subject}{text}{mark}"


def condition_text(protocol: Protocol, key: str) -> str:
    """The condition of a decision in the protocol's words, without the full stop."""
    decision = protocol.decisions.get(key)
    words = None if decision is None else decision.condition or decision.title
    return " ".join((words or key).split()).rstrip(".")


def gate_text(protocol: Protocol, keys: Sequence[str]) -> str:
    """What has to be passed, by keys of gates."""
    gates = protocol.gates
    return ", ".join(gates[key].title if key in gates else key for key in keys)


def distance_words(
    target: Distance | None, windows: Sequence[Window], point: str, *, before: bool
) -> str:
    """A distance in words: `14 days (11 to 17) after the start of BASELINE`.

    Args:
        target: the preferred distance, in the sense of the direction.
        windows: what is allowed, in the same sense.
        point: what it is counted from.
        before: the direction.
    """
    side = "before" if before else "after"
    if target is None:
        exact = next(
            (window.earliest for window in windows if window.earliest == window.latest), None
        )
        if exact is not None:
            return distance_words(exact, (), point, before=before)
        texts = [_alone(window, point, before=before) for window in windows]
        together = " and ".join(text for text, is_whole in texts if not is_whole)
        whole = [text for text, is_whole in texts if is_whole]
        return " and ".join([*([f"{together} {side} {point}"] if together else []), *whole])
    number, unit = _number(target)
    allowed = [
        window_words(window, leave=unit)
        for window in windows
        if not window.earliest == window.latest == target
    ]
    room = f" ({' and '.join(allowed)})" if allowed else ""
    if number == "0":
        if (
            all(window.latest is None and _is_zero(window.earliest) for window in windows)
            and windows
        ):
            return _alone(windows[0], point, before=before)[0]
        is_calendar = isinstance(target, CalendarDistance)
        return f"on the day of {point}{_with_unit(room, unit)}" if is_calendar else f"at {point}"
    return f"{number} {_one(unit) if number == '1' else unit}{room} {side} {point}"


def _alone(window: Window, point: str, *, before: bool) -> tuple[str, bool]:
    """A window without a target, and whether the text names the point already."""
    if window.latest is None and _is_zero(window.earliest):
        if isinstance(window.earliest, CalendarDistance):
            return f"on the day of {point} or {'earlier' if before else 'later'}", True
        return f"at {point} or {'earlier' if before else 'later'}", True
    return window_words(window), False


def window_words(window: Window, leave: str = "") -> str:
    """Both ends of a window: `11 to 17 days`, `at least 7 days`; without the unit ``leave``."""
    low, high = window.earliest, window.latest
    if low is None or high is None:
        end = high if low is None else low
        assert end is not None, "a window has an end"
        number, unit = _number(end)
        text = f"{'at most' if low is None else 'at least'} {number}"
        return text if unit == leave else f"{text} {_one(unit) if number == '1' else unit}"
    (first, first_unit), (last, unit) = _number(low), _number(high)
    if not isinstance(low, CalendarDistance) and first_unit != unit:
        first, last, first_unit = _minutes(low), _minutes(high), "minutes"
        unit = first_unit
    if first == last and first_unit == unit:
        return first if unit == leave else f"{first} {_one(unit) if first == '1' else unit}"
    if first == "0":
        first_unit = unit
    if first_unit != unit:
        return f"{first} {first_unit} to {last} {unit}"
    return f"{first} to {last}" if unit == leave else f"{first} to {last} {unit}"


def _with_unit(room: str, unit: str) -> str:
    return f"{room[:-1]} {unit})" if room else ""


def _number(distance: Distance) -> tuple[str, str]:
    """A distance as its number and its unit: days, months, both, hours or minutes."""
    if isinstance(distance, CalendarDistance):
        if distance.business_days:
            days = CalendarDistance(distance.months, distance.days)
            more = "" if days == CalendarDistance(0, 0) else f" business days and {days}"
            return f"{distance.business_days}{more}", "" if more else "business days"
        if distance.months and distance.days:
            months = f"{distance.months} {_one('months') if distance.months == 1 else 'months'}"
            return f"{months} {distance.days:+}", "days"
        return (f"{distance.months}", "months") if distance.months else (f"{distance.days}", "days")
    if distance.minutes % 60 == 0:
        return f"{distance.minutes // 60}", "hours"
    return f"{distance.minutes}", "minutes"


def _minutes(distance: Distance) -> str:
    assert not isinstance(distance, CalendarDistance), "a window has both ends of one kind"
    return f"{distance.minutes}"


def _one(unit: str) -> str:
    return unit.removesuffix("s")


def _is_zero(distance: Distance | None) -> bool:
    return distance is not None and _number(distance)[0] == "0"


def _is_negative(target: Distance | None, window: Window | None) -> bool:
    """Whether all of it lies before the reference, though written as after it."""
    ends = [target] if target is not None else []
    if window is not None:
        if window.earliest is None and target is None:
            return window.latest is not None and _sign(window.latest) < 0
        ends += [end for end in (window.earliest, window.latest) if end is not None]
        if window.latest is None:
            return False
    return bool(ends) and all(_sign(end) <= 0 for end in ends) and any(map(_sign, ends))


def _sign(distance: Distance) -> int:
    if isinstance(distance, CalendarDistance):
        low, high = distance.day_span
        return (low > 0) - (high < 0)
    return (distance.minutes > 0) - (distance.minutes < 0)


def _conditions(occurrence: Occurrence, protocol: Protocol) -> list[str]:
    visit = occurrence.visit
    parts = ["optional"] if visit.optional else []
    if visit.when is not None:
        parts.append(f"only if: {condition_text(protocol, visit.when)}")
    if visit.requires:
        parts.append(f"not before: {gate_text(protocol, visit.requires)}")
    return parts


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
