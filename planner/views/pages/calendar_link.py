"""The address of a participant's calendar on the sheet: as a link, and as a code to scan."""

import re
from base64 import b64encode
from io import BytesIO

from planner.errors import PlannerError
from planner.protocol.telling import tells
from planner.views.pages.markup import Html, element

_ADDRESS = re.compile(r"(?:https|webcal)://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?][!-~]*)?")
_MAX_LENGTH = 500


def checked_address(address: str, telling: frozenset[str]) -> str:
    """The address of a calendar, as a sheet may show it.

    Args:
        address: `https://...` or `webcal://...`, at most 500 characters.
        telling: the protocol's own words, by `planner.protocol.telling.telling_words`.

    Raises:
        PlannerError: it is no such address, or has a word that tells what the study is about.
    """
    if len(address) > _MAX_LENGTH or not _ADDRESS.fullmatch(address):
        raise PlannerError(
            f"calendar: `{address[:60]}` is not an address of a calendar, such as"
            " `https://calendar.example.org/P0001.ics` or `webcal://...`"
        )
    if tells(address, telling):
        raise PlannerError("calendar: the address has a word that reveals what the study is about")
    return address


def address_link(address: str) -> Html:
    """The address as a link."""
    return element("a", address, href=address, class_="long")


def address_code(address: str, about: str) -> Html:
    """The address as a QR code, a picture inside the page.

    Args:
        address: what the code says.
        about: what the picture is, for those who do not see it.

    Raises:
        PlannerError: Segno, which draws it, is not installed.
    """
    try:
        import segno
    except ImportError:
        raise PlannerError(
            "a code to scan needs Segno, an extra; install it with:"
            ' pip install "trial-session-planner[charts]"'
        ) from None
    file = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(file, kind="svg", xmldecl=False, nl=False, scale=4, dark="#000", light="#fff")
    data = b64encode(file.getvalue()).decode()
    return element("img", src=f"data:image/svg+xml;base64,{data}", alt=about, class_="scan")
