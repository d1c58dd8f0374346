"""Trials of LSD and three of psilocybin: crossovers, open sessions, days as a registry prints."""

import pytest
from published import course, findings, found, kinds, protocol, rules

from planner.time.distance import CalendarDistance, parse_distance, parse_window

FILES = (
    "aud-psi",
    "jhu-cancer",
    "nyu-cancer",
    "mm120-2b",
    "mm120-3",
    "lsd-anx",
    "lsd-ltd",
    "pam",
    "dewit-4dose",
)
CROSSOVERS = ("jhu-cancer", "nyu-cancer", "lsd-anx")
PAM_DOSES = (1, 4, 8, 11, 15, 18, 22, 25, 29, 32, 35, 39, 43)
PAM_THERAPY = (1, 8, 15, 22, 29, 36, 43)


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_no_errors(name: str) -> None:
    assert [one for one in findings(name) if one.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "arm", "preparations", "sessions", "integrations"),
    [
        ("aud-psi", None, 4, 3, 8),
        ("jhu-cancer", None, 1, 2, 2),
        ("nyu-cancer", None, 3, 2, 6),
        ("mm120-2b", None, 0, 1, 0),
        ("mm120-3", None, 1, 2, 0),
        ("lsd-anx", None, 1, 4, 0),
        ("lsd-ltd", "full-dose", 2, 2, 6),
        ("lsd-ltd", "low-dose", 2, 4, 6),
        ("pam", None, 0, 13, 0),
        ("dewit-4dose", None, 0, 4, 0),
    ],
)
def test_the_numbers_of_sessions_are_the_ones_read(
    name: str, arm: str | None, preparations: int, sessions: int, integrations: int
) -> None:
    counted = kinds(name, arm)
    assert counted.get("preparation", 0) == preparations
    assert counted["dosing"] == sessions
    assert counted.get("integration", 0) == integrations


@pytest.mark.parametrize(
    ("name", "visit", "reference", "distance", "grade"),
    [
        ("aud-psi", "dosing-1", "therapy-1", "4w", "assumed"),
        ("aud-psi", "dosing-2", "dosing-1", "4w", "derived"),
        ("aud-psi", "double-blind-end", "dosing-1", "32w", "verified"),
        ("aud-psi", "open-dosing", "therapy-1", "38w", "unverified"),
        ("aud-psi", "end", "dosing-1", "50w", "secondary"),
        ("jhu-cancer", "dosing-1", "enrolment", "28d", "secondary"),
        ("jhu-cancer", "dosing-2", "dosing-1", "5w", "verified"),
        ("jhu-cancer", "follow-up-6mo", "dosing-2", "6mo", "unverified"),
        ("nyu-cancer", "dosing-2", "dosing-1", "7w", "verified"),
        ("nyu-cancer", "primary-endpoint", "dosing-1", "7w", "verified"),
        ("nyu-cancer", "follow-up-26w", "dosing-2", "26w", "assumed"),
        ("mm120-2b", "primary-endpoint", "dosing", "4w", "derived"),
        ("mm120-2b", "week-12", "dosing", "12w", "derived"),
        ("mm120-3", "primary-endpoint", "dosing", "12w", "verified"),
        ("mm120-3", "end", "dosing", "52w", "derived"),
        ("lsd-anx", "session-b-1", "session-a-1", "6w", "unverified"),
        ("lsd-anx", "assessment-16w-2", "session-b-2", "16w", "verified"),
        ("lsd-anx", "session-a-2", "assessment-16w-1", "4w", "unverified"),
        ("lsd-anx", "follow-up-12mo", "assessment-16w-2", "12mo", "derived"),
        ("lsd-ltd", "primary-endpoint", "blinded-dosing-2", "2mo", "verified"),
        ("lsd-ltd", "follow-up-12mo", "blinded-dosing-2", "12mo", "secondary"),
        ("pam", "follow-up-1mo", "mcp-7", "1mo", "assumed"),
        ("pam", "follow-up-6mo", "mcp-7", "6mo", "assumed"),
    ],
)
def test_a_target_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, distance: str, grade: str
) -> None:
    (rule,) = [rule for rule in rules(name, visit, reference) if rule.target is not None]
    assert (rule.target, rule.stated.grade) == (parse_distance(distance), grade)
    assert rule.window is None  # none is published


