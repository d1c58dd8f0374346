"""Calendars for participants: the words of their sheet, and nothing that tells drug or arm."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import icalendar
import pytest

import planner
from planner.api.calendar_updates import CalendarOptions, Level
from planner.errors import PlannerError
from planner.protocol.telling import telling_words, words_in
from planner.timeline.model import Timeline

SITE = Path(__file__).parents[3] / "examples" / "site-everyday.yaml"
START = date(2027, 1, 11)
LIBRARY = sorted(
    path.stem for path in SITE.parents[1].glob("protocols/*.yaml") if path.stem != "claims"
)
OPTIONS = CalendarOptions(level=Level.PARTICIPANT)


def written(folder: Path, protocol: object, **more: object) -> bytes:
    path = folder / "own.ics"
    planner.update_calendar(protocol, path, START, site=SITE, options=OPTIONS, **more)  # type: ignore[arg-type]
    return path.read_bytes()


def test_it_has_plain_titles_the_address_and_what_to_arrange(tmp_path: Path) -> None:
    calendar = icalendar.Calendar.from_ical(written(tmp_path, "mapp1", language="de"))
    titles = [str(event["SUMMARY"]) for event in calendar.events]
    assert "Vorbereitungsgespräch 1" in titles
    assert str(calendar["NAME"]) == "Ihre Studientermine"
    places = {str(event.get("LOCATION", "")) for event in calendar.events}
    assert "Example research ward, Zurich (invented)" in places
    texts = "\n".join(str(event.get("DESCRIPTION", "")) for event in calendar.events)
    assert "Sie bleiben über Nacht am Studienort" in texts
    assert "P0001" not in "".join([*titles, texts])
    report = planner.check_calendar(tmp_path / "own.ics", "published")
    assert not report.report.findings


@pytest.mark.parametrize("name", LIBRARY)
def test_arms_look_alike_and_no_word_tells(tmp_path: Path, name: str) -> None:
    file = planner.load(name)
    arms: list[str | None] = [arm.id for arm in file.protocol.arms] or [None]
    calendars = set()
    for number, arm in enumerate(arms):
        folder = tmp_path / str(number)
        folder.mkdir()
        calendars.add(written(folder, file, arm=arm, anyway=True))
    if file.protocol.hides_plans:
        assert len(calendars) == 1
    for data in calendars:
        calendar = icalendar.Calendar.from_ical(data)
        texts = [
            str(event.get(key, ""))
            for event in calendar.events
            for key in ("SUMMARY", "DESCRIPTION", "CATEGORIES")
        ]
        assert telling_words(file.protocol).isdisjoint(words_in("\n".join(texts)))


@pytest.mark.parametrize("keeps_state", [True, False])
def test_what_is_dropped_says_so_and_the_next_export_goes_on(
    tmp_path: Path, keeps_state: bool
) -> None:
    how = {"anyway": True, "keep_state": keeps_state}
    before = written(tmp_path, "mp-8", **how)
    assert written(tmp_path, "mp-8", **how) == before
    file = planner.load("mp-8")
    visits = [visit for epoch in file.protocol.epochs for visit in epoch.visits]
    optional = [visit.id for visit in visits if visit.optional][:1]
    later = written(tmp_path, "mp-8", anyway=True, keep_state=keeps_state, without_visits=optional)
    gone = [
        event
        for event in icalendar.Calendar.from_ical(later).events
        if event["STATUS"] == "CANCELLED"
    ]
    assert gone
    assert {(str(event["SUMMARY"])[:11], event["SEQUENCE"]) for event in gone} == {
        ("Cancelled: ", 1)
    }
    assert written(tmp_path, "mp-8", **how, without_visits=optional) == later
    back = written(tmp_path, "mp-8", **how)
    assert b"CANCELLED" not in back


def test_what_would_be_unclear_is_refused(
    tmp_path: Path, timeline: Callable[..., Timeline]
) -> None:
    people = Path(__file__).parents[3] / "examples" / "cohort.csv"
    with pytest.raises(PlannerError, match="does not say whose it is"):
        planner.update_calendar("mapp1", tmp_path / "all.ics", participants=people, options=OPTIONS)
    with pytest.raises(PlannerError, match="language: only a calendar of level"):
        planner.update_calendar("mapp1", tmp_path / "coded.ics", START, language="de")
    with pytest.raises(PlannerError, match="write it with update_calendar"):
        planner.export(timeline(), io.BytesIO(), OPTIONS)
    result = planner.update_calendar(
        "mapp1", tmp_path / "each", participants=people, options=OPTIONS, split="participant"
    )
    assert result.calendars > 1


def test_a_call_takes_place_by_telephone(tmp_path: Path) -> None:
    calendar = icalendar.Calendar.from_ical(written(tmp_path, "pam", anyway=True))
    assert "Telephone" in {str(event.get("LOCATION", "")) for event in calendar.events}
