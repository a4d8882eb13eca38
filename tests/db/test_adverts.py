"""Adverts in the database: the sector rule, two people, one switch, and nothing that is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.db import accounts, adverts
from app.db.engine import Database
from app.db.licences import LicenceRow, note_licence
from app.db.providers import add_provider, ids_by_slug
from app.domain.account import Account, Role
from app.domain.advert import Advert, AdvertState, Ran, Rule, Sector, ran
from app.domain.provider import Provider, ProviderKind, ProviderStatus
from tests.at_once import at_once
from tests.db.made import NOON

DAY = timedelta(days=1)
TODAY = NOON.date()
ADVERT = Advert(
    advertiser="Boekhandel Van Dijk",
    sector=Sector.BOOKS_AND_MEDIA,
    title="Books in your own language",
    text="Novels and schoolbooks.",
    link="https://books.example/new",
    languages=("en", "nl"),
    starts=TODAY,
    ends=TODAY + 9 * DAY,
    paid=Decimal("150.00"),
)


class Desk:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.maker, self.other = self.account("maker"), self.account("other")

    def account(self, name: str) -> Account:
        wanted = Account(0, f"{name}@example.org", name.title(), Role.EDITOR, None)
        with self.database.writing() as session:
            return accounts.add_account(session, wanted, NOON)

    def made(self, advert: Advert = ADVERT) -> Advert:
        with self.database.writing() as session:
            return adverts.add_advert(session, advert, self.maker, NOON)

    def approved(self, advert: Advert, by: Account | None = None) -> Advert:
        with self.database.writing() as session:
            return adverts.approve(session, advert, by or self.other, NOON)

    def switch(self, on: bool, days: int = 0) -> bool:
        with self.database.writing() as session:
            return adverts.switch(session, on, "For a month.", self.other, NOON + days * DAY)

    def found(self, number: int) -> Advert | None:
        with self.database.reading() as session:
            return adverts.find_advert(session, number)

    def on_page(self, language: str = "en", day: date = TODAY) -> Advert | None:
        with self.database.reading() as session:
            return adverts.on_page(session, language, day)


@pytest.fixture
def desk(stocked: Database) -> Desk:
    return Desk(stocked)


def test_an_advert_comes_back_as_it_was(desk: Desk) -> None:
    made = desk.made()
    assert desk.found(made.number) == made
    assert made == replace(ADVERT, number=made.number, made_by=desk.maker.id)
    assert desk.found(made.number + 1) is None


def refusal(desk: Desk, advert: Advert) -> tuple[Rule, str] | None:
    try:
        desk.made(advert)
    except adverts.KeptOut as error:
        return error.refusal.rule, error.refusal.known
    return None


def test_whoever_sends_money_is_refused_by_every_name_and_by_their_site(desk: Desk) -> None:
    closed = Provider(
        *("old-firm", "Old Firm", ProviderKind.MTO, ProviderStatus.CLOSED),
        website="https://www.oldfirm.example/nl",
    )
    with desk.database.writing() as session:
        add_provider(session, closed, ["Grand Ancien"])
    for name in ("Alpha", "alpha b.v.", "The ALPHA shop", "Shop of A.l.p.h.a. SA"):
        assert refusal(desk, replace(ADVERT, advertiser=name)) == (Rule.NAME, "Alpha")
    assert refusal(desk, replace(ADVERT, advertiser="Grand Ancien")) == (Rule.NAME, "Old Firm")
    assert refusal(desk, ADVERT) is None
    link = replace(ADVERT, link="https://go.oldfirm.example/x")
    assert refusal(desk, link) == (Rule.LINK, "Old Firm")
    bank = replace(ADVERT, sector=Sector.BANK)
    assert refusal(desk, bank) == (Rule.SECTOR, "")
    with desk.database.reading() as session:
        assert [one.advertiser for one in adverts.all_adverts(session)] == [ADVERT.advertiser]


def licence(provider_id: int, holder: str) -> LicenceRow:
    return LicenceRow(
        provider_id=provider_id,
        code="X!1",
        register="eba",
        result="found",
        holder=holder,
        country="NL",
        countries="NL",
        authorised_on=None,
        withdrawn_on=None,
        checked_at=NOON,
    )


def test_a_holder_of_a_licence_is_refused_under_its_legal_name(desk: Desk) -> None:
    with desk.database.writing() as session:
        note_licence(session, licence(ids_by_slug(session)["beta"], "Mercurius Geldzaken N.V."))
    found = refusal(desk, replace(ADVERT, advertiser="Mercurius Geldzaken"))
    assert found == (Rule.LICENCE, "Mercurius Geldzaken N.V.")


def test_it_takes_a_second_person(desk: Desk) -> None:
    made = desk.made()
    with pytest.raises(adverts.SamePerson):
        desk.approved(made, desk.maker)
    approved = desk.approved(made)
    assert (approved.state, approved.decided_by) == (AdvertState.APPROVED, desk.other.id)


def test_whoever_changes_it_last_has_made_it(desk: Desk) -> None:
    made = desk.made()
    with desk.database.writing() as session:
        changed = adverts.change_advert(session, replace(made, title="Other books"), desk.other)
    with pytest.raises(adverts.SamePerson):
        desk.approved(changed, desk.other)
    assert desk.approved(changed, desk.maker).title == "Other books"


def test_what_was_changed_meanwhile_is_not_approved_unseen(desk: Desk) -> None:
    made = desk.made()
    with desk.database.writing() as session:
        adverts.change_advert(session, replace(made, text="Something else."), desk.maker)
    with pytest.raises(adverts.Outdated):
        desk.approved(made)


def test_the_rule_is_asked_again_before_it_runs_and_while_it_does(desk: Desk) -> None:
    made, second = desk.made(), desk.made(replace(ADVERT, advertiser="Tilburg Toys"))
    desk.approved(second)
    desk.switch(True)
    assert desk.on_page() is not None
    with desk.database.writing() as session:
        for name in ("Boekhandel", "Toys"):
            add_provider(session, Provider(name.lower(), name, ProviderKind.OTHER), [])
    with pytest.raises(adverts.KeptOut):
        desk.approved(made)
    assert desk.on_page() is None


def test_adverts_are_off_until_they_are_turned_on(desk: Desk) -> None:
    approved = desk.approved(desk.made())
    assert desk.on_page() is None
    assert desk.switch(True)
    assert not desk.switch(True)
    assert desk.on_page() == approved
    assert desk.on_page("ar") is None
    assert desk.on_page(day=TODAY + 10 * DAY) is None
    assert desk.switch(False, days=2)
    assert desk.on_page() is None
    with desk.database.reading() as session:
        switches = adverts.switches(session)
    assert [(one.is_on, one.by, one.reason) for one in switches] == [
        (True, "Other", "For a month."),
        (False, "Other", "For a month."),
    ]
    assert ran(approved, switches, NOON + 5 * DAY) == [Ran(TODAY, TODAY + 2 * DAY)]


def test_what_is_stopped_or_rejected_does_not_stand_anywhere(desk: Desk) -> None:
    desk.switch(True)
    rejected, approved = desk.made(), desk.approved(desk.made())
    with desk.database.writing() as session:
        adverts.reject(session, rejected, "Too loud.", desk.other)
        stopped = adverts.stop(session, approved, "The shop closed.", desk.other, NOON + DAY)
    assert desk.on_page() is None
    assert (stopped.state, stopped.reason) == (AdvertState.STOPPED, "The shop closed.")
    for decided in (rejected, approved, stopped):
        with pytest.raises(adverts.Outdated):
            desk.approved(decided)


def test_of_decisions_at_one_time_one_counts(desk: Desk) -> None:
    made = desk.made()
    outdated: list[int] = []

    def decide(saver: int) -> None:
        try:
            desk.approved(made)
        except adverts.Outdated:
            outdated.append(saver)

    at_once(decide)
    assert len(outdated) == 3
    found = desk.found(made.number)
    assert found is not None
    assert (found.state, found.version) == (AdvertState.APPROVED, 2)
