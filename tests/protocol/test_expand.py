"""The course of one participant: cycles, arms, options, breaks, and what references mean."""

from collections.abc import Callable

import pytest

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.protocol.course import Course, Point
from planner.protocol.expand import MAX_VISITS, expand

HEAD = """\
format: 1
id: example
title: An example
version: "1"
status: illustrative
design: open-label
"""
CYCLE = """\
anchor: baseline
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 3}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..2w}
        next: {visit: previous dosing, within: 3w..5w, target: 4w}
      - {id: integration, after: {visit: dosing, within: 1d..3d}}
  - id: follow-up
    visits:
      - {id: outcome, after: {visit: last dosing, within: 6w..}}
"""

Loaded = Callable[..., Course]


@pytest.fixture
def course(write: Callable[..., str]) -> Loaded:
    """The course of a protocol written without its head."""

    def course(text: str, arm: str | None = None, **options: object) -> Course:
        protocol = load_protocol(write(HEAD + text)).protocol
        return expand(protocol, arm, **options)  # type: ignore[arg-type]

    return course


def visits(course: Course) -> list[str]:
    return [visit.id for visit in course.visits]


def rules(course: Course) -> dict[str, str]:
    """Every rule by name, as `reference -> point: window, target`."""
    return {
        rule.name: f"{rule.reference} -> {rule.point}: {rule.window}"
        + (f", {rule.target}" if rule.target else "")
        for rule in course.rules
    }


def flaws(course: Course) -> list[str]:
    return [
        f"{flaw.check} at {'.'.join(map(str, flaw.path))}: {flaw.message}"
        + (f" ({flaw.hint})" if flaw.hint else "")
        for flaw in course.flaws
    ]


def test_a_cycle_repeats_its_visits_under_numbered_ids(course: Loaded) -> None:
    found = course(CYCLE)
    assert visits(found) == [
        "baseline",
        "dosing-1",
        "integration-1",
        "dosing-2",
        "integration-2",
        "dosing-3",
        "integration-3",
        "outcome",
    ]
    assert [visit.cycle for visit in found.visits] == [None, 1, 1, 2, 2, 3, 3, None]
    assert [visit.kind for visit in found.visits][:3] == ["baseline", "dosing", "integration"]
    assert found.flaws == ()
    assert found.anchor == "baseline"


def test_first_times_the_first_cycle_and_next_every_later_one(course: Loaded) -> None:
    assert rules(course(CYCLE)) == {
        "dosing-1.first": "baseline -> dosing-1: 1w..2w",
        "integration-1.after": "dosing-1 -> integration-1: 1d..3d",
        "dosing-2.next": "dosing-1 -> dosing-2: 3w..5w, 4w",
        "integration-2.after": "dosing-2 -> integration-2: 1d..3d",
        "dosing-3.next": "dosing-2 -> dosing-3: 3w..5w, 4w",
        "integration-3.after": "dosing-3 -> integration-3: 1d..3d",
        "outcome.after": "dosing-3 -> outcome: 6w..",
    }


def test_a_cycle_of_one_numbers_its_visit_too(course: Loaded) -> None:
    found = course(CYCLE.replace("times: 3", "times: 1"))
    assert visits(found) == ["baseline", "dosing-1", "integration-1", "outcome"]
    assert "dosing-2.next" not in rules(found)


def test_every_rule_says_where_it_stands_in_the_file(course: Loaded) -> None:
    paths = {rule.name: rule.path for rule in course(CYCLE).rules}
    assert paths["dosing-3.next"] == ("epochs", 1, "visits", 0, "next", 0)
    assert paths["outcome.after"] == ("epochs", 2, "visits", 0, "after", 0)


REFERENCES = [  # the outcome's reference, the point that it means
    ("first dosing", "dosing-1"),
    ("last dosing", "dosing-3"),
    ("previous dosing", "dosing-3"),
    ("dosing-2", "dosing-2"),
    ("dosing-2.start", "dosing-2"),
    ("dosing-2.end", "dosing-2.end"),
    ("last dosing.end", "dosing-3.end"),
    ("last integration", "integration-3"),
    ("last dosing-2", "dosing-2"),
    ("baseline", "baseline"),
]


