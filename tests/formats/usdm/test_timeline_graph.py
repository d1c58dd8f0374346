"""The chains of a timeline, against reachability."""

from itertools import pairwise

import networkx
import usdm_studies as u
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.usdm.parse import study_of
from planner.formats.usdm.timeline_graph import TimelineGraph
from planner.protocol.document import Document
from planner.protocol.json_reading import compose_json

NAMES = ("A", "B", "C", "D", "E", "F")


def graph_of(timeline: u.Json) -> TimelineGraph:
    data = u.study(timeline)
    mark = compose_json("study.json", "{}")[1]
    study = study_of(Document("study.json", data, mark, []))
    return TimelineGraph(study.versions[0].designs[0].timelines[0])


def chains(timeline: u.Json) -> list[list[str | None]]:
    graph = graph_of(timeline)
    return [[graph.instances[at].name for at in chain.nodes] for chain in graph.chains]


def test_a_branch_begins_a_chain_where_it_leads_to_what_was_not_walked() -> None:
    timeline = u.main(
        u.visit("A"),
        u.decision("D", {"worse": "X", "better": "B"}),
        u.visit("B", to=""),
        u.visit("X", to="B"),
    )
    assert chains(timeline) == [["A", "D", "B"], ["X"]]
    graph = graph_of(timeline)
    beside = graph.chains[1]
    assert (beside.decision, beside.joins, beside.loops_to) == (1, 2, None)
    assert graph.place[3] == (1, 0)


def test_a_decision_without_default_goes_on_with_its_first_branch() -> None:
    timeline = u.main(
        u.visit("A"), u.decision("D", {"if": "C", "or": "B"}, to=""), u.visit("B"), u.visit("C")
    )
    assert chains(timeline) == [["A", "D", "C"], ["B"]]


def test_a_timeline_without_entry_starts_where_nothing_leads() -> None:
    timeline = u.main(u.visit("B", to="C"), u.visit("A", to="B"), u.visit("C", to=""))
    timeline["entryId"] = "Nowhere"
    assert graph_of(timeline).entry is None
    assert chains(timeline) == [["A", "B", "C"]]


def test_unlinked_instances_are_a_chain_each() -> None:
    timeline = u.main(u.visit("A", to=""), u.visit("B", to=""))
    assert chains(timeline) == [["A"], ["B"]]


def test_a_chain_that_leads_back_says_where() -> None:
    (chain,) = graph_of(u.main(u.visit("A"), u.visit("B"), u.visit("C", to="B"))).chains
    assert (chain.joins, chain.loops_to) == (None, 1)


@st.composite
def timelines(draw: st.DrawFn) -> u.Json:
    somewhere = st.sampled_from(NAMES)
    parts = []
    for name in NAMES:
        if draw(st.booleans()):
            parts.append(u.visit(name))
        else:
            parts.append(u.decision(name, {"if": draw(somewhere), "or": draw(somewhere)}))
        if draw(st.booleans()):
            target = draw(st.sampled_from([*(part["id"] for part in parts), None, "Nowhere"]))
            parts[-1]["defaultConditionId"] = target
    return u.main(*parts)


@given(timelines())
def test_what_is_reached_is_in_one_chain_each_in_its_order(timeline: u.Json) -> None:
    graph = graph_of(timeline)
    onward = networkx.DiGraph()
    onward.add_nodes_from(range(len(graph.instances)))
    for at, one in enumerate(graph.instances):
        targets = [graph.target_of(branch.target_id) for branch in one.branches]
        onward.add_edges_from((at, to) for to in (graph.default_of(at), *targets) if to is not None)
    assert graph.start == graph.entry
    assert graph.start is not None
    walked = [at for chain in graph.chains for at in chain.nodes]
    assert len(walked) == len(set(walked))
    assert set(walked) == {graph.start, *networkx.descendants(onward, graph.start)}
    for number, chain in enumerate(graph.chains):
        assert all(graph.following(one) == other for one, other in pairwise(chain.nodes))
        ends = [chain.joins, chain.loops_to]
        assert graph.following(chain.nodes[-1]) == next((at for at in ends if at is not None), None)
        assert chain.joins is None or graph.place[chain.joins][0] < number
        assert chain.loops_to is None or chain.loops_to in chain.nodes
        assert (chain.decision is None) == (number == 0)
        if chain.decision is not None:
            assert graph.place[chain.decision][0] < number
