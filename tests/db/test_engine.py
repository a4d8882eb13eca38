"""Databases are set as they should be: writers one at a time, readers beside them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from app.db import engine
from app.db.engine import Database
from app.db.evidence import EvidenceRow
from app.db.services import ServiceRow
from tests.db.made import PROOF

ADD = text("INSERT INTO corridor VALUES (:id, 'NL', 'EUR', 'MA', :currency, 0)")
COUNT = text("SELECT count(*) FROM corridor")
WRITERS, WRITES = 12, 10


@pytest.fixture
def sqlite(templates: dict[str, str], tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "one.db"
    shutil.copy(templates["sqlite"].removeprefix("sqlite:///"), file)
    opened = Database(f"sqlite:///{file}")
    yield opened
    opened.engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_every_sqlite_connection_is_set(sqlite: Database, pragma: str, value: object) -> None:
    with sqlite.reading() as one, sqlite.reading() as other:
        assert one.scalar(text(f"PRAGMA {pragma}")) == value
        assert other.scalar(text(f"PRAGMA {pragma}")) == value
    with sqlite.writing() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_second_sqlite_writer_is_refused_when_it_waited_enough(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused at its beginning, not when it first writes: that could be a deadlock."""
    monkeypatch.setattr(engine, "BUSY_MS", 20)
    second = Database(str(sqlite.engine.url))
    with sqlite.writing() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="database is locked"), second.writing() as other:
            other.execute(text("SELECT 1"))
    second.engine.dispose()


@pytest.mark.parametrize("same_process", [True, False])
def test_a_second_sqlite_writer_waits_for_the_first(
    sqlite: Database, *, same_process: bool
) -> None:
    begun = threading.Event()
    other = sqlite if same_process else Database(str(sqlite.engine.url))

    def second() -> None:
        begun.set()
        with other.writing() as session:
            assert session.scalar(COUNT) == 1
            session.execute(ADD, {"id": 2, "currency": "USD"})

    thread = threading.Thread(target=second)
    with sqlite.writing() as session:
        session.execute(ADD, {"id": 1, "currency": "MAD"})
        thread.start()
        assert begun.wait(10)
    thread.join(20)
    assert not thread.is_alive()
    with sqlite.reading() as session:
        assert session.scalar(COUNT) == 2
    other.engine.dispose()


def test_sqlite_writers_of_one_process_stand_in_a_queue(
    templates: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody gives up, however long it takes: here SQLite itself does not wait at all."""
    monkeypatch.setattr(engine, "BUSY_MS", 0)
    shutil.copy(templates["sqlite"].removeprefix("sqlite:///"), tmp_path / "one.db")
    opened = Database(f"sqlite:///{tmp_path}/one.db")
    ready, failed = threading.Barrier(WRITERS + 1), []

    def write(writer: int) -> None:
        ready.wait(10)
        try:
            for step in range(WRITES):
                with opened.writing() as session:
                    before = session.scalar(COUNT)
                    session.execute(ADD, {"id": writer * WRITES + step, "currency": f"{before}"})
        except SQLAlchemyError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    with opened.writing() as session:
        session.scalar(COUNT)
        ready.wait(10)
    for thread in threads:
        thread.join(30)
    assert failed == []
    with opened.reading() as session:
        found = session.scalars(text("SELECT receive_currency FROM corridor"))
        assert sorted(map(int, found)) == list(range(WRITERS * WRITES))
    opened.engine.dispose()


def test_a_reader_goes_on_beside_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.execute(ADD, {"id": 1, "currency": "MAD"})
        with database.reading() as reader:
            assert reader.scalar(COUNT) == 0
    with database.reading() as reader:
        assert reader.scalar(COUNT) == 1


def test_a_sqlite_reader_sees_one_moment(sqlite: Database) -> None:
    with sqlite.reading() as reader:
        assert reader.scalar(COUNT) == 0
        with sqlite.writing() as writer:
            writer.execute(ADD, {"id": 1, "currency": "MAD"})
        assert reader.scalar(COUNT) == 0


def test_a_reader_changes_nothing(database: Database) -> None:
    with suppress(DBAPIError), database.reading() as session:
        session.execute(ADD, {"id": 1, "currency": "MAD"})
    with database.reading() as session:
        assert session.scalar(COUNT) == 0


def test_postgresql_readers_are_read_only(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        return  # SQLite's readers roll back instead, as the test above shows
    with database.reading() as session:
        assert session.scalar(text("SHOW transaction_read_only")) == "on"
    with database.writing() as session:
        assert session.scalar(text("SHOW transaction_read_only")) == "off"


def test_writing_is_whole_or_not_at_all(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing() as session:
            session.execute(ADD, {"id": 1, "currency": "MAD"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.reading() as session:
        assert session.scalar(COUNT) == 0


def test_a_row_refers_to_rows_that_are_there(database: Database) -> None:
    orphan = ServiceRow(
        provider_id=7,
        corridor_id=7,
        payment_instruments=(),
        access_points=(),
        pickup_methods=(),
        variant=1,
    )
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(orphan)


def test_a_plain_postgresql_address_means_psycopg(templates: dict[str, str]) -> None:
    opened = Database(templates["postgresql"])
    assert opened.engine.url.drivername == "postgresql+psycopg"
    opened.engine.dispose()


def test_the_folder_of_a_new_sqlite_file_is_made(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path}/deep/in/here.db")
    with opened.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    opened.engine.dispose()


def test_bytes_come_back_as_they_were(database: Database) -> None:
    body = bytes(range(256))
    with database.writing() as session:
        row = EvidenceRow(
            sha256="x", source="s", title="t", media_type="m", body=body, read_at=PROOF.read_at
        )
        session.add(row)
    with database.reading() as session:
        assert session.scalar(select(EvidenceRow.body)) == body
