"""The trials of MDMA-assisted therapy for PTSD after MAPP1: what was published of each."""

import pytest
from published import course, findings, found, items, protocol, rules

from planner.protocol.course import Occurrence
from planner.protocol.expand import expand
from planner.time.distance import ClockDistance, parse_window

FILES = ("mapp2", "mappusx", "mplong", "mp-16", "mp-1", "mp-4", "mp-8", "mp-9", "mp-12")
POOL = ("mp-1", "mp-4", "mp-8", "mp-9", "mp-12")
PARTING = (
    ("mp-1", "mdma", "placebo"),
    ("mp-4", "full-dose", "comparator"),
    ("mp-8", "full-dose", "low-dose"),
    ("mp-12", "high-dose", "low-dose"),
)


def of_kind(name: str, kind: str, arm: str | None = None) -> list[Occurrence]:
    return [visit for visit in course(name, arm).visits if visit.kind == kind]


def after_unblinding(name: str, kind: str, arm: str) -> list[Occurrence]:
    visits = list(course(name, arm).visits)
    (at,) = [at for at, visit in enumerate(visits) if visit.kind == "unblinding"]
    return [visit for visit in visits[at + 1 :] if visit.kind == kind]


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_no_errors(name: str) -> None:
    assert [one for one in findings(name) if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "arm", "preparations", "sessions", "integrations"),
    [
        ("mapp2", "mdma-at", 3, 3, 9),
        ("mappusx", None, 3, 3, 9),
        ("mp-16", None, 3, 3, 9),
        ("mp-1", "mdma", 3, 3, 3),
        ("mp-1", "placebo", 3, 5, 5),
        ("mp-4", "full-dose", 3, 3, 9),
        ("mp-4", "comparator", 4, 5, 15),
        ("mp-8", "full-dose", 3, 3, 9),
        ("mp-8", "low-dose", 4, 5, 15),
        ("mp-8", "medium-dose", 4, 5, 15),
        ("mp-9", "full-dose", 3, 2, 6),
        ("mp-9", "active-placebo", 3, 2, 6),
        ("mp-12", "high-dose", 3, 3, 9),
        ("mp-12", "low-dose", 3, 5, 15),
    ],
)
def test_sessions_are_as_many_as_published(
    name: str, arm: str | None, preparations: int, sessions: int, integrations: int
) -> None:
    assert len(of_kind(name, "preparation", arm)) == preparations
    assert len(of_kind(name, "dosing", arm)) == sessions
    assert len(of_kind(name, "integration", arm)) == integrations


@pytest.mark.parametrize(
    ("name", "visit", "reference", "target", "window", "grade"),
    [
        ("mapp2", "dosing-2", "dosing-1", "4w", None, "unverified"),
        ("mapp2", "primary-endpoint", "baseline", "18w", None, "unverified"),
        ("mappusx", "dosing-3", "dosing-2", "4w", None, "unverified"),
        ("mplong", "long-term-follow-up", "last-parent-session", "6mo", None, "unverified"),
        ("mp-16", "dosing-3", "dosing-2", None, "3w..5w", "verified"),
        ("mp-16", "primary-endpoint", "baseline", "18w", None, "verified"),
        ("mp-1", "integration-a-1", "blinded-dosing-1", None, "1d", "verified"),
        ("mp-1", "assessment-after-2", "blinded-dosing-2", "4d", None, "verified"),
        ("mp-1", "primary-endpoint", "blinded-dosing-2", "2mo", None, "verified"),
        ("mp-1", "blinded-dosing-2", "blinded-dosing-1", "1mo", None, "retracted"),
        ("mp-4", "integration-a-1", "blinded-dosing-1", None, "1d", "verified"),
        ("mp-4", "blinded-dosing-2", "blinded-dosing-1", None, "3w..5w", "verified"),
        ("mp-4", "primary-endpoint", "blinded-dosing-2", "1mo", None, "verified"),
        ("mp-8", "blinded-dosing-2", "blinded-dosing-1", None, "3w..5w", "verified"),
        ("mp-8", "primary-endpoint", "blinded-dosing-2", "1mo", None, "verified"),
        ("mp-9", "dosing-2", "dosing-1", None, "3w..5w", "verified"),
        ("mp-9", "integration-a-2", "dosing-2", None, "1d", "verified"),
        ("mp-9", "primary-endpoint", "dosing-2", "2mo", None, "verified"),
        ("mp-9", "long-term-follow-up", "dosing-2", "1y", None, "verified"),
        ("mp-12", "blinded-dosing-2", "blinded-dosing-1", None, "3w..5w", "verified"),
        ("mp-12", "primary-endpoint", "blinded-dosing-2", "1mo", None, "verified"),
    ],
)
def test_a_published_distance_stands_with_its_grade(
    name: str, visit: str, reference: str, target: str | None, window: str | None, grade: str
) -> None:
    (rule,) = rules(name, visit, reference)
    assert (None if rule.target is None else str(rule.target)) == target
    assert rule.window == (None if window is None else parse_window(window))
    assert rule.stated.grade == grade


