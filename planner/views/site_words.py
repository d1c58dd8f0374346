"""Where visits take place, in words that stand behind a participant's code or a date."""

from planner.site.model import ALWAYS_OPEN


def at_site(site_id: str, title: str, timezone: str) -> str:
    """`` at Example clinic, Europe/Berlin``; without a site file that none was given.

    Args:
        site_id: id of the site, or `ALWAYS_OPEN`.
        title: of the site.
        timezone: name of its time zone.
    """
    return f", {title}" if site_id == ALWAYS_OPEN else f" at {title}, {timezone}"