@pytest.mark.parametrize(("written", "meant"), REFERENCES, ids=[row[0] for row in REFERENCES])
def test_a_reference_means_one_point(course: Loaded, written: str, meant: str) -> None:
    found = course(CYCLE.replace("last dosing", written))
    assert rules(found)["outcome.after"] == f"{meant} -> outcome: 6w.."
    assert found.flaws == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("first dosing", "session-a"),
        ("last dosing", "session-b"),
        ("previous dosing", "session-b"),
        ("next follow-up", "week-12"),
    ],
)
def test_a_reference_by_kind_means_whichever_visit_is_of_it(
    course: Loaded, written: str, meant: str
) -> None:
    found = course(f"""\
anchor: session-a
epochs:
  - id: treatment
    visits:
      - {{id: session-a, kind: dosing}}
      - {{id: session-b, kind: dosing}}
  - id: follow-up
    visits:
      - {{id: week-4, after: {{visit: {written}, within: 1d..}}}}
      - {{id: week-12}}
""")
    assert rules(found) == {"week-4.after": f"{meant} -> week-4: 1d.."}


def test_previous_and_next_count_in_the_order_of_the_schedule(course: Loaded) -> None:
    text = CYCLE.replace("{visit: dosing, within: 1d..3d}", "{visit: next dosing, within: ..-1d}")
    found = rules(course(text))
    assert found["integration-1.after"] == "dosing-2 -> integration-1: ..-1d"
    assert "integration-3.after" not in found  # no dosing follows


def test_the_end_of_a_visit_can_be_what_is_placed(course: Loaded) -> None:
    found = course(CYCLE.replace("within: 1d..3d", "within: 2h.., of: end"))
    (first, *_) = [rule for rule in found.rules if rule.name == "integration-1.after"]
    assert first.point == Point("integration-1", True)


def test_before_is_the_same_rule_with_the_other_sign(course: Loaded) -> None:
    found = course("""\
anchor: baseline
epochs:
  - id: screening
    visits:
      - {id: consent, before: {visit: baseline, within: 1w..6w, target: 2w}}
      - {id: early, before: {visit: baseline, within: 3d..}}
      - {id: baseline}
""")
    assert rules(found) == {
        "consent.before": "baseline -> consent: -6w..-1w, -2w",
        "early.before": "baseline -> early: ..-3d",
    }
    assert all(rule.backwards for rule in found.rules)


def test_several_timings_of_a_visit_are_numbered(course: Loaded) -> None:
    text = CYCLE.replace(
        "{visit: last dosing, within: 6w..}",
        "[{visit: last dosing, within: 6w..}, {visit: baseline, within: ±1w, target: 18w}]",
    )
    found = rules(course(text))
    assert found["outcome.after.1"] == "dosing-3 -> outcome: 6w.."
    assert found["outcome.after.2"] == "baseline -> outcome: 17w..19w, 18w"


def test_a_break_moves_the_next_cycle_only(course: Loaded) -> None:
    text = CYCLE.replace("times: 3", "times: 3, breaks: [{after: 1, length: 2w}]")
    found = rules(course(text))
    assert found["dosing-2.next"] == "dosing-1 -> dosing-2: 5w..7w, 6w"
    assert found["dosing-3.next"] == "dosing-2 -> dosing-3: 3w..5w, 4w"
    open_end = rules(course(text.replace("within: 3w..5w, target: 4w", "within: 3w..")))
    assert open_end["dosing-2.next"] == "dosing-1 -> dosing-2: 5w.."


ARMS = """\
anchor: baseline
arms: [{id: high}, {id: low}]
epochs:
  - id: screening
    visits:
      - id: baseline
  - id: run-in
    arms: low
    visits:
      - {id: wait, after: {visit: baseline, within: 4w}}
  - id: treatment
    cycle: {times: {high: 2, low: 1}}
    visits:
      - id: dosing
        duration: 8h
        first: {visit: baseline, within: 1w..2w}
        next: {visit: previous dosing, within: 4w}
        by_arm:
          low: {duration: 4h, first: {visit: wait, within: 1d..}, title: Session}
      - {id: scan, arms: [high], after: {visit: dosing, within: 1d}}
  - id: follow-up
    visits:
      - id: outcome
        after:
          - {visit: last dosing, within: 4w.., arms: high}
          - {visit: last dosing, within: 8w.., arms: low}
constraints:
  - {from: baseline, to: outcome, within: 5w.., arms: high}
  - {id: rest, from: first dosing, to: last scan, within: ..10w}
tracks:
  - {id: diary, from: baseline, until: outcome, arms: low}
  - {id: scans, from: first scan, until: last scan}
"""


