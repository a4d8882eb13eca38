"""Licences: what a register said of each provider, and when it was asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.providers import ProviderRow

LONGEST_HOLDER = 300
"""Signs; what a register writes beyond them is cut."""


class LicenceRow(Base):
    """The newest check of one entity code of one provider. `result` is found, not_found,
    withdrawn or another_name; countries are those where it may remit money, with spaces."""

    __tablename__ = "licence"

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    register: Mapped[str] = mapped_column(String(40))
    result: Mapped[str] = mapped_column(String(20))
    holder: Mapped[str] = mapped_column(String(LONGEST_HOLDER))
    country: Mapped[str] = mapped_column(String(2))
    countries: Mapped[str] = mapped_column(String(LONGEST_HOLDER))
    authorised_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    checked_at: Mapped[datetime]


def licences_of(session: Session, slug: str) -> list[LicenceRow]:
    return list(
        session.scalars(
            select(LicenceRow)
            .join(ProviderRow, ProviderRow.id == LicenceRow.provider_id)
            .where(ProviderRow.slug == slug)
            .order_by(LicenceRow.code)
        )
    )


def all_licences(session: Session) -> dict[str, list[LicenceRow]]:
    """By provider's slug."""
    found: dict[str, list[LicenceRow]] = {}
    rows = session.execute(
        select(LicenceRow, ProviderRow.slug)
        .join(ProviderRow, ProviderRow.id == LicenceRow.provider_id)
        .order_by(LicenceRow.code)
    )
    for row, slug in rows:
        found.setdefault(slug, []).append(row)
    return found


def note_licence(session: Session, row: LicenceRow) -> None:
    """Keep what a register says now in the place of what it said before."""
    session.merge(row)
    session.flush()


def drop_others(session: Session, provider_id: int, register: str, codes: Collection[str]) -> None:
    """Forget what a register said of a provider under codes that are no longer its own."""
    ours = (LicenceRow.provider_id == provider_id, LicenceRow.register == register)
    session.execute(delete(LicenceRow).where(*ours, LicenceRow.code.not_in(codes)))
