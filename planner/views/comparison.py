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
    return Grid(f"What {number} scheduled, by their files", (head,), tuple(lines), _NOTES)


_NOTES = (
    (
        "Distances are in the files' own words: 3w..5w is a window, `target` the preferred"
        " distance. Slack is what all rules of a file together leave from one dosing session to the"
        " next."
    ),
    (
        "(assumed): no text read gives it, the author of the file chose it. (unverified):"
        " generally known, not read in a text. Not stated: the file does not say. None: the file"
        " has no such visit; whether the trial had none or none was read, its comments say."
    ),
    NOTICE,
)


def _of_arms(arms: Arms, text: Callable[[ProtocolMetrics], str]) -> str:
    """The text of all arms, or that of each where they differ."""
    said: dict[str, list[str]] = {}
    for ids, one in arms:
        said.setdefault(text(one), []).extend(arm or "" for arm in ids)
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"{', '.join(ids)}: {words}" for words, ids in said.items())


def days(number: int) -> str:
    """A number of days in the shortest form, such as ``3w`` or ``25d``."""
    return str(CalendarDistance(0, number))


def minutes(number: int) -> str:
    """A number of minutes in the shortest form, such as ``8h`` or ``90min``."""
    return str(ClockDistance(number))


def span(least: int | None, most: int | None, write: Callable[[int], str] = str) -> str:
    """Both ends as one text: ``2``, ``2..3``, ``6w..``; empty where both are open."""
    if least is not None and least == most:
        return write(least)
    if least is None and most is None:
        return ""
    first = "" if least is None else write(least)
    return f"{first}..{'' if most is None else write(most)}"


def doubtful(text: str, grade: str | None) -> str:
    """The text with its grade behind it where nobody read it in a text that stands."""
    return f"{text} ({grade})" if grade in ("assumed", "unverified", "retracted") else text


def said_text(said: Said) -> str:
    """A distance as written, with the grade of each part that is doubtful."""
    return ", ".join(doubtful(text, grade) for text, grade in said.parts)


def count_text(sessions: tuple[Session, ...]) -> str:
    """How many sessions, the least and the most."""
    return span(*counted(sessions)) if sessions else "none"


def _condition(one: ProtocolMetrics) -> str:
    return one.protocol.condition or "not stated"


def _substance(one: ProtocolMetrics) -> str:
    return ", ".join(one.protocol.substance) or "not stated"


def _design(one: ProtocolMetrics) -> str:
    return ", ".join(one.protocol.design)


def _spacing(one: ProtocolMetrics) -> str:
    if len(one.dosing) < 2:
        return "one session" if one.dosing else "no session"
    texts = ["not tied" if gap.said is None else said_text(gap.said) for gap in one.spacing]
    return _different(texts)


def _slack(one: ProtocolMetrics) -> str:
    if not one.consistent:
        return "the rules contradict each other"
    if not one.spacing:
        return "-"
    unstated = without_window(one.course)
    texts = [
        span(*gap.days, days) or ("not published" if gap.later in unstated else "any")
        for gap in one.spacing
    ]
    if len(set(texts)) <= _MAX_DIFFERENT:
        return _different(texts)
    return f"{_around([gap.days for gap in one.spacing], days)} over {len(texts)} gaps"


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
    shown = " / ".join(unique[:_MAX_DIFFERENT])
    return f"{shown} and {more} more" if more > 0 else shown


def length_text(sessions: tuple[Session, ...]) -> str:
    """How long the sessions take, each length once."""
    texts = [
        "not stated"
        if one.length is None
        else doubtful(span(*one.length, minutes), one.length_grade)
        for one in sessions
    ]
    return _different(texts) if texts else "-"


def staff_text(sessions: tuple[Session, ...]) -> str:
    """Who is present at the sessions, by role."""
    texts = []
    for one in sessions:
        if not one.staff:
            texts.append("nobody stated")
            continue
        roles = ", ".join(f"{number} x {role}" for role, number in one.staff)
        texts.append(doubtful(roles, one.staff_grade))
    return _different(texts) if texts else "-"


def _nights(one: ProtocolMetrics) -> str:
    stays = [session for session in one.dosing if session.nights]
    if not stays:
        return "no" if one.dosing else "-"
    number = _different([str(session.nights) for session in stays])
    nights = f"{number} {'night' if number == '1' else 'nights'}"
    if len(stays) == len(one.dosing):
        return f"{nights} each"
    return f"{nights} after {len(stays)} of {len(one.dosing)}"


def _preparation(one: ProtocolMetrics) -> str:
    if not one.preparation:
        return "none"
    return f"{count_text(one.preparation)}{_each(one.preparation)}"


def _integration(one: ProtocolMetrics) -> str:
    every = tuple(session for sessions in one.integration for session in sessions)
    if not every:
        return "none" if one.dosing else "-"
    each = _different([count_text(sessions) for sessions in one.integration])
    each = f"{each} per session, " if len(one.dosing) > 1 else ""
    return f"{each}{count_text(every)} in all{_each(every)}"


def _each(sessions: tuple[Session, ...]) -> str:
    text = length_text(sessions)
    return ", length not stated" if text == "not stated" else f", each {text}"


def _endpoint(one: ProtocolMetrics) -> str:
    if not one.endpoints:
        return "not stated"
    names = dict.fromkeys(name for each in one.endpoints for name in each.instruments)
    instruments = ", ".join(names)
    lead = f"{instruments}: " if instruments else ""
    if one.endpoint_is_named:
        return lead + " / ".join(_where(each) for each in one.endpoints)
    first, last = one.endpoints[0], one.endpoints[-1]
    return (
        f"{lead}{len(one.endpoints)} visits from {first.id} to {last.id};"
        " the file names none of them as the endpoint"
    )


def _where(endpoint: Endpoint) -> str:
    parts = []
    if endpoint.after is not None:
        parts.append(_apart(endpoint.said, endpoint.days, endpoint.after))
    if endpoint.said_from_anchor is not None and endpoint.said_from_anchor.is_direct:
        parts.insert(0, _apart(endpoint.said_from_anchor, endpoint.from_anchor, "the anchor"))
    elif endpoint.after is None:
        parts.append(_apart(endpoint.said_from_anchor, endpoint.from_anchor, "the anchor"))
    return ", ".join(part for part in parts if part) or endpoint.id


def _apart(said: Said | None, effective: Span, reference: str) -> str:
    text = span(*effective, days) if said is None else said_text(said)
    return f"{text} after {reference}" if text else ""


def _end(one: ProtocolMetrics) -> str:
    if one.end is None:
        return "-"
    return f"{one.end.id}: {_where(one.end)}"


def _length(one: ProtocolMetrics) -> str:
    least, most = one.length.least, one.length.most
    if not one.consistent:
        return "the rules contradict each other"
    if one.length.told_on_target:
        more = " or more" if one.length.open_end else ""
        return f"{_weeks(one.length.on_target or 0)} weeks{more} on target"
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
    _Fact("Dosing sessions", lambda one: count_text(one.dosing)),
    _Fact("Spacing as written", _spacing),
    _Fact("Slack between sessions", _slack),
    _Fact("Session length", lambda one: length_text(one.dosing)),
    _Fact("Stay overnight", _nights),
    _Fact("Staff at dosing", lambda one: staff_text(one.dosing)),
    _Fact("Preparation", _preparation),
    _Fact("Integration", _integration),
    _Fact("Primary endpoint", _endpoint),
    _Fact("Last visit", _end),
    _Fact("Whole course", _length),
)
