"""TA and TE: what each arm goes through, epoch by epoch, and when each part begins and ends."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from planner.formats.sdtm.trial_design_arms import ArmCourse, PlannedVisit
from planner.formats.sdtm.trial_design_rules import condition_text, gate_text
from planner.formats.sdtm.trial_design_text import MAX_ETCD_LENGTH, TextWriter, codes_of
from planner.formats.sdtm.writing import Cell, Column, Dataset
from planner.network.windows import distance, is_consistent
from planner.protocol.course import Course, Occurrence, Point, endings
from planner.protocol.expand import epoch_kind
from planner.protocol.model import Epoch, Protocol
from planner.protocol.visit import Visit
from planner.schedule.build import build_schedule
from planner.schedule.distances import planned_days
from planner.schedule.protocol_metrics import is_certain
from planner.time.iso8601 import days_duration

_STUDY = Column("STUDYID", "Study Identifier", key=1)
_DOMAIN = Column("DOMAIN", "Domain Abbreviation")
TA_COLUMNS = (
    _STUDY,
    _DOMAIN,
    Column("ARMCD", "Planned Arm Code", key=2),
    Column("ARM", "Description of Planned Arm"),
    Column("TAETORD", "Planned Order of Element within Arm", "integer", key=3),
    Column("ETCD", "Element Code"),
    Column("ELEMENT", "Description of Element"),
    Column("TABRANCH", "Branch"),
    Column("TATRANS", "Transition Rule"),
    Column("EPOCH", "Epoch"),
)
TE_COLUMNS = (
    _STUDY,
    _DOMAIN,
    Column("ETCD", "Element Code", key=2),
    Column("ELEMENT", "Description of Element"),
    Column("TESTRL", "Rule for Start of Element"),
    Column("TEENRL", "Rule for End of Element"),
    Column("TEDUR", "Planned Duration of Element"),
)
_EPOCHS = {
    "screening": "SCREENING",
    "run-in": "RUN-IN",
    "washout": "WASHOUT",
    "treatment": "TREATMENT",
    "dosing": "TREATMENT",
    "maintenance": "CONTINUATION TREATMENT",
    "follow-up": "FOLLOW-UP",
    "preparation": "PREPARATION",
    "integration": "INTEGRATION",
}
"""Epochs by kind; all but the last two are words of CDISC's terminology, which may be extended."""
_STEMS = {
    "screening": "SCRN",
    "baseline": "BASE",
    "run-in": "RUNIN",
    "washout": "WASH",
    "preparation": "PREP",
    "treatment": "TRT",
    "dosing": "DOSE",
    "integration": "INTEG",
    "maintenance": "MAINT",
    "follow-up": "FUP",
}
_TREATING = ("treatment", "dosing", "maintenance")


class _Part(NamedTuple):
    """A stretch of one arm's course: an epoch, or several whose visits lie among each other's."""

    epochs: tuple[Epoch, ...]
    visits: tuple[Occurrence, ...]

    @property
    def key(self) -> str:
        """The ids of its epochs."""
        return "+".join(epoch.id for epoch in self.epochs)

    @property
    def title(self) -> str:
        """The titles of its epochs."""
        return " / ".join(_title(epoch) for epoch in self.epochs)

    @property
    def principal(self) -> Epoch:
        """The epoch that it is named by: the first that treats, else the first."""
        treating = (epoch for epoch in self.epochs if epoch_kind(epoch) in _TREATING)
        return next(treating, self.epochs[0])

    @property
    def is_treating(self) -> bool:
        """Whether it is what arms differ in."""
        return epoch_kind(self.principal) in _TREATING

    @property
    def certain(self) -> tuple[Occurrence, ...]:
        """The visits that everybody has; all where there is none."""
        return tuple(visit for visit in self.visits if is_certain(visit)) or self.visits

    @property
    def is_certain(self) -> bool:
        """Whether everybody has it."""
        return any(is_certain(visit) for visit in self.visits)

    def split(self) -> tuple["_Part", ...]:
        """A part for each of its epochs."""
        return tuple(
            _Part((epoch,), tuple(visit for visit in self.visits if visit.epoch is epoch))
            for epoch in self.epochs
        )


class _Element(NamedTuple):
    """A part with its texts; those of several arms are one element if they begin alike."""

    key: str
    start: str
    ends: tuple[str, ...]
    duration: str

    @property
    def end(self) -> str:
        """All ways in which it can end: `Start of A or B or end of C`."""
        starts = [end.removeprefix("Start of ") for end in self.ends if end.startswith("Start")]
        others = [end for end in self.ends if not end.startswith("Start")]
        return " or ".join([*(["Start of " + " or ".join(starts)] if starts else []), *others])


