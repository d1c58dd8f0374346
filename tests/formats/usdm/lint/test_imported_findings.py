"""What the lint says of single cases, and what it leaves alone."""

import pytest
from example_protocol import example_file
from example_study import study_file
from linted_studies import case, examined, ids, own_study
from usdm_studies import (
    Json,
    activity,
    after,
    before,
    decision,
    design_of,
    fixed,
    item,
    main,
    study,
    timeline,
    visit,
)

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks
from planner.formats.usdm.lint.lint import imported_findings

CHECKS = all_checks()
FAMILY = [one for one in CHECKS.values() if one.family == "imported"]


def only(check: str, findings: list[Finding]) -> list[str]:
    return [one.message for one in findings if one.check == check]


def labelled(*visits: tuple[str, str, str], **more: str) -> list[Finding]:
    """Visits with the label of their timing and the days after the anchor."""
    names = [name for name, _, _ in visits]
    epochs = {name: more.get(name, "Treatment") for name in names}
    return examined(
        study(
            main(
                visit("DOSE"),
                *(visit(name, epoch=epochs[name]) for name in names),
                timings=[
                    fixed("DOSE", label=more.get("DOSE", "Dosing")),
                    *(after(name, value, "DOSE", label=label) for name, label, value in visits),
                ],
            )
        )
    )


def test_a_protocol_of_our_own_has_no_finding_of_the_family() -> None:
    assert examine(example_file(), FAMILY) == []


def test_an_instance_out_of_order_is_told_with_both_places_and_what_is_followed() -> None:
    found = labelled(("A", "a", "P6W"), ("B", "b", "P4W"), ("C", "c", "P8W"))
    (told,) = only("order-inverted", found)
    assert told == (
        "`B` comes after `A` in the chain, but is timed 2 weeks before it: 4 weeks after `DOSE`,"
        " against 6 weeks after `DOSE`; the timings are followed, not the chain"
    )


def test_what_moved_with_its_reference_is_not_told_again() -> None:
    whole = case("own")
    dose = next(
        one
        for _, each in whole.timelines()
        for one in each["timings"]
        if one["id"] == "Timing_DOSE2"
    )
    dose["value"] = "P30W"
    assert len(only("order-inverted", whole.findings())) == 1


def test_branches_have_an_order_of_their_own() -> None:
    def branched(value: str) -> list[Finding]:
        return examined(
            study(
                main(
                    visit("DOSE"),
                    decision("D", {"response": "EXTRA"}, to="END"),
                    visit("EXTRA"),
                    visit("END"),
                    timings=[
                        fixed("DOSE"),
                        after("EXTRA", value, "DOSE"),
                        after("END", "P8W", "DOSE"),
                    ],
                )
            )
        )

    assert "order-inverted" not in ids(branched("P4W"))
    assert only("order-inverted", branched("P9W"))


def test_the_chain_of_a_decision_without_default_is_examined_as_it_is_read() -> None:
    choice = decision("CHECK", {"if": "B", "or": "C"})
    whole = study(
        main(
            visit("DOSE"),
            visit("A"),
            choice,
            visit("B", to=""),
            visit("C", to=""),
            timings=[fixed("DOSE"), after("A", "P6W", "DOSE"), after("B", "P4W", "DOSE")],
        )
    )
    design_of(whole)["scheduleTimelines"][0]["instances"][2]["defaultConditionId"] = None
    (message,) = only("order-inverted", examined(whole))
    assert message.startswith("`B` comes after `A` in the chain")


@pytest.mark.parametrize(
    ("label", "value", "agrees"),
    [
        ("Week 12", "P12W", True),
        ("Week 12", "P84D", True),
        ("Week 12", "P10W", False),
        ("Week 12", "P11W", False),
        ("Week 4", "P26D", True),  # within the fourth week
        ("Day 14", "P14D", True),
        ("Day 14", "P13D", True),  # Day 1 is the anchor
        ("Day 14", "P15D", False),
        ("2 Weeks", "P14D", True),
        ("2 weeks", "P2D", False),
        ("24 hours", "P1D", True),
        ("1 month", "P1M", True),
        ("1 month", "P4W", True),  # another check's
        ("3 months", "P4W", False),
        ("Follow-up 2", "P4W", True),
        ("Vital signs after 3 min standing", "PT2M", True),
        ("1 minute standing", "PT5M", True),
    ],
)
def test_a_label_agrees_with_what_it_can_mean(label: str, value: str, agrees: bool) -> None:
    found = labelled(("A", label, value), ("B", label.replace("Week", "Wk"), value))
    assert ("label-and-value" not in ids(found)) == agrees


