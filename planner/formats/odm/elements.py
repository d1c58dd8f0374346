"""Reads an XML file into plain elements, each with its XPath and its line; refuses hostile ones.

No DTD is read, no entity is resolved, nothing is fetched, and size, depth and number of elements
are bounded. What a schedule does not need is counted and not looked into.
"""

import re
from array import array
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.errors import PlannerError
from planner.limits import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS, TOO_DEEP, too_many
from planner.protocol.document import DocumentError, Position, Problem, position_at
from planner.protocol.imported_document import Origin
from planner.protocol.reading import read_text
from planner.text import one_line

if TYPE_CHECKING:
    from types import ModuleType

_BEFORE_ROOT = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_MAX_TEXT_LENGTH = 4000

_Steps = tuple["_Steps | None", str]


class Element(NamedTuple):
    """One element: its local name, its attributes (each on one line) and what stands in it.

    ``space`` is its namespace, empty for none; ``text`` is all text in it, on one line, for the
    elements that are asked for it.
    """

    name: str
    space: str
    attributes: dict[str, str]
    children: "tuple[Element, ...]"
    text: str
    steps: _Steps
    position: Position

    @property
    def origin(self) -> Origin:
        """Its XPath (local names; by OID where it has one) and where its start tag begins."""
        parts: list[str] = []
        steps: _Steps | None = self.steps
        while steps is not None:
            steps, step = steps
            parts.append(step)
        return Origin("/" + "/".join(reversed(parts)), self.position)

    def get(self, attribute: str) -> str | None:
        """An attribute; ``None`` when it is absent or blank."""
        return self.attributes.get(attribute) or None

    def all(self, *names: str) -> "list[Element]":
        """The children of these names, in the order of the file."""
        return [child for child in self.children if child.name in names]

    def first(self, name: str) -> "Element | None":
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def description(self) -> str | None:
        """What its `Description` says, in English where it has several languages."""
        described = self.first("Description")
        if described is None:
            return None
        texts = described.all("TranslatedText")
        english = [text for text in texts if text.attributes.get("lang", "").startswith("en")]
        return next((text.text for text in (*english, *texts) if text.text), None)


def read_elements(
    path: str, known: Collection[str], with_text: Collection[str]
) -> tuple[Element, list[str]]:
    """The root of an XML file (``-`` is standard input) and the file's lines.

    Args:
        path: the file.
        known: local names of the elements to look into; others are made without what they hold.
        with_text: names of those whose text is wanted.

    Raises:
        PlannerError: the file cannot be opened, or lxml is not installed.
        DocumentError: it is no XML, malformed, has a DOCTYPE, or is too large or too deep.
    """
    text = read_text(path)
    lines = text.split("\n")
    doctype = _doctype_at(text)
    if doctype is not None:
        line = text.count("\n", 0, doctype) + 1
        where = Position(line, doctype - text.rfind("\n", 0, doctype))
        message = "the file has a DOCTYPE, which can define entities; no such file is read"
        problem = Problem(message, where, "ODM files need none: take it out")
        raise DocumentError(path, [problem], lines)
    tags = _start_tags(path, text, lines)
    return _Tree(path, text, lines, tags, known, with_text).root(), lines


def _doctype_at(text: str) -> int | None:
    at = 0
    while (skipped := _BEFORE_ROOT.match(text, at)) is not None:
        at = skipped.end()
    return at if text[at : at + 9].upper() == "<!DOCTYPE" else None


