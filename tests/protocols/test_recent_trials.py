"""Trials read out or begun since 2024: what was published of each, and what nobody published."""

import pytest
from published import course, findings, found, kinds, protocol, rules

from planner.time.distance import parse_distance, parse_window

FILES = ("jhu-smoking-rct", "smoking-rct-2", "mdma-providers")


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_neither_errors_nor_warnings(name: str) -> None:
    assert [one.rule for one in findings(name) if one.severity in ("error", "warning")] == []


@pytest.mark.parametrize(
    ("name", "registry", "design"),
    [
        ("jhu-smoking-rct", ("NCT01943994",), ("open-label", "parallel")),
        ("smoking-rct-2", ("NCT05452772",), ("double-blind", "parallel")),
        ("mdma-providers", ("NCT07102576",), ("open-label", "single-group")),
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
