"""The checks: a list of all, and the page of one."""

from collections.abc import Sequence

from planner.checks.framework import Check
from planner.errors import argument
from planner.notice import NOTICE
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.terminal import draw_markdown

_USDM = "The examples are what changes in a small USDM study, part by part and id by id."


def checks_text(checks: Sequence[Check]) -> str:
    """The checks under their families, a line each with the severity."""
    longest = max((len(check.id) for check in checks), default=0)
    lines: list[str] = []
    family = ""
    for check in checks:
        if check.family != family:
            family = check.family
            lines.append(f"{family}:")
        lines.append(f"  {check.id:<{longest}}  {check.severity:<7}  {check.title}")
    return "\n".join([*lines, "", "`planner explain RULE` shows a check's page."])


def checks_grid(checks: Sequence[Check]) -> Grid:
    """A line per check, for documents and programs."""
    lines = tuple(Line((check.id, check.family, check.severity, check.title)) for check in checks)
    return Grid("Rules", (("Rule", "Family", "Severity", "Finds"),), lines, (NOTICE,))


def checks_json(checks: Sequence[Check]) -> str:
    """The checks with their pages, as JSON, format 1."""
    return render_document({"rules": [_data(check) for check in checks]})


def page_json(check: Check) -> str:
    """The page of one check, as JSON, format 1."""
    return render_document(_data(check))


def page_text(check: Check) -> str:
    """The page of one check: what it finds, why that matters, and two examples."""
    parts = [f"{check.id}: {check.title}\n{check.severity}, family {check.family}"]
    parts += [check.page.what, f"Why: {check.page.why}"]
    parts += [text for text in (_consequence(check), _usdm_note(check)) if text]
    parts += ["Fails:", _indented(check.page.bad), "Passes:", _indented(check.page.good)]
    return "\n\n".join(parts) + "\n"


def page_in_color(check: Check, width: int) -> str:
    """The page of one check on a colour terminal of so many columns."""
    return draw_markdown(page_markdown(check), width)


def page_markdown(check: Check) -> str:
    """The page of one check, for documents."""
    parts = [f"## {check.id}", f"{check.title}. *{check.severity}, family {check.family}*"]
    parts += [check.page.what, f"**Why:** {check.page.why}"]
    parts += [text for text in (_consequence(check), _usdm_note(check)) if text]
    for title, example in (("Fails", check.page.bad), ("Passes", check.page.good)):
        parts += [f"{title}:", f"```yaml\n{example.strip()}\n```"]
    return "\n\n".join(parts) + "\n"


def _data(check: Check) -> dict[str, object]:
    return {
        "id": check.id,
        "family": check.family,
        "severity": check.severity,
        "title": check.title,
        "what": check.page.what,
        "why": check.page.why,
        "fails": check.page.bad,
        "passes": check.page.good,
    }


def _usdm_note(check: Check) -> str:
    return _USDM if check.family == "imported" else ""


def _consequence(check: Check) -> str:
    if check.misleads:
        return (
            "Dates can be wrong or visits left out: nothing is planned, drawn or exported"
            f" without {argument('anyway', True)}."
        )
    if check.family == "blinding" and check.severity == "error":
        return (
            f"Nothing is planned, drawn or exported by arm without {argument('unblinded', True)}."
        )
    return ""


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").split("\n"))
