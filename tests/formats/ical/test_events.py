import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.ical import CalendarOptions, Event, Events, Level, events_of
from planner.formats.ical.event import busy_status
from planner.formats.ical.events import gap_text
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.writer import _alarm_lines
from planner.time.zone import find_zone
from planner.timeline.model import DatedVisit, DateWindow, Link, Timeline, UnscheduledVisit

Build = Callable[..., Timeline]
BuildVisit = Callable[..., DatedVisit]
DAY = date(2027, 1, 11)


def of_category(events: list[Event], category: str) -> list[Event]:
    return [event for event in events if event.details.category == category]


def one_visit(timeline: Build, visit: DatedVisit, **options: object) -> list[Event]:
    return events_of(
        timeline(visits=(visit,), tracks=()),
        CalendarOptions(**options),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("status", "written", "opaque", "busy"),
    [
        ("planned", "TENTATIVE", False, "FREE"),
        ("booked", "CONFIRMED", True, "BUSY"),
        ("cancelled", "CANCELLED", False, "FREE"),
    ],
)
def test_only_a_booked_visit_takes_up_time(
    timeline: Build, visit: BuildVisit, status: str, written: str, opaque: bool, busy: str
) -> None:
    (event,) = one_visit(timeline, visit(DAY, status=status))
    assert event.details.status == written
    assert event.details.opaque == opaque
    assert busy_status(event.details.opaque) == busy


def test_a_window_is_an_all_day_event_whose_end_is_exclusive(
    timeline: Build, visit: BuildVisit
) -> None:
    window = DateWindow(DAY - timedelta(days=3), DAY + timedelta(days=3))
    event, around = one_visit(timeline, visit(DAY, window=window))
    assert around.details.start == DAY - timedelta(days=3)
    assert around.details.end == DAY + timedelta(days=4)
    assert not around.details.opaque
    assert [(one.reltype, one.uid) for one in around.relations] == [("PARENT", event.uid)]


@pytest.mark.parametrize(
    ("written", "effective", "expected"),
    [
        ((-3, 3), (-2, 9), (-3, 3)),  # as written, whatever all plans leave
        ((-3, 3), (0, 0), (-3, 3)),  # and where the visit has taken place
        ((-3, None), (-9, 4), None),  # an open side has no last date
        ((None, None), (-9, 9), None),  # nor has what no text states
        ((0, 0), (-9, 9), None),  # only the very day says nothing more than the visit
        ((2, 4), (2, 4), (2, 4)),  # the visit lies outside
    ],
)
def test_the_window_is_that_of_the_visits_own_timings(
    timeline: Build,
    visit: BuildVisit,
    written: tuple[int | None, int | None],
    effective: tuple[int | None, int | None],
    expected: tuple[int, int] | None,
) -> None:
    def window(days: tuple[int | None, int | None]) -> DateWindow:
        return DateWindow(*(None if day is None else DAY + timedelta(days=day) for day in days))

    events = one_visit(
        timeline, visit(DAY, window=window(written), effective_window=window(effective))
    )
    found = [
        ((event.details.start - DAY).days, (event.details.end - DAY).days - 1)  # type: ignore[operator]
        for event in of_category(events, "Study window")
    ]
    assert found == ([] if expected is None else [expected])


def test_the_earlier_visit_names_the_later_with_the_planned_gap(timeline: Build) -> None:
    events = events_of(timeline(visits=3), CalendarOptions(windows=False, tracks=False))
    first, second, third = events
    assert [(one.reltype, one.uid, one.gap) for one in first.relations] == [
        ("STARTTOSTART", second.uid, "P7D"),
        ("STARTTOSTART", second.uid, "PT168H"),
    ]
    assert [(one.reltype, one.uid, one.gap) for one in second.relations] == [
        ("FINISHTOSTART", third.uid, "P7D"),
        ("STARTTOFINISH", third.uid, "PT168H"),
    ]
    assert third.relations == ()


def test_a_visit_that_is_not_in_the_calendar_is_not_named(
    timeline: Build, visit: BuildVisit
) -> None:
    links = (
        Link("visit", "elsewhere", False, False, 7, None),
        Link("x", "visit", False, False, 1, None),
    )
    (event,) = one_visit(timeline, visit(DAY, links=links))
    assert event.relations == ()


@pytest.mark.parametrize(
    ("days", "minutes", "text"),
    [
        (1, None, "P1D"),
        (None, 1440, "PT24H"),
        (None, 90, "PT1H30M"),
        (0, None, "P0D"),
        (None, 0, "PT0M"),
        (-2, None, "-P2D"),
        (None, -30, "-PT30M"),
        (None, None, None),
    ],
)
def test_a_gap_in_days_and_one_in_hours_stay_two_things(
    days: int | None, minutes: int | None, text: str | None
) -> None:
    assert gap_text(Link("a", "b", False, False, days, minutes)) == text


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("busy", "Length not stated, 1 hour assumed"),
        ("coded", "Study day 1; length not stated, 1 hour assumed"),
        ("staff", "Study day 1; length not stated, 1 hour assumed\nMode: clinic"),
    ],
)
def test_a_visit_of_unknown_length_has_the_usual_one_and_says_so(
    timeline: Build, visit: BuildVisit, level: str, words: str
) -> None:
    unknown = visit(DAY, end=None, session_end=None)
    options = CalendarOptions(windows=False, level=level)
    (event,) = events_of(timeline(visits=(unknown,), tracks=(), visit_length=60), options)
    assert isinstance(event.details.start, datetime)
    assert event.details.end == event.details.start + timedelta(hours=1)
    assert event.details.description == words


