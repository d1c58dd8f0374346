"""Single fields of a timing: durations, windows, codes, and what is missing."""

import re
from collections.abc import Collection, Iterator

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.span import (
    DAY,
    ZERO,
    SignedDuration,
    month_days,
    read_duration,
    refusal_of,
)
from planner.formats.usdm.lint.timing_graph import DesignGraph, is_fixed, named, quoted
from planner.formats.usdm.model import Code, StudyTiming
from planner.formats.usdm.terms import (
    BEFORE,
    ENDS,
    TIMING_TYPES,
    Term,
    term_of,
    term_of_code,
    term_of_decode,
)


def field_findings(graph: DesignGraph) -> Iterator[Finding]:
    """What is wrong with the fields of a timeline's timings."""
    for timing in graph.timeline.timings:
        at = graph.target_of(timing.from_id)
        names = graph.about_timing(timing)
        name = graph.name(at) if at is not None else named(timing)
        yield from _codes(timing, name, names)
        yield from _durations(timing, name, names)
        yield from _missing(timing, name, names)
        if not is_fixed(timing):
            yield from _units(timing, name, names)
            yield from _months(timing, name, names)
            yield from _unknown_end(graph, timing, name, names)


def _codes(timing: StudyTiming, name: str, names: tuple[str, ...]) -> Iterator[Finding]:
    yield from _code(timing, timing.type, TIMING_TYPES, "type", name, names)
    yield from _code(timing, timing.relative_to_from, ENDS.values(), "relativeToFrom", name, names)


def _code(
    timing: StudyTiming,
    code: Code | None,
    terms: Collection[Term],
    field: str,
    name: str,
    names: tuple[str, ...],
) -> Iterator[Finding]:
    if code is None:
        return
    known, term = term_of_code(code, terms), term_of_decode(code, terms)
    subject = f"the `{field}` of the timing of {name}"
    known_terms = ", ".join(f"{term.code} {term.decode}" for term in terms)
    if known is None:
        written = quoted(code.code) if code.code else "no code"
        if term is not None:
            reading = f"it is read as {term.decode}, by its decode"
        elif field == "type":
            itself = timing.from_id is not None and timing.from_id == timing.to_id
            reading = "the timing is read as "
            reading += "a fixed reference" if itself else "After its reference"
        else:
            reading = "it is read as Start to Start"
        message = f"{subject} has {written}, which is none of CDISC's terms for it; {reading}"
        severity = "error" if term is None else "warning"
    elif code.decode and term != known:
        message = (
            f"{subject} says {code.code}, which is {known.decode}, and {quoted(code.decode)};"
            " the code is followed"
        )
        severity = "warning"
    else:
        return
    where = (*timing.path, field, "code" if known is None and code.code else "decode")
    yield finding_at(
        "unknown-code", message, where, names, f"the terms are {known_terms}", severity=severity
    )


_WEEKS = re.compile(r"\d\s*-?(?:weeks?|wks?|days?)\b|\b(?:weeks?|wk|days?)\s*\d", re.IGNORECASE)
_MONTHS = re.compile(r"\d\s*-?(?:months?|years?)\b|\b(?:months?|years?)\s*\d", re.IGNORECASE)
_DURATIONS = {"value": "value", "windowLower": "window_lower", "windowUpper": "window_upper"}


def _durations(timing: StudyTiming, name: str, names: tuple[str, ...]) -> Iterator[Finding]:
    for field, attribute in _DURATIONS.items():
        text: str | None = getattr(timing, attribute)
        if text is None:
            continue
        read = read_duration(text)
        path = (*timing.path, field)
        if read is None:
            reason = refusal_of(text)
            message = f"the `{field}` of the timing of {name} is {quoted(text)}, which {reason}"
            hint = "write a duration such as P2W, P14D or PT90M"
            yield finding_at("no-duration", message, path, names, hint)
        elif read.negative:
            length = read.amount.magnitude()
            reading = f"the `{field}` of the timing of {name} is {text}, below zero; it is read as"
            side = "ending" if field == "windowUpper" else "beginning"
            message = f"{reading} a window {side} {length} before the target"
            hint = "window sides have no sign: windowLower P2D begins two days before the target"
            if field == "value":
                message = f"{reading} {length} before its reference"
                hint = f"an instance before its reference has the type Before ({BEFORE.code})"
            yield finding_at("negative-duration", message, path, names, hint)


