"""Components out of properties: BEGIN and END, told where they do not nest (RFC 5545 3.4, 3.6).

A calendar's components are handed over one by one as they end, so that memory does not grow with
the number of events.
"""

from collections.abc import Iterable, Iterator

from planner.formats.ical.content_lines import (
    ContentLine,
    Malformed,
    Property,
    Told,
    parse_line,
)
from planner.limits import MAX_COMPONENTS, MAX_DEPTH, TOO_DEEP, too_many


class Component:
    """A component: ``name`` in capitals, its BEGIN's line, its properties and what is in it.

    ``malformed`` names properties of which a line could not be read, so that nobody calls them
    missing. ``late`` are properties that stand behind a component.
    """

    __slots__ = (
        "_named", "components", "late", "line", "malformed", "name", "parent", "properties",
    )  # fmt: skip

    def __init__(self, name: str, line: int, parent: "Component | None") -> None:
        self.name = name
        self.line = line
        self.parent = parent
        self.properties: list[Property] = []
        self.components: list[Component] = []
        self.malformed: set[str] = set()
        self.late: list[Property] = []
        self._named: dict[str, list[Property]] = {}

    def add(self, prop: Property) -> None:
        """Adds a property."""
        self.properties.append(prop)
        self._named.setdefault(prop.name, []).append(prop)
        if self.components:
            self.late.append(prop)

    def names(self) -> dict[str, int]:
        """How often each property stands there."""
        return {name: len(props) for name, props in self._named.items()}

    def all(self, name: str) -> list[Property]:
        """The properties of that name (in capitals)."""
        return self._named.get(name, [])

    def first(self, name: str) -> Property | None:
        """The first property of that name (in capitals)."""
        props = self._named.get(name)
        return props[0] if props else None

    def text(self, name: str) -> str:
        """The value of the first property of that name, as it is written; empty without one."""
        prop = self.first(name)
        return "" if prop is None else prop.value


def components(lines: Iterable[ContentLine], tell: Told) -> Iterator[tuple[Component, bool]]:
    """The components of each calendar as they end, and then the calendar itself.

    Yields each component that stands right in a VCALENDAR (its ``parent``) and, once that ends,
    the VCALENDAR; the flag is true for the latter. A component that stands in none is yielded with
    no parent. Ones that are never closed are handed over at the end of the file. More components
    than anybody has are told as `too-many`, and none behind them is handed over.
    """
    reader = _Reader(tell)
    for line in lines:
        yield from reader.take(line)
        if reader.begun > MAX_COMPONENTS:
            tell("too-many", line.number, 1, too_many(MAX_COMPONENTS, "components"))
            return
    yield from reader.finish()


class _Reader:
    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self._open: list[Component] = []
        self._too_deep = 0
        self.begun = 0

    def take(self, line: ContentLine) -> Iterator[tuple[Component, bool]]:
        read = parse_line(line)
        if isinstance(read, Malformed):
            self._tell("content-line", *line.place(read.offset), read.message)
            if self._open and read.name:
                self._open[-1].malformed.add(read.name)
            return
        if read.name in ("BEGIN", "END"):
            name = read.value.strip().upper()
            if read.parameters or read.value != read.value.strip() or not name:
                self._tell(
                    "component-line",
                    *line.place(read.offset),
                    f"{read.name} takes the name of a component and nothing else",
                )
            if read.name == "BEGIN":
                self._begin(name, line)
            else:
                yield from self._end(name, line)
            return
        if self._too_deep:
            return
        if not self._open:
            self._tell(
                "outside", line.number, 1, f"{read.name[:40]} stands outside of any component"
            )
            return
        self._open[-1].add(read)

    def _begin(self, name: str, line: ContentLine) -> None:
        self.begun += 1
        if self._too_deep or len(self._open) == MAX_DEPTH:
            if not self._too_deep:
                self._tell("too-deep", line.number, 1, TOO_DEEP)
            self._too_deep += 1
            return
        self._open.append(Component(name, line.number, self._open[-1] if self._open else None))

    def _end(self, name: str, line: ContentLine) -> Iterator[tuple[Component, bool]]:
        if self._too_deep:
            self._too_deep -= 1
            return
        names = [component.name for component in self._open]
        if name not in names:
            inside = f"; {names[-1][:40]} is open" if names else ""
            self._tell("nesting", line.number, 1, f"END:{name[:40]} ends nothing{inside}")
            return
        if names[-1] != name:
            begun = self._open[-1].line
            self._tell(
                "nesting",
                line.number,
                1,
                f"END:{name[:40]} where {names[-1][:40]} of line {begun} is still open",
            )
        while True:
            closed = self._open[-1]
            yield from self._close()
            if closed.name == name:
                return

    def _close(self) -> Iterator[tuple[Component, bool]]:
        closed = self._open.pop()
        if closed.parent is None:
            yield closed, closed.name == "VCALENDAR"
        elif closed.parent.name == "VCALENDAR" and closed.parent.parent is None:
            if closed.name == "VCALENDAR":
                message = "a VCALENDAR in a VCALENDAR"
                self._tell("misplaced-component", closed.line, 1, message)
            if not closed.parent.components:
                # Only an empty shell of the first stays: the calendar has held something.
                closed.parent.components.append(_shell(closed))
            yield closed, False
        else:
            closed.parent.components.append(closed)

    def finish(self) -> Iterator[tuple[Component, bool]]:
        if self._open:
            names = ", ".join(
                f"{component.name[:40]} of line {component.line}" for component in self._open[:5]
            )
            self._tell("unclosed", self._open[-1].line, 1, f"never closed: {names}")
        while self._open:
            yield from self._close()


def _shell(component: Component) -> Component:
    return Component(component.name, component.line, None)