@pytest.mark.parametrize(
    ("level", "summary", "words"),
    [
        ("busy", "Study visit at 09:00", "Length not stated"),
        ("coded", "P0001 V01 at 09:00", "Study day 1; length not stated"),
        ("staff", "P0001 V01 Session at 09:00", "Study day 1; length not stated\nMode: clinic"),
    ],
)
@pytest.mark.parametrize("status", ["planned", "booked", "occurred"])
@pytest.mark.parametrize("end", [None, 0])
def test_a_visit_of_unknown_length_is_all_day_with_its_time_in_the_title(
    timeline: Build,
    visit: BuildVisit,
    level: str,
    summary: str,
    words: str,
    status: str,
    end: int | None,
) -> None:
    stated = visit(DAY)
    unknown = visit(DAY, end=stated.start if end == 0 else None, session_end=None, status=status)
    (event,) = one_visit(timeline, unknown, level=level)
    assert (event.details.start, event.details.end) == (DAY, DAY + timedelta(days=1))
    assert not isinstance(event.details.start, datetime)
    assert event.summary == summary
    assert event.details.description.partition("\nTook place")[0] == words
    assert not event.details.opaque  # it would take up the whole day
    assert one_visit(timeline, stated, level=level)[0].summary == summary.removesuffix(" at 09:00")


def test_an_alarm_of_a_visit_of_unknown_length_counts_from_its_time(
    timeline: Build, visit: BuildVisit
) -> None:
    options = CalendarOptions(windows=False, alarms=(30, 1440))
    unknown = timeline(visits=(visit(DAY, end=None, session_end=None),), tracks=())
    (event,) = events_of(unknown, options)
    assert [alarm.minutes_before for alarm in event.alarms] == [30 - 9 * 60, 1440 - 9 * 60]
    written = "".join(map(_alarm_lines, event.alarms)).splitlines()
    assert [line for line in written if line.startswith("TRIGGER")] == [
        "TRIGGER:PT8H30M", "TRIGGER:-PT15H",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "assumed", "words"),
    [(1440, 60, "1 hour"), (60, 60, "1 hour"), (45, 45, "45 minutes"), (0, 60, "1 hour")],
)
def test_an_assumed_length_reaches_no_further_than_the_next_visit(
    timeline: Build, visit: BuildVisit, minutes: int, assumed: int, words: str
) -> None:
    first = visit(DAY, id="a", end=None, session_end=None)
    later = first.start + timedelta(minutes=minutes)
    second = visit(DAY, id="b", number=2, start=later, end=later + timedelta(hours=1))
    both = timeline(visits=(first, second), tracks=(), visit_length=60)
    details = events_of(both, CalendarOptions(windows=False))[0].details
    assert isinstance(details.start, datetime)
    assert details.end == details.start + timedelta(minutes=assumed)
    assert f"length not stated, {words} assumed" in details.description


def test_no_event_lasts_a_minute(timeline: Build) -> None:
    start = timeline().visits[0].start
    extra = tuple(UnscheduledVisit("a", start, end, 2, None) for end in (None, start))
    options = CalendarOptions(level="staff", run_sheet=True)
    for event in events_of(timeline(unscheduled=extra), options):
        details = event.details
        if isinstance(details.start, datetime):
            assert isinstance(details.end, datetime)
            assumed = "not stated" in details.description.lower()
            assert details.end - details.start >= timedelta(minutes=5 if not assumed else 15)


def test_an_overnight_visit_is_one_event_until_the_participant_leaves(
    timeline: Build, visit: BuildVisit
) -> None:
    leaving = datetime(2027, 1, 12, 10, tzinfo=find_zone("Europe/Berlin"))
    session = datetime(2027, 1, 11, 17, tzinfo=find_zone("Europe/Berlin"))
    (event,) = one_visit(
        timeline,
        visit(DAY, end=leaving, session_end=session, overnight=True),
        level=Level.STAFF,
    )
    assert event.details.end == leaving
    assert "Session until 17:00, then overnight stay" in event.details.description


def test_a_repeated_hour_is_written_in_utc_and_its_neighbours_are_not(
    timeline: Build, visit: BuildVisit
) -> None:
    zone = find_zone("Europe/Berlin")
    start = datetime(2027, 10, 31, 2, 30, tzinfo=zone, fold=1)
    end = datetime(2027, 10, 31, 4, 0, tzinfo=zone)
    (event,) = one_visit(timeline, visit(DAY, start=start, end=end, session_end=end))
    assert event.details.start == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert event.details.start.tzinfo is UTC  # type: ignore[union-attr]
    assert event.details.end.tzinfo is zone  # type: ignore[union-attr]


