"""How long a course takes: what its rules prove, and where its targets put it."""

from typing import NamedTuple

from planner.network.windows import earliest, latest
from planner.protocol.course import Point, without_window
from planner.schedule.build import Schedule
from planner.schedule.study_days import lying_days, places
from planner.time.distance import MINUTES_A_DAY


class CourseLength(NamedTuple):
    """Days between the dates of the earliest and the latest visit.

    ``least`` and ``most`` are the fewest and the most by all rules, ``None`` for an open end. With
    an open end ``on_target`` is the length where every visit lies on its target, or at the near end
    of a window without one, and ``open_end`` says that the last of them has no last day even then.
    ``stated`` is false where a visit has a target or an order and no window is stated for it: then
    ``least`` is next to nothing, and ``on_target`` what there is to tell.
    """

    least: int | None
    most: int | None
    on_target: int | None = None
    open_end: bool = False
    stated: bool = True

    @property
    def told_on_target(self) -> bool:
        """Whether the length on target says what the rules do not."""
        return not self.stated and self.on_target is not None


def course_length(schedule: Schedule) -> CourseLength:
    """The length of a course, whatever order its visits are listed in.

    Expects a consistent network.
    """
    least, most = _proven(schedule)
    days = {} if most is not None else lying_days(schedule.course)
    if not days:
        return CourseLength(least, most)
    end = max(days, key=days.__getitem__)
    place = places(schedule.course).get(end)
    is_open, stated = place is None or place.last is None, not without_window(schedule.course)
    return CourseLength(least, most, days[end] - min(days.values()), is_open, stated)


def _proven(schedule: Schedule) -> tuple[int | None, int | None]:
    """Fewest and most days between the earliest and the latest visit; ``None`` is open."""
    nodes = [schedule.nodes[Point(visit.id)] for visit in schedule.course.visits]
    if not nodes:
        return 0, 0
    center = nodes[0] if schedule.anchor is None else schedule.anchor
    low, high = earliest(schedule.network, center), latest(schedule.network, center)
    # Only a visit that can come before all others, or after them, needs to be measured from.
    first = min((day for node in nodes if (day := high[node]) is not None), default=None)
    last = max((day for node in nodes if (day := low[node]) is not None), default=None)
    begins = [n for n in nodes if first is None or (day := low[n]) is None or day <= first]
    ends = [n for n in nodes if last is None or (day := high[n]) is None or day >= last]
    least, most = 0, 0
    is_open = False
    for begin in begins:
        near, far = earliest(schedule.network, begin), latest(schedule.network, begin)
        for end in ends:
            shortest, longest = _day(near[end]), _day(far[end])
            least = max(least, shortest or 0)
            is_open = is_open or longest is None
            most = max(most, longest or 0)
    return least, None if is_open else most


def _day(value: int | None) -> int | None:
    return None if value is None else value // MINUTES_A_DAY
