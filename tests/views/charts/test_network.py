"""The network as rows: every rule once, from the earlier visit; a minimal conflict stands out."""

import planner
from planner.schedule.build import build_schedule
from planner.schedule.conflicts import find_clashes
from planner.views.charts.course import shown_course
from planner.views.charts.draw_network import draw_network
from planner.views.charts.network import network_table
from planner.views.charts.palette import LIGHT
from planner.views.charts.picture import Stroke, Symbol

COLLISION = "examples/collision.yaml"


def test_every_rule_is_an_arc_that_leads_forward() -> None:
    one = planner.load("mapp1").protocol
    table = network_table(one)
    course, _ = shown_course(one, None)
    assert len(table.arcs) == len(course.rules)
    assert all(arc.earlier <= arc.later for arc in table.arcs)
    days = [node.day for node in table.nodes]
    assert days == sorted(days)


def test_a_rule_written_backwards_is_told_forward() -> None:
    table = network_table(planner.load("mapp1").protocol)
    numbers = {node.id: number for number, node in enumerate(table.nodes)}
    (arc,) = (one for one in table.arcs if one.later == numbers["prep-1"])
    assert arc.earlier == numbers["screening"]
    assert arc.text == "2w (1w..4w) after V01 Screening"
    assert "before" in arc.rule


def test_exactly_the_minimal_conflict_is_marked() -> None:
    one = planner.load(COLLISION).protocol
    table = network_table(one)
    (clash, *_) = find_clashes(build_schedule(shown_course(one, None)[0]))
    marked = {arc.rule for arc in table.arcs if arc.conflict}
    assert len(marked) == len(clash.statements) == 6
    assert not any(node.conflict for node in table.nodes if node.id.startswith("integration"))
    assert clash.arithmetic in table.conflict[0]


def test_the_conflict_is_thicker_has_signs_and_the_rest_is_faded() -> None:
    picture = draw_network(network_table(planner.load(COLLISION).protocol), LIGHT, 840)
    strokes = [item for _, item in picture.items if isinstance(item, Stroke) and item.tip]
    marked = [one for one in strokes if ("In the conflict", "yes") in one.tip]
    assert len(marked) == 6
    assert all(one.line > 2 and one.color == LIGHT.alarm for one in marked)
    others = [one for one in strokes if one not in marked]
    assert all(one.line < 2 and one.color == LIGHT.faded for one in others)
    assert [one.text for one in picture.words].count("!") == 6
    assert sum(1 for _, item in picture.items if isinstance(item, Symbol) and item.size == 12) == 6
    assert picture.trouble


def test_a_network_that_can_hold_has_no_trouble() -> None:
    picture = draw_network(network_table(planner.load("mapp1").protocol), LIGHT, 840)
    assert not picture.trouble
    assert "All rules can hold together." in picture.description


def test_durations_in_a_conflict_are_named_too() -> None:
    from planner.protocol.model import Protocol

    visits = [
        {"id": "a", "duration": "3h"},
        {"id": "b", "after": {"visit": "a.end", "within": "1h..2h"}},
    ]
    one = Protocol.model_validate(
        {
            "format": 1, "id": "short", "title": "Short", "version": "1", "status": "draft",
            "design": "open-label", "anchor": "a",
            "epochs": [{"id": "treatment", "visits": visits}],
            "constraints": [{"from": "a", "to": "b", "within": "1h..2h"}],
        }
    )  # fmt: skip
    table = network_table(one)
    assert "takes 3h" in {arc.text for arc in table.arcs if arc.conflict}
    assert all(arc.clock for arc in table.arcs)
