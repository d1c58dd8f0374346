"""Trials with two, three or endless sessions, in pairs or in groups: what was published of each."""

import pytest
from published import course, findings, found, items, kinds, protocol, rules

from planner.protocol.expand import expand
from planner.time.distance import parse_distance, parse_window

FILES = (
    "mpva-2v3",
    "mdma-autism",
    "bima",
    "mdma-cbct",
    "mdma-mdd-norway",
    "spravato",
    "hope-group",
    "jhu-smoking",
)


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_no_errors(name: str) -> None:
    assert [one for one in findings(name) if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "arm", "preparations", "sessions", "integrations"),
    [
        ("mpva-2v3", "two-sessions", 3, 2, 6),
        ("mpva-2v3", "three-sessions", 3, 3, 9),
        ("mdma-autism", "mdma", 3, 2, 6),
        ("mdma-autism", "placebo", 3, 2, 6),
        ("bima", None, 2, 2, 6),
        ("mdma-cbct", None, 0, 2, 0),
        ("mdma-mdd-norway", None, 3, 2, 6),
        ("hope-group", None, 3, 1, 3),
        ("jhu-smoking", None, 4, 3, 11),
    ],
)
def test_the_numbers_of_sessions_are_the_published_ones(
    name: str, arm: str | None, preparations: int, sessions: int, integrations: int
) -> None:
    counted = kinds(name, arm)
    assert counted.get("preparation", 0) == preparations
    assert counted["dosing"] == sessions
    assert counted.get("integration", 0) == integrations


@pytest.mark.parametrize(
    ("name", "visit", "reference", "distance", "grade"),
    [
        ("mpva-2v3", "dosing-2", "dosing-1", "4w", "assumed"),
        ("mdma-autism", "dosing-2", "dosing-1", "4w", "assumed"),
        ("mdma-autism", "primary-endpoint", "dosing-2", "1mo", "verified"),
        ("mdma-autism", "follow-up-6mo", "dosing-2", "6mo", "verified"),
        ("bima", "dosing-1", "prep-1", "2w", "unverified"),
        ("bima", "dosing-2", "dosing-1", "3w", "unverified"),
        ("bima", "follow-up-3mo", "detox", "3mo", "verified"),
        ("bima", "follow-up-6mo", "detox", "6mo", "unverified"),
        ("bima", "follow-up-9mo", "detox", "9mo", "verified"),
        ("mdma-mdd-norway", "v9", "v5", "4w", "verified"),
        ("mdma-mdd-norway", "v13", "v9", "8w", "verified"),
        ("spravato", "induction-a-2", "induction-a-1", "1w", "verified"),
        ("spravato", "weekly-1", "induction-a-1", "4w", "derived"),
        ("spravato", "weekly-2", "weekly-1", "1w", "verified"),
        ("jhu-smoking", "dosing-1", "prep-1", "4w", "derived"),
        ("jhu-smoking", "dosing-2", "dosing-1", "2w", "derived"),
        ("jhu-smoking", "dosing-3", "dosing-1", "8w", "derived"),
        ("jhu-smoking", "follow-up-6mo", "dosing-1", "6mo", "verified"),
        ("jhu-smoking", "follow-up-12mo", "dosing-1", "12mo", "verified"),
        ("jhu-smoking", "follow-up-long", "dosing-1", "30mo", "verified"),
    ],
)
def test_a_target_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, distance: str, grade: str
) -> None:
    (rule,) = [rule for rule in rules(name, visit, reference) if rule.target is not None]
    assert (rule.target, rule.stated.grade) == (parse_distance(distance), grade)


