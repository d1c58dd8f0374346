"""How long a visit is taken to be of which nobody says how long it takes."""

from planner.protocol.model import Protocol
from planner.site.model import Site

ASSUMED_MINUTES = 60
"""What is assumed where neither the protocol nor the site has a default."""


def default_length(protocol: Protocol, site: Site) -> int | None:
    """The minutes of `visit_length`: of the protocol, else of the site, else ``None``."""
    length = protocol.conventions.visit_length or site.visit_length
    return None if length is None else length.minutes
