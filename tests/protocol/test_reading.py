"""Hostile and broken files: what is read, what is refused, and where it says so."""

import io
import json
import os
import random
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.load import load_protocol, locate
from planner.limits import MAX_ALIKE
from planner.protocol import yaml_reading
from planner.protocol.document import Document, DocumentError, Position
from planner.protocol.json_reading import compose_json
from planner.protocol.reading import read_document

Write = Callable[..., str]
Problems = Callable[..., list[str]]


@pytest.fixture
def read(write: Write) -> Callable[..., Document]:
    def read(content: str | bytes, name: str = "file.yaml") -> Document:
        return read_document(write(content, name))

    return read


Read = Callable[..., Document]


def refusal(read: Read, content: str | bytes, name: str = "file.yaml") -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read(content, name)
    return [
        f"{problem.position.line}:{problem.position.column}: {problem.message}"
        for problem in caught.value.problems
    ]


def noted(document: Document) -> list[str]:
    return [
        f"{problem.position.line}:{problem.position.column}: {problem.message}"
        for problem in document.problems
    ]


WORDS = [  # a scalar as written, what it is in YAML 1.2
    ("off", "off"),
    ("no", "no"),
    ("on", "on"),
    ("yes", "yes"),
    ("y", "y"),
    ("08:30", "08:30"),
    ("1:30:00", "1:30:00"),
    ("1.10", "1.10"),
    ("007", "007"),
    ("0o7", "0o7"),
    ("1e3", "1e3"),
    ("2027-01-11", "2027-01-11"),
    (".inf", ".inf"),
    ("=", "="),
    ("true", True),
    ("False", False),
    ("null", None),
    ("~", None),
    ("", None),
    ('"true"', "true"),
    ("'null'", "null"),
    ('""', ""),
    ("nULL", "nULL"),
]


@pytest.mark.parametrize(("written", "meaning"), WORDS, ids=[repr(row[0]) for row in WORDS])
def test_only_null_true_and_false_are_more_than_text(
    read: Read, written: str, meaning: object
) -> None:
    assert read(f"key: {written}\n").data == {"key": meaning}
    assert read(f"[{written or 'null'}]").data == [meaning]


def test_keys_are_always_text(read: Read) -> None:
    assert read("true: 1\nnull: 2\n3: 4\n~: 5\non: 6\n").data == {
        "true": "1",
        "null": "2",
        "3": "4",
        "~": "5",
        "on": "6",
    }


def test_every_duplicate_key_is_named_with_its_first_line(read: Read) -> None:
    document = read("a: 1\nb: {c: 1, c: 2}\na: 2\nd:\n  - {e: 1,\n     e: 2}\na: 3\n")
    assert noted(document) == [
        "2:11: duplicate key `c`, first on line 2",
        "3:1: duplicate key `a`, first on line 1",
        "6:6: duplicate key `e`, first on line 5",
        "7:1: duplicate key `a`, first on line 1",
    ]
    twin = read('{"a": 1,\n "a": 2, "b": {"c": 1, "c": 2}}', "file.json")
    assert noted(twin) == [
        "2:2: duplicate key `a`, first on line 1",
        "2:24: duplicate key `c`, first on line 2",
    ]


@st.composite
def objects(draw: st.DrawFn) -> tuple[str, list[tuple[int, tuple[str | int, ...]]]]:
    """A JSON text on lines of its own making, and where its duplicate keys stand: offset, path."""
    out: list[str] = []
    twice: list[tuple[int, tuple[str | int, ...]]] = []
    blanks = st.sampled_from(["", " ", "\n", "\n  "])

    def put(text: str) -> None:
        out.append(text)

    def value(path: tuple[str | int, ...], depth: int) -> None:
        put(draw(blanks))
        kind = draw(st.sampled_from(["text", "list", "object"] if depth < 3 else ["text"]))
        if kind == "text":
            put('"x"')
        elif kind == "list":
            put("[")
            for at in range(draw(st.integers(0, 3))):
                put("," if at else "")
                value((*path, at), depth + 1)
            put("]")
        else:
            put("{")
            seen = set()
            for at, key in enumerate(draw(st.lists(st.sampled_from("abc"), max_size=4))):
                put("," if at else "")
                put(draw(blanks))
                if key in seen:
                    twice.append((sum(map(len, out)), (*path, key)))
                seen.add(key)
                put(f'"{key}":')
                value((*path, key), depth + 1)
            put("}")
        put(draw(blanks))

    value((), 0)
    return "".join(out), twice


