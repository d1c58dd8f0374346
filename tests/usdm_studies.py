"""Small USDM 4 studies of the project's own, built from few words, for tests of what reads them.

A study is a plain dict as `json.load` gives it, complete enough for CDISC's engines where the words
are: mutate it freely. Everything refers to everything by name; ids are made of class and name, as
in `ScheduledActivityInstance_WK2`::

    study(
        main(
            visit("SCR", epoch="Screening"), visit("DOSE", activities=["ECG"]), visit("WK2"),
            timings=[
                before("SCR", "P2W", "DOSE"),
                fixed("DOSE"),
                after("WK2", "P2W", "DOSE", window=("P3D", "P3D")),
            ],
        )
    )
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from planner.protocol.document import Document
from planner.protocol.json_reading import compose_json

Json = dict[str, Any]

_TYPES = {
    "After": "C201356",
    "Before": "C201357",
    "Fixed Reference": "C201358",
    "End to End": "C201352",
    "End to Start": "C201353",
    "Start to End": "C201354",
    "Start to Start": "C201355",
    "Screening Epoch": "C202487",
    "Treatment Epoch": "C101526",
    "Follow-Up Epoch": "C202578",
    "Washout Period": "C42872",
    "In Person": "C175574",
    "Telephone Call": "C171537",
    "Clinic": "C51282",
    "Visit": "C25716",
    "Open Label Study": "C49659",
    "Double Blind Study": "C15228",
    "Parallel Study": "C82639",
    "Single Group Study": "C82640",
    "Crossover Study": "C82637",
    "Official Study Title": "C207616",
    "Sponsor Approval Date": "C132352",
    "Investigational Arm": "C174266",
}
_KINDS = {
    "screening": "Screening Epoch",
    "follow-up": "Follow-Up Epoch",
    "washout": "Washout Period",
}


def code(decode: str) -> Json:
    """A term; those the studies here use have CDISC's code, others an invented one."""
    return {
        "id": f"Code_{decode}",
        "extensionAttributes": [],
        "code": _TYPES.get(decode, "C999999"),
        "codeSystem": "http://www.cdisc.org",
        "codeSystemVersion": "2024-09-27",
        "decode": decode,
        "instanceType": "Code",
    }


def visit(
    name: str,
    label: str | None = None,
    *,
    epoch: str | None = "Treatment",
    activities: Sequence[str] = (),
    encounter: str | None = None,
    to: str | None = None,
    timeline: str | None = None,
) -> Json:
    """An instance; the next one listed follows it, or the one named `to` (`""`: none at all).

    `encounter` names an encounter to share; each instance has one of its own name otherwise.
    """
    return {
        "id": f"ScheduledActivityInstance_{name}",
        "extensionAttributes": [],
        "name": name,
        "label": label,
        "description": None,
        "defaultConditionId": to,
        "epochId": None if epoch is None else f"StudyEpoch_{epoch}",
        "instanceType": "ScheduledActivityInstance",
        "timelineId": None if timeline is None else f"ScheduleTimeline_{timeline}",
        "timelineExitId": None,
        "activityIds": [f"Activity_{one}" for one in activities],
        "encounterId": f"Encounter_{encounter or name}",
    }


def item(name: str, label: str | None = None, *, activities: Sequence[str] = ()) -> Json:
    """An instance of a run sheet: without epoch and encounter."""
    return {**visit(name, label, epoch=None, activities=activities), "encounterId": None}


def decision(name: str, branches: dict[str, str], *, to: str | None = None) -> Json:
    """A decision: where each condition leads, and `to` by default (else the next one listed)."""
    return {
        "id": f"ScheduledActivityInstance_{name}",
        "extensionAttributes": [],
        "name": name,
        "label": None,
        "description": None,
        "defaultConditionId": to,
        "epochId": None,
        "instanceType": "ScheduledDecisionInstance",
        "conditionAssignments": [
            {
                "id": f"ConditionAssignment_{name}_{target}",
                "extensionAttributes": [],
                "condition": text,
                "conditionTargetId": f"ScheduledActivityInstance_{target}",
                "instanceType": "ConditionAssignment",
            }
            for text, target in branches.items()
        ],
    }


def timing(
    timed: str,
    kind: str,
    value: str,
    reference: str,
    *,
    ends: str = "Start to Start",
    window: tuple[str | None, str | None] | None = None,
    label: str | None = None,
) -> Json:
    """A timing of any kind; `window` is (lower, upper)."""
    lower, upper = window or (None, None)
    return {
        "id": f"Timing_{timed}",
        "extensionAttributes": [],
        "name": f"TIM_{timed}",
        "label": label or timed,
        "description": None,
        "type": code(kind),
        "value": value,
        "valueLabel": label or value,
        "relativeToFrom": code(ends),
        "relativeFromScheduledInstanceId": f"ScheduledActivityInstance_{timed}",
        "relativeToScheduledInstanceId": f"ScheduledActivityInstance_{reference}",
        "windowLower": lower,
        "windowUpper": upper,
        "windowLabel": None if window is None else f"-{lower}..{upper}",
        "instanceType": "Timing",
    }


