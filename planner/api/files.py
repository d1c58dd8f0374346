"""Files that are written whole or not at all, one alone or all those of a folder."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import StrPath


def write_whole(path: str, content: bytes) -> None:
    """Replaces a file, whole or not at all.

    Raises:
        PlannerError: the file cannot be written.
    """
    from planner.files import replacing

    with replacing(path) as file:
        file.write(content)


def write_folder(folder: "StrPath", contents: Mapping[str, bytes]) -> None:
    """Writes files into a folder, all of them or none; others that are there stay.

    Args:
        folder: is made if there is none.
        contents: what each file is to hold, by its name in the folder.

    Raises:
        PlannerError: there is a file where the folder is to be, or a folder where a file is; or one
            of them cannot be written, and then all are as they were.
    """
    from planner.api.inputs import path_text
    from planner.files import PreparedFolder

    place = path_text(folder, "folder")
    if os.path.lexists(place) and not os.path.isdir(place):
        raise PlannerError(f"{place}: is not a folder")
    for name in contents:
        if os.path.isdir(os.path.join(place, name)):
            raise PlannerError(f"{os.path.join(place, name)}: is a directory")
    prepared = PreparedFolder(place)
    try:
        for name, content in contents.items():
            prepared.write(name, content)
        prepared.put()
    finally:
        prepared.discard()


def says_otherwise(path: str, content: bytes) -> bool:
    """Whether there is a file of this name that holds something else.

    Raises:
        PlannerError: the file cannot be read.
    """
    from planner.files import refusals

    if not os.path.isfile(path):
        return False
    with refusals(path), open(path, "rb") as file:
        return file.read() != content


def remove_unfinished() -> None:
    """Removes what this process has begun to write and not finished."""
    from planner.files import remove_unfinished

    remove_unfinished()
