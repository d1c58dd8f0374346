"""Numbers in titles, patterns of days, and tracks beside visits."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def visits(*lines: str, rest: str = "") -> str:
    body = "".join(f"      - {line}\n" for line in ("{id: baseline}", *lines))
    return f"epochs:\n  - id: treatment\n    visits:\n{body}{rest}"


# --- day-and-week-numbers ---------------------------------------------------------------------


def titled(name: str, title: str, days: int) -> str:
    timing = f"after: {{visit: baseline, target: {days}d, within: ±1d}}"
    return f"{{id: {name}, title: {title}, {timing}}}"


def test_days_from_one_and_weeks_from_zero_are_told_with_both_numbers() -> None:
    fragment = visits(titled("a", "Day 2", 1), titled("b", "Day 8", 7), titled("c", "Week 3", 21))
    (finding,) = found("day-and-week-numbers", fragment)
    assert finding.message == (
        "titles count days from 1 and weeks from 0: `Day 8` is 7 days after `baseline`, and"
        " `Week 3` is 21 days after it, which is Day 22"
    )
    assert finding.about == ("c", "b", "baseline")


@pytest.mark.parametrize(
    "titles",
    [
        (titled("a", "Day 8", 7), titled("b", "Week 4", 21)),  # both from 1
        (titled("a", "Day 8", 8), titled("b", "Week 3", 21)),  # both from 0
        (titled("a", "Day 8", 7), titled("b", "Week 3 (Day 22)", 21)),  # said in the title
        (titled("a", "Day 8", 7), titled("b", "Day 22", 21)),
        (titled("a", "Week 1", 7), titled("b", "Week 3", 21)),
        (titled("a", "Day 1", 0), titled("b", "Week 3", 21)),
    ],
)
def test_one_way_of_counting_is_silent(titles: tuple[str, ...]) -> None:
    assert found("day-and-week-numbers", visits(*titles)) == []


def test_numbers_that_count_from_different_visits_are_not_mixed() -> None:
    other = "{id: b, title: Week 3, after: {visit: x, target: 3w, within: ±1d}}"
    fragment = visits(titled("a", "Day 8", 7), "{id: x, after: {visit: a, within: 1d..}}", other)
    assert found("day-and-week-numbers", fragment) == []


# --- month-or-weeks: four weeks that a note calls a month --------------------------------------

FOUR = "id: dosing, after: {visit: baseline, target: 4w, note: Monthly in the registry"


def test_four_weeks_that_a_note_calls_monthly_need_a_window_that_holds_both() -> None:
    preferred = "conventions: {target_without_window: preferred}\n"
    (finding,) = found("month-or-weeks", preferred + visits(f"{{{FOUR}}}}}"))
    assert finding.message == (
        "`dosing.after` counts 4 weeks, but its note says monthly, which is 28 to 31 days; no"
        " window holds both"
    )
    assert found("month-or-weeks", visits(f"{{{FOUR}, within: ±2d}}}}")) != []
    assert found("month-or-weeks", visits(f"{{{FOUR}, within: 3w..5w}}}}")) == []
    assert found("month-or-weeks", visits(f"{{{FOUR}, within: ±3d}}}}")) == []


def test_the_window_may_be_another_timing_and_the_rule_may_look_back() -> None:
    two = (
        "{id: dosing, after: [{visit: baseline, target: 4w, note: About a month},"
        " {visit: baseline, within: 4w..31d}]}"
    )
    assert found("month-or-weeks", visits(two)) == []
    back = "{id: dosing, before: {visit: baseline, target: 4w, note: One month, within: ±1d}}"
    assert len(found("month-or-weeks", visits(back))) == 1


def test_four_weeks_are_four_weeks_where_nothing_speaks_of_a_month() -> None:
    four = "{id: dosing, after: {visit: baseline, target: 4w, note: Some months later}}"
    assert found("month-or-weeks", visits(four)) == []


# --- irregular-cadence ------------------------------------------------------------------------


def series(*days: int, kind: str = "contact") -> str:
    return visits(
        *(
            f"{{id: talk-{n}, kind: {kind}, after: {{visit: baseline, target: {day}d,"
            " within: ±1d}}"
            for n, day in enumerate(days, 1)
        )
    )


def test_one_day_beside_a_pattern_of_two_steps_is_named_with_the_day_that_fits() -> None:
    (finding,) = found("irregular-cadence", series(3, 6, 10, 13, 17, 20, 24, 27, 30, 34, 38))
    # 3, 4 in turn from day 3 on; 31 would fit.
    assert finding.message == (
        "`talk-9` aims at 30d after `baseline`, a day too early for its series: the targets of 11"
        " contact visits repeat steps of 3 and 4 days"
    )
    assert finding.hint is not None
    assert finding.hint.startswith("31d would fit")


@pytest.mark.parametrize(
    "days",
    [
        (7, 14, 21, 28, 35),
        (3, 7, 10, 14, 17, 21, 24, 28),
        (1, 7, 14, 28, 42),  # no pattern at all
        (7, 14, 20, 28),  # too short to tell
        (7, 14, 23, 28, 35),  # two days off is no misprint of one digit's neighbour
        (7, 14, 20, 27, 35, 42),  # two of them
    ],
)
def test_regular_series_and_series_without_a_pattern_are_silent(days: tuple[int, ...]) -> None:
    assert found("irregular-cadence", series(*days)) == []


def test_a_series_may_count_each_from_the_one_before() -> None:
    fragment = visits(
        *(
            f"{{id: talk-{n}, kind: contact, after: {{visit: {before}, within: {step}d}}}}"
            for n, (before, step) in enumerate(
                [("baseline", 7), ("talk-1", 7), ("talk-2", 6), ("talk-3", 8), ("talk-4", 7)], 1
            )
        )
    )
    (finding,) = found("irregular-cadence", fragment)
    assert finding.message.startswith("`talk-3` aims at 6d after `talk-2`, a day too early")


def test_a_cycle_repeats_without_exception() -> None:
    fragment = """\
