"""What changed between two versions, told by what the files say and not by their lines."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.formats.load import load_protocol
from planner.protocol.change import Change, Difference
from planner.protocol.difference import difference
from planner.protocol.file import ProtocolFile
from planner.protocol.library import library_ids
from planner.schedule.amendment_effects import with_consequences
from planner.views.difference import sentence

TREATMENT = "! `dosing-2`, `dosing-3`: {} (treatment)"
Write = Callable[..., str]
Told = Callable[..., list[str]]

STUDY = """\
format: 1
id: study
title: Study
version: "1"
status: illustrative
design: open-label
anchor: baseline
roles:
  therapist: {count: 2}
activities:
  caps: {title: CAPS}
  vitals: {title: Vitals}
gates:
  washed-out: {title: Washed out}
decisions:
  remission: {title: Remission, expression: remission}
epochs:
  - id: screening
    visits:
      - {id: consent, before: {visit: baseline, within: 1w..4w}}
      - {id: baseline, duration: 2h, activities: [caps]}
  - id: treatment
    cycle: {times: 3}
    visits:
      - id: dosing
        duration: 6h..8h
        staff: {therapist: 2}
        first: {visit: baseline, within: 1w..3w, target: 2w}
        next: {visit: previous dosing, within: 3w..5w, target: 4w}
      - {id: integration, after: {visit: dosing, within: 1d..5d}}
  - id: follow-up
    visits:
      - {id: call, mode: phone, after: {visit: last dosing, within: 2w..3w}}
      - {id: endpoint, activities: [caps], after: {visit: last dosing, within: 6w..10w}}
