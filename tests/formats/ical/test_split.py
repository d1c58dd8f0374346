import io
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.ical import CalendarOptions, Level, Split, file_name, parts, write_split
from planner.formats.ical.split import subject_of
from planner.timeline.model import Timeline

Build = Callable[..., Timeline]


def ids(timeline: Timeline) -> list[str]:
    return [visit.id for visit in timeline.visits]


def test_a_room_has_the_visits_that_need_it(timeline: Build) -> None:
    (part,) = parts(timeline(), Split.ROOM)
    assert part.key == "dosing-room"
    assert ids(part.timeline) == ["visit-2", "visit-4", "visit-6"]
    assert part.timeline.tracks == ()


def test_a_role_has_the_visits_and_run_sheet_items_that_name_it(timeline: Build) -> None:
    found = {part.key: part.timeline for part in parts(timeline(), Split.ROLE)}
    assert list(found) == ["nurse", "rater", "therapist"]
    assert ids(found["rater"]) == ["visit-1", "visit-3", "visit-5"]
    assert ids(found["therapist"]) == ["visit-2", "visit-4", "visit-6"]
    # The nurse is named only in the run sheet of visit 4; `nurse: 0` elsewhere means nobody.
    assert ids(found["nurse"]) == ["visit-4"]
    assert [item.id for item in found["nurse"].visits[0].run_sheet] == ["vitals", "talk"]
    assert [item.id for item in found["therapist"].visits[1].run_sheet] == ["talk"]


def test_participant_and_site_have_everything(timeline: Build) -> None:
    one = timeline()
    assert parts(one, Split.PARTICIPANT) == [("P0001", one)]
    assert parts(one, Split.SITE) == [("berlin", one)]


@pytest.mark.parametrize(
    ("key", "by", "name"),
    [
        ("P0001", Split.PARTICIPANT, "P0001.ics"),
        ("DE-03-017", Split.PARTICIPANT, "DE-03-017.ics"),
        ("therapist", Split.ROLE, "role-therapist.ics"),
        ("dosing-room", Split.ROOM, "room-dosing-room.ics"),
    ],
)
def test_plain_keys_are_their_files_names(key: str, by: Split, name: str) -> None:
    assert file_name(key, by) == name


@pytest.mark.parametrize(
    "key",
    ["../../etc/passwd", "COM1", "con", "a/b", "a\\b", "", ".", "a\x00b", "é" * 300, "x" * 300],
)
def test_other_keys_have_safe_names(key: str) -> None:
    for by in Split:
        name = file_name(key, by)
        assert len(name) <= 80
        assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
        assert name.count(".") == 1
        assert name.split(".")[0].lower() not in {"con", "com1"}


KEYS = st.text(max_size=60) | st.text("aA-_./1", max_size=5)


@given(KEYS, KEYS, st.sampled_from(list(Split)))
def test_different_keys_have_different_names_also_without_regard_to_case(
    one: str, other: str, by: Split
) -> None:
    same = file_name(one, by).lower() == file_name(other, by).lower()
    assert same == (one == other)


class Folder:
    """Files in memory, and how many of them were open at once."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.open: set[str] = set()
        self.most = 0

    def opened(self, name: str) -> BinaryIO:
        assert name not in self.files
        self.open.add(name)
        self.most = max(self.most, len(self.open))
        return io.BytesIO()

    def done(self, name: str, file: BinaryIO) -> None:
        assert isinstance(file, io.BytesIO)
        self.open.remove(name)
        self.files[name] = file.getvalue()


def test_each_part_is_a_calendar_of_its_own(
    timeline: Build, problems: Callable[[bytes], list[str]]
) -> None:
    people = [replace(timeline(), participant=f"P{number:04d}") for number in range(3)]
    for by, names in (
        (Split.PARTICIPANT, ["P0000.ics", "P0001.ics", "P0002.ics"]),
        (Split.SITE, ["site-berlin.ics"]),
        (Split.ROLE, ["role-nurse.ics", "role-rater.ics", "role-therapist.ics"]),
        (Split.ROOM, ["room-dosing-room.ics"]),
    ):
        folder = Folder()
        options = CalendarOptions(level=Level.STAFF)
        counts = dict(write_split(people, by, options, folder.opened, folder.done))
        assert list(folder.files) == names
        assert not folder.open
        for name, data in folder.files.items():
            assert problems(data) == []
            assert data.count(b"BEGIN:VEVENT\r\n") == counts[name] > 0


def test_participants_files_are_completed_one_by_one(timeline: Build) -> None:
    folder = Folder()
    people = (timeline(participant=f"P{number:04d}") for number in range(20))
    list(write_split(people, Split.PARTICIPANT, CalendarOptions(), folder.opened, folder.done))
    assert folder.most == 1


def test_a_calendar_is_named_after_its_part_unless_it_is_busy(timeline: Build) -> None:
    for level, named in ((Level.CODED, True), (Level.BUSY, False)):
        folder = Folder()
        options = CalendarOptions(level=level)
        list(write_split([timeline()], Split.ROLE, options, folder.opened, folder.done))
        assert (b"NAME:Study visits rater\r\n" in folder.files["role-rater.ics"]) == named


@given(st.text(min_size=1, max_size=40), st.sampled_from(Split))
def test_what_a_file_of_a_set_is_of_is_told_by_its_name(key: str, by: Split) -> None:
    assert subject_of(file_name(key, by)) == by


@pytest.mark.parametrize("name", ["all", "everybody", "p0001", "role", "sites", "my-calendar"])
def test_another_name_is_that_of_one_calendar(name: str) -> None:
    assert subject_of(f"{name}.ics") == "calendar"
    assert subject_of(f"{uuid4()}.ics") == "objects"
