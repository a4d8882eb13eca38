"""The history's questions: the right stretches, one for each day, bounded, and by an index."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from app.db import history, prices
from app.db.engine import Database
from app.db.providers import add_provider
from app.domain.corridor import Corridor
from app.domain.history import Stretch, by_day
from app.domain.money import EXACT, Money
from app.domain.provider import Provider, ProviderKind, ProviderStatus
from app.domain.quote import Origin
from tests.db.made import NL_MA, NL_SR, NOON, SERVICE, price, save

DAY = timedelta(days=1)
RUNG = Decimal(200)
BETA = replace(SERVICE, provider="beta")


def found(
    database: Database, days: int = 30, corridor: Corridor = NL_MA, now: datetime = NOON
) -> list[Stretch]:
    with database.reading() as session:
        rows = history.corridor_stretches(session, corridor, RUNG, days, now)
    return sorted(rows, key=lambda one: (one.provider, one.since))


def test_a_stretch_says_when_and_what_it_cost(stocked: Database) -> None:
    save(stocked, price(at=NOON - 3 * DAY, fee="2.00", margin="0.02"))
    save(stocked, price(at=NOON - DAY, fee="2.00", margin="0.02"))
    (one,) = found(stocked)
    assert (one.provider, one.source, one.via, one.origin) == ("alpha", "wise", "", Origin.LIVE)
    assert (one.since, one.until, one.ended) == (NOON - 3 * DAY, NOON - DAY, False)
    assert one.cost.fee_percent == EXACT.divide(Decimal(200), Decimal(202))
    assert one.cost.paid == Money(Decimal(202), "EUR")


def test_several_days_give_the_cheapest_and_the_middle_of_each(stocked: Database) -> None:
    gamma = replace(SERVICE, provider="gamma")
    with stocked.writing() as session:
        add_provider(session, Provider("gamma", "Gamma", ProviderKind.MTO), [])
    for days, fees in {4: ("1", "2", "9"), 3: ("1", "3", "9"), 1: ("5", "3", "4")}.items():
        at = NOON - days * DAY
        ways = zip((SERVICE, BETA, gamma), fees, strict=True)
        save(stocked, *(price(way, fee=fee, margin="0", at=at) for way, fee in ways))
    seen = by_day(found(stocked), (NOON - 30 * DAY).date(), NOON.date())
    percents = [(one.day.day, round(one.cheapest, 2), round(one.median or 0, 2)) for one in seen]
    assert percents == [
        (16, Decimal("0.50"), Decimal("0.99")),
        (17, Decimal("0.50"), Decimal("1.48")),
        (19, Decimal("1.48"), Decimal("1.96")),
    ]


def test_what_is_no_longer_offered_has_ended(stocked: Database) -> None:
    save(stocked, price(at=NOON - 2 * DAY))
    with stocked.writing() as session:
        prices.save_whole(session, NL_MA, "wise", [], NOON - DAY)
    (one,) = found(stocked)
    assert one.ended
    assert one.until == NOON - 2 * DAY


def test_of_many_changes_of_a_day_only_the_last_is_read(stocked: Database) -> None:
    midnight = NOON.replace(hour=0) - DAY
    for minutes in range(0, 48 * 60, 240):
        at = midnight + timedelta(minutes=minutes)
        save(stocked, price(at=at, fee=str(1 + minutes // 240)))
    assert [one.since for one in found(stocked)] == [
        midnight + timedelta(hours=20),
        midnight + timedelta(hours=44),
    ]


def test_days_are_those_of_utc_whatever_the_server_s_time_zone(stocked: Database) -> None:
    """Half past eleven and half past twelve at night are two days in UTC, and one in New York."""
    late = NOON.replace(hour=23, minute=30) - 2 * DAY
    save(stocked, price(at=late, fee="1"))
    save(stocked, price(at=late + timedelta(hours=1), fee="2"))
    with stocked.reading() as session:
        if stocked.engine.dialect.name == "postgresql":
            session.execute(text("SET TIME ZONE 'America/New_York'"))
        rows = history.corridor_stretches(session, NL_MA, RUNG, 30, NOON)
    assert len(rows) == 2


def test_a_question_is_bounded_in_days(stocked: Database) -> None:
    for days in (500, 300, 20, 2):
        save(stocked, price(at=NOON - days * DAY, fee=str(days)))
    assert [one.since for one in found(stocked, 10)] == [NOON - 2 * DAY]
    assert len(found(stocked, 30)) == 2
    assert len(found(stocked, 100_000)) == 3


def test_other_amounts_corridors_and_unlicensed_firms_are_left_out(stocked: Database) -> None:
    omega = Provider("omega", "Omega", ProviderKind.MTO, ProviderStatus.UNLICENSED)
    with stocked.writing() as session:
        add_provider(session, omega, [])
    save(stocked, price(), price(BETA, rung="500"), price(replace(SERVICE, provider="omega")))
    save(stocked, price(replace(SERVICE, corridor=NL_SR)), corridor=NL_SR)
    assert [one.provider for one in found(stocked)] == ["alpha"]
    assert len(found(stocked, corridor=NL_SR)) == 1


def test_a_service_has_its_own_history(stocked: Database) -> None:
    save(stocked, price(at=NOON - 2 * DAY), price(BETA, at=NOON - 2 * DAY))
    save(stocked, price(at=NOON - DAY, fee="9"), price(at=NOON - DAY, rung="500"))
    number = next(one.service_id for one in found(stocked) if one.provider == "alpha")
    with stocked.reading() as session:
        rows = history.service_stretches(session, number, RUNG, 30, NOON)
    assert sorted(one.cost.fee.amount for one in rows) == [Decimal("3.1"), Decimal(9)]


def test_measuring_began_with_the_first_live_price(stocked: Database) -> None:
    with stocked.reading() as session:
        assert history.measured_since(session, NL_MA, RUNG) is None
    save(stocked, price(at=NOON - 9 * DAY, origin=Origin.SURVEY))
    save(stocked, price(BETA, at=NOON - 4 * DAY))
    save(stocked, price(BETA, at=NOON - 2 * DAY, fee="7"))
    with stocked.reading() as session:
        assert history.measured_since(session, NL_MA, RUNG) == NOON - 4 * DAY


def test_history_is_found_by_an_index(templates: dict[str, str]) -> None:
    """As SQLite plans it; PostgreSQL reads a table this small from end to end."""
    database = Database(templates["sqlite"])
    sql = (
        "EXPLAIN QUERY PLAN SELECT quote.id, observed_at"
        " FROM quote JOIN service ON service.id = service_id"
        " WHERE service.corridor_id = 1 AND rung = '200' AND last_seen >= '2026-11-01'"
    )
    with database.reading() as session:
        plan = " ".join(str(row[-1]) for row in session.execute(text(sql)))
    database.engine.dispose()
    assert "COVERING INDEX ix_quote_service_id_rung_last_seen_observed_at" in plan
    assert "(service_id=? AND rung=? AND last_seen>?)" in plan
    assert "SCAN" not in plan
