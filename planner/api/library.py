"""The library, and how a protocol file is begun and described to editors."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.views.glossary import Glossary
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


def glossary() -> "Glossary":
    """Each term of the planner with its meaning here and its names in the standards."""
    from planner.views import glossary as words

    return words.glossary()


def library_file(protocol_id: str) -> str | None:
    """The path of the file of a library protocol; ``None`` where the library has no such id."""
    from planner.protocol.library import library_path

    return library_path(protocol_id)


FILE_KINDS = ("protocol", "site", "record", "cohort", "config")
"""The kinds of files of a study."""


def schema(kind: str = "protocol") -> dict[str, Any]:
    """The JSON Schema of a kind of files, for editors.

    Args:
        kind: one of `FILE_KINDS`; ``cohort``, which is a CSV file, as the list of its rows.

    Raises:
        PlannerError: there is no such kind; names the nearest.
    """
    from planner.api.inputs import one_of
    from planner.protocol.schema import file_schema, protocol_schema

    of = one_of(kind, FILE_KINDS, "kind")
    if of == "site":
        from planner.site.model import Site

        return file_schema(Site, "Site file of the trial session planner")
    if of == "record":
        from planner.timeline.record import Record

        return file_schema(Record, "Participant's record of the trial session planner")
    if of == "config":
        from planner.config.model import StudyConfig

        return file_schema(StudyConfig, "A study's defaults for the trial session planner")
    if of == "cohort":
        from planner.timeline.cohort_schema import cohort_schema

        return cohort_schema()
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


def copy_protocol(original: str, protocol_id: str) -> str:
    """The text of a library protocol as the draft of another study, with an identity of its own.

    Args:
        original: the id of the library protocol.
        protocol_id: the id of the new protocol.

    Raises:
        PlannerError: the library has no such protocol, or the new id is none.
    """
    import uuid

    from planner.api.inputs import text_of
    from planner.protocol.copying import copied_protocol

    name = text_of(protocol_id, "protocol_id", "an id")
    return copied_protocol(text_of(original, "original", "an id"), name, str(uuid.uuid4()))


def new_file(kind: str, name: str = "") -> str:
    """The text of a commented site file, record or file of defaults that validates, to begin with.

    Args:
        kind: ``site``, ``record`` or ``config``.
        name: the site's id or the participant's code.

    Raises:
        PlannerError: there is no such kind, or the name is no id or no code.
    """
    from planner.api.inputs import one_of

    of = one_of(kind, ("site", "record", "config"), "kind")
    if of == "site":
        from planner.site.starter import site_starter

        return site_starter(name)
    if of == "record":
        from planner.timeline.record_starter import record_starter

        return record_starter(name)
    from planner.config.starter import TEXT

    return TEXT
