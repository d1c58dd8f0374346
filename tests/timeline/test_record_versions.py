"""The version that holds is written into a record's text, and nothing else of it changes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.timeline.record_reading import read_record
from planner.timeline.record_versions import csv_as_yaml, with_version

START = date(2027, 3, 1)
NEW = '{version: "2.0", from: 2027-03-01}'


def edited(content: str, name: str = "P1.yaml") -> str:
    return with_version(name, content.encode(), "2.0", START).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "participant: P1  # code\nprotocol: a # id\n\n# all\nvisits: []\n",
            "participant: P1  # code\nprotocol: a # id\nversions:\n  - NEW\n\n# all\nvisits: []\n",
        ),
        ("participant: P1", "participant: P1\nversions:\n  - NEW\n"),
        ("participant: P1\r\narm: a\r\n", "participant: P1\r\nversions:\r\n  - NEW\r\narm: a\r\n"),
        (
            "versions:\n- version: '1' # one\n  from: 2026-01-01\n# code\nparticipant: P1\n",
            "versions:\n- version: '1' # one\n  from: 2026-01-01\n- NEW\n# code\nparticipant: P1\n",
        ),
        (
            "participant: P1\nversions: [{version: '1', from: 2026-01-01}] # one\narm: a\n",
            "participant: P1\nversions: [{version: '1', from: 2026-01-01}, NEW] # one\narm: a\n",
        ),
        ("participant: P1\nversions: []\n", "participant: P1\nversions: [NEW]\n"),
        ("{participant: P1, arm: a}\n", "{participant: P1, versions: [NEW], arm: a}\n"),
        ("participant: >-\n  P1\narm: a\n", "participant: >-\n  P1\narm: a\nversions:\n  - NEW\n"),
    ],
)  # fmt: skip
def test_yaml_keeps_its_comments_order_and_line_ends(before: str, after: str) -> None:
    assert edited(before) == after.replace("NEW", NEW)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{\n  "participant": "P1",\n  "visits": []\n}\n',
            (
                '{\n  "participant": "P1",\n  "versions":'
                ' [{"version": "2.0", "from": "2027-03-01"}],\n  "visits": []\n}\n'
            ),
        ),
        (
            '{"participant": "P1"}',
            '{"versions": [{"version": "2.0", "from": "2027-03-01"}], "participant": "P1"}',
        ),
        (
            '{"versions": [{"version": "1", "from": "2026-01-01"}], "participant": "P1"}',
            (
                '{"versions": [{"version": "1", "from": "2026-01-01"},'
                ' {"version": "2.0", "from": "2027-03-01"}], "participant": "P1"}'
            ),
        ),
        (
            (
                '{\n  "versions": [\n    {"version": "1", "from": "2026-01-01"}\n  ],\n'
                '  "participant": "P1"\n}'
            ),
            (
                '{\n  "versions": [\n    {"version": "1", "from": "2026-01-01"},\n'
                '    {"version": "2.0", "from": "2027-03-01"}\n  ],\n  "participant": "P1"\n}'
            ),
        ),
    ],
)
def test_json_keeps_its_layout(before: str, after: str) -> None:
    assert edited(before, "P1.json") == after


def test_a_byte_order_mark_stays() -> None:
    content = b"\xef\xbb\xbfparticipant: P1\n"
    assert with_version("P1.yaml", content, "2.0", START).startswith(content[:-1])


def test_a_version_with_quotes_is_quoted() -> None:
    text = with_version("P1.yaml", b"participant: P1\n", 'two "b" #1: [x]', START).decode()
    assert 'version: "two \\"b\\" #1: [x]"' in text


def test_where_no_place_is_found_it_is_to_be_written_by_hand() -> None:
    # The list is an alias: one more entry there would be one more in two places.
    content = (
        "facts: {a: &list 1}\nparticipant: P1\nversions: &v\n  - &one {version: '1', from:"
        " 2026-01-01}\nnote: *v\n"
    )
    with pytest.raises(PlannerError, match="by hand"):
        edited(content)


words = st.text(st.sampled_from("ab1 #:-'\"\\[]{}, \té=&*!"), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(words, max_size=4), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_the_lines_that_were_there_stay_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, comments: list[str], has_versions: bool, end: str
) -> None:
    lines = ["participant: P1", "protocol: small", "visits:", "  - {visit: a, status: planned}"]
    if has_versions:
        lines[1:1] = ["versions:", "  - version: '1'", "    from: 2026-01-01"]
    for at, comment in enumerate(comments):
        lines.insert(at, f"# {comment}")
        lines[-1] += f"  # {comment}"
    content = end.join([*lines, ""])
    path = tmp_path_factory.mktemp("record") / "P1.yaml"
    path.write_bytes(with_version("P1.yaml", content.encode(), "2.0", START))
    kept = path.read_bytes().decode().split(end)
    assert [line for line in kept if line not in ("versions:", f"  - {NEW}")] == [
        line for line in [*lines, ""] if line != "versions:"
    ]
    record = read_record(str(path)).record
    assert [one.version for one in record.versions] == [*(["1"] if has_versions else []), "2.0"]
    assert record.versions[-1].start == START


def test_a_record_in_csv_says_the_same_as_yaml(tmp_path: Path) -> None:
    path = tmp_path / "P1.csv"
    path.write_text(
        "visit,occurrence,status,start,end,reason,note\n"
        "dosing,1,occurred,2027-01-27T09:00,2027-01-28T09:00,,\n"
        "dosing,2,missed,,,\"no, ill: 'flu' #1\",true\n"
    )
    file = read_record(str(path))
    target = tmp_path / "P1.yaml"
    target.write_bytes(csv_as_yaml(file, "2.0", START))
    again = read_record(str(target)).record
    assert again.visits == file.record.visits
    assert again.participant == "P1"
    assert [one.version for one in again.versions] == ["2.0"]
