"""Trials of psilocybin in depression: what was published of each, and what the checks find."""

import pytest
from published import course, findings, found, protocol, rules

from planner.protocol.course import TimingConstraint
from planner.schedule.build import build_schedule
from planner.schedule.slack import effective_windows
from planner.time.distance import CalendarDistance, parse_distance, parse_window

FILES = ("comp001", "comp005", "comp006", "psil201", "uaspire", "psilodep-2", "jhu-mdd")


def target(name: str, visit: str, reference: str, arm: str | None = None) -> TimingConstraint:
    (rule,) = [one for one in rules(name, visit, reference, arm) if one.target is not None]
    return rule


def visits_with(name: str, activity: str, arm: str | None = None) -> list[str]:
    return [one.id for one in course(name, arm).visits if activity in one.visit.activities]


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_no_errors_and_names_what_it_is_about(name: str) -> None:
    assert [one for one in findings(name) if one.severity == "error"] == []
    assert protocol(name).substance == ("psilocybin",)
    assert "depress" in (protocol(name).condition or "")


@pytest.mark.parametrize(
    ("name", "sessions"),
    [
        ("comp001", ["dosing"]),
        ("comp005", ["dosing-a", "dosing-b", "dosing-c"]),
        ("comp006", ["dosing-1", "dosing-2"]),
        ("psil201", ["dosing"]),
        ("uaspire", ["dosing", "open-dosing"]),
        ("psilodep-2", ["dosing-1", "dosing-2"]),
        ("jhu-mdd", ["dosing-1", "dosing-2"]),
    ],
)
def test_every_arm_has_the_published_dosing_sessions(name: str, sessions: list[str]) -> None:
    for arm in protocol(name).arms:
        assert [one.id for one in course(name, arm.id).visits if one.kind == "dosing"] == sessions


@pytest.mark.parametrize(
    ("name", "visits"),
    [
        ("comp001", ["week-3"]),
        ("comp005", ["week-6"]),
        ("comp006", ["week-6"]),
        ("psil201", ["day-43"]),
        ("uaspire", ["day-43"]),
        ("psilodep-2", ["week-6"]),
        ("jhu-mdd", ["week-1", "week-4"]),
    ],
)
def test_the_primary_endpoint_is_that_of_the_published_visits(name: str, visits: list[str]) -> None:
    primary = [one.id for one in course(name).visits if one.visit.endpoint == "primary"]
    assert primary == visits
    measured = {key for key, one in protocol(name).activities.items() if one.endpoint == "primary"}
    assert all(measured & set(course(name).visit(one).visit.activities) for one in visits)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("comp001", ["25 mg", "10 mg", "1 mg"]),
        ("comp006", ["25 mg", "10 mg", "1 mg"]),
        ("psil201", ["25 mg", "100 mg"]),
    ],
)
def test_arms_are_labelled_in_the_words_of_the_publication(name: str, labels: list[str]) -> None:
    assert [arm.label for arm in protocol(name).arms] == labels


@pytest.mark.parametrize(
    ("name", "visit", "reference", "distance", "grade"),
    [
        ("comp001", "week-1", "dosing", "1w", "verified"),
        ("comp001", "week-2", "dosing", "2w", "verified"),
        ("comp001", "week-3", "dosing", "3w", "verified"),
        ("comp001", "week-6", "dosing", "6w", "verified"),
        ("comp001", "week-9", "dosing", "9w", "verified"),
        ("comp001", "week-12", "dosing", "12w", "verified"),
        ("comp001", "integration-2", "dosing", "1w", "unverified"),
        ("comp005", "week-6", "dosing-a", "6w", "verified"),
        ("comp005", "week-26", "dosing-a", "26w", "verified"),
        ("comp005", "week-52", "dosing-a", "52w", "verified"),
        ("comp006", "dosing-2", "dosing-1", "3w", "secondary"),
        ("comp006", "week-6", "dosing-1", "6w", "derived"),
        ("comp006", "week-26", "dosing-1", "26w", "derived"),
        ("comp006", "week-52", "dosing-1", "52w", "derived"),
        ("psil201", "day-2", "dosing", "1d", "verified"),
        ("psil201", "day-8", "dosing", "7d", "verified"),
        ("psil201", "day-15", "dosing", "14d", "verified"),
        ("psil201", "day-29", "dosing", "28d", "verified"),
        ("psil201", "day-43", "dosing", "42d", "verified"),
        ("uaspire", "day-43", "dosing", "42d", "derived"),
        ("uaspire", "end", "dosing", "58w", "derived"),
        ("psilodep-2", "dosing-2", "dosing-1", "3w", "verified"),
        ("psilodep-2", "week-6", "dosing-1", "6w", "verified"),
        ("psilodep-2", "follow-up-6mo", "dosing-1", "6mo", "assumed"),
        ("jhu-mdd", "week-1", "dosing-2", "1w", "verified"),
        ("jhu-mdd", "week-4", "dosing-2", "4w", "verified"),
        ("jhu-mdd", "month-12", "dosing-2", "12mo", "unverified"),
    ],
)
def test_a_target_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, distance: str, grade: str
) -> None:
    rule = target(name, visit, reference)
    assert (rule.target, rule.stated.grade) == (parse_distance(distance), grade)


