"""Trials side by side: every lane counts from its own first dosing session."""

import planner
from planner.views.charts.compare import compare_table
from planner.views.charts.draw_compare import draw_compare
from planner.views.charts.palette import LIGHT


def test_the_first_dosing_session_of_every_trial_lies_at_0() -> None:
    names = ("mapp1", "comp001", "psilodep-2", "mm120-2b")
    table = compare_table(planner.load(name).protocol for name in names)
    assert tuple(lane.id for lane in table.lanes) == names
    for lane in table.lanes:
        assert min(one.day for one in lane.contacts if one.group == "dosing") == 0
        days = [one.day for one in lane.contacts]
        assert days == sorted(days)


def test_distances_are_those_of_the_targets() -> None:
    (lane,) = compare_table([planner.load("mapp1").protocol]).lanes
    assert [one.day for one in lane.contacts if one.group == "dosing"] == [0, 28, 56]
    (endpoint,) = (one for one in lane.contacts if one.group == "endpoint")
    assert endpoint.day == 112


def test_what_the_rules_leave_a_session_holds_its_day() -> None:
    (lane,) = compare_table([planner.load("mapp1").protocol]).lanes
    for one in lane.contacts:
        assert one.slack.first is None or one.slack.first <= one.day
        assert one.slack.last is None or one.day <= one.slack.last


def test_a_protocol_that_cannot_be_carried_out_is_drawn_without_room() -> None:
    (lane,) = compare_table([planner.load("examples/collision.yaml").protocol]).lanes
    assert all(one.slack == (None, None) for one in lane.contacts)


def test_what_is_kept_back_of_blinded_trials_is_said() -> None:
    table = compare_table([planner.load("mp-4").protocol])
    assert any("mp-4" in note and "unblinding" in note for note in table.notes)


def test_the_description_tells_the_weeks_of_the_sessions() -> None:
    table = compare_table([planner.load("mapp1").protocol])
    assert "dosing in weeks 0, 4, 8" in draw_compare(table, LIGHT, 840).description
