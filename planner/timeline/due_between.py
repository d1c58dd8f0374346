"""Which of the visits that are due wait for other participants of a cohort, or leave its date."""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from planner.protocol.model import Protocol
from planner.timeline.between_participants import (
    CohortMember,
    Wait,
    other_dates,
    wait_text,
    waits,
)
from planner.timeline.due import DueParticipant, DueVisit
from planner.timeline.participant_state import PlannerCache, RecordReading, awaited, reading
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import Outlooks, settled


def cohort_member(
    courses: PlannerCache,
    file: RecordFile,
    under_way: DueParticipant | None,
    outlooks: Outlooks,
    today: date,
) -> CohortMember | None:
    """A participant among those of a cohort, with what took place, is booked and is planned.

    Args:
        courses: of the protocol and the site.
        file: the record.
        under_way: ``None`` for a participant with nothing to come.
        outlooks: that plan what is to come.
        today: nothing is planned before it.

    Returns:
        ``None`` where the record says no cohort.
    """
    cohort = file.record.cohort
    if cohort is None:
        return None
    if under_way is None:
        record_reading = reading(courses, file, today=today)
        return _member(file, cohort, record_reading)
    placed = {}
    if under_way.live:
        ahead = outlooks.ahead(under_way.reading.planner, under_way.asked, under_way.rest)
        placed = {name: ahead.placed[name] for name in under_way.live if name in ahead.placed}
    member = _member(file, cohort, under_way.reading)
    booked = under_way.reading.so_far.booked.keys() & placed.keys()
    return member._replace(placed={**member.placed, **placed}, firm=member.firm | booked)


def _member(file: RecordFile, cohort: str, record_reading: RecordReading) -> CohortMember:
    so_far = record_reading.so_far
    took_place = frozenset(so_far.fixed) - so_far.not_done
    return CohortMember(
        file.record.participant,
        cohort,
        record_reading.planner.course,
        {name: settled(so_far, name) for name in took_place},
        took_place,
        awaited(record_reading),
        file.record.gates,
    )


def with_others(
    visits: Sequence[DueVisit],
    protocol: Protocol,
    members: Sequence[CohortMember],
    zone: ZoneInfo,
    today: date,
) -> Iterator[DueVisit]:
    """The visits, each with what the rules between participants say of it.

    One whose appointment, or whose last date, is before it may take place is broken.

    Args:
        visits: of any protocols.
        protocol: whose rules these are.
        members: of its cohorts.
        zone: of the site.
        today: what has been waited for by then is not told.
    """
    waiting: dict[tuple[str, str], list[Wait]] = {}
    for wait in waits(protocol, members):
        first = wait.first_day(zone)
        if wait.short or first is None or first > today:
            waiting.setdefault((wait.participant, wait.visit), []).append(wait)
    apart = {(other.participant, other.visit): other for other in other_dates(protocol, members)}
    for visit in visits:
        key = (visit.participant, visit.visit)
        own = list(_last_of_each(waiting.get(key, ())))
        if visit.status == "booked":
            own = [wait for wait in own if wait.short or wait.is_early or wait.other is None]
        other = apart.get(key)
        if visit.protocol != protocol.id or visit.status == "unrecorded" or not (own or other):
            yield visit
            continue
        texts = [wait_text(wait, zone) for wait in own]
        clash = [text for text, wait in zip(texts, own, strict=True) if _cannot(visit, wait, zone)]
        if other is not None:
            shared = date.fromordinal(other.day)
            texts.append(f"the others of cohort {other.cohort} have it on {shared:%a %Y-%m-%d}")
            if visit.status == "booked" or (visit.last is not None and shared > visit.last):
                clash.append(texts[-1])
        reason = "; ".join(filter(None, (visit.reason, *clash)))
        is_worse = clash and visit.status not in ("overdue", "broken")
        yield visit._replace(
            between=tuple(texts),
            reason=reason or None,
            status="broken" if is_worse else visit.status,
        )


def _last_of_each(waiting: Sequence[Wait]) -> Iterator[Wait]:
    """Of each rule the wait that ends last; one that nobody can date ends last of all."""
    by_rule: dict[int, Wait] = {}
    for wait in waiting:
        before = by_rule.get(wait.at)
        if before is None or (
            before.earliest is not None
            and (wait.earliest is None or wait.earliest > before.earliest)
        ):
            by_rule[wait.at] = wait
    yield from by_rule.values()


def _cannot(visit: DueVisit, wait: Wait, zone: ZoneInfo) -> bool:
    """Whether a visit would have to give up its appointment, which is too soon, or its window."""
    if visit.status == "booked":
        return wait.short > 0 or wait.is_early
    first = wait.first_day(zone)
    return visit.last is not None and first is not None and first > visit.last
