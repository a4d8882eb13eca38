"""Held quotes: released, refused, and by whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.db import held as kept
from app.db.engine import Database
from app.db.held import Held, HeldDecision
from app.db.price_text import price_from, price_text
from app.db.services import add_services
from app.domain.account import Account
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.money import Money
from app.domain.quote import Derived, Price, Promotion
from app.domain.service import Coverage
from app.review import held
from app.review.deciding import SamePerson, Undecidable
from app.review.held import Doubt
from tests.db.made import NL_MA, NOON, SERVICE, on_board, price, save, stretches, version
from tests.review.people import ANNA, BO, CARA, CROWD

LATER = NOON + timedelta(minutes=10)
FULL = replace(
    price().quote,
    slack=Decimal("0.001"),
    derived=frozenset({Derived.RATE}),
    service=replace(SERVICE, coverage=Coverage.HIGH),
    promotion=Promotion(
        Decimal("10.95"), Money(Decimal(0), "EUR"), Money(Decimal(2190), "MAD"), "1"
    ),
    schedule=FeeSchedule((FeeTier(Decimal(0), Decimal("3.1")),), Decimal(1), Decimal(1000)),
)

BEFORE = price(at=NOON - timedelta(hours=1))
"""What is shown when a reading is held."""


def hold(database: Database, *found: Price) -> list[int]:
    """As collecting keeps what its gates held; their numbers."""
    with database.writing() as session:
        for one in found:
            numbers = add_services(session, NL_MA, [one.quote.service])
            quote = one.quote
            row = Held(
                service_id=numbers[quote.service],
                rung=one.rung,
                source=one.source,
                paid=quote.paid.amount,
                fee=quote.fee.amount,
                received=quote.received.amount,
                rate=quote.rate,
                mid_rate=one.mid.rate,
                stated_at=None,
                evidence=one.evidence,
                findings=(("own_history", "the rate jumped"),),
                whole=price_text(one),
            )
            kept.hold(session, [row], one.observed.at)
    with database.reading() as session:
        rows = session.query(kept.HeldRow).order_by(kept.HeldRow.id)
        return [row.id for row in rows if row.over_at is None]


def release(database: Database, *ids: int, by: Account = ANNA) -> held.Outcome:
    with database.writing() as session:
        return held.release(session, ids, by, LATER, "The bank confirmed it by telephone.")


def confirm(database: Database, batch: int | None, by: Account) -> held.Outcome:
    assert batch is not None
    with database.writing() as session:
        return held.confirm(session, batch, by, LATER)


def rungs(*amounts: str) -> list[Price]:
    return [price(margin="0.05", rung=amount) for amount in amounts]


def test_a_price_comes_back_whole_from_its_text() -> None:
    whole = replace(price(), quote=FULL, service_id=7, via="wise", fresh_for=timedelta(hours=1))
    assert price_from(price_text(whole), 7, SERVICE) == whole


def test_a_released_reading_is_the_price_that_was_read(stocked: Database) -> None:
    save(stocked, BEFORE)
    (number,) = hold(stocked, price(margin="0.02"))
    with stocked.reading() as session:
        looked = held.look(session, number, LATER)
        assert looked is not None
        assert looked.price is not None
        assert looked.shown is not None
        assert (looked.hindrance, looked.service.provider) == ("", "alpha")
        assert looked.findings == (("own_history", "the rate jumped"),)
        assert looked.shown.quote.rate > looked.price.quote.rate
    assert release(stocked, number).done == [number]
    (shown,) = on_board(stocked)
    assert shown.quote == looked.price.quote
    assert (shown.observed.at, shown.mid, shown.evidence) == (
        (NOON, looked.price.mid, looked.price.evidence)
    )
    with stocked.reading() as session:
        row = kept.find_held(session, number)
        assert row is not None
        assert (row.decision, row.decided_by, row.over_at) == (HeldDecision.RELEASED, 1, LATER)
        assert "telephone" in row.words


def test_it_is_released_once(stocked: Database) -> None:
    save(stocked, BEFORE)
    (number,) = hold(stocked, price(margin="0.02"))
    assert release(stocked, number).done == [number]
    assert "released already" in release(stocked, number, by=BO).left[number]
    assert "no longer kept" in release(stocked, number + 1).left[number + 1]
    assert (stretches(stocked), version(stocked)) == (2, 2)


def test_fifty_at_once_release_it_once(stocked: Database) -> None:
    save(stocked, BEFORE)
    (number,) = hold(stocked, price(margin="0.02"))

    def one(who: Account) -> list[int]:
        return release(stocked, number, by=who).done

    with ThreadPoolExecutor(50) as pool:
        done = list(pool.map(one, CROWD))
    assert sorted(done) == [[]] * 49 + [[number]]
    assert (stretches(stocked), version(stocked)) == (2, 2)


def test_several_at_once_take_a_second_person(stocked: Database) -> None:
    numbers = hold(stocked, *rungs("100", "200", "500"))
    asked = release(stocked, *numbers)
    assert (asked.done, on_board(stocked)) == ([], [])
    with stocked.reading() as session:
        assert [one.ids for one in held.waiting(session)] == [tuple(numbers)]
    with pytest.raises(SamePerson):
        confirm(stocked, asked.batch, ANNA)
    assert on_board(stocked) == []
    assert confirm(stocked, asked.batch, BO).done == numbers
    assert len(on_board(stocked)) == 3
    with pytest.raises(Undecidable, match="already"):
        confirm(stocked, asked.batch, CARA)
    with stocked.reading() as session:
        assert held.waiting(session) == []


def test_the_same_reading_named_twice_is_one(stocked: Database) -> None:
    save(stocked, BEFORE)
    (number,) = hold(stocked, price(margin="0.02"))
    assert release(stocked, number, number).done == [number]


def test_fifty_confirm_at_once_and_one_counts(stocked: Database) -> None:
    asked = release(stocked, *hold(stocked, *rungs("100", "200")))

    def one(who: Account) -> int:
        try:
            return len(confirm(stocked, asked.batch, who).done)
        except Undecidable:
            return 0

    with ThreadPoolExecutor(50) as pool:
        assert sorted(pool.map(one, CROWD)) == [0] * 49 + [2]
    assert stretches(stocked) == 2


def test_what_was_decided_meanwhile_is_left_of_a_batch(stocked: Database) -> None:
    first, second = hold(stocked, *rungs("100", "200"))
    asked = release(stocked, first, second)
    with stocked.writing() as session:
        assert held.refuse(session, [first], CARA, LATER, "A typing error.").done == [first]
    outcome = confirm(stocked, asked.batch, BO)
    assert outcome.done == [second]
    assert "refused already" in outcome.left[first]


def test_only_the_newest_reading_is_released(stocked: Database) -> None:
    save(stocked, BEFORE)
    older, newer = hold(
        stocked, price(margin="0.02"), price(margin="0.025", at=NOON + timedelta(minutes=5))
    )
    assert f"number {newer}" in release(stocked, older).left[older]
    assert release(stocked, newer).done == [newer]
    assert "published since" in release(stocked, older).left[older]


def test_a_price_that_goes_before_it_stays(stocked: Database) -> None:
    save(stocked, price(source="alpha_itself", at=LATER))
    (number,) = hold(stocked, price(margin="0.05", via="wise"))
    assert "alpha_itself" in release(stocked, number).left[number]
    (shown,) = on_board(stocked)
    assert shown.source == "alpha_itself"


@pytest.mark.parametrize("words", ["", "  \n", "\u202e"])
def test_a_decision_needs_words(stocked: Database, words: str) -> None:
    (number,) = hold(stocked, price())
    for decide in (held.release, held.refuse):
        with stocked.writing() as session, pytest.raises(Undecidable):
            decide(session, [number], ANNA, LATER, words)
    assert on_board(stocked) == []


def test_a_refused_reading_is_refused_again_and_another_is_not(stocked: Database) -> None:
    (number,) = hold(stocked, price(margin="0.05"))
    with stocked.writing() as session:
        held.refuse(session, [number], ANNA, NOON, "Their test page.")
    mid = replace(price().mid, rate=Decimal("10.95"))
    hold(stocked, price(margin="0.05", mid=mid, at=NOON + timedelta(minutes=15)))
    hold(stocked, price(margin="0.08", mid=mid, at=NOON + timedelta(minutes=30)))
    with stocked.reading() as session:
        rows = session.query(kept.HeldRow).order_by(kept.HeldRow.id)
        assert [(row.decision, row.words) for row in rows] == [
            (HeldDecision.REFUSED, "Their test page."),
            (HeldDecision.REFUSED, "Their test page."),
            (None, ""),
        ]


def test_too_little_kept_cannot_be_released(stocked: Database) -> None:
    (number,) = hold(stocked, price())
    with stocked.writing() as session:
        row = kept.find_held(session, number)
        assert row is not None
        row.whole = ""
    assert "Too little" in release(stocked, number).left[number]
    assert on_board(stocked) == []


def test_fifty_refuse_at_once_and_one_counts(stocked: Database) -> None:
    (number,) = hold(stocked, price())

    def one(who: Account) -> list[int]:
        with stocked.writing() as session:
            return held.refuse(session, [number], who, LATER, f"Says {who.name}.").done

    with ThreadPoolExecutor(50) as pool:
        done = list(pool.map(one, CROWD))
    assert sorted(done) == [[]] * 49 + [[number]]
    with stocked.reading() as session:
        row = kept.find_held(session, number)
        assert row is not None
        (first,) = [who for who, numbers in zip(CROWD, done, strict=True) if numbers]
        assert (row.decided_by, row.words) == (first.id, f"Says {first.name}.")


@pytest.mark.parametrize(
    ("shown", "held_price", "doubt"),
    [
        (BEFORE, price(margin="0.029"), None),
        (BEFORE, price(margin="0.031"), Doubt.CHANGE),
        (BEFORE, price(margin="-0.02"), Doubt.CHANGE),
        (None, price(), Doubt.NOTHING),
        (price(margin="0.10", at=BEFORE.observed.at), price(margin="0.11"), Doubt.FAR),
        (BEFORE, price(margin="0.99"), Doubt.FAR),
        (BEFORE, price(margin="-99"), Doubt.FAR),
    ],
)
def test_one_in_doubt_takes_two(
    stocked: Database, shown: Price | None, held_price: Price, doubt: Doubt | None
) -> None:
    if shown is not None:
        save(stocked, shown)
    before = on_board(stocked)
    (number,) = hold(stocked, held_price)
    with stocked.reading() as session:
        looked = held.look(session, number, LATER)
    assert looked is not None
    assert looked.doubt is doubt
    asked = release(stocked, number)
    if doubt is None:
        assert (asked.done, asked.batch) == ([number], None)
        return
    assert (asked.done, on_board(stocked)) == ([], before)
    assert release(stocked, number).batch == asked.batch, "who asks twice asked once"
    with pytest.raises(SamePerson):
        confirm(stocked, asked.batch, ANNA)
    assert confirm(stocked, asked.batch, BO).done == [number]
    assert on_board(stocked)[0].quote.rate == held_price.quote.rate
