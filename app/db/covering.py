"""What is covered from one country, over all corridors at once: a few questions for the ledger of
all of them, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from app.db.asked import AskedRow
from app.db.corridors import CorridorRow
from app.db.held import HeldRow
from app.db.price_rows import BoardRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.db.sources import SourceRow
from app.domain.corridor import Corridor
from app.domain.provider import ProviderStatus
from app.domain.quote import Age, Observed, Origin
from app.domain.told import GONE_AFTER

POINTS = (Decimal(140), Decimal(345))
"""About 200 and 500 US dollars in euros, as the World Bank asks them in the Netherlands."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest price that one source has of one firm on a corridor. `via` is "" for the firm's
    own."""

    corridor: Corridor
    provider: str
    source: str
    origin: Origin
    via: str
    observed: Observed
    fresh_for: timedelta

    def age(self, now: datetime) -> Age:
        return self.observed.age(self.origin, now, self.fresh_for)


def newest_prices(session: Session, send_country: str, now: datetime) -> list[Newest]:
    """Of firms that are active; prices that are only a memory at `now` (aware UTC) left out."""
    what = (
        *(ProviderRow.slug, BoardRow.source, BoardRow.origin),
        *(BoardRow.via, BoardRow.precision, BoardRow.fresh_minutes),
    )
    rows = session.execute(
        select(CorridorRow, *what, func.max(BoardRow.observed_at).label("at"))
        .join(ServiceRow, ServiceRow.corridor_id == CorridorRow.id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(*_offered(send_country, now))
        .group_by(CorridorRow.id, *what)
    )
    return [
        Newest(
            corridor=row.CorridorRow.corridor(),
            provider=row.slug,
            source=row.source,
            origin=row.origin,
            via=row.via,
            observed=Observed(row.at, row.precision),
            fresh_for=timedelta(minutes=row.fresh_minutes),
        )
        for row in rows
    ]


def _offered(send_country: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The clauses that pick what is offered from a country, as app.domain.told has it."""
    return (
        CorridorRow.send_country == send_country,
        ProviderRow.status == ProviderStatus.ACTIVE,
        or_(BoardRow.origin != Origin.LIVE, BoardRow.observed_at >= now - GONE_AFTER),
    )


def asked_from(session: Session, send_country: str) -> dict[Corridor, dict[str, datetime | None]]:
    """By corridor, each source that is on and was asked -> when it last gave a price there, None
    if it never did."""
    rows = session.execute(
        select(CorridorRow, AskedRow.source, func.max(AskedRow.answered_at))
        .join(AskedRow, AskedRow.corridor_id == CorridorRow.id)
        .join(SourceRow, SourceRow.slug == AskedRow.source)
        .where(CorridorRow.send_country == send_country, SourceRow.is_on)
        .group_by(CorridorRow.id, AskedRow.source)
    )
    found: dict[Corridor, dict[str, datetime | None]] = {}
    for row, source, answered_at in rows:
        found.setdefault(row.corridor(), {})[source] = answered_at
    return found


def held_from(session: Session, send_country: str) -> dict[Corridor, set[str]]:
    """By corridor, slugs of the firms of whom a reading is held there."""
    rows = session.execute(
        select(CorridorRow, ProviderRow.slug)
        .join(ServiceRow, ServiceRow.corridor_id == CorridorRow.id)
        .join(HeldRow, HeldRow.service_id == ServiceRow.id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(CorridorRow.send_country == send_country, HeldRow.over_at.is_(None))
        .group_by(CorridorRow.id, ProviderRow.slug)
    )
    found: dict[Corridor, set[str]] = {}
    for row, slug in rows:
        found.setdefault(row.corridor(), set()).add(slug)
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """How much is known of the ways with a price: of how many in all, and of how many corridors
    there is a price at both of POINTS."""

    corridors: int
    both_points: int
    ways: int
    with_speed: int
    with_methods: int


def known_from(session: Session, send_country: str, now: datetime) -> Known:
    """Of the prices that are offered at `now` (aware UTC)."""
    lower, upper = (func.max(case((BoardRow.rung == point, 1), else_=0)) for point in POINTS)
    rows = session.execute(
        select(
            ServiceRow.corridor_id,
            func.max(case((BoardRow.speed.is_not(None), 1), else_=0)),
            func.max(case((ServiceRow.payment_instruments != (), 1), else_=0)),
            func.max(case((ServiceRow.pickup_methods != (), 1), else_=0)),
            lower,
            upper,
        )
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(*_offered(send_country, now))
        .group_by(ServiceRow.id, ServiceRow.corridor_id)
    ).all()
    at_lower = {corridor for corridor, *_rest, low, _high in rows if low}
    at_upper = {corridor for corridor, *_rest, high in rows if high}
    return Known(
        corridors=len({row[0] for row in rows}),
        both_points=len(at_lower & at_upper),
        ways=len(rows),
        with_speed=sum(speed for _corridor, speed, *_rest in rows),
        with_methods=sum(pays and paid_out for _c, _s, pays, paid_out, *_rest in rows),
    )
