"""The library: published schedules that ship with the planner, found by id."""

import os

CLAIMS = "claims"
"""What the library's record of claims is called; it is no protocol and has no protocol's id."""
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def library_folder() -> str:
    """Where the library's files are: inside an installed package, or beside it in a checkout."""
    installed = os.path.join(_HERE, "protocols")
    if os.path.isdir(installed):
        return installed
    return os.path.join(os.path.dirname(_HERE), "protocols")


def library_ids() -> list[str]:
    """The ids of all library protocols, sorted."""
    try:
        names = os.listdir(library_folder())
    except OSError:
        return []
    ids = sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))
    return [name for name in ids if name != CLAIMS]


def claims_path() -> str:
    """The file of the library's record of claims."""
    return os.path.join(library_folder(), f"{CLAIMS}.yaml")


def library_path(protocol_id: str) -> str | None:
    """The file of a library protocol.

    Args:
        protocol_id: the id, which is its file's name without ``.yaml``.

    Returns:
        ``None`` when the library has no such id.
    """
    path = os.path.join(library_folder(), f"{protocol_id}.yaml")
    return path if os.path.isfile(path) else None
