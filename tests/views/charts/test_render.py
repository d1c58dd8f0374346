"""Pictures as files: equal bytes, alternative text, selectable text, and nothing that is obeyed."""

import builtins
import io
import re
import struct
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
from planner.views.charts import metrics
from planner.views.charts.chart import KINDS, chart_of, comparison_of, rendered
from planner.views.charts.palette import DARK, LIGHT, contrast
from planner.views.charts.picture import Frame, Picture, TextLine
from planner.views.charts.render import render
from planner.views.charts.svg import svg

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
    from planner.protocol.file import ProtocolFile

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
    """What a browser would make of a page: its tags and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("output_format", ["svg", "png", "pdf", "html"])
def test_equal_input_gives_equal_bytes(output_format: str) -> None:
    drawing = chart_of(planner.load("mapp1").protocol)
    first = rendered(drawing, output_format)[0]
    rendered(chart_of(planner.load("mapp1").protocol, "network"), "svg")  # something in between
    assert rendered(drawing, output_format)[0] == first


def print_sizes(width_mm: float) -> tuple[tuple[int, int, int], list[float], str]:
    """Of a schema: pixels and dots a metre of its PNG, points of its PDF, the head of its SVG."""
    drawing = chart_of(planner.load("comp001").protocol, "schema")
    png, pdf, drawn = (
        rendered(drawing, suffix, width_mm=width_mm)[0] for suffix in ("png", "pdf", "svg")
    )
    wide, high = struct.unpack(">II", png[16:24])
    dots = struct.unpack(">I", png[png.index(b"pHYs") + 4 :][:4])[0]
    box = re.search(rb"MediaBox ?\[([^\]]*)\]", pdf)
    assert box is not None
    return (wide, high, dots), [float(end) for end in box[1].split()], drawn[:400].decode()


def test_a_width_in_millimetres_is_that_of_the_print() -> None:
    (wide, _, dots), box, drawn = print_sizes(174)
    assert abs(wide - 174 / 25.4 * 300) <= 2
    assert abs(dots - 300 / 0.0254) <= 1
    assert abs(box[2] - 174 / 25.4 * 72) < 1
    assert 'width="174mm"' in drawn
    assert 'viewBox="0 0 658 ' in drawn


@pytest.mark.parametrize(
    "sizes", [{"width_mm": 20}, {"width_mm": 900}, {"width": 840, "width_mm": 174}]
)
def test_a_width_that_no_picture_has_is_refused(sizes: dict[str, Any]) -> None:
    with pytest.raises(PlannerError, match=r"mm wide|not in both"):
        rendered(chart_of(planner.load("comp001").protocol), "svg", **sizes)


def test_a_text_is_as_wide_as_its_letters_in_every_font_and_estimates_are_not_forced() -> None:
    wide, estimated = "Screening", "Скрининг"
    one = picture()._replace(
        items=(
            ("words", TextLine(10, 20, wide, 12, "#000000")),
            ("words", TextLine(10, 40, estimated, 12, "#000000")),
        )
    )
    texts = [
        element for element in ElementTree.fromstring(svg(one)) if element.text in (wide, estimated)
    ]
    assert float(texts[0].attrib["textLength"]) == pytest.approx(metrics.width(wide, 12), abs=0.01)
    assert texts[0].attrib["lengthAdjust"] == "spacingAndGlyphs"
    assert "textLength" not in texts[1].attrib


@pytest.mark.parametrize("kind", KINDS)
def test_title_and_notes_are_left_out_on_request_and_stay_in_the_description(kind: str) -> None:
    drawing = chart_of(planner.load("mapp1").protocol, kind)  # type: ignore[arg-type]
    whole = drawing(LIGHT, 840)
    bare = drawing(LIGHT, 840, Frame(title=False, footer=False))
    assert bare.height < whole.height
    texts, kept = ([words.text for words in one.words] for one in (bare, whole))
    assert any(text.startswith("Research and education only") for text in kept)
    assert not any(text.startswith("Research and education only") for text in texts)
    assert "Research and education only" in bare.description
    assert any("MAPP1" in text for text in kept) or kind == "day"
    assert not any("MAPP1" in text for text in texts)
    assert bare.title == whole.title


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
    root = ElementTree.fromstring(svg(one))
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
    assert "aria-roledescription" not in svg(picture())
    assert svg(picture()).count("role=") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_pdf_can_be_selected(kind: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    one = picture(kind)
    reader = pypdf.PdfReader(io.BytesIO(render([one], "pdf")))
    text = re.sub(r"\s+", "", reader.pages[0].extract_text())
    for words in one.words:
        assert re.sub(r"\s+", "", words.text) in text
    assert "/CreationDate" not in (reader.metadata or {})


def test_a_png_is_twice_as_large_as_the_picture_and_tells_no_time() -> None:
    one = picture("day")
    data = render([one], "png")
    assert int.from_bytes(data[16:20], "big") == 2 * one.width
    assert int.from_bytes(data[20:24], "big") == 2 * one.height
    assert b"tIME" not in data[:200]
    assert b"tEXt" not in data[:200]


def test_a_page_opens_without_a_network_and_runs_nothing() -> None:
    text = render([picture(), picture(width=390)], "html").decode()
    page = Page(text)
    assert "script" not in page.tags
    assert page.tags.count("svg") == 2
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href", "srcset", "action"}
    assert not [name for name in names if name.startswith("on")]
    assert "default-src 'none'; style-src 'unsafe-inline'\"" in text
    assert "@import" not in text
    assert "url(" not in text


def test_a_page_tells_the_same_in_words_and_rows() -> None:
    one = picture()
    text = render([one], "html").decode()
    assert f'aria-label="{one.title}"' in text
    assert one.description in text
    assert text.count("<tr>") == len(one.table)
    assert 'scope="col"' in text
    assert '<html lang="en">' in text


def test_hovering_shows_details() -> None:
    root = ElementTree.fromstring(svg(picture()))
    tips = [group[0].text or "" for group in root if group.tag.endswith("}g")]
    assert len(tips) > 10
    title, *details = tips[0].splitlines()
    assert title.startswith("V01 Screening")
    assert {"Visit window", "Effective window"} <= {line.partition(":")[0] for line in details}


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("kind", KINDS)
def test_titles_are_never_obeyed_in_a_picture(text: str, kind: str) -> None:
    drawing = chart_of(nasty(text), kind)  # type: ignore[arg-type]
    one = drawing(LIGHT, 840)
    root = ElementTree.fromstring(svg(one))
    allowed = {"svg", "title", "desc", "g", "path", "rect", "circle", "text"}
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in allowed
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
    raw = svg(one)
    assert "\x1b" not in raw
    assert "\u202e" not in raw
    assert "\x07" not in raw
    if kind == "day":  # the smallest
        assert render([one], "pdf").startswith(b"%PDF")
        assert render([one], "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("text", NASTY)
def test_titles_are_never_obeyed_in_a_page(text: str) -> None:
    raw = render([chart_of(nasty(text))(LIGHT, 840)], "html").decode()
    page = Page(raw)
    plain = Page(render([chart_of(nasty("plain"))(LIGHT, 840)], "html").decode())
    # A longer title takes more lines, and so more of the same.
    assert set(page.tags) == set(plain.tags)
    assert {name for name, _ in page.attributes} == {name for name, _ in plain.attributes}
    assert "\x1b" not in raw
    assert "\u202e" not in raw


def test_titles_stand_in_the_picture_as_they_are_written() -> None:
    one = chart_of(nasty("R&D <b>"))(LIGHT, 840)
    root = ElementTree.fromstring(svg(one))
    assert "R&D <b>" in [element.text for element in root.iter()]


def test_very_long_titles_are_broken_and_never_cut(troubles: Any) -> None:
    text = "A very long title that goes on " * 6 + "x" * 150
    for kind in KINDS:
        drawing = chart_of(nasty(text), kind)
        for width in (390, 840):
            one = drawing(LIGHT, width)
            assert not troubles(svg(one))
            shown = "".join(words.text for words in one.words).replace(" ", "")
            assert text.replace(" ", "") in shown


def test_both_themes_draw_the_same_places_in_other_colours() -> None:
    drawing = chart_of(planner.load("mapp1").protocol)
    light, dark = drawing(LIGHT, 840), drawing(DARK, 840)
    plain = [[one._replace(color="") for one in picture.words] for picture in (light, dark)]
    assert plain[0] == plain[1]
    for words in dark.words:
        assert contrast(words.color, DARK.paper) >= 4.5


def test_without_the_extra_the_answer_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "vl_convert":
            raise ImportError(f"No module named {name}", name=name)
        return real(name, *rest)

    one = picture()
    monkeypatch.setattr(builtins, "__import__", refuse)
    for output_format in ("png", "pdf"):
        with pytest.raises(PlannerError, match=r"trial-session-planner\[charts\]"):
            render([one], output_format)
    assert render([one], "svg").startswith(b"<svg")
    assert b"<svg" in render([one], "html")


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
