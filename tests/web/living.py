"""A site with live prices, made for one test: of the firms alpha and beta, at a time of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.db.asked import Asked, Outcome, note_asked
from app.db.corridors import add_corridor
from app.db.engine import Database
from app.db.providers import add_provider
from app.db.reach import keep_not_asked, keep_reach
from app.db.sources import SourceFacts, all_sources, note_trouble, register
from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.provider import Provider, ProviderKind, ProviderStatus
from app.domain.quote import Observed, Origin, Precision, Promotion
from app.domain.reach import NotAsked, Reach, ReachState, Why, WhyNotAsked
from app.factory import create_app
from tests.conftest import CheckedClient, settings
from tests.db.made import NL_MA, NOON, SERVICE, price, save, stock
from tests.web.reading import Reader

ADDRESS = "/send/nl/ma?pay=200"
EXACT = "/send/nl/ma?pay=203.10"
"""What a price of tests.db.made.price is asked for as it is."""
SEEN = date(2026, 11, 1)
REACH = [
    Reach("MA", ("MAD",)),
    Reach("SR", ("SRD", "USD", "EUR")),
    Reach("PH", ("PHP",)),
    Reach("IR", ("IRR",), ReachState.CLOSED, Why.SANCTIONS, "https://rules.example/ir", SEEN),
    Reach("SY", ("SYP",), ReachState.LIMITED, Why.NO_RATE, "https://rules.example/sy", SEEN),
]


class Living:
    """The site, its database, and its time."""

    def __init__(self, url: str, **other: Any) -> None:
        self.url = url
        self.database = Database(url)
        self.app: Flask = create_app(settings(url, **other))
        self.app.test_client_class = CheckedClient
        self.at(NOON)

    def at(self, moment: datetime) -> None:
        self.app.extensions["clock"] = lambda: moment

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def close(self) -> None:
        self.database.engine.dispose()
        self.app.extensions["database"].engine.dispose()

    def source(self, slug: str, provider: str = "", **other: Any) -> None:
        facts = SourceFacts(
            slug, "price", f"https://{slug}.example/", provider, "green", "open", SEEN, 60, 15, True
        )
        with self.database.writing() as session:
            register(session, [*self._facts(), replace(facts, **other)])

    def _facts(self) -> list[SourceFacts]:
        """Of the sources that are there, for registering turns off what it is not told of."""
        names = SourceFacts.__slots__
        with self.database.reading() as session:
            return [
                SourceFacts(**{name: getattr(row, name) for name in names})
                for row in all_sources(session)
            ]

    def asked(
        self,
        source: str,
        outcome: Outcome,
        *,
        at: datetime = NOON,
        corridor: Corridor = NL_MA,
        trouble: str = "",
    ) -> None:
        with self.database.writing() as session:
            number = add_corridor(session, corridor).id
            one = Asked(source, corridor, Decimal(200), at, outcome, "https://secret.example: 0x7f")
            note_asked(session, {corridor: number}, [one])
            if trouble:
                note_trouble(session, source, trouble, "0x7f at secret.example", at, None)

    def reached(self, *places: Reach) -> None:
        with self.database.writing() as session:
            keep_reach(session, places or REACH)

    def not_asked(self, *firms: tuple[str, WhyNotAsked]) -> None:
        listed = [
            NotAsked(slug, slug.title(), why, f"https://{slug}.example/", SEEN)
            for slug, why in firms
        ]
        with self.database.writing() as session:
            keep_not_asked(session, listed)


@contextmanager
def living(templates: dict[str, str], folder: Path, **other: Any) -> Iterator[Living]:
    """With the firms alpha and beta, and no price yet."""
    file = folder / "living.db"
    shutil.copy(templates["sqlite"].removeprefix("sqlite:///"), file)
    with living_at(f"sqlite:///{file}", **other) as made:
        yield made


@contextmanager
def living_at(url: str, **other: Any) -> Iterator[Living]:
    """The same in a database that has its tables and nothing in them."""
    made = Living(url, **other)
    stock(made.database)
    try:
        yield made
    finally:
        made.close()


def text(site: Living, address: str = EXACT, lang: str = "en") -> str:
    """Of a page, as a reader finds it."""
    response = site.client.get(f"/{lang}{address}")
    assert response.status_code == 200
    return Reader(response.text).text


def fill(site: Living, now: datetime) -> None:
    """A price of each age and origin, a promotion, and each line of the ledger."""
    mine = replace(SERVICE, payment_instruments=(), pay_in="GP")
    offer = Promotion(
        Decimal("11.2"), Money(Decimal(0), "EUR"), Money(Decimal(2240), "MAD"), "New."
    )
    first = price(mine, at=now)
    closed = Provider("omega", "Omega", ProviderKind.MTO, ProviderStatus.CLOSED)
    with site.database.writing() as session:
        for slug in ("gamma", "delta"):
            add_provider(session, Provider(slug, slug.title(), ProviderKind.BANK), [])
        add_provider(session, closed, [])
    save(site.database, replace(first, quote=replace(first.quote, promotion=offer)))
    hours, days = now - timedelta(hours=3), now - timedelta(days=3)
    told = price(replace(SERVICE, provider="beta"), via="wise", source="wise_comparisons", at=hours)
    save(site.database, told, price(replace(SERVICE, provider="gamma"), at=days))
    survey = price(replace(SERVICE, provider="delta"), origin=Origin.SURVEY, source="rpw")
    save(site.database, replace(survey, observed=Observed(days, Precision.QUARTER)))
    dollars = Corridor("NL", "EUR", "SR", "USD")
    save(site.database, price(replace(SERVICE, corridor=dollars), at=now), corridor=dollars)
    site.reached()
    site.not_asked(("epsilon", WhyNotAsked.BOT_WALL), ("zeta", WhyNotAsked.NOT_YET))
    site.source("wise", "alpha")
    site.source("ria", "ria", stance="amber", is_on=False)
    site.source("paysend", "paysend")
    site.asked("wise", Outcome.ANSWERED, at=now)
    site.asked("paysend", Outcome.FAILED, at=now, trouble="schema")