def after(timed: str, value: str, reference: str, **more: Any) -> Json:
    """`timed` lies `value` after `reference`."""
    return timing(timed, "After", value, reference, **more)


def before(timed: str, value: str, reference: str, **more: Any) -> Json:
    """`timed` lies `value` before `reference`."""
    return timing(timed, "Before", value, reference, **more)


def fixed(timed: str, value: str = "P0D", **more: Any) -> Json:
    """`timed` is an anchor."""
    return timing(timed, "Fixed Reference", value, timed, **more)


def timeline(
    name: str,
    *instances: Json,
    timings: Iterable[Json] = (),
    entry: str | None = None,
    condition: str = "Automatic execution",
    is_main: bool = False,
) -> Json:
    """A timeline; each instance that does not say what follows leads to the next one listed."""
    identity = f"ScheduleTimeline_{name}"
    leave = f"ScheduleTimelineExit_{name}"
    for at, one in enumerate(instances):
        to = one["defaultConditionId"]
        if to is None:
            following = instances[at + 1]["id"] if at + 1 < len(instances) else None
            one["defaultConditionId"] = following
        else:
            one["defaultConditionId"] = f"ScheduledActivityInstance_{to}" if to else None
        if one["defaultConditionId"] is None and "timelineExitId" in one:
            one["timelineExitId"] = leave
    first = (
        f"ScheduledActivityInstance_{entry}" if entry else instances[0]["id"] if instances else None
    )
    return {
        "id": identity,
        "extensionAttributes": [],
        "name": name,
        "label": name,
        "description": None,
        "mainTimeline": is_main,
        "entryCondition": condition,
        "entryId": first,
        "exits": [{"id": leave, "extensionAttributes": [], "instanceType": "ScheduleTimelineExit"}],
        "timings": list(timings),
        "instances": list(instances),
        "plannedDuration": None,
        "instanceType": "ScheduleTimeline",
    }


def main(*instances: Json, timings: Iterable[Json] = (), **more: Any) -> Json:
    """The main timeline."""
    more.setdefault("condition", "Subject identified")
    return timeline("Main", *instances, timings=timings, is_main=True, **more)


