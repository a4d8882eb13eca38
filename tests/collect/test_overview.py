"""Every source at a glance: figures that add up."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

from app.collect.overview import Overview, overview
from app.db import sources, switches
from app.db.accounts import add_account
from app.db.engine import Database
from app.domain.account import Account, Role
from tests.collect.teller import Play, offer, play
from tests.conftest import NOW


def seen(it: Play) -> Overview:
    with it.database.reading() as session:
        (found,) = overview(session, it.clock())
    return found


def test_a_source_that_was_never_asked(database: Database) -> None:
    found = seen(play(database))
    assert found.cells() == (
        *("one", "price", "yes", "green", "never", "-", "-", "0/100", "0", "0", "0"),
    )


def test_what_it_gives_and_what_is_held(database: Database) -> None:
    it = play(database, countries=("MA", "TR"), RUNGS=(Decimal(200), Decimal(500)))
    it.run()
    found = seen(it)
    assert (found.corridors, found.quotes, found.held, found.used) == (2, 4, 0, 4)
    it.run(lambda http, ask: [offer(http, ask, margin="0.2000")])
    found = seen(it)
    assert (found.corridors, found.quotes, found.held, found.used) == (2, 4, 2, 8)
    assert (found.last_success, found.trouble, found.trouble_since) == (
        NOW,
        "held",
        NOW + timedelta(minutes=15),
    )
    it.clock.move(timedelta(hours=1))
    assert seen(it).used == 0


def test_trouble_is_told_with_its_words_and_its_rest(database: Database) -> None:
    it = play(database)
    until = NOW + timedelta(minutes=30)
    with database.writing() as session:
        sources.note_trouble(session, "one", "limited", "too many", NOW, until)
    lines = Overview.table([seen(it)])
    assert lines[2] == "    too many (left alone until 12:30 UTC)"
    assert lines[1].split()[4:8] == ["never", "limited", "0", "min"]
    assert json.loads(json.dumps(seen(it).as_json()))["blocked_until"] == until.isoformat()
    it.clock.at = until
    assert Overview.table([seen(it)])[2] == "    too many"


def test_what_an_operator_said_is_told_with_its_reason(database: Database) -> None:
    it = play(database)
    with database.writing() as session:
        made = Account(0, "editor@huiswaarts.example", "Editor", Role.EDITOR, None)
        by = add_account(session, made, NOW).id
        assert switches.turn(
            session, "one", on=False, why="they asked us to", by=by, version=0, now=NOW
        )
    found = seen(it)
    assert Overview.table([found])[1].split()[2] == "no*"
    assert Overview.table([found])[2] == "    * turned off by an operator: they asked us to"
    assert found.as_json()["turned"] == "off"