"""
ARMS = STUDY.replace("roles:", "arms: [{id: active}, {id: control}]\nroles:", 1)


def compared(write: Write, old: str, new: str) -> Difference:
    before: ProtocolFile = load_protocol(write(old, "old.yaml"))
    after = load_protocol(write(new, "new.yaml"))
    return with_consequences(difference(before, after), before, after)


@pytest.fixture
def told(write: Write) -> Told:
    """Changes of the schedule in sentences; what breaks has a `!` in front."""

    def told(*replacements: tuple[str, str], study: str = STUDY) -> list[str]:
        new = study
        for was, now in replacements:
            assert was in new, was
            new = new.replace(was, now)
        found = compared(write, study, new)
        changes = found.changes_in("schedule", "consequence")
        return [("! " if one.breaks else "") + sentence(one, in_all="arms:" in study)
                for one in changes]  # fmt: skip

    return told


def test_no_library_protocol_differs_from_itself() -> None:
    for name in library_ids():
        file = load_protocol(name)
        found = with_consequences(difference(file, file), file, file)
        assert not found.changes, name


def test_a_wider_window_is_told_once_with_its_old_and_new_place(write: Write) -> None:
    new = "# one line more\n" + STUDY.replace("3w..5w", "3w..6w")
    (change,) = compared(write, STUDY, new).changes
    assert change.kind == "window-widened"
    assert change.ids == ("dosing-2", "dosing-3")
    assert change.epoch == "treatment"
    assert change.text == "window widened from 3w..5w to 3w..6w after `previous dosing`"
    assert change.breaks is None
    assert change.old is not None
    assert change.new is not None
    assert (change.old.line, change.new.line) == (29, 30)
    assert change.old.path.endswith("old.yaml")


@pytest.mark.parametrize(
    ("was", "now", "sentences"),
    [
        ("3w..5w", "3w..4w",
         [TREATMENT.format("window narrowed from 3w..5w to 3w..4w after `previous dosing`")]),
        ("3w..5w", "4w..6w",
         [TREATMENT.format("window moved from 3w..5w to 4w..6w after `previous dosing`")]),
        ("target: 2w", "target: 10d",
         ["`dosing-1`: target moved from 2w to 10d after `baseline` (treatment)"]),
        ("duration: 2h", "duration: 1h..3h",
         ["`baseline`: duration widened from 2h to 1h..3h (screening)"]),
        ("duration: 6h..8h", "duration: 8h",
         ["! `dosing`: duration narrowed from 6h..8h to 8h (treatment)"]),
        ("mode: phone, ", "mode: clinic, ",
         ["! `call`: mode changed from phone to clinic (follow-up)"]),
        ("therapist: 2}", "therapist: 1}",
         ["`dosing`: staff changed from 2 x therapist to 1 x therapist (treatment)"]),
        ("activities: [caps], after", "activities: [caps, vitals], after",
         ["! `endpoint`: activity `vitals` added (follow-up)"]),
        ("id: baseline, ", "id: baseline, requires: washed-out, ",
         ["! `baseline`: gate `washed-out` added (screening)"]),
        ("id: dosing\n", "id: dosing\n        overnight: true\n",
         ["! `dosing`: stay of 1 night added (treatment)"]),
        ("id: call, ", "id: call, optional: true, ",
         ["`call`: optional from now on (follow-up)"]),
        ("id: call, ", "id: call, when: remission, ",
         ["! `call`: takes place only if `remission` (follow-up)"]),
        ("expression: remission", "expression: not remission",
         ["! decision `remission`: condition on facts changed from remission to not remission"]),
        ("anchor: baseline", "anchor: consent",
         ["! convention `anchor`: study days count from `consent` instead of `baseline`"]),
        ("anchor: baseline", "anchor: baseline\nday_zero: true",
         ["convention `day_zero`: the anchor's date is Day 0 now"]),
        ("within: 3w..5w, target: 4w", "target: 4w, window: not-published",
         [TREATMENT.format("window widened from 3w..5w to not published after `previous dosing`")
          .removeprefix("! ")]),
        ("within: 2w..3w", "window: not-published",
         ["`call`: window widened from 2w..3w to not published after `last dosing` (follow-up)"]),
        ("anchor: baseline", "anchor: baseline\norder: listed",
         ["! convention `order`: order changed from nothing to listed"]),
        ("id: follow-up\n", "id: follow-up\n    order: listed\n",
         ["! epoch `follow-up`: order changed from nothing to listed"]),
        ("id: endpoint, ", "id: endpoint, order: any, ",
         ["`endpoint`: order changed from nothing to `any` (follow-up)"]),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_the_protocols_words(
    told: Told, was: str, now: str, sentences: list[str]
) -> None:
    assert [one for one in told((was, now)) if "effective window narrowed" not in one] == sentences


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("within: 1d..", "window: not-published",
         "window changed from 1d.. to not published after `baseline`"),
        ("window: not-published", "within: 1d..",
         "window changed from not published to 1d.. after `baseline`"),
        ("window: not-published", "within: 2d..5d",
         "! window narrowed from not published to 2d..5d after `baseline`"),
        ("window: not-published", "target: 3d, window: not-published",
         "target 3d added after `baseline`"),
    ],
)  # fmt: skip
def test_what_nobody_published_is_told_from_a_stated_window(
    told: Told, was: str, now: str, sentence: str
) -> None:
    timing = "first: {{visit: baseline, {}}}"
    study = STUDY.replace(timing.format("within: 1w..3w, target: 2w"), timing.format(was))
    mark, text = ("! ", sentence[2:]) if sentence.startswith("! ") else ("", sentence)
    changes = told((timing.format(was), timing.format(now)), study=study)
    assert changes[0] == f"{mark}`dosing-1`: {text} (treatment)"
    assert all("effective window narrowed" in one for one in changes[1:])


def test_another_place_in_the_listed_order_breaks(told: Told) -> None:
    study = STUDY.replace("id: follow-up\n", "id: follow-up\n    order: listed\n")
    call, endpoint = study.split("\n")[-3:-1]
    swapped = (f"{call}\n{endpoint}", f"{endpoint}\n{call}")
    assert told(swapped, study=study)[0].startswith("! `call`: is listed after `endpoint` now")
    assert told(swapped)[0].startswith("`call`: is listed after `endpoint` now")


def test_a_session_less_is_told_as_a_cycle_and_as_what_counts_from_it(told: Told) -> None:
    assert told(("times: 3", "times: 2")) == [
        "! epoch `treatment`: cycle repeats twice, no longer 3 times",
        "! `call`: counts from `dosing-2` (`last dosing`) instead of `dosing-3` (follow-up)",
        "! `endpoint`: counts from `dosing-2` (`last dosing`) instead of `dosing-3` (follow-up)",
    ]


def test_a_visit_that_comes_or_goes_is_one_change(told: Told) -> None:
    line = "      - {id: call, mode: phone, after: {visit: last dosing, within: 2w..3w}}\n"
    extra = "      - {id: visit-2, after: {visit: call, within: 1d..}}\n"
    assert told((line, "")) == ["! `call`: visit removed (follow-up)"]
    assert told((line, line + extra)) == [
        "! `visit-2`: visit added (follow-up, 1d.. after `call`) (follow-up)"
    ]
    optional = extra.replace("id: visit-2,", "id: visit-2, optional: true,")
    (sentence,) = told((line, line + optional))
    assert not sentence.startswith("!")


def test_a_visit_with_another_id_is_recognised_and_its_rules_are_the_same(told: Told) -> None:
    changes = told(("id: integration,", "id: talk, kind: integration,"))
    assert changes == [
        "! `talk`: is what `integration` was, as it seems: visit renamed (treatment)"
    ]
    # Nor are rules that count from it, and the anchor, any news.
    assert told(
        ("id: baseline,", "id: day-one,"),
        ("before: {visit: baseline", "before: {visit: day-one"),
        ("first: {visit: baseline", "first: {visit: day-one"),
        ("anchor: baseline", "anchor: day-one"),
        study=STUDY.replace("id: baseline,", "id: baseline, kind: screening,"),
    ) == ["! `day-one`: is what `baseline` was, as it seems: visit renamed (screening)"]


def test_the_same_rule_written_elsewhere_or_otherwise_is_no_change(told: Told) -> None:
    consent = "{id: consent, before: {visit: baseline, within: 1w..4w}}"
    assert (
        told(
            (consent, "{id: consent}"),
            ("duration: 2h, ", "duration: 2h, after: {visit: consent, within: 1w..4w}, "),
        )
        == []
    )
    assert (
        told(
            (consent, "{id: consent}"),
            (
                "epochs:",
                "constraints:\n  - {from: consent, to: baseline, within: 7d..28d}\nepochs:",
            ),
        )
        == []
    )
    assert told(("visit: last dosing, within: 6w", "visit: dosing-3, within: 6w")) == []


def test_a_month_and_four_weeks_are_compared_by_the_lengths_a_month_can_have(told: Told) -> None:
    (wider,) = told(("within: 1w..4w", "within: 1w..1mo"))
    assert wider == "`consent`: window widened from 1w..4w to 1w..1mo before `baseline` (screening)"
    (narrower,) = told(("within: 6w..10w", "within: 2mo..10w"))
    assert narrower.startswith("! `endpoint`: window narrowed")


def test_a_target_without_a_window_binds_where_the_protocol_says_so(told: Told) -> None:
    exact = STUDY.replace("within: 2w..3w", "target: 2w")
    assert told(
        ("target: 2w}", "target: 3w}"), study=exact.replace("3w, target: 2w", "3w, target: 13d")
    ) == ["! `call`: target moved from 2w to 3w after `last dosing` (follow-up)"]
    preferred = exact.replace("roles:", "conventions: {target_without_window: preferred}\nroles:")
    preferred = preferred.replace("3w, target: 2w", "3w, target: 13d")
    assert told(("target: 2w}", "target: 3w}"), study=preferred) == [
        "`call`: target moved from 2w to 3w after `last dosing` (follow-up)"
    ]
    (convention, *_) = told(("window: preferred", "window: exact"), study=preferred)
    assert convention.startswith("! convention `target_without_window`: a target without a window")


def test_what_differs_in_one_arm_only_is_told_of_that_arm(told: Told) -> None:
    (by_arm,) = told(
        ("id: call, mode: phone,", "id: call, mode: phone, by_arm: {control: {duration: 1h}},"),
        study=ARMS,
    )
    assert by_arm == "! `call`: duration 1h added (follow-up; arm control)"
    (both,) = told(("within: 2w..3w", "within: 2w..4w"), study=ARMS)
    assert both.endswith("(follow-up; all arms)")
    (cycle, *_) = told(("times: 3", "times: {active: 3, control: 2}"), study=ARMS)
    assert cycle == "! epoch `treatment`: cycle repeats twice, no longer 3 times (arm control)"
    (arm,) = told(("{id: control}", "{id: control}, {id: third}"), study=ARMS)
    assert arm == "arm `third`: arm added"


def test_what_an_arm_receives_is_never_set_side_by_side(told: Told) -> None:
    labelled = ARMS.replace("{id: active}", "{id: active, label: 25 units}")
    (change,) = told(("25 units", "10 units"), study=labelled)
    assert change == "arm `active`: label is worded differently"


def test_sources_grades_and_notes_are_evidence_and_no_change_of_the_schedule(write: Write) -> None:
    new = STUDY.replace("{id: consent,", "{id: consent, grade: assumed, note: Chosen.,")
    found = compared(write, STUDY, new)
    assert not found.changes_schedule
    assert [one.text for one in found.changes_in("evidence")] == [
        "grade changed from none to assumed", "note added",
    ]  # fmt: skip
    assert {one.ids for one in found.changes_in("evidence")} == {("consent",)}


def test_a_new_name_of_the_study_is_no_change_of_the_schedule(write: Write) -> None:
    found = compared(write, STUDY, STUDY.replace('version: "1"', 'version: "2"'))
    assert [one.kind for one in found.changes] == ["version-changed"]
    assert not found.changes_schedule


def test_a_rule_that_the_others_imply_is_not_breaking(told: Told) -> None:
    implied = "constraints:\n  - {from: dosing-1, to: dosing-3, within: 6w..10w}\nepochs:"
    (change,) = told(("epochs:", implied))
    assert change == (
        "constraint `dosing-3`: window 6w..10w after `dosing-1` added; other rules allowed no more"
        " before (treatment)"
    )
    (change, *_) = told(("epochs:", implied.replace("10w", "9w")))
    assert change.startswith("! constraint `dosing-3`: window 6w..9w")


def test_what_an_optional_visit_implies_does_not_count_for_everybody(told: Told) -> None:
    optional = STUDY.replace("id: call, ", "id: call, optional: true, ").replace(
        "{visit: last dosing, within: 6w..10w}", "{visit: call, within: 1d..}"
    )
    rule = "constraints:\n  - {from: dosing-3, to: endpoint, within: 2w..}\nepochs:"
    (change,) = told(("epochs:", rule), study=optional)
    assert change.startswith("! constraint `endpoint`")


def test_room_that_a_change_elsewhere_takes_is_a_consequence(told: Told) -> None:
    narrowed, *consequences = told(("within: 1w..3w", "within: 1w..2w"))
    assert narrowed.startswith("! `dosing-1`: window narrowed")
    assert consequences
    assert all("effective window narrowed" in one for one in consequences)
    assert (
        "! `endpoint`: effective window narrowed from 13w..23w to 13w..22w after"
        " `baseline` (follow-up)"
    ) in (consequences)


def test_rules_that_contradict_each_other_now_are_told(told: Told) -> None:
    rule = "constraints:\n  - {from: dosing-1, to: dosing-3, within: ..5w}\nepochs:"
    assert any("the rules contradict each other now" in one for one in told(("epochs:", rule)))


def test_visits_listed_in_another_order_are_told_with_the_fewest_words(told: Told) -> None:
    call = "      - {id: call, mode: phone, after: {visit: last dosing, within: 2w..3w}}\n"
    endpoint = (
        "      - {id: endpoint, activities: [caps], after: {visit: last dosing, within: 6w..10w}}\n"
    )
    assert told((call + endpoint, endpoint + call)) == [
        "`call`: is listed after `endpoint` now (follow-up)"
    ]


def test_a_run_sheet_item_that_is_new_is_a_new_duty(told: Told) -> None:
    sheet = "id: dosing\n        run_sheet: [{id: arrival, at: 0min}]\n"
    study = STUDY.replace("id: dosing\n", sheet)
    (change,) = told(("at: 0min}]", "at: 0min}, {id: check, at: 1h..2h}]"), study=study)
    assert change == "! `dosing`: run sheet: `check` added (at 1h..2h) (treatment)"
    (change,) = told(("at: 0min}]", "at: -30min..0min}]"), study=study)
    assert (
        change
        == "`dosing`: run sheet: `arrival` time widened from 0min to -30min..0min (treatment)"
    )


def test_every_change_has_a_place(write: Write, tmp_path: Path) -> None:
    new = STUDY.replace("times: 3", "times: 2").replace("id: call", "id: ring")
    for change in compared(write, STUDY, new).changes:
        place: Change = change
        assert place.old is not None or place.new is not None, change


GRID = """\
format: 1
id: study
title: Study
version: "1"
status: illustrative
design: open-label
anchor: baseline
decisions:
  remission: {condition: Remission}
  progression: {condition: Progression}
epochs:
  - id: all
    visits:
      - {id: baseline}
      - {id: scan, after: {visit: baseline, every: 6w, within: ±7d, until: remission, at_most: 4}}
"""


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ("until: remission, at_most: 2", "occurs 2 times at most, no longer 4"),
        ("until: remission, at_most: 5", "occurs 5 times at most, no longer 4"),
        ("until: progression, at_most: 4", "grid ends by `progression`, no longer by `remission`"),
        ("until: 4", "grid ends by number alone, no longer by `remission`"),
    ],
)
def test_how_often_a_grid_comes_round_is_told(told: Told, after: str, changed: str) -> None:
    lines = told(("until: remission, at_most: 4", after), study=GRID)
    assert lines[0] == f"! `scan`: {changed} (all)"
