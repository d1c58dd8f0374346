"""Decisions: which conditional visits take place, as far as recorded facts say."""

from typing import Any

import pytest
from timeline.courses import START, day, planned, protocol, record

from planner.errors import PlannerError
from planner.protocol.expand import expand
from planner.timeline.choices import Choices, choose, decide
from planner.timeline.history import occurrence_names

BLINDED = protocol(
    [
        {"id": "v0"},
        {"id": "dosing-1", "after": {"visit": "v0", "within": "1w"}},
        {"id": "unblinding", "kind": "unblinding", "after": {"visit": "dosing-1", "within": "4w"}},
        {"id": "dosing-3", "when": "third", "after": {"visit": "unblinding", "within": "1w"}},
    ],
    design=["double-blind", "parallel"],
    arms=[{"id": "active"}, {"id": "control"}],
    decisions={"third": {"condition": "The active arm.", "expression": "arm == active"}},
)
MAINTENANCE = protocol(
    [{"id": "v0"}],
    epochs=[
        {"id": "start", "kind": "screening", "visits": [{"id": "v0"}]},
        {
            "id": "weekly",
            "kind": "maintenance",
            "cycle": {"until": "over", "at_most": 3},
            "visits": [
                {
                    "id": "week",
                    "when": "often",
                    "first": {"visit": "v0", "within": "1w"},
                    "next": {"visit": "previous week", "within": "1w"},
                }
            ],
        },
        {
            "id": "fortnightly",
            "kind": "maintenance",
            "cycle": {"until": "over", "at_most": 2},
            "visits": [
                {
                    "id": "fortnight",
                    "when": "seldom",
                    "first": {"visit": "v0", "within": "2w"},
                    "next": {"visit": "previous fortnight", "within": "2w"},
                }
            ],
        },
    ],
    decisions={
        "often": {"expression": "response in (none, partial)"},
        "seldom": {"expression": "not (response in (none, partial))"},
        "over": {"expression": "score <= 10"},
    },
)
WEEKS = {"week-1", "week-2", "week-3"}
FORTNIGHTS = {"fortnight-1", "fortnight-2"}


def choices(small: Any, *visits: str, arm: str | None = None, **facts: object) -> Choices:
    file = record(
        *visits, facts={name: facts[name] for name in facts}, **({"arm": arm} if arm else {})
    )
    whole = expand(small, arm)
    return choose(file, occurrence_names(file, whole), whole)


def test_while_a_fact_is_unknown_both_branches_are_planned_as_provisional() -> None:
    found = choices(MAINTENANCE)
    assert found.left_out == frozenset()
    assert found.provisional == WEEKS | FORTNIGHTS
    _, visits = planned(MAINTENANCE, record())
    assert visits.keys() == {"v0", *WEEKS, *FORTNIGHTS}
    assert visits["week-1"].provisional
    assert not visits["v0"].provisional


def test_a_fact_settles_which_branch_there_is() -> None:
    assert choices(MAINTENANCE, response="partial", score=11) == Choices(
        frozenset(FORTNIGHTS), frozenset()
    )
    found = choices(MAINTENANCE, response="full")
    assert found.left_out == WEEKS
    # Whether there is a second round is not known yet; the first has been decided on.
    assert found.provisional == {"fortnight-2"}


def test_a_round_that_has_begun_is_gone_through_and_no_other_begins_once_it_is_over() -> None:
    found = choices(MAINTENANCE, f"week-2 occurred {day(14)}", response="none", score=8)
    assert found.left_out == FORTNIGHTS | {"week-3"}
    assert found.provisional == frozenset()


def test_nothing_of_what_was_over_before_it_began_takes_place() -> None:
    found = choices(MAINTENANCE, response="none", score=8)
    assert found.left_out == WEEKS | FORTNIGHTS
    small = protocol(
        [{"id": "v0"}, {"id": "scan", "after": {"visit": "v0", "every": "6w", "until": "over",
                                                "at_most": 2}}],
        decisions={"over": {"condition": "Over."}},
    )  # fmt: skip
    assert choices(small, over="true").left_out == {"scan-1", "scan-2"}
    assert choices(small).provisional == {"scan-2"}


ROUNDS = protocol(
    [],
    epochs=[
        {"id": "start", "kind": "screening", "visits": [{"id": "v0"}]},
        {
            "id": "rounds",
            "kind": "treatment",
            "cycle": {"until": "progression", "at_most": 3},
            "visits": [
                {
                    "id": "round",
                    "first": {"visit": "v0", "within": "7d..14d"},
                    "next": {"visit": "previous round", "within": "20d..22d"},
                },
                {"id": "check", "after": {"visit": "round", "within": "6d..8d"}},
            ],
        },
        {
            "id": "end",
            "visits": [
                {"id": "progression", "kind": "event", "unscheduled": True},
                {"id": "last-call", "after": {"visit": "last round", "within": "30d..37d"}},
            ],
        },
    ],
)


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ([f"progression occurred {day(10)}"], set()),  # the first round could still have begun
        ([f"progression occurred {day(15)}"], {"round-1", "check-1"}),  # nobody recorded it
        ([f"round-1 occurred {day(7)}", f"progression occurred {day(10)}"], {"round-1", "check-1"}),
        (
            [f"round-1 occurred {day(7)}", f"progression occurred {day(30)}"],
            {"round-1", "check-1", "round-2", "check-2"},
        ),
        ([f"round-1 booked {day(9)}", f"progression occurred {day(10)}"], {"round-1", "check-1"}),
    ],
)  # fmt: skip
def test_of_a_cycle_that_an_event_ended_what_began_before_it_is_gone_through(
    lines: list[str], left: set[str]
) -> None:
    found = choices(ROUNDS, f"v0 occurred {day(0)}", *lines)
    every = {f"{name}-{number}" for name in ("round", "check") for number in (1, 2, 3)}
    assert every - found.left_out == left


