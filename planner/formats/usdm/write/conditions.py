"""On what it depends whether a visit takes place, in words."""

from typing import NamedTuple

from planner.formats.usdm.write.order import OrderedVisit
from planner.protocol.model import Protocol


class Dependence(NamedTuple):
    """What a visit depends on: a name for it, what is decided, and the condition."""

    key: str
    title: str | None
    text: str


def dependence_of(protocol: Protocol, stop: OrderedVisit) -> Dependence | None:
    """What a visit depends on; ``None`` where everybody has it."""
    visit = stop.occurrence.visit
    parts: list[Dependence] = []
    if visit.when is not None:
        decision = protocol.decisions.get(visit.when)
        condition = None if decision is None else decision.condition or decision.title
        if decision is not None and condition is None and decision.expression is not None:
            condition = str(decision.expression)
        title = None if decision is None else decision.title
        parts.append(Dependence(visit.when, title, condition or visit.when))
    if stop.arms:
        arms = ", ".join(stop.arms)
        text = f"arm in ({arms})" if len(stop.arms) > 1 else f"arm == {arms}"
        parts.append(Dependence(f"arms-{'-'.join(stop.arms)}", "Who has this visit", text))
    if visit.optional:
        parts.append(Dependence("chosen", "Optional", "This visit is chosen for the participant."))
    if not parts:
        return None
    return Dependence(parts[0].key, parts[0].title, "; and ".join(part.text for part in parts))
