"""Conditions on recorded facts: three truth values, no surprises, and nothing is ever run."""

import re
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.conditions import (
    MAX_DEPTH,
    MAX_LENGTH,
    ConditionError,
    Constant,
    Fact,
    FactComparison,
    Junction,
    Membership,
    Negation,
    Part,
    Truth,
    holds,
    parse_condition,
)

NUMBERS = ("score", "weeks")
WORDS = ("response", "arm")
TRUTHS = ("remission", "unblinded")
VALUES = ("none", "partial", "full", "active")


def ask(text: str, **facts: Fact) -> bool | None:
    return holds(parse_condition(text), facts)


@pytest.mark.parametrize(
    ("text", "facts", "answer"),
    [
        ("unblinded and arm == active", {"unblinded": True, "arm": "active"}, True),
        ("unblinded and arm == active", {"unblinded": True, "arm": "placebo"}, False),
        ("unblinded and arm == active", {"unblinded": False}, False),
        ("unblinded and arm == active", {"unblinded": True}, None),
        ("not remission", {"remission": True}, False),
        ("not remission", {}, None),
        ("response in (none, partial) or score >= 10", {"score": 12}, True),
        ("response in (none, partial) or score >= 10", {"score": 9}, None),
        ("response in (none, partial) or score >= 10", {"score": 9, "response": "full"}, False),
        ("response not in (none)", {"response": "full"}, True),
        ("score > -2.5 and score <= 3", {"score": -2}, True),
        ("score == 3.0", {"score": 3}, True),
        ('arm == "full dose"', {"arm": "full dose"}, True),
        ("arm != 'and'", {"arm": "or"}, True),
        ("remission == false", {"remission": False}, True),
        ("true", {}, True),
        ("false or not (false)", {}, True),
        ("not not remission", {"remission": True}, True),
    ],
)
def test_a_condition_is_true_false_or_not_known_yet(
    text: str, facts: dict[str, Fact], answer: bool | None
) -> None:
    assert ask(text, **facts) is answer


def test_and_binds_closer_than_or_and_not_closest() -> None:
    assert ask("true or false and false") is True
    assert ask("(true or false) and false") is False
    assert ask("not false or true") is True
    assert ask("not (false or true)") is False


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "the name of a fact is expected, found the end"),
        ("and", 1, "the name of a fact is expected, found `and`"),
        ("a = b", 3, "`=` has no meaning here; write `==`"),
        ("a == ", 6, "a value is expected, found the end"),
        ("a b", 3, "`and`, `or` or the end is expected, found `b`"),
        ("a in b", 6, "`(` is expected, found `b`"),
        ("a in (b c)", 9, "`,` or `)` is expected, found `c`"),
        ("a in ()", 7, "a value is expected, found `)`"),
        ("(a", 3, "`)` is expected, found the end"),
        ("a)", 2, "`and`, `or` or the end is expected, found `)`"),
        ("a not b", 7, "`in` is expected, found `b`"),
        ("3 < a", 1, "the name of a fact is expected, found `3`"),
        ("a == 3d", 6, "`3` has no meaning here"),
        ("a == 1.2.3", 6, "`1` has no meaning here"),
        ("a.b", 2, "`.` has no meaning here"),
        ("f(a)", 2, "`and`, `or` or the end is expected, found `(`"),
        ("__import__", 1, "`_` has no meaning here"),
        ("a == 'b", 6, "`'` has no meaning here"),
        ("a == ٣", 6, "`٣` has no meaning here"),
        ("a\x1b", 2, "a control character has no meaning here"),
        ("a == '\x1b'", 7, "a control character has no meaning here"),
        ("a == '\n'", 6, "`'` has no meaning here"),
        ("a == b == c", 8, "`and`, `or` or the end is expected, found `==`"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_character(
    text: str, column: int, message: str
) -> None:
    with pytest.raises(ConditionError) as error:
        parse_condition(text)
    assert str(error.value) == f"character {column}: {message}"


@pytest.mark.parametrize(
    ("text", "facts", "message"),
    [
        ("remission", {"remission": "yes"}, "`remission` is `yes`; `true` or `false` is expected"),
        ("score > 3", {"score": "high"}, "only numbers have an order"),
        ("score > 3", {"score": True}, "only numbers have an order"),
        ("arm < b", {"arm": "a"}, "only numbers have an order"),
        ("arm == 3", {"arm": "a"}, "which is of another kind"),
        ("arm in (a, 3)", {"arm": "b"}, "which is of another kind"),
        ("remission == true", {"remission": 1}, "which is of another kind"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_no_answer(
    text: str, facts: dict[str, Fact], message: str
) -> None:
    with pytest.raises(ConditionError, match=re.escape(message)):
        ask(text, **facts)


def test_conditions_are_bounded() -> None:
    with pytest.raises(ConditionError, match="at most 500 characters"):
        parse_condition("a" * (MAX_LENGTH + 1))
    with pytest.raises(ConditionError, match="nested at most"):
        parse_condition("(" * (MAX_DEPTH + 2) + "a" + ")" * (MAX_DEPTH + 2))
    with pytest.raises(ConditionError, match="nested at most"):
        parse_condition("not " * (MAX_DEPTH + 2) + "a")
    assert ask("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, a=True) is True


def test_a_condition_names_its_facts_once_in_their_order() -> None:
    condition = parse_condition(" b and (a or not b)  or\tc in ('x  y')")
    assert condition.facts == ("b", "a", "c")
    assert str(condition) == "b and (a or not b) or c in ('x  y')"
    assert parse_condition(str(condition)) == condition


@st.composite
def parts(draw: st.DrawFn, depth: int = 3) -> str:
    """The text of a condition about the facts above, with their kinds kept to."""
    kind = draw(st.integers(0, 7 if depth else 3))
    if kind == 0:
        mark = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
        return f"{draw(st.sampled_from(NUMBERS))} {mark} {draw(st.integers(-2, 3))}"
    if kind == 1:
        values = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3))
        word = draw(st.sampled_from(["in", "not in"]))
        return f"{draw(st.sampled_from(WORDS))} {word} ({', '.join(values)})"
    if kind == 2:
        return draw(st.sampled_from([*TRUTHS, "true", "false"]))
    if kind == 3:
        mark = draw(st.sampled_from(["==", "!="]))
        return f"{draw(st.sampled_from(WORDS))} {mark} '{draw(st.sampled_from(VALUES))}'"
    if kind == 4:
        return f"not {draw(parts(depth - 1))}" if draw(st.booleans()) else "not remission"
    inner = draw(st.lists(parts(depth - 1), min_size=2, max_size=3))
    word = draw(st.sampled_from([" and ", " or "]))
    return "(" + word.join(inner) + ")"


known = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.integers(-2, 3) for name in NUMBERS},
        **{name: st.sampled_from(VALUES) for name in WORDS},
        **{name: st.booleans() for name in TRUTHS},
    },
)


