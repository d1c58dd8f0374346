"""Objects of a study as JSON data, with ids that count the objects of each class."""

from itertools import pairwise
from typing import Any

from planner.formats.usdm.terms import Term

Object = dict[str, Any]
"""An object of USDM as JSON data."""

_FIELDS = {
    "Activity": (
        "previousId nextId childIds[] definedProcedures[] biomedicalConceptIds[]"
        " bcCategoryIds[] bcSurrogateIds[] timelineId notes[]"
    ),
    "Condition": "text dictionaryId notes[] contextIds[] appliesToIds[]",
    "Encounter": (
        "type previousId nextId scheduledAtId environmentalSettings[] contactModes[]"
        " transitionStartRule transitionEndRule notes[]"
    ),
    "Endpoint": "text dictionaryId notes[] purpose level",
    "Indication": "codes[] isRareDisease notes[]",
    "InterventionalStudyDesign": (
        "studyType studyPhase therapeuticAreas[] characteristics[] encounters[] activities[]"
        " arms[] studyCells[] rationale epochs[] elements[] estimands[] indications[]"
        " studyInterventionIds[] objectives[] population scheduleTimelines[]"
        " biospecimenRetentions[] documentVersionIds[] eligibilityCriteria[]"
        " analysisPopulations[] notes[] subTypes[] model intentTypes[] blindingSchema"
    ),
    "Objective": "text dictionaryId notes[] level endpoints[]",
    "Procedure": "procedureType code studyInterventionId notes[]",
    "ScheduleTimeline": (
        "mainTimeline entryCondition entryId exits[] timings[] instances[] plannedDuration"
    ),
    "ScheduledActivityInstance": (
        "defaultConditionId epochId timelineId timelineExitId activityIds[] encounterId"
    ),
    "StudyArm": "type dataOriginDescription dataOriginType populationIds[] notes[]",
    "StudyDesignPopulation": (
        "includesHealthySubjects plannedEnrollmentNumber plannedCompletionNumber plannedSex[]"
        " criterionIds[] plannedAge notes[] cohorts[]"
    ),
    "StudyElement": "transitionStartRule transitionEndRule studyInterventionIds[] notes[]",
    "StudyEpoch": "type previousId nextId notes[]",
    "StudyIntervention": "role type minimumResponseDuration codes[] administrations[] notes[]",
    "StudyRole": "code appliesToIds[] assignedPersons[] organizationIds[] masking notes[]",
    "StudyVersion": (
        "versionIdentifier rationale documentVersionIds[] dateValues[] amendments[]"
        " businessTherapeuticAreas[] studyIdentifiers[] referenceIdentifiers[] studyDesigns[]"
        " titles[] eligibilityCriterionItems[] narrativeContentItems[] abbreviations[] roles[]"
        " organizations[] studyInterventions[] administrableProducts[] medicalDevices[]"
        " productOrganizationRoles[] biomedicalConcepts[] bcCategories[] bcSurrogates[]"
        " dictionaries[] conditions[] notes[]"
    ),
    "Timing": (
        "type value valueLabel relativeToFrom relativeFromScheduledInstanceId"
        " relativeToScheduledInstanceId windowLower windowUpper windowLabel"
    ),
}
"""Fields of classes that have empty ones, in USDM's order; those that are lists end in `[]`."""


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
        """An object of a class; a field that its class has and that is not given is empty."""
        empty: dict[str, Any] = {
            field.removesuffix("[]"): [] if field.endswith("[]") else None
            for field in _FIELDS.get(kind, "").split()
        }
        own = {field: value for field, value in fields.items() if field not in empty}
        return {
            "id": self.new_id(kind),
            "extensionAttributes": [],
            **own,
            **{field: fields.get(field, value) for field, value in empty.items()},
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


def lead_on(instances: list[Object], exit_: Object) -> None:
    """Lets each instance of a timeline lead to the next one, and the last one to the exit."""
    for instance, following in pairwise(instances):
        instance["defaultConditionId"] = following["id"]
    instances[-1]["timelineExitId"] = exit_["id"]
