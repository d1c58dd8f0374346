"""What an amendment means for participants under way: a grid for every table, and JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from planner.notice import NOTICE
from planner.timeline.amendment import OUTCOMES, Amended, AmendmentEffect
from planner.views.tables.grid import Grid, Line

_COLUMNS = (
    "participant", "outcome", "visit", "effect", "before", "after", "forced", "why",
)  # fmt: skip


class AmendmentReport(NamedTuple):
    """An amendment of a protocol and what it means for everybody asked about."""

    protocol: str
    old: str
    new: str
    start: date
    today: date | None
    people: Sequence[Amended]


def amendment_grid(told: AmendmentReport) -> Grid:
    """A heading for each participant, and a line for each visit ahead with both dates."""
    lines: list[Line] = []
    for one in told.people:
        lines.append(Line((_heading(one),), "group"))
        lines += [Line(("", "", "", "needs a decision", text)) for text in one.decisions]
        if one.outcome != "unaffected":
            lines += [Line(_cells(effect)) for effect in one.effects]
    counts = Counter(one.outcome for one in told.people)
    summary = ", ".join(f"{counts[one]} {one}" for one in OUTCOMES if counts[one]) or "nobody"
    if counts["needs a decision"] > 1:
        summary = summary.replace("needs a decision", "need a decision")
    notes = [f"{_people(len(told.people))}: {summary}."]
    if any(one.timeline is not None and one.timeline.forced for one in told.people):
        notes.append(
            "Where no plan keeps all windows it is the one with the least total deviation; its"
            " heading says why."
        )
    heads = ("Visit", "Before", "After", "Effect", "Why")
    return Grid(_title(told), (heads,) if lines else (), tuple(lines), (*notes, NOTICE))


def _people(number: int) -> str:
    return "1 participant" if number == 1 else f"{number} participants"


def _title(told: AmendmentReport) -> str:
    return f"{told.protocol}: version {told.old} to {told.new}, from {told.start} on"


def _heading(one: Amended) -> str:
    text = f"{one.participant}: {one.outcome}"
    if one.holds is not None:
        return f"{text}; the new version holds since {one.holds}"
    if one.timeline is None:
        return text
    if one.timeline.forced:
        before = ", and none did before" if one.forced_before else ""
        return f"{text}; no plan keeps all windows{before}: {'; '.join(one.timeline.forced)}"
    return text


def _cells(effect: AmendmentEffect) -> tuple[str, ...]:
    outcome = "" if effect.outcome == "unaffected" else effect.outcome
    return (effect.visit, _when(effect.before), _when(effect.after), outcome, effect.why)


def _when(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%a %Y-%m-%d %H:%M}"


def table_for_machines(told: AmendmentReport) -> Grid:
    """A line for each visit ahead of each participant, and for each decision."""
    lines = []
    for one in told.people:
        forced = "yes" if one.timeline is not None and one.timeline.forced else "no"
        start = (one.participant, one.outcome)
        lines += [
            Line((*start, "", "needs a decision", "", "", forced, text)) for text in one.decisions
        ]
        lines += [
            Line((*start, effect.visit, effect.outcome, _iso(effect.before), _iso(effect.after),
                  forced, effect.why))
            for effect in one.effects
        ]  # fmt: skip
        if not one.decisions and not one.effects:
            lines.append(Line((*start, "", "", "", "", forced, "")))
    return Grid(_title(told), (_COLUMNS,), tuple(lines), (NOTICE,))


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def render_json(told: AmendmentReport) -> str:
    """Everything as JSON, format 1, with each participant's whole plan by the new version."""
    counts = Counter(one.outcome for one in told.people)
    data = {
        "format": 1,
        "notice": NOTICE,
        "protocol": {"id": told.protocol, "old": told.old, "new": told.new},
        "from": told.start.isoformat(),
        "today": None if told.today is None else told.today.isoformat(),
        "counts": {one: counts[one] for one in OUTCOMES},
        "participants": [_person(one) for one in told.people],
    }
    return json.dumps(data, indent=2)


def _person(one: Amended) -> dict[str, object]:
    return {
        "participant": one.participant,
        "outcome": one.outcome,
        "holds_since": None if one.holds is None else one.holds.isoformat(),
        "decisions": list(one.decisions),
        "effects": [
            {
                "visit": effect.visit,
                "effect": effect.outcome,
                "before": _iso(effect.before) or None,
                "after": _iso(effect.after) or None,
                "why": effect.why or None,
            }
            for effect in one.effects
        ],
        "forced": [] if one.timeline is None else list(one.timeline.forced),
        "timeline": None if one.timeline is None else one.timeline.to_dict(),
    }
