"""Trials read out or begun since 2024: what was published of each, and what nobody published."""

import datetime
from pathlib import Path

import pytest
from published import course, findings, found, items, kinds, protocol, rules

from planner.site.calendar import SiteCalendar
from planner.site.load import load_site
from planner.time.distance import ClockDistance, parse_distance, parse_window
from planner.timeline.plan import course_planner, plan_timeline

START = datetime.date(2027, 1, 11)
EVERYDAY = Path(__file__).parents[2] / "examples" / "site-everyday.yaml"
FILES = (
    "jhu-smoking-rct",
    "smoking-rct-2",
    "mdma-providers",
    "emerge",
    "ascend",
    "approach",
    "bpl-003",
    "gh001",
    "aud-brussels",
    "ocd-bdd-an-au",
)


def planned(name: str) -> dict[str, datetime.date]:
    """The date of each visit of the first arm at a site that is open every day."""
    site = SiteCalendar(load_site(str(EVERYDAY)))
    arm = protocol(name).arms[0].id
    planner = course_planner(protocol(name), site, arm=arm, unblinded=True)
    timeline = plan_timeline(planner, START, unblinded=True)
    return {one.id: one.start.date() for one in timeline.visits}


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_neither_errors_nor_warnings(name: str) -> None:
    assert [one.rule for one in findings(name) if one.severity in ("error", "warning")] == []


@pytest.mark.parametrize(
    ("name", "registry", "design"),
    [
        ("jhu-smoking-rct", ("NCT01943994",), ("open-label", "parallel")),
        ("smoking-rct-2", ("NCT05452772",), ("double-blind", "parallel")),
        ("mdma-providers", ("NCT07102576",), ("open-label", "single-group")),
        ("emerge", ("NCT06941844",), ("triple-blind", "parallel")),
        ("ascend", (), ("double-blind", "parallel")),
        ("approach", ("NCT06564818",), ("double-blind", "parallel")),
        ("bpl-003", ("NCT05870540",), ("quadruple-blind", "parallel")),
        ("gh001", ("NCT05800860",), ("double-blind", "parallel")),
        ("aud-brussels", ("NCT06160232",), ("double-blind", "parallel")),
        ("ocd-bdd-an-au", ("ACTRN12624001160527",), ("open-label", "single-group")),
    ],
)
def test_registry_and_design_are_the_published_ones(
    name: str, registry: tuple[str, ...], design: tuple[str, ...]
) -> None:
    assert (protocol(name).registry, protocol(name).design) == (registry, design)


@pytest.mark.parametrize(
    ("name", "arm", "preparations", "sessions", "integrations"),
    [
        ("jhu-smoking-rct", "psilocybin", 4, 1, 0),
        ("jhu-smoking-rct", "nicotine-patch", 4, 0, 0),
        ("smoking-rct-2", "psilocybin", 0, 2, 0),
        ("smoking-rct-2", "niacin", 0, 2, 0),
        ("mdma-providers", None, 1, 1, 1),
        ("emerge", "placebo", 0, 2, 0),
        ("ascend", "low", 0, 1, 0),
        ("approach", "placebo", 0, 2, 0),
        ("bpl-003", "low", 0, 1, 0),
        ("gh001", "placebo", 0, 2, 0),
        ("aud-brussels", "low", 0, 1, 0),
        ("ocd-bdd-an-au", None, 2, 2, 4),
    ],
)
def test_the_numbers_of_sessions_are_those_of_the_file(
    name: str, arm: str | None, preparations: int, sessions: int, integrations: int
) -> None:
    counted = kinds(name, arm)
    assert counted.get("preparation", 0) == preparations
    assert counted.get("dosing", 0) == sessions
    assert counted.get("integration", 0) == integrations


