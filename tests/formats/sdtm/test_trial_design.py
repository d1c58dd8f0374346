"""TV, TA and TE of small protocols: days, rules in words, arms, elements, and texts that fit."""

import string

import pytest
from formats.sdtm.designs import ARMS, of_visits, protocol, rows, tv
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.sdtm.trial_design import trial_design
from planner.formats.sdtm.trial_design_text import (
    TextWriter,
    ascii_text,
    codes_of,
    names_of,
    shortened,
)
from planner.formats.sdtm.visit_names import plain_name


def rule(*visits: str, of: str = "LATER", more: str = "") -> str:
    return str(tv(of_visits("id: baseline", *visits, more=more))[of]["TVSTRL"])


def test_the_anchor_is_day_1_and_the_day_before_it_day_minus_1() -> None:
    found = tv(of_visits("id: day-before, before: {visit: baseline, target: 1d}", "id: baseline"))
    assert found["BASELINE"]["VISITDY"] == 1
    assert found["DAY-BEFORE"]["VISITDY"] == -1


def test_with_a_day_zero_the_anchor_is_day_0() -> None:
    found = tv(
        of_visits(
            "id: baseline", "id: later, after: {visit: baseline, target: 3d}", more="day_zero: true"
        )
    )
    assert found["BASELINE"]["VISITDY"] == 0
    assert found["BASELINE"]["TVSTRL"] == "Day 0"
    assert found["LATER"]["VISITDY"] == 3


def test_a_visit_without_a_target_or_with_one_in_months_has_no_planned_day() -> None:
    design = of_visits(
        "id: baseline",
        "id: anywhere, after: {visit: baseline, within: 3d..9d}",
        "id: half-a-year, after: {visit: baseline, target: 6mo}",
    )
    found = tv(design)
    assert found["ANYWHERE"]["VISITDY"] is None
    assert found["HALF-A-YEAR"]["VISITDY"] is None
    assert any("2 visits have no VISITDY" in note for note in trial_design(design).notes)


def test_the_only_day_that_all_timings_leave_is_the_planned_one() -> None:
    found = tv(
        of_visits(
            "id: baseline",
            "id: later, after: [{visit: baseline, within: 3d..9d},"
            " {visit: baseline, within: 9d..12d}]",
        )
    )
    assert found["LATER"]["VISITDY"] == 10


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        ("after: {visit: baseline, target: 2w, within: ±3d}", "14 days (11 to 17) after @"),
        ("after: {visit: baseline, target: 2w}", "14 days after @"),
        ("after: {visit: baseline, within: 3w..5w}", "21 to 35 days after @"),
        ("after: {visit: baseline, within: 1d}", "1 day after @"),
        ("after: {visit: baseline, within: 1w..}", "At least 7 days after @"),
        ("after: {visit: baseline, within: ..6w}", "At most 42 days after @"),
        ("after: {visit: baseline, within: 0d..}", "On the day of @ or later"),
        ("after: {visit: baseline, target: 0d}", "On the day of @"),
        ("after: {visit: baseline, target: 0d, within: ±1d}", "On the day of @ (-1 to 1 days)"),
        ("after: {visit: baseline, within: -7d..-3d}", "3 to 7 days before @"),
        ("before: {visit: baseline, target: 7d, within: 1d..2w}", "7 days (1 to 14) before @"),
        ("after: {visit: baseline, target: 3mo, within: 80d..100d}",
         "3 months (80 to 100 days) after @"),
        ("after: {visit: baseline, within: 3mo..6mo}", "3 to 6 months after @"),
        ("after: {visit: baseline, target: 24h, within: 20h..28h}", "24 hours (20 to 28) after @"),
        ("after: {visit: baseline, within: 30min..2h}", "30 to 120 minutes after @"),
        ("after: {visit: baseline, within: 0min..}", "At @ or later"),
        ("after: {visit: baseline, target: 2w, window: not-published}",
         "14 days after @, window not published"),
        ("before: {visit: baseline, target: 1w, window: not-published}",
         "7 days before @, window not published"),
        ("after: {visit: baseline, window: not-published}", "After @"),
        ("before: {visit: baseline, window: not-published}", "Before @"),
    ],
)  # fmt: skip
def test_timings_are_sentences(timing: str, words: str) -> None:
    expected = words.replace("@", "the start of BASELINE") + " [assumed]"
    assert rule(f"id: later, {timing}") == expected


