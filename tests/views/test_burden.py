"""What `planner burden` prints: the published arithmetic, ranges, and what is not known."""

import json

from example_protocol import example_file

from planner.formats.load import load_protocol
from planner.schedule.burden import burdens
from planner.views.burden import burden_grid, burden_table, render_json

OPTIONAL = """\
epochs:
  - id: treatment
    title: Treatment =1+1
    visits:
      - {id: baseline, duration: 60min..90min}
      - id: booster
        optional: true
        overnight: true
        staff: {therapist: 2}
        after: {visit: baseline, within: 1w}
"""


def cells(title: str, fragment: str | None = None) -> list[str]:
    file = load_protocol("mapp1") if fragment is None else example_file(fragment)
    grid = burden_grid(file.protocol, burdens(file.protocol))
    [line] = [line for line in grid.lines if line.cells[0] == title]
    return list(line.cells[1:])


def test_mapp1_shows_the_published_arithmetic_of_its_therapists() -> None:
    assert cells("Therapist, visits") == ["15", "", "3", "12", "", ""]
    assert cells("Therapist, hours each") == ["42", "", "4.5", "37.5", "", ""]
    assert cells("Therapist, hours of all 2") == ["84", "", "9", "75", "", ""]


def test_a_range_is_written_as_the_least_and_the_most() -> None:
    assert cells("Visits", OPTIONAL) == ["1..2", "1..2"]
    assert cells("Nights on site", OPTIONAL) == ["0..1", "0..1"]
    assert cells("Participant, hours in visits", OPTIONAL) == ["1..1.5", "1..1.5"]


def test_hours_that_nobody_states_are_called_so() -> None:
    assert cells("therapist, hours each", OPTIONAL) == ["unstated", "unstated"]
    protocol = example_file(OPTIONAL).protocol
    notes = burden_grid(protocol, burdens(protocol)).notes
    assert any("no duration stated (0..1 of 1..2 visits): booster." in note for note in notes)


def test_no_figure_of_a_course_without_calls_speaks_of_calls() -> None:
    protocol = example_file(OPTIONAL).protocol
    titles = {line.cells[0] for line in burden_grid(protocol, burdens(protocol)).lines}
    assert not {title for title in titles if title.startswith("Calls")}


def test_the_long_table_says_of_each_figure_what_it_is() -> None:
    lines = [line.cells for line in burden_table(burdens(load_protocol("mapp1").protocol)).lines]
    arms = "mdma-at placebo"
    assert (arms, "", "staff-time-together", "therapist", "hours", "84", "84") in lines
    assert (arms, "treatment", "trips", "", "count", "9", "9") in lines


def test_json_counts_in_minutes_and_ends_are_numbers_or_null() -> None:
    protocol = load_protocol("mdlsd").protocol
    data = json.loads(render_json(protocol, burdens(protocol)))
    [course] = data["courses"]
    assert course["arms"] == ["lsd", "placebo"]
    assert course["total"]["participant_minutes"] == {"least": 360, "most": 360}
    assert course["tracks"][0]["entries"] == {"least": 41, "most": 43}
    assert course["tracks"][0]["minutes"] is None
