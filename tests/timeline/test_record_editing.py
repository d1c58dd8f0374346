"""A changed record is written into its file's text, and nothing else of it changes."""

import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.timeline.record import Record
from planner.timeline.record_changes import plain
from planner.timeline.record_editing import edited_record
from planner.timeline.record_reading import record_of_text

YAML = """\
# The first participant.
participant: P0001  # a code
protocol: mapp1

# What took place.
visits:
  - {visit: screening, status: occurred, start: 2026-12-14}  # by phone
  # Not yet sure.
  - visit: dosing
    occurrence: 1
    status: booked
    start: 2027-01-27T09:00
  - {visit: prep-1, status: booked, start: 2026-12-28T10:00}

# The end.
"""
CSV = """\
# made by hand
visit;status;start;reason
screening;occurred;14.12.2026;
# in doubt
prep-1;booked;2026-12-28T10:00;"late; by train"
"""
NEW_LINE = {"visit": "prep-2", "status": "occurred", "start": "2027-01-04", "reason": "a #1 bed"}


def changed(text: str, name: str = "P0001.yaml", **changes: Any) -> str:
    record = record_of_text(name, text.replace("\r\n", "\n")).record
    data = {**plain(record), **changes}
    data = {key: value for key, value in data.items() if value is not None}
    new = Record.model_validate(data, by_alias=True, by_name=False)
    return edited_record(name, text.encode(), new).decode()


def lines_of(text: str, name: str = "P0001.yaml") -> list[dict[str, Any]]:
    return [dict(line) for line in plain(record_of_text(name, text).record)["visits"]]


def test_a_visit_is_added_behind_the_others() -> None:
    text = changed(YAML, visits=[*lines_of(YAML), NEW_LINE])
    line = '  - {visit: prep-2, status: occurred, start: 2027-01-04, reason: "a #1 bed"}\n'
    assert text == YAML.replace("\n\n# The end.", f"\n{line}\n# The end.")


def test_a_visit_is_replaced_and_the_remark_beside_it_stays() -> None:
    lines = lines_of(YAML)
    lines[0]["start"] = "2026-12-15"
    lines[2]["status"] = "occurred"
    text = changed(YAML, visits=lines)
    assert text == YAML.replace("2026-12-14}", "2026-12-15}").replace(
        "prep-1, status: booked, start: 2026-12-28T10:00}",
        'prep-1, status: occurred, start: "2026-12-28T10:00"}',
    )


def test_a_visit_on_several_lines_is_replaced() -> None:
    lines = lines_of(YAML)
    lines[1]["status"] = "missed"
    text = changed(YAML, visits=lines)
    old = YAML[YAML.index("  - visit: dosing") : YAML.index("  - {visit: prep-1")]
    new = '  - {visit: dosing, occurrence: 1, status: missed, start: "2027-01-27T09:00"}\n'
    assert text == YAML.replace(old, new)


def test_a_visit_is_removed() -> None:
    text = changed(YAML, visits=lines_of(YAML)[:2])
    assert text == re.sub(r"  - \{visit: prep-1.*\n", "", YAML)


def test_entries_of_the_record_are_added_changed_and_removed() -> None:
    text = changed(YAML, withdrawn="2027-02-01", facts={"f": True}, protocol="mapp2")
    assert text == YAML.replace(
        "protocol: mapp1\n", "protocol: mapp2\nfacts: {f: true}\nwithdrawn: 2027-02-01\n"
    )
    assert changed(text, withdrawn=None, facts=None, protocol="mapp1") == YAML


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    text = "\ufeff" + YAML.replace("\n", "\r\n")
    edited = changed(text, visits=[*lines_of(YAML), NEW_LINE])
    assert edited.startswith("\ufeff# The first")
    assert edited.count("\r\n") == edited.count("\n") == YAML.count("\n") + 1


def test_a_text_without_a_line_end_at_its_end_is_continued() -> None:
    text = "participant: P0001"
    assert changed(text, visits=[NEW_LINE]).splitlines()[:2] == ["participant: P0001", "visits:"]
    text = "participant: P0001\nvisits:\n- {visit: a, status: planned}"
    edited = changed(text, visits=[*lines_of(text), NEW_LINE])
    assert edited.startswith(f"{text}\n- {{visit: prep-2,")


def test_csv_keeps_its_columns_its_separators_and_its_comments() -> None:
    lines = lines_of(CSV, "P0001.csv")
    lines[1]["status"] = "missed"
    new = {key: NEW_LINE[key] for key in ("visit", "status", "start")}
    text = changed(CSV, "P0001.csv", visits=[*lines, new])
    assert text == CSV.replace("prep-1;booked", "prep-1;missed") + "prep-2;occurred;2027-01-04;\n"


