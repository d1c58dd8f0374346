from datetime import date
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.protocol.document import DocumentError
from planner.site.calendar import SiteCalendar
from planner.site.load import load_site

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = """\
format: 1
id: ward
title: Ward (invented)
timezone: Europe/Berlin
hours: {monday: 08:00-18:00}
"""


def write(folder: Path, text: str) -> str:
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def problems(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(DocumentError) as caught:
        load_site(path)
    return [line.removeprefix(path + ":") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize("name", ["berlin", "boston", "everyday"])
def test_every_example_is_a_site_with_rooms_and_staff_for_a_study(name: str) -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    site = load_site(str(EXAMPLES / f"site-{name}.yaml"))
    assert site.id == name
    assert "(invented)" in site.title
    assert {room.kind for room in site.rooms} == {"session-room", "assessment-room"}
    assert set(site.staff) == {"therapist", "rater", "physician", "nurse", "coordinator"}


def test_the_berlin_example_has_a_five_day_week_holidays_and_a_year_end_closure() -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    site = SiteCalendar(load_site(str(EXAMPLES / "site-berlin.yaml")))
    assert site.why_closed(date(2027, 1, 9)) == "closed on Saturdays"
    assert site.why_closed(date(2027, 3, 29)) == "public holiday: Easter Monday"
    assert site.why_closed(date(2026, 12, 28)) == "closure: year-end closure"
    assert site.is_open(date(2027, 1, 11))
    assert site.is_open(date(2027, 10, 16))


def test_the_boston_example_is_closed_on_patriots_day() -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    site = SiteCalendar(load_site(str(EXAMPLES / "site-boston.yaml")))
    assert site.why_closed(date(2027, 4, 19)) == "public holiday: Patriots' Day"
    assert site.starts(date(2027, 4, 21), 600, False) == ((480, 600),)  # a long Wednesday


def test_the_everyday_example_is_open_on_every_day_of_the_year() -> None:
    site = SiteCalendar(load_site(str(EXAMPLES / "site-everyday.yaml")))
    first = date(2027, 1, 1).toordinal()
    assert all(site.is_open(date.fromordinal(first + n)) for n in range(365))


def test_all_problems_of_a_site_file_are_told_in_one_run_at_their_places(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "format: 1\nid: ward\ntitle: Ward\ntimezone: Europe/Berln\n"
        "hours:\n  monday: 18:00-08:00\n  mon: closed\n"
        "closures:\n  - {from: 2027-02-30, reason: paint}\n"
        "  - {from: 2027-03-02, to: 2027-03-01}\n",
    )
    assert [line.partition(": ")[0] for line in found] == ["4:11", "6:11", "7:3", "9:12", "10:5"]
    assert "did you mean `Europe/Berlin`?" in found[0]
    assert "reverse order" in found[1]
    assert "did you mean `monday`?" in found[2]
    assert "there is no 30 February 2027" in found[3]
    assert "before it starts" in found[4]


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("opening_hours", "{monday: 08:00-18:00}", "hours"),
        ("opening-hours", "{monday: 08:00-18:00}", "hours"),
        ("site_timezone", "UTC", "timezone"),
        ("public_holidays", "[DE]", "holidays"),
        ("holliday", "[DE]", "holidays"),
        ("opening", "[2027-01-02]", "openings"),
    ],
)
def test_an_unknown_key_is_taken_for_the_word_it_ends_with_or_is_like(
    key: str, value: str, meant: str, tmp_path: Path
) -> None:
    text = "format: 1\nid: ward\ntitle: Ward\ntimezone: UTC\nhours: {monday: 08:00-18:00}\n"
    text = "".join(line for line in text.splitlines(True) if not line.startswith(f"{meant}:"))
    found = problems(tmp_path, f"{text}{key}: {value}\n")
    (unknown,) = [line for line in found if "unknown key" in line]
    assert f"unknown key `{key}` (did you mean `{meant}`?)" in unknown


@pytest.mark.parametrize(
    ("place", "position", "message"),
    [
        ("{country: Germany}", "6:21", "did you mean `DE`?"),
        ("{country: de}", "6:21", "did you mean `DE`?"),
        ("{country: ZZ}", "6:21", "write its two-letter code"),
        ("{country: HolidayBase}", "6:21", "is not a country"),  # a name inside the library
        ("{country: DE, region: Berlin}", "6:33", "did you mean `BE`?"),
        ("{country: DE, region: XX}", "6:33", "known: "),
        ("{country: CN, region: BJ}", "6:33", "leave `region` out"),
        ("[{country: DE}, {country: FX}]", "6:37", "is not a country"),
    ],
)
def test_an_unknown_country_or_region_is_refused_with_the_nearest_code(
    tmp_path: Path, place: str, position: str, message: str
) -> None:
    pytest.importorskip("holidays", reason="the `holidays` extra is not installed")
    (found,) = problems(tmp_path, GOOD + f"holidays: {place}\n")
    assert found.startswith(position)
    assert message in found


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match=r"nowhere\.yaml: no such file"):
        load_site(str(tmp_path / "nowhere.yaml"))


def test_a_site_can_be_json(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    path.write_text(
        '{"format": 1, "id": "ward", "title": "Ward", "timezone": "UTC", "overnight": true,'
        ' "hours": {"monday": ["08:00-12:00"]}, "rooms": [{"id": "a", "kind": "office",'
        ' "capacity": 2}], "staff": {"rater": 3}}',
        encoding="utf-8",
    )
    site = load_site(str(path))
    assert (site.overnight, site.rooms[0].capacity, site.staff) == (True, 2, {"rater": 3})
