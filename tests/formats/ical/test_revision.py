"""Events numbered by what was said of them before, against a slow and obvious model."""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.ical import CalendarOptions, Events, Level, write_calendar
from planner.formats.ical.kept_events import read_kept
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.previous import Previous
from planner.formats.ical.revision import Memory, NoMemory, Revisions, without_revision
from planner.formats.ical.state_file import State, StateWriter
from planner.timeline.model import DatedVisit, Timeline, UnscheduledVisit

Build = Callable[..., Timeline]
Visit = Callable[..., DatedVisit]
FIRST = datetime(2027, 1, 1, tzinfo=UTC)
MARCH = datetime(2027, 3, 1, tzinfo=UTC)


class Export(NamedTuple):
    """A calendar and its state."""

    calendar: bytes
    state: bytes
    left_out: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    @property
    def events(self) -> dict[str, bytes]:
        """The bytes of each event, by UID."""
        found = {}
        for piece in self.calendar.split(b"BEGIN:VEVENT\r\n")[1:]:
            data = piece.partition(b"END:VEVENT\r\n")[0]
            uid = data.partition(b"\r\n")[0].decode()[4:]
            assert uid not in found
            found[uid] = data
        return found


def remembered(export: Export | None, by: str) -> Memory:
    if export is None:
        return NoMemory()
    if by == "state":
        return State("p.ics.state", io.BytesIO(export.state))
    return Previous([("", "p.ics", io.BytesIO(export.calendar))])


def write(
    *timelines: Timeline,
    before: Export | None = None,
    by: str = "state",
    whole: bool = True,
    kept: tuple[str, ...] = (),
    **chosen: Any,
) -> Export:
    options = CalendarOptions(**({"stamp": FIRST} | chosen))
    out, state = io.BytesIO(), io.BytesIO()
    events, sink = Events(options), StateWriter(state, options.level, "calendar")
    revisions = Revisions(options, events, remembered(before, by), sink, whole=whole)
    for code in kept:
        revisions.keep(("NCT00000000",), code)
    write_calendar(
        timelines,
        out,
        options,
        events=events,
        revisions=revisions,
        former=lambda _, uids: read_kept([io.BytesIO(before.calendar if before else b"")], uids),
    )
    sink.close("-")
    left_out, gone = frozenset(revisions.left_out([""])), frozenset(revisions.gone)
    return Export(out.getvalue(), state.getvalue(), left_out, gone)


def said(export: Export) -> dict[str, tuple[int, str, datetime]]:
    """Of each event by its summary: SEQUENCE, STATUS and the hour of DTSTAMP."""
    return {
        name: (sequence, status, stamp.replace(minute=0, second=0))
        for name, (sequence, status, stamp) in said_exactly(export).items()
    }


def said_exactly(export: Export) -> dict[str, tuple[int, str, datetime]]:
    """Of each event by its summary without `(cancelled)`: SEQUENCE, STATUS and DTSTAMP."""
    found = {}
    for event in icalendar.Calendar.from_ical(export.calendar).events:
        assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
        assert str(event["SUMMARY"]).endswith(" (cancelled)") == (event["STATUS"] == "CANCELLED")
        found[str(event["SUMMARY"]).removesuffix(" (cancelled)")] = (
            int(event["SEQUENCE"]),
            str(event["STATUS"]),
            event["DTSTAMP"].dt,
        )
    return found


def without_plans(export: Export) -> Export:
    """The same with a state that has no digests of whole plans, as it used to be."""
    text = re.sub(rb" plan [0-9a-f]{32}$", b"", export.state, flags=re.MULTILINE)
    begin = text.rindex(b"end ")
    entries = text[begin:].split()[1].decode()
    last = f"end {entries} {hashlib.sha256(text[:begin]).hexdigest()}\n"
    return export._replace(state=text[:begin] + last.encode())


def moved(visit: DatedVisit, days: int) -> DatedVisit:
    assert visit.end is not None
    return replace(
        visit, start=visit.start + timedelta(days=days), end=visit.end + timedelta(days=days)
    )


BOTH = pytest.mark.parametrize("by", ["state", "previous"])


