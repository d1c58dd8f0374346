"""Order is a rule of its own: what follows what, where no text says how far apart the two lie."""

from itertools import pairwise

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.course import Course, TimingConstraint, allowed_window, bounding_window
from planner.protocol.document import DocumentError
from planner.protocol.expand import expand
from planner.schedule.undated import Choice, with_dates
from planner.time.distance import CalendarDistance, ClockDistance, Window

LATER, EARLIER = Window(CalendarDistance(0, 1), None), Window(None, CalendarDistance(0, -1))
NO_EARLIER, NO_LATER = Window(CalendarDistance(0, 0), None), Window(None, CalendarDistance(0, 0))


def course(fragment: str, **choices: object) -> Course:
    return expand(example_file(fragment).protocol, **choices)  # type: ignore[arg-type]


def of_timing(timing: str, field: str = "after") -> tuple[TimingConstraint, Course]:
    found = course(
        "anchor: a\nepochs: [{id: e, visits: [{id: a},"
        f" {{id: b, {field}: {{visit: a, {timing}}}}}]}}]"
    )
    return found.rules[0], found


@pytest.mark.parametrize(
    ("field", "timing", "order"),
    [
        ("after", "target: 12w, window: not-published", LATER),
        ("after", "target: 1mo, window: not-published", LATER),
        ("after", "window: not-published", LATER),
        ("before", "target: 2w, window: not-published", EARLIER),
        ("before", "window: not-published", EARLIER),
        ("after", "target: -3d, window: not-published", EARLIER),
        ("after", "target: 0d, window: not-published", NO_EARLIER),
        ("before", "target: 0d, window: not-published", NO_LATER),
        ("after", "target: 4h, window: not-published", Window(ClockDistance(0), None)),
        ("before", "target: 4h, window: not-published", Window(None, ClockDistance(0))),
    ],
)
def test_of_a_window_that_nobody_published_order_is_left(
    field: str, timing: str, order: Window
) -> None:
    rule, found = of_timing(timing, field)
    assert rule.order == order
    assert bounding_window(rule, found) == order
    assert rule.window is None
    assert allowed_window(rule, found) is None


@pytest.mark.parametrize("reading", ["exact", "preferred"])
def test_an_unpublished_window_is_so_whatever_a_target_without_one_means(reading: str) -> None:
    found = course(
        f"conventions: {{target_without_window: {reading}}}\nanchor: a\nepochs: [{{id: e, visits:"
        " [{id: a}, {id: b, after: {visit: a, target: 5d, window: not-published}}]}]"
    )
    assert bounding_window(found.rules[0], found) == LATER


@pytest.mark.parametrize(
    ("timing", "message"),
    [
        ("within: 1d..2d, window: not-published", "`window: not-published` says that there is"),
        ("target: 1d, window: 1d..3d", "the allowed distances stand under `within:`"),
        ("target: 1d, window: not-publishd", "did you mean `not-published`?"),
        ("of: start", "where no text says how far, write `window: not-published`"),
    ],
)
def test_what_a_timing_cannot_say_of_its_window(timing: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message.replace("?", r"\?")):
        of_timing(timing)


def order(fragment: str, **choices: object) -> list[str]:
    found = course(fragment, **choices)
    assert all(bounding_window(rule, found) == rule.order for rule in found.order)
    return [f"{rule.reference}<{rule.point}" for rule in found.order]


TWO_EPOCHS = """\
anchor: a
{protocol}
epochs:
  - id: one
    {one}
    visits: [{{id: a}}, {{id: b{b}, after: {{visit: a, within: 1d..9d}}}}]
  - id: two
    {two}
    visits:
      - {{id: c{c}, after: {{visit: a, within: 1d..9d}}}}
      - {{id: d, after: {{visit: a, within: 1d..9d}}}}
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, []),
        ({"protocol": "order: listed"}, ["a<b", "b<c", "c<d"]),
        ({"two": "order: listed"}, ["c<d"]),
        ({"one": "order: listed", "two": "order: listed"}, ["a<b", "c<d"]),
        ({"c": ", order: listed"}, ["b<c"]),
        ({"protocol": "order: listed", "b": ", order: any"}, ["a<c", "c<d"]),
        ({"protocol": "order: listed", "two": "order: any"}, ["a<b"]),
        ({"protocol": "order: listed", "c": ", optional: true"}, ["a<b", "b<c", "c<d"]),
        ({"protocol": "order: listed", "c": ", unscheduled: true"}, ["a<b", "b<d"]),
        ({"one": "order: any", "two": "order: listed", "c": ", order: listed"}, ["c<d"]),
    ],
)
def test_the_order_is_that_of_the_protocol_its_epochs_or_a_visit(
    said: dict[str, str], expected: list[str]
) -> None:
    words = {"protocol": "", "one": "", "two": "", "b": "", "c": "", **said}
    assert order(TWO_EPOCHS.format(**words)) == expected


def test_what_is_left_out_is_passed_over() -> None:
    words = {"protocol": "order: listed", "one": "", "two": "", "b": "", "c": ", optional: true"}
    assert order(TWO_EPOCHS.format(**words), with_visits=()) == ["a<b", "b<d"]


@given(st.integers(1, 4), st.integers(1, 3))
def test_the_rounds_of_a_cycle_follow_one_another(times: int, visits: int) -> None:
    written = ", ".join(
        f"{{id: v{at}, after: {{visit: a, within: 1d..99d}}}}" for at in range(visits)
    )
    found = course(
        "anchor: a\nepochs: [{id: e, visits: [{id: a}]}, {id: round, order: listed,"
        f" cycle: {{times: {times}}}, visits: [{written}]}}]"
    )
    listed = [one.id for one in found.visits[1:]]
    assert [(rule.reference.visit, rule.point.visit) for rule in found.order] == [*pairwise(listed)]
    assert {rule.path for rule in found.order} <= {("epochs", 1, "order")}


def test_order_ties_no_visit_to_the_anchor() -> None:
    found = course("order: listed\nanchor: a\nepochs: [{id: e, visits: [{id: a}, {id: b}]}]")
    assert [rule.name for rule in found.order] == ["b.order"]
    assert not found.rules
    assert found.all_rules == found.order


def test_what_has_no_date_is_passed_over() -> None:
    study = example_file(
        "order: listed\nanchor: a\nepochs: [{id: e, visits: [{id: a},"
        " {id: stop, unscheduled: true}, {id: waits, after: {visit: stop, within: 1d}},"
        " {id: b, after: {visit: a, within: 1d..}}]}]"
    ).protocol
    found = with_dates(study, None, Choice())
    assert [one.id for one in found.visits] == ["a", "b"]
    assert [(rule.reference.visit, rule.point.visit) for rule in found.order] == [("a", "b")]
