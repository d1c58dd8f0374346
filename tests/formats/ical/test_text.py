import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.formats.ical.text import clean, escape, fold, parameter

# Every kind of character that has broken a calendar somewhere.
HOSTILE = st.text(st.sampled_from("aé🧪\u202e\u2028\x85\ufeff\x00\x07\t\r\n\\;,:^\"'N n%\ud800"))
ANY = st.one_of(HOSTILE, st.text(st.characters(codec=None)))


def unescape(text: str) -> str:
    """RFC 5545 3.3.11 read backwards, independently of how it was written."""
    return re.sub(r"\\(.)", lambda pair: "\n" if pair[1] in "nN" else pair[1], text)


@given(ANY)
@example("C:\\Notes\\new")
@example("\\N\\\\n\r\r\n")
def test_escaped_text_reads_back_as_the_cleaned_text(text: str) -> None:
    assert unescape(escape(text)) == clean(text)


@given(ANY)
def test_nothing_in_a_text_can_end_its_line_or_break_its_encoding(text: str) -> None:
    escaped = escape(text)
    assert not re.search("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]", escaped)
    assert escaped.encode().decode() == escaped
    assert len(escaped.splitlines()) <= 1


@given(ANY)
def test_text_without_anything_special_is_left_as_it_is(text: str) -> None:
    if clean(text) == text and not re.search(r"[\\;,\n]", text):
        assert escape(text) == text


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028"])
def test_every_line_break_becomes_one_escaped_line_feed(line_break: str) -> None:
    assert escape(f"a{line_break}b") == r"a\nb"


def test_what_has_no_place_in_a_calendar_is_replaced_visibly() -> None:
    assert clean("a\x00b\x1bc\ud800d\x7f") == "a�b�c�d�"


def test_tabs_and_writing_from_right_to_left_stay() -> None:
    assert clean("a\tשלום\u200f🧪") == "a\tשלום\u200f🧪"


@given(st.one_of(ANY, st.text(st.sampled_from("\\^é🧪a"), min_size=60)))
@example("\\" * 400)
@example("^" * 401)
@example("é" * 5_000)
@example("🧪" * 2_500)
def test_folded_lines_are_short_whole_and_read_back(text: str) -> None:
    line = "SUMMARY:" + escape(text)
    folded = fold(line)
    assert folded.endswith("\r\n")
    physical = folded[:-2].split("\r\n")
    assert all(len(part.encode()) <= 75 for part in physical)
    assert all(part.startswith(" ") for part in physical[1:])
    assert folded[:-2].replace("\r\n ", "") == line
    for part in physical[:-1]:
        for sign in "\\^":
            assert (len(part) - len(part.rstrip(sign))) % 2 == 0


def test_a_line_of_75_octets_is_not_folded_and_one_of_76_is() -> None:
    assert fold("x" * 75) == "x" * 75 + "\r\n"
    assert fold("x" * 76) == "x" * 75 + "\r\n x\r\n"
    assert fold("é" * 37 + "x") == "é" * 37 + "x\r\n"
    assert fold("é" * 38) == "é" * 37 + "\r\n é\r\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Study", "Study"),
        ("Study calendar", '"Study calendar"'),
        ("a;b:c,d", '"a;b:c,d"'),
        ('say "hi"', "\"say ^'hi^'\""),
        ("2^3", "2^^3"),
        ("a\r\nb", "a^nb"),
    ],
)
def test_parameter_values_follow_rfc_6868(text: str, written: str) -> None:
    assert parameter(text) == written
