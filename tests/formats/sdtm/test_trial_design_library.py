"""The trial design of every library protocol: SDTM's limits, and days that all views agree on."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from formats.sdtm.designs import STAMP, as_json, rows, written_xpt
from hypothesis import given, settings
from published import protocol
from timeline.courses import protocol as small_protocol
from timeline.random_courses import courses

from planner.formats.sdtm import SubjectVisits, visit_names
from planner.formats.sdtm.trial_design import TrialDesign, design_files, trial_design
from planner.formats.sdtm.trial_design_visits import visit_days
from planner.formats.sdtm.writing import Column, Dataset, dataset_json
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.plan import Contradiction, NothingFits, course_planner, plan_timeline
from planner.views.schedule_of_activities import schedule_of_activities

START = date(2027, 2, 1)
EVERY = pytest.mark.parametrize("name", library_ids())
COLUMN = {"itemOID": str, "name": str, "label": str, "dataType": str}
HEAD = {
    "datasetJSONCreationDateTime": str, "datasetJSONVersion": str, "fileOID": str,
    "originator": str, "studyOID": str, "metaDataVersionOID": str, "itemGroupOID": str,
    "records": int, "name": str, "label": str, "columns": list, "rows": list,
}  # fmt: skip
"""The attributes of Dataset-JSON 1.1 that are written, in the standard's order; it allows no others
but `dbLastModifiedDateTime`, `sourceSystem` and `metaDataRef`."""
VARIABLES = {
    "TV": "STUDYID DOMAIN VISITNUM VISIT VISITDY ARMCD ARM TVSTRL TVENRL",
    "TA": "STUDYID DOMAIN ARMCD ARM TAETORD ETCD ELEMENT TABRANCH TATRANS EPOCH",
    "TE": "STUDYID DOMAIN ETCD ELEMENT TESTRL TEENRL TEDUR",
}
REQUIRED = {
    "TV": "STUDYID DOMAIN VISITNUM VISIT TVSTRL",
    "TA": "STUDYID DOMAIN ARMCD ARM TAETORD ETCD EPOCH",
    "TE": "STUDYID DOMAIN ETCD ELEMENT TESTRL",
}


@cache
def design(name: str) -> TrialDesign:
    return trial_design(protocol(name))


def arms_of(one: Protocol) -> list[str | None]:
    return [arm.id for arm in one.arms] or [None]


def distinct_courses(one: Protocol) -> Iterator[Course]:
    """The courses of arms, without those that differ in nothing but the arm."""
    seen: list[tuple[object, object]] = []
    for arm in arms_of(one):
        course = expand(one, arm)
        if (course.visits, course.rules) not in seen:
            seen.append((course.visits, course.rules))
            yield course


@EVERY
def test_the_files_have_the_structure_of_dataset_json(name: str) -> None:
    for dataset in design(name).datasets:
        found = as_json(dataset)
        assert {key: type(value) for key, value in found.items()} == HEAD
        assert list(found) == list(HEAD)
        assert found["itemGroupOID"] == f"IG.{dataset.name}"
        assert found["records"] == len(found["rows"]) > 0
        assert " ".join(one["name"] for one in found["columns"]) == VARIABLES[dataset.name]
        for column in found["columns"]:
            assert {key: type(column[key]) for key in COLUMN} == COLUMN
            assert set(column) <= {*COLUMN, "length", "keySequence"}
            assert column["itemOID"] == f"IT.{dataset.name}.{column['name']}"
            assert ("length" in column) == (column["dataType"] == "string")
            assert len(column["name"]) <= 8
            assert len(column["label"]) <= 40
        for row in found["rows"]:
            assert len(row) == len(found["columns"])
            for cell, column in zip(row, found["columns"], strict=True):
                if column["dataType"] == "string":
                    assert isinstance(cell, str)
                    assert len(cell) <= column["length"] <= 200
                else:
                    assert cell is None or type(cell) is int


@EVERY
def test_the_datasets_keep_to_sdtm(name: str) -> None:
    for dataset in design(name).datasets:
        found = rows(design(name), dataset.name)
        keys = sorted((one.key, one.name) for one in dataset.columns if one.key)
        values = [tuple(row[key] for _, key in keys) for row in found]
        assert len(set(values)) == len(values), f"{dataset.name} has two rows of one key"
        assert values == sorted(values), f"{dataset.name} is not in the order of its key"
        for row in found:
            assert row["DOMAIN"] == dataset.name
            assert all(row[key] not in ("", None) for key in REQUIRED[dataset.name].split())
            for cell in row.values():
                if isinstance(cell, str):
                    assert cell.isascii()
                    assert cell.isprintable()
                    assert cell == cell.strip()
                    assert len(cell) <= 200


@EVERY
def test_codes_and_names_belong_together(name: str) -> None:
    tv, ta, te = (rows(design(name), domain) for domain in ("TV", "TA", "TE"))
    for table, code, text, longest in (
        (tv, "VISITNUM", "VISIT", None), (ta, "ARMCD", "ARM", 20), (te, "ETCD", "ELEMENT", 8),
        (ta, "ETCD", "ELEMENT", 8),
    ):  # fmt: skip
        pairs = {(row[code], row[text]) for row in table}
        assert len({one for one, _ in pairs}) == len({one for _, one in pairs}) == len(pairs)
        assert longest is None or all(len(one) <= longest for one, _ in pairs)
    assert {row["ETCD"] for row in ta} == {row["ETCD"] for row in te}
    arms = {(row["ARMCD"], row["ARM"]) for row in ta}
    assert {(row["ARMCD"], row["ARM"]) for row in tv} - {("", "")} <= arms
    assert len(arms) == max(1, len(protocol(name).arms))
    for code, _ in arms:
        orders = [row["TAETORD"] for row in ta if row["ARMCD"] == code]
        assert orders == list(range(1, len(orders) + 1))
    assert all(re.fullmatch("(P[1-9][0-9]*[DW])?", row["TEDUR"]) for row in te)


@EVERY
def test_no_amount_of_an_arm_label_is_in_the_files(name: str) -> None:
    written = str([row for one in design(name).datasets for row in one.rows])
    titles = [arm.title or "" for arm in protocol(name).arms]
    for arm in protocol(name).arms:
        for label in filter(None, (arm.label, *arm.periods)):
            assert any(label in title for title in titles) or label not in written


@EVERY
def test_xpt_and_json_have_the_same_cells(name: str, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    for dataset in design(name).datasets:
        frame, meta = pyreadstat.read_xport(
            str(written_xpt(dataset, tmp_path)), disable_datetime_conversion=True
        )
        as_read = as_json(dataset)
        labels = {one["name"]: one["label"] for one in as_read["columns"]}
        assert meta.column_names_to_labels == labels
        assert (meta.table_name, meta.file_label) == (dataset.name, dataset.label)
        back = [
            [None if isinstance(cell, float) and cell != cell else cell for cell in row]
            for row in frame.itertuples(index=False)
        ]
        assert back == as_read["rows"]


@EVERY
def test_the_files_are_the_same_bytes_every_time(name: str) -> None:
    again = trial_design(protocol(name))
    assert design_files(again, protocol(name), STAMP) == design_files(
        design(name), protocol(name), STAMP
    )


@EVERY
def test_every_visit_of_every_arm_is_in_tv_once_for_it(name: str) -> None:
    one = protocol(name)
    names = visit_names(one)
    codes = dict(
        zip(arms_of(one), dict.fromkeys(r["ARMCD"] for r in ta_by_file(name)), strict=True)
    )
    for arm in arms_of(one):
        mine = [row for row in rows(design(name), "TV") if row["ARMCD"] in ("", codes[arm])]
        found = [names.find(None, row["VISIT"]) for row in mine]
        assert sorted(map(str, found)) == sorted(v.id for v in expand(one, arm).visits)
        days = visit_days(expand(one, arm))
        assert [row["VISITDY"] for row in mine] == [days.get(str(v)) for v in found]


def ta_by_file(name: str) -> list[dict[str, Any]]:
    """TA in the order of the file's arms, not of their codes."""
    order = [arm.id.upper() for arm in protocol(name).arms]
    found = rows(design(name), "TA")
    return sorted(found, key=lambda row: order.index(row["ARMCD"])) if order else found


