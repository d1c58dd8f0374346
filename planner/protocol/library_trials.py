"""The library's protocols as models, and which of them are of one substance."""

import re

from planner.errors import PlannerError, argument, did_you_mean
from planner.protocol.file import read_library_file
from planner.protocol.library import library_ids, library_path
from planner.protocol.model import Protocol

_HEAD = 8192
"""A file's substance stands among its first lines; so much of it is looked through."""
_SUBSTANCE = re.compile(r"^substance:[ ]*(\[[^\]\n]*\]|[a-z0-9-]+)", re.MULTILINE)


def library_substances() -> dict[str, tuple[str, ...]]:
    """The substances of each library protocol by its id, read from the top of each file."""
    return {name: _substances(name) for name in library_ids()}


def library_ids_with(substance: str) -> set[str]:
    """The ids of the library's protocols of a substance."""
    return {
        name
        for name, library_substance in library_substances().items()
        if substance in library_substance
    }


def library_trials() -> list[Protocol]:
    """The library's protocols, in the order of their ids.

    Raises:
        PlannerError: a file of the library cannot be read.
    """
    places = ((name, library_path(name)) for name in library_ids())
    return [read_library_file(name, path).protocol for name, path in places if path is not None]


def read_substance(word: str) -> str:
    """A substance that the library has trials of.

    Raises:
        PlannerError: it has none; names the nearest, or all there are.
    """
    known = sorted(
        {substance for substances in library_substances().values() for substance in substances}
    )
    if word in known:
        return word
    hint = did_you_mean(word.lower(), known) or f"it has {', '.join(known)}"
    raise PlannerError(
        f"{argument('substance')}: the library has no trial of `{word[:40]}`; {hint}"
    )


def _substances(name: str) -> tuple[str, ...]:
    path = library_path(name)
    if path is None:
        return ()
    with open(path, encoding="utf-8") as file:
        match = _SUBSTANCE.search(file.read(_HEAD))
    return tuple(re.findall(r"[a-z0-9-]+", match[1])) if match else ()
