"""Offers: read before they are shown, shown as they were read, gone when they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.db import offers
from app.db.engine import Database
from app.db.offers import ChangedOffer, OfferVersionRow
from app.db.providers import ProviderRow
from app.db.to_read import live_now
from app.domain.offer import Offer, OfferWords, Terms
from app.domain.provider import Licence, ProviderKind, ProviderStatus
from tests.at_once import at_once
from tests.db.made import NOON

TODAY = NOON.date()
DAY = timedelta(days=1)
WORDS = OfferWords("No fee", "Your first transfer costs no fee.", "New customers, once.")
GOOD = Terms(TODAY, TODAY + 30 * DAY, {"en": WORDS})


@pytest.fixture
def firm(database: Database) -> str:
    with database.writing() as session:
        for slug, status in (("wise", ProviderStatus.ACTIVE), ("gone", ProviderStatus.CLOSED)):
            session.add(
                ProviderRow(
                    slug=slug,
                    name=slug,
                    kind=ProviderKind.MTO,
                    status=status,
                    licence=Licence.UNCHECKED,
                    website=None,
                )
            )
    return "wise"


def proposed(database: Database, firm: str, terms: Terms = GOOD) -> int:
    with database.writing() as session:
        return offers.propose(session, firm, terms, NOON, None)


def approved(database: Database, number: int, terms: Terms = GOOD) -> None:
    with database.writing() as session:
        offers.approve(session, number, terms.hash(), NOON, None)


def changed(database: Database, number: int, version: int, terms: Terms) -> None:
    with database.writing() as session:
        offers.change(session, number, version, terms, NOON, None)


def live(database: Database, today: date = TODAY, firm: str | None = None) -> list[Offer]:
    with database.reading() as session:
        return offers.live_offers(session, NOON + (today - TODAY), firm)


def test_nothing_is_shown_before_it_is_read(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    assert live(database) == []
    with database.reading() as session:
        assert [one.number for one in offers.waiting(session)] == [number]
    approved(database, number)
    assert [one.approved for one in live(database)] == [GOOD]
    assert [one.number for one in live(database, firm="wise")] == [number]
    assert live(database, firm="gone") == []


def test_a_change_is_read_anew_and_until_then_the_old_one_stands(
    database: Database, firm: str
) -> None:
    number = proposed(database, firm)
    approved(database, number)
    other = replace(GOOD, fee="1.00")
    changed(database, number, 1, other)
    assert [one.approved for one in live(database)] == [GOOD]
    with database.reading() as session:
        assert [one.newest for one in offers.waiting(session)] == [other]
    with pytest.raises(ChangedOffer):
        approved(database, number, GOOD)
    approved(database, number, other)
    assert [one.approved for one in live(database)] == [other]


def test_what_was_read_is_what_is_approved(database: Database, firm: str) -> None:
    """The firm changes it while somebody reads."""
    number = proposed(database, firm)
    changed(database, number, 1, replace(GOOD, fee="99"))
    with pytest.raises(ChangedOffer) as told:
        approved(database, number, GOOD)
    assert told.value.theirs.newest.fee == "99"
    assert live(database) == []


def test_who_changes_an_older_version_is_told(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    changed(database, number, 1, replace(GOOD, fee="1"))
    with pytest.raises(ChangedOffer) as told:
        changed(database, number, 1, replace(GOOD, fee="2"))
    assert told.value.theirs.newest.fee == "1"


def test_what_is_changed_behind_our_back_is_not_shown(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    approved(database, number)
    with database.writing() as session:
        session.execute(update(OfferVersionRow).values(terms=replace(GOOD, fee="9").plain()))
    assert live(database) == []


def test_it_ends_by_itself(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    approved(database, number)
    for day, held in ((-DAY, False), (30 * DAY, True), (31 * DAY, False)):
        assert bool(live(database, TODAY + day)) is held
        with database.reading() as session:
            assert live_now(session, NOON + day) == (frozenset(), held)
    with database.reading() as session:
        assert offers.ending(session, NOON) == []
        soon = offers.ending(session, NOON + 25 * DAY)
    assert [one.number for one in soon] == [number]


def test_a_refused_one_waits_for_its_firm(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    with database.writing() as session:
        offers.refuse(session, number, GOOD.hash(), "Say for whom.")
    with database.reading() as session:
        assert offers.waiting(session) == []
        assert [one.refused for one in offers.offers_of(session, firm)] == ["Say for whom."]
    changed(database, number, 1, replace(GOOD, fee="0"))
    with database.reading() as session:
        assert [one.refused for one in offers.waiting(session)] == [""]


def test_a_withdrawn_one_is_gone_for_good(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    approved(database, number)
    with database.writing() as session:
        assert offers.withdraw(session, number, NOON)
        assert not offers.withdraw(session, number, NOON)
    assert live(database) == []
    with pytest.raises(ChangedOffer):
        approved(database, number)
    with pytest.raises(ChangedOffer):
        changed(database, number, 1, replace(GOOD, fee="1"))


def test_an_offer_of_a_firm_that_is_closed_is_not_shown(database: Database, firm: str) -> None:
    approved(database, proposed(database, "gone"))
    assert live(database) == []


def test_an_offer_is_found_by_its_own_firm_only(database: Database, firm: str) -> None:
    number = proposed(database, firm)
    with database.reading() as session:
        assert offers.find_offer(session, number, "wise")
        assert offers.find_offer(session, number, "gone") is None


def test_of_four_who_change_it_at_once_one_is_kept(database: Database, firm: str) -> None:
    number, kept, told = proposed(database, firm), list[int](), list[int]()

    def change(saver: int) -> None:
        try:
            changed(database, number, 1, replace(GOOD, fee=str(saver)))
            kept.append(saver)
        except ChangedOffer:
            told.append(saver)

    at_once(change)
    assert (len(kept), len(told)) == (1, 3)
    with database.reading() as session:
        found = offers.find_offer(session, number)
    assert found is not None
    assert found.newest.fee == str(kept[0])
