"""Random timelines: never endless, never crashing, and right by slow and obvious reckoning."""

import json
from itertools import combinations, pairwise
from typing import Any

import networkx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from linted_studies import examined, ids
from usdm_studies import Json, after, before, decision, design_of, fixed, main, study, visit

from planner.checks.finding import Finding
from planner.formats.usdm.lint.lint import study_findings
from planner.formats.usdm.lint.order import in_order
from planner.formats.usdm.lint.span import TimeSpan, month_days, read_duration
from planner.formats.usdm.lint.timing_graph import circles
from planner.formats.usdm.parse import study_of
from planner.protocol.document import Document
from planner.protocol.json_reading import compose_json

NAMES = ("A", "B", "C", "D", "E")


def timed(*timings: Json, names: tuple[str, ...] = NAMES) -> list[Finding]:
    return examined(study(main(*(visit(name) for name in names), timings=timings)))


# --- the order of values ------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(-3, 6), max_size=9))
def test_the_most_values_that_never_fall_are_kept(values: list[int]) -> None:
    kept = in_order([float(value) for value in values])
    assert kept == sorted(set(kept))
    assert [values[at] for at in kept] == sorted(values[at] for at in kept)
    longest = max(
        len(chosen)
        for number in range(len(values) + 1)
        for chosen in combinations(values, number)
        if list(chosen) == sorted(chosen)
    )
    assert len(kept) == longest


@settings(deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5))
def test_an_order_is_wrong_where_some_pair_is_and_only_there(days: list[int]) -> None:
    names = ("X", *NAMES[: len(days)])
    timings = [fixed("X")]
    for name, value in zip(NAMES, days, strict=False):
        timing = after if value >= 0 else before
        timings.append(timing(name, f"P{abs(value)}D", "X"))
    found = [one for one in timed(*timings, names=names) if one.check == "order-inverted"]
    values = dict(zip(names, (0, *days), strict=True))
    pairs = list(combinations(names, 2))
    assert bool(found) == any(values[one] > values[other] for one, other in pairs)
    told = {one.about[0] for one in found}
    least = min(
        number
        for number in range(len(names) + 1)
        for left in combinations(names, len(names) - number)
        if "X" in left and [values[name] for name in left] == sorted(values[name] for name in left)
    )
    if "X" in told:  # the anchor's own place explains more than those of all others
        assert len(told) < least
    else:
        rest = [values[name] for name in names if name not in told]
        assert rest == sorted(rest)
        assert len(told) == least
    # Neighbours of which windows are missing can be in no wrong order but by their targets.
    assert not {"windows-overlap", "window-swallows"} & set(ids(timed(*timings, names=names)))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 5), st.integers(0, 5)),
        min_size=2,
        max_size=5,
    ),
    st.data(),
)
def test_windows_overlap_where_dates_exist_that_turn_neighbours_round(
    drawn: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    names = NAMES[: len(drawn)]
    references = [data.draw(st.sampled_from(("X", *names[:at]))) for at in range(len(names))]
    timings = [fixed("X")]
    for name, (value, lower, upper), reference in zip(names, drawn, references, strict=True):
        window = (f"P{lower}D", f"P{upper}D")
        timings.append(after(name, f"P{value}D", reference, window=window))
    found = timed(*timings, names=("X", *names))
    if "order-inverted" in ids(found):
        return
    least, most = {}, {}  # each instance's distance from each it is counted from, itself included
    for name, (value, lower, upper), reference in zip(names, drawn, references, strict=True):
        least[name] = {name: 0, reference: value - lower}
        most[name] = {name: 0, reference: value + upper}
        for further, distance in least.get(reference, {}).items():
            least[name][further] = distance + value - lower
            most[name][further] = most[reference][further] + value + upper
    wrong = set()
    chain = ("X", *names)
    least["X"], most["X"] = {"X": 0}, {"X": 0}
    for one, other in pairwise(chain):
        # The last instance both count from: the one that is counted from the most itself.
        common = max(set(least[one]) & set(least[other]), key=lambda name: len(least[name]))
        if least[other][common] - most[one][common] < 0:
            wrong.add((one, other))
    told = {one.about for one in found if one.check in ("windows-overlap", "window-swallows")}
    assert told == wrong


# --- circles and contradictions -----------------------------------------------------------------

edges = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)


