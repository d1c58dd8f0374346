"""What the network of all rules makes of an amendment: changes that follow from changes.

A new rule that the old ones implied anyway breaks nothing; and a change in one place can take room
from a visit in another, of which nothing is written.
"""

from collections.abc import Mapping
from typing import NamedTuple

from planner.network.windows import distance, earliest, is_consistent, latest
from planner.protocol.change import Change, ChangedRule, Difference, FileLine
from planner.protocol.course import Course, Occurrence, without_window
from planner.protocol.difference_names import occurrence_names
from planner.protocol.expand import expand
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.schedule.build import Schedule, build_schedule, least_steps, most_steps
from planner.schedule.conflicts import find_clashes
from planner.schedule.slack import DayWindow, effective_windows
from planner.time.distance import MINUTES_A_DAY, CalendarDistance, ClockDistance

LESS_ROOM = "all rules together leave less room than before"
_OWN_RULES = ("window-", "target-", "reference-moved")


def with_consequences(found: Difference, old: ProtocolFile, new: ProtocolFile) -> Difference:
    """The difference with what the network adds to it, and without what it takes back.

    Effective windows are compared for visits with no new rule of their own, from the anchor, where
    that is the same. Nothing is added where the old version contradicts itself.
    """
    implied = _Implied(old.protocol)
    changes = [
        one._replace(breaks=None, text=f"{one.text}; other rules left no more before")
        if one.breaks is not None and one.bounds and all(map(implied, one.bounds))
        else one
        for one in found.changes
    ]
    gathered: dict[tuple[str, ...], _Told] = {}
    for old_arm, new_arm in found.arms:
        before, after = expand(old.protocol, old_arm), expand(new.protocol, new_arm)
        for told in _of_arm(before, after, found):
            key = (told.kind, told.name, told.text)
            gathered.setdefault(key, told._replace(arms={})).arms[new_arm or old_arm or ""] = None
    every = {new_arm or old_arm or "" for old_arm, new_arm in found.arms}
    at_end = [one for one in changes if one.group == "evidence"]
    changes = [one for one in changes if one.group != "evidence"]
    for told in gathered.values():
        arms = () if set(told.arms) >= every else tuple(told.arms)
        changes.append(
            Change(
                told.kind,
                told.subject,
                (told.name,),
                told.text,
                None if told.after is None else told.after.epoch.id,
                arms,
                _place(old, told.before),
                _place(new, told.after),
                LESS_ROOM if told.subject == "visit" else "no participant can keep to them all",
                "consequence",
            )
        )
    return found._replace(changes=(*changes, *at_end))


class _Told(NamedTuple):
    kind: str
    subject: str
    name: str
    text: str
    before: Occurrence | None
    after: Occurrence | None
    arms: dict[str, None]


def _place(file: ProtocolFile, occurrence: Occurrence | None) -> FileLine | None:
    if occurrence is None:
        return None
    return FileLine(file.path, file.position(occurrence.path).line)


def _of_arm(old: Course, new: Course, found: Difference) -> list[_Told]:
    if old.flaws or new.flaws:
        return []
    before, after = build_schedule(old), build_schedule(new)
    if not is_consistent(before.network):
        return []
    if not is_consistent(after.network):
        clash = find_clashes(after, limit=1)[0].arithmetic
        text = f"the rules contradict each other now: {clash}"
        return [_Told("contradiction", "protocol", new.protocol.id, text, None, None, {})]
    names = occurrence_names(old, new, found.renamed)
    if old.anchor is None or names.get(old.anchor, old.anchor) != new.anchor:
        return []
    return _narrowed(before, after, names, _with_own_change(found))


def _with_own_change(found: Difference) -> set[str]:
    """Visits, and occurrences, of which a new rule is told anyway."""
    return {
        name
        for one in found.changes
        if one.kind.startswith(_OWN_RULES) and one.group == "schedule" and one.breaks is not None
        for name in one.ids
    }


def _narrowed(
    before: Schedule, after: Schedule, names: Mapping[str, str], own: set[str]
) -> list[_Told]:
    room, left = effective_windows(before), effective_windows(after)
    unstated = without_window(after.course)
    told = []
    for was in before.course.visits:
        name = names.get(was.id, was.id)
        if name not in left or name in own or name in unstated:
            continue
        one, other = room[was.id], left[name]
        if _is_less(one, other):
            anchor = after.course.anchor
            text = f"room narrowed from {_days(one)} to {_days(other)} after `{anchor}`"
            now = after.course.visit(name)
            told.append(_Told("room-narrowed", "visit", name, text, was, now, {}))
    return told


def _is_less(old: DayWindow, new: DayWindow) -> bool:
    """Whether the new days leave out some of the old ones."""
    first = new.first is not None and (old.first is None or old.first < new.first)
    last = new.last is not None and (old.last is None or old.last > new.last)
    return first or last


def _days(window: DayWindow) -> str:
    ends = ("" if day is None else str(CalendarDistance(0, day)) for day in window)
    return "..".join(ends)


class _Implied:
    """Whether the old rules, without any visit that may be left out, imply a new one."""

    def __init__(self, old: Protocol) -> None:
        self.old = old
        self.decided = any(
            epoch.cycle is not None and epoch.cycle.until is not None for epoch in old.epochs
        )
        self._schedules: dict[str | None, Schedule | None] = {}

    def __call__(self, bound: ChangedRule) -> bool:
        schedule = self._schedule(bound.arm)
        if schedule is None:
            return False
        nodes = schedule.nodes
        if bound.reference not in nodes or bound.point not in nodes:
            return False
        reference, point = nodes[bound.reference], nodes[bound.point]
        window = bound.window
        if isinstance(window.earliest or window.latest, ClockDistance):
            least, most = distance(schedule.network, reference, point, coarse=False)
        else:
            least = _whole_days(earliest(schedule.network, reference)[point])
            most = _whole_days(latest(schedule.network, reference)[point])
        # A month is here as long as it can be, or as short, whichever is less of a help.
        surely_least = most_steps(window.earliest)
        surely_most = least_steps(window.latest)
        return (surely_least is None or (least is not None and least >= surely_least)) and (
            surely_most is None or (most is not None and most <= surely_most)
        )

    def _schedule(self, arm: str | None) -> Schedule | None:
        """The old network; ``None`` where it can say nothing for everybody."""
        if arm not in self._schedules:
            self._schedules[arm] = None
            course = expand(self.old, arm, with_visits=())
            if not self.decided and not course.flaws:
                schedule = build_schedule(course)
                if is_consistent(schedule.network):
                    self._schedules[arm] = schedule
        return self._schedules[arm]


def _whole_days(value: int | None) -> int | None:
    return None if value is None else value // MINUTES_A_DAY
