"""What happens inside visits, and what a study says of itself."""

import json
from typing import Any

import pytest
import usdm_studies as u
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.load import load_protocol
from planner.formats.usdm import study_data
from planner.formats.usdm.extensions.attributes import EXTENSIONS
from planner.formats.usdm.read import read_study
from planner.protocol.document import Document, DocumentError, Position
from planner.protocol.expand import expand
from planner.protocol.imported_document import Imported, Origin
from planner.protocol.json_reading import compose_json
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.schedule.run_sheet import sheet_times


def read(study: u.Json, **options: Any) -> Imported:
    return read_study(u.document(study), **options)


def protocol(imported: Imported) -> Protocol:
    return validate_model(Protocol, imported.document)


def offsets(imported: Imported, visit: str) -> dict[str, int]:
    found = expand(protocol(imported)).visit(visit).visit
    assert found.run_sheet is not None
    return {time.id: time.planned for time in sheet_times(found)}


def told(imported: Imported, kind: str) -> list[str]:
    return [one.message for one in imported.remarks if one.kind == kind]


HOURS = u.timeline(
    "Hours",
    u.item("H0"),
    u.item("H1", activities=["ECG"]),
    u.item("H2"),
    timings=[
        u.fixed("H0", "PT0M"),
        u.after("H1", "PT1H", "H0", window=("PT5M", "PT10M")),
        u.after("H2", "PT30M", "H1", ends="End to Start"),
    ],
)


def test_a_sub_timeline_of_an_instance_is_the_run_sheet_of_its_visit() -> None:
    imported = read(u.study(u.main(u.visit("A", timeline="Hours")), HOURS))
    assert offsets(imported, "a") == {"h0": 0, "h1": 60, "h2": 90}
    (line,) = [
        item
        for item in protocol(imported).epochs[0].visits[0].run_sheet.items  # type: ignore[union-attr]
        if item.id == "h1"
    ]
    assert (str(line.within), str(line.target), line.after) == ("55min..70min", "1h", "h0")
    assert line.activity == "ecg"


def test_a_sub_timeline_of_an_activity_is_that_of_each_visit_with_it() -> None:
    imported = read(
        u.study(
            u.main(u.visit("A", activities=["BP"]), u.visit("B"), u.visit("C", activities=["BP"])),
            HOURS,
            activities=[u.activity("BP", timeline="Hours")],
        )
    )
    found = expand(protocol(imported))
    assert [visit.visit.run_sheet is not None for visit in found.visits] == [True, False, True]


def test_several_sub_timelines_of_a_visit_are_joined_with_prefixed_ids() -> None:
    other = u.timeline("Labs", u.item("H0"), timings=[u.fixed("H0", "PT0M")])
    imported = read(
        u.study(
            u.main(u.visit("A", activities=["BP"], timeline="Labs")),
            HOURS,
            other,
            activities=[u.activity("BP", timeline="Hours")],
        )
    )
    assert offsets(imported, "a") == {
        "labs-h0": 0,
        "hours-h0": 0,
        "hours-h1": 60,
        "hours-h2": 90,
    }


def test_a_sub_timeline_that_holds_itself_ends() -> None:
    own = u.timeline("Own", u.item("X", activities=["BP"]), timings=[u.fixed("X", "PT0M")])
    study = u.study(
        u.main(u.visit("A", activities=["BP"])),
        own,
        activities=[u.activity("BP", timeline="Own")],
    )
    imported = read(study)
    assert offsets(imported, "a") == {"x": 0}
    assert any("holds itself" in message for message in told(imported, "left-out"))


def test_a_line_without_timing_is_at_the_time_of_the_line_before_it() -> None:
    loose = u.timeline(
        "Loose", u.item("X"), u.item("Y"), u.item("Z"),
        timings=[u.fixed("X", "PT0M"), u.after("Y", "PT5M", "X")],
    )  # fmt: skip
    imported = read(u.study(u.main(u.visit("A", timeline="Loose")), loose))
    assert offsets(imported, "a") == {"x": 0, "y": 5, "z": 5}
    assert any("the line before it" in message for message in told(imported, "reading"))


