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
