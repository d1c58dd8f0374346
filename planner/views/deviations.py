"""Deviations for people and machines: a grid for every renderer of tables, and JSON."""

from collections.abc import Sequence
from typing import NamedTuple

from planner.notice import NOTICE
from planner.text import counted
from planner.timeline.deviations import Deviation, SiteNote
from planner.timeline.undated import Undated
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.undated import undated_notes

_WORDS = {
    "early": "early", "late": "late", "out-of-order": "out of order", "missed": "missed",
    "wrong-interval": "wrong interval", "missing-gate": "missing gate", "overdue": "overdue",
    "reminder-late": "reminder late", "reminder-missed": "reminder missed",
    "too-soon": "too soon", "other-date": "not on the cohort's date",
    "early-review": "review too early",
}  # fmt: skip
_MAX_LEFT_OUT = 20
NO_DEVIATIONS = "no protocol deviations"
_COLUMNS = (
    "participant", "visit", "kind", "actual", "days", "minutes", "window_earliest",
    "window_latest", "rule", "source", "ruled_out", "why", "reason",
    "label",
)  # fmt: skip


class DeviationReport(NamedTuple):
    """All that was found in some records, how many those are, and which are left out, with why.

    ``unchecked`` says what of the rules between participants no record could be held against.
    """

    protocol: str
    records: int
    deviations: Sequence[Deviation]
    notes: Sequence[SiteNote]
    undated: Sequence[Undated] = ()
    left_out: Sequence[tuple[str, str]] = ()
    unchecked: Sequence[str] = ()


def deviations_grid(report: DeviationReport) -> Grid:
    """One line for each deviation, under its participant; site notes and the notice below."""
    lines: list[Line] = []
    code = None
    rules_out = any(deviation.ruled_out for deviation in report.deviations)
    for deviation in report.deviations:
        if deviation.participant != code:
            code = deviation.participant
            lines.append(Line((code,), "group"))
        cells = (
            deviation.label,
            "not recorded" if deviation.actual is None else f"{deviation.actual:%a %Y-%m-%d}",
            deviation_text(deviation),
            f"{deviation.window}",
            deviation.rule,
            deviation.source.rpartition(":")[2],
        )
        lines.append(Line((*cells, ", ".join(deviation.ruled_out)) if rules_out else cells))
    notes = [
        f"{note.participant} {note.label} on {note.actual:%a %Y-%m-%d %H:%M}: {note.text} (the"
        " site's hours; not a protocol deviation)"
        for note in report.notes
    ]
    files = dict.fromkeys(deviation.source.rpartition(":")[0] for deviation in report.deviations)
    places = [f"Line: line of {file}." for file in files]
    heads: tuple[str, ...] = ("Visit", "Took place", "Deviation", "Window", "Rule", "Line")
    if rules_out:
        heads = (*heads, "Rules out")
    return Grid(
        title=_title(report),
        heads=(heads,) if lines else (),
        lines=tuple(lines),
        notes=(
            *left_out_notes(report.left_out),
            *unchecked_notes(report.unchecked),
            *notes,
            *undated_notes(report.undated),
            *places,
            NOTICE,
        ),
    )


def _title(report: DeviationReport) -> str:
    what = (
        counted(len(report.deviations), "protocol deviation")
        if report.deviations
        else NO_DEVIATIONS
    )
    records = f"{counted(report.records, 'record')}{left_out_words(report.left_out)}"
    return f"{report.protocol}: {what} in {records}"


def left_out_words(left_out: Sequence[tuple[str, str]]) -> str:
    """How many records are not in an answer, to stand behind how many are."""
    return f", {len(left_out)} left out" if left_out else ""


def left_out_notes(left_out: Sequence[tuple[str, str]]) -> list[str]:
    """The records that are not in an answer, with why."""
    notes = [f"Left out: {whose}: {why}." for whose, why in left_out[:_MAX_LEFT_OUT]]
    more = len(left_out) - _MAX_LEFT_OUT
    return [*notes, *([f"Left out: {more} more."] if more > 0 else [])]


def unchecked_notes(unchecked: Sequence[str]) -> list[str]:
    """What of the rules between participants could not be checked, a sentence each."""
    return [f"Not checked between participants: {text}." for text in unchecked]


def deviation_text(deviation: Deviation) -> str:
    """A deviation in words: `out of window, late by 3 days`."""
    word = _WORDS[deviation.kind]
    if deviation.kind in ("early", "late"):
        word = f"out of window, {word}"
    if deviation.minutes:
        hours, rest = divmod(deviation.minutes, 60)
        return f"{word} by {f'{hours} h {rest} min' if hours else f'{rest} min'}"
    if deviation.days:
        return f"{word} by {deviation.days} {'day' if deviation.days == 1 else 'days'}"
    return word


def table_for_machines(report: DeviationReport) -> Grid:
    """The same as a plain table: a line for each deviation, one value a cell."""
    lines = []
    for deviation in report.deviations:
        data = _data(deviation)
        window = data["window"]
        assert isinstance(window, dict), "as `_data` makes it"
        flat = {
            **data,
            "window_earliest": window["earliest"],
            "window_latest": window["latest"],
            "ruled_out": " ".join(deviation.ruled_out),
            "why": "; ".join(deviation.why),
        }
        lines.append(Line(tuple("" if flat[key] is None else f"{flat[key]}" for key in _COLUMNS)))
    return Grid(_title(report), (_COLUMNS,), tuple(lines), (NOTICE,))


def render_json(report: DeviationReport) -> str:
    """Format 1: the deviations and the site's notes; dates and times are ISO 8601."""
    data = {
        "protocol": report.protocol,
        "records": report.records,
        "left_out": [{"record": whose, "why": why} for whose, why in report.left_out],
        "deviations": [_data(deviation) for deviation in report.deviations],
        "site_notes": [
            {**note._asdict(), "actual": note.actual.isoformat()} for note in report.notes
        ],
        "waiting": [undated._asdict() for undated in report.undated],
        "unchecked": list(report.unchecked),
    }
    return render_document(data)


def _data(deviation: Deviation) -> dict[str, object]:
    return {
        **deviation._asdict(),
        "actual": None if deviation.actual is None else deviation.actual.isoformat(),
        "window": deviation.window.to_dict(),
        "ruled_out": list(deviation.ruled_out),
        "why": list(deviation.why),
    }
