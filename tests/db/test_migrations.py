"""Migrations build exactly the models, go up and down, and do no harm when run again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from app.db import migrate
from app.db.engine import Database
from app.db.models import Base
from config import ROOT
from tests.conftest import new_database, wait_until
from tests.tables import dump

SCRIPTS = ScriptDirectory(str(migrate.MIGRATIONS))
OLDEST_FIRST = list(reversed([script.revision for script in SCRIPTS.walk_revisions()]))
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, postgres: str, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path}/empty.db")
    else:
        opened = Database(new_database(postgres))
    yield opened
    opened.engine.dispose()


def schema(engine: Engine) -> list[str]:
    """Every table, column, key and index, in words."""
    looked = inspect(engine)
    lines = []
    for table in looked.get_table_names():
        if table == "alembic_version":
            continue
        lines += [f"{table} {one['name']} {one['type']!r}" for one in looked.get_columns(table)]
        lines.append(f"{table} {looked.get_pk_constraint(table)}")
        lines += [f"{table} {one}" for one in looked.get_foreign_keys(table)]
        lines += [f"{table} {one}" for one in looked.get_indexes(table)]
        lines += [f"{table} {one}" for one in looked.get_unique_constraints(table)]
    return sorted(lines)


def names(connection: Connection) -> set[str | None]:
    """Of every constraint and index that the database has."""
    looked = inspect(connection)
    found: set[str | None] = set()
    for table in Base.metadata.tables:
        found.add(looked.get_pk_constraint(table)["name"])
        found |= {one["name"] for one in looked.get_foreign_keys(table)}
        found |= {one["name"] for one in looked.get_indexes(table)}
        found |= {one["name"] for one in looked.get_unique_constraints(table)}
        found |= {one["name"] for one in looked.get_check_constraints(table)}
    return found


def test_migrations_build_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_what_may_be_null_is_what_the_models_say(database: Database) -> None:
    """compare_metadata looks at this too, but not in a primary key on SQLite."""
    looked = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        found = {one["name"]: one["nullable"] for one in looked.get_columns(table.name)}
        assert found == {column.name: column.nullable for column in table.columns}, table.name


def test_every_constraint_has_its_name(database: Database) -> None:
    known: set[str | None] = set()
    for table in Base.metadata.tables.values():
        known |= {str(one.name) for one in table.constraints | table.indexes}
    with database.engine.connect() as connection:
        assert names(connection) == known


def test_each_migration_goes_up_and_down_and_up(empty: Database) -> None:
    for revision in OLDEST_FIRST:
        before = schema(empty.engine)
        migrate.upgrade(empty, revision)
        after = schema(empty.engine)
        assert after != before, f"{revision} does nothing"
        migrate.downgrade(empty, "-1")
        assert schema(empty.engine) == before
        migrate.upgrade(empty, revision)
        assert schema(empty.engine) == after


def test_files_are_numbered_without_gaps() -> None:
    files = sorted((migrate.MIGRATIONS / "versions").glob("*.py"))
    assert [file.stem for file in files] == OLDEST_FIRST
    assert [file.stem[:5] for file in files] == [f"{n:04}_" for n in range(1, len(files) + 1)]


def test_a_second_upgrade_does_nothing(database: Database) -> None:
    tables, content = schema(database.engine), dump(database)
    migrate.upgrade(database)
    assert schema(database.engine) == tables
    assert dump(database) == content


def test_a_database_knows_whether_it_is_current(empty: Database) -> None:
    with empty.engine.connect() as connection:
        assert not migrate.is_current(connection)
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        assert migrate.is_current(connection)


def test_a_migration_that_fails_leaves_nothing(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("alembic.operations.Operations.create_index", fail)
    with pytest.raises(RuntimeError):
        migrate.upgrade(empty)
    assert inspect(empty.engine).get_table_names() == []


def upgrading(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={"DATABASE_URL": url, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0, said


def test_two_processes_upgrade_postgresql_at_once(postgres: str) -> None:
    """Both are stopped at their first step, by a table that is never committed, and let go."""
    url = new_database(postgres)
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as blocker, engine.connect() as watcher:
        blocker.execute(text("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"))
        processes = [upgrading(url), upgrading(url)]

        def both_wait() -> bool:
            watcher.rollback()
            return bool(watcher.scalar(WAITING) == 2)

        wait_until(both_wait)
        blocker.rollback()
        finished(processes)
        assert migrate.is_current(watcher)
    engine.dispose()