def test_a_track_is_one_event_that_repeats(timeline: Build) -> None:
    diary, calls = of_category(events_of(timeline(), CalendarOptions()), "Study task")
    assert diary.details.recurrence is not None
    assert (diary.details.recurrence.every_days, diary.details.recurrence.count) == (1, 42)
    assert diary.summary == "P0001 T1"
    assert calls.details.recurrence is None


def test_the_stamp_is_the_callers_and_nothing_else_changes_it(timeline: Build) -> None:
    stamp = datetime(2026, 5, 1, 12, tzinfo=find_zone("Europe/Berlin"))
    events = events_of(timeline(), CalendarOptions(stamp=stamp))
    assert {event.details.stamp for event in events} == {stamp}
    assert all(event.details.stamp.tzinfo is UTC for event in events)
    assert all(event.details.sequence == 0 for event in events)


def test_alarms_are_off_unless_asked_for_and_only_for_visits_that_take_place(
    timeline: Build,
) -> None:
    assert not any(event.alarms for event in events_of(timeline(), CalendarOptions()))
    events = events_of(timeline(), CalendarOptions(alarms=(60, 1440)))
    alarmed = [event for event in events if event.alarms]
    assert [event.details.status for event in alarmed] == ["TENTATIVE", "CONFIRMED"] * 2
    assert all(event.details.category == "Study visit" for event in alarmed)
    uids = [alarm.uid for event in alarmed for alarm in event.alarms]
    assert len(set(uids)) == len(uids) == 8


def test_run_sheets_are_parts_of_their_visit_for_staff(timeline: Build) -> None:
    events = events_of(timeline(), CalendarOptions(level=Level.STAFF, run_sheet=True))
    vitals, talk = of_category(events, "Run sheet")
    visit = next(event for event in events if event.summary == "P0001 V04 Session 4")
    assert [one.uid for one in vitals.relations] == [visit.uid]
    assert vitals.summary == "P0001 V04 run sheet Vitals"
    assert vitals.details.description == (
        "Allowed 09:00 to 11:00\nStaff: nurse\nLength not stated, 15 minutes assumed"
    )
    assert talk.details.description == "Optional"


def test_all_uids_of_a_participant_differ_and_stay_when_dates_move(timeline: Build) -> None:
    options = CalendarOptions(level=Level.STAFF, run_sheet=True)
    before = [event.uid for event in events_of(timeline(), options)]
    after = [event.uid for event in events_of(timeline(start=date(2028, 2, 29)), options)]
    assert before == after
    assert len(set(before)) == len(before)


def test_the_uid_of_an_event_is_the_same_at_every_level(timeline: Build) -> None:
    uids = {
        tuple(event.uid for event in events_of(timeline(), CalendarOptions(level=level)))
        for level in WITHOUT_WORDS
    }
    assert len(uids) == 1


def test_two_participants_share_their_plan_but_no_uid(timeline: Build) -> None:
    events = Events(CalendarOptions())
    one = timeline()
    first, second = events.events_of(one), events.events_of(replace(one, participant="P0002"))
    assert [event.details for event in first] == [event.details for event in second]
    assert first[0].details is second[0].details
    assert not {event.uid for event in first} & {event.uid for event in second}
    assert second == events_of(replace(timeline(), participant="P0002"), CalendarOptions())
    assert {event.summary.split()[0] for event in second} == {"P0002"}


def test_memory_of_shared_plans_is_bounded(
    timeline: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.formats.ical import events as module

    monkeypatch.setattr(module, "_MAX_OUTLINES", 100)
    events = Events(CalendarOptions())
    for day in range(40):
        shifted = timeline(start=DAY + timedelta(days=day))
        assert events.events_of(shifted) == events_of(shifted, CalendarOptions())
        assert sum(len(names) for _, _, names in events._outlines.values()) <= 100


def test_two_visits_with_one_id_are_refused(timeline: Build, visit: BuildVisit) -> None:
    with pytest.raises(ValueError, match="same id"):
        events_of(timeline(visits=(visit(DAY), visit(DAY))), CalendarOptions())


@settings(max_examples=30, deadline=None)
@given(title=st.text(st.sampled_from('aé🧪\u2028\x00\r\n\\;,:^"\ud800 12mg'), max_size=30))
def test_no_title_reaches_a_calendar_that_is_not_for_staff(
    timeline: Build, visit: BuildVisit, title: str
) -> None:
    marked = visit(DAY, title=f"Zebra {title}", kind="giraffe", room="elephant-room", epoch="lion")
    for level in (Level.BUSY, Level.CODED):
        for event in one_visit(timeline, marked, level=level):
            assert not re.search("zebra|giraffe|elephant|lion", repr(event), re.IGNORECASE)
