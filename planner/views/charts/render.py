"""Pictures as files: SVG and HTML by our own writers, PNG and PDF by vl-convert.

The only module that knows vl-convert (the extra `charts`), which needs no browser and carries its
fonts. For equal input all formats have equal bytes.
"""

from collections.abc import Sequence

from planner.errors import PlannerError
from planner.views.charts.picture import Picture
from planner.views.charts.svg import svg

FORMATS = ("svg", "png", "pdf", "html")
PNG_SCALE = 2
"""Pixels of a PNG for one of the picture, where its width is not given in millimetres."""
PRINT_PPI = 300
"""Pixels for each inch of a PNG whose width is given in millimetres."""
_POINTS = 72 / 96
"""What vl-convert makes a point of, 72 to the inch, is a pixel, 96 to the inch."""


def render(pictures: Sequence[Picture], output_format: str) -> bytes:
    """A picture in one of `FORMATS`.

    Args:
        pictures: one picture; for HTML it may be followed by the same in a width for phones.
        output_format: one of `FORMATS`.

    Raises:
        PlannerError: vl-convert, which draws PNG and PDF, is not installed.
    """
    if output_format == "html":
        from planner.views.charts.page import page

        return page(pictures).encode()
    require(output_format)
    if output_format == "svg":
        return svg(pictures[0]).encode()
    import vl_convert

    picture = pictures[0]
    if picture.width_mm is not None:
        picture = picture._replace(width_mm=picture.width_mm * _POINTS)
    if output_format == "png" and picture.width_mm is not None:
        return vl_convert.svg_to_png(svg(picture), ppi=PRINT_PPI)
    if output_format == "png":
        return vl_convert.svg_to_png(svg(picture), scale=PNG_SCALE)
    from planner.views.charts.pdf_fonts import sorted_fonts

    return sorted_fonts(vl_convert.svg_to_pdf(svg(picture)))


def require(output_format: str) -> None:
    """Refuses a format whose extra is missing.

    Raises:
        PlannerError: says how to install it.
    """
    if output_format in ("png", "pdf"):
        try:
            import vl_convert  # noqa: F401
        except ImportError:
            raise PlannerError(
                "charts as PNG and PDF need vl-convert, which is not installed; try: pip install"
                ' "trial-session-planner[charts]"; SVG and HTML need nothing'
            ) from None
