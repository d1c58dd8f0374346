"""Hours stated for all meetings of a visit together: counted once, and no number is invented."""

from typing import Any

import pytest
from formats.usdm.studies import imported
from timeline.courses import protocol

import planner
from planner.formats.usdm import study_json
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.protocol.visit import Visit
from planner.schedule.burden import Range, burdens
from planner.views.burden import burden_grid
from planner.views.schedule_of_activities import schedule_of_activities


def counselling(**more: Any) -> Protocol:
    """Twelve hours of it with two people, after a visit of an hour."""
    after = {"visit": "v0", "target": "1w", "within": "±1d", **more.pop("after", {})}
    visit = {"id": "talk", "total": "12h", "staff": {"therapist": 2}, "after": after, **more}
    visits = [{"id": "v0", "duration": "60min"}, visit]
    return protocol(visits, roles={"therapist": {}})


FOUR = {"every": "1w", "until": "4"}


@pytest.mark.parametrize(("grid", "visits"), [({}, 2), (FOUR, 5)])
def test_the_total_is_counted_once_however_many_meetings_are_planned(
    grid: dict[str, str], visits: int
) -> None:
    (burden,) = burdens(counselling(after=grid))
    assert burden.total.visits == Range(visits, visits)
    assert burden.total.minutes == Range(13 * 60, 13 * 60)
    assert burden.total.unstated == Range(0, 0)
    assert burden.unstated == ()
    (therapist,) = burden.total.roles
    assert therapist.together == Range(24 * 60, 24 * 60)
    assert len(planner.plan(counselling(after=grid), "2027-03-01").visits) == visits


def test_a_total_of_what_need_not_take_place_is_at_least_nothing() -> None:
    (burden,) = burdens(counselling(optional=True, total="10h..12h"))
    assert burden.total.minutes == Range(60, 13 * 60)


def test_every_view_says_whether_the_number_is_known() -> None:
    for grid, words in (({}, "12h in all, number of meetings unknown"), (FOUR, "12h in all")):
        small = counselling(after=grid)
        (note,) = (
            note for note in burden_grid(small, burdens(small)).notes if "all meetings" in note
        )
        assert f"talk ({words})." in note
        cells = [cell for head in schedule_of_activities(small).heads for cell in head]
        cells += [cell for line in schedule_of_activities(small).lines for cell in line.cells]
        assert words in cells
        assert " in all" in planner.render(small, "table")


def test_each_and_all_together_are_not_both_stated() -> None:
    with pytest.raises(ValueError, match="`duration:` for each and a `total:` for all"):
        Visit.model_validate({"id": "talk", "duration": "90min", "total": "12h"})


def test_a_total_is_kept_by_usdm_and_compared() -> None:
    small = counselling(after=FOUR)
    assert validate_model(Protocol, imported(study_json(small)).document) == small
    changes = planner.render(planner.diff(small, counselling(after=FOUR, total="14h")), "table")
    assert "total of all meetings" in changes
