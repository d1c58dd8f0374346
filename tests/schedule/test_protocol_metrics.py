"""An arm in numbers: what the file says, what the rules leave, and nothing made up."""

from itertools import pairwise

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.load import load_protocol
from planner.network.windows import distance, is_consistent
from planner.protocol.course import Point
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.schedule.build import build_schedule
from planner.schedule.distances import planned_days, said
from planner.schedule.protocol_metrics import ProtocolMetrics, counted, outline, outlines
from planner.schedule.slack import without_order


def of(fragment: str, arm: str | None = None) -> ProtocolMetrics:
    return outline(example_file(fragment).protocol, arm)


def library(name: str, arm: str | None = None) -> ProtocolMetrics:
    return outline(load_protocol(name).protocol, arm)


CYCLE = """\
source: paper
sources: {paper: {kind: trial-paper, read: abstract}}
grade: verified
epochs:
  - id: screening
    visits: [{id: baseline}]
  - id: treatment
    cycle: CYCLE
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, TIMING}
      - {id: integration, after: {visit: dosing, within: 1d}}
"""


def cycle(timing: str = "within: 3w..5w, target: 4w", times: str = "{times: 3}") -> str:
    return CYCLE.replace("CYCLE", times).replace("TIMING", timing)


def test_mapp1_in_numbers() -> None:
    one = library("mapp1")
    assert counted(one.dosing) == (3, 3)
    assert [gap.stated.text for gap in one.spacing if gap.stated] == ["3w..5w, target 4w"] * 2
    assert [gap.days for gap in one.spacing] == [(21, 35)] * 2
    assert {session.length for session in one.dosing} == {(480, 480)}
    assert {session.people for session in one.dosing} == {2}
    assert [session.nights for session in one.dosing] == [1, 1, 1]
    assert [session.length for session in one.preparation] == [(90, 90)] * 3
    assert [len(sessions) for sessions in one.integration] == [3, 3, 3]
    assert [bool(found) for found in one.between] == [True, True]
    [endpoint] = one.endpoints
    assert one.endpoint_is_named
    assert endpoint.instruments == ("CAPS-5",)
    assert (endpoint.after, endpoint.days) == ("dosing-3", (49, 63))
    assert endpoint.said_from_anchor is not None
    assert endpoint.said_from_anchor.parts == (
        ("target 18w", "verified"),
        ("17w..19w", "assumed"),
    )
    assert one.end is not None
    assert one.end.id == endpoint.id


def test_arms_with_the_same_course_stand_together() -> None:
    assert [arms for arms, _ in outlines(load_protocol("mapp1").protocol)] == [
        ("mdma-at", "placebo")
    ]
    two = outlines(load_protocol("mpva-2v3").protocol)
    assert [(arms, len(one.dosing)) for arms, one in two] == [
        (("two-sessions",), 2),
        (("three-sessions",), 3),
    ]


def test_a_protocol_without_arms_has_one_outline() -> None:
    [(arms, _)] = outlines(example_file().protocol)
    assert arms == (None,)


def test_optional_sessions_are_the_most_and_not_the_least() -> None:
    optional = cycle().replace("- id: dosing\n", "- id: dosing\n        optional: true\n")
    assert counted(of(optional).dosing) == (0, 3)


def test_a_cycle_that_a_decision_ends_takes_place_once_at_least() -> None:
    until = "decisions: {well: {title: Well, condition: c}}\n"
    fragment = cycle(times="{until: well, at_most: 6}")
    assert counted(of(until + fragment).dosing) == (1, 6)


def test_what_a_file_does_not_say_is_nothing() -> None:
    one = of(cycle())
    assert {(session.length, session.staff, session.people) for session in one.dosing} == {
        (None, None, None)
    }
    assert one.preparation == ()
    assert one.endpoints == ()


def test_a_length_has_the_grade_of_what_states_it() -> None:
    long = "- id: dosing\n        duration: {value: 6h..8h, grade: assumed}\n"
    one = of(cycle().replace("- id: dosing\n", long))
    assert {(session.length, session.length_grade) for session in one.dosing} == {
        ((360, 480), "assumed")
    }
    assert {session.grade for session in one.dosing} == {"verified"}


