"""`planner enrol`: the start is judged first, and of a list everybody is enrolled, or nobody."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cli.records_places import empty_place as empty_place
from cli.records_places import record_in

from planner.errors import PlannerError
from planner.store import opened_place

Planner = Callable[..., Any]
SITE = str(Path(__file__).parents[2] / "examples" / "site-berlin.yaml")
TODAY = ("--today", "2027-02-04", "--who", "anna")


def codes(place: str) -> list[str]:
    with opened_place([place]) as opened:
        return [stored.record.participant for stored in opened.records()]


def test_a_record_says_protocol_version_arm_and_start(planner: Planner, empty_place: str) -> None:
    arguments = ("enrol", "P0001", "--protocol", "mapp1", "--start", "2027-03-01", *TODAY)
    shown = planner(*arguments, "--records", empty_place)
    assert shown.code == 1
    assert "nothing has been written; add --yes" in shown.err
    assert codes(empty_place) == []
    done = planner(
        *arguments, "--arm", "mdma-at", "--cohort", "2", "--records", empty_place, "--yes"
    )
    assert done.code == 0, done.err
    record = record_in(empty_place, "P0001")
    assert (record.protocol, record.arm, record.cohort, str(record.start)) == (
        "mapp1", "mdma-at", "2", "2027-03-01",
    )  # fmt: skip
    assert [(one.version, str(one.start)) for one in record.versions] == [("1", "2027-02-04")]
    again = planner(*arguments, "--records", empty_place, "--yes")
    assert again.code == 2
    assert "P0001: is enrolled already" in again.err


def test_a_start_that_does_not_work_names_those_near_that_do(
    planner: Planner, empty_place: str
) -> None:
    arguments = ("--start", "2027-03-06", "--site", SITE, *TODAY, "--yes", "--format", "json")
    result = planner("enrol", "P0001", "--protocol", "mapp1", *arguments, "--records", empty_place)
    assert result.code == 1
    cells = json.loads(result.out)["lines"][0]["cells"]
    assert cells[5:7] == ["no", "2027-03-03, 2027-03-04, 2027-03-05, 2027-03-09"]
    assert "closed on Saturdays" in cells[7]
    assert codes(empty_place) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("P0002,mapp1,2027-03-06,", None),
        ("P0002,mapp1,03/04/2027,", "people.csv: C3: "),
        ("AM1,mapp1,2027-03-01,", "people.csv: A3: `AM1`: could be initials"),
        ("P0001,mapp1,2027-03-01,", "A3: `P0001` again, first in"),
        ("P0002,mapp1,2027-03-01,nobody", "people.csv: row 3: "),
        ("P0002,mapp7,2027-03-01,", "`mapp7` is not a protocol of the library"),
        (",mapp1,2027-03-01,", "A3: gives no participant"),
        ("P0002,mapp1,2027-03-01T09:00,", "C3: 2027-03-01T09:00: a date without a time"),
    ],
)
def test_of_a_list_with_a_mistake_nobody_is_enrolled(
    planner: Planner, tmp_path: Path, row: str, why: str | None
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"participant,protocol,start,arm\nP0001,mapp1,2027-03-01,\n{row}\n")
    place = tmp_path / "records"
    result = planner(
        "enrol", "--list", str(people), "--site", SITE, "--records", str(place), *TODAY, "--yes"
    )
    assert result.code == (1 if why is None else 2)
    assert why is None or why in result.err
    assert not place.exists()


def test_a_list_over_several_protocols_is_enrolled_whole(
    planner: Planner, tmp_path: Path, empty_place: str
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["participant", "protocol", "start"])
    for number, protocol in enumerate(["mapp1", "comp001", "psilodep-1"], 1):
        book.active.append([f"P000{number}", protocol, "1.3.2027"])
    book.save(tmp_path / "people.xlsx")
    people = str(tmp_path / "people.xlsx")
    result = planner("enrol", "--list", people, "--records", empty_place, *TODAY, "--yes")
    assert result.code == 0, result.out + result.err
    assert codes(empty_place) == ["P0001", "P0002", "P0003"]
    assert record_in(empty_place, "P0002").protocol == "comp001"


def test_options_that_do_not_go_together_are_refused(planner: Planner, tmp_path: Path) -> None:
    place = ("--records", str(tmp_path))
    for arguments, why in (
        (("P0001",), "CODE and --start"),
        (("P0001", "--list", "x.csv"), "--list: gives code"),
        (("P0001", "--start", "2027-03-01"), "--protocol: name the participant's protocol"),
    ):
        result = planner("enrol", *arguments, *place, *TODAY)
        assert result.code == 2
        assert why in result.err


def test_two_who_enrol_the_same_code_are_told(tmp_path: Path) -> None:
    import planner

    place = tmp_path / "records"
    person = planner.NewParticipant("P0001", "mapp1", date(2027, 3, 1))
    first, second = (planner.enrol(place, [person], today="2027-02-01") for _ in range(2))
    planner.write_change(first, who="anna")
    with pytest.raises(PlannerError, match="P0001: already exists; nothing was changed"):
        planner.write_change(second, who="ben")
