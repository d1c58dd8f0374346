"""What the checks say where no window was published, and where order alone ties visits."""

import pytest
from example_protocol import example_file

from planner.checks.report import report_loaded
from planner.checks.run import examine
from planner.formats.checks import all_checks, choose

CHECKS = all_checks()


def messages(check_id: str, fragment: str) -> list[str]:
    return [one.message for one in examine(example_file(fragment), [CHECKS[check_id]])]


def visits(*lines: str, top: str = "") -> str:
    body = "".join(f"      - {line}\n" for line in lines)
    return f"{top}epochs:\n  - id: treatment\n    visits:\n{body}"


def test_that_no_window_was_published_is_an_answer() -> None:
    timing = "{visit: baseline, target: 2w, window: not-published}"
    study = visits("{id: baseline}", f"{{id: x, after: {timing}}}")
    assert messages("no-window", study) == []
    [message] = messages("no-window", f"status: draft\n{study}")
    assert message.startswith("`x` has no window: `not-published` says what a publication leaves")


@pytest.mark.parametrize(
    ("timing", "side"),
    [
        ("after: {visit: baseline, window: not-published}", "after `baseline`"),
        ("before: {visit: baseline, window: not-published}", "before `baseline`"),
    ],
)
def test_order_alone_says_not_when_a_visit_is(timing: str, side: str) -> None:
    study = visits("{id: baseline}", f"{{id: x, {timing}}}")
    assert messages("no-window", study) == [f"no timing for `x`, only that it is {side}"]
    aimed = study.replace("window:", "target: 3d, window:")
    assert messages("no-window", aimed) == []


def test_a_window_that_nobody_published_is_not_an_open_one() -> None:
    stated = visits("{id: baseline}", "{id: x, after: {visit: baseline, within: 2w..}}")
    assert messages("open-window", stated) == ["no rule limits how late `x` may be"]
    unstated = stated.replace("within: 2w..", "target: 2w, window: not-published")
    assert messages("open-window", unstated) == []


def test_listed_order_ties_no_visit_to_the_anchor() -> None:
    study = visits("{id: baseline}", "{id: x}", top="order: listed\n")
    assert messages("unreachable-visit", study) == messages(
        "unreachable-visit", study.replace("order: listed\n", "")
    )


SESSIONS = [
    "{id: screening, before: {visit: baseline, within: 0d..1w}}",
    "{id: baseline}",
    "{id: dosing, after: {visit: baseline, within: 0d..1w}}",
]


def test_what_takes_its_turn_comes_before_also_on_the_same_day() -> None:
    assert messages("dosing-without-screening", visits(*SESSIONS)) != []
    assert messages("dosing-without-screening", visits(*SESSIONS, top="order: listed\n")) == []


def test_visits_in_listed_order_are_at_no_time_at_once() -> None:
    assert messages("overlapping-visits", visits(*SESSIONS)) != []
    assert messages("overlapping-visits", visits(*SESSIONS, top="order: listed\n")) == []


def test_a_contradiction_names_the_order_and_what_would_help() -> None:
    study = visits(
        "{id: baseline}",
        "{id: a, after: {visit: baseline, within: 3w}}",
        "{id: b, after: {visit: baseline, within: 2w}}",
        top="order: listed\n",
    )
    (found,) = examine(example_file(study), [CHECKS["infeasible"]])
    assert "b comes no earlier than a, listed before it" in found.message
    assert found.hint is not None
    assert "widen `b.after` by 1w to 2w..3w" in found.hint
    alone = study.replace("within: 3w", "within: 2w..3w").replace("order: listed", "")
    assert messages("infeasible", alone) == []


def test_if_only_the_order_can_give_way_that_is_said() -> None:
    study = visits(
        "{id: baseline}", '{id: a, at: "10:00", after: {visit: b, within: 1d}}', "{id: b}"
    )
    (found,) = examine(example_file(f"order: listed\n{study}"), [CHECKS["infeasible"]])
    assert "b comes no earlier than a" in found.message


@pytest.mark.parametrize(
    ("timing", "length"),
    [
        ("target: 12w, window: not-published", "12 weeks on target"),
        ("within: 12w..", "12 weeks or more"),
        ("within: 11w.., target: 12w", "11 weeks or more (on target 12 weeks)"),
        ("within: 11w..13w", "11-13 weeks"),
    ],
)
def test_how_long_a_course_takes_is_told_by_what_the_file_states(timing: str, length: str) -> None:
    study = visits("{id: baseline}", f"{{id: x, after: {{visit: baseline, {timing}}}}}")
    report = report_loaded(example_file(study), "x.yaml", choose((), ()))
    assert report.proof == f"feasible; 2 visits; {length}"
