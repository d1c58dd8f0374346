"""The writer against the reader: every document of plain data comes back as it was."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.protocol.document import CONTROL_CHARACTERS
from planner.protocol.library import library_ids, library_path
from planner.protocol.reading import read_document
from planner.protocol.yaml_reading import compose_yaml
from planner.protocol.yaml_writing import WIDTH, protocol_yaml

AWKWARD = [
    "", " ", "null", "Null", "~", "true", "FALSE", "yes", "no", "on", "off", "1.0", "08:30", "0x1F",
    "1_000", "2026-11-21", "- a", "-", "--- a", "...", "? a", "a: b", "a:", ": a", "a #b", "#a",
    "'a'", '"a"', 'a "b" c', "\\", "a\\n", "{a}", "[a", "a, b", "&a", "*a", "!a", "!!int 1", "%a",
    "@a", "`a`", "|", ">-", "<<", "=", " a", "a ", "a\nb", "a\n", "\na", "a\n\nb", "a\n  b", "\t",
    "a\tb", "a\u00a0b", "±3d", "-2d..2d", "..6w", "6w..", "https://example.org/?a=b#c", "a:b",
    "08:00..10:00", "=cmd", "a" * 120, "word " * 40 + "end", "two  blanks " * 20 + "end",
    "# word " * 20 + "end", "- word: " * 20 + "end", "word\n" * 40 + "end", "\u3000wide",
    "😀 " * 60,
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(max_size=30),
    st.text(alphabet="ab :#-,'\"[]{}\n\\&*!|>%@`?~", max_size=150),
)
keys = st.one_of(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), texts)
values = st.recursive(
    scalars,
    lambda inside: st.lists(inside, max_size=5) | st.dictionaries(keys, inside, max_size=5),
    max_leaves=25,
)


def as_read(value: object) -> object:
    """What a file can hold of it: numbers as text, and no control characters."""
    if isinstance(value, dict):
        return {key: as_read(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_read(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    return CONTROL_CHARACTERS.sub(
        "\N{REPLACEMENT CHARACTER}", str(value).replace("\r\n", "\n").replace("\r", "\n")
    )


def read_back(text: str) -> object:
    assert not CONTROL_CHARACTERS.search(text)
    data, _, problems = compose_yaml("x.yaml", text)
    assert problems == []
    return data


@pytest.mark.slow
@given(st.dictionaries(keys, values, max_size=6), texts)
@settings(max_examples=400, deadline=None)
def test_every_document_comes_back_as_it_was(data: dict[str, object], comment: str) -> None:
    assert read_back(protocol_yaml(data, comment)) == as_read(data)


@pytest.mark.parametrize("text", [*AWKWARD, *map(chr, range(256)), "\u2028", "\ufeff", "\ud800"])
def test_a_text_comes_back_wherever_it_stands(text: str) -> None:
    data = {"key": text, "list": [text, text], "short": {"inside": {"deeper": text}},
            "key " + text: {"long": "word " * 30 + text, "lists": [{"id": "a", "list": [text]}]},
            "nested": [[text], [[text]]]}  # fmt: skip
    clean = as_read("key " + text)
    expected = {str(clean if key == "key " + text else key): part for key, part in data.items()}
    assert read_back(protocol_yaml(data)) == as_read(expected)


@pytest.mark.parametrize("name", library_ids())
def test_a_file_of_the_library_comes_back_on_lines_that_fit(name: str) -> None:
    data = read_document(str(library_path(name))).data
    assert isinstance(data, dict)
    text = protocol_yaml(data)
    assert read_back(text) == data
    assert all(len(line) <= WIDTH for line in text.split("\n"))


def test_the_text_looks_like_the_files_of_the_library() -> None:
    data: dict[str, object] = {
        "format": 1,
        "id": "two-visits",
        "title": "Two visits: a study",
        "version": "1.0",
        "design": ["open-label", "single-group"],
        "anchor": "baseline",
        "sources": {"odm": {"kind": "registry", "read": "full-text"}},
        "footnotes": {"why": "A long text of many words, too long for one line, " * 3 + "so"},
        "epochs": [
            {"id": "study", "visits": [
                {"id": "baseline", "at": "09:00", "optional": True},
                {"id": "week-1", "title": "A title that is too long for one line, with its rule",
                 "after": {"visit": "baseline", "target": "7d", "within": "±1d", "note": "Read"}},
            ]},
        ],
    }  # fmt: skip
    assert protocol_yaml(data, "A study.\n\nIn two visits.") == Path(__file__).with_name(
        "document_text.yaml"
    ).read_text(encoding="utf-8")
