"""What becomes of SDTM's visits: planned ones by name, unplanned ones beside, no date made up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.formats.sdtm import (
    Demographics,
    SubjectRecord,
    SubjectVisits,
    read_demographics,
    read_visit_map,
    visit_names,
    with_one_date,
)
from planner.formats.sdtm.dates import read_dtc
from planner.formats.sdtm.subjects import code_of
from planner.timeline.record import Actual, Moment

WriteRows = Callable[..., Path]
PROTOCOL = load_protocol(str(Path(__file__).parents[3] / "examples" / "lzzt.yaml")).protocol
NAMES = visit_names(PROTOCOL)
COLUMNS = "USUBJID VISITNUM VISIT SVSTDTC"
BASELINE = ("P001", 3, "BASELINE", "2026-01-12")


def imported(
    path: Path, people: dict[str, Demographics] | None = None, only: str | None = None
) -> tuple[list[SubjectRecord], list[str]]:
    found = SubjectVisits(str(path), names=NAMES, protocol_id="lzzt", people=people, only=only)
    return list(found.subjects()), found.tally.sentences()


def visits(path: Path) -> list[Actual]:
    (subject,), _ = imported(path)
    return list(subject.record.visits)


@pytest.mark.parametrize(
    ("number", "name", "visit"),
    [
        (4, "WEEK 2", "week-2"),
        (4, "Week  2", "week-2"),
        (3.5, "AMBUL ECG PLACEMENT", "ambul-ecg-placement"),
        (8.1, "WEEK 10 (T)", "week-10-t"),
        (501, "Rash followup", "rash-followup"),
        (6, "Ambulatory ECG removal", "ambul-ecg-removal"),
    ],
)
def test_a_visit_is_the_protocols_by_its_id_or_title(
    write_json: WriteRows, number: float, name: str, visit: str
) -> None:
    (actual,) = visits(write_json(COLUMNS, ("P001", number, name, "2026-01-26")))
    assert (actual.visit, actual.status) == (visit, "occurred")


@pytest.mark.parametrize(
    ("number", "name", "described", "visit"),
    [
        (4.1, "UNSCHEDULED 4.1", "", "unscheduled-4-1"),
        (5.01, "WEEK 4: UNSCHEDULED 01", "LABS", "week-4-unscheduled-01"),
        (4, "WEEK 2", "Extra", "unscheduled-week-2"),
        (4.2, "", "", "unscheduled-4-2"),
        (4.2, "Extra bloods", "", "extra-bloods"),
        (None, "血", "x", "unscheduled"),
    ],
)
def test_an_unplanned_visit_stands_beside_the_plan(
    write_json: WriteRows, number: float | None, name: str, described: str, visit: str
) -> None:
    row = ("P001", number, name, "2026-01-28", described)
    (actual,) = visits(write_json(COLUMNS + " SVUPDES", row))
    assert (actual.visit, actual.status) == (visit, "unscheduled")
    assert actual.reason == (described or None)


def test_a_decimal_number_alone_makes_no_planned_visit_unscheduled(write_json: WriteRows) -> None:
    path = write_json(COLUMNS + " VISITDY", (*BASELINE, 1), ("P001", 3.7, "ECG", "2026-01-14", 3))
    (subject,), told = imported(path)
    assert subject.record.visits[1].note == "no visit of the protocol: ECG"
    assert any(line.startswith("1 visit that the protocol does not have (ECG)") for line in told)


def test_a_visit_that_is_not_prespecified_is_unplanned(write_json: WriteRows) -> None:
    path = write_json(
        COLUMNS + " SVPRESP", (*BASELINE, "Y"), ("P001", 4, "WEEK 2", "2026-01-26", "")
    )
    assert [one.status for one in visits(path)] == ["occurred", "unscheduled"]


@pytest.mark.parametrize(
    "written", ["2026-01", "2026", "", "--01-26", "2026-02-30", "soon", "26JAN2026"]
)
def test_no_day_is_made_up_for_a_partial_date(write_json: WriteRows, written: str) -> None:
    path = write_json(COLUMNS, BASELINE, ("P001", 4, "WEEK 2", written))
    (subject,), told = imported(path)
    actual = subject.record.visits[1]
    assert (actual.status, actual.start) == ("planned", None)
    assert actual.note is not None
    assert written in actual.note
    assert "1 visit without a whole date (row 2): recorded as `planned`" in "\n".join(told)


def test_an_unplanned_visit_without_a_whole_date_is_left_out_and_told(
    write_json: WriteRows,
) -> None:
    path = write_json(COLUMNS, BASELINE, ("P001", 4.1, "UNSCHEDULED 4.1", "2026-01"))
    (subject,), told = imported(path)
    assert len(subject.record.visits) == 1
    assert any("left out" in line and "row 2" in line for line in told)


@pytest.mark.parametrize(
    ("written", "moment", "left"),
    [
        ("2026-01-26T09:30", Moment(date(2026, 1, 26), 570), ""),
        ("2026-01-26T09:30:15+01:00", Moment(date(2026, 1, 26), 570, 60), ""),
        ("2026-01-26T09", Moment(date(2026, 1, 26)), "2026-01-26T09"),
        ("2026-01-26T24:00", Moment(date(2026, 1, 26)), "2026-01-26T24:00"),
        ("2026-01-26/2026-01-28", None, "2026-01-26/2026-01-28"),
        ("1850-01-26", None, "1850-01-26"),
        ("", None, ""),
    ],
)
def test_what_is_known_of_a_date_is_kept(written: str, moment: Moment | None, left: str) -> None:
    assert read_dtc(written) == (moment, left)


def test_an_end_is_kept_where_it_says_more_than_the_start(write_json: WriteRows) -> None:
    day = "2026-01-12"
    ends = ("2026-01-13", day, "", "2026-01", "2026-01-11")
    rows = [("P001", 4, "WEEK 2", day, end) for end in ends]
    found = visits(write_json(COLUMNS + " SVENDTC", *rows))
    assert [one.end and one.end.day for one in found] == [date(2026, 1, 13), *[None] * 4]
    assert [one.note for one in found][3:] == [
        "end as written: 2026-01", "end before the start: 2026-01-11",
    ]  # fmt: skip


def test_a_visit_that_did_not_occur_is_missed_with_its_reason(write_json: WriteRows) -> None:
    path = write_json(COLUMNS + " SVOCCUR SVREASOC", ("P001", 4, "WEEK 2", "", "N", "Holiday"))
    (actual,) = visits(path)
    assert (actual.status, actual.start, actual.reason) == ("missed", None, "Holiday")


def test_a_visit_recorded_twice_is_kept_twice_and_told(write_json: WriteRows) -> None:
    again = ("P001", 3, "BASELINE", "2026-01-13")
    (subject,), told = imported(write_json(COLUMNS, BASELINE, again))
    assert len(subject.record.visits) == 2
    assert subject.baseline == date(2026, 1, 13)
    assert any("twice (row 2): the last holds" in line for line in told)


def test_a_record_has_one_date_for_each_visit_and_loses_no_row(write_json: WriteRows) -> None:
    rows = [
        ("P001", 3, "BASELINE", "2026-01-13"),
        ("P001", 3, "BASELINE", "2026-01-12"),
        ("P001", 3, "BASELINE", "2026-01-12T10:00"),
    ]
    (subject,), _ = imported(write_json(COLUMNS, *rows))
    found = with_one_date(subject.record).visits
    assert [(one.status, str(one.start)) for one in found] == [
        ("unscheduled", "2026-01-13"),
        ("occurred", "2026-01-12"),
        ("occurred", "2026-01-12T10:00"),
    ]
    assert found[0].visit == f"unscheduled-{found[1].visit}"
    assert found[0].note is not None
    assert "stands twice in the dataset, the last time on 2026-01-12" in found[0].note


def test_subjects_need_not_stand_together(write_json: WriteRows) -> None:
    other = ("P002", 3, "BASELINE", "2026-02-02")
    week = ("P001", 4, "WEEK 2", "2026-01-26")
    found, _ = imported(write_json(COLUMNS, BASELINE, other, week))
    assert {one.usubjid: len(one.record.visits) for one in found} == {"P001": 2, "P002": 1}


def test_dm_gives_the_arm_and_the_reference_start(write_json: WriteRows) -> None:
    dm = write_json(
        "USUBJID RFSTDTC ARMCD ARM",
        ("P001", "2026-01-12", "Pbo", "Placebo"),
        ("P002", "2026-02", "Xan_Hi", ""),
        ("P003", "2026-03-02", "X", "Another arm"),
        ("P004", "", "", ""),
        name="dm.json",
    )
    people = read_demographics(str(dm), PROTOCOL)
    assert [one.arm for one in people.values()] == ["placebo", "xan-hi", None, None]
    week = "WEEK 2"
    path = write_json(
        COLUMNS,
        ("P001", 3, "BASELINE", "2026-01-13"),
        ("P002", 4, week, "2026-02-20"),
        ("P003", 4, week, "2026-03-16"),
        ("P005", 3, "BASELINE", "2026-03-16"),
    )
    found, told = imported(path, people)
    assert [one.baseline for one in found] == [
        date(2026, 1, 13), None, date(2026, 3, 2), date(2026, 3, 16),
    ]  # fmt: skip
    assert found[0].record.start == date(2026, 1, 12)
    text = "\n".join(told)
    for line in (
        "1 subject whose baseline visit is not on RFSTDTC (P001)",
        "1 subject without a baseline (P002)",
        "1 subject without a dated baseline visit (P003)",
        "1 subject that DM does not have (P005)",
        "1 subject of DM without a visit (P004)",
        "1 subject in an arm that the protocol does not have (Another arm)",
    ):
        assert line in text


def test_a_subject_stands_once_in_dm(write_json: WriteRows) -> None:
    dm = write_json("USUBJID RFSTDTC", ("P001", ""), ("P001", ""), name="dm.json")
    with pytest.raises(PlannerError, match="row 2: subject `P001` stands twice"):
        read_demographics(str(dm))


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("", "row 2: `USUBJID` is empty"),
        (7, "row 2: `USUBJID` is a text"),
        (["P001"], "row 2: `USUBJID` is a text"),
        ("Jane Doe", "row 2: .*as names do"),
        ("jd@example.org", "row 2: .*e-mail"),
        ("0301234567", "row 2: .*phone"),
        ("1950-01-12", "row 2: .*date of birth"),
        ("../../etc/P001", "row 2: .*is not a code"),
        ("p001", "row 2: .*would have the same code"),
        ("P001\x1b[2J", "row 2: .*is not a code"),
    ],
)
def test_who_cannot_be_a_participant_is_refused_before_anything_is_read(
    write_json: WriteRows, subject: object, says: str
) -> None:
    path = write_json(COLUMNS, BASELINE, (subject, 3, "BASELINE", "2026-01-12"))
    with pytest.raises(PlannerError, match=says):
        SubjectVisits(str(path))


def test_sites_and_numbers_in_digits_become_codes_that_are_no_phone_numbers() -> None:
    assert code_of("01-701-1015") == "S-01-701-1015"
    assert code_of("DE-03-017") == "DE-03-017"


def test_cells_of_the_wrong_type_name_their_row(write_json: WriteRows) -> None:
    for row in (("P001", "three", "B", ""), ("P001", 3, 5, ""), ("P001", 3, "B", 20260112)):
        with pytest.raises(PlannerError, match="row 2: `"):
            imported(write_json(COLUMNS, BASELINE, row))


def test_what_cells_hold_can_neither_drive_a_terminal_nor_break_a_line(
    write_json: WriteRows,
) -> None:
    evil = "a\nb\x1b[2J" + "x" * 600
    row = ("P001", 4, "\x1b]0;x\x07", "2026-01-26\n", evil, "Y", evil)
    path = write_json(COLUMNS + " SVUPDES SVOCCUR SVREASOC", row)
    (subject,), told = imported(path)
    (actual,) = subject.record.visits
    assert actual.reason is not None
    assert len(actual.reason) == 300
    assert all(text.isprintable() for text in (actual.reason, actual.visit, *told))


def test_without_a_protocol_ids_come_from_the_names(write_json: WriteRows) -> None:
    path = write_json(
        COLUMNS, BASELINE, ("P001", 7, "", "2026-02-01"), ("P001", 7.1, "", "2026-02-03")
    )
    (subject,) = SubjectVisits(str(path)).subjects()
    found = [(one.visit, one.status) for one in subject.record.visits]
    assert found == [
        ("baseline", "occurred"), ("visit-7", "occurred"), ("unscheduled-7-1", "unscheduled"),
    ]  # fmt: skip


def test_one_subject_is_read_by_its_id_or_its_code(write_json: WriteRows) -> None:
    path = write_json(COLUMNS, BASELINE, ("01-701-1015", 3, "BASELINE", "2026-01-12"))
    for wanted in ("01-701-1015", "S-01-701-1015"):
        (subject,), _ = imported(path, only=wanted)
        assert subject.record.participant == "S-01-701-1015"
    with pytest.raises(PlannerError, match="did you mean `P001`"):
        imported(path, only="P01")


def test_a_file_of_pairs_says_which_visit_a_number_or_a_name_is(
    write_json: WriteRows, tmp_path: Path
) -> None:
    pairs = tmp_path / "visits.csv"
    pairs.write_text("visit,sdtm\nretrieval,201\nae-follow-up,Early stop\n")
    names = visit_names(PROTOCOL, read_visit_map(str(pairs)))
    path = write_json(
        COLUMNS, ("P001", 201, "ANY", "2026-02-01"), ("P001", 9, "EARLY STOP", "2026-02-01")
    )
    (subject,) = SubjectVisits(str(path), names=names).subjects()
    assert [one.visit for one in subject.record.visits] == ["retrieval", "ae-follow-up"]
    pairs.write_text("sdtm,visit\n201,retreival\n")
    with pytest.raises(PlannerError, match="did you mean `retrieval`"):
        visit_names(PROTOCOL, read_visit_map(str(pairs)))
    for text, says in (
        ("", "is empty"),
        ("a,b\n", "unknown column `a`"),
        ("sdtm|visit\n", "separate the columns with commas"),
        ("sdtm,visit\nx\n", ":2: two cells"),
        ("sdtm,visit\nx,week-2\nx,week-4\n", ":3: `x` stands twice"),
    ):
        pairs.write_text(text)
        with pytest.raises(PlannerError, match=says):
            read_visit_map(str(pairs))


def test_a_dataset_without_rows_or_visits_is_refused(write_json: WriteRows) -> None:
    with pytest.raises(PlannerError, match="the dataset is empty"):
        SubjectVisits(str(write_json(COLUMNS)))
    with pytest.raises(PlannerError, match="neither `VISITNUM` nor `VISIT`"):
        SubjectVisits(str(write_json("USUBJID SVSTDTC", ("P001", ""))))
