"""What differs in the rules between visits, compared as sets of distances between two points.

Rules are compared where they lead, not where they are written: the same rule written at its other
visit, or as a constraint, is no change; and neither is another word for the same reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.protocol.containment import has_months, holds_all
from planner.protocol.course import Course, Point, TimingConstraint, allowed_window, bounding_window
from planner.protocol.difference_visits import OUTSIDE
from planner.protocol.document import Path
from planner.protocol.model import Constraint
from planner.protocol.visit import Timing
from planner.time.distance import CalendarDistance, Distance, Window, turned

_Key = tuple[Point, Point]
_Directed = tuple[str, Window]
"""A window and how its distances are counted; see `_directed`."""


class RuleChange(NamedTuple):
    """One difference in the rules of one arm, at one occurrence (an id of the new version).

    ``bounds`` are what holds newly between two points of the old version.
    """

    kind: str
    visit: str
    text: str
    old: Path | None
    new: Path | None
    breaks: str | None
    bounds: tuple[tuple[Point, Point, Window], ...]


class _Side(NamedTuple):
    """The rules of one version, by the two points they bind."""

    course: Course
    rules: dict[_Key, list[TimingConstraint]]


def rule_changes(old: Course, new: Course, renamed: Mapping[str, str]) -> Iterator[RuleChange]:
    """The differences between the rules of two courses.

    Args:
        old: the course by the old version.
        new: the course by the new one.
        renamed: new ids of occurrences by their old ids, where they differ.
    """
    yield from _Comparison(old, new, renamed).changes()


class _Comparison:
    def __init__(self, old: Course, new: Course, renamed: Mapping[str, str]) -> None:
        self.renamed = renamed
        self.names = {new_id: old_id for old_id, new_id in renamed.items()}
        self.visits = {
            visit.visit.id: new.visit(renamed[visit.id]).visit.id
            for visit in old.visits
            if visit.id in renamed
        }
        self.old = _Side(old, _by_points(_translated(rule, renamed) for rule in old.rules))
        self.new = _Side(new, _by_points(iter(new.rules)))
        self.old_ids = {renamed.get(visit.id, visit.id) for visit in old.visits}
        self.new_ids = {visit.id for visit in new.visits}

    def changes(self) -> Iterator[RuleChange]:
        gone: list[list[TimingConstraint]] = []
        for key, rules in self.old.rules.items():
            if key in self.new.rules:
                yield from self._compared(rules, self.new.rules[key])
            else:
                gone.append(rules)
        come = [rules for key, rules in self.new.rules.items() if key not in self.old.rules]
        for was, now in self._pairs(gone, come):
            yield from self._counted_anew(was, now)
        for rules in come:
            if self._is_told(rules[0], self.old_ids):
                yield from self._compared([], rules)
        for rules in gone:
            if self._is_told(rules[0], self.new_ids):
                yield from self._compared(rules, [])

    def _is_told(self, rule: TimingConstraint, known: set[str]) -> bool:
        """Whether it is more than a part of a visit that has come or gone."""
        if isinstance(rule.stated, Constraint):
            return rule.point.visit in known and rule.reference.visit in known
        return rule.point.visit in known

    def _pairs(
        self, gone: list[list[TimingConstraint]], come: list[list[TimingConstraint]]
    ) -> Iterator[tuple[list[TimingConstraint], list[TimingConstraint]]]:
        """Rules that bind the same point as before, but to another one; both lists lose them.

        Those with the same words first; then those that are the only ones to have gone and come.
        """
        for by_word in (True, False):
            before: dict[tuple[object, ...], list[list[TimingConstraint]]] = {}
            after: dict[tuple[object, ...], list[list[TimingConstraint]]] = {}
            for rules in gone:
                before.setdefault(self._key(rules[0], self.visits, by_word), []).append(rules)
            for rules in come:
                after.setdefault(self._key(rules[0], {}, by_word), []).append(rules)
            for key, olds in before.items():
                news = after.get(key, [])
                if key and (by_word or len(olds) == len(news) == 1):
                    for was, now in zip(olds, news, strict=False):
                        gone.remove(was)
                        come.remove(now)
                        yield was, now

    def _key(
        self, rule: TimingConstraint, renamed: Mapping[str, str], by_word: bool
    ) -> tuple[object, ...]:
        """What two rules share that bind the same point; empty for constraints."""
        if not isinstance(rule.stated, Timing):
            return ()
        word = rule.stated.visit
        name = renamed.get(word.visit, word.visit)
        return (rule.point, rule.backwards, str(word._replace(visit=name)) if by_word else None)

    def _counted_anew(
        self, was: list[TimingConstraint], now: list[TimingConstraint]
    ) -> Iterator[RuleChange]:
        rule = now[0]
        written, before_written = reference_text(rule), reference_text(was[0])
        if written != before_written:
            counts = f"counts from `{written}` instead of `{before_written}`"
        else:  # the same words lead elsewhere
            counts = f"counts from `{rule.reference}` (`{written}`) instead of `{was[0].reference}`"
        before = self._allowed(self.old, was)
        after = self._allowed(self.new, now)
        distance = f", {_written(now, self.new.course)}" if before != after else ""
        yield RuleChange(
            "reference-moved",
            rule.point.visit,
            f"{counts}{distance}",
            was[0].path,
            rule.path,
            OUTSIDE if after else None,
            self._bounds(now),
        )

    def _compared(
        self, was: list[TimingConstraint], now: list[TimingConstraint]
    ) -> Iterator[RuleChange]:
        """The differences between the rules that bind the same two points."""
        before, after = self._allowed(self.old, was), self._allowed(self.new, now)
        wider, narrower = holds(after, before), holds(before, after)
        rule = (now or was)[0]
        old_path = _path(was)
        new_path = _path(now)
        side = "before" if rule.backwards else "after"
        where = f"{side} `{reference_text(rule)}`"
        end = "end: " if rule.point.end else ""
        same_words = _spelled(was) == _spelled(now)
        alike = wider and narrower and (not was or not now or _stated(was) == _stated(now))
        alike = alike or (bool(was) and bool(now) and not (_states_any(was) or _states_any(now)))
        if not alike and not (same_words and was and now):
            word = "added" if not before else "removed" if not after else (
                "changed" if wider and narrower else
                "widened" if wider else "narrowed" if narrower else "moved"
            )  # fmt: skip
            exact = not any(rule.window or rule.order for rule in (*was, *now))
            what = "target" if exact else "window"
            texts = _written(was, self.old.course), _written(now, self.new.course)
            if word == "added":
                text = f"{what} {texts[1]} {where} added"
            elif word == "removed":
                text = f"{what} {texts[0]} {where} removed"
            else:
                text = f"{what} {word} from {texts[0]} to {texts[1]} {where}"
            yield RuleChange(
                f"{what}-{word}",
                rule.point.visit,
                end + text,
                old_path,
                new_path,
                None if wider else OUTSIDE,
                self._bounds(now),
            )
            if exact:
                return
        targets = _target(was), _target(now)
        if targets[0] != targets[1]:
            yield RuleChange(
                "target-moved" if None not in targets else "target-changed",
                rule.point.visit,
                f"{end}{_moved(*targets)} {where}",
                old_path,
                new_path,
                None,
                (),
            )

    def _allowed(self, side: _Side, rules: Sequence[TimingConstraint]) -> list[_Directed]:
        """The windows of rules, each with the way it is to be read: see `_directed`."""
        windows = []
        for rule in rules:
            window = bounding_window(rule, side.course)
            if window is not None:
                windows.append(_directed(rule, window))
        return windows

    def _bounds(self, rules: Sequence[TimingConstraint]) -> tuple[tuple[Point, Point, Window], ...]:
        bounds = []
        for rule in rules:
            window = bounding_window(rule, self.new.course)
            if window is not None:
                bounds.append((self._before(rule.reference), self._before(rule.point), window))
        return tuple(bounds)

    def _before(self, point: Point) -> Point:
        return point._replace(visit=self.names.get(point.visit, point.visit))


def _by_points(rules: Iterator[TimingConstraint]) -> dict[_Key, list[TimingConstraint]]:
    by_points: dict[_Key, list[TimingConstraint]] = {}
    for rule in rules:
        first, last = sorted((rule.reference, rule.point))
        by_points.setdefault((first, last), []).append(rule)
    return by_points


def _translated(rule: TimingConstraint, renamed: Mapping[str, str]) -> TimingConstraint:
    """A rule of the old version between the points of the new one."""
    reference, point = rule.reference, rule.point
    return rule._replace(
        reference=reference._replace(visit=renamed.get(reference.visit, reference.visit)),
        point=point._replace(visit=renamed.get(point.visit, point.visit)),
    )


def _directed(rule: TimingConstraint, window: Window) -> _Directed:
    """A window from the lesser of its two points on; with months only as it is counted.

    A month back from a date is not always where a month on from there leads.
    """
    forwards = rule.reference <= rule.point
    if has_months(window):
        return ("forwards" if forwards else "backwards"), window
    return "", window if forwards else turned(window)


def holds(outer: Sequence[_Directed], inner: Sequence[_Directed]) -> bool:
    """Whether what all of ``inner`` allow is allowed by all of ``outer``."""
    for way, window in outer:
        seen = [_seen(other, towards, way) for towards, other in inner]
        if not holds_all([window], [window for window in seen if window is not None]):
            return False
    return True


def _seen(window: Window, towards: str, way: str) -> Window | None:
    """A window as another one is counted; ``None`` for months that are counted the other way."""
    if (towards == "backwards") == (way == "backwards"):
        return window
    return None if towards and way else turned(window)


def _path(rules: Sequence[TimingConstraint]) -> Path | None:
    """Where the rules stand; of several the one with a window."""
    best = next((rule for rule in rules if rule.window is not None), rules[0] if rules else None)
    return None if best is None else best.path


def _spelled(
    rules: Sequence[TimingConstraint],
) -> list[tuple[Window | None, ...] | Distance | None]:
    return [part for rule in rules for part in ((rule.window, rule.order), rule.target)]


def _states_any(rules: Sequence[TimingConstraint]) -> bool:
    """Whether any of several rules has a window, or could have one: all but unpublished ones."""
    return any(rule.order is None for rule in rules)


def _stated(rules: Sequence[TimingConstraint]) -> bool:
    """Whether no window of several rules is one that nobody published."""
    return all(rule.order is None for rule in rules)


def _target(rules: Sequence[TimingConstraint]) -> Distance | None:
    for rule in rules:
        if rule.target is not None:
            return -rule.target if rule.backwards else rule.target
    return None


def _moved(old: Distance | None, new: Distance | None) -> str:
    if old is None:
        return f"target {new} added"
    if new is None:
        return f"target {old} removed"
    if isinstance(old, CalendarDistance) != isinstance(new, CalendarDistance):
        return f"target changed from {old} to {new}"
    return f"target moved from {old} to {new}"


def _written(rules: Sequence[TimingConstraint], course: Course) -> str:
    """The allowed distances as they are written, `any` where there is no limit."""
    texts = []
    for rule in rules:
        window = allowed_window(rule, course)
        if window is not None:
            texts.append(str(turned(window) if rule.backwards else window))
        elif rule.order is not None:
            texts.append("not published")
    return " and ".join(dict.fromkeys(texts)) or "any"


def reference_text(rule: TimingConstraint) -> str:
    """What a rule counts from, as it is written."""
    if isinstance(rule.stated, Timing):
        return str(rule.stated.visit)
    return str(rule.stated.start) if isinstance(rule.stated, Constraint) else str(rule.reference)
