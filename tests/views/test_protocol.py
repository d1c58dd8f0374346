"""What `planner show` says of a study before and after its visits."""

from pathlib import Path

from example_protocol import example_file

from planner.formats.load import load_protocol
from planner.views.protocol import render_protocol

STUDY = """\
substance: [mdma, psilocybin]
condition: PTSD, severe
notices:
  - {kind: regulatory, date: "2024-08-09", text: The application was declined., source: letter}
  - {kind: retraction, date: "2024-08-10", text: The pooled analysis was retracted.}
sources:
  registry: {kind: registry, id: NCT02008396, read: registry-record}
  paper: {kind: trial-paper, title: The paper, read: abstract}
  letter: {kind: press, read: secondary}
  pooled: {kind: trial-paper, title: The pool, doi: 10.1/x, read: abstract, retracted: "2024-08-10"}
disagreements:
  - about: dosing
    what: duration
    readings: {registry: 7 hours, paper: 8 hours}
    follows: registry
    note: The plan is followed.
  - {about: example, what: number of weeks, readings: {registry: nine, paper: ten}}
source: registry
"""


def shown(fragment: str) -> str:
    return render_protocol(example_file(fragment).protocol, width=120, color=False)


def test_the_study_says_what_it_investigates_and_in_whom() -> None:
    text = shown(STUDY)
    assert "substance  mdma, psilocybin\n" in text
    assert "condition  PTSD, severe\n" in text


def test_notices_stand_above_the_visits_with_their_dates_and_sources() -> None:
    text = shown(STUDY)
    for line in (
        "regulatory (2024-08-09): The application was declined. [letter]",
        "retraction (2024-08-10): The pooled analysis was retracted.",
        "retracted source (2024-08-10): The pool, 10.1/x [pooled]",
    ):
        assert line in text
        assert text.index(line) < text.index("Visit ")


def test_a_disagreement_names_every_reading_and_whom_the_file_follows() -> None:
    text = shown(STUDY)
    followed = "this file follows registry. The plan is followed."
    assert f"dosing, duration: 7 hours [registry]; 8 hours [paper]; {followed}" in text
    assert "example, number of weeks: nine [registry]; ten [paper]; this file follows none" in text


def test_of_several_arms_the_page_says_whose_visits_it_shows() -> None:
    assert "visits     of arm high" in shown("arms: [{id: high}, {id: low}]\n")
    assert "visits  " not in shown("arms: [{id: only}]\n")


def test_every_line_of_a_visit_says_something() -> None:
    path = Path(__file__).parents[1] / "protocols" / "further_keys.yaml"
    text = render_protocol(load_protocol(str(path)).protocol, width=100, color=False)
    table = text.partition("───\n")[2].partition("\n\n")[0]
    assert all(line.strip() for line in table.splitlines())
    assert table.count("during dosing-3") == 1


def test_listed_order_is_told_once_and_not_at_each_visit() -> None:
    text = shown(
        "order: listed\nepochs: [{id: all, visits: [{id: a}, {id: b}, {id: c}]}]\nanchor: a"
    )
    table = text.partition("───\n")[2].partition("\n\n")[0]
    assert len(table.splitlines()) == 4
    assert "in this order." in text
