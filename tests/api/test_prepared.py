"""Plans one after another share what is prepared, and give what they would give alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

import planner
from planner.api import prepared
from planner.timeline.course_planner import CoursePlanner

SITE = Path(__file__).parents[2] / "examples" / "site-everyday.yaml"
START = date(2027, 1, 11)
STARTS = [START + timedelta(weeks=week) for week in range(6)]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[CoursePlanner]:
    """The planners made during the test; what was kept before it is forgotten."""
    planners: list[CoursePlanner] = []
    make = prepared.course_planner

    def noted(*arguments: object, **options: object) -> CoursePlanner:
        planners.append(make(*arguments, **options))  # type: ignore[arg-type]
        return planners[-1]

    monkeypatch.setattr(prepared, "course_planner", noted)
    monkeypatch.setattr(prepared, "_kept", prepared._Kept())
    return planners


def test_plans_of_one_protocol_share_their_planner(made: list[CoursePlanner]) -> None:
    file = planner.load("mapp1")
    for start in STARTS:
        planner.plan(file, start, site=SITE)
        planner.plan("mapp1", start, site=str(SITE), participant="P0002")
    assert len(made) == 1


def test_other_options_have_a_planner_of_their_own(made: list[CoursePlanner]) -> None:
    file = planner.load("mapp1")
    planner.plan(file, START)
    planner.plan(file, START, site=SITE)
    planner.plan(file, START, at={"dosing-1": "2027-01-29"})
    planner.plan(file, START, arm=file.protocol.arms[1].id)
    planner.plan(file.protocol.model_copy(), START)
    assert len(made) == 5


def test_shared_plans_are_those_that_are_made_alone(
    made: list[CoursePlanner], monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = [planner.plan("mapp1", start, site=SITE) for start in STARTS]
    for start, plan in zip(STARTS, shared, strict=True):
        monkeypatch.setattr(prepared, "_kept", prepared._Kept())
        assert planner.plan("mapp1", start, site=SITE) == plan
    assert len(made) == 1 + len(STARTS)


def test_a_site_file_that_has_changed_is_another_site(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    text = SITE.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    day = planner.plan("mapp1", START, site=path).visit("dosing-1").start.date()
    path.write_text(f"{text}\nclosures: [{{from: {day}, to: {day}}}]\n", encoding="utf-8")
    assert planner.plan("mapp1", START, site=path).visit("dosing-1").start.date() != day


def test_few_planners_are_kept() -> None:
    for week in range(prepared.MAX_KEPT + 3):
        planner.plan("mapp1", START, at={"dosing-1": date(2027, 1, 20) + timedelta(days=week)})
    assert prepared._kept.planner.cache_info().currsize == prepared.MAX_KEPT
    assert len(prepared._kept.calendars) <= prepared.MAX_KEPT


def test_each_thread_has_planners_of_its_own() -> None:
    mine = prepared.prepared_planner(
        planner.load("mapp1").protocol, prepared.prepared_calendar(None)
    )
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(
            lambda: prepared.prepared_planner(
                planner.load("mapp1").protocol, prepared.prepared_calendar(None)
            )
        ).result()
    assert other is not mine


def test_participants_under_way_share_their_courses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_kept", prepared._Kept())
    record = planner.Record(participant="P0001", start=START)
    first = planner.plan("mapp1", actuals=record)
    assert planner.whatif("mapp1", record, miss=["dosing-1"]).before == first
    assert prepared._kept.courses.cache_info().hits == 1
