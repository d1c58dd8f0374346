"""The two studies that CDISC publishes as examples, read line by line."""

from functools import cache

import pytest
from shared import SAMPLES

from planner.formats.usdm.read import read_study
from planner.protocol.course import Course
from planner.protocol.document import Document
from planner.protocol.expand import expand
from planner.protocol.imported_document import Imported
from planner.protocol.model import Protocol
from planner.protocol.reading import read_document
from planner.protocol.validation import validate_model
from planner.protocol.yaml_reading import compose_yaml
from planner.protocol.yaml_writing import protocol_yaml
from planner.schedule.run_sheet import sheet_times

LZZT = "CDISC_Pilot_Study.json"
LILLY = "EliLilly_NCT03421379_Diabetes.json"


@cache
def imported(name: str) -> Imported:
    path = SAMPLES / "usdm" / name
    if not path.exists():
        pytest.skip(f"{path} is not at hand; set PLANNER_SHARED")
    return read_study(read_document(str(path)))


@cache
def protocol(name: str) -> Protocol:
    return validate_model(Protocol, imported(name).document)


@cache
def course(name: str) -> Course:
    return expand(protocol(name))


def rules(name: str) -> dict[str, str]:
    """Each visit's rules, as signed distances from their reference."""
    return {
        str(rule.point): f"{rule.reference} {rule.target}"
        + ("" if rule.window is None else f" in {rule.window}")
        for rule in course(name).rules
    }


def offsets(name: str, visit: str) -> dict[str, int]:
    """Minutes of each line of a run sheet from the sheet's zero."""
    found = course(name).visit(visit).visit
    assert found.run_sheet is not None
    zero = 0 if found.run_sheet.zero is None else found.run_sheet.zero.minutes
    return {time.id: time.planned - zero for time in sheet_times(found)}


def said(name: str, kind: str) -> list[str]:
    return [remark.message for remark in imported(name).remarks if remark.kind == kind]


def test_the_pilot_has_its_visits_in_the_order_of_the_chain() -> None:
    assert [visit.id for visit in course(LZZT).visits] == [
        "screen1", "screen2", "dose", "wk2", "wk4", "wk6", "wk8", "wk8n", "wk12", "wk12n", "wk16",
        "wk16n", "wk20", "wk20n", "wk24", "wk26", "ae", "et",
    ]  # fmt: skip
    assert protocol(LZZT).anchor.visit == "dose"


def test_the_pilot_has_its_windows_around_weeks_from_the_first_dose() -> None:
    assert rules(LZZT) == {
        "screen1": "dose -2w",
        "screen2": "dose -48h in -52h..-48h",
        "wk2": "dose 2w in 11d..17d",
        "wk4": "dose 4w in 25d..31d",
        "wk6": "dose 6w in 39d..45d",
        "wk8": "dose 8w in 53d..59d",
        "wk8n": "wk8 2w",
        "wk12": "dose 12w in 80d..88d",
        "wk12n": "wk12 2w",
        "wk16": "dose 16w in 108d..116d",
        "wk16n": "wk16 2w",
        "wk20": "dose 20w in 136d..144d",
        "wk20n": "wk20 2w",
        "wk24": "dose 24w in 164d..172d",
        "wk26": "dose 26w in 179d..185d",
        "ae": "dose None in 0d..",
        "et": "dose None in 0d..",
    }


def test_the_pilot_has_its_epochs_arms_and_names() -> None:
    found = protocol(LZZT)
    assert [(epoch.id, epoch.kind, len(epoch.visits)) for epoch in found.epochs] == [
        ("screening", "screening", 2),
        ("treatment-1", "treatment", 2),
        ("treatment-2", "treatment", 10),
        ("treatment-3", "treatment", 1),
        ("follow-up", "follow-up", 1),
        ("adverse-event-timeline", "follow-up", 1),
        ("early-termination-timeline", "follow-up", 1),
    ]
    assert [arm.id for arm in found.arms] == [
        "placebo",
        "xanomeline-low-dose",
        "xanomeline-high-dose",
    ]
    assert found.id == "cdisc-pilot-lzzt"
    assert found.registry == ("H2Q-MC-LZZT", "NCT12345678")
    assert found.design == ("double-blind", "parallel")
    assert str(found.date) == "2006-06-01"
    assert found.status == "draft"


def test_the_blood_pressure_profile_has_its_right_offsets() -> None:
    assert offsets(LZZT, "wk2") == {
        "vs-5min": 0,
        "vs-supine": 5,
        "vs-1min": 5,
        "vs-stand1": 6,
        "vs-2min": 6,
        "vs-stand3": 8,
    }
    assert course(LZZT).visit("wk8n").visit.run_sheet is None


