"""What the check says of bytes: lines and columns, hostile files, and no end to what it takes."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats.ical.conformance import Profile, check_calendar
from planner.formats.ical.conformance.findings import MAX_FINDINGS_A_RULE
from planner.formats.ical.content_lines import Malformed, content_lines, parse_line

_SPEC = importlib.util.spec_from_file_location(
    "calendars", Path(__file__).with_name("calendars.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
calendars = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(calendars)

PUBLISHED: str = calendars.PUBLISHED
ALL = [
    calendars.octets(text)
    for text in (PUBLISHED, calendars.REQUEST, calendars.CANCEL, calendars.TASKS)
]

GOOD: bytes = ALL[0]
LONG = b"DESCRIPTION:" + "é".encode() * 40
BYTES: list[tuple[str, bytes, str]] = [
    ("a byte-order mark", b"\xef\xbb\xbf" + GOOD, "byte-order-mark"),
    ("LF instead of CRLF", GOOD.replace(b"\r\n", b"\n"), "line-end"),
    ("one LF", GOOD.replace(b"SUMMARY:Call\r\n", b"SUMMARY:Call\n"), "line-end"),
    ("CR alone", GOOD.replace(b"SUMMARY:Call\r\n", b"SUMMARY:Ca\rll\r\n"), "control-character"),
    ("no line end at the end", GOOD[:-2], "last-line-end"),
    ("LF at the end", GOOD[:-2] + b"\n", "line-end"),
    ("Latin-1", GOOD.replace(b"Room 2", b"Caf\xe9"), "encoding"),
    ("UTF-16", PUBLISHED.encode("utf-16"), "no-calendar"),
    ("NUL", GOOD.replace(b"Room 2", b"Room\x002"), "control-character"),
    ("a vertical tab", GOOD.replace(b"Room 2", b"Room\x0b2"), "control-character"),
    ("DEL", GOOD.replace(b"Room 2", b"Room\x7f2"), "control-character"),
    ("76 octets", GOOD.replace(b"LOCATION:Room 2", b"LOCATION:" + b"x" * 67), "line-length"),
    ("few letters, many octets", GOOD.replace(b"LOCATION:Room 2", LONG.replace(
        b"DESCRIPTION", b"LOCATION")), "line-length"),
    ("a fold in a letter", GOOD.replace(b"Room 2", b"Caf\xc3\r\n \xa9"), "fold-in-character"),
    ("a fold in an escape", GOOD.replace(b"V01\\, d", b"V01\\\r\n , d"), "fold-in-escape"),
    ("an empty line", GOOD.replace(b"SUMMARY:Call", b"\r\nSUMMARY:Call"), "empty-line"),
    ("an empty line at the end", GOOD + b"\r\n", "empty-line"),
    ("an empty fold", GOOD.replace(b"SUMMARY:Call", b"SUMMARY:Call\r\n "), "empty-fold"),
    ("a fold at the beginning", b" " + GOOD, "stray-fold"),
    ("U+2028", GOOD.replace(b"Room 2", "Room\u20282".encode()), "line-separator"),
    ("no colon", GOOD.replace(b"LOCATION:Room 2", b"LOCATION Room 2"), "content-line"),
    ("a blank before the colon", GOOD.replace(b"LOCATION:", b"LOCATION :"), "content-line"),
    ("an underscore in a name", GOOD.replace(b"X-PUBLISHED-TTL", b"X_TTL"), "content-line"),
    ("a fold without its blank", GOOD.replace(b"See you", b"See\r\nyou"), "content-line"),
    ("nothing at all", b"", "no-calendar"),
    ("a web page", b"<!DOCTYPE html>\r\n<html></html>\r\n", "no-calendar"),
]  # fmt: skip


def rules_of(data: bytes) -> list[str]:
    return [one.rule for one in check_calendar(data).findings]


@pytest.mark.parametrize(("data", "rule"), [one[1:] for one in BYTES], ids=[o[0] for o in BYTES])
def test_each_defect_of_bytes_is_found_by_its_rule(data: bytes, rule: str) -> None:
    assert data != GOOD
    assert rule in rules_of(data)


def test_a_finding_in_a_folded_line_stands_at_its_place_in_the_file() -> None:
    text = "LOCATION:Café\n  x, y"
    data = GOOD.replace(b"LOCATION:Room 2", text.replace("\n", "\r\n").encode())
    (found,) = check_calendar(data).findings
    line = data.decode().split("\r\n")[found.line - 1]
    assert (line, line[found.column - 1], found.rule) == ("  x, y", ",", "text-separator")


def test_columns_count_letters_and_not_octets() -> None:
    data = GOOD.replace(b"LOCATION:Room 2", "LOCATION:éé;".encode())
    (found,) = check_calendar(data).findings
    assert found.column == len("LOCATION:éé;")


def test_a_fold_may_be_a_tab_and_may_fall_anywhere() -> None:
    lines = [
        "\n\t".join(line[at : at + 20] for at in range(0, max(1, len(line)), 20))
        for line in PUBLISHED.split("\n")
    ]
    assert set(rules_of(calendars.octets("\n".join(lines)))) <= {"fold-in-escape"}


def test_a_rule_broken_everywhere_is_told_some_times_and_counted() -> None:
    bad = "".join(f"BEGIN:VEVENT\nUID:{number}\nEND:VEVENT\n" for number in range(1000))
    data = calendars.octets(PUBLISHED.replace("END:VCALENDAR", f"{bad}END:VCALENDAR"))
    findings = [one for one in check_calendar(data).findings if one.rule == "missing-property"]
    assert len(findings) == MAX_FINDINGS_A_RULE + 1
    assert "1,975 more" in findings[-1].message


def test_components_nested_without_end_are_left_out() -> None:
    deep = "BEGIN:VEVENT\n" * 50_000
    assert "too-deep" in rules_of(calendars.octets(f"BEGIN:VCALENDAR\n{deep}"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "X-A:1\n" * 100_000,
        "RRULE:FREQ=DAILY\n" * 20_000,
        "EXDATE:" + "20270101T000000Z," * 50_000 + "\n",
        "SUMMARY;" + "X-A=1;" * 50_000 + "X-B=1:x\n",
        "SUMMARY:" + "\\" * 300_001 + "\n",
        "DESCRIPTION:x\n" + " x\n" * 100_000,
        "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "AAAA" * 200_000 + "=\n",
        "PRIORITY:" + "9" * 100_000 + "\n",
        "DURATION:P" + "9" * 100_000 + "D\n",
        "BEGIN:VALARM\nEND:VALARM\n" * 20_000,
        "RELATED-TO:nobody\n" * 50_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_bomb_is_read_to_its_end(text: str) -> None:
    bomb = PUBLISHED.replace("SUMMARY:Call\n", f"SUMMARY:Call\n{text}")
    assert check_calendar(calendars.octets(bomb)).components == 7


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=53SU",
        "FREQ=YEARLY;INTERVAL=999999999",
        "FREQ=YEARLY;COUNT=999999999",
        "FREQ=YEARLY;UNTIL=00010101T000000Z",
        "FREQ=YEARLY;UNTIL=99991231T235959Z;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    ],
)
def test_a_zone_with_an_odd_rule_is_no_trap(rule: str) -> None:
    text = PUBLISHED.replace("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", rule)
    assert check_calendar(calendars.octets(text)).components == 7


def test_a_stored_object_has_one_uid_and_no_method() -> None:
    rules = [one.rule for one in check_calendar(GOOD, Profile.CALDAV).findings]
    assert rules == ["stored-object", "stored-object"]
    cancel = calendars.octets(calendars.CANCEL.replace("METHOD:CANCEL\n", ""))
    assert "stored-object" not in [o.rule for o in check_calendar(cancel, Profile.CALDAV).findings]


def test_a_published_file_has_its_method() -> None:
    assert [o.rule for o in check_calendar(GOOD, Profile.PUBLISHED).findings] == []
    request = check_calendar(calendars.octets(calendars.REQUEST), Profile.PUBLISHED)
    assert [one.rule for one in request.findings] == ["published-file"]


EDIT = st.tuples(
    st.integers(0, 10_000),
    st.integers(0, 40),
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [b"\r\n", b"\r\n ", b":", b";", b"=", b'"', b",", b"\\", b"^", b"BEGIN:", b"END:",
             b"\x00", b"9" * 20, b"-", b"\xf0\x9f", b"T", b"Z", b"TZID=", b"VALUE=DATE", b"P",
             b"RRULE:FREQ=YEARLY;BYDAY=5MO", b"00000000T000000Z", b"99991231T235959"]
        ),
    ),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(ALL), st.lists(EDIT, min_size=1, max_size=12))
def test_nothing_that_is_done_to_a_file_stops_the_check(
    data: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    for at, length, new in edits:
        at %= len(data) + 1
        data = data[:at] + new + data[at + length :]
    for profile in Profile:
        for one in check_calendar(data, profile).findings:
            assert one.line >= 1
            assert one.column >= 1
            assert one.line <= data.count(b"\n") + 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_nothing_at_all_stops_the_check(data: bytes) -> None:
    assert check_calendar(data).findings
    assert check_calendar(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data).findings


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_a_line_is_unfolded_and_its_offsets_lead_back(text: str) -> None:
    letters = [one for one in text if one.isprintable()]
    data = ("X:" + "\r\n ".join(["", *letters])).encode() + b"\r\n"
    told: list[str] = []
    (line,) = content_lines(data, lambda rule, *_: told.append(rule))
    assert line.text == "X:" + "".join(letters)
    physical = data.decode().split("\r\n")
    for offset, letter in enumerate(letters, start=2):
        number, column = line.place(offset)
        assert physical[number - 1][column - 1] == letter


@given(st.text("\":;,=^n' aX-é", max_size=30))
def test_a_line_is_taken_apart_or_told_where_it_stops(text: str) -> None:
    (line,) = content_lines(f"X{text}".encode(), lambda *_: None)
    read = parse_line(line)
    if isinstance(read, Malformed):
        assert 0 <= read.offset <= len(line.text)
    else:
        assert line.text[read.offset - 1] == ":"
        assert line.text[read.offset :] == read.value
