"""A grid as JSON, for programs that take any table."""

from planner.views.json_document import render_document
from planner.views.tables.grid import Grid


def render_json(grid: Grid) -> str:
    """The table as it is: ``heads`` from the top, then ``lines``, each a row or a heading.

    Where an answer has a JSON of its own, that says more.
    """
    return render_document(
        {
            "title": grid.title,
            "heads": [list(head) for head in grid.heads],
            "lines": [{"kind": line.kind, "cells": list(line.cells)} for line in grid.lines],
            "notes": list(grid.notes),
        }
    )
