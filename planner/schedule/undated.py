"""Which visits of a course have no date, and what they wait for (DOMAIN 2.10).

A visit has its date from the anchor: through its own timings where it has any, else through those
of others and through constraints. What counts only from visits that do not take place, or that only
may, has none until one of them happens; a constraint bounds it then, and dates nothing before.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from planner.errors import AnswerNo
from planner.network.groups import Groups
from planner.protocol.course import Course, Flaw, Point, TimingConstraint, Waiting
from planner.protocol.expand import expand
from planner.protocol.listed_order import listed_order
from planner.protocol.model import Protocol, Track

_MAX_NAMED = 5


class Untied(AnswerNo):
    """Nothing ties visits to the anchor, so that they could lie years before or after the rest."""

    def __init__(self, course: Course, visits: Sequence[str]) -> None:
        names = ", ".join(f"`{visit}`" for visit in visits[:_MAX_NAMED])
        more = len(visits) - _MAX_NAMED
        super().__init__(
            f"`{course.protocol.id}`: no timing connects"
            f" {names}{f' and {more} more' if more > 0 else ''}"
            f" to the anchor `{course.anchor}`, so {'it has' if len(visits) == 1 else 'they have'}"
            " no date; give a timing with `after:` or `before:` (`planner validate` shows where)"
        )


class Choice(NamedTuple):
    """Which visits of a protocol are to take place; as `planner.protocol.expand` takes it."""

    with_visits: Collection[str] | None = None
    without_visits: Collection[str] = ()
    left_out: Collection[str] = ()
    unscheduled: bool = False

    def course(self, protocol: Protocol, arm: str | None) -> Course:
        """The course of an arm."""
        return expand(
            protocol,
            arm,
            with_visits=self.with_visits,
            without_visits=self.without_visits,
            left_out=self.left_out,
            unscheduled=self.unscheduled,
        )

    def without(self, visits: Collection[str]) -> "Choice":
        """The same without some visits, whatever they are."""
        return self._replace(left_out={*self.left_out, *visits})


class DecidedDates(NamedTuple):
    """What a record decides of the dates of a course, by occurrence id.

    Attributes:
        undecided: visits that take place only if a decision that is not known yet says so.
        dated: visits whose date is recorded, booked or fixed.
        awaited: visits that are not in the course since they have not happened, but may.
        over: visits that will not take place, and of which no date is recorded.
    """

    undecided: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()


NOTHING_KNOWN = DecidedDates()


def with_dates(
    protocol: Protocol,
    arm: str | None,
    choice: Choice,
    *,
    hidden: Collection[str] = (),
    known: DecidedDates | None = None,
    fixed: Collection[str] = (),
) -> Course:
    """The course with its dated visits alone, and the others as ``waiting``.

    Args:
        protocol: as loaded.
        arm: an arm's id; the first one when ``None``.
        choice: which visits take place.
        hidden: visits that nobody may see, and so neither what waits for them.
        known: what a record says; ``None`` without one.
        fixed: ids of visits that are fixed on a date.

    Raises:
        PlannerError: as `planner.protocol.expand.expand`.
    """
    choice = choice.without(hidden) if hidden else choice
    course, whole = choice.course(protocol, arm), expand(protocol, arm)
    present = {visit.id for visit in course.visits}
    if known is None:
        nobody_plans = {visit.id for visit in whole.visits if visit.visit.unscheduled}
        awaited = nobody_plans - {*choice.without_visits, *choice.left_out}
        undecided = undecided_visits(course, choice.with_visits)
        known = DecidedDates(undecided, frozenset(fixed), frozenset(awaited))
    undecided = (known.undecided & present) - {course.anchor}
    dated_course = without_dates(
        course,
        whole,
        certain=choice.without(undecided).course(protocol, arm) if undecided else None,
        known=known.dated,
        over=known.over,
        declined={visit.id for visit in whole.visits} - present - known.awaited,
    )
    return dated_course._replace(waiting=not_behind(dated_course.waiting, hidden))


def refuse_untied(course: Course) -> None:
    """Refuses a course with visits that nothing ties to the anchor.

    Raises:
        Untied: names them.
    """
    untied = [waiting.what.id for waiting in course.waiting if waiting.is_untied]
    if untied:
        raise Untied(course, untied)


def unanchored_groups(course: Course) -> list[list[str]]:
    """Groups of visits that rules bind to each other and to nothing with a date, in listed order.

    A date have the anchor, what takes place on one calendar date for everybody and, once they
    happen, unscheduled visits.
    """
    if course.anchor is None:
        return []
    happening = {visit.id for visit in course.visits if visit.visit.unscheduled}
    dated = {course.anchor, *happening, *_common_dates(course)}
    return _unbound([visit.id for visit in course.visits], course.rules, dated)


def _common_dates(course: Course) -> set[str]:
    """The visits that take place on one calendar date for everybody."""
    return {visit.id for visit in course.visits if visit.visit.date is not None}


def _unbound(
    names: Iterable[str], rules: Iterable[TimingConstraint], dated: Collection[str]
) -> list[list[str]]:
    """Groups that rules make of these visits, without those that hold a dated one."""
    groups = Groups(names)
    for rule in rules:
        if rule.reference.visit in groups and rule.point.visit in groups:
            groups.join(rule.reference.visit, rule.point.visit)
    bound = {groups.leader(name) for name in dated if name in groups}
    return [members for leader, members in groups.members().items() if leader not in bound]


def why_undated(waiting: Waiting) -> str:
    """Why a visit or a track has no date, in words: `waits for ...`."""
    names = " or ".join(f"`{name}`" for name in waiting.references)
    if waiting.is_untied:
        return "has no date: no timing connects it to the anchor"
    if not waiting.never:
        return f"waits for {names}" if names else "has no date until it happens"
    if not names:
        return "does not take place"
    does = "do" if len(waiting.references) > 1 else "does"
    return f"has no date: it counts from {names}, which {does} not take place"


def undecided_visits(course: Course, chosen: Collection[str] | None) -> frozenset[str]:
    """The visits of a course that only may take place, as far as nobody has recorded anything.

    Those that depend on a decision and are not ``chosen`` by their own id or that of the
    occurrence, and all but the first of a cycle or grid that a decision ends.

    Args:
        course: of any arm.
        chosen: ids of visits or of occurrences such as `dosing-2`; ``None`` is as none.
    """
    undecided = set()
    for visit in course.visits:
        is_open = visit.visit.when is not None or (
            visit.ends_by is not None and (visit.cycle or 1) > 1
        )
        if is_open and not {visit.id, visit.visit.id} & set(chosen or ()):
            undecided.add(visit.id)
    return frozenset(undecided)


def without_dates(
    course: Course,
    whole: Course,
    *,
    certain: Course | None = None,
    known: Collection[str] = (),
    over: Collection[str] = (),
    declined: Collection[str] = (),
) -> Course:
    """The course with its dated visits alone, and the others as ``waiting``.

    What takes place on one calendar date for everybody has that, whatever ties it to the anchor.

    Args:
        course: the visits that take place or may.
        whole: the same arm's course with every visit.
        certain: the course without those that depend on what is not known; ``course`` if ``None``.
        known: ids of visits that have a date anyway: recorded, booked or fixed.
        over: ids of visits of the course that do not take place and never had a date.
        declined: ids of visits of ``whole`` that the course lacks and that cannot happen any more.
    """
    if course.anchor is None:
        return course
    names = [visit.id for visit in course.visits]
    known = {*known, *_common_dates(course)}
    own, written = _own_references(course), _own_references(whole)
    gone = _without_date(course, own, written, known, set(over))
    may = frozenset[str]()
    if certain is not None and certain.anchor is not None:
        sure = {visit.id for visit in certain.visits}
        may = frozenset(names) - sure
        behind = _without_date(certain, _own_references(certain), written, known, set())
        gone = _without_date(course, own, written, known, gone | (behind & sure))
    dated = frozenset(names) - gone
    tracks, waiting_tracks = _split_tracks(course, whole, dated, may, declined)
    if not gone and not waiting_tracks:
        return course
    untied = {name for group in unanchored_groups(whole) for name in group}
    neighbours = _neighbours(whole)
    lacking = frozenset(over) | frozenset(declined)
    references: dict[str, tuple[str, ...]] = {}
    for name in names:
        if name in gone:
            nearest = dict.fromkeys((*written.get(name, ()), *own[name])) or neighbours[name]
            ahead = tuple(
                reference for reference in nearest if reference not in dated or reference in may
            )
            references[name] = () if name in untied or name in over else ahead or tuple(nearest)
    never = _never(references, lacking) | set(over)
    waiting = [
        Waiting(visit, references[visit.id], visit.id in never)
        for visit in course.visits
        if visit.id in gone
    ]
    waiting += [
        Waiting(track, ends, all(end in lacking or end in never for end in ends))
        for track, ends in waiting_tracks
    ]
    visits = tuple(visit for visit in course.visits if visit.id in dated)
    return course._replace(
        visits=visits,
        rules=tuple(rule for rule in course.rules if _ends(rule) <= dated),
        order=tuple(listed_order(course.protocol, visits)),
        tracks=tracks,
        flaws=lasting_flaws(course, whole),
        waiting=tuple(waiting),
    )


def lasting_flaws(course: Course, whole: Course) -> tuple[Flaw, ...]:
    """The flaws of a course but those of tracks that wait for a visit which ``whole`` has.

    Args:
        course: with what has a date.
        whole: the same with all visits.
    """
    return tuple(flaw for flaw in course.flaws if flaw in whole.flaws or flaw.path[0] != "tracks")


def not_behind(waiting: Iterable[Waiting], hidden: Collection[str]) -> tuple[Waiting, ...]:
    """What waits for none of these visits, nor for what waits for them.

    Args:
        waiting: visits and tracks without a date.
        hidden: ids of occurrences.
    """
    behind = set(hidden)
    waitings = tuple(waiting for waiting in waiting if waiting.what.id not in behind)
    while any(behind.intersection(waiting.references) for waiting in waitings):
        behind |= {
            waiting.what.id for waiting in waitings if behind.intersection(waiting.references)
        }
        waitings = tuple(waiting for waiting in waitings if waiting.what.id not in behind)
    return waitings


def _ends(rule: TimingConstraint) -> set[str]:
    return {rule.reference.visit, rule.point.visit}


def _own_references(course: Course) -> dict[str, list[str]]:
    """What each visit counts from by its own timings; constraints place nothing."""
    references: dict[str, list[str]] = {visit.id: [] for visit in course.visits}
    for rule in course.rules:
        name = rule.point.visit
        if rule.path[0] == "epochs" and rule.reference.visit != name:
            references[name].append(rule.reference.visit)
    return references


def _neighbours(course: Course) -> dict[str, dict[str, None]]:
    """The visits that rules bind each visit to, in the order of the rules."""
    neighbours: dict[str, dict[str, None]] = {visit.id: {} for visit in course.visits}
    for rule in course.rules:
        reference, there = rule.reference.visit, rule.point.visit
        if reference != there:
            neighbours[reference][there] = None
            neighbours[there][reference] = None
    return neighbours


def _without_date(
    course: Course,
    own: dict[str, list[str]],
    written: dict[str, list[str]],
    known: Collection[str],
    gone: set[str],
) -> set[str]:
    """The visits without a date, if those that are ``gone`` have none.

    ``own`` is what the visits of the course count from, ``written`` what those of the whole do.
    """
    seeds = _counted_back_from(course, own) | set(known)
    gone = set(gone)
    left = {name: set(references) - gone for name, references in own.items()}
    counting: dict[str, list[str]] = {}
    for name, references in own.items():
        for reference in references:
            counting.setdefault(reference, []).append(name)
    queue = [name for name in left if written.get(name) and not left[name]]
    while queue:
        name = queue.pop()
        if name in seeds:
            continue
        gone.add(name)
        for other in counting.get(name, ()):
            if name in left[other]:
                left[other].discard(name)
                if not left[other]:
                    queue.append(other)
    live = [visit.id for visit in course.visits if visit.id not in gone]
    return gone.union(*_unbound(live, course.rules, seeds))


def _counted_back_from(course: Course, own: dict[str, list[str]]) -> set[str]:
    """The anchor, and what it counts from: days are counted back to there."""
    assert course.anchor is not None, "courses without an anchor are left alone"
    names = {course.anchor}
    queue = [course.anchor]
    while queue:
        for reference in own[queue.pop()]:
            if reference not in names:
                names.add(reference)
                queue.append(reference)
    return names


def _never(references: dict[str, tuple[str, ...]], lacking: Collection[str]) -> set[str]:
    """The waiting visits of which nothing that they wait for takes place any more."""
    never: set[str] = set()
    grows = True
    while grows:
        never_dated = {
            name
            for name, waits_for in references.items()
            if waits_for and all(name in lacking or name in never for name in waits_for)
        }
        grows = never_dated != never
        never = never_dated
    return never


def _split_tracks(
    course: Course,
    whole: Course,
    dated: Collection[str],
    may: Collection[str],
    declined: Collection[str],
) -> tuple[tuple[tuple[Track, Point, Point | None], ...], list[tuple[Track, tuple[str, ...]]]]:
    """The tracks whose ends have dates; and those that run in any case, with ends that have none.

    A track that begins with a visit which may take place is a part of that visit, and there is none
    where the visit does not.
    """
    tracks = {entry[0].id: entry for entry in course.tracks}
    kept = []
    waiting: list[tuple[Track, tuple[str, ...]]] = []
    for written in whole.tracks:
        track, start, until = tracks.get(written[0].id, written)
        ends = dict.fromkeys(point.visit for point in (start, until) if point is not None)
        lacks = tuple(end for end in ends if end not in dated)
        if not lacks and start.visit not in may:
            lacks = tuple(end for end in ends if end in may)
        if start.visit in declined:
            continue
        if lacks:
            waiting.append((track, lacks))
        else:
            kept.append((track, start, until))
    return tuple(kept), waiting
