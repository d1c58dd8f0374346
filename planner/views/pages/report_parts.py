"""Parts of the report beside its tables of other views: who, what was found, by which rules."""

from collections.abc import Iterator

from planner.checks.report import FileReport, Located
from planner.protocol.course import NOT_PUBLISHED
from planner.protocol.evidence import Source
from planner.protocol.model import Disagreement, Protocol
from planner.protocol.visit import Visit, VisitDifference
from planner.text import counted
from planner.time.date import format_time
from planner.timeline.model import Timeline, WaitingVisit
from planner.views.pages.markup import Html, coded, element, joined, lines, spaced
from planner.views.site_words import at_site
from planner.views.tables.grid import Grid, Line

_SEVERITIES = {"error": "Error", "warning": "Warning", "note": "Note"}


def identity(protocol: Protocol) -> Html:
    """What study and which version, as a list of terms."""
    version = protocol.version + (f" of {protocol.date}" if protocol.date else "")
    facts = (
        ("Id", protocol.id),
        ("Version", version),
        ("Status", protocol.status),
        ("Registry", ", ".join(protocol.registry)),
        ("Blinded", ", ".join(protocol.blinded)),
        ("Allocation", protocol.allocation or ""),
    )
    return _terms((name, value) for name, value in facts if value)


def arms_grid(protocol: Protocol) -> Grid:
    """The arms with their labels as published, and where those were read."""
    lines_ = [
        Line(
            (
                arm.id,
                arm.title or "",
                arm.label or " then ".join(arm.periods),
                ", ".join(arm.source),
                arm.grade or "",
            )
        )
        for arm in protocol.arms
    ]
    heads = (("Arm", "Title", "Label, as published", "Sources", "Grade"),)
    return Grid("The arms", heads, tuple(lines_), ())


def notices(protocol: Protocol) -> Iterator[Html]:
    """Retractions, regulatory states and cautions, each with its date and its sources."""
    for key, source in protocol.sources.items():
        if source.retracted is not None:
            cited = _cited(source)
            text = f"Retracted source ({source.retracted}): {cited} [{key}]"
            yield element("p", element("strong", text), class_="notices")
    for notice in protocol.notices:
        kind = f"{notice.kind.capitalize()} ({notice.date}):"
        sources = f"[{', '.join(notice.source)}]" if notice.source else ""
        yield element("p", spaced(element("strong", kind), notice.text, sources), class_="notices")


def _cited(source: Source) -> str:
    return ", ".join(part for part in (source.title or source.kind, source.doi) if part)


def findings(report: FileReport) -> Iterator[Html]:
    """What is proven, and every finding with its line in the file."""
    counts = [
        counted(number, severity) for severity in _SEVERITIES if (number := report.count(severity))
    ]
    proof = report.proof or (
        "feasibility is not shown: the rules contradict each other, or a reference is missing"
    )
    yield element("p", f"{_capital(proof)}.")
    yield element("p", f"Found: {', '.join(counts)}." if counts else "The checks have no findings.")
    if report.findings:
        yield element("ul", lines(*map(_finding, report.findings)), class_="findings")


def _finding(located: Located) -> Html:
    head = spaced(
        element("span", _SEVERITIES[located.severity], class_="severity"),
        element("code", located.rule),
    )
    place = element("span", f"line {located.line}", class_="where")
    parts = [element("p", spaced(head, place)), element("p", coded(located.message))]
    if located.hint:
        parts.append(element("p", coded(located.hint), class_="hint"))
    parts += (
        element("p", coded(f"{also.message} (line {also.line})"), class_="where")
        for also in located.related
    )
    return element("li", joined(*parts), class_=located.severity)


def disagreements(protocol: Protocol) -> Iterator[Html]:
    """What sources say differently, and whom the file follows."""
    if not protocol.disagreements:
        yield element("p", "The file records none.")
    for disagreement in protocol.disagreements:
        yield element("h3", f"{disagreement.about}: {disagreement.what}")
        yield _terms((key, reading) for key, reading in disagreement.readings.items())
        yield element("p", _followed(disagreement))


def _followed(disagreement: Disagreement) -> str:
    whom = "none of them" if disagreement.follows is None else disagreement.follows
    note = f" {' '.join(disagreement.note.split())}" if disagreement.note else ""
    return f"This file follows {whom}.{note}"


def conventions(protocol: Protocol) -> Html:
    """How the file means what it does not say at each visit."""
    own = protocol.conventions
    day = "Day 0" if protocol.day_zero else "Day 1, the day before it Day -1; there is no Day 0"
    reading = {"exact": "exact: that day only", "preferred": "preferred: other days are allowed"}
    weights = ", ".join(f"{kind} {weight}" for kind, weight in own.weights.items())
    facts = (
        ("Study days", f"{protocol.anchor} is {day}."),
        (
            "Windows",
            "Both ends are included. Closed days are removed; the window itself does not move.",
        ),
        ("Target without a window", f"It is {reading[own.target_without_window]}."),
        *_order(protocol),
        ("Days and hours", "Days are between calendar dates, hours are elapsed time."),
        ("Months and years", "Calendar months, ended at the last day of a shorter one."),
        ("Time of day", f"{format_time(own.visit_time)} for a visit that names none."),
        ("Departure after a night", f"{format_time(own.leave_time)} where a stay names no time."),
        (
            "Visits without stated duration",
            f"Assumed: {own.visit_length or 'the duration that the site gives, else an hour'}.",
        ),
        (
            "Weight of a day off target",
            f"{weights}; 1 elsewhere." if weights else "1 at every visit.",
        ),
    )
    return _terms(facts)


def _order(protocol: Protocol) -> "Iterator[tuple[str, str]]":
    """What the file says of windows that nobody published, and of the order of visits."""
    visits = [visit for epoch in protocol.epochs for visit in epoch.visits]
    holders: list[Visit | VisitDifference] = [*visits]
    for visit in visits:
        holders += visit.by_arm.values()
    timings = (
        timing
        for holder in holders
        for field in ("after", "before", "first", "next")
        for timing in getattr(holder, field) or ()
    )
    if any(timing.window is not None for timing in timings):
        text = "The target is a preference; only the order of visits is required."
        yield "Window not published", text
    if protocol.order == "listed":
        yield "Order", "Visits take place in the order in which they are listed."


def plan_grid(timeline: Timeline) -> Grid:
    """The dated plan, a line per visit."""
    rows = []
    for visit in timeline.listed():
        if isinstance(visit, WaitingVisit):
            rows.append(Line((visit.label, "no date", "", "", visit.why, "")))
            continue
        end = "" if visit.session_end is None else f"-{visit.session_end:%H:%M}"
        rows.append(
            Line(
                (
                    visit.label,
                    f"{visit.start:%a} {visit.start.date()}",
                    f"{visit.start:%H:%M}{end}",
                    str(visit.study_day),
                    NOT_PUBLISHED if visit.window_stated is False else f"{visit.window}",
                    "" if visit.window_stated is False else f"{visit.effective_window}",
                )
            )
        )
    heads = (("Visit", "Date", "Time", "Study day", "Visit window", "Effective window"),)
    title = f"From {timeline.anchor_date}" + at_site(
        timeline.site_id, timeline.site_title, timeline.timezone
    )
    return Grid(title, heads, tuple(rows), timeline.conventions)


def _terms(facts: "Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]") -> Html:
    parts = (part for name, value in facts for part in (element("dt", name), element("dd", value)))
    return element("dl", lines(*parts))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
