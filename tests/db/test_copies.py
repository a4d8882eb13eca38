"""Copies of the database: whole or none, put back row by row, and a failure that is noted."""

from __future__ import annotations

import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import text

from app.db import copies, mails, migrate
from app.db.backups import KEPT, Backup, last_backups, note_backup, wants_backup
from app.db.copies import NoCopy, back_up, restore
from app.db.engine import Database
from tests.conftest import new_database
from tests.db.made import NOON, price, save, stock
from tests.db.test_mails import MADE, put
from tests.tables import dump

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "copies"
    made.mkdir()
    return made


@pytest.fixture
def filled(database: Database) -> Database:
    """Prices, a mail, and bytes that do not pack."""
    stock(database)
    save(database, price())
    for _ in range(5):
        put(database)
    return database


@pytest.fixture
def empty(database: Database, postgres: str, tmp_path: Path) -> Iterator[Database]:
    """Of the same kind, without a table."""
    sqlite = database.engine.dialect.name == "sqlite"
    opened = Database(f"sqlite:///{tmp_path}/back.db" if sqlite else new_database(postgres))
    yield opened
    opened.engine.dispose()


def noted(database: Database) -> list[Backup]:
    with database.reading() as session:
        return last_backups(session)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_copy_comes_back_row_by_row(filled: Database, empty: Database, folder: Path) -> None:
    before = dump(filled)
    done = back_up(filled, folder, NOON)
    assert done.ok, done.said
    assert (names(folder), noted(filled)) == ([done.file], [done])
    file = folder / done.file
    assert (file.stat().st_size, file.stat().st_mode & 0o777) == (done.bytes, 0o600)
    restore(empty, file)
    after = dump(empty)
    assert {table: len(rows) for table, rows in after.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    assert after == before
    assert after["mail"]
    with empty.engine.connect() as connection:
        assert migrate.is_current(connection)
    put(empty)
    assert len(dump(empty)["mail"]) == 6


def test_a_copy_is_of_one_moment_while_others_write(
    filled: Database, empty: Database, folder: Path
) -> None:
    """Each transaction adds two mails: a copy with an odd number would be torn."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with filled.writing() as session:
                mails.queue(session, MADE, NOON)
                mails.queue(session, MADE, NOON)

    with filled.writing() as session:
        mails.queue(session, MADE, NOON)
    thread = threading.Thread(target=write)
    thread.start()
    try:
        done = back_up(filled, folder, NOON)
    finally:
        stop.set()
        thread.join(20)
    assert done.ok, done.said
    restore(empty, folder / done.file)
    assert len(dump(empty)["mail"]) % 2 == 0


def test_only_an_empty_database_is_filled(filled: Database, folder: Path) -> None:
    done = back_up(filled, folder, NOON)
    before = dump(filled)
    with pytest.raises(NoCopy, match="not empty"):
        restore(filled, folder / done.file)
    assert dump(filled) == before


@pytest.mark.parametrize("harm", ["cut", "changed", "longer", "other", "text"])
def test_what_is_no_whole_copy_is_not_put_back(
    filled: Database, empty: Database, folder: Path, harm: str
) -> None:
    file = folder / back_up(filled, folder, NOON).file
    body = bytearray(file.read_bytes())
    if harm == "cut":
        body = body[: len(body) * 2 // 3]
    elif harm == "changed":
        body[len(body) // 2] ^= 0xFF
    elif harm == "longer":
        body += b"more"
    elif harm == "other":
        body = bytearray(zstandard.compress(b"PGDMP" if "sqlite" in file.name else copies.SQLITE))
    else:
        body = bytearray(b"Dear reader")
    file.write_bytes(body)
    with pytest.raises(NoCopy):
        restore(empty, file)
    assert tables(empty) == 0


def tables(database: Database) -> int:
    wanted = "SELECT count(*) FROM sqlite_master"
    if database.engine.dialect.name == "postgresql":
        wanted = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    with database.engine.connect() as connection:
        return int(connection.scalar(text(wanted)) or 0)


def test_a_missing_folder_is_a_noted_failure(filled: Database, tmp_path: Path) -> None:
    done = back_up(filled, tmp_path / "not-mounted", NOON)
    assert done.said == f"there is no folder {tmp_path}/not-mounted"
    assert noted(filled) == [done]
    assert not (tmp_path / "not-mounted").exists()


@contextmanager
def little_room(size: int) -> Iterator[None]:
    """No file of this process, or of those it starts, may grow beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_a_noted_failure_and_leaves_nothing(
    filled: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = copies.make_copy

    def cramped(database: Database, folder: Path, now: datetime) -> Backup:
        with little_room(2_000):
            return make(database, folder, now)

    monkeypatch.setattr(copies, "make_copy", cramped)
    done = back_up(filled, folder, NOON)
    assert not done.ok
    assert (done.file, done.bytes) == ("", 0)
    assert noted(filled) == [done]
    assert names(folder) == []
    monkeypatch.undo()
    assert back_up(filled, folder, NOON + SECOND).ok


def test_what_a_killed_copy_left_is_no_copy_and_goes_after_a_day(
    filled: Database, folder: Path
) -> None:
    left = folder / "huiswaarts-20261119T022000Z.sqlite.99.part"
    left.write_bytes(b"half")
    assert back_up(filled, folder, NOON).ok
    assert left.exists(), "somebody may be writing it"
    os.utime(left, (0, 0))
    assert back_up(filled, folder, NOON + SECOND).ok
    assert not left.exists()
    assert len(names(folder)) == 2


def test_the_newest_fourteen_stay(filled: Database, folder: Path) -> None:
    other = folder / "notes.txt"
    other.write_text("not ours")
    kept = [f"huiswaarts-202610{day:02}T022000Z.sqlite.zst" for day in range(1, KEPT + 3)]
    for name in kept:
        (folder / name).write_bytes(b"old")
    done = back_up(filled, folder, NOON)
    assert names(folder) == sorted([*kept[3:], done.file, "notes.txt"])


def test_a_program_that_is_not_there_is_a_noted_failure(
    filled: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.copies.shutil.which", lambda _name: None)
    done = back_up(filled, folder, NOON)
    assert done.ok == (filled.engine.dialect.name == "sqlite")
    assert done.ok or "pg_dump is not installed" in done.said


def test_pg_dump_that_fails_leaves_nothing(postgres: str, folder: Path) -> None:
    gone = Database(f"{postgres}/there_is_none")
    with pytest.raises(NoCopy, match=r"pg_dump: .*there_is_none"):
        copies.make_copy(gone, folder, NOON)
    assert names(folder) == []
    gone.engine.dispose()


def test_a_password_stands_in_no_list_of_processes() -> None:
    url = Database("postgresql://me:hunter2@db.example/x").engine.url
    assert "hunter2" not in copies._address(url)
    assert copies._address(url) == "postgresql://me@db.example/x"
    assert copies._environment(url)["PGPASSWORD"] == "hunter2"


def test_a_torn_sqlite_file_is_not_called_a_copy(tmp_path: Path) -> None:
    file = tmp_path / "torn.db"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (x)")
        made.executemany("INSERT INTO t VALUES (?)", [("x" * 900,)] * 200)
    made.close()
    body = bytearray(file.read_bytes())
    body[8192:12288] = b"\xff" * 4096
    file.write_bytes(body)
    with pytest.raises((NoCopy, sqlite3.DatabaseError)):
        copies._check_sqlite(file)


def test_one_good_copy_a_night_is_wanted(database: Database) -> None:
    night = NOON.replace(hour=2, minute=20)

    def wanted(now: datetime) -> bool:
        with database.reading() as session:
            return wants_backup(session, now)

    def note(backup: Backup) -> None:
        with database.writing() as session:
            note_backup(session, backup)

    assert wanted(NOON)
    note(Backup(night - DAY, "a.zst", 1, "ab"))
    assert not wanted(night - timedelta(minutes=21))
    assert wanted(night)
    note(Backup(night, said="full"))
    assert wanted(night + SECOND)
    note(Backup(night + SECOND, "b.zst", 1, "ab"))
    assert not wanted(NOON)
    assert [one.ok for one in noted(database)] == [True, False, True]
