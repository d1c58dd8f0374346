"""Mistakes that everybody makes with files, and that the message says what to write instead."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol import yaml_reading
from planner.protocol.document import DocumentError
from planner.protocol.yaml_reading import compose_yaml
from planner.time.date import parse_date
from planner.time.distance import UnitError, parse_distance, parse_window

Planner = Callable[..., Any]

PROTOCOL = """\
format: 1
id: x
title: A study
version: "1"
status: illustrative
design: open-label
anchor: a
epochs:
  - id: e
    visits:
      - id: a
        title: First visit
        duration: 2h
      - {id: b, duration: 90min, after: {visit: a, within: 1d..7d}}
"""
SITE = """\
format: 1
id: s
title: A site
timezone: UTC
hours:
  monday: 08:00-16:00
  tuesday: 08:00-16:00
closures:
  - from: 2027-01-04
    to: 2027-01-05
    reason: Holidays
"""
RECORD = """\
participant: P0001
start: 2027-01-11
visits:
  - visit: baseline
    status: planned
    start: 2027-01-11
    note: A note
"""
PARTICIPANTS = "code,start,arm\nP0001,2027-01-11,\n"
VISITS = "visit,status,start\nbaseline,planned,2027-01-11\n"

COMMANDS = {
    "protocol.yaml": ("validate", "FILE"),
    "site.yaml": ("timeline", "mapp1", "--start", "2027-01-11", "--site", "FILE"),
    "record.yaml": ("timeline", "mapp1", "--records", "FILE"),
    "P0001.csv": ("timeline", "mapp1", "--records", "FILE"),
    "people.csv": ("export", "mapp1", "--participants", "FILE", "--no-state", "-o", "OUT"),
}
TEXTS = {
    "protocol.yaml": PROTOCOL, "site.yaml": SITE, "record.yaml": RECORD, "P0001.csv": VISITS,
    "people.csv": PARTICIPANTS,
}  # fmt: skip
YAML = ["protocol.yaml", "site.yaml", "record.yaml"]
CSV = ["P0001.csv", "people.csv"]


@pytest.fixture
def told(planner: Planner, tmp_path: Path) -> Callable[[str, str | bytes], str]:
    """What is said of a file that cannot be read, all on one line."""

    def told(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        places = {"FILE": str(path), "OUT": str(tmp_path / "out.ics")}
        result = planner(*(places.get(word, word) for word in COMMANDS[name]))
        assert result.code == 2
        assert name in result.out + result.err
        return " ".join((result.out + result.err).split())

    return told


Told = Callable[[str, str | bytes], str]


def changed(name: str, old: str, new: str) -> str:
    assert TEXTS[name].count(old) >= 1, old
    return TEXTS[name].replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "hint"),
    [
        ("protocol.yaml", "title: A study", "title: Study: X", 'write `title: "Study: X"`'),
        ("protocol.yaml", "title: First visit", "title: First: why", 'write `title: "First: why"`'),
        ("protocol.yaml", "{id: b,", "{id: b, title: Last: why,", 'write `title: "Last: why"`'),
        ("site.yaml", "title: A site", "title: Site: X", 'write `title: "Site: X"`'),
        ("site.yaml", "reason: Holidays", "reason: Closed: why", 'write `reason: "Closed: why"`'),
        ("record.yaml", "note: A note", 'note: Said: "no"', 'write `note: "Said: \\"no\\""`'),
    ],
)
def test_a_text_with_a_colon_is_shown_in_quotes(
    told: Told, name: str, old: str, new: str, hint: str
) -> None:
    said = told(name, changed(name, old, new))
    assert "a text with a colon in it stands in quotes" in said
    assert hint in said


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "protocol.yaml",
            "        duration: 2h",
            "       duration: 2h",
            "by 7, its neighbours by 8",
        ),
        ("protocol.yaml", "    visits:", "   visits:", "by 3, its neighbours by 4"),
        ("protocol.yaml", "anchor: a", " anchor: a", "by 1, and the line above, by 0, has a value"),
        ("site.yaml", "  tuesday", " tuesday", "by 1, its neighbours by 2"),
        ("site.yaml", "    to:", "      to:", "by 6, and the line above, by 4, has a value"),
        ("record.yaml", "    status", "   status", "by 3, its neighbours by 4"),
        ("record.yaml", "    note", "  note", "a `key: value` line stands among list entries"),
    ],
)
def test_a_wrong_indentation_is_told_in_columns(
    told: Told, name: str, old: str, new: str, said: str
) -> None:
    found = told(name, changed(name, old, new))
    assert said in found
    assert "block mapping" not in found
    assert "expected key" not in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("duration: 2h", "duration: 1,5h", "`1,5h` is not a distance; write `90min`"),
        ("duration: 2h", "duration: 1.5h", "`1.5h` is not a distance; write `90min`"),
        (
            "duration: 90min",
            "duration: 1,5h",
            "`1,5h` is cut in two at its comma",
        ),
        ("duration: 90min", "duration: 0.25 h", "write `15min`"),
        ("within: 1d..7d", "within: 1..7", "write `1d..7d` for days"),
        ("within: 1d..7d", "within: 1..7d", "write `1d..7d`"),
        ("within: 1d..7d", "target: 1,5d", "write `36h` for elapsed time, or whole days"),
    ],
)
def test_numbers_and_units_are_shown_as_they_are_written(
    told: Told, old: str, new: str, said: str
) -> None:
    found = told("protocol.yaml", changed("protocol.yaml", old, new))
    assert said in found
    assert "unknown key" not in found


@pytest.mark.parametrize("name", CSV)
@pytest.mark.parametrize(("sign", "word"), [("|", "bars")])
def test_other_signs_between_columns_are_named(told: Told, name: str, sign: str, word: str) -> None:
    said = told(name, TEXTS[name].replace(",", sign))
    assert f"the columns are separated by {word} (separate the columns with commas" in said


@pytest.mark.parametrize("name", YAML + CSV)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_is_named(told: Told, name: str, encoding: str) -> None:
    said = told(name, TEXTS[name].encode(encoding))
    assert f"the file is UTF-{encoding[4:6]}" in said
    assert "save it as UTF-8" in said


@pytest.mark.parametrize("name", YAML + CSV)
def test_an_old_encoding_is_told_at_its_letter(told: Told, name: str) -> None:
    said = told(name, (TEXTS[name] + "#\xe9\n").encode("latin-1"))
    assert f":{TEXTS[name].count(chr(10)) + 1}:2: " in said
    assert "not UTF-8 text (byte 0xE9)" in said
    assert "save it as UTF-8" in said


@pytest.mark.parametrize(
    ("name", "old"),
    [("protocol.yaml", "anchor: a"), ("site.yaml", "2027-01-04"), ("record.yaml", "2027-01-11"),
     ("P0001.csv", "2027-01-11"), ("people.csv", "2027-01-11")],
)  # fmt: skip
def test_the_number_that_a_spreadsheet_makes_of_a_date_is_told_as_that_date(
    told: Told, name: str, old: str
) -> None:
    new = "anchor: a\ndate: 46398" if name == "protocol.yaml" else "46398"
    said = told(name, changed(name, old, new))
    assert "`46398` is" in said
    assert "in Excel it is 2027-01-11" in said


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize("name", YAML + CSV)
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (packed("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
        (packed("[Content_Types].xml", "word/document.xml"), "a Word document"),
        (packed("notes.txt"), "a ZIP archive"),
        (b"%PDF-1.7\n\x80\x81", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Excel workbook"),
    ],
    ids=["xlsx", "docx", "zip", "pdf", "xls"],  # an archive's bytes hold the time of day
)
def test_a_file_of_another_program_is_named_in_one_line(
    told: Told, name: str, content: bytes, kind: str
) -> None:
    said = told(name, content)
    assert f"this is {kind}" in said
    assert "not text" in said
    if kind == "an Excel workbook":
        assert "save the sheet as CSV UTF-8" in said
    assert len(said) < 400
    assert said.isprintable()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("site.yaml", PROTOCOL, "is a protocol, not a site file"),
        ("site.yaml", RECORD, "is a participant's record, not a site file"),
        ("record.yaml", PROTOCOL, "is a protocol, not a participant's record"),
        ("record.yaml", SITE, "is a site file, not a participant's record"),
    ],
)
def test_one_of_our_files_given_for_another_is_named(
    told: Told, name: str, text: str, said: str
) -> None:
    found = told(name, text)
    assert said in found
    assert "is missing" not in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SITE, "is a site file, not a protocol; `--site` takes it"),
        (RECORD, "is a participant's record, not a protocol; `--records` takes it"),
        ('{"protocols": "mapp1"}', "is a study's defaults, not a protocol; `--config` takes it"),
    ],
)
def test_a_file_of_the_study_is_no_protocol_to_plan(
    planner: Planner, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    result = planner("timeline", str(path), "--start", "2027-01-11")
    assert result.code == 2
    assert said in result.err


BROKEN = [  # a line of YAML, and what is wrong with it
    ('title: "A" and B', "nothing may stand behind the end of a quoted text"),
    ("title: 'it's'", "an apostrophe in single quotes is written twice"),
    ("title: [a] b", "nothing may stand behind the `]`"),
    ("title: {a: 1", "this `{` is never closed by a `}`"),
    ('title: "a\\d"', "a backslash in double quotes begins an escape"),
    ('title: "open', "a quoted text does not end"),
    ("title: * new", "put the text in quotes"),
    ("title: & more", "put the text in quotes"),
    ("title: @home", "put the value in quotes"),
    ("title: - a", "put the text in quotes"),
    ("title: > 60", "or put it in quotes"),
    ("title A study", "write `title: A study`"),
    ("title:A study", "write `title: A study`"),
    (": a", "a line begins with its key"),
]


@pytest.mark.parametrize("loader", ["CLoader", "Loader"])
@pytest.mark.parametrize(("line", "said"), BROKEN, ids=[line for line, _ in BROKEN])
def test_a_line_that_is_no_yaml_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, loader: str, line: str, said: str
) -> None:
    if not hasattr(yaml, loader):
        pytest.skip("this PyYAML was built without LibYAML")
    monkeypatch.setattr(yaml_reading, "_LOADER", getattr(yaml, loader))
    with pytest.raises(DocumentError) as caught:
        compose_yaml("x.yaml", f"{line}\nid: x\nversion: y\n")
    assert said in str(caught.value)
    assert str(caught.value).startswith("x.yaml:1:")


@given(
    st.sampled_from([PROTOCOL, SITE, RECORD]),
    st.integers(0, 13),
    st.integers(0, 12),
    st.sampled_from(["indent", "colon", "cut", "sign"]),
    st.sampled_from(list("{}[],:-?*&!|>'\"%@`#\t\\ ")),
)
def test_a_mutilated_line_is_told_within_the_file_and_without_the_scanners_words(
    text: str, number: int, amount: int, how: str, sign: str
) -> None:
    lines = text.split("\n")
    number %= len(lines) - 1
    line = lines[number]
    lines[number] = {
        "indent": " " * amount + line.lstrip(),
        "colon": f"{line}: more",
        "cut": line[:amount],
        "sign": line[:amount] + sign + line[amount:],
    }[how]
    try:
        compose_yaml("x.yaml", "\n".join(lines))
    except DocumentError as error:
        for problem in error.problems:
            assert 1 <= problem.position.line <= len(lines)
            assert 1 <= problem.position.column <= max(map(len, lines)) + 1
            for word in ("while", "did not find", "expected", "token", "scalar", "block"):
                assert word not in problem.message


@given(st.integers(0, 999_999), st.integers(1, 6), st.sampled_from(["h", "d", "w", "y"]))
def test_a_fraction_is_shown_as_the_same_length_in_a_smaller_unit(
    number: int, digits: int, unit: str
) -> None:
    whole, fraction = divmod(number, 10**digits)
    for sign in ".,":
        with pytest.raises(UnitError) as caught:
            parse_distance(f"{whole}{sign}{fraction:0{digits}d}{unit}")
        shown = str(caught.value).rpartition("write ")[2]
        if shown.startswith("a whole number"):
            continue
        smaller = {"h": ("min", 60), "d": ("h", 24), "w": ("d", 7), "y": ("mo", 12)}[unit]
        amount = int(shown.split("`")[1].removesuffix(smaller[0]))
        assert amount * 10**digits == number * smaller[1]


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["", "d", "w"]))
def test_ends_without_a_unit_are_shown_with_one(first: int, last: int, unit: str) -> None:
    low, high = sorted((first, last))
    for text in (f"{low}..{high}{unit}", f"{low}{unit}..{high}") if unit else (f"{low}..{high}",):
        with pytest.raises(UnitError) as caught:
            parse_window(text)
        shown = str(caught.value).rpartition("write `")[2].partition("`")[0]
        assert shown == f"{low}{unit or 'd'}..{high}{unit or 'd'}"
        parse_window(shown)


@given(st.dates(min_value=parse_date("1930-01-01"), max_value=parse_date("2173-01-01")))
def test_a_spreadsheets_number_of_a_day_is_that_day(day: Any) -> None:
    number = (day - parse_date("1900-03-01")).days + 61  # Excel knows of 29 February 1900
    with pytest.raises(UnitError, match=day.isoformat()):
        parse_date(str(number))


def test_a_disagreement_with_one_reading_is_refused_with_the_reason(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "p.yaml"
    text = (Path(__file__).parents[2] / "examples" / "two-sessions.yaml").read_text("utf-8")
    path.write_text(
        f"{text}disagreements:\n"
        "  - {about: endpoint, what: when, readings: {design: at week 8}, follows: design}\n",
        "utf-8",
    )
    result = planner("timeline", str(path), "--start", "2027-01-11")
    assert result.code == 2
    assert "`readings`: at least 2 entries are expected, found 1" in result.err
