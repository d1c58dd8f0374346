import re
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from planner.site import model
from planner.site.model import Site

SMALLEST: dict[str, Any] = {
    "format": "1",
    "id": "ward",
    "title": "Ward (invented)",
    "timezone": "Europe/Berlin",
    "hours": {"monday": "08:00-18:00"},
}


def site(**changes: Any) -> Site:
    return Site.model_validate({**SMALLEST, **changes})


def hours(written: Any) -> tuple[tuple[int, int], ...]:
    return site(hours={"monday": written, "tuesday": "08:00-09:00"}).hours.monday


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("08:00-18:00", [(480, 1080)]),
        (" 08:00 - 18:00 ", [(480, 1080)]),
        ("08:00–18:00", [(480, 1080)]),  # an en dash, as word processors write it
        ("08:00..18:00", [(480, 1080)]),  # as protocols write times of day
        ("00:00-24:00", [(0, 1440)]),
        (["13:00-16:00", "08:00-12:00"], [(480, 720), (780, 960)]),  # put in order
        ("08:00-12:00, 13:00-16:00", [(480, 720), (780, 960)]),
        (["08:00-12:00", "12:00-16:00"], [(480, 960)]),  # no break between them
        ("closed", []),
        (None, []),
        ([], []),
    ],
)
def test_opening_hours_are_read(written: Any, expected: list[tuple[int, int]]) -> None:
    assert list(hours(written)) == expected


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("18:00-08:00", "reverse order"),
        ("22:00-00:00", "end at 24:00"),
        ("08:00-08:00", "is empty"),
        ("24:00-24:00", "`24:00` is not a time of day"),
        ("08:00-25:00", "`25:00` is not a time of day"),
        ("8-18", "`8` is not a time of day"),
        ("08:00", "opening hours such as `08:00-18:00` are expected, found `08:00`"),
        ([None], "found nothing"),
        (["08:00-12:00", "11:00-13:00"], "`08:00-12:00` and `11:00-13:00` overlap"),
        (["08:00-18:00", "09:00-10:00"], "overlap"),
        ({"from": "08:00"}, "a list of such hours or `closed` is expected, not a mapping"),
        (True, "not `true`"),
    ],
)
def test_hours_that_make_no_sense_say_what_is_wrong(written: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        hours(written)


def test_a_weekday_that_is_not_listed_is_closed() -> None:
    assert site().hours.days == (((480, 1080),), (), (), (), (), (), ())


def test_what_a_site_leaves_out_is_not_there() -> None:
    smallest = site()
    assert not smallest.overnight
    assert not smallest.holidays
    assert not smallest.closures
    assert not smallest.openings
    assert not smallest.rooms
    assert not smallest.staff


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("none", []),
        (None, []),
        ({"country": "DE", "region": "BE"}, ["DE-BE"]),
        ([{"country": "DE"}, {"country": "FR"}], ["DE", "FR"]),
    ],
)
def test_holidays_are_one_place_several_or_none(written: Any, expected: list[str]) -> None:
    assert [str(calendar) for calendar in site(holidays=written).holidays] == expected


def test_norway_is_a_country_and_not_a_no() -> None:
    assert str(site(holidays={"country": "NO"}).holidays[0]) == "NO"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("europe/berlin", "did you mean `Europe/Berlin`?"),
        ("Berlin", "did you mean `Europe/Berlin`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("Europe", "is not a time zone"),  # a folder of the database
        ("../UTC", "is not a time zone"),
        ("/etc/passwd", "is not a time zone"),
        ("a\0b", "is not a time zone"),
        ("", "is not a time zone"),
        ("x" * 5000, "is not a time zone"),
        ("localtime", "is not a time zone"),  # another zone on every machine
        ("right/UTC", "is not a time zone"),  # counts leap seconds
        (None, "the name of a time zone is expected"),
    ],
)
def test_an_unknown_time_zone_is_refused_with_the_nearest_one(
    name: str | None, message: str
) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        site(timezone=name)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"closures": [{"from": "2027-02-30"}]}, "there is no 30 February 2027"),
        ({"closures": [{"from": "1815-06-18"}]}, "outside the years 1900-2200"),
        ({"closures": [{"from": "2027-03-02", "to": "2027-03-01"}]}, "before it starts"),
        ({"openings": [{"date": "2027-03-01", "hours": "closed"}]}, "an opening needs hours"),
        ({"openings": [{"date": "2027-03-01", "hours": "08:00-09:00"}] * 2}, "more than one"),
        ({"rooms": [{"id": "a", "kind": "office"}] * 2}, "there is more than one room `a`"),
        ({"rooms": [{"id": "a", "kind": "office", "capacity": "0"}]}, "from 1 to 999"),
        ({"staff": {"rater": "-1"}}, "from 0 to 999"),
        ({"staff": {"Night Nurse": "1"}}, "write `night-nurse`"),
        ({"format": "2"}, "a newer planner is needed"),
        ({"hours": {"monday": "closed"}}, "the site is never open"),
        ({"hours": {"mon": "08:00-09:00"}}, "Extra inputs"),
        ({"title": "two\nlines"}, "one line"),
    ],
)
def test_a_site_that_makes_no_sense_says_what_is_wrong(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        site(**changes)


def test_a_closure_holds_on_both_its_ends() -> None:
    closure = site(closures=[{"from": "2026-12-24", "to": "2027-01-01"}]).closures[0]
    assert closure.covers(date(2026, 12, 24))
    assert closure.covers(date(2027, 1, 1))
    assert not closure.covers(date(2026, 12, 23))
    assert not closure.covers(date(2027, 1, 2))


def test_a_site_that_only_opens_on_chosen_dates_is_a_site() -> None:
    only = site(hours={}, openings=[{"date": "2027-03-06", "hours": "09:00-12:00"}])
    assert only.openings[0].hours == ((540, 720),)


def test_every_field_of_the_site_file_is_described() -> None:
    models = [
        found
        for found in vars(model).values()
        if isinstance(found, type) and issubclass(found, BaseModel) and found.model_fields
    ]
    assert len(models) == 7
    for found in models:
        for name, field in found.model_fields.items():
            assert field.description, f"{found.__name__}.{name}"


def test_the_site_file_has_a_json_schema_for_editors() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema checks the schema")
    schema = Site.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({**SMALLEST, "format": 1, "holidays": "none"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**SMALLEST, "format": 1, "hours": {"mon": "closed"}}, schema)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("phone", "ask Jane", "a telephone number such as"),
        ("phone", "12", "a telephone number such as"),
        ("address", ["desk@example.org"], "looks like an e-mail address"),
        ("address", ["a"] * 7, "at most 6 lines"),
    ],
)
def test_an_address_is_a_place_and_a_phone_number_a_number(
    field: str, value: Any, message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        site(**{field: value})


def test_an_address_of_one_line_is_a_line() -> None:
    found = site(address="Hill 1", phone="+49 30 23125 000")
    assert found.address == ("Hill 1",)
    assert found.phone == "+49 30 23125 000"
