"""Footnotes of a table made from a protocol: numbered where they first stand, each only once."""

from collections.abc import Iterable

from planner.protocol.course import Occurrence
from planner.protocol.evidence import Stated
from planner.protocol.model import Disagreement, Protocol

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_GRADES = {
    "assumed": "Assumption by the file's author; no source found.",
    "unverified": "Generally known, or known from a related study only; not verified in a text.",
    "retracted": "From a publication that has been retracted.",
}


class Footnotes:
    """Collects footnotes; what it returns are marks such as `¹` or `¹,³`, empty for none."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._numbers: dict[str, int] = {}

    def mark(self, texts: Iterable[str]) -> str:
        """The mark of some texts; a text that stands already keeps its number."""
        numbers = sorted({self._numbers.setdefault(text, len(self._numbers) + 1) for text in texts})
        return ",".join(str(number).translate(_SUPERSCRIPTS) for number in numbers)

    def of_grades(self, statements: Iterable[Stated | None]) -> str:
        """The mark for what is less than known: assumed, unverified or retracted."""
        grades = [
            statement.grade for statement in statements if statement is not None and statement.grade
        ]
        return self.mark(_GRADES[grade] for grade in _GRADES if grade in grades)

    def of_visit(self, occurrence: Occurrence) -> str:
        """The mark of a visit: its footnotes, gates, who shares it, its sources' quarrels."""
        visit = occurrence.visit
        texts = [self._written(key) for key in visit.footnotes]
        gates = self.protocol.gates
        passed = [gates[key].title if key in gates else key for key in visit.requires]
        if passed:
            texts.append(f"Only after: {'; '.join(passed)}.")
        shared = visit.participants
        if shared is not None and shared.maximum > 1:
            span = (
                str(shared.minimum)
                if shared.minimum == shared.maximum
                else f"{shared.minimum}..{shared.maximum}"
            )
            texts.append(f"One visit for {span} participants together.")
        return self.mark([*texts, *self._quarrels(visit.id, occurrence.id)])

    def of_activity(self, key: str) -> str:
        """The mark of an activity or a track by its key."""
        activity = self.protocol.activities.get(key)
        texts = [self._written(footnote) for footnote in activity.footnotes] if activity else []
        return self.mark([*texts, *self._quarrels(key)])

    def texts(self) -> list[str]:
        """All footnotes in their order, each behind its number."""
        return [f"{str(number).translate(_SUPERSCRIPTS)} {text}"
                for text, number in self._numbers.items()]  # fmt: skip

    def _written(self, key: str) -> str:
        return self.protocol.footnotes.get(key, key).strip()

    def _quarrels(self, *about: str) -> list[str]:
        return [
            _quarrel(disagreement)
            for disagreement in self.protocol.disagreements
            if disagreement.about in about
        ]


def _quarrel(disagreement: Disagreement) -> str:
    readings = "; ".join(f"{source}: {text}" for source, text in disagreement.readings.items())
    follows = (
        f"the file follows {disagreement.follows}"
        if disagreement.follows
        else "the file follows none of them"
    )
    return f"The sources disagree about {disagreement.what} ({readings}); {follows}."