def trial_arms_and_elements(
    study: str,
    arms: tuple[ArmCourse, ...],
    visits: Mapping[str, PlannedVisit],
    writer: TextWriter,
) -> tuple[Dataset, Dataset]:
    """The datasets TA and TE.

    An element is an epoch; one that surely begins before another one ends, as assessments between
    sessions do, is one with it. Arms share an element unless it treats or its rules differ.
    """
    days = {arm.code: _Days(arm.course) for arm in arms}
    parts = {arm.code: _parts(days[arm.code]) for arm in arms}
    elements = {arm.code: _elements(days[arm.code], parts[arm.code], visits) for arm in arms}
    named = _Named(arms, parts, elements, writer)
    ta: list[tuple[Cell, ...]] = []
    te: dict[str, tuple[Cell, ...]] = {}
    codes = {arm.code: [named.code(arm, element) for element in elements[arm.code]] for arm in arms}
    parting = _branches(arms, codes)
    for arm in arms:
        for at, (part, element) in enumerate(zip(parts[arm.code], elements[arm.code], strict=True)):
            code = codes[arm.code][at]
            branch = writer.fit(_allocated(arm)) if at == parting else ""
            title = named.title(arm, part, element)
            jumps = writer.fit("; ".join(_transitions(arm.course.protocol, parts[arm.code], at)))
            epoch = _epoch(part.principal, writer)
            ta.append((study, "TA", arm.code, arm.name, at + 1, code, title, branch, jumps, epoch))
            shared_element = named.shared.get(element.key, element)
            rules = (
                writer.fit(shared_element.start),
                writer.fit(shared_element.end),
                shared_element.duration,
            )
            te[code] = (study, "TE", code, title, *rules)
    ta.sort(key=lambda row: (str(row[2]), row[4] or 0))
    return (
        Dataset("TA", "Trial Arms", TA_COLUMNS, tuple(ta)),
        Dataset("TE", "Trial Elements", TE_COLUMNS, tuple(te[code] for code in sorted(te))),
    )


class _Named:
    """Codes and titles of elements, once it is known which ones arms share."""

    def __init__(
        self,
        arms: tuple[ArmCourse, ...],
        parts: Mapping[str, tuple[_Part, ...]],
        elements: Mapping[str, tuple[_Element, ...]],
        writer: TextWriter,
    ) -> None:
        self._writer = writer
        self._alone = len(arms) == 1
        elements_of_parts: dict[str, list[_Element]] = {}
        treating: set[str] = set()
        stems: dict[str, str] = {}
        for arm in arms:
            for part, element in zip(parts[arm.code], elements[arm.code], strict=True):
                elements_of_parts.setdefault(part.key, []).append(element)
                stems[part.key] = _stem(part.principal)
                if part.is_treating:
                    treating.add(part.key)
        self.shared = {
            key: _shared(of)
            for key, of in elements_of_parts.items()
            if self._alone or (len({element.start for element in of}) == 1 and key not in treating)
        }
        keys = []
        for number, arm in enumerate(arms, start=1):
            for element in elements[arm.code]:
                own = "" if element.key in self.shared else str(number)
                keys.append((element.key, "" if element.key in self.shared else arm.code, own))
        unique = list(dict.fromkeys(keys))
        made = {
            f"{key}/{arm}": f"{stems[key][: MAX_ETCD_LENGTH - len(own)]}{own}"
            for key, arm, own in unique
        }
        self._codes = codes_of(made, MAX_ETCD_LENGTH, made.__getitem__)

    def code(self, arm: ArmCourse, element: _Element) -> str:
        """ETCD."""
        return self._codes[f"{element.key}/{'' if element.key in self.shared else arm.code}"]

    def title(self, arm: ArmCourse, part: _Part, element: _Element) -> str:
        """ELEMENT: the epochs' titles, and the arm's where the element is its own."""
        titles = part.title
        if element.key not in self.shared:
            titles = f"{titles} (arm: {arm.name})"
        return self._writer.fit(titles)


def _shared(elements: list[_Element]) -> _Element:
    """One element for several arms, which may go on differently from it."""
    ends = tuple(dict.fromkeys(end for element in elements for end in element.ends))
    durations = {element.duration for element in elements}
    return elements[0]._replace(ends=ends, duration=durations.pop() if len(durations) == 1 else "")


