"""Participants are codes: whatever could name somebody is refused."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.timeline.participant import Participant, check_code, new_code, read_cohort, telling


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
        ("P" + "1" * 40, "is not a code"),
        ("=1+1", "is not a code"),
        ("P1\r\nX", "has spaces"),
        ("P1;DROP", "is not a code"),
        ("P\x071", "is not a code"),
    ],
)
def test_what_could_name_somebody_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PlannerError, match=reason) as error:
        check_code(text)
    assert "\n" not in str(error.value)
    assert "\x07" not in str(error.value)


CODES = """
    001-002 S001 101 US-0012-034 P0001 EX-01-001 1015 01-701-1015 MX0417 P-0001 A1 X.12 017 s12_004
    DE-03-017 001-002-0003 1001-2001 MAPP1-0103 US2001 GB1203 US-1934-001 PT1 HV01 SUBJ1980 P1
    SUBJECT-1999 SITE1994 MDMA-001 101001 SITE01-P003 2010-1015 NCT03537014-001 12-03-0017 LSD-01
    12345678 2027-0001 MAPP2013 1984 10-10-001 2019-01-001 R-20 0012034 CDISC01.100008 DE1901
    TDF-EXT-0012 101-701-1015 99-12-3456 13-13-99 20019934
""".split()  # noqa: SIM905 - a table of words


@pytest.mark.parametrize("code", CODES)
def test_the_codes_of_real_trials_tell_nothing(code: str) -> None:
    assert new_code(code) == code


TELLING = [  # a code that a record may have, and what it could be
    ("01021980", "a date of birth"),
    ("12311980", "a date of birth"),
    ("P01021980", "a date of birth"),
    ("19800229-P1", "a date of birth"),
    ("02FEB1980", "a date of birth"),
    ("2-Feb-80", "a date of birth"),
    ("MUELLER1980", "a name and a year of birth"),
    ("mueller-1980", "a name and a year of birth"),
    ("Anna_2001", "a name and a year of birth"),
    ("1980MUELLER", "a name and a year of birth"),
    ("M.SMITH01", "a name"),
    ("SMITH.J2", "a name"),
    ("AM1", "initials"),
    ("am-1", "initials"),
    ("ABC_2", "initials"),
    ("A.M.1", "initials"),
    ("AM1980", "initials and a year of birth"),
    ("1980-AM", "initials and a year of birth"),
]


@pytest.mark.parametrize(("code", "what"), TELLING)
def test_a_new_code_that_tells_something_is_refused_and_one_that_is_there_is_not(
    code: str, what: str
) -> None:
    assert check_code(code) == code
    assert telling(code) == f"could be {what}"
    with pytest.raises(PlannerError, match=what):
        new_code(code)


@given(
    st.sampled_from(["", "P", "S", "P-", "US-", "MX", "SUBJ", "SITE", "EX-", "MAPP1-", "NCT-"]),
    st.lists(st.text("0123456789", min_size=2, max_size=4), max_size=2),
    st.text("0123456789", min_size=3, max_size=4),
    st.sampled_from("-._"),
)
def test_sites_and_numbers_make_codes(
    prefix: str, sites: list[str], number: str, sign: str
) -> None:
    """A site and a number behind it, each of a fixed length, are no date, name or phone number."""
    code = prefix + sign.join([*sites, number])
    groups = [len(part) for part in (*sites, number)]
    letters = prefix.strip("-1")
    assume(not (groups == [4] and letters in ("P", "S", "MX", "US", "MAPP") and number > "1919"))
    assume(not (not letters and groups == [2, 2, 4]))  # as dates are
    assume(not (not letters and sum(groups) >= 10))  # as phone numbers are
    assert new_code(code) == code


@given(st.dates(date(1920, 1, 1), date(2012, 12, 31)), st.sampled_from(["", "P", "AB", "MX-"]))
def test_a_day_of_birth_is_refused_in_any_order(day: date, prefix: str) -> None:
    for pattern in ("%d%m%Y", "%m%d%Y", "%Y%m%d"):
        with pytest.raises(PlannerError, match="date of birth"):
            new_code(prefix + day.strftime(pattern))
    for pattern in ("%d.%m.%Y", "%d-%m-%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%y"):
        with pytest.raises(PlannerError, match="date of birth"):
            new_code(day.strftime(pattern))


@given(
    st.sampled_from(["Mueller", "SMITH", "garcia", "Nguyen", "Li-Wei", "OConnor", "Yildiz"]),
    st.integers(1920, 2012),
    st.sampled_from(["", "-", "_", "."]),
)
def test_a_name_and_a_year_are_refused(name: str, year: int, sign: str) -> None:
    name = name.replace("-", "")
    for code in (f"{name}{sign}{year}", f"{year}{sign}{name}"):
        with pytest.raises(PlannerError, match="a name and a year of birth"):
            new_code(code)


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