@pytest.mark.parametrize("name", FILES)
def test_an_assumption_never_sets_an_upper_bound(name: str) -> None:
    for arm in [one.id for one in protocol(name).arms]:
        for rule in course(name, arm).rules:
            if rule.stated.grade == "assumed" and rule.window is not None:
                late = rule.window.earliest if rule.backwards else rule.window.latest
                assert late is None, f"{rule.point.visit} from {rule.reference.visit}"


# MAPP2 and its extension


def test_mapp2_is_graded_by_what_was_read_of_mapp2_and_not_of_mapp1() -> None:
    session = course("mapp2").visit("dosing-1").visit
    talk = course("mapp2").visit("prep-1").visit
    assert session.duration is not None
    assert talk.duration is not None
    assert (session.duration.grade, talk.duration.grade) == ("verified", "unverified")
    assert {one.visit.grade for one in course("mapp2").visits if one.id.startswith("interim")} == {
        "unverified"
    }


def test_mapp2_half_follows_an_hour_and_a_half_to_two_hours_later() -> None:
    item = items("mapp2", "dosing-1")["second-administration"]
    assert (item.within, item.optional) == (parse_window("90min..120min"), True)


def test_mappusx_counts_sixteen_visits_from_the_first_preparation_to_the_endpoint() -> None:
    numbered = [one for one in course("mappusx").visits if one.kind != "screening"]
    assert len(numbered) == 3 + 3 * (1 + 3) + 1 == 16
    assert numbered[2].id == course("mappusx").anchor
    assert numbered[15].id == "primary-endpoint"
    rated = [one.id for one in numbered if "pcl-5" in one.visit.activities]
    assert rated == ["prep-3", "primary-endpoint"]


def test_mplong_gives_nothing_and_asks_once() -> None:
    parent, follow_up = course("mplong").visits
    assert parent.id == course("mplong").anchor
    assert follow_up.visit.activities == ("caps-5", "health-economics")
    assert not follow_up.visit.staff


# Phase 2


@pytest.mark.parametrize("name", POOL)
def test_a_member_of_the_retracted_pool_says_so_and_that_its_own_paper_was_not_meant(
    name: str,
) -> None:
    (notice,) = [one for one in protocol(name).notices if one.kind == "retraction"]
    assert str(notice.date) == "2024-08-10"
    assert "individual trial papers were not in that notice" in " ".join(notice.text.split())


def test_mp12_rests_on_the_retracted_pool_which_names_the_trap() -> None:
    for number in (1, 2, 3):
        visit = course("mp-12").visit(f"prep-{number}")
        assert visit.visit.duration is not None
        assert visit.visit.duration.value.latest == ClockDistance(90)
        assert (visit.epoch.grade, visit.epoch.source) == ("retracted", ("pooled",))
    assert any(
        "`pooled` was retracted on 2024-08-10" in one for one in found("mp-12", "retracted-source")
    )
    assert any("epoch `preparation`" in one for one in found("mp-12", "retracted-source"))


@pytest.mark.parametrize(("name", "active", "waiting"), PARTING)
def test_arms_are_alike_until_unblinding_and_then_one_has_one_more_session_the_other_three(
    name: str, active: str, waiting: str
) -> None:
    assert [one.visit.when for one in after_unblinding(name, "dosing", active)] == ["third-session"]
    assert [one.visit.when for one in after_unblinding(name, "dosing", waiting)] == [
        "crossover"
    ] * 3
    blinded = [one for one in of_kind(name, "dosing", waiting) if one.visit.when is None]
    assert len(blinded) == 2


