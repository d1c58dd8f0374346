"""Reads the JSON of a USDM study into its model, as far as it can be read.

USDM 4 is read, and USDM 3 where its names differ: `conditions`, `studyInterventions` and
`maskingRoles` stood in the design, identifiers were `studyIdentifier`, the design's `model` was
`interventionModel`, an encounter's settings `environmentalSetting`; activities had no children.
Files of USDM 1 and 2 keep their timings elsewhere and are refused.
"""

from planner.formats.usdm.json_object import JsonObject, Unreadable
from planner.formats.usdm.model import (
    Branch,
    Cell,
    Code,
    Design,
    Encounter,
    Extension,
    GovernanceDate,
    Identifier,
    Instance,
    Note,
    ScheduleTimeline,
    Study,
    StudyActivity,
    StudyArm,
    StudyCondition,
    StudyElement,
    StudyEpoch,
    StudyTiming,
    StudyVersion,
    Title,
    TransitionRule,
)
from planner.protocol.document import Document

MAX_EXTENSION_DEPTH = 8
"""How deep extension attributes are read inside each other; USDM itself nests none."""
_OLD_KEYS = ("studyScheduleTimelines", "scheduleTimelineEntryId", "studyWorkflows")


def study_of(document: Document) -> Study:
    """The study in a JSON document.

    Raises:
        DocumentError: it is of a version that is not read, or has no version or design.
    """
    data = document.data
    problems: list[Unreadable] = []
    top = JsonObject(data, (), problems)
    part = top.part("study")
    written = top.text("usdmVersion")
    if written is not None and written.partition(".")[0] not in ("3", "4"):
        message = f"USDM {written[:20]} is not read; versions 3 and 4 are"
        raise document.refused(message, ("usdmVersion",))
    if part is None:
        raise document.refused("`study` is missing; a USDM file is an object with `study`")
    if not part.data.get("versions"):
        old = "studyDesigns" in part.data or any(name in part.data for name in _OLD_KEYS)
        hint = "this is how USDM 1 and 2 are built; versions 3 and 4 are read" if old else None
        raise document.refused("the study has no `versions`", ("study",), hint)
    return Study(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        usdm_version=written,
        versions=tuple(_version(entry) for entry in part.parts("versions")),
        extensions=_extensions(part),
        unreadable=tuple(problems),
        path=part.path,
    )


def _version(part: JsonObject) -> StudyVersion:
    return StudyVersion(
        id=part.text("id") or "",
        identifier=part.line("versionIdentifier"),
        titles=tuple(
            Title(text, _code(entry.part("type")), entry.path)
            for entry in part.parts("titles")
            if (text := entry.line("text"))
        ),
        identifiers=tuple(
            Identifier(text, entry.path)
            for entry in part.parts("studyIdentifiers")
            if (text := entry.line("text", "studyIdentifier"))
        ),
        dates=tuple(
            GovernanceDate(text, _code(entry.part("type")), entry.path)
            for entry in part.parts("dateValues")
            if (text := entry.text("dateValue"))
        ),
        masked_roles=_masked_roles(part),
        interventions=tuple(
            name
            for holder in (part, *part.parts("studyDesigns"))
            for entry in holder.parts("studyInterventions")
            if (name := entry.line("label", "name")) is not None
        ),
        conditions=_conditions(part),
        designs=tuple(_design(entry) for entry in part.parts("studyDesigns")),
        notes=_notes(part),
        extensions=_extensions(part),
        path=part.path,
    )


def _masked_roles(part: JsonObject) -> tuple[str, ...]:
    roles = [_role(entry) for entry in part.parts("roles") if _is_masked(entry)]
    for design in part.parts("studyDesigns"):
        for entry in design.parts("maskingRoles"):
            code = _code(entry.part("role"))
            roles.append((code.decode if code else None) or entry.line("description"))
    return tuple(dict.fromkeys(role for role in roles if role is not None))


def _is_masked(part: JsonObject) -> bool:
    masking = part.part("masking")
    return masking is not None and (masking.flag("isMasked") or "isMasked" not in masking.data)


def _role(part: JsonObject) -> str | None:
    code = _code(part.part("code"))
    return (code.decode if code else None) or part.line("label", "name")


def _design(part: JsonObject) -> Design:
    blinding = part.part("blindingSchema")
    if blinding is not None and "standardCode" in blinding.data:
        blinding = blinding.part("standardCode")
    return Design(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        blinding=_code(blinding),
        model=_code(part.part("model", "interventionModel")),
        arms=tuple(_arm(entry) for entry in part.parts("arms")),
        epochs=tuple(_epoch(entry) for entry in part.parts("epochs")),
        elements=tuple(_element(entry) for entry in part.parts("elements")),
        cells=tuple(
            Cell(entry.text("armId"), entry.text("epochId"), entry.texts("elementIds"), entry.path)
            for entry in part.parts("studyCells")
        ),
        encounters=tuple(_encounter(entry) for entry in part.parts("encounters")),
        activities=tuple(_activity(entry) for entry in part.parts("activities")),
        timelines=tuple(
            _timeline(entry) for entry in part.parts("scheduleTimelines", "studyScheduleTimelines")
        ),
        indications=tuple(
            Code(None, name, entry.path)
            for entry in part.parts("indications")
            if (name := entry.line("description", "label", "name"))
        ),
        conditions=_conditions(part),
        notes=_notes(part),
        extensions=_extensions(part),
        path=part.path,
    )