def test_lines_before_the_zero_move_the_zero_and_not_the_lines() -> None:
    early = u.timeline(
        "Early", u.item("X"), u.item("Y"),
        timings=[u.before("X", "PT20M", "Y"), u.fixed("Y", "PT0M")],
    )  # fmt: skip
    imported = read(u.study(u.main(u.visit("A", timeline="Early")), early))
    assert offsets(imported, "a") == {"x": 0, "y": 20}


@given(st.data())
def test_lines_lie_where_adding_up_their_timings_puts_them(data: st.DataObject) -> None:
    ends = ["Start to Start", "End to Start", "Start to End", "End to End"]
    expected = {"l0": 0}
    lines = [u.item("L0")]
    timings = [u.fixed("L0", "PT0M")]
    for number in range(1, data.draw(st.integers(2, 8))):
        before = data.draw(st.integers(0, number - 1))
        minutes = data.draw(st.integers(0, 90))
        way = data.draw(st.sampled_from(["After", "Before"]))
        end = data.draw(st.sampled_from(ends))
        name = f"L{number}"
        lines.append(u.item(name))
        timings.append(u.timing(name, way, f"PT{minutes}M", f"L{before}", ends=end))
        sign = 1 if way == "After" else -1
        expected[f"l{number}"] = expected[f"l{before}"] + sign * minutes
    sheet = u.timeline("Sheet", *lines, timings=timings)
    imported = read(u.study(u.main(u.visit("A", timeline="Sheet")), sheet))
    first = min(expected.values())
    assert offsets(imported, "a") == {name: at - first for name, at in expected.items()}


def test_days_inside_a_visit_are_elapsed_time() -> None:
    long = u.timeline(
        "Long", u.item("X"), u.item("Y"), timings=[u.fixed("X", "PT0M"), u.after("Y", "P1D", "X")]
    )
    imported = read(u.study(u.main(u.visit("A", timeline="Long")), long))
    assert offsets(imported, "a") == {"x": 0, "y": 1440}
    assert any("days inside a visit" in message for message in told(imported, "reading"))


def test_a_heading_stands_for_its_children() -> None:
    imported = read(
        u.study(
            u.main(u.visit("A", activities=["Safety"])),
            activities=[
                u.activity("Safety", children=["ECG", "Labs"]), u.activity("ECG"),
                u.activity("Labs"),
            ],
        )
    )  # fmt: skip
    found = protocol(imported)
    assert found.epochs[0].visits[0].activities == ("ecg", "labs")
    assert set(found.activities) == {"ecg", "labs"}


def test_conditions_and_notes_are_footnotes_of_what_they_are_about() -> None:
    imported = read(
        u.study(
            u.main(u.visit("A", activities=["ECG"]), u.visit("B", activities=["Labs"])),
            activities=[u.activity("ECG", notes=["Twelve <b>leads</b>"]), u.activity("Labs")],
            conditions=[
                u.condition("FASTING", "Fasting &amp; rested", context=["B"], to=["Labs"]),
                u.condition("LOST", "About nothing", to=["Gone"]),
            ],
        )
    )
    found = protocol(imported)
    assert found.footnotes == {"fasting": "Fasting & rested", "note": "Twelve leads"}
    assert found.epochs[0].visits[1].footnotes == ("fasting",)
    assert found.activities["labs"].footnotes == ("fasting",)
    assert found.activities["ecg"].footnotes == ("note",)
    assert any("`LOST`" in message for message in told(imported, "left-out"))


def test_amounts_stand_only_in_the_label_of_an_arm() -> None:
    study = u.study(
        u.main(u.visit("DOSE 25 mg", "Dosing with 25 mg")),
        title="25 mg against 1 mg",
        arms=("25 mg", "1 mg"),
    )
    found = protocol(read(study))
    assert [(arm.id, arm.title, arm.label) for arm in found.arms] == [
        ("arm", None, "25 mg"),
        ("arm-2", None, "1 mg"),
    ]
    assert found.title == "[amount left out] against [amount left out]"
    assert found.epochs[0].visits[0].id == "dose"


