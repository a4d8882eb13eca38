"""Providers, and the names that sources know them by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, String, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.domain.provider import Licence, Provider, ProviderKind, ProviderStatus

LONGEST_NAME = 200
"""Signs; what a source writes beyond them is cut."""


class ProviderRow(Base):
    """status_decided_at: when an operator last decided its status (aware UTC); the file that ships
    does not change it after that. None if no operator ever did."""

    __tablename__ = "provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[ProviderKind] = mapped_column(word(ProviderKind))
    status: Mapped[ProviderStatus] = mapped_column(word(ProviderStatus))
    licence: Mapped[Licence] = mapped_column(word(Licence))
    website: Mapped[str | None] = mapped_column(String(200))
    status_decided_at: Mapped[datetime | None]

    def provider(self) -> Provider:
        return Provider(self.slug, self.name, self.kind, self.status, self.licence, self.website)


class ProviderAliasRow(Base):
    """A name as a source writes it, in the plain form of `plain_name`."""

    __tablename__ = "provider_alias"

    name: Mapped[str] = mapped_column(String(LONGEST_NAME), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)


def plain_name(name: str) -> str:
    """A firm's name without what varies between spellings: case, dots, commas, spaces."""
    kept = "".join(sign if sign.isalnum() else " " for sign in name.casefold())
    return " ".join(kept.split())[:LONGEST_NAME]


def slug_of(name: str) -> str:
    """A slug for a name that is new to us: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", plain_name(name))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return "-".join(ascii_only.split())[:72] or "provider"


def all_providers(session: Session) -> dict[str, Provider]:
    """By slug."""
    rows = session.scalars(select(ProviderRow).order_by(ProviderRow.slug))
    return {row.slug: row.provider() for row in rows}


def ids_by_slug(session: Session, slugs: set[str] | None = None) -> dict[str, int]:
    """Of these providers, or of all."""
    wanted = ProviderRow.slug.in_(slugs) if slugs is not None else true()
    rows = session.execute(select(ProviderRow.slug, ProviderRow.id).where(wanted))
    return {row.slug: row.id for row in rows}


def names_by_slug(session: Session) -> dict[str, list[str]]:
    """Every name that each provider goes by: its own first, then those in their plain form."""
    own = {row.id: row for row in session.scalars(select(ProviderRow).order_by(ProviderRow.slug))}
    found = {row.slug: [row.name] for row in own.values()}
    for alias in session.scalars(select(ProviderAliasRow).order_by(ProviderAliasRow.name)):
        found[own[alias.provider_id].slug].append(alias.name)
    return found


def slug_now(session: Session, slug: str) -> str | None:
    """Of the firm that had this slug before it was found to be the same as another; or None."""
    if slug != slug_of(slug):
        return None  # no slug of ours was ever written so
    return session.scalar(
        select(ProviderRow.slug)
        .join(ProviderAliasRow, ProviderAliasRow.provider_id == ProviderRow.id)
        .where(ProviderAliasRow.name == plain_name(slug))
    )


def ids_by_name(session: Session) -> dict[str, int]:
    """By every name a provider goes by, in its plain form."""
    return {row.name: row.provider_id for row in session.scalars(select(ProviderAliasRow))}


def add_provider(session: Session, provider: Provider, names: list[str]) -> int:
    """Add a provider that is not there yet, with the names it goes by. Its id."""
    row = ProviderRow(
        slug=provider.slug,
        name=provider.name,
        kind=provider.kind,
        status=provider.status,
        licence=provider.licence,
        website=provider.website,
    )
    session.add(row)
    session.flush()
    add_names(session, row.id, {plain_name(name) for name in (provider.name, *names)})
    return row.id


def add_names(session: Session, provider_id: int, plain_names: Iterable[str]) -> None:
    """More names that a provider goes by, in their plain form; nobody may have them yet."""
    for name in sorted(plain_names):
        session.add(ProviderAliasRow(name=name, provider_id=provider_id))
    session.flush()


def set_status(session: Session, provider_id: int, status: ProviderStatus) -> None:
    """Of a provider that is there, as a file says it: an operator's word goes before that."""
    row = session.get_one(ProviderRow, provider_id)
    if row.status_decided_at is None:
        row.status = status
        session.flush()


def decide_status(
    session: Session, provider_id: int, status: ProviderStatus, now: datetime
) -> None:
    """As an operator says it."""
    row = session.get_one(ProviderRow, provider_id)
    row.status, row.status_decided_at = status, now
    session.flush()


def set_licence(session: Session, provider_id: int, licence: Licence) -> None:
    session.get_one(ProviderRow, provider_id).licence = licence
    session.flush()


class ProviderNames:
    """Finds the provider behind a name; a name that nobody knows becomes a new provider."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids = ids_by_name(session)
        self._slugs = set(ids_by_slug(session))
        self._said: dict[str, str] = {}

    def id_of(self, name: str, kind: ProviderKind) -> int:
        plain = plain_name(name)
        if plain not in self._ids:
            provider = Provider(self._free_slug(name), name[:LONGEST_NAME], kind)
            self._ids[plain] = add_provider(self._session, provider, [])
            self._slugs.add(provider.slug)
        return self._ids[plain]

    def slug_of(self, said: str, name: str = "", kind: ProviderKind = ProviderKind.MTO) -> str:
        """Of the provider that a source calls `said`; one that is new is added under `name`."""
        if said in self._slugs:
            return said
        if said not in self._said:
            number = self._ids.get(plain_name(said)) or self.id_of(name or said, kind)
            self._ids.setdefault(plain_name(said), number)
            slugs = {one: slug for slug, one in ids_by_slug(self._session).items()}
            self._said[said] = slugs[number]
        return self._said[said]

    def _free_slug(self, name: str) -> str:
        base = slug = slug_of(name)
        number = 2
        while slug in self._slugs:
            slug = f"{base}-{number}"
            number += 1
        return slug
