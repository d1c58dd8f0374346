"""What counts as a statement of the schedule, in which words, and how it is supported."""

import pytest
from example_protocol import example_file

from planner.checks.statements import SUPPORTS, Statement, statements, weakest_first
from planner.checks.subject import Subject
from planner.checks.support import count, least_supported_first, protocol_support
from planner.formats.load import load_protocol
from planner.protocol.library import library_ids

SOURCES = """\
sources:
  paper: {kind: trial-paper, read: abstract}
  pooled: {kind: trial-paper, read: abstract, retracted: "2024-08-10"}
  assumption: {kind: general-knowledge, read: not-read}
"""


def of(fragment: str) -> dict[str, Statement]:
    return {one.name: one for one in statements(Subject(example_file(fragment)))}


def test_a_statement_has_the_support_of_what_holds_it() -> None:
    found = of("grade: secondary\n")
    assert {one.support for one in found.values()} == {"secondary"}
    assert found["dosing.duration"].citation.sources == ("assumption",)


def test_the_protocol_and_its_epochs_state_nothing_themselves() -> None:
    kinds = [one.kind for one in of("").values()]
    assert kinds.count("visit") == 6
    assert kinds.count("timing") == 5
    assert kinds.count("duration") == 6
    assert (kinds.count("staffing"), kinds.count("role")) == (1, 1)
    assert len(kinds) == 6 + 5 + 6 + 1 + 1


@pytest.mark.parametrize(
    ("stated", "support"),
    [
        ("source: paper, grade: verified", "verified"),
        ("source: paper, grade: retracted", "retracted"),
        ("source: pooled, grade: verified", "retracted"),
        ("source: [pooled, paper], grade: verified", "verified"),
        ("source: pooled, grade: assumed", "assumed"),
        ("source: paper", "ungraded"),
        ("grade: verified", "ungraded"),
        ("grade: assumed", "assumed"),
        ("note: nothing", "ungraded"),
    ],
)
def test_a_grade_counts_where_the_sources_can_bear_it(stated: str, support: str) -> None:
    track = f"tracks:\n  - {{id: diary, from: dosing, times: 7, {stated}}}\n"
    assert of(f"{SOURCES}source: []\ngrade: null\n{track}")["tracks.diary"].support == support


EVERYTHING = """\
arms: [{id: high, title: Active, label: 25 mg}]
decisions: {again: {title: Once more}}
gates: {taper: {title: Tapered off}}
activities: {caps: {title: CAPS-5, endpoint: primary, by: therapist}}
epochs:
  - id: screening
    visits:
      - {id: baseline, mode: phone, before: {visit: dosing-1, within: 1w..4w, target: 2w}}
  - id: treatment
    cycle: {times: 3, breaks: [{after: 1, length: 2w}]}
    visits:
      - id: dosing
        duration: 6h..8h
        at: "09:00"
        overnight: {until: "08:00"}
        staff: {therapist: 2}
        optional: true
        next: {visit: previous dosing, target: 4w, within: ±1w, arms: high}
        run_sheet:
          - {id: vitals, after: arrival, within: 1h..2h, target: 90min}
          - {id: arrival, title: Arrival, at: 0min, every: 1h, times: 3, staff: therapist}
constraints:
  - {id: span, from: baseline, to: last dosing, within: ..10w}
tracks:
  - {id: diary, title: Diary, from: dosing-1, until: last dosing}
"""


def test_every_statement_says_in_words_what_is_written() -> None:
    told = {name: one.text for name, one in of(EVERYTHING).items()}
    assert told == {
        "roles.therapist": "2 therapist, the same throughout",
        "activities.caps": "CAPS-5, primary endpoint, by therapist",
        "arms.high": "Active",
        "decisions.again": "Once more",
        "gates.taper": "Tapered off",
        "baseline": "baseline, by phone",
        "baseline.before": "1w..4w before dosing-1, target 2w",
        "the cycle of treatment": "3 times",
        "treatment.breaks": "2w after cycle 1",
        "dosing": "dosing, at 09:00, optional",
        "dosing.duration": "takes 6h..8h",
        "dosing.overnight": "1 night, until 08:00",
        "dosing.staff": "2 therapist",
        "dosing.next": "3w..5w after previous dosing, target 4w, in high",
        "dosing.run_sheet.vitals": "vitals: 1h..2h after arrival, target 90min",
        "dosing.run_sheet.arrival": "Arrival: at 0min, 3 times every 1h",
        "dosing.run_sheet.arrival.staff": "therapist",
        "constraints.span": "last dosing must be ..10w after baseline",
        "tracks.diary": "Diary: every 1d from dosing-1, until last dosing",
    }


def test_an_amount_is_told_nowhere() -> None:
    assert all("25 mg" not in one.text for one in of(EVERYTHING).values())


def test_the_weakest_statements_come_first_and_then_in_the_order_of_the_file() -> None:
    found = statements(Subject(load_protocol("mapp1")))
    ordered = weakest_first(found)
    ranks = [SUPPORTS.index(one.support) for one in ordered]
    assert ranks == sorted(ranks, reverse=True)
    assumed = [one.line for one in ordered if one.support == "assumed"]
    assert assumed == sorted(assumed)
    assert sorted(found) == sorted(ordered)


def test_protocols_are_ordered_by_what_was_read() -> None:
    assumed = protocol_support(example_file("id: b\n"))
    also = protocol_support(example_file("id: a\n"))
    track = "{id: diary, from: dosing, times: 7, source: paper, grade: secondary}"
    some = protocol_support(example_file(f"id: c\n{SOURCES}tracks:\n  - {track}\n"))
    ordered = least_supported_first([some, assumed, also])
    assert [one.file.protocol.id for one in ordered] == ["a", "b", "c"]


@pytest.mark.parametrize("name", library_ids())
def test_every_statement_of_the_library_is_counted_once(name: str) -> None:
    found = protocol_support(load_protocol(name))
    assert found.support.total == len(found.statements) == sum(found.support.counts)
    assert found.support == count(found.statements)
    assert all(one.text and one.line >= 1 for one in found.statements)
