"""Reads an XML file into plain elements, each with its XPath and its line; refuses hostile ones.

No DTD is read, no entity is resolved, nothing is fetched, and size, depth and number of elements
are bounded. What a schedule does not need is counted and not looked into.
"""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from planner.errors import PlannerError
from planner.letters import one_line
from planner.protocol.imported import Origin
from planner.protocol.reading import DocumentError, Position, Problem, read_text

if TYPE_CHECKING:
    from types import ModuleType

DEEPEST = 40
"""Levels of the elements that are looked into."""
MOST_ELEMENTS = 50_000
_BEFORE_ROOT = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_LONGEST_TEXT = 4000
_LONGEST_TAG = 200
"""Lines over which one start tag may reach before its place is no longer looked for."""

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
    return _Tree(path, lines, known, with_text).root(text), lines


def _doctype_at(text: str) -> int | None:
    at = 0
    while (skipped := _BEFORE_ROOT.match(text, at)) is not None:
        at = skipped.end()
    return at if text[at : at + 9].upper() == "<!DOCTYPE" else None


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
        self, path: str, lines: list[str], known: Collection[str], with_text: Collection[str]
    ) -> None:
        self.path = path
        self.lines = lines
        self.known = known
        self.with_text = with_text
        self.taken: dict[tuple[int, str], int] = {}
        self.count = 0

    def root(self, text: str) -> Element:
        etree = _library()
        # The text is UTF-8 by now, whatever its declaration says.
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
            dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as error:
            line, column = error.position
            where = Position(max(1, line or 1), max(1, column or 1))
            message = re.sub(r", line \d+, column \d+.*", "", error.msg or "malformed", flags=re.S)
            raise self.stop(f"not XML: {one_line(message)[:200]}", where) from None
        return self.element(root, None, {}, 1)

    def stop(self, message: str, position: Position) -> DocumentError:
        return DocumentError(self.path, [Problem(message, position)], self.lines)

    def element(
        self, node: Any, above: _Steps | None, elder: dict[str, int], depth: int
    ) -> Element:
        """``above`` is the path to what holds it, ``elder`` counts its elder siblings by name."""
        space, _, name = node.tag.rpartition("}")
        line = max(1, node.sourceline or 1)
        is_known = name in self.known
        position = self.place(name, line) if is_known else Position(line, 1)
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise self.stop(f"the file has more than {MOST_ELEMENTS:,} elements", position)
        if depth > DEEPEST:
            raise self.stop(f"nested more than {DEEPEST} levels deep", position)
        attributes = {}
        if is_known:
            for key, value in node.attrib.items():
                attributes[key.rpartition("}")[2]] = one_line(value[:_LONGEST_TEXT])
        elder[name] = elder.get(name, 0) + 1
        steps = above, _step(name, attributes.get("OID"), elder[name])
        inside: dict[str, int] = {}
        children = (
            ()
            if not is_known
            else tuple(
                self.element(child, steps, inside, depth + 1)
                for child in node
                if isinstance(child.tag, str)
            )
        )
        text = _text(node) if name in self.with_text else ""
        return Element(name, space.lstrip("{"), attributes, children, text, steps, position)

    def place(self, name: str, line: int) -> Position:
        """Where a start tag begins: libxml2 tells the line on which it ends."""
        pattern = re.compile(rf"<(?:[\w.-]+:)?{re.escape(name)}(?=[\s/>]|$)")
        for number in range(min(line, len(self.lines)), max(0, line - _LONGEST_TAG), -1):
            after = self.taken.get((number, name), 0) if number == line else 0
            found = pattern.search(self.lines[number - 1], after)
            if found is not None:
                self.taken[number, name] = found.end()
                return Position(number, found.start() + 1)
        return Position(line, 1)


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
        if length > _LONGEST_TEXT:
            break
    return one_line("".join(parts)[:_LONGEST_TEXT])