def test_what_the_author_only_assumed_is_marked_and_what_was_read_is_not() -> None:
    read = "after: {visit: baseline, target: 2w, grade: verified}"
    assert rule(f"id: later, {read}") == "14 days after the start of BASELINE"


def test_several_timings_stand_together() -> None:
    timings = "[{visit: baseline, target: 4w}, {visit: second, within: 1w..}]"
    assert rule(
        "id: second, after: {visit: baseline, target: 1w}", f"id: later, after: {timings}"
    ) == (
        "28 days after the start of BASELINE [assumed];"
        " at least 7 days after the start of SECOND [assumed]"
    )


def test_a_visit_that_only_others_count_from_is_told_by_them() -> None:
    first = of_visits("id: consent", "id: baseline, after: {visit: consent, within: 1w..4w}")
    assert tv(first)["CONSENT"]["TVSTRL"].startswith("7 to 28 days before the start of BASELINE")


def test_a_visit_that_nothing_ties_says_so_because_a_rule_is_required() -> None:
    assert rule("id: later") == "No timing is given"


def test_conditions_options_and_gates_stand_behind_the_rule() -> None:
    more = (
        "decisions: {rash: {condition: The participant has a rash.}}\n"
        "gates: {consent: {title: Consent signed}}"
    )
    later = "id: later, when: rash, optional: true, requires: consent,"
    found = rule(f"{later} after: {{visit: baseline, target: 1w}}", more=more)
    assert found.endswith("; optional; only if: The participant has a rash; not before:"
                          " Consent signed")  # fmt: skip


def test_a_visit_ends_after_its_session_or_its_night() -> None:
    found = tv(
        of_visits(
            "id: baseline, duration: 90min",
            "id: dosing, duration: 6h..8h, overnight: true, after: {visit: baseline, target: 1w}",
            "id: call, after: {visit: baseline, target: 2w}",
        )
    )
    assert found["BASELINE"]["TVENRL"] == "90 minutes after its start [assumed]"
    assert found["DOSING"]["TVENRL"] == (
        "The session 6 to 8 hours after its start [assumed]; leaving after 1 night [assumed]"
    )
    assert found["CALL"]["TVENRL"] == ""


def test_arms_with_the_same_visits_are_not_named_in_tv() -> None:
    found = rows(of_visits("id: baseline", more=ARMS), "TV")
    assert [(row["ARMCD"], row["ARM"]) for row in found] == [("", "")]


def test_a_visit_on_other_days_in_another_arm_has_a_row_for_each() -> None:
    found = rows(
        of_visits(
            "id: baseline",
            "id: later, after: {visit: baseline, target: 1w},"
            " by_arm: {placebo: {after: {visit: baseline, target: 2w}}}",
            "id: only-here, arms: active, after: {visit: baseline, target: 4w}",
            more=ARMS,
        ),
        "TV",
    )
    assert [(row["VISITNUM"], row["VISIT"], row["VISITDY"], row["ARMCD"]) for row in found] == [
        (1, "BASELINE", 1, ""),
        (2, "LATER", 8, "ACTIVE"),
        (2, "LATER", 15, "PLACEBO"),
        (3, "ONLY-HERE", 29, "ACTIVE"),
    ]


def test_two_visits_with_one_title_are_told_apart_by_their_ids() -> None:
    found = tv(
        of_visits(
            "id: baseline, title: Visit",
            "id: later, title: Visit, after: {visit: baseline, target: 1w}",
        )
    )
    assert set(found) == {"BASELINE", "LATER"}


def test_an_arm_is_named_by_its_title_and_never_by_its_amounts() -> None:
    arms = 'arms: [{id: high, title: Highest dose, label: "25 mg"}, {id: low, label: "1 mg"}]'
    found = rows(of_visits("id: baseline", more=arms), "TA")
    assert {(row["ARMCD"], row["ARM"]) for row in found} == {
        ("HIGH", "Highest dose"), ("LOW", "low"),
    }  # fmt: skip
    assert "mg" not in str(found)


