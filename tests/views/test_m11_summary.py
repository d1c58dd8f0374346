"""The summary under the headings of ICH M11: schema, activities of each arm, serial tables."""

from io import BytesIO
from typing import Any

import pytest
from example_protocol import example_file

from planner.formats.load import load_protocol
from planner.notice import NOTICE
from planner.protocol.library import library_ids
from planner.views.m11_summary import m11_summary
from planner.views.tables.document import (
    TableDocument,
    document_html,
    document_markdown,
    document_text,
)

SAMPLED = """\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        title: Dosing day
        duration: 3h
        after: {visit: baseline, within: 1w}
        run_sheet: [{id: dose, at: 0min}, {id: sample, title: Blood sample, at: 2h, within: ±5min}]
"""


def summary(fragment: str) -> TableDocument:
    return m11_summary(example_file(fragment).protocol)


def headings(document: TableDocument) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in document.sections]


def test_serial_tables_stand_apart_below_the_headings_of_the_template() -> None:
    document = summary(SAMPLED)
    assert headings(document) == [
        (1, "1 PROTOCOL SUMMARY"),
        (2, "1.2 Trial Schema"),
        (2, "1.3 Schedule of Activities"),
        (3, "Serial table: V02 Dosing day"),
    ]
    serial = document.sections[-1].grid
    assert serial is not None
    assert any("Blood sample" in cell for line in serial.lines for cell in line.cells)


def test_arms_with_other_schedules_have_tables_of_their_own() -> None:
    document = m11_summary(load_protocol("jhu-mdd").protocol)
    assert [text for level, text in headings(document) if level == 3] == [
        "Arm immediate",
        "Arm delayed",
    ]


def test_the_schema_has_a_cell_for_each_arm_and_epoch() -> None:
    document = m11_summary(load_protocol("comp006").protocol)
    schema = document.sections[1].grid
    assert schema is not None
    assert schema.heads[0][1] == "Screening"
    (line,) = schema.lines
    assert line.cells[2] == "2 visits, 2 dosing sessions, Day 1 to 22"


@pytest.mark.parametrize("name", library_ids())
def test_the_notice_stands_once_and_conformity_is_not_claimed(name: str) -> None:
    document = m11_summary(load_protocol(name).protocol)
    text = " ".join(document_text(document, width=80, color=False).split())
    assert text.count(NOTICE) == 1
    assert "has not been examined" in text
    assert max(map(len, document_text(document, width=80, color=False).splitlines())) <= 80


def test_markup_keeps_the_headings_and_lets_nothing_act() -> None:
    hostile = SAMPLED.replace("Dosing day", "<b>x</b>")
    document = summary(hostile)
    for text in (document_html(document), document_markdown(document)):
        assert "<b>" not in text
    assert "<h2>1.3 Schedule of Activities</h2>" in document_html(document)
    assert "\n## 1.3 Schedule of Activities\n" in document_markdown(document)


def test_a_document_for_word_has_real_headings_and_tables() -> None:
    docx = pytest.importorskip("docx", reason="documents for Word need the extra `docx`")
    from planner.views.tables.docx import write_sections

    file = BytesIO()
    write_sections(summary(SAMPLED), file)
    document: Any = docx.Document(BytesIO(file.getvalue()))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["1 PROTOCOL SUMMARY"] == "Heading 1"
    assert styles["1.3 Schedule of Activities"] == "Heading 2"
    assert len(document.tables) == 3
