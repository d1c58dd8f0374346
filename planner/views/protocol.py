"""One protocol as a page for a terminal: identity, notices, visits, disagreements, sources."""

from collections.abc import Iterator

from planner.notice import NOTICE
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.fields import WAYS
from planner.protocol.model import Disagreement, Protocol
from planner.schedule.build import describe_distance
from planner.views.tables.grid import Grid, Line
from planner.views.tables.text import render_table
from planner.views.terminal import Style, Styled, draw_paragraph
from planner.views.timing_words import order_texts
from planner.views.total_hours import total_text

_EMPTY = [Styled("")]


def render_protocol(protocol: Protocol, *, width: int, color: bool) -> str:
    """The page as text; ``width`` in columns, with ANSI colours only if ``color``."""
    course = expand(protocol)

    def draw(pieces: list[Styled]) -> Iterator[str]:
        indent = "    " if pieces[0].text.startswith(" ") else ""
        return draw_paragraph(pieces, width, color=color, indent=indent)

    lines = [line for pieces in _identity(protocol) for line in draw(pieces)]
    lines += ["", *render_table(_visits(course), width=width, color=color).rstrip().split("\n")]
    texts = order_texts(course, {visit.id: visit.id for visit in course.visits})
    below = [piece for text in texts for piece in (_EMPTY, [Styled(text)])]
    for pieces in (*below, *_statements(protocol), _EMPTY, [Styled(NOTICE, Style.DIM)]):
        lines += draw(pieces)
    return "\n".join(lines) + "\n"


def _identity(protocol: Protocol) -> Iterator[list[Styled]]:
    yield [Styled(protocol.title, Style.BOLD)]
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
    yield from ([Styled(f"{name:<11}"), Styled(value)] for name, value in facts if value)
    if protocol.note:
        yield _EMPTY
        yield from ([Styled(line)] for line in protocol.note.strip().split("\n"))
    for key, source in protocol.sources.items():
        if source.retracted is not None:
            cited = ", ".join(part for part in (source.title or source.kind, source.doi) if part)
            head = f"retracted source ({source.retracted}): "
            yield _EMPTY
            yield [Styled(head, Style.ALARM), Styled(f"{cited} [{key}]")]
    for notice in protocol.notices:
        style = Style.ALARM if notice.kind == "retraction" else Style.BOLD
        begin = Styled(f"{notice.kind} ({notice.date}): ", style)
        cited = f" [{', '.join(notice.source)}]" if notice.source else ""
        yield _EMPTY
        yield [begin, Styled(notice.text.strip()), Styled(cited, Style.DIM)]


def _visits(course: Course) -> Grid:
    """A line for each rule of a visit, the first of which names it."""
    rules: dict[str, list[TimingConstraint]] = {}
    for rule in course.rules:
        rules.setdefault(rule.point.visit, []).append(rule)
    lines = []
    epoch = None
    for occurrence in course.visits:
        if occurrence.epoch is not epoch:
            epoch = occurrence.epoch
            lines.append(Line((epoch.title or epoch.id,), "group"))
        visit = occurrence.visit
        takes = "" if visit.duration is None else str(visit.duration.value)
        if visit.total is not None:
            takes = total_text(visit.total.value, repeats=occurrence.cycle is not None)
        if visit.overnight is not None:
            takes += " + night" if visit.overnight.nights == 1 else " + nights"
        timings = list(
            dict.fromkeys(
                (_timing(rule), rule.stated.grade or "")
                for rule in rules.get(occurrence.id, [])
                if not rule.is_listed_order
            )
        )
        if visit.date is not None:
            timings.insert(0, (f"on {visit.date} for everybody", visit.grade or ""))
        if visit.also_by:
            ways = " or ".join(WAYS[mode] for mode in visit.modes)
            timings.append((ways, visit.grade or ""))
        timings = timings or [("", visit.grade or "")]
        named: tuple[str, str, str] = (occurrence.id, occurrence.kind, takes)
        for timing in timings:
            lines.append(Line((*named, *timing)))
            named = ("", "", "")
    return Grid("Visits", (("Visit", "Kind", "Takes", "Timing", "Grade"),), tuple(lines), ())


def _timing(rule: TimingConstraint) -> str:
    """A rule as words; one visit inside another has two rules, which are told once."""
    return f"during {rule.reference.visit}" if rule.is_during else describe_distance(rule)


def _statements(protocol: Protocol) -> Iterator[list[Styled]]:
    if protocol.arms:
        yield from _heading("Arms")
        for arm in protocol.arms:
            label = " then ".join(arm.periods) or arm.label or ""
            cited = f" [{', '.join(arm.source)}]" if arm.source else ""
            title = f"{arm.title or ''}{' - ' if label else ''}{label}"
            yield [Styled(f"  {arm.id}: {title}{cited}")]
    if protocol.reminders:
        yield from _heading("Reminders (a record's `reminders:` says when each was done)")
        for reminder in protocol.reminders:
            required = ", required" if reminder.required else ""
            cited = f" [{', '.join(reminder.source)}]" if reminder.source else ""
            text = f"  {reminder.id}: {reminder.title}, {reminder}{required}{cited}"
            yield [Styled(text)]
    yield from _open_questions(protocol)
    if protocol.disagreements:
        yield from _heading("Where the sources disagree")
        yield from map(_disagreement, protocol.disagreements)
    if protocol.sources:
        yield from _heading("Sources")
        for key, source in protocol.sources.items():
            ids = ", ".join(part for part in (source.id, source.doi, source.url) if part)
            yield [
                Styled(f"  {key}: {source.title or source.kind}" + (f" ({ids})" if ids else "")),
                Styled(f"; {source.kind}, read: {source.read}", Style.DIM),
                Styled(f"; RETRACTED {source.retracted}" if source.retracted else "", Style.ALARM),
            ]


def _heading(text: str) -> list[list[Styled]]:
    return [_EMPTY, [Styled(text, Style.BOLD)]]


def _open_questions(protocol: Protocol) -> Iterator[list[Styled]]:
    """What a participant's record can state: gates passed, and facts that decisions ask for."""
    if protocol.gates:
        yield from _heading("Gates (a record's `gates:` says when each was passed)")
        yield from ([Styled(f"  {key}: {gate.title}")] for key, gate in protocol.gates.items())
    if protocol.decisions:
        yield from _heading(
            "Decisions (a record's `facts:` settle them, or say `true` or `false` themselves)"
        )
        for key, decision in protocol.decisions.items():
            expression = "" if decision.expression is None else f" [{decision.expression}]"
            words = decision.condition or decision.title or ""
            yield [Styled(f"  {key}: {words}"), Styled(expression, Style.DIM)]


def _disagreement(disagreement: Disagreement) -> list[Styled]:
    readings = "; ".join(f"{reading} [{key}]" for key, reading in disagreement.readings.items())
    return [
        Styled(f"  {disagreement.about}, {disagreement.what}: {readings}"),
        Styled(f"; this file follows {disagreement.follows or 'none of them'}", Style.BOLD),
        Styled(f". {disagreement.note}" if disagreement.note else ""),
    ]