@pytest.mark.parametrize(
    ("name", "visit", "reference", "allowed", "grade"),
    [
        ("mdma-autism", "integration-a-1", "dosing-1", "1d", "verified"),
        ("mdma-autism", "integration-b-1", "integration-a-1", "14d", "assumed"),
        ("mdma-autism", "integration-c-1", "integration-b-1", "14d", "assumed"),
        ("hope-group", "integration-1", "dosing", "1d..2d", "secondary"),
        ("mdma-mdd-norway", "v14", "v3", "10w..16w", "assumed"),
        ("spravato", "spaced-2", "spaced-1", "1w..2w", "assumed"),
        ("jhu-smoking", "integration-11", "prep-1", "0d..15w", "verified"),
        ("mdma-cbct", "cbct-15", "cbct-1", "0d..7w", "verified"),
    ],
)
def test_a_window_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, allowed: str, grade: str
) -> None:
    (rule,) = [rule for rule in rules(name, visit, reference) if rule.window is not None]
    assert (rule.window, rule.stated.grade) == (parse_window(allowed), grade)


@pytest.mark.parametrize("name", FILES)
def test_no_upper_bound_between_dosing_sessions_is_made_up(name: str) -> None:
    dosing = {one.id for one in course(name).visits if one.kind == "dosing"}
    bounded = [
        rule
        for rule in course(name).rules
        if rule.point.visit in dosing
        and rule.reference.visit in dosing
        and rule.window is not None
        and rule.window.latest is not None
    ]
    # The label gives one week or two, and two sessions in a week.
    assert bounded == [] or name == "spravato"


# The comparison of two and three sessions


def test_the_arms_differ_by_one_session_with_its_three_integrations() -> None:
    two, three = (
        {one.id for one in course("mpva-2v3", arm).visits}
        for arm in ("two-sessions", "three-sessions")
    )
    assert two < three
    assert three - two == {"dosing-3", "integration-a-3", "integration-b-3", "integration-c-3"}


def test_monthly_as_four_weeks_without_a_window_names_the_trap() -> None:
    (rule,) = [rule for rule in rules("mpva-2v3", "dosing-2", "dosing-1") if rule.target]
    assert rule.window is None
    assert "onthly" in (rule.stated.note or "")
    assert any("dosing" in message for message in found("mpva-2v3", "month-or-weeks"))


# The autism trial


def test_integrations_that_end_when_the_next_session_is_due_name_the_trap() -> None:
    (message,) = found("mdma-autism", "target-unreachable")
    assert "dosing-2" in message
    assert "30d.." in message  # 1 + 14 + 14 = 29 days to the third integration, and a day more


def test_seven_hours_planned_and_eight_reported_name_the_trap() -> None:
    (said,) = protocol("mdma-autism").disagreements
    assert said.about == "dosing"
    assert dict(said.readings) == {"registry": "7 hours", "paper": "8 hours"}
    assert said.follows == "registry"
    length = course("mdma-autism").visit("dosing-1").visit.duration
    assert length is not None
    assert length.value == parse_window("7h")
    assert found("mdma-autism", "sources-disagree")


def test_a_blinded_rater_of_whom_nothing_says_apart_from_the_sessions_names_the_trap() -> None:
    rater = protocol("mdma-autism").roles["rater"]
    assert rater.blinded
    assert rater.never_with == ()
    assert found("mdma-autism", "rater-not-kept-apart")


def test_blood_is_taken_two_hours_after_the_administration() -> None:
    blood = items("mdma-autism", "dosing-2")["blood"]
    assert (blood.after, str(blood.target)) == ("administration", "2h")


# BIMA


def test_bima_has_ten_sessions_two_of_them_dosing() -> None:
    counted = kinds("bima")
    assert counted["preparation"] + counted["dosing"] + counted["integration"] == 10


def test_bima_follow_ups_count_from_the_detoxification_that_comes_first() -> None:
    assert course("bima").visit("baseline").visit.requires == ("detox-complete",)
    assert [track.times for track, _, _ in course("bima").tracks] == [7, 7]


# Couples and groups


def test_couples_have_fifteen_sessions_and_two_dosing_sessions_for_two_participants() -> None:
    shared = [one for one in course("mdma-cbct").visits if one.visit.participants]
    assert [one.kind for one in shared].count("contact") == 15
    assert [one.kind for one in shared].count("dosing") == 2
    for one in shared:
        assert one.visit.participants == (2, 2)
        assert one.visit.staff is not None
        assert one.visit.staff.roles == {"mdma-therapist": 1, "cbct-therapist": 1}


