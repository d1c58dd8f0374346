"""Loads a site file and checks what only the outside world knows: the places of its holidays."""

from planner.errors import PlannerError
from planner.protocol.document import Document, DocumentError, Path, Problem
from planner.protocol.file_kinds import SITE, other_kind
from planner.protocol.reading import read_document
from planner.protocol.validation import validate_model
from planner.site.model import HolidayCalendar, Site
from planner.site.public_holidays import unknown_place


def load_site(path: str) -> Site:
    """A site from its file.

    Args:
        path: a YAML file, or a JSON file with the suffix ``.json``; ``-`` is standard input.

    Raises:
        PlannerError: the file cannot be read or is of another kind, or it names public holidays
            and the ``holidays`` library is not installed.
        DocumentError: the file is no site; carries every problem with line and column.
    """
    document = read_document(path)
    other = other_kind(document.data, SITE)
    if other is not None:
        raise PlannerError(f"{path}: {other}")
    return site_of(document)


def site_of(document: Document) -> Site:
    """A site from a document that has been read.

    Args:
        document: the data of a site file, with the places for messages.

    Raises:
        PlannerError: it names public holidays and the ``holidays`` library is not installed.
        DocumentError: it is no site; carries every problem with line and column.
    """
    site = validate_model(Site, document)
    problems = []
    holidays: list[tuple[Path, HolidayCalendar]] = [
        (("holidays", index), calendar) for index, calendar in enumerate(site.holidays)
    ]
    for at, facility in enumerate(site.facilities):
        holidays += (
            (("facilities", at, "holidays", index), calendar)
            for index, calendar in enumerate(facility.holidays)
        )
    for path, calendar in holidays:
        unknown = unknown_place(calendar)
        if unknown is not None:
            field, message = unknown
            position = document.value_position((*path, field))
            problems.append(Problem(f"`{field}`: {message}", position))
    if problems:
        raise DocumentError(document.path, problems, document.lines)
    return site