@BOTH
def test_a_first_export_says_what_one_without_memory_says(timeline: Build, by: str) -> None:
    plain = io.BytesIO()
    options = CalendarOptions(stamp=FIRST)
    write_calendar([timeline()], plain, options)
    first = write(timeline())
    assert first.calendar == plain.getvalue()
    again = write(timeline(), before=first, by=by, stamp=MARCH)
    assert again == first


@BOTH
def test_a_moved_visit_changes_and_no_other(timeline: Build, visit: Visit, by: str) -> None:
    days = [date(2027, 1, 11 + number) for number in range(4)]
    visits = tuple(visit(day, id=f"v{day.day}", number=day.day) for day in days)
    first = write(timeline(visits=visits))
    after = (visits[0], moved(visits[1], 1), *visits[2:])
    second = write(timeline(visits=after), before=first, by=by, stamp=MARCH)
    old, new = first.events, second.events
    assert list(old) == list(new)
    changed = [uid for uid in old if old[uid] != new[uid]]
    assert len(changed) == 1
    assert said(second)["P0001 V12"] == (1, "TENTATIVE", MARCH)
    assert said(second)["P0001 V13"] == (0, "TENTATIVE", FIRST)


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"status": "booked"}, True),
        ({"status": "missed"}, True),
        ({"status": "due"}, False),
        ({"study_day": 9}, False),
        ({"end": None}, True),
    ],
)
def test_start_end_and_status_are_counted_and_words_are_not(
    timeline: Build, visit: Visit, change: dict[str, Any], counted: bool
) -> None:
    one = visit(date(2027, 1, 11))
    first = write(timeline(visits=(one,)), windows=False, tracks=False)
    after = timeline(visits=(replace(one, **change),))
    second = write(after, before=first, stamp=MARCH, windows=False, tracks=False)
    if change == {"status": "due"}:
        assert second == first
        return
    ((sequence, _, stamp),) = said(second).values()
    assert (sequence, stamp) == (int(counted), MARCH)


@BOTH
def test_another_number_of_a_visit_changes_its_title_and_neither_uid_nor_sequence(
    timeline: Build, by: str
) -> None:
    visits = timeline().visits
    first = write(timeline(visits=visits))
    renumbered = tuple(replace(one, number=one.number + 50) for one in visits)
    second = write(timeline(visits=renumbered), before=first, by=by, stamp=MARCH)
    assert list(second.events) == list(first.events)
    assert said(first)["P0001 V01"][:2] == said(second)["P0001 V51"][:2] == (0, "TENTATIVE")
    assert all(sequence == 0 for sequence, _, _ in said(second).values())


def test_the_same_instants_in_utc_are_no_move(timeline: Build) -> None:
    first = write(timeline(), tracks=False)
    second = write(timeline(), before=first, utc=True, stamp=MARCH, tracks=False)
    assert all(sequence == 0 for sequence, _, _ in said(second).values())


@BOTH
def test_a_dropped_visit_stays_cancelled_for_a_year(timeline: Build, visit: Visit, by: str) -> None:
    one, two = (visit(date(2027, 1, day), id=f"v{day}", number=day) for day in (11, 18))
    one = replace(one, links=())
    with_link = replace(two, links=(link(one.id, two.id),))
    options: dict[str, Any] = {"windows": False, "tracks": False}
    first = write(timeline(visits=(one, with_link)), **options)
    second = write(timeline(visits=(one,)), before=first, by=by, stamp=MARCH, **options)
    assert said(second)["P0001 V18"] == (1, "CANCELLED", MARCH)
    june = MARCH + timedelta(days=92)
    third = write(timeline(visits=(one,)), before=second, by=by, stamp=june, **options)
    assert third.calendar == second.calendar
    later = MARCH + timedelta(days=366)
    fourth = write(timeline(visits=(one,)), before=third, stamp=later, **options)
    assert list(said(fourth)) == ["P0001 V11"]
    back = write(timeline(visits=(one, with_link)), before=fourth, stamp=later, **options)
    assert said(back)["P0001 V18"] == (2, "TENTATIVE", later)


