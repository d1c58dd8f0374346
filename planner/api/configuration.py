"""A study's defaults: the file `planner.toml`, and which value holds for each of its keys."""

from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import StrPath
    from planner.config.reading import ConfigFile


def find_config(folder: "StrPath" = ".") -> str | None:
    """The path of the nearest `planner.toml`: in a folder or in one above it; ``None`` without."""
    from planner.api.inputs import path_text
    from planner.config.reading import find_config

    return find_config(path_text(folder, "folder"))


def read_config(path: "StrPath") -> "ConfigFile":
    """The defaults of a study; file names in them are as seen from the working folder.

    Raises:
        PlannerError: the file cannot be read, or is no such file; with line and column.
    """
    from planner.api.inputs import path_text
    from planner.config.reading import read_config

    return read_config(path_text(path, "path"))


def render_config(file: "ConfigFile | None", why: str, output_format: str = "text") -> str:
    """Which value holds for each key, and whether the file or the planner says so.

    Args:
        file: as `read_config` gives it; ``None`` where no file holds.
        why: who names the file, such as `--config`, or why there is none.
        output_format: ``text`` or ``json``.

    Raises:
        PlannerError: there is no such format.
    """
    from planner.views import configuration

    if output_format == "json":
        return configuration.render_json(file, why)
    if output_format != "text":
        raise PlannerError(f"output_format: `{output_format}` is none of text, json")
    return configuration.render_text(file, why)
