"""A visit without a date has none in any output, whatever the protocol."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, protocol, site

from planner.formats.ical import CalendarOptions, write_calendar
from planner.protocol.model import Protocol
from planner.timeline.model import Timeline
from planner.timeline.plan import course_planner, plan_timeline
from planner.views.charts.course import NO_WINDOW, study_course
from planner.views.charts.dated_course import dated_course
from planner.views.charts.network import network_table
from planner.views.tables.markdown import render_markdown
from planner.views.timeline_data import render_csv, render_json, timeline_grid
from planner.views.timeline_table import render_table

STAMP = datetime(2027, 1, 1, tzinfo=UTC)


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Chains of visits, of which some are unscheduled, conditional or optional, and a track."""
    visits: list[dict[str, Any]] = [{"id": "v0", "title": "Visit 0"}]
    for number in range(1, draw(st.integers(3, 7))):
        source = f"v{draw(st.integers(0, number - 1))}"
        visit = {
            "id": f"v{number}",
            "title": f"Visit {number}",
            "after": {"visit": source, "within": "1d..9d", "target": "5d"},
        }
        kind = draw(st.sampled_from(["", "", "unscheduled", "optional", "when"]))
        if kind:
            visit[kind] = "go" if kind == "when" else True
        visits.append(visit)
    ends = st.sampled_from([one["id"] for one in visits])
    entries = [{"from": draw(ends), "times": 3}, {"from": "v0", "until": draw(ends)}]
    tracks = [{"id": "diary", "title": "Diary", **draw(st.sampled_from(entries))}]
    return protocol(visits, decisions={"go": {"condition": "So decided."}}, tracks=tracks)


def undated(small: Protocol) -> tuple[Timeline, set[str], set[str]]:
    """A plan, and the titles of its visits with and without a date."""
    timeline = plan_timeline(course_planner(small, site()), START)
    return (
        timeline,
        {one.title for one in timeline.visits},
        {one.title for one in timeline.waiting},
    )


@given(protocols())
@settings(max_examples=60, deadline=None)
def test_undated_is_undated_in_every_output(small: Protocol) -> None:
    timeline, dated, waiting = undated(small)
    assert not dated & waiting

    data = json.loads(render_json(timeline))["visits"]
    assert {one["title"] for one in data if one["start"] is None} == waiting
    assert [one["id"] for one in data] == [one.id for one in timeline.listed()]
    assert all(one["waiting_for"] for one in data if one["start"] is None)

    rows = list(csv.DictReader(io.StringIO(render_csv(timeline))))
    assert {row["title"] for row in rows if not row["start"]} == waiting

    for text in (
        render_markdown(timeline_grid(timeline)),
        render_table(timeline, width=120, color=False),
    ):
        for line in text.splitlines():
            if any(title in line for title in waiting):
                assert "2027-" not in line

    with io.BytesIO() as file:
        write_calendar([timeline], file, CalendarOptions(stamp=STAMP))
        events = icalendar.Calendar.from_ical(file.getvalue()).events
    numbers = {one.number for one in timeline.visits}
    found = {str(one["SUMMARY"]) for one in events if "V0" in str(one["SUMMARY"])}
    assert {int(text.split(" V")[1][:2]) for text in found} == numbers

    named = {one.label for one in timeline.waiting}
    table = dated_course(timeline, small, site())
    assert {row.title for row in table.rows if row.day is None} == named
    for row in (*table.rows, *study_course(small).rows):
        if row.title in named:
            assert row.day is row.target is row.planned is None
            assert row.written == row.effective == NO_WINDOW
            assert any("waits for" in word for word in row.remarks)
    network = network_table(small)
    assert {node.title for node in network.nodes} == {one.label for one in timeline.visits}
    assert all(any(note.startswith(label) for note in network.notes) for label in named)
    assert not {one.id for one in timeline.tracks} & {one.id for one in timeline.waiting_tracks}
    tracks = {track.title for track in timeline.waiting_tracks}
    assert all(any(note.startswith(title) for note in network.notes) for title in tracks)


@given(protocols(), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
@settings(max_examples=30, deadline=None)
def test_what_waits_does_not_depend_on_the_date_of_the_anchor(small: Protocol, day: date) -> None:
    planner = course_planner(small, site(zone="UTC", closed=()))
    assert plan_timeline(planner, day).waiting == plan_timeline(planner, START).waiting
