"""A picture as a page in HTML that opens without a network: hover details, and all of it in rows.

Nothing on the page runs, and a policy in its head forbids it to load anything.
"""

from collections.abc import Sequence
from html import escape

from planner.text import visible
from planner.views.charts.metrics import FONT
from planner.views.charts.picture import Picture
from planner.views.charts.svg import svg

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_HIDES = """#narrow { display: none; }
@media screen and (max-width: 35rem) { #wide { display: none; } #narrow { display: block; } }
"""


def page(pictures: Sequence[Picture]) -> str:
    """The whole page.

    Args:
        pictures: the same picture in one or two widths, the widest first; a narrow screen shows
            the last one.
    """
    picture = pictures[0]
    theme = picture.theme
    frames = "\n".join(
        f'<div class="picture" id="{name}">\n{svg(picture, name)}</div>'
        for name, picture in zip(("wide", "narrow"), pictures, strict=False)
    )
    hides = _HIDES if len(pictures) > 1 else ""
    head, *rows = picture.table
    cells = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(picture.title)}</title>
<style>
:root {{ color-scheme: {theme.name}; }}
body {{ margin: 0 auto; padding: 0.5rem; max-width: {picture.width}px;
  background: {theme.paper}; color: {theme.ink}; font-family: {FONT}; }}
.picture svg {{ display: block; max-width: 100%; height: auto; }}
{hides}details {{ margin: 1rem 0.5rem; }}
summary {{ cursor: pointer; }}
.rows {{ overflow-x: auto; }}
.rows table {{ border-collapse: collapse; font-size: 0.875rem; }}
.rows th, .rows td {{ border: 1px solid {theme.grid}; padding: 0.25rem 0.5rem; text-align: left;
  vertical-align: top; }}
</style>
</head>
<body>
<main>
{frames}
<details>
<summary>Data table</summary>
<p>{_text(picture.description)}</p>
<div class="rows" role="region" aria-label="Data table" tabindex="0">
<table>
<thead><tr>{cells}</tr></thead>
<tbody>
{lines}
</tbody>
</table>
</div>
</details>
</main>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(visible(text))