@pytest.mark.parametrize(
    ("name", "visit", "reference", "allowed", "grade"),
    [
        ("aud-psi", "between-1", "dosing-1", "1d", "unverified"),
        ("nyu-cancer", "dosing-1", "baseline", "2w..4w", "unverified"),
        ("mm120-2b", "day-2", "dosing", "1d", "derived"),
        ("lsd-ltd", "blinded-dosing-2", "blinded-dosing-1", "2w..3w", "verified"),
        ("dewit-4dose", "dosing-4", "dosing-3", "3d..4d", "verified"),
        ("dewit-4dose", "drug-free", "dosing-4", "3d..4d", "verified"),
    ],
)
def test_a_window_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, allowed: str, grade: str
) -> None:
    (rule,) = [rule for rule in rules(name, visit, reference) if rule.window is not None]
    assert (rule.window, rule.stated.grade) == (parse_window(allowed), grade)


@pytest.mark.parametrize("name", FILES)
def test_no_upper_bound_is_assumed(name: str) -> None:
    bounded = [
        rule.name
        for rule in course(name).rules
        if rule.stated.grade == "assumed"
        and rule.window is not None
        and rule.window.earliest is not None
        and rule.window.latest is not None
    ]
    assert bounded == []


# Crossovers


@pytest.mark.parametrize("name", CROSSOVERS)
def test_both_orders_of_a_crossover_have_one_calendar(name: str) -> None:
    first, second = protocol(name).arms
    assert "crossover" in protocol(name).design
    assert len(first.periods) == len(second.periods) == 2
    assert course(name, first.id).visits == course(name, second.id).visits
    assert course(name, first.id).rules == course(name, second.id).rules


@pytest.mark.parametrize("name", CROSSOVERS)
def test_the_periods_of_a_crossover_hold_the_same_in_the_other_order(name: str) -> None:
    first, second = (
        [period.split(" (")[0] for period in arm.periods] for arm in protocol(name).arms
    )
    assert first == second[::-1]


def test_nine_weeks_planned_and_275_days_counted_name_the_trap() -> None:
    (said,) = protocol("jhu-cancer").disagreements
    assert said.about == "jhu-cancer"
    assert "8-10 weeks" in said.readings["study-page"]
    assert "275 days" in said.readings["methods"]
    assert said.follows == "study-page"
    assert found("jhu-cancer", "sources-disagree")


def test_the_primary_endpoint_of_a_crossover_comes_before_the_second_session() -> None:
    (before,) = rules("nyu-cancer", "primary-endpoint", "dosing-2")
    assert before.backwards
    assert (before.window, before.order) == (None, parse_window("..-1d"))


def test_the_last_sessions_of_the_two_periods_are_as_far_apart_as_the_follow_up_says() -> None:
    steps = [
        ("assessment-16w-1", "session-b-1"),
        ("session-a-2", "assessment-16w-1"),
        ("session-b-2", "session-a-2"),
    ]
    targets = [rule.target for pair in steps for rule in rules("lsd-anx", *pair) if rule.target]
    apart = sum(one.days for one in targets if isinstance(one, CalendarDistance))
    assert apart == 7 * (94 - 68)  # weeks since the last LSD session, in one order and the other


# Alcohol


def test_twelve_weekly_sessions_of_therapy_fit_into_twelve_weeks() -> None:
    therapy = [
        one.id for one in course("aud-psi").visits if one.kind in ("preparation", "integration")
    ]
    assert len(therapy) == 12
    (twelve_weeks,) = protocol("aud-psi").constraints
    assert twelve_weeks.within == parse_window("0d..12w")


def test_the_open_session_of_the_alcohol_trial_is_a_decision_after_the_blinded_weeks() -> None:
    session = course("aud-psi").visit("open-dosing").visit
    assert session.when == "open-label-session"
    assert rules("aud-psi", "open-dosing", "double-blind-end")
    assert found("aud-psi", "conditional-visits")


# MM120


def test_days_from_one_and_weeks_from_zero_name_the_trap() -> None:
    titles = [one.visit.title for one in course("mm120-2b").visits]
    for title in ("Day 2", "Week 1", "Week 2", "Week 4, primary endpoint", "Week 8", "Week 12"):
        assert title in titles
    (message,) = found("mm120-2b", "day-and-week-numbers")
    assert "Day 8" in message  # which is Week 1