def test_arms_part_behind_the_last_element_that_they_share() -> None:
    found = rows(protocol(ARMS + 'allocation: "1:1"\n'), "TA")
    told = [
        (row["ARMCD"], row["TAETORD"], row["ETCD"], row["TABRANCH"], row["EPOCH"]) for row in found
    ]
    assert told == [
        ("ACTIVE", 1, "SCRN", "", "SCREENING"),
        ("ACTIVE", 2, "PREP", "Allocated to Active (1:1)", "PREPARATION"),
        ("ACTIVE", 3, "TRT1", "", "TREATMENT"),
        ("ACTIVE", 4, "FUP", "", "FOLLOW-UP"),
        ("PLACEBO", 1, "SCRN", "", "SCREENING"),
        ("PLACEBO", 2, "PREP", "Allocated to Placebo (1:1)", "PREPARATION"),
        ("PLACEBO", 3, "TRT2", "", "TREATMENT"),
        ("PLACEBO", 4, "FUP", "", "FOLLOW-UP"),
    ]


def test_a_protocol_without_arms_has_one_for_everybody() -> None:
    found = rows(protocol(""), "TA")
    assert {(row["ARMCD"], row["ARM"]) for row in found} == {("ALL", "All participants")}
    assert [row["ELEMENT"] for row in found] == [
        "Screening", "Preparation", "Treatment", "Follow-up",
    ]  # fmt: skip


TWO_EPOCHS = """\
anchor: dosing
epochs:
  - id: treatment
    visits: [{{id: dosing}}]
  - id: follow-up
    visits: [{{id: endpoint, after: {{visit: dosing, {distance}}}}}]
"""


@pytest.mark.parametrize(
    ("distance", "duration"),
    [("within: 10d", "P10D"), ("target: 2w", "P2W"), ("within: 2w..3w", ""), ("target: 3mo", "")],
)
def test_an_element_has_a_duration_only_where_the_protocol_fixes_it(
    distance: str, duration: str
) -> None:
    found = rows(protocol(TWO_EPOCHS.format(distance=distance)), "TE")
    assert {row["ETCD"]: row["TEDUR"] for row in found} == {"TRT": duration, "FUP": ""}


def test_assessments_between_sessions_are_no_element_of_their_own() -> None:
    found = rows(
        protocol(
            """\
anchor: dosing-1
epochs:
  - id: treatment
    visits:
      - {id: dosing-1}
      - {id: dosing-2, after: {visit: dosing-1, target: 4w}}
  - id: interim
    title: Between
    kind: treatment
    visits: [{id: look, after: {visit: dosing-1, target: 2w}}]
  - id: follow-up
    visits: [{id: endpoint, after: {visit: dosing-2, within: 4w..6w}}]
"""
        ),
        "TE",
    )
    assert [(row["ETCD"], row["ELEMENT"]) for row in found] == [
        ("FUP", "Follow-up"), ("TRT", "Treatment / Between"),
    ]  # fmt: skip


CONDITIONAL = """\
anchor: dosing
decisions: {relapse: {condition: Symptoms have come back.}}
gates: {taper: {title: Medication tapered off}}
epochs:
  - id: screening
    visits: [{id: screening, before: {visit: dosing, target: 2w}}]
  - id: treatment
    visits: [{id: dosing, requires: taper}]
  - id: again
    title: Second course
    kind: treatment
    visits: [{id: dosing-again, when: relapse, after: {visit: dosing, target: 4w}}]
  - id: maintenance
    cycle: {times: 3, until: relapse, at_most: 3}
    visits:
      - {id: call, first: {visit: dosing, target: 8w}, next: {visit: previous call, target: 4w}}
"""


def test_decisions_and_gates_are_transition_rules() -> None:
    found = {row["ETCD"]: row for row in rows(protocol(CONDITIONAL), "TA")}
    assert found["SCRN"]["TATRANS"] == "Not before: Medication tapered off"
    assert found["TRT"]["TATRANS"] == (
        "Second course only if: Symptoms have come back; else to Maintenance"
    )
    assert found["MAINT"]["TATRANS"] == (
        "Maintenance repeats until: Symptoms have come back, at most 3 times"
    )
    optional = CONDITIONAL.replace("when: relapse", "optional: true")
    found = {row["ETCD"]: row for row in rows(protocol(optional), "TA")}
    assert found["TRT"]["TATRANS"] == "Second course is optional; else to Maintenance"
    ends = {row["ETCD"]: row["TEENRL"] for row in rows(protocol(CONDITIONAL), "TE")}
    assert ends["TRT"] == "Start of DOSING-AGAIN or CALL-1"


