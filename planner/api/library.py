"""The library, and how a protocol file is begun and described to editors."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.views.library import LibraryIndex


def library_list(substance: str | None = None) -> "LibraryIndex":
    """The library's protocols by substance, with registry number, condition and title.

    Args:
        substance: only studies of this one, such as `mdma`; all when ``None``.

    Raises:
        PlannerError: the library has no study of that substance; names the nearest.
    """
    from planner.views.library import library_index

    return library_index(substance)


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
