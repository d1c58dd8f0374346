"""`planner export --format usdm` and `sdtm`: the design of a study instead of calendars."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from planner.cli.options import read_choice
from planner.cli.output_formats import is_file_name, read_format, suffix_of
from planner.errors import PlannerError

if TYPE_CHECKING:
    from datetime import datetime

    from planner.api.types import Protocol

FORMATS = ("ical", "usdm", "sdtm")
_TAKES = {
    "usdm": ("--output", "--format", "--anyway"),
    "sdtm": ("--output", "--format", "--stamp", "--anyway"),
}
_DESIGNS = {".json": "usdm", ".xpt": "sdtm", ".ndjson": "sdtm"}


def export_format(output_format: str | None, output: str | None) -> str:
    """The format that is wanted: as said, else a calendar.

    Raises:
        PlannerError: there is no such format, or the output's suffix is that of another one.
    """
    if output_format is None and suffix_of(output) in _DESIGNS:
        other = _DESIGNS[suffix_of(output)]
        more = " and a folder after -o" if other == "sdtm" else ""
        raise PlannerError(
            f"-o: {output}: a calendar's name ends in .ics; for the design of the study give"
            f" --format {other}{more}"
        )
    chosen = read_choice(output_format or "ical", FORMATS, "--format")
    return chosen if chosen == "sdtm" else read_format(output_format, output, (chosen,))


def refuse_options(given: Iterable[str], wanted: str) -> None:
    """Refuses options that speak of participants and calendars, all of them in one message.

    Args:
        given: long names of the options on the command line.
        wanted: `usdm` or `sdtm`.

    Raises:
        PlannerError: names the options that make no sense with it, and those that it takes.
    """
    foreign = [option for option in given if option not in _TAKES[wanted]]
    if foreign:
        say = "says" if len(foreign) == 1 else "say"
        takes = ", ".join(option for option in _TAKES[wanted] if option != "--format")
        raise PlannerError(
            f"{', '.join(foreign)}: {say} nothing to --format {wanted}, which writes the design of"
            f" the study, not a calendar; it takes only {takes}"
        )


def write_design(protocol: "Protocol", wanted: str, output: str | None, stamp: "datetime") -> None:
    """Writes a protocol as a USDM file, or as the SDTM datasets TV, TA and TE.

    Args:
        protocol: the protocol.
        wanted: `usdm` or `sdtm`.
        output: the file, or the folder of the datasets; USDM goes to stdout without one.
        stamp: the date in the datasets.

    Raises:
        PlannerError: a folder is needed, or cannot be written.
    """
    if wanted == "usdm":
        from planner.api.rendering import render
        from planner.cli.output import write_text

        write_text(render(protocol, "json"), output)
    else:
        _write_datasets(protocol, output, stamp)


def _write_datasets(protocol: "Protocol", folder: str | None, stamp: "datetime") -> None:
    from planner.api.designs import trial_design
    from planner.api.rendering import notes_beside, write
    from planner.cli.output import tell

    if folder is None:
        raise PlannerError("--format sdtm writes several files: name a folder with -o")
    if is_file_name(folder):
        raise PlannerError(f"-o: {folder}: --format sdtm writes several files: name a folder")
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise PlannerError(f"-o: {folder}: is not a folder")
    design = trial_design(protocol, stamp.date())
    write(design, folder)
    counts = ", ".join(f"{name} {rows:,}" for name, rows in design.rows.items())
    tell(f"wrote {len(design.files)} files to {folder}; rows: {counts}")
    for note in notes_beside(design):
        tell(note)
