"""Contradictions, targets, windows, titles, weekdays, stays and run sheets."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in found(check_id, fragment)]


def visits(*lines: str, top: str = "") -> str:
    body = "".join(f"      - {line}\n" for line in lines)
    return f"{top}epochs:\n  - id: treatment\n    visits:\n{body}"


SESSIONS = """\
epochs:
  - id: preparation
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 9d..2w}}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: prep-1, within: 2w..3w}
        next: {visit: previous dosing, within: 3w..5w}
constraints:
"""


# --- infeasible -------------------------------------------------------------------------------


def test_a_contradiction_stands_at_the_last_of_its_rules_and_lists_all_of_them() -> None:
    fragment = SESSIONS + "  - {id: limit, from: baseline, to: dosing-2, within: ..5w}\n"
    file = example_file(fragment)
    [finding] = examine(file, [CHECKS["infeasible"]])
    assert finding.severity == "error"
    assert finding.message.startswith(
        "these 4 rules contradict each other: baseline -> dosing-2 at most"
    )
    assert file.line(file.position(finding.path).line).strip().startswith("- {id: limit")
    assert [one.message.split(":")[0] for one in finding.related] == [
        "`prep-1.after`",
        "`dosing-1.first`",
        "`dosing-2.next`",
        "`constraints.limit`",
    ]
    for related in finding.related:
        name = related.message.split("`")[1].split(".")[-1]
        assert name in file.line(file.position(related.path).line)
    assert finding.hint is not None
    assert finding.hint.startswith("any one of: widen `prep-1.after` by 9d to 0d..2w; ")


def test_a_protocol_stays_infeasible_until_a_rule_of_the_conflict_goes() -> None:
    limit = "  - {id: limit, from: baseline, to: dosing-2, within: ..5w}\n"
    assert found("infeasible", SESSIONS + limit)
    for rule, looser in (
        ("within: 9d..2w", "within: ..2w"),
        ("within: 2w..3w", "within: ..3w"),
        ("within: 3w..5w", "within: ..5w"),
        ("within: ..5w}\n", "within: ..44d}\n"),
    ):
        assert not found("infeasible", (SESSIONS + limit).replace(rule, looser)), rule


def test_contradictions_that_have_nothing_to_do_with_each_other_are_told_each() -> None:
    fragment = SESSIONS + (
        "  - {id: a, from: baseline, to: prep-1, within: ..1w}\n"
        "  - {id: b, from: dosing-1, to: dosing-2, within: 6w..}\n"
    )
    assert len(found("infeasible", fragment)) == 2


def test_a_visit_that_contradicts_itself_is_told_alone() -> None:
    fragment = visits(
        "{id: baseline}", "{id: x, duration: 9h, after: {visit: x, of: end, within: 8h}}"
    )
    [message] = messages("infeasible", fragment)
    assert "x takes 9h" in message


def test_a_contradiction_of_one_arm_says_which() -> None:
    fragment = """\
arms: [{id: short}, {id: long}, {id: longer}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 1w..2w}
        by_arm:
          long: {after: {visit: baseline, within: 4w..5w}}
constraints:
  - {from: baseline, to: dosing, within: ..3w}
