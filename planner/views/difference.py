"""What changed between two versions: as text, Markdown and JSON."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from planner.errors import argument
from planner.notice import NOTICE
from planner.protocol.change import Change, Difference, FileLine, Group
from planner.text import one_line
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.tables.markdown import escaped

_MAX_IDS = 4
_SCHEDULE: tuple[Group, ...] = ("schedule", "consequence")
_MAX_EVIDENCE = 20
_Sections = list[tuple[str, Sequence[Change]]]


def sentence(
    change: Change, labels: Mapping[str, str] = MappingProxyType({}), *, in_all: bool = True
) -> str:
    """A change in one sentence: ids, what has changed, and where: epoch and arms.

    Args:
        change: of one kind, in one or more arms.
        labels: of visits, by id; they stand before the ids.
        in_all: says of a change in every arm that it is.
    """
    ids = change.ids
    if change.subject != "visit":
        labels = {}
    named = [f"{labels[name]} (`{name}`)" if name in labels else f"`{name}`" for name in ids]
    if len(ids) > _MAX_IDS:
        named = [*named[: _MAX_IDS - 2], "...", named[-1]]
    where = [change.epoch] if change.epoch is not None and change.epoch not in ids else []
    if change.arms:
        where.append(f"{'arm' if len(change.arms) == 1 else 'arms'} {', '.join(change.arms)}")
    elif in_all and change.subject in ("visit", "constraint"):
        where.append("all arms")
    place = f" ({'; '.join(where)})" if where else ""
    subject = "" if change.subject in ("visit", "protocol", "evidence") else f"{change.subject} "
    return f"{subject}{', '.join(named)}: {change.text}{place}"


def render_text(difference: Difference) -> str:
    """Sections: what is breaking, other changes, what the study is called, evidence."""

    def section(title: str, changes: Sequence[Change]) -> list[str]:
        lines = ["", f"{title} ({len(changes)})"]
        for change in changes:
            lines.append(f"  {one_line(_sentence(difference, change))}")
            if change.breaks is not None:
                lines.append(f"      breaking: {one_line(change.breaks)}")
            lines.append(f"      {one_line(_places(change))}")
        return lines

    return _rendered(difference, one_line(_title(difference)), section, one_line)


def render_markdown(difference: Difference) -> str:
    """The same sections as lists."""

    def section(title: str, changes: Sequence[Change]) -> list[str]:
        lines = ["", f"### {title} ({len(changes)})", ""]
        for change in changes:
            line = f"- {with_code(_sentence(difference, change))}"
            if change.breaks is not None:
                line += f" **Breaking**: {escaped(change.breaks)}."
            lines.append(f"{line} *{escaped(_places(change))}*")
        return lines

    return _rendered(difference, f"## {escaped(_title(difference))}", section, with_code)


def difference_grid(difference: Difference, *, for_machines: bool = False) -> Grid:
    """A line per change, for documents under the headings of the sections.

    Args:
        difference: of two versions.
        for_machines: the sections are a column.
    """
    lines = []
    for title, changes in _sections(difference):
        if not for_machines:
            lines.append(Line((f"{title} ({len(changes)})",), "group"))
        section = (title,) if for_machines else ()
        for change in changes:
            text = one_line(_sentence(difference, change))
            lines.append(Line((*section, text, change.breaks or "", _places(change))))
    heads = (*(["Section"] if for_machines else []), "Change", "Breaking", "Where")
    notes = (*(f"Not followed: {flaw}." for flaw in difference.flaws), NOTICE)
    return Grid(_title(difference), (heads,), tuple(lines), notes, labels=0)


def with_code(text: str) -> str:
    """The text for Markdown; ids between backticks, which hold nothing else, stay code."""
    words = re.split(r"((?:^|(?<=[ (]))`[a-z0-9. -]+`)", one_line(text))
    parts = []
    for at, part in enumerate(words):
        blanks = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
        parts.append(part if at % 2 else f"{blanks[0]}{escaped(part)}{blanks[1]}".strip("\n"))
    return "".join(parts)


def render_json(difference: Difference) -> str:
    """All changes as JSON, format 1."""
    data = {
        "old": difference.old._asdict(),
        "new": difference.new._asdict(),
        "changes_schedule": difference.changes_schedule,
        "breaking": len(difference.breaking),
        "renamed": dict(difference.renamed),
        "not_followed": list(difference.flaws),
        "labels": {
            name: difference.labels[name]
            for change in difference.changes
            for name in change.ids
            if change.subject == "visit" and name in difference.labels
        },
        "changes": [as_data(change) for change in difference.changes],
    }
    return render_document(data)


def as_data(change: Change) -> dict[str, object]:
    """A change as plain data; ``arms`` is empty where it is in all of them."""
    return {
        "kind": change.kind,
        "group": change.group,
        "subject": change.subject,
        "ids": list(change.ids),
        "text": change.text,
        "epoch": change.epoch,
        "arms": list(change.arms),
        "breaking": change.breaks is not None,
        "why": change.breaks,
        "old": _place(change.old),
        "new": _place(change.new),
    }


def _place(place: FileLine | None) -> dict[str, object] | None:
    return None if place is None else place._asdict()


def _title(difference: Difference) -> str:
    old, new = difference.old, difference.new
    names = f"{old.id}" if old.id == new.id else f"{old.id} and {new.id}"
    if not difference.changes_schedule:
        return f"{names}, version {old.version} to {new.version}: the schedule is the same"
    count = len(difference.changes_in(*_SCHEDULE))
    breaking = len(difference.breaking)
    if count == 1:
        number, which = "1 change", "" if breaking else "not "
    else:
        number, which = f"{count} changes", f"{breaking or 'none'} of them "
    return (
        f"{names}, version {old.version} to {new.version}: {number}, {which}breaking for"
        " participants under way"
    )


def _sections(difference: Difference) -> _Sections:
    every: _Sections = [
        ("Breaking for participants under way",
         [change for change in difference.changes_in("schedule") if change.breaks is not None]),
        ("Consequences of these, by all rules together", difference.changes_in("consequence")),
        ("Other changes",
         [change for change in difference.changes_in("schedule") if change.breaks is None]),
        ("What the study is called", difference.changes_in("identity")),
        ("Evidence: sources, grades and notes", difference.changes_in("evidence")),
    ]  # fmt: skip
    return [(title, changes) for title, changes in every if changes]


def _rendered(
    difference: Difference,
    title: str,
    section: Callable[[str, Sequence[Change]], list[str]],
    safe: Callable[[str], str],
) -> str:
    lines = [title]
    for name, changes in _sections(difference):
        changes_listed = changes[:_MAX_EVIDENCE] if changes[0].group == "evidence" else changes
        lines += section(name, changes_listed)
        if len(changes_listed) < len(changes):
            lines.append(
                f"  and {len(changes) - len(changes_listed)} more;"
                f" `{argument('output_format', 'json')}` has them all"
            )
    for flaw in difference.flaws:
        lines += ["", safe(f"Not followed: {flaw}; `planner validate` shows where")]
    return "\n".join([*lines, "", safe(NOTICE)]) + "\n"


def _sentence(difference: Difference, change: Change) -> str:
    has_arms = any(arm is not None for pair in difference.arms for arm in pair)
    return sentence(change, difference.labels, in_all=has_arms)


def _places(change: Change) -> str:
    if change.old is None or change.new is None:
        place = change.old or change.new
        side = "" if place is None else "old" if change.new is None else "new"
        return f"{side}: {place}" if place is not None else "in both files"
    return f"{change.old}, now {change.new}"
