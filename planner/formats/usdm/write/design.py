"""The study design: arms, epochs, cells, activities, objectives and the population.

What a protocol file does not know and a study has to have is said as widely as it can be, so that
nothing is claimed: people of any age and sex, an endpoint that is not named.
"""

from planner.formats.usdm.terms import (
    BLINDING,
    DATA_OF_STUDY,
    EPOCHS,
    FEMALE,
    MALE,
    MODELS,
    PRIMARY_ENDPOINT,
    PRIMARY_OBJECTIVE,
    SECONDARY_ENDPOINT,
    SECONDARY_OBJECTIVE,
    TREATMENT_ARM,
    YEAR,
    own,
)
from planner.formats.usdm.write.json_objects import Object, Objects, chain
from planner.formats.usdm.write.order import OrderedVisit, VisitOrder
from planner.protocol.expand import epoch_kind
from planner.protocol.model import Epoch, Protocol

OLDEST = 150
"""Years; nobody is older, so that an age up to it says nothing."""


def arms_of(make: Objects, protocol: Protocol) -> list[Object]:
    """The arms; one that all are in where the protocol has none, since a design has at least one.

    What an arm receives is a text, and whether it is a control is not known.
    """
    written = [(arm.id, arm.title, arm.label) for arm in protocol.arms]
    return [
        make.named(
            "StudyArm",
            name,
            title,
            label,
            type=make.code(TREATMENT_ARM),
            dataOriginDescription="Data collected from participants.",
            dataOriginType=make.code(DATA_OF_STUDY),
        )
        for name, title, label in written or [("all-participants", "All participants", None)]
    ]


def epochs_of(make: Objects, protocol: Protocol, course: VisitOrder) -> dict[str, Object]:
    """The epochs of the chain by id, linked in its order."""
    written = {epoch.id: epoch for epoch in reversed(protocol.epochs)}
    epochs = {}
    for name in course.epochs:
        epoch = written[name]
        epochs[name] = make.named(
            "StudyEpoch",
            name,
            epoch.title,
            epoch.note,
            type=make.code(EPOCHS[_kind(epoch, course)]),
        )
    chain(list(epochs.values()))
    return epochs


def _kind(epoch: Epoch, course: VisitOrder) -> str:
    """The epoch's kind; of one that does not say, whether it doses, precedes or follows that."""
    known = epoch_kind(epoch)
    if known is not None:
        return known
    kinds = [stop.occurrence.kind for stop in course.stops if stop.epoch == epoch.id]
    if "dosing" in kinds:
        return "treatment"
    dosing = [at for at, stop in enumerate(course.stops) if stop.occurrence.kind == "dosing"]
    places = [at for at, stop in enumerate(course.stops) if stop.epoch == epoch.id]
    return "screening" if dosing and places and places[0] < dosing[0] else "follow-up"


def cells_of(
    make: Objects,
    course: VisitOrder,
    arms: list[Object],
    epochs: dict[str, Object],
    interventions: list[str],
) -> tuple[list[Object], list[Object]]:
    """The elements and the cells: every arm has one cell for every epoch (DDF00243).

    Epochs with a dosing visit have an element for each arm, since arms receive different things.
    """
    elements: dict[str, Object] = {}
    cells = []
    for arm in arms:
        for name, epoch in epochs.items():
            stops = [stop for stop in course.stops if stop.epoch == name]
            key, label, given = _element(name, epoch, arm, stops, interventions)
            if key not in elements:
                elements[key] = make.named(
                    "StudyElement",
                    key,
                    label,
                    studyInterventionIds=given,
                )
            cells.append(
                make.make(
                    "StudyCell",
                    armId=arm["id"],
                    epochId=epoch["id"],
                    elementIds=[elements[key]["id"]],
                )
            )
    return list(elements.values()), cells


def _element(
    name: str, epoch: Object, arm: Object, stops: list[OrderedVisit], interventions: list[str]
) -> tuple[str, str, list[str]]:
    label = epoch["label"] or name
    if all(stop.arms and arm["name"] not in stop.arms for stop in stops):
        return "not-in-this-arm", "Not in this arm", []
    if any(stop.occurrence.kind == "dosing" for stop in stops):
        return f"{name} {arm['name']}", f"{label}: {arm['label'] or arm['name']}", interventions
    return name, label, []


