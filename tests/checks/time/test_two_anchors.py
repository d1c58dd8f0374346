"""One visit counted from two references: what both need and what the other rules allow."""

from itertools import product

from example_protocol import example_file
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks
from planner.time.distance import CalendarDistance, Window

CHECK = all_checks()["two-anchors"]


def found(fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECK])


def study(*visits: str, constraints: str = "") -> str:
    body = "".join(f"      - {line}\n" for line in visits)
    return f"epochs:\n  - id: treatment\n    visits:\n{body}{constraints}"


BASELINE = "{id: baseline}"
SESSION = "{id: dosing, after: {visit: baseline, within: 1w..7w}}"


def test_the_message_says_what_both_need_and_what_the_other_rules_allow() -> None:
    endpoint = (
        "{id: endpoint, after: [{visit: baseline, within: 9w..11w},"
        " {visit: dosing, within: 5w..7w}]}"
    )
    (finding,) = found(study(BASELINE, SESSION, endpoint))
    assert finding.severity == "warning"
    assert finding.message == (
        "`endpoint`: 9w..11w after `baseline` and 5w..7w after `dosing` agree only while `dosing`"
        " is 2w..6w after `baseline`; the other rules allow 1w..7w"
    )
    assert finding.about == ("endpoint",)
    assert len(finding.related) == 1


def test_windows_that_follow_the_references_wherever_they_go_are_silent() -> None:
    endpoint = (
        "{id: endpoint, after: [{visit: baseline, within: 9w..11w},"
        " {visit: dosing, within: 4w..8w}]}"
    )
    assert found(study(BASELINE, SESSION, endpoint)) == []


def test_a_fixed_distance_between_the_references_cannot_drift() -> None:
    session = "{id: dosing, after: {visit: baseline, within: 4w}}"
    endpoint = "{id: endpoint, after: [{visit: baseline, within: 9w}, {visit: dosing, within: 5w}]}"
    assert found(study(BASELINE, session, endpoint)) == []


def test_rules_that_cannot_hold_at_all_are_another_finding() -> None:
    session = "{id: dosing, after: {visit: baseline, within: 4w}}"
    endpoint = "{id: endpoint, after: [{visit: baseline, within: 9w}, {visit: dosing, within: 6w}]}"
    assert found(study(BASELINE, session, endpoint)) == []


def test_a_visit_that_places_its_second_reference_ties_nothing_twice() -> None:
    between = (
        "{id: prep-1, after: {visit: baseline, within: 1w..2w},"
        " before: {visit: dosing, within: 1d..3d}}"
    )
    for dosing in ("{id: dosing}", "{id: dosing, after: {visit: baseline, within: 1d..}}"):
        assert found(study(BASELINE, between, dosing)) == []


def test_open_windows_and_preferences_bind_nothing() -> None:
    preferred = "conventions: {target_without_window: preferred}\n"
    for second in ("within: 5w..", "target: 6w"):
        endpoint = (
            "{id: endpoint, after: [{visit: baseline, within: 9w..11w},"
            f" {{visit: dosing, {second}}}]}}"
        )
        assert found(preferred + study(BASELINE, SESSION, endpoint)) == []


def test_an_exact_target_binds_like_a_window() -> None:
    endpoint = (
        "{id: endpoint, after: [{visit: baseline, within: 9w..11w}, {visit: dosing, target: 6w}]}"
    )
    (finding,) = found(study(BASELINE, SESSION, endpoint))
    assert "agree only while `dosing` is 3w..5w after `baseline`" in finding.message


def test_several_windows_from_one_reference_count_as_what_they_leave_together() -> None:
    endpoint = (
        "{id: endpoint, after: [{visit: baseline, within: 9w..}, {visit: baseline, within: ..11w},"
        " {visit: dosing, within: 5w..7w}]}"
    )
    (finding,) = found(study(BASELINE, SESSION, endpoint))
    assert "`endpoint`: 9w..11w after `baseline`" in finding.message


def test_references_without_a_last_day_may_drift_for_ever() -> None:
    session = "{id: dosing, after: {visit: baseline, within: 1d..}}"
    endpoint = (
        "{id: endpoint, after: [{visit: baseline, within: 9w..11w},"
        " {visit: dosing, within: 5w..7w}]}"
    )
    (finding,) = found(study(BASELINE, session, endpoint))
    assert finding.message.endswith("the other rules allow 1d..")


def test_a_visit_in_a_cycle_is_told_once() -> None:
    fragment = """\
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 3}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..2w}
        next: {visit: previous dosing, within: 3w..5w}
      - id: check
        after: [{visit: dosing, within: 3d..4d}, {visit: other, within: 1d..2d}]
      - {id: other, after: {visit: dosing, within: 1d..5d}}
"""
    (finding,) = found(fragment)
    assert finding.message.startswith("`check-1`: 3d..4d after `dosing-1` and 1d..2d after")


SPAN = st.tuples(st.integers(-2, 4), st.integers(0, 4)).map(lambda pair: (pair[0], sum(pair)))


def written(span: tuple[int, int]) -> str:
    return f"{span[0]}d..{span[1]}d"


@settings(max_examples=150, deadline=None)
@given(SPAN, SPAN, st.none() | SPAN, SPAN, SPAN)
def test_it_is_found_exactly_where_counting_all_days_finds_it(
    first: tuple[int, int],
    second: tuple[int, int],
    limit: tuple[int, int] | None,
    from_baseline: tuple[int, int],
    from_last: tuple[int, int],
) -> None:
    constraints = ""
    if limit is not None:
        constraints = f"constraints: [{{from: baseline, to: second, within: {written(limit)}}}]\n"
    fragment = study(
        BASELINE,
        f"{{id: first, after: {{visit: baseline, within: {written(first)}}}}}",
        f"{{id: second, after: {{visit: first, within: {written(second)}}}}}",
        f"{{id: endpoint, after: [{{visit: baseline, within: {written(from_baseline)}}},"
        f" {{visit: second, within: {written(from_last)}}}]}}",
        constraints=constraints,
    )
    days = {
        one + two
        for one, two in product(range(first[0], first[1] + 1), range(second[0], second[1] + 1))
        if limit is None or limit[0] <= one + two <= limit[1]
    }
    fitting = {
        day
        for day in range(-30, 31)
        for end in range(-30, 31)
        if from_baseline[0] <= end <= from_baseline[1] and from_last[0] <= end - day <= from_last[1]
    }
    findings = found(fragment)
    if not days & fitting or days <= fitting:
        assert findings == []
        return
    (finding,) = findings
    needed, allowed = (
        Window(CalendarDistance(0, min(each)), CalendarDistance(0, max(each)))
        for each in (fitting, days)
    )
    if min(fitting) + max(fitting) < 0:
        return  # told from the other side
    assert f"is {needed} after `baseline`; the other rules allow {allowed}" in finding.message
