"""Two providers that are one firm become one, and no price of either is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Column, ForeignKey, Integer, Table, select

from app.db import clicks, merging, prices, providers
from app.db.base import Base
from app.db.engine import Database
from app.db.findings import Flag, note_findings
from app.db.licences import LicenceRow, licences_of, note_licence
from app.db.merging import NotMoved, merge_providers, overlap, references, unknown_tables
from app.db.price_rows import BoardRow, QuoteRow
from app.db.providers import ProviderNames, ids_by_slug, names_by_slug
from app.db.services import ServiceRow
from app.db.shopping_rows import SampleRow, TaskRow
from app.domain.provider import Provider, ProviderKind
from app.domain.service import PickupMethod
from tests.db.made import NOON, SERVICE, history, on_board, price, save, version
from tests.tables import dump

HOUR = timedelta(hours=1)
THEIRS = replace(SERVICE, provider="beta")
TO_BANK = replace(THEIRS, pickup_methods=(PickupMethod.BANK_ACCOUNT,))


@pytest.fixture
def both(stocked: Database) -> Database:
    """alpha and beta sell the same service; beta another one too. Beta's price is the newer one at
    200, and the only one at 500."""
    save(stocked, price(fee="3"), price(fee="4", rung="1000"))
    save(stocked, price(fee="2", at=NOON + HOUR), price(fee="5", rung="1000", at=NOON + 2 * HOUR))
    save(stocked, price(THEIRS, fee="6", at=NOON + HOUR), price(THEIRS, fee="7", rung="500"))
    save(stocked, price(THEIRS, fee="8", at=NOON + 3 * HOUR), price(TO_BANK, fee="9"))
    save(stocked, price(THEIRS, fee="1", rung="1000", at=NOON))
    return stocked


def merge(database: Database, gone: str = "beta", kept: str = "alpha") -> None:
    with database.writing() as session:
        numbers = ids_by_slug(session)
        merge_providers(session, numbers[gone], numbers[kept])


def test_no_price_is_lost(both: Database) -> None:
    before = dump(both)
    with both.reading() as session:
        written = {row.id: (row.rung, row.fee, row.observed_at) for row in history(session)}
    merge(both)
    after = dump(both)
    assert len(after["quote"]) == len(before["quote"]) == len(written) == 9
    with both.reading() as session:
        rows = history(session)
        assert {row.id: (row.rung, row.fee, row.observed_at) for row in rows} == written
        services = {row.id for row in session.scalars(select(ServiceRow))}
        assert {row.service_id for row in rows} == services
        assert len(services) == 2
        for row in rows:
            assert prices.find_price(session, row.id) is not None
    assert after["evidence"] == before["evidence"]


def test_of_the_same_amount_the_newer_price_is_shown(both: Database) -> None:
    merge(both)
    shown = {
        (one.rung, one.quote.service.pickup_methods): one.quote.fee.amount for one in on_board(both)
    }
    cash, bank = (PickupMethod.CASH,), (PickupMethod.BANK_ACCOUNT,)
    assert shown == {
        (Decimal(200), cash): Decimal(8),
        (Decimal(500), cash): Decimal(7),
        (Decimal(1000), cash): Decimal(5),
        (Decimal(200), bank): Decimal(9),
    }
    assert {one.quote.service.provider for one in on_board(both)} == {"alpha"}
    with both.reading() as session:
        for row in session.scalars(select(BoardRow)):
            assert session.get_one(QuoteRow, row.quote_id).service_id == row.service_id


def test_pages_of_its_corridors_are_made_anew(both: Database) -> None:
    before = version(both)
    merge(both)
    assert version(both) == before + 1


def test_the_next_price_goes_on_where_history_stood(both: Database) -> None:
    merge(both)
    with both.reading() as session:
        stretches = len(history(session))
    assert save(both, price(fee="8", at=NOON + 4 * HOUR))
    with both.reading() as session:
        assert len(history(session)) == stretches


def test_counts_are_added_up(both: Database) -> None:
    day = date(2026, 11, 20)
    with both.writing() as session:
        services = {one.quote.service: one.service_id for one in on_board(both)}
        clicks.add_clicks(session, day, {services[SERVICE]: 3, services[THEIRS]: 4})
        clicks.add_clicks(session, day + timedelta(days=1), {services[THEIRS]: 5})
        clicks.add_clicks(session, day, {services[TO_BANK]: 6})
    merge(both)
    with both.reading() as session:
        assert clicks.clicks_since(session, day) == {services[SERVICE]: 12, services[TO_BANK]: 6}


def test_findings_and_licences_of_both_become_one(both: Database) -> None:
    with both.writing() as session:
        numbers = {one.quote.service: one.service_id for one in on_board(both)}
        flags = [Flag("wise", numbers[one], Decimal(200), "peers", "odd") for one in numbers]
        note_findings(session, flags, NOON)
        for slug, holder in (("alpha", "Alpha NV"), ("beta", "Beta NV")):
            firm = ids_by_slug(session)[slug]
            for code in ("SAME", slug):
                note_licence(
                    session,
                    LicenceRow(
                        provider_id=firm,
                        code=code,
                        register="eba",
                        result="found",
                        holder=holder,
                        country="NL",
                        countries="NL",
                        checked_at=NOON,
                    ),
                )
    merge(both)
    with both.reading() as session:
        found = {row.code: row.holder for row in licences_of(session, "alpha")}
        assert found == {"SAME": "Alpha NV", "alpha": "Alpha NV", "beta": "Beta NV"}
    assert len(dump(both)["finding"]) == 2


def test_it_is_found_by_every_name_and_slug_from_then_on(both: Database) -> None:
    with both.writing() as session:
        providers.add_names(session, ids_by_slug(session)["beta"], ["beta money"])
    merge(both)
    with both.writing() as session:
        assert names_by_slug(session)["alpha"] == ["Alpha", "alpha", "beta", "beta money"]
        assert "beta" not in ids_by_slug(session)
        for said in ("beta", "Beta", "BETA MONEY", "beta-money", "alpha"):
            assert ProviderNames(session).slug_of(said) == "alpha"
        assert (
            ProviderNames(session).id_of("Beta", ProviderKind.MTO) == ids_by_slug(session)["alpha"]
        )
        assert providers.slug_now(session, "beta") == "alpha"
        assert providers.slug_now(session, "gamma") is None


def test_a_slug_that_is_no_name_of_it_still_leads_to_it(both: Database) -> None:
    with both.writing() as session:
        firm = Provider("gamma-nl", "Gamma", ProviderKind.MTO)
        providers.add_provider(session, firm, [])
    merge(both, gone="gamma-nl")
    with both.writing() as session:
        assert ProviderNames(session).slug_of("gamma-nl") == "alpha"
        assert providers.slug_now(session, "gamma-nl") == "alpha"


def test_a_look_changes_nothing_and_says_what_will_happen(both: Database) -> None:
    before = dump(both)
    with both.writing() as session:
        numbers = ids_by_slug(session)
        found = overlap(session, numbers["beta"], numbers["alpha"])
    assert dump(both) == before
    assert (found.names, found.services, found.same) == (("beta",), 2, 1)
    assert (found.quotes, found.on_board, found.corridors) == (5, 4, 1)


def test_services_that_were_both_shopped_stay_apart(both: Database) -> None:
    numbers = {one.quote.service: one.service_id for one in on_board(both)}
    with both.writing() as session:
        sample = SampleRow(quarter="2026_4Q", seed="s", size=2, frame="[]", drawn_at=NOON)
        session.add(sample)
        session.flush()
        for place, service in enumerate((SERVICE, THEIRS)):
            session.add(
                TaskRow(
                    sample_id=sample.id,
                    quarter="2026_4Q",
                    place=place,
                    service_id=numbers[service],
                    rung=Decimal(200),
                    risks=(),
                )
            )
    merge(both)
    after = dump(both)
    assert (len(after["quote"]), len(after["shopping_task"])) == (9, 2)
    with both.reading() as session:
        variants = {row.id: row.variant for row in session.scalars(select(ServiceRow))}
    assert variants == {numbers[SERVICE]: 1, numbers[THEIRS]: 2, numbers[TO_BANK]: 1}


def test_merging_is_whole_or_not_at_all(both: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(both)
    monkeypatch.delitem(merging.SAME, "board")
    with pytest.raises(NotMoved, match="board"):
        merge(both)
    assert dump(both) == before


def test_every_table_that_points_at_a_firm_or_a_service_is_known() -> None:
    assert set(unknown_tables()) == set()
    names = {table.name for name in ("provider", "service") for table, _ in references(name)}
    assert {"service", "provider_alias", "account", "quote", "board", "click"} <= names
    assert set(merging.SAME) - names <= {"shown_week"}


def test_a_table_that_nobody_thought_of_is_found() -> None:
    new = Table(
        "new_table",
        Base.metadata,
        Column("of", Integer, ForeignKey("provider.id"), primary_key=True),
    )
    try:
        assert set(unknown_tables()) == {"new_table"}
    finally:
        Base.metadata.remove(new)


SLUGS = {
    "not_asked": "made anew from its file",
    "source": "a firm with a source of its own is not merged away",
    "provider_change": "what was asked stays as it was asked",
}
"""Tables that name a provider by its slug -> what becomes of that when it is merged away."""


def test_every_table_that_names_a_firm_by_its_slug_was_thought_of() -> None:
    names = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("provider", "provider_slug") and not column.foreign_keys
    }
    assert names == set(SLUGS)
