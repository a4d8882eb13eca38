"""Stamps: of exactly the price that was shown, and of no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.db import stamps
from app.db.accounts import add_account
from app.db.engine import Database
from app.db.providers import ids_by_slug, set_status
from app.db.stamps import REMIND_AFTER, Due
from app.domain.provider import ProviderStatus
from app.domain.quote import Age, Origin
from tests.db.made import NOON, SERVICE, on_board, price, save, stock
from tests.db.test_api_keys import ALI

DAY = timedelta(days=1)


@pytest.fixture
def stocked(database: Database) -> Database:
    stock(database)
    with database.writing() as session:
        add_account(session, ALI, NOON)
    return database


def stamp(database: Database, at: datetime) -> int:
    with database.writing() as session:
        return stamps.stamp(session, on_board(database), ALI.id, at)


def stamped(database: Database) -> dict[int, datetime]:
    with database.reading() as session:
        return stamps.stamps_of(session, on_board(database))


def due(database: Database, at: datetime) -> list[Due]:
    with database.reading() as session:
        return stamps.due_for_stamp(session, at)


def test_the_last_stamp_of_a_price_counts(stocked: Database) -> None:
    save(stocked, price(), price(rung="500"))
    assert stamp(stocked, NOON + DAY) == 2
    assert stamp(stocked, NOON + 2 * DAY) == 2
    assert set(stamped(stocked).values()) == {NOON + 2 * DAY}
    assert len(stamped(stocked)) == 2


@pytest.mark.parametrize("margin", ["0.02", "0.0101"])
def test_another_price_has_no_stamp_however_little_it_differs(
    stocked: Database, margin: str
) -> None:
    save(stocked, price())
    stamp(stocked, NOON)
    save(stocked, price(margin=margin, at=NOON + DAY))
    assert stamped(stocked) == {}


def test_the_same_price_read_again_keeps_it(stocked: Database) -> None:
    save(stocked, price())
    stamp(stocked, NOON)
    save(stocked, price(at=NOON + DAY))
    assert list(stamped(stocked).values()) == [NOON]


def test_a_stamp_makes_no_price_look_younger(stocked: Database) -> None:
    save(stocked, price(origin=Origin.SUBMITTED, source="submitted"))
    stamp(stocked, NOON + 40 * DAY)
    (shown,) = on_board(stocked)
    assert (shown.observed.at, shown.age(NOON + 40 * DAY)) == (NOON, Age.DATED)


def test_a_provider_is_reminded_after_thirty_days_and_not_again_after_a_stamp(
    stocked: Database,
) -> None:
    save(stocked, price(), price(rung="500"), price(replace(SERVICE, pay_in="iDEAL")))
    save(stocked, price(replace(SERVICE, provider="beta"), at=NOON + DAY))
    after = NOON + REMIND_AFTER
    assert due(stocked, after) == []
    late = after + timedelta(minutes=1)
    assert due(stocked, late) == [Due("alpha", 2, NOON)]
    assert [one.provider for one in due(stocked, late + DAY)] == ["alpha", "beta"]
    stamp(stocked, late)
    assert due(stocked, late + DAY) == []
    assert due(stocked, late + REMIND_AFTER + DAY)[0] == Due("alpha", 2, late)


def test_nobody_is_reminded_of_what_others_tell_or_of_a_firm_that_closed(
    stocked: Database,
) -> None:
    save(stocked, price(via="wise"), price(replace(SERVICE, provider="beta")))
    with stocked.writing() as session:
        set_status(session, ids_by_slug(session)["beta"], ProviderStatus.CLOSED)
    assert due(stocked, NOON + 99 * DAY) == []


def test_a_price_without_a_number_cannot_be_stamped(stocked: Database) -> None:
    with stocked.writing() as session:
        assert stamps.stamp(session, [price()], ALI.id, NOON) == 0
    assert stamped(stocked) == {}
