"""Stamps: "this price is still correct", said by the provider's own staff on a date.

A stamp is of exactly the price that was shown, by its number and its amounts: another price, later,
has none. It makes no price look younger: its age stays what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, batched
from app.db.price_rows import BoardRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.domain.provider import ProviderStatus
from app.domain.quote import Price

REMIND_AFTER = timedelta(days=30)


class StampRow(Base):
    """at is aware UTC; the last stamp of a price is the one that counts."""

    __tablename__ = "price_stamp"
    __table_args__ = (Index("ix_price_stamp_service_id_rung_at", "service_id", "rung", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    rung: Mapped[Decimal]
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), index=True)
    paid: Mapped[Decimal]
    fee: Mapped[Decimal]
    rate: Mapped[Decimal]
    received: Mapped[Decimal]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


def stamp(session: Session, prices: Iterable[Price], by: int, now: datetime) -> int:
    """Confirm these prices, which stand on the board; how many. Whose they are is the caller's to
    check."""
    made = [
        StampRow(
            service_id=price.service_id,
            rung=price.rung,
            quote_id=price.id,
            paid=price.quote.paid.amount,
            fee=price.quote.fee.amount,
            rate=price.quote.rate,
            received=price.quote.received.amount,
            by=by,
            at=now,
        )
        for price in prices
        if price.id is not None
    ]
    session.add_all(made)
    session.flush()
    return len(made)


def stamps_of(session: Session, prices: Collection[Price]) -> dict[int, datetime]:
    """Number of each of these prices that its provider confirmed just as it is -> when, last."""
    known = {price.id: price for price in prices if price.id is not None}
    found: dict[int, datetime] = {}
    for some in batched(known):
        rows = session.scalars(
            select(StampRow).where(StampRow.quote_id.in_(some)).order_by(StampRow.at)
        )
        for row in rows:
            if _is_of(row, known[row.quote_id]):
                found[row.quote_id] = row.at
    return found


def _is_of(row: StampRow, price: Price) -> bool:
    quote = price.quote
    return (row.rung, row.paid, row.fee, row.rate, row.received) == (
        price.rung,
        quote.paid.amount,
        quote.fee.amount,
        quote.rate,
        quote.received.amount,
    )


@dataclass(frozen=True, slots=True)
class Due:
    """services: how many of a provider's services have a price that nobody stated, read or
    confirmed for REMIND_AFTER; since: the oldest of these."""

    provider: str
    services: int
    since: datetime


def due_for_stamp(session: Session, now: datetime) -> list[Due]:
    """Providers to be reminded, by slug: only prices that stand on the board count, and what
    others tell of a provider does not."""
    rows = session.execute(
        select(ProviderRow.slug, BoardRow)
        .join(ServiceRow, ServiceRow.id == BoardRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(
            ProviderRow.status == ProviderStatus.ACTIVE,
            BoardRow.via == "",
            BoardRow.observed_at < now - REMIND_AFTER,
        )
    ).all()
    last = _last_stamps(session, {row.quote_id for _slug, row in rows})
    found: dict[str, tuple[set[int], datetime]] = {}
    for slug, row in rows:
        since = max(row.observed_at, last.get((row.quote_id, row.rate, row.fee), row.observed_at))
        if since < now - REMIND_AFTER:
            services, oldest = found.get(slug, (set(), since))
            found[slug] = ({*services, row.service_id}, min(oldest, since))
    return [Due(slug, len(services), since) for slug, (services, since) in sorted(found.items())]


def _last_stamps(
    session: Session, quotes: Collection[int]
) -> dict[tuple[int, Decimal, Decimal], datetime]:
    found: dict[tuple[int, Decimal, Decimal], datetime] = {}
    for some in batched(quotes):
        rows = session.scalars(
            select(StampRow).where(StampRow.quote_id.in_(some)).order_by(StampRow.at)
        )
        found |= {(row.quote_id, row.rate, row.fee): row.at for row in rows}
    return found
