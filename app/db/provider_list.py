"""Every firm as the desk lists them: names, services and sources beside what is known of each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import providers
from app.db.price_rows import BoardRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.domain.provider import Provider
from app.domain.spoofing import alike


@dataclass(frozen=True, slots=True)
class Listed:
    """names: those it goes by beside its own; on_board: services with a price now; sources: of
    those prices; alike: slugs of firms with a name that could be taken for one of its own."""

    provider: Provider
    names: tuple[str, ...]
    services: int
    on_board: int
    sources: tuple[str, ...]
    alike: tuple[str, ...]


def listed(session: Session) -> list[Listed]:
    """By slug. A few questions, however many firms there are."""
    names = providers.names_by_slug(session)
    own = {slug: [some[0], *_others(some)] for slug, some in names.items()}
    services, priced = _services(session)
    like = alike(own)
    told = _sources(session)
    return [
        Listed(
            provider=one,
            names=tuple(_others(names[slug])),
            services=services.get(slug, 0),
            on_board=priced.get(slug, 0),
            sources=tuple(sorted(told.get(slug, ()))),
            alike=tuple(sorted(like.get(slug, ()))),
        )
        for slug, one in providers.all_providers(session).items()
    ]


def _others(names: list[str]) -> list[str]:
    """Without the plain form of the firm's own name."""
    return [name for name in names[1:] if name != providers.plain_name(names[0])]


def _services(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """How many each has, and how many of them have a price now."""
    rows = session.execute(
        select(
            ProviderRow.slug,
            func.count(func.distinct(ServiceRow.id)),
            func.count(func.distinct(BoardRow.service_id)),
        )
        .join(ServiceRow, ServiceRow.provider_id == ProviderRow.id)
        .outerjoin(BoardRow, BoardRow.service_id == ServiceRow.id)
        .group_by(ProviderRow.slug)
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def _sources(session: Session) -> dict[str, set[str]]:
    rows = session.execute(
        select(ProviderRow.slug, BoardRow.source)
        .join(ServiceRow, ServiceRow.provider_id == ProviderRow.id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for slug, source in rows:
        found.setdefault(slug, set()).add(source)
    return found
