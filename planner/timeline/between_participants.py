"""Who waits for whom between the participants of a cohort, and who does not share its date.

Rules between participants bind no single plan: they are held against where the visits of several
participants took place, are booked or are planned.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.protocol.between_participants import BetweenParticipants
from planner.protocol.course import Course
from planner.protocol.fields import Reference
from planner.protocol.model import Protocol
from planner.protocol.references import Resolver
from planner.time.distance import CalendarDistance
from planner.time.local import day_of, to_local
from planner.timeline.course_planner import PlacedVisit


class CohortMember(NamedTuple):
    """One participant of a cohort.

    Attributes:
        course: the visits that the participant has.
        placed: where visits took place, are booked or are planned, by occurrence id; none of those
            that do not take place.
        firm: those that took place or are booked.
        awaited: those that have not taken place and still shall, with or without a date.
        gates: passed, and when.
    """

    participant: str
    cohort: str
    course: Course
    placed: Mapping[str, PlacedVisit]
    firm: frozenset[str]
    awaited: frozenset[str]
    gates: Mapping[str, date]


class Wait(NamedTuple):
    """One visit of a participant that waits for a visit of another one.

    Attributes:
        rule: of the protocol; ``at`` is its position there.
        participant: whose ``visit`` (an occurrence's id) waits.
        other: for whose visit ``of`` it waits; ``None`` where the cohort before has no member.
        cohort: of the other one.
        reference: where the other one's visit lies; ``None`` while it has no date.
        earliest: the first instant (UTC minutes since 1970) or, of a rule in days, the first date
            (ordinal) on which it may be; ``None`` without a reference. ``is_clock`` says which.
        short: by how many minutes or days the visit's own place is too soon; 0 where it is not.
        is_early: it has its place before the other one's visit has one.
    """

    rule: BetweenParticipants
    at: int
    participant: str
    visit: str
    other: str | None
    cohort: str
    of: str
    reference: PlacedVisit | None
    earliest: int | None
    is_clock: bool
    short: int
    is_early: bool

    def first_day(self, zone: ZoneInfo) -> date | None:
        """The first date at a site on which the visit may be; ``None`` while nobody knows."""
        if self.earliest is None:
            return None
        return day_of(self.earliest, zone) if self.is_clock else date.fromordinal(self.earliest)


class OtherDate(NamedTuple):
    """A visit that is not on the date (ordinal) on which the others of its cohort have it."""

    rule: BetweenParticipants
    at: int
    participant: str
    visit: str
    cohort: str
    day: int


class EarlyReview(NamedTuple):
    """A review of a cohort that was passed before a visit of one of its participants was over."""

    rule: BetweenParticipants
    at: int
    participant: str
    visit: str
    other: str
    of: str
    passed: date


def waits(protocol: Protocol, members: Iterable[CohortMember]) -> list[Wait]:
    """Every visit that waits for one of another participant, kept or not, in the order of members.

    A visit without a date of its own waits, too: ``earliest`` then says from when it may be.

    Args:
        protocol: whose rules these are.
        members: participants of one or several cohorts, each once.
    """
    cohorts = _by_cohort(members)
    return [
        wait
        for at, rule in enumerate(protocol.between_participants)
        if rule.after is not None
        for members_of in cohorts.values()
        for wait in _waits(rule, at, members_of, cohorts)
    ]


def other_dates(protocol: Protocol, members: Iterable[CohortMember]) -> list[OtherDate]:
    """Visits that are to be on one date for a cohort, and are not.

    The cohort's date is that of most of those who had the visit or are booked, else of most of
    those planned; the earliest of several.

    Args:
        protocol: whose rules these are.
        members: participants of one or several cohorts, each once.
    """
    cohorts = _by_cohort(members)
    return [
        other
        for at, rule in enumerate(protocol.between_participants)
        if rule.together
        for cohort, members_of in cohorts.items()
        for other in _apart(rule, at, cohort, members_of)
    ]


def early_reviews(protocol: Protocol, members: Iterable[CohortMember]) -> list[EarlyReview]:
    """Reviews of the cohort before that were passed before all of its visits were over.

    Args:
        protocol: whose rules these are.
        members: participants of one or several cohorts, each once.
    """
    everyone = list(members)
    gates = {member.participant: member.gates for member in everyone}
    early = []
    for wait in waits(protocol, everyone):
        passed = gates[wait.participant].get(wait.rule.gate or "")
        if passed is None or wait.other is None:
            continue
        if wait.reference is None or passed.toordinal() < wait.reference.day:
            early.append(
                EarlyReview(
                    wait.rule, wait.at, wait.participant, wait.visit, wait.other, wait.of, passed
                )
            )
    return early


def cohort_before(cohort: str) -> str | None:
    """The cohort whose number is one less: `sad-1` before `sad-2`.

    Args:
        cohort: an id that ends with a number.

    Returns:
        Its id without zeros before the number; ``None`` where this is the first one.

    Raises:
        ValueError: it has no number at its end.
    """
    match = re.fullmatch(r"(.*?)0*([0-9]+)", cohort)
    if match is None:
        raise ValueError(
            f"cohort {cohort} has no number at its end, so that which one is before it is unknown"
        )
    number = int(match[2]) - 1
    return f"{match[1]}{number}" if number >= 1 else None


def plain_cohort(cohort: str) -> str:
    """The same cohort without zeros before its number, which some write and others do not.

    Args:
        cohort: an id, as a record has it.
    """
    return re.sub(r"0*([0-9]+)$", r"\1", cohort)


def wait_text(wait: Wait, zone: ZoneInfo) -> str:
    """Who waits for whom, in words, and from when the visit may be where that is known.

    Args:
        wait: as `waits` gives it.
        zone: of the site.
    """
    rule = wait.rule
    if wait.other is None:
        return (
            f"{wait.visit} waits for {wait.of} of cohort {wait.cohort}, of which no record is given"
        )
    whose = {
        "first-participants": f"{wait.other}, among the first {rule.number} of cohort",
        "participant-before": f"{wait.other}, just before in cohort",
        "cohort-before": f"{wait.other} in cohort",
    }[rule.after or ""]
    if rule.after == "first-participants" and rule.number == 1:
        whose = f"{wait.other}, the first of cohort"
    text = f"{wait.visit} at least {rule.at_least} after {wait.of} of {whose} {wait.cohort}"
    if wait.reference is None:
        return f"{text}, which has no date yet"
    if wait.is_clock:
        assert wait.earliest is not None, "counted from the reference"
        return f"{text}: not before {to_local(wait.earliest, zone):%a %Y-%m-%d %H:%M}"
    return f"{text}: not before {wait.first_day(zone):%a %Y-%m-%d}"


def _by_cohort(members: Iterable[CohortMember]) -> dict[str, list[CohortMember]]:
    cohorts: dict[str, list[CohortMember]] = {}
    for member in members:
        cohorts.setdefault(plain_cohort(member.cohort), []).append(member)
    return cohorts


def _occurrences(reference: Reference, course: Course) -> list[str]:
    """The ids of the occurrences that a rule's visit means."""
    if reference.which is None:
        name = reference.visit
        return [visit.id for visit in course.visits if name in (visit.id, visit.visit.id)]
    point = Resolver(list(course.visits), course.protocol).find(reference, None)
    return [] if point is None or isinstance(point, str) else [point.visit]


def _waits(
    rule: BetweenParticipants,
    at: int,
    members: Sequence[CohortMember],
    cohorts: Mapping[str, Sequence[CohortMember]],
) -> Iterator[Wait]:
    having: dict[str, list[CohortMember]] = {}
    for member in members:
        for name in _occurrences(rule.visit, member.course):
            if name in member.placed or name in member.awaited:
                having.setdefault(name, []).append(member)
    for name, own in having.items():
        # Who has no date yet comes after all others.
        own.sort(key=lambda member: (*_turn(member, name), member.participant))
        for place, member in enumerate(own):
            if rule.after == "cohort-before":
                yield from _for_cohort(rule, at, member, name, cohorts)
                continue
            others = own[max(0, place - 1) : place]
            if rule.after == "first-participants":
                others = own[: rule.number] if place >= rule.number else []
            for other in others:
                yield from _wait(rule, at, member, name, other)


def _turn(member: CohortMember, name: str) -> tuple[bool, int]:
    placed = member.placed.get(name)
    return placed is None, 0 if placed is None else placed.start


def _for_cohort(
    rule: BetweenParticipants,
    at: int,
    member: CohortMember,
    name: str,
    cohorts: Mapping[str, Sequence[CohortMember]],
) -> Iterator[Wait]:
    try:
        before = cohort_before(member.cohort)
    except ValueError:
        return
    if before is None:
        return
    if before not in cohorts:
        of = str(rule.of or rule.visit)
        yield Wait(
            rule, at, member.participant, name, None, before, of, None, None, False, 0, False
        )
    for other in cohorts.get(before, ()):
        yield from _wait(rule, at, member, name, other)


def _wait(
    rule: BetweenParticipants, at: int, member: CohortMember, name: str, other: CohortMember
) -> Iterator[Wait]:
    """The wait of one participant for another; none where that one's visit does not take place."""
    least = rule.at_least
    assert least is not None, "what waits says how long"
    is_clock = not isinstance(least, CalendarDistance)
    of, by_end = _counted_from(rule, name, other)
    reference = None if of is None else other.placed.get(of)
    own = member.placed.get(name)
    if reference is None and of not in other.awaited:
        return
    earliest = None
    if reference is not None and isinstance(least, CalendarDistance):
        day = reference.end_day if by_end else reference.day
        earliest = least.after(date.fromordinal(day)).toordinal()
    elif reference is not None and not isinstance(least, CalendarDistance):
        earliest = (reference.end if by_end else reference.start) + least.minutes
    short = 0
    if own is not None and earliest is not None:
        short = max(0, earliest - (own.start if is_clock else own.day))
    yield Wait(
        rule, at, member.participant, name, other.participant, other.cohort,
        of or "", reference, earliest, is_clock, short,
        is_early=own is not None and reference is None,
    )  # fmt: skip


def _counted_from(
    rule: BetweenParticipants, name: str, other: CohortMember
) -> tuple[str | None, bool]:
    """The occurrence of another participant that a visit counts from, and whether from its end."""
    by_end = (rule.of or rule.visit).point == "end"
    if rule.of is None:
        has_it = name in other.placed or name in other.awaited
        return (name if has_it else None), by_end
    visits = list(other.course.visits)
    place = next((at for at, visit in enumerate(visits) if visit.id == name), None)
    point = Resolver(visits, other.course.protocol).find(rule.of, place)
    if point is None or isinstance(point, str):
        return None, by_end
    return point.visit, by_end


def _apart(
    rule: BetweenParticipants, at: int, cohort: str, members: Sequence[CohortMember]
) -> Iterator[OtherDate]:
    days: dict[str, list[tuple[CohortMember, int]]] = {}
    for member in members:
        for name in _occurrences(rule.visit, member.course):
            if name in member.placed:
                days.setdefault(name, []).append((member, member.placed[name].day))
    for name, having in days.items():
        firm = [day for member, day in having if name in member.firm]
        counts = Counter(firm or (day for _, day in having))
        shared = min(counts, key=lambda day: (-counts[day], day))
        for member, day in having:
            if day != shared:
                yield OtherDate(rule, at, member.participant, name, cohort, shared)
