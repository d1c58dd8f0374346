"""Small random courses under way: any visits settled, void or booked, on any days.

Beside them what each visit wants, read a second time and simply.
"""

from datetime import date
from typing import Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site

from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.time.distance import Window
from planner.timeline.participant_state import PlannerCache, standing
from planner.timeline.plan import Contradiction
from planner.timeline.record import RecordFile
from planner.timeline.standing import ParticipantState


class Want(NamedTuple):
    """So many days after its reference a visit wants to lie; visits by position."""

    reference: int
    point: int
    days: int
    weight: int
    is_target: bool


def wants(small: Protocol) -> list[Want]:
    """One for each visit but the first: its target, else the near end of its window (DOMAIN 2.12).

    Near is the end nearest the reference, or the reference itself inside the window. With several
    timings the near end of the first, unless another bounds the visit further on when everything
    lies where it wants to. Expects visits `v0`, `v1` and so on that count from earlier ones.
    """
    found: list[Want] = []
    lies = [0]
    for at, visit in enumerate(small.epochs[0].visits[1:], start=1):
        weight = visit.weight or 1
        timings = []
        for timing in visit.after:
            window = timing.allowed or Window(timing.target, timing.target)
            low, high = (
                None if end is None else end.days for end in (window.earliest, window.latest)
            )
            timings.append((int(timing.visit.visit[1:]), low, high, timing.target))
        for reference, _, _, target in timings:
            if target is not None:
                found.append(Want(reference, at, target.days, weight, is_target=True))
        if not found or found[-1].point != at:
            reference, low, high, _ = timings[0]
            near = 0
            if low is not None and low > 0:
                near = low
            elif high is not None and high < 0:
                near = high
            best = Want(reference, at, near, weight, is_target=False)
            for other, _, high, _ in timings[1:]:
                if high is not None and lies[other] + high < lies[best.reference] + best.days:
                    best = Want(other, at, high, weight, is_target=False)
            for other, low, _, _ in timings[1:]:
                if low is not None and lies[other] + low > lies[best.reference] + best.days:
                    best = Want(other, at, low, weight, is_target=False)
            found.append(best)
        own = next(one for one in found if one.point == at)
        lies.append(lies[own.reference] + own.days)
    return found


class Case(NamedTuple):
    """A course under way: what is recorded, where it takes place, and which day it is."""

    small: Protocol
    calendar: SiteCalendar
    file: RecordFile
    today: date | None

    def __repr__(self) -> str:
        visits = [
            (one.id, one.weight, [f"{t.visit} {t.window} {t.target}" for t in one.after])
            for one in self.small.epochs[0].visits
        ]
        lines = [f"{one.name} {one.status} {one.start}" for one in self.file.record.visits]
        shut = [str(day(n)) for n in range(-14, 31) if not self.calendar.is_open(day(n))]
        return f"Case({visits}, {lines}, today={self.today}, closed={shut})"


@st.composite
def courses(draw: st.DrawFn, most: int = 4) -> Protocol:
    """Two to four or five visits, each tied to one or two before it."""
    count = draw(st.integers(2, most))
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, count):
        reference = f"v{draw(st.integers(0, number - 1))}"
        low = draw(st.integers(-2, 4))
        high = low + draw(st.integers(0, 3))
        timing: dict[str, Any] = {"visit": reference, "within": f"{low}d..{high}d"}
        timing["within"] = draw(
            st.sampled_from([timing["within"]] * 4 + [f"{low}d..", f"..{high}d"])
        )
        if draw(st.booleans()):
            timing["target"] = f"{draw(st.integers(low, high))}d"
        timings = [timing]
        if number > 1 and draw(st.booleans()):
            other = f"v{draw(st.integers(0, number - 1))}"
            low = draw(st.integers(-3, 2))
            timings.append({"visit": other, "within": f"{low}d..{low + draw(st.integers(2, 6))}d"})
        visits.append({"id": f"v{number}", "after": timings, "weight": draw(st.integers(1, 3))})
    return protocol(visits)


@st.composite
def cases(draw: st.DrawFn, most: int = 4) -> Case:
    """A course with any of its visits settled, void or booked, on any days, and perhaps a today."""
    small = draw(courses(most))
    lines: list[dict[str, object]] = []
    for visit in small.epochs[0].visits:
        word = draw(
            st.sampled_from(["", "", "occurred", "booked", "missed", "cancelled", "planned"])
        )
        if not word:
            continue
        line: dict[str, object] = {"visit": visit.id, "status": word}
        if word in ("occurred", "booked") or draw(st.booleans()):
            number = draw(st.integers(-3, 10))
            line["start"] = f"{day(number)}T11:30" if draw(st.booleans()) else day(number)
        lines.append(line)
    closed = draw(st.sets(st.integers(0, 6), max_size=3))
    closures = [day(number) for number in draw(st.sets(st.integers(-5, 12), max_size=5))]
    today = draw(st.none() | st.integers(-2, 12))
    return Case(
        small,
        site(closed, closures),
        record(*lines),
        None if today is None else day(today),
    )


def stand(case: Case) -> ParticipantState:
    try:
        return standing(
            PlannerCache(case.small, case.calendar), case.file, start=START, today=case.today
        )
    except Contradiction:
        assume(False)
        raise
