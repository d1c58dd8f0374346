"""A store of records against plain dictionaries of them: what is appended is what is read."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store.databases import new_url

from planner.errors import PlannerError
from planner.store import (
    NewEvent,
    Store,
    StoreConflict,
    make_store,
    open_store,
    verify,
)
from planner.timeline.record import Record
from planner.timeline.record_reading import read_record

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
RECORDS = [
    read_record(str(path)).record
    for folder in ("records", "decisions-records")
    for path in sorted((EXAMPLES / folder).iterdir())
]


def record(code: str = "P0001", *visits: dict[str, object], **values: object) -> Record:
    return Record.model_validate({"participant": code, "visits": list(visits), **values})


WAL = "the server's journal (WAL), its replicas and its backups hold it until they go"
BOOKED = {"visit": "dosing", "status": "booked", "start": "2027-02-03T09:00"}


def test_records_come_back_as_they_were(store: Store) -> None:
    appended = store.append([NewEvent(one, 0, "imported") for one in RECORDS], who="anna")
    assert [event.seq for event in appended] == list(range(1, len(RECORDS) + 1))
    in_order = sorted(RECORDS, key=lambda one: one.participant)
    assert [stored.record for stored in store.records()] == in_order
    assert store.participants() == [one.participant for one in in_order]
    for one in RECORDS:
        assert store.record(one.participant) == (one, 1)
    assert verify(store).problems == ()


def test_a_record_that_says_the_same_makes_no_event(store: Store) -> None:
    store.append([NewEvent(RECORDS[0], 0, "imported")], who="anna")
    assert store.append([NewEvent(RECORDS[0], 1, "recorded")], who="anna") == ()


def test_of_two_who_change_a_record_one_is_told(store: Store, url: str) -> None:
    store.append([NewEvent(record(), 0, "enrolled")], who="anna")
    with open_store(url) as other:
        read = other.record("P0001")
        store.append([NewEvent(record("P0001", BOOKED), 1, "booked")], who="anna")
        late = record("P0001", {**BOOKED, "start": "2027-02-04T09:00"})
        with pytest.raises(StoreConflict, match="had 1 changes and has 2"):
            other.append([NewEvent(late, read.version, "booked")], who="ben")
    assert store.record("P0001") == (record("P0001", BOOKED), 2)


def test_all_changes_are_appended_or_none(store: Store) -> None:
    store.append([NewEvent(record(), 0, "enrolled")], who="anna")
    with pytest.raises(StoreConflict, match="P0001: is in the store already"):
        store.append(
            [NewEvent(record("P0002"), 0, "enrolled"), NewEvent(record(), 0, "enrolled")],
            who="anna",
        )
    assert store.participants() == ["P0001"]
    assert len(list(store.events())) == 1


def test_a_change_of_a_booked_visit_without_a_reason_is_refused(store: Store) -> None:
    store.append([NewEvent(record("P0001", BOOKED), 0, "booked")], who="anna")
    missed = record("P0001", {**BOOKED, "status": "missed"})
    for reason in (None, "", "  "):
        with pytest.raises(PlannerError, match=r"dosing is recorded as booked.* needs a reason"):
            store.append([NewEvent(missed, 1, "recorded", reason)], who="anna")
    (event,) = store.append([NewEvent(missed, 1, "recorded", "was ill")], who="anna")
    assert {text.value for text in store.free_texts("P0001")} == {"was ill"}
    assert event.reason is not None
    assert "was ill" not in event.body + event.reason


@pytest.mark.parametrize("who", ["", "Anna Smith", "a" * 41, "anna\n", "änna"])
def test_who_changes_something_is_a_code(store: Store, who: str) -> None:
    with pytest.raises(PlannerError, match="is not a code of a person"):
        store.append([NewEvent(record(), 0, "enrolled")], who=who)


def test_a_redacted_text_is_gone_and_its_redaction_stays(store: Store, tmp_path: Path) -> None:
    secret = "Erika Mustermann was ill"
    visit = {**BOOKED, "status": "missed", "note": secret}
    store.append([NewEvent(record("P0001", visit), 0, "imported")], who="anna")
    (text,) = [text for text in store.free_texts("P0001") if text.value == secret]
    with pytest.raises(PlannerError, match="needs a reason"):
        store.redact("P0001", [text.id], who="anna", reason=" ")
    with pytest.raises(PlannerError, match="repeats the text"):
        store.redact("P0001", [text.id], who="anna", reason=f"because {secret.upper()}")
    redaction = store.redact("P0001", [text.id], who="anna", reason="a name was entered")
    assert (redaction.event.kind, redaction.event.cleared) == ("redacted", (text.id,))
    is_file = store.name.endswith(".db")
    assert redaction.held_by == ("" if is_file else WAL)
    stored = store.record("P0001")
    assert stored.version == 2
    assert stored.record.visits[0].note == "[redacted]"
    assert verify(store).problems == ()
    # What was cleared stays cleared when another value of its line changes.
    later = stored.record.visits[0].model_copy(update={"status": "cancelled"})
    changed = stored.record.model_copy(update={"visits": (later,)})
    store.append([NewEvent(changed, 2, "recorded", "recorded wrongly")], who="anna")
    assert store.record("P0001").record.visits[0].note == "[redacted]"
    assert "[redacted]" not in {text.value for text in store.free_texts("P0001")}
    with pytest.raises(PlannerError, match="holds no text"):
        store.redact("P0001", [text.id], who="anna", reason="again")
    store.close()
    for path in tmp_path.iterdir():
        assert secret.encode() not in path.read_bytes()


def test_a_store_is_not_made_twice(store: Store, url: str) -> None:
    with pytest.raises(PlannerError, match="already"):
        make_store(url)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="there is no such store"):
        open_store(str(tmp_path / "none.db"))
    (tmp_path / "text.db").write_text("participant: P0001\n" * 100)
    with pytest.raises(PlannerError, match="is not a database of SQLite"):
        open_store(str(tmp_path / "text.db"))
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(PlannerError, match="holds no store"):
        open_store(str(tmp_path / "empty.db"))


@pytest.mark.parametrize(
    "table",
    [
        "places (id INTEGER, address TEXT)",
        "store (id TEXT, version BIGINT)",
        "store (id INTEGER, name TEXT, version TEXT)",
    ],
)
def test_a_database_of_another_program_keeps_every_byte(tmp_path: Path, table: str) -> None:
    place = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(place)) as other:
        other.execute(f"CREATE TABLE {table}")
        other.commit()
    before = place.read_bytes()
    with pytest.raises(PlannerError, match="holds no store"):
        open_store(str(place))
    assert place.read_bytes() == before
    assert list(tmp_path.iterdir()) == [place]


CODES = st.sampled_from(["P0001", "P0002", "P0003"])
LINES = st.fixed_dictionaries(
    {
        "visit": st.sampled_from(["screening", "dosing"]),
        "status": st.sampled_from(["booked", "occurred", "missed"]),
        "start": st.sampled_from(["2027-01-04", "2027-01-05T09:00"]),
    },
    optional={"note": st.sampled_from(["late", "early"]), "reason": st.sampled_from(["late"])},
)
STEPS = st.lists(st.tuples(CODES, st.lists(LINES, max_size=4), st.booleans()), max_size=12)


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_any_changes_leave_what_a_dictionary_holds(
    kind: str, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[object], bool]]
) -> None:
    held: dict[str, tuple[Record, int]] = {}
    for url in new_url(kind, tmp_path_factory.mktemp("store")):
        with make_store(url) as store:
            for code, lines, is_reopened in steps:
                new = record(code, *lines)  # type: ignore[arg-type]
                old, version = held.get(code, (None, 0))
                events = store.append([NewEvent(new, version, "changed", "x")], who="anna")
                assert len(events) == (new != old)
                held[code] = (new, version + len(events))
                if is_reopened:
                    with open_store(url) as other:
                        assert other.record(code) == held[code]
            assert {one.record.participant: tuple(one) for one in store.records()} == held
            assert verify(store).problems == ()
