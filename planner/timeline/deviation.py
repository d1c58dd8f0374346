"""How far a visit lies outside what a rule allows, given where its reference really lies."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.protocol.course import Course, Point, TimingConstraint
from planner.schedule.build import allowed_window, broken_beyond, describe, describe_order
from planner.time.distance import MINUTES_A_DAY, ClockDistance, Distance, Window
from planner.time.local import day_of
from planner.timeline.course_planner import PlacedVisit


class Outside(NamedTuple):
    """A rule that the dates of its two visits break.

    ``days`` or, for a rule in clock time, ``minutes`` is how far outside: negative when the two
    lie closer together (or further back) than allowed, positive when further apart; the other is
    0. ``edge`` is the nearest allowed date of the rule's visit. ``visit`` is the one of its two
    visits that took place later: before it, the rule was not broken.
    """

    rule: TimingConstraint
    visit: str
    days: int
    minutes: int
    edge: date

    def __str__(self) -> str:
        if self.minutes:
            hours, rest = divmod(abs(self.minutes), 60)
            amount = f"{hours} h {rest} min" if hours else f"{rest} min"
        else:
            amount = f"{abs(self.days)} {'day' if abs(self.days) == 1 else 'days'}"
        if self.rule.order is not None:
            return f"out of order: {describe_order(self.rule)}"
        far = self.days or self.minutes
        # The later visit is late when the two are too far apart, whichever the rule is written at.
        is_later = self.rule.point.visit == self.visit
        word = "late" if (far > 0) == is_later else "early"
        return f"{amount} {word}: {describe(self.rule)}"


def rules_broken(course: Course, placed: Mapping[str, PlacedVisit]) -> list[Outside]:
    """Every rule between two placed visits that their dates break, in the order of the rules.

    That a visit is not inside its stay is told once, by the first of the rules that say so.
    """
    broken: list[Outside] = []
    for rule in course.all_rules:
        if rule.is_during and broken and broken[-1].rule.name == rule.name:
            continue
        if rule.reference.visit in placed and rule.point.visit in placed:
            breach = outside(rule, course, placed[rule.reference.visit], placed[rule.point.visit])
            if breach is not None:
                broken.append(breach)
    return broken


def outside(
    rule: TimingConstraint, course: Course, reference: PlacedVisit, placed: PlacedVisit
) -> Outside | None:
    """How far two visits lie outside what a rule allows; ``None`` when they keep to it.

    Args:
        rule: between two visits.
        course: that the rule is of.
        reference: where the visit lies from which it counts.
        placed: where the other one lies.
    """
    return outside_of(broken_beyond(rule, course), rule, reference, placed)


def outside_of(
    window: Window | None, rule: TimingConstraint, reference: PlacedVisit, placed: PlacedVisit
) -> Outside | None:
    """How far two visits lie outside a window that counts as a rule does."""
    if window is None or rule.reference.visit == rule.point.visit:
        return None
    later = rule.point.visit if placed.start >= reference.start else rule.reference.visit
    day = placed.end_day if rule.point.end else placed.day
    instant = placed.end if rule.point.end else placed.start
    for distance, sign in ((window.earliest, -1), (window.latest, 1)):
        if distance is None:
            continue
        edge, edge_instant = _edge(reference, rule.reference, distance)
        if isinstance(distance, ClockDistance):
            far = (instant - edge_instant) * sign
            if far > 0:
                return Outside(rule, later, 0, far * sign, date.fromordinal(edge))
        else:
            far = (day - edge) * sign
            if far > 0:
                return Outside(rule, later, far * sign, 0, date.fromordinal(edge))
    return None


def last_day_of(
    rule: TimingConstraint, course: Course, reference: PlacedVisit, zone: ZoneInfo
) -> int | None:
    """The last whole day that a rule allows; as `allowed_days`."""
    return allowed_days(rule, course, reference, zone)[1]


def allowed_days(
    rule: TimingConstraint, course: Course, reference: PlacedVisit, zone: ZoneInfo
) -> tuple[int | None, int | None]:
    """The first and the last whole day (ordinals) that a rule allows from where its reference lies.

    Of a clock distance they are the local dates of its instants. ``None``: open at that end.

    Args:
        rule: between two visits.
        course: that the rule is of.
        reference: where the visit lies from which it counts.
        zone: of the site, in which instants become dates.
    """
    window = allowed_window(rule, course)
    if window is None:
        return None, None
    days: list[int | None] = []
    for distance in (window.earliest, window.latest):
        if distance is None:
            days.append(None)
            continue
        day, instant = _edge(reference, rule.reference, distance)
        is_clock = isinstance(distance, ClockDistance)
        days.append(day_of(instant, zone).toordinal() if is_clock else day)
    return days[0], days[1]


def _edge(reference: PlacedVisit, point: Point, distance: Distance) -> tuple[int, int]:
    """The ordinal of the date, or the instant, that lies a distance from a placed point."""
    if isinstance(distance, ClockDistance):
        instant = (reference.end if point.end else reference.start) + distance.minutes
        day = reference.end_day if point.end else reference.day
        return day + distance.minutes // MINUTES_A_DAY, instant
    day = reference.end_day if point.end else reference.day
    return distance.after(date.fromordinal(day)).toordinal(), 0