def test_an_arm_has_its_own_epochs_visits_cycles_and_timings(course: Loaded) -> None:
    high = course(ARMS, "high")
    assert visits(high) == ["baseline", "dosing-1", "scan-1", "dosing-2", "scan-2", "outcome"]
    assert rules(high) == {
        "dosing-1.first": "baseline -> dosing-1: 1w..2w",
        "scan-1.after": "dosing-1 -> scan-1: 1d",
        "dosing-2.next": "dosing-1 -> dosing-2: 4w",
        "scan-2.after": "dosing-2 -> scan-2: 1d",
        "outcome.after.1": "dosing-2 -> outcome: 4w..",
        "constraints.1": "baseline -> outcome: 5w..",
        "constraints.rest": "dosing-1 -> scan-2: ..10w",
    }
    assert [track.id for track, _, _ in high.tracks] == ["scans"]
    low = course(ARMS, "low")
    assert visits(low) == ["baseline", "wait", "dosing-1", "outcome"]
    assert rules(low) == {
        "wait.after": "baseline -> wait: 4w",
        "dosing-1.first": "wait -> dosing-1: 1d..",
        "outcome.after.2": "dosing-1 -> outcome: 8w..",
    }
    assert [track.id for track, _, _ in low.tracks] == ["diary"]
    assert high.flaws == low.flaws == ()


def test_what_differs_by_arm_replaces_what_the_visit_says(course: Loaded) -> None:
    high, low = (course(ARMS, arm).visit("dosing-1") for arm in ("high", "low"))
    assert (high.title, str(high.visit.duration and high.visit.duration.value)) == (
        "dosing-1",
        "8h",
    )
    assert (low.title, str(low.visit.duration and low.visit.duration.value)) == ("Session", "4h")
    (first, *_) = course(ARMS, "low").rules[1:]
    assert first.path == ("epochs", 2, "visits", 0, "by_arm", "low", "first", 0)


def test_an_arm_can_take_timings_away(course: Loaded) -> None:
    for nothing in ("", "[]", "null"):
        text = ARMS.replace("first: {visit: wait, within: 1d..}", f"first: {nothing}")
        text = text.replace("title: Session", "mode: null, title: Session")
        found = course(text, "low")
        assert "dosing-1.first" not in rules(found)
        assert found.visit("dosing-1").visit.mode == "clinic"


def test_without_a_name_the_first_arm_is_taken(course: Loaded) -> None:
    assert course(ARMS).arm == "high"
    assert course(CYCLE).arm is None


def test_an_unknown_arm_is_refused_with_those_there_are(course: Loaded) -> None:
    with pytest.raises(PlannerError, match="has no arm `hgh`; its arms: `high`, `low`"):
        course(ARMS, "hgh")
    with pytest.raises(PlannerError, match="has no arm `high`; its arms: none"):
        course(CYCLE, "high")


OPTIONS = CYCLE.replace("- id: dosing\n", "- id: dosing\n        optional: true\n").replace(
    "{id: outcome, ", "{id: outcome, when: responded, "
)


def test_optional_and_conditional_visits_take_place_unless_left_out(course: Loaded) -> None:
    assert len(course(OPTIONS).visits) == 8
    assert "dosing-3" not in visits(course(OPTIONS, without_visits=["dosing-3"]))
    without = course(OPTIONS, without_visits=["dosing"])
    assert visits(without) == [
        "baseline",
        "integration-1",
        "integration-2",
        "integration-3",
        "outcome",
    ]
    only = course(OPTIONS, with_visits=["dosing-1", "outcome"])
    assert [name for name in visits(only) if "integration" not in name] == [
        "baseline",
        "dosing-1",
        "outcome",
    ]
    assert "outcome" not in visits(course(OPTIONS, with_visits=[]))


def test_references_skip_the_visits_that_were_left_out(course: Loaded) -> None:
    found = course(OPTIONS, without_visits=["dosing-2"])
    assert rules(found)["dosing-3.next"] == "dosing-1 -> dosing-3: 3w..5w, 4w"
    assert "integration-2.after" not in rules(found)  # it does not move to another cycle's dosing
    alone = course(OPTIONS, with_visits=["dosing-1"])
    assert [name for name in rules(alone) if "integration" in name] == ["integration-1.after"]
    last = course(OPTIONS, without_visits=["dosing-3"])
    assert rules(last)["outcome.after"] == "dosing-2 -> outcome: 6w.."
    assert found.flaws == last.flaws == ()


