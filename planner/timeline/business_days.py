"""Business days in a course: counted by a site, or as intervals of days where none is known."""

from planner.protocol.course import Course, TimingConstraint, allowed_window
from planner.site.calendar import SiteCalendar
from planner.time.distance import CalendarDistance, Distance, Window


def counted_at(course: Course, site: SiteCalendar) -> Course:
    """The course with all business days counted by a site.

    By the site that stands in for none, a window in business days is every number of days that
    it can be, and a target counts Mondays to Fridays (DOMAIN 2.5 has the same for months).

    Args:
        course: as written, or counted already.
        site: where the visits take place.

    Raises:
        PlannerError: the site is open on no weekday.
    """
    if not any(map(in_business_days, course.rules)):
        return course
    if not site.is_named:
        return without_site(course)
    return course._replace(rules=tuple(_counted(rule, site) for rule in course.rules))


def in_business_days(rule: TimingConstraint) -> bool:
    """Whether a rule counts business days."""
    ends = () if rule.window is None else (rule.window.earliest, rule.window.latest)
    return any(
        isinstance(part, CalendarDistance) and part.business_days != 0
        for part in (rule.target, *ends)
    )


def _counted(rule: TimingConstraint, site: SiteCalendar) -> TimingConstraint:
    assert site.business_days.per_week

    def counted(distance: Distance | None) -> Distance | None:
        if not isinstance(distance, CalendarDistance):
            return distance
        return distance.counted_at(site.business_days)

    window = rule.window
    if window is not None:
        window = Window(counted(window.earliest), counted(window.latest))
    return rule._replace(window=window, target=counted(rule.target))


def without_site(course: Course) -> Course:
    """The course with windows in business days as every number of days that they can be.

    Args:
        course: as written.
    """
    return course._replace(rules=tuple(_spanned(rule, course) for rule in course.rules))


def _spanned(rule: TimingConstraint, course: Course) -> TimingConstraint:
    window = allowed_window(rule, course)
    if window is None or not in_business_days(rule):
        return rule
    earliest, latest = window.earliest, window.latest
    if isinstance(earliest, CalendarDistance) and earliest.business_days:
        earliest = CalendarDistance(0, earliest.day_span[0])
    if isinstance(latest, CalendarDistance) and latest.business_days:
        latest = CalendarDistance(0, latest.day_span[1])
    return rule._replace(window=Window(earliest, latest))
