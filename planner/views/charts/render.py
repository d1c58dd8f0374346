"""A picture as a Vega-Lite specification, and by vl-convert as SVG, PNG, PDF or HTML.

The only module that knows Altair and vl-convert (the extra `charts`). All positions are pixels
that the layout has worked out, so that Vega places nothing: no scale, axis or legend of its own.
vl-convert needs no browser and carries its fonts; for equal input all formats have equal bytes.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from planner.errors import PlannerError
from planner.views.charts.metrics import FONT
from planner.views.charts.picture import DEPTHS, Box, Item, Mark, Picture, Stroke, Words

FORMATS = ("svg", "png", "pdf", "html")
_VEGA_LITE = "6.1"
"""What vl-convert 1.9 and later draw with; Altair 6 writes for it."""
_KINDS: tuple[type[Item], ...] = (Box, Stroke, Mark, Words)
PNG_SCALE = 2


def render(picture: Picture, output_format: str) -> bytes:
    """The picture in one of `FORMATS`.

    Raises:
        PlannerError: Altair or vl-convert is not installed.
    """
    require_charts()
    import vl_convert

    if output_format == "html":
        from planner.views.charts.page import page

        renderer = vl_convert.javascript_bundle("", vl_version=_VEGA_LITE)
        return page(picture, specification(picture), renderer).encode()
    svg = render_svg(picture)
    if output_format == "png":
        return vl_convert.svg_to_png(svg, scale=PNG_SCALE)
    if output_format == "pdf":
        return vl_convert.svg_to_pdf(svg)
    return svg.encode()


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
    import altair as alt

    layers = []
    for depth in DEPTHS:
        for kind in _KINDS:
            items = [item for at, item in picture.items if at == depth and type(item) is kind]
            if items:
                layers.append(_layer(items))
    theme = picture.theme
    chart = alt.layer(*layers).properties(
        width=picture.width,
        height=picture.height,
        padding=0,
        autosize=alt.AutoSizeParams(type="none"),
        background=theme.paper,
        description=picture.title,
    )
    chart = chart.configure(font=FONT, aria=False).configure_view(stroke=None, fill=None)
    found: dict[str, Any] = chart.to_dict()
    return found


def _layer(items: list[Any]) -> Any:
    """Items of one kind; their looks are read from each, so that one layer holds them all."""
    import altair as alt

    def each(name: str) -> Any:
        return alt.ExprRef(f"datum.{name}")

    def pixel(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "scale": None, "axis": None}

    has_tips = any(item.tip for item in items)
    chart = alt.Chart(alt.InlineData(values=[_row(item) for item in items]))
    shared: dict[str, Any] = {"tooltip": each("tip")} if has_tips else {"tooltip": None}
    place = {"x": pixel("x"), "y": pixel("y")}
    looks = {"fill": each("fill"), "stroke": each("edge"), "strokeWidth": each("line")}
    match items[0]:
        case Box():
            ends = {"x2": {"field": "right"}, "y2": {"field": "bottom"}}
            mark = chart.mark_rect(
                **looks, strokeDash=each("dash"), cornerRadius=each("radius"), opacity=1, **shared
            )
            return mark.encode(**place, **ends)
        case Stroke():
            mark = chart.mark_point(
                shape=each("path"), size=4, fill=None, stroke=each("color"), opacity=1,
                strokeWidth=each("line"), strokeDash=each("dash"), strokeCap="butt", **shared,
            )  # fmt: skip
            return mark.encode(**place)
        case Mark():
            mark = chart.mark_point(
                shape=each("shape"), size=each("area"), opacity=1, **looks, **shared
            )
            return mark.encode(**place)
        case _:
            mark = chart.mark_text(
                text=each("text"), fontSize=each("size"), fontWeight=each("weight"),
                align=each("align"), baseline="alphabetic", fill=each("color"), opacity=1,
                **shared,
            )  # fmt: skip
            return mark.encode(**place)


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
