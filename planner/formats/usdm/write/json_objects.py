"""Objects of a study as JSON data, with ids that count the objects of each class."""

from typing import Any

from planner.formats.usdm.terms import Term

Object = dict[str, Any]
"""An object of USDM as JSON data."""


class Objects:
    """Makes the objects of one study; ids are `Timing_1`, `Timing_2`, ... in the order of making.

    ``names`` of one class are each given once (DDF00010).
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._names: dict[str, set[str]] = {}

    def new_id(self, kind: str) -> str:
        """The next id of a class."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}_{self._counts[kind]}"

    def name(self, kind: str, wanted: str) -> str:
        """A name that no other object of the class has: the wanted one, else numbered."""
        given = self._names.setdefault(kind, set())
        name, number = wanted, 1
        while name in given:
            number += 1
            name = f"{wanted} ({number})"
        given.add(name)
        return name

    def make(self, kind: str, **fields: Any) -> Object:
        """An object of a class; fields in the order given, between its id and its class."""
        return {
            "id": self.new_id(kind),
            "extensionAttributes": [],
            **fields,
            "instanceType": kind,
        }

    def named(
        self, kind: str, name: str, label: str | None, description: str | None = None, **fields: Any
    ) -> Object:
        """The same with a name of its own in the class, a label and a description."""
        given = self.name(kind, name)
        return self.make(kind, name=given, label=label, description=description, **fields)

    def code(self, term: Term) -> Object:
        """A term as a code."""
        return self.make(
            "Code",
            code=term.code,
            codeSystem=term.system,
            codeSystemVersion=term.version,
            decode=term.decode,
        )

    def alias(self, term: Term) -> Object:
        """A term as a code that other systems may have other codes for."""
        return self.make("AliasCode", standardCode=self.code(term), standardCodeAliases=[])

    def note(self, text: str) -> Object:
        """A comment on an object."""
        return self.make("CommentAnnotation", text=text, codes=[])


def chain(objects: list[Object]) -> list[Object]:
    """Links objects to those before and after them by `previousId` and `nextId`."""
    for at, linked in enumerate(objects):
        linked["previousId"] = objects[at - 1]["id"] if at else None
        linked["nextId"] = objects[at + 1]["id"] if at + 1 < len(objects) else None
    return objects