"""
    [message] = messages("infeasible", fragment)
    assert message.startswith("these 2 rules contradict each other (arm `long`): ")


def test_a_finding_can_be_ignored_by_any_visit_it_is_about() -> None:
    fragment = SESSIONS + "  - {id: limit, from: baseline, to: dosing-2, within: ..5w}\n"
    for at in ("dosing", "dosing-2", "prep-1"):
        ignore = f"ignore: [{{rule: infeasible, at: {at}, reason: seen}}]\n"
        assert not found("infeasible", fragment + ignore)
    ignore = "ignore: [{rule: infeasible, at: endpoint, reason: seen}]\n"
    assert found("infeasible", fragment + ignore)


# --- targets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("timing", "wrong"),
    [
        ("within: 1w..2w, target: 15d", True),
        ("within: 1w..2w, target: 2w", False),
        ("within: 2mo..4mo, target: 3mo", False),
        ("within: 11w..14w, target: 3mo", False),
        ("within: ..12w, target: 3mo", True),
        ("within: ±3d, target: 2w", False),
        ("within: 60min..90min, target: 2h", True),
    ],
)
def test_a_target_lies_inside_its_own_window(timing: str, wrong: bool) -> None:
    fragment = visits("{id: baseline}", f"{{id: x, after: {{visit: baseline, {timing}}}}}")
    assert bool(found("target-outside-window", fragment)) == wrong


def test_a_target_before_is_told_as_it_was_written() -> None:
    fragment = visits(
        "{id: baseline}", "{id: x, before: {visit: baseline, within: 1w..2w, target: 3w}}"
    )
    [message] = messages("target-outside-window", fragment)
    assert message == "`x.before`: the target 3w is outside its window 1w..2w"


@pytest.mark.parametrize(
    ("side", "hint"),
    [
        (
            "after",
            (
                "`within: -1d..1w` counts from it and is 2027-01-10 to 2027-01-18;"
                " `within: -1d/+7d` counts from the target and is 2027-02-07 to 2027-02-15"
            ),
        ),
        (
            "before",
            (
                "`within: -1d..1w` counts from it and is 2027-01-04 to 2027-01-12;"
                " `within: -1d/+7d` counts from the target and is 2026-12-07 to 2026-12-15"
            ),
        ),
    ],
)
def test_a_window_around_zero_is_shown_in_both_readings(side: str, hint: str) -> None:
    timing = f"{side}: {{visit: baseline, within: -1d..7d, target: 28d}}"
    fragment = visits("{id: baseline}", f"{{id: x, {timing}}}")
    [finding] = found("target-outside-window", fragment)
    assert finding.hint == f"if `baseline` is on 2027-01-11, {hint}"


def test_an_item_of_a_run_sheet_has_its_target_inside_its_window() -> None:
    items = "[{id: a, at: 0min}, {id: b, after: a, within: 90min..150min, target: 3h}]"
    fragment = visits(f"{{id: baseline, run_sheet: {items}}}")
    assert messages("target-outside-window", fragment) == [
        "`b`: the target 3h is outside its window 90min..150min"
    ]


def test_a_target_that_other_rules_put_out_of_reach_names_them() -> None:
    fragment = "constraints:\n  - {id: short, from: dosing, to: endpoint, within: ..32d}\n"
    [finding] = found("target-unreachable", fragment)
    assert finding.message == (
        "`endpoint` can never be 5w after `dosing`, its target: all rules together leave 4w..32d"
    )
    assert [one.message for one in finding.related] == ["endpoint must be ..32d after dosing"]


def test_a_preferred_target_can_be_out_of_reach_too() -> None:
    fragment = visits(
        "{id: baseline}",
        "{id: x, after: [{visit: baseline, target: 3w}, {visit: baseline, within: 1w..2w}]}",
        top="conventions: {target_without_window: preferred}\n",
    )
    [finding] = found("target-unreachable", fragment)
    assert [one.message for one in finding.related] == ["x must be 1w..2w after baseline"]


# --- windows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ("exact", "an exact date (`target_without_window: exact`), not as a preference"),
        ("preferred", "a preference (`target_without_window: preferred`), not as an exact date"),
    ],
)
def test_a_visit_without_a_window_is_told_with_both_readings(reading: str, words: str) -> None:
    fragment = visits(
        "{id: baseline}",
        "{id: x, after: {visit: baseline, target: 2w}}",
        top=f"conventions: {{target_without_window: {reading}}}\n",
    )
    [message] = messages("no-window", fragment)
    assert message == f"`x` has no window: its target, 2w after `baseline`, is read as {words}"


@pytest.mark.parametrize(
    "constraint",
    ["{from: baseline, to: x, within: ..3w}", "{from: x, to: baseline, within: -3w..}"],
)
def test_a_constraint_gives_a_visit_a_window(constraint: str) -> None:
    fragment = visits("{id: baseline}", "{id: x, after: {visit: baseline, target: 2w}}")
    assert found("no-window", fragment)
    assert not found("no-window", f"{fragment}constraints:\n  - {constraint}\n")


def test_the_anchor_needs_no_window() -> None:
    assert not found("no-window", visits("{id: baseline}"))


def test_an_open_side_is_told_where_it_begins() -> None:
    fragment = visits(
        "{id: baseline}",
        "{id: x, after: {visit: baseline, within: 2w..}}",
        "{id: y, after: {visit: x, within: 1w..2w}}",
        "{id: z, before: {visit: baseline, within: 1w..}}",
    )
    assert messages("open-window", fragment) == [
        "no rule limits how late `x` may be",
        "no rule limits how early `z` may be",
    ]


def test_a_window_of_which_less_than_half_is_left_says_what_takes_the_rest() -> None:
    fragment = "constraints:\n  - {id: short, from: dosing, to: endpoint, within: ..30d}\n"
    [finding] = found("narrow-window", fragment)
    assert finding.message == (
        "`endpoint.after` allows 4w..6w, but all rules together leave 4w..30d of it: 3 of 15 days"
    )
    assert [one.message for one in finding.related] == ["endpoint must be ..30d after dosing"]


def test_half_of_a_window_is_enough() -> None:
    fragment = "constraints:\n  - {from: dosing, to: endpoint, within: ..35d}\n"
    assert not found("narrow-window", fragment)


def test_an_exact_timing_has_no_room_to_lose() -> None:
    fragment = visits("{id: baseline}", "{id: x, after: {visit: baseline, within: 2w}}")
    assert not found("narrow-window", fragment)


def test_a_rule_that_others_imply_changes_nothing() -> None:
    fragment = "constraints:\n  - {id: rest, from: dosing, to: endpoint, within: 1w..}\n"
    assert messages("redundant-rule", fragment) == [
        "`constraints.rest` changes nothing: the other rules already require it"
    ]


def test_of_two_equal_rules_the_later_one_changes_nothing() -> None:
    rule = "from: dosing, to: endpoint, within: 29d..41d}\n"
    fragment = f"constraints:\n  - {{id: a, {rule}  - {{id: b, {rule}"
    assert [one.split("`")[1] for one in messages("redundant-rule", fragment)] == ["constraints.b"]


def test_a_rule_that_carries_a_target_always_says_something() -> None:
    fragment = visits(
        "{id: baseline}",
        "{id: x, after: [{visit: baseline, within: 1w..3w, target: 2w}]}",
        top="constraints:\n  - {from: baseline, to: x, within: 8d..20d}\n",
    )
    assert not found("redundant-rule", fragment)


def test_a_rule_that_matters_without_an_optional_visit_is_needed() -> None:
    lines = (
        "{id: baseline}",
        "{id: x, OPTIONAL after: {visit: baseline, within: 1w..2w, target: 1w}}",
        "{id: y, after: [{visit: x, within: 1w..2w}, {visit: baseline, within: 1w..6w}]}",
    )
    always = visits(*(line.replace("OPTIONAL ", "") for line in lines))
    chosen = visits(*(line.replace("OPTIONAL", "optional: true,") for line in lines))
    assert found("redundant-rule", always)
    assert not found("redundant-rule", chosen)


def test_a_line_that_matters_in_one_cycle_is_needed() -> None:
    fragment = SESSIONS.replace(
        "next: {visit: previous dosing, within: 3w..5w}",
        "next: [{visit: previous dosing, within: 3w..5w}, {visit: baseline, within: ..8w}]",
    ).replace("times: 2", "times: 3")
    assert not found("redundant-rule", fragment.replace("constraints:\n", ""))


# --- titles and months ------------------------------------------------------------------------


def titled(title: str, timing: str, top: str = "") -> str:
    visit = f'{{id: x, title: "{title}", after: {{visit: baseline, {timing}}}}}'
    return visits("{id: baseline}", visit, top=top)


@pytest.mark.parametrize(
    ("title", "timing", "agrees"),
    [
        ("Week 12", "target: 12w, within: ±1w", True),
        ("Week 12", "target: 11w, within: ±3d", True),  # the twelfth week begins on day 78
        ("Week 12", "target: 10w, within: ±3d", False),
        ("Week 12", "within: 10w..13w", True),
        ("Day 15", "target: 14d", True),
        ("Day 15", "target: 15d", False),
        ("Day 15 (visit 4)", "target: 15d", False),
        ("Day 1 after", "target: 1d", True),
        ("Month 3", "target: 3mo", True),
        ("Month 3", "target: 12w", False),
        ("Month 3", "target: 13w", True),
        ("Year 1", "target: 12mo", True),
        ("6 months after treatment", "target: 6mo", True),
        ("6 months after treatment", "target: 4mo", False),
        ("12-week follow-up", "target: 12w", True),
        ("12-week follow-up", "target: 14w", False),
        ("Visit 12", "target: 10w", True),
        ("Session 2 of 3", "target: 10w", True),
        ("Weeks 1-4", "target: 10w", True),
        ("Week 1-4 diary", "target: 10w", True),
        ("Day 8 or week 2", "target: 10w", True),
        ("Day 15 (±3 days)", "target: 14d, within: ±3d", True),
        ("Day 15 (±3 days)", "target: 20d, within: ±3d", False),
        ("Day -28 to -1", "target: 10w", True),
        ("30 to 37 days after the last session", "within: 30d..31d", True),
        ("Daily life", "target: 10w", True),
        ("Weekly call", "within: 3h..4h", True),
    ],
)
def test_titles_and_timings_agree(title: str, timing: str, agrees: bool) -> None:
    assert bool(found("title-and-timing", titled(title, timing))) != agrees


@pytest.mark.parametrize(
    ("title", "agrees"),
    [
        ("Safety Call D17", "target: 16d"),
        ("D17 (Day 17)", "target: 16d"),
        ("V5, D-7", "target: -7d"),
        ("W12", "target: 12w"),
        ("M6: assessment", "target: 6mo"),
        ("12M follow-up", "target: 1y"),
        ("Follow-up: 12 months", "target: 12mo"),
        ("Follow-up – 12 months", "target: 12mo"),
        ("Visit 5: Week 12", "target: 12w"),
    ],
)
def test_labels_with_a_letter_or_a_colon_name_a_time(title: str, agrees: str) -> None:
    assert not found("title-and-timing", titled(title, agrees))
    assert found("title-and-timing", titled(title, "target: 20d"))


@pytest.mark.parametrize(
    "title",
    [
        "Period 2, Day -1",
        "Period B: D3",
        "Day 1 of the cycle",
        "Extended Cycle, Day 1",
        "Part 2 W1",
        "C2D1",
        "T1D clinic",
    ],
)
def test_a_day_within_a_part_of_the_course_is_no_study_day(title: str) -> None:
    assert not found("title-and-timing", titled(title, "target: 13d"))


def test_a_target_without_a_published_window_does_not_agree_with_every_title() -> None:
    near = "target: 1w, window: not-published"
    assert found("title-and-timing", titled("12 months", near))
    later = f"{{id: x, title: 12 months, after: {{visit: dosing, {near}}}}}"
    dosing = "{id: dosing, after: {visit: baseline, target: 1w}}"
    assert found("title-and-timing", visits("{id: baseline}", dosing, later))


def test_a_day_zero_moves_the_day_of_a_title() -> None:
    zero = "day_zero: true\n"
    assert not found("title-and-timing", titled("Day 15", "target: 15d", zero))
    assert found("title-and-timing", titled("Day 15", "target: 14d", zero))


def test_a_title_that_disagrees_is_told_with_both_numbers() -> None:
    [finding] = found("title-and-timing", titled("Day 15", "target: 15d"))
    assert finding.message == (
        "the title of `x` says day 15, which is 14 days from the anchor; its timing says 15d after"
        " `baseline`"
    )
    assert "Day 1" in str(finding.hint)


def test_a_title_may_count_from_the_visit_that_its_timing_counts_from() -> None:
    last = "{id: x, title: Day 8, after: {visit: dosing, within: 7d}}"
    dosing = "{id: dosing, after: {visit: baseline, within: 3w..4w}}"
    assert not found("title-and-timing", visits("{id: baseline}", dosing, last))


def test_a_title_may_count_from_the_anchor_though_the_timing_does_not() -> None:
    last = "{id: x, title: Week 5, after: {visit: dosing, within: 1w}}"
    dosing = "{id: dosing, after: {visit: baseline, within: 3w..4w}}"
    assert not found("title-and-timing", visits("{id: baseline}", dosing, last))
    late = last.replace("Week 5", "Week 8")
    [message] = messages("title-and-timing", visits("{id: baseline}", dosing, late))
    assert message.endswith("1w after `dosing`, which is 28 to 35 days from the anchor")


def test_a_title_before_the_anchor_counts_backwards() -> None:
    visit = "{id: x, title: Day -7, before: {visit: baseline, within: 7d}}"
    assert not found("title-and-timing", visits("{id: baseline}", visit))
    assert found(
        "title-and-timing", visits("{id: baseline}", visit.replace("within: 7d", "within: 9d"))
    )


@pytest.mark.parametrize(
    ("note", "target", "doubtful"),
    [
        ("Sessions are monthly, about four weeks apart.", "1mo", True),
        ("Monthly (3-5 weeks).", "1mo", True),
        ("Every 28 days.", "1mo", True),
        ("12-week endpoint.", "3mo", True),
        ("Monthly.", "1mo", False),
        ("After 14 weeks of 8-week courses.", "1mo", False),
        ("About four weeks apart.", "4w", False),
    ],
)
def test_a_month_is_doubtful_where_notes_count_weeks(
    note: str, target: str, doubtful: bool
) -> None:
    visit = f'{{id: x, note: "{note}", after: {{visit: baseline, target: {target}}}}}'
    assert bool(found("month-or-weeks", visits("{id: baseline}", visit))) == doubtful


@pytest.mark.parametrize(
    "place",
    [
        "footnotes: {weeks: Four weeks later.}",
        "sources: {a: {kind: registry, read: abstract, note: 4 weeks}}",
    ],
)
def test_footnotes_and_sources_are_read_for_weeks_too(place: str) -> None:
    cites = "footnotes: [weeks]" if place.startswith("foot") else "source: a, grade: verified"
    visit = f"{{id: x, {cites}, after: {{visit: baseline, target: 1mo}}}}"
    fragment = f"{place}\nsource: []\n" + visits("{id: baseline}", visit)
    assert found("month-or-weeks", fragment)


def test_a_timing_of_the_same_visit_in_weeks_makes_its_months_doubtful() -> None:
    fragment = SESSIONS.replace(
        "next: {visit: previous dosing, within: 3w..5w}",
        "next: {visit: previous dosing, target: 4w}",
    )
    fragment = fragment.replace(
        "first: {visit: prep-1, within: 2w..3w}", "first: {visit: prep-1, target: 1mo}"
    )
    assert not found("month-or-weeks", fragment + "  []\n")
    both = visits(
        "{id: baseline}",
        "{id: x, after: [{visit: baseline, target: 4w}, {visit: baseline, within: 1mo}]}",
    )
    assert found("month-or-weeks", both)


# --- weekdays ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weekdays", "within", "possible"),
    [
        ("[monday, friday]", "8d..10d", False),
        ("[monday, friday]", "8d..11d", True),
        ("sunday", "-1d", True),
        ("saturday", "-1d", False),
        ("sunday", "7d..12d", False),
        ("sunday", "7d..13d", True),
        ("sunday", "1d..", True),
    ],
)
def test_a_window_from_a_monday_holds_a_permitted_weekday(
    weekdays: str, within: str, possible: bool
) -> None:
    fragment = visits(
        "{id: baseline, weekdays: monday}",
        f"{{id: x, weekdays: {weekdays}, after: {{visit: baseline, within: {within}}}}}",
    )
    assert bool(found("weekday-never", fragment)) != possible


def test_weekdays_are_followed_through_visits_that_take_any() -> None:
    fragment = visits(
        "{id: baseline, weekdays: monday}",
        "{id: x, after: {visit: baseline, within: 1d..2d}}",
        "{id: y, weekdays: friday, after: {visit: x, within: 1w}}",
    )
    [message] = messages("weekday-never", fragment)
    assert message == (
        "`y` takes place on friday only, but y is 1w after `x`: that leaves tuesday, wednesday"
    )


def test_a_visit_on_any_weekday_of_the_anchor_can_always_be_met() -> None:
    fragment = visits(
        "{id: baseline}", "{id: x, weekdays: monday, after: {visit: baseline, within: 3d}}"
    )
    assert not found("weekday-never", fragment)


# --- stays and run sheets ---------------------------------------------------------------------

STAY = """\
epochs:
  - id: treatment
    visits:
      - {{id: baseline}}
      - id: dosing
        duration: 8h
        overnight: {{until: "09:00"}}
        at: "09:00"
        after: {{visit: baseline, within: 1w}}
      - {{id: integration, {session}}}
