"""Several savers at once lose nothing, on either database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.db import prices
from app.db.engine import Database
from tests.at_once import SAVERS, at_once
from tests.db.made import NL_MA, NL_SR, NOON, SERVICE, on_board, price, save, stretches, version

EACH = 5


def test_savers_of_different_services_lose_nothing(stocked: Database) -> None:
    """The corridor and every service are new to all of them."""

    def work(saver: int) -> None:
        for turn in range(EACH):
            save(stocked, price(replace(SERVICE, variant=1 + saver * EACH + turn)))

    at_once(work)
    assert len(on_board(stocked)) == SAVERS * EACH
    assert stretches(stocked) == SAVERS * EACH
    assert version(stocked) == SAVERS * EACH


def test_savers_of_one_service_leave_the_newest(stocked: Database) -> None:
    """One that comes late with an older price changes nothing."""

    def work(saver: int) -> None:
        for turn in range(EACH):
            number = 1 + saver * EACH + turn
            save(stocked, price(fee=f"{number}.00", at=NOON + timedelta(minutes=number)))

    at_once(work)
    (found,) = on_board(stocked)
    assert found.observed.at == NOON + timedelta(minutes=SAVERS * EACH)
    assert EACH <= stretches(stocked) == version(stocked) <= SAVERS * EACH


def test_savers_of_one_price_keep_it_once(stocked: Database) -> None:
    at_once(lambda _saver: save(stocked, price(), price(rung="500")))
    assert len(on_board(stocked)) == stretches(stocked) == 2
    assert version(stocked) == 1


def test_savers_of_two_corridors_do_not_wait_for_each_other_for_ever(stocked: Database) -> None:
    """Each saves both in one transaction, half of them in the other order."""

    def work(saver: int) -> None:
        with stocked.writing() as session:
            for corridor in sorted([NL_SR, NL_MA], reverse=saver % 2 == 0):
                service = replace(SERVICE, corridor=corridor)
                prices.save(session, corridor, [price(service, fee=f"{saver}.50")], NOON)

    at_once(work)
    assert version(stocked) == version(stocked, NL_SR) == SAVERS


def test_savers_and_withdrawers_leave_a_whole_board(stocked: Database) -> None:
    def work(saver: int) -> None:
        for turn in range(EACH):
            with stocked.writing() as session:
                if saver % 2:
                    prices.save_whole(session, NL_MA, "wise", [], NOON)
                else:
                    prices.save(session, NL_MA, [price(fee=f"{saver}.{turn}0")], NOON)

    at_once(work)
    for found in on_board(stocked):
        with stocked.reading() as session:
            assert found.id
            assert prices.find_price(session, found.id) == (found, True)