def test_medication_is_tapered_off_before_the_baseline() -> None:
    assert course("mm120-2b").visit("baseline").visit.requires == ("taper-complete",)


def test_open_treatment_by_criteria_names_the_trap() -> None:
    assert course("mm120-3").visit("open-dosing").visit.when == "open-label-treatment"
    assert "criteria" in (protocol("mm120-3").decisions["open-label-treatment"].condition or "")
    assert found("mm120-3", "conditional-visits")


def test_one_monitor_is_in_the_room_and_one_on_a_screen() -> None:
    staffing = course("mm120-3").visit("dosing").visit.staff
    assert staffing is not None
    assert staffing.roles == {"in-room-monitor": 1, "remote-monitor": 1}


def test_two_registered_trials_share_the_file_of_phase_3() -> None:
    assert protocol("mm120-3").registry == ("NCT06741228", "NCT06809595")
    assert [arm.label for arm in protocol("mm120-3").arms] == ["100 µg", "50 µg", None]


# LSD in life-threatening disease


def test_the_arms_are_alike_until_the_unblinding_and_part_after_it() -> None:
    names = {
        arm: [one.id for one in course("lsd-ltd", arm).visits] for arm in ("full-dose", "low-dose")
    }
    until = names["full-dose"].index("unblinding") + 1
    assert names["full-dose"][:until] == names["low-dose"][:until]
    assert set(names["low-dose"]) - set(names["full-dose"]) == {"open-dosing-1", "open-dosing-2"}
    assert found("lsd-ltd", "arms-part-at-unblinding")


def test_a_year_of_follow_up_counts_from_the_last_session_of_each_arm() -> None:
    for arm, last in (("full-dose", "blinded-dosing-2"), ("low-dose", "open-dosing-2")):
        targets = [rule.target for rule in rules("lsd-ltd", "follow-up-12mo", last, arm)]
        assert CalendarDistance(12, 0) in targets


# Microdoses


@pytest.mark.parametrize(("prefix", "days"), [("dosing", PAM_DOSES), ("mcp", PAM_THERAPY)])
def test_pam_days_are_as_the_registry_prints_them(prefix: str, days: tuple[int, ...]) -> None:
    for number, day in enumerate(days, start=1):
        if (prefix, number) == ("dosing", 1):
            assert protocol("pam").anchor.visit == "dosing-1"
            continue
        (rule,) = rules("pam", f"{prefix}-{number}", "dosing-1")
        assert rule.target == CalendarDistance(0, day - 1)
        assert rule.window == parse_window(f"{day - 2}d..{day}d")
        assert rule.stated.grade == "verified"
        assert f"Day {day}," in (course("pam").visit(f"{prefix}-{number}").visit.title or "")


def test_a_day_off_the_pattern_names_the_trap() -> None:
    (message,) = found("pam", "irregular-cadence")
    assert "`dosing-11`" in message
    assert "34d" in message


def test_the_day_that_the_pattern_gives_lies_within_the_printed_window() -> None:
    (rule,) = rules("pam", "dosing-11", "dosing-1")
    assert rule.window is not None
    assert rule.window.latest == CalendarDistance(0, 36 - 1)


def test_therapy_beside_the_microdoses_takes_an_hour() -> None:
    for number in range(1, 8):
        length = course("pam").visit(f"mcp-{number}").visit.duration
        assert length is not None
        assert length.value == parse_window("60min")


def test_no_break_week_is_written_since_nobody_knows_where_it_falls() -> None:
    assert all(epoch.cycle is None for epoch in protocol("pam").epochs)
    assert "breaks" in protocol("pam").footnotes


def test_four_doses_of_five_hours_end_with_a_session_free_of_the_drug() -> None:
    *_, last_dose, last = course("dewit-4dose").visits
    assert (last_dose.id, last.id, last.kind) == ("dosing-4", "drug-free", "assessment")
    for number in range(1, 5):
        length = course("dewit-4dose").visit(f"dosing-{number}").visit.duration
        assert length is not None
        assert length.value == parse_window("5h")


def test_a_study_without_a_number_that_was_found_gives_none() -> None:
    assert protocol("dewit-4dose").registry == ()
