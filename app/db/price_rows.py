"""How a price is kept: the rows of the board and of the history, and the price in each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db.base import Base, UtcDateTime, Words, word
from app.domain.corridor import Corridor
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.foreign import tidy
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.quote import Derived, Observed, Origin, Precision, Price, Promotion, Quote
from app.domain.service import Coverage, Service, Speed

LONGEST_TERMS = 500
"""Signs of what a source says of a promotion; what is beyond them is cut."""


class PriceColumns:
    """What the board and the history both keep of a price."""

    rung: Mapped[Decimal]
    paid: Mapped[Decimal]
    fee: Mapped[Decimal]
    received: Mapped[Decimal]
    rate: Mapped[Decimal]
    slack: Mapped[Decimal]
    derived: Mapped[tuple[Derived, ...]] = mapped_column(Words(Derived))
    promotion_rate: Mapped[Decimal | None]
    promotion_fee: Mapped[Decimal | None]
    promotion_received: Mapped[Decimal | None]
    promotion_terms: Mapped[str | None] = mapped_column(String(LONGEST_TERMS))
    speed: Mapped[Speed | None] = mapped_column(word(Speed))
    coverage: Mapped[Coverage | None] = mapped_column(word(Coverage))
    source: Mapped[str] = mapped_column(String(40))
    origin: Mapped[Origin] = mapped_column(word(Origin))
    observed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    precision: Mapped[Precision] = mapped_column(word(Precision))
    mid_rate: Mapped[Decimal]
    mid_sources: Mapped[str] = mapped_column(String(200))
    mid_observed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    via: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    fresh_minutes: Mapped[int] = mapped_column(default=20, server_default="20")
    schedule: Mapped[str | None] = mapped_column(Text)

    @declared_attr
    def evidence(self) -> Mapped[str]:
        return mapped_column(ForeignKey("evidence.sha256"))


class QuoteRow(PriceColumns, Base):
    """One stretch of history: from `observed_at` to `last_seen` nothing material changed.

    `ended_at` is set when the service was found to be no longer offered.
    """

    __tablename__ = "quote"
    __table_args__ = (
        Index(
            "ix_quote_service_id_rung_last_seen_observed_at",
            *("service_id", "rung", "last_seen", "observed_at"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    last_seen: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BoardRow(PriceColumns, Base):
    """The newest price of a service at one rung, and the stretch of history it belongs to."""

    __tablename__ = "board"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    rung: Mapped[Decimal] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), index=True)


def columns_of(price: Price) -> dict[str, Any]:
    quote, promotion = price.quote, price.quote.promotion
    return {
        "rung": price.rung,
        "paid": quote.paid.amount,
        "fee": quote.fee.amount,
        "received": quote.received.amount,
        "rate": quote.rate,
        "slack": quote.slack,
        "derived": tuple(one for one in Derived if one in quote.derived),
        "promotion_rate": promotion.rate if promotion else None,
        "promotion_fee": promotion.fee.amount if promotion else None,
        "promotion_received": promotion.received.amount if promotion else None,
        "promotion_terms": tidy(promotion.terms, LONGEST_TERMS) if promotion else None,
        "speed": quote.service.speed,
        "coverage": quote.service.coverage,
        "source": price.source,
        "origin": price.origin,
        "observed_at": price.observed.at,
        "precision": price.observed.precision,
        "mid_rate": price.mid.rate,
        "mid_sources": ",".join(price.mid.sources),
        "mid_observed_at": price.mid.observed_at,
        "evidence": price.evidence,
        "via": price.via,
        "fresh_minutes": int(price.fresh_for.total_seconds()) // 60,
        "schedule": schedule_text(quote.schedule) if quote.schedule else None,
    }


def price_of(row: QuoteRow | BoardRow, quote_id: int, last_seen: datetime, known: Service) -> Price:
    """The domain's price. Reading a row makes the quote anew, so a broken one cannot be shown."""
    corridor = known.corridor
    service = replace(known, speed=row.speed, coverage=row.coverage)
    return Price(
        quote=Quote(
            service=service,
            paid=Money(row.paid, corridor.send_currency),
            fee=Money(row.fee, corridor.send_currency),
            received=Money(row.received, corridor.receive_currency),
            rate=row.rate,
            derived=frozenset(row.derived),
            slack=row.slack,
            promotion=_promotion(row, corridor),
            schedule=schedule_of(row.schedule) if row.schedule else None,
        ),
        source=row.source,
        origin=row.origin,
        observed=Observed(row.observed_at, row.precision),
        mid=MidRate(row.mid_rate, tuple(row.mid_sources.split(",")), row.mid_observed_at),
        evidence=row.evidence,
        rung=row.rung,
        id=quote_id,
        service_id=row.service_id,
        last_seen=last_seen,
        via=row.via,
        fresh_for=timedelta(minutes=row.fresh_minutes),
    )


def _promotion(row: PriceColumns, corridor: Corridor) -> Promotion | None:
    rate, fee, received = row.promotion_rate, row.promotion_fee, row.promotion_received
    if rate is None or fee is None or received is None:
        return None
    return Promotion(
        rate=rate,
        fee=Money(fee, corridor.send_currency),
        received=Money(received, corridor.receive_currency),
        terms=row.promotion_terms or "",
    )


def schedule_text(schedule: FeeSchedule) -> str:
    """A fee schedule as JSON, its numbers as texts: exact on any database."""
    tiers = [
        [_text(part) for part in (tier.starts_at, tier.fixed, tier.percent)]
        + [_text(tier.minimum), _text(tier.maximum)]
        for tier in schedule.tiers
    ]
    return json.dumps([str(schedule.lowest), str(schedule.highest), tiers])


def schedule_of(written: str) -> FeeSchedule:
    lowest, highest, tiers = json.loads(written)
    made = [
        FeeTier(Decimal(start), Decimal(fixed), Decimal(percent), _number(least), _number(most))
        for start, fixed, percent, least, most in tiers
    ]
    return FeeSchedule(tuple(made), Decimal(lowest), Decimal(highest))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
