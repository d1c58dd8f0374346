"""A protocol as a study of USDM v4: its own places, and extension attributes for all else."""

import json
from typing import Any, NamedTuple

from planner.errors import PlannerError
from planner.formats.usdm.extensions.attributes import NOTICE_URL, attribute, text_attribute
from planner.formats.usdm.extensions.patch import (
    EPOCH,
    FieldChange,
    protocol_document,
    residue,
    standard_form,
)
from planner.formats.usdm.read import read_study
from planner.formats.usdm.terms import (
    BLINDED_ROLES,
    DRUG,
    EXPERIMENTAL,
    GLOBAL,
    HEALTHCARE,
    INTERVENTIONAL,
    ISSUED_DATE,
    OFFICIAL_TITLE,
    PLACEBO,
    REGISTRY,
    SPONSOR,
)
from planner.formats.usdm.write.design import (
    Activities,
    arms_of,
    blinding_of,
    cells_of,
    epochs_of,
    indications_of,
    model_of,
    objectives_of,
    population_of,
)
from planner.formats.usdm.write.json_objects import Object, Objects
from planner.formats.usdm.write.order import VisitOrder, chain_of
from planner.formats.usdm.write.timeline import Sheets, event_timelines, main_timeline
from planner.limits import MAX_STUDY, MAX_STUDY_VALUES, too_large, too_many
from planner.notice import NOTICE
from planner.protocol.document import Document, Mark
from planner.protocol.model import Protocol
from planner.protocol.registries import registry_record

_OF_VERSION = (
    "format", "id", "title", "version", "date", "status", "registry", "identity", "notices",
    "sources", "source", "grade", "note", "disagreements", "ignore",
)  # fmt: skip
"""Fields about the study and its texts; the others are about the design."""


class Native(NamedTuple):
    """A study as JSON data, and the objects that extension attributes may be put on, by our ids."""

    data: dict[str, Any]
    study: Object
    version: Object
    design: Object
    arms: dict[str, Object]
    epochs: dict[str, Object]
    activities: dict[str, Object]
    visits: dict[str, Object]
    course: VisitOrder


def study_json(protocol: Protocol) -> str:
    """A protocol as the JSON text of a USDM study; the same text for an equal protocol.

    Raises:
        PlannerError: no visit takes place, the cycles make more than the planner unrolls, or the
            study is larger than what is read.
    """
    data = study_data(protocol)
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    reason = None
    if len(text.encode()) > MAX_STUDY:
        reason = too_large(MAX_STUDY)
    elif _number_of_values(data) > MAX_STUDY_VALUES:
        reason = too_many(MAX_STUDY_VALUES, "values")
    if reason is not None:
        raise PlannerError(f"`{protocol.id}` as a study could not be read again: {reason}")
    return text


def _number_of_values(data: object) -> int:
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + sum(map(_number_of_values, parts))


def study_data(protocol: Protocol) -> dict[str, Any]:
    """The same as data. Reading it as a protocol gives an equal one.

    What USDM cannot hold is found by reading what has been written: whatever the reader does not
    make of the study's own fields becomes an extension attribute.

    Raises:
        PlannerError: no visit takes place, or the cycles make more than the planner unrolls.
    """
    make = Objects()
    native = native_study(make, protocol)
    # The notice is there first: the reader takes a study with an attribute of ours for ours.
    notice = text_attribute(NOTICE_URL, NOTICE, make.new_id("ExtensionAttribute"))
    native.study["extensionAttributes"].append(notice)
    document = Document(f"{protocol.id}.json", native.data, Mark(1, 1, None), [])
    read = read_study(document).document.data
    assert isinstance(read, dict)
    for change in residue(standard_form(read), protocol_document(protocol)):
        holder = _holder(native, change)
        extension = attribute(change, lambda: make.new_id("ExtensionAttribute"))
        holder["extensionAttributes"].append(extension)
    return native.data


