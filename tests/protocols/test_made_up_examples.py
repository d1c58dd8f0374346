"""The made-up studies of `examples` of kinds that the library lacks: what each is there for."""

import datetime
from pathlib import Path

import pytest

import planner

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("phase-1-single-doses", "phase-1-multiple-doses", "two-clinics", "school-groups")
WARD = EXAMPLES / "site-ward.yaml"
TUESDAY = datetime.date(2027, 1, 12)


def path(name: str) -> Path:
    return EXAMPLES / f"{name}.yaml"


def record(code: str, cohort: str, visit: str, start: str) -> planner.Record:
    return planner.Record.model_validate(
        {
            "participant": code,
            "cohort": cohort,
            "start": start[:10],
            "visits": [{"visit": visit, "status": "occurred", "start": start}],
        }
    )


def between(name: str, *records: planner.Record) -> set[tuple[str, str]]:
    """Who breaks a rule between participants, by code and the kind of deviation."""
    found = planner.deviations(path(name), records).deviations
    return {(one.participant, one.kind) for one in found if one.kind != "missing-gate"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_an_example(name: str) -> None:
    assert [finding.check for finding in planner.check(path(name))] == []
    assert planner.load(path(name)).protocol.status == "illustrative"


@pytest.mark.parametrize("name", NAMES[:2])
def test_samples_are_due_by_the_minute_with_a_window_each(name: str) -> None:
    found = planner.check(path(name), select=["m11"])
    assert [one.message for one in found if one.check == "procedure-without-window"] == []
    visit = "administration" if "single" in name else "day-1"
    lines = planner.run_sheet(path(name), visit, start="08:00").lines
    assert sum("Sample" in " ".join(line.cells) for line in lines) >= 7


def test_what_takes_place_in_the_ward_is_no_trip_and_no_overlap() -> None:
    timeline = planner.plan(path("phase-1-multiple-doses"), TUESDAY, site=WARD)
    stay = timeline.visit("stay")
    inside = [one for one in timeline.visits if one.id.startswith(("day-1", "daily"))][:-1]
    assert len(inside) == 11
    assert all(stay.start <= one.start and one.end <= stay.end for one in inside)
    (burden, *_) = planner.burden(path("phase-1-multiple-doses"))
    assert burden.total.trips.most == 3


def test_the_ward_is_open_on_a_weekend_and_the_clinic_is_not() -> None:
    friday = datetime.date(2027, 1, 15)
    timeline = planner.plan(path("two-clinics"), friday, site=WARD)
    days = {one.id: one.start.weekday() for one in timeline.visits}
    assert (days["day-2"], days["discharge"]) == (5, 6)
    assert max(days[f"month-{number}"] for number in range(1, 7)) <= 4


def test_the_injection_is_ordered_five_business_days_before() -> None:
    timeline = planner.plan(path("two-clinics"), TUESDAY, site=WARD)
    (reminder,) = timeline.reminders
    assert reminder.day == datetime.date(2027, 1, 5)


def test_others_of_a_cohort_wait_a_day_for_both_sentinels() -> None:
    people = [
        record("P1", "sad-1", "administration", "2027-01-12T08:00"),
        record("P2", "sad-1", "administration", "2027-01-13T08:00"),
        record("P3", "sad-1", "administration", "2027-01-13T20:00"),
    ]
    assert ("P3", "too-soon") in between("phase-1-single-doses", *people)
    later = record("P3", "sad-1", "administration", "2027-01-14T08:00")
    assert between("phase-1-single-doses", *people[:2], later) == set()


def test_a_class_has_a_lesson_on_one_date() -> None:
    people = [record(f"P{n}", "class-4", "lesson-1", "2027-01-12T09:00") for n in (1, 2)]
    absent = record("P3", "class-4", "lesson-1", "2027-01-13T09:00")
    assert between("school-groups", *people) == set()
    assert between("school-groups", *people, absent) == {("P3", "other-date")}


def test_lessons_skip_the_holidays() -> None:
    timeline = planner.plan(path("school-groups"), TUESDAY)
    gap = timeline.visit("lesson-5").start - timeline.visit("lesson-4").start
    assert gap == datetime.timedelta(weeks=3)
