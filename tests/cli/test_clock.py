"""Today's date is read from one clock, at the site, and only where nobody gives a date."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import Planner

from planner.api.inputs import site_of
from planner.cli import clock

ROOT = Path(__file__).parents[2]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
BOSTON = str(ROOT / "examples" / "site-boston.yaml")
RECORDS = str(ROOT / "examples" / "records")
NEAR_MIDNIGHT = datetime(2027, 2, 2, 23, 30, tzinfo=UTC)


@pytest.fixture
def near_midnight(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past six in the evening at Boston, and half past midnight at Berlin."""
    monkeypatch.setattr(clock, "now", lambda: NEAR_MIDNIGHT)


@pytest.mark.parametrize(("site", "today"), [(BERLIN, 3), (BOSTON, 2)])
def test_today_is_the_date_at_the_site(
    near_midnight: None, capfd: pytest.CaptureFixture[str], site: str, today: int
) -> None:
    place = site_of(site)
    assert clock.today_at(place) == date(2027, 2, today)
    said = f"today is 2027-02-0{today} at {place.title} ({place.timezone}); --today DATE"
    assert said in capfd.readouterr().err


def test_without_a_site_today_is_the_date_on_this_computer(near_midnight: None) -> None:
    assert clock.today_at(None) == NEAR_MIDNIGHT.astimezone().date()


def test_due_without_dates_are_the_next_14_days(planner: Planner, near_midnight: None) -> None:
    arguments = ("due", "--records", RECORDS, "--protocol", "mapp1", "--site", BERLIN)
    result = planner(*arguments, "--format", "json")
    data = json.loads(result.out)
    asked = (data["today"], data["from"], data["to"])
    assert asked == ("2027-02-03", "2027-02-03", "2027-02-16")
    assert "today is 2027-02-03 at" in result.err
    given = planner(*arguments, "--format", "json", "--today", "2027-02-03")
    assert given.out == result.out
    assert given.err == ""
    later = planner(*arguments, "--format", "json", "--from", "2027-03-01")
    assert json.loads(later.out)["to"] == "2027-03-14"
    assert json.loads(later.out)["today"] == "2027-02-03"
    nothing = planner(*arguments, "--to", "2027-02-01")
    assert nothing.code == 2
    assert "--to: 2027-02-01 is before --today 2027-02-03" in nothing.err


def test_the_timeline_of_a_record_is_by_the_site_s_clock(
    planner: Planner, near_midnight: None
) -> None:
    arguments = ("timeline", "mapp1", "--records", f"{RECORDS}/P0001.csv", "--site", BERLIN)
    result = planner(*arguments)
    assert "today: 2027-02-03;" in " ".join(result.out.split())
    assert "today is 2027-02-03 at" in result.err
    assert planner(*arguments, "--today", "2027-02-03").out == result.out


def test_a_plan_without_a_record_reads_no_clock(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(clock, "now")
    assert planner("timeline", "mapp1", "--start", "2027-01-11").code == 0
