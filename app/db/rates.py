"""Mid-rate readings: what each source said one euro was worth, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Index, String, func, insert, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.domain.midrate import MidReading


class MidReadingRow(Base):
    __tablename__ = "mid_reading"
    __table_args__ = (Index("ix_mid_reading_currency_observed_at", "currency", "observed_at"),)

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    observed_at: Mapped[datetime] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(40))
    rate: Mapped[Decimal]

    def reading(self) -> MidReading:
        return MidReading(self.source, self.authority, self.currency, self.rate, self.observed_at)


def add_readings(session: Session, source: str, readings: Iterable[MidReading]) -> int:
    """Keep the readings of one source that are new; how many were. None is ever changed."""
    known = {
        (currency, observed_at)
        for currency, observed_at in session.execute(
            select(MidReadingRow.currency, MidReadingRow.observed_at).where(
                MidReadingRow.source == source
            )
        )
    }
    new = [one for one in readings if (one.currency, one.observed_at) not in known]
    if new:
        session.execute(
            insert(MidReadingRow),
            [
                {
                    "source": one.source,
                    "currency": one.currency,
                    "observed_at": one.observed_at,
                    "authority": one.authority,
                    "rate": one.rate,
                }
                for one in new
            ],
        )
    return len(new)


def latest_readings(
    session: Session, currencies: Collection[str] | None = None
) -> list[MidReading]:
    """The newest reading of each source and currency, or of these currencies."""
    wanted = true() if currencies is None else MidReadingRow.currency.in_(currencies)
    newest = (
        select(
            MidReadingRow.source,
            MidReadingRow.currency,
            func.max(MidReadingRow.observed_at).label("observed_at"),
        )
        .where(wanted)
        .group_by(MidReadingRow.source, MidReadingRow.currency)
        .subquery()
    )
    rows = session.scalars(
        select(MidReadingRow).join(
            newest,
            (MidReadingRow.source == newest.c.source)
            & (MidReadingRow.currency == newest.c.currency)
            & (MidReadingRow.observed_at == newest.c.observed_at),
        )
    )
    return [row.reading() for row in rows]


def newest_reading_at(session: Session, now: datetime) -> datetime | None:
    """When the newest of all was observed; None without any. What lies more than a day ahead was
    written while a clock was wrong."""
    wanted = select(func.max(MidReadingRow.observed_at))
    return session.scalar(wanted.where(MidReadingRow.observed_at <= now + timedelta(days=1)))


def readings_between(
    session: Session, currencies: Collection[str], since: datetime, until: datetime
) -> list[MidReading]:
    """Every reading of some currencies from `since` (aware UTC) until just before `until`."""
    rows = session.scalars(
        select(MidReadingRow).where(
            MidReadingRow.currency.in_(currencies),
            MidReadingRow.observed_at >= since,
            MidReadingRow.observed_at < until,
        )
    )
    return [row.reading() for row in rows]
