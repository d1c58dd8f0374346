"""What some steps would change, for people and machines: a grid, and JSON."""

from planner.brevity import brief
from planner.notice import NOTICE
from planner.timeline.model import DatedVisit, Timeline, WaitingVisit
from planner.timeline.whatif import OVER, Taken, VisitChange, WhatIf
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line
from planner.views.timeline_data import machine_cell
from planner.views.timeline_table import off_target_words

_COMPARED = ("start", "status", "deviation", "booked")
_COLUMNS = (
    "participant", "visit", "title", "step", "start_before", "start", "days", "status_before",
    "status", "deviation_before", "deviation", "booked_before", "booked", "provisional",
    "waiting_for", "remarks", "label",
)  # fmt: skip
_PAST = {"move": "is moved to", "book": "is booked on", "occur": "took place on",
         "miss": "is missed", "cancel": "is cancelled"}  # fmt: skip


def whatif_grid(answer: WhatIf) -> Grid:
    """A line for each visit that changes; what it comes to, and the notice, below."""
    named = {taken.step.visit: taken for taken in answer.taken}
    lines = []
    for is_named in (True, False):
        group = [change for change in answer.changes if (change.id in named) == is_named]
        if group:
            lines.append(Line(("Changes tried" if is_named else "Consequences",), "group"))
        for change in group:
            effects = "; ".join(_effects(change, named.get(change.id)))
            lines.append(Line((change.label, *_whens(change), _shift(change), effects)))
    return Grid(
        title=_title(answer),
        heads=(("Visit", "Before", "After", "Shift", "Effect"),) if lines else (),
        lines=tuple(lines),
        notes=(*_notes(answer), NOTICE),
    )


def table_for_machines(answer: WhatIf) -> Grid:
    """A row for each visit that changes, in columns that are named as those of a timeline.

    ``step`` is what is tried with the visit itself: ``move``, ``book``, ``occur``, ``miss`` or
    ``cancel``; what stood before the steps has a name that ends in ``_before``.
    """
    tried = {taken.step.visit: taken for taken in answer.taken}
    lines = []
    for change in answer.changes:
        taken = tried.get(change.id)
        before, after = _row(change.before), _row(change.after)
        row = {
            **after,
            **{f"{name}_before": before.get(name) for name in _COMPARED},
            "participant": answer.after.participant,
            "visit": change.id,
            "title": change.title,
            "label": change.label,
            "step": None if taken is None else taken.step.kind,
            "days": change.days if "start" in before and "start" in after else None,
            "remarks": "; ".join(_effects(change, taken)),
        }
        lines.append(Line(tuple(machine_cell(name, row.get(name)) for name in _COLUMNS)))
    return Grid("", (_COLUMNS,), tuple(lines), (*_notes(answer), NOTICE))


def _row(visit: DatedVisit | WaitingVisit | None) -> dict[str, object]:
    return {} if visit is None else visit.to_record()


def _title(answer: WhatIf) -> str:
    after = answer.after
    steps = ", ".join(map(_tried, answer.taken)) or f"withdrawn on {answer.record.withdrawn}"
    if answer.written is not None:
        return f"{after.protocol_id}: {steps} ({after.participant})"
    return f"{after.protocol_id}: what if {steps}? ({after.participant})"


def _tried(taken: Taken) -> str:
    words = f"{taken.label} {_PAST[taken.step.kind]}"
    return f"{words} {taken.step.to}" if taken.step.kind in ("move", "book", "occur") else words


def _whens(change: VisitChange) -> tuple[str, str]:
    """The dates before and after, with the time of day where that changes."""
    visits = (change.before, change.after)
    times = {f"{visit.start:%H:%M}" for visit in visits if isinstance(visit, DatedVisit)}
    form = "%a %Y-%m-%d %H:%M" if len(times) > 1 else "%a %Y-%m-%d"
    first, second = (
        f"{visit.start:{form}}"
        if isinstance(visit, DatedVisit)
        else "no date"
        if visit is not None
        else ""
        for visit in visits
    )
    return first, second


def _shift(change: VisitChange) -> str:
    return f"{change.days:+d} d" if change.days else ""