# In what can be read as XML, `<` begins one of these and nothing else.
_TAG = re.compile(
    rf"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>
    |<(?P<end>/?)[^\s<>"'=/!?]++
      (?P<attributes>(?:[^<>"']*+(?:"[^"<]*+"|'[^'<]*+')){{0,{MAX_ATTRIBUTES + 1}}})
      (?P<closed>[^<>"'/]*+(?P<empty>/?)>)?
    |<""",
    re.DOTALL | re.VERBOSE,
)


class _Tags(NamedTuple):
    """The start tags of a file in its order: where each begins, and how many elements it is in."""

    places: "array[int]"
    depths: "array[int]"


def _start_tags(path: str, text: str, lines: list[str]) -> _Tags:
    """Finds the start tags up to what is malformed, which is left to who reads it as XML.

    Raises:
        DocumentError: elements too deep in each other, or one with too many attributes.
    """
    tags = _Tags(array("L"), array("B"))
    depth = 0
    for tag in _TAG.finditer(text):
        if tag["end"] is None:
            if tag[0] == "<":
                break
            continue
        attributes = tag["attributes"]
        crowded = attributes.count("=") > MAX_ATTRIBUTES < len(_ATTRIBUTE.findall(attributes))
        if tag["closed"] is None and not crowded:
            break
        if tag["end"]:
            depth -= 1
            continue
        message = None
        if depth >= MAX_DEPTH:
            message = TOO_DEEP
        elif crowded:
            message = f"an element has more than {MAX_ATTRIBUTES} attributes"
        if message is not None:
            raise DocumentError(path, [Problem(message, position_at(text, tag.start()))], lines)
        tags.places.append(tag.start())
        tags.depths.append(max(0, depth))
        depth += not tag["empty"]
    return tags


_ATTRIBUTE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")


def _library() -> "ModuleType":
    try:
        from lxml import etree
    except ImportError:
        raise PlannerError(
            "ODM files need lxml, which is not installed;"
            ' try: pip install "trial-session-planner[odm]"'
        ) from None
    library: ModuleType = etree
    return library


class _Tree:
    """The elements of one file as far as they have been made."""

    def __init__(
        self,
        path: str,
        text: str,
        lines: list[str],
        tags: _Tags,
        known: Collection[str],
        with_text: Collection[str],
    ) -> None:
        self.path = path
        self.text = text
        self.lines = lines
        self.tags = tags
        self.known = known
        self.with_text = with_text
        self.next = self.count = 0
        self.line, self.line_start, self.counted = 1, 0, 0

    def root(self) -> Element:
        etree = _library()
        # The text is UTF-8 by now, whatever its declaration says. No entity is defined, and size
        # and depth are known: the library's own limits need not be asked.
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
            dtd_validation=False, huge_tree=True, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(self.text.encode(), parser)
        except etree.XMLSyntaxError as error:
            line, column = error.position
            where = Position(max(1, line or 1), max(1, column or 1))
            message = re.sub(r", line \d+, column \d+.*", "", error.msg or "malformed", flags=re.S)
            raise self.stop(f"not XML: {one_line(message)[:200]}", where) from None
        return self.element(root, None, {})

    def stop(self, message: str, position: Position) -> DocumentError:
        return DocumentError(self.path, [Problem(message, position)], self.lines)

    def element(self, node: Any, above: _Steps | None, elder: dict[str, int]) -> Element:
        """``above`` is the path to what holds it, ``elder`` counts its elder siblings by name."""
        space, _, name = node.tag.rpartition("}")
        is_known = name in self.known
        position = self.place(is_known)
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise self.stop(too_many(MAX_ELEMENTS, "elements"), position)
        attributes = {}
        if is_known:
            for key, value in node.attrib.items():
                attributes[key.rpartition("}")[2]] = one_line(value[:_MAX_TEXT_LENGTH])
        elder[name] = elder.get(name, 0) + 1
        steps = above, _step(name, attributes.get("OID"), elder[name])
        inside: dict[str, int] = {}
        children = (
            ()
            if not is_known
            else tuple(
                self.element(child, steps, inside) for child in node if isinstance(child.tag, str)
            )
        )
        text = _text(node) if name in self.with_text else ""
        return Element(name, space.lstrip("{"), attributes, children, text, steps, position)

    def place(self, is_known: bool) -> Position:
        """Where the next start tag begins; what stands in an unknown element is passed over."""
        places, depths = self.tags
        begin, depth = places[self.next], depths[self.next]
        self.next += 1
        while not is_known and self.next < len(depths) and depths[self.next] > depth:
            self.next += 1
        newlines = self.text.count("\n", self.counted, begin)
        if newlines:
            self.line += newlines
            self.line_start = self.text.rfind("\n", 0, begin) + 1
        self.counted = begin
        return Position(self.line, begin - self.line_start + 1)


def _step(name: str, oid: str | None, number: int) -> str:
    """One step of an XPath: by OID, by its place among its like, or by its name alone."""
    if number == 1 and name in ("ODM", "Study", "MetaDataVersion"):
        return name
    if oid and len(oid) <= 100 and not ("'" in oid and '"' in oid):
        quote = '"' if "'" in oid else "'"
        return f"{name}[@OID={quote}{oid}{quote}]"
    return name if number == 1 else f"{name}[{number}]"


def _text(node: Any) -> str:
    parts: list[str] = []
    length = 0
    for part in node.itertext():
        parts.append(part)
        length += len(part)
        if length > _MAX_TEXT_LENGTH:
            break
    return one_line("".join(parts)[:_MAX_TEXT_LENGTH])
