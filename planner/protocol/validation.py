"""Turns plain data into a model, and what pydantic finds wrong into problems with positions."""

from collections.abc import Iterator
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from planner.errors import did_you_mean
from planner.protocol.document import (
    Document,
    DocumentError,
    Path,
    Problem,
    first_alike,
    more_alike,
    without_names,
)
from planner.protocol.field_types import quoted
from planner.protocol.unknown_keys import advice, text_cut_at_comma
from planner.time.date import shortened
from planner.time.distance import whole_form

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)


def validate_model(model: type[Model], document: Document) -> Model:
    """A model built from a document's data.

    Args:
        model: the pydantic model of the kind of file.
        document: the data, with the places for messages.

    Raises:
        DocumentError: with one problem per thing wrong, each at its line and column, those that
            reading found included.
    """
    problems = list(document.problems)
    if isinstance(document.data, dict):
        try:
            # By alias only: the file has one spelling of every key, and the schema knows no other.
            valid = model.model_validate(document.data, by_alias=True, by_name=False)
        except ValidationError as error:
            errors = error.errors(include_url=False)
            own = [each for each in errors if not _is_echo(each, errors)]
            problems += _problems(model, document, own)
        else:
            if not problems:
                return valid
    else:
        what = quoted(document.data)
        message = f"a mapping of `key: value` lines is expected, found {what}"
        problems.append(Problem(message, document.value_position(())))
    unique = sorted(dict.fromkeys(problems), key=lambda problem: problem.position)
    raise DocumentError(document.path, unique, document.lines) from None


def _problems(
    model: type[BaseModel], document: Document, errors: "list[ErrorDetails]"
) -> Iterator[Problem]:
    """The problems behind pydantic's errors; of those that are alike the first, the others counted.

    Working out what was meant takes its time, which nobody needs for the ten-thousandth.
    """
    first_errors, more = first_alike(errors, _kind)
    cut = {
        **_texts_cut_at_commas(model, document, first_errors),
        **_cut_at_commas(document, first_errors),
    }
    yield from cut.values()
    for error in first_errors:
        if _written(document, tuple(error["loc"])) not in cut:
            yield _problem(model, document, error)
    for last, count in more:
        yield more_alike(count, _problem(model, document, last).position)


def _cut_at_commas(document: Document, errors: "list[ErrorDetails]") -> dict[Path, Problem]:
    """Numbers in braces that a decimal comma has cut in two: `{duration: 1,5h}` has a key `5h`.

    What is wrong stands for the errors of both halves, by whose paths it is.
    """
    problems: dict[Path, Problem] = {}
    for error in errors:
        path: Path = tuple(error["loc"])
        if error["type"] != "extra_forbidden" or error["input"] is not None:
            continue
        rest = str(path[-1])
        holder: Any = document.data
        for step in (written := _written(document, path))[:-1]:
            holder = holder[step]
        keys = list(holder) if isinstance(holder, dict) else []
        before = keys[keys.index(rest) - 1] if rest in keys[1:] else None
        number = holder[before] if before is not None else None
        if not isinstance(number, str) or (whole := whole_form(f"{number},{rest}")) is None:
            continue
        half: Path = (*written[:-1], str(before))
        message = f"`{before}`: {quoted(f'{number},{rest}')} is cut in two at its comma"
        problem = Problem(message, document.value_position(half), f"write {whole}")
        problems[half] = problems[written] = problem
    return problems


def _texts_cut_at_commas(
    model: type[BaseModel], document: Document, errors: "list[ErrorDetails]"
) -> dict[Path, Problem]:
    """Texts in braces that their commas have cut, by the paths of the keys that came of them."""
    problems: dict[Path, Problem] = {}
    for error in errors:
        path: Path = tuple(error["loc"])
        if error["type"] != "extra_forbidden" or error["input"] is not None:
            continue
        written = _written(document, path)
        cut = text_cut_at_comma(document, written, _keys(_walk(model, path[:-1])))
        if cut is not None:
            begun, text = cut
            key = str(begun[-1])
            message = f"`{key}`: {quoted(text)} is cut at its comma"
            hint = f'put a text with a comma in quotes: `{key}: "{shortened(text)}"`'
            problems[written] = Problem(message, document.value_position(begun), hint)
    return problems


def _kind(error: "ErrorDetails") -> tuple[str, str]:
    stated = error.get("ctx", {}).get("error", "")
    return error["type"], without_names(str(stated))


def _is_echo(error: "ErrorDetails", errors: "list[ErrorDetails]") -> bool:
    """Whether an error only repeats others: a list is short because its entries have problems."""
    path = error["loc"]
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in errors
    )


_EXPECTED = {
    "string_type": "a text",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of a sensible size",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
}
_PARTIES = {
    **{word: word for word in ("participant", "therapist", "rater", "investigator", "sponsor")},
    "patient": "participant", "subject": "participant", "assessor": "rater", "observer": "rater",
    "evaluator": "rater", "outcome-assessor": "rater",
}  # fmt: skip
"""Who can be blinded, as designs are called after them: the word of `blinded:`."""
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


