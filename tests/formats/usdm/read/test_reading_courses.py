"""The way through a timeline: its order, branches, loops, events and epochs."""

import pytest
import usdm_studies as u
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.usdm.read import read_study
from planner.protocol.conditions import holds
from planner.protocol.imported_document import Imported
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model


def read(*timelines: u.Json, timeline: str | None = None, **study: object) -> Imported:
    return read_study(u.document(u.study(*timelines, **study)), timeline=timeline)  # type: ignore[arg-type]


def protocol(imported: Imported) -> Protocol:
    return validate_model(Protocol, imported.document)


def visits(imported: Imported) -> dict[str, str | None]:
    """The visits in order, and the decision each depends on."""
    return {visit.id: visit.when for epoch in protocol(imported).epochs for visit in epoch.visits}


def told(imported: Imported, kind: str) -> list[str]:
    return [one.message for one in imported.remarks if one.kind == kind]


def test_the_order_of_visits_is_that_of_the_chain_not_of_the_list() -> None:
    imported = read(u.main(u.visit("A", to="C"), u.visit("B", to=""), u.visit("C", to="B")))
    assert list(visits(imported)) == ["a", "c", "b"]


def test_a_visit_that_is_not_reached_is_told() -> None:
    imported = read(u.main(u.visit("A", to="C"), u.visit("B", to="C"), u.visit("C")))
    assert list(visits(imported)) == ["a", "c"]
    (message,) = [one for one in told(imported, "left-out") if "`B`" in one and "reached" in one]
    assert message


def test_a_chain_that_leads_back_is_walked_once() -> None:
    imported = read(u.main(u.visit("A"), u.visit("B", to="A")))
    assert list(visits(imported)) == ["a", "b"]
    assert any("leads back to `A`" in message for message in told(imported, "reading"))


def test_a_visit_that_follows_itself_is_walked_once() -> None:
    assert list(visits(read(u.main(u.visit("A", to="A"))))) == ["a"]


def test_instances_that_lead_nowhere_are_read_in_the_listed_order() -> None:
    imported = read(u.main(u.visit("A", to=""), u.visit("B", to=""), u.visit("C", to="")))
    assert list(visits(imported)) == ["a", "b", "c"]
    assert any("in which they are listed" in message for message in told(imported, "reading"))


def test_a_branch_beside_the_chain_adds_a_visit_on_its_condition() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("CHECK", {"response is poor": "EXTRA"}),
            u.visit("B", to=""),
            u.visit("EXTRA", to="B"),
        )
    )
    assert visits(imported) == {"a": None, "extra": "check", "b": None}
    decision = protocol(imported).decisions["check"]
    assert (decision.condition, decision.expression) == ("response is poor", None)


def test_a_branch_further_down_the_chain_skips_what_lies_between() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("CHECK", {"score >= 10": "C"}),
            u.visit("B"),
            u.visit("C"),
        )
    )
    assert visits(imported) == {"a": None, "b": "check", "c": None}
    decision = protocol(imported).decisions["check"]
    assert decision.condition == "not (score >= 10)"
    assert str(decision.expression) == "not (score >= 10)"


def test_of_two_ways_each_depends_on_the_condition() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("CHECK", {"remission": "X"}),
            u.visit("B"),
            u.visit("C", to=""),
            u.visit("X", to="C"),
        )
    )
    assert visits(imported) == {"a": None, "x": "check", "b": "check-2", "c": None}
    found = protocol(imported).decisions
    assert str(found["check"].expression) == "remission"
    assert str(found["check-2"].expression) == "not (remission)"


def test_a_branch_within_a_branch_asks_for_both_conditions() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("ONE", {"x > 1": "TWO"}),
            u.visit("B", to=""),
            u.decision("TWO", {"y > 2": "C"}, to="B"),
            u.visit("C", to="B"),
        )
    )
    assert visits(imported) == {"a": None, "c": "two", "b": None}
    assert str(protocol(imported).decisions["two"].expression) == "(x > 1) and (y > 2)"


@st.composite
def branching(draw: st.DrawFn) -> list[tuple[int, int, bool]]:
    """Decisions before visits of a chain: before which, to which they jump, and by a detour."""
    found: list[tuple[int, int, bool]] = []
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(1, 8))
        end = draw(st.integers(start, 9))
        taken = [one for one, _, _ in found]
        crosses = any(a < start < b < end or start < a < end < b for a, b, _ in found)
        if start not in taken and not crosses and not any(start == b for _, b, _ in found):
            found.append((start, end, draw(st.booleans()) or start == end))
    return sorted(found)