def test_csv_without_a_column_for_a_value_gets_all_columns() -> None:
    text = changed(CSV, "P0001.csv", visits=[{**NEW_LINE, "note": "x"}])
    assert text.startswith("# made by hand\n# in doubt\nvisit,occurrence,status,")


def test_csv_has_no_place_for_more_than_visits() -> None:
    with pytest.raises(PlannerError, match=r"CSV has no place for `withdrawn`; keep .* in YAML"):
        changed(CSV, "P0001.csv", withdrawn="2027-02-01")


def test_json_stays_json_of_the_same_depth() -> None:
    text = '{\n  "participant": "P0001",\n  "note": 1\n}\n'.replace('"note": 1', '"arm": "a"')
    edited = changed(text, "P0001.json", withdrawn="2027-02-01")
    assert edited == text.replace('"a"\n', '"a",\n  "withdrawn": "2027-02-01"\n')


@pytest.mark.parametrize(
    "text",
    [
        "participant: P0001\nvisits:\n  - visit: a # one\n    status: planned\n",
        "{participant: P0001, visits: [{visit: a, status: planned}]} # all\n",
    ],
)
def test_where_a_comment_would_be_lost_the_change_is_to_be_made_by_hand(text: str) -> None:
    with pytest.raises(PlannerError, match=r'by hand: visits 0: .*"status": "booked"'):
        changed(text, visits=[{"visit": "a", "status": "booked", "start": "2027-01-01"}])


def test_what_has_no_comments_is_written_anew_where_need_be() -> None:
    text = "{participant: P0001, visits: [{visit: a, status: planned}]}"
    edited = changed(text, visits=[NEW_LINE])
    assert edited.startswith('participant: "P0001"\nvisits:\n  - {visit: prep-2,')


WORDS = st.text(st.sampled_from("ab1 #:-'\"\\[]{}, é=&*!;"), max_size=10)
LINES = st.fixed_dictionaries(
    {
        "visit": st.sampled_from(["a", "b-1", "Dosing: day 1", "V07"]),
        "status": st.sampled_from(["planned", "missed", "cancelled"]),
    },
    optional={
        "reason": WORDS.map(str.strip).filter(bool),
        "note": WORDS.map(str.strip).filter(bool),
        "start": st.sampled_from(["2027-01-04", "2027-01-05T09:00"]),
    },
)
VISITS = st.lists(LINES, max_size=4)
KEYS = st.fixed_dictionaries(
    {},
    optional={
        "protocol": st.sampled_from(["mapp1", "other"]),
        "withdrawn": st.just("2027-03-01"),
        "gates": st.dictionaries(st.sampled_from(["g", "h"]), st.just("2027-01-05"), min_size=1),
        "facts": st.dictionaries(st.sampled_from(["f", "k"]), st.integers(0, 2), min_size=1),
    },
)


@settings(max_examples=150, deadline=None)
@given(
    VISITS,
    KEYS,
    VISITS,
    KEYS,
    st.lists(WORDS, max_size=3),
    st.sampled_from(["yaml", "csv", "json"]),
)
def test_any_change_is_written_or_refused_and_comments_stay(
    before: list[Any],
    keys: dict[str, Any],
    after: list[Any],
    new_keys: dict[str, Any],
    comments: list[str],
    suffix: str,
) -> None:
    from planner.timeline.record_writing import record_csv, record_yaml

    name = f"P0001.{suffix}"
    old = Record.model_validate({"participant": "P0001", "visits": before, **keys})
    new = Record.model_validate({"participant": "P0001", "visits": after, **new_keys})
    if suffix == "csv":
        # What a spreadsheet would take for a formula has a sign before it, and blanks are one.
        texts = [line.get(key, "") for line in after for key in ("reason", "note")]
        assume(not any(text.startswith(("=", "-")) or "  " in text for text in texts))
        old, new = (
            Record.model_validate({"participant": "P0001", "visits": lines})
            for lines in (before, after)
        )
        text = record_csv(old, comments)
    elif suffix == "json":
        import json

        text = json.dumps(plain(old))
    else:
        text = record_yaml(old, comments)
        for comment in comments:
            text += f"# {comment}\n"
    edited = edited_record(name, text.encode(), new).decode()
    assert record_of_text(name, edited).record.visits == new.visits
    assert plain(record_of_text(name, edited).record) | {"visits": plain(new).get("visits")} == (
        plain(new) | {"visits": plain(new).get("visits")}
    )
    if suffix != "json":
        for line in text.splitlines():
            if line.startswith("#"):
                assert line.strip() in edited
