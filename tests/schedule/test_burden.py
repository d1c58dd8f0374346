"""What a course costs in time: sums that a person can check, and the least and the most."""

from itertools import product
from typing import Any

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.burden import Burden, Range, RoleTime, burdens, course_burden


def role(burden: Burden, name: str) -> RoleTime:
    return next(one for one in burden.roles if one.role == name)


def exactly(number: int) -> Range:
    return Range(number, number)


def test_mapp1_takes_42_hours_of_each_therapist_and_84_of_the_pair() -> None:
    [burden] = burdens(load_protocol("mapp1").protocol)
    therapist = role(burden.total, "therapist")
    assert therapist.visits == exactly(15)
    assert therapist.each == exactly((3 * 90) + (3 * 8 * 60) + (9 * 90)) == exactly(42 * 60)
    assert therapist.together == exactly(84 * 60)
    assert therapist.unstated == exactly(0)


def test_the_night_after_a_session_is_no_hour_of_anybody() -> None:
    [burden] = burdens(load_protocol("mapp1").protocol)
    assert burden.total.nights == exactly(3)
    assert burden.total.minutes == exactly(42 * 60)
    assert burden.unmeasured == ("night-attendant",)


def one(visits: str, extra: str = "") -> Any:
    text = (
        f"{extra}epochs:\n  - id: treatment\n    visits:\n      - {{id: baseline, duration: 1h}}\n"
    )
    [burden] = burdens(example_file(text + visits).protocol)
    return burden


def test_a_visit_without_a_duration_is_named_and_never_guessed() -> None:
    burden = one("      - {id: scan, staff: therapist, after: {visit: baseline, within: 1d}}\n")
    assert burden.unstated == ("scan",)
    assert burden.total.minutes == exactly(60)
    assert burden.total.unstated == exactly(1)
    assert role(burden.total, "therapist").unstated == exactly(1)
    assert role(burden.total, "therapist").each == exactly(0)


def test_a_visit_without_staff_is_named_unless_it_is_at_home() -> None:
    burden = one("      - {id: diary, mode: home, after: {visit: baseline, within: 1d}}\n")
    assert burden.unstaffed == ("baseline",)
    assert burden.total.home == exactly(1)


def test_a_role_that_only_a_run_sheet_names_is_in_no_sum() -> None:
    burden = one("""\
      - id: dosing
        duration: 8h
        staff: {therapist: 1}
        after: {visit: baseline, within: 1w}
        run_sheet:
          - {id: arrival, at: 0min, staff: [therapist, physician]}
""")
    assert burden.unmeasured == ("physician",)
    assert [one.role for one in burden.total.roles] == ["therapist"]


def test_a_cycle_that_a_decision_ends_takes_place_at_least_once() -> None:
    burden = one(
        """\
  - id: maintenance
    cycle: {until: stop, at_most: 6}
    visits:
      - {id: dose, duration: 2h, after: {visit: previous dose, within: 1w}}
""",
        "decisions:\n  stop: {title: Enough}\n",
    )
    assert burden.total.visits == Range(2, 7)
    assert burden.total.minutes == Range(60 + 120, 60 + 6 * 120)
    assert burden.optional == ("dose",)


TRACKS = """\
tracks:
  - {id: diary, from: baseline, until: last dose, duration: 5min}
  - {id: capsules, from: baseline, times: 42}
  - {id: after, from: last booster, times: 3}
"""


def test_entries_of_a_track_are_counted_from_the_days_that_the_rules_leave() -> None:
    burden = one(
        """\
      - {id: dose, after: {visit: baseline, within: 6d..8d}}
      - {id: booster, optional: true, kind: dosing, after: {visit: dose, within: 1w}}
""",
        TRACKS,
    )
    diary, capsules, after = burden.tracks
    assert (diary.entries, diary.minutes) == (Range(7, 9), Range(35, 45))
    assert (capsules.entries, capsules.minutes) == (exactly(42), None)
    assert after.entries == Range(0, 3)


def test_arms_that_cost_the_same_stand_together() -> None:
    extra = "arms: [{id: early}, {id: late}, {id: twice}]\n"
    extra += "epochs:\n  - id: treatment\n    visits:\n      - {id: baseline, duration: 1h}\n"
    dosing = "{id: dosing, arms: twice, duration: 8h, after: {visit: baseline, within: 1w}}"
    found = burdens(example_file(f"{extra}      - {dosing}\n").protocol)
    assert [burden.arms for burden in found] == [("early", "late"), ("twice",)]
    assert [burden.total.minutes for burden in found] == [exactly(60), exactly(540)]


def test_an_unknown_arm_is_refused() -> None:
    with pytest.raises(PlannerError, match="has no arm `high`"):
        burdens(load_protocol("mapp1").protocol, "high")


MODES = st.sampled_from(["clinic", "phone", "video", "home"])
LENGTHS = st.tuples(st.integers(0, 90), st.integers(0, 90)).map(sorted)
VISIT = st.fixed_dictionaries(
    {"mode": MODES},
    optional={
        "length": LENGTHS,
        "nights": st.integers(1, 3),
        "staff": st.dictionaries(st.sampled_from(["therapist", "rater"]), st.integers(0, 3)),
        "choice": st.sampled_from(["optional", "when-a", "when-b"]),
    },
)
COURSES = st.lists(
    st.tuples(st.integers(1, 3), st.lists(VISIT, min_size=1, max_size=3)), min_size=1, max_size=3
)


