"""What a source no longer offers leaves the board; the history says since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db import prices
from app.db.engine import Database
from app.domain.quote import Price
from tests.db.made import (
    NL_MA,
    NL_SR,
    NOON,
    SERVICE,
    history,
    on_board,
    price,
    save,
    stretches,
    version,
)
from tests.tables import dump

LATER = NOON + timedelta(hours=1)
BETA = replace(SERVICE, provider="beta")
SECOND = replace(SERVICE, variant=2)


def offer(database: Database, *still: Price, source: str = "wise") -> bool:
    """The whole of what the source still offers; whether that changed anything."""
    with database.writing() as session:
        return prices.save_whole(session, NL_MA, source, still, LATER)


@pytest.fixture
def stocked(stocked: Database) -> Database:
    save(stocked, price(BETA, source="ria"))
    save(stocked, price(), price(rung="500"), price(SECOND))
    return stocked


def test_only_what_is_gone_is_withdrawn(stocked: Database) -> None:
    assert offer(stocked, price(SECOND))
    found = {(one.quote.service.provider, one.quote.service.variant) for one in on_board(stocked)}
    assert found == {("alpha", 2), ("beta", 1)}


def test_the_history_says_since_when(stocked: Database) -> None:
    offer(stocked, price(SECOND))
    with stocked.reading() as session:
        ended = {row.rung: row.ended_at for row in history(session) if row.ended_at}
        assert list(ended.values()) == [LATER, LATER]
        assert len(history(session)) == 4


def test_a_rung_that_is_gone_is_withdrawn(stocked: Database) -> None:
    """Else the amounts of an older round would stay between those of the newest for ever."""
    offer(stocked, price(), price(SECOND))
    assert [one.rung for one in on_board(stocked) if one.source == "wise"] == [200, 200]


def test_another_source_keeps_its_prices(stocked: Database) -> None:
    assert offer(stocked)
    assert [one.source for one in on_board(stocked)] == ["ria"]
    assert not offer(stocked, source="nobody")


def test_another_corridor_keeps_its_prices(stocked: Database) -> None:
    save(stocked, price(replace(SERVICE, corridor=NL_SR)), corridor=NL_SR)
    offer(stocked)
    assert len(on_board(stocked, NL_SR)) == 1
    assert version(stocked, NL_SR) == 1


def test_saving_and_withdrawing_raise_the_version_once(stocked: Database) -> None:
    offer(stocked, price(SECOND, fee="7.00"), price(rung="100"))
    assert version(stocked) == 3


def test_a_service_whose_speed_changed_is_the_same_one(stocked: Database) -> None:
    slower = replace(SERVICE, speed=None)
    offer(stocked, price(slower), price(slower, rung="500"), price(SECOND))
    with stocked.reading() as session:
        assert not [row for row in history(session) if row.ended_at]


def test_more_prices_than_one_statement_carries(stocked: Database) -> None:
    many = [price(replace(SERVICE, variant=number)) for number in range(1, 1502)]
    assert offer(stocked, *many)
    assert not offer(stocked, *many)
    assert offer(stocked, many[0])
    assert len([one for one in on_board(stocked) if one.source == "wise"]) == 1


def test_withdrawing_nothing_changes_nothing(stocked: Database) -> None:
    before = dump(stocked)
    assert not offer(stocked, price(), price(rung="500.00"), price(SECOND))
    assert dump(stocked) == before


def test_a_price_that_comes_back_begins_a_new_stretch(stocked: Database) -> None:
    offer(stocked, price(SECOND), price(rung="500"))
    assert save(stocked, price(at=LATER + timedelta(hours=1)))
    assert stretches(stocked) == 5
    with stocked.reading() as session:
        assert history(session)[-1].ended_at is None


def test_a_withdrawn_price_is_still_found(stocked: Database) -> None:
    number = next(one.id for one in on_board(stocked) if one.source == "wise")
    assert number
    offer(stocked)
    with stocked.reading() as session:
        found = prices.find_price(session, number)
    assert found
    assert not found[1]
