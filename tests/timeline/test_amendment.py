"""What a new version means for participants under way, in dates counted by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.protocol.difference import difference
from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.amendment import Amended, Amendment, AmendmentEffect
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.record import Record, RecordFile

SITE = SiteCalendar(always_open())
TODAY = date(2027, 2, 1)

VISITS: list[dict[str, Any]] = [
    {"id": "baseline"},
    {"id": "dosing", "after": {"visit": "baseline", "within": "1w..3w", "target": "2w"}},
    {"id": "call", "after": {"visit": "dosing", "within": "1w..2w", "target": "1w"}},
    {"id": "endpoint", "after": {"visit": "dosing", "within": "4w..8w", "target": "6w"}},
]  # fmt: skip


def protocol(visits: list[dict[str, Any]] = VISITS, version: str = "1", **more: Any) -> Protocol:
    return Protocol.model_validate(
        {
            "format": 1,
            "id": "small",
            "title": "Small",
            "version": version,
            "status": "illustrative",
            "design": "open-label",
            "anchor": "baseline",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
            **more,
        }
    )


def changed(visit: str, **fields: Any) -> list[dict[str, Any]]:
    """The visits with one of them changed."""
    return [{**one, **fields} if one["id"] == visit else one for one in VISITS]


def record(*visits: dict[str, Any], **more: Any) -> RecordFile:
    data = {"participant": "P1", "start": "2027-01-11", "visits": list(visits), **more}
    model = Record.model_validate(data)
    return RecordFile("P1.yaml", model, tuple(range(4, 4 + len(visits))))


def was(visit: str, day: str, status: str = "occurred") -> dict[str, Any]:
    return {"visit": visit, "status": status, "start": day}


UNDER_WAY = (was("baseline", "2027-01-11"), was("dosing", "2027-01-25"))


def amended(
    new: Protocol,
    file: RecordFile,
    *,
    old: Protocol | None = None,
    start: date = TODAY,
    today: date | None = TODAY,
) -> Amended:
    before = protocol() if old is None else old
    files = [
        ProtocolFile("", one, Document("", {}, Mark(1, 1, None), [""])) for one in (before, new)
    ]
    found = difference(files[0], files[1])
    return Amendment(
        PlannerCache(before, SITE), PlannerCache(new, SITE), found, start, today
    ).amend(file)


def effect(found: Amended, visit: str) -> AmendmentEffect:
    return next(one for one in found.effects if one.visit == visit)


def test_who_is_touched_by_nothing_is_unaffected() -> None:
    found = amended(protocol(version="2"), record(*UNDER_WAY))
    assert found.outcome == "unaffected"
    assert [one.visit for one in found.effects] == ["call", "endpoint"]
    assert found.timeline is not None
    assert not found.timeline.forced


def test_a_planned_visit_moves_with_its_target() -> None:
    new = protocol(changed("endpoint", after={"visit": "dosing", "target": "5w"}), "2")
    found = amended(new, record(*UNDER_WAY))
    assert found.outcome == "moved"
    moved = effect(found, "endpoint")
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.date(), moved.after.date()) == (date(2027, 3, 8), date(2027, 3, 1))


def test_a_booked_visit_moves_only_if_it_has_to() -> None:
    booked = was("endpoint", "2027-03-10", "booked")
    target = protocol(
        changed("endpoint", after={"visit": "dosing", "within": "4w..8w", "target": "5w"}), "2"
    )
    assert amended(target, record(*UNDER_WAY, booked)).outcome == "unaffected"
    window = protocol(changed("endpoint", after={"visit": "dosing", "within": "4w..6w"}), "2")
    found = amended(window, record(*UNDER_WAY, booked))
    assert found.outcome == "moved"
    assert effect(found, "endpoint").why == "the appointment must move"


def test_a_visit_that_the_new_version_adds_is_newly_required() -> None:
    extra = {"id": "check", "after": {"visit": "dosing", "within": "2w..3w", "target": "2w"}}
    found = amended(protocol([*VISITS, extra], "2"), record(*UNDER_WAY))
    assert found.outcome == "newly required"
    check = effect(found, "check")
    assert (check.before, check.why) == (None, "not in the old version")
    assert check.after is not None
    assert check.after.date() == date(2027, 2, 8)


def test_an_added_visit_whose_window_has_passed_is_too_late() -> None:
    extra = {"id": "check", "after": {"visit": "dosing", "within": "1d..3d"}}
    found = amended(protocol([*VISITS, extra], "2"), record(*UNDER_WAY))
    assert found.outcome == "already too late"
    assert effect(found, "check").why == "4 days late: check must be 1d..3d after dosing"
    # Still there is a plan, marked as one that breaks the window.
    assert found.timeline is not None
    assert found.timeline.forced
    assert not found.forced_before


def test_a_narrowed_window_that_has_passed_is_too_late() -> None:
    new = protocol(changed("call", after={"visit": "dosing", "within": "1d..5d"}), "2")
    found = amended(new, record(*UNDER_WAY))
    assert [one.visit for one in found.effects if one.outcome == "already too late"] == ["call"]


def test_what_has_taken_place_was_under_the_old_version() -> None:
    new = protocol(changed("dosing", after={"visit": "baseline", "within": "1w"}), "2")
    assert amended(new, record(*UNDER_WAY)).outcome == "unaffected"


def test_what_is_planned_before_the_new_version_holds_stays() -> None:
    new = protocol(changed("call", after={"visit": "dosing", "within": "10d..2w"}), "2")
    assert amended(new, record(*UNDER_WAY)).outcome == "moved"
    later = amended(new, record(*UNDER_WAY), start=date(2027, 2, 2))
    assert later.outcome == "unaffected"
    assert "before 2027-02-02, by the old version" in effect(later, "call").why
    assert later.timeline is not None
    assert later.timeline.today == TODAY


def test_a_visit_that_falls_away_is_no_longer_required() -> None:
    found = amended(protocol([*VISITS[:2], VISITS[3]], "2"), record(*UNDER_WAY))
    assert found.outcome == "no longer required"
    assert effect(found, "call").after is None
    assert not found.unreadable


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (was("call", "2027-02-01"), "record it as `unscheduled`"),
        (was("call", "2027-02-08", "booked"), "cancel the appointment"),
    ],
)
def test_a_recorded_visit_that_the_new_version_lacks_needs_a_decision(
    line: dict[str, Any], words: str
) -> None:
    found = amended(protocol([*VISITS[:2], VISITS[3]], "2"), record(*UNDER_WAY, line))
    assert found.outcome == "needs a decision"
    assert found.unreadable
    (decision,) = found.decisions
    assert decision.startswith("line 6: `call`")
    assert words in decision


def test_a_renamed_visit_that_took_place_needs_a_decision_and_is_planned_as_the_same() -> None:
    new = [*VISITS[:2], {**VISITS[2], "id": "ring"}, VISITS[3]]
    found = amended(protocol(new, "2"), record(*UNDER_WAY, was("call", "2027-02-01")))
    (decision,) = found.decisions
    assert "seems to call it `ring`" in decision
    assert found.timeline is not None
    assert [one.status for one in found.timeline.visits] == ["occurred"] * 3 + ["planned"]
    # Where nothing is recorded of it there is nothing to decide, and nothing is new.
    assert amended(protocol(new, "2"), record(*UNDER_WAY)).outcome == "unaffected"


def test_once_the_record_has_the_new_id_the_decision_is_made() -> None:
    new = [*VISITS[:2], {**VISITS[2], "id": "ring"}, VISITS[3]]
    found = amended(protocol(new, "2"), record(*UNDER_WAY, was("ring", "2027-02-01")))
    assert not found.decisions
    assert found.outcome == "unaffected"


def test_a_fact_that_only_the_new_version_asks_for_needs_a_decision() -> None:
    decisions = {"remission": {"expression": "remission"}}
    new = protocol(changed("call", when="remission"), "2", decisions=decisions)
    found = amended(new, record(*UNDER_WAY))
    assert found.outcome == "needs a decision"
    assert effect(found, "call").why == "only if `remission`, which is not recorded"
    assert not found.unreadable  # both ways are planned
    known = amended(new, record(*UNDER_WAY, facts={"remission": "true"}))
    assert known.outcome == "unaffected"
    other = amended(new, record(*UNDER_WAY, facts={"remission": "false"}))
    assert other.outcome == "no longer required"


def test_a_new_gate_and_a_new_activity_are_newly_required() -> None:
    new = protocol(
        changed("endpoint", requires="washed-out"), "2", gates={"washed-out": {"title": "W"}}
    )
    found = amended(new, record(*UNDER_WAY))
    assert found.outcome == "newly required"
    assert effect(found, "endpoint").why == "gate `washed-out` is to be passed first"
    passed = amended(new, record(*UNDER_WAY, gates={"washed-out": "2027-02-01"}))
    assert passed.outcome == "unaffected"
    new = protocol(
        changed("endpoint", activities=["caps"]), "2", activities={"caps": {"title": "C"}}
    )
    assert effect(amended(new, record(*UNDER_WAY)), "endpoint").why == "activity `caps` added"


def test_who_has_withdrawn_is_unaffected() -> None:
    new = protocol(changed("endpoint", after={"visit": "dosing", "target": "5w"}), "2")
    assert amended(new, record(*UNDER_WAY, withdrawn="2027-01-28")).outcome == "unaffected"


def test_an_arm_that_is_gone_needs_a_decision() -> None:
    old = protocol(arms=[{"id": "a"}, {"id": "b"}])
    new = protocol(version="2", arms=[{"id": "a"}])
    found = amended(new, record(*UNDER_WAY, arm="b"), old=old)
    assert found.outcome == "needs a decision"
    assert "no arm `b`" in found.decisions[0]


def test_nothing_dates_the_anchor_so_somebody_has_to() -> None:
    data = Record.model_validate({"participant": "P1"})
    found = amended(protocol(version="2"), RecordFile("P1.yaml", data, ()))
    assert found.unreadable
    assert "nothing dates `baseline`" in found.decisions[0]


def test_a_record_says_that_the_new_version_holds_already() -> None:
    found = amended(
        protocol(version="2"),
        record(*UNDER_WAY, versions=[{"version": "2", "from": "2027-01-20"}]),
    )
    assert (found.outcome, found.holds) == ("unaffected", date(2027, 1, 20))


@pytest.mark.parametrize("start", ["2027-01-20", "2027-03-01"])
def test_a_record_of_a_third_version_needs_a_decision(start: str) -> None:
    found = amended(
        protocol(version="2"), record(*UNDER_WAY, versions=[{"version": "1b", "from": start}])
    )
    assert found.outcome == "needs a decision"
    assert "version `1b` holds" in found.decisions[0]


def test_two_protocols_are_no_versions_of_one() -> None:
    other = protocol(version="2").model_copy(update={"id": "other"})
    with pytest.raises(PlannerError, match="not a version of `small` but another protocol"):
        amended(other, record(*UNDER_WAY))


def test_a_plan_by_another_version_than_the_record_names_is_refused() -> None:
    versions = [{"version": "1", "from": "2026-12-01"}, {"version": "2", "from": "2027-02-01"}]
    file = record(*UNDER_WAY, versions=versions)
    with pytest.raises(PlannerError, match="by this record version `2` of `small` holds"):
        plan_participant(PlannerCache(protocol(), SITE), file, today=TODAY)
    with pytest.raises(PlannerError, match="by this record version `2`"):
        plan_participant(PlannerCache(protocol(), SITE), file)
    plan_participant(PlannerCache(protocol(), SITE), file, today=TODAY - timedelta(days=1))
    plan_participant(PlannerCache(protocol(version="2"), SITE), file, today=TODAY)
    plan_participant(PlannerCache(protocol(), SITE), record(*UNDER_WAY), today=TODAY)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_wider_windows_are_never_too_late_for_who_was_inside(data: st.DataObject) -> None:
    """Whatever is recorded inside the old rules, and from whenever on the new ones hold."""
    days = st.integers(0, 10)
    old_visits: list[dict[str, Any]] = [{"id": "baseline"}]
    new_visits: list[dict[str, Any]] = [{"id": "baseline"}]
    placed = [0]
    for at, name in enumerate(("v1", "v2", "v3", "v4"), start=1):
        reference = data.draw(st.integers(0, at - 1))
        least, more = data.draw(days), data.draw(days)
        counted = "baseline" if reference == 0 else f"v{reference}"
        wider = least - data.draw(days), least + more + data.draw(days)
        target = data.draw(st.integers(*wider))
        old_visits.append(
            {"id": name, "after": {"visit": counted, "within": f"{least}d..{least + more}d"}}
        )
        after = {"visit": counted, "within": f"{wider[0]}d..{wider[1]}d", "target": f"{target}d"}
        new_visits.append({"id": name, "after": after})
        placed.append(placed[reference] + data.draw(st.integers(least, least + more)))
    first = date(2027, 1, 11)
    today = first + timedelta(days=data.draw(st.integers(0, 40)))
    start = today + timedelta(days=data.draw(st.integers(-20, 20)))
    lines = [
        was(visit["id"], f"{first + timedelta(days=day)}")
        for visit, day in zip(old_visits, placed, strict=True)
        if first + timedelta(days=day) < today
    ]
    file = record(*lines)
    found = amended(
        protocol(new_visits, "2"), file, old=protocol(old_visits), start=start, today=today
    )
    assert found.outcome in ("unaffected", "moved")
    assert found.timeline is not None
    assert not found.timeline.forced


STOP = {"id": "stop", "unscheduled": True, "after": {"visit": "baseline", "within": "1d.."}}
FROM_STOP = [*changed("call", after={"visit": "stop", "within": "0d..7d"}), STOP]


def test_what_comes_to_wait_for_an_event_has_no_date_any_more() -> None:
    (found,) = [
        one
        for one in amended(protocol([*VISITS, STOP]), record(*UNDER_WAY)).effects
        if one.visit == "call"
    ]
    assert found.outcome == "unaffected"
    answer = amended(protocol(FROM_STOP, "2"), record(*UNDER_WAY), old=protocol([*VISITS, STOP]))
    (found,) = [one for one in answer.effects if one.visit == "call"]
    assert (found.outcome, found.after, found.why) == ("moved", None, "waits for `stop`")
    assert found.before is not None


def test_what_waited_gets_its_date_by_an_amendment() -> None:
    new = protocol([*VISITS, STOP], "2")
    answer = amended(new, record(*UNDER_WAY), old=protocol(FROM_STOP))
    (found,) = [one for one in answer.effects if one.visit == "call"]
    assert (found.outcome, found.before, found.why) == ("moved", None, "has a date now")
    assert found.after is not None


def test_what_waits_before_and_after_is_unaffected_and_listed() -> None:
    answer = amended(protocol(FROM_STOP, "2"), record(*UNDER_WAY), old=protocol(FROM_STOP))
    (found,) = [one for one in answer.effects if one.visit == "call"]
    assert (found.outcome, found.before, found.after) == ("unaffected", None, None)
    dropped = amended(protocol([*VISITS[:2], VISITS[3], STOP], "2"), record(*UNDER_WAY),
                      old=protocol(FROM_STOP))  # fmt: skip
    (found,) = [one for one in dropped.effects if one.visit == "call"]
    assert (found.outcome, found.before) == ("no longer required", None)


def test_a_number_that_is_another_visit_in_the_new_version_needs_a_decision() -> None:
    lines = (was("baseline", "2027-01-11"), was("V02", "2027-01-25"))
    early = {"id": "early", "after": {"visit": "baseline", "within": "1d..3d", "target": "2d"}}
    found = amended(protocol([*VISITS, early], "2"), record(*lines))
    assert found.outcome == "needs a decision"
    assert (
        "line 5: `V02` is `dosing`, and another visit, `early`, in version `2`: record it by its id"
    ) in found.decisions
    assert effect(found, "endpoint").before is not None
    same = amended(protocol(version="2"), record(*lines))
    assert same.outcome == "unaffected"
