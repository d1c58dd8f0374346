"""Conditions on recorded facts: comparisons, membership, and, or, not; nothing else.

The language reads facts and yields true, false or unknown (Kleene 1952: what cannot change the
answer need not be known). It has no calls, no attributes, no arithmetic, and bounded size::

    unblinded and arm == active
    not remission
    response in (none, partial) or score >= 10
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

MAX_LENGTH = 500
MAX_DEPTH = 20
Fact = bool | int | float | str

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![\w.-]))|(?P<word>[A-Za-z][\w-]*)"
    r"|(?P<quoted>\"[^\"\n\t]{0,80}\"|'[^'\n\t]{0,80}')|(?P<mark><=|>=|==|!=|<|>|\(|\)|,))",
    re.ASCII,
)
_SPACES = re.compile(r"(\"[^\"]*\"|'[^']*')|\s+")
_KEYWORDS = frozenset(("and", "or", "not", "in", "true", "false"))
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class ConditionError(ValueError):
    """A condition that cannot be read, or facts that it cannot be asked of."""


class FactComparison(NamedTuple):
    """A fact against a value: ``mark`` is one of ``== != < <= > >=``."""

    fact: str
    mark: str
    value: Fact


class Membership(NamedTuple):
    """Whether a fact is one of several values."""

    fact: str
    values: tuple[Fact, ...]


class Truth(NamedTuple):
    """A fact that is true or false by itself."""

    fact: str


class Constant(NamedTuple):
    """``true`` or ``false`` as written."""

    value: bool


class Negation(NamedTuple):
    """The opposite of a condition."""

    part: "Part"


class Junction(NamedTuple):
    """All parts of an ``and``, or any of an ``or``."""

    every: bool
    parts: "tuple[Part, ...]"


Part = FactComparison | Membership | Truth | Constant | Negation | Junction


class Condition(NamedTuple):
    """A condition as written and as read."""

    text: str
    tree: Part

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it asks for, each once, in the order of the text."""
        return tuple(dict.fromkeys(part.fact for part in _statements(self.tree)))

    def compared_with(self, fact: str) -> tuple[Fact, ...]:
        """The values that the condition compares a fact with, each once, in the order of the text.

        Args:
            fact: the name of the fact.
        """
        values: list[Fact] = []
        for part in _statements(self.tree):
            if part.fact == fact and isinstance(part, FactComparison):
                values.append(part.value)
            elif part.fact == fact and isinstance(part, Membership):
                values += part.values
        return tuple(dict.fromkeys(values))

    def __str__(self) -> str:
        return self.text


def _statements(part: Part) -> "list[FactComparison | Membership | Truth]":
    if isinstance(part, Negation):
        return _statements(part.part)
    if isinstance(part, Junction):
        return [statement for inner in part.parts for statement in _statements(inner)]
    return [] if isinstance(part, Constant) else [part]


def parse_condition(text: str) -> Condition:
    """Reads a condition.

    Raises:
        ConditionError: says at which character what is expected.
    """
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"a condition has at most {MAX_LENGTH} characters, found {len(text)}")
    reader = _Reader(_tokens(text))
    tree = reader.alternatives(0)
    reader.expect_end()
    return Condition(_SPACES.sub(lambda match: match[1] or " ", text).strip(), tree)


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


def _tokens(text: str) -> list[_Token]:
    for column, letter in enumerate(text, 1):
        if not letter.isprintable() and letter not in "\t\n":
            raise ConditionError(f"character {column}: a control character has no meaning here")
    tokens = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            column = len(text) - len(rest) + 1
            hint = "; write `==`" if rest[0] == "=" else ""
            raise ConditionError(f"character {column}: `{rest[0]}` has no meaning here{hint}")
        kind = str(match.lastgroup)
        column = match.start(kind) + 1
        tokens.append(_Token(kind, match[kind], column))
        at = match.end()
    tokens.append(_Token("end", "the end", len(text) + 1))
    return tokens