def _effects(change: VisitChange, taken: Taken | None) -> list[str]:
    """What becomes of a visit, in words; nothing of one that only moves."""
    if change.before is None:
        return ["now required"]
    if change.after is None:
        return ["no longer required"]
    if isinstance(change.after, WaitingVisit):
        return [change.after.why]
    if isinstance(change.before, WaitingVisit):
        return ["has a date now", *([f"out of window: {change.breaks}"] if change.breaks else [])]
    effects: list[str] = []
    if change.after.status in OVER and change.after.status != change.before.status:
        effects.append(change.after.status)
        if change.after.status == "occurred" and change.after.deviation:
            effects.append(f"out of window: {change.after.deviation}")
    if taken is not None and taken.closed is not None:
        effects.append(f"the site cannot hold it: {taken.closed}")
    effects += [words for words in change.after.unmet if words not in change.before.unmet]
    if change.lost_booking is not None:
        effects.append(f"its appointment of {change.lost_booking:%a %Y-%m-%d %H:%M} cannot be kept")
    if change.before.booked is not None and change.after.booked is None and taken is None:
        effects.append("its appointment can be kept again")
    if change.breaks is not None:
        effects.append(f"out of window: {change.breaks}")
    elif change.before.deviation and not change.after.deviation and change.after.status not in OVER:
        effects.append("inside its windows again")
    if change.waits_for:
        effects.append(f"waits for {', '.join(change.waits_for)}")
    if (
        change.before.waiting_for
        and not change.after.waiting_for
        and change.after.status not in OVER
    ):
        effects.append("no longer waits for a gate")
    if change.after.provisional and not change.before.provisional:
        effects.append("provisional")
    is_told = change.after.status != change.before.status and change.after.status in (
        "due",
        "overdue",
    )
    if is_told:
        effects.append(change.after.status)
    return effects


def _notes(answer: WhatIf) -> list[str]:
    before, after = answer.before, answer.after
    same = "1 visit stays" if answer.unchanged == 1 else f"{answer.unchanged} visits stay"
    notes = [
        f"{same} as planned.",
        f"Before: {off_target_words(before)}; after: {off_target_words(after)}.",
    ]
    if answer.kept:
        notes.append("All windows are kept.")
    elif after.forced:
        notes.append(
            "No plan keeps all windows; this one has the smallest total deviation. Reasons: "
            + "; ".join(brief(after.forced))
            + "."
        )
    else:
        notes.append("Not all windows are kept.")
    if before.forced:
        notes.append("Before, no plan kept all windows either.")
    if before.anchor_date != after.anchor_date:
        notes.append(f"Study days count from {after.anchor_date}, not from {before.anchor_date}.")
    undecided = [visit for visit in after.visits if visit.provisional]
    known = {change.id for change in answer.changes}
    notes += [f"{visit.label}: {visit.why}." for visit in after.waiting if visit.id not in known]
    if undecided:
        about = dict.fromkeys(visit.conditional or visit.label for visit in undecided)
        notes.append(f"Not decided yet: {', '.join(about)}.")
    if answer.written is None:
        notes.append("No file has been changed.")
    else:
        notes.append(f"Written to {answer.written}.")
    return notes


def render_json(answer: WhatIf) -> str:
    """Format 1: each visit that changes, before and after; dates and times are ISO 8601."""
    data = {
        "protocol": {"id": answer.after.protocol_id, "version": answer.after.protocol_version},
        "participant": answer.after.participant,
        "steps": [
            {
                "kind": taken.step.kind,
                "visit": taken.step.visit,
                "label": taken.label,
                "to": None if taken.step.to is None else str(taken.step.to),
                "closed": taken.closed,
            }
            for taken in answer.taken
        ],
        "all_windows_kept": answer.kept,
        "written": answer.written,
        "unchanged": answer.unchanged,
        "before": _plan(answer.before),
        "after": _plan(answer.after),
        "changes": [
            {
                "id": change.id,
                "title": change.title,
                "label": change.label,
                "days": change.days,
                "lost_booking": None
                if change.lost_booking is None
                else change.lost_booking.isoformat(),
                "before": _visit(change.before),
                "after": _visit(change.after),
            }
            for change in answer.changes
        ],
    }
    return render_document(data)


def _plan(timeline: Timeline) -> dict[str, object]:
    return {
        "anchor": timeline.anchor_date.isoformat(),
        "days_off_target": timeline.cost,
        "forced": list(timeline.forced),
    }


def _visit(visit: DatedVisit | WaitingVisit | None) -> dict[str, object] | None:
    if visit is None:
        return None
    if isinstance(visit, WaitingVisit):
        return {
            "start": None,
            "status": visit.status,
            "deviation": None,
            "provisional": False,
            "waiting_for": list(visit.waiting_for),
        }
    return {
        "start": visit.start.isoformat(),
        "status": visit.status,
        "deviation": visit.deviation,
        "provisional": visit.provisional,
        "waiting_for": list(visit.waiting_for),
    }
