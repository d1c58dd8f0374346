"""JSON Schemas of the files, made from their models, so that editors complete and check.

An editor with the YAML language server uses it when the file's first line says
``# yaml-language-server: $schema=protocol.schema.json``.
"""

from typing import Any

from pydantic import BaseModel

from planner.time.date import format_time

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def protocol_schema() -> dict[str, Any]:
    """The JSON Schema of protocol files; see `file_schema`."""
    from planner.protocol.model import Protocol

    return file_schema(Protocol, "Protocol file of the trial session planner")


def file_schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of files, with a description on every property.

    It describes files as editors see them, where ``3`` is a number and ``3d`` a text. It is
    narrower than the reader in one thing (numbers in quotes) and wider in those that a schema
    cannot say, such as a window's order or whether a visit exists: ``planner validate`` does.

    Args:
        model: of the files.
        title: what editors call them.
    """
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs", {})
    described = {name: _object(definitions[name]) for name in sorted(definitions)}
    defined = {"$defs": described} if described else {}
    return {"$schema": DIALECT, **_object(schema), "title": title, **defined}


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of one model, without what pydantic says only because it can."""
    return {**_part(schema), "title": schema["title"]}


def _part(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_part(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # A title made from a key (`Day Zero`) would hide the description in an editor's list, and an
    # absent entry needs no default to be absent.
    kept = {
        key: value
        for key, value in schema.items()
        if key != "title" and not (key == "default" and value in (None, [], {}))
    }
    for key, value in kept.items():
        if key in ("properties", "patternProperties"):
            kept[key] = {name: _part(part) for name, part in value.items()}
        elif key not in ("default", "examples", "enum", "const"):
            kept[key] = _part(value)
    if kept.get("type") == "string" and isinstance(kept.get("default"), int):
        kept["default"] = format_time(kept["default"])
    if "patternProperties" in kept:
        # The pattern says which keys there may be; pydantic would let every other pass unchecked.
        kept["additionalProperties"] = False
        kept.pop("propertyNames", None)
    return kept
