"""The second migration with data in the tables of the first, up and down, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import held, migrate, visits
from app.db.engine import Database
from app.db.evidence import Evidence, add_evidence, find_evidence
from app.db.migrate import BrokenReferences
from tests.conftest import new_database
from tests.db.made import NL_MA, NOON, PROOF, SERVICE, on_board, price, save, stock
from tests.tables import dump

LARGE = Evidence("wise", "a page", "text/html", b"<p>" * 4000, NOON)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, postgres: str, tmp_path: Path) -> Iterator[Database]:
    """With two services, one price of each, and a large reply behind one of them."""
    sqlite = request.param == "sqlite"
    opened = Database(f"sqlite:///{tmp_path}/db.db" if sqlite else new_database(postgres))
    migrate.upgrade(opened)
    stock(opened)
    with opened.writing() as session:
        add_evidence(session, [LARGE])
    save(opened, price(evidence=LARGE.sha256), price(replace(SERVICE, pay_in="iDEAL")))
    yield opened
    opened.engine.dispose()


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def test_down_and_up_keeps_prices_and_the_replies_behind_them(filled: Database) -> None:
    (kept,) = [one for one in on_board(filled) if not one.quote.service.pay_in]
    migrate.downgrade(filled, "0001_first_tables")
    assert [count(filled, table) for table in ("board", "quote", "service", "evidence")] == [
        *(1, 1, 1, 2)
    ]
    with filled.engine.connect() as connection:
        body = text("SELECT body FROM evidence WHERE sha256 = :it")
        found = connection.execute(body, {"it": LARGE.sha256}).scalar_one()
    assert bytes(found) == LARGE.body
    migrate.upgrade(filled)
    assert on_board(filled) == [kept]
    with filled.reading() as session:
        found_again = find_evidence(session, LARGE.sha256)
        assert found_again
        assert found_again.body == LARGE.body


def test_down_takes_what_was_collected_of_a_service_that_is_lost(filled: Database) -> None:
    lost = next(one for one in on_board(filled) if one.quote.service.pay_in)
    with filled.writing() as session:
        reading = held.Held(
            lost.service_id,
            lost.rung,
            "wise",
            lost.quote.paid.amount,
            lost.quote.fee.amount,
            lost.quote.received.amount,
            lost.quote.rate,
            lost.mid.rate,
            None,
            PROOF.sha256,
            (),
        )
        held.hold(session, [reading], NOON)
        visits.add_visits(session, date(2026, 11, 20), {NL_MA: 3})
    migrate.downgrade(filled, "0001_first_tables")
    migrate.upgrade(filled)
    assert count(filled, "held_quote") == 0
    assert save(filled, price(replace(SERVICE, pay_in="iDEAL"), at=NOON + timedelta(hours=1)))


def test_up_gives_rows_of_the_first_release_their_defaults(filled: Database) -> None:
    migrate.downgrade(filled, "0001_first_tables")
    migrate.upgrade(filled)
    (found,) = on_board(filled)
    assert (found.via, found.fresh_for, found.quote.service.pay_in) == (
        "",
        timedelta(minutes=20),
        "",
    )
    assert found.quote.schedule is None


def test_a_migration_that_breaks_a_reference_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not look while a table is made anew, so we do before the end."""
    database = Database(f"sqlite:///{tmp_path}/db.db")
    migrate.upgrade(database)
    stock(database)
    save(database, price())
    before = dump(database)

    def breaks(_config: object, _revision: str) -> None:
        with_references = _config.attributes["connection"]  # type: ignore[attr-defined]
        with_references.execute(text("DELETE FROM evidence"))

    monkeypatch.setattr("alembic.command.downgrade", breaks)
    with pytest.raises(BrokenReferences, match="refers to nothing in evidence"):
        migrate.downgrade(database, "-1")
    assert dump(database) == before
    with database.writing() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    database.engine.dispose()