def test_spacing_written_on_either_side_is_told_forwards() -> None:
    fragment = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing-a
        after: {visit: baseline, within: 1w}
        before: {visit: dosing-b, within: 2w..3w}
      - {id: dosing-b, after: {visit: baseline, within: 1w..20w}}
"""
    [gap] = of(fragment).spacing
    assert gap.stated is not None
    assert (gap.stated.text, gap.stated.is_direct, gap.days) == ("2w..3w", True, (14, 21))


def test_sessions_tied_to_a_common_visit_only_are_as_far_apart_as_their_targets() -> None:
    fragment = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing-a, after: {visit: baseline, within: 3w..5w, target: 4w}}
      - {id: dosing-b, after: {visit: baseline, target: 2mo, grade: assumed}}
"""
    one = of(fragment)
    [gap] = one.spacing
    assert gap.stated is not None
    assert not gap.stated.is_direct
    assert (gap.stated.least, gap.stated.most) == (59 - 28, 62 - 28)
    assert gap.stated.text == "31d..34d"
    assert gap.stated.grade == "assumed"
    assert said(one.course, "dosing-a", "dosing-b", assumed=False) is None


def test_sessions_that_no_rule_ties_have_no_spacing() -> None:
    fragment = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing-a, after: {visit: baseline, within: 1w..}}
      - {id: dosing-b, after: {visit: dosing-a, within: 48h..72h}}
"""
    [gap] = of(fragment).spacing
    assert gap.stated is None
    assert gap.days == (2, 3)


def test_integration_belongs_to_the_session_it_is_counted_from() -> None:
    fragment = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing-a, after: {visit: baseline, within: 1w}}
      - {id: dosing-b, after: {visit: dosing-a, within: 4w}}
      - {id: integration-1, after: {visit: dosing-a, within: 1d}}
      - {id: integration-2, after: {visit: integration-1, within: 1w}}
      - {id: integration-3, after: {visit: dosing-b, within: 1d}}
"""
    ids = [[session.id for session in found] for found in of(fragment).integration]
    assert ids == [["integration-1", "integration-2"], ["integration-3"]]


def test_an_endpoint_that_no_visit_is_named_for_is_every_visit_that_measures_it() -> None:
    one = library("mdma-cbct")
    assert not one.endpoint_is_named
    assert len(one.endpoints) > 1


def test_a_visit_that_the_file_names_is_the_endpoint() -> None:
    one = library("psilodep-1")
    assert [endpoint.id for endpoint in one.endpoints] == ["follow-up-1w"]
    assert one.end is not None
    assert (one.end.id, one.end.after) == ("follow-up-6mo", "dosing-2")
    assert one.end.stated is not None
    assert one.end.stated.text == "6mo"


ENDPOINTS = """\
activities: {scale: {endpoint: primary}}
epochs:
  - id: treatment
    visits: [{id: baseline}, {id: dosing, after: {visit: baseline, within: 1w}}]
  - id: follow-up
    visits:
      - {id: week-1, activities: [scale], after: {visit: dosing, target: 1w, note: NOTE}}
      - {id: week-2, activities: [scale], after: {visit: dosing, target: 2w}}
"""


@pytest.mark.parametrize(
    ("note", "visits"),
    [
        ("The primary endpoint.", ["week-1"]),
        ("A key secondary endpoint.", ["week-1", "week-2"]),
    ],
)
def test_a_note_can_name_the_endpoint(note: str, visits: list[str]) -> None:
    one = of(ENDPOINTS.replace("NOTE", note))
    assert [endpoint.id for endpoint in one.endpoints] == visits
    assert one.endpoint_is_named == (len(visits) == 1)


def test_an_endpoint_before_a_session_counts_from_the_session_before_it() -> None:
    fragment = """\
activities: {scale: {endpoint: primary}}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing-a, after: {visit: baseline, within: 1w}}
      - {id: dosing-b, after: {visit: dosing-a, target: 7w}}
      - id: endpoint
        activities: [scale]
        after: {visit: dosing-a, within: 5w..}
        before: {visit: dosing-b, within: 1d..}
"""
    [endpoint] = of(fragment).endpoints
    assert endpoint.after == "dosing-a"
    assert endpoint.days == (35, 48)