def test_weeks_may_be_counted_from_one_throughout() -> None:
    from_one = [("A", "Week 2", "P1W"), ("B", "Week 5", "P4W"), ("C", "Week 9", "P8W")]
    assert "label-and-value" not in ids(labelled(*from_one))
    one_off = [*from_one, ("D", "Week 13", "P13W")]
    assert "label-and-value" not in ids(labelled(*one_off))  # either way of counting
    assert "label-and-value" in ids(labelled(*from_one, ("D", "Week 13", "P10W")))


def test_days_may_be_counted_anew_in_a_later_period() -> None:
    visits = [("A", "Day 15", "P14D"), ("B", "Day 1", "P28D"), ("C", "Day 8", "P35D")]
    later = {"B": "Second", "C": "Second"}
    assert "label-and-value" not in ids(labelled(*visits, **later))
    assert "label-and-value" in ids(labelled(*visits))
    assert "label-and-value" not in ids(labelled(*visits, DOSE="Day 1"))


@pytest.mark.parametrize(
    ("label", "window", "agrees"),
    [
        ("-3..3 days", ("P3D", "P3D"), True),
        ("±3 days", ("P3D", "P3D"), True),
        ("-2..4 days", ("P2D", "P4D"), True),
        ("-2..4 days", ("P3D", "P3D"), False),
        ("12-16 days", ("P2D", "P2D"), True),  # from the reference
        ("2..2 days", ("P2D", "P2D"), False),
        ("-4..0 hours", ("PT4H", "PT0H"), True),
        ("±3 days", (None, None), False),
        ("as needed", ("P3D", "P3D"), True),
    ],
)
def test_a_windows_label_agrees_with_its_sides(
    label: str, window: tuple[str | None, str | None], agrees: bool
) -> None:
    timing = {**after("A", "P2W", "DOSE", window=window), "windowLabel": label}
    found = examined(study(main(visit("DOSE"), visit("A"), timings=[fixed("DOSE"), timing])))
    assert ("label-and-value" not in ids(found)) == agrees


def test_a_label_that_disagrees_is_told_with_both_times() -> None:
    (told,) = only("label-and-value", labelled(("A", "Week 12", "P10W")))
    assert told == (
        "the label of `TIM_A` says `Week 12`, but `A` is timed 10 weeks after `DOSE`; the value is"
        " followed"
    )
    found = labelled(("A", "12 weeks", "P10W"))
    assert only("label-and-value", found)[0] == (
        "the `valueLabel` of `TIM_A` says `12 weeks`, its `value` is P10W, 10 weeks; the value is"
        " followed"
    )


@pytest.mark.parametrize(
    ("value", "reach", "label", "severity"),
    [
        ("P1M", "P3D", "Month 1", "note"),
        ("P1M", None, "Month 1", "warning"),
        ("P1M", "P1D", "Month 1", "warning"),
        ("P1M", "P3D", "4 weeks", "warning"),
        ("P4W", "P3D", "1 month", "warning"),
        ("P4W", "P3D", "4 weeks", None),
        ("P1Y", "P2W", "1 year", "note"),
    ],
)
def test_months_are_told_by_what_they_can_cost(
    value: str, reach: str | None, label: str, severity: str | None
) -> None:
    timing = after("A", value, "DOSE", window=(reach, reach) if reach else None, label=label)
    found = examined(study(main(visit("DOSE"), visit("A"), timings=[fixed("DOSE"), timing])))
    told = [one.severity for one in found if one.check == "ambiguous-month"]
    assert told == ([severity] if severity else [])


def test_an_end_is_known_where_a_sub_timeline_tells_it() -> None:
    def by_end(sheet: str | None) -> list[Finding]:
        lines = timeline(
            "sheet", item("X"), item("Y"), timings=[fixed("X"), after("Y", "PT5M", "X")]
        )
        visits = (visit("DOSE", timeline=sheet), visit("A"))
        timing = after("A", "P1D", "DOSE", ends="End to Start")
        return examined(study(main(*visits, timings=[fixed("DOSE"), timing]), lines))

    assert "unknown-end" in ids(by_end(None))
    assert "unknown-end" not in ids(by_end("sheet"))


def overrunning(value: str) -> list[Finding]:
    lines = timeline("sheet", item("X"), item("Y"), timings=[fixed("X"), after("Y", "PT4H", "X")])
    visits = (visit("DOSE", activities=["ECG"]), visit("A"))
    whole = study(
        main(*visits, timings=[fixed("DOSE"), after("A", value, "DOSE")]),
        lines,
        activities=[activity("ECG", timeline="sheet")],
    )
    return examined(whole)