def link(earlier: str, later: str) -> Any:
    from planner.timeline.model import Link

    return Link(earlier, later, False, False, 7, None)


@pytest.mark.parametrize("stamp", [FIRST, MARCH])
def test_two_changes_of_one_event_on_one_date_have_two_stamps(
    timeline: Build, visit: Visit, stamp: datetime
) -> None:
    one = visit(date(2027, 1, 11))
    first = write(timeline(visits=(one,)), tracks=False)
    stamps = []
    for days in range(1, 4):
        copy = write(timeline(visits=(moved(one, days),)), before=first, stamp=stamp, tracks=False)
        ((sequence, _, changed),) = said_exactly(copy).values()
        assert sequence == 1
        assert FIRST < changed < stamp + timedelta(hours=2)
        stamps.append(changed)
        later = write(timeline(visits=(one,)), before=copy, stamp=stamp, tracks=False)
        ((sequence, _, again),) = said_exactly(later).values()
        assert (sequence, again > changed) == (2, True)
    assert len(set(stamps)) == len(stamps)


def test_what_a_record_says_last_is_the_stamp(timeline: Build) -> None:
    first = write(timeline(changed=date(2027, 2, 5)))
    assert {stamp for _, _, stamp in said(first).values()} == {datetime(2027, 2, 5, tzinfo=UTC)}


@BOTH
def test_one_participant_says_nothing_of_others(timeline: Build, by: str) -> None:
    others = [timeline(participant=f"P000{number}") for number in range(3)]
    first = write(*others)
    second = write(others[0], before=first, by=by, whole=False, stamp=MARCH)
    assert {summary[:5] for summary in said(second)} == {"P0000"}
    assert all(stamp == FIRST for _, _, stamp in said(second).values())
    assert second.left_out == {"P0001", "P0002"}
    if by == "state":
        assert write(*others, before=second, stamp=MARCH).calendar == first.calendar


def test_a_cohort_cancels_who_is_not_in_it(timeline: Build) -> None:
    one, two = (timeline(participant=code, tracks=()) for code in ("P0001", "P0002"))
    first = write(one, two)
    second = write(one, before=first, stamp=MARCH)
    statuses = {status for name, (_, status, _) in said(second).items() if name[:5] == "P0002"}
    assert statuses == {"CANCELLED"}
    assert second.gone == {"P0002"}
    assert not write(one, before=second, stamp=MARCH).gone  # their events were cancelled before
    elsewhere = write(replace(one, study_id="other"), before=first, stamp=MARCH)
    alone = write(replace(one, study_id="other"), stamp=MARCH)
    assert elsewhere.calendar == alone.calendar
    assert elsewhere.left_out == {"P0001", "P0002"}


@BOTH
def test_who_cannot_be_placed_is_not_cancelled(timeline: Build, by: str) -> None:
    one, two = (timeline(participant=code, tracks=()) for code in ("P0001", "P0002"))
    first = write(one, two)
    second = write(one, before=first, by=by, kept=("P0002",), stamp=MARCH)
    assert (second.left_out, second.gone) == (set(), set())
    assert second.events.items() >= {
        (uid, data) for uid, data in first.events.items() if b"SUMMARY:P0002" in data
    }
    assert second.events.keys() == first.events.keys()
    if by == "state":
        assert write(one, two, before=second, stamp=MARCH).calendar == first.calendar


@BOTH
def test_a_dropped_visit_makes_nobody_a_dropped_participant(
    timeline: Build, visit: Visit, by: str
) -> None:
    one, two = (visit(date(2027, 1, day), id=f"v{day}", number=day) for day in (11, 18))
    first = write(timeline(visits=(one, two), tracks=()))
    second = write(timeline(visits=(one,), tracks=()), before=first, by=by, stamp=MARCH)
    assert said(second)["P0001 V18"][1] == "CANCELLED"
    assert not second.gone


