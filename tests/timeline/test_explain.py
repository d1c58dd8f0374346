"""Why nothing fits: each reason counts, and together they are enough."""

from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.network.placement import Infeasible, extremes
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.explain import NoFit, explain, sentences
from planner.timeline.placing import CoursePlanner, sizes_of

START = date(2027, 3, 1)
OPEN = ("monday", "tuesday", "wednesday", "thursday", "friday")


def planner_of(
    visits: list[dict[str, Any]], closures: set[int], fixed: dict[str, date]
) -> CoursePlanner:
    protocol = Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "Small", "version": "1",
            "status": "illustrative", "design": "open-label", "anchor": "v0",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
        }
    )  # fmt: skip
    days = [f"{START + timedelta(days=n)}" for n in sorted(closures)]
    site = Site.model_validate(
        {
            "format": 1, "id": "site", "title": "Site", "timezone": "Europe/Berlin",
            "hours": dict.fromkeys(OPEN, "08:00-18:00"),
            "closures": [{"from": day, "to": day, "reason": "closed"} for day in days],
        }
    )  # fmt: skip
    return CoursePlanner(expand(protocol), SiteCalendar(site), fixed)


def holds(planner: CoursePlanner, rules: set[int], closed: set[int], fixed: set[str]) -> bool:
    """Whether a plan exists when only these rules, closed days and fixed dates count."""
    others = {n for n, one in enumerate(planner.schedule.statements) if one.kind != "timing"}
    problem = planner.problem(
        START,
        only=frozenset(rules | others),
        open_visits=frozenset(range(len(planner.patterns))) - closed,
        fixed=frozenset(fixed),
    )
    return problem is not None and not isinstance(
        extremes(sizes_of(problem), problem.limits), Infeasible
    )


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