PREFERRED = """\
conventions: {target_without_window: preferred}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing-a, after: {visit: baseline, within: 1d.., target: 2w}}
      - {id: dosing-b, after: {visit: dosing-a, within: 2w..3w}}
      - {id: integration, after: {visit: dosing-b, within: 1d..}}
  - id: follow-up
    visits:
      - {id: year, after: {visit: dosing-b, target: 12mo}}
      - {id: month, after: [{visit: dosing-b, target: 1mo}, {visit: integration, within: 1d..}]}
      - {id: unblinding, before: {visit: month, within: 1d..}}
"""


def test_the_last_visit_is_the_one_planned_last_even_where_targets_bind_nothing() -> None:
    one = of(PREFERRED)
    assert one.end is not None
    assert (one.end.id, one.end.after) == ("year", "dosing-b")


def test_planned_days_meet_targets_and_near_ends_of_windows() -> None:
    assert planned_days(of(PREFERRED).course, "baseline") == {
        "baseline": 0,
        "dosing-a": 14,
        "dosing-b": 28,
        "integration": 29,
        "month": 28 + 28,
        "year": 28 + 365,
        "unblinding": 28 + 28 - 1,
    }


def test_rules_in_a_circle_do_not_push_visits_on_for_ever() -> None:
    circle = PREFERRED + "constraints: [{from: year, to: dosing-a, within: 1w..}]\n"
    assert set(planned_days(of(circle).course, "baseline")) >= {"dosing-a", "year"}


def test_rules_that_contradict_each_other_leave_no_numbers() -> None:
    fragment = cycle() + "constraints:\n  - {from: dosing-1, to: dosing-2, within: 6w..}\n"
    one = of(fragment)
    assert not one.consistent
    assert one.length[:2] == (None, None)
    assert {gap.days for gap in one.spacing} == {(None, None)}
    assert [gap.stated is not None for gap in one.spacing] == [True, True]


@given(
    gaps=st.lists(
        st.tuples(st.integers(1, 40), st.integers(0, 20)).map(lambda pair: (pair[0], sum(pair))),
        min_size=1,
        max_size=5,
    )
)
def test_spacing_is_what_is_written_where_no_other_rule_holds(gaps: list[tuple[int, int]]) -> None:
    lines = ["epochs:", "  - id: treatment", "    visits:", "      - {id: baseline}",
             "      - {id: dosing-a, after: {visit: baseline, within: 1d}}"]  # fmt: skip
    for at, (least, most) in enumerate(gaps):
        before, name = "abcdef"[at], "abcdef"[at + 1]
        rule = f"{{visit: dosing-{before}, within: {least}d..{most}d}}"
        lines.append(f"      - {{id: dosing-{name}, after: {rule}}}")
    one = of("\n".join(lines) + "\n")
    assert [gap.days for gap in one.spacing] == gaps
    assert [(gap.stated.least, gap.stated.most) for gap in one.spacing if gap.stated] == gaps
    total = sum(least for least, _ in gaps), sum(most for _, most in gaps)
    assert one.length[:2] == (1 + total[0], 1 + total[1])


@pytest.mark.parametrize("name", library_ids())
def test_effective_numbers_of_the_library_are_those_of_the_network(name: str) -> None:
    protocol = load_protocol(name).protocol
    for arms, one in outlines(protocol):
        schedule = build_schedule(expand(protocol, arms[0]))
        assert one.consistent == is_consistent(schedule.network)
        stated = without_order(schedule)
        dosing = [each.id for each in one.course.visits if each.kind == "dosing"]
        assert [session.id for session in one.dosing] == dosing
        for gap, (a, b) in zip(one.spacing, pairwise(dosing), strict=True):
            start, end = stated.nodes[Point(a)], stated.nodes[Point(b)]
            assert gap.days == distance(stated.network, start, end)
            if gap.stated is not None and gap.stated.is_direct and gap.stated.window is not None:
                least, most = gap.days
                assert gap.stated.least is None or (least is not None and least >= gap.stated.least)
                assert gap.stated.most is None or (most is not None and most <= gap.stated.most)
        least, most = counted(one.dosing)
        assert least <= most