@settings(deadline=None)
@given(edges)
def test_a_circle_is_found_where_there_is_one(drawn: list[tuple[int, int]]) -> None:
    onward: dict[int, list[int]] = {}
    for one, other in drawn:
        onward.setdefault(one, []).append(other)
    found = circles(range(5), onward)
    graph = networkx.DiGraph(drawn)
    assert bool(found) == (not networkx.is_directed_acyclic_graph(graph))
    for nodes, taken in found:
        for at, (node, edge) in enumerate(zip(nodes, taken, strict=True)):
            assert onward[node][edge] == nodes[(at + 1) % len(nodes)]


statements = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.integers(-8, 8),
        st.integers(0, 3),
        st.integers(0, 3),
    ).filter(lambda one: one[0] != one[1]),
    min_size=1,
    max_size=7,
)


def timing_of(number: int, one: tuple[str, str, int, int, int]) -> Json:
    point, reference, value, lower, upper = one
    timing = after if value >= 0 else before
    window = (f"P{lower}D", f"P{upper}D")
    made = timing(point, f"P{abs(value)}D", reference, window=window)
    return {**made, "id": f"Timing_{number}"}


def can_hold(drawn: list[tuple[str, str, int, int, int]]) -> bool:
    """Whether dates satisfy all statements: no circle of limits is shorter than nothing."""
    graph = networkx.DiGraph()
    limits: dict[tuple[str, str], int] = {}
    for point, reference, value, lower, upper in drawn:
        for edge, limit in (
            ((reference, point), value + upper),
            ((point, reference), lower - value),
        ):
            limits[edge] = min(limit, limits.get(edge, limit))
    graph.add_weighted_edges_from((*edge, limit) for edge, limit in limits.items())
    return not networkx.negative_edge_cycle(graph)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(statements)
@example([("A", "B", 3, 0, 0), ("B", "A", -3, 0, 0)])
@example([("A", "B", 3, 0, 0), ("A", "B", 4, 0, 0)])
def test_timings_contradict_each_other_where_no_dates_satisfy_all(
    drawn: list[tuple[str, str, int, int, int]],
) -> None:
    made = [timing_of(number, one) for number, one in enumerate(drawn)]
    found = timed(*made)
    graph = networkx.DiGraph((point, reference) for point, reference, *_ in drawn)
    cyclic = not networkx.is_directed_acyclic_graph(graph)
    assert ("timing-cycle" in ids(found)) == cyclic
    contradictions = [one for one in found if one.check == "contradictory-timings"]
    if not cyclic:
        assert bool(contradictions) == (not can_hold(drawn))
    elif can_hold(drawn):
        assert not contradictions
    for one in contradictions:
        places = [one.path[:-1], *(other.path for other in one.related)]
        named = [drawn[int(place[-1])] for place in places]
        assert not can_hold(named)
        for left in combinations(named, len(named) - 1):
            assert can_hold(list(left)), "a timing too many is named"
    for one in found:
        if one.check == "timing-cycle":
            numbers = [one.path[-2], *(other.path[-1] for other in one.related)]
            named = [drawn[int(number)] for number in numbers]
            assert ("no dates satisfy" in one.message) == (not can_hold(named))


# --- anything -----------------------------------------------------------------------------------


