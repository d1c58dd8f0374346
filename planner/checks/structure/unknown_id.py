from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import declared, owner, plural, uses, visits
from planner.checks.subject import Subject
from planner.errors import did_you_mean
from planner.protocol.document import Path, Position


@check(
    "error",
    "a name that is not declared",
    what="A role, activity, source, arm, decision, gate or footnote that the file does not"
    " declare, a run sheet item counted from one that the sheet does not have, or a disagreement"
    " about something that the file does not have, or that follows a source without a reading.",
    why="The name is misspelt, or its declaration is missing: who comes, what is done or"
    " which source supports it would be unknown.",
    bad="activities:\n  caps: {title: CAPS-5, by: therapits}\n",
    good="activities:\n  caps: {title: CAPS-5, by: therapist}\n",
)
def unknown_id(subject: Subject) -> Iterator[Flag]:
    known = dict(subject.cached(declared))
    # What a decision settles, an event can settle, too.
    events = [visit.id for _, _, visit in visits(subject) if visit.kind == "event"]
    known["decision"] = [*known["decision"], *events]
    reported: set[tuple[str, str, Position]] = set()
    for kind, used_id, path in subject.cached(uses):
        # A staff list that is used at many visits by a YAML alias stands in one place.
        place = (kind, used_id, subject.file.position(path)) if used_id not in known[kind] else None
        if place is not None and place not in reported:
            reported.add(place)
            yield _unknown(kind, used_id, list(known[kind]), path, owner(subject, path))
    for path, _, visit in visits(subject):
        sheet = visit.run_sheet
        ids = [item.id for item in sheet.items] if sheet else []
        for n, item in enumerate(sheet.items if sheet else ()):
            if item.after is not None and item.after not in ids:
                place_of = (*path, "run_sheet", "items", n, "after")
                yield _unknown("run sheet item", item.after, ids, place_of, visit.id)
    yield from _unknown_in_disagreements(subject)


def _unknown_in_disagreements(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    things: list[str] = []
    if protocol.disagreements:
        things = [protocol.id, *(arm.id for arm in protocol.arms)]
        things += [*protocol.roles, *protocol.activities, *(track.id for track in protocol.tracks)]
        things += [visit.id for _, _, visit in visits(subject)]
        things += [visit.id for arm in subject.arms for visit in subject.course(arm).visits]
    for n, disagreement in enumerate(protocol.disagreements):
        if disagreement.about not in things:
            kind = "visit, arm, role, activity or track"
            yield _unknown(
                kind, disagreement.about, things, ("disagreements", n, "about"), disagreement.about
            )
        if disagreement.follows is not None and disagreement.follows not in disagreement.readings:
            readings = list(disagreement.readings)
            path = ("disagreements", n, "follows")
            yield _unknown("reading", disagreement.follows, readings, path, disagreement.about)


def _unknown(kind: str, used_id: str, known: list[str], path: Path, at: str) -> Flag:
    otherwise = f"declared: {plural(known)}" if known else f"the file declares no {kind}"
    hint = did_you_mean(used_id, known) or otherwise
    return Flag(path, f"there is no {kind} `{used_id}`", hint, about=[used_id, at])