def test_a_sub_timeline_has_to_end_before_the_next_instance() -> None:
    (told,) = only("sub-timeline-overruns", overrunning("PT3H"))
    assert told == (
        "`DOSE` holds the timeline `sheet`, which takes 4 hours, but `A`, the next in the chain, is"
        " timed 3 hours after `DOSE`; both are read as timed"
    )
    assert only("sub-timeline-overruns", overrunning("PT4H")) == []
    assert only("sub-timeline-overruns", overrunning("P0D")) == []  # sometime that day


def test_what_an_anchor_counts_from_has_its_time_from_there() -> None:
    timings = [
        fixed("DOSE"),
        {**after("DOSE", "P1W", "PREP2", window=("P1D", "P1D")), "id": "T"},
        after("PREP2", "P1W", "PREP1"),
        after("END", "P4W", "DOSE"),
    ]
    visits = [visit(name) for name in ("PREP1", "PREP2", "DOSE", "END")]
    assert ids(examined(study(main(*visits, timings=timings)))) == []


def test_windows_that_a_timing_between_neighbours_keeps_apart_do_not_overlap() -> None:
    wide = ("P5D", "P5D")
    timings = [
        fixed("X"),
        after("A", "P10D", "X", window=wide),
        after("B", "P15D", "X", window=wide),
    ]
    visits = [visit(name) for name in ("X", "A", "B")]
    assert "windows-overlap" in ids(examined(study(main(*visits, timings=timings))))
    between = {**after("B", "P3D", "A", window=("P2D", "P9D")), "id": "T"}
    found = examined(study(main(*visits, timings=[*timings, between])))
    assert "windows-overlap" not in ids(found)


def test_a_window_both_share_does_not_count_twice() -> None:
    timings = [
        fixed("X"),
        after("A", "P10D", "X", window=("P9D", "P9D")),
        after("B", "P1D", "A", window=("P1D", "P1D")),
    ]
    visits = [visit(name) for name in ("X", "A", "B")]
    assert ids(examined(study(main(*visits, timings=timings)))) == []


def test_encounters_that_come_back_are_told_once_and_epochs_by_their_own_order() -> None:
    whole = own_study()
    instances = design_of(whole)["scheduleTimelines"][0]["instances"]
    for one in instances[4:6]:
        one["encounterId"] = "Encounter_CALL1"
    found = examined(whole)
    assert only("encounter-order", found) == []  # it goes on; what follows has its own
    instances[6]["encounterId"] = "Encounter_DOSE1"
    assert len(only("encounter-order", examined(whole))) == 1
    instances[7]["epochId"] = "StudyEpoch_Screening"
    (told,) = only("epoch-order", examined(whole))
    assert told == (
        "`WK10` belongs to the epoch `Screening` again, after `WK6` of `Follow-Up`; the chain is"
        " followed"
    )


def test_readings_are_not_told_twice_and_what_is_left_out_always() -> None:
    fragment = "timings:\n  at-week-2: {windowLower: PT4H, windowUpper: PT0H}\n"
    found = imported_findings_of(fragment)
    assert ids(found) == ["mixed-units"]
    found = imported_findings_of("instances:\n  week-2: {defaultConditionId: week-8}\n")
    assert "not-represented" in ids(found)


def imported_findings_of(fragment: str) -> list[Finding]:
    file = study_file(fragment)
    assert file.imported is not None
    return imported_findings(file.imported)


@pytest.mark.parametrize("value", [7, True, {"a": 1}, ["P1D"]])
def test_a_field_of_another_type_is_told_once(value: object) -> None:
    whole = own_study()
    timing = design_of(whole)["scheduleTimelines"][0]["timings"][3]
    timing["windowLabel"] = value
    found = examined(whole)
    assert "contradictory-timings" not in ids(found)


def hostile() -> Json:
    name = "=cmd|'/c calc'!A1 <script> \N{RIGHT-TO-LEFT OVERRIDE}\x07 `x`" + "n" * 500
    visits = [visit("DOSE"), visit("A")]
    for one in visits:
        one["name"] = name
    timings = [fixed("DOSE", "P1D"), before("A", "two\nweeks", "DOSE", label=name)]
    return study(main(*visits, timings=timings))


def test_hostile_names_stay_on_one_line_and_are_cut() -> None:
    for one in examined(hostile()):
        assert one.message.isprintable()
        assert "n" * 100 not in one.message
