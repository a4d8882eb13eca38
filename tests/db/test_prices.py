"""Saving prices: the board has the newest, the history every change that a sender would notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import prices
from app.db.engine import Database
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.quote import Derived, Observed, Origin, Precision, Price, Promotion
from app.domain.service import Coverage, Speed
from tests.db.made import (
    MID,
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
from tests.tables import counted, dump

LATER = NOON + timedelta(minutes=20)
PROMOTION = Promotion(Decimal("11.02"), Money(Decimal(0), "EUR"), Money(Decimal(9), "MAD"), "once")
FULL = replace(
    price(replace(SERVICE, coverage=Coverage.LOW, variant=2)),
    observed=Observed(datetime(2025, 7, 1, tzinfo=UTC), Precision.QUARTER),
    origin=Origin.SURVEY,
    mid=MidRate(Decimal("10.9"), ("peg",), None),
)
FULL = replace(
    FULL,
    quote=replace(
        FULL.quote,
        derived=frozenset({Derived.RATE, Derived.RECEIVED}),
        slack=Decimal("0.0003"),
        promotion=PROMOTION,
    ),
)


def as_saved(one: Price) -> Price:
    """Without the numbers that saving gives it."""
    return replace(one, id=None, service_id=0, last_seen=None)


@pytest.mark.parametrize("made", [price(), FULL, price(replace(SERVICE, speed=None))])
def test_the_board_gives_back_what_was_saved(stocked: Database, made: Price) -> None:
    assert save(stocked, made)
    (found,) = on_board(stocked)
    assert as_saved(found) == made
    assert found.last_seen == made.observed.at
    assert found.id
    assert found.service_id


def test_a_ladder_holds_every_rung_of_one_service(stocked: Database) -> None:
    other = replace(SERVICE, provider="beta")
    save(stocked, price(rung="500"), price(rung="100"), price(other))
    with stocked.reading() as session:
        ladders = prices.board(session, NL_MA)
    found = {one.service.provider: [rung.rung for rung in one.rungs] for one in ladders}
    assert found == {"alpha": [Decimal(100), Decimal(500)], "beta": [Decimal(200)]}


def test_the_board_is_of_one_corridor(stocked: Database) -> None:
    save(stocked, price())
    assert on_board(stocked, NL_SR) == []


def test_the_same_again_changes_nothing(stocked: Database) -> None:
    save(stocked, price(), price(rung="500"))
    before = dump(stocked)
    assert not save(stocked, price(), price(rung="500"))
    assert not save(stocked, price(rung="500.00"))
    assert dump(stocked) == before


def test_a_thousand_unchanged_polls_add_no_history(stocked: Database) -> None:
    with stocked.writing() as session:
        for minute in range(1000):
            prices.save(session, NL_MA, [price(at=NOON + timedelta(minutes=minute))], NOON)
    assert stretches(stocked) == 1
    (found,) = on_board(stocked)
    assert found.last_seen == found.observed.at == NOON + timedelta(minutes=999)
    with stocked.reading() as session:
        assert history(session)[0].observed_at == NOON


@pytest.mark.parametrize("margin", ["0.0104", "0.0096", "0.0105"])
def test_a_small_move_of_the_margin_is_no_history(stocked: Database, margin: str) -> None:
    save(stocked, price())
    moved = price(margin=margin, at=LATER)
    assert save(stocked, moved)
    (found,) = on_board(stocked)
    assert as_saved(found) == moved
    assert found.last_seen == LATER
    assert stretches(stocked) == 1


def test_a_move_of_the_mid_rate_alone_is_no_history(stocked: Database) -> None:
    save(stocked, price())
    save(stocked, price(mid=MidRate(Decimal("11.4"), MID.sources, LATER), at=LATER))
    assert stretches(stocked) == 1


CHANGES = {
    "margin up": price(margin="0.0106", at=LATER),
    "margin down": price(margin="0.0094", at=LATER),
    "fee up": price(fee="3.11", at=LATER),
    "fee down": price(fee="3.09", at=LATER),
    "slower": price(replace(SERVICE, speed=Speed.TWO_DAYS), at=LATER),
    "speed unknown": price(replace(SERVICE, speed=None), at=LATER),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_change_that_a_sender_notices_is_one_more_row(stocked: Database, changed: Price) -> None:
    save(stocked, price())
    save(stocked, changed)
    save(stocked, changed)
    (found,) = on_board(stocked)
    assert as_saved(found) == changed
    with stocked.reading() as session:
        first, second = history(session)
        assert (first.last_seen, first.fee) == (NOON, Decimal("3.10"))
        assert (second.id, second.observed_at, second.last_seen) == (found.id, LATER, LATER)


def test_small_moves_that_add_up_become_history(stocked: Database) -> None:
    """Against what the history says, not against the poll before: else it could creep unseen."""
    for step in range(10):
        margin = str(Decimal("0.0100") + Decimal("0.0004") * step)
        save(stocked, price(margin=margin, at=NOON + timedelta(hours=step)))
    with stocked.reading() as session:
        starts = [(row.mid_rate - row.rate) / row.mid_rate for row in history(session)]
    assert starts == [Decimal("0.0100") + Decimal("0.0008") * step for step in range(5)]


@pytest.mark.parametrize(
    "noticed",
    [
        price(replace(SERVICE, coverage=Coverage.HIGH)),
        replace(price(), quote=replace(price().quote, promotion=PROMOTION)),
        replace(price(), mid=replace(MID, sources=("ecb_history",))),
    ],
)
def test_what_is_no_history_still_moves_the_board(stocked: Database, noticed: Price) -> None:
    save(stocked, price())
    assert save(stocked, noticed)
    assert [as_saved(one) for one in on_board(stocked)] == [noticed]
    assert stretches(stocked) == 1


def test_a_promotion_that_ended_leaves_the_board(stocked: Database) -> None:
    save(stocked, FULL)
    plain = replace(FULL, quote=replace(FULL.quote, promotion=None))
    assert save(stocked, plain)
    assert [as_saved(one) for one in on_board(stocked)] == [plain]


def test_one_save_raises_the_version_once(stocked: Database) -> None:
    assert version(stocked) == 0
    save(stocked, price(), price(rung="500"), price(replace(SERVICE, provider="beta")))
    assert version(stocked) == 1
    save(stocked, price(), price(rung="500"))
    assert version(stocked) == 1
    save(stocked, price(fee="4.00"), price(fee="4.00", rung="500"))
    assert version(stocked) == 2


def test_one_corridor_leaves_the_version_of_another(stocked: Database) -> None:
    save(stocked, price())
    save(stocked, price(replace(SERVICE, corridor=NL_SR)), corridor=NL_SR)
    assert (version(stocked), version(stocked, NL_SR)) == (1, 1)


def test_last_seen_never_goes_back(stocked: Database) -> None:
    save(stocked, price(at=LATER))
    save(stocked, price(at=NOON))
    with stocked.reading() as session:
        assert [row.last_seen for row in history(session)] == [LATER]
    assert [one.last_seen for one in on_board(stocked)] == [LATER]


def test_a_price_needs_its_evidence(stocked: Database) -> None:
    with pytest.raises(IntegrityError):
        save(stocked, price(evidence="0" * 64))
    assert on_board(stocked) == []


def test_a_price_on_the_board_is_found_with_its_newest_figures(stocked: Database) -> None:
    save(stocked, price())
    save(stocked, price(margin="0.0102", at=LATER))
    (newest,) = on_board(stocked)
    with stocked.reading() as session:
        assert newest.id
        assert prices.find_price(session, newest.id) == (newest, True)


def test_an_old_price_is_found_as_it_was(stocked: Database) -> None:
    save(stocked, price())
    (old,) = on_board(stocked)
    save(stocked, price(fee="9.00", at=LATER))
    with stocked.reading() as session:
        assert old.id
        assert prices.find_price(session, old.id) == (old, False)


def test_a_price_that_never_was_is_not_found(stocked: Database) -> None:
    save(stocked, price())
    with stocked.reading() as session:
        for number in (0, -1, 999):
            assert prices.find_price(session, number) is None


def test_reading_the_board_is_one_query(stocked: Database) -> None:
    save(stocked, price(), price(rung="500"), price(replace(SERVICE, provider="beta")))
    with stocked.reading() as session, counted(stocked) as asked:
        prices.board(session, NL_MA)
    assert len(asked) == 1
