"""One protocol as a page for a terminal: identity, notices, visits, disagreements, sources."""

from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from planner.notice import NOTICE
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.model import Disagreement, Protocol
from planner.schedule.build import describe
from planner.views.timing_words import order_texts


def render_protocol(protocol: Protocol, *, width: int, color: bool) -> str:
    """The page as text; ``width`` in columns, with ANSI colours only if ``color``."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, no_color=not color, highlight=False,
        color_system="standard" if color else None, legacy_windows=False, emoji=False,
    )  # fmt: skip
    _identity(console, protocol)
    course = expand(protocol)
    console.print(_visits(course))
    for text in order_texts(course, {visit.id: visit.id for visit in course.visits}):
        console.print(Text(f"\n{text}"))
    _statements(console, protocol)
    console.print(Text(f"\n{NOTICE}", style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).strip("\n") + "\n"


def _identity(console: Console, protocol: Protocol) -> None:
    console.print(Text(protocol.title, style="bold"))
    facts = [
        ("id", protocol.id),
        ("version", protocol.version + (f" of {protocol.date}" if protocol.date else "")),
        ("status", protocol.status),
        ("substance", ", ".join(protocol.substance)),
        ("condition", protocol.condition or ""),
        ("registry", ", ".join(protocol.registry)),
        ("design", ", ".join(protocol.design)),
        ("blinded", ", ".join(protocol.blinded)),
        ("allocation", protocol.allocation or ""),
        ("anchor", f"{protocol.anchor} is Day {0 if protocol.day_zero else 1}"),
        ("visits", f"of arm {protocol.arms[0].id}" if len(protocol.arms) > 1 else ""),
    ]
    for name, value in facts:
        if value:
            console.print(Text(f"{name:<11}{value}"))
    if protocol.note:
        console.print(Text(f"\n{protocol.note.strip()}"))
    for key, source in protocol.sources.items():
        if source.retracted is not None:
            text = Text(f"\nretracted source ({source.retracted}): ", style="bold red")
            cited = ", ".join(part for part in (source.title or source.kind, source.doi) if part)
            text.append(f"{cited} [{key}]", style="not bold default")
            console.print(text)
    for notice in protocol.notices:
        style = "bold red" if notice.kind == "retraction" else "bold yellow"
        text = Text(f"\n{notice.kind} ({notice.date}): ", style=style)
        text.append(notice.text.strip(), style="not bold default")
        if notice.source:
            text.append(f" [{', '.join(notice.source)}]", style="not bold dim")
        console.print(text)
    console.print()


def _visits(course: Course) -> Table:
    rules: dict[str, list[TimingConstraint]] = {}
    for rule in course.rules:
        rules.setdefault(rule.point.visit, []).append(rule)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("Visit", "Kind", "Takes", "Timing", "Grade"):
        table.add_column(title, overflow="fold")
    epoch = None
    for occurrence in course.visits:
        if occurrence.epoch is not epoch:
            epoch = occurrence.epoch
            table.add_row(Text(epoch.title or epoch.id, style="bold cyan"), "", "", "", "")
        visit = occurrence.visit
        takes = "" if visit.duration is None else str(visit.duration.value)
        if visit.overnight is not None:
            takes += " + night" if visit.overnight.nights == 1 else " + nights"
        own = rules.get(occurrence.id, [])
        timing = "\n".join(describe(rule).partition(" lies ")[2] for rule in own)
        grades = "\n".join(rule.stated.grade or "" for rule in own) or (visit.grade or "")
        table.add_row(
            Text(occurrence.id), Text(occurrence.kind), Text(takes), Text(timing), Text(grades)
        )
    return table


def _statements(console: Console, protocol: Protocol) -> None:
    if protocol.arms:
        console.print(Text("\nArms", style="bold"))
        for arm in protocol.arms:
            label = " then ".join(arm.periods) or arm.label or ""
            cited = f" [{', '.join(arm.source)}]" if arm.source else ""
            console.print(
                Text(f"  {arm.id}: {arm.title or ''}{' - ' if label else ''}{label}{cited}")
            )
    _open_questions(console, protocol)
    if protocol.disagreements:
        console.print(Text("\nWhere the sources disagree", style="bold"))
        for disagreement in protocol.disagreements:
            console.print(_disagreement(disagreement))
    if protocol.sources:
        console.print(Text("\nSources", style="bold"))
        for key, source in protocol.sources.items():
            ids = ", ".join(part for part in (source.id, source.doi, source.url) if part)
            text = Text(f"  {key}: {source.title or source.kind}")
            text.append(f" ({ids})" if ids else "")
            text.append(f"; {source.kind}, read: {source.read}", style="dim")
            if source.retracted:
                text.append(f"; RETRACTED {source.retracted}", style="bold red")
            console.print(text)


def _open_questions(console: Console, protocol: Protocol) -> None:
    """What a participant's record can state: gates passed, and facts that decisions ask for."""
    if protocol.gates:
        console.print(Text("\nGates (a record's `gates:` says when each was passed)", style="bold"))
        for key, gate in protocol.gates.items():
            console.print(Text(f"  {key}: {gate.title}"))
    if protocol.decisions:
        head = "\nDecisions (a record's `facts:` settle them, or say `true` or `false` themselves)"
        console.print(Text(head, style="bold"))
        for key, decision in protocol.decisions.items():
            words = decision.condition or decision.title or ""
            text = Text(f"  {key}: {' '.join(words.split())}")
            if decision.expression is not None:
                text.append(f" [{decision.expression}]", style="dim")
            console.print(text)


def _disagreement(disagreement: Disagreement) -> Text:
    text = Text(f"  {disagreement.about}, {disagreement.what}: ")
    text.append("; ".join(f"{reading} [{key}]" for key, reading in disagreement.readings.items()))
    followed = (
        "follows none of them"
        if disagreement.follows is None
        else f"follows {disagreement.follows}"
    )
    text.append(f"; this file {followed}", style="bold")
    if disagreement.note:
        text.append(f". {' '.join(disagreement.note.split())}")
    return text