def test_adverse_events_and_early_termination_are_visits_on_a_condition() -> None:
    found = protocol(LZZT)
    assert {key: one.condition for key, one in found.decisions.items()} == {
        "adverse-event-timeline": "Subject suffers an adverse event",
        "early-termination-timeline": "Subject terminates the study early",
    }
    terminated = course(LZZT).visit("et")
    assert (terminated.kind, terminated.visit.when) == ("termination", "early-termination-timeline")
    assert terminated.visit.unscheduled
    assert any("Adverse Event Timeline" in message for message in said(LZZT, "reading"))


def test_rules_and_conditions_of_the_pilot_are_gates_and_footnotes() -> None:
    found = protocol(LZZT)
    assert [gate.title for gate in found.gates.values()] == [
        "Subject identifier",
        "subject has connection of ambulatory ECG machine removed",
    ]
    assert course(LZZT).visit("screen1").visit.requires == ("encounter-start-rule-1",)
    assert "insulin-dependent" in found.footnotes["cond1"]
    assert "cond1" in course(LZZT).visit("screen1").visit.footnotes


def test_what_the_pilot_leaves_open_is_told() -> None:
    readings = said(LZZT, "reading")
    assert sum("several contact modes" in message for message in readings) == 4
    assert sum("fixed reference" in message for message in readings) == 3
    assert any("window in hours around a value in days" in message for message in readings)
    assert said(LZZT, "mistake") == []
    assert len(said(LZZT, "left-out")) == 3


def test_the_diabetes_study_has_its_chain_of_relative_timings() -> None:
    assert rules(LILLY) == {
        "screening": "p1-day-minus1 -4w in -4w..-2d",
        "p1-day-minus1": "p1-treatment -1d",
        "day-1-random": "p1-pre-infusion 0min",
        "p1-pre-infusion": "p1-infusion 0min",
        "p1-infusion": "p1-treatment 0min",
        "p1-discharge": "p1-treatment 0min",
        "washout": "p1-discharge 3d in 3d..2w",
        "p2-day-minus1": "washout 0d",
        "p2-pre-infusion": "p2-day-minus1 1d",
        "p2-infusion": "p2-pre-infusion 0min",
        "p2-treatment": "p2-infusion 0min",
        "p2-discharge": "p2-treatment 0min",
        "follow-up": "p2-treatment 4w in 26d..30d",
        "add-follow-up": "follow-up 1d",
    }
    assert protocol(LILLY).anchor.visit == "p1-treatment"


def test_an_epoch_that_the_chain_goes_back_to_is_a_second_one() -> None:
    assert [epoch.id for epoch in protocol(LILLY).epochs] == [
        "screening", "period-1", "wash-out", "period-2", "period-1-2", "follow-up",
    ]  # fmt: skip
    assert any("`period-1-2`" in message for message in said(LILLY, "reading"))


def test_the_run_sheet_of_the_infusion_starts_half_an_hour_before_its_zero() -> None:
    found = offsets(LILLY, "p1-infusion")
    assert {key: found[key] for key in ("30-min-before", "15-min-before", "induction", "stop")} == {
        "30-min-before": -30,
        "15-min-before": -15,
        "induction": 0,
        "stop": 0,
    }
    sheet = course(LILLY).visit("p1-infusion").visit.run_sheet
    assert sheet is not None
    assert str(sheet.zero) == "30min"


def test_the_run_sheet_of_the_treatment_counts_minutes_from_the_dose() -> None:
    found = offsets(LILLY, "p1-treatment")
    minutes = (5, 10, 15, 20, 25, 30, 40, 50, 60, 90, 120, 240)
    assert [found[f"{minute}-min"] for minute in minutes] == list(minutes)
    assert (found["pre-dose"], found["dose"], found["meal"]) == (0, 0, 0)


@pytest.mark.parametrize("name", [LZZT, LILLY])
def test_written_as_yaml_a_study_is_the_same_protocol(name: str) -> None:
    data = imported(name).document.data
    assert isinstance(data, dict)
    text = protocol_yaml(data)
    read, mark, problems = compose_yaml("study.yaml", text)
    assert not problems
    document = Document("study.yaml", read, mark, text.split("\n"))
    assert validate_model(Protocol, document) == protocol(name)


@pytest.mark.parametrize("name", [LZZT, LILLY])
def test_every_visit_and_rule_remembers_where_it_was_read(name: str) -> None:
    found = imported(name)
    data = found.document.data
    assert isinstance(data, dict)
    for at, epoch in enumerate(data["epochs"]):
        for number, visit in enumerate(epoch["visits"]):
            origin = found.origin(("epochs", at, "visits", number))
            assert origin is not None
            assert ".instances[" in origin.text
            assert origin.position.line > 1
            for field in {"after", "before"} & set(visit):
                timing = found.origin(("epochs", at, "visits", number, field, "target"))
                assert timing is not None
                assert ".timings[" in timing.text or ".scheduleTimelines[" in timing.text
