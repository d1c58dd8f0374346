"""Widths of text: those of the font that vl-convert draws with; and lines broken without loss."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.views.charts.metrics import _BOLD, _REGULAR, FONT, width, wrapped


def drawn_widths(letters: str, *, bold: bool) -> dict[str, list[float]]:
    """The widths of letters, in thousandths of the size, of the font that lies in a PDF.

    A letter has several where it is a part of others, too.
    """
    pypdf = pytest.importorskip("pypdf")
    vl_convert = pytest.importorskip("vl_convert")
    weight = "bold" if bold else "normal"
    text = letters.replace("&", "&amp;").replace("<", "&lt;")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="50">'
        f'<text y="20" font-family="{FONT}" font-weight="{weight}">{text}</text></svg>'
    )
    page = pypdf.PdfReader(io.BytesIO(vl_convert.svg_to_pdf(svg))).pages[0]
    (font,) = (one.get_object() for one in page["/Resources"]["/Font"].values())
    table = font["/DescendantFonts"][0].get_object()["/W"]
    names = font["/ToUnicode"].get_object().get_data().decode()
    glyphs: dict[int, float] = {}
    table = list(table)
    while table:  # either `first [widths]` or `first last width`
        first, after = int(table.pop(0)), table.pop(0)
        if isinstance(after, list):
            glyphs |= {first + at: float(one) for at, one in enumerate(after)}
        else:
            glyphs |= dict.fromkeys(range(first, int(after) + 1), float(table.pop(0)))
    found: dict[str, list[float]] = {}
    for line in names.splitlines():
        parts = line.strip("<>").split("> <")
        if line.startswith("<") and len(parts) == 2:
            letter = bytes.fromhex(parts[1]).decode("utf-16-be")
            if letter in letters and int(parts[0], 16) in glyphs:  # ligatures have no letter
                found.setdefault(letter, []).append(glyphs[int(parts[0], 16)])
    return found


@pytest.mark.parametrize("bold", [False, True])
def test_letters_are_as_wide_as_in_the_font_that_is_drawn(bold: bool) -> None:
    table = _BOLD if bold else _REGULAR
    # The font has one glyph for the middle dot of `ŀ` and another for the sign.
    letters = "".join(table.values()).translate({ord(one): None for one in " ·"})
    found = drawn_widths(letters, bold=bold)
    assert len(found) > 200
    for letter, widths in found.items():
        wide = width(letter, 1000, bold=bold)
        assert any(wide == pytest.approx(one, abs=1.5) for one in widths), letter


def test_unknown_letters_are_taken_for_wide_ones() -> None:
    assert width("漢", 10) == 10
    assert width("Ω", 10) > width("O", 10) * 0.9
    assert width("e\u0301", 10) == width("e", 10)


@given(st.text(alphabet="ab-/ Wi漢", max_size=60), st.floats(12, 200))
def test_broken_lines_fit_and_lose_nothing(text: str, limit: float) -> None:
    lines = wrapped(text, 12, limit)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width(line, 12) <= limit or len(line) == 1
        assert line == line.strip()


def test_lines_are_broken_at_blanks_first_and_then_after_hyphens() -> None:
    assert wrapped("one two three", 10, width("one two", 10)) == ("one two", "three")
    assert wrapped("treatment-resistant", 10, width("treatment-resis", 10)) == (
        "treatment-",
        "resistant",
    )
    assert wrapped("", 10, 50) == ("",)
