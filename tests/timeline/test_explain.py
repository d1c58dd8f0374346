"""Why nothing fits: each reason counts, and together they are enough."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timeline.courses import protocol, site

from planner.network.arc_consistency import Infeasible, extremes
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.explain import NoFit, explain, headline, sentences
from planner.timeline.limits import window_limits
from planner.timeline.plan import NothingFits, plan_timeline

START = date(2027, 3, 1)
OPEN = ("monday", "tuesday", "wednesday", "thursday", "friday")


def planner_of(
    visits: list[dict[str, Any]], closures: set[int], fixed: dict[str, date]
) -> CoursePlanner:
    small = Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "Small", "version": "1",
            "status": "illustrative", "design": "open-label", "anchor": "v0",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
        }
    )  # fmt: skip
    days = [f"{START + timedelta(days=n)}" for n in sorted(closures)]
    place = Site.model_validate(
        {
            "format": 1, "id": "site", "title": "Site", "timezone": "Europe/Berlin",
            "hours": dict.fromkeys(OPEN, "08:00-18:00"),
            "closures": [{"from": day, "to": day, "reason": "closed"} for day in days],
        }
    )  # fmt: skip
    return CoursePlanner(expand(small), SiteCalendar(place), fixed)


def holds(planner: CoursePlanner, rules: set[int], closed: set[int], fixed: set[str]) -> bool:
    """Whether a plan exists when only these rules, closed days and fixed dates count."""
    begin = START.toordinal()
    candidates = []
    for at, pattern in enumerate(planner.patterns):
        name = pattern.occurrence.id
        first, last = begin - 100, begin + 100
        if name == "v0":
            first = last = begin
        if name in fixed:
            first, last = max(first, planner.fixed[name]), min(last, planner.fixed[name])
        ways = pattern.between if at in closed else pattern.anyhow
        candidates.append(ways(first, last))
    limits = [
        limit
        for number, rule, window in planner.bounds
        if number in rules
        for limit in window_limits(
            rule,
            window,
            planner.index[rule.reference.visit],
            planner.index[rule.point.visit],
            candidates,
            number,
        )
    ]
    sizes = [len(columns.starts) for columns in candidates]
    return not isinstance(extremes(sizes, limits), Infeasible)


@st.composite
def crowded(draw: st.DrawFn) -> CoursePlanner:
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, draw(st.integers(2, 4))):
        timings = []
        for _ in range(draw(st.integers(1, 2))):
            low = draw(st.integers(-3, 5))
            reference = f"v{draw(st.integers(0, number - 1))}"
            within = f"{low}d..{low + draw(st.integers(0, 2))}d"
            timings.append({"visit": reference, "within": within})
        visits.append({"id": f"v{number}", "after": timings})
    fixed = {"v1": START + timedelta(days=draw(st.integers(-3, 6)))} if draw(st.booleans()) else {}
    return planner_of(visits, draw(st.sets(st.integers(-5, 9), max_size=8)), fixed)


@given(crowded())
@settings(max_examples=80, deadline=None)
def test_every_reason_counts_and_together_they_are_enough(planner: CoursePlanner) -> None:
    assume(not planner.fits(START))
    no_fit = explain(planner, START)
    rules = {planner.schedule.statements.index(rule) for rule in no_fit.rules}
    closed = {planner.index[one.visit] for one in no_fit.closed}
    fixed = {name for name, _ in no_fit.fixed}
    assert not holds(planner, rules, closed, fixed)
    for rule in rules:
        assert holds(planner, rules - {rule}, closed, fixed)
    for visit in closed:
        assert holds(planner, rules, closed - {visit}, fixed)
    for name in fixed:
        assert holds(planner, rules, closed, fixed - {name})
    assert len(sentences(no_fit)) == len(rules) + len(closed) + len(fixed)


def reasons(planner: CoursePlanner) -> NoFit:
    assert planner.plan(START) is None
    return explain(planner, START)


def test_a_closed_week_is_named_date_by_date() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1d..3d"}}]
    no_fit = reasons(planner_of(visits, {1, 2, 3}, {}))
    assert [rule.name for rule in no_fit.rules] == ["v1.after"]
    (closed,) = no_fit.closed
    assert (closed.first, closed.last) == (date(2027, 3, 2), date(2027, 3, 4))
    assert [why for _, why in closed.reasons] == ["closure: closed"] * 3


def test_the_shortest_true_sentence_comes_first() -> None:
    visits = [
        {"id": "v0"},
        *(
            {"id": f"v{n}", "after": {"visit": f"v{n - 1}", "within": "1d..3d", "target": "2d"}}
            for n in range(1, 9)
        ),
    ]
    # From Friday 5 March nobody is there for five days; three is the most there may be.
    planner = planner_of(visits, set(range(4, 9)), {})
    no_fit = reasons(planner)
    assert headline(no_fit) == "no open day for `v2` between Thu 4 and Wed 10 Mar 2027"
    with pytest.raises(NothingFits) as nothing:
        plan_timeline(planner, START, "P0001")
    told = str(nothing.value).splitlines()
    assert told[0] == (
        "nothing fits when `v0` is on Mon 2027-03-01: no open day for `v2` between Thu 4 and Wed"
        " 10 Mar 2027; together these leave no date:"
    )
    assert told[1:7] == [f"  - {line}" for line in sentences(no_fit)[:6]]
    assert told[7:] == ["  - and 1 more reason"]
    assert len(sentences(no_fit)) == 7
    assert str(nothing.value.in_full()).splitlines()[1:] == [
        f"  - {line}" for line in sentences(no_fit)
    ]


@given(crowded())
@settings(max_examples=80, deadline=None)
def test_a_headline_names_only_days_that_are_taken(planner: CoursePlanner) -> None:
    assume(not planner.fits(START))
    no_fit = explain(planner, START)
    assume(headline(no_fit))
    for closed in no_fit.closed:
        if closed.between is not None:
            before, after = (day.toordinal() for day in closed.between)
            pattern = planner.patterns[planner.index[closed.visit]]
            assert not pattern.why_not(before)
            assert not pattern.why_not(after)
            assert all(pattern.why_not(day) for day in range(before + 1, after))


def test_rules_that_collide_only_on_these_dates_are_named_without_the_others() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "5d"}},
        {"id": "v2", "after": {"visit": "v0", "within": "1d"}},
    ]
    no_fit = reasons(planner_of(visits, set(), {}))
    # Five days after a Monday is a Saturday; the other visit has nothing to do with it.
    assert [rule.name for rule in no_fit.rules] == ["v1.after"]
    assert [one.visit for one in no_fit.closed] == ["v1"]
    assert "closed on Saturdays" in sentences(no_fit)[-1]


def test_a_fixed_date_outside_its_window_is_named_with_the_rule() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1d..3d"}}]
    no_fit = reasons(planner_of(visits, set(), {"v1": date(2027, 3, 9)}))
    assert no_fit.fixed == (("v1", date(2027, 3, 9)),)
    assert [rule.name for rule in no_fit.rules] == ["v1.after"]
    assert no_fit.closed == ()


def told(visits: list[dict[str, Any]], at: SiteCalendar, start: date = START) -> list[str]:
    planner = CoursePlanner(expand(protocol(visits)), at)
    assert planner.plan(start) is None
    return sentences(explain(planner, start))


def test_a_visit_longer_than_the_site_is_ever_open_fits_on_no_date() -> None:
    long = {"id": "v1", "duration": "11h", "after": {"visit": "v0", "within": "1d..3d"}}
    (reason,) = told([{"id": "v0"}, long], site(closed=[6]))
    assert reason == (
        "`v1` fits on no date: takes 11h and does not fit into the opening hours 08:00-18:00;"
        " closed on Sundays"
    )
    (reason,) = told([{"id": "v0", "duration": "11h"}], site())
    assert reason.endswith("takes 11h and does not fit into the opening hours 08:00-18:00")


def test_a_stay_at_a_site_without_nights_fits_on_no_date() -> None:
    place = site()
    place.overnight = False
    stay = {"id": "v1", "overnight": True, "after": {"visit": "v0", "within": "1d.."}}
    assert told([{"id": "v0"}, stay], place) == [
        "`v1` fits on no date: the site has no overnight stays"
    ]


def test_weekdays_are_named_where_they_leave_nothing() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "weekdays": ["monday"], "after": {"visit": "v0", "within": "1d"}},
    ]
    assert told(visits, site()) == [
        "v1 must be 1d after v0 (`v1.after`)",
        "`v1` could only be on Tue 2 Mar 2027: Tuesday is not among its weekdays",
    ]


SKIPPED = "2027-03-28 02:30 does not exist in Europe/Berlin: the clocks go from 02:00 to 03:00"


def day_and_night() -> SiteCalendar:
    return SiteCalendar(always_open().model_copy(update={"timezone": "Europe/Berlin"}))


@pytest.mark.parametrize("mode", ["home", "clinic"])
@pytest.mark.parametrize("at", ["02:30", "02:15..02:30"])
def test_a_time_of_day_that_the_clock_skips_is_named(mode: str, at: str) -> None:
    night = {"id": "v1", "mode": mode, "at": at, "after": {"visit": "v0", "within": "1d"}}
    always = day_and_night()
    saturday = date(2027, 3, 27)
    rule, reason = told([{"id": "v0"}, night], always, saturday)
    assert rule == "v1 must be 1d after v0 (`v1.after`)"
    assert reason.startswith("`v1` could only be on Sun 28 Mar 2027: 2027-03-28 02:")
    assert reason.endswith("does not exist in Europe/Berlin: the clocks go from 02:00 to 03:00")


def test_a_skipped_time_of_day_of_the_anchor_itself_is_named() -> None:
    always = day_and_night()
    assert told([{"id": "v0", "at": "02:30"}], always, date(2027, 3, 28)) == [
        f"`v0` could only be on Sun 28 Mar 2027: {SKIPPED}"
    ]


def test_a_stay_that_would_end_in_the_hour_that_the_clock_skips_is_named() -> None:
    always = day_and_night()
    stay = {"id": "v0", "at": "20:00", "overnight": {"until": "02:30"}}
    assert told([stay], always, date(2027, 3, 27)) == [
        f"`v0` could only be on Sat 27 Mar 2027: {SKIPPED}"
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "1h", "9h", "11h"]),
            st.sampled_from(["", "02:30", "09:00", "17:30..17:45"]),
            st.sampled_from(["0d", "1d", "0d..2d", "1d.."]),
            st.booleans(),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sets(st.integers(0, 6), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_whatever_leaves_no_date_is_told_in_whole_sentences(
    wanted: list[tuple[str, str, str, bool]], closed: set[int]
) -> None:
    visits: list[dict[str, Any]] = [{"id": "v0", "mode": "home"}]
    for number, (length, at, within, stays) in enumerate(wanted, start=1):
        visit: dict[str, Any] = {"id": f"v{number}"}
        visit["after"] = {"visit": f"v{number - 1}", "within": within}
        visit |= {"duration": length} if length else {}
        visit |= {"at": at} if at else {}
        visit |= {"overnight": True} if stays else {}
        visits.append(visit)
    planner = CoursePlanner(expand(protocol(visits)), site(closed=closed))
    start = date(2027, 3, 27)
    assume(planner.spans(planner.horizon) is not None)
    plan = planner.plan(start)
    assert planner.fits(start) == (plan is not None)
    if plan is None:
        lines = sentences(explain(planner, start))
        assert lines
        assert not any(line.endswith((": ", "on ", "but ", ",", "hours ")) for line in lines)
