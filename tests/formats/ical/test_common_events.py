"""Events that two calendars share are not read, and nothing that is said of the rest changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.formats.ical import changes
from planner.formats.ical.changes import CalendarChanges, compare
from planner.formats.ical.common_events import without_common_events


def event(uid: str, text: str = "SUMMARY:x\n", name: str = "VEVENT") -> str:
    return (
        f"BEGIN:{name}\nUID:{uid}\nDTSTAMP:20270101T000000Z\nDTSTART:20270111T090000Z\n{text}"
        f"END:{name}\n"
    )


def calendar(*parts: str, ending: str = "\r\n") -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(parts)}END:VCALENDAR\n"
    return text.replace("\n", ending).encode()


A, B, C = event("a"), event("b"), event("c")
ZONE = "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nEND:STANDARD\nEND:VTIMEZONE\n"
ALARM = "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n"


def test_what_both_have_is_taken_out_of_both() -> None:
    old, new = calendar(ZONE, A, B, event("d", ALARM)), calendar(event("d", ALARM), ZONE, C, A)
    assert without_common_events(old, new) == (calendar(ZONE, B), calendar(ZONE, C), 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((A, A, B), (A, A, B.replace("x", "y"))),  # a UID that stands twice is for the reader
        ((A, event("a", name="VTODO")), (A, event("a", name="VTODO"))),
        ((event("a", f"{ALARM}").replace("ACTION", "UID:z\nACTION"),),) * 2,
        ((A.replace("UID:a", "UID;X=1:a"),),) * 2,
        ((A.replace("UID:a", "UID:a\n b"),),) * 2,
        ((A.replace("UID:a\n", "U\n ID:a\n"),),) * 2,
        ((A.replace("BEGIN:VEVENT", "BEGIN:VEVENT\n  "),),) * 2,
        ((A.replace("END:VEVENT\n", ""), B), (A.replace("END:VEVENT\n", ""), B)),
        ((f"BEGIN:VTODO\n{A}END:VTODO\n",), (f"BEGIN:VTODO\n{A}END:VTODO\n",)),
        ((A.replace("END:VEVENT", "END:VCALENDAR\nEND:VEVENT"),),) * 2,
        ((A.replace("UID:a\n", ""),),) * 2,
    ],
)
def test_what_only_a_reader_can_follow_is_left_alone(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    before, after = calendar(*old), calendar(*new)
    assert without_common_events(before, after) == (before, after, 0)


def said(old: bytes, new: bytes) -> CalendarChanges | str:
    try:
        return compare(old, new)
    except PlannerError as error:
        return str(error)


PIECES = [
    A, B, C, ZONE, event("a", "SUMMARY:y\n"), event("a", "SEQUENCE:1\nSUMMARY:x\n"),
    event("b", ALARM), event("b", "RECURRENCE-ID:20270111T090000Z\n"), event("c", name="VTODO"),
    event("", ""), event("a").replace("UID:a\n", ""), event("a").lower(),
    "BEGIN:VEVENT\n", "END:VEVENT\n", "END:VCALENDAR\nBEGIN:VCALENDAR\nMETHOD:PUBLISH\n",
    f"BEGIN:VCALENDAR\n{A}END:VCALENDAR\n", "BEGIN:\n", "END:\n", "BEGIN: x y\nA:B\n", ALARM,
    "BEGIN:VTODO\n", "END:VTODO\n", "UID:a\n", " folded\n", "X-A;B=\n", "\n",
    event("d\n d", "SUMMARY:long\n er\n"), event("e").replace("\nEND", "\n x\nEND"),
]  # fmt: skip
parts = st.lists(st.sampled_from(PIECES), max_size=6)


@given(parts, parts, st.lists(st.sampled_from([A, B, C]), max_size=3), st.sampled_from("\r\n"))
@settings(deadline=None, max_examples=500)
def test_the_changes_are_those_of_files_that_are_read_whole(
    before: list[str], after: list[str], both: list[str], ending: str
) -> None:
    ending = "\n" if ending == "\n" else "\r\n"
    old = calendar(*both, *before, ending=ending)
    new = calendar(*after[:1], *both, *after[1:], ending=ending)
    quick = said(old, new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "without_common_events", lambda one, two: (one, two, 0))
        whole = said(old, new)
    assert quick == whole
