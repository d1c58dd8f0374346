"""What study event groups hold, in their order."""

from planner.formats.odm.elements import Element
from planner.formats.odm.study import OdmStudy


def members(study: OdmStudy, group: Element) -> list[tuple[str, Element]]:
    """What a group holds, by OrderNumber where that is given, else as it stands in the file."""
    references = []
    for at, reference in enumerate(group.all("StudyEventRef", "StudyEventGroupRef")):
        oid = reference.get("StudyEventOID") or reference.get("StudyEventGroupOID")
        if oid is None or (oid not in study.events and oid not in study.groups):
            study.say("mistake", f"refers to `{oid or ''}`, which nothing defines", reference)
            continue
        number = reference.get("OrderNumber") or ""
        order = int(number) if number.isdecimal() and len(number) < 10 else 10**9
        references.append((order, at, oid, reference))
    references.sort(key=lambda reference_row: reference_row[:2])
    return [(oid, reference) for _, _, oid, reference in references]


def events_of(study: OdmStudy, group: Element) -> list[str]:
    """All study events in a group and in the groups in it, each once."""
    events: dict[str, None] = {}
    seen = {id(group)}
    waiting = [group]
    while waiting:
        for oid, _ in members(study, waiting.pop()):
            if oid in study.events:
                events.setdefault(oid)
            elif id(study.groups[oid]) not in seen:
                seen.add(id(study.groups[oid]))
                waiting.append(study.groups[oid])
    return list(events)