@given(objects())
def test_a_duplicate_key_of_json_is_told_at_its_own_place_and_path(
    made: tuple[str, list[tuple[int, tuple[str | int, ...]]]],
) -> None:
    text, twice = made
    _, _, problems = compose_json("x.json", text)
    lines = text.split("\n")
    found = [
        (sum(len(line) + 1 for line in lines[: one.position.line - 1]) + one.position.column - 1,
         one.path)
        for one in problems
    ]  # fmt: skip
    assert sorted(found) == sorted(twice)


@pytest.mark.parametrize("name", ["study.yaml", "study.json"])
def test_of_problems_that_are_alike_a_hundred_are_listed_and_all_are_counted(
    read: Read, problems: Problems, name: str
) -> None:
    keys = ",\n".join(['"a": 1'] * 5_000)
    found = problems("{" + keys + ',\n"format": 1, "id": 1,\n"id": 2}', name)
    assert len([line for line in found if "duplicate key" in line]) == MAX_ALIKE
    assert f"5002:1: and {5_000 - MAX_ALIKE:,} more such problems up to here" in found
    assert any("`title` is missing" in line for line in found), "what is unlike is not counted away"


def test_a_long_text_counts_as_much_as_it_is_long(read: Read) -> None:
    """Aliases repeat a text without a list or mapping that could be counted."""
    text = "long: &long " + "x" * 1_000_000 + "\nagain:\n"
    assert read(text + "  a: *long\n").data
    assert refusal(read, text + "".join(f"  a{n}: *long\n" for n in range(1_000)))[0].startswith(
        "15:8: the file has more than 200,000 values"
    )


def test_duplicate_keys_do_not_hide_what_else_is_wrong(sketch: str, problems: Problems) -> None:
    broken = sketch.replace("design: open-label", "design: open-labl\ndesign: open-label")
    assert [line.split(" (")[0][:40] for line in problems(broken)] == [
        "6:9: `design` cannot be `open-labl`; all",
        "7:1: duplicate key `design`, first on li",
    ]


