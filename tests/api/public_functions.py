"""The public functions by task, as `planner/README.md` lists them.

Run `python tests/api/public_functions.py` after a function was added or its first line changed.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import planner

TARGET = Path(__file__).parents[2] / "planner" / "README.md"
TASKS = {
    "protocols": "A protocol",
    "checks": "Its checks",
    "library": "The library",
    "tables": "What follows from a protocol",
    "comparisons": "Versions and trials",
    "plans": "One participant",
    "participants": "Many participants",
    "placing": "Participants who share a site",
    "cohorts": "Rules between participants",
    "amendments": "Amendments in records",
    "records": "Records of SDTM datasets",
    "enrolling": "New participants",
    "recording": "Changes of records",
    "sheets": "One sheet for everybody",
    "stores": "A store of records",
    "calendars": "Calendars",
    "calendar_updates": "Calendars that are updated",
    "imports": "Files of other tools",
    "designs": "The design of a study",
    "timing_texts": "Texts of timings",
    "charts": "Pictures",
    "pages": "Pages",
    "messages": "Texts for participants",
    "rendering": "Whatever these return",
    "versions": "The planner itself",
}
"""The title of each module of `planner.api`, in the order of the page."""


def rows() -> Iterator[str]:
    by_module: dict[str, list[str]] = {}
    for name in planner.__all__:
        function = getattr(planner, name)
        if inspect.isfunction(function):
            module = function.__module__.rpartition(".")[2]
            first_line = (inspect.getdoc(function) or "").partition("\n")[0]
            by_module.setdefault(module, []).append(f"| `{name}` | {first_line} |")
    order = [*TASKS, *sorted(by_module.keys() - TASKS.keys())]
    for module in order:
        if module in by_module:
            yield f"\n**{TASKS.get(module, module.replace('_', ' ').capitalize())}**\n"
            yield "| function | what it does |\n|---|---|"
            yield from by_module[module]


def page(text: str) -> str:
    """The page with today's functions."""
    table = "\n".join(["<!-- functions -->", *rows(), "<!-- /functions -->"])
    pattern = r"<!-- functions -->.*<!-- /functions -->"
    return re.sub(pattern, lambda _: table, text, flags=re.DOTALL)


if __name__ == "__main__":
    TARGET.write_text(page(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
