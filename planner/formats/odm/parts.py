"""Parts of a study beside its visits and timings: epochs, forms, design and condition."""

from typing import NamedTuple

from planner.formats.odm.elements import Element
from planner.formats.odm.groups import events_of, members
from planner.formats.odm.naming import truncated_line
from planner.formats.odm.study import OdmStudy
from planner.formats.odm.workflow import Flow


class EpochPart(NamedTuple):
    """An epoch to be: an Epoch or a group, and the visits in it."""

    oid: str
    element: Element
    visits: set[str]


def parts_of(study: OdmStudy) -> list[EpochPart]:
    """The epochs, else the outermost groups, in the order that their numbers give."""
    if study.epochs:
        numbered = sorted(
            study.epochs.items(),
            key=lambda oid_and_epoch: _number(oid_and_epoch[1], "SequenceNumber"),
        )
        return [
            EpochPart(oid, epoch, {
                visit
                for group in study.groups.values() if group.get("EpochOID") == oid
                for visit in events_of(study, group)
            })
            for oid, epoch in numbered
        ]  # fmt: skip
    inner = {oid for group in study.groups.values() for oid, _ in members(study, group)}
    references = [] if study.protocol is None else study.protocol.all("StudyEventGroupRef")
    references.sort(key=lambda element: _number(element, "OrderNumber"))
    order = [reference.get("StudyEventGroupOID") or "" for reference in references]
    for oid, reference in zip(order, references, strict=True):
        if oid not in study.groups:
            study.say("mistake", f"refers to `{oid}`, which nothing defines", reference)
    outer = [oid for oid in dict.fromkeys((*order, *study.groups)) if oid in study.groups]
    return [
        EpochPart(oid, study.groups[oid], set(events_of(study, study.groups[oid])))
        for oid in outer
        if oid not in inner
    ]


def _number(element: Element, name: str) -> int:
    text = element.get(name) or ""
    return int(text) if text.isdecimal() and len(text) < 10 else 10**9


def used_forms(study: OdmStudy, flow: Flow) -> list[str]:
    """OIDs of the item groups that visits refer to, in the order of the file."""
    used = {
        reference.get("ItemGroupOID")
        for oid in flow.visits
        for reference in study.events[oid].all("ItemGroupRef")
    }
    return [oid for oid in study.forms if oid in used]


_DESIGNS = {
    "open": "open-label", "single blind": "single-blind", "double blind": "double-blind",
    "triple blind": "triple-blind", "quadruple blind": "quadruple-blind",
    "single group": "single-group", "parallel": "parallel", "crossover": "crossover",
    "cross over": "crossover",
}  # fmt: skip


def design_of(study: OdmStudy) -> list[str]:
    """Blinding and structure as the study's summary parameters say them."""
    summary = None if study.protocol is None else study.protocol.first("StudySummary")
    design_words: list[str] = []
    for parameter in () if summary is None else summary.all("StudyParameter"):
        term = f"{parameter.get('Term')} {parameter.get('ShortName')}".lower()
        value = parameter.first("ParameterValue")
        stated = "" if value is None else (value.get("Value") or "").lower().replace("-", " ")
        words = next((word for key, word in _DESIGNS.items() if key in stated), None)
        asked = any(part in term for part in ("blind", "mask", "model"))
        if asked and words is not None and words not in design_words:
            design_words.append(words)
        else:
            what = f"the study parameter {parameter.get('Term') or ''}"
            study.say("left-out", f"{what} has no place in a protocol file", parameter)
    return design_words


def condition_of(study: OdmStudy) -> str | None:
    """What the study indications describe."""
    holder = None if study.protocol is None else study.protocol.first("StudyIndications")
    texts = (
        []
        if holder is None
        else [element.description() for element in holder.all("StudyIndication")]
    )
    condition = ", ".join(text for text in texts if text)
    return truncated_line(condition) or None
