"""How wide text is: the letters of Liberation Sans, which vl-convert carries and draws with.

Arial and Helvetica, which a viewer without that font takes instead, have the same widths. Kerning
is left out; it only makes text narrower. A test compares the widths with the font that vl-convert
puts into a PDF.
"""

from functools import lru_cache

from planner.text import char_width

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
ASCENT, DESCENT = 0.78, 0.22
"""Above and below the base line, as shares of the size: what letters without stacked marks take."""

_UNITS = 2048
_OTHER = 1600
"""A letter that is not listed and takes one column of a terminal; most are narrower."""

_REGULAR = {
    391: "'",
    455: "ijlįĵĺļłſ‘’‚",
    532: "|¦",
    569: " !,./:;I[\\]ftÌÍÎÏìíîïĨĩĪīĬĭĮİıţŧ",
    597: "ľ",
    682: "()-`r¡¨²³´·¸¹ŕŗř“”„‹›",
    684: "{}ŀ",
    717: "•",
    727: '"',
    748: "º",
    758: "ª",
    768: "ť",
    797: "*",
    819: "°",
    909: "ĳ",
    961: "^",
    1024: "JcksvxyzçýÿćĉċčĴķĸśŝşšŷźżž↑↓",
    1100: "¶",
    1124: "±÷≤≥≠≈",
    1131: "¯",
    1139: (
        "#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþāăąđēĕėęěĝğġģĥħĹĻĽĿŁńņňŋō"
        "ŏőũūŭůűų–†‡€"
    ),
    1180: "µ",
    1196: "+<=>~¬×−",
    1237: "ŉ",
    1251: "FTZ¿ßøŢŤŦŹŻŽ",
    1259: "ď",
    1366: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞĀĂĄĒĔĖĘĚĶŚŜŞŠŶŸ",
    1479: "CDHNRUwÇÐÑÙÚÛÜĆĈĊČĎĐĤĦŃŅŇŔŖŘŨŪŬŮŰŲŵ",
    1481: "Ŋ",
    1505: "Ĳ",
    1509: "©®",
    1593: "GOQÒÓÔÕÖØĜĞĠĢŌŎŐ",
    1706: "Mm",
    1708: "¼½¾",
    1821: "%æ",
    1933: "WœŴ",
    2048: "ÆŒ—…‰™→←",
    2079: "@",
}

_BOLD = {
    487: "'",
    569: " ,./I\\ijlÌÍÎÏìíîïĨĩĪīĬĭĮįİıĵĺļłſ‘’‚",
    573: "|¦",
    682: "!()-:;[]`ft¡¨²³´·¸¹ţŧ‹›",
    717: "•",
    748: "º",
    758: "ª",
    789: "ľ",
    797: "*r{}ŕŗř",
    819: "°",
    971: '"',
    981: "ŀť",
    1024: "zźżž“”„↑↓",
    1124: "±÷≤≥≠≈",
    1131: "¯",
    1139: "#$0123456789J_aceksvxy¢£¤¥§«¶»àáâãäåçèéêëýÿāăąćĉċčēĕėęěĳĴķĸśŝşšŷ–†‡€",
    1180: "µ",
    1196: "+<=>^~¬×−",
    1251: "?FLTZbdghnopqu¿ßðñòóôõöøùúûüþđĝğġģĥħĹĻĽĿŁńņňŋōŏőŢŤŦũūŭůűųŹŻŽ",
    1366: "EPSVXYÈÉÊËÝÞĒĔĖĘĚŚŜŞŠŶŸ",
    1451: "ŉ",
    1472: "ď",
    1479: "&ABCDHKNRUÀÁÂÃÄÅÇÐÑÙÚÛÜĀĂĄĆĈĊČĎĐĤĦĶŃŅŇŔŖŘŨŪŬŮŰŲ",
    1481: "Ŋ",
    1509: "©®",
    1593: "GOQwÒÓÔÕÖØĜĞĠĢŌŎŐŵ",
    1607: "Ĳ",
    1706: "M",
    1708: "¼½¾",
    1821: "%mæ",
    1933: "WœŴ",
    1997: "@",
    2048: "ÆŒ—…‰™→←",
}

_WIDTHS = {
    bold: {letter: width for width, letters in table.items() for letter in letters}
    for bold, table in ((False, _REGULAR), (True, _BOLD))
}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text in pixels; ``size`` is that of the font."""
    table = _WIDTHS[bold]
    units = 0
    for letter in text:
        known = table.get(letter)
        units += _unlisted(letter) if known is None else known
    return units * size / _UNITS


def is_measured(text: str, *, bold: bool = False) -> bool:
    """Whether the width of every letter is known, and none is estimated.

    Args:
        text: on one line.
        bold: in bold letters.
    """
    return bool(text) and all(letter in _WIDTHS[bold] for letter in text)


def _unlisted(letter: str) -> int:
    columns = char_width(letter)
    return 0 if not columns else _UNITS if columns > 1 else _OTHER


@lru_cache(maxsize=4096)
def wrapped(text: str, size: float, limit: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than ``limit`` pixels, broken at blanks; nothing is cut.

    A word that is wider alone is broken where it must be, after a hyphen, slash or the like where
    there is one. At least one letter stands on each line.

    Args:
        text: any; runs of blanks in it become one.
        size: of the font, in pixels.
        limit: pixels.
        bold: whether it is set in bold.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, size, limit, bold)
        lines += whole
    return (*lines, line) if line or not lines else tuple(lines)


def _pieces(word: str, size: float, limit: float, bold: bool) -> list[str]:
    """A word in parts that are no wider than the limit; usually one."""
    pieces = []
    while width(word, size, bold=bold) > limit and len(word) > 1:
        fits = 1
        while fits < len(word) - 1 and width(word[: fits + 1], size, bold=bold) <= limit:
            fits += 1
        soft = max((at + 1 for at in range(fits) if word[at] in "-/_.,;:"), default=0)
        cut = soft if soft > fits // 2 else fits
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]
