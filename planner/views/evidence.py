"""How well protocols are supported: shares by protocol, and what of one protocol is weakest."""

from collections.abc import Iterable

from planner.checks.statements import KINDS, SUPPORTED, SUPPORTS, Statement, weakest_first
from planner.checks.support import ProtocolSupport, Support, count
from planner.notice import NOTICE
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_ORDER = (
    "Least supported first: by the share of statements that are verified, derived or secondary,"
    " then by the share of verified ones."
)
_HOW = (
    (
        "A statement is a visit, timing, duration, stay, staffing, line of a run sheet, arm, role,"
        " activity, cycle, break, constraint, track, reminder, decision or gate; what has no source"
        " or grade of its own has that of the visit, epoch or protocol that holds it. What the"
        " file repeats through an alias counts at each of its places."
    ),
    (
        "verified: read in a primary text; derived: computed from such; secondary: read in another"
        " text; unverified: known and not read; assumed: chosen by the file's author; retracted: so"
        " graded, or all its sources are retracted; ungraded: nobody says, or it cites nothing."
    ),
)


def evidence_grid(trials: list[ProtocolSupport]) -> Grid:
    """A line per protocol, in the order given, and one for all of them where there are several."""
    rows = [(trial.file.protocol.id, trial.support) for trial in trials]
    if len(trials) > 1:
        rows.append(("all", _sum(trial.support for trial in trials)))
    title = "Supported statements of the schedules, by grade"
    return _shares(title, "Protocol", rows, (_ORDER, *_HOW, NOTICE))


def kinds_grid(trial: ProtocolSupport) -> Grid:
    """A line per kind of statement of one protocol, and one for all."""
    rows = [
        (kind, count(each for each in trial.statements if each.kind == kind))
        for kind in KINDS.values()
    ]
    rows = [row for row in rows if row[1].total]
    title = f"Supported statements of {trial.file.protocol.id}, by grade"
    return _shares(title, "Statement", [*rows, ("all", trial.support)], ())


def _shares(title: str, head: str, rows: list[tuple[str, Support]], notes: tuple[str, ...]) -> Grid:
    """A line per row; a support that none of them has needs no column."""
    names = [name for name in SUPPORTS if any(support.count_of(name) for _, support in rows)]
    lines = []
    for label, own in rows:
        numbers = (own.supported, *(own.count_of(name) for name in names))
        shares = (percent(number, own.total) for number in numbers)
        lines.append(Line((label, str(own.total), *shares)))
    heads = ((head, "Statements", "Supported", *names),)
    return Grid(title, heads, tuple(lines), notes)


def weakest_grid(trial: ProtocolSupport) -> Grid:
    """The statements of one protocol that nothing read supports, the weakest first."""
    weak = [each for each in weakest_first(list(trial.statements)) if each.support not in SUPPORTED]
    lines: list[Line] = []
    remark = ""
    for each in weak:
        if each.support != remark:
            remark = each.support
            lines.append(Line((f"{remark}: {trial.support.count_of(remark)}",), "group"))
        sources = ", ".join(each.citation.sources)
        lines.append(Line((str(each.line), each.name, each.text, sources)))
    title = "Least supported statements"
    if not weak:
        lines.append(Line(("", "none: every statement is verified, derived or secondary", "", "")))
    heads = (("Line", "Statement", "Says", "Cites"),)
    return Grid(title, heads, tuple(lines), (*_HOW, NOTICE))


def percent(number: int, total: int) -> str:
    """A share in whole percent, empty for none; only all are 100 % and only none are 0 %.

    Args:
        number: 0 to `total`.
        total: 0 gives an empty text.
    """
    if not number or not total:
        return ""
    share = round(100 * number / total)
    if share == 0:
        return "<1 %"
    return ">99 %" if share == 100 and number < total else f"{share} %"


def _sum(supports: Iterable[Support]) -> Support:
    columns = zip(*(support.counts for support in supports), strict=True)
    return Support(tuple(sum(column) for column in columns))


def evidence_table(trials: list[ProtocolSupport]) -> Grid:
    """Counts by protocol for spreadsheets."""
    lines = [
        Line(
            (
                trial.file.protocol.id,
                *map(str, (trial.support.total, trial.support.supported, *trial.support.counts)),
            )
        )
        for trial in trials
    ]
    heads = (("protocol", "statements", "supported", *SUPPORTS),)
    return Grid("Evidence", heads, tuple(lines), (_ORDER, *_HOW, NOTICE))


def render_json(trials: list[ProtocolSupport]) -> str:
    """Counts and shares by protocol as JSON, format 1; of a single protocol every statement too."""
    data: dict[str, object] = {
        "conventions": [_ORDER, *_HOW],
        "protocols": [
            {
                "id": trial.file.protocol.id,
                "version": trial.file.protocol.version,
                "path": trial.file.path,
                **_data(trial.support),
            }
            for trial in trials
        ],
    }
    if len(trials) == 1:
        data["statements"] = [
            _statement(each) for each in weakest_first(list(trials[0].statements))
        ]
    return render_document(data)


def _data(support: Support) -> dict[str, object]:
    counts = dict(zip(SUPPORTS, support.counts, strict=True))
    return {
        "statements": support.total,
        "supported": support.supported,
        "counts": counts,
        "shares": {name: round(support.share(number), 4) for name, number in counts.items()},
    }


def _statement(statement: Statement) -> dict[str, object]:
    own = statement.citation.statement
    return {
        "line": statement.line,
        "name": statement.name,
        "kind": statement.kind,
        "says": statement.text,
        "support": statement.support,
        "grade": statement.citation.grade,
        "sources": list(statement.citation.sources),
        "inherited": not own.source or own.grade is None,
        "note": None if own.note is None else own.note.strip(),
    }
