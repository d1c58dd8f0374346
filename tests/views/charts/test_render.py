"""Pictures as files: equal bytes, alternative text, selectable text, and nothing that is obeyed."""

import builtins
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import planner
from planner.errors import PlannerError
from planner.protocol.model import Protocol
from planner.views.charts.chart import KINDS, chart_of, comparison_of, rendered
from planner.views.charts.palette import DARK, LIGHT, contrast
from planner.views.charts.picture import Picture
from planner.views.charts.render import render, render_html, render_svg, specification

pytest.importorskip("vl_convert")
alt = pytest.importorskip("altair")

NASTY = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "R&D \"quoted\" 'single'",
    "]]><!-- --!> <b>",
    "\x1b[31m\u202eleft\u0007",
    "javascript:alert(1)",
    "{{7*7}} ${datum.x} `x`",
)


def nasty(text: str) -> Protocol:
    from planner.protocol.load import ProtocolFile

    file: ProtocolFile = planner.load("mapp1")
    data = file.protocol
    epochs = [
        epoch.model_copy(
            update={
                "title": text,
                "visits": tuple(visit.model_copy(update={"title": text}) for visit in epoch.visits),
            }
        )
        for epoch in data.epochs
    ]
    roles = {key: role.model_copy(update={"title": text}) for key, role in data.roles.items()}
    return data.model_copy(update={"title": text, "epochs": tuple(epochs), "roles": roles})


def picture(kind: str = "course", name: str = "mapp1", width: int = 840) -> Picture:
    return chart_of(planner.load(name).protocol, kind)(LIGHT, width)  # type: ignore[arg-type]


