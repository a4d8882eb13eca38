"""What a provider says of itself, in the languages that it wrote it in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.providers import ProviderAliasRow, ProviderRow, plain_name

LONGEST_CONTACT = 200


@dataclass(frozen=True, slots=True)
class Profile:
    """descriptions: language -> text; contact: how customers reach the provider; "" if unknown."""

    name: str
    website: str
    contact: str = ""
    descriptions: Mapping[str, str] = field(default_factory=dict)


class ProfileRow(Base):
    """descriptions is a JSON object; `at` is when it was approved."""

    __tablename__ = "provider_profile"

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    contact: Mapped[str] = mapped_column(String(LONGEST_CONTACT))
    descriptions: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


def profile_of(session: Session, provider: str) -> Profile | None:
    """None if there is no such provider."""
    found = session.execute(
        select(ProviderRow, ProfileRow)
        .outerjoin(ProfileRow, ProfileRow.provider_id == ProviderRow.id)
        .where(ProviderRow.slug == provider)
    ).first()
    if found is None:
        return None
    row, own = found
    said = json.loads(own.descriptions) if own else {}
    return Profile(row.name, row.website or "", own.contact if own else "", said)


def keep_profile(session: Session, provider: str, profile: Profile, now: datetime) -> None:
    """Of a provider that is there. Its new name is one more that it goes by, unless another
    provider has it."""
    row = session.scalars(select(ProviderRow).where(ProviderRow.slug == provider)).one()
    session.execute(
        update(ProviderRow)
        .where(ProviderRow.id == row.id)
        .values(name=profile.name, website=profile.website or None)
    )
    own = session.get(ProfileRow, row.id)
    if own is None:
        own = ProfileRow(provider_id=row.id)
        session.add(own)
    own.contact = profile.contact
    own.descriptions = json.dumps(dict(profile.descriptions), ensure_ascii=False, sort_keys=True)
    own.at = now
    plain = plain_name(profile.name)
    if plain and session.get(ProviderAliasRow, plain) is None:
        session.add(ProviderAliasRow(name=plain, provider_id=row.id))
    session.flush()


def names_of_others(session: Session, provider: str) -> list[str]:
    """Every name that another provider goes by."""
    own = select(ProviderRow.name).where(ProviderRow.slug != provider)
    other = (
        select(ProviderAliasRow.name)
        .join(ProviderRow, ProviderRow.id == ProviderAliasRow.provider_id)
        .where(ProviderRow.slug != provider)
    )
    return [*session.scalars(own), *session.scalars(other)]
