"""Plans, records and decisions on a grid from a fixed day."""

from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from small_protocol import HEAD
from timeline.courses import record, site

from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.timeline.deviations import judge
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import course_planner, plan_timeline

START = date(2027, 1, 11)


def scans(timing: str) -> Protocol:
    text = f"""{HEAD}
decisions: {{progression: {{condition: Progression}}}}
epochs:
  - {{id: begin, visits: [{{id: start}}]}}
  - {{id: imaging, visits: [{{id: scan, after: {{visit: start, {timing}}}}}]}}
"""
    return Protocol.model_validate(yaml.safe_load(text), by_alias=True, by_name=False)


def happened(days: list[int]) -> list[dict[str, Any]]:
    return [{"visit": "start", "status": "occurred", "start": f"{START}"}] + [
        {
            "visit": f"scan-{number}",
            "status": "occurred",
            "start": f"{START + timedelta(days=day)}",
        }
        for number, day in enumerate(days, start=1)
    ]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(0, 20), st.integers(0, 9), st.integers(1, 8))
def test_a_plan_has_every_window_where_the_calendar_counts_it(
    step: int, first: int, around: int, number: int
) -> None:
    grid = scans(f"target: {first}d, every: {step}d, within: ±{around}d, until: {number}")
    visits = plan_timeline(course_planner(grid, site()), START).visits[1:]
    assert len(visits) == number
    target = START + timedelta(days=first)
    for visit in visits:
        assert visit.target == target
        assert visit.window is not None
        assert visit.window.earliest == target - timedelta(days=around)
        assert visit.window.latest == target + timedelta(days=around)
        target += timedelta(days=step)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5))
def test_late_by_is_counted_from_the_reference_however_late_the_one_before_was(
    off: list[int],
) -> None:
    grid = scans("every: 6w, within: ±3d, until: 5")
    days = [42 * number + late for number, late in enumerate(off, start=1)]
    source = ProtocolFile("small.yaml", grid, Document("small.yaml", {}, Mark(1, 1, None), []))
    found = judge(source, PlannerCache(grid, site()), record(*happened(days))).deviations
    assert [(one.visit, one.kind, one.days) for one in found] == [
        (f"scan-{number}", "late" if late > 0 else "early", abs(late) - 3)
        for number, late in enumerate(off, start=1)
        if abs(late) > 3
    ]


def test_a_recorded_decision_ends_a_grid_and_what_is_open_is_provisional() -> None:
    courses = PlannerCache(scans("every: 6w, within: ±7d, until: progression, at_most: 6"), site())
    known = happened([42, 90])
    going_on = plan_participant(courses, record(*known))
    assert [visit.id for visit in going_on.visits][1:] == [f"scan-{n}" for n in range(1, 7)]
    assert going_on.visit("scan-3").start.date() == START + timedelta(days=126)
    ended = plan_participant(courses, record(*known, facts={"progression": True}))
    assert [visit.id for visit in ended.visits] == ["start", "scan-1", "scan-2"]
