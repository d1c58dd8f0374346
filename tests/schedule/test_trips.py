"""Which visits share one trip to the site."""

from typing import Any

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.expand import expand
from planner.schedule.build import build_schedule
from planner.schedule.trips import shared_trips

EPOCHS = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline, kind: baseline}
"""


def shared(*visits: str, extra: str = "") -> dict[str, str] | None:
    lines = "".join(f"      - {{{visit}}}\n" for visit in visits)
    protocol = example_file(f"{extra}{EPOCHS}{lines}").protocol
    return shared_trips(build_schedule(expand(protocol)))


DOSING = 'id: dosing, overnight: true, at: "09:00", after: {visit: baseline, within: 7d..9d}'


def test_the_session_of_the_next_morning_belongs_to_the_stay() -> None:
    assert shared(DOSING, "id: integration, after: {visit: dosing, within: 1d}") == {
        "integration": "dosing"
    }


def test_a_visit_that_only_may_fall_on_the_morning_after_is_a_trip() -> None:
    assert shared(DOSING, "id: integration, after: {visit: dosing, within: 1d..3d}") == {}


def test_without_a_stay_the_next_morning_is_another_trip() -> None:
    day = DOSING.replace("overnight: true, ", "")
    assert shared(day, "id: integration, after: {visit: dosing, within: 1d}") == {}


@pytest.mark.parametrize("distance", ["within: 0d", "within: 1h..2h, of: start"])
def test_visits_on_one_date_are_one_trip(distance: str) -> None:
    at_nine = 'at: "09:00", after: {visit: baseline, within: 1w}'
    told = shared(f"id: dosing, {at_nine}", f"id: scan, after: {{visit: dosing, {distance}}}")
    assert told == {"scan": "dosing"}


def test_a_call_is_no_trip_and_takes_nobody_along() -> None:
    call = "id: call, mode: phone, after: {visit: baseline, within: 0d}"
    assert shared(call, "id: scan, after: {visit: call, within: 0d}") == {"scan": "baseline"}


def test_a_visit_is_a_trip_where_what_it_would_share_may_be_left_out() -> None:
    stay = DOSING + ", optional: true"
    assert shared(stay, "id: scan, after: {visit: baseline, within: 8d}") == {}
    same_day = "id: scan, optional: true, after: {visit: baseline, within: 0d}"
    assert shared(same_day) == {"scan": "baseline"}


def test_visits_after_one_decision_share_the_trip() -> None:
    extra = "decisions:\n  again: {title: A second session}\n"
    integration = "id: integration, when: again, after: {visit: dosing, within: 1d}"
    assert shared(f"{DOSING}, when: again", integration, extra=extra) == {"integration": "dosing"}
    other = integration.replace("again", "other")
    assert shared(f"{DOSING}, when: again", other, extra=extra) == {}


def test_contradicting_rules_say_nothing_about_trips() -> None:
    late = "id: late, after: [{visit: baseline, within: 1d}, {visit: baseline, within: 2d}]"
    assert shared(late) is None


Stay = tuple[int, int]


def trips_by_calendar(stays: list[Stay]) -> int:
    """The slow way: stretches of days, joined where they have a day in common."""
    trips: list[set[int]] = []
    for first, nights in stays:
        days = set(range(first, first + nights + 1))
        for other in [trip for trip in trips if trip & days]:
            days |= other
            trips.remove(other)
        trips.append(days)
    return len(trips)


@given(st.lists(st.tuples(st.integers(-6, 6), st.integers(0, 3)), min_size=1, max_size=6))
def test_where_all_dates_are_fixed_trips_are_stretches_of_days(stays: list[Stay]) -> None:
    lines = []
    for number, (day, nights) in enumerate(stays):
        stay = f", overnight: {nights}" if nights else ""
        timing = f"after: {{visit: baseline, within: {day}d}}"
        lines.append(f"id: visit-{number}, {timing}{stay}")
    told: Any = shared(*lines)
    assert len(stays) + 1 - len(told) == trips_by_calendar([(0, 0), *stays])


@given(
    st.lists(
        st.tuples(st.integers(-3, 3), st.integers(0, 2), st.booleans()), min_size=1, max_size=5
    ),
    st.sets(st.integers(0, 4)),
)
def test_there_are_never_fewer_trips_than_are_made(
    visits: list[tuple[int, int, bool]], left_out: set[int]
) -> None:
    lines = []
    for number, (day, nights, optional) in enumerate(visits):
        stay = f", overnight: {nights}" if nights else ""
        choice = ", optional: true" if optional else ""
        timing = f"after: {{visit: baseline, within: {day}d}}"
        lines.append(f"id: visit-{number}, {timing}{stay}{choice}")
    told: Any = shared(*lines)
    taken = [n for n, visit in enumerate(visits) if not visit[2] or n not in left_out]
    counted = 1 + sum(f"visit-{n}" not in told for n in taken) - ("baseline" in told)
    assert counted >= trips_by_calendar([(0, 0), *(visits[n][:2] for n in taken)])
