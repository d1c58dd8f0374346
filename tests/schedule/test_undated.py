"""What nothing dates has no date: what waits for an event, and what nothing ties to the anchor."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import protocol

from planner.protocol.model import Protocol
from planner.schedule.undated import Choice, Untied, refuse_untied, why_undated, with_dates

STOP = {"id": "stop", "unscheduled": True, "after": {"visit": "v0", "within": "1d.."}}
EOT = {"id": "eot", "after": {"visit": "stop", "within": "0d..7d"}}
DECISIONS = {"go": {"condition": "So decided."}}


def waiting(
    visits: Sequence[dict[str, Any]], choice: Choice | None = None, **more: Any
) -> dict[str, str]:
    """Why each visit and track has no date, by id."""
    small = protocol([{"id": "v0"}, *visits], **more)
    course = with_dates(small, None, choice or Choice())
    found = {one.what.id: why_undated(one) for one in course.waiting}
    assert not found.keys() & {one.id for one in course.visits}
    assert all(
        {rule.point.visit, rule.reference.visit} <= {one.id for one in course.visits}
        for rule in course.rules
    )
    return found


def test_what_counts_only_from_an_unscheduled_visit_waits_for_it() -> None:
    assert waiting([STOP, EOT]) == {"eot": "waits for `stop`"}
    assert waiting([STOP, EOT], Choice(with_visits=["stop"])) == {}


def test_the_end_of_an_unscheduled_visit_dates_no_more_than_its_start() -> None:
    eot = {"id": "eot", "after": {"visit": "stop.end", "within": "0d..7d"}}
    assert waiting([STOP, eot]) == {"eot": "waits for `stop`"}
    before = {"id": "eot", "before": {"visit": "stop", "within": "0d..7d"}}
    assert waiting([STOP, before]) == {"eot": "waits for `stop`"}


def test_what_waits_for_something_that_waits_is_told_with_that() -> None:
    call = {"id": "call", "after": {"visit": "eot", "within": "1w"}}
    assert waiting([STOP, EOT, call]) == {"eot": "waits for `stop`", "call": "waits for `eot`"}


def test_of_several_events_any_one_dates_it() -> None:
    harm = {**STOP, "id": "harm"}
    eot = {**EOT, "after": [{"visit": "stop", "within": "0d.."}, {"visit": "harm", "target": "1d"}]}
    assert waiting([STOP, harm, eot]) == {"eot": "waits for `stop` or `harm`"}
    assert waiting([STOP, harm, eot], Choice(with_visits=["harm"])) == {}


def test_one_dated_reference_is_enough() -> None:
    eot = {**EOT, "after": [EOT["after"], {"visit": "v0", "within": "5d..90d"}]}
    assert waiting([STOP, eot]) == {}


def test_a_constraint_bounds_and_dates_nothing() -> None:
    bound = [{"from": "v0", "to": "eot", "within": "1d..90d"}]
    assert waiting([STOP, EOT], constraints=bound) == {"eot": "waits for `stop`"}
    # But what has no timing of its own is dated by it.
    assert waiting([{"id": "eot"}], constraints=bound) == {}


def test_what_counts_from_it_does_not_date_what_waits() -> None:
    last = {
        "id": "last",
        "after": [{"visit": "eot", "within": "30d"}, {"visit": "v0", "within": "80d..90d"}],
    }
    assert waiting([STOP, EOT, last]) == {"eot": "waits for `stop`"}


def test_days_are_counted_back_from_the_anchor_through_what_it_counts_from() -> None:
    washout = {"id": "washout", "optional": True, "after": {"visit": "v0", "within": "1w"}}
    prep = {"id": "prep", "after": {"visit": "washout", "within": "1w"}}
    dosing = {"id": "dosing", "after": {"visit": "prep", "within": "1w"}}
    late = {"anchor": "dosing"}
    without = Choice(without_visits=["washout"])
    assert waiting([washout, prep, dosing], without, **late).keys() == {"v0"}


def test_a_visit_without_a_timing_that_only_a_waiting_one_ties_waits_for_that() -> None:
    eot = {**EOT, "after": [EOT["after"], {"visit": "form", "within": "1d"}]}
    assert waiting([STOP, {"id": "form"}, eot]) == {
        "form": "waits for `eot`",
        "eot": "waits for `stop` or `form`",
    }


def test_what_hangs_on_an_open_decision_waits_and_the_branch_itself_does_not() -> None:
    second = {"id": "second", "when": "go", "after": {"visit": "v0", "within": "1w"}}
    both = {"id": "both", "when": "go", "after": {"visit": "second", "within": "1d"}}
    end = {"id": "end", "after": {"visit": "second", "within": "1w"}}
    told = waiting([second, both, end], decisions=DECISIONS)
    assert told == {"end": "waits for `second`"}
    assert waiting([second, both, end], Choice(["second", "both"]), decisions=DECISIONS) == {}


def test_the_last_session_of_all_is_dated_whatever_is_decided() -> None:
    second = {"id": "b", "kind": "dosing", "when": "go", "after": {"visit": "a", "within": "1w"}}
    first = {"id": "a", "kind": "dosing", "after": {"visit": "v0", "within": "1w"}}
    end = {"id": "end", "after": {"visit": "last dosing", "within": "1w"}}
    assert waiting([first, second, end], decisions=DECISIONS) == {}


def test_what_counts_only_from_a_visit_that_was_left_out_never_has_a_date() -> None:
    extra = {"id": "extra", "optional": True, "after": {"visit": "v0", "within": "1w"}}
    end = {"id": "end", "after": {"visit": "extra", "within": "1w"}}
    assert waiting([extra, end]) == {}
    assert waiting([extra, end], Choice(without_visits=["extra"])) == {
        "end": "has no date: it counts from `extra`, which does not take place"
    }


def test_a_visit_of_another_arm_is_no_event_that_may_happen() -> None:
    arms = [{"id": "a"}, {"id": "b"}]
    visits = [
        {"id": "v0"},
        {"id": "scan", "arms": "b", "after": {"visit": "v0", "within": "1w"}},
        {"id": "end", "after": {"visit": "scan", "within": "1w"}},
    ]
    small = protocol(visits, arms=arms)
    assert not with_dates(small, "b", Choice()).waiting
    with pytest.raises(
        Untied, match="no timing connects `end` to the anchor `v0`, so it has no date"
    ):
        refuse_untied(with_dates(small, "a", Choice()))


def test_a_track_waits_with_the_visits_that_it_begins_and_ends_with() -> None:
    tracks = [
        {"id": "diary", "from": "v0", "until": "stop"},
        {"id": "calls", "from": "eot", "times": 3},
        {"id": "steps", "from": "v0", "times": 3},
    ]
    told = waiting([STOP, EOT], tracks=tracks)
    assert told == {
        "eot": "waits for `stop`",
        "diary": "waits for `stop`",
        "calls": "waits for `eot`",
    }
    small = protocol([{"id": "v0"}, STOP, EOT], tracks=tracks)
    course = with_dates(small, None, Choice())
    assert [track.id for track, _, _ in course.tracks] == ["steps"]
    assert course.flaws == ()


def test_a_track_of_a_visit_that_does_not_take_place_is_not_there() -> None:
    extra = {"id": "extra", "optional": True, "after": {"visit": "v0", "within": "1w"}}
    tracks = [{"id": "diary", "from": "extra", "times": 3}]
    assert waiting([extra], Choice(without_visits=["extra"]), tracks=tracks) == {}


def test_an_unscheduled_visit_needs_no_timing() -> None:
    harm = {"id": "harm", "unscheduled": True}
    check = {"id": "check", "after": {"visit": "harm", "within": "1w"}}
    assert waiting([harm, check]) == {"check": "waits for `harm`"}


def test_what_nothing_ties_is_refused_with_all_that_hangs_on_it() -> None:
    small = protocol(
        [{"id": "v0"}, {"id": "a"}, {"id": "b", "after": {"visit": "a", "within": "1d"}}]
    )
    with pytest.raises(
        Untied, match="no timing connects `a`, `b` to the anchor `v0`, so they have no"
    ):
        refuse_untied(with_dates(small, None, Choice()))


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Up to seven visits that count from earlier ones, or from none; some are unscheduled."""
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, draw(st.integers(2, 7))):
        sources = draw(st.sets(st.integers(0, number - 1), max_size=2))
        visit: dict[str, Any] = {
            "id": f"v{number}",
            "after": [{"visit": f"v{one}", "within": "1d..9d"} for one in sorted(sources)],
        }
        if draw(st.integers(0, 3)) == 0:
            visit["unscheduled"] = True
        visits.append(visit)
    pairs = st.tuples(st.integers(0, len(visits) - 1), st.integers(0, len(visits) - 1))
    bounds = [
        {"from": f"v{one}", "to": f"v{other}", "within": "..99d"}
        for one, other in draw(st.lists(pairs, max_size=1))
        if one != other
    ]
    return protocol(visits, constraints=bounds)


