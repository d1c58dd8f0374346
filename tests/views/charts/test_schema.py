"""The schema of a trial: its phases in order, its arms side by side, and nothing that unblinds."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

import planner
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.views.charts.course import study_course
from planner.views.charts.draw_schema import draw_schema
from planner.views.charts.palette import DARK, LIGHT
from planner.views.charts.picture import Picture, Symbol
from planner.views.charts.schema import SchemaTable, schema_table
from planner.views.charts.svg import svg

Troubles = Callable[[str], list[str]]


def schema(name: str) -> SchemaTable:
    return schema_table(planner.load(name).protocol)


def two_arms(**changes: object) -> Protocol:
    visits = [
        {"id": "base"},
        {"id": "dosing", "after": {"visit": "base", "within": "1w..10d", "target": "1w"}},
        {"id": "extra", "arms": "red", "after": {"visit": "dosing", "target": "1w"}},
        {"id": "end", "after": {"visit": "dosing", "within": "2w..3w", "target": "2w"}},
    ]
    return Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "A small study", "version": "1",
            "status": "illustrative", "design": "open-label", "anchor": "base",
            "arms": [{"id": "red", "title": "Red arm"}, {"id": "blue", "label": "9 mg"}],
            "epochs": [
                {"id": "screening", "visits": visits[:1]},
                {"id": "treatment", "visits": visits[1:]},
            ],
            **changes,
        }
    )  # fmt: skip


def signs(picture: Picture) -> list[Symbol]:
    return [item for at, item in picture.items if at == "mark" and isinstance(item, Symbol)]


def test_phases_follow_each_other_and_arms_part_at_the_first_dosing_session() -> None:
    table = schema("mapp1")
    titles = [phase.title for phase in table.phases]
    assert titles[:4] == ["Screening", "Preparation", "Treatment", "Interim assessments"]
    assert table.phases[table.parting].title == "Treatment"
    assert table.lanes == ("MDMA-assisted therapy", "Placebo with identical therapy")
    assert table.ratio == "1:1"


def test_a_picture_shows_the_ratio_the_arms_and_the_study_days() -> None:
    texts = [words.text for words in draw_schema(schema("mapp1"), LIGHT, 840).words]
    assert "1:1" in texts
    assert "Placebo with identical therapy" in texts
    assert {"-31", "1", "15", "43", "71", "127"} <= set(texts)


def test_an_allocation_in_words_stands_in_words_and_a_ratio_needs_an_arm_for_each_part() -> None:
    assert schema_table(two_arms(allocation="1:1, stratified by site")).ratio == "1:1"
    assert schema_table(two_arms(allocation="2:1:1")).ratio == ""
    assert schema_table(two_arms(allocation="by the toss of a coin")).ratio == ""
    assert "allocation 2:1:1" in schema_table(two_arms(allocation="2:1:1")).about[1]


def test_an_open_study_shows_what_only_one_arm_has() -> None:
    table = schema_table(two_arms())
    lanes = {visit.id: set(visit.days) for phase in table.phases for visit in phase.visits}
    assert lanes == {"base": {0, 1}, "dosing": {0, 1}, "extra": {0}, "end": {0, 1}}


def test_arms_of_a_blinded_study_look_alike_and_no_amount_is_shown() -> None:
    table = schema_table(two_arms(design="double-blind"))
    assert all(set(visit.days) == {0, 1} for phase in table.phases for visit in phase.visits)
    assert "extra" not in {visit.id for phase in table.phases for visit in phase.visits}
    picture = draw_schema(table, LIGHT, 840)
    parted = [sign for sign in signs(picture) if sign.tip and dict(sign.tip)["title"] != "V01 base"]
    rows = {y: [(sign.x, sign.shape) for sign in parted if sign.y == y] for y in
            {sign.y for sign in parted}}  # fmt: skip
    assert len(rows) == 2
    first, other = rows.values()
    assert first == other
    assert "9 mg" not in repr(picture)


def test_blinded_arms_that_differ_in_their_days_are_one_line_without_a_name() -> None:
    end = {"id": "end", "after": {"visit": "base", "within": "2w..9w", "target": "2w"}}
    later = {"by_arm": {"blue": {"after": {"visit": "base", "within": "2w..9w", "target": "8w"}}}}
    epochs = [{"id": "all", "visits": [{"id": "base"}, {**end, **later}]}]
    table = schema_table(two_arms(design="double-blind", epochs=epochs))
    assert table.lanes == ("",)
    assert any("differ in their days" in note for note in table.notes)
    assert "Red arm" not in repr(draw_schema(table, LIGHT, 840))


@pytest.mark.parametrize("name", library_ids())
def test_a_schema_has_the_visits_and_days_of_the_course(name: str) -> None:
    protocol = planner.load(name).protocol
    arm = protocol.arms[0].id if protocol.arms else None
    rows = {row.id: row.target for row in study_course(protocol, arm).rows if row.target}
    shown = {visit.id: visit.days.get(0) for phase in schema(name).phases for visit in phase.visits}
    assert rows.items() <= shown.items()


@pytest.mark.parametrize("name", library_ids())
def test_no_label_of_a_schema_covers_another_or_leaves_the_picture(
    troubles: Troubles, name: str
) -> None:
    table = schema(name)
    for theme, width in ((LIGHT, 840), (DARK, 390), (LIGHT, 320), (LIGHT, 1400)):
        drawn = svg(draw_schema(table, theme, width))
        assert not troubles(drawn), width
        ElementTree.fromstring(drawn)


@pytest.mark.parametrize("name", library_ids())
def test_each_arm_has_a_sign_for_each_of_its_visits(name: str) -> None:
    table = schema(name)
    drawn = [sign for sign in signs(draw_schema(table, LIGHT, 840)) if sign.tip]
    expected = sum(
        len(visit.days) if number >= table.parting else 1
        for number, phase in enumerate(table.phases)
        for visit in phase.visits
    )
    assert len(drawn) == expected


def test_contradicting_rules_are_the_trouble_of_the_picture() -> None:
    table = schema("examples/collision.yaml")
    assert not table.consistent
    assert "contradict" in draw_schema(table, LIGHT, 840).trouble
    assert not draw_schema(schema("mapp1"), LIGHT, 840).trouble


@pytest.mark.parametrize("name", ["mapp1", "comp001"])
def test_a_schema_stands_in_one_strip_on_two_columns_of_a_journal(name: str) -> None:
    assert not arrows(draw_schema(schema(name), LIGHT, 658))
    assert arrows(draw_schema(schema(name), LIGHT, 390))


def arrows(picture: Picture) -> list[Symbol]:
    """The arrows that say that a strip goes on below."""
    return [item for at, item in picture.items if at == "line" and isinstance(item, Symbol)]