class Page(HTMLParser):
    """What a browser would make of a page: its tags, and what lies in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script":
            self.scripts[-1] += data


@pytest.mark.parametrize("output_format", ["svg", "png", "pdf", "html"])
def test_equal_input_gives_equal_bytes(output_format: str) -> None:
    drawing = chart_of(planner.load("mapp1").protocol)
    first = rendered(drawing, output_format)[0]
    rendered(chart_of(planner.load("mapp1").protocol, "network"), "svg")  # something in between
    assert rendered(drawing, output_format)[0] == first


@pytest.mark.slow
def test_another_process_writes_the_same_bytes() -> None:
    code = (
        "import planner, sys; sys.stdout.buffer.write("
        "planner.chart(planner.load('psilodep-1'), output_format='pdf'))"
    )
    written = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(planner.__file__).parents[1])},
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]
    assert written[0].startswith(b"%PDF")


@pytest.mark.parametrize("kind", KINDS)
def test_an_svg_says_what_it_shows(kind: str) -> None:
    one = picture(kind)
    root = ElementTree.fromstring(render_svg(one))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == one.title
    title, description, *_ = root
    assert title.tag.endswith("title")
    assert title.text == one.title
    assert description.tag.endswith("desc")
    assert description.text == one.description
    assert root.attrib["aria-describedby"] == description.attrib["id"]
    assert len(one.description) > 80


def test_the_parts_of_an_svg_have_no_roles_of_their_own() -> None:
    assert "aria-roledescription" not in render_svg(picture())
    assert render_svg(picture()).count("role=") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_pdf_can_be_selected(kind: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    one = picture(kind)
    reader = pypdf.PdfReader(io.BytesIO(render(one, "pdf")))
    text = re.sub(r"\s+", "", reader.pages[0].extract_text())
    for words in one.words:
        assert re.sub(r"\s+", "", words.text) in text
    assert "/CreationDate" not in (reader.metadata or {})


def test_a_png_is_twice_as_large_as_the_picture_and_tells_no_time() -> None:
    one = picture("day")
    data = render(one, "png")
    assert int.from_bytes(data[16:20], "big") == 2 * one.width
    assert int.from_bytes(data[20:24], "big") == 2 * one.height
    assert b"tIME" not in data[:200]
    assert b"tEXt" not in data[:200]


def test_the_specification_is_what_the_grammar_of_vega_lite_allows() -> None:
    for kind in KINDS:
        found = specification(picture(kind))
        found.pop("$schema")
        alt.Chart.from_dict(found)


def test_a_page_opens_without_a_network_and_holds_one_script() -> None:
    text = render_html([picture(), picture(width=390)]).decode()
    page = Page(text)
    assert page.tags.count("script") == 1
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href", "srcset", "action"}
    assert not [name for name in names if name.startswith("on")]
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert "url(" not in text.partition("<script>")[0]
    for script in re.findall(r"vegaEmbed\(.*", text)[-2:]:
        assert script.startswith(('vegaEmbed("#wide", {', 'vegaEmbed("#narrow", {'))
        assert '"actions": false' in script


def test_a_page_tells_the_same_in_words_and_rows() -> None:
    one = picture()
    text = render_html([one]).decode()
    assert f'aria-label="{one.title}"' in text
    assert one.description in text
    assert text.partition("<script>")[0].count("<tr>") == len(one.table)
    assert 'scope="col"' in text
    assert '<html lang="en">' in text


def test_hovering_shows_details() -> None:
    found = specification(picture())
    tips = [
        row["tip"] for layer in found["layer"] for row in layer["data"]["values"] if row.get("tip")
    ]
    assert {"title", "Window as written", "All rules leave"} <= set(tips[0])
    # The renderer would show an address under this name as an image.
    assert not any("image" in tip for tip in tips)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("kind", KINDS)
def test_titles_are_never_obeyed_in_a_picture(text: str, kind: str) -> None:
    drawing = chart_of(nasty(text), kind)  # type: ignore[arg-type]
    one = drawing(LIGHT, 840)
    root = ElementTree.fromstring(render_svg(one))
    allowed = {"svg", "title", "desc", "g", "path", "rect", "text"}
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in allowed
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
    raw = render_svg(one)
    assert "\x1b" not in raw
    assert "\u202e" not in raw
    assert "\x07" not in raw
    if kind == "day":  # the smallest
        assert render(one, "pdf").startswith(b"%PDF")
        assert render(one, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("text", NASTY)
def test_titles_are_never_obeyed_in_a_page(text: str) -> None:
    plain = Page(render_html([chart_of(nasty("plain"))(LIGHT, 840)]).decode())
    raw = render_html([chart_of(nasty(text))(LIGHT, 840)]).decode()
    page = Page(raw)
    assert page.tags == plain.tags
    assert [name for name, _ in page.attributes] == [name for name, _ in plain.attributes]
    assert len(page.scripts) == 1
    data = page.scripts[0].rpartition('vegaEmbed("#wide", ')[2]
    found, _ = json.JSONDecoder().raw_decode(data)
    assert found["layer"]
    assert "\x1b" not in raw
    assert "\u202e" not in raw


def test_titles_stand_in_the_picture_as_they_are_written() -> None:
    one = chart_of(nasty("R&D <b>"))(LIGHT, 840)
    root = ElementTree.fromstring(render_svg(one))
    assert "R&D <b>" in [element.text for element in root.iter()]


def test_very_long_titles_are_broken_and_never_cut(troubles: Any) -> None:
    text = "A very long title that goes on " * 6 + "x" * 150
    for kind in KINDS:
        drawing = chart_of(nasty(text), kind)
        for width in (390, 840):
            one = drawing(LIGHT, width)
            assert not troubles(render_svg(one))
            shown = "".join(words.text for words in one.words).replace(" ", "")
            assert text.replace(" ", "") in shown


def test_both_themes_draw_the_same_places_in_other_colours() -> None:
    drawing = chart_of(planner.load("mapp1").protocol)
    light, dark = drawing(LIGHT, 840), drawing(DARK, 840)
    assert [one.box for one in light.words] == [one.box for one in dark.words]
    for words in dark.words:
        assert contrast(words.color, DARK.paper) >= 4.5


@pytest.mark.parametrize("missing", ["altair", "vl_convert"])
def test_without_the_extra_the_answer_says_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == missing:
            raise ImportError(f"No module named {name}", name=name)
        return real(name, *rest)

    one = picture()
    monkeypatch.setattr(builtins, "__import__", refuse)
    for call in (lambda: render(one, "svg"), lambda: render_html([one])):
        with pytest.raises(PlannerError, match=r"trial-session-planner\[charts\]"):
            call()


def test_widths_themes_and_formats_that_make_no_sense_are_refused() -> None:
    drawing = comparison_of([planner.load("mapp1").protocol])
    for wrong in ({"width": 319}, {"width": 2001}, {"theme": "sepia"}):
        with pytest.raises(PlannerError):
            rendered(drawing, "svg", **wrong)  # type: ignore[arg-type]
    with pytest.raises(PlannerError):
        rendered(drawing, "gif")


def test_the_api_draws_what_the_command_line_draws() -> None:
    file = planner.load("mapp1")
    assert planner.chart(file, width=500) == rendered(chart_of(file.protocol), "svg", width=500)[0]
    assert b"aligned at the first dosing session" in planner.chart_comparison([file])