def _missing(timing: StudyTiming, name: str, names: tuple[str, ...]) -> Iterator[Finding]:
    fixed = is_fixed(timing)
    lacking = [
        field
        for field, value in (
            ("type", timing.type),
            ("value", timing.value or fixed or None),
            ("relativeFromScheduledInstanceId", timing.from_id),
            ("relativeToScheduledInstanceId", timing.to_id or fixed or None),
        )
        if value is None
    ]
    if lacking:
        fields = ", ".join(f"`{field}`" for field in lacking)
        message = f"the timing {named(timing)} lacks {fields} and has no effect"
        yield finding_at("incomplete-timing", message, timing.path, names)
    sides = {"windowLower": timing.window_lower, "windowUpper": timing.window_upper}
    missing = [field for field, text in sides.items() if text is None]
    if len(missing) == 1:
        (given,) = (field for field in sides if field not in missing)
        message = (
            f"the timing of {name} has a {given} ({sides[given]}) and no {missing[0]}; the missing"
            " side is read as no room on that side"
        )
        hint = f"write {missing[0]}, P0D for no room"
        path = (*timing.path, given)
        yield finding_at("one-sided-window", message, path, names, hint)


def _units(timing: StudyTiming, name: str, names: tuple[str, ...]) -> Iterator[Finding]:
    value = read_duration(timing.value or "")
    if value is None or value.amount == ZERO:
        return
    for field, attribute in [*_DURATIONS.items()][1:]:
        text: str | None = getattr(timing, attribute)
        reach = read_duration(text or "")
        if reach is None or reach.amount == ZERO or reach.in_hours == value.in_hours:
            continue
        if reach.in_hours:
            message = (
                f"{name} is timed in days ({timing.value}), with a window in hours ({field}"
                f" {text}): both are read as elapsed time, a day as 24 hours, not as dates"
            )
        else:
            message = (
                f"{name} is timed in hours ({timing.value}), with a window in days ({field}"
                f" {text}): both are read as elapsed time, a day as 24 hours"
            )
        hint = "write value and window in one unit: dates in days or weeks, clock times in hours"
        path = (*timing.path, field)
        yield finding_at("mixed-units", message, path, names, hint)
        return


def _months(timing: StudyTiming, name: str, names: tuple[str, ...]) -> Iterator[Finding]:
    read = {
        field: duration
        for field, attribute in _DURATIONS.items()
        if (duration := read_duration(getattr(timing, attribute) or "")) is not None
    }
    field = next(
        (field for field, signed_duration in read.items() if signed_duration.amount.months), None
    )
    labels = [text for text in (timing.value_label, timing.label) if text is not None]
    if field is None:
        in_months = next((text for text in labels if _MONTHS.search(text)), None)
        value = read.get("value")
        if in_months is not None and value is not None and value.amount.seconds >= 28 * DAY:
            message = (
                f"{name} is timed {timing.value}, {value.amount}, and {quoted(in_months)} beside it"
                " counts in months; the value is followed, not calendar months"
            )
            path = (*timing.path, "value")
            hint = "write a month as P1M, or call it four weeks"
            yield finding_at("ambiguous-month", message, path, names, hint)
        return
    amount = read[field].amount.magnitude()
    least, most = month_days(amount.months)
    more = amount.seconds // DAY
    room = most - least
    reach = _room(read.get("windowLower")) + _room(read.get("windowUpper"))
    text = getattr(timing, _DURATIONS[field])
    message = (
        f"{name} is timed in months ({field} {text}), which are {least + more} to {most + more}"
        " days; they are read as calendar months, to the same day of the month"
    )
    severity = "note"
    in_weeks = next((text for text in labels if _WEEKS.search(text)), None)
    if in_weeks is not None:
        message += f". {quoted(in_weeks)} beside it counts otherwise"
        severity = "warning"
    elif field == "value" and reach < room * DAY:
        allowed = "no window" if reach == 0 else "a window narrower than that"
        message += f". It has {allowed}, so that sites that count in weeks will miss it"
        severity = "warning"
    hint = "write weeks where weeks are meant, or a window that holds both readings"
    path = (*timing.path, field)
    yield finding_at("ambiguous-month", message, path, names, hint, severity=severity)


def _room(side: SignedDuration | None) -> int:
    return 0 if side is None else abs(side.amount.least())


def _unknown_end(
    graph: DesignGraph, timing: StudyTiming, name: str, names: tuple[str, ...]
) -> Iterator[Finding]:
    term = term_of(timing.relative_to_from, ENDS.values())
    if term is None:
        return
    side = term.decode
    first, _, second = side.partition(" to ")
    for word, id_, role in ((first, timing.to_id, "its reference"), (second, timing.from_id, "")):
        at = graph.target_of(id_)
        if word != "End" or at is None:
            continue
        instance = graph.instances[at]
        if instance.timeline_id is not None or instance.extensions:
            continue
        whose = f"the end of {role} {graph.name(at)}" if role else "its own end"
        message = (
            f"{name} is timed by {whose} ({side}), and no rule limits how long"
            f" {graph.name(at) if role else 'it'} takes; the end is read as the start, unless"
            " the duration is written into the protocol file"
        )
        path = (*timing.path, "relativeToFrom")
        hint = "USDM has no duration of an instance; a sub-timeline of its own can tell it"
        yield finding_at("unknown-end", message, path, names, hint)
