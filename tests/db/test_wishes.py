"""Wishes: one of a source at a time, taken up once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

import pytest

from app.db import sources, wishes
from app.db.accounts import add_account
from app.db.engine import Database
from app.db.wishes import LOST_AFTER, Claimed, WishRow, WishState, WishWhy
from app.domain.account import Account, Role
from tests.at_once import at_once
from tests.db.made import NOON
from tests.db.test_switches import FACTS

MINUTE = timedelta(minutes=1)


@pytest.fixture
def by(database: Database) -> int:
    with database.writing() as session:
        facts = [replace(FACTS, slug=slug) for slug in ("one", "two", *map(str, range(20)))]
        sources.register(session, facts)
        made = Account(0, "editor@huiswaarts.example", "Editor", Role.EDITOR, None)
        return add_account(session, made, NOON).id


def wish(database: Database, by: int, at: datetime = NOON, source: str = "one") -> bool:
    with database.writing() as session:
        return wishes.wish(session, source, by, at)


def claim(database: Database, at: datetime = NOON) -> list[Claimed]:
    with database.writing() as session:
        return wishes.claim(session, "me", at)


def row_of(database: Database, source: str = "one") -> WishRow:
    with database.reading() as session:
        return session.get_one(WishRow, source)


def ready(database: Database, at: datetime) -> bool:
    with database.reading() as session:
        return wishes.any_ready(session, at)


def test_one_wish_of_a_source_at_a_time(database: Database, by: int) -> None:
    assert not ready(database, NOON)
    assert wish(database, by)
    assert not wish(database, by, NOON + MINUTE)
    assert row_of(database).asked_at == NOON
    assert ready(database, NOON)
    (taken,) = claim(database)
    assert claim(database) == []
    assert not wish(database, by, NOON + MINUTE), "it runs"
    with database.writing() as session:
        wishes.end(session, taken, WishWhy.RAN, NOON + MINUTE)
    assert (row_of(database).state, row_of(database).why) == (WishState.DONE, WishWhy.RAN)
    assert wish(database, by, NOON + 2 * MINUTE)
    assert row_of(database).ended_at is None


def test_what_cannot_be_done_yet_waits_until_it_can(database: Database, by: int) -> None:
    wish(database, by)
    (taken,) = claim(database)
    with database.writing() as session:
        wishes.put_off(session, taken, WishWhy.BUDGET, NOON + MINUTE)
    assert not ready(database, NOON)
    assert claim(database) == []
    assert not wish(database, by), "it still waits"
    assert ready(database, NOON + MINUTE)
    assert claim(database, NOON + MINUTE) == [Claimed("one", NOON + MINUTE)]


def test_what_its_process_left_behind_is_lost_and_can_be_wished_again(
    database: Database, by: int
) -> None:
    wish(database, by)
    (taken,) = claim(database)
    late = NOON + LOST_AFTER + MINUTE
    assert ready(database, late)
    with database.writing() as session:
        wishes.end_lost(session, late)
    assert row_of(database).why is WishWhy.LOST
    assert wish(database, by, late)
    with database.writing() as session:
        wishes.end(session, taken, WishWhy.RAN, late)
    assert row_of(database).state is WishState.WAITING, "the lost run says nothing of the new wish"
    assert claim(database, late)
    with database.writing() as session:
        wishes.end(session, taken, WishWhy.RAN, late)
        wishes.put_off(session, taken, WishWhy.BUDGET, late)
    assert row_of(database).state is WishState.RUNNING, "nor while somebody else does it"


def test_of_several_that_wish_and_several_that_look_each_gets_it_once(
    database: Database, by: int
) -> None:
    """Two wish and two look, of twenty sources, at the same moment."""
    made: list[str] = []
    taken: list[str] = []
    lock = Lock()

    def work(saver: int) -> None:
        for number in range(20):
            if saver % 2:
                if wish(database, by, source=str(number)):
                    with lock:
                        made.append(str(number))
                continue
            found = [one.source for one in claim(database)]
            with lock:
                taken.extend(found)

    at_once(work)
    taken += [one.source for one in claim(database)]
    assert sorted(made) == sorted(taken) == sorted(str(number) for number in range(20))