def test_only_a_visit_that_is_optional_can_be_chosen(course: Loaded) -> None:
    with pytest.raises(
        PlannerError, match="`baseline` is required: neither optional nor conditional"
    ):
        course(OPTIONS, without_visits=["baseline"])
    with pytest.raises(
        PlannerError, match="no visit `dosng-1` in this arm; did you mean `dosing-1`"
    ):
        course(OPTIONS, with_visits=["dosng-1"])
    with pytest.raises(PlannerError, match="no visit `dosing-4` in this arm"):
        course(OPTIONS, without_visits=["dosing-4"])


def test_an_unknown_reference_is_one_flaw_however_many_cycles(course: Loaded) -> None:
    text = CYCLE.replace("visit: dosing,", "visit: dosng,").replace("times: 3", "times: 50")
    text = text.replace("previous dosing", "previous dosin").replace("last dosing", "last doping")
    assert flaws(course(text)) == [
        (
            "unknown-visit at epochs.1.visits.1.after.0.visit: there is no visit `dosng`"
            " (did you mean `dosing`?)"
        ),
        (
            "unknown-visit at epochs.1.visits.0.next.0.visit: there is no visit and no kind of"
            " visit `dosin` (did you mean `dosing`?)"
        ),
        (
            "unknown-visit at epochs.2.visits.0.after.0.visit: there is no visit and no kind of"
            " visit `doping` (did you mean `dosing`?)"
        ),
    ]


def test_an_unknown_reference_of_a_later_cycle_is_found(course: Loaded) -> None:
    """The optional visit is left out of cycles 1 and 2."""
    text = OPTIONS.replace("previous dosing", "previous dosin")
    found = course(text, without_visits=["dosing-1", "dosing-2"])
    assert len(found.flaws) == 1


def test_a_visit_that_repeats_must_be_named_by_its_occurrence(course: Loaded) -> None:
    (flaw,) = flaws(course(CYCLE.replace("last dosing", "dosing")))
    assert "`dosing` occurs 3 times; write `first dosing`, `last dosing` or `dosing-1`" in flaw


def test_an_occurrence_beyond_the_last_cycle_is_unknown(course: Loaded) -> None:
    (flaw,) = flaws(course(CYCLE.replace("last dosing", "dosing-4")))
    assert "there is no visit `dosing-4` (did you mean `dosing-" in flaw


def test_previous_has_no_meaning_in_a_constraint(course: Loaded) -> None:
    (flaw,) = flaws(
        course(CYCLE + "constraints: [{from: previous dosing, to: outcome, within: 1d..}]\n")
    )
    assert flaw == "unknown-visit at constraints.0.from: `previous` has a meaning only at a visit"


DUPLICATES = [  # what is changed, where the second one stands, its name
    ("{id: outcome,", "{id: baseline,", "epochs.2.visits.0", "baseline"),
    ("{id: integration,", "{id: dosing,", "epochs.1.visits.1", "dosing"),
    # A visit of a cycle's numbered name, behind the cycle and in front of it
    ("{id: outcome,", "{id: dosing-2,", "epochs.2.visits.0", "dosing-2"),
    ("{id: baseline}", "{id: baseline}\n      - {id: dosing-2}", "epochs.1.visits.0", "dosing-2"),
    ("{id: baseline}", "{id: baseline}\n      - {id: dosing-3}", "epochs.1.visits.0", "dosing-3"),
    # The same name in a cycle and outside
    ("{id: outcome,", "{id: dosing,", "epochs.2.visits.0", "dosing"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "place", "name"), DUPLICATES)
def test_an_id_that_occurs_twice_is_one_flaw(
    course: Loaded, before: str, after: str, place: str, name: str
) -> None:
    found = course(CYCLE.replace(before, after, 1))
    doubled = [flaw for flaw in flaws(found) if flaw.startswith("duplicate-id")]
    last_part = f"visit `{name}" if name == "dosing" else f"visit `{name}` is used twice"
    assert len(doubled) == 1
    assert doubled[0].startswith(f"duplicate-id at {place}: {last_part}")
    assert len(set(visits(found))) == len(visits(found))


def test_arms_may_use_the_same_id_for_different_visits(course: Loaded) -> None:
    text = """\
anchor: baseline
arms: [{id: a}, {id: b}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, arms: a, duration: 8h}
      - {id: dosing, arms: b, duration: 4h}
"""
    for arm in ("a", "b"):
        assert course(text, arm).flaws == ()
        assert visits(course(text, arm)) == ["baseline", "dosing"]


