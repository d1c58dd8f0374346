"""Reads the JSON of a USDM study into its model, as far as it can be read.

USDM 4 is read, and USDM 3 where its names differ: `conditions`, `studyInterventions` and
`maskingRoles` stood in the design, identifiers were `studyIdentifier`, the design's `model` was
`interventionModel`, an encounter's settings `environmentalSetting`; activities had no children.
Files of USDM 1 and 2 keep their timings elsewhere and are refused.

Files made by programs leave fields out, write them as null or as another type: every field that
could not be read is a problem with its place.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from planner.formats.usdm.model import (
    Branch,
    Code,
    Design,
    Extension,
    GovernanceDate,
    Identifier,
    Instance,
    Note,
    ScheduleTimeline,
    Study,
    StudyActivity,
    StudyVersion,
    Title,
    TransitionRule,
    Unreadable,
)
from planner.protocol.document import Document, Path
from planner.protocol.field_types import quoted
from planner.text import one_line

_BLANKS = re.compile(r"\s+")


class JsonObject:
    """An object of the file at ``path``; fields of the wrong type are added to ``problems``."""

    __slots__ = ("data", "path", "problems")

    def __init__(self, data: object, path: Path, problems: list[Unreadable]) -> None:
        self.path = path
        self.problems = problems
        if isinstance(data, dict):
            self.data: dict[str, object] = data
        else:
            self.data = {}
            if data is not None:
                problems.append(Unreadable(f"an object is expected, found {quoted(data)}", path))

    def text(self, *names: str) -> str | None:
        """The text of the first of these fields that is there; blank ones count as absent."""
        for name in names:
            value = self.data.get(name)
            if value is None:
                continue
            if isinstance(value, str):
                cleaned = value.strip()
                if cleaned:
                    return cleaned
            elif isinstance(value, bool):
                return "true" if value else "false"
            else:
                self._wrong(name, "a text", value)
        return None

    def line(self, *names: str) -> str | None:
        """The same on one line, every blank a plain one and without control characters."""
        text = self.text(*names)
        return None if text is None else one_line(_BLANKS.sub(" ", text)) or None

    def flag(self, *names: str) -> bool:
        """Whether the first of these fields that is there says true."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, bool):
                return value
            if value is not None:
                self._wrong(name, "true or false", value)
        return False

    def part(self, *names: str) -> "JsonObject | None":
        """The object in the first of these fields that is there."""
        for name in names:
            value = self.data.get(name)
            if value is not None:
                return JsonObject(value, (*self.path, name), self.problems)
        return None

    def parts(self, *names: str) -> "list[JsonObject]":
        """The objects in the list in the first of these fields that is there."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, list):
                return [
                    JsonObject(entry, (*self.path, name, at), self.problems)
                    for at, entry in enumerate(value)
                    if entry is not None
                ]
            if value is not None:
                self._wrong(name, "a list", value)
        return []

    def texts(self, *names: str) -> tuple[str, ...]:
        """The texts in the list in the first of these fields that is there."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, list):
                texts = []
                for at, entry in enumerate(value):
                    if isinstance(entry, str):
                        texts.append(entry)
                    elif entry is not None:
                        self.problems.append(
                            Unreadable(
                                f"a text is expected, found {quoted(entry)}", (*self.path, name, at)
                            )
                        )
                return tuple(texts)
            if isinstance(value, str):
                return (value,)
            if value is not None:
                self._wrong(name, "a list of texts", value)
        return ()

    def _wrong(self, name: str, expected: str, value: object) -> None:
        self.problems.append(
            Unreadable(
                f"`{name}`: {expected} is expected, found {quoted(value)}", (*self.path, name)
            )
        )


Part = TypeVar("Part")
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
    values = _values(Study, part, usdm_version=written)
    return Study(**values, unreadable=tuple(problems))


_KEYS = {
    "cells": ("studyCells",),
    "default_id": ("defaultConditionId",),
    "designs": ("studyDesigns",),
    "end_rule": ("transitionEndRule",),
    "exit_id": ("timelineExitId",),
    "extensions": ("extensionAttributes",),
    "from_id": ("relativeFromScheduledInstanceId",),
    "identifier": ("versionIdentifier",),
    "is_main": ("mainTimeline",),
    "model": ("model", "interventionModel"),
    "scheduled_at_id": ("scheduledAtId", "scheduledAtTimingId"),
    "settings": ("environmentalSettings", "environmentalSetting"),
    "start_rule": ("transitionStartRule",),
    "target_id": ("conditionTargetId",),
    "timelines": ("scheduleTimelines", "studyScheduleTimelines"),
    "to_id": ("relativeToScheduledInstanceId",),
}
"""The keys of fields that are not called as in the file, the newest one first."""


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name != "unreadable"}


def _values(kind: type, part: JsonObject, **known: object) -> dict[str, Any]:
    """The fields of a part of the model, each read as its type says but for those known."""
    values = {}
    for name, hint in _hints(kind).items():
        if name in known:
            values[name] = known[name]
            continue
        first, *others = name.split("_")
        keys = _KEYS.get(name) or (first + "".join(word.capitalize() for word in others),)
        if hint in _READERS:
            reader = JsonObject.text if name.endswith("_id") else _READERS[hint]
            values[name] = reader(part, *keys)
        else:
            inner = get_args(hint)[0]
            values[name] = tuple(_part(inner, entry) for entry in part.parts(*keys))
    return values