REFUSED = [  # what is in the file, where the problem is, part of the message
    pytest.param("", "1:1", "the file is empty", id="empty"),
    pytest.param("# only a comment\n", "1:1", "the file is empty", id="only a comment"),
    pytest.param("\ufeff", "1:1", "the file is empty", id="only a byte order mark"),
    pytest.param("[" * 100_000, "1:33", "more than 32 levels", id="100,000 lists"),
    pytest.param("{a: " * 100_000, "1:129", "more than 32 levels", id="100,000 mappings"),
    pytest.param("- " * 100_000, "1:65", "more than 32 levels", id="100,000 dashes"),
    pytest.param("? " * 100_000, "1:3", "a key must be a word", id="100,000 question marks"),
    pytest.param(
        "".join(" " * level + "a:\n" for level in range(1000)),
        "33:33",
        "more than 32 levels",
        id="1,000 indented mappings",
    ),
    pytest.param("a: &a [*a]\n", "1:8", "`*a` refers to nothing complete", id="recursive anchor"),
    pytest.param("a: *b\n", "1:4", "`*b` refers to nothing complete", id="unknown alias"),
    pytest.param(
        "a: [" + "x," * 250_000 + "]", "1:400003", "more than 200,000 values", id="many entries"
    ),
    pytest.param("a:\n\tb: 1\n", "2:1", "a tab cannot indent; use spaces", id="tab"),
    pytest.param("a:\n  b: 1\n\tc: 1\n", "3:1", "a tab cannot indent", id="tab after spaces"),
    pytest.param("a: 1\n---\nb: 2\n", "3:1", "a file holds one document", id="two documents"),
    pytest.param("a: 1\n---\n", "3:1", "a file holds one document", id="an empty second document"),
    pytest.param("a: 1\n...\nb\n", "3:1", "a file holds one document", id="text after the end"),
    pytest.param("%YAML 2.0\n---\na: 1\n", "1:1", "another version than YAML 1.2", id="YAML 2.0"),
    pytest.param("b: &b {c: 1}\na:\n  <<: *b\n", "3:3", "write out what it", id="merge key"),
    pytest.param("? [a]\n: 1\n", "1:3", "a key must be a word, not a list", id="list as key"),
    pytest.param("{a: 1}: 2\n", "1:1", "a key must be a word", id="mapping as key"),
    pytest.param(
        "a: &x k\n*x : 2\n", "2:1", "a key must be a word, not an alias", id="alias as key"
    ),
    pytest.param("a: [1, 2\nb: 3\n", "1:4", "this `[` is never closed by a `]`", id="open list"),
    pytest.param("a: 'x\nb: 3\n", "1:4", "a quoted text does not end", id="open quote"),
    pytest.param("a: b: c\n", "1:5", "a text with a colon in it stands in quotes", id="two colons"),
    pytest.param("a: @b\n", "1:4", "`@` cannot start a value; put", id="reserved sign"),
    pytest.param("a:\n  b: 1\n c: 2\n", "3:2", "not YAML", id="crooked indentation"),
    pytest.param('a: "\\ud800"\n', "1:7", "invalid Unicode", id="half a surrogate pair"),
    pytest.param("a: 1\nbc: x\0y\n", "2:6", "control character U+0000", id="NUL"),
    pytest.param("a: \x1b[31m\n", "1:4", "control character U+001B", id="terminal escape"),
    pytest.param("a: x\u2028y\n", "1:5", "control character U+2028", id="line separator"),
    pytest.param("a: x\x85y\n", "1:5", "control character U+0085", id="next line"),
    pytest.param("a: x\ufeffy\n", "1:5", "control character U+FEFF", id="byte order mark inside"),
    pytest.param("a: 1".encode("utf-16"), "1:1", "the file is UTF-16", id="UTF-16"),
    pytest.param(
        "a: 1".encode("utf-16-be"), "1:1", "the file is UTF-16", id="UTF-16 without a mark"
    ),
    pytest.param("a: 1".encode("utf-32"), "1:1", "the file is UTF-32", id="UTF-32"),
    pytest.param("ä: ü\r\nö: é".encode() + b"\xe9", "2:5", "byte 0xE9", id="Latin-1"),
    pytest.param("ä: é".encode("latin-1"), "1:1", "not UTF-8 text (byte 0xE4)", id="Latin-1 key"),
    pytest.param(b"\xef\xbb\xbfa: \xff", "1:4", "byte 0xFF", id="bad byte behind a mark"),
    pytest.param(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "1:1", "this is a picture, not text", id="picture"
    ),
    pytest.param(b"PK\x03\x04\x14\0", "1:1", "this is a ZIP archive, not text", id="archive"),
    pytest.param(b"a: 1\n" * 2_100_000, "1:1", "the file is over 2 MiB", id="10 MiB"),
]


@pytest.mark.parametrize(("content", "place", "part"), REFUSED)
def test_a_broken_yaml_file_is_refused_at_its_place(
    read: Read, content: str | bytes, place: str, part: str
) -> None:
    first = refusal(read, content)[0]
    assert first.startswith(f"{place}: ")
    assert part in first


@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "[a, {b: ", "[é, "])
@pytest.mark.parametrize("times", [33, 300, 1_500])
@pytest.mark.parametrize("scanner", ["CLoader", "Loader"])
@pytest.mark.parametrize("after", ["", "@", "]}"])
def test_the_limit_of_depth_is_ours_whatever_the_scanners_is(
    read: Read, monkeypatch: pytest.MonkeyPatch, opened: str, times: int, scanner: str, after: str
) -> None:
    if scanner == "CLoader" and not yaml.__with_libyaml__:
        pytest.skip("this PyYAML was built without LibYAML")
    monkeypatch.setattr(yaml_reading, "_LOADER", getattr(yaml, scanner))
    text = opened * times
    levels = [place for place, sign in enumerate(text, 1) if sign in "[{-"]
    found = refusal(read, text + after)
    assert found == [f"1:{levels[32]}: nested more than 32 levels deep"]


