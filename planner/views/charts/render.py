"""A picture as a Vega-Lite specification, and by vl-convert as SVG, PNG, PDF or HTML.

The only module that knows Altair and vl-convert (the extra `charts`). All positions are pixels
that the layout has worked out, so that Vega places nothing: no scale, axis or legend of its own.
vl-convert needs no browser and carries its fonts; for equal input all formats have equal bytes.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from planner.errors import PlannerError
from planner.views.charts.metrics import FONT
from planner.views.charts.pdf_fonts import sorted_fonts
from planner.views.charts.picture import DEPTHS, Box, Item, Mark, Picture, Stroke, Words

FORMATS = ("svg", "png", "pdf", "html")
_VEGA_LITE = "6.1"
"""What vl-convert 1.9 and later draw with; Altair 6 writes for it."""
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.1.0.json"
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
"""What the renderer's bundle gives to the page."""
_KINDS: tuple[type[Item], ...] = (Box, Stroke, Mark, Words)
PNG_SCALE = 2


def render(picture: Picture, output_format: str) -> bytes:
    """The picture as ``svg``, ``png`` or ``pdf``.

    Raises:
        PlannerError: Altair or vl-convert is not installed.
    """
    require_charts()
    import vl_convert

    svg = render_svg(picture)
    if output_format == "png":
        return vl_convert.svg_to_png(svg, scale=PNG_SCALE)
    if output_format == "pdf":
        return sorted_fonts(vl_convert.svg_to_pdf(svg))
    return svg.encode()


def render_html(pictures: Sequence[Picture]) -> bytes:
    """The same picture in one or two widths, the widest first, as a page in HTML.

    Raises:
        PlannerError: Altair or vl-convert is not installed.
    """
    require_charts()
    from planner.views.charts.page import page

    return page([(one, specification(one)) for one in pictures], _renderer()).encode()


@cache
def _renderer() -> str:
    """Vega and what belongs to it, as one script; bundling it takes seconds."""
    import vl_convert

    return vl_convert.javascript_bundle(_SNIPPET, vl_version=_VEGA_LITE)


def require_charts() -> None:
    """Refuses where the extra is missing.

    Raises:
        PlannerError: says how to install it.
    """
    try:
        import altair  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise PlannerError(
            f"charts need Altair and vl-convert, and {error.name} is not installed;"
            ' try: pip install "trial-session-planner[charts]"'
        ) from None


def render_svg(picture: Picture) -> str:
    """The picture as SVG with title and description for those who do not see it."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(specification(picture), vl_version=_VEGA_LITE)
    body = drawn[drawn.index(">") + 1 :]
    # Vega calls its groups graphics objects; here they are parts of one image.
    body = re.sub(r' (?:role|aria-roledescription|aria-hidden)="[^"<>]*"', "", body)
    width, height = picture.width, picture.height
    title, description = xml_text(picture.title), xml_text(picture.description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)}'
        f' aria-describedby="about" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">\n'
        f'<title>{escape(title)}</title>\n<desc id="about">{escape(description)}</desc>\n{body}\n'
    )


def xml_text(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def specification(picture: Picture) -> dict[str, Any]:
    """The Vega-Lite specification: a layer for each depth and kind of what is drawn."""
    layers = []
    for depth in DEPTHS:
        for kind in _KINDS:
            items = [item for at, item in picture.items if at == depth and type(item) is kind]
            if items:
                layer = _layer(kind.__name__, any(item.tip for item in items))
                layers.append({**layer, "data": {"values": [_row(item) for item in items]}})
    return {
        **_shell(),
        "$schema": _SCHEMA,
        "width": picture.width,
        "height": picture.height,
        "background": picture.theme.paper,
        "description": picture.title,
        "layer": layers,
    }


@cache
def _shell() -> dict[str, Any]:
    """What all specifications share, as Altair writes and checks it."""
    import altair as alt

    chart = alt.layer(padding=0, autosize=alt.AutoSizeParams(type="none"))
    chart = chart.configure(font=FONT, aria=False).configure_view(stroke=None, fill=None)
    shell: dict[str, Any] = chart.to_dict()
    return shell


@cache
def _layer(kind: str, has_tips: bool) -> dict[str, Any]:
    """A layer without its data; the looks of each item are read from its own row."""
    import altair as alt

    def each(name: str) -> Any:
        return alt.ExprRef(f"datum.{name}")

    def pixel(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "scale": None, "axis": None}

    chart = alt.Chart(alt.InlineData(values=[]))
    shared: dict[str, Any] = {"opacity": 1, "tooltip": each("tip") if has_tips else None}
    looks = {"fill": each("fill"), "stroke": each("edge"), "strokeWidth": each("line")}
    place = {"x": pixel("x"), "y": pixel("y")}
    if kind == "Box":
        place |= {"x2": {"field": "right"}, "y2": {"field": "bottom"}}
        mark = chart.mark_rect(
            **looks, **shared, strokeDash=each("dash"), cornerRadius=each("radius")
        )
    elif kind == "Stroke":
        # A symbol of size 4 is drawn at the scale of its path.
        mark = chart.mark_point(
            **shared, shape=each("path"), size=4, fill=None, stroke=each("color"),
            strokeWidth=each("line"), strokeDash=each("dash"), strokeCap="butt",
        )  # fmt: skip
    elif kind == "Mark":
        mark = chart.mark_point(**looks, **shared, shape=each("shape"), size=each("area"))
    else:
        mark = chart.mark_text(
            **shared, text=each("text"), fontSize=each("size"), fontWeight=each("weight"),
            align=each("align"), baseline="alphabetic", fill=each("color"),
        )  # fmt: skip
    layer: dict[str, Any] = mark.encode(**place).to_dict()
    return {name: layer[name] for name in ("mark", "encoding")}


def _row(item: Item) -> dict[str, Any]:
    """What a layer reads of an item; numbers to a hundredth of a pixel."""
    row: dict[str, Any] = {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in item._asdict().items()
    }
    row["tip"] = dict(item.tip) or None
    for name in ("fill", "edge"):
        if name in row:
            row[name] = row[name] or None
    match item:
        case Box():
            row["right"] = round(item.x + item.width, 2)
            row["bottom"] = round(item.y + item.height, 2)
        case Mark():
            row["area"] = round(item.size**2, 2)
        case Words():
            row["weight"] = "bold" if item.bold else "normal"
    return row