def undated_by_the_letter(small: Protocol) -> set[str]:
    """The planned visits without a date, found by looking at all of them again and again."""
    written = {one.id: [t.visit.visit for t in one.after] for one in small.epochs[0].visits}
    planned = {one.id for one in small.epochs[0].visits if not one.unscheduled}
    gone: set[str] = set()
    for _ in written:
        for name in planned - {"v0"}:
            if written[name] and all(one in gone or one not in planned for one in written[name]):
                gone.add(name)
    pairs = [(name, one) for name, sources in written.items() for one in sources]
    pairs += [(one.start.visit, one.end.visit) for one in small.constraints]
    reached = {"v0"}
    for _ in written:
        for one, other in pairs:
            if {one, other} <= planned - gone and {one, other} & reached:
                reached |= {one, other}
    return planned - reached


@given(protocols())
@settings(max_examples=300, deadline=None)
def test_exactly_those_have_no_date_that_nothing_with_a_date_dates(small: Protocol) -> None:
    course = with_dates(small, None, Choice())
    assert {one.what.id for one in course.waiting} == undated_by_the_letter(small)
    listed = [one.id for one in small.epochs[0].visits if not one.unscheduled]
    assert [one.id for one in course.visits] == [
        name for name in listed if name not in {one.what.id for one in course.waiting}
    ]


@given(protocols())
@settings(max_examples=200, deadline=None)
def test_nothing_waits_once_all_has_happened(small: Protocol) -> None:
    left = with_dates(small, None, Choice(unscheduled=True), fixed=happening(small)).waiting
    assert all(one.is_untied for one in left)


def happening(small: Protocol) -> list[str]:
    return [one.id for one in small.epochs[0].visits if one.unscheduled]
