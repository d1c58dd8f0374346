"""Whether a study is one of sessions, for which participants are prepared."""

import re
from collections.abc import Iterator

from planner.protocol.expand import visit_kind
from planner.protocol.model import Protocol
from planner.protocol.visit import Visit

_SESSION = re.compile(r"\bsessions?\b", re.IGNORECASE)
_COMPANION = re.compile(r"therapist|facilitator|\bguides?\b|counsel|\bsitters?\b", re.IGNORECASE)


def has_session_design(protocol: Protocol) -> bool:
    """Whether a protocol prepares for, works through or holds dosing sessions.

    It does where it has a visit of kind preparation or integration, calls a dosing visit a session,
    or has a role that accompanies people through one. A study of the drug alone, as phase 1 has
    them, does none of this, and is not asked for preparation and integration.

    Args:
        protocol: as written, whatever arm.
    """
    roles = (f"{name} {role.title or ''}" for name, role in protocol.roles.items())
    if any(_COMPANION.search(role) for role in roles):
        return True
    return any(
        kind in ("preparation", "integration")
        or (kind == "dosing" and _SESSION.search(f"{visit.id} {visit.title or ''}"))
        for kind, visit in _visits(protocol)
    )


def _visits(protocol: Protocol) -> Iterator[tuple[str, Visit]]:
    for epoch in protocol.epochs:
        for visit in epoch.visits:
            yield visit_kind(visit, epoch), visit