"""


@pytest.mark.parametrize(
    ("session", "severity"),
    [
        ('at: "10:00", after: {visit: dosing, within: 1d}', None),
        ('at: "09:00", after: {visit: dosing, within: 1d}', None),
        ('at: "08:00..10:00", after: {visit: dosing, within: 1d}', "warning"),
        ('at: "08:00", after: {visit: dosing, within: 1d}', "error"),
        ("after: {visit: dosing, within: 1d}", "warning"),
        ("after: {visit: dosing, within: 2d..3d}", None),
        ("after: {visit: dosing.end, within: 1h..5h}", None),
    ],
)
def test_integration_waits_until_the_stay_has_ended(session: str, severity: str | None) -> None:
    severities = [
        one.severity for one in found("integration-during-stay", STAY.format(session=session))
    ]
    assert severities == ([severity] if severity else [])


def test_an_integration_without_a_time_of_day_is_told_to_take_one() -> None:
    [finding] = found(
        "integration-during-stay", STAY.format(session="after: {visit: dosing, within: 1d}")
    )
    assert (
        finding.message == "`integration` may start before the stay of `dosing` ends, by up to 9h"
    )
    assert str(finding.hint).startswith("give it a time of day with `at:`")


def sheet(items: str, visit: str = "duration: 8h") -> str:
    return visits(f"{{id: baseline, {visit}, run_sheet: {{{items}}}}}")


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("items: [{id: a, at: 0min}, {id: b, at: 8h}]", None),
        (
            "items: [{id: a, at: -30min}]",
            "`a` of `baseline` is planned 30min before the visit starts",
        ),
        ("zero: 30min, items: [{id: a, at: -30min}]", None),
        (
            "items: [{id: a, at: 8h30min}]",
            "`a` of `baseline` is planned to end 30min after the visit does",
        ),
        (
            "items: [{id: a, at: 7h, duration: 90min}]",
            "`a` of `baseline` is planned to end 30min after the visit does",
        ),
        ("items: [{id: a, at: 7h..9h}]", "`a` of `baseline` may end 1h after the visit does"),
        (
            "items: [{id: a, at: -5min..9h, target: 1h}]",
            "`a` of `baseline` may take place 5min before the visit starts",
        ),
        (
            "items: [{id: a, at: 1h}, {id: b, after: a, within: 7h..8h, target: 7h}]",
            "`b` of `baseline` may end 1h after the visit does",
        ),
    ],
)
def test_items_of_a_run_sheet_lie_inside_the_visit(items: str, message: str | None) -> None:
    assert messages("run-sheet-outside", sheet(items)) == ([message] if message else [])


def test_items_may_lie_in_the_stay_after_the_session() -> None:
    stay = 'at: "09:00", duration: 8h, overnight: {until: "09:00"}'
    assert not found("run-sheet-outside", sheet("items: [{id: a, at: 23h}]", stay))
    assert found("run-sheet-outside", sheet("items: [{id: a, at: 25h}]", stay))


def test_a_visit_without_an_end_has_no_item_after_it() -> None:
    assert not found("run-sheet-outside", sheet("items: [{id: a, at: 30h}]", "mode: clinic"))


def test_an_item_is_told_once_for_all_cycles() -> None:
    fragment = SESSIONS.replace(
        "      - id: dosing\n",
        "      - id: dosing\n        duration: 1h\n        run_sheet: [{id: a, at: 2h}]\n",
    )
    assert len(found("run-sheet-outside", fragment + "  []\n")) == 1


def test_where_rules_contradict_each_other_windows_say_nothing() -> None:
    fragment = SESSIONS + "  - {id: limit, from: baseline, to: dosing-2, within: ..5w}\n"
    checks = [one for one in CHECKS.values() if one.family == "time"]
    assert {one.check for one in examine(example_file(fragment), checks)} == {"infeasible"}


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        ("after: {visit: baseline, within: -1d..7d, target: 7d}", "not around the target 1w"),
        ("after: {visit: baseline, within: -1d..7d}", "there is no target"),
        ("before: {visit: baseline, within: -7d..1d, target: -7d}", "not around the target -1w"),
        ("after: {visit: baseline, within: -1d/+7d, target: 7d}", None),
        ("after: {visit: baseline, within: -1d..7d, target: 0d}", None),
        ("after: {visit: baseline, within: -1d..7d, target: 1d}", None),
        ("after: {visit: baseline, within: -1d..3d, target: 1d}", None),
        ("after: {visit: baseline, within: -2d..2d}", None),
        ("after: {visit: baseline, within: 1d..7d}", None),
        ("after: {visit: baseline, within: -30min..90min}", None),
    ],
)
def test_a_window_around_the_reference_may_be_meant_around_the_target(
    timing: str, words: str | None
) -> None:
    fragment = f"epochs: [{{id: all, visits: [{{id: baseline}}, {{id: v1, {timing}}}]}}]"
    flagged = found("window-around-reference", fragment)
    assert len(flagged) == (words is not None)
    for one in flagged:
        assert words is not None
        assert words in one.message
        assert one.hint is not None
        assert one.hint.startswith("if `baseline` is on 2027-01-11, `within: ")
        assert one.hint.count("2027-") == 5