REFUSED_JSON = [  # what is in the file, where the problem is, part of the message
    pytest.param("", "1:1", "the file is empty", id="empty"),
    pytest.param('{"a": 1,}', "1:10", "a comma may not stand before `}`", id="comma in an object"),
    pytest.param("[1,\n]", "2:2", "a comma may not stand before `]`", id="comma in a list"),
    pytest.param('{"a": NaN}', "1:7", "a value is expected", id="not a number"),
    pytest.param('{"a": -Infinity}', "1:7", "a value is expected", id="infinity"),
    pytest.param('{"a": 01}', "1:8", "`,` or `}` is expected", id="leading zero"),
    pytest.param('{"a": nullx}', "1:11", "`,` or `}` is expected", id="unknown word"),
    pytest.param("[1 2]", "1:4", "`,` or `]` is expected", id="no comma"),
    pytest.param("{'a': 1}", "1:2", "double quotes", id="single quotes"),
    pytest.param("{a: 1}", "1:2", "double quotes", id="no quotes"),
    pytest.param('{"a" 1}', "1:6", "`:` is expected", id="no colon"),
    pytest.param('{"a": "x\ny"}', "1:7", "without line breaks", id="line break in a text"),
    pytest.param('{"a": "x', "1:7", "double quotes", id="open text"),
    pytest.param('{"a": "\\x41"}', "1:7", "double quotes", id="unknown escape"),
    pytest.param("// no\n{}", "1:1", "a value is expected", id="comment"),
    pytest.param('{"a": 1} {}', "1:10", "nothing may follow the value", id="two values"),
    pytest.param("[" * 100_000, "1:33", "more than 32 levels", id="100,000 lists"),
    pytest.param('{"a":' * 100_000, "1:161", "more than 32 levels", id="100,000 objects"),
    pytest.param(
        "[" + "0," * 750_000 + "0]", "1:1200000", "more than 600,000 values", id="many entries"
    ),
]


@pytest.mark.parametrize(("content", "place", "part"), REFUSED_JSON)
def test_a_broken_json_file_is_refused_at_its_place(
    read: Read, content: str, place: str, part: str
) -> None:
    first = refusal(read, content, "file.json")[0]
    assert first.startswith(f"{place}: ")
    assert part in first


def test_a_bomb_of_aliases_is_refused_before_it_expands(read: Read) -> None:
    """Nine times nine times nine ...: a billion laughs in a few hundred characters."""
    lines = ["a: &a [" + ", ".join(["ha"] * 9) + "]"]
    for before, name in zip("abcdefghijk", "bcdefghijkl", strict=True):
        lines.append(f"{name}: &{name} [" + ", ".join([f"*{before}"] * 9) + "]")
    found = refusal(read, "\n".join(lines))
    assert found == [
        "6:20: the file has more than 200,000 values, or its aliases expand without bound"
    ]


def test_an_anchor_used_within_bounds_is_read(read: Read) -> None:
    document = read("a: &a {x: [1]}\nb: *a\n&k c: *k\n")
    assert document.data == {"a": {"x": ["1"]}, "b": {"x": ["1"]}, "c": "c"}
    assert document.value_position(("b", "x", 0)) == (1, 12)


def test_tags_are_named_and_the_reading_goes_on(read: Read) -> None:
    document = read("a: !!str 5\nb: !!python/object/apply:os.system [ls]\nc: ! x\n")
    assert document.data == {"a": "5", "b": ["ls"], "c": "x"}
    assert noted(document) == [
        "1:4: tags are not used here: `!!str`",
        "2:4: tags are not used here: `!!python/object/apply:os.system`",
    ]


def test_every_control_character_is_named_up_to_a_limit(read: Read) -> None:
    found = refusal(read, "a: \x07\nb: 1\nc: x\x00\n")
    assert found == [
        "1:4: control character U+0007 in the file",
        "3:5: control character U+0000 in the file",
    ]
    assert len(refusal(read, "\0" * 1000)) == 20


def test_an_escape_makes_no_control_character(read: Read) -> None:
    document = read('a: "x\\ay"\n"b\\0": 1\nc: "one\\ntwo\\tthree"\nd: "\\r"\n')
    assert noted(document) == [
        "1:4: an escape makes a control character here",
        "2:1: an escape makes a control character here",
        "4:4: an escape makes a control character here",
    ]
    assert document.data == {"a": "x\ufffdy", "b\ufffd": "1", "c": "one\ntwo\tthree", "d": "\ufffd"}
    twin = read('{"a": "\\u0007", "b": "\\n", "c": "\\ud83d\\ude00", "d": "\\ud83d"}', "f.json")
    assert noted(twin) == [
        "1:7: an escape makes a control character here",
        "1:54: an escape makes a control character here",
    ]
    assert twin.data == {"a": "\ufffd", "b": "\n", "c": "😀", "d": "\ufffd"}


def test_the_directive_of_yaml_1_2_is_read(read: Read) -> None:
    assert read("%YAML 1.2\n---\na: off\n...\n").data == {"a": "off"}