def test_a_threshold_in_blood_is_no_amount() -> None:
    study = u.study(
        u.main(u.visit("A")),
        conditions=[u.condition("STOP", "Stopped below 60 mg/dL", context=["A"])],
    )
    assert protocol(read(study)).footnotes["stop"] == "Stopped below 60 mg/dL"


def test_blinding_that_masks_nobody_in_the_room_blinds_participants_too() -> None:
    study = u.study(u.main(u.visit("A")), arms=("X", "Y"), blinding="Double Blind Study")
    version = study["study"]["versions"][0]
    version["roles"] = [
        {"id": "Role_1", "code": u.code("Sponsor"), "masking": {"isMasked": True, "text": "yes"}}
    ]
    found = protocol(read(study))
    assert (found.design, found.blinded) == (("double-blind", "parallel"), ())
    assert found.hides_plans
    version["roles"].append(
        {"id": "Role_2", "code": u.code("Study Subject"), "masking": {"isMasked": True}}
    )
    assert protocol(read(study)).blinded == ("sponsor", "participant")


def test_what_is_not_about_the_schedule_is_one_line() -> None:
    study = u.study(u.main(u.visit("A")))
    study["study"]["versions"][0]["amendments"] = [{}, {}]
    u.design_of(study)["objectives"] = [{}]
    (message,) = told(read(study), "left-out")
    assert "2 amendments, 1 objectives" in message


def test_extension_attributes_of_others_are_counted_by_address() -> None:
    study = u.study(u.main(u.visit("A")))
    attribute = {"id": "x", "url": "https://example.org/x", "valueString": "1"}
    u.design_of(study)["extensionAttributes"] = [attribute, attribute]
    (message,) = told(read(study), "left-out")
    assert "2 x `https://example.org/x`" in message


def test_an_encounter_scheduled_at_the_timing_of_another_is_told() -> None:
    study = u.study(
        u.main(u.visit("A"), u.visit("B"), timings=[u.fixed("A"), u.after("B", "P1W", "A")])
    )
    u.design_of(study)["encounters"][0]["scheduledAtId"] = "Timing_B"
    assert any("of another encounter" in message for message in told(read(study), "reading"))
    u.design_of(study)["encounters"][0]["scheduledAtId"] = "Timing_A"
    assert told(read(study), "reading") == []


def test_a_key_that_stands_twice_is_told() -> None:
    study = json.dumps(u.study(u.main(u.visit("A"))), indent=1)
    twice = study.replace('"name": "TINY"', '"name": "TINY",\n  "name": "OTHER"', 1)
    line = twice[: twice.index('"OTHER"')].count("\n") + 1
    data, mark, problems = compose_json("study.json", twice)
    imported = read_study(Document("study.json", data, mark, twice.split("\n"), tuple(problems)))
    (remark,) = [one for one in imported.remarks if "duplicate key `name`" in one.message]
    assert remark.kind == "mistake"
    assert remark.origin == Origin("$.study.name", Position(line, 3))


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('"versions": []', "the study has no `versions`"),
        ('"versions": [{"id": "V"}]', "the study has no design"),
    ],
)
def test_a_key_that_stands_twice_is_told_of_a_study_that_cannot_be_read(
    written: str, wrong: str
) -> None:
    text = (
        '{"usdmVersion": "4.0.0", "study": {"id": "S",\n"id": "T", "name": "x", ' + written + "}}"
    )
    data, mark, problems = compose_json("study.json", text)
    with pytest.raises(DocumentError) as caught:
        read_study(Document("study.json", data, mark, text.split("\n"), tuple(problems)))
    assert {str(one.message) for one in caught.value.problems} == {
        wrong,
        "duplicate key `id`, first on line 1",
    }


