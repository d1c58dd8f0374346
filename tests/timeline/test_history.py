"""A record read against its course: which occurrence a line means, and when it took place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site

from planner.errors import PlannerError
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.site.calendar import SiteCalendar
from planner.time.local import to_local
from planner.timeline.history import (
    History,
    RecordedTimes,
    left_out,
    occurrence_names,
    read_history,
)
from planner.timeline.record import RecordFile

CYCLES = protocol(
    [{"id": "v0"}],
    epochs=[
        {"id": "start", "kind": "screening", "visits": [{"id": "v0"}]},
        {
            "id": "treatment",
            "cycle": {"times": 2},
            "visits": [
                {"id": "dosing", "first": {"visit": "v0", "within": "1w"},
                 "next": {"visit": "previous dosing", "within": "2w"}},
                {"id": "call", "after": {"visit": "dosing", "within": "1d"}},
            ],
        },
        {
            "id": "extension",
            "cycle": {"times": 1},
            "visits": [{"id": "final", "after": {"visit": "v0", "within": "9w"}}],
        },
    ],
)  # fmt: skip


def names(*visits: dict[str, object] | str) -> list[str]:
    return occurrence_names(record(*visits), expand(CYCLES))


def history(
    file: RecordFile, course: Course | None = None, at: SiteCalendar | None = None
) -> History:
    course = course or expand(CYCLES)
    return read_history(file, occurrence_names(file, course), course, at or site())


def event(
    file: RecordFile, visit: dict[str, object], at: SiteCalendar | None = None
) -> RecordedTimes:
    found = history(file, expand(protocol([visit])), at).entries["v0"].event
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("visit", "occurrence", "name"),
    [
        ("v0", None, "v0"),
        ("v0", 1, "v0"),
        ("dosing-2", None, "dosing-2"),
        ("dosing", 2, "dosing-2"),
        ("dosing-2", 2, "dosing-2"),
        ("final", None, "final-1"),
        ("final", 1, "final-1"),
    ],
)
def test_a_line_names_an_occurrence_in_one_of_several_ways(
    visit: str, occurrence: int | None, name: str
) -> None:
    line: dict[str, object] = {"visit": visit, "status": "planned"}
    if occurrence is not None:
        line["occurrence"] = occurrence
    assert names(line) == [name]


@pytest.mark.parametrize(
    ("visit", "occurrence", "message"),
    [
        ("dosing", None, "`dosing` occurs 2 times; say which in `occurrence`"),
        ("dosing", 3, "`dosing` has no occurrence 3; it occurs 2 times in this course"),
        ("v0", 2, "`v0` has no occurrence 2; it occurs once in this course"),
        ("dosng", 2, "did you mean `dosing-2`?"),
        ("dosing-3", None, "`dosing-3` is not a visit of this course; did you mean"),
        ("dosing-1", 2, "`dosing-1-2` is not a visit of this course"),
        ("zebra", None, "a visit that was not planned has the status `unscheduled`"),
    ],
)
def test_a_line_that_names_no_visit_is_told_with_its_file_and_line(
    visit: str, occurrence: int | None, message: str
) -> None:
    line: dict[str, object] = {"visit": visit, "status": "planned"}
    if occurrence is not None:
        line["occurrence"] = occurrence
    with pytest.raises(PlannerError) as error:
        occurrence_names(record(line)._replace(lines=(7,)), expand(CYCLES))
    assert str(error.value).startswith("p0001.yaml:7: ")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"visit": "v0"}, {"visit": "v0"}),
        ({"visit": "dosing-1"}, {"visit": "dosing", "occurrence": "1"}),
        ({"visit": "V02"}, {"visit": "dosing-1"}),
    ],
)
@pytest.mark.parametrize("status", ["occurred", "booked", "missed"])
def test_two_lines_on_one_visit_are_refused_by_both_however_they_call_it(
    first: dict[str, str], second: dict[str, str], status: str
) -> None:
    file = record(
        {**first, "status": "occurred", "start": START},
        {"visit": "dosing-2", "status": "planned"},
        {**second, "status": status, "start": day(1)},
    )._replace(lines=(3, 4, 7))
    with pytest.raises(PlannerError) as refused:
        history(file)
    text = str(refused.value)
    assert text.startswith("p0001.yaml:7: ")
    assert "is recorded here and on line 3;" in text


LINE = st.tuples(
    st.sampled_from(["v0", "dosing-1", "dosing-2"]),
    st.sampled_from(["occurred", "booked", "missed", "cancelled", "planned"]),
    st.integers(0, 3),
)


@given(st.lists(LINE, max_size=4))
def test_what_became_of_a_visit_has_one_line_or_the_record_is_refused(
    lines: list[tuple[str, str, int]],
) -> None:
    file = record(*(f"{name} {status} {day(number)}" for name, status, number in lines))
    is_over = [
        (at, name)
        for at, (name, status, _) in enumerate(lines)
        if status not in ("booked", "planned")
    ]
    if any(name == other for at, name in is_over for other, _, _ in lines[at + 1 :]):
        with pytest.raises(PlannerError, match="is recorded here and on line"):
            history(file)
        return
    found = history(file)
    for name, (status, number) in {name: rest for name, *rest in lines}.items():
        entry = found.entries[name]
        assert entry.actual.status == status
        assert entry.event is not None
        assert date.fromordinal(entry.event.day) == day(number)


def test_what_does_not_apply_is_left_out() -> None:
    file = record("dosing-2 not-applicable")
    assert left_out(file, occurrence_names(file, expand(CYCLES))) == {"dosing-2"}


def test_unscheduled_visits_may_be_called_anything_and_stand_several_times() -> None:
    found = history(record(f"zebra unscheduled {day(3)}", f"zebra unscheduled {day(1)}"))
    assert not found.entries
    assert [name for name, _ in found.unscheduled] == ["zebra", "zebra"]


def test_an_unscheduled_visit_may_be_called_like_a_planned_one() -> None:
    found = history(record(f"v0 unscheduled {day(3)}", f"v0 occurred {START}"))
    assert found.entries["v0"].actual.status == "occurred"
    assert len(found.unscheduled) == 1


def test_what_a_record_leaves_open_is_as_the_protocol_has_it() -> None:
    overnight = {"id": "v0", "overnight": True, "duration": "6h", "at": "10:00"}
    found = event(record(f"v0 occurred {START}"), overnight)
    zone = site().zone
    assert to_local(found.start, zone).isoformat() == "2027-03-01T10:00:00+01:00"
    assert to_local(found.end, zone).isoformat() == "2027-03-02T09:00:00+01:00"
    assert not found.timed
    found = event(record(f"v0 occurred {START}T11:07"), {"id": "v0", "duration": "90min"})
    assert found.timed
    assert found.end - found.start == 90


def test_a_recorded_end_counts_as_it_was() -> None:
    visit = {"id": "v0", "duration": "6h"}
    line = {"visit": "v0", "status": "occurred", "start": f"{START}T10:00"}
    assert event(record({**line, "end": f"{START}T10:20"}), visit).end_day == START.toordinal()
    found = event(record({**line, "end": f"{START}T10:20"}), visit)
    assert found.end - found.start == 20
    assert event(record({**line, "end": day(2)}), visit).end_day == day(2).toordinal()
    found = event(record({**line, "end": START}), visit)
    assert found.end - found.start == 6 * 60


def test_a_time_with_its_offset_is_an_instant_and_its_date_is_the_sites() -> None:
    found = event(record("v0 occurred 2027-03-01T23:30Z"), {"id": "v0"})
    assert date.fromordinal(found.day) == date(2027, 3, 2)
    assert to_local(found.start, site().zone).isoformat() == "2027-03-02T00:30:00+01:00"


def test_a_time_that_the_clock_skips_is_refused_unless_nobody_wrote_it() -> None:
    skipped = {"visit": "v0", "status": "occurred", "start": "2027-03-28T02:30"}
    with pytest.raises(PlannerError, match=r"p0001\.yaml:1: `v0`: .*02:30"):
        event(record(skipped), {"id": "v0"})
    found = event(record("v0 occurred 2027-03-28"), {"id": "v0", "at": "02:30"})
    assert to_local(found.start, site().zone).isoformat() == "2027-03-28T03:00:00+02:00"


def test_a_time_that_occurs_twice_is_the_first_unless_its_offset_says_otherwise() -> None:
    first = event(record("v0 occurred 2027-10-31T02:30"), {"id": "v0"})
    second = event(record("v0 occurred 2027-10-31T02:30+01:00"), {"id": "v0"})
    assert second.start - first.start == 60


def test_a_visit_that_ends_before_it_starts_once_offsets_are_counted_is_refused() -> None:
    line = {
        "visit": "v0",
        "status": "occurred",
        "start": "2027-03-01T10:00+01:00",
        "end": "2027-03-01T10:30+03:00",
    }
    with pytest.raises(PlannerError, match="`v0` ends before it starts"):
        event(record(line), {"id": "v0"})


def test_a_start_late_on_the_day_of_an_end_without_a_time_is_no_contradiction() -> None:
    line = {"visit": "v0", "status": "occurred", "start": START, "end": f"{START}T06:00"}
    found = event(record(line), {"id": "v0", "at": "09:00"})
    assert found.end == found.start
    assert date.fromordinal(found.day) == START
