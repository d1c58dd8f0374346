"""Whatever a study looks like: it becomes a valid protocol, or is refused in a sentence."""

import copy
from typing import Any

import pytest
import usdm_studies as u
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.usdm.read import read_study
from planner.protocol.amounts import has_amount
from planner.protocol.document import Document
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.protocol.yaml_reading import compose_yaml
from planner.protocol.yaml_writing import protocol_yaml


def whole_study() -> u.Json:
    """A study with one of everything that a timeline can hold."""
    return u.study(
        u.main(
            u.visit("SCR", "Screening", epoch="Screening", activities=["ECG"]),
            u.visit("DOSE", activities=["BP", "Labs"], timeline="Hours"),
            u.decision("CHECK", {"response is poor": "EXTRA", "arm is Active": "WK4"}),
            u.visit("WK2", encounter="Shared", activities=["ECG", "BP"]),
            u.visit("WK2N", encounter="Shared"),
            u.visit("WK4"),
            u.decision("AGAIN", {"not done": "WK2"}),
            u.visit("END", epoch="Follow-Up", to=""),
            u.visit("EXTRA", to="WK4"),
            timings=[
                u.before("SCR", "P4W", "DOSE", window=("P1W", "P1W")),
                u.fixed("DOSE", "P1D"),
                u.after("WK2", "P2W", "DOSE", window=("P3D", "P3D")),
                u.after("WK2N", "PT48H", "WK2", ends="End to Start"),
                u.after("WK4", "P1M", "DOSE", window=("P2D", "P4D")),
                u.after("END", "P12W", "DOSE", window=("PT12H", "PT12H")),
                u.after("EXTRA", "P1D", "DOSE"),
            ],
        ),
        u.timeline(
            "Hours",
            u.item("H0"),
            u.item("H1", activities=["BP"]),
            u.item("H2", activities=["ECG", "Labs"]),
            timings=[
                u.fixed("H0", "PT0M"),
                u.after("H1", "PT60M", "H0", window=("PT5M", "PT10M")),
                u.before("H2", "PT10M", "H1", ends="End to Start"),
            ],
        ),
        u.timeline(
            "Pressure",
            u.item("P0"),
            u.item("P5"),
            timings=[u.fixed("P0", "PT0M"), u.after("P5", "PT5M", "P0")],
        ),
        u.timeline(
            "Unscheduled",
            u.item("AE", activities=["ECG"]),
            timings=[u.fixed("AE")],
            condition="An adverse event",
        ),
        arms=("Active", "Placebo 0 mg"),
        activities=[
            u.activity("BP", timeline="Pressure"),
            u.activity("Safety", children=["ECG", "Labs"]),
        ],
        conditions=[u.condition("COND", "Fasting", context=["WK2"], to=["Labs"])],
        rules={"DOSE": u.rule("ELIGIBLE", "Eligible")},
        modes={"Shared": ["In Person", "Telephone Call"]},
    )


def places(part: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a study, the timelines' more often than the rest."""
    found = [path] if path else []
    items = part.items() if isinstance(part, dict) else enumerate(part)
    if not isinstance(part, (dict, list)):
        return found
    for key, value in items:
        found += places(value, (*path, key)) if isinstance(value, (dict, list)) else [(*path, key)]
    return found


def texts(data: Any, key: str = "") -> list[str]:
    """Every text and key of a document but the labels of arms and registry numbers."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, list):
        return [] if key == "registry" else [one for part in data for one in texts(part, key)]
    if isinstance(data, dict):
        held = [one for name, part in data.items() if name != "label" for one in texts(part, name)]
        return [*data, *held]
    return []


STUDY = whole_study()
PLACES = places(STUDY)
TIMELINES = [place for place in PLACES if "scheduleTimelines" in place]
IDS = [
    "ScheduledActivityInstance_WK2",
    "ScheduledActivityInstance_DOSE",
    "ScheduledActivityInstance_CHECK",
    "ScheduledActivityInstance_H1",
    "ScheduleTimeline_Main",
    "ScheduleTimeline_Hours",
    "ScheduleTimeline_Pressure",
    "Activity_BP",
    "Activity_Safety",
    "Encounter_Shared",
    "StudyEpoch_Screening",
    "nowhere",
]
DURATIONS = [
    "P1D", "-P2D", "P-2D", "P1DT12H", "PT0M", "P0D", "P1M", "P1M-1D", "P3000000D", "two weeks",
    "PT90S", "P0.5D", "P1.5M", "", "P", "PT", "P1Y", "PT1000000H", "P1MT1H", "P20Y", "P7300D",
]  # fmt: skip
TEXTS = ["<p>a &amp; b</p>", "25 mg", "x" * 5000, "\x07\u2028\ufeff", "  ", "-", "null", "é", "-1"]
values = st.one_of(
    st.sampled_from([*IDS, *DURATIONS, *TEXTS]),
    st.none(),
    st.booleans(),
    st.just([]),
    st.just({}),
    st.just([None, "x", {"id": "y"}]),
    st.text(max_size=8),
)


@st.composite
def broken(draw: st.DrawFn) -> u.Json:
    study = copy.deepcopy(STUDY)
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.sampled_from(TIMELINES if draw(st.integers(0, 3)) else PLACES))
        part: Any = study
        try:
            for step in place[:-1]:
                part = part[step]
            if draw(st.integers(0, 5)) == 0:
                del part[place[-1]]
            elif draw(st.integers(0, 5)) == 0 and isinstance(part, list):
                part.append(copy.deepcopy(part[0]))
            else:
                part[place[-1]] = draw(values)
        except (KeyError, IndexError, TypeError):
            continue
    return study


@pytest.mark.slow
@given(broken())
@settings(max_examples=120, deadline=None)
def test_a_broken_study_is_read_as_a_valid_protocol_or_refused(study: u.Json) -> None:
    document = u.document(study)
    for timeline in (None, "Hours"):
        try:
            imported = read_study(document, timeline=timeline)
        except PlannerError:
            continue
        # `problems` of the file itself (control characters) are the reader's to report.
        assert imported.document.problems == ()
        made = validate_model(Protocol, imported.document)
        assert made.epochs
        assert not [one for one in texts(imported.document.data) if has_amount(one)]
        text = protocol_yaml(imported.document.data)
        data, mark, problems = compose_yaml("study.yaml", text)
        assert not problems
        again = validate_model(Protocol, Document("study.yaml", data, mark, text.split("\n")))
        assert again == made