class _Reader:
    """Recursive descent: or, and, not, then one statement about one fact."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def takes(self, *texts: str) -> bool:
        """Whether one of these marks or keywords comes next; if so it is passed."""
        token = self.token
        comes = token.kind in ("mark", "word") and token.text in texts
        self.at += comes
        return comes

    def expected(self, what: str) -> ConditionError:
        token = self.token
        text = token.text if token.kind == "end" else f"`{token.text}`"
        return ConditionError(f"character {token.column}: {what} is expected, found {text}")

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.expected("`and`, `or` or the end")

    def alternatives(self, depth: int) -> Part:
        parts = [self.requirements(depth)]
        while self.takes("or"):
            parts.append(self.requirements(depth))
        return parts[0] if len(parts) == 1 else Junction(False, tuple(parts))

    def requirements(self, depth: int) -> Part:
        parts = [self.statement(depth)]
        while self.takes("and"):
            parts.append(self.statement(depth))
        return parts[0] if len(parts) == 1 else Junction(True, tuple(parts))

    def statement(self, depth: int) -> Part:
        if depth > MAX_DEPTH:
            raise ConditionError(f"conditions are nested at most {MAX_DEPTH} deep")
        if self.takes("not"):
            return Negation(self.statement(depth + 1))
        if self.takes("("):
            inner = self.alternatives(depth + 1)
            if not self.takes(")"):
                raise self.expected("`)`")
            return inner
        if self.takes("true"):
            return Constant(True)
        if self.takes("false"):
            return Constant(False)
        token = self.token
        if token.kind != "word" or token.text in _KEYWORDS:
            raise self.expected("the name of a fact")
        self.at += 1
        return self.about(token.text)

    def about(self, fact: str) -> Part:
        mark = self.token.text
        if self.takes(*_COMPARISONS):
            return FactComparison(fact, mark, self.value())
        if self.takes("not"):
            if not self.takes("in"):
                raise self.expected("`in`")
            return Negation(Membership(fact, self.values()))
        if self.takes("in"):
            return Membership(fact, self.values())
        return Truth(fact)

    def values(self) -> tuple[Fact, ...]:
        if not self.takes("("):
            raise self.expected("`(`")
        values = [self.value()]
        while self.takes(","):
            values.append(self.value())
        if not self.takes(")"):
            raise self.expected("`,` or `)`")
        return tuple(values)

    def value(self) -> Fact:
        token = self.token
        if token.kind not in ("number", "word", "quoted") or token.text in ("and", "or", "not"):
            raise self.expected("a value")
        self.at += 1
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "quoted":
            return token.text[1:-1]
        return token.text == "true" if token.text in ("true", "false") else token.text


def holds(condition: Condition, facts: Mapping[str, Fact]) -> bool | None:
    """Whether a condition holds on the facts that are known, in three-valued logic.

    Args:
        condition: as `parse_condition` has read it.
        facts: values by the names of facts; what is not in it is unknown.

    Returns:
        ``None`` while what is known does not decide it.

    Raises:
        ConditionError: a fact is of another kind than what it is compared with.
    """
    return _holds(condition.tree, facts)


def _holds(part: Part, facts: Mapping[str, Fact]) -> bool | None:
    if isinstance(part, Constant):
        return part.value
    if isinstance(part, Negation):
        inner = _holds(part.part, facts)
        return None if inner is None else not inner
    if isinstance(part, Junction):
        truths = [_holds(part, facts) for part in part.parts]
        deciding = not part.every
        if deciding in truths:
            return deciding
        return None if None in truths else part.every
    if part.fact not in facts:
        return None
    fact = facts[part.fact]
    if isinstance(part, Truth):
        if not isinstance(fact, bool):
            raise ConditionError(f"`{part.fact}` is `{fact}`; `true` or `false` is expected")
        return fact
    if isinstance(part, Membership):
        return any(_same(part.fact, fact, value) for value in part.values)
    return _compare(part, fact)


def _compare(part: FactComparison, fact: Fact) -> bool:
    if part.mark in ("==", "!="):
        return _same(part.fact, fact, part.value) == (part.mark == "==")
    value = part.value
    if isinstance(fact, (bool, str)) or isinstance(value, (bool, str)):
        raise ConditionError(
            f"`{part.fact}` is `{_shown(fact)}`, compared by `{part.mark}` with"
            f" `{_shown(value)}`; only numbers have an order"
        )
    match part.mark:
        case "<":
            return fact < value
        case "<=":
            return fact <= value
        case ">":
            return fact > value
        case _:
            return fact >= value


def _same(name: str, fact: Fact, value: Fact) -> bool:
    if _kind(fact) is not _kind(value):
        raise ConditionError(
            f"`{name}` is `{_shown(fact)}`, compared with `{_shown(value)}`, which is of another"
            " kind"
        )
    return fact == value


def _kind(value: Fact) -> type:
    return bool if isinstance(value, bool) else str if isinstance(value, str) else float


def _shown(value: Fact) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
