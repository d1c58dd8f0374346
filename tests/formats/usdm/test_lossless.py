"""Export, then import, gives back an equal protocol; what was changed in between is honoured."""

import json

import pytest
import yaml
from formats.usdm.random_protocols import protocols
from formats.usdm.studies import (
    FILES,
    design,
    exported,
    imported,
    named,
    protocol,
    read_back,
    stripped,
    told,
)
from hypothesis import HealthCheck, given, settings

from planner.errors import PlannerError
from planner.formats.usdm import study_json
from planner.formats.usdm.extensions.patch import protocol_document
from planner.formats.usdm.write import write_study
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_what_is_exported_reads_back_as_the_same_protocol(name: str) -> None:
    read = imported(exported(name))
    assert validate_model(Protocol, read.document) == protocol(name)
    assert told(read) == []


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_any_protocol_reads_back_as_itself(one: Protocol) -> None:
    text = study_json(one)
    read = imported(text)
    back = validate_model(Protocol, read.document)
    assert back == one
    assert protocol_document(back) == protocol_document(one)  # what is not written stays unwritten
    assert told(read) == []


UNPUBLISHED = """\
format: 1
id: unpublished
title: Windows that nobody published
version: "1"
status: published
design: open-label
anchor: baseline
order: listed
epochs:
  - id: all
    visits:
      - {id: baseline}
      - {id: week-12, after: {visit: baseline, target: 12w, window: not-published}}
      - {id: month-6, after: {visit: baseline, within: 6mo..}}
      - {id: end, order: any, after: {visit: week-12, window: not-published}}
"""


def test_a_window_that_nobody_published_is_natively_a_target_without_one() -> None:
    one = Protocol.model_validate(yaml.safe_load(UNPUBLISHED))
    study = json.loads(study_json(one))
    timing = named(study, "Timing", "week-12")
    assert (timing["value"], timing["windowLower"], timing["windowUpper"]) == ("P12W", None, None)
    with pytest.raises(KeyError):
        named(study, "Timing", "end")  # how far it lies is not known
    assert validate_model(Protocol, imported(json.dumps(study)).document) == one


def test_a_window_that_another_program_gives_takes_the_place_of_the_unpublished_one() -> None:
    one = Protocol.model_validate(yaml.safe_load(UNPUBLISHED))
    study = json.loads(study_json(one))
    named(study, "Timing", "week-12").update(windowLower="P3D", windowUpper="P5D")
    back = validate_model(Protocol, imported(json.dumps(study)).document)
    (timing,) = back.epochs[0].visits[1].after
    assert (str(timing.within), timing.window) == ("-3d/+5d", None)


def test_the_same_protocol_gives_the_same_bytes() -> None:
    again = Protocol.model_validate(protocol_document(protocol("mapp1")))
    assert study_json(again) == exported("mapp1")


def test_a_window_changed_in_another_program_counts_and_is_told() -> None:
    study = json.loads(exported("mapp1"))
    named(study, "Timing", "prep-2").update(windowUpper="P6D", windowLabel="-1 week..+6 days")
    read = imported(json.dumps(study))
    back = validate_model(Protocol, read.document)
    visit = next(one for epoch in back.epochs for one in epoch.visits if one.id == "prep-2")
    assert [str(timing.within) for timing in visit.before] == ["1d..2w"]
    assert visit.before[0].source == ()  # no source is known for a window that somebody changed
    assert ["prep-2" in message for message in told(read)] == [True]
    # All else is as it was.
    assert visit.staff is not None
    others = [one for one in expand(back).rules if one.point.visit != "prep-2"]
    assert [(one.window, one.target, one.stated.source) for one in others] == [
        (one.window, one.target, one.stated.source)
        for one in expand(protocol("mapp1")).rules
        if one.point.visit != "prep-2"
    ]


def test_a_cycle_of_which_one_visit_was_changed_is_written_out() -> None:
    study = json.loads(exported("mapp1"))
    named(study, "Timing", "dosing-2").update(windowUpper="P2W")
    read = imported(json.dumps(study))
    back, before = validate_model(Protocol, read.document), protocol("mapp1")
    assert len(told(read)) == 2  # the cycle, and the visit
    for arm in ("mdma-at", "placebo"):
        now, then = expand(back, arm), expand(before, arm)
        assert [one.id for one in now.visits] == [one.id for one in then.visits]
        changed = {("dosing-1", "dosing-2")}
        assert rules_of(now, but=changed) == rules_of(then, but=changed)
        window = next(one.window for one in now.rules if one.point.visit == "dosing-2")
        assert str(window) == "3w..6w"
        for one in now.visits:
            assert one.id == "dosing-2" or one.visit.staff == then.visit(one.id).visit.staff


def rules_of(course: Course, but: set[tuple[str, str]]) -> list[tuple[str, ...]]:
    parts = [
        (one.reference, one.point, one.window, one.target, one.stated.source, one.stated.note)
        for one in course.rules
        if (one.reference.visit, one.point.visit) not in but
    ]
    return sorted(tuple(map(str, part)) for part in parts)


