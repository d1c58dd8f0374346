"""What an amendment means for participants under way: a grid for every table, and JSON."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from planner.brevity import brief
from planner.notice import NOTICE
from planner.text import counted
from planner.timeline.amendment import OUTCOMES, Amended, AmendmentEffect
from planner.timeline.record import RecordFile
from planner.views.deviations import left_out_notes, left_out_words
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_COLUMNS = (
    "participant", "outcome", "visit", "effect", "before", "after", "forced", "why",
    "label",
)  # fmt: skip


class AmendmentReport(NamedTuple):
    """An amendment of a protocol and what it means for everybody asked about.

    ``records`` are those of ``people``, in the same order, as they were read; ``left_out`` are the
    participants (or paths) whose records cannot be read, each with why.
    """

    protocol: str
    old: str
    new: str
    start: date
    today: date | None
    people: Sequence[Amended]
    records: Sequence[RecordFile]
    left_out: Sequence[tuple[str, str]] = ()


def amendment_grid(report: AmendmentReport) -> Grid:
    """A heading for each participant, and a line for each visit ahead with both dates."""
    lines: list[Line] = []
    for amended in report.people:
        lines.append(Line((_heading(amended),), "group"))
        lines += [Line(("", "", "", "needs a decision", text)) for text in amended.decisions]
        if amended.outcome != "unaffected":
            lines += [Line(_cells(effect)) for effect in amended.effects]
    counts = Counter(amended.outcome for amended in report.people)
    summary = (
        ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
        or "nobody"
    )
    if counts["needs a decision"] > 1:
        summary = summary.replace("needs a decision", "need a decision")
    people = f"{counted(len(report.people), 'participant')}{left_out_words(report.left_out)}"
    notes = [f"{people}: {summary}.", *left_out_notes(report.left_out)]
    if any(amended.timeline is not None and amended.timeline.forced for amended in report.people):
        notes.append(
            "Where no plan keeps all windows, the one with the smallest total deviation is"
            " shown; its heading gives the reasons."
        )
    heads = ("Visit", "Before", "After", "Effect", "Why")
    return Grid(_title(report), (heads,) if lines else (), tuple(lines), (*notes, NOTICE))


def _title(report: AmendmentReport) -> str:
    return f"{report.protocol}: version {report.old} to {report.new}, from {report.start} on"


def _heading(amended: Amended) -> str:
    text = f"{amended.participant}: {amended.outcome}"
    if amended.holds is not None:
        return f"{text}; the new version holds since {amended.holds}"
    if amended.timeline is None:
        return text
    if amended.timeline.forced:
        before = ", and none did before" if amended.forced_before else ""
        reasons = "; ".join(brief(amended.timeline.forced))
        return f"{text}; no plan keeps all windows{before}: {reasons}"
    return text


def _cells(effect: AmendmentEffect) -> tuple[str, ...]:
    outcome = "" if effect.outcome == "unaffected" else effect.outcome
    return (effect.label, _when(effect.before), _when(effect.after), outcome, effect.why)


def _when(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%a %Y-%m-%d %H:%M}"


def table_for_machines(report: AmendmentReport) -> Grid:
    """A line for each visit ahead of each participant, and for each decision."""
    lines = []
    for amended in report.people:
        forced = "yes" if amended.timeline is not None and amended.timeline.forced else "no"
        start = (amended.participant, amended.outcome)
        lines += [
            Line((*start, "", "needs a decision", "", "", forced, text, ""))
            for text in amended.decisions
        ]
        lines += [
            Line((*start, effect.visit, effect.outcome, _iso(effect.before), _iso(effect.after),
                  forced, effect.why, effect.label))
            for effect in amended.effects
        ]  # fmt: skip
        if not amended.decisions and not amended.effects:
            lines.append(Line((*start, "", "", "", "", forced, "", "")))
    return Grid(_title(report), (_COLUMNS,), tuple(lines), (NOTICE,))


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def render_json(report: AmendmentReport) -> str:
    """Everything as JSON, format 1, with each participant's whole plan by the new version."""
    counts = Counter(amended.outcome for amended in report.people)
    data = {
        "protocol": {"id": report.protocol, "old": report.old, "new": report.new},
        "from": report.start.isoformat(),
        "today": None if report.today is None else report.today.isoformat(),
        "counts": {outcome: counts[outcome] for outcome in OUTCOMES},
        "left_out": [{"record": whose, "why": why} for whose, why in report.left_out],
        "participants": [_person(amended) for amended in report.people],
    }
    return render_document(data)


def _person(amended: Amended) -> dict[str, object]:
    return {
        "participant": amended.participant,
        "outcome": amended.outcome,
        "holds_since": None if amended.holds is None else amended.holds.isoformat(),
        "decisions": list(amended.decisions),
        "effects": [
            {
                "visit": effect.visit,
                "label": effect.label,
                "effect": effect.outcome,
                "before": _iso(effect.before) or None,
                "after": _iso(effect.after) or None,
                "why": effect.why or None,
            }
            for effect in amended.effects
        ],
        "forced": [] if amended.timeline is None else list(amended.timeline.forced),
        "timeline": None if amended.timeline is None else amended.timeline.to_dict(),
    }
