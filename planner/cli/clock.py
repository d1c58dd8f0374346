"""Today's date where nobody gives one: the only clock that the planner reads for dates."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from planner.api.types import Site


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today_at(site: "Site | None") -> date:
    """Today's date by the clocks of a site, else by this computer's; said on stderr.

    Args:
        site: the site; `None` is the place of this computer.
    """
    from planner.cli.output import tell

    moment = now().astimezone(None if site is None else ZoneInfo(site.timezone))
    place = "on this computer" if site is None else f"at {site.title} ({site.timezone})"
    tell(f"today is {moment.date()} {place}; --today DATE takes another date")
    return moment.date()