def simply(part: Part, facts: Mapping[str, Fact], guesses: list[bool]) -> bool:
    """Two-valued: every statement about a fact that is not known is as the next guess has it."""
    match part:
        case Constant(value):
            return value
        case Negation(inner):
            return not simply(inner, facts, guesses)
        case Junction(every, inside):
            found = [simply(one, facts, guesses) for one in inside]
            return all(found) if every else any(found)
    if part.fact not in facts:
        return guesses.pop()
    fact: Any = facts[part.fact]
    match part:
        case Truth():
            return bool(fact)
        case Membership(_, values):
            return fact in values
        case FactComparison(_, mark, value):
            other: Any = value
            if mark in ("==", "!="):
                return (fact == other) == (mark == "==")
            less = fact < other or (mark in ("<=", ">=") and fact == other)
            more = fact > other or (mark in ("<=", ">=") and fact == other)
            return less if mark in ("<", "<=") else more
    raise AssertionError(part)


def unknown(part: Part, facts: Mapping[str, Fact]) -> int:
    match part:
        case Constant():
            return 0
        case Negation(inner):
            return unknown(inner, facts)
        case Junction(_, inside):
            return sum(unknown(one, facts) for one in inside)
    return int(part.fact not in facts)


@given(parts(), known)
def test_an_answer_is_known_when_no_unknown_statement_can_change_it(
    text: str, facts: dict[str, Fact]
) -> None:
    """Kleene's logic is exact where each unknown statement is guessed by itself."""
    condition = parse_condition(text)
    count = unknown(condition.tree, facts)
    if count > 10:
        return
    answers = {
        simply(condition.tree, facts, list(guesses))
        for guesses in product((True, False), repeat=count)
    }
    assert holds(condition, facts) is (answers.pop() if len(answers) == 1 else None)


@given(parts(), known, known)
def test_a_known_answer_never_changes_when_more_becomes_known(
    text: str, facts: dict[str, Fact], more: dict[str, Fact]
) -> None:
    condition = parse_condition(text)
    before = holds(condition, facts)
    if before is not None:
        assert holds(condition, {**more, **facts}) is before


@given(parts())
def test_a_condition_reads_back_as_it_is_shown(text: str) -> None:
    condition = parse_condition(text)
    again = parse_condition(str(condition))
    assert again == condition
    assert str(again) == str(condition)


@given(
    st.text(max_size=60)
    | st.text(alphabet="abn notrdi(),=<>!'\"0123456789.-+_\t", max_size=60)
    | parts().flatmap(lambda text: st.integers(0, len(text)).map(lambda at: text[:at]))
)
def test_no_text_breaks_the_reader(text: str) -> None:
    said = ""
    try:
        assert holds(parse_condition(text), {}) in (True, False, None)
    except ConditionError as error:
        said = str(error)
    assert said.isprintable()
