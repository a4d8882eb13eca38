"""Mystery shopping in the database: what is drawn, what was shown when; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.db import prices, shopping, shopping_frame, shopping_work
from app.db.engine import Database
from app.db.held import HeldRow
from app.db.providers import ids_by_slug, set_status
from app.db.reach import keep_reach
from app.db.shopping_rows import ReceiptRow
from app.db.visits import add_visits
from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.provider import ProviderStatus
from app.domain.quote import Derived, Observed, Origin, Precision, Price, Promotion
from app.domain.reach import Reach, ReachState, Why
from app.domain.service import PickupMethod
from app.domain.shopping import BadResult, Heard, Result, Verdict
from app.domain.shopping_sample import Risk, draw
from tests.at_once import at_once
from tests.db.made import NL_MA, NOON, PROOF, SERVICE, on_board, price, save
from tests.db.shop import BETA, DAY, HOUR, QUARTER, Shop, heard
from tests.tables import dump


@pytest.fixture
def shop(stocked: Database) -> Shop:
    return Shop(stocked)


def test_what_can_be_found_can_be_drawn(shop: Shop) -> None:
    first, second = shop.candidates()
    assert (first.low, first.high) == (Decimal(200), Decimal(500))
    assert (second.low, second.high) == (Decimal(200), None)
    assert {*first.risks, *second.risks} == {Risk.NEVER_SHOPPED}


def test_what_no_list_shows_is_not_drawn(shop: Shop) -> None:
    database = shop.database
    iran = Corridor("NL", "EUR", "IR", "IRR")
    save(database, price(replace(SERVICE, corridor=iran)), corridor=iran)
    cash = replace(SERVICE, pickup_methods=(PickupMethod.BANK_ACCOUNT,))
    save(database, price(cash, via="wise", source="wise_comparisons"))
    save(database, price(replace(BETA, variant=2), rung="40"))
    with database.writing() as session:
        closed = Reach(
            "IR", ("IRR",), ReachState.CLOSED, Why.SANCTIONS, "https://r.example", NOON.date()
        )
        keep_reach(session, [Reach("MA", ("MAD",)), closed])
    assert len(shop.candidates()) == 2
    assert shop.candidates(NOON + 15 * DAY) == []
    with database.writing() as session:
        set_status(session, ids_by_slug(session)["beta"], ProviderStatus.CLOSED)
    assert len(shop.candidates()) == 1


def test_each_risk_is_seen(shop: Shop) -> None:
    offer = Promotion(Decimal(11), Money(Decimal(0), "EUR"), Money(Decimal(2200), "MAD"), "New.")
    risky = price(BETA, fee="5", at=NOON + HOUR)
    quote = replace(risky.quote, promotion=offer, derived=frozenset({Derived.RATE}))
    at = Observed(NOON - 60 * DAY, Precision.QUARTER)
    survey = replace(risky, quote=quote, origin=Origin.SURVEY, source="rpw", observed=at)
    other = replace(survey, quote=replace(quote, service=replace(BETA, variant=2)))
    save(shop.database, other)
    number = max(one.service_id for one in on_board(shop.database))
    with shop.database.writing() as session:
        session.add(held(number))
    found = {one.service_id: one for one in shop.candidates(wrong=frozenset({number}))}
    assert found[number].risks == set(Risk)
    known = {one.service_id: one for one in shop.candidates(shopped=frozenset({number}))}
    assert Risk.NEVER_SHOPPED not in known[number].risks


def held(service_id: int) -> HeldRow:
    figures = dict.fromkeys(("rung", "paid", "fee", "received", "rate", "mid_rate"), Decimal(1))
    times = {"first_at": NOON, "last_at": NOON, "times": 1, "stated_at": None, "over_at": None}
    return HeldRow(
        service_id=service_id,
        source="rpw",
        evidence=PROOF.sha256,
        findings="[]",
        **figures,
        **times,
    )


def test_visits_of_the_last_quarter_count(shop: Shop) -> None:
    with shop.database.writing() as session:
        add_visits(session, (NOON - 89 * DAY).date(), {NL_MA: 27})
        add_visits(session, (NOON - 91 * DAY).date(), {NL_MA: 90})
    assert [one.visits for one in shop.candidates()] == [20, 20]


def test_no_small_count_of_people_is_kept(shop: Shop) -> None:
    with shop.database.writing() as session:
        add_visits(session, NOON.date(), {NL_MA: 9})
    assert [one.visits for one in shop.candidates()] == [0, 0]


def test_a_sample_can_be_drawn_again_from_what_is_kept(shop: Shop) -> None:
    tasks = shop.drawn()
    with shop.database.reading() as session:
        (sample,) = shopping.samples(session)
    again = draw(sample.candidates, sample.seed, sample.size)
    assert [(one.service_id, one.rung, one.risks) for one in again] == [
        (one.service_id, one.rung.amount, one.risks) for one in tasks
    ]
    assert (sample.quarter, sample.drawn_by, sample.drawn_at) == (QUARTER, "Anna", NOON)


def test_no_service_is_drawn_twice_in_a_quarter(shop: Shop) -> None:
    first = {one.service_id for one in shop.drawn(size=1)}
    both = {one.service_id for one in shop.drawn()}
    assert len(first) == 1
    assert len(both) == 2
    assert len(shop.drawn()) == 2
    assert len(shop.drawn(quarter="2027_1Q")) == 2


def test_the_database_refuses_a_service_twice_whatever_the_program_does(shop: Shop) -> None:
    shop.drawn()
    found = shop.candidates()
    with pytest.raises(IntegrityError):
        shop.sample(found)


def test_what_was_shown_when_it_was_begun_is_what_counts(shop: Shop) -> None:
    (task, *_rest) = shop.drawn(1)
    begun = shop.begun(task)
    assert begun.begun_at == NOON + HOUR
    assert begun.researcher == (shop.anna.id, "Anna")
    changed = replace(
        price(task.service, fee="9", at=NOON + 61 * timedelta(minutes=1)), rung=task.rung.amount
    )
    save(shop.database, changed)
    kept = shop.filled(begun, heard(task))
    assert kept.result.shown is not None
    assert kept.result.shown.fee.amount in (Decimal("3.10"), Decimal(5))
    assert kept.result.verdict is Verdict.KEPT


def test_what_was_frozen_is_exact_where_the_history_is_not(shop: Shop) -> None:
    (task,) = [one for one in shop.drawn() if one.service.provider == "alpha"]
    rung = str(task.rung.amount)
    moved = price(SERVICE, rung=rung, margin="0.0102", at=NOON + HOUR / 2)
    save(shop.database, moved)
    begun = shop.begun(task)
    save(shop.database, price(SERVICE, rung=rung, fee="9", at=NOON + 61 * HOUR / 60))
    kept = shop.filled(begun, heard(task))
    assert kept.result.shown is not None
    assert kept.result.shown.rate == moved.quote.rate


def later(rung: str = "200", **other: Any) -> Price:
    return price(rung=rung, **other)


def test_a_time_before_it_was_begun_is_looked_up_in_the_history(shop: Shop) -> None:
    for hours, fee in ((2, "4.00"), (4, "6.00")):
        save(shop.database, later(fee=fee, at=NOON + hours * HOUR))
    with shop.database.reading() as session:
        (number,) = {one.service_id for one in on_board(shop.database) if one.quote.fee.amount == 6}
        for hours, fee in ((0, "3.10"), (1, "3.10"), (2, "4.00"), (3, "4.00"), (5, "6.00")):
            at = NOON + hours * HOUR
            shown = shopping_frame.shown_at(session, number, NL_MA, Decimal(200), at)
            assert shown is not None
            assert shown.fee.amount == Decimal(fee)
        early = shopping_frame.shown_at(session, number, NL_MA, Decimal(200), NOON - HOUR)
        late = shopping_frame.shown_at(session, number, NL_MA, Decimal(200), NOON + 15 * DAY)
        other = shopping_frame.shown_at(session, number, NL_MA, Decimal(40), NOON)
    assert (early, late, other) == (None, None, None)


def test_what_was_withdrawn_was_not_shown_after(shop: Shop) -> None:
    (number,) = {one.service_id for one in on_board(shop.database) if one.rung == 500}
    with shop.database.writing() as session:
        prices.save_whole(session, NL_MA, "wise", [], NOON + HOUR)
    with shop.database.reading() as session:
        for hours, there in ((0.5, True), (1, False), (2, False)):
            at = NOON + hours * HOUR
            shown = shopping_frame.shown_at(session, number, NL_MA, Decimal(200), at)
            assert (shown is not None) is there


def test_beginning_again_freezes_anew_and_only_until_there_is_a_result(shop: Shop) -> None:
    task = shop.drawn()[0]
    shop.begun(task)
    begun = shop.begun(task, NOON + 2 * HOUR)
    assert begun.begun_at == NOON + 2 * HOUR
    shop.filled(begun, heard(task, at=NOON + 2 * HOUR))
    with pytest.raises(shopping_work.Outdated):
        shop.begun(shop.task(task.id))


def test_a_task_is_of_whoever_begins_it(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    with pytest.raises(shopping_work.NotYours):
        shop.begun(task, by=shop.ben)
    with pytest.raises(shopping_work.NotYours):
        shop.filled(task, heard(task), by=shop.ben)
    with shop.database.writing() as session:
        assert shopping_work.assign(session, task.id, None)
    assert shop.task(task.id).researcher is None
    assert shop.begun(task, by=shop.ben).researcher == (shop.ben.id, "Ben")


def test_what_has_a_result_keeps_its_researcher(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    shop.filled(task, heard(task))
    with shop.database.writing() as session:
        assert not shopping_work.assign(session, task.id, shop.ben.id)
        assert not shopping_work.assign(session, 999, shop.ben.id)
    assert shop.task(task.id).researcher == (shop.anna.id, "Anna")


def test_a_correction_loses_nothing(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    shop.filled(task, heard(task, "0.98", note="At the counter."))
    corrected = replace(heard(task), reason="A slip of the pen.")
    shop.filled(task, corrected, seen=1, by=shop.ben)
    withdrawn = replace(corrected, withdrawn=True, reason="Another firm.")
    shop.filled(task, withdrawn, seen=2)
    first, second, third = shop.versions(task)
    assert [one.by for one in (first, second, third)] == ["Anna", "Ben", "Anna"]
    assert first.result.note == "At the counter."
    assert [one.result.verdict for one in (first, second, third)] == [
        *(Verdict.WORSE, Verdict.KEPT, Verdict.NOT_COMPARED),
    ]
    assert first.result.shown == second.result.shown == third.result.shown
    newest = shop.task(task.id).newest
    assert newest == third


def test_whoever_did_not_see_the_newest_changes_nothing(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    shop.filled(task, heard(task))
    for seen in (0, 2):
        with pytest.raises(shopping_work.Outdated):
            shop.filled(task, heard(task), seen=seen)
    assert len(shop.versions(task)) == 1


def test_of_corrections_at_one_time_one_counts(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    shop.filled(task, heard(task))
    outdated: list[int] = []

    def correct(saver: int) -> None:
        try:
            shop.filled(task, replace(heard(task), reason=f"Saver {saver}."), seen=1)
        except shopping_work.Outdated:
            outdated.append(saver)

    at_once(correct)
    assert len(shop.versions(task)) == 2
    assert len(outdated) == 3


def test_what_cannot_be_is_not_kept(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    before = dump(shop.database)
    with pytest.raises(BadResult):
        shop.filled(task, heard(task, at=NOON + 3 * HOUR))
    with pytest.raises(BadResult):
        shop.filled(task, Result(Heard.PRICE, NOON + HOUR), receipt="a" * 64)
    assert dump(shop.database) == before


def test_a_receipt_counts_once_and_is_not_kept(shop: Shop) -> None:
    one, two = (shop.begun(task) for task in shop.drawn())
    number = shopping_work.receipt_hash("key", "alpha", "MTCN 123-456 7890")
    assert number == shopping_work.receipt_hash("key", "alpha", "mtcn1234567890")
    assert number != shopping_work.receipt_hash("other key", "alpha", "MTCN 123-456 7890")
    assert number != shopping_work.receipt_hash("key", "beta", "MTCN 123-456 7890")
    assert shopping_work.receipt_hash("key", "alpha", " -- ") == ""
    shop.filled(one, heard(one), receipt=number)
    shop.filled(one, replace(heard(one), reason="Again."), seen=1, receipt=number)
    with pytest.raises(shopping_work.UsedReceipt):
        shop.filled(two, heard(two), receipt=number)
    assert shop.versions(two) == []
    kept = str(dump(shop.database)).lower()
    assert "1234567890" not in kept
    assert "123-456" not in kept
    with shop.database.reading() as session:
        assert session.scalars(select(ReceiptRow.hash)).all() == [number]


def test_notes_are_kept_without_signs_that_no_page_can_show(shop: Shop) -> None:
    task = shop.begun(shop.drawn()[0])
    shop.filled(task, heard(task, note="A\0 \u202enote", bought=True))
    result = shop.versions(task)[0].result
    assert (result.note, result.bought) == ("A note", True)
