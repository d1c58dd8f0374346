"""The numbers of visits: the same in each arm, in the order of targets, whoever takes part."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from formats.usdm.random_protocols import protocols
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import protocol, site

import planner
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.study_days import lying_days
from planner.schedule.visit_numbers import visit_code, visit_label, visit_numbers

ARMS = [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}, {"id": "c", "title": "C"}]


def numbered(visits: list[dict[str, Any]], **more: Any) -> list[str]:
    return list(visit_numbers(protocol([{"id": "v0"}, *visits], **more)))


def after(name: str, days: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "after": {"visit": "v0", "target": f"{days}d", "within": "±3d"}, **more}


def test_a_visit_is_called_by_its_number_and_its_title() -> None:
    assert visit_code(7) == "V07"
    assert visit_code(107) == "V107"
    assert visit_label(7, "First integration session (1)") == "V07 First integration session (1)"


def test_visits_are_numbered_in_the_order_of_their_targets() -> None:
    visits = [after("late", 20), after("early", 5, optional=True), after("between", 10)]
    assert numbered(visits) == ["v0", "early", "between", "late"]


def test_visits_of_one_day_are_numbered_as_listed() -> None:
    assert numbered([after("second", 5), after("first", 5)]) == ["v0", "second", "first"]


def test_a_rule_goes_before_the_list_on_one_day() -> None:
    behind = {"visit": "early", "within": "0d.."}
    late = {"id": "late", "after": [{"visit": "v0", "target": "5d", "within": "±3d"}, behind]}
    assert numbered([late, after("early", 5)]) == ["v0", "early", "late"]


def test_a_visit_that_nothing_dates_follows_the_one_listed_before_it() -> None:
    visits = [
        after("late", 20),
        after("early", 5),
        {"id": "event", "unscheduled": True},
        {"id": "then", "after": {"visit": "event", "target": "1d"}},
    ]
    assert numbered(visits) == ["v0", "early", "event", "then", "late"]


def test_the_order_of_each_arm_is_kept_where_one_order_can() -> None:
    visits = [
        {"id": "dosing", "after": {"visit": "v0", "target": "2d", "within": "±1d"},
         "by_arm": {"b": {"after": {"visit": "wait", "target": "2d", "within": "±1d"}}}},
        after("wait", 30, arms=["b"]),
    ]  # fmt: skip
    assert numbered(visits, arms=ARMS[:2], design="parallel") == ["v0", "wait", "dosing"]


def test_visits_that_arms_have_the_other_way_round_are_numbered_by_the_earliest_day() -> None:
    far = {"a": "9d", "b": "2d"}
    visits = [
        {"id": name, "after": {"visit": "v0", "target": first, "within": "±1d"},
         "by_arm": {"b": {"after": {"visit": "v0", "target": second, "within": "±1d"}}}}
        for name, first, second in (("x", far["a"], far["b"]), ("y", "3d", "9d"))
    ]  # fmt: skip
    assert numbered(visits, arms=ARMS[:2], design="crossover") == ["v0", "x", "y"]


def test_rules_in_a_circle_leave_no_visit_without_a_number() -> None:
    visits = [
        {"id": "x", "after": {"visit": "y", "within": "1d.."}},
        {"id": "y", "after": [{"visit": "x", "within": "1d.."}, {"visit": "v0", "within": "1d.."}]},
    ]
    assert sorted(numbered(visits)) == ["v0", "x", "y"]


@settings(deadline=None, max_examples=60)
@given(protocols())
def test_every_occurrence_of_any_arm_has_a_number_of_its_own(study: Protocol) -> None:
    courses = [expand(study, arm.id) for arm in study.arms] or [expand(study)]
    numbers = visit_numbers(study)
    assert numbers.keys() == {visit.id for course in courses for visit in course.visits}
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))


@st.composite
def stars(draw: st.DrawFn) -> Protocol:
    """Visits around `v0`, some optional, some of one arm only, in any order of the list."""
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for at in range(1, draw(st.integers(2, 8))):
        more: dict[str, Any] = {"optional": True} if draw(st.booleans()) else {}
        some = draw(st.sets(st.sampled_from("abc")))
        days = draw(st.integers(-20, 40).filter(bool))
        side = {"before" if days < 0 else "after": {
            "visit": "v0", "target": f"{abs(days)}d", "within": "±9d"}}  # fmt: skip
        visits.append({"id": f"v{at}", **side, **more, **({"arms": sorted(some)} if some else {})})
    return protocol(visits, arms=ARMS, design="parallel")


@settings(deadline=None, max_examples=60)
@given(stars(), st.data())
def test_numbers_rise_with_the_days_of_targets_and_nothing_a_participant_has_changes_them(
    study: Protocol, data: st.DataObject
) -> None:
    numbers = visit_numbers(study)
    arm = data.draw(st.sampled_from("abc"))
    course = expand(study, arm)
    days = lying_days(course)
    listed = {visit.id: at for at, visit in enumerate(course.visits)}
    by_day = sorted(listed, key=lambda name: (days[name], listed[name]))
    assert by_day == sorted(listed, key=numbers.__getitem__)
    optional = [visit.id for visit in course.visits if visit.visit.optional]
    some = data.draw(st.sets(st.sampled_from(optional))) if optional else set()
    choice: dict[str, Any] = data.draw(
        st.sampled_from([{}, {"with_visits": some}, {"without_visits": some}])
    )
    closed = data.draw(st.sampled_from([(), (5, 6)]))
    timeline = planner.plan(study, date(2027, 3, 1), arm=arm, site=site(closed).site, **choice)
    assert {visit.id: visit.number for visit in timeline.visits}.items() <= numbers.items()


@pytest.mark.parametrize("name", planner.library_ids())
def test_numbers_of_the_library_rise_with_the_days_of_each_arm(name: str) -> None:
    study = planner.load(name).protocol
    numbers = visit_numbers(study)
    for arm in [arm.id for arm in study.arms] or [None]:
        days = lying_days(expand(study, arm))
        in_order = sorted(days, key=numbers.__getitem__)
        off = [
            (first, second) for first, second in pairwise(in_order) if days[first] > days[second]
        ]
        # There a rule of the protocol has the visits in this order, against their targets.
        assert not off or name in ("mdma-autism",), (arm, off)
