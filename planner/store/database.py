"""The databases that a store can be in: SQLite of Python's own library, or PostgreSQL by URL."""

import contextlib
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any, Self

from planner.errors import PlannerError

BUSY = "another run is writing it; try again when that has ended"
_SECONDS = 10
"""How long another run that writes is waited for."""
_REASONS = {
    "locked": BUSY,
    "not a database": "is not a database of SQLite",
    "readonly": "may not be written",
    "disk is full": "the disk is full",
    "disk I/O error": "the disk is full, or cannot be read or written",
}
"""What is told for the words of SQLite."""


class DatabaseError(PlannerError):
    """The database refuses something, or cannot be reached."""


class Database(ABC):
    """One connection to a database; statements mark their values with `?`."""

    name: str
    """What messages call it; never with a password."""
    dialect: str
    """The folder of its migrations."""

    @abstractmethod
    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""

    def stream(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query that may give very many, in constant memory."""
        return self.rows(statement, values)

    @abstractmethod
    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Does a statement."""

    @abstractmethod
    def run_script(self, script: str) -> None:
        """Does the statements of a migration."""

    @abstractmethod
    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""

    @abstractmethod
    def writing(self) -> contextlib.AbstractContextManager[None]:
        """A transaction that nobody else writes beside; undone when it ends by an error."""

    @abstractmethod
    def reading(self) -> contextlib.AbstractContextManager[None]:
        """A transaction that sees the store as it was when it began."""

    @abstractmethod
    def forget(self) -> str:
        """Has what was cleared or deleted go from the disk, as far as the database can do it.

        Returns:
            What may hold it still, as a sentence; empty where nothing does.
        """

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""


class SqliteDatabase(Database):
    """A file of SQLite, written with a journal ahead (WAL) and every commit on the disk (FULL)."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        """Opens it.

        Raises:
            PlannerError: there is none, or it is another program's, which stays as it is.
        """
        if not os.path.isfile(path):
            raise PlannerError(f"{path}: there is no such store; `planner store init` makes one")
        self._connect(path, path)
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise

    def _set_up(self) -> None:
        with self._refusals():
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA recursive_triggers = ON")
            self._connection.execute("PRAGMA secure_delete = ON")
            # The mode of the journal is written into the file, so not into another program's.
            if not (self._has_columns("store", "id", "version") and self.has_table("event")):
                raise PlannerError(f"{self.name}: holds no store of participants' records")
            # Only what is not so yet is written, so that a file that may only be read is read.
            if next(self._connection.execute("PRAGMA journal_mode")) != ("wal",):
                self._connection.execute("PRAGMA journal_mode = WAL")

    def _has_columns(self, table: str, *names: str) -> bool:
        rows = self.rows("SELECT name FROM pragma_table_info(?)", (table,))
        return [name for (name,) in rows] == list(names)

    @classmethod
    def in_memory(cls, name: str) -> Self:
        """An empty database in no file, whose `content` can become one.

        Args:
            name: what messages call it.
        """
        made = cls.__new__(cls)
        made._connect(":memory:", name)
        return made

    def _connect(self, place: str, name: str) -> None:
        self.name = name
        with self._refusals():
            self._connection = sqlite3.connect(place, timeout=_SECONDS, isolation_level=None)

    def content(self) -> bytes:
        """What a file of this database holds."""
        return self._connection.serialize()

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            text = str(error)
            reason = next((plain for words, plain in _REASONS.items() if words in text), text)
            raise DatabaseError(f"{self.name}: {reason}") from None

    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        with self._refusals():
            yield from self._connection.execute(statement, tuple(values))

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Does a statement."""
        with self._refusals():
            self._connection.execute(statement, tuple(values))

    def run_script(self, script: str) -> None:
        """Does the statements of a migration, within the transaction that is open."""
        with self._refusals():
            statement = ""
            for line in script.splitlines(keepends=True):
                statement += line
                if sqlite3.complete_statement(statement):
                    self._connection.execute(statement)
                    statement = ""

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return next(iter(self.rows(query, (name,))), None) is not None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that nobody else writes beside."""
        self.execute("BEGIN IMMEDIATE")
        yield from self._ended()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees the store as it was when it began."""
        self.execute("BEGIN")
        yield from self._ended()

    def _ended(self) -> Iterator[None]:
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def forget(self) -> str:
        """Empties the journal, where old pages still are, into the file, where they are zeroed."""
        (is_busy, *_) = next(iter(self.rows("PRAGMA wal_checkpoint(TRUNCATE)")))
        if not is_busy:
            return ""
        return (
            f"another run reads the store: {self.name}-wal holds what was cleared until no run has"
            " it open"
        )

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def migrations(dialect: str) -> list[tuple[int, str]]:
    """The numbered scripts of a dialect, in order."""
    folder = resources.files("planner.store") / "migrations" / dialect
    scripts = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return [
        (int(entry.name.removesuffix(".sql")), entry.read_text(encoding="utf-8"))
        for entry in scripts
    ]
