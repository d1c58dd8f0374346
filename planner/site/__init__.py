"""The site: its time zone, opening hours, closures, rooms and staff."""

from planner.site.load import load_site
from planner.site.model import always_open

__all__ = ["always_open", "load_site"]