def test_a_byte_order_mark_is_no_part_of_the_text(read: Read) -> None:
    document = read(b"\xef\xbb\xbfa: 1\n")
    assert document.data == {"a": "1"}
    assert document.key_position(("a",)) == (1, 1)


BLOCK = """\
a: 1
b:
  - x
  - c: 2
    d: [é😀, {e: 3}]
f: {g: [1, 2],
    h: 4}
"""
POSITIONS: list[tuple[tuple[str | int, ...], Position, Position]] = [  # path, key, value
    (("a",), Position(1, 1), Position(1, 4)),
    (("b",), Position(2, 1), Position(3, 3)),
    (("b", 0), Position(3, 5), Position(3, 5)),
    (("b", 1), Position(4, 5), Position(4, 5)),
    (("b", 1, "c"), Position(4, 5), Position(4, 8)),
    (("b", 1, "d"), Position(5, 5), Position(5, 8)),
    (("b", 1, "d", 0), Position(5, 9), Position(5, 9)),
    (("b", 1, "d", 1, "e"), Position(5, 14), Position(5, 17)),
    (("f", "g", 1), Position(6, 12), Position(6, 12)),
    (("f", "h"), Position(7, 5), Position(7, 8)),
]


@pytest.mark.parametrize(("path", "key", "value"), POSITIONS, ids=[str(r[0]) for r in POSITIONS])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_positions_of_keys_and_values_count_from_one_in_characters(
    read: Read, path: tuple[str | int, ...], key: Position, value: Position, line_end: str
) -> None:
    document = read(BLOCK.replace("\n", line_end))
    assert document.key_position(path) == key
    assert document.value_position(path) == value
    assert document.lines[value.line - 1] == BLOCK.split("\n")[value.line - 1]


def test_positions_in_json_are_those_of_the_text(read: Read) -> None:
    document = read('{"a": 1,\r\n "b": [true, {"ü": null}]}', "file.json")
    assert document.data == {"a": "1", "b": [True, {"ü": None}]}
    assert document.key_position(("b",)) == (2, 2)
    assert document.value_position(("b", 0)) == (2, 8)
    assert document.key_position(("b", 1, "ü")) == (2, 15)
    assert document.value_position(("b", 1, "ü")) == (2, 20)


def test_a_step_the_file_lacks_keeps_the_position_of_what_encloses_it(read: Read) -> None:
    document = read("a:\n  b: 1\n")
    assert document.value_position(("a", 0, "b")) == (2, 6)
    assert document.value_position(("a", "c")) == (2, 3)
    assert document.value_position(("z",)) == (1, 1)


# Where no file can be read at all.


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    for action in (load_protocol, read_document):
        with pytest.raises(PlannerError, match="is a directory; name a file in it"):
            action(str(tmp_path))


def test_a_folder_of_a_protocols_name_does_not_hide_the_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mapp1").mkdir()
    assert locate("mapp1").endswith("mapp1.yaml")
    (tmp_path / "mapp1").rmdir()
    (tmp_path / "mapp1").write_text("a file of the user's own")
    assert locate("mapp1") == "mapp1"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_a_file_without_permission_is_said(write: Write) -> None:
    path = write("a: 1\n")
    os.chmod(path, 0)
    try:
        with pytest.raises(PlannerError, match="permission denied"):
            load_protocol(path)
    finally:
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (PermissionError(13, "Permission denied"), "permission denied"),
        (OSError(5, "Input/output error"), "input/output error"),
        (OSError(), "refused by the system"),
    ],
    ids=["no permission", "broken disk", "no reason"],
)
def test_a_file_that_cannot_be_opened_is_said_with_the_reason(
    write: Write, monkeypatch: pytest.MonkeyPatch, error: OSError, part: str
) -> None:
    path = write("a: 1\n")

    def refuse(*arguments: object, **more: object) -> None:
        raise error

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(PlannerError) as caught:
        load_protocol(path)
    assert str(caught.value) == f"{path}: {part}"


MISSING = [  # what the user named, part of the message
    ("mapp", "did you mean `mapp"),
    ("MAPP1", "did you mean `mapp1`?"),
    ("mapp1.yaml", "did you mean `mapp1`?"),
    ("studies/mapp1.yml", "did you mean `mapp1`?"),
    ("psilodep1", "did you mean `psilodep-1`?"),
    ("nothing-like-it", "`planner list` shows the library"),
    ("a\0b.yaml", "no such file"),
    ("\x1b[31m.yaml", "no such file"),
    ("x" * 5000, "no such file"),
    ("../../etc", "no such file"),
]


