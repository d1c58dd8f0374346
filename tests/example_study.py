"""The small USDM study over which the examples of the imported family's pages are laid.

A fragment names parts of the study and the fields that change: ``timings: {at-week-4: {value:
P1W}}``. Parts go by id, which is their name, too; a part that the study does not have is added,
one that is ``null`` is taken away, and a list stands for itself. Instances, timings and exits are
those of the main timeline, or of another under ``timelines``. The terms of a timing's type and side
may be written as words.
"""

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from planner.formats.usdm import terms

if TYPE_CHECKING:
    from planner.protocol.file import ProtocolFile

Json = dict[str, Any]

_TERMS = (
    *terms.TIMING_TYPES,
    *terms.ENDS.values(),
    *terms.EPOCHS.values(),
    terms.CONTACTS["clinic"],
    terms.SETTINGS["clinic"],
    terms.OFFICIAL_TITLE,
    terms.BLINDING["open-label"],
    terms.MODELS["single-group"],
    terms.INVESTIGATIONAL_ARM,
)
_CODES = {term.decode: term.code for term in _TERMS}
_CODED = ("type", "relativeToFrom")


def study_file(fragment: str = "") -> "ProtocolFile":
    """The study that a page's example makes, read like a file, so that findings have lines.

    Raises:
        DocumentError: it cannot be read as a protocol.
        PlannerError: likewise.
    """
    from planner.formats.usdm.read import read_study
    from planner.protocol.document import Document
    from planner.protocol.file import protocol_file
    from planner.protocol.json_reading import compose_json

    text = json.dumps(study_data(fragment), indent=1)
    data, mark, problems = compose_json("example.json", text)
    document = Document("example.json", data, mark, text.split("\n"), tuple(problems))
    return protocol_file("example.json", read_study(document))


def study_data(fragment: str = "") -> Json:
    """The study as plain JSON; ``fragment`` is YAML as pages have it."""
    from planner.protocol.yaml_reading import compose_yaml

    changes, _, problems = compose_yaml("example.yaml", fragment or "{}")
    assert not problems, problems
    assert isinstance(changes, dict)
    design = _design()
    main, *_ = design["scheduleTimelines"]
    for name, parts in changes.items():
        if name in ("instances", "timings", "exits"):
            _lay(main, name, parts)
        elif name == "timelines":
            for timeline, fields in parts.items():
                _lay_timeline(design, timeline, fields)
        else:
            _lay(design, name, parts)
    return _study(design)


def _lay_timeline(design: Json, name: str, fields: Json) -> None:
    timelines = design["scheduleTimelines"]
    found = next((one for one in timelines if one["id"] == name), None)
    if found is None:
        found = _timeline(name, [], [], main=False)
        timelines.append(found)
    for field, value in fields.items():
        if field in ("instances", "timings", "exits") and isinstance(value, dict):
            _lay(found, field, value)
        else:
            found[field] = value


def _lay(whole: Json, name: str, parts: Json) -> None:
    listed: list[Json] = whole.setdefault(name, [])
    for part, fields in parts.items():
        found = next((one for one in listed if one["id"] == part), None)
        if fields is None:
            listed.remove(found or {})
            continue
        if found is None:
            found = {"id": part, "name": part}
            listed.append(found)
        for field, value in fields.items():
            worded = field in _CODED and isinstance(value, str)
            found[field] = _code(value) if worded else value
        if name == "instances":
            branched = "conditionAssignments" in found
            kind = "ScheduledDecisionInstance" if branched else "ScheduledActivityInstance"
            found["instanceType"] = kind


def _code(decode: str) -> Json:
    return {"code": _CODES[decode], "decode": decode}


def _instance(name: str, following: str | None, epoch: str | None, encounter: str | None) -> Json:
    return {
        "id": name,
        "instanceType": "ScheduledActivityInstance",
        "name": name,
        "defaultConditionId": following,
        "timelineExitId": None if following else "exit",
        "epochId": epoch,
        "encounterId": encounter,
        "activityIds": [],
    }