epochs:
  - id: treatment
    cycle: {times: 14}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 3d}}
anchor: first baseline
"""
    assert found("irregular-cadence", fragment) == []


# --- track-not-tied ---------------------------------------------------------------------------

ENDPOINT = "{id: endpoint, after: {visit: baseline, target: 6w, within: ±3d}}"


@pytest.mark.parametrize(
    ("track", "message"),
    [
        ("times: 43", "the last day of `capsules`, 6w after `baseline`, is the target day of"),
        ("times: 42", "the last day of `capsules`, 41d after `baseline`, is the day before the"),
        ("offset: 6w, times: 3", "the first day of `capsules`, 6w after `baseline`, is the target"),
        ("offset: 43d, times: 3", "the first day of `capsules`, 43d after `baseline`, is the day"),
    ],
)
def test_a_track_that_ends_or_begins_with_a_visit_by_its_numbers_is_noted(
    track: str, message: str
) -> None:
    rest = f"tracks: [{{id: capsules, from: baseline, {track}}}]\n"
    (finding,) = found("track-not-tied", visits(ENDPOINT, rest=rest))
    assert finding.message.startswith(message)
    assert finding.about == ("capsules", "endpoint")


@pytest.mark.parametrize("track", ["until: endpoint", "times: 30", "times: 50"])
def test_a_track_tied_to_the_visit_or_apart_from_it_is_silent(track: str) -> None:
    rest = f"tracks: [{{id: capsules, from: baseline, {track}}}]\n"
    assert found("track-not-tied", visits(ENDPOINT, rest=rest)) == []


def test_a_visit_that_cannot_move_and_a_talk_are_no_matter() -> None:
    rest = "tracks: [{id: capsules, from: baseline, times: 43}]\n"
    fixed = "{id: endpoint, after: {visit: baseline, within: 6w}}"
    talk = ENDPOINT.replace("id: endpoint", "id: endpoint, kind: integration")
    assert found("track-not-tied", visits(fixed, rest=rest)) == []
    assert found("track-not-tied", visits(talk, rest=rest)) == []
