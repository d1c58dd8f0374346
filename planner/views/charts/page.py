"""A picture as a page in HTML that opens without a network: hover details, and all of it in rows.

The page carries Vega (vl-convert's bundle) and the specification, nothing else that runs. A policy
in its head forbids it to load anything. The specification is JSON inside a script, in which `<`,
`>`, `&` and the line separators are written as escapes, so that no text from a file can end it.
"""

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from planner.letters import visible
from planner.views.charts.metrics import FONT
from planner.views.charts.picture import Picture

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline';"
    " img-src data:"
)
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}
_HIDES = """#narrow { display: none; }
@media screen and (max-width: 35rem) { #wide { display: none; } #narrow { display: block; } }
"""
"""By id, which is stronger than the classes that the renderer styles."""


def page(pictures: Sequence[tuple[Picture, dict[str, Any]]], renderer: str) -> str:
    """The whole page.

    Args:
        pictures: the same picture in one or two widths, the widest first, each with its
            specification for Vega-Lite; a narrow screen shows the last one.
        renderer: the JavaScript that brings `vegaEmbed`.
    """
    picture = pictures[0][0]
    theme = picture.theme
    renderer = re.sub("<(?=/script|!--)", r"\\x3c", renderer, flags=re.IGNORECASE)
    options = json.dumps(
        {
            "actions": False,
            "mode": "vega-lite",
            "renderer": "svg",
            "tooltip": {"theme": theme.name},
        }
    )
    frames, calls = [], []
    for number, (one, specification) in enumerate(pictures):
        data = json.dumps(specification, ensure_ascii=False).translate(_ESCAPES)
        name = "narrow" if number else "wide"
        frames.append(
            f'<div class="picture {name}" id="{name}" role="img" aria-describedby="about"'
            f' aria-label="{_text(one.title)}"></div>'
        )
        calls.append(f'vegaEmbed("#{name}", {data}, {options});')
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
.picture {{ display: block; width: 100%; }}
.picture svg {{ max-width: 100%; height: auto; }}
{hides}details {{ margin: 1rem 0.5rem; }}
summary {{ cursor: pointer; }}
.rows {{ overflow-x: auto; }}
.rows table {{ border-collapse: collapse; font-size: 0.875rem; }}
.rows th, .rows td {{ border: 1px solid {theme.grid}; padding: 0.25rem 0.5rem; text-align: left;
  vertical-align: top; }}
#vg-tooltip-element {{ max-width: 22rem; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<main>
{"".join(frames)}
<details>
<summary>The same in words</summary>
<p id="about">{_text(picture.description)}</p>
<div class="rows" role="region" aria-label="The same in rows" tabindex="0">
<table>
<thead><tr>{cells}</tr></thead>
<tbody>
{lines}
</tbody>
</table>
</div>
</details>
</main>
<script>{renderer}
{chr(10).join(calls)}
</script>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(visible(text))
