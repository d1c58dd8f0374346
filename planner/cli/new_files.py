"""Files that people go on with by hand: one that is there is replaced only when asked for."""

from typing import Annotated

import typer

from planner.cli.output import write_text
from planner.errors import PlannerError

_SHOWN = 5
"""So many files are named in a message."""

ReplaceOption = Annotated[
    bool,
    typer.Option("--replace", help="Replace an existing file that has other content."),
]


def write_new(text: str, output: str | None, *, replace: bool) -> None:
    """Writes to a file, whole or not at all, or to stdout.

    Args:
        text: what it is to say, with its last line break.
        output: the path; `None` is stdout.
        replace: whether a file that says something else may be replaced.

    Raises:
        PlannerError: the file is there already and says something else, or it cannot be written.
    """
    if output is not None and not replace:
        from planner.api.files import says_otherwise

        if says_otherwise(output, text.encode()):
            raise PlannerError(
                f"{output}: already exists; nothing was changed: name another file, or replace"
                " what is there with --replace"
            )
    write_text(text, output)


def in_the_way(paths: list[str], other: str) -> PlannerError:
    """The refusal to replace files; `other` is what to name instead: a file or a folder."""
    more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
    stand = "already exists with" if len(paths) == 1 else "already exist with"
    return PlannerError(
        f"{', '.join(paths[:_SHOWN])}{more}: {stand} other content; nothing was changed: name"
        f" another {other}, or replace what is there with --replace"
    )
