"""The made-up vaccine trial of `examples`: two vaccinations, and a diary of evenings after each."""

import datetime
from pathlib import Path

import planner

EXAMPLES = Path(__file__).parents[2] / "examples"
STUDY = EXAMPLES / "vaccine-diary.yaml"
START = datetime.date(2027, 1, 12)


def test_nothing_is_found_in_the_example() -> None:
    assert [one.check for one in planner.check(STUDY)] == []


def test_the_call_comes_after_the_seventh_evening_of_each_diary() -> None:
    timeline = planner.plan(STUDY, START, arm="vaccine")
    dates = {visit.id: visit.start.date() for visit in timeline.visits}
    diaries = planner.load(STUDY).protocol.tracks
    assert [track.times for track in diaries] == [7, 7]
    for number in (1, 2):
        last_entry = dates[f"vaccination-{number}"] + datetime.timedelta(days=6)
        assert dates[f"call-{number}"] > last_entry
