"""A store in PostgreSQL, by URL; needs psycopg, which the extra `postgres` installs."""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from planner.errors import PlannerError
from planner.store.database import BUSY, Database, DatabaseError

_LOCK = 0x706C616E
"""The key of the lock around an append: the chain has one end."""
_SECONDS = 10
"""How long another run that writes is waited for."""
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
        self._psycopg = psycopg
        self.name = _name_of(url)
        self._cursors = itertools.count()
        with self._refusals():
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
            self._connection.execute(f"SET lock_timeout = {round(_SECONDS * 1000)}".encode())

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except self._psycopg.errors.LockNotAvailable:
            raise DatabaseError(f"{self.name}: {BUSY}") from None
        except self._psycopg.Error as error:
            reason = [*str(error).strip().splitlines(), "is refused"][0]
            raise DatabaseError(f"{self.name}: {reason}") from None

    def rows(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one at a time."""
        with self._refusals(), self._connection.cursor() as cursor:
            cursor.execute(_with_marks(statement), tuple(values))
            while piece := cursor.fetchmany(_PIECE):
                yield from piece

    def stream(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query that may give very many: the server keeps those not fetched yet."""
        idle = self._psycopg.pq.TransactionStatus.IDLE
        is_alone = self._connection.info.transaction_status == idle
        name = f"planner_{next(self._cursors)}"
        with self._refusals(), self._connection.cursor(name, withhold=is_alone) as cursor:
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

    def forget(self) -> str:
        """Writes the table of texts anew; nobody else may have it open meanwhile."""
        journal = "the server's journal (WAL), its replicas and its backups hold it until they go"
        try:
            self.execute("VACUUM FULL free_text")
        except DatabaseError as error:
            return (
                f"its old row is in the table still ({error}): have `VACUUM FULL free_text` run;"
                f" {journal}"
            )
        return journal

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


def _with_marks(statement: str) -> bytes:
    """A statement with the marks of this database; no statement of ours holds another `?`."""
    return statement.replace("?", "%s").encode()


def _name_of(url: str) -> str:
    """What messages call a database: without user and password, wherever they stand in the URL.

    Raises:
        PlannerError: it cannot be read, or a sign in its password would make it another one.
    """
    import psycopg

    try:
        parts = {key: str(value) for key, value in psycopg.conninfo.conninfo_to_dict(url).items()}
    except psycopg.Error:
        parts = {"host": "@"}
    host, name, port = (parts.get(key, "") for key in ("host", "dbname", "port"))
    # Not every version of the library refuses blanks.
    if (
        any(map(str.isspace, url))
        or "@" in host + name
        or not all(part.isdigit() for part in port.split(",") if part)
    ):
        raise PlannerError(
            "the URL of the store cannot be read; postgresql://USER:PASSWORD@HOST:PORT/DATABASE is"
            " expected, with signs such as / @ : % # in a password written as %2F %40 %3A %25 %23"
        )
    return f"postgresql://{host}/{name}"
