"""What is wrong with a protocol file is said once, at its place, in the file's own words."""

# A row of a table is one case, however long its message.
# ruff: noqa: E501

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from planner.formats.load import load_protocol
from planner.limits import MAX_ALIKE
from planner.protocol.document import Document, DocumentError, Mark, Position, Problem
from planner.protocol.evidence import Entry
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model

Write = Callable[..., str]
Problems = Callable[..., list[str]]

CONSENT = "{id: consent, mode: clinic, duration: 2h, before: {visit: baseline, within: 1w..6w}}"
TIMES = "a whole number from 1 to 2000 is expected"

WRONG = [  # what is changed in the sketch, what into, place and text of the only problem
    # Ids and texts
    ("id: example-two-session", "id: Example Two", "2:5", "`id`: `Example Two` is not an id (small letters, digits, single hyphens); write `example-two`"),
    ("id: example-two-session", "id: a--b", "2:5", "`id`: `a--b` is not an id (small letters, digits, single hyphens); write `a-b`"),
    ("id: example-two-session", "id: " + "a" * 61, "2:5", "`id`: an id has at most 60 characters"),
    ("id: example-two-session", "id:", "2:4", "`id`: a word is expected, found nothing (`null`)"),
    ("id: example-two-session", "id: true", "2:5", "`id`: a word is expected, found `true`"),
    ("id: example-two-session", "id: [a]", "2:5", "`id`: a word is expected, found a list"),
    ('version: "1.0"', "version: ~", "4:10", "`version`: a text is expected, found nothing (`null`)"),
    ('version: "1.0"', "version: false", "4:10", "`version`: a text is expected, found `false`"),
    ('version: "1.0"', "version: {a: b}", "4:10", "`version`: a text is expected, found a mapping"),
    ('version: "1.0"', 'version: " "', "4:10", "`version`: a text is expected, found an empty one"),
    ('version: "1.0"', 'version: "1\\n0"', "4:10", "`version`: a text on one line is expected, found one with a line break or tab"),
    ('version: "1.0"', 'version: "1\\t0"', "4:10", "`version`: a text on one line is expected, found one with a line break or tab"),
    ('version: "1.0"', "version: |\n  1.0\n", "4:10", "`version`: a text on one line is expected, found one with a line break or tab"),
    ('version: "1.0"', "version: " + "1" * 301, "4:10", "`version`: a text of at most 300 characters is expected, found 301"),
    ('version: "1.0"', 'version: "1.0"\nnote: true', "5:7", "`note`: a text is expected, found `true` (put it in quotes to make it a text)"),
    ('version: "1.0"', 'version: "1.0"\nnote: [a]', "5:7", "`note`: a text is expected, found a list"),
    ('version: "1.0"', 'version: "1.0"\nfootnotes: {a: null}', "5:16", "`a`: a text is expected, found nothing (`null`)"),
    # The format's version
    ("format: 1", "format: 2", "1:9", "`format`: this file says format 2, this planner reads format 1; a newer planner is needed"),
    ("format: 1", "format: " + "9" * 5000, "1:9", "`format`: this file says format 999999999, this planner reads format 1; a newer planner is needed"),
    ("format: 1", "format: 0", "1:9", "`format` cannot be `0`; allowed: `1`"),
    ("format: 1", "format: ²", "1:9", "`format` cannot be `²`; allowed: `1`"),
    ("format: 1", "format: true", "1:9", "`format`: a number is expected, found `true`"),
    ("format: 1\n", "", "1:1", "`format` is missing"),
    # Words that must be one of several
    ("mode: clinic", "mode: clinc", "19:29", "`mode` cannot be `clinc`; allowed: `clinic`, `phone`, `video`, `home` (did you mean `clinic`?)"),
    ("mode: clinic", "mode: null", "19:29", "`mode` cannot be nothing (`null`); allowed: `clinic`, `phone`, `video`, `home`"),
    ("mode: clinic", "mode: [phone]", "19:29", "`mode` cannot be a list; allowed: `clinic`, `phone`, `video`, `home`"),
    ("status: illustrative", "status: made-up", "5:9", "`status` cannot be `made-up`; allowed: `published`, `illustrative`, `draft`"),
    ("endpoint: primary", "endpoint: primry", "14:47", "`endpoint` cannot be `primry`; allowed: `primary`, `secondary` (did you mean `primary`?)"),
    ("design: open-label", "design: assessor-blinded", "6:9", "`design` cannot be `assessor-blinded`; allowed: `open-label`, `single-blind`, `double-blind`, `triple-blind`, `quadruple-blind`, `single-group`, `parallel`, `crossover`, `wait-list` (beside `design`, `blinded: [rater]` says who is blinded)"),
    # Keys
    ("mode: clinic, ", "title: Consent, briefly, by day, mode: clinic, ", "19:30", '`title`: `Consent, briefly, by day` is cut at its comma (put a text with a comma in quotes: `title: "Consent, briefly, by day"`)'),
    ("mode: clinic, ", 'date: "09:00", mode: clinic, ', "19:29", "`date`: `09:00` is a time of day, not a date (did you mean `at`?)"),
    ("mode: clinic", "mod: clinic", "19:23", "unknown key `mod` (did you mean `mode`?)"),
    ("{times: 2}", "{times: 2, xyz: 1}", "29:23", "unknown key `xyz` (allowed: times, until, at_most, breaks, source, grade, note)"),
    ("zero: 60min", "zer: 60min", "39:11", "unknown key `zer` (did you mean `zero`?)"),
    ("anchor: baseline ", "ancor: baseline ", "1:1", None),
    ("  registry: {", "  Reg X: {", "9:3", "`sources`: `Reg X` is not an id (small letters, digits, single hyphens); write `reg-x`"),
    # Shorter spellings are reported as they are written
    ("duration: 8h", "duration: 90", "33:19", "`duration`: `90` needs its unit; write `90min` or `90h`"),
    ("duration: 8h", "duration: true", "33:19", "`duration`: a length of time such as `90min` or `60min..90min` is expected, found `true`"),
    ("duration: 8h", "duration: [8h]", "33:19", "`duration`: a length of time such as `90min` or `60min..90min` is expected, found a list"),
    ("duration: 8h", "duration: 8d", "33:19", "`duration`: `8d` counts days; hours or minutes are expected, as in `8h`"),
    ("duration: 8h", "duration: 8h..", "33:19", "`duration`: `8h..` has an open end; a duration has both, as in `60min..90min`"),
    ("duration: 8h", "duration: -8h", "33:19", "`duration`: `-8h` is negative"),
    ("duration: 8h", "duration: 800h", "33:19", "`duration`: `800h` is longer than 31 days"),
    ("duration: 8h", "duration: ±8h", "33:19", "`duration`: `±8h`: write both ends, as in `60min..120min`"),
    ("duration: 8h", "duration: {value: 8}", "33:27", "`value`: `8` needs its unit; write `8min` or `8h`"),
    ("duration: 8h", "duration: {source: registry}", "33:19", "`value` is missing"),
    ("overnight: true", "overnight: yes", "34:20", "`overnight`: `true`, `false`, a number of nights or a mapping is expected, found `yes`"),
    ("overnight: true", "overnight: [1]", "34:20", "`overnight`: `true`, `false`, a number of nights or a mapping is expected, found a list"),
    ("overnight: true", "overnight: 31", "34:20", "`overnight`: `31` is over the limit of 30; a whole number from 1 to 30 is expected"),
    ("overnight: true", "overnight: {nights: 0}", "34:29", "`nights`: a whole number from 1 to 30 is expected, found `0`"),
    ("overnight: true", "staff: true", "34:16", "`staff`: a role, a list of roles or a number by role is expected, found `true`"),
    ("overnight: true", "staff: [[rater]]", "34:16", "`staff`: a role, a list of roles or a number by role is expected, found a list of other things"),
    ("overnight: true", "staff: [rater, rater]", "34:16", "`staff`: `rater` stands twice; write how many, as in `rater: 2`"),
    ("overnight: true", "staff: The Rater", "34:16", "`staff`: `The Rater` is not an id (small letters, digits, single hyphens); write `the-rater`"),
    ("overnight: true", "staff: {Rater: 1}", "34:17", "`staff`: `Rater` is not an id (small letters, digits, single hyphens); write `rater`"),
    ("overnight: true", "staff: {rater: some}", "34:24", "`rater`: a whole number from 0 to 99 is expected, found `some`"),
    ("overnight: true", "staff: {rater: 1, grade: sure}", "34:34", "`grade` cannot be `sure`; allowed: `verified`, `secondary`, `derived`, `assumed`, `unverified`, `retracted`"),
    ("zero: 60min", "zero: 1d", "39:17", "`zero`: `1d` counts days; hours or minutes are expected, as in `90min`"),
    ("at: -60min", "at: -60", "41:33", "`at`: `-60` needs its unit; write `-60min` or `-60h`"),
    # Numbers
    ("{times: 2}", "{times: 1000000000}", "29:20", "`times`: `1000000000` is over the limit of 2000; " + TIMES),
    ("{times: 2}", "{times: 1" + "0" * 400 + "}", "29:20", "`times`: `1" + "0" * 56 + "...` is over the limit of 2000; " + TIMES),
    ("{times: 2}", "{times: 1" + "0" * 9000 + "}", "29:20", "`times`: `1" + "0" * 56 + "...` is over the limit of 2000; " + TIMES),
    ("{times: 2}", "{times: -1" + "0" * 9000 + "}", "29:20", "`times`: " + TIMES + ", found `-1" + "0" * 55 + "...`"),
    ("{times: 2}", "{times: 0}", "29:20", "`times`: " + TIMES + ", found `0`"),
    ("{times: 2}", "{times: 2.0}", "29:20", "`times`: " + TIMES + ", found `2.0`"),
    ("{times: 2}", "{times: 1_0}", "29:20", "`times`: " + TIMES + ", found `1_0`"),
    ("{times: 2}", "{times: ٢}", "29:20", "`times`: " + TIMES + ", found `٢`"),
    ("{times: 2}", "{times: 1e3}", "29:20", "`times`: " + TIMES + ", found `1e3`"),
    ("{times: 2}", "{times: .inf}", "29:20", "`times`: " + TIMES + ", found `.inf`"),
    ("{times: 2}", "{times: two}", "29:20", "`times`: " + TIMES + ", found `two`"),
    ("{times: 2}", "{times: true}", "29:20", "`times`: " + TIMES + ", found `true`"),
    ("{times: 2}", "{times: null}", "29:20", "`times`: " + TIMES + ", found nothing (`null`)"),
    ("{times: 2}", "{times: [2]}", "29:20", "`times`: " + TIMES + ", found a list"),
    ("{times: 2}", "{times: {open: x}}", "29:27", "`open`: a whole number from 0 to 2000 is expected, found `x`"),
    ("{times: 2}", "{times: {An Arm: 2}}", "29:21", "`times`: `An Arm` is not an id (small letters, digits, single hyphens); write `an-arm`"),
    ("count: 2", "count: 0", "11:22", "`count`: a whole number from 1 to 99 is expected, found `0`"),
    ("overnight: true", "participants: 0", "34:23", "`participants`: `0` has its ends in reverse order or zero"),
    ("overnight: true", "participants: 6..4", "34:23", "`participants`: `6..4` has its ends in reverse order or zero"),
    ("overnight: true", "participants: some", "34:23", "`participants`: `some` is not a number of people; write `2` or `4..6`"),
    ("overnight: true", "participants: true", "34:23", "`participants`: a number of people is expected, found `true`"),
    ("overnight: true", "weight: 1001", "34:17", "`weight`: `1001` is over the limit of 1000; a whole number from 1 to 1000 is expected"),
    # true and false
    ("blinded: true", "blinded: yes", "12:20", "`blinded`: `true` or `false` is expected, found `yes`; write `true`"),
    ("blinded: true", "blinded: off", "12:20", "`blinded`: `true` or `false` is expected, found `off`; write `false`"),
    ("blinded: true", "blinded: 1", "12:20", "`blinded`: `true` or `false` is expected, found `1`"),
    ("blinded: true", "blinded: null", "12:20", "`blinded`: `true` or `false` is expected, found nothing (`null`)"),
    ("optional: true", "optional: maybe", "47:25", "`optional`: `true` or `false` is expected, found `maybe`"),
    # Distances, windows, times
    ("within: 1w..6w", "within: 6w..1w", "19:85", "`within`: `6w..1w` has its ends in reverse order: 6w is later than 1w"),
    ("within: 1w..6w", "within: 1w..6h", "19:85", "`within`: `1w..6h` mixes calendar days with hours; both ends are of one kind"),
    ("within: 1w..6w", "within: 1w-6w", "19:85", "`within`: `1w-6w`: write `1w..6w`"),
    ("within: 1w..6w", "within: 21y..", "19:85", "`within`: `21y` is longer than 20 years"),
    ("within: 1w..6w", "within: true", "19:85", "`within`: a window such as `3d..14d`, `6w..` or `±3d` is expected, found `true`"),
    ("target: 3d", "target: [3d]", "25:58", "`target`: a distance such as `3w` or `90min` is expected, found a list"),
    ('at: "09:00"', "at: 9", "35:13", "`at`: `9` is not a time of day; write `09:00` or `17:30`"),
    ('at: "09:00"', "at: 10:00..08:00", "35:13", "`at`: `10:00..08:00` has its ends in reverse order: 10:00 is later than 08:00"),
    ('at: "09:00"', "at: {a: b}", "35:13", "`at`: a time of day like `09:00` or `08:00..10:00` is expected, found a mapping"),
    ("status: illustrative", "status: illustrative\ndate: 2027-02-30", "6:7", "`date`: `2027-02-30`: there is no 30 February 2027"),
    # References
    ("visit: baseline, within: 1w", "visit: base line, within: 1w", "19:67", "`visit`: `base line` does not name a visit; write `baseline`, `dosing-1.end`, `previous dosing`, `first dosing`, `last dosing` or `next dosing`"),
    ("visit: baseline, within: 1w", "visit: null, within: 1w", "19:67", "`visit`: the id of a visit is expected, found nothing (`null`)"),
    # What an entry must say together
    (", within: 1w..6w", "", "19:59", "`before`: a timing needs `within:` or `target:`, or both; where no text says how far, write `window: not-published`"),
    ("within: 1d..7d, target: 3d", "within: ±3d", "25:16", "`after`: `within: ±3d` is relative to a `target:`; give one"),
    ("within: 1d..7d, target: 3d", "within: ±3d, target: 3h", "25:16", "`after`: `±3d` around `3h`: days and hours do not mix"),
    ("within: 1d..7d, target: 3d", "within: 1d..7d, target: 3h", "25:16", "`after`: target and window are both in days or both in clock time"),
    ("{id: arrival, at: -60min}", "{id: arrival}", "41:15", "`items`: an item is placed by `at:` or by `after:`, one of the two"),
    ("within: 90min..150min", "duration: 5min", "44:15", "`items`: an item with `after:` needs `within:` or `target:`"),
    ("{id: arrival, at: -60min}", "{id: arrival, at: -60min, times: 3}", "41:15", "`items`: `times:` needs `every:`"),
    ("{times: 2}", "{times: 2, breaks: [{after: 1, length: 24h}]}", "29:32", "`breaks`: `length:` is a positive number of days, weeks or months, as in `2w`"),
    ("{times: 2}", "{times: 2, breaks: [{after: 1, length: -1w}]}", "29:32", "`breaks`: `length:` is a positive number of days, weeks or months, as in `2w`"),
    ("{times: 2}", "{times: 2, breaks: [{after: 1, length: 1w}, {after: 1, length: 1w}]}", "29:12", "`cycle`: two breaks stand after cycle 1; join them into one"),
    # Shapes
    ("first: {visit: prep-2, within: 2d..14d, target: 1w}", "first: prep-2", "36:16", "`first`: a mapping is expected, found `prep-2` (its keys: visit, within, target, window, every, until, at_most, of, arms, source, grade, note)"),
    ("activities: [caps5]}", "activities: caps5}", "20:50", "`activities`: a list is expected, found `caps5`"),
    ("    cycle: {times: 2}", "    cycle: 2", "29:12", "`cycle`: a mapping is expected, found `2` (its keys: times, until, at_most, breaks, source, grade, note)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "place", "message"),
    WRONG,
    ids=[f"{row[0].strip()[:30]} -> {row[1].strip()[:40]}" for row in WRONG],
)
def test_one_thing_wrong_is_one_message_at_its_place(
    sketch: str, problems: Problems, before: str, after: str, place: str, message: str | None
) -> None:
    assert before in sketch
    found = problems(sketch.replace(before, after, 1))
    if message is None:  # several words are right here: the place says enough
        assert found[0].startswith(f"{place}: ")
    else:
        assert found == [f"{place}: {message}"]
    _no_leak(found)


def _no_leak(found: list[str]) -> None:
    """Nothing of pydantic's or Python's own wording reaches the user."""
    text = "\n".join(found)
    for foreign in ("Input should", "nput_value", "type=", "https://", "pydantic", "None", "True"):
        assert foreign not in text
    assert not re.search(r"\b(dict|str|tuple|int|NoneType|ValueError)\b", text)


LINES = [  # lines added at the end of the sketch, what is said of them
    ("constraints:\n  - {from: baseline, to: dosing-1, within: ±3d}", "`constraints`: a constraint has no target; write both ends, as in `3d..14d`"),
    ("constraints:\n  - {start: baseline, to: dosing-1, within: 3d}", "`from` is missing"),
    ("tracks:\n  - {id: diary, from: baseline}", "`tracks`: a track ends by `times:` or by `until:`, one of the two"),
    ("tracks:\n  - {id: diary, from: baseline, times: 3, every: 12h}", "`tracks`: `every:` counts days or weeks, as in `1d`"),
    ("tracks:\n  - {id: diary, from: baseline, times: 3, every: 1mo}", "`tracks`: `every:` counts days or weeks, as in `1d`"),
    ("tracks:\n  - {id: diary, from: baseline, times: 3, every: 0d}", "`tracks`: `every:` is at least `1d`"),
    ("tracks: {}", "`tracks`: a list is expected, found a mapping"),
    ("conventions: {weights: {dosng: 2}}", "`weights` cannot have `dosng`; allowed: `screening`, `run-in`, `baseline`, `randomization`, `preparation`, `dosing`, `integration`, `discharge`, `assessment`, `contact`, `follow-up`, `unblinding`, `washout`, `maintenance`, `termination` (did you mean `dosing`?)"),
    ("conventions: {weights: {dosing: 0}}", "`dosing`: a whole number from 1 to 1000 is expected, found `0`"),
    ("conventions: {visit_time: 25:00}", "`visit_time`: `25:00` is not a time of day; write `09:00` or `17:30`"),
    ("notices: [{kind: caution, date: 2027-01-01}]", "`text` is missing"),
    ("ignore: [{rule: no-window}]", "`reason` is missing"),
    ("gates: {eligible: yes}", "`eligible`: a mapping is expected, found `yes` (its keys: title, source, grade, note)"),
    ("arms: [a, b]", "`arms`: a mapping is expected, found `a` (its keys: id, title, label, periods, source, grade, note)"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "message"), LINES, ids=[row[0].split("\n")[-1] for row in LINES])
def test_an_entry_that_makes_no_sense_is_said(
    sketch: str, problems: Problems, lines: str, message: str
) -> None:
    found = problems(f"{sketch}{lines}\n")
    assert message in [line.split(": ", 1)[1] for line in found]
    assert all(int(line.split(":")[0]) > len(sketch.splitlines()) for line in found)
    _no_leak(found)


def test_an_epoch_list_that_is_empty_is_said(problems: Problems) -> None:
    head = "format: 1\nid: a\ntitle: b\nversion: c\nstatus: draft\ndesign: parallel\nanchor: d\n"
    assert problems(head + "epochs: []\n") == [
        "8:9: `epochs`: at least one entry is expected, found none"
    ]
    assert problems(head + "epochs:\n") == [
        "8:8: `epochs`: a list is expected, found nothing (`null`)"
    ]


def test_clock_timings_between_cycles_cannot_have_breaks(sketch: str, problems: Problems) -> None:
    broken = sketch.replace("{times: 2}", "{times: 2, breaks: [{after: 1, length: 2w}]}")
    broken = broken.replace("within: 3w..5w, target: 4w", "within: 504h..")
    assert problems(broken) == [
        "28:5: `epochs`: `next` of `dosing` is in clock time, which `breaks:` cannot move"
    ]


@pytest.mark.parametrize("content", ["hello", "- a\n", "5", "~", "true"])
def test_a_file_that_holds_no_mapping_is_said(problems: Problems, content: str) -> None:
    (found,) = problems(content)
    assert found.startswith("1:1: a mapping of `key: value` lines is expected, found ")
    _no_leak([found])


def test_all_problems_of_a_file_are_said_in_one_run_in_its_order(
    sketch: str, problems: Problems
) -> None:
    changes = (
        ("status: illustrative", "status: illustrativ"),
        ("anchor: baseline ", "anchor: 'base line' "),
        ("count: 2", "count: many"),
        ("mode: clinic", "mod: clinic"),
        ("duration: 8h", "duration: 8"),
        ("at: -60min", "at: -60"),
        ("{visit: last dosing, within: 6w..}", "{within: 6w..}"),
        ("title: CAPS-5", "title: !!str CAPS-5"),
        ("id: prep-2,", "id: prep-2, id: prep-3,"),
    )
    for before, after in changes:
        assert before in sketch
        sketch = sketch.replace(before, after, 1)
    found = problems(sketch)
    places = [tuple(int(part) for part in line.split(":")[:2]) for line in found]
    assert places == sorted(places)
    assert [line for line, _ in places] == [5, 7, 11, 14, 19, 27, 33, 41, 63]


def test_a_wrong_value_behind_an_alias_is_said_once_at_its_anchor(problems: Problems) -> None:
    found = problems("format: 1\nid: &bad Not An Id\ntitle: *bad\nanchor: *bad\nepochs: []\n")
    assert [line for line in found if line.startswith("2:5: `id`")] != []
    assert len([line for line in found if "`anchor`" in line]) == 1


def test_more_problems_than_anybody_reads_are_counted(problems: Problems) -> None:
    found = problems("".join(f"key{number}: 1\n" for number in range(5000)))
    unknown = [line for line in found if "unknown key" in line]
    assert len(unknown) == MAX_ALIKE
    assert f"5000:1: and {5000 - MAX_ALIKE:,} more such problems up to here" in found


def test_the_documented_sketch_loads(sketch: str, write: Write) -> None:
    protocol = load_protocol(write(sketch)).protocol
    dosing = protocol.epochs[2].visits[0]
    assert protocol.version == "1.0"
    assert protocol.design == ("open-label",)
    assert dosing.run_sheet is not None
    assert [item.id for item in dosing.run_sheet.items][-1] == "second-administration"
    assert str(dosing.next[0].within) == "3w..5w"
    assert str(dosing.first[0].visit) == "prep-2"
    assert dosing.overnight is not None
    assert dosing.overnight.nights == 1
    assert protocol.epochs[2].cycle is not None
    assert protocol.epochs[2].cycle.times == 2


def test_a_json_file_of_the_same_shape_gives_the_same_protocol(
    sketch: str, sketch_data: dict[str, Any], write: Write
) -> None:
    twin = load_protocol(write(json.dumps(sketch_data), "study.json"))
    assert twin.protocol == load_protocol(write(sketch)).protocol
    assert twin.position(("epochs", 0, "id")).line == 1


def test_a_protocol_written_as_json_is_read_back(sketch: str, write: Write) -> None:
    protocol = load_protocol(write(sketch)).protocol
    assert load_protocol(write(protocol.model_dump_json(), "study.json")).protocol == protocol


SPELLINGS = [  # two ways to write the same
    ("overnight: true", "overnight: 1"),
    ("overnight: true", "overnight: {nights: 1}"),
    ("overnight: true", "overnight: {}"),
    ("duration: 8h", "duration: 480min"),
    ("duration: 8h", "duration: {value: PT8H}"),
    ("duration: 8h", "duration: 8h..8h"),
    ("design: open-label", "design: [open-label]"),
    ("within: 3w..5w, target: 4w", "within: ±1w, target: 28d"),
    ("within: 3w..5w", "within: P3W..P5W"),
    ("{times: 2}", '{times: "2"}'),
    ("{times: 2}", "{times: +2}"),
    ('version: "1.0"', "version: 1.0"),
    ("source: registry", "source: [registry]"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS, ids=[row[1] for row in SPELLINGS])
def test_shorter_spellings_mean_the_same(sketch: str, write: Write, one: str, other: str) -> None:
    assert one in sketch
    plan = load_protocol(write(sketch)).protocol
    twin = load_protocol(write(sketch.replace(one, other, 1))).protocol
    windows = [
        [timing.allowed for epoch in each.epochs for visit in epoch.visits for timing in visit.next]
        for each in (plan, twin)
    ]
    assert windows[0] == windows[1]
    if "±" not in other:
        assert plan == twin


def test_staff_is_a_role_a_list_or_numbers_by_role(sketch: str, write: Write) -> None:
    def staffed(text: str) -> Any:
        path = write(sketch.replace("overnight: true", f"staff: {text}"))
        return load_protocol(path).protocol.epochs[2].visits[0].staff

    assert staffed("therapist").roles == {"therapist": None}
    assert staffed("[therapist, rater]").roles == {"therapist": None, "rater": None}
    assert staffed("{therapist: 2, rater: }").roles == {"therapist": 2, "rater": None}
    full = staffed("{roles: {therapist: 2}, source: registry}")
    assert full == staffed("{therapist: 2, source: registry}")
    assert full.source == ("registry",)


def test_notes_and_footnotes_may_have_several_lines(sketch: str, write: Write) -> None:
    text = sketch + "note: |\n  one\n  two\nfootnotes:\n  a: |\n    three\n    four\n"
    protocol = load_protocol(write(text)).protocol
    assert protocol.note == "one\ntwo\n"
    assert protocol.footnotes == {"a": "three\nfour\n"}


# Every kind of error that pydantic can raise on our models, also on those of a site.


class Shape(Entry):
    count: int = Field(1, ge=1, le=9)
    more: float = Field(1, gt=0, lt=9)
    flag: bool = False
    text: str = ""
    words: list[str] = Field(default_factory=list)
    pair: tuple[int, ...] = ()
    table: dict[str, int] = Field(default_factory=dict)
    kind: Literal["one", "two"] = "one"
    some: Annotated[tuple[int, ...], Field(min_length=1)] = (1,)
    either: int | list[int] = 1


FAULTS: list[tuple[str, object, str]] = [
    ("count", "0", "`count`: at least 1 is expected, found `0`"),
    ("count", "10", "`count`: at most 9 is expected, found `10`"),
    ("count", "x", "`count`: a whole number is expected, found `x`"),
    ("count", "1.5", "`count`: a whole number is expected, found `1.5`"),
    ("count", 1.5, "`count`: a whole number is expected, found `1.5`"),
    ("count", None, "`count`: a whole number is expected, found nothing (`null`)"),
    ("count", "9" * 5000, f"`count`: a whole number of a sensible size is expected, found `{'9' * 57}...`"),
    ("count", 10**6000, "`count`: at most 9 is expected, found a huge number"),
    ("more", "0", "`more`: more than 0.0 is expected, found `0`"),
    ("more", "9", "`more`: less than 9.0 is expected, found `9`"),
    ("more", "x", "`more`: `x` cannot stand here"),
    ("flag", "maybe", "`flag`: `true` or `false` is expected, found `maybe`"),
    ("flag", [], "`flag`: `true` or `false` is expected, found a list"),
    ("text", True, "`text`: a text is expected, found `true`"),
    ("words", {}, "`words`: a list is expected, found a mapping"),
    ("pair", "x", "`pair`: a list is expected, found `x`"),
    ("table", [], "`table`: a mapping is expected, found a list"),
    ("kind", "three", "`kind` cannot be `three`; allowed: `one`, `two`"),
    ("some", [], "`some`: at least one entry is expected, found none"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "message"), FAULTS, ids=[f"{row[0]} {str(row[2])[-30:]}" for row in FAULTS]
)
def test_no_wording_of_pydantic_reaches_the_user(key: str, value: object, message: str) -> None:
    mark = Mark(1, 1, {key: (Position(1, 1), Mark(1, 7, None))})
    with pytest.raises(DocumentError) as caught:
        validate_model(Shape, Document("f", {key: value}, mark, [""]))
    assert [problem.message for problem in caught.value.problems] == [message]
    assert caught.value.problems[0].position == (1, 7)


def test_every_kind_of_fault_in_the_models_has_a_wording_of_ours() -> None:
    """A fault that nobody has thought of would be said as `cannot stand here`."""
    from planner.protocol.validation import _BOUNDS, _EXPECTED

    raised = {
        "function-plain": (),  # our own ValueError
        "function-before": (),
        "function-after": (),
        "model": ("model_type",),
        "model-fields": ("missing", "extra_forbidden"),
        "str": ("string_type",),
        "dict": ("dict_type",),
        "tuple": ("tuple_type", "too_short"),
        "literal": ("literal_error",),
        "tagged-union": (),  # the discriminator names a member for every value
    }
    silent = {"default", "nullable", "definitions", "definition-ref", "model-field"}
    worded = {*_EXPECTED, *_BOUNDS, "missing", "extra_forbidden", "too_short", "literal_error"}
    kinds = {
        kind for kind in _schema_kinds(Protocol.__pydantic_core_schema__) if kind not in silent
    }
    assert kinds <= set(raised)
    assert {fault for kind in kinds for fault in raised[kind]} <= worded


def _schema_kinds(schema: object) -> set[str]:
    kinds: set[str] = set()
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            kinds.add(schema["type"])
        for key, value in schema.items():
            if key not in ("metadata", "serialization", "config", "function"):
                kinds |= _schema_kinds(value)
    elif isinstance(schema, (list, tuple)):
        for value in schema:
            kinds |= _schema_kinds(value)
    return kinds


def test_a_problem_is_shown_as_file_line_column_message_and_hint() -> None:
    error = DocumentError("study.yaml", [Problem("wrong", Position(3, 5), "write it right")])
    assert str(error) == "study.yaml:3:5: wrong (write it right)"


def test_a_list_whose_entries_have_problems_is_not_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "format: 1\nid: x\ntitle: X\nversion: '1'\nstatus: draft\ndesign: open-label\n"
        "anchor: a\nepochs:\n  - id: screening\n    visits: [{id: a, duration: 90}]\n"
    )
    with pytest.raises(DocumentError) as error:
        load_protocol(str(path))
    assert [problem.position.line for problem in error.value.problems] == [10]
