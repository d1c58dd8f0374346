"""The public functions, a module for each task; `planner` itself names them all.

A protocol is given as a path, as the id of a library protocol, as a file that `load` has read, or
as a `Protocol` that was built in code; a site as a path or a `Site`; a participant's record as a
path or a `Record`; a date as a `datetime.date` or as ISO text such as ``2027-01-11``. Anything else
is a `planner.PlannerError` that says what is wanted.
"""

from planner.display import draw_with


def _html(thing: object) -> str | None:
    from planner.views.notebook import html_of

    return html_of(thing)


def _svg(thing: object) -> str | None:
    from planner.views.notebook import svg_of

    return svg_of(thing)


draw_with(_html, _svg)