def test_the_study_is_its_registry_number_or_else_its_id() -> None:
    assert rows(protocol("registry: [NCT03537014, other]\n"), "TV")[0]["STUDYID"] == "NCT03537014"
    assert rows(protocol(""), "TV")[0]["STUDYID"] == "EXAMPLE"


def test_accents_go_and_known_signs_are_spelled_out() -> None:
    assert ascii_text("Entrée – ≥ 3 µg, 1½ h, m² and 10³, Straße…") == (
        "Entree - >= 3 ug, 1 1/2 h, m2 and 10^3, Strasse..."
    )
    assert ascii_text("診察") is None


def test_a_title_that_ascii_cannot_hold_is_replaced_by_its_id_and_that_is_told() -> None:
    design = of_visits("id: baseline, title: 診察")
    assert set(tv(design)) == {"BASELINE"}
    assert any("the id stands" in note for note in trial_design(design).notes)


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    assert ascii_text("x \x1b[31m\ny\u202e") == "x \\x1b[31m y\\u202e"


@given(st.text(max_size=400))
def test_any_text_fits(text: str) -> None:
    found = TextWriter().fit(text)
    assert found.isascii()
    assert found.isprintable()
    assert len(found) <= 200
    assert found == found.strip()


@given(st.text(string.ascii_lowercase + " ", min_size=1, max_size=400))
def test_a_text_is_cut_only_where_it_must_be(text: str) -> None:
    found = shortened(text)
    if len(text) <= 200:
        assert found == text
    else:
        assert len(found) <= 200
        assert found.endswith("...")
        assert text.startswith(found.removesuffix("..."))


IDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,4}", fullmatch=True)


@given(st.lists(IDS, unique=True, max_size=60), st.sampled_from([8, 20]))
def test_codes_are_short_and_never_the_same(keys: list[str], longest: int) -> None:
    codes = codes_of(keys, longest, str.upper)
    assert len(set(codes.values())) == len(keys)
    assert all(0 < len(code) <= longest for code in codes.values())
    assert codes == codes_of(keys, longest, str.upper)


@given(st.dictionaries(IDS, st.sampled_from(["Visit", "visit!", "Größe", "診", "a", None]) | IDS))
def test_names_are_never_the_same_and_lead_back_to_their_visits(
    titles: dict[str, str | None],
) -> None:
    names = names_of(titles, TextWriter())
    assert len({plain_name(name) for name in names.values()}) == len(titles)
    for key, name in names.items():
        # What a reader makes of it that knows ids, and titles which only one visit has.
        of = {
            other
            for other, title in titles.items()
            if plain_name(title or other) == plain_name(name)
        }
        assert plain_name(name) == key if plain_name(name) in titles else of == {key}


def test_timings_that_contradict_each_other_are_exported_as_written_and_told() -> None:
    design = of_visits(
        "id: baseline",
        "id: later, after: [{visit: baseline, target: 1w, within: 1w..2w},"
        " {visit: baseline, within: 3w..4w}]",
    )
    assert tv(design)["LATER"]["VISITDY"] == 8
    assert any("contradict each other" in note for note in trial_design(design).notes)


def test_a_reference_that_leads_nowhere_is_left_out_and_told() -> None:
    design = of_visits("id: baseline", "id: later, after: {visit: basline, target: 1w}")
    assert tv(design)["LATER"]["VISITDY"] is None
    assert any(
        "errors in the file leave something out" in note for note in trial_design(design).notes
    )


def test_a_missing_anchor_leaves_every_visit_without_a_day() -> None:
    design = protocol("anchor: nowhere\nepochs: [{id: treatment, visits: [{id: only}]}]")
    assert [row["VISITDY"] for row in rows(design, "TV")] == [None]


def test_an_event_that_visits_count_from_is_no_trial_visit() -> None:
    found = tv(
        of_visits(
            "id: baseline",
            "id: birth, kind: event, unscheduled: true",
            "id: week-6, after: {visit: birth, target: 6w}",
        )
    )
    assert list(found) == ["BASELINE", "WEEK-6"]
    assert "after the start of BIRTH" in found["WEEK-6"]["TVSTRL"]
