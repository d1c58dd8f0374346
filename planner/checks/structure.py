"""Checks of the structure family: ids and what they name, cycles, decisions, accepted findings."""

from collections.abc import Iterable, Iterator

from planner.checks.entries import declared, owner, plural, uses, visits
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.errors import did_you_mean
from planner.protocol.document import Path, Position
from planner.protocol.model import Cycle, Epoch
from planner.protocol.references import cycle_times
from planner.protocol.visit import Visit


@check(
    "duplicate-id",
    "error",
    "an id that occurs twice",
    what="Two visits, epochs, arms, tracks, constraints or items of one run sheet have the same"
    " id. Two visits may share one if no arm has both. The occurrences of a visit that repeats"
    " are numbered: `dosing` in a cycle takes the ids `dosing-1`, `dosing-2` and so on.",
    why="Timings, calendars and amendments find a visit by its id; of two, one would be lost.",
    bad="""\
tracks:
  - {id: diary, from: dosing, times: 7}
  - {id: diary, from: integration, times: 7}
""",
    good="""\
tracks:
  - {id: diary-1, from: dosing, times: 7}
  - {id: diary-2, from: integration, times: 7}
""",
    misleads=True,
)
def _duplicate_id(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    yield from _twice("epoch", [(one.id, ("epochs", n)) for n, one in enumerate(protocol.epochs)])
    yield from _twice("arm", [(one.id, ("arms", n)) for n, one in enumerate(protocol.arms)])
    yield from _twice("track", [(one.id, ("tracks", n)) for n, one in enumerate(protocol.tracks)])
    named = [(one.id, ("constraints", n)) for n, one in enumerate(protocol.constraints) if one.id]
    yield from _twice("constraint", named)
    for path, _, visit in visits(subject):
        if visit.run_sheet is not None:
            sheet = (*path, "run_sheet", "items")
            items = [(item.id, (*sheet, n)) for n, item in enumerate(visit.run_sheet.items)]
            yield from _twice(f"in the run sheet of `{visit.id}`, item", items)
    yield from _visits_twice(subject)


def _twice(what: str, ids: Iterable[tuple[str, Path]]) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for one, path in ids:
        if one in first:
            yield _duplicate(what, one, path, first[one])
        first.setdefault(one, path)


def _duplicate(what: str, one: str, path: Path, first: Path) -> Finding:
    related = (Related(f"the first `{one}`", (*first, "id")),)
    message = f"{what} `{one}` occurs twice"
    return Finding("duplicate-id", "error", message, (*path, "id"), None, related, (one,))


def _visits_twice(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, list[tuple[Path, set[str | None]]]] = {}
    repeated: dict[str, tuple[Path, int]] = {}
    for path, epoch, visit in visits(subject):
        arms = _arms(subject, epoch, visit)
        for first, others in seen.get(visit.id, ()):
            if arms & others:
                yield _duplicate("visit", visit.id, path, first)
                break
        seen.setdefault(visit.id, []).append((path, arms))
        if epoch.cycle is not None:
            times = max((cycle_times(epoch, arm) for arm in arms), default=0)
            repeated[visit.id] = (path, times)
    for path, epoch, visit in visits(subject):
        stem, _, number = visit.id.rpartition("-")
        if epoch.cycle is None and stem in repeated and number.isdigit() and number[0] != "0":
            first, times = repeated[stem]
            if int(number) <= times:
                message = f"visit `{visit.id}` has the id of cycle {number} of `{stem}`"
                related = (Related(f"`{stem}` repeats {times} times", (*first, "id")),)
                yield Finding(
                    "duplicate-id", "error", message, (*path, "id"), None, related, (visit.id,)
                )


def _arms(subject: Subject, epoch: Epoch, visit: Visit) -> set[str | None]:
    return {
        arm
        for arm in subject.arms
        if (not epoch.arms or arm in epoch.arms) and (not visit.arms or arm in visit.arms)
    }


@check(
    "unknown-id",
    "error",
    "a name that nothing declares",
    what="A role, activity, source, arm, decision, gate or footnote that the file does not"
    " declare, a run sheet item counted from one that the sheet does not have, or a disagreement"
    " about something that the file does not have, or that follows a source without a reading.",
    why="It is a slip of the pen, or something was left out: who comes, what is done or where it"
    " stands would be unknown.",
    bad="activities:\n  caps: {title: CAPS-5, by: therapits}\n",
    good="activities:\n  caps: {title: CAPS-5, by: therapist}\n",
)
def _unknown_id(subject: Subject) -> Iterator[Finding]:
    known = subject.once(declared)
    reported: set[tuple[str, str, Position]] = set()
    for kind, one, path in subject.once(uses):
        # A staff list that is used at many visits by a YAML alias stands in one place.
        place = (kind, one, subject.file.position(path)) if one not in known[kind] else None
        if place is not None and place not in reported:
            reported.add(place)
            yield _unknown(kind, one, list(known[kind]), path, owner(subject, path))
    for path, _, visit in visits(subject):
        sheet = visit.run_sheet
        ids = [item.id for item in sheet.items] if sheet else []
        for n, item in enumerate(sheet.items if sheet else ()):
            if item.after is not None and item.after not in ids:
                place_of = (*path, "run_sheet", "items", n, "after")
                yield _unknown("run sheet item", item.after, ids, place_of, visit.id)
    yield from _unknown_in_disagreements(subject)


def _unknown_in_disagreements(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    things: list[str] = []
    if protocol.disagreements:
        things = [protocol.id, *(arm.id for arm in protocol.arms)]
        things += [*protocol.roles, *protocol.activities, *(track.id for track in protocol.tracks)]
        things += [visit.id for _, _, visit in visits(subject)]
        things += [visit.id for arm in subject.arms for visit in subject.course(arm).visits]
    for n, one in enumerate(protocol.disagreements):
        if one.about not in things:
            kind = "visit, arm, role, activity or track"
            yield _unknown(kind, one.about, things, ("disagreements", n, "about"), one.about)
        if one.follows is not None and one.follows not in one.readings:
            readings = list(one.readings)
            yield _unknown(
                "reading", one.follows, readings, ("disagreements", n, "follows"), one.about
            )


def _unknown(kind: str, one: str, known: list[str], path: Path, at: str) -> Finding:
    declared = f"declared: {plural(known)}" if known else f"the file declares no {kind}"
    hint = did_you_mean(one, known) or declared
    return Finding("unknown-id", "error", f"there is no {kind} `{one}`", path, hint, (), (one, at))


@check(
    "unused-declaration",
    "note",
    "something declared and never used",
    what="A role, activity, source, decision, gate or footnote that nothing in the file names.",
    why="Perhaps the place that should name it was forgotten, or it is left over from an earlier"
    " version.",
    bad="footnotes:\n  two-anchors: Counted from baseline and from the last session.\n",
    good="""\
footnotes:
  two-anchors: Counted from baseline and from the last session.
activities:
  caps: {title: CAPS-5, by: therapist, footnotes: [two-anchors]}
epochs:
  - id: treatment
    visits:
      - {id: baseline, activities: [caps]}
""",
)
def _unused_declaration(subject: Subject) -> Iterator[Finding]:
    used = {(kind, one) for kind, one, _ in subject.once(uses)}
    for kind, ids in subject.once(declared).items():
        key = "activities" if kind == "activity" else f"{kind}s"
        for one in ids:
            if kind != "arm" and (kind, one) not in used:
                message = f"{kind} `{one}` is declared and never used"
                yield Finding("unused-declaration", "note", message, (key, one), about=(one,))


@check(
    "endless-cycle",
    "error",
    "a cycle without an end",
    what="A cycle ends by a decision (`until:`) and does not say how many there can be at most.",
    why="Nobody can tell how long a participant takes part, and no schedule can be laid out.",
    bad="""\
decisions:
  remission: {condition: MADRS of 10 or less}
epochs:
  - id: treatment
    cycle: {until: remission}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
    good="""\
decisions:
  remission: {condition: MADRS of 10 or less}
epochs:
  - id: treatment
    cycle: {until: remission, at_most: 12}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
    misleads=True,
)
def _endless_cycle(subject: Subject) -> Iterator[Finding]:
    for path, epoch, cycle in _cycles(subject):
        if cycle.until is not None and cycle.at_most is None:
            message = f"`{epoch.id}` repeats until `{cycle.until}`, without a greatest number"
            hint = "add `at_most:`"
            yield Finding("endless-cycle", "error", message, path, hint, (), (epoch.id,))


def _cycles(subject: Subject) -> Iterator[tuple[Path, Epoch, Cycle]]:
    for at, epoch in enumerate(subject.protocol.epochs):
        if epoch.cycle is not None:
            yield ("epochs", at, "cycle"), epoch, epoch.cycle


@check(
    "unclear-cycle",
    "warning",
    "a cycle whose number of repetitions is unclear",
    what="A cycle with both `times:` and `until:`, with `at_most:` but no `until:`, with numbers"
    " by arm that leave out an arm, or with a break after a cycle that never comes.",
    why="The planner takes `until:` with `at_most:` before `times:`, takes the greatest number for"
    " an arm that is left out and drops such a break. Perhaps something else was meant.",
    bad="""\
epochs:
  - id: treatment
    cycle: {times: 4, at_most: 6}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
    good="""\
epochs:
  - id: treatment
    cycle: {times: 4}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
)
def _unclear_cycle(subject: Subject) -> Iterator[Finding]:
    for path, epoch, cycle in _cycles(subject):
        written = cycle.model_fields_set
        found: list[tuple[str, Path]] = []
        if cycle.until is not None and "times" in written:
            message = f"`{epoch.id}` has `times:` and `until:`; `times:` is not used"
            found.append((message, (*path, "times")))
        if cycle.until is None and cycle.at_most is not None:
            message = f"`{epoch.id}` has `at_most:` without `until:`; it is not used"
            found.append((message, (*path, "at_most")))
        arms = epoch.arms or subject.arms
        if isinstance(cycle.times, dict) and cycle.until is None:
            missing = [arm for arm in arms if arm is not None and arm not in cycle.times]
            if missing:
                most = max(cycle.times.values(), default=1)
                message = f"`{epoch.id}` gives no number for arm {plural(missing)}; {most} is taken"
                found.append((message, (*path, "times")))
        most = max(cycle_times(epoch, arm) for arm in arms)
        for n, pause in enumerate(cycle.breaks):
            if pause.after >= most:
                message = f"`{epoch.id}` has a break after cycle {pause.after} of {most}"
                found.append((message, (*path, "breaks", n)))
        for message, place in found:
            yield Finding("unclear-cycle", "warning", message, place, about=(epoch.id,))


@check(
    "decision-without-condition",
    "error",
    "a decision that does not say what decides",
    what="A decision without its `condition:`, in words, or its `expression:`, on recorded facts.",
    why="Whether the visits that depend on it take place could not be told by anyone.",
    bad="decisions:\n  second-session: {title: Whether there is a second session}\n",
    good="""\
decisions:
  second-session:
    title: Whether there is a second session
    condition: No remission four weeks after the first
""",
)
def _decision_without_condition(subject: Subject) -> Iterator[Finding]:
    for one, decision in subject.protocol.decisions.items():
        if not (decision.condition or "").strip() and decision.expression is None:
            message = f"decision `{one}` has no condition"
            hint = "add `condition:` in the protocol's words"
            path: Path = ("decisions", one)
            yield Finding("decision-without-condition", "error", message, path, hint, (), (one,))
