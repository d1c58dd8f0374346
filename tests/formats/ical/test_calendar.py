import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

import planner
from planner.errors import PlannerError
from planner.formats.ical import (
    CalendarOptions,
    Level,
    Rendering,
    calendar_objects,
    calendar_properties,
    write_calendar,
)
from planner.formats.ical.calendar import NOTICE
from planner.formats.ical.options import CSS3_COLORS, WITHOUT_WORDS
from planner.timeline.model import Timeline

Build = Callable[..., Timeline]
Lines = Callable[[bytes], list[str]]


def written(*timelines: Timeline, **options: Any) -> bytes:
    out = io.BytesIO()
    write_calendar(timelines, out, CalendarOptions(**options))
    return out.getvalue()


@pytest.mark.parametrize("rendering", list(Rendering))
@pytest.mark.parametrize("level", WITHOUT_WORDS)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Casablanca", "UTC"])
def test_every_rendering_is_a_well_formed_calendar(
    timeline: Build,
    problems: Callable[[bytes], list[str]],
    rendering: Rendering,
    level: Level,
    zone: str,
) -> None:
    data = written(
        timeline(zone),
        rendering=rendering,
        level=level,
        alarms=(30,),
        run_sheet=level is Level.STAFF,
    )
    assert problems(data) == []


def test_a_published_file_has_method_and_organizer_and_invites_nobody(
    timeline: Build, lines_of: Lines
) -> None:
    lines = lines_of(written(timeline()))
    assert "METHOD:PUBLISH" in lines
    events = lines.count("BEGIN:VEVENT")
    organizer = 'ORGANIZER;CN="Study calendar":mailto:no-reply@study.invalid'
    assert lines.count(organizer) == events
    assert not any(line.startswith("ATTENDEE") for line in lines)


def test_what_a_caldav_server_stores_has_neither_method_nor_organizer(
    timeline: Build, lines_of: Lines
) -> None:
    lines = lines_of(written(timeline(), rendering=Rendering.CALDAV))
    for name in ("METHOD", "ORGANIZER", "NAME", "X-WR-", "COLOR", "REFRESH", "X-PUBLISHED"):
        assert not any(line.startswith(name) for line in lines)


def test_the_calendar_says_what_it_is(timeline: Build, lines_of: Lines) -> None:
    notice = NOTICE.replace(",", "\\,")
    options = {"name": "Visits; all", "color": "teal", "refresh": timedelta(hours=6)}
    lines = lines_of(written(timeline(), rendering=Rendering.FILE, **options))
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//trial-session-planner//Study calendar//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Visits\\; all",
        "X-WR-CALNAME:Visits\\; all",
        f"DESCRIPTION:{notice}",
        f"X-WR-CALDESC:{notice}",
        "COLOR:teal",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]


def test_a_busy_calendar_is_not_named_after_its_participant() -> None:
    assert calendar_properties(CalendarOptions(), "P0001").name == "Study visits P0001"
    assert calendar_properties(CalendarOptions(level=Level.BUSY), "P0001").name == "Study visits"


def test_an_event_has_at_least_fourteen_properties(timeline: Build) -> None:
    event = icalendar.Calendar.from_ical(written(timeline())).events[0]
    assert len(event) >= 14


def test_times_are_in_the_sites_zone_which_comes_before_them(
    timeline: Build, lines_of: Lines
) -> None:
    lines = lines_of(written(timeline()))
    first = lines.index("DTSTART;TZID=Europe/Berlin:20270111T090000")
    assert lines.index("END:VTIMEZONE") < first
    assert lines.count("BEGIN:VTIMEZONE") == 1


def test_utc_needs_a_zone_only_for_what_repeats_over_a_clock_change(
    timeline: Build, lines_of: Lines
) -> None:
    winter = lines_of(written(timeline(), utc=True))
    assert "DTSTART:20270111T080000Z" in winter
    assert "BEGIN:VTIMEZONE" not in winter
    spring = lines_of(written(timeline(start=date(2027, 3, 1)), utc=True))
    assert "DTSTART:20270301T080000Z" in spring
    assert "DTSTART;TZID=Europe/Berlin:20270301T200000" in spring
    assert "BEGIN:VTIMEZONE" in spring


