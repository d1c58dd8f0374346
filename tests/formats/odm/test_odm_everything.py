"""One invented study with every element that a schedule is read from."""

from pathlib import Path
from typing import Any

import pytest

from planner.formats.load import load_protocol
from planner.formats.odm import read_odm
from planner.protocol.imported_document import Imported
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model

FILE = Path(__file__).with_name("everything.xml")
TIMING = "/ODM/Study/MetaDataVersion/Protocol/StudyTimings/StudyTiming[@OID='ST.1']/"


@pytest.fixture(scope="module")
def imported() -> Imported:
    return read_odm(str(FILE))


@pytest.fixture(scope="module")
def data(imported: Imported) -> dict[str, Any]:
    assert isinstance(imported.document.data, dict)
    return imported.document.data


def visits(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {visit["id"]: visit for epoch in data["epochs"] for visit in epoch["visits"]}


def timings(data: dict[str, Any], visit: str) -> list[dict[str, Any]]:
    after = visits(data)[visit].get("after", [])
    after = after if isinstance(after, list) else [after]
    return [{key: one[key] for key in one if key not in ("source", "note")} for one in after]


def told(imported: Imported, kind: str) -> list[str]:
    return [remark.message for remark in imported.remarks if remark.kind == kind]


def test_the_study_is_named_as_the_file_names_it(data: dict[str, Any]) -> None:
    wanted = {
        "id": "every-1",
        "title": "An invented study of everything",
        "version": "2.1",
        "status": "draft",
        "design": ["double-blind", "parallel"],
        "condition": "An invented condition",
        "anchor": "baseline",
    }
    assert {key: data[key] for key in wanted} == wanted


def test_arms_have_their_descriptions_as_labels(data: dict[str, Any]) -> None:
    assert [(arm["id"], arm.get("label")) for arm in data["arms"]] == [
        ("active", "Active capsule"),
        ("placebo", None),
    ]


def test_epochs_follow_their_numbers_and_visits_the_workflow(data: dict[str, Any]) -> None:
    assert [
        (epoch["id"], [visit["id"] for visit in epoch["visits"]]) for epoch in data["epochs"]
    ] == [
        ("screening", ["screening-visit", "baseline"]),
        (
            "treatment",
            ["extra-session", "dosing-session", "call", "clinic-visit", "scan", "blood-test"],
        ),
        ("other-visits", ["end-of-study", "unplanned-visit"]),
    ]


def test_each_type_of_constraint_counts_between_its_own_ends(data: dict[str, Any]) -> None:
    assert timings(data, "dosing-session")[0] == {
        "visit": "baseline", "target": "2w", "within": "12d..18d",
    }  # fmt: skip
    assert timings(data, "call") == [
        {"visit": "dosing-session.end", "target": "24h", "within": "±4h"}
    ]
    assert timings(data, "end-of-study")[:3] == [
        {"visit": "baseline", "of": "end", "target": "12w", "within": "±1w"},
        {"visit": "dosing-session.end", "of": "end", "within": "8w..12w"},
        {"visit": "blood-test.end", "within": "5w..11w"},
    ]


def test_a_negative_target_lies_before_its_reference(data: dict[str, Any]) -> None:
    assert timings(data, "screening-visit") == [
        {"visit": "baseline", "target": "-1w", "within": "±3d"}
    ]


def test_a_transition_without_a_timing_says_the_order_alone(
    imported: Imported, data: dict[str, Any]
) -> None:
    assert timings(data, "clinic-visit") == []
    ordered = [name for name, visit in visits(data).items() if visit.get("order") == "listed"]
    assert ordered == ["extra-session", "dosing-session", "scan", "end-of-study"]
    assert any(
        "`Clinic visit` comes after `Dosing session`, not directly as listed" in one.message
        for one in imported.remarks
    )


def test_every_rule_names_the_oid_and_the_xpath_it_was_read_from(
    imported: Imported, data: dict[str, Any]
) -> None:
    for visit in visits(data).values():
        after = visit.get("after", [])
        for timing in after if isinstance(after, list) else [after]:
            assert timing["source"] == "odm"
            assert "/ODM/Study/MetaDataVersion/" in timing["note"]
    path = ("epochs", 1, "visits", 1, "after", 0)
    origin = imported.origin(path)
    assert origin is not None
    assert origin.text == TIMING + "RelativeTimingConstraint[@OID='TIM.SS']"
    line = FILE.read_text(encoding="utf-8").split("\n")[origin.position.line - 1]
    assert line[origin.position.column - 1 :].startswith('<RelativeTimingConstraint OID="TIM.SS"')
    assert imported.document.value_position(path) == origin.position


def test_english_is_preferred_among_descriptions(data: dict[str, Any]) -> None:
    note = visits(data)["dosing-session"]["after"]["note"]
    assert note.endswith("[@OID='TIM.SS']: Two weeks.")


def test_exclusive_branches_become_decisions_and_parallel_ones_do_not(
    data: dict[str, Any],
) -> None:
    of_visits = {key: visit.get("when") for key, visit in visits(data).items()}
    assert of_visits["call"] == "worried"
    assert of_visits["clinic-visit"] == "unwell"
    assert of_visits["blood-test"] is None
    assert of_visits["end-of-study"] is None
    worried = data["decisions"]["worried"]
    assert worried["condition"] == "The participant is worried"
    assert "XPath: $worry > 3" in worried["note"]


def test_an_exception_of_collection_is_a_decision_the_other_way_round(
    data: dict[str, Any],
) -> None:
    assert visits(data)["scan"]["when"] == "unless-metal"
    assert data["decisions"]["unless-metal"]["condition"] == "not: there is metal in the body"


def test_the_condition_of_a_transition_is_a_gate_before_its_target(data: dict[str, Any]) -> None:
    assert visits(data)["baseline"]["requires"] == ["eligible"]
    assert data["gates"]["eligible"]["title"] == "All criteria are met"


def test_a_branch_between_arms_allocates_and_is_no_decision(data: dict[str, Any]) -> None:
    assert visits(data)["extra-session"]["arms"] == ["active"]
    assert "arms" not in visits(data)["dosing-session"]
    assert "when" not in visits(data)["dosing-session"]


def test_item_groups_are_activities_with_footnotes_where_they_are_not_always_done(
    data: dict[str, Any],
) -> None:
    assert list(data["activities"]) == ["scale", "scan", "diary"]
    baseline = visits(data)["baseline"]
    assert baseline["activities"] == ["scale", "scan", "diary"]
    assert [data["footnotes"][key] for key in baseline["footnotes"]] == [
        "Scan: not where there is metal in the body.",
        "Diary is optional.",
    ]


def test_the_length_of_a_visit_is_its_duration(data: dict[str, Any]) -> None:
    assert visits(data)["dosing-session"]["duration"]["value"] == "7h..8h"


def test_a_date_is_a_footnote_and_told(imported: Imported, data: dict[str, Any]) -> None:
    (key,) = visits(data)["screening-visit"]["footnotes"]
    assert data["footnotes"][key] == "TIM.DATE: on 2027-06-01, up to P3M later."
    assert any("bound to a date (on 2027-06-01" in one for one in told(imported, "left-out"))


def test_an_unscheduled_visit_may_be_at_any_time(data: dict[str, Any]) -> None:
    assert visits(data)["unplanned-visit"]["unscheduled"] is True
    assert timings(data, "unplanned-visit") == [{"visit": "baseline", "within": "0d.."}]


@pytest.mark.parametrize(
    "words",
    [
        "a second MetaDataVersion",
        "2 × ItemDef in MetaDataVersion",
        "StudyObjectives in Protocol",
        "comes back to `Dosing session`: read as one pass",
        "the method `M.1` (Working days)",
        "the length of `Treatment`, `P12W`",
        "`Blood test` repeats",
        "`Adverse events` is common to all visits",
        "`Empty` has no visits",
        "the study parameter Planned Number of Subjects",
    ],
)
def test_what_has_no_place_is_told(imported: Imported, words: str) -> None:
    assert any(words in message for message in told(imported, "left-out"))


@pytest.mark.parametrize(
    "words",
    [
        "2 transitions leave `Active` without a Branching",
        "6 RelativeTimingConstraint and 1 TransitionTimingConstraint: both kinds hold",
        "`-P3D`, is read without its sign",
        "the end of `Treatment` is read as its last visit",
        "other visits are in no epoch",
        "Day 1 is `Baseline`, since 3 relative constraints count from it",
        "the status draft, the version `2.1`",
    ],
)
def test_what_can_be_read_in_two_ways_is_told(imported: Imported, words: str) -> None:
    assert any(words in message for message in told(imported, "reading"))


def test_nothing_in_it_is_a_mistake(imported: Imported) -> None:
    assert told(imported, "mistake") == []


def test_it_is_a_protocol_and_loads_by_its_path(imported: Imported) -> None:
    protocol = validate_model(Protocol, imported.document)
    assert load_protocol(str(FILE)).protocol == protocol


def test_another_workflow_can_be_followed() -> None:
    data = read_odm(str(FILE), workflow="WF.OTHER").document.data
    assert isinstance(data, dict)
    order = [visit for epoch in data["epochs"] for visit in epoch["visits"]]
    assert [visit["id"] for visit in order][:2] == ["baseline", "screening-visit"]
    assert timings(data, "dosing-session") == [
        {"visit": "baseline", "target": "2w", "within": "12d..18d"}
    ]
    assert all("when" not in visit for visit in order if visit["id"] != "scan")
