"""A person is in one place at a time: no two visits of a plan overlap, whatever windows allow."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, planned, protocol, record, site
from timeline.random_courses import wants

from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.schedule.one_place import pairs_inside
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.time.distance import parse_distance
from planner.timeline import apart
from planner.timeline.anchors import anchor_dates
from planner.timeline.course_planner import CoursePlanner, NotProven, Plan
from planner.timeline.explain import explain, sentences
from planner.timeline.plan import course_planner, plan_timeline


def plan_of(visits: Sequence[Mapping[str, Any]], at: SiteCalendar | None = None) -> Plan | None:
    planner = CoursePlanner(expand(protocol([dict(one) for one in visits])), at or site())
    plan = planner.plan(START)
    assert planner.fits(START) == (plan is not None)
    return plan


def times(visits: Sequence[Mapping[str, Any]], at: SiteCalendar | None = None) -> list[str]:
    """Days after the start and times of day at which visits start, in listed order."""
    place = at or site()
    plan = plan_of(visits, place)
    assert plan is not None
    found = []
    for one in plan.visits:
        local = datetime.fromtimestamp(one.start * 60, place.zone)
        found.append(f"{(local.date() - START).days} {local:%H:%M}")
    return found


def why_not(visits: Sequence[Mapping[str, Any]], at: SiteCalendar | None = None) -> list[str]:
    planner = CoursePlanner(expand(protocol([dict(one) for one in visits])), at or site())
    assert planner.plan(START) is None
    assert not planner.fits(START)
    return sentences(explain(planner, START))


def on_day_3(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "after": {"visit": "v0", "within": "3d"}, **more}


V0 = {"id": "v0", "duration": "1h"}


def test_visits_of_one_day_follow_each_other_as_listed() -> None:
    visits = [V0, on_day_3("infusion", duration="4h"), on_day_3("scan", duration="1h")]
    assert times(visits) == ["0 09:00", "3 09:00", "3 13:00"]


def test_a_visit_is_rather_late_than_early() -> None:
    visits = [V0, *(on_day_3(f"v{n}", duration="1h") for n in range(1, 5))]
    assert times(visits)[1:] == ["3 09:00", "3 10:00", "3 11:00", "3 12:00"]


def test_a_visit_is_early_where_the_day_is_too_short_to_be_late() -> None:
    visits = [V0, on_day_3("session", duration="8h"), on_day_3("scan", duration="2h")]
    assert times(visits)[1:] == ["3 08:00", "3 16:00"]


def test_what_is_written_at_a_time_of_day_stays_there() -> None:
    visits = [V0, on_day_3("talk", duration="1h"), on_day_3("session", at="09:00", duration="5h")]
    assert times(visits)[1:] == ["3 08:00", "3 09:00"]
    # Listed second, and yet its hour leaves it no choice but to come first.
    turned = [V0, on_day_3("late", at="14:00", duration="1h"), on_day_3("early", at="10:00")]
    assert times(turned)[1:] == ["3 14:00", "3 10:00"]


def test_what_a_rule_puts_before_another_visit_comes_first_though_listed_second() -> None:
    visits = [
        V0,
        on_day_3("dosing", duration="4h"),
        {"id": "check", "duration": "1h", "before": {"visit": "dosing", "within": "0d..2d"}},
    ]
    assert times(visits)[1:] == ["3 10:00", "3 09:00"]


def test_a_visit_of_unknown_length_keeps_an_hour_or_less_where_the_day_is_full() -> None:
    visits = [V0, on_day_3("v1"), on_day_3("v2")]
    assert times(visits)[1:] == ["3 09:00", "3 10:00"]
    close = [V0, on_day_3("v1", at="09:00"), on_day_3("v2", at="09:15")]
    assert times(close)[1:] == ["3 09:00", "3 09:15"]
    same = [V0, on_day_3("v1", at="09:00"), on_day_3("v2", at="09:00")]
    assert "the participant cannot be at `v1` and `v2` at the same time" in why_not(same)


@pytest.mark.parametrize(
    ("protocol_length", "site_length", "second"),
    [(None, None, "10:00"), (None, "90min", "10:30"), ("2h", "90min", "11:00")],
)
def test_the_length_that_is_assumed_is_the_protocols_else_the_sites(
    protocol_length: str | None, site_length: str | None, second: str
) -> None:
    own = {} if protocol_length is None else {"visit_length": protocol_length}
    study = protocol([V0, on_day_3("v1"), on_day_3("v2")], conventions=own)
    update = {} if site_length is None else {"visit_length": parse_distance(site_length)}
    place = SiteCalendar(site().site.model_copy(update=update))
    timeline = plan_timeline(CoursePlanner(expand(study), place), START)
    assert [f"{visit.start:%H:%M}" for visit in timeline.visits[1:]] == ["09:00", second]
    assert timeline.visit_length == {"10:00": None, "10:30": 90, "11:00": 120}[second]
    told = [text for text in timeline.conventions if "without stated duration" in text]
    assert len(told) == (timeline.visit_length is not None)


def test_minutes_between_half_hours_are_found_where_nothing_else_is_left() -> None:
    visits = [V0, *(on_day_3(f"v{n}", at="09:00..09:30") for n in range(1, 4))]
    assert [one[:5] for one in times(visits)[1:]] == ["3 09:", "3 09:", "3 09:"]
    assert len(set(times(visits))) == 4


def test_where_a_day_is_too_full_the_cheapest_other_date_is_taken() -> None:
    visits = [
        V0,
        {"id": "a", "duration": "6h", "after": {"visit": "v0", "within": "3d..4d", "target": "3d"}},
        {"id": "b", "duration": "6h", "after": {"visit": "v0", "within": "2d..5d", "target": "3d"}},
    ]
    assert times(visits)[1:] == ["3 09:00", "2 09:00"]
    heavy = [V0, visits[1], visits[2] | {"weight": 3}]
    assert times(heavy)[1:] == ["4 09:00", "3 09:00"]


def test_three_visits_too_many_for_a_day_take_two() -> None:
    third = {"after": {"visit": "v0", "within": "3d..9d", "target": "3d"}, "duration": "4h"}
    found = times([V0, *({"id": f"v{n}", **third} for n in range(1, 4))])
    assert sorted(one.split()[0] for one in found[1:]) == ["3", "3", "4"]


def test_nothing_fits_where_two_visits_have_only_one_day_between_them() -> None:
    """In an open window, too: no date of many years would do."""
    together = {"id": "b", "duration": "6h", "after": {"visit": "a", "within": "0d"}}
    for within in ("3d", "3d..20d", "3d.."):
        visits = [
            V0,
            {"id": "a", "duration": "6h", "after": {"visit": "v0", "within": within}},
            together,
        ]
        reasons = why_not(visits)
        assert "the participant cannot be at `a` and `b` at the same time" in reasons
        assert any("within the opening hours 08:00-18:00" in reason for reason in reasons)
        assert "b must be 0d after a (`b.after`)" in reasons


STAY = {"id": "stay", "at": "09:00", "duration": "8h", "overnight": {"until": "11:00"}}


def test_a_visit_on_the_morning_after_waits_until_the_stay_ends() -> None:
    visits = [
        V0,
        {**STAY, "after": {"visit": "v0", "within": "3d"}},
        {"id": "talk", "duration": "1h", "after": {"visit": "stay", "within": "1d"}},
    ]
    assert times(visits)[1:] == ["3 09:00", "4 11:00"]
    fixed = [*visits[:2], visits[2] | {"at": "10:00"}]
    assert "the participant cannot be at `stay` and `talk` at the same time" in why_not(fixed)


def test_a_visit_that_is_declared_to_be_inside_a_stay_takes_place_there() -> None:
    inside = {
        "id": "check",
        "at": "10:00",
        "duration": "30min",
        "after": {"visit": "stay", "within": "2h.."},
        "before": {"visit": "stay.end", "within": "30min.."},
    }
    visits = [V0, {**STAY, "after": {"visit": "v0", "within": "3d"}}, inside]
    assert times(visits)[1:] == ["3 09:00", "4 10:00"]


@pytest.mark.parametrize(
    "timings",
    [
        {
            "after": [
                {"visit": "session", "within": "0d..4d", "target": "1d"},
                {"visit": "session.end", "within": "-1d..0d"},
            ]
        },
        {
            "after": {"visit": "session", "within": "0d.."},
            "before": {"visit": "session.end", "within": "0d..7d"},
        },
        {
            "after": [
                {"visit": "session", "within": "0min.."},
                {"visit": "session.end", "within": "..0d"},
            ]
        },
        {
            "after": {"visit": "session", "within": "0min.."},
            "before": {"visit": "session.end", "within": "0d"},
        },
    ],
)
def test_rules_in_days_put_no_visit_inside_one_of_the_same_day(timings: dict[str, Any]) -> None:
    session = {"id": "session", "duration": "4h", "after": {"visit": "v0", "within": "3d"}}
    visits = [V0, session, {"id": "talk", "duration": "1h", **timings}]
    either = (["3 09:00", "3 13:00"], ["3 10:00", "3 09:00"])
    assert times(visits)[1:] in either
    overnight = [V0, {**session, "overnight": True}, {**visits[2], "at": "10:00"}]
    assert times(overnight)[1:] in (["3 09:00", "3 10:00"], ["3 09:00", "4 10:00"])


def test_visits_at_the_very_minute_of_one_start_are_one_occasion() -> None:
    """As studies of other standards write what begins with the treatment."""
    at_once = {"visit": "dose", "target": "0min"}
    visits = [
        {"id": "baseline"},
        {"id": "dose", "after": {"visit": "baseline", "target": "2d"}, "duration": "2h"},
        {"id": "infusion", "after": at_once, "duration": "1h"},
        {"id": "sample", "after": at_once, "duration": "1h"},
    ]
    course = expand(protocol(visits, anchor="baseline"))
    plan = CoursePlanner(course, site()).plan(START)
    assert plan is not None
    assert len({visit.start for visit in plan.visits[1:]}) == 1


def test_days_in_the_middle_of_a_stay_are_no_days_for_other_visits() -> None:
    visits = [
        V0,
        {**STAY, "overnight": {"nights": 3}, "after": {"visit": "v0", "within": "3d"}},
        {
            "id": "v2",
            "duration": "1h",
            "after": {"visit": "v0", "within": "1d..7d", "target": "5d"},
        },
    ]
    assert times(visits)[1:] == ["3 09:00", "6 09:00"]


def test_what_is_done_at_home_at_any_time_keeps_nobody_away() -> None:
    visits = [V0, on_day_3("session", duration="8h"), on_day_3("diary", mode="home")]
    assert times(visits)[1:] == ["3 09:00", "3 09:00"]
    visits[2]["duration"] = "1h"
    assert times(visits)[1:] == ["3 09:00", "3 17:00"]


def test_visits_tied_by_hours_move_together() -> None:
    visits = [
        V0,
        on_day_3("v1", duration="2h"),
        on_day_3("v2", duration="1h"),
        {"id": "v3", "after": {"visit": "v2", "within": "20h..22h", "target": "22h"}},
    ]
    assert times(visits)[1:] == ["3 09:00", "3 11:00", "4 09:00"]


def test_planned_visits_go_around_what_took_place_or_is_booked() -> None:
    small = protocol([V0, on_day_3("a", duration="2h"), on_day_3("b", duration="2h")])
    _, visits = planned(small, record(f"b booked {day(3)}T10:00"))
    assert (visits["b"].status, visits["b"].start.hour) == ("booked", 10)
    assert visits["a"].start.hour == 8
    _, visits = planned(small, record(f"b occurred {day(3)}T09:30"))
    # Between opening and half past nine there is no room for two hours.
    assert (visits["b"].start.hour, visits["a"].start.hour) == (9, 11)
    _, visits = planned(small, record(f"b booked {day(3)}T12:00", f"a booked {day(3)}T12:30"))
    assert [visits[name].status for name in "ab"] == ["booked", "booked"]


def test_a_day_that_bookings_fill_is_left() -> None:
    small = protocol(
        [
            V0,
            on_day_3("a", duration="9h"),
            {
                "id": "b",
                "duration": "2h",
                "after": {"visit": "v0", "within": "2d..5d", "target": "3d"},
            },
        ]
    )
    timeline, visits = planned(small, record(f"a booked {day(3)}T09:00"))
    assert visits["b"].start.date() == day(2)
    assert not timeline.forced


def test_plans_outside_windows_keep_visits_apart_too() -> None:
    """Five days of window are gone; the rest follows on one day, one after another."""
    small = protocol([V0, on_day_3("a", duration="2h"), on_day_3("b", duration="2h")])
    timeline, visits = planned(small, record("v0 occurred 2027-03-01"), today=day(8))
    assert timeline.forced
    assert [visits[name].start.strftime("%d %H:%M") for name in "ab"] == ["09 09:00", "09 11:00"]


def test_that_there_is_no_plan_outside_windows_is_said_only_where_it_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = protocol([V0, on_day_3("a", duration="8h"), on_day_3("b", duration="8h")])
    monkeypatch.setattr(apart, "MAX_BRANCHES", 0)
    with pytest.raises(NotProven, match="not proven"):
        planned(small, record("v0 occurred 2027-03-01"), today=day(8))


def test_what_was_called_off_keeps_nobody_away() -> None:
    small = protocol([V0, on_day_3("a", duration="8h"), on_day_3("b", duration="8h")])
    _, visits = planned(small, record(f"a cancelled {day(3)}T09:00"))
    assert visits["b"].start.hour == 9


def test_what_was_not_tried_is_not_said_to_be_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {"duration": "4h", "after": {"visit": "v0", "within": "3d..12d", "target": "3d"}}
    visits = [V0, *({"id": f"v{n}", **many} for n in range(1, 6))]
    planner = CoursePlanner(expand(protocol(visits)), site())
    plan = planner.plan(START)
    assert plan is not None
    assert plan.proven
    assert sorted(one.day - START.toordinal() for one in plan.visits) == [0, 3, 3, 4, 4, 5]
    monkeypatch.setattr(apart, "MAX_BRANCHES", 20)
    hasty = CoursePlanner(expand(protocol(visits)), site())
    plan = hasty.plan(START)
    assert plan is not None
    assert not plan.proven
    timeline = plan_timeline(hasty, START)
    assert any("not proven" in line for line in timeline.conventions)
    monkeypatch.setattr(apart, "MAX_BRANCHES", 0)
    with pytest.raises(NotProven, match="not proven"):
        CoursePlanner(expand(protocol(visits)), site()).plan(START)
    unknown = CoursePlanner(expand(protocol(visits)), site())
    with pytest.raises(NotProven, match="not proven"):
        unknown.fits(START)
    (first,) = anchor_dates(unknown, START, START)
    assert not first.fits
    assert "not proven" in first.reasons[0]


# Against trying everything

OPENS, CLOSES = 8, 13


def short_days(closed: set[int]) -> SiteCalendar:
    hours = {
        name: f"{OPENS:02}:00-{CLOSES:02}:00"
        for at, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        )
        if at not in closed
    }
    data = {"format": 1, "id": "s", "title": "S", "timezone": "UTC", "overnight": True}
    return SiteCalendar(Site.model_validate({**data, "hours": hours}))


@st.composite
def crowded(draw: st.DrawFn) -> Protocol:
    """Two to four visits of one to four hours within few days, some of them with a night."""
    visits: list[dict[str, Any]] = [{"id": "v0", "duration": f"{draw(st.integers(1, 4))}h"}]
    for number in range(1, draw(st.integers(2, 4))):
        low = draw(st.integers(-1, 2))
        high = low + draw(st.integers(0, 2))
        timing = {"visit": f"v{draw(st.integers(0, number - 1))}", "within": f"{low}d..{high}d"}
        if draw(st.booleans()):
            timing["target"] = f"{draw(st.integers(low, high))}d"
        visit: dict[str, Any] = {"id": f"v{number}", "after": timing}
        visit["duration"] = f"{draw(st.integers(1, 4))}h"
        at = draw(st.sampled_from([None, None, "08:00", "10:00", "09:00..11:00"]))
        if at is not None:
            visit["at"] = at
        if draw(st.integers(0, 4)) == 0:
            visit["overnight"] = {"until": "10:00"}
        visits.append(visit)
    return protocol(visits)


class Hours:
    """A visit of the oracle: in which hours it may start, and how long it takes."""

    def __init__(self, visit: Any) -> None:
        self.length = visit.duration.value.latest.minutes // 60
        self.nights = 0 if visit.overnight is None else 1
        last = CLOSES - (1 if self.nights else self.length)
        if self.nights:
            last = CLOSES - 1
        first, latest = visit.at or (0, 24 * 60)
        self.first = max(OPENS, -(-first // 60))
        self.last = min(last, latest // 60)

    def end(self, day_number: int, hour: int) -> int:
        """Hours since the first midnight at which it is over."""
        if self.nights:
            return (day_number + 1) * 24 + 10
        return day_number * 24 + hour + self.length


def can_be_arranged(
    days: Sequence[int], hours: Sequence[Hours], first: set[tuple[int, int]]
) -> bool:
    """One after another: by date, and on one date as listed unless times of day forbid it.

    ``first`` are visits that by a rule come before another one.
    """
    order: list[int] = []
    for number in sorted(set(days)):
        left = [at for at in range(len(days)) if days[at] == number]
        while left:
            free = [
                at
                for at in left
                if not any(
                    other > at and (hours[at].first >= hours[other].last or (other, at) in first)
                    for other in left
                )
            ]
            at = (free or left)[0]
            order.append(at)
            left.remove(at)
    over = -(10**6)
    for at in order:
        start = max(days[at] * 24 + hours[at].first, over)
        if start > days[at] * 24 + hours[at].last:
            return False
        over = hours[at].end(days[at], start - days[at] * 24)
    return True


@given(crowded(), st.sets(st.integers(1, 6), max_size=3))
@settings(max_examples=150, deadline=None)
def test_the_best_dates_on_which_all_are_apart_are_found(small: Protocol, closed: set[int]) -> None:
    place = short_days(closed)
    planner = CoursePlanner(expand(small), place)
    visits = small.epochs[0].visits
    hours = [Hours(visit) for visit in visits]
    wanted = wants(small)
    open_days = [number for number in range(-4, 14) if place.is_open(day(number))]
    best: tuple[int, tuple[int, ...]] | None = None
    first = {
        (at, int(timing.visit.visit[1:]))
        for at, visit in enumerate(visits)
        for timing in visit.after
        if timing.allowed.latest.days <= 0 and timing.allowed.earliest.days < 0
    }
    choices = [[0], *([open_days] * (len(visits) - 1))]
    for days in product(*choices):
        if any(hours[at].first > hours[at].last for at in range(len(days))):
            break
        kept = all(
            timing.allowed.earliest.days
            <= days[at] - days[int(timing.visit.visit[1:])]
            <= timing.allowed.latest.days
            for at, visit in enumerate(visits)
            for timing in visit.after
        )
        if not kept:
            continue
        cost = sum(
            want.weight * abs(days[want.point] - days[want.reference] - want.days)
            for want in wanted
        )
        if (best is None or (cost, days) < best) and can_be_arranged(days, hours, first):
            best = (cost, days)
    plan = planner.plan(START)
    assert planner.fits(START) == (plan is not None)
    assert (plan is None) == (best is None)
    if plan is None:
        assert sentences(explain(planner, START))
        return
    assert best is not None
    assert tuple(one.day - START.toordinal() for one in plan.visits) == best[1]
    assert_apart(plan, hours)


def assert_apart(plan: Plan, hours: Sequence[Hours]) -> None:
    zero = plan.anchor * 24
    epoch = date(1970, 1, 1).toordinal() * 24 * 60
    starts = [(one.start + epoch) / 60 - zero for one in plan.visits]
    ends = [(one.end + epoch) / 60 - zero for one in plan.visits]
    for at, one in enumerate(plan.visits):
        hour = starts[at] - (one.day - plan.anchor) * 24
        assert (
            hours[at].first
            <= hour
            <= max(hours[at].last, CLOSES - 1 / 60 if hours[at].nights else 0)
        )
    order = sorted(range(len(starts)), key=starts.__getitem__)
    assert all(ends[a] <= starts[b] for a, b in pairwise(order))


EVERYDAY = SiteCalendar(always_open())


@pytest.mark.parametrize("name", library_ids())
def test_no_two_visits_of_a_library_plan_overlap(name: str) -> None:
    small = load_protocol(name).protocol
    for arm in [one.id for one in small.arms] or [None]:
        planner = course_planner(small, EVERYDAY, arm=arm, unblinded=True)
        plan = planner.plan(START)
        assert plan is not None
        inside = pairs_inside(planner.course, planner.bounding_rules())
        spans = sorted(
            (one.start, one.end, visit.id)
            for one, visit in zip(plan.visits, planner.course.visits, strict=True)
            if visit.visit.mode != "home" or visit.visit.duration is not None
        )
        for (start, end, one), (later, _, other) in pairwise(spans):
            if frozenset((one, other)) not in inside:
                assert max(end, start + 1) <= later, (name, one, other)
