"""Workflows: order, choices and loops, against every way through a small random graph."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from formats.odm.odm_text import NAMESPACE, odm, read, timings, told, visits, workflow
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.odm.elements import Element
from planner.formats.odm.graph import Edge, EventGraph, graph_of
from planner.protocol.document import Position
from planner.protocol.imported_document import Imported, Origin


def branching(oid: str, kind: str, *targets: tuple[str, str | None]) -> str:
    steps = "".join(
        f'<TargetTransition TargetTransitionOID="{transition}"'
        + (f' ConditionOID="{condition}"/>' if condition else "/>")
        for transition, condition in targets
    )
    return f'<Branching OID="{oid}" Name="{oid}" Type="{kind}">{steps}</Branching>'


def condition(oid: str, words: str) -> str:
    described = f"<Description><TranslatedText>{words}</TranslatedText></Description>"
    return f'<ConditionDef OID="{oid}" Name="{oid}">{described}</ConditionDef>'


def test_a_branch_that_starts_at_a_visit_decides_as_one_with_a_node_of_its_own(
    tmp_path: Path,
) -> None:
    rest = branching("BR", "Exclusive", ("TR.A-B", "C.1"), ("TR.A-C", None))
    imported = read(tmp_path, odm("", workflow("A>B", "A>C", rest=rest) + condition("C.1", "x")))
    assert visits(imported)["visit-b"]["when"] == "c-1"
    assert visits(imported)["visit-c"]["when"] == "a-to-c"


def test_a_visit_after_two_of_three_choices_depends_on_either(tmp_path: Path) -> None:
    steps = ("A>BR.1", "BR.1>B", "BR.1>C", "BR.1>D", "B>E", "C>E")
    targets = [(f"TR.BR.1-{name}", f"C.{name}") for name in "BCD"]
    rest = workflow(*steps, rest=branching("BR.1", "Exclusive", *targets))
    rest += "".join(condition(f"C.{name}", f"it is {name}") for name in "BCD")
    imported = read(tmp_path, odm("", rest, events="A B C D E"))
    data = imported.document.data
    assert isinstance(data, dict)
    when = visits(imported)["visit-e"]["when"]
    assert data["decisions"][when]["condition"] == "it is B; or: it is C"
    assert visits(imported)["visit-d"]["when"] == "c-d"


def test_a_choice_inside_a_choice_says_where_it_is_asked(tmp_path: Path) -> None:
    steps = ("A>BR.1", "BR.1>BR.2", "BR.1>D", "BR.2>B", "BR.2>C")
    rest = workflow(
        *steps,
        rest=branching("BR.1", "Exclusive", ("TR.BR.1-BR.2", "C.1"), ("TR.BR.1-D", "C.2"))
        + branching("BR.2", "Exclusive", ("TR.BR.2-B", "C.3"), ("TR.BR.2-C", None)),
    )
    rest += condition("C.1", "first") + condition("C.2", "second") + condition("C.3", "third")
    imported = read(tmp_path, odm("", rest, events="A B C D"))
    data = imported.document.data
    assert isinstance(data, dict)
    assert visits(imported)["visit-b"]["when"] == "c-3"
    assert data["decisions"]["c-3"]["note"].endswith("Asked only where first")


def ordered(imported: Imported) -> list[str]:
    """The visits that take place after the one listed before them, and no text says how far."""
    return [name for name, visit in visits(imported).items() if visit.get("order") == "listed"]


@given(
    st.tuples(*(st.integers(0, number - 1) for number in range(1, 5))),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8),
)
def test_steps_without_a_timing_are_order_or_told_and_date_nothing(
    reached_from: tuple[int, ...], more: set[tuple[int, int]]
) -> None:
    """Whatever the workflow: no rule, no visit with a date, and each step that is not in the list's
    order is named."""
    forward = [(before, after) for after, before in enumerate(reached_from, start=1)]
    forward += sorted({(min(a, b), max(a, b)) for a, b in more if a != b} - set(forward))
    names = "ABCDE"
    text = odm(
        "", workflow(*(f"{names[a]}>{names[b]}" for a, b in forward)), events=" ".join(names)
    )
    with tempfile.TemporaryDirectory() as folder:
        imported = read(Path(folder), text)
    found = visits(imported)
    assert not any(timings(imported, visit) for visit in found)
    listed = [name.upper()[-1] for name in found]
    follows = {
        listed[at]: listed[at - 1]
        for at, visit in enumerate(found.values())
        if visit.get("order") == "listed"
    }
    ways = {(names[a], names[b]) for a, b in forward}
    for _ in names:
        ways |= {(a, d) for a, b in ways for c, d in ways if b == c}
    assert ways.issuperset((before, after) for after, before in follows.items())
    told_of = "".join(told(imported, "left-out"))
    for a, b in forward:
        behind = [names[b]]
        while behind[-1] in follows:
            behind.append(follows[behind[-1]])
        is_told = f"`Visit {names[b]}` comes after `Visit {names[a]}`" in told_of
        assert is_told != (names[a] in behind)


def test_a_loop_is_read_as_one_pass(tmp_path: Path) -> None:
    imported = read(tmp_path, odm("", workflow("A>B", "B>C", "C>A", "C>B", "B>B")))
    assert list(visits(imported)) == ["visit-a", "visit-b", "visit-c"]
    assert ordered(imported) == ["visit-b", "visit-c"]
    assert not any(timings(imported, visit) for visit in visits(imported))
    found = [one for one in told(imported, "left-out") if "read as one pass" in one]
    assert len(found) == 3


def test_a_group_in_a_workflow_is_entered_at_its_first_visit_and_left_at_its_last(
    tmp_path: Path,
) -> None:
    group = (
        '<StudyEventGroupDef OID="SEG.1" Name="Middle">'
        '<StudyEventRef StudyEventOID="SE.C" OrderNumber="2" Mandatory="Yes"/>'
        '<StudyEventRef StudyEventOID="SE.B" OrderNumber="1" Mandatory="Yes"/>'
        "</StudyEventGroupDef>"
    )
    rest = workflow("A>SEG.1", "SEG.1>D") + group
    imported = read(tmp_path, odm("", rest, events="D C B A"))
    # Visits of no group stand behind those of groups, so the list is not in this order.
    assert list(visits(imported)) == ["visit-b", "visit-c", "visit-a", "visit-d"]
    assert ordered(imported) == ["visit-d"]
    left_out = [one for one in told(imported, "left-out") if "not directly as listed" in one]
    assert [one.partition(",")[0] for one in left_out] == [
        "`Visit B` comes after `Visit A`", "`Visit D` comes after `Visit C`",
    ]  # fmt: skip
    data = imported.document.data
    assert isinstance(data, dict)
    assert [epoch["id"] for epoch in data["epochs"]] == ["middle", "other-visits"]


def test_groups_that_hold_each_other_end(tmp_path: Path) -> None:
    groups = "".join(
        f'<StudyEventGroupDef OID="SEG.{one}" Name="{one}">'
        f'<StudyEventGroupRef StudyEventGroupOID="SEG.{other}" Mandatory="Yes"/>'
        '<StudyEventRef StudyEventOID="SE.B" Mandatory="Yes"/></StudyEventGroupDef>'
        for one, other in (("1", "2"), ("2", "1"))
    )
    imported = read(tmp_path, odm("", workflow("A>SEG.1") + groups))
    assert "visit-b" in visits(imported)
    assert any("holds itself" in one for one in told(imported, "mistake"))


def test_workflows_of_arms_make_visits_of_arms(tmp_path: Path) -> None:
    arms = "".join(
        f'<Arm OID="ARM.{n}" Name="Arm {n}"><WorkflowRef WorkflowOID="WF{n}"/></Arm>' for n in "12"
    )
    flows = workflow("A>B").replace('OID="WF"', 'OID="WF1"')
    flows += workflow("A>C").replace('OID="WF"', 'OID="WF2"').replace('"TR.', '"TR2.')
    text = odm("", flows, protocol=f"<StudyStructure>{arms}</StudyStructure>")
    imported = read(tmp_path, text)
    assert not any("without a Branching" in one for one in told(imported, "reading"))
    found = visits(imported)
    assert "arms" not in found["visit-a"]
    assert found["visit-b"]["arms"] == ["arm-1"]
    assert found["visit-c"]["arms"] == ["arm-2"]


def test_several_workflows_of_which_none_is_referred_to(tmp_path: Path) -> None:
    flows = workflow("A>B") + workflow("C>A", start="SE.C").replace('OID="WF"', 'OID="WF2"')
    imported = read(tmp_path, odm("", flows))
    assert any("the first is read, not `WF2`" in one for one in told(imported, "reading"))
    assert list(visits(imported)) == ["visit-a", "visit-b", "visit-c"]


def test_what_a_workflow_refers_to_and_nothing_defines_is_told_once(tmp_path: Path) -> None:
    imported = read(tmp_path, odm("", workflow("A>B", "B>SE.X", "SE.X>C", start="SE.Y")))
    assert told(imported, "mistake").count("refers to `SE.X`, which is not defined") == 1
    assert "refers to `SE.Y`, which is not defined" in told(imported, "mistake")


@pytest.mark.parametrize("length", [900])
def test_a_long_workflow_needs_no_deep_stack(tmp_path: Path, length: int) -> None:
    names = [f"V{number}" for number in range(length)]
    steps = [f"{one}>{other}" for one, other in pairwise(names)]
    rest = workflow(*steps, start="SE.V0")
    imported = read(tmp_path, odm("", rest, events=" ".join(names)))
    assert len(visits(imported)) == length


def element(name: str, **attributes: str) -> Element:
    return Element(name, NAMESPACE, attributes, (), "", (None, name), Position(1, 1))


EXCLUSIVE = element("Branching", Type="Exclusive", OID="BR")
NODES = "abcdefg"


def choices_of(graph: EventGraph, node: str) -> list[list[Edge]]:
    """What can be taken from a node: one of the exclusive edges with all the plain ones."""
    plain = [edge for edge in graph.edges if edge.source == node and edge.branching is None]
    either = [edge for edge in graph.edges if edge.source == node and edge.branching is not None]
    if len(either) == 1:
        return [plain, [*plain, *either]]
    return [[*plain, edge] for edge in either] or [plain]


def ways(graph: EventGraph, start: str) -> list[frozenset[str]]:
    """The nodes of every way through the graph, by trying all choices everywhere."""
    found = [(frozenset[str](), [start])]
    done = []
    while found:
        passed, waiting = found.pop()
        if not waiting:
            done.append(passed)
            continue
        node, *others = waiting
        if node in passed:
            found.append((passed, others))
            continue
        found += [
            (passed | {node}, [*others, *(edge.target for edge in taken)])
            for taken in choices_of(graph, node)
        ]
    return done


@st.composite
def graphs(draw: st.DrawFn) -> list[Edge]:
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), unique=True, max_size=9)
    )
    deciding = draw(st.sets(st.sampled_from(NODES)))
    made = {name: element("Branching", Type="Exclusive", OID=name) for name in NODES}
    return [
        Edge(one, other, element("Transition", OID=f"{one}{other}"),
             made[one] if one in deciding else None)
        for one, other in pairs
    ]  # fmt: skip


@given(graphs())
@settings(max_examples=300, deadline=None)
def test_what_is_certain_lies_on_every_way(edges: list[Edge]) -> None:
    graph = graph_of(["a"], edges)
    through = ways(graph, "a")
    reached = frozenset[str]().union(*through)
    assert set(graph.order) == reached
    for node in NODES:
        assert graph.reaches("a", node) == (node in reached)
        if graph.is_certain("a", node):
            assert all(node in way for way in through)
    place = {node: at for at, node in enumerate(graph.order)}
    assert all(place[edge.source] < place[edge.target] for edge in graph.edges)
    assert len(graph.edges) + len(graph.loops) == len([e for e in edges if e.source in reached])


@given(graphs())
@settings(max_examples=300, deadline=None)
def test_every_way_to_an_uncertain_visit_takes_one_of_its_choices(edges: list[Edge]) -> None:
    graph = graph_of(["a"], edges)
    for node in graph.order:
        if graph.is_certain("a", node):
            continue
        choices = graph.choices_before(node)
        assert choices
        # Without these choices nothing leads there.
        left = [edge for edge in graph.edges if all(edge is not one for one in choices)]
        assert node not in graph_of(["a"], left).order
        assert all(graph.is_certain(edge.target, node) for edge in choices)


def test_origins_are_xpaths() -> None:
    assert element("Arm").origin == Origin("/Arm", Position(1, 1))
