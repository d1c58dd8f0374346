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
from planner.schedule.visit_numbers import visit_index
from planner.time.distance import MINUTES_A_DAY, CalendarDistance, ClockDistance

LESS_ROOM = "all rules together leave fewer dates than before"
_OWN_RULES = ("window-", "target-", "reference-moved")


def with_consequences(difference: Difference, old: ProtocolFile, new: ProtocolFile) -> Difference:
    """The difference with what the network adds to it, and without what it takes back.

    It has the labels of visits, too.

    Effective windows are compared for visits with no new rule of their own, from the anchor, where
    that is the same. Nothing is added where the old version contradicts itself.

    Args:
        difference: from the old version to the new one, as far as the files tell.
        old: the version before the amendment.
        new: the version after it.
    """
    implied = _Implied(old.protocol)
    changes = [
        change._replace(breaks=None, text=f"{change.text}; other rules allowed no more before")
        if change.breaks is not None and change.bounds and all(map(implied, change.bounds))
        else change
        for change in difference.changes
    ]
    gathered: dict[tuple[str, ...], _Told] = {}
    for old_arm, new_arm in difference.arms:
        before, after = expand(old.protocol, old_arm), expand(new.protocol, new_arm)
        for entry in _of_arm(before, after, difference):
            key = (entry.kind, entry.name, entry.text)
            gathered.setdefault(key, entry._replace(arms={})).arms[new_arm or old_arm or ""] = None
    every = {new_arm or old_arm or "" for old_arm, new_arm in difference.arms}
    at_end = [change for change in changes if change.group == "evidence"]
    changes = [change for change in changes if change.group != "evidence"]
    for entry in gathered.values():
        arms = () if set(entry.arms) >= every else tuple(entry.arms)
        changes.append(
            Change(
                entry.kind,
                entry.subject,
                (entry.name,),
                entry.text,
                None if entry.after is None else entry.after.epoch.id,
                arms,
                _place(old, entry.before),
                _place(new, entry.after),
                LESS_ROOM if entry.subject == "visit" else "no participant can keep them all",
                "consequence",
            )
        )
    labels = {**visit_index(old.protocol).labels, **visit_index(new.protocol).labels}
    return difference._replace(changes=(*changes, *at_end), labels=labels)


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


def _of_arm(old: Course, new: Course, difference: Difference) -> list[_Told]:
    if old.flaws or new.flaws:
        return []
    before, after = build_schedule(old), build_schedule(new)
    if not is_consistent(before.network):
        return []
    if not is_consistent(after.network):
        clash = find_clashes(after, limit=1)[0].arithmetic
        text = f"the rules contradict each other now: {clash}"
        return [_Told("contradiction", "protocol", new.protocol.id, text, None, None, {})]
    names = occurrence_names(old, new, difference.renamed)
    if old.anchor is None or names.get(old.anchor, old.anchor) != new.anchor:
        return []
    return _narrowed(before, after, names, _with_own_change(difference))


def _with_own_change(difference: Difference) -> set[str]:
    """Visits, and occurrences, of which a new rule is told anyway."""
    return {
        name
        for change in difference.changes
        if change.kind.startswith(_OWN_RULES)
        and change.group == "schedule"
        and change.breaks is not None
        for name in change.ids
    }


def _narrowed(
    before: Schedule, after: Schedule, names: Mapping[str, str], own: set[str]
) -> list[_Told]:
    room, left = effective_windows(before), effective_windows(after)
    unstated = without_window(after.course)
    entries = []
    for was in before.course.visits:
        name = names.get(was.id, was.id)
        if name not in left or name in own or name in unstated:
            continue
        window, other = room[was.id], left[name]
        if _is_less(window, other):
            anchor = after.course.anchor
            text = (
                f"effective window narrowed from {_days(window)} to {_days(other)} after `{anchor}`"
            )
            now = after.course.visit(name)
            entries.append(_Told("room-narrowed", "visit", name, text, was, now, {}))
    return entries


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
            is_decided = any(visit.ends_by is not None for visit in course.visits)
            if not is_decided and not course.flaws:
                schedule = build_schedule(course)
                if is_consistent(schedule.network):
                    self._schedules[arm] = schedule
        return self._schedules[arm]


def _whole_days(value: int | None) -> int | None:
    return None if value is None else value // MINUTES_A_DAY
