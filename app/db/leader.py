"""Leadership: of several schedulers, the one that works.

It saves work, and no more than that: two that both believe to lead for a moment do no harm, for
each source's slot is claimed in the database.
"""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import Database

LOCK = 727_003
"""Number of the leader's advisory lock in a PostgreSQL database."""

OURS = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0"
    " AND objid = :lock AND objsubid = 1 AND granted AND pid = pg_backend_pid())"
)
TAKE = text("SELECT pg_try_advisory_lock(:lock)")


class Leadership:
    """A lock beside the SQLite file, or an advisory lock that a PostgreSQL connection of its own
    holds. It ends with the process that holds it, however that ends. For several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_looks = threading.Lock()
        self._file: IO[str] | None = None
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether we lead now: takes the lead if nobody has it, and looks whether we still do."""
        with self._one_looks:
            if self._database.engine.dialect.name == "postgresql":
                return self._held_on_postgresql()
            return self._held_on_file()

    def give_up(self) -> None:
        with self._one_looks:
            self._let_go()

    def _let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(SQLAlchemyError):
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.invalidate()  # back in the pool it would still hold the lock
            connection.close()

    def _held_on_file(self) -> bool:
        if self._file is not None:
            return True
        path = Path(f"{self._database.engine.url.database or os.devnull}.leader")
        file = path.open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def _held_on_postgresql(self) -> bool:
        """The lock is the connection's: if that is lost, so is the lead, and the next look opens
        another one."""
        try:
            if self._connection is None:
                opened = self._database.engine.connect()
                self._connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            number = {"lock": LOCK}
            ours = self._connection.scalar(OURS, number) or self._connection.scalar(TAKE, number)
        except SQLAlchemyError:
            self._let_go()
            return False
        return bool(ours)
