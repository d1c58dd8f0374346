"""Puts the fonts of a PDF that vl-convert wrote into an order of their own.

Its PDF writer (svg2pdf) keeps fonts in a hash map, so names and object numbers of two fonts change
from one run to the next, and the bytes with them. Here fonts are named by the order of their own
names, and all objects are numbered anew in the order in which they are referred to.
"""

import re
import zlib

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_FONT = re.compile(rb"/fo(\d+) (\d+) 0 R")
_LENGTH = re.compile(rb"/Length \d+")
_BEFORE, _AFTER = b"stream\n", b"\nendstream"


def sorted_fonts(data: bytes) -> bytes:
    """The same document with fonts and objects in an order that depends on nothing else.

    Expects what svg2pdf writes for a picture without groups: one page with one stream of content.
    """
    objects = _objects(data)
    trailer = data[data.rindex(b"trailer") : data.rindex(b"startxref")]
    page = next(number for number, body in objects.items() if b"/Type /Page\n" in body)
    fonts = _FONT.findall(objects[page])
    by_name = sorted(fonts, key=lambda font: _name(objects[int(font[1])]))
    names = {old: b"%d" % new for new, (old, _) in enumerate(by_name)}
    entries = iter(b"/fo%s %s 0 R" % (names[old], at) for old, at in by_name)
    objects[page] = _FONT.sub(lambda _: next(entries), objects[page])
    content = re.search(rb"/Contents (\d+) 0 R", objects[page])
    assert content is not None, "a page has a content"
    objects[int(content[1])] = _renamed(objects[int(content[1])], names)
    return _written(objects, trailer)


def _objects(data: bytes) -> dict[int, bytes]:
    """What stands between `obj` and `endobj`, by number; found by the table at the end."""
    table = data[data.rindex(b"\nxref") : data.rindex(b"trailer")]
    objects = {}
    for offset in re.findall(rb"(\d{10}) \d{5} n", table):
        start = int(offset)
        head = re.match(rb"(\d+) 0 obj\n", data[start : start + 30])
        assert head is not None, "the table leads to objects"
        begin = start + head.end()
        objects[int(head[1])] = data[begin : _end(data, begin)]
    return objects


def _end(data: bytes, begin: int) -> int:
    """Where an object ends; compressed bytes may hold anything, so a stream is passed over."""
    end = data.index(b"\nendobj", begin)
    stream = data.find(_BEFORE, begin, end)
    if stream < 0:
        return end
    length = re.search(rb"/Length (\d+)", data[begin:stream])
    assert length is not None, "a stream has a length"
    return data.index(b"\nendobj", stream + len(_BEFORE) + int(length[1]))


def _name(font: bytes) -> bytes:
    """The name of a font with the tag of its subset behind it."""
    match = re.search(rb"/BaseFont /([^+\s]+)\+(\S+)", font)
    return match[2] + match[1] if match is not None else font


def _renamed(body: bytes, names: dict[bytes, bytes]) -> bytes:
    """The content with fonts renamed; glyph numbers stay below 0x2f66, so none reads as a name."""
    head, _, rest = body.partition(_BEFORE)
    stream = zlib.decompress(rest[: rest.rindex(_AFTER)])
    stream = re.sub(rb"/fo(\d+)(?= )", lambda match: b"/fo" + names[match[1]], stream)
    packed = zlib.compress(stream, 9)
    return _LENGTH.sub(b"/Length %d" % len(packed), head) + _BEFORE + packed + _AFTER


def _written(objects: dict[int, bytes], trailer: bytes) -> bytes:
    """The document with objects numbered in the order of reference, from the trailer on."""
    order: list[int] = []
    seen = set()
    queue = [int(number) for number in _REFERENCE.findall(trailer)]
    while queue:
        number = queue.pop(0)
        if number not in seen:
            seen.add(number)
            order.append(number)
            queue += [
                int(reference) for reference in _REFERENCE.findall(_dictionary(objects[number]))
            ]
    numbers = {old: b"%d 0 R" % new for new, old in enumerate(order, start=1)}

    def renumbered(text: bytes) -> bytes:
        return _REFERENCE.sub(lambda match: numbers[int(match[1])], text)

    out = bytearray(b"%PDF-1.7\n%\x80\x80\x80\x80\n")
    offsets = []
    for new, old in enumerate(order, start=1):
        head = _dictionary(objects[old])
        offsets.append(len(out))
        out += b"%d 0 obj\n%s%s\nendobj\n" % (new, renumbered(head), objects[old][len(head) :])
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(order) + 1)
    out += b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets)
    size = re.sub(rb"/Size \d+", b"/Size %d" % (len(order) + 1), trailer)
    return bytes(out + renumbered(size) + b"startxref\n%d\n%%%%EOF" % start)


def _dictionary(body: bytes) -> bytes:
    """The object without its stream."""
    return body.partition(_BEFORE)[0]