@pytest.mark.parametrize(
    ("name", "arm", "visit", "reference", "distance", "grade"),
    [
        ("jhu-smoking-rct", "psilocybin", "dosing", "prep-1", "4w", "derived"),
        ("jhu-smoking-rct", "nicotine-patch", "patch-start", "prep-1", "4w", "derived"),
        ("jhu-smoking-rct", "psilocybin", "follow-up-6mo", "dosing", "6mo", "unverified"),
        ("jhu-smoking-rct", "nicotine-patch", "follow-up-6mo", "patch-start", "6mo", "unverified"),
        ("jhu-smoking-rct", "psilocybin", "follow-up-12mo", "dosing", "12mo", "unverified"),
        ("jhu-smoking-rct", "psilocybin", "therapy-8", "therapy-7", "1w", "assumed"),
        ("smoking-rct-2", "niacin", "dosing-2", "dosing-1", "1w", "verified"),
        ("emerge", None, "week-6", "dosing", "6w", "secondary"),
        ("emerge", None, "week-12", "dosing", "12w", "verified"),
        ("emerge", None, "week-52", "dosing", "52w", "derived"),
        ("ascend", None, "week-6", "dosing", "6w", "secondary"),
        ("ascend", None, "week-52", "dosing", "52w", "assumed"),
        ("approach", None, "dosing-2", "dosing-1", "3w", "secondary"),
        ("approach", None, "week-6", "dosing-1", "6w", "secondary"),
        ("approach", None, "week-12", "dosing-1", "12w", "unverified"),
        ("bpl-003", None, "day-29", "dosing", "28d", "derived"),
        ("bpl-003", None, "week-8", "dosing", "8w", "verified"),
        ("gh001", None, "day-7", "dosing", "7d", "unverified"),
        ("gh001", None, "end", "day-7", "6mo", "unverified"),
        ("aud-brussels", None, "week-4", "stay", "4w", "verified"),
        ("aud-brussels", None, "month-6", "stay", "6mo", "verified"),
        ("ocd-bdd-an-au", None, "dosing-2", "dosing-1", "4w", "verified"),
        ("ocd-bdd-an-au", None, "week-8", "baseline", "8w", "secondary"),
    ],
)
def test_a_target_is_the_published_one_and_its_window_is_nobodys(
    name: str, arm: str | None, visit: str, reference: str, distance: str, grade: str
) -> None:
    (rule,) = [one for one in rules(name, visit, reference, arm) if one.target is not None]
    assert (rule.target, rule.stated.grade) == (parse_distance(distance), grade)
    assert rule.stated.window == "not-published"


@pytest.mark.parametrize(
    ("name", "visit", "reference", "allowed", "grade"),
    [
        ("jhu-smoking-rct", "therapy-8", "prep-1", "0d..13w", "verified"),
        ("mdma-providers", "integration", "dosing", "1d", "verified"),
    ],
)
def test_a_window_is_the_published_one_at_its_grade(
    name: str, visit: str, reference: str, allowed: str, grade: str
) -> None:
    (rule,) = [one for one in rules(name, visit, reference) if one.window is not None]
    assert (rule.window, rule.stated.grade) == (parse_window(allowed), grade)


@pytest.mark.parametrize(
    ("name", "visit", "activity"),
    [
        ("jhu-smoking-rct", "follow-up-6mo", "abstinence"),
        ("emerge", "week-6", "madrs"),
        ("approach", "week-6", "madrs"),
        ("bpl-003", "day-29", "madrs"),
        ("gh001", "day-7", "madrs"),
        ("aud-brussels", "week-4", "heavy-drinking"),
        ("ocd-bdd-an-au", "week-8", "symptoms"),
    ],
)
def test_the_primary_endpoint_is_measured_at_its_published_visit(
    name: str, visit: str, activity: str
) -> None:
    whole = course(name)
    assert [one.id for one in whole.visits if one.visit.endpoint == "primary"] == [visit]
    assert activity in whole.visit(visit).visit.activities
    assert protocol(name).activities[activity].endpoint == "primary"


# Smoking, twice


def test_the_smoking_trial_gives_the_drug_or_the_patch_on_the_target_quit_date() -> None:
    whole = {arm: course("jhu-smoking-rct", arm) for arm in ("psilocybin", "nicotine-patch")}
    others = [
        [one.id for one in of.visits if one.id not in ("dosing", "patch-start")]
        for of in whole.values()
    ]
    assert others[0] == others[1]
    assert [arm.label for arm in protocol("jhu-smoking-rct").arms] == [
        "30 mg/70 kg",
        "nicotine patch, standard regimen",
    ]