@pytest.mark.parametrize(("name", "part"), MISSING, ids=[repr(row[0][:20]) for row in MISSING])
def test_a_missing_file_is_said_with_the_nearest_protocol_of_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlannerError) as caught:
        load_protocol(name)
    assert part in str(caught.value)
    assert "no such file" in str(caught.value)


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json", ".xml"])
def test_a_missing_file_is_said_with_the_one_that_has_its_suffix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"mapp{suffix}").touch()
    with pytest.raises(PlannerError, match=f"did you mean `mapp{suffix}`"):
        load_protocol("mapp")


def test_an_empty_name_names_no_file() -> None:
    for action in (load_protocol, read_document):
        with pytest.raises(PlannerError, match="an empty name names no file"):
            action("")


class _Input:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_a_dash_reads_standard_input(sketch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(sketch.encode()))
    file = load_protocol("-")
    assert (file.path, file.protocol.id) == ("-", "example-two-session")
    monkeypatch.setattr(sys, "stdin", _Input(json.dumps({"format": 2}).encode()))
    with pytest.raises(DocumentError, match=r"^-:1:1: `id` is missing"):
        load_protocol("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(PlannerError, match="no standard input"):
        load_protocol("-")


# Whatever the bytes are, the answer is a model or a message.


def survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    found: DocumentError | None = None
    try:
        load_protocol(str(path))
    except DocumentError as error:
        found = error
    if found is not None:
        assert found.problems
        for problem in found.problems:
            assert problem.position.line >= 1
            # What is no text has no lines, and still a place.
            assert problem.position.line <= len(found.lines) or not found.lines
            assert problem.position.column >= 1
            assert "\n" not in problem.message
            problem.message.encode()


fuzzy = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(content=st.binary(max_size=200), suffix=st.sampled_from((".yaml", ".json")))
@fuzzy
def test_no_bytes_raise_anything_but_a_planner_error(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    survives(tmp_path / f"file{suffix}", content)


@given(content=st.text(st.sampled_from(list("abc:-?[]{}&*!|>'\"%@`#,<~ \t\n\\01.")), max_size=60))
@fuzzy
def test_no_signs_of_yaml_raise_anything_but_a_planner_error(tmp_path: Path, content: str) -> None:
    survives(tmp_path / "file.yaml", content.encode())


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(data=st.data())
@fuzzy
def test_no_value_at_any_place_raises_anything_but_a_planner_error(
    tmp_path: Path, sketch_data: dict[str, Any], data: st.DataObject
) -> None:
    """Puts a value of any shape at any place of a good file."""
    whole = json.loads(json.dumps(sketch_data))
    here: Any = whole
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(here[key], (dict, list)) and here[key] and data.draw(st.booleans()):
            here = here[key]
            continue
        if isinstance(here, dict) and data.draw(st.booleans()):
            here[data.draw(st.text(max_size=8))] = here.pop(key)
        else:
            here[key] = data.draw(values)
        break
    survives(tmp_path / "file.json", json.dumps(whole).encode())


@given(seed=st.integers(0, 2**32))
@fuzzy
def test_no_damage_to_a_good_file_raises_anything_but_a_planner_error(
    tmp_path: Path, sketch: str, seed: int
) -> None:
    chance = random.Random(seed)
    content = bytearray(sketch.encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.randint(1, 20)]
        elif kind == 2:
            content[at:at] = chance.choice((b"\t", b": ", b"- ", b"\n", b"{", b"&a ", b"*a", b"'"))
        else:
            lines = content.split(b"\n")
            chance.shuffle(lines)
            content = bytearray(b"\n".join(lines))
    survives(tmp_path / "file.yaml", bytes(content))


def test_a_file_of_the_library_that_changed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path(load_protocol("mdlsd").path).read_text(encoding="utf-8")
    monkeypatch.setattr("planner.protocol.library.library_folder", lambda: str(tmp_path))
    copy = tmp_path / "mdlsd.yaml"
    copy.write_text(text, encoding="utf-8")
    first = load_protocol("mdlsd")
    assert load_protocol("mdlsd") is first
    copy.write_text(text.replace("healthy men", "healthy women"), encoding="utf-8")
    assert load_protocol("mdlsd").protocol.condition == "healthy women"
