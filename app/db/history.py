"""History: questions to the rows of every material change, each bounded in days and by an index.

Of the changes of one day only the last is read: a price may move many times between two midnights,
and a chart has one place for each day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.corridors import CorridorRow, is_corridor
from app.db.price_rows import QuoteRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.domain.corridor import Corridor
from app.domain.history import Stretch
from app.domain.money import Money
from app.domain.provider import ProviderStatus
from app.domain.quote import Cost, Origin

MOST_DAYS = 400
"""How far back any question goes."""


def corridor_stretches(
    session: Session, corridor: Corridor, rung: Decimal, days: int, now: datetime
) -> list[Stretch]:
    """What was seen of a corridor's services at one asked amount in the last `days` days before
    `now` (aware UTC), in no order. Firms without a licence are left out, as in every list."""
    return _stretches(session, rung, days, now, *is_corridor(corridor), *_offered())


def service_stretches(
    session: Session, service_id: int, rung: Decimal, days: int, now: datetime
) -> list[Stretch]:
    """The same of one service, whatever became of its firm."""
    return _stretches(session, rung, days, now, QuoteRow.service_id == service_id)


def measured_since(session: Session, corridor: Corridor, rung: Decimal) -> datetime | None:
    """When the first live price of a corridor was read at this amount (aware UTC)."""
    return session.scalar(
        select(func.min(QuoteRow.observed_at))
        .join(ServiceRow, ServiceRow.id == QuoteRow.service_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(
            *is_corridor(corridor),
            *_offered(),
            QuoteRow.rung == rung,
            QuoteRow.origin == Origin.LIVE,
        )
    )


def _offered() -> tuple[ColumnElement[bool], ...]:
    return (ProviderRow.status != ProviderStatus.UNLICENSED,)


def _stretches(
    session: Session, rung: Decimal, days: int, now: datetime, *which: ColumnElement[bool]
) -> list[Stretch]:
    since = now - timedelta(days=min(days, MOST_DAYS))
    last_of_day = func.row_number().over(
        partition_by=(QuoteRow.service_id, _day(session, QuoteRow.observed_at)),
        order_by=(QuoteRow.observed_at.desc(), QuoteRow.id.desc()),
    )
    seen = (
        select(QuoteRow.id, last_of_day.label("place"))
        .join(ServiceRow, ServiceRow.id == QuoteRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(*which, QuoteRow.rung == rung, QuoteRow.last_seen >= since)
        .subquery()
    )
    rows = session.execute(
        select(*_COLUMNS)
        .join(seen, seen.c.id == QuoteRow.id)
        .join(ServiceRow, ServiceRow.id == QuoteRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(seen.c.place == 1)
    )
    return [_stretch(row) for row in rows]


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    QuoteRow.service_id,
    QuoteRow.source,
    QuoteRow.via,
    QuoteRow.origin,
    QuoteRow.observed_at,
    QuoteRow.last_seen,
    QuoteRow.ended_at,
    QuoteRow.paid,
    QuoteRow.fee,
    QuoteRow.received,
    QuoteRow.mid_rate,
    ProviderRow.slug,
    CorridorRow.send_currency,
    CorridorRow.receive_currency,
)


def _day(session: Session, column: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    """The day of a time, in UTC, whatever the time zone of the database's server is."""
    if session.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("UTC", column))
    return func.date(column)


def _stretch(row: Any) -> Stretch:
    return Stretch(
        service_id=row.service_id,
        provider=row.slug,
        source=row.source,
        via=row.via,
        origin=row.origin,
        since=row.observed_at,
        until=row.last_seen,
        cost=Cost(
            paid=Money(row.paid, row.send_currency),
            fee=Money(row.fee, row.send_currency),
            received=Money(row.received, row.receive_currency),
            mid=row.mid_rate,
        ),
        ended=row.ended_at is not None,
    )
