"""Finds what a study's defaults name and what is not there."""

import os

from planner.config.reading import ConfigFile
from planner.protocol.library import library_ids


def missing_names(file: ConfigFile) -> list[tuple[int, str]]:
    """The protocols, site and records of a file of defaults that are not there.

    Returns:
        The line and a message of each, in the order of the keys; empty if all are there.
    """
    config = file.config
    missing = []
    for name in config.protocols:
        if not os.path.exists(name) and name not in library_ids():
            reason = "no such file, and no protocol of the library"
            missing.append((file.line(("protocols",)), f"`protocols`: `{name}`: {reason}"))
    for key, names in (("site", [config.site] if config.site else []), ("records", config.records)):
        missing += [
            (file.line((key,)), f"`{key}`: `{name}`: no such file or folder")
            for name in names
            if not ("://" in name or os.path.exists(name))
        ]
    return missing
