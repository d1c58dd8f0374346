"""Checks of the blinding family: what the design says of who is blinded, and for how long."""

from collections.abc import Iterator

from planner.checks.blinding import Difference, different_timings, visible_differences
from planner.checks.entries import plural, visits
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.expand import visit_kind
from planner.protocol.model import BLINDED_DESIGNS


@check(
    "blinded-parties",
    "note",
    "a blinded design that does not say who is blinded",
    what="The design is blinded, and `blinded:` names nobody.",
    why="Outputs hide what would unblind; for whom they must do so is then a guess: the planner"
    " takes the participant.",
    bad="design: double-blind\n",
    good="design: double-blind\nblinded: [participant, rater]\n",
)
def _blinded_parties(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    words = [word for word in protocol.design if word in BLINDED_DESIGNS]
    if words and not protocol.blinded:
        message = f"the design is `{words[0]}`, and `blinded:` does not say who"
        hint = "add `blinded:`, as in `blinded: [participant, rater]`"
        yield Finding("blinded-parties", "note", message, ("design",), hint, (), (words[0],))


_TREATING = ("investigator", "therapist", "site")
"""Who treats, by one of the words that a file can have for them."""


@check(
    "double-blind-parties",
    "error",
    "a double-blind design in which one side knows the arm",
    what="The design is double-blind (or more), and `blinded:` lacks the participant, or whoever"
    " treats: the investigator, the therapist or the site.",
    why="Double-blind says that neither side knows the arm. Outputs hide it only from those that"
    " are named, so they would tell it to the other.",
    bad="design: double-blind\nblinded: [rater]\n",
    good="design: double-blind\nblinded: [participant, investigator, rater]\n",
)
def _double_blind_parties(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    words = [word for word in protocol.design if word in BLINDED_DESIGNS[1:]]
    if not words or not protocol.blinded:
        return
    lacking = [] if "participant" in protocol.blinded else ["the participant"]
    if not set(_TREATING) & set(protocol.blinded):
        lacking.append("the investigator")
    if lacking:
        message = f"the design is `{words[0]}`, and `blinded:` does not name {' or '.join(lacking)}"
        hint = "name both sides, or call the design `single-blind`"
        # The roles that another standard calls masked need not be all of them.
        severity = "error" if subject.file.imported is None else "warning"
        path: Path = ("blinded",)
        yield Finding("double-blind-parties", severity, message, path, hint, (), (words[0],))


_OPPOSITES = (
    ("open-label", BLINDED_DESIGNS),
    ("single-group", ("parallel", "crossover", "wait-list")),
)


@check(
    "contradictory-design",
    "error",
    "a design that contradicts itself",
    what="`design:` names two that exclude each other (open label and blinded, a single group and"
    " parallel groups), an open-label design blinds the participant, or a single group has"
    " several arms.",
    why="What may be shown to whom follows from the design, so it must be one.",
    bad="design: [open-label, double-blind]\nblinded: participant\n",
    good="design: open-label\n",
)
def _contradictory_design(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    design = protocol.design
    found: list[tuple[str, Path]] = []
    for word, others in _OPPOSITES:
        clash = [other for other in others if other in design]
        if word in design and clash:
            found.append((f"the design cannot be both `{word}` and `{clash[0]}`", ("design",)))
    blind = [word for word in design if word in BLINDED_DESIGNS]
    if len(blind) > 1:
        message = f"the design cannot be both `{blind[0]}` and `{blind[1]}`"
        found.append((message, ("design",)))
    if "open-label" in design and not blind and "participant" in protocol.blinded:
        message = "an open-label design does not blind the `participant`"
        found.append((message, ("blinded",)))
    if "single-group" in design and len(protocol.arms) > 1:
        found.append((f"a single group has {len(protocol.arms)} arms", ("arms",)))
    for message, path in found:
        yield Finding("contradictory-design", "error", message, path, about=design)


@check(
    "arms-part-at-unblinding",
    "note",
    "arms of a blinded design that part at the unblinding",
    what="A blinded design whose arms have different visits, tracks or timings only after a visit"
    " of kind `unblinding`. What comes after it, whatever dates are chosen, is not counted by"
    " `visits-tell-arms` and `windows-tell-arms`.",
    why="A calendar made before that day must end there: whatever it showed of the time after it"
    " would tell the arm.",
    bad="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: comparator}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: unblinding, after: {visit: dosing, within: 4w}}
      - {id: open-dosing, arms: comparator, after: {visit: unblinding, within: 1w..2w}}
""",
    good="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: comparator}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: unblinding, after: {visit: dosing, within: 4w}}
      - {id: open-dosing, after: {visit: unblinding, within: 1w..2w}}
""",
)
def _arms_part_at_unblinding(subject: Subject) -> Iterator[Finding]:
    protocol = subject.protocol
    if not protocol.is_blinded or not any(
        visit_kind(visit, epoch) == "unblinding" for _, epoch, visit in visits(subject)
    ):
        return
    found = [*visible_differences(subject), *different_timings(subject)]
    if any(one.later is None for one in found):
        return
    by_visit: dict[Path, list[Difference]] = {}
    for one in found:
        if one.later is not None:
            by_visit.setdefault(one.later.path, []).append(one)
    for path, differences in by_visit.items():
        name = differences[0].later.id if differences[0].later is not None else ""
        first = plural(dict.fromkeys(one.about[0] for one in differences), 3)
        message = (
            f"after `{name}` the arms part, as in {first}:"
            " a calendar made before it must end with it"
        )
        hint = "plan the time after it once the arm is known"
        related = tuple(Related(one.message, one.path) for one in differences[:5])
        about = tuple(dict.fromkeys((name, *(each for one in differences for each in one.about))))
        yield Finding("arms-part-at-unblinding", "note", message, path, hint, related, about)


@check(
    "wait-list-unmatched",
    "note",
    "a wait list whose assessments need not match the other arm's",
    what="In a wait-list design, the endpoint assessments of the waiting arm before its first"
    " dosing session, each beside the assessment of the same endpoint that the other arm has after"
    " its dosing, in their order. Found are those for which the rules leave other distances from"
    " the anchor, or more than one.",
    why="The comparison takes them for the same time: five weeks of waiting against a week after"
    " treatment. Where treatment takes longer in one participant than in another, they part.",
    bad="""\
design: [open-label, wait-list]
arms: [{id: immediate}, {id: waiting}]
activities:
  scale: {endpoint: primary}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 3w..5w}
        by_arm: {waiting: {after: {visit: baseline, within: 8w..10w}}}
      - {id: endpoint, arms: immediate, activities: [scale], after: {visit: dosing, within: 1w}}
      - {id: wait, arms: waiting, activities: [scale], after: {visit: baseline, within: 5w}}
""",
    good="""\
design: [open-label, wait-list]
arms: [{id: immediate}, {id: waiting}]
activities:
  scale: {endpoint: primary}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 4w}
        by_arm: {waiting: {after: {visit: baseline, within: 8w..10w}}}
      - {id: endpoint, arms: immediate, activities: [scale], after: {visit: dosing, within: 1w}}
      - {id: wait, arms: waiting, activities: [scale], after: {visit: baseline, within: 5w}}
""",
)
def _wait_list_unmatched(subject: Subject) -> Iterator[Finding]:
    if "wait-list" in subject.protocol.design:
        from planner.checks.waiting import unmatched

        yield from unmatched(subject)