@pytest.mark.slow
@given(branching(), st.integers(0, 15))
def test_each_visit_takes_place_where_walking_the_timeline_leads_to_it(
    decisions: list[tuple[int, int, bool]], facts: int
) -> None:
    chain: list[u.Json] = []
    at = {start: (end, detour, n) for n, (start, end, detour) in enumerate(decisions)}
    # Who jumps to a visit with a decision before it comes to the decision first.
    entry = {number: f"D{number}" if number in at else f"V{number}" for number in range(10)}
    detours = []
    for number in range(10):
        if number in at:
            end, detour, n = at[number]
            target = f"X{n}" if detour else entry[end]
            chain.append(u.decision(f"D{number}", {f"fact-{n} >= 1": target}))
            if detour:
                detours.append(u.visit(f"X{n}", to=entry[end]))
        chain.append(u.visit(f"V{number}", to="" if number == 9 else None))
    known = {f"fact-{n}": facts >> n & 1 for n in range(4)}
    walked, number = [], 0
    while number < 10:
        if number in at and known[f"fact-{at[number][2]}"]:
            end, detour, n = at[number]
            walked += [f"x{n}"] if detour else []
            if end > number:
                number = end
                continue
        walked.append(f"v{number}")
        number += 1
    imported = read(u.main(*chain, *detours))
    found = protocol(imported)
    takes_place = [
        name
        for name, when in visits(imported).items()
        if when is None or holds(found.decisions[when].expression, known)
    ]
    assert takes_place == walked


def test_a_decision_without_a_default_takes_its_first_branch() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("WAY", {"x > 1": "B", "x < 1": "C"}, to=""),
            u.visit("B", to="D"),
            u.visit("C", to="D"),
            u.visit("D"),
        )
    )
    assert visits(imported) == {"a": None, "c": "way", "b": "way-2", "d": None}
    assert str(protocol(imported).decisions["way-2"].expression) == "not (x < 1)"
    assert any("has no default" in message for message in told(imported, "reading"))


def test_a_visit_of_two_branches_depends_on_the_first_and_that_is_told() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("WAY", {"x > 1": "B", "x < 1": "C"}),
            u.visit("D"),
            u.visit("E", to=""),
            u.visit("B"),
            u.visit("BOTH", to="E"),
            u.visit("C", to="BOTH"),
        )
    )
    found = visits(imported)
    assert list(found) == ["a", "b", "both", "c", "d", "e"]
    assert found["both"] == found["b"]
    assert found["e"] is None
    decisions = protocol(imported).decisions
    assert found["d"] is not None
    assert decisions[found["d"]].condition == "not (x > 1); and not (x < 1)"
    assert any("another branch leads to as well" in one for one in told(imported, "reading"))


def test_a_branch_backwards_is_one_pass_and_told() -> None:
    imported = read(
        u.main(u.visit("A"), u.visit("B"), u.decision("AGAIN", {"not done": "A"}), u.visit("C"))
    )
    assert visits(imported) == {"a": None, "b": None, "c": None}
    (message,) = [one for one in told(imported, "reading") if "loop" in one]
    assert message.startswith("decision `AGAIN`: `not done` leads back to `A`")


