"""The switch of a source: what an operator said lasts, within what settings and terms allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Lock

import pytest

from app.db import sources, switches
from app.db.accounts import add_account
from app.db.engine import Database
from app.db.sources import SourceFacts, SourceRow
from app.domain.account import Account, Role
from tests.at_once import SAVERS, at_once
from tests.db.made import NOON

FACTS = SourceFacts(
    "one", "price", "https://a.example", "", "green", "", NOON.date(), 9, 15, is_on=True
)


@pytest.fixture
def by(database: Database) -> int:
    with database.writing() as session:
        sources.register(session, [FACTS])
        made = Account(0, "editor@huiswaarts.example", "Editor", Role.EDITOR, None)
        return add_account(session, made, NOON).id


def register(database: Database, **other: object) -> SourceRow:
    """As a process does when it starts; the source as it is then."""
    with database.writing() as session:
        sources.register(session, [replace(FACTS, **other)])  # type: ignore[arg-type]
    return row_of(database)


def row_of(database: Database) -> SourceRow:
    with database.reading() as session:
        return session.get_one(SourceRow, "one")


def turn(database: Database, by: int, *, on: bool, version: int = 0) -> bool:
    with database.writing() as session:
        return switches.turn(session, "one", on=on, why="because", by=by, version=version, now=NOON)


def test_what_an_operator_said_lasts_over_every_start(database: Database, by: int) -> None:
    assert turn(database, by, on=False)
    assert not register(database).is_on
    assert not register(database, per_hour=7, is_on=False).is_on
    assert turn(database, by, on=True, version=1)
    row = register(database, is_on=False)
    assert (row.is_on, row.on_by_default, row.turned_why, row.turned_by) == (
        *(True, False, "because", by),
    )


def test_without_a_word_it_is_what_the_module_says(database: Database, by: int) -> None:
    assert register(database).is_on
    assert not register(database, stance="amber", is_on=False).is_on


def test_amber_is_off_until_an_operator_turns_it_on(database: Database, by: int) -> None:
    register(database, stance="amber", is_on=False)
    assert turn(database, by, on=True)
    assert register(database, stance="amber", is_on=False).is_on


@pytest.mark.parametrize(
    "facts", [{"may_be_on": False, "is_on": False}, {"stance": "red"}, {"kind": "survey"}]
)
def test_beyond_settings_and_terms_nobody_turns_it_on(
    database: Database, by: int, facts: dict[str, object]
) -> None:
    before = register(database, **facts)
    assert not switches.may_be_turned(before, on=True)
    assert not turn(database, by, on=True)
    after = row_of(database)
    assert (after.turned, after.version) == ("", 0)


def test_the_setting_stays_the_outer_limit_of_what_was_said(database: Database, by: int) -> None:
    assert turn(database, by, on=True)
    assert not register(database, may_be_on=False, is_on=False).is_on
    assert not register(database, stance="red").is_on
    assert register(database, is_on=False).is_on, "what was said is not forgotten"


def test_a_source_that_is_gone_cannot_be_turned_on(database: Database, by: int) -> None:
    with database.writing() as session:
        sources.register(session, [])
    assert not turn(database, by, on=True)
    assert not row_of(database).is_on


def test_of_those_who_say_something_at_one_time_one_is_heard(database: Database, by: int) -> None:
    """Of four who turn, or note something, over and over: each version is somebody's once."""
    done: list[int] = []
    lock = Lock()

    def work(saver: int) -> None:
        for version in range(20):
            with database.writing() as session:
                if saver % 2:
                    won = switches.write_note(session, "one", f"by {saver}", version)
                else:
                    at = NOON + timedelta(minutes=version)
                    how = {"why": "x", "by": by, "version": version, "now": at}
                    won = switches.turn(session, "one", on=saver == 0, **how)  # type: ignore[arg-type]
            if won:
                with lock:
                    done.append(version)

    at_once(work)
    assert sorted(done) == list(range(20)), f"{SAVERS} savers, each version once"
    assert row_of(database).version == 20


def test_a_note_is_cut_where_it_is_too_long(database: Database, by: int) -> None:
    with database.writing() as session:
        assert switches.write_note(session, "one", "x" * 9000, 0)
    assert len(row_of(database).note) == switches.LONGEST_NOTE
    with database.writing() as session:
        assert not switches.write_note(session, "one", "older", 0)
        assert not switches.write_note(session, "nothing", "x", 0)