def protocol_of(epochs: list[Any]) -> Protocol:
    lines = [
        "decisions: {a: {}, b: {}}",
        "epochs:",
        "  - id: start",
        "    visits: [{id: baseline}]",
    ]
    for at, (cycles, visits) in enumerate(epochs):
        lines += [f"  - id: epoch-{at}", f"    cycle: {{times: {cycles}}}", "    visits:"]
        for number, visit in enumerate(visits):
            keys = [f"id: visit-{at}-{number}", f"mode: {visit['mode']}"]
            keys.append("after: {visit: baseline, within: 1d..}")
            if "length" in visit:
                keys.append(f"duration: {visit['length'][0]}min..{visit['length'][1]}min")
            if "nights" in visit:
                keys.append(f"overnight: {visit['nights']}")
            if "staff" in visit:
                roles = ", ".join(f"{name}: {count}" for name, count in visit["staff"].items())
                keys.append(f"staff: {{roles: {{{roles}}}}}")
            choice = visit.get("choice", "")
            keys += ["optional: true"] if choice == "optional" else []
            keys += [f"when: {choice[-1]}"] if choice.startswith("when") else []
            lines.append(f"      - {{{', '.join(keys)}}}")
    return example_file("\n".join(lines) + "\n").protocol


def by_hand(protocol: Protocol, chosen: list[str]) -> dict[str, tuple[int, int]]:
    """Least and most of a course with these optional visits, visit by visit."""
    sums: dict[str, tuple[int, int]] = {}

    def add(name: str, least: int, most: int) -> None:
        before = sums.get(name, (0, 0))
        sums[name] = before[0] + least, before[1] + most

    for occurrence in expand(protocol, with_visits=chosen).visits:
        visit = occurrence.visit
        add("visits", 1, 1)
        add("calls", *[int(visit.mode in ("phone", "video"))] * 2)
        add("home", *[int(visit.mode == "home")] * 2)
        if visit.overnight:
            add("nights", *[visit.overnight.nights] * 2)
        if visit.duration is None:
            add("unstated", 1, 1)
            continue
        length: Any = visit.duration.value
        least, most = length.earliest.minutes, length.latest.minutes
        add("minutes", least, most)
        for name, people in visit.staff.roles.items() if visit.staff else ():
            if people:
                add(f"{name} each", least, most)
                add(f"{name} together", people * least, people * most)
    return sums


@given(COURSES)
def test_least_and_most_are_those_of_all_choices(epochs: list[Any]) -> None:
    protocol = protocol_of(epochs)
    burden = course_burden(expand(protocol))
    optional = [
        visit.id
        for epoch in protocol.epochs
        for visit in epoch.visits
        if visit.optional or visit.when
    ]
    courses = []
    for taken in product((False, True), repeat=min(len(optional), 5)):
        chosen = [name for name, takes in zip(optional, taken, strict=False) if takes]
        courses.append(by_hand(protocol, chosen))
    courses.append(by_hand(protocol, optional))
    told: dict[str, Range] = {
        name: getattr(burden.total, name)
        for name in ("visits", "calls", "home", "nights", "unstated", "minutes")
    }
    for one in burden.total.roles:
        told |= {f"{one.role} each": one.each, f"{one.role} together": one.together}
    assert {name for course in courses for name in course} <= set(told)
    for name, amount in told.items():
        least = min(course.get(name, (0, 0))[0] for course in courses)
        most = max(course.get(name, (0, 0))[1] for course in courses)
        assert amount == (least, most), name


@given(COURSES)
def test_epochs_add_up_to_the_course_and_least_is_never_more_than_most(epochs: list[Any]) -> None:
    burden = course_burden(expand(protocol_of(epochs)))
    parts = [part for _, _, part in burden.epochs]
    for name in ("visits", "trips", "nights", "calls", "home", "minutes", "unstated"):
        total: Range = getattr(burden.total, name)
        amounts = [getattr(part, name) for part in parts]
        assert total == (sum(one.least for one in amounts), sum(one.most for one in amounts))
        assert all(one.least <= one.most for one in [total, *amounts])
    for own in burden.total.roles:
        there = [one for part in parts for one in part.roles if one.role == own.role]
        for name in ("visits", "unstated", "each", "together"):
            total = getattr(own, name)
            amounts = [getattr(one, name) for one in there]
            assert total == (sum(one.least for one in amounts), sum(one.most for one in amounts))


def test_mapp1_has_its_mornings_after_on_the_trips_of_its_sessions() -> None:
    [burden] = burdens(load_protocol("mapp1").protocol)
    assert burden.shared == (("integration-a", "dosing", 3),)
    assert burden.total.trips == exactly(20 - 3)


@pytest.mark.parametrize(
    ("timing", "entries", "on_target"),
    [
        ("within: 12w..13w, target: 12w", Range(85, 92), None),
        ("within: 12w..", Range(85, None), None),
        ("target: 12w, window: not-published", Range(2, None), 85),
    ],
)
def test_entries_up_to_a_visit_without_a_published_window_are_counted_to_its_target(
    timing: str, entries: Range, on_target: int | None
) -> None:
    course = example_file(
        "anchor: a\nepochs: [{id: e, visits: [{id: a}, {id: b, after: {visit: a, %s}}]}]\n"
        "tracks: [{id: diary, from: a, until: b}]\n".replace("%s", timing)
    ).protocol
    [burden] = burdens(course)
    (diary,) = burden.tracks
    assert (diary.entries, diary.on_target) == (entries, on_target)
