"""The form of every answer for machines."""

import json
from collections.abc import Mapping

from planner.notice import NOTICE


def render_document(fields: Mapping[str, object], *, ascii_only: bool = True) -> str:
    """The fields as a JSON document of format 1, which also carries the notice.

    Args:
        fields: of this kind of answer; a stable contract.
        ascii_only: spells all other letters as escapes (RFC 8259 7).
    """
    document = {"format": 1, "notice": NOTICE, **fields}
    return json.dumps(document, ensure_ascii=ascii_only, indent=2)