def test_a_study_of_version_3_keeps_things_in_its_design() -> None:
    study = u.study(u.main(u.visit("A")), arms=("X", "Y"), usdm_version="3.0.0")
    version = study["study"]["versions"][0]
    design = u.design_of(study)
    design["interventionModel"] = u.code("Crossover Study")
    del design["model"], version["roles"], version["studyInterventions"], version["conditions"]
    design["maskingRoles"] = [{"id": "Masking_1", "role": u.code("Subject")}]
    design["studyInterventions"] = [{"id": "Intervention_1", "name": "LSD 100 µg"}]
    design["conditions"] = [u.condition("FASTING", "Fasting", context=["A"])]
    version["studyIdentifiers"] = [{"id": "Identifier_1", "studyIdentifier": "NCT00000000"}]
    design["encounters"][0]["environmentalSetting"] = [u.code("Participant's home")]
    del design["encounters"][0]["environmentalSettings"]
    found = protocol(read(study))
    assert found.design == ("open-label", "crossover")
    assert found.blinded == ("participant",)
    assert found.substance == ("lsd",)
    assert found.footnotes == {"fasting": "Fasting"}
    assert found.registry == ("NCT00000000",)
    assert found.epochs[0].visits[0].mode == "home"


@pytest.mark.parametrize("number", ["1.9", "2.11.0"])
def test_a_study_of_an_older_version_is_refused(number: str) -> None:
    with pytest.raises(DocumentError, match="versions 3 and 4 are"):
        read(u.study(u.main(u.visit("A")), usdm_version=number))


def test_a_study_without_any_visit_is_refused() -> None:
    with pytest.raises(DocumentError, match="has a visit"):
        read(u.study(u.main()))


def test_targets_without_window_are_days_or_preferences() -> None:
    study = u.study(u.main(u.visit("A")))
    assert protocol(read(study)).conventions.target_without_window == "exact"
    found = protocol(read(study, targets="preferred"))
    assert found.conventions.target_without_window == "preferred"


def test_what_our_exporter_wrote_comes_back_equal_and_without_a_remark() -> None:
    wanted = load_protocol("mapp1").protocol
    imported = read(study_data(wanted))
    assert protocol(imported) == wanted
    assert imported.remarks == ()


def test_a_field_changed_in_another_program_wins_over_its_attribute() -> None:
    wanted = load_protocol("mapp1").protocol
    text = json.dumps(study_data(wanted))
    study = json.loads(text)
    instance = u.design_of(study)["scheduleTimelines"][0]["instances"][0]
    instance["label"] = "Another first visit"
    imported = read(study)
    assert protocol(imported).epochs[0].visits[0].title == "Another first visit"


def test_attributes_that_make_no_valid_protocol_are_not_used() -> None:
    study = study_data(load_protocol("mapp1").protocol)
    spoilt = 0
    for attribute in attributes(study):
        if attribute["url"] == EXTENSIONS + "value":
            attribute["valueString"] = "[1, 2]"
            spoilt += 1
    imported = read(study)
    assert spoilt
    assert protocol(imported).epochs
    assert any("make no valid protocol" in message for message in told(imported, "mistake"))


def attributes(part: Any) -> list[u.Json]:
    """All extension attributes, those inside others too."""
    if isinstance(part, list):
        return [one for value in part for one in attributes(value)]
    if not isinstance(part, dict):
        return []
    own = [part] if "url" in part else []
    return own + [one for value in part.values() for one in attributes(value)]


def test_what_is_wrong_with_the_file_itself_is_told_at_its_place() -> None:
    study = u.study(u.main(u.visit("A", "bell \x07"), u.visit("B"), timings=[u.fixed("A")]))
    imported = read_study(u.document(study))
    (remark,) = [one for one in imported.remarks if "control character" in one.message]
    assert remark.kind == "mistake"
    assert remark.origin.text.endswith(".scheduleTimelines[0].instances[0].label")
    assert remark.origin.position.line > 1