def _part(kind: type[Part], part: JsonObject) -> Part:
    further = _FURTHER.get(kind)
    return kind(**_values(kind, part, **(further(part) if further else {})))


def _of_version(part: JsonObject) -> dict[str, object]:
    return {
        "titles": tuple(
            Title(text, _code(entry, "type"), entry.path)
            for entry in part.parts("titles")
            if (text := entry.line("text"))
        ),
        "identifiers": tuple(
            Identifier(text, entry.path)
            for entry in part.parts("studyIdentifiers")
            if (text := entry.line("text", "studyIdentifier"))
        ),
        "dates": tuple(
            GovernanceDate(text, _code(entry, "type"), entry.path)
            for entry in part.parts("dateValues")
            if (text := entry.text("dateValue"))
        ),
        "masked_roles": _masked_roles(part),
        "interventions": tuple(
            name
            for holder in (part, *part.parts("studyDesigns"))
            for entry in holder.parts("studyInterventions")
            if (name := entry.line("label", "name")) is not None
        ),
    }


def _masked_roles(part: JsonObject) -> tuple[str, ...]:
    roles = [_role(entry) for entry in part.parts("roles") if _is_masked(entry)]
    for design in part.parts("studyDesigns"):
        for entry in design.parts("maskingRoles"):
            code = _code(entry, "role")
            roles.append((code.decode if code else None) or entry.line("description"))
    return tuple(dict.fromkeys(role for role in roles if role is not None))


def _is_masked(part: JsonObject) -> bool:
    masking = part.part("masking")
    return masking is not None and (masking.flag("isMasked") or "isMasked" not in masking.data)


def _role(part: JsonObject) -> str | None:
    code = _code(part, "code")
    return (code.decode if code else None) or part.line("label", "name")


def _of_design(part: JsonObject) -> dict[str, object]:
    blinding = part.part("blindingSchema")
    if blinding is not None and "standardCode" in blinding.data:
        blinding = blinding.part("standardCode")
    return {
        "blinding": None if blinding is None else _term(blinding),
        "indications": tuple(
            Code(None, name, entry.path)
            for entry in part.parts("indications")
            if (name := entry.line("description", "label", "name"))
        ),
    }


def _of_timeline(part: JsonObject) -> dict[str, object]:
    return {
        "planned_duration": _planned(part),
        "exit_ids": tuple(entry.text("id") or "" for entry in part.parts("exits")),
    }


def _planned(part: JsonObject) -> str | None:
    # A Duration in USDM 4; its text is what people read.
    if isinstance(part.data.get("plannedDuration"), dict):
        duration = part.part("plannedDuration")
        return None if duration is None else duration.line("text")
    return part.line("plannedDuration")


def _of_instance(part: JsonObject) -> dict[str, object]:
    kind = part.text("instanceType") or ""
    branches = tuple(_part(Branch, entry) for entry in part.parts("conditionAssignments"))
    return {"is_decision": "Decision" in kind or bool(branches), "branches": branches}


def _of_activity(part: JsonObject) -> dict[str, object]:
    procedures = part.parts("definedProcedures")
    names = (entry.line("label", "name") for entry in procedures)
    ids = (entry.text("id") for entry in procedures)
    return {
        "procedures": tuple(name for name in names if name is not None),
        "procedure_ids": tuple(procedure_id for procedure_id in ids if procedure_id is not None),
    }


def _id(part: JsonObject, key: str) -> str:
    return part.text(key) or ""


def _rule(part: JsonObject, key: str) -> TransitionRule | None:
    rule = part.part(key)
    text = None if rule is None else rule.line("text", "description")
    if rule is None or text is None:
        return None
    return TransitionRule(rule.line("name"), text, rule.path)


def _notes(part: JsonObject, key: str) -> tuple[Note, ...]:
    return tuple(
        Note(text, entry.path) for entry in part.parts(key) if (text := entry.line("text"))
    )


def _code(part: JsonObject, *keys: str) -> Code | None:
    code = part.part(*keys)
    return None if code is None else _term(code)


def _codes(part: JsonObject, *keys: str) -> tuple[Code, ...]:
    return tuple(code for entry in part.parts(*keys) if (code := _term(entry)) is not None)


def _term(part: JsonObject) -> Code | None:
    return Code(part.text("code"), part.line("decode"), part.path) if part.data else None


def _extensions(part: JsonObject, key: str, depth: int = 1) -> tuple[Extension, ...]:
    if depth > MAX_EXTENSION_DEPTH:
        return ()
    return tuple(
        Extension(url, entry.text("valueString"), _extensions(entry, key, depth + 1), entry.path)
        for entry in part.parts(key)
        if (url := entry.text("url")) is not None
    )


_READERS: dict[object, Callable[..., object]] = {
    str: _id,
    str | None: JsonObject.line,
    bool: JsonObject.flag,
    tuple[str, ...]: JsonObject.texts,
    Code | None: _code,
    tuple[Code, ...]: _codes,
    TransitionRule | None: _rule,
    tuple[Note, ...]: _notes,
    tuple[Extension, ...]: _extensions,
    Path: lambda part, _: part.path,
}
_FURTHER: dict[type, Callable[[JsonObject], dict[str, object]]] = {
    StudyVersion: _of_version,
    Design: _of_design,
    ScheduleTimeline: _of_timeline,
    Instance: _of_instance,
    StudyActivity: _of_activity,
}
"""What parts have beside the fields that are read by their types."""
