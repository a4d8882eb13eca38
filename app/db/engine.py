"""Opening the database: SQLite as it should be set, or PostgreSQL; reading apart from writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.orm import Session

BUSY_MS = 30_000
"""How long a SQLite writer waits for another one."""

MOST_AT_ONCE = 60
"""Connections beyond the pool's five: every source of a cycle may want to save at one time."""

PATIENCE = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
"""In seconds and milliseconds: a PostgreSQL server that does not answer is an error then."""

TURN = 727_002
"""Number of the advisory lock of whoever saves what was collected in a PostgreSQL database."""


class Database:
    """One database. `reading` may run beside anything; `writing` commits whole or not at all."""

    def __init__(self, url: str) -> None:
        """`url` is an SQLAlchemy URL; `postgresql://` means psycopg 3."""
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        sqlite = parsed.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(
            parsed,
            pool_pre_ping=True,
            max_overflow=MOST_AT_ONCE,
            connect_args={} if sqlite else PATIENCE,
        )
        self._queue: AbstractContextManager[object] = RLock() if sqlite else nullcontext()
        if sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            _as_sqlite_should_be(self.engine)
            self._reader: Engine = self.engine.execution_options(begin="BEGIN")
            self._writer: Engine = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        else:
            self._reader = self.engine.execution_options(postgresql_readonly=True)
            self._writer = self.engine

    def reader(self) -> Session:
        """A session for reading. The caller closes it."""
        return Session(self._reader)

    def writer(self) -> Engine:
        """The engine whose transactions may write."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.reader() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction. On SQLite it takes the write lock at once, so it cannot deadlock; this
        process's threads wait in a queue for it, for SQLite's own waiting gives up."""
        with (
            self._queue,
            Session(self._writer, autoflush=False) as session,
            session.begin(),
        ):
            yield session


def take_turn(session: Session) -> None:
    """Wait until nobody else saves what was collected; until this transaction ends, nobody will.

    Two savers would both add what both find missing. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _as_sqlite_should_be(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
