"""What the codes of a timing mean, and what to make of a term whose code is unknown."""

from planner.protocol.usdm.study import Code

AFTER, BEFORE, FIXED = "After", "Before", "Fixed Reference"
TYPES = {"C201356": AFTER, "C201357": BEFORE, "C201358": FIXED}
SIDES = {
    "C201352": "End to End",
    "C201353": "End to Start",
    "C201354": "Start to End",
    "C201355": "Start to Start",
}


def meaning(code: Code | None, terms: dict[str, str]) -> str | None:
    """The term that a code stands for, else the one that its decode speaks of."""
    if code is None:
        return None
    return terms.get((code.code or "").strip().upper()) or decoded(code, terms)


def decoded(code: Code, terms: dict[str, str]) -> str | None:
    """The term that the decode speaks of, in whatever letters."""
    words = (code.decode or "").casefold().split()
    for term in terms.values():
        needed = term.casefold().split()
        if words == needed or (terms is TYPES and needed[0] in words):
            return term
    return None
