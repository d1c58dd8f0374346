"""Visits at the same time, and the order of the list."""

import pytest
from example_protocol import example_file

from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in examine(example_file(fragment), [CHECKS[check_id]])]


def visits(*entries: str) -> str:
    listed = "".join(f"      - {entry}\n" for entry in entries)
    return f"epochs:\n  - id: one\n    visits:\n{listed}"


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        # Days that cannot coincide.
        ("duration: 1h", "duration: 1h, after: {visit: baseline, within: 1d}", False),
        # Days that can, with nothing to keep the visits apart.
        ("duration: 1h", "duration: 1h, after: {visit: baseline, within: 0d..1d}", True),
        ("duration: 1h", "after: {visit: baseline, within: 0d..1d}", True),
        ("mode: clinic", "after: {visit: baseline, within: 0d..1d}", True),
        # One day, different times of day.
        (
            'duration: 1h, at: "09:00"',
            'duration: 1h, at: "10:00", after: {visit: baseline, within: 0d}',
            False,
        ),
        (
            'duration: 61min, at: "09:00"',
            'duration: 1h, at: "10:00", after: {visit: baseline, within: 0d}',
            True,
        ),
        (
            'duration: 60min..90min, at: "09:00"',
            'duration: 1h, at: "10:00", after: {visit: baseline, within: 0d}',
            True,
        ),
        # Counted from the end, or in clock time.
        ("duration: 2h", "duration: 1h, after: {visit: baseline.end, within: 0min..3h}", False),
        ("duration: 2h", "duration: 1h, after: {visit: baseline, within: 90min}", True),
        # Either may come first, and never within the other.
        (
            'duration: 1h, at: "09:00"',
            'duration: 1h, at: "10:00", after: {visit: baseline, within: -1d..1d}',
            False,
        ),
        # A visit that its time of day carries past midnight.
        (
            'duration: 8h, at: "20:00"',
            'duration: 1h, at: "03:00", after: {visit: baseline, within: 1d}',
            True,
        ),
        # A night's stay reaches into the next morning.
        (
            'duration: 8h, at: "09:00", overnight: {until: "09:00"}',
            'duration: 1h, at: "08:30", after: {visit: baseline, within: 1d}',
            True,
        ),
        (
            'duration: 8h, at: "09:00", overnight: {until: "09:00"}',
            'duration: 1h, at: "09:00", after: {visit: baseline, within: 1d}',
            False,
        ),
        # Questions answered at home find their time.
        ("duration: 1h", "mode: home, after: {visit: baseline, within: 0d}", False),
    ],
)
def test_visits_overlap_where_a_schedule_has_both_at_one_time(
    first: str, second: str, overlap: bool
) -> None:
    fragment = visits(f"{{id: baseline, {first}}}", f"{{id: call, {second}}}")
    told = ["`baseline` and `call` may overlap in time"] if overlap else []
    if told and messages("overlapping-visits", fragment) != told:
        told = ["`call` and `baseline` may overlap in time"]
    assert messages("overlapping-visits", fragment) == told


def test_the_same_pair_of_every_cycle_is_told_once() -> None:
    fragment = """\
epochs:
  - {id: one, visits: [{id: baseline}]}
  - id: two
    cycle: {times: 5}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 4w}
      - {id: call, after: {visit: dosing, within: 0d..1d}}
"""
    assert messages("overlapping-visits", fragment) == [
        "`dosing-1` and `call-1` may overlap in time"
    ]


def test_the_message_on_a_visit_on_a_day_of_a_stay_says_how_to_put_it_inside() -> None:
    for overnight, is_stay in (("overnight: 3, ", True), ("", False)):
        fragment = visits(
            f"{{id: baseline, {overnight}duration: 8h}}",
            "{id: scan, after: {visit: baseline, within: 0d..1d}}",
        )
        (finding,) = examine(example_file(fragment), [CHECKS["overlapping-visits"]])
        assert finding.hint is not None
        assert ("`during: baseline`" in finding.hint) is is_stay


def test_visits_found_out_of_order_are_not_told_to_overlap_as_well() -> None:
    fragment = visits(
        "{id: baseline}",
        "{id: dosing, after: {visit: baseline, within: 1w..6w}}",
        "{id: month-1, kind: follow-up, after: {visit: baseline, within: 4w..6w}}",
    )
    file = example_file(fragment)
    both = [CHECKS["follow-up-before-last-dosing"], CHECKS["overlapping-visits"]]
    assert [finding.check for finding in examine(file, both)] == ["follow-up-before-last-dosing"]
    assert len(examine(file, both[1:])) == 1


def test_visits_that_overlap_alike_in_two_arms_are_told_once() -> None:
    fragment = "arms: [{id: a}, {id: b}]\n" + visits(
        "{id: baseline, by_arm: {b: {mode: phone}}}",
        "{id: call, after: {visit: baseline, within: 0d..1d}}",
        "{id: scan, after: {visit: baseline, within: 0d..1d}}",
    )
    assert messages("overlapping-visits", fragment) == [
        "`baseline` and `call` may overlap in time",
        "`call` and `scan` may overlap in time",
    ]


def test_the_list_of_one_epoch_follows_time() -> None:
    fragment = visits(
        "{id: baseline}",
        "{id: dosing, after: {visit: baseline, within: 2w..3w}}",
        "{id: prep-1, after: {visit: baseline, within: 1w}}",
        "{id: prep-2, after: {visit: prep-1, within: 1d..3w}}",
    )
    assert messages("listed-order", fragment) == [
        "`prep-1` is listed after `dosing` and comes before it"
    ]


def test_epochs_may_interleave() -> None:
    fragment = """\
epochs:
  - {id: screening, visits: [{id: baseline}]}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 4w}
  - id: integration
    visits:
      - {id: integration-a, after: {visit: dosing-1, within: 1d}}
      - {id: integration-b, after: {visit: dosing-2, within: 1d}}
"""
    assert messages("listed-order", fragment) == []


def test_a_whole_epoch_listed_too_late_is_told_once() -> None:
    fragment = """\
epochs:
  - {id: screening, visits: [{id: baseline}]}
  - {id: follow-up, visits: [{id: endpoint, after: {visit: dosing, within: 4w..}}]}
  - id: treatment
    visits:
      - {id: prep-1, before: {visit: dosing, within: 3d..1w}}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
"""
    assert messages("listed-order", fragment) == [
        "epoch `treatment` is listed after `follow-up` and comes before it"
    ]
