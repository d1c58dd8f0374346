from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.model import BLINDED_DESIGNS

_OPPOSITES = (
    ("open-label", BLINDED_DESIGNS),
    ("single-group", ("parallel", "crossover", "wait-list")),
)


@check(
    "error",
    "a design with contradictory terms",
    what="`design:` has two terms that exclude each other (open label and blinded, a single"
    " group and parallel groups), an open-label design blinds the participant, or a single"
    " group has several arms.",
    why="The design decides which information may be shown to whom.",
    bad="design: [open-label, double-blind]\nblinded: participant\n",
    good="design: open-label\n",
)
def contradictory_design(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    design = protocol.design
    for word, others in _OPPOSITES:
        clash = [other for other in others if other in design]
        if word in design and clash:
            message = f"the design cannot be both `{word}` and `{clash[0]}`"
            yield Flag(("design",), message, about=design)
    blind = [word for word in design if word in BLINDED_DESIGNS]
    if len(blind) > 1:
        message = f"the design cannot be both `{blind[0]}` and `{blind[1]}`"
        yield Flag(("design",), message, about=design)
    if "open-label" in design and not blind and "participant" in protocol.blinded:
        message = "an open-label design does not blind the `participant`"
        yield Flag(("blinded",), message, about=design)
    if "single-group" in design and len(protocol.arms) > 1:
        yield Flag(("arms",), f"a single group has {len(protocol.arms)} arms", about=design)
