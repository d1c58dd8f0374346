"""What an absence would break: who could not be seen inside the window, and who has to move.

An absence closes the site, whatever else holds of these dates: visits at home go on, appointments
on them cannot be kept, and nobody is seen.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planner.schedule.visit_numbers import label_of
from planner.site.calendar import SiteCalendar
from planner.site.model import Closure, Facility, Site
from planner.timeline.assemble import tells_arm
from planner.timeline.course_planner import CoursePlanner, PlacedVisit
from planner.timeline.due import DueParticipant
from planner.timeline.participant_state import first_settled
from planner.timeline.remaining_visits import Outlooks, RemainingRequest, RemainingVisits

ABSENCE = "absence"


class Days(NamedTuple):
    """Dates without anybody, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


class AbsenceEffect(NamedTuple):
    """What an absence does to one visit.

    Attributes:
        lost: no date is left inside its window, though there was one; else it has to move.
        planned: its date without the absence; ``booked`` says that this was an appointment.
        moves_to: its date with the absence; outside the window, and the next best, if it is lost;
            ``None`` where no plan is known.
        also: how many other visits of the participant change their dates with it.
        reason: why it is lost.
    """

    participant: str
    protocol: str
    visit: str
    title: str
    label: str
    lost: bool
    planned: date
    booked: bool
    moves_to: date | None
    also: int
    reason: str | None


def closed_on(site: SiteCalendar, absences: Sequence[Days]) -> SiteCalendar:
    """The same site with nobody there on some dates."""
    closures = [
        Closure.model_validate({"from": str(days.first), "to": str(days.last), "reason": ABSENCE})
        for days in absences
    ]

    def closed(place: Site | Facility) -> dict[str, object]:
        openings = tuple(
            opening
            for opening in place.openings
            if not any(closure.covers(opening.date) for closure in closures)
        )
        return {"closures": (*closures, *place.closures), "openings": openings}

    facilities = tuple(
        facility.model_copy(update=closed(facility)) for facility in site.site.facilities
    )
    update = {**closed(site.site), "facilities": facilities}
    return SiteCalendar(site.site.model_copy(update=update))


def effects(
    participant: DueParticipant, base: Outlooks, without: Outlooks, absences: Sequence[Days]
) -> list[AbsenceEffect]:
    """What an absence does to the visits of one participant; nothing to most.

    Args:
        participant: the participant, as read for the site as it is.
        base: looks ahead at the site as it is.
        without: looks ahead at the same site, `closed_on` these dates.
        absences: the dates.
    """
    planner = participant.reading.planner
    if not participant.live or not _could_be_hit(participant, base, absences):
        return []
    before = base.ahead(planner, participant.asked, participant.rest)
    there = without.planner(planner)
    hit = [name for name in participant.live if _is_hit(name, before, planner, there, absences)]
    if not hit:
        return []
    asked = _unpinned(participant, hit)
    rest = without.rest(planner, asked)
    after = without.ahead(planner, asked, rest)
    lost = _lost(participant, hit, before, after)
    moved = [
        name for name in participant.live if _day(after, name) not in (None, _day(before, name))
    ]
    effects = []
    for name in participant.live:
        loses_booking = _is_kept(participant, name, before) and name in moved
        if name not in hit and name not in lost and not loses_booking:
            continue
        occurrence = planner.course.visits[planner.index[name]]
        if not participant.reading.unblinded and tells_arm(occurrence, planner.course.protocol):
            continue
        day, new = _day(before, name), _day(after, name)
        assert day is not None, "it has been hit on some date"
        others = sum(other != name and other not in hit for other in moved)
        effects.append(
            AbsenceEffect(
                participant=participant.code,
                protocol=planner.course.protocol.id,
                visit=name,
                title=occurrence.title,
                label=label_of(occurrence, planner.course.protocol),
                lost=name in lost,
                planned=date.fromordinal(day),
                booked=_is_kept(participant, name, before),
                moves_to=None if new is None else date.fromordinal(new),
                also=others,
                reason=lost.get(name),
            )
        )
    return effects


def _could_be_hit(participant: DueParticipant, base: Outlooks, absences: Sequence[Days]) -> bool:
    """Whether any visit to come can lie in an absence at all; quicker than planning it."""
    tables = None if participant.rest is None else base.tables(participant.reading.planner)
    if participant.rest is None or tables is None:
        return True
    for name in participant.live:
        at = tables.planner.index[name]
        days = tables.columns[at].days
        first, last = days[participant.rest.low[at]], days[participant.rest.high[at]]
        if any(
            first <= days.last.toordinal() and days.first.toordinal() <= last for days in absences
        ):
            return True
    return False


def _is_hit(
    name: str,
    before: RemainingVisits,
    planner: CoursePlanner,
    there: CoursePlanner,
    absences: Sequence[Days],
) -> bool:
    """Whether a visit is planned on a date on which nobody is there for it."""
    day = _day(before, name)
    if day is None:
        return False
    if not any(days.first.toordinal() <= day <= days.last.toordinal() for days in absences):
        return False
    at = planner.index[name]
    return not there.patterns[at].between(day, day).days


def _is_kept(participant: DueParticipant, name: str, before: RemainingVisits) -> bool:
    """Whether a visit's date without the absence is that of an appointment."""
    booked = participant.asked.so_far.booked.get(name)
    return booked is not None and booked.day == _day(before, name)


def _unpinned(participant: DueParticipant, hit: Sequence[str]) -> RemainingRequest:
    """The question with the appointments in an absence called off; a planned anchor visit there
    stays near its date."""
    asked = participant.asked
    booked = {name: event for name, event in asked.so_far.booked.items() if name not in hit}
    so_far = asked.so_far._replace(booked=booked)
    pinned = {name: day for name, day in asked.pinned.items() if name not in hit}
    wishes = {name: day for name, day in asked.pinned.items() if name in hit}
    origin = first_settled(so_far) if wishes else asked.origin
    return asked._replace(so_far=so_far, pinned=pinned, wishes=wishes, origin=origin)


def _lost(
    participant: DueParticipant,
    hit: Sequence[str],
    before: RemainingVisits,
    after: RemainingVisits,
) -> dict[str, str]:
    """The visits that no date is left for inside their windows, and why."""
    lost = {}
    for name in after.stuck - before.stuck:
        reasons = [str(outside) for outside in after.broken.get(name, ())]
        place = before.placed[name]
        if place.first_day is not None and place.last_day is not None:
            first, last = date.fromordinal(place.first_day), date.fromordinal(place.last_day)
            dates = f"on {first}" if first == last else f"from {first} to {last}"
            reasons.append(f"could only be {dates}")
        lost[name] = "; ".join(reasons)
    if after.forced and not before.forced:
        broken = [
            outside
            for name, outsides in after.broken.items()
            if name in participant.live and name not in before.broken
            for outside in outsides
        ]
        for outside in broken:
            ends = (outside.rule.point.visit, outside.rule.reference.visit)
            # Of the two the one that nobody can see that week, if it is one of them.
            name = next((end for end in ends if end in hit), outside.visit)
            broke = str(outside._replace(visit=name))
            lost[name] = "; ".join((broke, *(why for why in after.forced if why not in broke)))
        if not broken:
            lost[hit[0]] = "; ".join(after.forced)
    return lost


def _day(ahead: RemainingVisits, name: str) -> int | None:
    placed: PlacedVisit | None = ahead.placed.get(name)
    return None if placed is None else placed.day
