"""What lies after the unblinding may tell the arm; what lies before it must not."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()
TELLING = [CHECKS[one] for one in ("visits-tell-arms", "windows-tell-arms")]
NOTE = [CHECKS["arms-part-at-unblinding"]]


def study(
    *late: str, unblinding: str = "after: {visit: dosing, within: 4w..6w}", rest: str = ""
) -> str:
    body = "".join(f"      - {line}\n" for line in late)
    return f"""\
design: double-blind
blinded: participant
arms: [{{id: active}}, {{id: comparator}}]
decisions: {{crossover: {{condition: Comparator arm}}}}
epochs:
  - id: treatment
    visits:
      - {{id: baseline}}
      - {{id: dosing, after: {{visit: baseline, within: 1w..2w}}}}
      - {{id: endpoint, after: {{visit: dosing, within: 2w..4w}}}}
      - {{id: unblinding, {unblinding}}}
{body}{rest}"""


def found(fragment: str, checks: list = TELLING) -> list[Finding]:  # type: ignore[type-arg]
    return examine(example_file(fragment), checks)


OPEN_DOSING = "{id: open-dosing, arms: comparator, after: {visit: unblinding, within: 1d..2w}}"


def test_visits_of_one_arm_after_the_unblinding_tell_nothing_and_are_noted() -> None:
    fragment = study(OPEN_DOSING)
    assert found(fragment) == []
    (note,) = found(fragment, NOTE)
    assert note.severity == "note"
    assert note.message == (
        "after `unblinding` the arms differ, as in `open-dosing`: a calendar made before it"
        " must end"
        " with it"
    )
    assert note.about == ("unblinding", "open-dosing")
    assert [one.message for one in note.related] == [
        "`comparator` has `open-dosing`, which `active` does not have"
    ]


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (
            "{id: extra, arms: comparator, after: {visit: dosing, within: 5w..8w}}",
            "it may fall before the unblinding",
        ),
        (
            "{id: extra, arms: comparator, when: crossover, after: {visit: dosing, within: 5w}}",
            "a decision says nothing of when",
        ),
        (
            "{id: extra, arms: comparator, before: {visit: unblinding, within: 0d..1w}}",
            "it lies before",
        ),
        (
            "{id: extra, arms: comparator, after: {visit: unblinding, within: 0d..1w}}",
            "it may overlap in time",
        ),
    ],
)
def test_what_is_not_sure_to_come_after_it_tells_the_arms_apart(late: str, why: str) -> None:
    for fragment in (study(late), study(OPEN_DOSING, late)):
        (finding,) = found(fragment)
        assert finding.check == "visits-tell-arms", why
        assert "`comparator` has `extra`" in finding.message
        assert found(fragment, NOTE) == [], "the arms do not part only after the unblinding"


def test_what_comes_after_by_its_distance_from_another_visit_counts_too() -> None:
    late = "{id: late, arms: comparator, after: {visit: dosing, within: 6w1d..8w}}"
    assert found(study(late)) == []


@pytest.mark.parametrize("word", ["optional: true", "when: crossover"])
def test_an_unblinding_that_may_not_take_place_hides_nothing(word: str) -> None:
    unblinding = f"{word}, after: {{visit: dosing, within: 4w..6w}}"
    (finding,) = found(study(OPEN_DOSING, unblinding=unblinding))
    assert finding.check == "visits-tell-arms"


def test_an_unblinding_by_decision_counts_for_visits_of_that_decision() -> None:
    unblinding = "when: crossover, after: {visit: dosing, within: 4w..6w}"
    late = (
        "{id: open-dosing, arms: comparator, when: crossover,"
        " after: {visit: unblinding, within: 1d..2w}}"
    )
    assert found(study(late, unblinding=unblinding)) == []


def test_an_unblinding_of_one_arm_alone_tells_the_arms_apart() -> None:
    unblinding = "arms: comparator, after: {visit: dosing, within: 4w..6w}"
    messages = [one.message for one in found(study(OPEN_DOSING, unblinding=unblinding))]
    assert messages == [
        "`comparator` has `unblinding` and `open-dosing`, which `active` does not have"
    ]


def test_timings_titles_and_tracks_after_it_may_differ_and_before_it_may_not() -> None:
    follow_up = (
        "{id: follow-up, title: Follow-up, after: {visit: unblinding, within: 1w},"
        " by_arm: {comparator: {title: Later follow-up, after: {visit: unblinding, within: 9w}}}}"
    )
    track = "tracks: [{id: diary, from: follow-up, times: 7, arms: active}]\n"
    assert found(study(follow_up, rest=track)) == []
    early_track = track.replace("from: follow-up", "from: endpoint")
    (finding,) = found(study(follow_up, rest=early_track))
    assert finding.message == "`active` has the track `diary`, which `comparator` does not have"
    reaching_back = track.replace("from: follow-up", "from: follow-up, offset: -60d")
    assert len(found(study(follow_up, rest=reaching_back))) == 1
    early = "{id: visit, after: {visit: dosing, within: 1w}, by_arm: {active: {mode: phone}}}"
    (finding,) = found(study(early, follow_up))
    assert finding.message.startswith("`visit` reveals the arm by its mode")


def test_more_cycles_in_one_arm_after_it_tell_nothing() -> None:
    cycle = """\
  - id: boosters
    cycle: {times: {active: 1, comparator: 3}}
    visits:
      - id: booster
        first: {visit: unblinding, within: 1w}
        next: {visit: previous booster, within: 1w}
"""
    assert found(study() + cycle) == []
    (finding,) = found(study() + cycle.replace("visit: unblinding", "visit: dosing"))
    assert finding.message == "`boosters` repeats 1 times in `active` and 3 times in `comparator`"


def test_a_rule_of_what_comes_later_must_not_reach_back_to_a_visit_before_it() -> None:
    rest = "constraints: [{from: baseline, to: open-dosing, within: ..7w, arms: comparator}]\n"
    (finding,) = found(study(OPEN_DOSING, rest=rest))
    assert finding.check == "windows-tell-arms"
    assert finding.message == (
        "`unblinding` reveals the arm by the days that all rules leave it after `baseline`:"
        " 5w..8w in `active`, 5w..48d in `comparator`"
    )


def test_rules_that_cannot_hold_prove_nothing() -> None:
    rest = "constraints: [{from: baseline, to: dosing, within: 9w}]\n"
    assert [one.check for one in found(study(OPEN_DOSING, rest=rest))] == ["visits-tell-arms"]


def test_arms_that_go_on_alike_are_not_noted() -> None:
    same = "{id: follow-up, after: {visit: unblinding, within: 1w}}"
    assert found(study(same), NOTE) == []
    assert found(study(OPEN_DOSING).replace("double-blind", "open-label"), NOTE) != []
    open_study = study(OPEN_DOSING).replace(
        "design: double-blind\nblinded: participant", "design: open-label"
    )
    assert found(open_study, NOTE) == []
