"""What the board covers: from where, to where, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, distinct, func, or_, select
from sqlalchemy.orm import Session

from app.db.corridors import CorridorRow, is_corridor
from app.db.held import HeldRow
from app.db.price_rows import BoardRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.domain.corridor import Corridor
from app.domain.provider import ProviderStatus
from app.domain.quote import Origin
from app.domain.told import GONE_AFTER


@dataclass(frozen=True, slots=True)
class Covered:
    """What is known of one corridor: how many services of how many firms have a price."""

    corridor: Corridor
    services: int
    firms: int


def covered(session: Session, send_country: str, now: datetime) -> list[Covered]:
    """Every corridor from a country with prices that are offered at `now` (aware UTC), most
    services first."""
    rows = session.execute(
        select(
            CorridorRow,
            func.count(distinct(BoardRow.service_id)),
            func.count(distinct(ServiceRow.provider_id)),
        )
        .join(ServiceRow, ServiceRow.corridor_id == CorridorRow.id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(
            CorridorRow.send_country == send_country,
            ProviderRow.status == ProviderStatus.ACTIVE,
            _offered(now),
        )
        .group_by(CorridorRow.id)
    )
    found = [Covered(row.corridor(), services, firms) for row, services, firms in rows]
    return sorted(found, key=lambda one: (-one.services, one.corridor))


def corridors_of(session: Session, source: str, send_country: str) -> list[Corridor]:
    """From one country, where a source has prices on the board; sorted."""
    rows = session.scalars(
        select(CorridorRow).where(
            CorridorRow.send_country == send_country,
            CorridorRow.id.in_(
                select(ServiceRow.corridor_id)
                .join(BoardRow, BoardRow.service_id == ServiceRow.id)
                .where(BoardRow.source == source)
            ),
        )
    )
    return sorted(row.corridor() for row in rows)


def send_countries(session: Session) -> list[str]:
    """Every country from which a price is known."""
    rows = session.scalars(
        select(CorridorRow.send_country)
        .join(ServiceRow, ServiceRow.corridor_id == CorridorRow.id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .distinct()
    )
    return sorted(rows)


def providers_from(session: Session, send_country: str) -> list[str]:
    """Slugs of the providers with a price from a country, whatever the corridor."""
    rows = session.scalars(
        select(ProviderRow.slug)
        .join(ServiceRow, ServiceRow.provider_id == ProviderRow.id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .where(CorridorRow.send_country == send_country)
        .distinct()
    )
    return sorted(rows)


def countries_by_provider(
    session: Session, send_country: str, now: datetime
) -> dict[str, set[str]]:
    """Slug of each provider with a price from a country that is offered at `now` (aware UTC) ->
    the countries to which it has one."""
    rows = session.execute(
        select(ProviderRow.slug, CorridorRow.receive_country)
        .join(ServiceRow, ServiceRow.provider_id == ProviderRow.id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .where(CorridorRow.send_country == send_country, _offered(now))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for slug, country in rows:
        found.setdefault(slug, set()).add(country)
    return found


def _offered(now: datetime) -> ColumnElement[bool]:
    """Whether a row of the board is no mere memory, as app.domain.told has it."""
    return or_(BoardRow.origin != Origin.LIVE, BoardRow.observed_at >= now - GONE_AFTER)


def held_on(session: Session, corridor: Corridor) -> dict[str, set[str]]:
    """Source -> slugs of the providers of whom it has a reading on this corridor that is held."""
    rows = session.execute(
        select(HeldRow.source, ProviderRow.slug)
        .join(ServiceRow, ServiceRow.id == HeldRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(*is_corridor(corridor), HeldRow.over_at.is_(None))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for source, slug in rows:
        found.setdefault(source, set()).add(slug)
    return found
