"""A store in PostgreSQL, by URL; needs psycopg, which the extra `postgres` installs."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from planner.errors import PlannerError
from planner.store.database import Database, DatabaseError

_LOCK = 0x706C616E
"""The key of the lock around an append: the chain has one end."""
_PIECE = 1000
"""Rows that are fetched at once."""


class PostgresDatabase(Database):
    """One connection to PostgreSQL."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        """Connects.

        Raises:
            PlannerError: psycopg is missing, or the server does not answer.
        """
        try:
            import psycopg
        except ImportError:
            raise PlannerError(
                "a store in PostgreSQL needs psycopg; install `trial-session-planner[postgres]`"
            ) from None
        parts = urlsplit(url)
        self.name = f"postgresql://{parts.hostname or ''}{parts.path}"
        self._error = psycopg.Error
        with self._refusals():
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            reason = [*str(error).strip().splitlines(), "is refused"][0]
            raise DatabaseError(f"{self.name}: {reason}") from None

    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        with self._refusals(), self._connection.cursor() as cursor:
            cursor.execute(_with_marks(statement), tuple(values))
            while piece := cursor.fetchmany(_PIECE):
                yield from piece

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Does a statement."""
        with self._refusals():
            self._connection.execute(_with_marks(statement), tuple(values))

    def run_script(self, script: str) -> None:
        """Does the statements of a migration, within the transaction that is open."""
        with self._refusals():
            self._connection.execute(script.encode())

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name."""
        query = "SELECT 1 FROM pg_tables WHERE tablename = ? AND schemaname = current_schema()"
        return next(iter(self.rows(query, (name,))), None) is not None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that nobody else writes beside: a lock is held until it ends."""
        with self._refusals(), self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees the store as it was when it began."""
        with self._refusals(), self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield

    def forget(self) -> None:
        """Frees the old rows; the server's own journal and copies of it keep them for a while."""
        self.execute("VACUUM FULL free_text")

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def _with_marks(statement: str) -> bytes:
    """A statement with the marks of this database; no statement of ours holds another `?`."""
    return statement.replace("?", "%s").encode()