def test_an_appointment_after_the_event_that_ended_its_cycle_is_to_be_called_off() -> None:
    lines = [f"v0 occurred {day(0)}", f"round-1 booked {day(12)}"]
    found = choices(ROUNDS, *lines, f"progression occurred {day(10)}")
    assert found.against == {"round-1"}
    timeline, _ = planned(ROUNDS, record(lines[0], f"progression occurred {day(10)}"))
    assert [(visit.id, visit.status) for visit in timeline.waiting] == [("last-call", "undated")]


def test_a_decision_can_be_recorded_by_its_own_name() -> None:
    found = choices(MAINTENANCE, often="true", seldom="false", over="false")
    assert found == Choices(frozenset(FORTNIGHTS), frozenset())
    found = choices(MAINTENANCE, response="none", often="false", over="false")
    assert found.left_out >= WEEKS  # who decides has decided otherwise


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"often": "weekly"}, "`true` or `false` is expected, found `weekly`"),
        ({"response": "3"}, "decision `often` (response in (none, partial)): `response` is `3`"),
        ({"score": "low"}, "only numbers have an order"),
    ],
)
def test_a_fact_that_does_not_fit_is_told_with_its_decision(
    facts: dict[str, object], message: str
) -> None:
    with pytest.raises(PlannerError) as error:
        choices(MAINTENANCE, **facts)
    assert message in str(error.value)
    assert str(error.value).startswith("p0001.yaml: ")


def test_a_third_session_only_after_unblinding() -> None:
    assert choices(BLINDED, arm="active").provisional == {"dosing-3"}
    assert choices(BLINDED, arm="control").provisional == {"dosing-3"}
    told = f"unblinding occurred {day(35)}"
    assert choices(BLINDED, told, arm="active") == Choices(frozenset(), frozenset())
    assert choices(BLINDED, told, arm="control").left_out == {"dosing-3"}
    # A fact called `arm` says nothing: nobody may write into it what is not to be known.
    file = record(f"unblinding booked {day(35)}", facts={"arm": "active"})
    whole = expand(BLINDED)
    assert choose(file, occurrence_names(file, whole), whole).provisional == {"dosing-3"}


def test_what_has_taken_place_is_never_left_out() -> None:
    found = choices(MAINTENANCE, f"week-1 occurred {day(7)}", f"week-2 missed {day(14)}",
                    response="full")  # fmt: skip
    assert found.left_out == {"week-3"}


def test_an_appointment_that_a_decision_has_done_without_stays_and_is_marked() -> None:
    lines = (f"week-1 booked {day(7)}", "v0 occurred 2027-03-01")
    found = choices(MAINTENANCE, *lines, response="full", score=20)
    assert found.against == {"week-1"}
    assert found.left_out == {"week-2", "week-3"}
    _, visits = planned(MAINTENANCE, record(*lines, facts={"response": "full", "score": 20}))
    assert visits["week-1"].against
    assert visits["week-1"].status == "booked"
    assert not visits["fortnight-1"].against


def test_a_misspelt_fact_or_gate_is_told_and_one_of_another_version_is_not() -> None:
    with pytest.raises(PlannerError, match=r"fact `respons` .* did you mean `response`"):
        choices(MAINTENANCE, respons="none")
    gated = protocol([{"id": "v0"}], gates={"tapered": {"title": "Tapered"}})
    with pytest.raises(PlannerError, match=r"gate `taperd` .* did you mean `tapered`"):
        planned(gated, record(gates={"taperd": str(START)}))
    planned(gated, record(gates={"enrolled": str(START)}, facts={"response-date": "late"}))


def test_a_condition_may_name_another_decision() -> None:
    small = protocol(
        [{"id": "v0"}],
        decisions={
            "seldom": {"expression": "not often"},
            "often": {"expression": "response in (none, partial)"},
            "egg": {"expression": "not hen"},
            "hen": {"expression": "not egg"},
        },
    )
    unknown = {"egg": None, "hen": None}
    assert decide(small, {}, "") == {"seldom": None, "often": None, **unknown}
    assert decide(small, {"response": "none"}, "") == {"seldom": False, "often": True, **unknown}
    assert decide(small, {"often": False}, "") == {"seldom": True, "often": False, **unknown}
    assert decide(small, {"egg": True}, "")["hen"] is False


def test_a_line_that_only_says_planned_decides_nothing() -> None:
    assert "week-1" in choices(MAINTENANCE, f"week-1 planned {START}").provisional
    assert "week-1" in choices(MAINTENANCE, f"week-1 planned {START}", response="full").left_out