def _holder(native: Native, change: FieldChange) -> Object:
    """The object that a change is about: of a visit its instance, else the design or version."""
    first, *rest = change.path
    if rest:
        key = rest[0]
        if first == "visits" and key not in native.visits and isinstance(change.value, dict):
            return native.epochs.get(str(change.value.get(EPOCH)), native.design)
        places = {
            "visits": native.visits,
            "epochs": native.epochs,
            "arms": native.arms,
            "activities": native.activities,
        }
        if first in places and key in places[first]:
            return places[first][key]
    return native.version if first in _OF_VERSION else native.design


USDM_VERSION = "4.0.0"
NOT_STATED = "Not stated in the protocol file."
_BLINDED_OF = {
    # Whom these words blind where the file does not name anybody (DDF00192, DDF00193).
    "single-blind": ("participant",),
    "double-blind": ("participant", "investigator"),
    "triple-blind": ("participant", "investigator", "rater"),
    "quadruple-blind": ("participant", "investigator", "rater", "therapist"),
}


def native_study(make: Objects, protocol: Protocol) -> Native:
    """The study without extension attributes.

    Raises:
        PlannerError: no visit takes place, or the cycles make more than the planner unrolls.
    """
    course = chain_of(protocol)
    if not course.stops:
        raise PlannerError(f"`{protocol.id}` has no visits; a timeline of USDM has at least one")
    interventions = _interventions(make, protocol)
    intervention_ids = [str(intervention["id"]) for intervention in interventions]
    arms = arms_of(make, protocol)
    epochs = epochs_of(make, protocol, course)
    elements, cells = cells_of(make, course, arms, epochs, intervention_ids)
    activities = Activities(make, protocol, course, intervention_ids)
    sheets = Sheets(make, course, activities.by_key)
    main, visits = main_timeline(make, protocol, course, epochs, activities.of_visits, sheets)
    events, instances = event_timelines(make, protocol, course, activities.of_visits, sheets)
    design = make.named(
        "InterventionalStudyDesign",
        protocol.id,
        protocol.title,
        studyType=make.code(INTERVENTIONAL),
        encounters=visits.encounters,
        activities=activities.objects,
        arms=arms,
        studyCells=cells,
        rationale=NOT_STATED,
        epochs=list(epochs.values()),
        elements=elements,
        indications=indications_of(make, protocol),
        studyInterventionIds=intervention_ids,
        objectives=objectives_of(make, protocol),
        population=population_of(make, protocol),
        scheduleTimelines=[main, *events, *sheets.timelines],
        model=model_of(make, protocol),
        blindingSchema=blinding_of(make, protocol),
    )
    version = _version(make, protocol, design, interventions, visits.conditions)
    study = make.make(
        "Study", name=protocol.id, description=None, label=None, versions=[version], documentedBy=[]
    )
    study["id"] = None  # as in the published examples: an id is given by whoever keeps the study
    from planner.version import __version__

    data = {
        "study": study,
        "usdmVersion": USDM_VERSION,
        "systemName": "trial-session-planner",
        "systemVersion": __version__,
    }
    objects = {activity["id"]: activity for activity in design["activities"]}
    by_key = {key: objects[id_] for key, id_ in activities.by_key.items()}
    by_arm = {str(arm["name"]): arm for arm in arms}
    by_visit = visits.instances | instances
    return Native(data, study, version, design, by_arm, epochs, by_key, by_visit, course)


def _version(
    make: Objects,
    protocol: Protocol,
    design: Object,
    interventions: list[Object],
    conditions: list[Object],
) -> Object:
    organizations, identifiers = _identifiers(make, protocol)
    version = make.make(
        "StudyVersion",
        versionIdentifier=protocol.version,
        rationale=NOT_STATED,
        dateValues=_dates(make, protocol),
        studyIdentifiers=identifiers,
        studyDesigns=[design],
        titles=[make.make("StudyTitle", text=protocol.title, type=make.code(OFFICIAL_TITLE))],
        organizations=organizations,
        studyInterventions=interventions,
        conditions=conditions,
    )
    version["roles"] = _roles(make, protocol, version, design, organizations[-1])
    return version


