"""Participants are codes: whatever could name somebody is refused."""

from datetime import date
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.timeline.participant import Participant, check_code, read_cohort


@pytest.mark.parametrize("code", ["P0001", "DE-03-017", "s12_004", "A1", "017", "X.12"])
def test_a_code_is_taken_as_it_is(code: str) -> None:
    assert check_code(code) == code
    assert check_code(f"  {code} ") == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Jane Doe", "has spaces"),
        ("JD", "initials"),
        ("Doe", "initials"),
        ("jane@example.org", "e-mail"),
        ("+49 30 1234567", "has spaces"),
        ("+49301234567", "phone number"),
        ("0049-30-1234567", "phone number"),
        ("030/1234567", "phone number"),
        ("1980-02-29", "date of birth"),
        ("29.02.1980", "date of birth"),
        ("19800229", "date of birth"),
        ("29/02/80", "date of birth"),
        ("", "no digit"),
        ("P" + "1" * 40, "is no code"),
        ("=1+1", "is no code"),
        ("P1\r\nX", "has spaces"),
        ("P1;DROP", "is no code"),
        ("P\x071", "is no code"),
    ],
)
def test_what_could_name_somebody_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PlannerError, match=reason) as error:
        check_code(text)
    assert "\n" not in str(error.value)
    assert "\x07" not in str(error.value)


def test_a_cohort_names_codes_dates_and_perhaps_arms(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Start,Code,Arm\n2027-01-11,P1,a\n\n2027-01-12,P2,\n", encoding="utf-8-sig")
    assert list(read_cohort(str(path))) == [
        Participant("P1", "a", date(2027, 1, 11)),
        Participant("P2", None, date(2027, 1, 12)),
    ]


@pytest.mark.parametrize("name", ["code", "start", "arm"])
def test_a_column_that_stands_twice_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"code,start,arm, {name.title()}\nP1,2027-01-11\n")
    with pytest.raises(PlannerError, match=rf"people\.csv:1:1: column `{name}` stands twice"):
        list(read_cohort(str(path)))


def test_a_cohort_is_read_one_line_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("code,start\nP1,2027-01-11\nP2,never\n")
    people = read_cohort(str(path))
    assert next(people).code == "P1"
    with pytest.raises(PlannerError, match=r"people\.csv:3: `never` is not a date"):
        next(people)
