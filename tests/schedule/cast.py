"""What a cycle works with here: sources that answer by themselves, and whoever asks them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import cast as cast_to

from sqlalchemy import select

from app.collect.collector import Collector, utc_now
from app.db.engine import Database
from app.db.providers import add_provider
from app.db.reach import keep_reach
from app.db.runs import CycleRow, SourceRunRow
from app.db.sources import SourceFacts, register
from app.domain.midrate import MidReading
from app.domain.money import EXACT, Money
from app.domain.provider import Provider, ProviderKind
from app.domain.quote import Origin, Quote
from app.domain.reach import Reach, ReachState
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
from scrapers.contract import Ask, Budget, Exchange, Http, Offer, Reply, Stance, Terms
from scrapers.http import Client
from tests.conftest import NOW

GREEN = Terms(Stance.GREEN, date(2026, 11, 20), "a test")
OFTEN = Budget(per_hour=100_000, gap=0)
MID, RATE = Decimal("10.9"), Decimal("10.8")


def nothing(_slug: str) -> None:
    """What happens while most sources are asked."""


@dataclass
class PriceStandIn:
    """Always the same price. `asked` is called with the slug whenever it is asked."""

    SLUG: str
    asked: Callable[[str], object] = nothing
    SITE: str = "https://prices.example"
    ORIGIN: Origin = Origin.LIVE
    PROVIDER: str = "alpha"
    VIA: str = ""
    TERMS: Terms = GREEN
    BUDGET: Budget = OFTEN
    RUNGS: tuple[Decimal, ...] = (Decimal(200),)

    def fetch(self, http: Http, ask: Ask) -> list[Offer]:
        reply = http.get(f"https://{self.SLUG}.example/{ask.corridor.slug}/{ask.amount}")
        self.asked(self.SLUG)
        service = Service(
            self.PROVIDER,
            ask.corridor,
            (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
            (AccessPoint.INTERNET,),
            (PickupMethod.BANK_ACCOUNT,),
        )
        received = Money(EXACT.multiply(ask.amount, RATE), ask.corridor.receive_currency)
        none = Money(Decimal(0), ask.corridor.send_currency)
        paid = Money(ask.amount, ask.corridor.send_currency)
        return [Offer(Quote(service, paid, none, received.floor(), RATE), reply)]


@dataclass
class RateStandIn:
    """One mid rate, of the time that `clock` says."""

    SLUG: str = "mids"
    asked: Callable[[str], object] = nothing
    clock: Callable[[], datetime] = lambda: NOW
    SITE: str = "https://mids.example"
    AUTHORITY: str = "mids"
    TERMS: Terms = GREEN
    BUDGET: Budget = OFTEN

    def fetch(self, http: Http) -> list[MidReading]:
        http.get(f"https://{self.SLUG}.example/")
        self.asked(self.SLUG)
        return [MidReading(self.SLUG, self.AUTHORITY, "MAD", MID, self.clock())]


@dataclass
class Line:
    """An Http that answers each address with itself."""

    clock: Callable[[], datetime]
    exchanges: list[Exchange] = field(default_factory=list)

    waiting: datetime | None = None

    @property
    def requests(self) -> int:
        return len(self.exchanges)

    def get(self, url: str, **_how: object) -> Reply:
        reply = Reply(url, url.encode(), "text/plain")
        self.exchanges.append(
            Exchange("GET", url, self.clock(), {}, "", 200, {}, reply.media_type, reply.body)
        )
        return reply


@dataclass
class Lines:
    """In the place of the client."""

    clock: Callable[[], datetime]

    def asking(self, _slug: str, _budget: Budget) -> Line:
        return Line(self.clock)


def cast(
    database: Database,
    prices: tuple[PriceStandIn, ...],
    rates: tuple[RateStandIn, ...] = (),
    clock: Callable[[], datetime] = utc_now,
    who: str = "here",
) -> Collector:
    client = cast_to("Client", Lines(clock))
    return Collector(
        database,
        client,
        prices,
        rates,
        (),
        clock=clock,
        who=who,
    )


def prepare(database: Database, *slugs: str) -> None:
    """One corridor, one provider, and sources by these slugs; "mids" is of mid rates."""
    with database.writing() as session:
        add_provider(session, Provider("alpha", "Alpha", ProviderKind.MTO), [])
        keep_reach(session, [Reach("MA", ("MAD",), ReachState.OPEN)])
        register(
            session,
            [
                SourceFacts(
                    slug=slug,
                    kind="rate" if slug == "mids" else "price",
                    site="https://prices.example",
                    provider="",
                    stance="green",
                    reason="a test",
                    checked_on=date(2026, 11, 20),
                    per_hour=100,
                    interval_minutes=15,
                    is_on=True,
                )
                for slug in slugs
            ],
        )


@dataclass
class Hands:
    """A clock that a test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


def heartbeats(database: Database) -> list[datetime]:
    """The slots that are over."""
    with database.reading() as session:
        return list(session.scalars(select(CycleRow.slot).order_by(CycleRow.slot)))


def slots_of(database: Database, source: str = "one") -> list[datetime]:
    """Those of a source that were claimed."""
    with database.reading() as session:
        wanted = select(SourceRunRow.slot).where(SourceRunRow.source == source)
        return list(session.scalars(wanted.order_by(SourceRunRow.slot)))