def test_rules_that_were_joined_in_a_timing_go_with_it() -> None:
    study = json.loads(exported("mapp1"))
    named(study, "Timing", "primary-endpoint").update(windowLower="P2W", windowUpper="P2W")
    back = read_back(json.dumps(study))
    visit = next(
        one for epoch in back.epochs for one in epoch.visits if one.id == "primary-endpoint"
    )
    assert [(str(one.visit), str(one.target), str(one.within)) for one in visit.after] == [
        ("baseline", "18w", "±2w"),
        ("last dosing", "None", "7w..9w"),
    ]


def test_a_visit_added_in_another_program_stays() -> None:
    study = json.loads(exported("psilodep-1"))
    last = design(study)["scheduleTimelines"][0]["instances"][-1]
    new = dict(last, id="ScheduledActivityInstance_900", name="extra", label="Extra visit")
    new |= {"extensionAttributes": [], "encounterId": None}
    last |= {"defaultConditionId": new["id"], "timelineExitId": None}
    design(study)["scheduleTimelines"][0]["instances"].append(new)
    back = read_back(json.dumps(study))
    names = [one.id for one in expand(back).visits]
    assert names == [*(one.id for one in expand(protocol("psilodep-1")).visits), "extra"]


def test_a_visit_taken_out_in_another_program_is_gone() -> None:
    study = json.loads(exported("mapp2"))
    timeline = design(study)["scheduleTimelines"][0]
    gone = named(study, "ScheduledActivityInstance", "prep-2")
    before = next(
        one for one in timeline["instances"] if one.get("defaultConditionId") == gone["id"]
    )
    before["defaultConditionId"] = gone["defaultConditionId"]
    timeline["instances"].remove(gone)
    timeline["timings"] = [
        one
        for one in timeline["timings"]
        if gone["id"] not in (
            one["relativeFromScheduledInstanceId"], one["relativeToScheduledInstanceId"]
        )
    ]  # fmt: skip
    back = read_back(json.dumps(study))
    assert "prep-2" not in [one.id for one in expand(back).visits]
    assert "prep-3" in [one.id for one in expand(back).visits]


@pytest.mark.parametrize("attribute", ["{}", '{"valueString": "[[["}', '{"valueString": null}'])
def test_attributes_that_say_nothing_readable_are_told_and_left_out(attribute: str) -> None:
    study = json.loads(exported("mapp2"))
    version = study["study"]["versions"][0]
    broken = next(one for one in version["extensionAttributes"] if "protocol/note" in one["url"])
    broken["extensionAttributes"][0] |= {"valueString": "[" * 900, **json.loads(attribute)}
    read = imported(json.dumps(study))
    validate_model(Protocol, read.document)
    if attribute != "{}":
        assert len(told(read)) == 1


@pytest.mark.parametrize("name", FILES)
def test_without_its_attributes_a_study_has_the_same_visits_and_windows(name: str) -> None:
    whole, bare = protocol(name), read_back(stripped(exported(name)))
    arms = [arm.id for arm in whole.arms]
    first = arms[0] if arms else None
    wanted = {one.id for arm in arms or [None] for one in expand(whole, arm).visits}
    course = expand(bare, first)
    everything = {one.id for arm in arms or [None] for one in expand(bare, arm).visits}
    assert everything == wanted
    assert course.flaws == ()
    assert course.anchor == expand(whole, first).anchor
    read = {_either_way(rule) for rule in course.rules}
    for rules in _alone(expand(whole, first)).values():
        assert {_either_way(rule) for rule in rules} <= read


def _either_way(rule: TimingConstraint) -> tuple[str, ...]:
    """A rule, whichever of its two visits it is said of."""
    ends = (rule.window.earliest, rule.window.latest) if rule.window is not None else (None, None)
    if str(rule.reference) < str(rule.point):
        return (str(rule.reference), str(rule.point), str(rule.target), *map(str, ends))
    turned = [None if one is None else -one for one in (rule.target, *reversed(ends))]
    return (str(rule.point), str(rule.reference), *map(str, turned))


def _alone(course: Course) -> dict[str, list[TimingConstraint]]:
    """Visits with one rule that USDM can hold: a target in days or clock time with its window.

    No timing of USDM leads from one timeline to another, and an unscheduled visit has its own.
    """
    found = {}
    unscheduled = {visit.id for visit in course.visits if visit.visit.unscheduled}
    for visit in course.visits:
        rules = [one for one in course.rules if one.point.visit == visit.id]
        rules = [one for one in rules if not one.name.startswith("constraints.")]
        if any({one.point.visit, one.reference.visit} & unscheduled for one in rules):
            continue
        if len(rules) == 1 and rules[0].target is not None and rules[0].window is not None:
            window = rules[0].window
            if window.earliest is not None and window.latest is not None:
                found[visit.id] = rules
    return found


@pytest.mark.parametrize(
    ("limit", "reason"), [("MAX_STUDY", "the file is over 0 MiB"), ("MAX_STUDY_VALUES", "values")]
)
def test_a_study_that_could_not_be_read_again_is_not_written(
    monkeypatch: pytest.MonkeyPatch, limit: str, reason: str
) -> None:
    monkeypatch.setattr(write_study, limit, 1_000)
    with pytest.raises(PlannerError, match=f"could not be read again: .*{reason}"):
        study_json(protocol(FILES[0]))