def _dates(make: Objects, protocol: Protocol) -> list[Object]:
    if protocol.date is None:
        return []
    scope = make.make("GeographicScope", type=make.code(GLOBAL), code=None)
    return [
        make.named(
            "GovernanceDate",
            "version-date",
            "Date of this version",
            type=make.code(ISSUED_DATE),
            dateValue=protocol.date.isoformat(),
            geographicScopes=[scope],
        )
    ]


def _identifiers(make: Objects, protocol: Protocol) -> tuple[list[Object], list[Object]]:
    """Registries with their numbers, and last the organisation that runs the study.

    Exactly one identifier is the sponsor's (DDF00172), which is the protocol's own id here. A
    protocol file does not name the sponsor; that the study is run where patients are treated is
    true of every study with visits, which is why it is called a healthcare facility.
    """
    organizations: list[Object] = []
    identifiers: list[Object] = []
    by_name: dict[str, Object] = {}
    for number in dict.fromkeys(protocol.registry):
        record = registry_record(number)
        name = "Registry" if record is None else record.registry
        if name not in by_name:
            by_name[name] = _organization(make, name, name, REGISTRY)
            organizations.append(by_name[name])
        scope = by_name[name]["id"]
        identifiers.append(make.make("StudyIdentifier", text=number, scopeId=scope))
    runs = _organization(
        make, "sponsor", "The organisation that runs the study, which is not named here", HEALTHCARE
    )
    organizations.append(runs)
    identifiers.append(make.make("StudyIdentifier", text=protocol.id, scopeId=runs["id"]))
    return organizations, identifiers


def _organization(make: Objects, name: str, label: str, kind: Any) -> Object:
    return make.make(
        "Organization",
        name=make.name("Organization", name),
        label=label,
        type=make.code(kind),
        identifierScheme="name",
        identifier=name,
        legalAddress=None,
        managedSites=[],
    )


def _interventions(make: Objects, protocol: Protocol) -> list[Object]:
    """What is investigated, by name and without any amount; a study has at least one.

    A placebo is one where an arm is called so. What else the arms of a study compare is in their
    labels, which are not taken apart; DDF00213 then finds one intervention for several arms.
    """
    names = [(name, EXPERIMENTAL) for name in protocol.substance or ("not-named",)]
    called = " ".join(f"{arm.id} {arm.title or ''}" for arm in protocol.arms).lower()
    if "placebo" in called and "placebo" not in protocol.substance:
        names.append(("placebo", PLACEBO))
    return [
        make.named(
            "StudyIntervention",
            name,
            None,
            role=make.code(role),
            type=make.code(DRUG),
        )
        for name, role in names
    ]


def _roles(
    make: Objects, protocol: Protocol, version: Object, design: Object, sponsor: Object
) -> list[Object]:
    """The sponsor's role, and a masked role for each blinded party.

    Roles of an open-label design are not expected to be masked (DDF00191).
    """
    parties: list[str] = list(protocol.blinded)
    word = next((word for word in protocol.design if word in _BLINDED_OF), None)
    if "open-label" in protocol.design:
        parties = []
    elif word is not None and not parties:
        parties = list(_BLINDED_OF[word])
    roles = [
        make.named(
            "StudyRole",
            "sponsor",
            "Sponsor",
            code=make.code(SPONSOR),
            appliesToIds=[version["id"]],
            organizationIds=[sponsor["id"]],
            masking=_masking(make) if "sponsor" in parties else None,
        )
    ]
    roles += [
        make.named(
            "StudyRole",
            party,
            party.capitalize(),
            code=make.code(BLINDED_ROLES[party]),
            appliesToIds=[design["id"]],
            masking=_masking(make),
        )
        for party in parties
        if party in BLINDED_ROLES
    ]
    return roles


def _masking(make: Objects) -> Object:
    return make.make("Masking", text="Blinded: does not know the arm.", isMasked=True)