def test_the_supplement_of_a_couple_is_optional_one_and_a_half_to_two_hours_later() -> None:
    second = items("mdma-cbct", "dosing-1")["second-administration"]
    assert second.optional
    assert second.within == parse_window("90min..120min")


def test_groups_of_four_to_six_share_every_session() -> None:
    shared = [one for one in course("hope-group").visits if one.visit.participants]
    assert {one.visit.participants for one in shared} == {(4, 6)}
    assert len(shared) == 7


def test_the_texts_on_the_groups_contradict_each_other() -> None:
    said = {one.about: one for one in protocol("hope-group").disagreements}
    assert set(said) == {"dosing", "hope-group", "integration-1"}
    assert said["dosing"].follows == "observations"


@pytest.mark.parametrize("name", ["mdma-cbct", "hope-group"])
def test_a_visit_for_several_participants_names_the_trap(name: str) -> None:
    assert found(name, "shared-visit")


# Norway


def test_norway_numbers_its_visits_as_its_table_does() -> None:
    numbered = [one.id for one in course("mdma-mdd-norway").visits]
    assert numbered == ["phone", "sc", *(f"v{number}" for number in range(15))]
    assert course("mdma-mdd-norway").visit("phone").visit.mode == "phone"
    assert protocol("mdma-mdd-norway").anchor.visit == "v3"


def test_norway_phases_are_as_long_as_the_table_says() -> None:
    lengths = {one.id: one.within for one in protocol("mdma-mdd-norway").constraints}
    assert lengths["screening-phase"] == parse_window("2w..6w")
    assert lengths["preparation-phase"] == parse_window("2w..11w")
    assert lengths["treatment-phase"] == parse_window("5w..11w")  # 8 weeks, 3 on either side


# Esketamine


def test_esketamine_is_given_twelve_times_in_the_first_eight_weeks() -> None:
    names = [one.id for one in course("spravato").visits if one.kind == "dosing"]
    assert sum(name.startswith("induction-") for name in names) == 8
    assert sum(name.startswith("weekly-") for name in names) == 4


def test_esketamine_goes_on_while_there_is_benefit_and_ends_by_a_decision() -> None:
    cycles = {epoch.id: epoch.cycle for epoch in protocol("spravato").epochs}
    maintenance = cycles["maintenance"]
    assert maintenance is not None
    assert maintenance.until == "maintenance-ends"
    assert {
        one.visit.when for one in course("spravato").visits if one.id.startswith(("weekly", "spac"))
    } == {"benefit"}


def test_esketamine_is_observed_for_two_hours_with_blood_pressure_before_and_at_forty_minutes() -> (
    None
):
    sheet = items("spravato", "induction-a-1")
    assert sheet["pressure-before"].kind == "check"
    assert str(sheet["pressure-after"].target) == "40min"
    assert sheet["discharge"].within == parse_window("120min..")


def test_an_approved_product_is_shown_without_amounts() -> None:
    (arm,) = protocol("spravato").arms
    assert (arm.label, arm.periods) == (None, ())
    assert protocol("spravato").registry == ()
    assert [notice.kind for notice in protocol("spravato").notices] == ["regulatory"]


# Smoking


def test_a_third_session_that_is_optional_names_the_trap() -> None:
    third = course("jhu-smoking").visit("dosing-3").visit
    assert third.optional
    assert third.when == "third-session"
    assert "optional" in (protocol("jhu-smoking").decisions["third-session"].condition or "")
    assert found("jhu-smoking", "conditional-visits")


def test_without_the_third_session_nothing_else_moves() -> None:
    without = expand(protocol("jhu-smoking"), without_visits=["dosing-3"])
    everything = {one.id for one in course("jhu-smoking").visits}
    assert everything - {one.id for one in without.visits} == {"dosing-3"}
    assert without.flaws == ()


def test_the_registry_number_of_the_smoking_pilot_is_also_its_successors() -> None:
    smoking = protocol("jhu-smoking")
    assert smoking.registry == ("NCT01943994",)
    assert smoking.sources["successor"].id == "NCT01943994"
    assert "successor" in (smoking.note or "")
