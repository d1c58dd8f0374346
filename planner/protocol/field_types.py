"""Markers that say how a value of the file is read, and describe it to editors.

They hand pydantic finished schemas: unlike validator functions they need no inspection of
signatures, which starting the command line would pay for every time.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler


def quoted(value: object) -> str:
    """A value of a file in backticks and on one line, for messages.

    Args:
        value: plain data; of a text 60 characters are shown, and a list or a mapping is only
            named as such.
    """
    if value is None:
        return "nothing (`null`)"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a huge number"
    text = str(value).replace("\n", "\\n")
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


class TextField:
    """Says how a value is read from what the file holds, and how it is written."""

    __slots__ = ("core", "json")

    def __init__(
        self,
        read: Callable[[Any], object],
        description: str,
        *examples: str,
        write: Callable[[Any], object] = str,
        kind: str | list[str] = "string",
        pattern: str | None = None,
    ) -> None:
        self.core = core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(write)
        )
        self.json: dict[str, Any] = {
            "type": kind,
            "description": description,
        }
        if examples:
            self.json["examples"] = list(examples)
        if pattern:
            self.json["pattern"] = pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: object) -> core_schema.CoreSchema:
        return self.core

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, Any]:
        return dict(self.json)


class Coerce:
    """Lets shorter spellings stand for a full entry: ``read`` makes the one into the other."""

    __slots__ = ("read", "spellings")

    def __init__(self, read: Callable[[Any], Any], *spellings: dict[str, Any]) -> None:
        self.read = read
        self.spellings = spellings

    def __get_pydantic_core_schema__(
        self, source: Any, handler: "GetCoreSchemaHandler"
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        full = handler(schema)
        return {"anyOf": [full, *self.spellings]}


class _OneOrMany(Coerce):
    """Lets a lone entry stand for a list of one."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_as_list)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many, many["items"]]} if "items" in many else many


class WholeNumber:
    """A whole number between two others, both included; `true`, `1.0` and `1_0` are none."""

    __slots__ = ("maximum", "minimum")

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def read(self, value: object) -> int:
        """The whole number that a file has.

        Args:
            value: a number, or a text of digits with a sign or without.

        Raises:
            ValueError: it is no whole number, or lies beyond the least or the greatest one.
        """
        expected = f"a whole number from {self.minimum} to {self.maximum} is expected"
        if isinstance(value, str):
            if not re.fullmatch("[+-]?[0-9]+", value):
                raise ValueError(f"{expected}, found {quoted(value)}")
            # int() refuses thousands of digits; twenty show that there are too many.
            sign = -1 if value.startswith("-") else 1
            number = sign * int(value.lstrip("+-0")[:20] or "0")
        elif type(value) is int:
            number = value
        else:
            raise ValueError(f"{expected}, found {quoted(value)}")
        if number > self.maximum:
            raise ValueError(f"{quoted(value)} is over the limit of {self.maximum}; {expected}")
        if number < self.minimum:
            raise ValueError(f"{expected}, found {quoted(value)}")
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: object) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


def file_format(newest: int) -> Coerce:
    """Reads the version of a file format as a number, and refuses one that is newer.

    Args:
        newest: the newest version that this planner reads.
    """

    def read(value: Any) -> Any:
        text = str(value) if type(value) is int else value
        if not isinstance(text, str) or not text.isdecimal():
            return value
        if len(text) > 9 or int(text) > newest:
            raise ValueError(
                f"this file says format {text[:9]}, this planner reads format {newest}; a newer"
                " planner is needed"
            )
        return int(text)

    return Coerce(read)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) or value is None else [value]


ONE_OR_MANY = _OneOrMany()