@pytest.mark.parametrize(
    ("name", "visit", "reference", "allowed", "grade"),
    [
        ("comp001", "day-2", "dosing", "1d", "verified"),
        ("comp005", "screening", "dosing-a", "-10w..-3w", "verified"),
        ("comp005", "dosing-b", "dosing-a", "6w..26w", "verified"),
        ("comp005", "dosing-c", "dosing-a", "26w..52w", "verified"),
        ("comp006", "screening", "dosing-1", "-10w..-3w", "verified"),
        ("uaspire", "screening", "dosing", "-6w..-2w", "derived"),
        ("uaspire", "end", "screening", "60w..64w", "verified"),
    ],
)
def test_a_window_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, allowed: str, grade: str
) -> None:
    (rule,) = [one for one in rules(name, visit, reference) if one.window is not None]
    assert (rule.window, rule.stated.grade) == (parse_window(allowed), grade)


# COMP001, COMP005, COMP006


@pytest.mark.parametrize(
    ("activity", "visits"),
    [
        ("madrs", "baseline day-2 week-1 week-3 week-6 week-9 week-12"),
        ("qids", "baseline dosing day-2 week-1 week-2 week-3 week-6 week-9 week-12"),
        ("asc", "dosing"),
        ("ebi", "day-2"),
    ],
)
def test_comp001_measures_at_the_published_times(activity: str, visits: str) -> None:
    assert visits_with("comp001", activity) == visits.split()


def test_comp001_days_count_from_one_and_weeks_from_zero() -> None:
    (message,) = found("comp001", "day-and-week-numbers")
    assert "Day 2" in message
    assert "Week" in message
    assert not found("comp001", "title-and-timing")
    assert not protocol("comp001").day_zero


def test_comp001_raters_are_never_where_the_therapists_are() -> None:
    both = [
        one.id
        for one in course("comp001").visits
        if one.visit.staff is not None and {"rater", "lead-therapist"} <= set(one.visit.staff.roles)
    ]
    assert both == []
    assert set(protocol("comp001").roles["rater"].never_with) == {
        "preparation",
        "dosing",
        "integration",
    }


def test_comp005_two_decisions_carry_one_visit_each() -> None:
    depends = {one.id: one.visit.when for one in course("comp005").visits if one.visit.when}
    assert depends == {"dosing-b": "re-treatment", "dosing-c": "open-label"}
    assert len(found("comp005", "conditional-visits")) == 2


def test_comp005_plan_and_announcement_differ_on_how_many_take_part() -> None:
    (message,) = found("comp005", "sources-disagree")
    assert "255" in message
    assert "258" in message


@pytest.mark.parametrize(("name", "first"), [("comp005", "dosing-a"), ("comp006", "dosing-1")])
def test_the_parts_add_up_to_the_published_55_to_62_weeks(name: str, first: str) -> None:
    (screening,) = [rule.window for rule in rules(name, "screening", first)]
    assert screening is not None
    last = target(name, "week-52", first).target
    assert isinstance(last, CalendarDistance)
    ends = [screening.latest, screening.earliest]
    days = [last.days - end.days for end in ends if isinstance(end, CalendarDistance)]
    assert days == [55 * 7, 62 * 7]


# PSIL201 with PSIL202, uAspire


def test_psil201_baseline_may_be_up_to_seven_days_before_dosing_or_on_the_day() -> None:
    windows = [str(rule.window) for rule in rules("psil201", "baseline", "dosing")]
    assert "-1w..0d" in windows
    left = effective_windows(build_schedule(course("psil201")))["baseline"]
    assert tuple(left) == (-7, 0)


def test_psil201_titles_agree_with_the_day_of_dosing_as_day_1() -> None:
    assert not found("psil201", "title-and-timing")
    assert not protocol("psil201").day_zero
    (message,) = found("psil201", "sources-disagree")
    assert "43 days after dosing" in message


@pytest.mark.parametrize("month", [2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24])
def test_psil202_follows_up_by_telephone_in_published_windows(month: int) -> None:
    rule = target("psil201", f"month-{month}", "dosing")
    around = 7 if month <= 6 else 14
    assert rule.target == CalendarDistance(month, 0)
    assert rule.window is not None
    assert rule.window.earliest == CalendarDistance(month, -around)
    assert rule.window.latest == CalendarDistance(month, around)
    assert rule.stated.grade == "verified"
    assert course("psil201").visit(f"month-{month}").visit.mode == "phone"


