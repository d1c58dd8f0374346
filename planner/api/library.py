"""The library, and how a protocol file is begun and described to editors."""

from typing import Any


def library_list(
    substance: str | None = None, *, as_json: bool = False, width: int = 100, color: bool = False
) -> str:
    """The library's protocols by substance, with registry number and title.

    Args:
        substance: only studies of this one, such as `mdma`.
        as_json: as JSON instead of a table.
        width: of the table, in columns; titles are cut to fit.
        color: whether the table has ANSI colours.

    Raises:
        PlannerError: the library has no study of that substance; names the nearest.
    """
    from planner.views.library import render_list

    return render_list(width=width, color=color, as_json=as_json, substance=substance)


def library_file(protocol_id: str) -> str | None:
    """The path of the file of a library protocol; ``None`` where the library has no such id."""
    from planner.protocol.library import library_path

    return library_path(protocol_id)


def schema() -> dict[str, Any]:
    """The JSON Schema of the protocol file, for editors."""
    from planner.protocol.schema import protocol_schema

    return protocol_schema()


def new_protocol(protocol_id: str) -> str:
    """The text of a commented protocol file that validates, to begin with.

    It is YAML; the identity in it, by which calendars know the study, is a new one in each text.

    Args:
        protocol_id: the id of the new protocol: small letters, digits and hyphens.

    Raises:
        PlannerError: the id is none.
    """
    import uuid

    from planner.api.inputs import text_of
    from planner.protocol.starter import starter

    return starter(text_of(protocol_id, "protocol_id", "an id"), str(uuid.uuid4()))