def test_a_calendar_of_one_participant_keeps_its_dropped_visits(
    timeline: Build, visit: Visit
) -> None:
    one, two = (visit(date(2027, 1, day), id=f"v{day}", number=day) for day in (11, 18))
    two = replace(two, links=(link(one.id, two.id),))
    before = write(timeline(visits=(one, two)))
    for _ in range(3):
        before = write(timeline(visits=(one,)), before=before, by="previous", whole=False)
        assert said(before)["P0001 V18"][:2] == (1, "CANCELLED")
    back = write(timeline(visits=(one, two)), before=before, by="previous", whole=False)
    assert said(back)["P0001 V18"][:2] == (2, "TENTATIVE")


@BOTH
@pytest.mark.parametrize(
    ("level", "now"), [("staff", "busy"), ("staff", "coded"), ("coded", "busy")]
)
def test_a_lower_level_says_nothing_that_a_higher_one_said(
    timeline: Build, visit: Visit, level: str, now: str, by: str
) -> None:
    one, two = (
        visit(date(2027, 1, day), id=f"v{day}", number=day, title="Insight", room="Garden")
        for day in (11, 18)
    )
    two = replace(two, links=(link(one.id, two.id),))
    first = write(timeline(visits=(one, two)), timeline(participant="P0002"), level=level)
    second = write(timeline(visits=(one,)), before=first, by=by, whole=False, level=now)
    both = second.calendar + second.state
    assert b"CANCELLED" in second.calendar
    assert b"Insight" not in both
    assert b"Garden" not in both
    assert b"V18" not in both
    if now == "busy":
        assert b"P000" not in both


def test_a_state_tells_no_more_than_its_calendar(timeline: Build) -> None:
    export = write(timeline(), level=Level.BUSY)
    for word in (b"P0001", b"NCT00000000", b"visit-", b"V01", b"mdma", b"berlin", b"high"):
        assert word not in export.state.lower().replace(b"high-", b"")
    coded = write(timeline())
    assert b"P0001 V01" in coded.state
    assert b"Session" not in coded.state


def test_unscheduled_visits_say_neither_why_nor_what(timeline: Build) -> None:
    start = timeline().visits[0].start
    extra = tuple(
        UnscheduledVisit("panic", start + timedelta(days=days), None, 2 + days, "a panic attack")
        for days in (1, 2)
    )
    for level in WITHOUT_WORDS:
        export = write(timeline(unscheduled=extra), level=level)
        assert b"panic" not in export.calendar + export.state
        assert export.calendar.count(b"STATUS:CONFIRMED") > write(
            timeline(), level=level
        ).calendar.count(b"STATUS:CONFIRMED")
    assert len(said(write(timeline(unscheduled=extra)))) == len(said(write(timeline()))) + 1
    assert len(write(timeline(unscheduled=extra)).events) == len(write(timeline()).events) + 2


def test_provisional_visits_look_like_others(timeline: Build) -> None:
    one = timeline()
    unsure = replace(
        one,
        visits=tuple(
            replace(visit, provisional=True, conditional="relapse", waiting_for=("remission",))
            for visit in one.visits
        ),
    )
    for level in (Level.BUSY, Level.CODED):
        assert write(one, level=level).calendar == write(unsure, level=level).calendar
    assert b"not decided yet" in write(unsure, level=Level.STAFF).calendar


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("planned", ("TENTATIVE", "TRANSPARENT")),
        ("due", ("TENTATIVE", "TRANSPARENT")),
        ("overdue", ("TENTATIVE", "TRANSPARENT")),
        ("booked", ("CONFIRMED", "OPAQUE")),
        ("occurred", ("CONFIRMED", "OPAQUE")),
        ("missed", ("CANCELLED", "TRANSPARENT")),
        ("cancelled", ("CANCELLED", "TRANSPARENT")),
    ],
)
def test_every_status_has_its_meaning(
    timeline: Build, visit: Visit, status: str, expected: tuple[str, str]
) -> None:
    one = visit(date(2027, 1, 11), status=status)
    export = write(timeline(visits=(one,), tracks=()), alarms=(30,))
    (event,) = icalendar.Calendar.from_ical(export.calendar).events
    assert (event["STATUS"], event["TRANSP"]) == expected
    has_alarm = bool(event.walk("VALARM"))
    assert has_alarm == (status in ("planned", "due", "overdue", "booked"))


