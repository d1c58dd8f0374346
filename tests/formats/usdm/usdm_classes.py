# ruff: noqa: N815 - the names are USDM's own
"""The classes of USDM v4 that an exported study has, as models that know no other fields.

Written from CDISC's class list and the shape of its published examples, and independent of the
planner; test_classes.py holds them against the examples. Lists have the entries that the class
list asks for, codes are whole, durations are ISO 8601.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Iso = Annotated[str, Field(pattern=r"^P(([0-9]+[YMWD])+(T([0-9]+[HMS])+)?|T([0-9]+[HMS])+)$")]
Entry = TypeVar("Entry")
Some = Annotated[list[Entry], Field(min_length=1)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ExtensionAttribute(Strict):
    id: Text
    url: Text
    valueString: Text | None = None
    extensionAttributes: list["ExtensionAttribute"]
    instanceType: Literal["ExtensionAttribute"]


class Object(Strict):
    """What all objects have."""

    id: Text
    extensionAttributes: list[ExtensionAttribute]


class Code(Object):
    code: Text
    codeSystem: Text
    codeSystemVersion: Text
    decode: Text
    instanceType: Literal["Code"]


class AliasCode(Object):
    standardCode: Code
    standardCodeAliases: list[Code]
    instanceType: Literal["AliasCode"]


class CommentAnnotation(Object):
    text: Text
    codes: list[Code]
    instanceType: Literal["CommentAnnotation"]


class TransitionRule(Object):
    name: Text
    label: str | None
    description: str | None
    text: Text
    instanceType: Literal["TransitionRule"]


class Quantity(Object):
    value: float
    unit: AliasCode | None
    instanceType: Literal["Quantity"]


class Range(Object):
    minValue: Quantity
    maxValue: Quantity
    isApproximate: bool
    instanceType: Literal["Range"]


class Duration(Object):
    text: str | None
    quantity: Quantity | Range | None
    durationWillVary: bool
    reasonDurationWillVary: str | None
    instanceType: Literal["Duration"]


class Timing(Object):
    name: Text
    label: str | None
    description: str | None
    type: Code
    value: Iso
    valueLabel: Text
    relativeToFrom: Code
    relativeFromScheduledInstanceId: Text
    relativeToScheduledInstanceId: Text | None
    windowLower: Iso | None
    windowUpper: Iso | None
    windowLabel: str | None
    instanceType: Literal["Timing"]


class ConditionAssignment(Object):
    condition: Text
    conditionTargetId: Text
    instanceType: Literal["ConditionAssignment"]


class ScheduledActivityInstance(Object):
    name: Text
    label: str | None
    description: str | None
    defaultConditionId: Text | None
    epochId: Text | None
    timelineId: Text | None
    timelineExitId: Text | None
    activityIds: list[Text]
    encounterId: Text | None
    instanceType: Literal["ScheduledActivityInstance"]


class ScheduledDecisionInstance(Object):
    name: Text
    label: str | None
    description: str | None
    defaultConditionId: Text | None
    epochId: Text | None
    conditionAssignments: Some[ConditionAssignment]
    instanceType: Literal["ScheduledDecisionInstance"]


class ScheduleTimelineExit(Object):
    instanceType: Literal["ScheduleTimelineExit"]


class ScheduleTimeline(Object):
    name: Text
    label: str | None
    description: str | None
    mainTimeline: bool
    entryCondition: Text
    entryId: Text
    exits: Some[ScheduleTimelineExit]
    timings: Some[Timing]
    instances: Some[ScheduledActivityInstance | ScheduledDecisionInstance]
    plannedDuration: Duration | None
    instanceType: Literal["ScheduleTimeline"]


class Encounter(Object):
    name: Text
    label: str | None
    description: str | None
    type: Code
    previousId: Text | None
    nextId: Text | None
    scheduledAtId: Text | None
    environmentalSettings: list[Code]
    contactModes: list[Code]
    transitionStartRule: TransitionRule | None
    transitionEndRule: TransitionRule | None
    notes: list[CommentAnnotation]
    instanceType: Literal["Encounter"]


class StudyEpoch(Object):
    name: Text
    label: str | None
    description: str | None
    type: Code
    previousId: Text | None
    nextId: Text | None
    notes: list[CommentAnnotation]
    instanceType: Literal["StudyEpoch"]


class StudyArm(Object):
    name: Text
    label: str | None
    description: str | None
    type: Code
    dataOriginDescription: Text
    dataOriginType: Code
    populationIds: list[Text]
    notes: list[CommentAnnotation]
    instanceType: Literal["StudyArm"]


class StudyElement(Object):
    name: Text
    label: str | None
    description: str | None
    transitionStartRule: TransitionRule | None
    transitionEndRule: TransitionRule | None
    studyInterventionIds: list[Text]
    notes: list[CommentAnnotation]
    instanceType: Literal["StudyElement"]


class StudyCell(Object):
    armId: Text
    epochId: Text
    elementIds: Some[Text]
    instanceType: Literal["StudyCell"]


class Procedure(Object):
    name: Text
    label: str | None
    description: str | None
    procedureType: str
    code: Code
    studyInterventionId: Text | None
    notes: list[CommentAnnotation]
    instanceType: Literal["Procedure"]


class Activity(Object):
    name: Text
    label: str | None
    description: str | None
    previousId: Text | None
    nextId: Text | None
    childIds: list[Text]
    definedProcedures: list[Procedure]
    biomedicalConceptIds: list[Text]
    bcCategoryIds: list[Text]
    bcSurrogateIds: list[Text]
    timelineId: Text | None
    notes: list[CommentAnnotation]
    instanceType: Literal["Activity"]


class Condition(Object):
    name: Text
    label: str | None
    description: str | None
    text: Text
    dictionaryId: Text | None
    notes: list[CommentAnnotation]
    contextIds: list[Text]
    appliesToIds: Some[Text]
    instanceType: Literal["Condition"]


class Indication(Object):
    name: Text
    label: str | None
    description: str | None
    codes: list[Code]
    isRareDisease: bool
    notes: list[CommentAnnotation]
    instanceType: Literal["Indication"]


class Endpoint(Object):
    name: Text
    label: str | None
    description: str | None
    text: Text
    dictionaryId: Text | None
    notes: list[CommentAnnotation]
    purpose: str
    level: Code
    instanceType: Literal["Endpoint"]


class Objective(Object):
    name: Text
    label: str | None
    description: str | None
    text: Text
    dictionaryId: Text | None
    notes: list[CommentAnnotation]
    level: Code
    endpoints: list[Endpoint]
    instanceType: Literal["Objective"]


class StudyDesignPopulation(Object):
    name: Text
    label: str | None
    description: str | None
    includesHealthySubjects: bool
    plannedEnrollmentNumber: Quantity | Range | None
    plannedCompletionNumber: Quantity | Range | None
    plannedSex: list[Code]
    criterionIds: list[Text]
    plannedAge: Range | None
    notes: list[CommentAnnotation]
    cohorts: list[None]
    instanceType: Literal["StudyDesignPopulation"]


class InterventionalStudyDesign(Object):
    name: Text
    label: str | None
    description: str | None
    studyType: Code | None
    studyPhase: AliasCode | None
    therapeuticAreas: list[Code]
    characteristics: list[Code]
    encounters: Some[Encounter]
    activities: Some[Activity]
    arms: Some[StudyArm]
    studyCells: Some[StudyCell]
    rationale: Text
    epochs: Some[StudyEpoch]
    elements: Some[StudyElement]
    estimands: list[None]
    indications: list[Indication]
    studyInterventionIds: list[Text]
    objectives: list[Objective]
    population: StudyDesignPopulation
    scheduleTimelines: Some[ScheduleTimeline]
    biospecimenRetentions: list[None]
    documentVersionIds: list[Text]
    eligibilityCriteria: list[None]
    analysisPopulations: list[None]
    notes: list[CommentAnnotation]
    subTypes: list[Code]
    model: Code
    intentTypes: list[Code]
    blindingSchema: AliasCode | None
    instanceType: Literal["InterventionalStudyDesign"]


class GeographicScope(Object):
    type: Code
    code: AliasCode | None
    instanceType: Literal["GeographicScope"]


class GovernanceDate(Object):
    name: Text
    label: str | None
    description: str | None
    type: Code
    dateValue: Day
    geographicScopes: Some[GeographicScope]
    instanceType: Literal["GovernanceDate"]


class StudyTitle(Object):
    text: Text
    type: Code
    instanceType: Literal["StudyTitle"]


class StudyIdentifier(Object):
    text: Text
    scopeId: Text
    instanceType: Literal["StudyIdentifier"]


class Organization(Object):
    name: Text
    label: str | None
    type: Code
    identifierScheme: Text
    identifier: Text
    legalAddress: None
    managedSites: list[None]
    instanceType: Literal["Organization"]


class Masking(Object):
    text: Text
    isMasked: bool
    instanceType: Literal["Masking"]


class StudyRole(Object):
    name: Text
    label: str | None
    description: str | None
    code: Code
    appliesToIds: Some[Text]
    assignedPersons: list[None]
    organizationIds: list[Text]
    masking: Masking | None
    notes: list[CommentAnnotation]
    instanceType: Literal["StudyRole"]


class StudyIntervention(Object):
    name: Text
    label: str | None
    description: str | None
    role: Code
    type: Code
    minimumResponseDuration: Quantity | None
    codes: list[Code]
    administrations: list[None]
    notes: list[CommentAnnotation]
    instanceType: Literal["StudyIntervention"]


class StudyVersion(Object):
    versionIdentifier: Text
    rationale: Text
    documentVersionIds: list[Text]
    dateValues: list[GovernanceDate]
    amendments: list[None]
    businessTherapeuticAreas: list[Code]
    studyIdentifiers: Some[StudyIdentifier]
    referenceIdentifiers: list[None]
    studyDesigns: Some[InterventionalStudyDesign]
    titles: Some[StudyTitle]
    eligibilityCriterionItems: list[None]
    narrativeContentItems: list[None]
    abbreviations: list[None]
    roles: list[StudyRole]
    organizations: Some[Organization]
    studyInterventions: list[StudyIntervention]
    administrableProducts: list[None]
    medicalDevices: list[None]
    productOrganizationRoles: list[None]
    biomedicalConcepts: list[None]
    bcCategories: list[None]
    bcSurrogates: list[None]
    dictionaries: list[None]
    conditions: list[Condition]
    notes: list[CommentAnnotation]
    instanceType: Literal["StudyVersion"]


class Study(Strict):
    """The study; its id may be null, as whoever keeps it gives it one."""

    id: Text | None
    extensionAttributes: list[ExtensionAttribute]
    name: Text
    description: str | None
    label: str | None
    versions: Some[StudyVersion]
    documentedBy: list[None]
    instanceType: Literal["Study"]


class Wrapper(Strict):
    """The whole file."""

    study: Study
    usdmVersion: Literal["4.0.0"]
    systemName: Text
    systemVersion: Text