class Activities:
    """The activities of a protocol, and those that its visits are for want of any.

    Each has a procedure of its name, since an activity is expected to have one (DDF00075), and a
    visit of kind `dosing` has one that names what is given (DDF00101).
    """

    def __init__(
        self, make: Objects, protocol: Protocol, course: VisitOrder, interventions: list[str]
    ) -> None:
        self._make = make
        self._interventions = interventions
        self.by_key: dict[str, str] = {}
        self.of_visits: dict[str, list[str]] = {}
        self._objects: list[Object] = []
        self._of_kind: dict[str, str] = {}
        for key, activity in protocol.activities.items():
            notes = [
                protocol.footnotes[footnote]
                for footnote in activity.footnotes
                if footnote in protocol.footnotes
            ]
            self.by_key[key] = self._add(key, activity.title, activity.note, notes, is_dosing=False)
        for stop in course.visits:
            self.of_visits[stop.occurrence.id] = self._of_visit(stop)

    @property
    def objects(self) -> list[Object]:
        """All activities, linked in their order."""
        return chain(self._objects)

    def _of_visit(self, stop: OrderedVisit) -> list[str]:
        visit = stop.occurrence
        activity_ids = [self.by_key[key] for key in visit.visit.activities if key in self.by_key]
        activity_ids = list(dict.fromkeys(activity_ids))
        if not activity_ids or visit.kind == "dosing":
            if visit.kind not in self._of_kind:
                label = f"{visit.kind.capitalize()} visit"
                self._of_kind[visit.kind] = self._add(
                    visit.kind, label, None, [], is_dosing=visit.kind == "dosing"
                )
            activity_ids.insert(0, self._of_kind[visit.kind])
        return activity_ids

    def _add(
        self, key: str, title: str | None, note: str | None, notes: list[str], *, is_dosing: bool
    ) -> str:
        make = self._make
        given = self._interventions if is_dosing else []
        procedures = [
            make.named(
                "Procedure",
                key if number == 0 else f"{key} {number + 1}",
                title,
                procedureType=title or key,
                code=make.code(own("procedures", key, title or key)),
                studyInterventionId=intervention,
            )
            for number, intervention in enumerate(given or [None])
        ]
        activity = make.named(
            "Activity",
            key,
            title,
            note,
            definedProcedures=procedures,
            notes=[make.note(text) for text in notes],
        )
        self._objects.append(activity)
        return str(activity["id"])


def objectives_of(make: Objects, protocol: Protocol) -> list[Object]:
    """The endpoints that the activities are, under objectives that a protocol file does not state.

    A design has exactly one primary objective with an endpoint (DDF00041, DDF00084).
    """
    by_level: dict[str, list[tuple[str, str]]] = {"primary": [], "secondary": []}
    for key, activity in protocol.activities.items():
        if activity.endpoint is not None:
            by_level[activity.endpoint].append((key, activity.title or key))
    if not by_level["primary"]:
        by_level["primary"] = [("not-named", "The protocol file names no primary endpoint.")]
    objectives = []
    for level, endpoints in by_level.items():
        if not endpoints:
            continue
        is_primary = level == "primary"
        objectives.append(
            make.named(
                "Objective",
                level,
                None,
                text=f"The {level} objective, which the protocol file does not state.",
                level=make.code(PRIMARY_OBJECTIVE if is_primary else SECONDARY_OBJECTIVE),
                endpoints=[
                    make.named(
                        "Endpoint",
                        key,
                        None,
                        text=text,
                        purpose="Not stated.",
                        level=make.code(PRIMARY_ENDPOINT if is_primary else SECONDARY_ENDPOINT),
                    )
                    for key, text in endpoints
                ],
            )
        )
    return objectives


def population_of(make: Objects, protocol: Protocol) -> Object:
    """Whom the study is about: the condition in words, and any age and sex.

    A population has to have both (DDF00097, DDF00098); a protocol file restricts neither.
    """
    text = protocol.condition or "Not stated"
    is_healthy = "healthy" in text.lower()

    def years(value: int) -> Object:
        return make.make("Quantity", value=float(value), unit=make.alias(YEAR))

    return make.named(
        "StudyDesignPopulation",
        "participants",
        "Participants",
        f"{text}. Age and sex are not restricted here; the protocol file does not state them.",
        includesHealthySubjects=is_healthy,
        plannedSex=[make.code(FEMALE), make.code(MALE)],
        plannedAge=make.make(
            "Range", minValue=years(0), maxValue=years(OLDEST), isApproximate=False
        ),
    )


def indications_of(make: Objects, protocol: Protocol) -> list[Object]:
    """The condition that is studied; whether it is rare is not known, and false says nothing."""
    if protocol.condition is None:
        return []
    return [
        make.named(
            "Indication",
            "condition",
            protocol.condition,
            protocol.condition,
            isRareDisease=False,
        )
    ]


def blinding_of(make: Objects, protocol: Protocol) -> Object | None:
    """The blinding; ``None`` where the design names none."""
    word = next((word for word in protocol.design if word in BLINDING), None)
    return None if word is None else make.alias(BLINDING[word])


def model_of(make: Objects, protocol: Protocol) -> Object:
    """How arms lie to each other; told by their number where the design does not say it."""
    word = next((word for word in protocol.design if word in MODELS), None)
    return make.code(MODELS[word or ("parallel" if len(protocol.arms) > 1 else "single-group")])
