"""Text on content lines: cleaned, escaped and folded (RFC 5545 3.1 and 3.3.11, RFC 6868)."""

import re

# All control characters but HTAB and LF, which have a meaning in text. U+0085, U+2028 and U+2029
# are allowed by the RFC, but readers that split lines as Python and JavaScript do break on them.
# Lone surrogates have no UTF-8 form; U+FEFF at a line's start would be read as a byte-order mark.
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Anything but ASCII that stands for itself; most text has none of it, and one search tells.
special = re.compile(r"[^\x20-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]").search

LINE_OCTETS = 75


def clean(text: str) -> str:
    """The text with only what a calendar can hold: LF for every line break, no control characters.

    Whatever has no place is replaced by U+FFFD, so that nothing vanishes unseen. HTAB stays.
    """
    return _CONTROL.sub("\ufffd", _LINE_BREAK.sub("\n", text))


def escape(text: str) -> str:
    r"""A TEXT value: cleaned, with ``\\``, ``\;``, ``\,`` and ``\n`` (RFC 5545 3.3.11)."""
    if special(text) is None:
        return text
    return (
        clean(text)
        .replace("\\", "\\\\")
        .replace(";", "\\;")
        .replace(",", "\\,")
        .replace("\n", "\\n")
    )


def parameter(text: str) -> str:
    """A parameter value: ``^``, quotes and line breaks by RFC 6868, in quotes where needed."""
    safe = clean(text).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{safe}"' if re.search("[,:; ]", safe) else safe


def fold(line: str) -> str:
    """A content line with its CRLF, in physical lines of at most 75 octets (RFC 5545 3.1).

    A break never falls inside a UTF-8 sequence, nor inside an escape (``\\n``, ``^n``), which some
    readers undo before they unfold.
    """
    if line.isascii():
        if len(line) <= LINE_OCTETS:
            return line + "\r\n"
        if len(line) < 2 * LINE_OCTETS and line[LINE_OCTETS - 1] not in "\\^":
            return f"{line[:LINE_OCTETS]}\r\n {line[LINE_OCTETS:]}\r\n"
    data = line.encode()
    if len(data) <= LINE_OCTETS:
        return line + "\r\n"
    pieces = []
    begin, room = 0, LINE_OCTETS
    while len(data) - begin > room:
        cut = _whole_characters(data, begin, begin + room)
        pieces.append(data[begin:cut])
        begin, room = cut, LINE_OCTETS - 1  # a continuation line begins with a space
    pieces.append(data[begin:])
    return b"\r\n ".join(pieces).decode() + "\r\n"


def _whole_characters(data: bytes, begin: int, cut: int) -> int:
    """The last place at or before `cut` that splits neither a character nor an escape."""
    while data[cut] & 0xC0 == 0x80:
        cut -= 1
    # An odd run of one of the two escape signs just before the cut has its second half behind it.
    for sign in (0x5C, 0x5E):
        first = cut
        while first > begin and data[first - 1] == sign:
            first -= 1
        cut -= (cut - first) % 2
    return cut
