"""Where a participant comes to, told without words of drug, arm or diagnosis."""

from typing import NamedTuple

from planner.protocol.model import Protocol
from planner.protocol.telling import telling_words, words_in
from planner.site.model import Site


class SiteAddress(NamedTuple):
    """What of a site stands on the sheet.

    Attributes:
        title: its name; ``None`` where that would tell.
        address: its lines.
        phone: the site's own number.
        country: code of the country whose holidays it keeps, else of its time zone; ``None`` for a
            zone of no country, such as UTC.
        withheld: texts of the site file that were left out, each with the word that tells.
    """

    title: str | None
    address: tuple[str, ...]
    phone: str | None
    country: str | None
    withheld: tuple[tuple[str, str], ...]


def place_of(site: Site, protocol: Protocol) -> SiteAddress:
    """The place as a sheet may name it.

    A line of the site file is left out if it has a word of the protocol's substance, condition or
    arms in it: a clinic for depression cannot be named by its name on a sheet that lies about.

    Args:
        site: with its address.
        protocol: of the study, whose words are not to be read.
    """
    telling = telling_words(protocol)
    withheld = []
    kept: list[str | None] = []
    for text in (site.title, *site.address):
        word = next((word for word in words_in(text) if word in telling), None)
        if word is None:
            kept.append(text)
        else:
            kept.append(None)
            withheld.append((text, word))
    countries = {calendar.country for calendar in site.holidays}
    return SiteAddress(
        kept[0],
        tuple(line for line in kept[1:] if line is not None),
        site.phone,
        countries.pop() if len(countries) == 1 else _country_of_zone(site.timezone),
        tuple(withheld),
    )


def _country_of_zone(zone: str) -> str | None:
    try:
        from babel.core import get_global
    except ImportError:  # Without Babel no sheet is written at all.
        return None
    country: str | None = get_global("zone_territories").get(zone)
    return country
