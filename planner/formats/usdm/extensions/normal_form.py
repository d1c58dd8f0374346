"""Documents in standard form: two that say the same are equal as plain data."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from planner.protocol.model import Protocol


def standard_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as the model of a protocol writes it: `7d` as `1w`, a lone timing as a list.

    A document that is no valid protocol stays as it is.
    """
    try:
        protocol = Protocol.model_validate(document, by_alias=True, by_name=False)
    except ValidationError:
        return dict(document)
    return protocol_document(protocol)


def protocol_document(protocol: Protocol) -> dict[str, Any]:
    """A protocol as a document in standard form, with what was written and nothing more."""
    return protocol.model_dump(mode="json", exclude_unset=True, by_alias=True)
