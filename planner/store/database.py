"""The databases that a store can be in: SQLite of Python's own library, or PostgreSQL by URL."""

import contextlib
import os
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

from planner.errors import PlannerError, os_reason


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
    def forget(self) -> None:
        """Has what was cleared or deleted go from the disk, as far as the database can do it."""

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""


class SqliteDatabase(Database):
    """A file of SQLite, written with a journal ahead (WAL) and every commit on the disk (FULL)."""

    dialect = "sqlite"

    def __init__(self, path: str, *, new: bool = False) -> None:
        """Opens it.

        Args:
            path: of the file.
            new: whether it is to be made, and must not be there.

        Raises:
            PlannerError: there is none, there is one already, or it is no such file.
        """
        self.name = path
        if new and os.path.lexists(path):
            raise PlannerError(f"{path}: already exists; nothing was changed")
        if not new and not os.path.isfile(path):
            raise PlannerError(f"{path}: there is no such store; `planner store init` makes one")
        if new:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            except OSError as error:
                raise PlannerError(f"{path}: {os_reason(error)}") from None
        with self._refusals():
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA recursive_triggers = ON")
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.execute("PRAGMA secure_delete = ON")

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            reason = str(error)
            if isinstance(error, sqlite3.OperationalError) and "locked" in reason:
                reason = "another run is writing it; try again when that has ended"
            elif isinstance(error, sqlite3.DatabaseError) and "not a database" in reason:
                reason = "is not a database of SQLite"
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

    def forget(self) -> None:
        """Empties the journal, where old pages still are, into the file, where they are zeroed."""
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)")

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