def _problem(model: type[BaseModel], document: Document, error: "ErrorDetails") -> Problem:
    kind = error["type"]
    value = error["input"]
    hint: str | None = None
    context: dict[str, Any] = error.get("ctx", {})
    path: Path = tuple(error["loc"])
    if kind == "missing":
        message = f"`{path[-1]}` is missing"
        return Problem(message, document.value_position(_written(document, path[:-1])))
    written = _written(document, path)
    if kind == "extra_forbidden":
        word = str(path[-1])
        hint = advice(word, value, _keys(_walk(model, path[:-1])))
        return Problem(f"unknown key {quoted(word)}", document.key_position(written), hint)
    # A lone role is the key of a mapping that only its longer spelling has.
    is_key = path[-1:] == ("[key]",) and path[-2:-1] == written[-1:]
    position = document.key_position(written) if is_key else document.value_position(written)
    name = _name(written[:-1] if is_key else written)
    if kind == "literal_error":
        words = [str(word) for word in _words(_walk(model, path))]
        hint = _word_advice(value, words) if isinstance(value, str) else None
        allowed_words = ", ".join(f"`{word}`" for word in words)
        verb = "have" if is_key else "be"
        message = f"{name} cannot {verb} {quoted(value)}; allowed: {allowed_words}"
        return Problem(message, position, hint)
    if kind == "value_error" and "error" in context:
        return Problem(f"{name}: {context['error']}", position)
    if kind in _BOUNDS:
        bound, comparison = _BOUNDS[kind]
        message = f"{name}: {comparison} {context[bound]} is expected, found {quoted(value)}"
        return Problem(message, position)
    if kind == "too_short":
        least, count = context.get("min_length", 1), context.get("actual_length", 0)
        entries = "one entry is" if least == 1 else f"{least} entries are"
        message = f"{name}: at least {entries} expected, found {count or 'none'}"
        return Problem(message, position)
    expected = _EXPECTED.get(kind)
    if expected is None:
        return Problem(f"{name}: {quoted(value)} cannot stand here", position)
    if kind == "string_type" and isinstance(value, bool):
        hint = "put it in quotes to make it a text"
    elif kind == "model_type" and (keys := _keys(_walk(model, path))):
        hint = f"its keys: {', '.join(keys)}"
    return Problem(f"{name}: {expected} is expected, found {quoted(value)}", position, hint)


def _word_advice(value: str, words: list[str]) -> str | None:
    """What to write instead of a word that is not allowed."""
    party = value.removesuffix("ed").removesuffix("-blind")
    if party in _PARTIES and party != value and "double-blind" in words:
        return f"beside `design`, `blinded: [{_PARTIES[party]}]` says who is blinded"
    return did_you_mean(value, words) or None


def _written(document: Document, path: Path) -> Path:
    """The steps of ``path`` that the file has: shorter spellings leave out what others write."""
    data: Any = document.data
    steps: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            known = isinstance(data, list) and step < len(data)
        else:
            known = isinstance(data, dict) and step in data
        if known:
            data = data[step]
            steps.append(step)
    return tuple(steps)


def _name(path: Path) -> str:
    words = [step for step in path if isinstance(step, str)]
    return quoted(words[-1]) if words else "the file"


def _keys(reached: list[Any]) -> list[str]:
    """The keys of the model reached: its own first, then those that many entries share."""
    for annotation in reached:
        if _is_model(annotation):
            fields, own = annotation.model_fields, annotation.__annotations__
            names = sorted(fields, key=lambda name: name not in own)
            return [fields[name].alias or name for name in names]
    return []


def _words(reached: list[Any]) -> list[object]:
    """The words of the literals reached."""
    words = (word for annotation in reached for word in get_args(annotation))
    return [word for word in words if isinstance(word, (str, int))]


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _is_dict(annotation: object) -> bool:
    return get_origin(annotation) is dict


def _walk(model: type[BaseModel], path: Path) -> list[Any]:
    """The models, literals and containers that stand at ``path``, a union's members each.

    A last step of ``[key]`` means the key before it instead of the value.
    """
    reached: list[Any] = [model]
    if path[-1:] == ("[key]",):
        holders = _walk(model, path[:-2])
        return [
            part for holder in holders if _is_dict(holder) for part in _bare(get_args(holder)[0])
        ]
    for step in path:
        following = [part for annotation in reached for part in _inside(annotation, step)]
        # A step that leads nowhere names a member of a union, which stands at the same place.
        reached = following or reached
    return reached


def _inside(annotation: Any, step: str | int) -> list[Any]:
    if _is_model(annotation):
        return [
            part
            for name, field in annotation.model_fields.items()
            if step == (field.alias or name)
            for part in _bare(field.annotation)
        ]
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple and isinstance(step, int):
        return _bare(arguments[0])
    if _is_dict(annotation) and isinstance(step, str):
        return _bare(arguments[1])
    return []


def _bare(annotation: Any) -> list[Any]:
    """An annotation without what is said about it, a union as its members."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [part for member in get_args(annotation) for part in _bare(member)]
    return [annotation]
