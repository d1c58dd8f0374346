"""A course becomes a network: dates for calendar distances, minutes for clock distances."""

import pytest
from example_protocol import example_file

from planner.network import distance, is_consistent
from planner.protocol.course import Point
from planner.protocol.expand import expand
from planner.schedule.build import Schedule, build_schedule, describe

TWO_VISITS = """\
anchor: one
conventions: {{target_without_window: {reading}}}
epochs:
  - id: treatment
    visits:
      - {one}
      - {two}
"""


def schedule_of(fragment: str) -> Schedule:
    return build_schedule(expand(example_file(fragment).protocol))


def two_visits(one: str, two: str, reading: str = "exact") -> Schedule:
    return schedule_of(TWO_VISITS.format(one=one, two=two, reading=reading))


def apart(schedule: Schedule, first: Point, second: Point, *, coarse: bool) -> object:
    nodes = schedule.nodes
    return distance(schedule.network, nodes[first], nodes[second], coarse=coarse)


START, NEXT, END = Point("one"), Point("two"), Point("one", end=True)


def test_a_day_is_the_next_date_at_any_hour() -> None:
    schedule = two_visits("{id: one}", "{id: two, after: {visit: one, within: 1d}}")
    assert apart(schedule, START, NEXT, coarse=True) == (1, 1)
    assert apart(schedule, START, NEXT, coarse=False) == (1, 2 * 1440 - 1)


def test_twenty_four_hours_are_elapsed_time() -> None:
    schedule = two_visits("{id: one}", "{id: two, after: {visit: one, within: 24h}}")
    assert apart(schedule, START, NEXT, coarse=False) == (1440, 1440)
    assert apart(schedule, START, NEXT, coarse=True) == (1, 1)


def test_the_same_date_may_be_met_by_hours_or_missed() -> None:
    schedule = two_visits(
        '{id: one, at: "20:00"}', "{id: two, after: {visit: one, within: 3h..5h}}"
    )
    assert apart(schedule, START, NEXT, coarse=True) == (0, 1)


def test_an_overnight_visit_ends_at_its_hour_on_the_next_date() -> None:
    schedule = two_visits(
        '{id: one, at: "09:00", duration: 8h, overnight: {until: "10:30"}}',
        "{id: two, after: {visit: one.end, within: 1h}}",
    )
    assert apart(schedule, START, END, coarse=False) == (25 * 60 + 30, 25 * 60 + 30)
    assert apart(schedule, START, NEXT, coarse=True) == (1, 1)


def test_several_nights_end_as_many_dates_later() -> None:
    schedule = two_visits("{id: one, overnight: 3}", "{id: two, after: {visit: one, within: 1d}}")
    assert apart(schedule, START, END, coarse=True) == (3, 3)


def test_a_session_longer_than_its_stay_contradicts_it() -> None:
    visit = '{id: one, at: "09:00", duration: 30h, overnight: true}'
    assert not is_consistent(two_visits(visit, "{id: two}").network)


def test_a_stay_may_be_longer_than_the_session_at_its_beginning() -> None:
    visit = '{id: one, at: "09:00", duration: 8h, overnight: true}'
    assert is_consistent(two_visits(visit, "{id: two}").network)


def test_a_duration_of_a_range_is_any_length_in_it() -> None:
    schedule = two_visits(
        "{id: one, duration: 60min..90min}", "{id: two, after: {visit: one.end, within: 30min}}"
    )
    assert apart(schedule, START, NEXT, coarse=False) == (90, 120)


def test_without_a_duration_a_visit_does_not_end_before_it_starts() -> None:
    schedule = two_visits("{id: one}", "{id: two, after: {visit: one.end, within: 0min..10min}}")
    assert apart(schedule, START, NEXT, coarse=False) == (0, None)


def test_a_rule_may_place_the_end_of_a_visit() -> None:
    schedule = two_visits(
        "{id: one}", "{id: two, duration: 2h, after: {visit: one, of: end, within: 5h}}"
    )
    assert apart(schedule, START, NEXT, coarse=False) == (180, 180)


def test_before_counts_backwards() -> None:
    schedule = two_visits("{id: one}", "{id: two, before: {visit: one, within: 1w..4w}}")
    assert apart(schedule, START, NEXT, coarse=True) == (-28, -7)


@pytest.mark.parametrize(
    ("within", "days"),
    [("1mo", (28, 31)), ("1mo..", (28, None)), ("..1mo", (None, 31)), ("1y", (365, 366))],
)
def test_a_month_is_any_length_it_can_have(within: str, days: object) -> None:
    schedule = two_visits("{id: one}", f'{{id: two, after: {{visit: one, within: "{within}"}}}}')
    assert apart(schedule, START, NEXT, coarse=True) == days


@pytest.mark.parametrize(("reading", "days"), [("exact", (14, 14)), ("preferred", (None, None))])
def test_the_file_says_how_an_unwindowed_target_is_read(reading: str, days: object) -> None:
    two = "{id: two, after: {visit: one, target: 2w}}"
    schedule = two_visits("{id: one}", two, reading)
    assert apart(schedule, START, NEXT, coarse=True) == days


def test_every_statement_keeps_its_number_when_some_do_not_hold() -> None:
    course = expand(example_file("constraints: []\n").protocol)
    whole = build_schedule(course)
    part = build_schedule(course, only=frozenset({0, 3}))
    assert part.statements == whole.statements
    assert part.points == whole.points
    assert {bound.rule for bound in part.network.bounds if bound.rule >= 0} <= {0, 3}


def test_statements_name_what_is_written_and_where() -> None:
    file = example_file("constraints: []\n")
    schedule = build_schedule(expand(file.protocol))
    dosing = {one.name: one for one in schedule.statements if one.name.startswith("dosing")}
    assert {name: one.text for name, one in dosing.items()} == {
        "dosing.at": "dosing starts at 09:00",
        "dosing.duration": "dosing takes 8h",
        "dosing.after": "dosing must be 2d..2w after prep-1, target 1w",
    }
    line, _ = file.position(dosing["dosing.after"].path)
    assert file.line(line).strip().startswith("after: {visit: prep-1, within: 2d..14d")


def test_a_rule_is_described_with_the_signs_it_was_written_with() -> None:
    course = expand(example_file("constraints: []\n").protocol)
    rule = next(one for one in course.rules if one.name == "consent.before")
    assert describe(rule) == "consent must be 1w..4w before baseline, target 2w"