def test_the_smoking_trial_shares_its_number_with_the_pilot_and_has_fewer_than_were_planned() -> (
    None
):
    assert protocol("jhu-smoking-rct").registry == protocol("jhu-smoking").registry
    (stated,) = protocol("jhu-smoking-rct").disagreements
    assert stated.follows == "paper"
    assert "42 with psilocybin and 40 with the patch" in stated.readings["paper"]


def test_the_second_smoking_trial_has_no_visit_that_was_not_read_of() -> None:
    assert [one.id for one in course("smoking-rct-2", "niacin").visits] == [
        "screening", "dosing-1", "dosing-2",
    ]  # fmt: skip
    assert not found("smoking-rct-2", "dosing-without-preparation")


# MDMA for those who will give it


def test_the_same_pair_is_at_each_of_the_three_sessions_of_the_providers() -> None:
    role = protocol("mdma-providers").roles["therapist"]
    assert (role.count, role.continuity) == (2, "participant")
    staffed = [one.id for one in course("mdma-providers").visits if one.visit.staff]
    assert staffed == ["prep", "dosing", "integration"]


# One drug, or two doses of it, against depression


@pytest.mark.parametrize(
    ("name", "visit", "decision"),
    [
        ("emerge", "open-dosing", "open-label-treatment"),
        ("approach", "extend-entry", "extend"),
        ("gh001", "re-treatment", "re-treatment"),
    ],
)
def test_what_depends_on_criteria_has_no_date_until_it_is_decided(
    name: str, visit: str, decision: str
) -> None:
    stated = course(name).visit(visit).visit
    assert (stated.unscheduled, stated.when) == (True, decision)
    assert visit not in planned(name)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("emerge", ["100 µg", None]),
        ("ascend", ["100 µg", "50 µg", None]),
        ("approach", ["16 mg", None]),
        ("bpl-003", ["12 mg", "8 mg", "0.3 mg"]),
        ("aud-brussels", ["30 mg", "5 mg"]),
    ],
)
def test_arms_are_labelled_in_the_words_of_the_sources(name: str, labels: list[str | None]) -> None:
    assert [arm.label for arm in protocol(name).arms] == labels


def test_a_visit_for_the_nasal_dose_takes_about_two_hours() -> None:
    length = course("bpl-003").visit("dosing").visit.duration
    assert length is not None
    assert (length.value.latest, length.grade) == (ClockDistance(120), "secondary")


def test_up_to_three_administrations_on_one_day_each_further_one_only_if_needed() -> None:
    lines = items("gh001", "dosing")
    further = lines["further-administration"]
    assert lines["first-administration"].times + further.times == 3
    assert (lines["first-administration"].when, further.when) == (None, "not-reached")
    assert {line.grade for line in lines.values()} == {"assumed"}


def test_day_7_ends_a_part_of_7_days_so_the_day_of_dosing_is_day_0() -> None:
    assert protocol("gh001").day_zero


# Beside a stay, and a basket


def test_the_follow_ups_of_the_inpatients_count_from_their_discharge() -> None:
    (four,) = rules("aud-brussels", "week-4", "stay")
    (six,) = [one for one in rules("aud-brussels", "month-6", "stay") if one.target]
    assert (four.reference.end, six.reference.end) == (True, True)


def test_the_dose_lies_within_the_stay_and_the_endpoint_4_weeks_after_its_28_nights() -> None:
    stay = course("aud-brussels", "high").visit("stay").visit
    assert stay.overnight is not None
    assert stay.overnight.nights == 28
    dates = planned("aud-brussels")
    discharge = START + datetime.timedelta(days=28)
    assert dates["week-4"] - discharge == datetime.timedelta(weeks=4)
    assert dates["stay"] <= dates["dosing"] <= discharge


def test_the_basket_has_two_preparations_of_three_hours_and_a_dyad_throughout() -> None:
    whole = course("ocd-bdd-an-au")
    lengths = [one.visit.duration.value.latest for one in whole.visits if one.visit.duration]
    assert lengths == [ClockDistance(180)] * 2 + [ClockDistance(480)] * 2
    assert protocol("ocd-bdd-an-au").roles["therapist"].count == 2
    assert sum(one.visit.staff is not None for one in whole.visits) == 8
