"""Decisions: which condition a visit depends on, and as an expression where the words allow one.

The words are always kept. An expression is made only of what can be read in one way: our own
language as it is, comparisons with signs in place of words, `arm is X` with an arm that the
design has, and that somebody leaves the study.
"""

import re

from planner.formats.usdm.model import StudyArm
from planner.formats.usdm.read.chain import Requirement
from planner.formats.usdm.read.import_log import ImportLog, Names, short_line, without_markup
from planner.protocol.conditions import MAX_LENGTH as MAX_EXPRESSION_LENGTH
from planner.protocol.conditions import ConditionError, FactComparison, Membership, parse_condition

MAX_CONDITION_LENGTH = 2000
_SIGNS = (("≥", ">="), ("≤", "<="), ("≠", "!="), ("=>", ">="), ("=<", "<="))
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_ARM = re.compile(
    r"(?:(?:the\s+)?(?:study\s+|treatment\s+)?arm\s*(?:is|=|==)"
    r"|(?:(?:participant|subject|patient)s?\s+)?(?:is\s+|are\s+|was\s+|were\s+)?randomi[sz]ed\s+to"
    r"|(?:(?:participant|subject|patient)s?\s+)?(?:is\s+|are\s+)?(?:allocated|assigned)\s+to)"
    r"\s+(?P<name>.+?)\s*\.?",
    re.IGNORECASE | re.DOTALL,
)
_WITHDRAWN = re.compile(
    r"(?:the\s+)?(?:(?:participant|subject|patient)\s+(?:"
    r"(?:terminates|ends|leaves|discontinues)\s+(?:from\s+)?the\s+(?:study|trial)(?:\s+early)?"
    r"|withdraws(?:\s+(?:early|consent|from\s+the\s+(?:study|trial)))?"
    r"|drops\s+out(?:\s+of\s+the\s+(?:study|trial))?)"
    r"|(?:participant|subject|patient)?\s*(?:early\s+withdrawal|early\s+termination))\s*\.?",
    re.IGNORECASE,
)
"""Leaving the study, which every record states or denies; leaving treatment alone is not it."""
_NOT = re.compile(r"not\s*\((?P<inner>.+)\)\s*\.?", re.IGNORECASE | re.DOTALL)


class Decisions:
    """The decisions of a protocol while its visits are made; equal conditions share one."""

    def __init__(self, account: ImportLog, arms: tuple[StudyArm, ...], ids: dict[str, str]) -> None:
        self.account = account
        self.names = Names()
        self.entries: dict[str, object] = {}
        self.made: dict[tuple[tuple[str, bool], ...], str] = {}
        self.arms: dict[str, str | None] = {}
        for arm in arms:
            for name in dict.fromkeys((arm.name, arm.label, arm.id)):
                if name:
                    word = _arm_word(name)
                    known = self.arms.setdefault(word, ids[arm.id])
                    if known != ids[arm.id]:
                        self.arms[word] = None  # two arms are called so

    def key_of(self, requirements: tuple[Requirement, ...]) -> str | None:
        """The key of the decision that holds these requirements; ``None`` without any."""
        if not requirements:
            return None
        asked = tuple(dict.fromkeys(requirements))
        key = tuple((str(requirement.branch.path), requirement.holds) for requirement in asked)
        if key not in self.made:
            self.made[key] = self._make(asked)
        return self.made[key]

    def _make(self, requirements: tuple[Requirement, ...]) -> str:
        texts: list[str] = []
        readable: list[str] = []
        for requirement in requirements:
            conditions_text = (
                without_markup(requirement.branch.condition)
                or "a condition that the file does not name"
            )
            expression = self.expression(conditions_text)
            texts.append(conditions_text if requirement.holds else f"not ({conditions_text})")
            if expression is not None:
                readable.append(expression if requirement.holds else f"not ({expression})")
        last = requirements[-1]
        name = last.decision.name or last.decision.label or "decision"
        key = self.names.take(name, otherwise="decision")
        text = "; and ".join(texts) if len(texts) > 1 else texts[0]
        self._add(
            key, text, self._joined(readable, len(texts)), last, short_line(last.decision.label)
        )
        return key

    def _joined(self, readable: list[str], wanted: int) -> str | None:
        if len(readable) < wanted:
            return None
        if wanted == 1:
            return readable[0]
        return " and ".join(f"({part})" for part in readable)

    def _add(
        self, key: str, text: str, expression: str | None, asked: Requirement, title: str | None
    ) -> None:
        entry: dict[str, object] = {}
        if title is not None:
            entry["title"] = title
        entry["condition"] = text[:MAX_CONDITION_LENGTH]
        if expression is not None and _is_read(expression):
            entry["expression"] = expression
        self.entries[key] = self.account.place(entry, asked.branch.path)

    def expression(self, text: str) -> str | None:
        """What a condition says in our language; ``None`` where its words leave it open."""
        text = text.strip()
        inner = _NOT.fullmatch(text)
        if inner is not None and _is_balanced(inner["inner"]):
            inner_expression = self.expression(inner["inner"])
            return None if inner_expression is None else f"not ({inner_expression})"
        arm = _ARM.fullmatch(text)
        if arm is not None:
            named = self.arms.get(_arm_word(arm["name"]))
            return None if named is None else f"arm == {named}"
        if _WITHDRAWN.fullmatch(text):
            return "withdrawn"
        for sign, operator in _SIGNS:
            text = text.replace(sign, operator)
        text = _EQUALS.sub("==", text.rstrip("."))
        return text if _is_plain(text) else None


def _arm_word(name: str) -> str:
    bare = re.sub(r"\s+", " ", name.strip().strip("\"'").lower())
    return re.sub(r"^the | (?:arm|group)$", "", bare)


def _is_balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def _is_read(expression: str) -> bool:
    try:
        parse_condition(expression)
    except ConditionError:
        return False
    return len(expression) <= MAX_EXPRESSION_LENGTH


def _is_plain(text: str) -> bool:
    """Whether a text is of our language and no sentence that happens to read like it."""
    try:
        condition = parse_condition(text)
    except ConditionError:
        return False
    if isinstance(condition.tree, (FactComparison, Membership)):
        return True
    words = re.sub(r"\"[^\"]*\"|'[^']*'", "", text).split()
    compares = any(mark in text for mark in ("==", "!=", "<", ">", " in ("))
    return compares or (bool(condition.facts) and all(word == word.lower() for word in words))