def test_sites_in_several_zones_share_a_file_and_each_zone_is_written_once(
    timeline: Build, lines_of: Lines
) -> None:
    zones = ("Europe/Berlin", "Asia/Tokyo", "Europe/Berlin")
    lines = lines_of(
        written(*(timeline(zone, participant=f"P{number}") for number, zone in enumerate(zones)))
    )
    found = [line for line in lines if line.startswith("TZID:")]
    assert found == ["TZID:Europe/Berlin", "TZID:Asia/Tokyo"]
    assert lines.index("TZID:Asia/Tokyo") < lines.index("DTSTART;TZID=Asia/Tokyo:20270111T090000")


def test_the_number_of_events_is_returned(timeline: Build) -> None:
    out = io.BytesIO()
    people = (timeline(participant=f"P{number}") for number in range(5))
    count = write_calendar(people, out, CalendarOptions())
    assert count == out.getvalue().count(b"BEGIN:VEVENT\r\n")


def test_participants_are_written_as_they_come(timeline: Build) -> None:
    sizes = []
    out = io.BytesIO()

    def people() -> Any:
        for number in range(5):
            sizes.append(len(out.getvalue()))
            yield timeline(participant=f"P{number}")

    write_calendar(people(), out, CalendarOptions())
    assert sizes == sorted(set(sizes))


def test_no_timeline_at_all_is_still_a_calendar(problems: Callable[[bytes], list[str]]) -> None:
    assert problems(written()) == []


def test_each_caldav_object_is_a_calendar_with_one_event_and_its_zone(
    timeline: Build, problems: Callable[[bytes], list[str]], lines_of: Lines
) -> None:
    objects = dict(calendar_objects(timeline(), CalendarOptions(rendering=Rendering.CALDAV)))
    whole = written(timeline(), rendering=Rendering.CALDAV)
    assert len(objects) == whole.count(b"BEGIN:VEVENT\r\n")
    for name, data in objects.items():
        lines = lines_of(data)
        assert problems(data) == []
        assert lines.count("BEGIN:VEVENT") == 1
        assert f"UID:{name.removesuffix('.ics')}" in lines
        local = any("TZID=Europe/Berlin" in line for line in lines)
        assert ("BEGIN:VTIMEZONE" in lines) == local


PROGRAM = """
import pickle, sys
from datetime import UTC, datetime
from planner.formats.ical import CalendarOptions, write_calendar
timelines = pickle.load(open(sys.argv[1], "rb"))
options = CalendarOptions(stamp=datetime(2026, 5, 1, tzinfo=UTC), level="staff", run_sheet=True)
write_calendar(timelines, sys.stdout.buffer, options)
"""


def test_the_same_input_gives_the_same_bytes_everywhere(timeline: Build, tmp_path: Path) -> None:
    timelines = [timeline(), timeline("Africa/Casablanca", participant="P2")]
    pickled = tmp_path / "timelines"
    pickled.write_bytes(pickle.dumps(timelines))
    expected = written(
        *timelines, stamp=datetime(2026, 5, 1, tzinfo=UTC), level="staff", run_sheet=True
    )
    root = str(Path(planner.__file__).parents[1])
    for seed, zone, locale, folder in (
        ("0", "Asia/Kathmandu", "C", "/"),
        ("1", "America/St_Johns", "tr_TR.UTF-8", str(tmp_path)),
    ):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONPATH": root,
        }
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(pickled)],
            capture_output=True,
            cwd=folder,
            env=environment,
            check=True,
        )
        assert run.stdout == expected


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"color": "#4682b4"}, "CSS3 colour"),
        ({"color": "Steelblue"}, "CSS3 colour"),
        ({"organizer": "Dr Example"}, "not a URI"),
        ({"organizer": "mailto:a@b.invalid\r\nX:y"}, "not a URI"),
        ({"refresh": timedelta(0)}, "once a minute"),
        ({"alarms": (-5,)}, "before a visit"),
        ({"alarms": (10**9,)}, "before a visit"),
        ({"key": b""}, "empty"),
        ({"run_sheet": True}, "only for level `staff`"),
    ],
)
def test_options_that_make_no_calendar_are_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(PlannerError, match=complaint):
        CalendarOptions(**options)


def test_a_stamp_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        CalendarOptions(stamp=datetime(2026, 1, 1))  # noqa: DTZ001


def test_there_are_147_names_of_colours() -> None:
    assert len(CSS3_COLORS) == 147