class _Days:
    """Days between visits of one arm that all timings leave no doubt about."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._schedule = build_schedule(course)
        self._holds = is_consistent(self._schedule.network)
        self._planned = {} if course.anchor is None else planned_days(course, course.anchor)

    def apart(self, start: Occurrence, end: Occurrence) -> tuple[int | None, int | None]:
        """The fewest and the most days from one visit to another; ``None`` is an open end."""
        if not self._holds:
            return None, None
        nodes = self._schedule.nodes
        return distance(self._schedule.network, nodes[Point(start.id)], nodes[Point(end.id)])

    def surely(self, start: Occurrence, end: Occurrence, days: int) -> bool:
        """Whether at least so many days lie between two visits, whatever is chosen."""
        least = self.apart(start, end)[0]
        return least is not None and least >= days

    def precedes(self, part: _Part, other: _Part) -> bool:
        """Whether a part lies wholly before another one."""
        last, first = part.certain[-1], other.certain[0]
        return self.surely(last, first, 0) and not self.surely(first, last, 0)

    def overlaps(self, part: _Part, other: _Part) -> bool:
        """Whether an epoch of a later part begins before one of an earlier part ends."""
        return any(
            self.surely(begins.certain[0], ends.certain[-1], 1)
            for begins in part.split()
            for ends in other.split()
        )

    def ordered(self, part: _Part) -> tuple[Occurrence, ...]:
        """Its visits as listed; those of several epochs by planned days where all have one."""
        if len(part.epochs) == 1 or any(visit.id not in self._planned for visit in part.certain):
            return part.certain
        return tuple(sorted(part.certain, key=lambda visit: self._planned[visit.id]))


def _parts(days: _Days) -> tuple[_Part, ...]:
    """The epochs of a course in the order of time, joined where one surely begins in another."""
    by_epoch: dict[str, list[Occurrence]] = {}
    for visit in days.course.visits:
        by_epoch.setdefault(visit.epoch.id, []).append(visit)
    parts: list[_Part] = []
    for visits in by_epoch.values():
        part = _Part((visits[0].epoch,), tuple(visits))
        at = len(parts)
        while at and days.precedes(part, parts[at - 1]):
            at -= 1
        if (
            at
            and part.is_certain
            and parts[at - 1].is_certain
            and days.overlaps(part, parts[at - 1])
        ):
            before = parts[at - 1]
            parts[at - 1] = _Part(before.epochs + part.epochs, before.visits + part.visits)
        else:
            parts.insert(at, part)
    return tuple(parts)


def _certain_after(parts: tuple[_Part, ...], at: int) -> int:
    """The place of the next part that everybody has; the last place where there is none."""
    places = (place for place in range(at + 1, len(parts)) if parts[place].is_certain)
    return next(places, len(parts) - 1)


def _elements(
    days: _Days, parts: tuple[_Part, ...], visits: Mapping[str, PlannedVisit]
) -> tuple[_Element, ...]:
    elements = []
    for at, part in enumerate(parts):
        inside = days.ordered(part)
        following = parts[at + 1 : _certain_after(parts, at) + 1]
        starts = [days.ordered(part)[0] for part in following]
        ends = [f"Start of {visits[visit.id].name}" for visit in starts]
        if not following or not following[-1].is_certain:
            ends.append(f"End of {visits[inside[-1].id].name}")
        least, most = days.apart(inside[0], [*starts, inside[-1]][0])
        duration = ""
        if len(ends) == 1 and least is not None and least == most and least > 0:
            duration = str(days_duration(least))
        start = f"Start of {visits[inside[0].id].name}"
        elements.append(_Element(part.key, start, tuple(ends), duration))
    return tuple(elements)


def _branches(arms: tuple[ArmCourse, ...], codes: Mapping[str, list[str]]) -> int | None:
    """Where the arms part: the place of the last element that all of them begin with."""
    if len(arms) < 2:
        return None
    alike = 0
    for together in zip(*(codes[arm.code] for arm in arms), strict=False):
        if len(set(together)) > 1:
            break
        alike += 1
    parted = any(len(codes[arm.code]) > alike for arm in arms)
    return alike - 1 if alike and parted else None


def _allocated(arm: ArmCourse) -> str:
    allocation = arm.course.protocol.allocation
    return f"Allocated to {arm.name}" + (f" ({allocation})" if allocation else "")


def _transitions(protocol: Protocol, parts: tuple[_Part, ...], at: int) -> Iterator[str]:
    """TATRANS: what else than the next element can follow, and what has to be passed before it."""
    for repeats, decision, at_most in endings(parts[at].visits):
        most = f", at most {at_most} times" if at_most else ""
        title = _title(repeats)
        yield f"{title} repeats until: {condition_text(protocol, decision)}{most}"
    if at + 1 == len(parts):
        return
    following = parts[at + 1]
    if not following.is_certain:
        conditions = {visit.visit.when for visit in following.visits}
        keys = sorted(key for key in conditions if key)
        rest = (
            part
            for part in parts[at + 2 :]
            if part.is_certain or {visit.visit.when for visit in part.visits} - conditions
        )
        after = next(rest, None)
        other = "the end of the study" if after is None else after.title
        words = " or ".join(condition_text(protocol, key) for key in keys)
        condition = f"{following.title} only if: {words}" if None not in conditions else ""
        yield f"{condition or following.title + ' is optional'}; else to {other}"
    gates = tuple(
        dict.fromkeys(key for visit in following.visits[:1] for key in visit.visit.requires)
    )
    if gates:
        yield f"Not before: {gate_text(protocol, gates)}"


def _title(named: Epoch | Visit) -> str:
    return named.title or named.id[:1].upper() + named.id[1:]


def _stem(epoch: Epoch) -> str:
    # Of an epoch whose kind is written the id tells more: several can be of that kind.
    letters = re.sub("[^A-Z0-9]", "", epoch.id.upper())
    return _STEMS.get(epoch.id, letters)


def _epoch(epoch: Epoch, writer: TextWriter) -> str:
    if epoch.id == "baseline":
        return "BASELINE"
    kind = epoch_kind(epoch)
    return _EPOCHS[kind] if kind in _EPOCHS else writer.fit(_title(epoch)).upper()
