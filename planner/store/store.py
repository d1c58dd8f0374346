"""The store of participants' records: a table of events that is only appended to.

A participant's record is what its events leave. Each event holds the hash of the one before, so
that a change of any of them is found; and each participant's events are numbered, so that of two
people who change the same record at once one is told.
"""

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

from planner.errors import PlannerError
from planner.files import Prepared
from planner.files.locking import locked
from planner.protocol.field_types import quoted
from planner.store.database import Database, SqliteDatabase, migrations
from planner.store.event import KINDS, StoredEvent, body_of, check_who, hash_of, utc_now
from planner.store.free_text import (
    CLEARED,
    FreeText,
    committed,
    with_texts,
    without_texts,
)
from planner.text import one_line
from planner.timeline.participant import check_code
from planner.timeline.record import Record
from planner.timeline.record_changes import (
    applied,
    changes_between,
    plain,
    why_reason_needed,
)

_SQLITE = b"SQLite format 3\0"
_EVENT = "seq, stream, version, kind, body, who, at, reason, prev, hash"


class StoreConflict(PlannerError):
    """Somebody else has changed the record since it was read."""


class StoredRecord(NamedTuple):
    """A participant's record, and how many events it is made of."""

    record: Record
    version: int


class NewEvent(NamedTuple):
    """A change that is to be appended.

    Attributes:
        record: as it is to be.
        version: of the record that was read before; 0 for a participant who is new.
        kind: one of `KINDS`.
        reason: why; needed for a change of a booked or past visit.
    """

    record: Record
    version: int
    kind: str
    reason: str | None = None


class Redaction(NamedTuple):
    """A redaction that was made.

    Attributes:
        event: that stands in the trail.
        held_by: what may hold the text still, as a sentence; empty where nothing does.
    """

    event: StoredEvent
    held_by: str


class Seal(NamedTuple):
    """The end of the chain, kept elsewhere: with it a store whose end was cut off is found."""

    store: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.store}:{self.seq}:{self.hash}"


def read_seal(text: str) -> Seal:
    """Reads what a seal is written as.

    Raises:
        PlannerError: it is no seal.
    """
    match = re.fullmatch(r"([0-9a-f]{16}):([0-9]{1,15}):([0-9a-f]{64})", text.strip())
    if match is None:
        raise PlannerError(f"{quoted(text)} is not a seal; `planner store seal` prints one")
    return Seal(match[1], int(match[2]), match[3])