def test_an_anchor_that_an_arm_lacks_is_a_flaw(course: Loaded) -> None:
    found = course(ARMS.replace("anchor: baseline", "anchor: wait"), "high")
    assert found.anchor is None
    assert flaws(found) == [
        "unknown-visit at anchor: the anchor `wait` does not take place in this arm"
    ]
    assert course(ARMS.replace("anchor: baseline", "anchor: wait"), "low").anchor == "wait"


def test_an_unknown_anchor_is_a_flaw_with_the_nearest_visit(course: Loaded) -> None:
    found = course(CYCLE.replace("anchor: baseline", "anchor: basline"))
    assert flaws(found) == [
        "unknown-visit at anchor: there is no visit `basline` (did you mean `baseline`?)"
    ]


def test_study_days_cannot_count_from_an_end(course: Loaded) -> None:
    found = course(CYCLE.replace("anchor: baseline", "anchor: first dosing.end"))
    assert flaws(found) == [
        (
            "unknown-visit at anchor: `first dosing.end` is the end of a visit; study days"
            " count from its start (write `first dosing`)"
        )
    ]


def test_the_anchor_may_be_the_first_of_a_cycle(course: Loaded) -> None:
    assert course(CYCLE.replace("anchor: baseline", "anchor: first dosing")).anchor == "dosing-1"


def test_a_track_that_ends_with_a_missing_visit_is_a_flaw(course: Loaded) -> None:
    track = "tracks: [{id: diary, from: baseline, until: outcome}]\n"
    assert len(course(OPTIONS + track).tracks) == 1
    found = course(OPTIONS + track, without_visits=["outcome"])
    assert found.tracks == ()
    assert len(found.flaws) == 1
    assert found.flaws[0].path == ("tracks", 0, "until")
    assert "track `diary` ends with `outcome`, which does not take place" in found.flaws[0].message


def test_a_track_with_an_unknown_visit_is_a_flaw_with_the_nearest(course: Loaded) -> None:
    found = course(CYCLE + "tracks: [{id: diary, from: basline, until: outcom}]\n")
    assert [flaw.hint for flaw in found.flaws] == [
        "did you mean `baseline`?",
        "did you mean `outcome`?",
    ]
    assert found.tracks == ()


def test_a_course_of_more_visits_than_can_be_planned_is_refused(course: Loaded) -> None:
    many = "".join(f"      - {{id: v{number}}}\n" for number in range(6))
    text = "anchor: first v0\nepochs:\n  - id: treatment\n    cycle: {times: 2000}\n    visits:\n"
    text += many
    with pytest.raises(PlannerError, match="epoch `treatment` make more than 2,500 visits"):
        course(text)
    assert len(course(text.replace("2000", "400")).visits) == 2400 < MAX_VISITS


def test_a_cycle_until_a_decision_is_as_long_as_it_can_be(course: Loaded) -> None:
    text = CYCLE.replace("times: 3", "until: remission, at_most: 4")
    assert "dosing-4" in visits(course(text))
    assert "dosing-5" not in visits(course(text))


def test_the_sketch_expands_without_a_flaw(sketch: str, write: Callable[..., str]) -> None:
    found = expand(load_protocol(write(sketch)).protocol)
    assert found.flaws == ()
    assert visits(found)[-7:] == [
        "dosing-1",
        "integration-1-1",
        "integration-2-1",
        "dosing-2",
        "integration-1-2",
        "integration-2-2",
        "primary-endpoint",
    ]


def test_a_visit_that_is_not_there_is_no_visit_of_the_course(course: Loaded) -> None:
    with pytest.raises(KeyError):
        course(CYCLE).visit("dosing-9")


@pytest.mark.parametrize(
    ("epoch", "visit", "kind"),
    [
        ("treatment", "int-1", "integration"),
        ("treatment", "rand", "randomization"),
        ("screening", "randomisation", "randomization"),
        ("screening", "randomization-visit", "randomization"),
        ("treatment", "discharge-day", "discharge"),
        ("screening", "run-in-2", "run-in"),
        ("screening", "lead-in", "run-in"),
        ("run-in", "week-1", "run-in"),
        ("run-in", "run", "run-in"),
        ("treatment", "intake", "assessment"),
    ],
)
def test_a_visits_kind_is_told_by_its_id_or_else_by_its_epoch(
    epoch: str, visit: str, kind: str, course: Loaded
) -> None:
    found = course(f"anchor: {visit}\nepochs: [{{id: {epoch}, visits: [{{id: {visit}}}]}}]")
    assert [one.kind for one in found.visits] == [kind]