def test_a_branch_that_ends_by_itself_leaves_the_others_as_they_are() -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("STOP", {"withdraws": "ET"}),
            u.visit("B", to=""),
            u.visit("ET", to=""),
        )
    )
    assert visits(imported) == {"a": None, "et": "stop", "b": None}
    assert any("leaving the study" in message for message in told(imported, "reading"))


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("not remission", "not remission"),
        ("score >= 10", "score >= 10"),
        ("PHQ-9 ≥ 10", "PHQ-9 >= 10"),
        ("arm = active", "arm == active"),
        ("arm is Active", "arm == active"),
        ("the arm is Active", "arm == active"),
        ("Subject is randomized to the Active arm.", "arm == active"),
        ("randomised to Placebo", "arm == placebo"),
        ("not (arm is Placebo)", "not (arm == placebo)"),
        ("arm is Unknown", None),
        ("Subject terminates the study early", "withdrawn"),
        ("The participant withdraws from the study.", "withdrawn"),
        ("Patient discontinues treatment", None),
        ("Subject withdraws consent for biopsies", None),
        ("Subject is well", None),
        ("Responder", None),
        ("score of 10 or more", None),
        ("if score >= 10", None),
        ("not (a) and not (b)", "not (a) and not (b)"),
        ("__import__('os')", None),
    ],
)
def test_a_condition_becomes_an_expression_only_where_it_reads_in_one_way(
    text: str, expression: str | None
) -> None:
    imported = read(
        u.main(
            u.visit("A"),
            u.decision("D", {text: "X"}),
            u.visit("B", to=""),
            u.visit("X", to="B"),
        ),
        arms=("Active", "Placebo"),
    )
    decision = protocol(imported).decisions["d"]
    assert decision.condition == text
    assert (None if decision.expression is None else str(decision.expression)) == expression


def test_an_epoch_without_a_cell_in_an_arm_is_not_that_arms() -> None:
    study = u.study(
        u.main(u.visit("A", epoch="Screening"), u.visit("B", epoch="Extension")),
        arms=("Active", "Placebo"),
    )
    cells = u.design_of(study)["studyCells"]
    cells[:] = [
        one
        for one in cells
        if (one["armId"], one["epochId"]) != ("StudyArm_Placebo", "StudyEpoch_Extension")
    ]
    found = protocol(read_study(u.document(study)))
    assert [epoch.arms for epoch in found.epochs] == [(), ("active",)]


def test_a_timeline_entered_on_a_condition_is_behind_all_others() -> None:
    imported = read(
        u.main(u.visit("A"), timings=[u.fixed("A")]),
        u.timeline(
            "Unscheduled",
            u.item("U1"),
            u.item("U2"),
            timings=[u.fixed("U1"), u.after("U2", "P1W", "U1")],
            condition="An unscheduled visit is needed",
        ),
    )
    assert visits(imported) == {"a": None, "u1": "unscheduled", "u2": "unscheduled"}
    found = protocol(imported)
    assert found.decisions["unscheduled"].condition == "An unscheduled visit is needed"
    first, second = found.epochs[-1].visits
    assert (first.unscheduled, second.unscheduled) == (True, True)
    assert [(str(rule.visit), str(rule.within)) for rule in first.after] == [("a", "0d..")]
    assert [(str(rule.visit), str(rule.target)) for rule in second.after] == [("u1", "1w")]


def test_a_timeline_is_chosen_by_its_name_and_becomes_a_protocol_of_its_own() -> None:
    timelines = (u.main(u.visit("A")), u.timeline("Early Termination", u.item("ET")))
    assert list(visits(read(*timelines, timeline="early termination"))) == ["et"]
    with pytest.raises(PlannerError, match="did you mean `Early Termination`"):
        read(*timelines, timeline="Early Terminatoin")


def test_of_several_main_timelines_the_first_is_read_and_the_others_named() -> None:
    imported = read(
        u.timeline("One", u.visit("A"), is_main=True), u.timeline("Two", u.visit("B"), is_main=True)
    )
    assert list(visits(imported)) == ["a"]
    (remark,) = [one for one in imported.remarks if "2 main timelines" in one.message]
    assert remark.hint is not None
    assert "`timeline` chooses" in remark.hint


def test_a_design_is_chosen_by_its_number() -> None:
    study = u.study(u.main(u.visit("A")))
    other = u.study(u.main(u.visit("B")))
    study["study"]["versions"][0]["studyDesigns"].append(u.design_of(other))
    assert list(visits(read_study(u.document(study), design=2))) == ["b"]
    with pytest.raises(PlannerError, match="there is no design 3"):
        read_study(u.document(study), design=3)


def test_instances_that_share_an_encounter_are_visits_of_their_own() -> None:
    imported = read(
        u.main(u.visit("A", encounter="E"), u.visit("B", encounter="E")),
        modes={"E": ["Telephone Call", "In Person"]},
        rules={"E": u.rule("READY", "Ready")},
    )
    first, second = protocol(imported).epochs[0].visits
    assert (first.mode, second.mode) == ("phone", "phone")
    assert (first.requires, second.requires) == (("ready",), ())
    assert any("several contact modes" in message for message in told(imported, "reading"))
