"""A page as a PDF document, without a browser, by WeasyPrint.

WeasyPrint rather than another library: it lays out the very page that browsers show, with its print
style, so that there is one text to keep and to check; what it writes is tagged for screen readers,
has real text and bookmarks, and is the same for equal input. fpdf2 and ReportLab would need a
second layout; xhtml2pdf knows little of today's CSS; wkhtmltopdf is no longer maintained. Its price
is Pango, which is on most Linux systems and a package on others.
"""

import contextlib
import io
import logging
import os
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import PlannerError

if TYPE_CHECKING:
    from types import ModuleType


def write_pdf(page: str, file: BinaryIO) -> None:
    """Writes a page (HTML with its styles inside) as PDF/UA; nothing is fetched from elsewhere.

    Args:
        page: a whole HTML document.
        file: is written from where it stands and left open.

    Raises:
        PlannerError: WeasyPrint or the Pango library it needs is not installed.
    """
    library = _library()
    # Rules for screens that it does not know are none of the user's business.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    # Only what stands in the page itself, as a data address, can be in the document.
    fetcher = library.urls.URLFetcher(allowed_protocols=["data"])
    document = library.HTML(string=page, url_fetcher=fetcher)
    # Where the system has no HarfBuzz-Subset, fontTools cuts down the fonts and writes the time of
    # day into them, unless this says another.
    is_ours = "SOURCE_DATE_EPOCH" not in os.environ
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    try:
        file.write(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))
    finally:
        if is_ours:
            del os.environ["SOURCE_DATE_EPOCH"]


def _library() -> "ModuleType":
    try:
        # Where it misses a library of the system it prints advice of its own.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
    except ImportError:
        raise PlannerError(
            "PDF pages need WeasyPrint, which is not installed;"
            ' try: pip install "trial-session-planner[pdf]"'
        ) from None
    except OSError:
        # The package is there; the library of the system that it loads is not.
        raise PlannerError(
            "PDF pages need Pango, which WeasyPrint did not find; on Debian:"
            " apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0;"
            " without it, print the HTML page"
        ) from None
    library: ModuleType = weasyprint
    return library
