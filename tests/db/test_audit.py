"""The log of acts: only added to, and whoever gets round that is found out."""

from __future__ import annotations

import json
import multiprocessing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import audit
from app.db.engine import Database
from app.domain.account import Account, Role

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANNA = Account(7, "anna@example.org", "Anna", Role.EDITOR, None)
LIFTED = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("ALTER TABLE audit DISABLE TRIGGER audit_no_change",),
}


def fill(database: Database, count: int = 4) -> None:
    with database.writing() as session:
        for number in range(count):
            facts = {"reason": f"it is {number}\r\nFake: entry", "price": 1.5}
            audit.note(session, ANNA, "source.switched_off", ("source", number), facts, now=NOW)


def wrong(database: Database) -> str:
    with database.reading() as session:
        return audit.broken_at(session)


def change(database: Database, statement: str) -> None:
    """As somebody would who may do anything with the database."""
    with database.engine.begin() as connection:
        for lift in LIFTED[connection.dialect.name]:
            connection.execute(text(lift))
        connection.execute(text(statement))
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_no_change"))


def test_an_entry_says_who_what_and_when_and_stays_on_its_line(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        newest, *_others = audit.history(session)
        assert (newest.who, newest.act, newest.at) == (ANNA.email, "source.switched_off", NOW)
        assert newest.about == ("source", "3")
        assert newest.facts["reason"] == "it is 3\r\nFake: entry"
        assert [one.about[1] for one in audit.history(session, ("source", 2))] == ["2"]
        stored = session.scalars(text("SELECT facts FROM audit")).all()
    assert all("\n" not in line and "\r" not in line for line in stored)
    assert all(json.loads(line) for line in stored)
    assert wrong(database) == ""


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_or_delete(
    database: Database, statement: str
) -> None:
    fill(database)
    with pytest.raises(DBAPIError, match="only added to"), database.writing() as session:
        session.execute(text(statement))
    assert wrong(database) == ""


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit SET who = 'x' WHERE id = 2", "entry 2 was changed"),
        ("UPDATE audit SET facts = '{}' WHERE id = 4", "entry 4 was changed"),
        ("UPDATE audit SET account_id = NULL WHERE id = 1", "entry 1 was changed"),
        ("DELETE FROM audit WHERE id = 2", "before entry 3 one is missing"),
        ("DELETE FROM audit WHERE id = 1", "before entry 2 one is missing"),
        ("DELETE FROM audit WHERE id = 4", "there were 4 entries, and 3 are left"),
        ("DELETE FROM audit", "there were 4 entries, and 0 are left"),
    ],
)
def test_whoever_gets_round_that_is_found_out(
    database: Database, statement: str, words: str
) -> None:
    fill(database)
    change(database, statement)
    assert words in wrong(database)


def test_what_is_undone_leaves_no_entry(database: Database) -> None:
    fill(database, 1)
    with pytest.raises(RuntimeError, match="never mind"):
        _note_and_fail(database)
    with database.reading() as session:
        assert [one.act for one in audit.history(session)] == ["source.switched_off"]
    assert wrong(database) == ""


def _note_and_fail(database: Database) -> None:
    with database.writing() as session:
        audit.note(session, None, "never", ("thing", 1), now=NOW)
        raise RuntimeError("never mind")


def _note_many(url: str, count: int) -> None:
    database = Database(url)
    for number in range(count):
        with database.writing() as session:
            audit.note(session, ANNA, "many", ("thing", number), now=NOW)


def test_four_processes_at_once_make_one_whole_chain(database: Database, database_url: str) -> None:
    each = 50
    spawn = multiprocessing.get_context("spawn")
    running = [spawn.Process(target=_note_many, args=(database_url, each)) for _ in range(4)]
    for one in running:
        one.start()
    for one in running:
        one.join(120)
    assert [one.exitcode for one in running] == [0] * 4
    with database.reading() as session:
        assert audit.head(session)[0] == 4 * each
    assert wrong(database) == ""
