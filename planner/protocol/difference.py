"""What changed between two versions of a protocol: by id, arm and epoch, in the protocol's words.

Compared are the things that the files say, not their lines: a rule written elsewhere or in other
words for the same is no change, and what is said once is told once, however often it occurs.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from planner.protocol.change import (
    Change,
    ChangedRule,
    ComparedVersion,
    Difference,
    FileLine,
    Group,
)
from planner.protocol.course import NOT_PUBLISHED, Course, Occurrence
from planner.protocol.difference_evidence import evidence_changes
from planner.protocol.difference_names import epoch_names, occurrence_names, visit_names
from planner.protocol.difference_rules import RuleChange, reference_text, rule_changes
from planner.protocol.difference_study import moved, study_changes
from planner.protocol.difference_visits import NEW_DUTY, OUTSIDE, visit_aspects
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Constraint, Protocol
from planner.protocol.references import cycle_times

_GROUPS: tuple[Group, ...] = ("identity", "schedule", "consequence", "evidence")
_Arms = tuple[tuple[str | None, str | None], ...]


def difference(old: ProtocolFile, new: ProtocolFile) -> Difference:
    """The changes from one version of a protocol to another, as the two files tell them.

    What only a network of all rules shows is added by `planner.schedule.amendment_effects`.

    Args:
        old: the earlier version.
        new: the later version.

    Raises:
        PlannerError: the cycles of a version make more visits than can be compared.
    """
    return _Comparison(old, new).difference()


class _Key(NamedTuple):
    """Changes with the same key are one."""

    kind: str
    subject: str
    id: str
    text: str
    epoch: str | None
    old: Path | None
    new: Path | None
    breaks: str | None
    group: Group


class _Gathered(NamedTuple):
    """Where a change was met."""

    ids: dict[str, None]
    arms: dict[str, None]
    bounds: list[ChangedRule]


class _Comparison:
    def __init__(self, old: ProtocolFile, new: ProtocolFile) -> None:
        self.files = old, new
        self.old: Protocol = old.protocol
        self.new: Protocol = new.protocol
        self.epochs = epoch_names(self.old, self.new)
        self.renamed = visit_names(self.old, self.new, self.epochs)
        self.arms = _arm_pairs(self.old, self.new)
        self.found: dict[_Key, _Gathered] = {}
        self.flaws: dict[str, None] = {}
        self.places = {
            visit.id: ("epochs", epoch_at, "visits", visit_at)
            for epoch_at, epoch in enumerate(self.new.epochs)
            for visit_at, visit in enumerate(epoch.visits)
        }

    def difference(self) -> Difference:
        for change in study_changes(self.old, self.new, self.epochs, self.renamed):
            epoch = change.id if change.subject == "epoch" else None
            self._add(
                _Key(change.kind, change.subject, change.id, change.text, epoch, change.old,
                     change.new, change.breaks, change.group),
                change.id,
            )  # fmt: skip
        courses = [(expand(self.old, old), expand(self.new, new)) for old, new in self.arms]
        for (old_arm, new_arm), both in zip(self.arms, courses, strict=True):
            for file, course in zip(self.files, both, strict=True):
                self.flaws |= {f"{file.path}: {flaw.message}": None for flaw in course.flaws}
            arm = new_arm or old_arm or ""
            self._visits(*both, arm)
            self._cycles(*both, arm)
            self._rules(*both, arm)
        self._lonely_arms(courses)
        self._order()
        for evidence in evidence_changes(self.old, self.new, self.renamed):
            self._add(
                _Key(evidence.kind, "evidence", evidence.id, evidence.text, None, evidence.old,
                     evidence.new, None, "evidence"),
                evidence.id,
            )  # fmt: skip
        versions = [
            ComparedVersion(file.protocol.id, file.protocol.version, file.path)
            for file in self.files
        ]
        return Difference(
            versions[0],
            versions[1],
            tuple(self._changes()),
            self.renamed,
            self.arms,
            tuple(self.flaws),
        )

    def _add(
        self, key: _Key, name: str, arm: str = "", bounds: tuple[ChangedRule, ...] = ()
    ) -> None:
        gathered = self.found.setdefault(key, _Gathered({}, {}, []))
        gathered.ids[name] = None
        if arm:
            gathered.arms[arm] = None
        gathered.bounds.extend(bounds)

    def _changes(self) -> Iterator[Change]:
        every = {new or old for old, new in self.arms}
        old_file, new_file = self.files
        changes = []
        for key, met in self.found.items():
            places = _place(old_file, key.old), _place(new_file, key.new)
            arms = () if set(met.arms) >= every else tuple(met.arms)
            changes.append(
                Change(key.kind, key.subject, tuple(met.ids), key.text, key.epoch, arms, *places,
                       key.breaks, key.group, tuple(met.bounds))
            )  # fmt: skip
        yield from sorted(changes, key=_position)

    # --- visits ---------------------------------------------------------------------------------

    def _visits(self, course: Course, other: Course, arm: str) -> None:
        was = self._by_visit(course, self.renamed)
        now = self._by_visit(other, {})
        for name, occurrence in now.items():
            if name not in was:
                self._added(other, occurrence, arm)
        for name, occurrence in was.items():
            if name in now:
                self._both(occurrence, now[name], arm)
            else:
                self._removed(occurrence, arm)

    def _by_visit(self, course: Course, renamed: Mapping[str, str]) -> dict[str, Occurrence]:
        """The first occurrence of each visit, by its id in the new version."""
        by_visit: dict[str, Occurrence] = {}
        for occurrence in course.visits:
            name = occurrence.visit.id
            by_visit.setdefault(renamed.get(name, name), occurrence)
        return by_visit

    def _added(self, course: Course, occurrence: Occurrence, arm: str) -> None:
        visit = occurrence.visit
        words: list[str] = [occurrence.kind]
        if visit.modes != ("clinic",):
            words.append(" or ".join(visit.modes))
        words += [word for word, holds in (("unscheduled", visit.unscheduled),
                  ("optional", visit.optional), (f"if `{visit.when}`",
                  visit.when)) if holds]  # fmt: skip
        words += _timings(course, occurrence)
        key = _Key("visit-added", "visit", visit.id, f"visit added ({', '.join(words)})",
                   occurrence.epoch.id, None, occurrence.path,
                   None if visit.optional else NEW_DUTY, "schedule")  # fmt: skip
        self._add(key, visit.id, arm)

    def _removed(self, occurrence: Occurrence, arm: str) -> None:
        key = _Key("visit-removed", "visit", occurrence.visit.id, "visit removed",
                   occurrence.epoch.id, occurrence.path, None,
                   "a visit that took place is not in the new version",
                   "schedule")  # fmt: skip
        self._add(key, occurrence.visit.id, arm)

    def _both(self, was: Occurrence, now: Occurrence, arm: str) -> None:
        name, epoch = now.visit.id, now.epoch.id
        if was.visit.id != name:
            text = f"is what `{was.visit.id}` was, as it seems: visit renamed"
            breaks = "records name it by its old id"
            self._add(_Key("visit-renamed", "visit", name, text, epoch, was.path, now.path, breaks,
                           "schedule"), name, arm)  # fmt: skip
        if self.epochs.get(was.epoch.id) != epoch:
            text = f"moved from epoch `{was.epoch.id}` to `{epoch}`"
            other_ids = (was.cycle is None) != (now.cycle is None)
            breaks_it = "its occurrences have other ids now" if other_ids else None
            self._add(_Key("visit-moved", "visit", name, text, epoch, was.path, now.path, breaks_it,
                           "schedule"), name, arm)  # fmt: skip
        for aspect in visit_aspects(was, now, self.old, self.new):
            self._add(
                _Key(aspect.kind, "visit", name, aspect.text, epoch, _inside(was, aspect.old, arm),
                     _inside(now, aspect.new, arm), aspect.breaks, "schedule"),
                name,
                arm,
            )  # fmt: skip

    def _cycles(self, course: Course, other: Course, arm: str) -> None:
        old_epochs = {occurrence.epoch.id: occurrence.epoch for occurrence in course.visits}
        new_epochs = {occurrence.epoch.id: occurrence.epoch for occurrence in other.visits}
        for name, epoch in old_epochs.items():
            after = new_epochs.get(self.epochs.get(name, ""))
            if after is None or epoch.cycle is None or after.cycle is None:
                continue
            was, now = cycle_times(epoch, course.arm), cycle_times(after, other.arm)
            if was == now:
                continue
            text = f"cycle repeats {_times(now)}, no longer {_times(was)}"
            breaks = "visits of later cycles are removed" if now < was else NEW_DUTY
            paths = [("epochs", protocol.epochs.index(epoch), "cycle")
                     for protocol, epoch in ((self.old, epoch), (self.new, after))]  # fmt: skip
            key = _Key("cycle-times", "epoch", after.id, text, after.id, paths[0], paths[1],
                       breaks, "schedule")  # fmt: skip
            self._add(key, after.id, arm)

    def _lonely_arms(self, courses: list[tuple[Course, Course]]) -> None:
        """Visits that only an arm has that is new itself: nobody under way has them."""
        known = {visit.visit.id for _, course in courses for visit in course.visits}
        compared = {arm for _, arm in self.arms}
        for arm in self.new.arms:
            if arm.id in compared:
                continue
            course = expand(self.new, arm.id)
            for name, occurrence in self._by_visit(course, {}).items():
                if name not in known:
                    text = f"visit added ({', '.join([occurrence.kind, 'only in a new arm'])})"
                    key = _Key("visit-added", "visit", name, text, occurrence.epoch.id, None,
                               occurrence.path, None, "schedule")  # fmt: skip
                    self._add(key, name, arm.id)

    def _order(self) -> None:
        """Visits listed elsewhere in their epoch."""
        for epoch in self.new.epochs:
            befores = [old for old in self.old.epochs if self.epochs.get(old.id) == epoch.id]
            if not befores:
                continue
            before = befores[0]
            names = [self.renamed.get(visit.id, visit.id) for visit in before.visits]
            listed_now = [visit.id for visit in epoch.visits]
            kept = list(dict.fromkeys(name for name in names if name in listed_now))
            order = list(dict.fromkeys(name for name in listed_now if name in kept))
            ordered = "listed" in (self.new.order, epoch.order)
            for name, where in moved(kept, order):
                key = _Key("visit-order", "visit", name, f"is listed {where} now", epoch.id, None,
                           self.places[name], OUTSIDE if ordered else None, "schedule")  # fmt: skip
                self._add(key, name)

    # --- rules ----------------------------------------------------------------------------------

    def _rules(self, course: Course, other: Course, arm: str) -> None:
        renamed = occurrence_names(course, other, self.renamed)
        old_epochs = {renamed.get(was.id, was.id): was.epoch.id for was in course.visits}
        new_epochs = {now.id: now.epoch.id for now in other.visits}
        for change in rule_changes(course, other, renamed):
            epoch = new_epochs.get(change.visit) or self.epochs.get(old_epochs[change.visit])
            key = _Key(change.kind, self._subject(change), "", change.text, epoch, change.old,
                       change.new, change.breaks, "schedule")  # fmt: skip
            bounds = tuple(ChangedRule(course.arm, *bound) for bound in change.bounds)
            self._add(key, change.visit, arm, bounds)

    def _subject(self, change: RuleChange) -> str:
        path = change.new or change.old or ()
        return "constraint" if path[:1] == ("constraints",) else "visit"


def _arm_pairs(old: Protocol, new: Protocol) -> _Arms:
    """Which courses are compared: those of the same arm, or of the first ones where none is."""
    was, now = [arm.id for arm in old.arms], [arm.id for arm in new.arms]
    if not was and not now:
        return ((None, None),)
    if not was:
        return tuple((None, arm) for arm in now)
    if not now:
        return tuple((arm, None) for arm in was)
    same = tuple((arm, arm) for arm in was if arm in now)
    return same or ((was[0], now[0]),)


def _times(number: int) -> str:
    return "once" if number == 1 else "twice" if number == 2 else f"{number} times"


def _timings(course: Course, occurrence: Occurrence) -> list[str]:
    """What a visit's own rules say, in a few words."""
    texts: dict[str, None] = {}
    for rule in course.rules:
        if rule.point.visit != occurrence.id or isinstance(rule.stated, Constraint):
            continue
        stated = rule.stated
        distance = getattr(stated, "within", None) or getattr(stated, "target", None)
        side = "before" if rule.backwards else "after"
        far = side if distance is None else f"{distance} {side}"
        unpublished = f", {NOT_PUBLISHED}" if rule.order is not None else ""
        texts[f"{far} `{reference_text(rule)}`{unpublished}"] = None
    return list(texts)


def _inside(occurrence: Occurrence, at: Path, arm: str) -> Path:
    """A place in a visit, or in what differs in one arm if it stands there."""
    written = occurrence.path
    if at and arm and arm in occurrence.visit.by_arm:
        own = occurrence.visit.by_arm[arm]
        if str(at[0]) in own.model_fields_set:
            return (*written, "by_arm", arm, *at)
    return (*written, *at)


def _place(file: ProtocolFile, path: Path | None) -> FileLine | None:
    return None if path is None else FileLine(file.path, file.position(path).line)


def _position(change: Change) -> tuple[int, int, str]:
    place = change.new or change.old
    return _GROUPS.index(change.group), 0 if place is None else place.line, change.text