def _timeline(part: JsonObject) -> ScheduleTimeline:
    return ScheduleTimeline(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        is_main=part.flag("mainTimeline"),
        entry_condition=part.line("entryCondition"),
        entry_id=part.text("entryId"),
        planned_duration=_planned(part),
        instances=tuple(_instance(entry) for entry in part.parts("instances")),
        timings=tuple(_timing(entry) for entry in part.parts("timings")),
        exit_ids=tuple(entry.text("id") or "" for entry in part.parts("exits")),
        extensions=_extensions(part),
        path=part.path,
    )


def _planned(part: JsonObject) -> str | None:
    # A Duration in USDM 4; its text is what people read.
    if isinstance(part.data.get("plannedDuration"), dict):
        duration = part.part("plannedDuration")
        return None if duration is None else duration.line("text")
    return part.line("plannedDuration")


def _instance(part: JsonObject) -> Instance:
    kind = part.text("instanceType") or ""
    branches = tuple(
        Branch(entry.line("condition"), entry.text("conditionTargetId"), entry.path)
        for entry in part.parts("conditionAssignments")
    )
    return Instance(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        is_decision="Decision" in kind or bool(branches),
        branches=branches,
        default_id=part.text("defaultConditionId"),
        epoch_id=part.text("epochId"),
        encounter_id=part.text("encounterId"),
        activity_ids=part.texts("activityIds"),
        timeline_id=part.text("timelineId"),
        exit_id=part.text("timelineExitId"),
        extensions=_extensions(part),
        path=part.path,
    )


def _timing(part: JsonObject) -> StudyTiming:
    return StudyTiming(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        type=_code(part.part("type")),
        value=part.line("value"),
        value_label=part.line("valueLabel"),
        relative_to_from=_code(part.part("relativeToFrom")),
        from_id=part.text("relativeFromScheduledInstanceId"),
        to_id=part.text("relativeToScheduledInstanceId"),
        window_lower=part.line("windowLower"),
        window_upper=part.line("windowUpper"),
        window_label=part.line("windowLabel"),
        extensions=_extensions(part),
        path=part.path,
    )


def _encounter(part: JsonObject) -> Encounter:
    return Encounter(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        type=_code(part.part("type")),
        contact_modes=_codes(part.parts("contactModes")),
        settings=_codes(part.parts("environmentalSettings", "environmentalSetting")),
        start_rule=_rule(part.part("transitionStartRule")),
        end_rule=_rule(part.part("transitionEndRule")),
        previous_id=part.text("previousId"),
        next_id=part.text("nextId"),
        scheduled_at_id=part.text("scheduledAtId", "scheduledAtTimingId"),
        notes=_notes(part),
        extensions=_extensions(part),
        path=part.path,
    )


def _epoch(part: JsonObject) -> StudyEpoch:
    return StudyEpoch(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        type=_code(part.part("type")),
        previous_id=part.text("previousId"),
        next_id=part.text("nextId"),
        notes=_notes(part),
        extensions=_extensions(part),
        path=part.path,
    )


def _arm(part: JsonObject) -> StudyArm:
    return StudyArm(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        type=_code(part.part("type")),
        notes=_notes(part),
        extensions=_extensions(part),
        path=part.path,
    )


def _element(part: JsonObject) -> StudyElement:
    return StudyElement(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        start_rule=_rule(part.part("transitionStartRule")),
        end_rule=_rule(part.part("transitionEndRule")),
        extensions=_extensions(part),
        path=part.path,
    )


def _activity(part: JsonObject) -> StudyActivity:
    return StudyActivity(
        id=part.text("id") or "",
        name=part.line("name"),
        label=part.line("label"),
        description=part.line("description"),
        child_ids=part.texts("childIds"),
        timeline_id=part.text("timelineId"),
        procedures=tuple(
            name
            for entry in part.parts("definedProcedures")
            if (name := entry.line("label", "name")) is not None
        ),
        procedure_ids=tuple(
            procedure_id
            for entry in part.parts("definedProcedures")
            if (procedure_id := entry.text("id")) is not None
        ),
        notes=_notes(part),
        extensions=_extensions(part),
        path=part.path,
    )


def _conditions(part: JsonObject) -> tuple[StudyCondition, ...]:
    return tuple(
        StudyCondition(
            id=entry.text("id") or "",
            name=entry.line("name"),
            label=entry.line("label"),
            text=entry.line("text"),
            context_ids=entry.texts("contextIds"),
            applies_to_ids=entry.texts("appliesToIds"),
            path=entry.path,
        )
        for entry in part.parts("conditions")
    )


def _rule(part: JsonObject | None) -> TransitionRule | None:
    text = None if part is None else part.line("text", "description")
    return (
        None if part is None or text is None else TransitionRule(part.line("name"), text, part.path)
    )


def _notes(part: JsonObject) -> tuple[Note, ...]:
    return tuple(
        Note(text, entry.path) for entry in part.parts("notes") if (text := entry.line("text"))
    )


def _code(part: JsonObject | None) -> Code | None:
    if part is None or not part.data:
        return None
    return Code(part.text("code"), part.line("decode"), part.path)


def _codes(parts: list[JsonObject]) -> tuple[Code, ...]:
    return tuple(code for entry in parts if (code := _code(entry)) is not None)


def _extensions(part: JsonObject, depth: int = 1) -> tuple[Extension, ...]:
    if depth > MAX_EXTENSION_DEPTH:
        return ()
    return tuple(
        Extension(url, entry.text("valueString"), _extensions(entry, depth + 1), entry.path)
        for entry in part.parts("extensionAttributes")
        if (url := entry.text("url")) is not None
    )