@pytest.mark.parametrize("name", ["mp-4", "mp-8"])
def test_the_second_stage_has_one_preparation_session_instead_of_three(name: str) -> None:
    arm = "comparator" if name == "mp-4" else "low-dose"
    assert len(after_unblinding(name, "preparation", arm)) == 1


@pytest.mark.parametrize("name", ["mp-4", "mp-8"])
def test_blinding_breaks_the_calendar_and_arms_part_at_unblinding_names_the_trap(name: str) -> None:
    assert found(name, "arms-part-at-unblinding")
    assert not found(name, "visits-tell-arms")
    assert not found(name, "windows-tell-arms")


@pytest.mark.parametrize("name", ["mp-4", "mp-8"])
def test_the_third_session_is_assessed_two_months_later(name: str) -> None:
    (rule,) = rules(name, "endpoint-open", "open-dosing", "full-dose")
    assert (str(rule.target), rule.stated.grade) == ("2mo", "verified")


@pytest.mark.parametrize(("name", "active", "waiting"), PARTING)
def test_the_long_follow_up_counts_from_the_session_that_is_the_last_in_each_arm(
    name: str, active: str, waiting: str
) -> None:
    for arm, kept in ((active, ()), (active, None), (waiting, ()), (waiting, None)):
        whole = expand(protocol(name), arm, with_visits=kept)
        last = [one.id for one in whole.visits if one.kind == "dosing"][-1]
        assert [
            rule.stated.grade
            for rule in whole.rules
            if (rule.point.visit, rule.reference.visit) == ("long-term-follow-up", last)
        ] == ["retracted" if name == "mp-1" else "verified"]


@pytest.mark.parametrize(
    ("name", "written"),
    [("mp-1", "120min..150min"), ("mp-4", "90min..150min"), ("mp-12", None)],
)
def test_the_second_administration_is_as_late_as_published(name: str, written: str | None) -> None:
    item = items(name, "blinded-dosing-1")["second-administration"]
    assert item.within == (None if written is None else parse_window(written))
    assert item.target == (ClockDistance(90) if written is None else None)


def test_mp1_participants_stay_the_night_after_both_blinded_sessions() -> None:
    for number in (1, 2):
        night = course("mp-1").visit(f"blinded-dosing-{number}").visit.overnight
        assert night is not None
        assert night.grade == "verified"


def test_mp4_has_the_same_man_and_woman_throughout() -> None:
    role = protocol("mp-4").roles["therapist"]
    assert (role.count, role.continuity, role.grade) == (2, "participant", "verified")


def test_mp8_asks_for_side_effects_daily_for_a_week_in_one_entry() -> None:
    ((track, start, _),) = course("mp-8").tracks
    assert (start.visit, track.times, str(track.every)) == ("blinded-dosing-1", 7, "1d")


def test_mp9_stay_overnight_and_the_session_next_morning_name_the_trap() -> None:
    stay = course("mp-9").visit("dosing-1").visit
    assert stay.overnight is not None
    assert stay.staff is not None
    assert stay.staff.roles == {"therapist": 2}
    assert any("integration-a-1" in one for one in found("mp-9", "integration-during-stay"))


def test_mp9_night_names_nobody_else_which_names_the_trap() -> None:
    assert any("dosing" in one for one in found("mp-9", "staff-through-the-night"))


def test_mp9_raters_are_never_in_therapy_sessions() -> None:
    rater = protocol("mp-9").roles["rater"]
    assert set(rater.never_with) == {"preparation", "dosing", "integration"}
    assert rater.grade == "verified"


def test_mp9_gives_no_amount_because_the_registry_text_misprints_it() -> None:
    assert all(arm.label is None and not arm.periods for arm in protocol("mp-9").arms)


# MAPP1's traps


def test_mapp1_two_anchors_name_the_trap() -> None:
    assert any("primary-endpoint" in one for one in found("mapp1", "two-anchors"))


def test_mapp1_range_of_caps_5_is_given_wrongly_in_the_registry_which_names_the_trap() -> None:
    (entry,) = protocol("mapp1").disagreements
    assert entry.about == "caps-5"
    assert entry.readings["registry"].startswith("0-136")
    assert entry.readings["caps-range"] == "0-80"
    assert entry.follows == "caps-range"
    assert found("mapp1", "sources-disagree")
