"""Conditions of a workflow as decisions and gates of ours."""

from typing import NamedTuple

from planner.formats.naming import Ids, truncated_line
from planner.formats.odm.elements import Element
from planner.formats.odm.graph import Edge
from planner.formats.odm.study import OdmStudy
from planner.formats.odm.workflow import Flow
from planner.protocol.imported_document import Origin


class LocatedCondition(NamedTuple):
    """A decision or a gate, and where it was read."""

    data: dict[str, object]
    origin: Origin


class NeededConditions:
    """The decisions and gates that visits turned out to need."""

    def __init__(self, study: OdmStudy, flow: Flow) -> None:
        self.study = study
        self.flow = flow
        self.decisions: dict[str, LocatedCondition] = {}
        self.gates: dict[str, LocatedCondition] = {}
        self.decision_ids = Ids()
        self.gate_ids = Ids()
        self.known: dict[object, str] = {}
        self.exceptions: dict[str, tuple[str, Element]] = {}

    def words(self, oid: str) -> str:
        """A condition as text: its description, else its name, else its OID."""
        condition = self.study.conditions.get(oid)
        if condition is None:
            return f"`{oid}`"
        return condition.description() or condition.get("Name") or f"`{oid}`"

    def add_exception(self, visit: str, condition: str, reference: Element) -> None:
        """A visit does not take place where a condition holds; the first one said counts."""
        if condition not in self.study.conditions:
            message = f"refers to `{condition}`, which is not defined"
            self.study.say("mistake", message, reference)
            return
        self.exceptions.setdefault(visit, (condition, reference))

    def when(self, visit: str) -> str | None:
        """The decision that a visit depends on."""
        edges = self.flow.when.get(visit, ())
        exception = self.exceptions.get(visit)
        if not edges:
            return None if exception is None else self._unless(*exception)
        if exception is not None:
            message = (
                f"{self.study.title(visit)} depends on a branch already; that it does not take"
            )
            self.study.say(
                "left-out", f"{message} place where {self.words(exception[0])}", exception[1]
            )
        keys = list(dict.fromkeys(self._decision(edge) for edge in edges))
        if len(keys) == 1:
            return keys[0]
        together = tuple(keys)
        if together not in self.known:
            titles = [str(self.decisions[key].data["title"]) for key in keys[:6]]
            texts = [str(self.decisions[key].data["condition"]) for key in keys]
            self.known[together] = self._add(
                "-or-".join(keys), " or ".join(titles), "; or: ".join(texts),
                "Any of them leads here.", self.decisions[keys[0]].origin,
            )  # fmt: skip
        return self.known[together]

    def requires(self, visit: str) -> list[str]:
        """The gates before a visit."""
        keys = []
        for condition, transition in self.flow.gates.get(visit, ()):
            known = "gate", condition
            if known not in self.known:
                element = self.study.conditions[condition]
                name = element.get("Name") or condition
                key = self.gate_ids.make(name, condition, otherwise="gate")
                note = f"{condition}, {element.origin.text}, for {transition.origin.text}"
                self.gates[key] = LocatedCondition(
                    {"title": truncated_line(self.words(condition)), "source": "odm", "note": note},
                    element.origin,
                )
                self.known[known] = key
            keys.append(self.known[known])
        return keys

    def _decision(self, edge: Edge) -> str:
        # A choice is the same wherever it is asked; what is chosen by default is not.
        branching = edge.branching
        known = edge.condition or (id(branching), id(edge.transition))
        if known in self.known:
            return self.known[known]
        at = edge.transition if edge.transition is not None else branching
        assert at is not None, "only a branching makes a choice"
        name = (branching.get("Name") if branching is not None else None) or "branching"
        note = f"{at.origin.text}, a choice of `{name}`"
        if edge.condition is not None:
            element = self.study.conditions.get(edge.condition)
            title = (None if element is None else element.get("Name")) or edge.condition
            words = self.words(edge.condition)
            note = f"{edge.condition}, {note}" + self._expression(element)
            origin = at.origin if element is None else element.origin
        else:
            others = [
                self.words(other.condition)
                for other in self.flow.graph.edges
                if other.branching is branching and other.condition is not None
            ]
            origin = at.origin
            if edge.is_default and others:
                title = f"Otherwise ({name})"
                words = "none of: " + "; ".join(dict.fromkeys(others[:20]))
            else:
                title = at.get("Name") or name
                words = f"`{title}` is chosen"
        outer = self.flow.graph.choices_before(edge.source)
        if outer:
            before = [
                self.words(edge.condition) if edge.condition else "otherwise" for edge in outer
            ]
            note += f". Asked only where {' or '.join(dict.fromkeys(before[:10]))}"
        made = self._add(title, title, words, note, origin)
        self.known[known] = made
        return made

    def _unless(self, condition: str, reference: Element) -> str:
        known = "unless", condition
        if known not in self.known:
            element = self.study.conditions[condition]
            name = element.get("Name") or condition
            note = f"{condition}, {reference.origin.text}" + self._expression(element)
            self.known[known] = self._add(
                f"unless-{name}", f"Unless: {name}", f"not: {self.words(condition)}", note,
                element.origin,
            )  # fmt: skip
        return self.known[known]

    def _expression(self, condition: Element | None) -> str:
        """The formal expressions of a condition; their languages are many, so none is read."""
        if condition is None:
            return ""
        expressions = [
            f"{expression.get('Context') or 'formal'}: {code.text}"
            for expression in condition.all("FormalExpression")
            for code in expression.all("Code")
            if code.text
        ]
        return f". As an expression, {'; '.join(expressions)}" if expressions else ""

    def _add(self, name: str, title: str, condition: str, note: str, origin: Origin) -> str:
        key = self.decision_ids.make(name, otherwise="decision")
        data: dict[str, object] = {
            "title": truncated_line(title),
            "condition": condition,
            "source": "odm",
            "note": note,
        }
        self.decisions[key] = LocatedCondition(data, origin)
        return key