@st.composite
def wild_studies(draw: st.DrawFn) -> Json:
    """Timelines whose every reference may lead anywhere, and whose texts may be anything."""
    names = list(NAMES)
    ids_ = [f"ScheduledActivityInstance_{name}" for name in names]
    anywhere = st.sampled_from([*ids_, None, "", "Nowhere"])
    durations = st.sampled_from(
        [
            "P1D",
            "P2W",
            "P1M",
            "-P1M",
            "P1Y",
            "PT4H",
            "P-2D",
            "",
            "two weeks",
            None,
            "P1DT2H",
            "P99999999Y",
        ]
    )
    kinds = st.sampled_from(["After", "Before", "Fixed Reference", "Somewhen"])
    sides = st.sampled_from(["Start to Start", "End to Start", "End to End", "Middle"])
    instances = []
    for name in names:
        if draw(st.booleans()):
            one = visit(name, draw(st.sampled_from([None, "Week 2", "Day 14", "Day 1"])))
        else:
            one = decision(name, {"if": draw(st.sampled_from(names)), "or": "A"})
            for branch in one["conditionAssignments"]:
                branch["conditionTargetId"] = draw(anywhere)
        instances.append(one)
    whole = study(main(*instances))
    timeline = design_of(whole)["scheduleTimelines"][0]
    for one in timeline["instances"]:
        one["defaultConditionId"] = draw(anywhere)
        one["timelineExitId"] = draw(st.sampled_from([None, "ScheduleTimelineExit_Main", "x"]))
        one["timelineId"] = draw(st.sampled_from([None, "ScheduleTimeline_Main"]))
    timeline["entryId"] = draw(anywhere)
    for at in range(draw(st.integers(0, 8))):
        made = after(draw(st.sampled_from(names)), "P1D", "A")
        for term in ("type", "relativeToFrom"):
            word = draw(kinds if term == "type" else sides)
            made[term] = draw(
                st.sampled_from([{"code": "C201356", "decode": word}, {"decode": word}, None])
            )
        made |= {
            "id": f"Timing_{at}",
            "value": draw(durations),
            "windowLower": draw(durations),
            "windowUpper": draw(durations),
            "valueLabel": draw(st.sampled_from([None, "2 weeks", "1 month", "Day 3"])),
            "windowLabel": draw(st.sampled_from([None, "-2..4 days", "±3 days"])),
            "relativeFromScheduledInstanceId": draw(anywhere),
            "relativeToScheduledInstanceId": draw(anywhere),
        }
        timeline["timings"].append(made)
    for parts in (design_of(whole)["encounters"], design_of(whole)["epochs"]):
        for one in parts:
            one["nextId"] = draw(st.sampled_from([*(each["id"] for each in parts), None, "x"]))
    return whole


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(wild_studies())
def test_whatever_leads_wherever_is_examined_to_the_end(whole: Json) -> None:
    text = json.dumps(whole, indent=1)
    data, mark, _ = compose_json("wild.json", text)
    found = list(study_findings(study_of(Document("wild.json", data, mark, text.split("\n")))))
    for one in found:
        assert one.path[0] == "$"
        part: Any = data
        for step in one.path[1:-1]:
            part = part[step]
        assert one.about
        assert one.message.isprintable()
    timeline = design_of(whole)["scheduleTimelines"][0]
    onward = networkx.DiGraph()
    defaults = networkx.DiGraph()
    held = {one["id"] for one in timeline["instances"]}
    for one in timeline["instances"]:
        targets = [each["conditionTargetId"] for each in one.get("conditionAssignments", [])]
        if one["defaultConditionId"] in held:
            defaults.add_edge(one["id"], one["defaultConditionId"])
            onward.add_edge(one["id"], one["defaultConditionId"])
        onward.add_edges_from((one["id"], target) for target in targets if target in held)
    is_endless = not networkx.is_directed_acyclic_graph(defaults)
    is_loop = not networkx.is_directed_acyclic_graph(onward)
    assert ("endless-chain" in ids(found)) == is_endless
    assert bool({"endless-chain", "decision-loop"} & set(ids(found))) == is_loop
    if timeline["entryId"] in held:
        reached = {timeline["entryId"]}
        if timeline["entryId"] in onward:
            reached |= networkx.descendants(onward, timeline["entryId"])
        missed = {one.path[-1] for one in found if one.check == "unreached-instance"}
        assert missed == {
            at for at, one in enumerate(timeline["instances"]) if one["id"] not in reached
        }


