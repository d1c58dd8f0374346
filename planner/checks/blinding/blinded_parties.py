from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.model import BLINDED_DESIGNS


@check(
    "note",
    "a blinded design that does not say who is blinded",
    what="The design is blinded, and `blinded:` names nobody.",
    why="Outputs hide what would unblind. Without `blinded:` the planner assumes that only"
    " the participant is blinded.",
    bad="design: double-blind\n",
    good="design: double-blind\nblinded: [participant, rater]\n",
)
def blinded_parties(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    words = [word for word in protocol.design if word in BLINDED_DESIGNS]
    if words and not protocol.blinded:
        message = f"the design is `{words[0]}`, and `blinded:` does not say who"
        hint = "add `blinded:`, as in `blinded: [participant, rater]`"
        yield Flag(("design",), message, hint, about=[words[0]])
