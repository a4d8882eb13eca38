"""Reminders: to the staff of the firm they are about, and to nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.db import accounts, offers, stamps
from app.db.engine import Database
from app.domain.account import AccountState, Role
from app.domain.offer import OfferWords, Terms
from tests.db.made import NOON, on_board, price, save, stock
from tests.notify.test_alarms import URL, an_account, told

DAY = timedelta(days=1)
WORDS = OfferWords("Free \n Bcc: eve@example.net", "No fee.", "Once.")


@pytest.fixture
def firms(database: Database) -> Database:
    """Two people of alpha, one of them gone, and one of beta."""
    stock(database)
    an_account(database, "Ann", Role.PROVIDER, provider="alpha")
    an_account(database, "Out", Role.PROVIDER, AccountState.DISABLED, "alpha")
    an_account(database, "Ben", Role.PROVIDER, provider="beta")
    return database


def an_offer(database: Database, ends: date, *, approved: bool = True) -> int:
    terms = Terms(starts=NOON.date(), ends=ends, texts={"en": WORDS})
    with database.writing() as session:
        number = offers.propose(session, "alpha", terms, NOON, None)
        if approved:
            offers.approve(session, number, terms.hash(), NOON, None)
    return number


def test_an_offer_that_ends_within_a_week_is_told_of_once(firms: Database) -> None:
    ends = NOON.date() + timedelta(days=10)
    an_offer(firms, ends)
    assert told(firms, NOON + 2 * DAY) == []
    (one,) = told(firms, NOON + 3 * DAY)
    assert (one.to, one.kind) == ("ann@example.org", "offers")
    assert one.subject == "An offer of yours ends on 30 November 2026"
    assert f"{URL}/portal/offers" in one.text
    for days in range(3, 14):
        assert told(firms, NOON + days * DAY) == []


def test_each_offer_is_told_of_and_none_that_nobody_sees(firms: Database) -> None:
    ends = NOON.date() + timedelta(days=2)
    an_offer(firms, ends)
    an_offer(firms, ends, approved=False)
    assert len(told(firms, NOON)) == 1
    an_offer(firms, ends)
    assert len(told(firms, NOON + DAY)) == 1


def old_prices(database: Database, days: int = 31) -> None:
    save(database, price(at=NOON - timedelta(days=days)))


def test_a_firm_with_old_prices_is_asked_once_a_month(firms: Database) -> None:
    old_prices(firms)
    (one,) = told(firms, NOON)
    assert (one.to, one.kind, one.subject) == (
        "ann@example.org",
        "stamp",
        "Are your prices still right?",
    )
    assert (
        "The price of 1 service of Alpha was last read or confirmed on 20 October 2026" in one.text
    )
    assert f"{URL}/portal/prices" in one.text
    asked = [day for day in range(1, 92) if told(firms, NOON + day * DAY)]
    assert asked == [30, 60, 90]


def test_a_firm_that_confirmed_its_prices_is_left_alone(firms: Database) -> None:
    old_prices(firms)
    (one,) = on_board(firms)
    with firms.writing() as session:
        reader = next(known for known, _at in accounts.all_accounts(session))
        stamps.stamp(session, [one], reader.id, NOON)
    assert told(firms, NOON + 30 * DAY) == []
    assert len(told(firms, NOON + 31 * DAY)) == 1


def test_a_firm_without_staff_is_asked_nothing(database: Database) -> None:
    stock(database)
    old_prices(database)
    assert told(database, NOON) == []
