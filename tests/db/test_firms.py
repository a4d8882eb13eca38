"""What the pages of firms and countries ask: one firm's prices, its countries, some rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.db import coverage, prices, rates
from app.db.engine import Database
from app.domain.corridor import Corridor
from app.domain.midrate import MidReading
from app.domain.quote import Origin
from app.domain.told import GONE_AFTER
from tests.db.made import NL_MA, NL_SR, NOON, SERVICE, price, save

BE_MA = Corridor("BE", "EUR", "MA", "MAD")


def test_the_prices_of_one_firm_come_by_corridor(stocked: Database) -> None:
    save(stocked, price(), price(rung="345"), price(replace(SERVICE, provider="beta")))
    for corridor in (NL_SR, BE_MA):
        save(stocked, price(replace(SERVICE, corridor=corridor)), corridor=corridor)
    with stocked.reading() as session:
        found = prices.boards_of(session, "alpha", "NL")
        assert prices.boards_of(session, "nobody", "NL") == {}
    assert set(found) == {NL_MA, NL_SR}
    (ladder,) = found[NL_MA]
    assert ladder.service.provider == "alpha"
    assert [one.rung for one in ladder.rungs] == [Decimal(200), Decimal(345)]


def test_a_price_that_is_long_gone_is_of_no_country(stocked: Database) -> None:
    just, gone = NOON - GONE_AFTER, NOON - GONE_AFTER - timedelta(seconds=1)
    save(stocked, price(at=just))
    save(stocked, price(replace(SERVICE, provider="beta"), at=gone))
    old = replace(SERVICE, provider="beta", corridor=NL_SR)
    save(stocked, price(old, at=gone, origin=Origin.SURVEY), corridor=NL_SR)
    save(stocked, price(replace(SERVICE, corridor=BE_MA)), corridor=BE_MA)
    with stocked.reading() as session:
        found = coverage.countries_by_provider(session, "NL", NOON)
    assert found == {"alpha": {"MA"}, "beta": {"SR"}}


def test_the_newest_readings_of_some_currencies(stocked: Database) -> None:
    readings = [
        MidReading("ecb", "ecb", currency, Decimal(rate), NOON - timedelta(days=days))
        for currency, rate, days in (("USD", 1, 2), ("USD", 2, 1), ("MAD", 11, 1))
    ]
    with stocked.writing() as session:
        rates.add_readings(session, "ecb", readings)
    with stocked.reading() as session:
        assert rates.latest_readings(session, {"USD", "XXX"}) == [readings[1]]
        assert rates.latest_readings(session, set()) == []
        assert len(rates.latest_readings(session)) == 2
