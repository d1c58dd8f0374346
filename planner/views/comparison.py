"""Trials side by side: a grid of what their files schedule, a column or a line for each trial."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from planner.notice import NOTICE
from planner.protocol.course import without_window
from planner.schedule.distances import Said
from planner.schedule.protocol_metrics import Endpoint, ProtocolMetrics, Session, Span, counted
from planner.time.distance import CalendarDistance, ClockDistance
from planner.views.tables.grid import Grid, Line

FEW = 4
"""So many trials stand side by side, a column each; more stand below each other, a line each."""
_MAX_DIFFERENT = 3

Arms = tuple[tuple[tuple[str | None, ...], ProtocolMetrics], ...]
"""The outlines of one trial: arms with the same course together."""


class _Fact(NamedTuple):
    title: str
    text: Callable[[ProtocolMetrics], str]


def comparison_grid(trials: list[Arms], *, as_lines: bool | None = None) -> Grid:
    """The trials in the order given; cells differ by arm where the arms do.

    Args:
        trials: what `planner.schedule.protocol_metrics.outlines` gives for each protocol.
        as_lines: a line for each trial instead of a column; more than `FEW` trials by default.
    """
    names = [arms[0][1].protocol.id for arms in trials]
    cells = [[_of_arms(arms, fact.text) for arms in trials] for fact in _FACTS]
    titles = [fact.title for fact in _FACTS]
    if as_lines is None:
        as_lines = len(trials) > FEW
    if as_lines:
        head = ("Trial", *titles)
        by_trial = zip(names, zip(*cells, strict=True), strict=True)
        lines = [Line((name, *facts)) for name, facts in by_trial]
    else:
        head = ("", *names)
        lines = [Line((title, *row)) for title, row in zip(titles, cells, strict=True)]
    number = f"{len(trials)} {'trial' if len(trials) == 1 else 'trials'}"
    return Grid(f"Schedules of {number}, by their files", (head,), tuple(lines), _NOTES)


_NOTES = (
    (
        "Distances are in the files' own words: 3w..5w is a window, `target` the preferred"
        " distance. Slack is what all rules of a file together leave from one dosing session to the"
        " next."
    ),
    (
        "(assumed): an assumption by the file's author; no source found. (unverified):"
        " generally known, not read in a text. Not stated: the file does not say. None: the file"
        " has no such visit; whether the trial had none or none was read, its comments say."
    ),
    NOTICE,
)


def _of_arms(arms: Arms, text: Callable[[ProtocolMetrics], str]) -> str:
    """The text of all arms, or that of each where they differ."""
    arms_by_text: dict[str, list[str]] = {}
    for ids, metrics in arms:
        arms_by_text.setdefault(text(metrics), []).extend(arm or "" for arm in ids)
    if len(arms_by_text) == 1:
        return next(iter(arms_by_text))
    return "; ".join(f"{', '.join(ids)}: {words}" for words, ids in arms_by_text.items())


def days(number: int) -> str:
    """A number of days in the shortest form, such as ``3w`` or ``25d``."""
    return str(CalendarDistance(0, number))


def minutes(number: int) -> str:
    """A number of minutes in the shortest form, such as ``8h`` or ``90min``."""
    return str(ClockDistance(number))


def span(least: int | None, most: int | None, write: Callable[[int], str] = str) -> str:
    """Both ends as one text: ``2``, ``2..3``, ``6w..``; empty where both are open.

    Args:
        least: included; ``None`` for an open end.
        most: included; ``None`` for an open end.
        write: writes one of the ends.
    """
    if least is not None and least == most:
        return write(least)
    if least is None and most is None:
        return ""
    first = "" if least is None else write(least)
    return f"{first}..{'' if most is None else write(most)}"


def doubtful(text: str, grade: str | None) -> str:
    """The text with its grade behind it where nobody read it in a text that stands.

    Args:
        text: any.
        grade: how sure it is by the file; ``None`` where the file does not say.
    """
    return f"{text} ({grade})" if grade in ("assumed", "unverified", "retracted") else text


def said_text(distance: Said) -> str:
    """A distance as written, with the grade of each part that is doubtful."""
    return ", ".join(doubtful(text, grade) for text, grade in distance.parts)


def count_text(sessions: tuple[Session, ...]) -> str:
    """How many sessions, the least and the most."""
    return span(*counted(sessions)) if sessions else "none"


def _condition(metrics: ProtocolMetrics) -> str:
    return metrics.protocol.condition or "not stated"


def _substance(metrics: ProtocolMetrics) -> str:
    return ", ".join(metrics.protocol.substance) or "not stated"


def _design(metrics: ProtocolMetrics) -> str:
    return ", ".join(metrics.protocol.design)


def _spacing(metrics: ProtocolMetrics) -> str:
    if len(metrics.dosing) < 2:
        return "one session" if metrics.dosing else "no session"
    texts = ["not tied" if gap.stated is None else said_text(gap.stated) for gap in metrics.spacing]
    return _different(texts)


def _slack(metrics: ProtocolMetrics) -> str:
    if not metrics.consistent:
        return "the rules contradict each other"
    if not metrics.spacing:
        return "-"
    unstated = without_window(metrics.course)
    texts = [
        span(*gap.days, days) or ("not published" if gap.later in unstated else "any")
        for gap in metrics.spacing
    ]
    if len(set(texts)) <= _MAX_DIFFERENT:
        return _different(texts)
    return f"{_around([gap.days for gap in metrics.spacing], days)} over {len(texts)} gaps"


def _around(spans: Iterable[Span], write: Callable[[int], str]) -> str:
    """The span that holds several; open where one of them is."""
    every = list(spans)
    leasts = [least for least, _ in every if least is not None]
    mosts = [most for _, most in every if most is not None]
    least = min(leasts) if len(leasts) == len(every) else None
    most = max(mosts) if len(mosts) == len(every) else None
    return span(least, most, write) or "any"


def _different(texts: list[str]) -> str:
    """Each text once; how many more there are where there are many."""
    unique = list(dict.fromkeys(texts))
    more = len(unique) - _MAX_DIFFERENT
    text = " / ".join(unique[:_MAX_DIFFERENT])
    return f"{text} and {more} more" if more > 0 else text


def length_text(sessions: tuple[Session, ...]) -> str:
    """How long the sessions take, each length once."""
    texts = [
        "not stated"
        if session.length is None
        else doubtful(span(*session.length, minutes), session.length_grade)
        for session in sessions
    ]
    return _different(texts) if texts else "-"


def staff_text(sessions: tuple[Session, ...]) -> str:
    """Who is present at the sessions, by role."""
    texts = []
    for session in sessions:
        if not session.staff:
            texts.append("nobody stated")
            continue
        roles = ", ".join(f"{number} x {role}" for role, number in session.staff)
        texts.append(doubtful(roles, session.staff_grade))
    return _different(texts) if texts else "-"


def _nights(metrics: ProtocolMetrics) -> str:
    stays = [session for session in metrics.dosing if session.nights]
    if not stays:
        return "no" if metrics.dosing else "-"
    number = _different([str(session.nights) for session in stays])
    nights = f"{number} {'night' if number == '1' else 'nights'}"
    if len(stays) == len(metrics.dosing):
        return f"{nights} each"
    return f"{nights} after {len(stays)} of {len(metrics.dosing)}"


def _preparation(metrics: ProtocolMetrics) -> str:
    if not metrics.preparation:
        return "none"
    return f"{count_text(metrics.preparation)}{_each(metrics.preparation)}"


def _integration(metrics: ProtocolMetrics) -> str:
    every = tuple(session for sessions in metrics.integration for session in sessions)
    if not every:
        return "none" if metrics.dosing else "-"
    each = _different([count_text(sessions) for sessions in metrics.integration])
    each = f"{each} per session, " if len(metrics.dosing) > 1 else ""
    return f"{each}{count_text(every)} in all{_each(every)}"


def _each(sessions: tuple[Session, ...]) -> str:
    text = length_text(sessions)
    return ", length not stated" if text == "not stated" else f", each {text}"


def _endpoint(metrics: ProtocolMetrics) -> str:
    if not metrics.endpoints:
        return "not stated"
    names = dict.fromkeys(name for each in metrics.endpoints for name in each.instruments)
    instruments = ", ".join(names)
    lead = f"{instruments}: " if instruments else ""
    if metrics.endpoint_is_named:
        return lead + " / ".join(_where(each) for each in metrics.endpoints)
    first, last = metrics.endpoints[0], metrics.endpoints[-1]
    return (
        f"{lead}{len(metrics.endpoints)} visits from {first.id} to {last.id};"
        " the file names none of them as the endpoint"
    )


def _where(endpoint: Endpoint) -> str:
    parts = []
    if endpoint.after is not None:
        parts.append(_apart(endpoint.stated, endpoint.days, endpoint.after))
    if endpoint.said_from_anchor is not None and endpoint.said_from_anchor.is_direct:
        parts.insert(0, _apart(endpoint.said_from_anchor, endpoint.from_anchor, "the anchor"))
    elif endpoint.after is None:
        parts.append(_apart(endpoint.said_from_anchor, endpoint.from_anchor, "the anchor"))
    return ", ".join(part for part in parts if part) or endpoint.id


def _apart(distance: Said | None, effective: Span, reference: str) -> str:
    text = span(*effective, days) if distance is None else said_text(distance)
    return f"{text} after {reference}" if text else ""


def _end(metrics: ProtocolMetrics) -> str:
    if metrics.end is None:
        return "-"
    return f"{metrics.end.id}: {_where(metrics.end)}"


def _length(metrics: ProtocolMetrics) -> str:
    least, most = metrics.length.least, metrics.length.most
    if not metrics.consistent:
        return "the rules contradict each other"
    if metrics.length.told_on_target:
        more = " or more" if metrics.length.open_end else ""
        return f"{_weeks(metrics.length.on_target or 0)} weeks{more} on target"
    if most is None:
        return f"{_weeks(least or 0)} weeks or more"
    if most < 14:
        return f"{span(least, most)} {'day' if most == 1 else 'days'}"
    return f"{span(least, most, _weeks)} weeks"


def _weeks(number: int) -> str:
    whole, rest = divmod(number, 7)
    return f"{number / 7:.1f}" if rest else str(whole)


_FACTS = (
    _Fact("Substance", _substance),
    _Fact("Condition", _condition),
    _Fact("Design", _design),
    _Fact("Dosing sessions", lambda metrics: count_text(metrics.dosing)),
    _Fact("Spacing as written", _spacing),
    _Fact("Slack between sessions", _slack),
    _Fact("Session length", lambda metrics: length_text(metrics.dosing)),
    _Fact("Stay overnight", _nights),
    _Fact("Staff at dosing", lambda metrics: staff_text(metrics.dosing)),
    _Fact("Preparation", _preparation),
    _Fact("Integration", _integration),
    _Fact("Primary endpoint", _endpoint),
    _Fact("Last visit", _end),
    _Fact("Whole course", _length),
)
