"""A folder of participants' records: all new ones take their places, or none does."""

import contextlib
import os
from collections.abc import Callable, Iterator

from planner.cli.options import read_choice
from planner.errors import PlannerError
from planner.files import PreparedFolder, refusals

_SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}


def suffix_of(output_format: str | None, output: str | None) -> tuple[str, bool]:
    """The suffix of records, and whether the output is the file of one of them.

    Raises:
        PlannerError: there is no such format, or the output's name says another.
    """
    named = _SUFFIXES.get(os.path.splitext(output or "")[1].lower())
    single = named is not None and not os.path.isdir(output or "")
    chosen = read_choice(
        output_format or (named if single else None) or "yaml", ("yaml", "csv"), "--format"
    )
    if single and named != chosen:
        raise PlannerError(f"-o: {output} is named as {named}, --format says {chosen}")
    return f".{chosen}", single


@contextlib.contextmanager
def record_files(folder: str, suffix: str) -> Iterator[Callable[[str, str], None]]:
    """A function that takes participants' codes and texts; the files appear when all are there.

    Each replaces the participant's file of that suffix; others in the folder stay.

    Raises:
        PlannerError: the folder cannot be written, or holds a record of the participant in
            another form, so that nobody could say which of the two holds.
    """
    prepared = PreparedFolder(folder)
    try:
        with refusals(folder):
            there = {name.casefold(): name for name in os.listdir(folder)}

        def add(code: str, text: str) -> None:
            for other in (".yaml", ".yml", ".json", ".csv"):
                known = there.get((code + other).casefold())
                if known is not None and known != code + suffix:
                    raise PlannerError(
                        f"{os.path.join(folder, known)}: there is a record of `{code}` already, in"
                        " another form; nothing was changed"
                    )
            prepared.write(code + suffix, text.encode())

        yield add
        prepared.put()
    finally:
        prepared.discard()