def agrees(day: int | None, cell: str) -> bool:
    """Whether VISITDY is what a cell of the schedule of activities shows, such as `29 ± 7`."""
    shown = re.match(r"-?\d+(?= |$)", cell)
    return day == (None if shown is None else int(shown[0]))


def shown_days(one: Protocol, arm: str | None) -> dict[str, str]:
    heads = schedule_of_activities(one, arm).heads
    days = next((row for row in heads if row[0] == "Study day"), None)
    visits = [visit.id for visit in expand(one, arm).visits]
    return dict(zip(visits, days[1:] if days else [""] * len(visits), strict=True))


@EVERY
def test_planned_days_are_those_of_the_schedule_of_activities(name: str) -> None:
    for course in distinct_courses(protocol(name)):
        days = visit_days(course)
        for visit, cell in shown_days(protocol(name), course.arm).items():
            assert agrees(days.get(visit), cell), (course.arm, visit, days.get(visit), cell)


@settings(deadline=None)
@given(courses(5))
def test_so_are_they_of_any_protocol(one: Protocol) -> None:
    compare_days(one)


def compare_days(one: Protocol) -> None:
    days = {row["VISIT"].lower(): row["VISITDY"] for row in rows(one, "TV")}
    for visit, cell in shown_days(one, None).items():
        assert agrees(days[visit], cell), (visit, days[visit], cell)


