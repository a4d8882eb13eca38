"""A source that says whatever a test puts in its mouth, run after run, with a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.collect.collector import Collector
from app.collect.run import run_prices
from app.db import rates
from app.db.asked import Asked, asked_of
from app.db.engine import Database
from app.db.held import HeldRow
from app.db.price_rows import QuoteRow
from app.db.reach import keep_reach
from app.db.runs import RunFacts, slot_of
from app.db.sources import SourceRow
from app.domain.midrate import MidReading
from app.domain.money import EXACT, Money
from app.domain.quote import Quote
from app.domain.reach import Reach, ReachState
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
from scrapers.contract import Ask, Http, Offer
from tests.conftest import NOW
from tests.schedule.cast import Hands, PriceStandIn, cast, prepare

MIDS = {"MAD": "10.9", "NGN": "1700", "TRY": "55.8"}
SLOT = timedelta(minutes=15)
Tells = Callable[[Http, Ask], list[Offer]]


def offer(
    http: Http,
    ask: Ask,
    *,
    fee: str = "2.00",
    margin: str = "0.0100",
    rate: Decimal | None = None,
    variant: int = 1,
    provider: str = "alpha",
    body: str = "",
    stated_at: datetime | None = None,
    **other: Any,
) -> Offer:
    """The price of sending the amount with the fee on top; `margin` is a share of the mid rate.
    `other` is of the offer. Two replies are alike if `body` is."""
    corridor = ask.corridor
    given = rate or EXACT.multiply(Decimal(MIDS[corridor.receive_currency]), 1 - Decimal(margin))
    service = Service(
        provider,
        corridor,
        (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
        (AccessPoint.INTERNET,),
        (PickupMethod.BANK_ACCOUNT,),
        variant,
    )
    quote = Quote(
        service=service,
        paid=Money(EXACT.add(ask.amount, Decimal(fee)), corridor.send_currency),
        fee=Money(Decimal(fee), corridor.send_currency),
        received=Money(EXACT.multiply(ask.amount, given), corridor.receive_currency).floor(),
        rate=given,
    )
    reply = http.get(f"https://{provider}.example/{ask.corridor.slug}/{ask.amount}/{body}")
    return replace(Offer(quote, reply, stated_at), **other)


def one_price(**how: Any) -> Tells:
    return lambda http, ask: [offer(http, ask, **how)]


@dataclass
class Teller(PriceStandIn):
    """Answers with what `tells` makes of the question, or raises what it raises."""

    tells: Tells = field(default_factory=one_price)

    def fetch(self, http: Http, ask: Ask) -> list[Offer]:
        self.asked(self.SLUG)
        return self.tells(http, ask)


@dataclass
class Play:
    """One source over many slots. `collector` may be had anew, as after a restart."""

    database: Database
    teller: Teller
    clock: Hands = field(default_factory=Hands)

    @property
    def collector(self) -> Collector:
        return cast(self.database, (self.teller,), clock=self.clock)

    def run(self, tells: Tells | None = None, **how: Any) -> RunFacts:
        """The run of the next slot; `tells`, or else one price `how`."""
        found = self.try_run(tells or one_price(**how))
        assert found is not None, "nothing was due"
        return found

    def try_run(self, tells: Tells | None = None) -> RunFacts | None:
        self.teller.tells = tells or self.teller.tells
        slot = slot_of(self.clock(), SLOT)
        found = run_prices(self.collector, self.teller, slot, self.clock() + SLOT)
        self.clock.move(SLOT)
        return found

    def source(self) -> SourceRow:
        with self.database.reading() as session:
            return session.get_one(SourceRow, self.teller.SLUG)

    def asked(self) -> list[Asked]:
        with self.database.reading() as session:
            found = asked_of(session, self.teller.SLUG)
        return sorted(found, key=lambda one: (one.corridor, one.rung))

    def held(self) -> list[HeldRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(HeldRow).order_by(HeldRow.id)))

    def history(self) -> list[QuoteRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(QuoteRow).order_by(QuoteRow.id)))

    def mid(self, currency: str, rate: str) -> None:
        """The mid rate is another one from now on."""
        reading = MidReading("feed", "feed", currency, Decimal(rate), self.clock())
        with self.database.writing() as session:
            rates.add_readings(session, "feed", [reading])


def play(
    database: Database, *, countries: tuple[str, ...] = ("MA",), slug: str = "one", **facts: Any
) -> Play:
    """A source called "one", one amount, and mid rates of an hour ago."""
    prepare(database, slug)
    currencies = {"MA": "MAD", "NG": "NGN", "TR": "TRY"}
    listed = [Reach(country, (currencies[country],), ReachState.OPEN) for country in countries]
    readings = [
        MidReading("feed", "feed", code, Decimal(rate), NOW - timedelta(hours=1))
        for code, rate in MIDS.items()
    ]
    with database.writing() as session:
        keep_reach(session, listed)
        rates.add_readings(session, "feed", readings)
    return Play(database, Teller(slug, **facts))