def activity(
    name: str,
    label: str | None = None,
    *,
    timeline: str | None = None,
    children: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Json:
    """An activity, with a sub-timeline or with children where it is a heading."""
    return {
        "id": f"Activity_{name}",
        "extensionAttributes": [],
        "name": name,
        "label": label or name,
        "description": None,
        "previousId": None,
        "nextId": None,
        "childIds": [f"Activity_{one}" for one in children],
        "definedProcedures": [],
        "biomedicalConceptIds": [],
        "bcCategoryIds": [],
        "bcSurrogateIds": [],
        "timelineId": None if timeline is None else f"ScheduleTimeline_{timeline}",
        "notes": [note(text) for text in notes],
        "instanceType": "Activity",
    }


def note(text: str) -> Json:
    """A comment annotation."""
    return {
        "id": f"CommentAnnotation_{len(text)}",
        "extensionAttributes": [],
        "text": text,
        "codes": [],
        "instanceType": "CommentAnnotation",
    }


def rule(name: str, text: str) -> Json:
    """A transition rule."""
    return {
        "id": f"TransitionRule_{name}",
        "extensionAttributes": [],
        "name": name,
        "label": None,
        "description": None,
        "text": text,
        "instanceType": "TransitionRule",
    }


def condition(name: str, text: str, *, context: Sequence[str] = (), to: Sequence[str] = ()) -> Json:
    """A condition on the instances `context`, about the activities `to`."""
    return {
        "id": f"Condition_{name}",
        "extensionAttributes": [],
        "name": name,
        "label": None,
        "description": None,
        "text": text,
        "dictionaryId": None,
        "notes": [],
        "contextIds": [f"ScheduledActivityInstance_{one}" for one in context],
        "appliesToIds": [f"Activity_{one}" for one in to],
        "instanceType": "Condition",
    }


def study(
    *timelines: Json,
    name: str = "TINY",
    title: str = "A tiny study",
    arms: Sequence[str] = ("Active",),
    activities: Iterable[Json] = (),
    conditions: Iterable[Json] = (),
    rules: dict[str, Json] | None = None,
    modes: dict[str, Sequence[str]] | None = None,
    blinding: str = "Open Label Study",
    model: str | None = None,
    usdm_version: str = "4.0.0",
) -> Json:
    """A study with these timelines; epochs, encounters, cells and activities are made as needed.

    Args:
        timelines: of one design.
        arms: names; each has a cell in each epoch.
        activities: those that are more than a name.
        conditions: of the version.
        rules: start rules of encounters by name.
        modes: contact modes of encounters by name; in person for all others.
    """
    instances = [one for timeline in timelines for one in timeline["instances"]]
    epochs = list(dict.fromkeys(one["epochId"] for one in instances if one.get("epochId")))
    met = list(dict.fromkeys(one["encounterId"] for one in instances if one.get("encounterId")))
    known = {one["id"]: one for one in activities}
    for identity in (each for one in instances for each in one.get("activityIds", ())):
        known.setdefault(identity, activity(identity.removeprefix("Activity_")))
    design = {
        "id": "InterventionalStudyDesign_1",
        "extensionAttributes": [],
        "name": "Design",
        "label": None,
        "description": None,
        "model": code(model or ("Parallel Study" if len(arms) > 1 else "Single Group Study")),
        "blindingSchema": {
            "id": "AliasCode_1",
            "extensionAttributes": [],
            "standardCode": code(blinding),
            "standardCodeAliases": [],
            "instanceType": "AliasCode",
        },
        "arms": [
            {
                "id": f"StudyArm_{one}",
                "extensionAttributes": [],
                "name": one,
                "label": one,
                "description": None,
                "type": code("Investigational Arm"),
                "notes": [],
                "instanceType": "StudyArm",
            }
            for one in arms
        ],
        "epochs": _linked(
            {
                "id": one,
                "extensionAttributes": [],
                "name": one.removeprefix("StudyEpoch_"),
                "label": one.removeprefix("StudyEpoch_"),
                "description": None,
                "type": code(
                    _KINDS.get(one.removeprefix("StudyEpoch_").lower(), "Treatment Epoch")
                ),
                "notes": [],
                "instanceType": "StudyEpoch",
            }
            for one in epochs
        ),
        "elements": [
            {
                "id": "StudyElement_1",
                "extensionAttributes": [],
                "name": "Element",
                "label": None,
                "description": None,
                "transitionStartRule": None,
                "transitionEndRule": None,
                "instanceType": "StudyElement",
            }
        ],
        "studyCells": [
            {
                "id": f"StudyCell_{arm}_{epoch}",
                "extensionAttributes": [],
                "armId": f"StudyArm_{arm}",
                "epochId": epoch,
                "elementIds": ["StudyElement_1"],
                "instanceType": "StudyCell",
            }
            for arm in arms
            for epoch in epochs
        ],
        "encounters": _linked(
            {
                "id": one,
                "extensionAttributes": [],
                "name": one.removeprefix("Encounter_"),
                "label": None,
                "description": None,
                "type": code("Visit"),
                "scheduledAtId": None,
                "environmentalSettings": [code("Clinic")],
                "contactModes": [
                    code(mode)
                    for mode in (modes or {}).get(one.removeprefix("Encounter_"), ["In Person"])
                ],
                "transitionStartRule": (rules or {}).get(one.removeprefix("Encounter_")),
                "transitionEndRule": None,
                "notes": [],
                "instanceType": "Encounter",
            }
            for one in met
        ),
        "activities": list(known.values()),
        "scheduleTimelines": list(timelines),
        "indications": [],
        "notes": [],
        "instanceType": "InterventionalStudyDesign",
    }
    version = {
        "id": "StudyVersion_1",
        "extensionAttributes": [],
        "versionIdentifier": "2",
        "titles": [
            {
                "id": "StudyTitle_1",
                "extensionAttributes": [],
                "text": title,
                "type": code("Official Study Title"),
                "instanceType": "StudyTitle",
            }
        ],
        "studyIdentifiers": [],
        "dateValues": [],
        "roles": [],
        "studyInterventions": [],
        "conditions": list(conditions),
        "studyDesigns": [design],
        "notes": [],
        "instanceType": "StudyVersion",
    }
    return {
        "usdmVersion": usdm_version,
        "systemName": "tests",
        "systemVersion": "1",
        "study": {
            "id": "Study_1",
            "extensionAttributes": [],
            "name": name,
            "label": None,
            "description": None,
            "versions": [version],
            "instanceType": "Study",
        },
    }


def _linked(parts: Iterable[Json]) -> list[Json]:
    found = list(parts)
    for at, one in enumerate(found):
        one["previousId"] = found[at - 1]["id"] if at else None
        one["nextId"] = found[at + 1]["id"] if at + 1 < len(found) else None
    return found


def design_of(study: Json) -> Json:
    """The only design of a study built here, to be changed."""
    design: Json = study["study"]["versions"][0]["studyDesigns"][0]
    return design


def document(study: Json, path: str = "study.json") -> Document:
    """A study as the file reader would give it, with the position of every part."""
    text = json.dumps(study, indent=1, ensure_ascii=False)
    data, mark, problems = compose_json(path, text)
    return Document(path, data, mark, text.split("\n"), tuple(problems))
