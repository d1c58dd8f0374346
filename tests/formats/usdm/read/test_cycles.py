"""Without its cycles a protocol asks the same of everybody."""

import pytest
from formats.usdm.random_protocols import protocols
from formats.usdm.studies import FILES, protocol
from hypothesis import HealthCheck, assume, given, settings
from pydantic import ValidationError

from planner.formats.usdm.extensions.restore import unrolled
from planner.protocol.expand import expand
from planner.protocol.model import Protocol


def asked(one: Protocol, arm: str | None) -> tuple[object, ...]:
    course = expand(one, arm)
    rules = [
        (rule.reference, rule.point, rule.window, rule.target, rule.backwards)
        for rule in course.rules
    ]
    return (
        [(visit.id, visit.kind, visit.visit.mode) for visit in course.visits],
        sorted(rules, key=repr),
        [(track.id, start, until) for track, start, until in course.tracks],
        course.anchor,
    )


@pytest.mark.parametrize("name", FILES)
def test_the_courses_of_all_arms_stay_as_they_are(name: str) -> None:
    check(protocol(name))


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_whatever_repeats_is_written_out(one: Protocol) -> None:
    # References that lead nowhere or to several visits mean nothing that could stay the same.
    assume(not any(expand(one, arm.id).flaws for arm in one.arms) and not expand(one).flaws)
    try:
        check(one)
    except ValidationError:
        # A break in months before a timing backwards in days is no distance that can be written.
        assume(not any(epoch.cycle is not None and epoch.cycle.breaks for epoch in one.epochs))
        raise


def check(one: Protocol) -> None:
    flat = Protocol.model_validate(unrolled(one))
    assert all(epoch.cycle is None for epoch in flat.epochs)
    for arm in [arm.id for arm in one.arms] or [None]:
        assert asked(flat, arm) == asked(one, arm)
