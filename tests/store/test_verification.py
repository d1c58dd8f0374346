"""Everything that is changed in a store behind its back is found."""

import sqlite3
from pathlib import Path

import pytest
from store.databases import SERVER
from store.test_store import BOOKED, record

from planner.errors import PlannerError
from planner.store import NewEvent, Store, make_store, open_store, verify


def filled(store: Store) -> None:
    """Two participants with some history."""
    missed = {**BOOKED, "status": "missed", "note": "by telephone"}
    store.append(
        [NewEvent(record(), 0, "enrolled"), NewEvent(record("P0002", BOOKED), 0, "imported")],
        who="anna",
    )
    store.append([NewEvent(record("P0002", missed), 1, "recorded", "was ill")], who="ben")
    store.append([NewEvent(record("P0001", BOOKED), 1, "booked")], who="anna")


FORBIDDEN = [
    "UPDATE event SET who = 'eve'",
    "UPDATE event SET body = body",
    "DELETE FROM event",
    "DELETE FROM event WHERE seq = 4",
    "UPDATE free_text SET value = 'nothing', salt = 'x'",
    "UPDATE free_text SET id = 'x', value = NULL, salt = NULL",
    "DELETE FROM free_text",
    (
        "INSERT INTO event SELECT 99, stream, 99, kind, body, who, at, reason, prev, 'x' FROM event"
        " WHERE seq = 1"
    ),
    (
        "INSERT INTO event SELECT 5, stream, 1, kind, body, who, at, reason, prev, 'x' FROM event"
        " WHERE seq = 1"
    ),
]


@pytest.mark.parametrize(
    "statement",
    [
        *FORBIDDEN,
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 4",
        (
            "REPLACE INTO event SELECT 5, stream, version, kind, body, who, at, reason, prev, 'x'"
            " FROM event WHERE seq = 4"
        ),
        "REPLACE INTO free_text SELECT id, stream, number, salt, 'y' FROM free_text",
        "UPDATE OR REPLACE event SET seq = 1",
    ],
)
def test_sqlite_refuses_every_change(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "study.db"
    with make_store(str(path)) as store:
        filled(store)
        connection = sqlite3.connect(path)
        with pytest.raises(sqlite3.Error, match=r"never|only"):
            connection.execute(statement)
        connection.close()
        assert verify(store).problems == ()


@pytest.mark.skipif(not SERVER, reason="$PLANNER_POSTGRESQL names no server")
@pytest.mark.parametrize(
    "statement", [*FORBIDDEN, "TRUNCATE event", "TRUNCATE free_text", "TRUNCATE event, free_text"]
)
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_postgresql_refuses_every_change(url: str, store: Store, statement: str) -> None:
    import psycopg

    filled(store)
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error):
        connection.execute(statement.encode())
    assert verify(store).problems == ()


def test_every_changed_bit_of_an_event_is_found(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with make_store(str(path)) as store:
        filled(store)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER event_update")
    connection.execute("DROP TRIGGER event_insert")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(event)")]
    tried = 0
    for seq, *values in list(connection.execute("SELECT seq, * FROM event")):
        for column, value in zip(columns, values, strict=True):
            if not isinstance(value, str):
                continue
            for at in range(0, len(value), 5):
                other = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
                connection.execute("BEGIN")
                connection.execute(f"UPDATE event SET {column} = ? WHERE seq = ?", (other, seq))
                connection.commit()
                with open_store(str(path)) as store:
                    assert verify(store).problems, (seq, column, at)
                connection.execute(f"UPDATE event SET {column} = ? WHERE seq = ?", (value, seq))
                connection.commit()
                tried += 1
    connection.close()
    assert tried > 200
    with open_store(str(path)) as store:
        assert verify(store).problems == ()


TAMPERED = [
    ("UPDATE event SET version = 3 WHERE seq = 4", "event 4 of P0001 was changed"),
    ("DELETE FROM event WHERE seq = 2", "event 3 follows 1"),
    (
        "UPDATE free_text SET value = 'was well' WHERE value = 'was ill'",
        "text of P0002 was changed",
    ),
    (
        "UPDATE free_text SET value = NULL, salt = NULL WHERE value = 'was ill'",
        "without a redaction",
    ),
    ("DELETE FROM free_text WHERE value = 'by telephone'", "text of P0002 is missing"),
    ("UPDATE state SET body = '{}' WHERE stream = 'P0001'", "the kept record of P0001"),
    ("UPDATE state SET body = '{' WHERE stream = 'P0001'", "the kept record of P0001"),
    ("UPDATE store SET id = 'another'", "event 1 of P0001 does not follow"),
]


@pytest.mark.parametrize(("statement", "problem"), TAMPERED)
def test_what_is_changed_in_the_tables_is_told(
    tmp_path: Path, statement: str, problem: str
) -> None:
    path = tmp_path / "study.db"
    with make_store(str(path)) as store:
        filled(store)
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (trigger,) in list(triggers):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(statement)
    connection.commit()
    connection.close()
    with open_store(str(path)) as store:
        assert any(problem in told for told in verify(store).problems), verify(store).problems


def test_only_a_seal_shows_that_the_end_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with make_store(str(path)) as store:
        filled(store)
        seal = store.seal()
        assert verify(store, seal).problems == ()
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER event_delete")
    connection.execute("DELETE FROM event WHERE seq = 4")
    connection.execute("DELETE FROM state WHERE stream = 'P0001'")
    connection.commit()
    connection.close()
    with open_store(str(path)) as store:
        assert verify(store).problems == ()
        assert verify(store, seal).problems == (
            "events 4 to 4, which the seal tells of, are missing",
        )
        # Another event at the same place does not hide it.
        store.append([NewEvent(record("P0003"), 0, "enrolled")], who="eve")
        assert verify(store, seal).problems == ("event 4 is not the one that was sealed",)


def test_a_record_that_was_changed_behind_the_events_is_not_read_from_them(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    with make_store(str(path)) as store:
        filled(store)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER event_update")
    connection.execute("UPDATE event SET body = replace(body, 'booked', 'missed') WHERE seq = 2")
    connection.execute("DELETE FROM state")
    connection.commit()
    connection.close()
    with open_store(str(path)) as store, pytest.raises(PlannerError, match="contradicts"):
        store.record("P0002")