def _timing(timed: str, kind: str, value: str, reference: str, reach: str | None = None) -> Json:
    return {
        "id": f"at-{timed}",
        "name": f"at-{timed}",
        "type": _code(kind),
        "value": value,
        "relativeToFrom": _code("Start to Start"),
        "relativeFromScheduledInstanceId": timed,
        "relativeToScheduledInstanceId": reference,
        "windowLower": reach,
        "windowUpper": reach,
    }


def _timeline(name: str, instances: list[Json], timings: list[Json], *, main: bool) -> Json:
    return {
        "id": name,
        "name": name,
        "mainTimeline": main,
        "entryCondition": "participant enrolled" if main else None,
        "entryId": instances[0]["id"] if instances else None,
        "exits": [{"id": "exit"}],
        "instances": instances,
        "timings": timings,
    }


_VISITS = (
    ("screening", "before", "Before", "P3W", "P1W"),
    ("dose", "treatment", "Fixed Reference", "P0D", None),
    ("week-2", "treatment", "After", "P2W", "P2D"),
    ("week-4", "treatment", "After", "P4W", "P2D"),
    ("week-8", "follow-up", "After", "P8W", "P1W"),
)
_EPOCHS = {
    "before": "Screening Epoch",
    "treatment": "Treatment Epoch",
    "follow-up": "Follow-Up Epoch",
}


def _linked(parts: list[Json]) -> list[Json]:
    for at, one in enumerate(parts):
        one["previousId"] = parts[at - 1]["id"] if at else None
        one["nextId"] = parts[at + 1]["id"] if at + 1 < len(parts) else None
    return parts


def _design() -> Json:
    names = [name for name, *_ in _VISITS]
    following = dict(pairwise(names))
    instances = [
        _instance(name, following.get(name), epoch, f"visit-{name}") for name, epoch, *_ in _VISITS
    ]
    instances[1]["activityIds"] = ["blood-pressure"]
    timings = [_timing(name, kind, value, "dose", reach) for name, _, kind, value, reach in _VISITS]
    sheet = _timeline(
        "sheet",
        [_instance("lie-down", "measure", None, None), _instance("measure", None, None, None)],
        [
            _timing("lie-down", "Fixed Reference", "PT0M", "lie-down"),
            _timing("measure", "After", "PT5M", "lie-down"),
        ],
        main=False,
    )
    epochs = [{"id": name, "name": name, "type": _code(kind)} for name, kind in _EPOCHS.items()]
    encounters = [
        {
            "id": f"visit-{name}",
            "name": f"visit-{name}",
            "contactModes": [_code("In Person")],
            "environmentalSettings": [_code("Clinic")],
        }
        for name in names
    ]
    return {
        "id": "design",
        "name": "design",
        "model": _code("Single Group Study"),
        "blindingSchema": {"standardCode": _code("Open Label Study")},
        "arms": [{"id": "arm", "name": "arm", "type": _code("Investigational Arm")}],
        "studyCells": [
            {"id": f"cell-{epoch}", "armId": "arm", "epochId": epoch, "elementIds": []}
            for epoch in _EPOCHS
        ],
        "elements": [],
        "epochs": _linked(epochs),
        "encounters": _linked(encounters),
        "activities": [{"id": "blood-pressure", "name": "blood-pressure", "timelineId": "sheet"}],
        "scheduleTimelines": [_timeline("main", instances, timings, main=True), sheet],
    }


def _study(design: Json) -> Json:
    title = {"text": "An example", "type": _code("Official Study Title")}
    version = {
        "id": "version",
        "versionIdentifier": "1",
        "titles": [title],
        "studyDesigns": [design],
    }
    study = {"id": "study", "name": "example", "versions": [version]}
    return {"usdmVersion": "4.0.0", "study": study}
