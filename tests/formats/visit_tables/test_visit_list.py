"""Lists of visits: the days and windows of each row, and what is asked for instead of chosen."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner
from planner.api.imports import ImportedProtocol
from planner.errors import PlannerError

Rules = dict[str, str]


def rules(imported: ImportedProtocol) -> Rules:
    """Of each visit its rule: direction, target and window."""
    written = {}
    for epoch in imported.protocol.epochs:
        for visit in epoch.visits:
            timings = [("after", one) for one in visit.after]
            timings += [("before", one) for one in visit.before]
            text = "; ".join(f"{way} {one.target} {one.within}" for way, one in timings)
            written[visit.title or visit.id] = text or ("?" if visit.unscheduled else "anchor")
    return written


def read(tmp_path: Path, text: str, **choices: object) -> ImportedProtocol:
    path = tmp_path / "visits.csv"
    path.write_text(text, encoding="utf-8")
    return planner.import_table(path, **choices)  # type: ignore[arg-type]


def dates(imported: ImportedProtocol, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "imported.yaml"
    path.write_text(imported.text, encoding="utf-8")
    plan = planner.plan(planner.load(path), "2027-01-11")
    lines = planner.render(plan, "csv").splitlines()
    heads = lines[0].split(",")
    rows = [dict(zip(heads, line.split(","), strict=False)) for line in lines[1:]]
    return {row["visit"]: row["start"][:10] for row in rows}


def test_semicolons_a_bom_blank_lines_and_spaces_in_headings(tmp_path: Path) -> None:
    text = (
        "\ufeffVisit ;Day; Minus;Plus ;Activities\n"
        "Screening;-14;7;6;Consent\n\n"
        "Baseline;0;0;0;Consent, Scale\n"
        'Week 2;14;2;5;"Scale, ECG (12 lead, resting)"\n'
    )
    imported = read(tmp_path, text)
    assert rules(imported) == {
        "Screening": "before 2w 8d..3w",
        "Baseline": "anchor",
        "Week 2": "after 2w -2d/+5d",
    }
    assert imported.protocol.day_zero
    assert imported.protocol.order == "listed"
    titles = [activity.title for activity in imported.protocol.activities.values()]
    assert titles == ["Consent", "Scale", "ECG (12 lead, resting)"]
    assert [remark.kind for remark in imported.remarks] == ["reading"]
    assert "day = `Day` (-14, 0, 14)" in imported.remarks[0].message


def test_each_rule_names_its_cells(tmp_path: Path) -> None:
    imported = read(tmp_path, "Visit,Day,Minus,Plus\nBaseline,0,,\n\nWeek 2,14,2,2\n")
    (_, week_2) = imported.protocol.epochs[0].visits
    assert week_2.after[0].note == "B4:D4"


def test_the_dates_are_those_of_the_table(tmp_path: Path) -> None:
    text = "Visit,Day,Minus,Plus\nScreening,-7,2,3\nBaseline,0,0,0\nWeek 4,28,3,3\n"
    assert dates(read(tmp_path, text), tmp_path) == {
        "screening": "2027-01-04",
        "baseline": "2027-01-11",
        "week-4": "2027-02-08",
    }


AROUND_DAY_1 = "Visit,Day,Minus,Plus\nScreening,-7,2,2\nDay one,1,0,0\nVisit 3,15,3,3\n"


def test_days_before_day_1_without_a_day_0_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="Day -7 and Day 1 lie 7 or 8 days apart"):
        read(tmp_path, AROUND_DAY_1)
    one = read(tmp_path, AROUND_DAY_1, day_zero=False)
    assert rules(one)["Screening"] == "before 1w ±2d"
    assert not one.protocol.day_zero
    zero = read(tmp_path, AROUND_DAY_1, day_zero=True, anchor="Day one")
    assert rules(zero)["Screening"] == "before 8d ±2d"
    assert rules(zero)["Visit 3"] == rules(one)["Visit 3"] == "after 2w ±3d"
    assert any("study days count from `Day one`" in one.message for one in zero.remarks)


def test_a_table_without_day_0_and_day_1_asks_what_it_counts_from(tmp_path: Path) -> None:
    text = "Visit,Day\nBaseline,\nA,14\nB,28\n"
    with pytest.raises(PlannerError, match="neither a Day 0 nor a Day 1"):
        read(tmp_path, text)
    with pytest.raises(PlannerError, match="no visit is on the day that days are counted from"):
        read(tmp_path, text, day_zero=True)
    zero = read(tmp_path, text, day_zero=True, anchor="baseline")
    assert rules(zero) == {"Baseline": "anchor", "A": "after 2w None", "B": "after 4w None"}
    assert rules(read(tmp_path, text, day_zero=False, anchor="Baseline"))["A"] == "after 13d None"


def test_a_day_0_that_is_out_of_order_is_asked_about(tmp_path: Path) -> None:
    text = "VisitName,Day\nScreening,1\nDay 8,8\nUnscheduled,0\n"
    with pytest.raises(PlannerError, match="it can be no day at all"):
        read(tmp_path, text)


def test_a_minus_sign_in_days_before_is_asked_for(tmp_path: Path) -> None:
    text = "Visit,Day,Minus,Plus\nBaseline,0,0,0\nWeek 2,14,-3,7\n"
    with pytest.raises(PlannerError, match="a minus sign in a column of days before"):
        read(tmp_path, text)
    assert rules(read(tmp_path, text, signed_minus=True))["Week 2"] == "after 2w -3d/+7d"


ENDS = "Visit,Day,Earliest,Latest\nBaseline,1,1,1\nWeek 2,15,{},{}\n"


def test_ends_of_windows_have_the_only_reading_with_the_day_inside(tmp_path: Path) -> None:
    assert rules(read(tmp_path, ENDS.format(12, 18)))["Week 2"] == "after 2w ±3d"
    around = ENDS.replace("1,1,1", "1,0,0").format(-3, 4)
    assert rules(read(tmp_path, around))["Week 2"] == "after 2w -3d/+4d"


def test_ends_of_windows_with_two_readings_are_asked_for(tmp_path: Path) -> None:
    text = "Visit,Day,Earliest,Latest\nBaseline,0,0,0\nDay 3,3,-1,4\n"
    with pytest.raises(PlannerError, match="can count from the visit's own day"):
        read(tmp_path, text)
    around = read(tmp_path, text, window_ends="around-target")
    assert rules(around)["Day 3"] == "after 3d -1d/+4d"
    assert rules(read(tmp_path, text, window_ends="from-baseline"))["Day 3"] == "after 3d -4d/+1d"


def test_a_window_with_one_end_is_left_out_with_a_word(tmp_path: Path) -> None:
    imported = read(tmp_path, "Visit,Day,Minus,Plus\nBaseline,0,,\nWeek 2,14,,3\n")
    assert rules(imported)["Week 2"] == "after 2w None"
    (remark,) = (one for one in imported.remarks if one.kind == "mistake")
    assert remark.message.startswith("only one end of the window (3)")
    assert remark.origin.text == "D3"


def test_windows_in_one_column(tmp_path: Path) -> None:
    text = "Visit,Study day,Window\nDay 1,1,\nWeek 1,8,±2\nWeek 2,15,-1/+3\nWeek 3,22,2\n"
    imported = read(tmp_path, text)
    assert rules(imported) == {
        "Day 1": "anchor",
        "Week 1": "after 1w ±2d",
        "Week 2": "after 2w -1d/+3d",
        "Week 3": "after 3w None",
    }
    (remark,) = (one for one in imported.remarks if one.kind == "mistake")
    assert "`2`" in remark.message
    assert remark.origin.text == "C5"


def test_offsets_are_distances_and_need_no_convention(tmp_path: Path) -> None:
    text = (
        "Visit Name,Day From Baseline,Window Minus,Window Plus,Protocol Version\n"
        "Screening,-7,2,2,1.0\nEnrolment,0,0,0,1.0\nMonth 1,30,5,5,1.0\n"
    )
    imported = read(tmp_path, text)
    assert rules(imported)["Screening"] == "before 1w ±2d"
    assert rules(imported)["Month 1"] == "after 30d ±5d"
    left_out = [remark.message for remark in imported.remarks if remark.kind == "left-out"]
    assert left_out == ["column `Protocol Version`: it has no meaning here"]


def test_a_window_of_the_first_day_is_left_out_with_a_word(tmp_path: Path) -> None:
    imported = read(tmp_path, "Visit,Day,Minus,Plus\nBaseline,0,3,3\nWeek 2,14,2,2\n")
    (remark,) = (one for one in imported.remarks if one.kind == "left-out")
    assert remark.message == "the visit that days are counted from has no window around itself"
    assert remark.origin.text == "B2:D2"


def test_the_unit_of_a_heading_counts(tmp_path: Path) -> None:
    text = "Visit,Weeks from baseline,Window minus (weeks),Window plus (days)\n{}"
    rows = "Baseline,0,0,0\nWeek 4,4,1,3\n"
    assert rules(read(tmp_path, text.format(rows)))["Week 4"] == "after 4w -7d/+3d"
    months = text.replace("(weeks)", "(months)").format(rows)
    imported = read(tmp_path, months)
    assert rules(imported)["Week 4"] == "after 4w None"
    assert "1 months around a day: left out" in [one.message for one in imported.remarks]


def test_several_versions_in_one_table_are_refused(tmp_path: Path) -> None:
    text = "Visit,Day,Protocol Version\nBaseline,0,1\nWeek 1,7,1\nBaseline,0,2\nWeek 1,8,2\n"
    with pytest.raises(PlannerError, match="`Protocol Version` has 2 values"):
        read(tmp_path, text)


def test_two_columns_of_one_meaning_are_asked_about(tmp_path: Path) -> None:
    text = "Visit,Day,Study Day\nBaseline,0,1\nWeek 1,7,8\n"
    with pytest.raises(PlannerError, match="two columns can be the day"):
        read(tmp_path, text)
    assert rules(read(tmp_path, text, columns={"day": "Day"}))["Week 1"] == "after 1w None"
    assert rules(read(tmp_path, text, columns={"day": "C"}))["Week 1"] == "after 1w None"


def test_week_1_without_a_week_0_is_asked_for(tmp_path: Path) -> None:
    text = "Visit,Week\nBaseline,1\nA,4\n"
    with pytest.raises(PlannerError, match="Week 1 can be the first week"):
        read(tmp_path, text)
    first = read(tmp_path, text, week_zero=False)
    assert rules(first) == {"Baseline": "anchor", "A": "after 3w None"}


def test_no_visit_is_lost_where_its_day_is_not_understood(tmp_path: Path) -> None:
    imported = read(tmp_path, "Visit,Day\nBaseline,0\nProgression,at progression\nUnscheduled,\n")
    assert rules(imported) == {"Baseline": "anchor", "Progression": "?", "Unscheduled": "?"}
    assert imported.lost.unplanned == 2
    assert [one.origin.text for one in imported.remarks if one.kind == "mistake"] == ["B3", "A4"]


def test_visits_out_of_order_have_no_rule_of_order(tmp_path: Path) -> None:
    imported = read(tmp_path, "Visit,Day\nBaseline,0\nWeek 2,14\nWeek 1,7\n")
    assert imported.protocol.order is None
    assert any("`Week 1` stands behind a later visit" in one.message for one in imported.remarks)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the table is empty"),
        ("a,b\n1,2\n", "no row of headings names visits and their days"),
        ("Visit,Day\n", "the table has no visits"),
        ("Visit,Day,Minus,Window\nBaseline,0,1,±1\n", "both tell the time"),
    ],
)
def test_what_is_no_list_of_visits_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match=message):
        read(tmp_path, text)


CELLS = st.text(st.sampled_from("019-+±.,;x Dw\"'\n"), max_size=5)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=5))
def test_any_cells_are_read_or_refused(
    rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    text = "Visit,Day,Minus,Plus\nBaseline,0,0,0\n"
    text += "".join(",".join(row) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    try:
        imported = planner.import_table(path, day_zero=True, week_zero=True)
    except PlannerError:
        return
    again = path.with_suffix(".yaml")
    again.write_text(imported.text, encoding="utf-8")
    assert planner.load(again).protocol == imported.protocol