# --- size ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["star", "chain", "circle", "double"])
def test_thousands_of_instances_are_examined_without_deep_calls(shape: str) -> None:
    number = 3_000
    names = [f"V{at}" for at in range(number)]
    timings = [fixed("V0")]
    for at in range(1, number):
        reference = "V0" if shape == "star" else f"V{at - 1}"
        value = at if shape == "star" else 1
        timings.append(after(names[at], f"P{value}D", reference, window=("P0D", "P0D")))
        if shape == "double" and at > 1:
            timings.append(
                {**after(names[at], f"P{at}D", "V0", window=("P1D", "P1D")), "id": f"T{at}"}
            )
    if shape == "circle":
        timings[0] = after("V0", "P1D", names[-1])
    visits = [visit(name, encounter="E") for name in names]
    if shape == "circle":
        visits[-1]["defaultConditionId"] = "V0"
    whole = study(main(*visits, timings=timings))
    data = json.loads(json.dumps(whole))
    found = list(
        study_findings(study_of(Document("big.json", data, compose_json("x", "{}")[1], [])))
    )
    expected = {
        "star": set(),
        "chain": set(),
        "circle": {"endless-chain", "timing-cycle", "no-anchor"},
        "double": {"repeated-timing"},
    }
    assert set(ids(found)) == expected[shape]


# --- amounts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount", "words"),
    [
        ("P2W", TimeSpan(0, 14 * 86400), "2 weeks"),
        ("P10D", TimeSpan(0, 10 * 86400), "10 days"),
        ("-P2D", TimeSpan(0, -2 * 86400), "2 days"),
        ("P-2D", TimeSpan(0, -2 * 86400), "2 days"),
        ("PT90M", TimeSpan(0, 5400), "90 minutes"),
        ("P1DT12H", TimeSpan(0, 36 * 3600), "36 hours"),
        ("P1Y2M3D", TimeSpan(14, 3 * 86400), "1 year and 2 months and 3 days"),
        ("P0D", TimeSpan(0, 0), "0 days"),
        ("P0.5D", TimeSpan(0, 43200), "12 hours"),
        ("pt30s", TimeSpan(0, 30), "30 seconds"),
    ],
)
def test_durations_are_read_as_amounts(text: str, amount: TimeSpan, words: str) -> None:
    read = read_duration(text)
    assert read is not None
    assert read.amount == amount
    assert str(read.amount) == words
    assert read.negative == text.startswith(("-", "P-"))


@pytest.mark.parametrize("text", ["", "P", "PT", "2W", "P2", "P2H", "PT2D", "two weeks", "P1W2X"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert read_duration(text) is None


def test_months_have_as_many_days_as_they_can() -> None:
    assert month_days(1) == (28, 31)
    assert month_days(-1) == (-31, -28)
    assert month_days(10**9)[0] < month_days(10**9)[1]


def test_months_that_cancel_out_are_compared_exactly() -> None:
    at = ("P1M", "P31D", "P2M", "P12M", "P1Y")
    timings = [
        fixed("X"),
        *(after(name, value, "X") for name, value in zip(NAMES, at, strict=True)),
    ]
    found = timed(*timings, names=("X", *NAMES))
    assert "order-inverted" not in ids(found)
    turned = [fixed("X"), after("A", "P2M", "X"), after("B", "P58D", "X"), after("C", "P1M", "X")]
    found = [
        one for one in timed(*turned, names=("X", "A", "B", "C")) if one.check == "order-inverted"
    ]
    assert {one.about[0] for one in found} == {"B", "C"} or len(found) == 2