def test_psil202_has_no_other_follow_ups() -> None:
    assert len([one for one in course("psil201").visits if one.id.startswith("month-")]) == 14


def test_uaspire_re_administration_depends_on_a_decision_after_day_43() -> None:
    (again,) = [one for one in course("uaspire").visits if one.visit.when]
    assert (again.id, again.visit.when) == ("open-dosing", "re-administration")
    (rule,) = rules("uaspire", "open-dosing", "day-43")
    assert (rule.window, rule.order) == (None, parse_window("1d.."))
    (message,) = found("uaspire", "conditional-visits")
    assert "re-administration" in message


# PSILODEP-2


def test_psilodep_2_capsules_are_two_tracks_of_21_days_and_no_visits() -> None:
    tracks = {track.id: track for track, _, _ in course("psilodep-2").tracks}
    first, second = tracks["capsules-first"], tracks["capsules-second"]
    assert (first.kind, second.kind) == ("intake", "intake")
    assert (first.times or 0) + (second.times or 0) == 42
    assert second.offset == CalendarDistance(0, 21)


def test_psilodep_2_capsules_change_on_the_day_of_the_second_session_without_being_tied_to_it() -> (
    None
):
    messages = found("psilodep-2", "track-not-tied")
    assert any("capsules-second" in one and "dosing-2" in one for one in messages)


def test_psilodep_2_record_once_had_one_session_and_an_endpoint_after_a_week() -> None:
    sessions, endpoint = found("psilodep-2", "sources-disagree")
    assert "first-registry` says one" in sessions
    assert "first-registry` says 1 week" in endpoint


def test_psilodep_2_has_one_meeting_in_person_and_two_from_afar_after_each_session() -> None:
    for cycle in (1, 2):
        modes = [
            one.visit.mode
            for one in course("psilodep-2").visits
            if one.kind == "integration" and one.cycle == cycle
        ]
        assert modes == ["clinic", "video", "video"]


# The wait list of Johns Hopkins


def test_jhu_mdd_those_who_wait_are_rated_5_and_8_weeks_after_enrolment() -> None:
    for weeks in (5, 8):
        rule = target("jhu-mdd", f"wait-week-{weeks}", "enrolment", "delayed")
        assert (rule.target, rule.stated.grade) == (CalendarDistance(0, 7 * weeks), "verified")
    assert not any(one.id.startswith("wait") for one in course("jhu-mdd", "immediate").visits)


@pytest.mark.parametrize(("arm", "weeks"), [("immediate", 4), ("delayed", 12)])
def test_jhu_mdd_second_session_is_four_weeks_after_enrolment_or_after_the_wait(
    arm: str, weeks: int
) -> None:
    rule = target("jhu-mdd", "dosing-2", "enrolment", arm)
    assert (rule.target, rule.stated.grade) == (CalendarDistance(0, 7 * weeks), "derived")


@pytest.mark.parametrize("arm", ["immediate", "delayed"])
def test_jhu_mdd_both_arms_are_rated_1_and_4_weeks_after_the_second_session(arm: str) -> None:
    rated = visits_with("jhu-mdd", "grid-hamd", arm)
    assert rated[-2:] == ["week-1", "week-4"]


def test_jhu_mdd_assessments_of_the_wait_need_not_match_those_after_treatment() -> None:
    first, second = found("jhu-mdd", "wait-list-unmatched")
    assert "wait-week-5" in first
    assert "week-1" in first
    assert "wait-week-8" in second
    assert "week-4" in second


def test_jhu_mdd_only_the_raters_are_masked_and_no_rater_sees_a_session() -> None:
    assert protocol("jhu-mdd").blinded == ("rater",)
    assert set(protocol("jhu-mdd").roles["rater"].never_with) == {
        "preparation",
        "dosing",
        "integration",
    }


# What came to be known in 2026


def test_comp005_gives_the_same_once_more_in_part_b_to_both_arms() -> None:
    again = [arm.periods[1] for arm in protocol("comp005").arms]
    assert again == ["the same once more, if the criteria are met (part B)"] * 2
    assert {arm.grade for arm in protocol("comp005").arms} == {"secondary"}


def test_comp006_compares_the_highest_dose_with_the_lowest_by_blinded_raters() -> None:
    stated = protocol("comp006")
    assert "the highest dose against the lowest" in stated.footnotes["comparison"]
    assert stated.activities["madrs"].footnotes == ("comparison",)
    assert "rater" in stated.blinded


@pytest.mark.parametrize("name", ["mm120-2b", "mm120-3"])
def test_mm120_is_found_under_its_new_name(name: str) -> None:
    assert protocol(name).title.startswith("MM120, now DT120 (lysergide)")
