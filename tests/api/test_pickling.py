"""Whatever crosses processes can be pickled, also after it was used, and is the same there."""

import inspect
import io
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.errors import FilesInTheWay
from planner.protocol.expand import expand
from planner.site.calendar import SiteCalendar
from planner.time.distance import parse_window
from planner.time.local import to_instant
from planner.time.zone import find_zone
from planner.timeline.course_planner import CoursePlanner, NotProven

EXAMPLES = Path(__file__).parents[2] / "examples"
START = date(2027, 1, 11)


def there_and_back(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


def used() -> list[object]:
    """One of each public type that is no error, after a plan, its checks and its calendar."""
    file, site = planner.load("mapp1"), planner.load_site(EXAMPLES / "site-berlin.yaml")
    timeline = planner.plan(file, START, site=site)
    findings = planner.check(EXAMPLES / "collision.yaml")
    options = planner.CalendarOptions(stamp=datetime(2026, 11, 21, tzinfo=UTC))
    planner.export([timeline], io.BytesIO(), options)
    visit = timeline.visit("dosing-1")
    record = planner.load_record(EXAMPLES / "records" / "P0001.csv")
    planner.replan(file, record, START, site=site)
    placer = planner.placer(file, site=site)
    placed = placer.place(START)
    assert placed is not None
    return [
        file, file.protocol, site, timeline, visit, visit.window, findings, findings[0], options,
        planner.activities(file), record, parse_window("3w..5w"), placed, placer.visits[0],
        planner.DaySet([START]), planner.NewParticipant("P0001", "mapp1", START),
        planner.ParticipantVisits("P0001", "1", {"dosing-1": (visit.start, visit.start)}),
    ]  # fmt: skip


def test_every_public_type_is_the_same_on_the_other_side() -> None:
    things = used()
    public = {one for name in planner.__all__ if inspect.isclass(one := getattr(planner, name))}
    errors = {one for one in public if issubclass(one, planner.PlannerError)}
    # What a placer does on the other side is in `timeline/test_placer.py`: two are never equal.
    assert {type(thing) for thing in things} == public - errors - {planner.Placer}
    for thing in things:
        assert there_and_back(thing) == thing


def test_a_planner_and_its_calendar_go_on_as_before() -> None:
    calendar = SiteCalendar(planner.load_site(EXAMPLES / "site-berlin.yaml"))
    course_planner = CoursePlanner(expand(planner.load("mapp1").protocol), calendar)
    plan = course_planner.plan(START)
    assert calendar.patterns, "what plans have found out goes along"
    moved = there_and_back(course_planner)
    assert moved.plan(START) == plan
    later = date(2027, 2, 1)
    assert moved.plan(later) == course_planner.plan(later)
    other = CoursePlanner(course_planner.course, there_and_back(calendar))
    assert other.plan(later) == course_planner.plan(later)


def nothing_fits() -> None:
    planner.plan("mapp1", "2027-01-10", site=EXAMPLES / "site-berlin.yaml")


def contradiction() -> None:
    planner.plan(EXAMPLES / "collision.yaml", START)


def unread() -> None:
    planner.load(EXAMPLES / "site-berlin.yaml")


def skipped_time() -> None:
    to_instant(date(2027, 3, 28), 2 * 60 + 30, find_zone("Europe/Berlin"))


def not_proven() -> None:
    raise NotProven(START)


def files_in_the_way() -> None:
    raise FilesInTheWay(["a.yaml", "b.yaml"])


@pytest.mark.parametrize(
    "cause",
    [nothing_fits, contradiction, unread, skipped_time, not_proven, files_in_the_way],
)
def test_an_error_keeps_its_message_and_what_it_carries(cause: Callable[[], None]) -> None:
    with pytest.raises(planner.PlannerError) as raised:
        cause()
    moved = there_and_back(raised.value)
    assert type(moved) is type(raised.value)
    assert str(moved) == str(raised.value)
    assert repr(vars(moved)) == repr(vars(raised.value))