class Store:
    """Records of participants in a database; use it in a `with` block, which closes it."""

    def __init__(self, database: Database) -> None:
        """Opens the store that a database holds, and brings its tables up to date.

        Raises:
            PlannerError: it holds none, or one of a newer planner.
        """
        self._database = database
        try:
            if not database.has_table("store"):
                raise PlannerError(f"{database.name}: holds no store of participants' records")
            self._migrate()
            self.id: str = next(iter(database.rows("SELECT id FROM store")))[0]
        except BaseException:
            database.close()
            raise

    @classmethod
    def made(cls, database: Database) -> Self:
        """A new, empty store in a database that holds none.

        Raises:
            PlannerError: there is one already.
        """
        try:
            with database.writing():
                if database.has_table("store"):
                    raise PlannerError(
                        f"{database.name}: holds a store already; nothing was changed"
                    )
                database.execute("CREATE TABLE store (id TEXT NOT NULL, version BIGINT NOT NULL)")
                database.execute("INSERT INTO store VALUES (?, 0)", (secrets.token_hex(8),))
        except BaseException:
            database.close()
            raise
        return cls(database)

    @classmethod
    def content_of_new(cls, name: str) -> bytes:
        """What the file of a new and empty store holds.

        Args:
            name: of the file, for messages.
        """
        database = SqliteDatabase.in_memory(name)
        with cls.made(database):
            return database.content()

    def _migrate(self) -> None:
        known = migrations(self._database.dialect)
        (version,) = next(iter(self._database.rows("SELECT version FROM store")))
        if version > known[-1][0]:
            raise PlannerError(
                f"{self._database.name}: was written by a newer planner (tables {version}, this one"
                f" knows {known[-1][0]}); update it"
            )
        if version == known[-1][0]:
            return
        with self._database.writing():
            (version,) = next(iter(self._database.rows("SELECT version FROM store")))
            for number, script in known:
                if number > version:
                    self._database.run_script(script)
                    self._database.execute("UPDATE store SET version = ?", (number,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    @property
    def name(self) -> str:
        """What messages call the store: its file, or its URL without a password."""
        return self._database.name

    def participants(self) -> list[str]:
        """The codes of all participants, sorted."""
        query = "SELECT stream FROM event WHERE version = 1 ORDER BY stream"
        return sorted(row[0] for row in self._database.rows(query))

    def versions(self) -> dict[str, int]:
        """How many events each participant has."""
        query = "SELECT stream, max(version) FROM event GROUP BY stream"
        return dict(self._database.rows(query))

    def record(self, code: str) -> StoredRecord:
        """A participant's record.

        Raises:
            PlannerError: there is no such participant.
        """
        with self._database.reading():
            version, data = self._state(code)
            if version == 0:
                raise PlannerError(f"{self.name}: holds no participant {code}")
            texts = self._texts(code)
        return StoredRecord(Record.model_validate(with_texts(data, texts)), version)

    def records(self) -> Iterator[StoredRecord]:
        """The records of all participants, by code, as they were when the first was asked for."""
        self._catch_up()
        with self._database.reading():
            texts = self._all_texts()
            query = "SELECT stream, version, body FROM state ORDER BY stream"
            for code, version, body in self._database.stream(query):
                data = with_texts(json.loads(body), texts.get(code, {}))
                yield StoredRecord(Record.model_validate(data), version)

    def append(self, events: Sequence[NewEvent], *, who: str) -> tuple[StoredEvent, ...]:
        """Appends changes of participants' records: all of them, or none.

        A record that says what is stored already makes no event.

        Args:
            events: at most one of each participant.
            who: the code of the person who changes them.

        Raises:
            StoreConflict: one was changed by somebody else since it was read.
            PlannerError: a reason is missing, or the database refuses.
        """
        check_who(who)
        with self._database.writing():
            seq, prev = self._end()
            appended = []
            for event in events:
                made = self._event(event, seq + 1, prev, who)
                if made is not None:
                    appended.append(made)
                    seq, prev = made.seq, made.hash
        return tuple(appended)

    def _event(self, new: NewEvent, seq: int, prev: str, who: str) -> StoredEvent | None:
        code = check_code(new.record.participant)
        if new.kind not in KINDS or new.kind == "redacted":
            raise ValueError(f"no change is of the kind {new.kind!r}")
        version, stored = self._state(code)
        if version != new.version:
            raise StoreConflict(_conflict(code, new.version, version))
        texts = self._texts(code)
        # A text that stays keeps its commitment, so that only what is new becomes a change.
        ids = {CLEARED if text is None else text: known for known, text in texts.items()}
        added: list[FreeText] = []

        def commit(text: str) -> str:
            if text not in ids:
                added.append(committed(text))
                ids[text] = added[-1].id
            return ids[text]

        data = without_texts(_as_stored(plain(new.record), stored, texts), commit)
        changes = changes_between(stored, data)
        if not changes:
            return None
        reason = None if new.reason is None else one_line(new.reason).strip()
        why = None if reason else why_reason_needed(changes)
        if why is not None:
            raise PlannerError(f"{code}: {why}, and a change of that needs a reason")
        commitment = commit(reason) if reason else None
        self._put_texts(code, len(texts), added)
        body = body_of(changes)
        event = self._appended(seq, code, version + 1, new.kind, body, who, commitment, prev)
        self._keep(code, version + 1, applied(stored, changes))
        return event

    def _appended(
        self,
        seq: int,
        code: str,
        version: int,
        kind: str,
        body: str,
        who: str,
        reason: str | None,
        prev: str,
    ) -> StoredEvent:
        values = (seq, code, version, kind, body, who, utc_now(), reason, prev)
        event = StoredEvent(*values, hash_of(values))
        self._database.execute(
            f"INSERT INTO event ({_EVENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", event
        )
        return event

    def redact(self, code: str, texts: Sequence[str], *, who: str, reason: str) -> Redaction:
        """Clears free texts that should not have been entered; that it was done stays.

        Args:
            code: of the participant.
            texts: the commitments of them, as `history` gives them.
            who: the code of the person who does it.
            reason: why; it must not repeat what is cleared.

        Raises:
            PlannerError: there is no such text, it is cleared already, or no reason is given.
        """
        check_who(who)
        if not reason.strip():
            raise PlannerError(f"{code}: a redaction needs a reason")
        with self._database.writing():
            known = self._texts(code)
            for text in texts:
                if known.get(text) is None:
                    raise PlannerError(f"{code}: holds no text {text[:12]} that could be cleared")
                if str(known[text]).casefold() in reason.casefold():
                    raise PlannerError(f"{code}: the reason repeats the text that it clears")
            why = committed(one_line(reason).strip())
            self._put_texts(code, len(known), [why])
            version, data = self._state(code)
            seq, prev = self._end()
            body = body_of(cleared=tuple(texts))
            event = self._appended(seq + 1, code, version + 1, "redacted", body, who, why.id, prev)
            for text in texts:
                self._database.execute(
                    "UPDATE free_text SET salt = NULL, value = NULL WHERE id = ?", (text,)
                )
            self._keep(code, version + 1, data)
        return Redaction(event, self._database.forget())

    def events(self, code: str | None = None) -> Iterator[StoredEvent]:
        """The events of a participant or of all, in the order in which they were appended."""
        where, values = ("", ()) if code is None else (" WHERE stream = ?", (code,))
        query = f"SELECT {_EVENT} FROM event{where} ORDER BY seq"
        large = self._database.stream if code is None else self._database.rows
        for row in large(query, values):
            yield StoredEvent(*row)

    def reading(self) -> contextlib.AbstractContextManager[None]:
        """A block in which everything that is read is as it was at the beginning."""
        return self._database.reading()

    def free_texts(self, code: str) -> list[FreeText]:
        """The free texts of a participant in the order of their entry, those cleared included."""
        query = "SELECT id, salt, value FROM free_text WHERE stream = ? ORDER BY number"
        return [FreeText(*row) for row in self._database.rows(query, (code,))]

    def states(self) -> Iterator[tuple[str, str]]:
        """The records that are kept beside the events: code and JSON, texts as commitments."""
        yield from self._database.rows("SELECT stream, body FROM state ORDER BY stream")

    def seal(self) -> Seal:
        """The end of the chain as it is now."""
        with self._database.reading():
            return Seal(self.id, *self._end())

    def _end(self) -> tuple[int, str]:
        """Place and hash of the last event; the store's own identity before the first."""
        query = "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
        row = next(iter(self._database.rows(query)), None)
        return (0, self.first) if row is None else (row[0], row[1])

    @property
    def first(self) -> str:
        """What the first event has for the hash of the one before: of the store's identity."""
        return hash_of([self.id])

    def _texts(self, code: str) -> dict[str, str | None]:
        query = "SELECT id, value FROM free_text WHERE stream = ?"
        return dict(self._database.rows(query, (code,)))

    def _put_texts(self, code: str, count: int, texts: Sequence[FreeText]) -> None:
        """Appends texts to those that a participant has, so many until now."""
        for number, text in enumerate(texts, start=count + 1):
            self._database.execute(
                "INSERT INTO free_text (id, stream, number, salt, value) VALUES (?, ?, ?, ?, ?)",
                (text.id, code, number, text.salt, text.value),
            )

    def _all_texts(self) -> dict[str, dict[str, str | None]]:
        texts: dict[str, dict[str, str | None]] = {}
        for code, known, value in self._database.rows("SELECT stream, id, value FROM free_text"):
            texts.setdefault(code, {})[known] = value
        return texts

    def _state(self, code: str) -> tuple[int, dict[str, Any]]:
        """How many events a participant has, and the record that they leave."""
        query = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?"
        (version,) = next(iter(self._database.rows(query, (code,))))
        query = "SELECT body FROM state WHERE stream = ? AND version = ?"
        kept = next(iter(self._database.rows(query, (code, version))), None)
        return version, self.folded(code) if kept is None else json.loads(kept[0])

    def folded(self, code: str) -> dict[str, Any]:
        """The plain record of a participant by its events alone, texts as commitments.

        Raises:
            PlannerError: the events contradict each other, so some of them were changed.
        """
        data: dict[str, Any] = {}
        for event in self.events(code):
            try:
                data = applied(data, event.changes)
            except (ValueError, TypeError, AttributeError) as error:
                raise PlannerError(
                    f"{self.name}: event {event.seq} of {code} contradicts those before ({error})"
                ) from None
        return data

    def _keep(self, code: str, version: int, data: Mapping[str, Any]) -> None:
        self._database.execute(
            "INSERT INTO state (stream, version, body) VALUES (?, ?, ?)"
            " ON CONFLICT (stream) DO UPDATE SET version = excluded.version, body = excluded.body",
            (code, version, json.dumps(data, ensure_ascii=False, separators=(",", ":"))),
        )

    def _catch_up(self) -> None:
        """Makes the kept records again that are not those of the last events."""
        query = (
            "SELECT last.stream, last.version FROM"
            " (SELECT stream, max(version) AS version FROM event GROUP BY stream) AS last"
            " LEFT JOIN state ON state.stream = last.stream AND state.version = last.version"
            " WHERE state.stream IS NULL"
        )
        if next(iter(self._database.rows(query)), None) is None:
            return
        with self._database.writing():
            for code, version in list(self._database.rows(query)):
                self._keep(code, version, self.folded(code))


def _as_stored(
    data: dict[str, Any], stored: dict[str, Any], texts: Mapping[str, str | None]
) -> dict[str, Any]:
    """The record with the stored form of each list entry and value that it leaves as it was."""
    result = dict(data)
    for key, value in data.items():
        before = stored.get(key)
        if isinstance(value, list) and isinstance(before, list):
            lines = [(with_texts(entry, texts), entry) for entry in before]
            result[key] = [
                next((entry for text, entry in lines if text == line), line) for line in value
            ]
    return result


def _conflict(code: str, expected: int, version: int) -> str:
    if expected == 0:
        return f"{code}: is in the store already; nothing was changed"
    if version == 0:
        return f"{code}: is not in the store; nothing was changed"
    return (
        f"{code}: somebody else has changed the record since it was read (it had {expected} changes"
        f" and has {version}); look at it and try again. Nothing was changed"
    )


def open_store(url: str) -> Store:
    """The store of a file, or of a PostgreSQL database by its URL.

    Raises:
        PlannerError: there is none, or the database cannot be reached.
    """
    return Store(_database(url))


def make_store(url: str) -> Store:
    """A new store in a file that is not there yet, or in an empty PostgreSQL database.

    Raises:
        PlannerError: there is one already, or the database cannot be reached.
    """
    return Store.made(_database(url)) if is_store_url(url) else _made_in_file(url)


def _made_in_file(path: str) -> Store:
    """A new store in a file, which is there whole or not at all."""
    content = Store.content_of_new(path)
    with locked([os.path.dirname(os.path.abspath(path))]):
        if os.path.lexists(path):
            raise PlannerError(f"{path}: already exists; nothing was changed")
        prepared = Prepared(path)
        try:
            prepared.file.write(content)
            prepared.finish()
            os.chmod(prepared.name, 0o600)  # nobody else's, whatever others may do in the folder
            prepared.put()
        finally:
            prepared.discard()
    return Store(SqliteDatabase(path))


def is_store_url(text: str) -> bool:
    """Whether a text names a database server, and no file."""
    return text.startswith(("postgresql://", "postgres://"))


def is_store(place: str) -> bool:
    """Whether a text names a database server, or a file of SQLite that is there."""
    if is_store_url(place):
        return True
    try:
        with open(place, "rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def _database(url: str) -> Database:
    if is_store_url(url):
        from planner.store.postgresql import PostgresDatabase

        return PostgresDatabase(url)
    return SqliteDatabase(url)