@pytest.mark.parametrize("ends", [("0d..", "..0d"), ("0d..", "..3d"), ("..0d", "0d..")])
@pytest.mark.parametrize("last", ["0d..1d 1d..3d", "1d..1d", "0d..2d", "1d..2d 4d..5d"])
def test_a_day_behind_open_windows_with_targets_is_the_same_in_both(
    ends: tuple[str, str], last: str
) -> None:
    visits: list[dict[str, object]] = [{"id": "v0"}]
    for number, within in enumerate(ends):
        timing = {"visit": f"v{number}", "within": within, "target": "0d"}
        visits.append({"id": f"v{number + 1}", "after": timing})
    windows = [{"visit": "v2", "within": within} for within in last.split()]
    compare_days(small_protocol([*visits, {"id": "v3", "after": windows}]))


def dated(course: Course, at: dict[str, date]) -> dict[str, int]:
    planner = course_planner(course.protocol, SiteCalendar(always_open()), arm=course.arm, at=at)
    return {one.id: one.study_day for one in plan_timeline(planner, START, unblinded=True).visits}


@pytest.mark.slow
@EVERY
def test_planned_days_are_those_of_the_timeline_where_all_can_be_met(name: str) -> None:
    for course in distinct_courses(protocol(name)):
        days = visit_days(course)
        found = dated(course, {})
        if all(found[visit] == day for visit, day in days.items()):
            continue
        # Targets of this file exclude each other, so that no plan can meet all of them.
        zero = course.protocol.day_zero
        at = {
            visit: START + timedelta(days=day if zero or day < 0 else day - 1)
            for visit, day in days.items()
            if visit != course.anchor
        }
        with pytest.raises((Contradiction, NothingFits)):
            dated(course, at)


@EVERY
def test_our_reader_takes_the_planned_days_from_subject_visits_that_follow_tv(
    name: str, tmp_path: Path
) -> None:
    one = protocol(name)
    course = expand(one)
    code = rows(design(name), "TV")
    first = ta_by_file(name)[0]["ARMCD"]
    mine = [row for row in code if row["ARMCD"] in ("", first)]
    columns = tuple(
        Column(each, each, "integer" if each in ("VISITNUM", "VISITDY") else "string")
        for each in ("USUBJID", "VISITNUM", "VISIT", "VISITDY", "SVSTDTC")
    )
    cells = tuple(("P0001", r["VISITNUM"], r["VISIT"], r["VISITDY"], "2027-02-01") for r in mine)
    path = tmp_path / "sv.json"
    path.write_text(dataset_json(Dataset("SV", "Subject Visits", columns, cells), "S", "o", STAMP))
    subjects = SubjectVisits(str(path), names=visit_names(one))
    assert len(list(subjects.subjects())) == 1
    assert subjects.planned_days == visit_days(course)
    assert not subjects.tally.counts["foreign"]
