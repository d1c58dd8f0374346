# ruff: noqa: N815 - the names are USDM's own
"""The classes of USDM v4 around the schedule: design, population, version, study."""

from typing import Literal

from formats.usdm.usdm_classes import (
    Activity,
    AliasCode,
    Code,
    CommentAnnotation,
    Condition,
    Day,
    Encounter,
    ExtensionAttribute,
    Object,
    Quantity,
    Range,
    ScheduleTimeline,
    Some,
    Strict,
    StudyArm,
    StudyCell,
    StudyElement,
    StudyEpoch,
    Text,
)


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
