"""Turns plain data into a model, and what pydantic finds wrong into problems with positions."""

from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from planner.protocol.reading import Document, DocumentError, Path, Position, Problem

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)


def validate_model(model: type[Model], document: Document) -> Model:
    """Builds ``model`` from the document's data.

    Raises:
        DocumentError: with one problem per thing wrong, each at its line and column.
    """
    if not isinstance(document.data, dict):
        message = f"a mapping of `key: value` lines is expected, found {_kind(document.data)}"
        raise DocumentError(document.path, [Problem(message, Position(1, 1))], document.lines)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems = [_problem(model, document, details) for details in error.errors()]
        unique = sorted(dict.fromkeys(problems), key=lambda problem: problem.position)
        raise DocumentError(document.path, unique, document.lines) from None


def nearest(word: str, allowed: "list[str] | tuple[str, ...]") -> str | None:
    """The allowed word most like ``word``, or ``None`` when none is near."""
    from difflib import get_close_matches

    if len(word) > 80:
        return None
    matches = get_close_matches(word, allowed, n=1, cutoff=0.6)
    return matches[0] if matches else None


def _problem(model: type[BaseModel], document: Document, error: "ErrorDetails") -> Problem:
    path: Path = tuple(error["loc"])
    kind = error["type"]
    found = error["input"]
    hint: str | None
    if kind == "extra_forbidden":
        word = str(path[-1])
        allowed = _field_names(_model_at(model, path[:-1]))
        near = nearest(word, allowed)
        hint = f"did you mean `{near}`?" if near else f"allowed: {', '.join(allowed)}"
        return Problem(f"unknown key `{_short(word)}`", document.key_position(path), hint)
    if kind == "missing":
        return Problem(f"`{path[-1]}` is missing", document.value_position(path[:-1]))
    position = document.value_position(path)
    name = _name(path)
    if kind in ("literal_error", "enum"):
        allowed = [str(word) for word in _literals(model, path)]
        near = nearest(str(found), allowed)
        hint = f"did you mean `{near}`?" if near else None
        listed = ", ".join(f"`{word}`" for word in allowed)
        return Problem(f"`{_short(found)}` is no {name}; allowed: {listed}", position, hint)
    if kind == "value_error":
        message = str(error.get("ctx", {}).get("error", error["msg"]))
        return Problem(f"{name}: {message}", position)
    expected = {
        "string_type": "a text",
        "int_parsing": "a whole number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "int_parsing_size": "a whole number of a sensible size",
        "bool_parsing": "`true` or `false`",
        "bool_type": "`true` or `false`",
        "dict_type": "a mapping",
        "model_type": "a mapping",
        "tuple_type": "a list",
        "list_type": "a list",
    }.get(kind)
    if expected is None:
        return Problem(f"{name}: {_lower(error['msg'])}, found {_kind(found)}", position)
    hint = "put it in quotes to make it a text" if kind == "string_type" and _plain(found) else None
    return Problem(f"{name} is {expected}, found {_kind(found)}", position, hint)


def _plain(found: object) -> bool:
    return isinstance(found, (bool, int, float))


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    return f"`{_short(value)}`"


def _name(path: Path) -> str:
    words = [step for step in path if isinstance(step, str)]
    return f"`{words[-1]}`" if words else "the file"


def _field_names(model: type[BaseModel] | None) -> list[str]:
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    models = [found for found in _walk(model, path) if _is_model(found)]
    return models[0] if models else None


def _literals(model: type[BaseModel], path: Path) -> list[object]:
    return [
        word
        for found in _walk(model, path)
        for word in get_args(found)
        if isinstance(word, (str, int)) and not _is_model(found)
    ]


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _walk(model: type[BaseModel], path: Path) -> list[Any]:
    """The annotations reached from ``model`` along ``path``, unwrapped down to their members."""
    reached = _members(model)
    for step in path:
        following: list[Any] = []
        for annotation in reached:
            if _is_model(annotation):
                for name, field in annotation.model_fields.items():
                    if step in (name, field.alias):
                        following += _members(field.annotation)
        # A step that is no field is an index or a key of a container: its members are reached.
        reached = following or reached
    return reached


def _members(annotation: Any) -> list[Any]:
    """An annotation and everything inside its containers and unions, models not entered."""
    found = [annotation]
    for part in get_args(annotation):
        if not isinstance(part, (str, int)):
            found += _members(part)
    return found
