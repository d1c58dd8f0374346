"""What an ODM file says about a study's schedule, by OID, and what was wrong with its OIDs."""

from typing import NamedTuple

from planner.formats.odm.elements import Element, read_elements
from planner.protocol.document import DocumentError, Problem
from planner.protocol.imported_document import Kind, Lost, Remark

NAMESPACE = "http://www.cdisc.org/ns/odm/v2.0"
_OLD_NAMESPACE = "http://www.cdisc.org/ns/odm/v1."
MAX_EVENTS = 1000
"""Study events of one file; half as many groups, twice as many transitions and constraints."""

_STRUCTURE = (
    "ODM", "Study", "MetaDataVersion", "Description", "TranslatedText", "Protocol", "StudySummary",
    "StudyParameter", "ParameterValue", "StudyStructure", "Arm", "Epoch", "WorkflowRef",
    "StudyTimings", "StudyTiming", "StudyIndications", "StudyIndication", "StudyEventGroupRef",
    "WorkflowDef", "WorkflowStart", "WorkflowEnd", "Transition", "Branching", "TargetTransition",
    "DefaultTransition", "StudyEventGroupDef", "StudyEventRef", "StudyEventDef", "ItemGroupRef",
    "ItemGroupDef", "ConditionDef", "FormalExpression", "Code", "MethodDef",
)  # fmt: skip
CONSTRAINTS = (
    "AbsoluteTimingConstraint",
    "RelativeTimingConstraint",
    "TransitionTimingConstraint",
    "DurationTimingConstraint",
)
_READ_IN = {
    "ODM": {"Study", "Description"},
    "Study": {"MetaDataVersion", "Description"},
    "MetaDataVersion": {
        "Description", "Protocol", "WorkflowDef", "StudyEventGroupDef", "StudyEventDef",
        "ItemGroupDef", "ConditionDef", "MethodDef",
    },
    "Protocol": {
        "Description", "StudySummary", "StudyStructure", "StudyTimings", "StudyIndications",
        "StudyEventGroupRef", "WorkflowRef",
    },
    "StudyStructure": {"Arm", "Epoch", "WorkflowRef"},
    "StudyTiming": set(CONSTRAINTS),
    "WorkflowDef": {"Description", "WorkflowStart", "WorkflowEnd", "Transition", "Branching"},
    "StudyEventDef": {"Description", "ItemGroupRef"},
    "StudyEventGroupDef": {"Description", "StudyEventGroupRef", "StudyEventRef", "WorkflowRef"},
}  # fmt: skip
"""What is read of each element; what else stands in it is told, and left out."""


class OdmStudy(NamedTuple):
    """The elements of one MetaDataVersion that a schedule is made of, each kind by its OID."""

    path: str
    lines: list[str]
    study: Element | None
    version: Element
    protocol: Element | None
    events: dict[str, Element]
    groups: dict[str, Element]
    arms: dict[str, Element]
    epochs: dict[str, Element]
    workflows: dict[str, Element]
    conditions: dict[str, Element]
    methods: dict[str, Element]
    forms: dict[str, Element]
    timings: tuple[Element, ...]
    remarks: dict[Remark, None]

    def say(
        self, kind: Kind, message: str, element: Element, hint: str | None = None, *, loops: int = 0
    ) -> None:
        """Adds a remark about an element, once; ``loops`` is as in `Lost`."""
        self.remarks.setdefault(Remark(kind, message, element.origin, hint, Lost(loops=loops)))

    def title(self, oid: str) -> str:
        """A structural element as messages call it: its name where it has one, else its OID."""
        for known in (self.events, self.groups, self.arms, self.epochs, self.workflows):
            if oid in known and known[oid].get("Name"):
                return f"`{known[oid].get('Name')}`"
        return f"`{oid}`"


