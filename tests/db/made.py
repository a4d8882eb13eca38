"""Prices made up for tests: coherent, of firms called alpha and beta, from NL to MA."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import prices
from app.db.corridors import CorridorRow, is_corridor
from app.db.engine import Database
from app.db.evidence import Evidence, add_evidence
from app.db.price_rows import QuoteRow
from app.db.providers import add_provider
from app.domain.corridor import Corridor
from app.domain.midrate import MidRate
from app.domain.money import EXACT, Money
from app.domain.provider import Provider, ProviderKind
from app.domain.quote import Observed, Origin, Price, Quote
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service, Speed

NL_MA = Corridor("NL", "EUR", "MA", "MAD")
NL_SR = Corridor("NL", "EUR", "SR", "SRD")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MID = MidRate(Decimal("10.9"), ("fawazahmed0", "ecb_history"), NOON)
PROOF = Evidence("wise", "a reply", "application/json", b'{"fee": 3.10}', NOON)
SERVICE = Service(
    "alpha",
    NL_MA,
    (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
    (AccessPoint.INTERNET, AccessPoint.MOBILE_APP),
    (PickupMethod.CASH,),
    speed=Speed.NEXT_DAY,
)


def stock(database: Database) -> None:
    """What a price refers to: its firm and its evidence."""
    with database.writing() as session:
        for slug in ("alpha", "beta"):
            add_provider(session, Provider(slug, slug.title(), ProviderKind.MTO), [])
        add_evidence(session, [PROOF])


def price(
    service: Service = SERVICE,
    *,
    fee: str = "3.10",
    margin: str = "0.0100",
    rung: str = "200",
    at: datetime = NOON,
    mid: MidRate = MID,
    **other: Any,
) -> Price:
    """The price of sending `rung` with the fee on top; `margin` is a share of the mid rate."""
    corridor = service.corridor
    sent = Decimal(rung)
    rate = EXACT.multiply(mid.rate, 1 - Decimal(margin))
    quote = Quote(
        service=service,
        paid=Money(sent + Decimal(fee), corridor.send_currency),
        fee=Money(Decimal(fee), corridor.send_currency),
        received=Money(EXACT.multiply(sent, rate), corridor.receive_currency).floor(),
        rate=rate,
    )
    made = Price(
        quote=quote,
        source="wise",
        origin=Origin.LIVE,
        observed=Observed(at),
        mid=mid,
        evidence=PROOF.sha256,
        rung=sent,
    )
    return replace(made, **other)


def save(database: Database, *made: Price, corridor: Corridor = NL_MA) -> bool:
    with database.writing() as session:
        return prices.save(session, corridor, list(made), max(one.observed.at for one in made))


def on_board(database: Database, corridor: Corridor = NL_MA) -> list[Price]:
    """Every price on the board, by service and rung."""
    with database.reading() as session:
        ladders = prices.board(session, corridor)
    rungs = [rung for ladder in ladders for rung in ladder.rungs]
    return sorted(rungs, key=lambda one: (one.service_id, one.rung))


def history(session: Session) -> list[QuoteRow]:
    return list(session.scalars(select(QuoteRow).order_by(QuoteRow.id)))


def stretches(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(QuoteRow)) or 0


def version(database: Database, corridor: Corridor = NL_MA) -> int:
    """Of the corridor's board; 0 if there is no such corridor."""
    wanted = select(CorridorRow.board_version).where(*is_corridor(corridor))
    with database.reading() as session:
        return session.scalar(wanted) or 0