def test_the_bare_form_takes_whole_lines_only() -> None:
    data = b"BEGIN:VEVENT\r\nSUMMARY:a\r\n SEQUENCE:1\r\nDTSTAMP:x\r\nSEQUENCE:2\r\nEND:VEVENT\r\n"
    assert without_revision(data) == b"BEGIN:VEVENT\r\nSUMMARY:a\r\n SEQUENCE:1\r\nEND:VEVENT\r\n"


class Seen(NamedTuple):
    """What the model remembers of one visit."""

    occasion: tuple[int, str]
    text: tuple[Any, ...]
    sequence: int
    stamp: datetime


_plan = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["planned", "booked", "occurred", "missed", "cancelled"]),
        st.integers(1, 2),
    ),
    min_size=1,
)
_STATUS = {"planned": "TENTATIVE", "booked": "CONFIRMED", "occurred": "CONFIRMED"}


@pytest.mark.parametrize("stamp", [FIRST, MARCH])
def test_of_a_plan_that_is_as_it_was_the_lines_are_kept_unread(
    timeline: Build, monkeypatch: pytest.MonkeyPatch, stamp: datetime
) -> None:
    plan = timeline()
    visits = tuple(moved(visit, 1) if visit.end is not None else visit for visit in plan.visits)
    later = timeline(visits=visits)
    first = write(plan)
    moved_once = write(later, before=first)
    expected = write(plan, before=without_plans(first), stamp=stamp)
    compared = write(later, before=without_plans(moved_once), stamp=stamp)
    monkeypatch.setattr(State, "_block", lambda *_: pytest.fail("events are compared one by one"))
    assert write(plan, before=first, stamp=stamp) == expected
    again = write(later, before=moved_once, stamp=stamp)
    assert again == compared
    assert again.events == moved_once.events


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.tuples(_plan, st.integers(-1, 2)), min_size=1, max_size=6), data=st.data())
def test_any_history_is_counted_as_the_model_counts_it(
    timeline: Build,
    visit: Visit,
    steps: list[tuple[dict[str, tuple[int, str, int]], int]],
    data: st.DataObject,
) -> None:
    """Visits come, move, change and go; each export is compared with a dictionary of facts."""
    by = data.draw(st.sampled_from(["state", "previous"]))
    model: dict[str, Seen] = {}
    before: Export | None = None
    day = FIRST
    for plan, passed in steps:
        day += timedelta(days=passed)
        visits = tuple(
            visit(
                date(2027, 1, 11) + timedelta(days=days),
                id=name,
                number=ord(name) - 96,
                status=status,
                study_day=study_day,
            )
            for name, (days, status, study_day) in sorted(plan.items())
        )
        export = write(timeline(visits=visits, tracks=()), before=before, by=by, stamp=day)
        if before is not None and by == "state":
            other = without_plans(before)
            compared = write(timeline(visits=visits, tracks=()), before=other, by=by, stamp=day)
            assert export == compared, "event by event nothing else comes out"
        for name in sorted({*plan, *model}):
            old = model.get(name)
            if name in plan:
                days, status, study_day = plan[name]
                # A visit that took place says the same as a booked one at this level.
                occasion = (days, _STATUS.get(status, "CANCELLED"))
                text: tuple[Any, ...] = (study_day,)
            else:
                assert old is not None
                occasion, text = (old.occasion[0], "CANCELLED"), ("dropped",)
            if old is None:
                model[name] = Seen(occasion, text, 0, day)
            elif (old.occasion, old.text) != (occasion, text):
                sequence = old.sequence + (old.occasion != occasion)
                earliest = max(day, old.stamp + timedelta(seconds=1))
                stamp = said_exactly(export)[f"P0001 V{ord(name) - 96:02d}"][2]
                assert earliest <= stamp < earliest + timedelta(hours=1)
                model[name] = Seen(occasion, text, sequence, stamp)
        assert said_exactly(export) == {
            f"P0001 V{ord(name) - 96:02d}": (seen.sequence, seen.occasion[1], seen.stamp)
            for name, seen in model.items()
        }
        before = export
