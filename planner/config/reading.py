"""Finds and reads the file of a study's defaults."""

import os
import re
from typing import NamedTuple

from planner.config.model import StudyConfig
from planner.errors import PlannerError
from planner.protocol.document import Document, Path
from planner.protocol.file_kinds import CONFIG, SITE, other_kind
from planner.protocol.reading import read_document
from planner.protocol.validation import validate_model

NAME = "planner.toml"
"""What the file is called where nobody names another one."""


class ConfigFile(NamedTuple):
    """The defaults of a study, and the file that they were read from.

    File names in it are as seen from the working folder.
    """

    path: str
    config: StudyConfig
    document: Document

    def line(self, path: Path) -> int:
        """The line on which a default stands.

        Args:
            path: its keys from the top, as ``("files", "calendar")``.
        """
        return self.document.value_position(path).line


def find_config(folder: str) -> str | None:
    """The nearest file `planner.toml`: in a folder or in one above it.

    Args:
        folder: where to begin.
    """
    place = os.path.realpath(folder)
    while True:
        path = os.path.join(place, NAME)
        if os.path.isfile(path):
            return path
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above


def read_config(path: str) -> ConfigFile:
    """The defaults of a file.

    Args:
        path: TOML if the name ends in ``.toml``; the same in YAML or JSON is read as well.

    Raises:
        PlannerError: it cannot be opened, or is of another kind.
        DocumentError: it holds no defaults; carries every problem with line and column.
    """
    document = read_document(path)
    other = other_kind(document.data, CONFIG)
    if other is not None:
        raise PlannerError(f"{path}: {other}")
    return config_of(document)


def config_of(document: Document) -> ConfigFile:
    """The defaults of a document that has been read.

    Raises:
        DocumentError: it holds no defaults; carries every problem with line and column.
    """
    config = validate_model(StudyConfig, document)
    folder = os.path.dirname(document.path)

    def seen(name: str) -> str:
        if "://" in name:  # a database server
            return name
        is_server = name.startswith(("postgresql://", "postgres://"))
        return name if is_server else os.path.normpath(os.path.join(folder, name))

    def protocol(name: str) -> str:
        is_id = re.fullmatch("[a-z0-9-]{1,60}", name) and not os.path.isfile(seen(name))
        return name if is_id else seen(name)

    if config.site is not None:
        _refuse_other_kind(document, seen(config.site))
    files = {name: seen(path) for name, path in config.files if path is not None}
    near = config.model_copy(
        update={
            "protocols": tuple(map(protocol, config.protocols)),
            "site": None if config.site is None else seen(config.site),
            "records": tuple(map(seen, config.records)),
            "files": config.files.model_copy(update=files),
        }
    )
    return ConfigFile(document.path, near, document)


def _refuse_other_kind(document: Document, site: str) -> None:
    """Refuses defaults whose site is another kind of file; what is no document is left alone."""
    try:
        other = other_kind(read_document(site).data, SITE) if os.path.isfile(site) else None
    except PlannerError:
        return
    if other is not None:
        raise document.refused(f"`site`: `{site}` {other.partition(';')[0]}", ("site",))
