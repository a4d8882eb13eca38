"""Asking again and again costs nothing: what has not changed is not written twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.collect.collector import Collector
from app.collect.run import run_prices
from app.db import prices, rates
from app.db.base import Base
from app.db.engine import Database
from app.db.evidence import EvidenceRow
from app.db.price_rows import QuoteRow
from app.db.providers import add_provider
from app.db.reach import keep_reach
from app.domain.corridor import Corridor
from app.domain.midrate import MidReading
from app.domain.money import Money
from app.domain.provider import Provider, ProviderKind
from app.domain.quote import Origin, Quote
from app.domain.reach import Reach
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
from scrapers.contract import Ask, Budget, Exchange, Http, Offer, Reply, Stance, Terms

NL_TR = Corridor("NL", "EUR", "TR", "TRY")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
POLLS = {"sqlite": 1000, "postgresql": 200}
"""A thousand takes PostgreSQL most of a minute; what it does is the same after two hundred."""

SERVICE = Service(
    "alpha",
    NL_TR,
    (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
    (AccessPoint.INTERNET,),
    (PickupMethod.BANK_ACCOUNT,),
)


@dataclass(slots=True)
class Told:
    """A source that tells what it is given: a rate, and the body that says so."""

    rate: Decimal = Decimal("48.00")
    SLUG: str = "alpha"
    SITE: str = "https://alpha.example/"
    ORIGIN: Origin = Origin.LIVE
    PROVIDER: str = "alpha"
    VIA: str = ""
    TERMS: Terms = Terms(Stance.GREEN, date(2026, 11, 20), "made up")  # noqa: RUF009
    BUDGET: Budget = Budget(per_hour=1000, gap=0)  # noqa: RUF009
    RUNGS: tuple[Decimal, ...] = (Decimal(200),)

    def fetch(self, http: Http, ask: Ask) -> list[Offer]:
        reply = http.get("https://alpha.example/")
        fee = Decimal("2.00")
        quote = Quote(
            SERVICE,
            Money(ask.amount + fee, "EUR"),
            Money(fee, "EUR"),
            Money(ask.amount * self.rate, "TRY"),
            self.rate,
        )
        return [Offer(quote, reply)]


@dataclass(slots=True)
class Answering:
    """An Asking without a network."""

    source: Told
    at: datetime
    requests: int = 0
    exchanges: list[Exchange] = field(default_factory=list)
    waiting: datetime | None = None

    def get(self, url: str, **_other: object) -> Reply:
        body = f'{{"rate":{self.source.rate}}}'.encode()
        self.requests += 1
        self.exchanges.append(
            Exchange("GET", url, self.at, {}, "", 200, {}, "application/json", body)
        )
        return Reply(url, body, "application/json")


@dataclass(slots=True)
class Wire:
    source: Told
    clock: Callable[[], datetime]

    def asking(self, _slug: str, _budget: Budget) -> Answering:
        return Answering(self.source, self.clock())


class Poller:
    def __init__(self, database: Database) -> None:
        self.database, self.source, self.now = database, Told(), NOON
        with database.writing() as session:
            add_provider(session, Provider("alpha", "Alpha", ProviderKind.MTO), [])
            keep_reach(session, [Reach("TR", ("TRY",))])
        self.mid(Decimal("49.00"))
        wire = Wire(self.source, lambda: self.now)
        self.collector = Collector(
            database,
            wire,  # type: ignore[arg-type]
            (self.source,),
            (),
            (),
            clock=lambda: self.now,
        )

    def mid(self, rate: Decimal) -> None:
        reading = MidReading("feed", "feed", "TRY", rate, self.now)
        with self.database.writing() as session:
            rates.add_readings(session, "feed", [reading])

    def poll(self) -> None:
        """A quarter of an hour later. The runs' own rows are a ledger of the asking; what it
        found is what this is about."""
        self.now += QUARTER
        facts = run_prices(self.collector, self.source, self.now, self.now + QUARTER)
        assert facts is not None
        assert (facts.answered, facts.held, facts.trouble) == (1, 0, "")

    def rows(self, table: type[Base]) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def poller(database: Database) -> Poller:
    return Poller(database)


def test_polls_of_an_unchanged_price_add_no_history(poller: Poller) -> None:
    poller.poll()
    before = poller.rows(QuoteRow), poller.rows(EvidenceRow)
    for poll in range(POLLS[poller.database.engine.dialect.name]):
        if poll % 96 == 0:
            poller.mid(Decimal("49.00"))  # a rate of the day, or none would be usable after a week
        poller.poll()
    assert (poller.rows(QuoteRow), poller.rows(EvidenceRow)) == before == (1, 1)
    with poller.database.reading() as session:
        (price,) = prices.newest(session, NL_TR)
        assert price.observed.at == price.last_seen == poller.now, "it was seen each time"


def test_noise_adds_no_history_and_a_change_adds_one_row(poller: Poller) -> None:
    poller.poll()
    for rate in ("48.01", "47.99", "48.02", "48.00"):
        poller.source.rate = Decimal(rate)
        poller.poll()
    assert poller.rows(QuoteRow) == 1, "under five basis points it is the same price"
    poller.source.rate = Decimal("47.90")
    poller.poll()
    poller.poll()
    assert poller.rows(QuoteRow) == 2
