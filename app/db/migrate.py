"""Bringing a database up to the newest migration, and telling whether it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.db.engine import Database

MIGRATIONS = Path(__file__).parents[2] / "migrations"
LOCK = 727_001
"""Number of the advisory lock that lets one process at a time migrate a PostgreSQL database."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing, in one transaction; a second run does nothing."""
    with _changing(database) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    with _changing(database) as connection:
        command.downgrade(_config(connection), revision)


class BrokenReferences(RuntimeError):
    """A migration would leave rows that refer to nothing. Nothing was changed."""


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """One transaction. SQLite changes a table by making it anew, and must not look at what refers
    to it meanwhile: it is looked at before the end instead (sqlite.org/lang_altertable.html)."""
    with database.writer().connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        _check_references(connection, on=False)
        try:
            with connection.begin():
                yield connection
                broken = connection.execute(text("PRAGMA foreign_key_check")).first()
                if broken is not None:
                    raise BrokenReferences(f"a row of {broken[0]} refers to nothing in {broken[2]}")
        finally:
            _check_references(connection, on=True)


def _check_references(connection: Connection, *, on: bool) -> None:
    """Only takes effect outside a transaction, so it goes past SQLAlchemy, which begins one."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
    cursor.close()


def is_current(connection: Connection) -> bool:
    """Whether the database has every migration of this release."""
    heads = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
