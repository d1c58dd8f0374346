"""What ICH M11 asks of a schedule of activities, and that nobody is asked who did not want it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from example_protocol import example_file
from shared import SAMPLES

from planner.checks.run import examine
from planner.formats.checks import all_checks, choose, families
from planner.formats.load import load_protocol

Planner = Callable[..., Any]
CHECKS = all_checks()
PILOT = SAMPLES / "usdm" / "CDISC_Pilot_Study.json"


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in examine(example_file(fragment), [CHECKS[check_id]])]


def visits(entry: str, more: str = "") -> str:
    return f"{more}\nepochs:\n  - id: treatment\n    visits:\n      - {{id: baseline}}\n{entry}"


def test_the_checks_of_a_profile_run_only_when_asked_for() -> None:
    own = {name for name, family in families().items() if family == "m11"}
    assert own
    assert not own & {one.id for one in choose([], [])}
    assert {one.id for one in choose(["m11"], [])} == own
    assert {one.id for one in choose(["m11", "time"], [])} > own


@pytest.mark.parametrize(
    ("timing", "says"),
    [
        ("target: 2w", "it has a target alone"),
        ("target: 2w, window: not-published", "no text states one"),
        ("within: 1w..2w", None),
        ("within: 2w", None),
    ],
)
def test_a_target_is_no_window_and_an_exact_one_written_as_window_is(
    timing: str, says: str | None
) -> None:
    found = messages(
        "window-not-stated", visits(f"      - {{id: check, after: {{visit: baseline, {timing}}}}}")
    )
    assert found == ([f"`check` has no stated window: {says}"] if says else [])


def test_a_constraint_states_a_window_and_nothing_is_asked_of_what_nobody_plans() -> None:
    fragment = visits(
        "      - {id: check, after: {visit: baseline, target: 2w}}\n"
        "      - {id: early-end, unscheduled: true}\n"
        "constraints: [{from: baseline, to: check, within: 1w..3w}]"
    )
    assert messages("window-not-stated", fragment) == []


def test_one_window_of_a_text_is_enough() -> None:
    both = (
        "      - {id: check, after: [{visit: baseline, within: 1w..3w, grade: assumed},"
        " {visit: baseline, within: 1w.., grade: verified}]}"
    )
    assert messages("window-assumed", visits(both)) == []
    assert messages("window-assumed", visits(both.replace("verified", "unverified"))) == [
        "the window of `check` is graded assumed and unverified"
    ]


def test_a_procedure_on_several_run_sheets_alike_is_found_once() -> None:
    sheet = "run_sheet: [{id: zero, at: 0min}, {id: sample, at: 2h}, {id: room, at: 1h..2h}]"
    entry = (
        f"      - {{id: one, after: {{visit: baseline, within: 1w}}, {sheet}}}\n"
        f"      - {{id: two, after: {{visit: baseline, within: 2w}}, {sheet}}}"
    )
    assert messages("procedure-without-window", visits(entry)) == [
        "`sample` of 2 visits is due at 2h, without a window"
    ]


@pytest.mark.parametrize(
    ("fragment", "count"),
    [
        ("      - {id: x, title: Phone call, after: {visit: baseline, within: 1w}}", 1),
        (
            "      - {id: x, title: Phone call, mode: phone, after: {visit: baseline, within: 1w}}",
            0,
        ),
        ("      - {id: x, title: Recall interview, after: {visit: baseline, within: 1w}}", 0),
        ("tracks: [{id: calls, title: Safety calls, from: baseline, times: 4}]", 1),
        ("activities: {talk: {title: Interview by telephone}}", 1),
        ("footnotes: {calls: Four calls within a week.}", 1),
        ("footnotes: {calls: It is called off after a week.}", 0),
    ],
)
def test_contacts_by_phone_belong_in_the_table(fragment: str, count: int) -> None:
    entry, more = (fragment, "") if fragment.startswith(" ") else ("", fragment)
    assert len(messages("phone-contact-not-listed", visits(entry, more))) == count


def test_a_decision_is_decided_by_what_is_done_before_or_at_the_visit() -> None:
    more = "decisions: {relapse: {title: Relapse, condition: It is back.}}"
    again = "      - {id: again, when: relapse, after: {visit: baseline, within: 4w}"
    (message,) = messages("gate-without-activity", visits(again + "}", more))
    assert message.startswith("decision `relapse` stands before `again`")
    assert messages("gate-without-activity", visits(again + ", activities: [scale]}", more)) == []


@pytest.mark.skipif(not PILOT.exists(), reason=f"the sample {PILOT} is not here")
def test_of_the_pilot_study_exactly_the_encounters_without_a_window_are_listed() -> None:
    design = json.loads(PILOT.read_text(encoding="utf-8"))["study"]["versions"][0]["studyDesigns"][
        0
    ]
    (main,) = [one for one in design["scheduleTimelines"] if one["mainTimeline"]]
    names = {one["id"]: one["name"].lower() for one in main["instances"]}
    without = {
        names[timing["relativeFromScheduledInstanceId"]]
        for timing in main["timings"]
        if timing["type"]["decode"] != "Fixed Reference" and timing["windowLower"] is None
    }
    found = examine(load_protocol(str(PILOT)), [CHECKS["window-not-stated"]])
    assert {finding.about[0] for finding in found} == without
    assert len(found) == len(without) == 5


def test_the_command_runs_a_profile_alone_and_shows_what_it_finds_in_the_library(
    planner: Planner,
) -> None:
    result = planner("validate", "comp006", "--profile", "m11")
    assert result.code == 0
    assert "warning[window-not-stated] `week-6`" in result.out
    assert "evidence" not in result.out
    other = planner("validate", "comp006", "--profile", "m12")
    assert other.code == 2
    assert "is none of m11" in other.err
