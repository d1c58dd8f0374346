from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.model import BLINDED_DESIGNS

_TREATING = ("investigator", "therapist", "site")
"""Who treats, by one of the words that a file can have for them."""


@check(
    "error",
    "a double-blind design in which one side is not blinded",
    what="The design is double-blind (or more), and `blinded:` lacks the participant, or"
    " those who treat: the investigator, the therapist or the site.",
    why="Double-blind means that neither side knows the arm. Outputs hide the arm only from"
    " those that `blinded:` names, and would reveal it to the others.",
    bad="design: double-blind\nblinded: [rater]\n",
    good="design: double-blind\nblinded: [participant, investigator, rater]\n",
)
def double_blind_parties(subject: Subject) -> Iterator[Flag]:
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
        yield Flag(path, message, hint, about=[words[0]], severity=severity)