def read_odm_study(path: str) -> OdmStudy:
    """The study of an ODM v2 file, whole or from its MetaDataVersion on.

    Raises:
        PlannerError: the file cannot be opened, or lxml is not installed.
        DocumentError: it is no XML that can be read safely, or no ODM v2.
    """
    root, lines = read_elements(
        path, frozenset((*_STRUCTURE, *CONSTRAINTS)), frozenset(("TranslatedText", "Code"))
    )
    remarks: dict[Remark, None] = {}

    def stop(message: str, at: Element, hint: str | None = None) -> DocumentError:
        return DocumentError(path, [Problem(message, at.position, hint)], lines)

    if root.name not in ("ODM", "Study", "MetaDataVersion"):
        raise stop(f"no ODM file: its root is `{root.name[:60]}`", root)
    if root.space.startswith(_OLD_NAMESPACE):
        version = root.space.rsplit("/v", 1)[-1][:10]
        raise stop(
            f"this is ODM {version}, whose schedules have no timings; ODM 2.0 is read",
            root,
            "StudyTimings came with ODM 2.0",
        )
    if root.space != NAMESPACE:
        namespace = f"`{root.space[:80]}`" if root.space else "none"
        raise stop(f"no ODM 2.0 file: its namespace is {namespace}, not `{NAMESPACE}`", root)
    study, version_element = _metadata(root, remarks)
    if version_element is None:
        raise stop("the file has no MetaDataVersion, so no schedule", root)
    protocol = version_element.first("Protocol")
    structure = None if protocol is None else protocol.first("StudyStructure")
    events = _by_oid(version_element, "StudyEventDef", remarks)
    groups = _by_oid(version_element, "StudyEventGroupDef", remarks)
    workflows = _by_oid(version_element, "WorkflowDef", remarks)
    timings = () if protocol is None else tuple(
        constraint
        for holder in protocol.all("StudyTimings")
        for timing in holder.all("StudyTiming")
        for constraint in timing.all(*CONSTRAINTS)
    )  # fmt: skip
    steps = sum(len(workflow.children) for workflow in workflows.values())
    for number, what in (
        (len(events), "study events"), (len(groups) * 2, "groups"),
        (len(timings) // 2, "constraints"), (steps // 2, "transitions"),
    ):  # fmt: skip
        if number > MAX_EVENTS:
            raise stop(f"the file has too many {what} to be a schedule", version_element)
    if not events:
        raise stop("the file defines no StudyEventDef, so no visits", version_element)
    read = OdmStudy(
        path=path,
        lines=lines,
        study=study,
        version=version_element,
        protocol=protocol,
        events=events,
        groups=groups,
        arms={} if structure is None else _by_oid(structure, "Arm", remarks),
        epochs={} if structure is None else _by_oid(structure, "Epoch", remarks),
        workflows=workflows,
        conditions=_by_oid(version_element, "ConditionDef", remarks),
        methods=_by_oid(version_element, "MethodDef", remarks),
        forms=_by_oid(version_element, "ItemGroupDef", remarks),
        timings=timings,
        remarks=remarks,
    )
    _tell_what_is_not_read(read, root)
    return read


def _metadata(root: Element, remarks: dict[Remark, None]) -> tuple[Element | None, Element | None]:
    """The first study and its first MetaDataVersion; others are told."""
    if root.name == "MetaDataVersion":
        return None, root
    studies = [root] if root.name == "Study" else root.all("Study")
    pairs = [(study, version) for study in studies for version in study.all("MetaDataVersion")]
    for study, version in pairs[1:]:
        name = study.get("StudyName") or study.get("OID") or "another study"
        message = (
            f"a second MetaDataVersion (`{version.get('OID')}` of `{name}`): the first is read"
        )
        remarks.setdefault(Remark("left-out", message, version.origin))
    return pairs[0] if pairs else (studies[0] if studies else None, None)


def _by_oid(parent: Element, name: str, remarks: dict[Remark, None]) -> dict[str, Element]:
    elements: dict[str, Element] = {}
    for element in parent.all(name):
        oid = element.get("OID")
        if oid is None:
            message = f"{name} without an OID: nothing can refer to it"
            remarks.setdefault(Remark("mistake", message, element.origin))
        elif oid in elements:
            line = elements[oid].position.line
            message = f"a second {name} with the OID `{oid}`: the first (line {line}) counts"
            remarks.setdefault(Remark("mistake", message, element.origin))
        else:
            elements[oid] = element
    return elements


def _tell_what_is_not_read(study: OdmStudy, root: Element) -> None:
    """One remark for each kind of element that stands where nothing is read of it."""
    counts: dict[tuple[str, str], list[Element]] = {}
    holders = [root, *root.all("Study"), study.version]
    if study.protocol is not None:
        holders += [study.protocol, *study.protocol.all("StudyStructure")]
        holders += [
            timing for all_of in study.protocol.all("StudyTimings") for timing in all_of.children
        ]
    holders += [*study.workflows.values(), *study.events.values(), *study.groups.values()]
    seen = set()
    for holder in holders:
        known = _READ_IN.get(holder.name)
        if known is None or id(holder) in seen:
            continue
        seen.add(id(holder))
        for child in holder.children:
            if child.space not in (NAMESPACE, ""):
                counts.setdefault((holder.name, ""), []).append(child)
            elif child.name not in known:
                counts.setdefault((holder.name, child.name), []).append(child)
    for (holder_name, name), children in counts.items():
        number = f"{len(children):,} × " if len(children) > 1 else ""
        what = f"{number}{name}" if name else f"{number}elements of other namespaces"
        study.say("left-out", f"{what} in {holder_name}: not part of a schedule", children[0])


def members(study: OdmStudy, group: Element) -> list[tuple[str, Element]]:
    """What a group holds, by OrderNumber where that is given, else as it stands in the file."""
    references = []
    for at, reference in enumerate(group.all("StudyEventRef", "StudyEventGroupRef")):
        oid = reference.get("StudyEventOID") or reference.get("StudyEventGroupOID")
        if oid is None or (oid not in study.events and oid not in study.groups):
            study.say("mistake", f"refers to `{oid or ''}`, which is not defined", reference)
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
