"""What an output may not replace: one check for all commands, before any of them begins."""

import os
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from planner.errors import PlannerError

FILE_WORDS = frozenset(
    (
        "PROTOCOL", "FILE", "PATH", "FOLDER", "RECORD", "RECORDS", "SV", "STUDY", "OLD", "NEW",
        "STORE", "SEAL",
    )
)  # fmt: skip
"""Words by which options and arguments show that they name files."""
_OUTPUTS = ("output", "state", "itip")
_CONTINUED = ("previous", "output")
"""A calendar may be written in place of the one that it goes on from: it says all of that one."""


class _Path(NamedTuple):
    """A file or folder on the command line, and the option or argument that names it."""

    name: str
    option: str
    path: str


def refuse_overwriting(context: Any) -> None:
    """Refuses an output that is read by the same command, or that is a participant's record.

    Args:
        context: of a command whose options have been read.

    Raises:
        PlannerError: names the output, and what else it is.
    """
    paths = list(_paths(context))
    outputs = [path for path in paths if path.name in _OUTPUTS]
    for output in outputs:
        for other in paths:
            if other is output or (other.name, output.name) == _CONTINUED:
                continue
            if _is_same(output.path, other):
                raise PlannerError(
                    f"{output.option}: {output.path} is read by this command, too"
                    f" ({other.option}); name another file"
                )
            if other.name not in _OUTPUTS and _is_among(output.path, other.path):
                raise PlannerError(
                    f"{output.option}: {output.path} would be one of the records in {other.path}"
                    f" ({other.option}); name a file in another folder"
                )
        if "replace_records" not in context.params:  # what has it refuses records itself
            _refuse_record(output)
        _warn_of_links(output.path)


def _paths(context: Any) -> Iterator[_Path]:
    """The files and folders on the command line; `-` is standard input."""
    for param in context.command.params:
        value = context.params.get(param.name)
        if not FILE_WORDS.intersection(re.findall("[A-Z]+", param.metavar or "")):
            continue
        option = param.metavar if param.param_type_name == "argument" else max(param.opts, key=len)
        if param.name == "output":
            option = "-o"
        for text in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(text, str) and text:
                yield _Path(param.name, option, text)


def _is_same(output: str, other: _Path) -> bool:
    """Whether an output is the file that an option names; no folder is replaced as a whole."""
    if other.name in _OUTPUTS:
        return os.path.realpath(output) == os.path.realpath(other.path)
    if not os.path.isfile(output):
        return False
    if other.path == "-":
        return sys.stdin is not None and os.path.samestat(os.fstat(0), os.stat(output))
    from planner.api.library import library_file

    path = other.path if os.path.exists(other.path) else library_file(other.path)
    return path is not None and os.path.samefile(output, path)


def _is_among(output: str, folder: str) -> bool:
    """Whether an output would be read as a record the next time that a folder of them is."""
    if not os.path.isdir(folder) or os.path.isdir(output):
        return False
    from planner.api.records import is_record_name

    place = os.path.realpath(output)
    return is_record_name(place) and os.path.dirname(place) == os.path.realpath(folder)


def _refuse_record(output: _Path) -> None:
    if not os.path.isfile(output.path):
        return
    from planner.api.records import participant_of

    participant = participant_of(output.path)
    if participant is not None:
        raise PlannerError(
            f"{output.option}: {output.path} is the record of participant `{participant}`; name"
            " another file"
        )


def _warn_of_links(path: str) -> None:
    """Warns of a file with several names (hard links): only the name that is written changes."""
    if os.path.isfile(path) and os.stat(path).st_nlink > 1:
        from planner.cli.output import tell

        tell(f"warning: {path}: its other names (hard links) keep the old content")
